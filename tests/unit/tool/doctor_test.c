/*
 * dasi doctor: what the facts of a branch mean.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "prog/tool/doctor.h"
#include "rpc/rpc.h"

static const char healthy[] =
    "{'now':1795330800,'version':'0.1.0','practice':false,'from':'agent',"
    "'config':{'path':'/etc/dasi/dasi.conf','fault':''},"
    "'files':[{'path':'/etc/dasi/dasi.conf','there':true,'mode':'0644',"
    "  'owner':'root','secret':false},"
    " {'path':'/k/ra.key','there':true,'mode':'0400','owner':'dasi-agent',"
    "  'secret':true},{'path':'/k/other','there':null,'secret':true}],"
    "'device_key':{'path':'/k/device.key','there':true,'mode':'0600',"
    "  'size':32,'owner':'dasi-agent','mine':true},"
    "'agent':{'version':'0.1.0','uptime_s':100,'watchdog_s':20},"
    "'store':{'integrity':'ok','schema':3,'newest':3,'low':false,"
    "  'broken':false},"
    "'folder':{'path':'/var/lib/dasi','free_mb':9000,'ballast':true},"
    "'audit':{'rows':300,'signed':256,'signed_at':1795330700,"
    "  'newest_at':1795330790},"
    "'ship':{'configured':true,'queued':4,'oldest_s':10,"
    "  'ack_at':1795330790,'trouble':''},"
    "'office':{'path':'/c/seal.der','expires_at':1826866800,'days_left':365,"
    "  'fault':''},"
    "'peers':{'net':true,'ca':true,'registry':true,'media':true,"
    "'print':'ok','pay':'ok'},"
    "'handoff':{'placement':'relay','path':'/h/c.pem',"
    "  'expires_at':1826866800,'days_left':365,'fault':'','key':'match',"
    "  'relay':'r:9443','relay_fault':''},"
    "'ntp':true,'terminal':{'locale':'ko_KR.UTF-8','codeset':'UTF-8'},"
    "'cases':{'open':2,'ended':7,'states':{'HELD':1,'PAID':1}},"
    "'intents':{'open':1,'oldest_at':1795330795,'effect':'cmp.ir',"
    "  'case_no':'R-20261122-0001'},"
    "'holds':{'pending':1,'oldest_at':1795330795},"
    "'spool':{'waiting':1,'oldest_at':1795330795,'leftover':0}}";

static json_t *
parse(const char *text)
{
	char room[4096];
	json_t *v;

	cr_assert(str_copy(room, sizeof room, text));
	for (char *p = room; *p != '\0'; p++)
		*p = *p == '\'' ? '"' : *p;
	v = json_loads(room, JSON_DECODE_ANY, NULL);
	cr_assert(v != NULL, "%s", text);
	return v;
}

static struct finding all[DOCTOR_CHECKS];

static const struct finding *
found(const char *name)
{
	for (int i = 0; i < DOCTOR_CHECKS; i++)
		if (strcmp(all[i].name, name) == 0)
			return &all[i];
	cr_assert_fail("no check %s", name);
	return NULL;
}

Test(doctor, finds_nothing_wrong_with_a_healthy_branch)
{
	json_t *facts = parse(healthy);

	doctor_judge(all, facts, false);
	for (int i = 0; i < DOCTOR_CHECKS; i++)
		cr_expect_eq((int)all[i].verdict, VERDICT_OK, "%s: %s",
		    all[i].name, words_key(all[i].word));
	json_decref(facts);
}

/* One change to the healthy branch, and what becomes of one check. */
static const struct {
	const char *member, *value, *check;
	enum verdict verdict;
	enum word word;
} changes[] = {
	/* clang-format off */
	{ "config", "{'path':'c','fault':'c:3: what; expected'}", "config",
	    VERDICT_FAIL, W_CONFIG_BAD },
	{ "files", "[{'path':'a','there':false}]", "files", VERDICT_FAIL,
	    W_FILE_ABSENT },
	{ "files", "[{'path':'a','there':true,'mode':'0664'}]", "files",
	    VERDICT_FAIL, W_FILE_OPEN },
	{ "files", "[{'path':'a','there':true,'mode':'0602'}]", "files",
	    VERDICT_FAIL, W_FILE_OPEN },
	{ "files", "[{'path':'a','there':true,'mode':'0640','secret':true}]",
	    "files", VERDICT_FAIL, W_FILE_SECRET },
	{ "files", "[{'path':'a','there':true,'mode':'0644'}]", "files",
	    VERDICT_OK, W_FILES_GOOD },
	{ "files", "[{'path':'a','there':null}]", "files", VERDICT_SKIP,
	    W_UNKNOWN },
	{ "device_key", "{'path':'k','there':false}", "device_key",
	    VERDICT_FAIL, W_KEY_ABSENT },
	{ "device_key", "{'path':'k','there':null}", "device_key",
	    VERDICT_SKIP, W_UNKNOWN },
	{ "device_key", "{'there':true,'mode':'0640','mine':true,'size':32}",
	    "device_key", VERDICT_FAIL, W_KEY_MODE },
	{ "device_key", "{'there':true,'mode':'0601','mine':true,'size':32}",
	    "device_key", VERDICT_FAIL, W_KEY_MODE },
	{ "device_key", "{'there':true,'mode':'0400','mine':true,'size':32}",
	    "device_key", VERDICT_OK, W_KEY_GOOD },
	{ "device_key", "{'there':true,'mode':'0600','mine':false,'size':32}",
	    "device_key", VERDICT_FAIL, W_KEY_OWNER },
	{ "device_key", "{'there':true,'mode':'0600','mine':true,'size':31}",
	    "device_key", VERDICT_FAIL, W_KEY_SIZE },
	{ "agent", "{'version':'0.0.9','watchdog_s':20}", "agent",
	    VERDICT_WARN, W_AGENT_OTHER },
	{ "agent", "{'version':'0.1.0','watchdog_s':null}", "watchdog",
	    VERDICT_WARN, W_WATCHDOG_NONE },
	{ "agent", "null", "watchdog", VERDICT_SKIP, W_UNKNOWN },
	{ "agent", "null", "agent", VERDICT_SKIP, W_UNKNOWN },
	{ "store", "null", "database", VERDICT_SKIP, W_UNKNOWN },
	{ "store", "{'path':'d','fault':'not_found'}", "database",
	    VERDICT_FAIL, W_DATABASE_NONE },
	{ "store", "{'path':'d','fault':'corrupt'}", "database", VERDICT_FAIL,
	    W_DATABASE_BAD },
	{ "store", "{'path':'d','fault':'system'}", "database", VERDICT_SKIP,
	    W_UNKNOWN },
	{ "store", "{'schema':3,'newest':3,'integrity':'row 3 missing'}",
	    "database", VERDICT_FAIL, W_DATABASE_BAD },
	{ "store", "{'schema':9,'newest':3,'integrity':'ok'}", "database",
	    VERDICT_FAIL, W_DATABASE_NEWER },
	{ "store", "{'schema':2,'newest':3,'integrity':'ok'}", "database",
	    VERDICT_OK, W_DATABASE_GOOD },
	{ "store", "{'integrity':'ok','broken':true}", "database",
	    VERDICT_FAIL, W_DATABASE_BROKEN },
	{ "store", "{'integrity':'ok','low':true}", "disk", VERDICT_FAIL,
	    W_DISK_LOW },
	{ "folder", "{'path':'d','free_mb':9000,'ballast':false}", "disk",
	    VERDICT_FAIL, W_DISK_LOW },
	{ "folder", "{'path':'d','free_mb':63,'ballast':true}", "disk",
	    VERDICT_FAIL, W_DISK_LOW },
	{ "folder", "{'path':'d','free_mb':64,'ballast':true}", "disk",
	    VERDICT_WARN, W_DISK_LITTLE },
	{ "folder", "{'path':'d','free_mb':512,'ballast':true}", "disk",
	    VERDICT_OK, W_DISK_GOOD },
	{ "folder", "{'path':'d','free_mb':512,'ballast':null}", "disk",
	    VERDICT_OK, W_DISK_GOOD },
	{ "folder", "{'path':'d','free_mb':null}", "disk", VERDICT_SKIP,
	    W_UNKNOWN },
	{ "audit", "{'rows':9,'signed':0,'newest_at':1795330790}", "audit",
	    VERDICT_OK, W_AUDIT_YOUNG },
	{ "audit", "{'rows':9,'signed':8,'newest_at':1795330490}", "audit",
	    VERDICT_WARN, W_AUDIT_UNSIGNED },
	{ "audit", "{'rows':9,'signed':9,'newest_at':1795330490}", "audit",
	    VERDICT_OK, W_AUDIT_GOOD },
	{ "audit", "{'rows':9,'signed':9,'history':'bad'}", "audit",
	    VERDICT_FAIL, W_AUDIT_BAD },
	{ "audit", "{'rows':9,'signed':9,'history':'checking'}", "audit",
	    VERDICT_OK, W_AUDIT_GOOD },
	{ "audit", "null", "audit", VERDICT_FAIL, W_AUDIT_NONE },
	{ "audit", "{'newest_at':1795331401}", "clock", VERDICT_FAIL,
	    W_CLOCK_BACK },
	{ "ship", "{'configured':true,'trouble':'fork'}", "ship",
	    VERDICT_FAIL, W_SHIP_TROUBLE },
	{ "ship", "{'configured':false,'queued':9,'trouble':''}", "ship",
	    VERDICT_SKIP, W_SHIP_OFF },
	{ "ship", "{'configured':true,'queued':9,'ack_at':null}", "ship",
	    VERDICT_WARN, W_SHIP_NEVER },
	{ "ship", "{'configured':true,'queued':9,'oldest_s':86401}", "ship",
	    VERDICT_FAIL, W_SHIP_NEVER },
	{ "ship", "{'configured':true,'queued':9,'oldest_s':3601,'ack_at':1}",
	    "ship", VERDICT_WARN, W_SHIP_LATE },
	{ "ship", "{'configured':true,'queued':9,'oldest_s':90000,'ack_at':1}",
	    "ship", VERDICT_FAIL, W_SHIP_LATE },
	{ "ship", "null", "ship", VERDICT_SKIP, W_UNKNOWN },
	{ "office", "{'fault':'expired','expires_at':1}", "head_office",
	    VERDICT_FAIL, W_OFFICE_EXPIRED },
	{ "office", "{'fault':'unsupported','days_left':99}", "head_office",
	    VERDICT_FAIL, W_OFFICE_BAD },
	{ "office", "{'fault':'','days_left':29}", "head_office",
	    VERDICT_WARN, W_OFFICE_SOON },
	{ "office", "{'fault':'','days_left':30}", "head_office", VERDICT_OK,
	    W_OFFICE_GOOD },
	{ "office", "null", "head_office", VERDICT_FAIL, W_OFFICE_NONE },
	{ "peers", "{'net':false,'ca':true}", "ca", VERDICT_FAIL, W_NET_GONE },
	{ "peers", "{'net':true,'ca':false}", "ca", VERDICT_FAIL, W_CA_DOWN },
	{ "peers", "{'net':true,'ca':true}", "registry", VERDICT_FAIL,
	    W_REGISTRY_DOWN },
	{ "peers", "{'net':false,'media':true}", "media", VERDICT_OK,
	    W_MEDIA_GOOD },
	{ "peers", "{'print':'ok'}", "printer", VERDICT_OK, W_PRINTER_GOOD },
	{ "peers", "{'print':'none'}", "printer", VERDICT_SKIP,
	    W_PRINTER_NONE },
	{ "peers", "{'print':'low'}", "printer", VERDICT_WARN, W_PRINTER_LOW },
	{ "peers", "{'print':'out'}", "printer", VERDICT_WARN, W_PRINTER_OUT },
	{ "peers", "{'print':'down'}", "printer", VERDICT_FAIL,
	    W_PRINTER_DOWN },
	{ "peers", "{}", "printer", VERDICT_SKIP, W_UNKNOWN },
	{ "peers", "{'pay':'ok'}", "card", VERDICT_OK, W_CARD_GOOD },
	{ "peers", "{'pay':'none'}", "card", VERDICT_SKIP, W_CARD_NONE },
	{ "peers", "{'pay':'down'}", "card", VERDICT_FAIL, W_CARD_DOWN },
	{ "handoff", "null", "phone_cert", VERDICT_SKIP, W_PHONE_NONE },
	{ "handoff", "null", "relay", VERDICT_SKIP, W_PHONE_NONE },
	{ "handoff", "{'path':'c','fault':'not_found'}", "phone_cert",
	    VERDICT_FAIL, W_PHONE_UNREAD },
	{ "handoff", "{'fault':'','key':'bad'}", "phone_cert", VERDICT_FAIL,
	    W_PHONE_KEY_BAD },
	{ "handoff", "{'fault':'','key':'other','days_left':99}",
	    "phone_cert", VERDICT_FAIL, W_PHONE_KEY_OTHER },
	{ "handoff", "{'key':'match','expires_at':1795330800}", "phone_cert",
	    VERDICT_FAIL, W_PHONE_EXPIRED },
	{ "handoff", "{'key':'match','expires_at':1795330801,'days_left':0}",
	    "phone_cert", VERDICT_WARN, W_PHONE_SOON },
	{ "handoff", "{'key':'match','expires_at':1826866800,'days_left':29}",
	    "phone_cert", VERDICT_WARN, W_PHONE_SOON },
	{ "handoff", "{'key':'unseen','expires_at':1826866800,"
		     "'days_left':30}",
	    "phone_cert", VERDICT_OK, W_PHONE_GOOD },
	{ "handoff", "{'placement':'local'}", "relay", VERDICT_SKIP,
	    W_RELAY_NONE },
	{ "handoff", "{'placement':'relay','relay_fault':'timeout'}", "relay",
	    VERDICT_FAIL, W_RELAY_DOWN },
	{ "handoff", "{'placement':'relay','relay_fault':''}", "relay",
	    VERDICT_OK, W_RELAY_GOOD },
	{ "peers", "{'net':true}", "media", VERDICT_FAIL, W_MEDIA_GONE },
	{ "now", "100000000", "clock", VERDICT_FAIL, W_CLOCK_YEAR },
	{ "now", "4102444801", "clock", VERDICT_FAIL, W_CLOCK_YEAR },
	{ "ntp", "false", "clock", VERDICT_WARN, W_CLOCK_FREE },
	{ "ntp", "null", "clock", VERDICT_OK, W_CLOCK_GOOD },
	{ "cases", "null", "cases", VERDICT_SKIP, W_UNKNOWN },
	{ "intents", "{'open':2,'oldest_at':1795330199}", "intents",
	    VERDICT_WARN, W_INTENTS_OLD },
	{ "intents", "{'open':0,'oldest_at':null}", "intents", VERDICT_OK,
	    W_INTENTS_GOOD },
	{ "holds", "{'pending':1,'oldest_at':1795330199}", "holds",
	    VERDICT_WARN, W_HOLDS_OLD },
	{ "holds", "{'pending':1,'oldest_at':1795327199}", "holds",
	    VERDICT_FAIL, W_HOLDS_OLD },
	{ "spool", "{'waiting':1,'oldest_at':1795244399,'leftover':0}",
	    "spool", VERDICT_WARN, W_SPOOL_OLD },
	{ "spool", "{'waiting':0,'leftover':1}", "spool", VERDICT_FAIL,
	    W_SPOOL_LEFT },
	{ "terminal", "null", "terminal", VERDICT_SKIP, W_UNKNOWN },
	{ "terminal", "{'locale':'C','codeset':'ANSI_X3.4-1968'}", "terminal",
	    VERDICT_WARN, W_TERMINAL_BYTES },
	/* clang-format on */
};

