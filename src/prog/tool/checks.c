/*
 * prog/tool/checks.c - what the facts of a branch mean: one row per check.
 *
 * Pure.  A fact that nobody could tell is a check skipped, never one passed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "prog/tool/checks.h"
#include "rpc/rpc.h"

enum {
	UNSIGNED_S = 300,   /* a checkpoint is due after 60 s */
	SHIP_LATE_S = 3600, /* backoff goes up to ten minutes */
	SHIP_LOST_S = 24 * 3600,
	OFFICE_SOON_DAYS = 30,
	INTENT_OLD_S = 600, /* longer than a whole issue may take */
	HOLD_OLD_S = 600,
	HOLD_LOST_S = 3600,
	SPOOL_OLD_S = 24 * 3600,
	PHRASE = 96
};

struct device_word {
	const char *state;
	enum verdict verdict;
	enum word word;
};

void
check_say(struct finding *f, enum verdict verdict, enum word word,
    const char *a, const char *b, const char *c, const char *d)
{
	const char *args[WORD_ARGS] = { a, b, c, d };

	f->verdict = verdict;
	f->word = word;
	for (int i = 0; i < WORD_ARGS; i++)
		(void)str_copy(f->args[i], sizeof f->args[i],
		    args[i] == NULL ? "" : args[i]);
}

void
check_unknown(
    struct finding *f, const struct look *l, const char *en, const char *ko)
{
	check_say(
	    f, VERDICT_SKIP, W_UNKNOWN, l->korean ? ko : en, NULL, NULL, NULL);
}

void
check_not_told(struct finding *f, const struct look *l)
{
	check_unknown(f, l, "only a running agent can tell",
	    "가동 중인 에이전트만 알 수 있습니다");
}

void
check_not_read(struct finding *f, const struct look *l)
{
	check_unknown(f, l, "the database could not be read",
	    "데이터베이스를 읽지 못했습니다");
}

const json_t *
check_part(const struct look *l, const char *name)
{
	const json_t *v = json_object_get(l->facts, name);

	return json_is_null(v) ? NULL : v;
}

const char *
check_number(char out[static NUMBER], int64_t n)
{
	snprintf(out, NUMBER, "%" PRId64, n);
	return out;
}

const char *
check_age(char out[static NUMBER], const struct look *l, int64_t s)
{
	static const struct {
		int64_t s;
		const char *en, *ko;
	} units[] = { { 2 * 86400, "days", "일" }, { 2 * 3600, "h", "시간" },
		{ 120, "min", "분" }, { 0, "s", "초" } };
	static const int64_t sizes[] = { 86400, 3600, 60, 1 };
	size_t i = 0;

	s = s < 0 ? 0 : s;
	while (s < units[i].s)
		i++;
	snprintf(out, NUMBER, "%" PRId64 "%s%s", s / sizes[i],
	    l->korean ? "" : " ", l->korean ? units[i].ko : units[i].en);
	return out;
}

int64_t
check_since(const struct look *l, const json_t *o, const char *key)
{
	int64_t at = rpc_int(o, key, 0);

	return at == 0 ? 0 : l->now - at;
}

/* ---- the audit log and head office ---- */

/* Reading all rows again goes on in the background of the agent. */
static const char *
history(char out[static PHRASE], const struct look *l, const json_t *audit)
{
	const char *word = rpc_str(audit, "history");

	out[0] = '\0';
	if (strcmp(word, "good") == 0)
		snprintf(out, PHRASE, "%s",
		    l->korean ? ", 전체 확인됨" : "; read whole");
	else if (strcmp(word, "checking") == 0)
		snprintf(out, PHRASE,
		    l->korean ? ", 전체 확인 중(%" PRId64 "건까지)"
			      : "; being read, %" PRId64 " rows so far",
		    (int64_t)rpc_int(audit, "history_read", 0));
	else if (rpc_str(audit, "history_found")[0] != '\0')
		snprintf(out, PHRASE,
		    l->korean ? " (%s, 기록 %" PRId64 ")"
			      : " (%s, row %" PRId64 ")",
		    rpc_str(audit, "history_found"),
		    (int64_t)rpc_int(audit, "history_row", 0));
	return out;
}