Test(doctor, each_fact_decides_its_check)
{
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		json_t *facts = parse(healthy);
		const struct finding *f;

		json_object_set_new(
		    facts, changes[i].member, parse(changes[i].value));
		doctor_judge(all, facts, i % 2 == 0);
		f = found(changes[i].check);
		cr_expect_eq((int)f->verdict, changes[i].verdict, "%s = %s: %s",
		    changes[i].member, changes[i].value, words_key(f->word));
		cr_expect_eq((int)f->word, changes[i].word, "%s = %s: %s",
		    changes[i].member, changes[i].value, words_key(f->word));
		json_decref(facts);
	}
}

/* clang-format off */
static const struct {
	const char *audit;
	int		arg; /* of the sentence */
	const char *says[2];
} pasts[] = {
	{ "{'rows':9,'signed':9,'history':'good','history_read':9}", 3,
	    { "; read whole", ", 전체 확인됨" } },
	{ "{'rows':9,'signed':9,'history':'checking','history_read':4}", 3,
	    { "; being read, 4 rows so far", ", 전체 확인 중(4건까지)" } },
	{ "{'history':'bad','history_found':'row_edited','history_row':7}", 0,
	    { " (row_edited, row 7)", " (row_edited, 기록 7)" } },
	{ "{'history':'bad'}", 0, { "", "" } },
};
/* clang-format on */

Test(doctor, says_how_far_the_log_was_read_and_what_was_found)
{
	for (size_t i = 0; i < sizeof pasts / sizeof *pasts; i++) {
		for (int korean = 0; korean < 2; korean++) {
			json_t *facts = parse(healthy);

			json_object_set_new(
			    facts, "audit", parse(pasts[i].audit));
			doctor_judge(all, facts, korean == 1);
			cr_expect_str_eq(found("audit")->args[pasts[i].arg],
			    pasts[i].says[korean]);
			json_decref(facts);
		}
	}
}

static const struct {
	const char *kind;
	enum word word;
} faults[] = { { "down", W_AGENT_DOWN }, { "refuses", W_AGENT_REFUSES },
	{ "silent", W_AGENT_SILENT } };

Test(doctor, says_why_the_agent_does_not_answer)
{
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		json_t *facts = parse(healthy);

		json_object_del(facts, "agent");
		json_object_set_new(facts, "agent_fault",
		    json_pack(
			"{s:s,s:s}", "kind", faults[i].kind, "detail", "x"));
		doctor_judge(all, facts, false);
		cr_expect_eq((int)found("agent")->verdict, VERDICT_FAIL);
		cr_expect_eq((int)found("agent")->word, faults[i].word);
		json_decref(facts);
	}
}