static void
check_audit(struct finding *f, const struct look *l)
{
	const json_t *a = check_part(l, "audit");
	int64_t rows = rpc_int(a, "rows", 0), have = rpc_int(a, "signed", 0);
	char n[NUMBER], m[NUMBER], old[NUMBER], past[PHRASE];
	bool late = l->alive && rows > have &&
		    check_since(l, a, "newest_at") > UNSIGNED_S;

	check_number(n, rows);
	check_number(m, have);
	check_age(old, l, check_since(l, a, late ? "newest_at" : "signed_at"));
	if (a == NULL && check_part(l, "store") == NULL)
		check_not_read(f, l);
	else if (a == NULL)
		check_say(
		    f, VERDICT_FAIL, W_AUDIT_NONE, NULL, NULL, NULL, NULL);
	else if (strcmp(rpc_str(a, "history"), "bad") == 0)
		check_say(f, VERDICT_FAIL, W_AUDIT_BAD, history(past, l, a),
		    NULL, NULL, NULL);
	else if (late)
		check_say(f, VERDICT_WARN, W_AUDIT_UNSIGNED, n, m, old, NULL);
	else if (have == 0)
		check_say(f, VERDICT_OK, W_AUDIT_YOUNG, n, NULL, NULL, NULL);
	else
		check_say(f, VERDICT_OK, W_AUDIT_GOOD, n, m, old,
		    history(past, l, a));
}

static void
check_ship(struct finding *f, const struct look *l)
{
	const json_t *s = check_part(l, "ship");
	int64_t queued = rpc_int(s, "queued", 0);
	int64_t oldest = rpc_int(s, "oldest_s", 0);
	char n[NUMBER], old[NUMBER], heard[NUMBER];

	check_number(n, queued);
	check_age(old, l, oldest);
	check_age(heard, l, check_since(l, s, "ack_at"));
	if (s == NULL)
		check_not_told(f, l);
	else if (rpc_str(s, "trouble")[0] != '\0')
		check_say(f, VERDICT_FAIL, W_SHIP_TROUBLE,
		    rpc_str(s, "trouble"), NULL, NULL, NULL);
	else if (!rpc_bool(s, "configured"))
		check_say(f, VERDICT_SKIP, W_SHIP_OFF, NULL, NULL, NULL, NULL);
	else if (queued > 0 && rpc_int(s, "ack_at", 0) == 0)
		check_say(f, oldest > SHIP_LOST_S ? VERDICT_FAIL : VERDICT_WARN,
		    W_SHIP_NEVER, n, old, NULL, NULL);
	else if (queued > 0 && oldest > SHIP_LATE_S)
		check_say(f, oldest > SHIP_LOST_S ? VERDICT_FAIL : VERDICT_WARN,
		    W_SHIP_LATE, n, old, heard, NULL);
	else
		check_say(f, VERDICT_OK, W_SHIP_GOOD, n, old, heard, NULL);
}

static void
check_office(struct finding *f, const struct look *l)
{
	const json_t *o = check_part(l, "office");
	const char *fault = rpc_str(o, "fault"), *path = rpc_str(o, "path");
	int64_t days = rpc_int(o, "days_left", 0);
	char day[CLOCK_TEXT], n[NUMBER];

	civil_date_text(day, rpc_int(o, "expires_at", 0));
	check_number(n, days);
	if (json_object_get(l->facts, "office") == NULL)
		check_unknown(f, l, "the settings could not be read",
		    "설정을 읽지 못했습니다");
	else if (o == NULL && l->practice)
		check_say(f, VERDICT_SKIP, W_PRACTICE, NULL, NULL, NULL, NULL);
	else if (o == NULL)
		check_say(
		    f, VERDICT_FAIL, W_OFFICE_NONE, NULL, NULL, NULL, NULL);
	else if (strcmp(fault, "expired") == 0)
		check_say(
		    f, VERDICT_FAIL, W_OFFICE_EXPIRED, day, n, path, NULL);
	else if (fault[0] != '\0')
		check_say(f, VERDICT_FAIL, W_OFFICE_BAD, fault, n, path, NULL);
	else if (days < OFFICE_SOON_DAYS)
		check_say(f, VERDICT_WARN, W_OFFICE_SOON, day, n, path, NULL);
	else
		check_say(f, VERDICT_OK, W_OFFICE_GOOD, day, NULL, NULL, NULL);
}