Test(doctor, passes_nothing_of_which_it_knows_nothing)
{
	json_t *facts = parse("{'now':1795330800,'version':'0.1.0',"
			      "'config':{'path':'c','fault':'bad'}}");

	doctor_judge(all, facts, true);
	for (int i = 0; i < DOCTOR_CHECKS; i++) {
		bool own = strcmp(all[i].name, "clock") == 0;
		cr_expect(own || all[i].verdict == VERDICT_SKIP ||
			      strcmp(all[i].name, "config") == 0,
		    "%s: %s", all[i].name, words_key(all[i].word));
	}
	json_decref(facts);
}

Test(doctor, asks_for_less_of_a_practice_branch)
{
	json_t *facts = parse(healthy);

	json_object_set_new(facts, "practice", json_true());
	json_object_set_new(facts, "office", json_null());
	json_object_set_new(facts, "ntp", json_false());
	json_object_set_new(facts, "agent",
	    json_pack("{s:s,s:n}", "version", "0.1.0", "watchdog_s"));
	doctor_judge(all, facts, false);
	cr_expect_eq((int)found("head_office")->verdict, VERDICT_SKIP);
	cr_expect_eq((int)found("watchdog")->verdict, VERDICT_SKIP);
	cr_expect_eq((int)found("clock")->verdict, VERDICT_OK);
	json_decref(facts);
}

/* ---- the sentences ---- */

/* Which of {1}..{4} a sentence uses, as bits. */
static int
places(const char *filled)
{
	int bits = 0;

	for (int i = 0; i < WORD_ARGS; i++) {
		char mark[] = { '<', (char)('1' + i), '>', '\0' };
		if (strstr(filled, mark) != NULL)
			bits |= 1 << i;
	}
	return bits;
}

Test(words, say_the_same_in_both_languages)
{
	static const char *const args[WORD_ARGS] = { "<1>", "<2>", "<3>",
		"<4>" };
	char ko[WORD_TEXT], en[WORD_TEXT];

	for (int w = 0; w < WORD_COUNT; w++) {
		cr_assert(words_key((enum word)w) != NULL, "word %d", w);
		words_what(ko, (enum word)w, true, args);
		words_what(en, (enum word)w, false, args);
		cr_expect_neq((int)ko[0], '\0');
		cr_expect_eq(places(ko), places(en), "%s | %s", ko, en);
		cr_expect(strchr(ko, '{') == NULL && strchr(en, '{') == NULL);
		words_do(ko, (enum word)w, true, args);
		words_do(en, (enum word)w, false, args);
		cr_expect_eq(ko[0] == '\0', en[0] == '\0', "%s | %s", ko, en);
		cr_expect_eq(places(ko), places(en), "%s | %s", ko, en);
		for (int other = 0; other < w; other++)
			cr_expect_str_neq(words_key((enum word)w),
			    words_key((enum word)other));
	}
}

Test(words, a_finding_says_what_to_do)
{
	static const char *const none[WORD_ARGS];
	char text[WORD_TEXT];

	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		words_do(text, changes[i].word, false, none);
		cr_expect_eq(text[0] != '\0',
		    changes[i].verdict == VERDICT_WARN ||
			changes[i].verdict == VERDICT_FAIL,
		    "%s", words_key(changes[i].word));
	}
}

Test(words, an_overlong_argument_is_cut)
{
	static char big[4 * WORD_TEXT];
	const char *args[WORD_ARGS] = { big };
	char text[WORD_TEXT];

	memset(big, 'x', sizeof big - 1);
	words_what(text, W_CONFIG_BAD, false, args);
	cr_expect_lt(strlen(text), (size_t)WORD_TEXT);
}