/* ---- peers ---- */

static void
check_peer(struct finding *f, const struct look *l, const char *peer,
    enum word good, enum word down)
{
	const json_t *p = check_part(l, "peers");

	if (p == NULL)
		check_not_told(f, l);
	else if (down != W_MEDIA_GONE && !rpc_bool(p, "net"))
		check_say(f, VERDICT_FAIL, W_NET_GONE, NULL, NULL, NULL, NULL);
	else
		check_say(f, rpc_bool(p, peer) ? VERDICT_OK : VERDICT_FAIL,
		    rpc_bool(p, peer) ? good : down, NULL, NULL, NULL, NULL);
}

static void
check_ca(struct finding *f, const struct look *l)
{
	check_peer(f, l, "ca", W_CA_GOOD, W_CA_DOWN);
}

static void
check_registry(struct finding *f, const struct look *l)
{
	check_peer(f, l, "registry", W_REGISTRY_GOOD, W_REGISTRY_DOWN);
}

static void
check_media(struct finding *f, const struct look *l)
{
	check_peer(f, l, "media", W_MEDIA_GOOD, W_MEDIA_GONE);
}

/* A device that a branch may do without, by the agent's word for it. */
static void
check_device(struct finding *f, const struct look *l, const char *device,
    const struct device_word *words, size_t n)
{
	const json_t *p = check_part(l, "peers");
	const char *state = rpc_str(p, device);

	for (size_t i = 0; p != NULL && i < n; i++)
		if (strcmp(words[i].state, state) == 0) {
			check_say(f, words[i].verdict, words[i].word, NULL,
			    NULL, NULL, NULL);
			return;
		}
	check_not_told(f, l);
}

static void
check_printer(struct finding *f, const struct look *l)
{
	static const struct device_word words[] = {
		{ "ok", VERDICT_OK, W_PRINTER_GOOD },
		{ "none", VERDICT_SKIP, W_PRINTER_NONE },
		{ "low", VERDICT_WARN, W_PRINTER_LOW },
		{ "out", VERDICT_WARN, W_PRINTER_OUT },
		{ "down", VERDICT_FAIL, W_PRINTER_DOWN },
	};

	check_device(f, l, "print", words, sizeof words / sizeof *words);
}

static void
check_card(struct finding *f, const struct look *l)
{
	static const struct device_word words[] = {
		{ "ok", VERDICT_OK, W_CARD_GOOD },
		{ "none", VERDICT_SKIP, W_CARD_NONE },
		{ "down", VERDICT_FAIL, W_CARD_DOWN },
	};

	check_device(f, l, "pay", words, sizeof words / sizeof *words);
}

/* ---- cases ---- */

static void
check_cases(struct finding *f, const struct look *l)
{
	json_t *c = json_object_get(l->facts, "cases"), *count;
	char open[NUMBER], ended[NUMBER], room[WORD_TEXT / 2];
	struct buf b = buf_make(room, sizeof room - 2);
	const char *state;

	if (!json_is_object(c)) {
		check_not_read(f, l);
		return;
	}
	json_object_foreach(json_object_get(c, "states"), state, count) {
		char n[NUMBER];
		buf_add_str(&b, b.n == 0 ? " (" : ", ");
		buf_add_str(&b, state);
		buf_add_str(&b, " ");
		buf_add_str(&b, check_number(n, json_integer_value(count)));
	}
	if (b.n > 0)
		room[b.n++] = ')';
	room[b.n] = '\0';
	check_say(f, VERDICT_OK, W_CASES_GOOD,
	    check_number(open, rpc_int(c, "open", 0)),
	    check_number(ended, rpc_int(c, "ended", 0)), room, NULL);
}

static void
check_intents(struct finding *f, const struct look *l)
{
	const json_t *i = check_part(l, "intents");
	int64_t n = rpc_int(i, "open", 0), old = check_since(l, i, "oldest_at");
	char count[NUMBER], oldest[NUMBER];

	check_number(count, n);
	check_age(oldest, l, old);
	if (i == NULL)
		check_not_read(f, l);
	else if (n > 0 && old > INTENT_OLD_S)
		check_say(f, VERDICT_WARN, W_INTENTS_OLD, count, oldest,
		    rpc_str(i, "effect"), rpc_str(i, "case_no"));
	else
		check_say(
		    f, VERDICT_OK, W_INTENTS_GOOD, count, NULL, NULL, NULL);
}

static void
check_holds(struct finding *f, const struct look *l)
{
	const json_t *h = check_part(l, "holds");
	int64_t n = rpc_int(h, "pending", 0),
		old = check_since(l, h, "oldest_at");
	char count[NUMBER], oldest[NUMBER];

	check_number(count, n);
	check_age(oldest, l, old);
	if (h == NULL)
		check_not_read(f, l);
	else if (n > 0 && old > HOLD_OLD_S)
		check_say(f, old > HOLD_LOST_S ? VERDICT_FAIL : VERDICT_WARN,
		    W_HOLDS_OLD, count, oldest, NULL, NULL);
	else
		check_say(f, VERDICT_OK, W_HOLDS_GOOD, count, NULL, NULL, NULL);
}

static void
check_spool(struct finding *f, const struct look *l)
{
	const json_t *s = check_part(l, "spool");
	int64_t n = rpc_int(s, "waiting", 0),
		old = check_since(l, s, "oldest_at");
	int64_t left = rpc_int(s, "leftover", 0);
	char count[NUMBER], oldest[NUMBER], leftover[NUMBER];

	check_number(count, n);
	check_age(oldest, l, old);
	if (s == NULL)
		check_not_read(f, l);
	else if (left > 0)
		check_say(f, VERDICT_FAIL, W_SPOOL_LEFT,
		    check_number(leftover, left), NULL, NULL, NULL);
	else if (n > 0 && old > SPOOL_OLD_S)
		check_say(
		    f, VERDICT_WARN, W_SPOOL_OLD, count, oldest, NULL, NULL);
	else
		check_say(f, VERDICT_OK, W_SPOOL_GOOD, count, NULL, NULL, NULL);
}

static const struct {
	const char *name;
	void (*judge)(struct finding *f, const struct look *l);
} checks[DOCTOR_CHECKS] = {
	{ "config", check_config },
	{ "files", check_files },
	{ "device_key", check_device_key },
	{ "agent", check_agent },
	{ "watchdog", check_watchdog },
	{ "database", check_database },
	{ "disk", check_disk },
	{ "audit", check_audit },
	{ "ship", check_ship },
	{ "head_office", check_office },
	{ "ca", check_ca },
	{ "registry", check_registry },
	{ "media", check_media },
	{ "printer", check_printer },
	{ "card", check_card },
	{ "phone_cert", check_phone_cert },
	{ "relay", check_relay },
	{ "clock", check_clock },
	{ "cases", check_cases },
	{ "intents", check_intents },
	{ "holds", check_holds },
	{ "spool", check_spool },
	{ "terminal", check_terminal },
};

void
doctor_judge(
    struct finding out[static DOCTOR_CHECKS], const json_t *facts, bool korean)
{
	const struct look l = { .facts = facts,
		.now = rpc_int(facts, "now", 0),
		.practice = rpc_bool(facts, "practice"),
		.korean = korean,
		.alive = json_is_object(json_object_get(facts, "agent")) };

	for (int i = 0; i < DOCTOR_CHECKS; i++) {
		memset(&out[i], 0, sizeof out[i]);
		out[i].name = checks[i].name;
		checks[i].judge(&out[i], &l);
	}
}
