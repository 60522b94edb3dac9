/*
 * The role table, every role against every method, and the shapes of params.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "rpc/roles.h"
#include "rpc/rpc.h"

/*
 * Each method of rpc/README.md in the order of the enum: good parameters, who
 * may send it (n net, m media, t tool, s ship, p print, k kiosk, c teller,
 * v supervisor, a auditor, w key worker, 0 who has not said hello), and what
 * must stand before.
 */
static const struct {
	const char *name, *good, *who;
	int standing;
} rows[METHOD_COUNT] = {
	/* clang-format off */
	{ "hello", "{\"role\":\"kiosk\",\"terminal\":\"K-03\"}",
	    "0kcvanmtspho", 0 },
	{ "visit.begin", "{\"purpose\":\"reissue\",\"lang\":\"ko\","
	    "\"consents\":{\"required\":[],\"optional\":[]}}", "k", 1 },
	{ "visit.end", "{}", "k", 1 },
	{ "identity.verify", "{\"name\":\"a\",\"number\":\"1\","
	    "\"id_kind\":\"resident\",\"id_number\":\"\","
	    "\"issue_date\":\"2020-01-01\"}", "k", 2 },
	{ "factor.start", "{\"kind\":\"phone\"}", "k", 3 },
	{ "factor.verify", "{\"kind\":\"phone\",\"answer\":\"1\","
	    "\"account\":\"\"}", "k", 3 },
	{ "cert.list", "{}", "k", 4 },
	{ "case.open", "{\"index\":0}", "k", 4 },
	{ "case.report", "{\"kind\":\"lost\",\"when\":\"a\",\"place\":\"b\","
	    "\"detail\":\"c\",\"medium\":\"usb\",\"misuse\":false}", "k", 4 },
	{ "case.apply", "{\"phone\":\"1\",\"email\":\"a\",\"p12\":true}",
	    "k", 4 },
	{ "case.issue", "{}", "k", 4 },
	{ "case.deliver", "{}", "k", 4 },
	{ "case.cancel", "{}", "k", 4 },
	{ "case.status", "{\"case_no\":\"1\"}", "k", 4 },
	{ "media.list", "{}", "k", 2 },
	{ "media.verify", "{\"index\":0}", "k", 2 },
	{ "media.passwd", "{\"index\":0}", "k", 2 },
	{ "kiosk.screen", "{\"screen\":\"welcome\"}", "k", 1 },
	{ "staff.call", "{\"screen\":\"welcome\"}", "k", 1 },
	{ "phone.begin", "{}", "k", 4 },
	{ "phone.digits", "{\"digits\":\"012345\"}", "k", 4 },
	{ "phone.end", "{}", "k", 4 },
	{ "token.list", "{}", "k", 2 },
	{ "token.check", "{\"token\":0}", "k", 2 },
	{ "token.pin", "{\"token\":0}", "k", 2 },
	{ "handoff.claim", "{\"id\":\"A\",\"key\":\"AA==\","
	    "\"mac\":\"AA==\"}", "h", 1 },
	{ "handoff.ack", "{\"id\":\"A\",\"mac\":\"AA==\"}", "h", 1 },
	{ "pay.begin", "{}", "k", 4 },
	{ "pay.cancel", "{}", "k", 4 },
	{ "slip.print", "{\"kind\":\"receipt\"}", "k", 4 },
	{ "queue.list", "{\"filter\":\"open\"}", "cva", 1 },
	{ "call.answer", "{\"call\":1}", "cv", 1 },
	{ "desk.take", "{\"case_no\":\"1\"}", "cv", 1 },
	{ "desk.leave", "{}", "cv", 1 },
	{ "desk.view", "{\"case_no\":\"1\"}", "cva", 1 },
	{ "desk.unmask", "{\"case_no\":\"1\",\"field\":\"name\","
	    "\"reason\":\"b\"}", "cv", 1 },
	{ "desk.docs", "{\"case_no\":\"1\",\"version\":1,"
	    "\"applicant\":\"self\",\"docs\":[]}", "cv", 1 },
	{ "desk.act", "{\"case_no\":\"1\",\"version\":1,"
	    "\"action\":\"approve\"}", "cv", 1 },
	{ "desk.confirm", "{\"case_no\":\"1\",\"version\":1,\"proposal\":1,"
	    "\"agree\":true}", "cv", 1 },
	{ "branch.status", "{}", "cva", 1 },
	{ "day.report", "{\"date\":\"2026-11-22\"}", "cva", 1 },
	{ "day.file", "{\"date\":\"2026-11-22\",\"format\":\"csv\"}",
	    "cva", 1 },
	{ "audit.list", "{\"from\":0,\"count\":20}", "va", 1 },
	{ "audit.verify", "{}", "va", 1 },
	{ "audit.prove", "{\"seq\":0}", "va", 1 },
	{ "ship.rows", "{\"from\":0,\"max\":500}", "s", 1 },
	{ "ship.acked", "{\"size\":0,\"note\":\"\"}", "s", 1 },
	{ "ship.trouble", "{\"kind\":\"fork\",\"size\":0}", "s", 1 },
	{ "status.get", "{}", "t", 1 },
	{ "case.list", "{}", "t", 1 },
	{ "case.timeline", "{\"case_no\":\"1\"}", "t", 1 },
	{ "cmp.transfer", "{\"kind\":\"ir\",\"der\":\"AA==\","
	    "\"transaction_id\":\"00\"}", "wo", 0 },
	{ "issue.issued", "{\"certificate\":\"AA==\",\"chain\":[]}", "wo", 0 },
	/* clang-format on */
};

static const char letters[ROLE_COUNT] = {
	[ROLE_NONE] = '0',
	[ROLE_KIOSK] = 'k',
	[ROLE_COUNTER] = 'c',
	[ROLE_SUPERVISOR] = 'v',
	[ROLE_AUDITOR] = 'a',
	[ROLE_NET] = 'n',
	[ROLE_MEDIA] = 'm',
	[ROLE_TOOL] = 't',
	[ROLE_SHIP] = 's',
	[ROLE_PRINT] = 'p',
	[ROLE_HANDOFF] = 'h',
	[ROLE_TOKEN] = 'o',
	[ROLE_KEY] = 'w',
};

/* One who may send it. */
static int
sender(int m)
{
	int r = 0;

	while (strchr(rows[m].who, letters[r]) == NULL)
		r++;
	return r;
}

static json_t *
request(const char *method, const char *params)
{
	json_t *p = json_loads(params, 0, NULL);

	cr_assert(p != NULL, "%s", params);
	return rpc_request(7, method, p);
}

static bool
wants_fd(int m)
{
	return m == METHOD_CASE_ISSUE || m == METHOD_MEDIA_VERIFY ||
	       m == METHOD_MEDIA_PASSWD || m == METHOD_TOKEN_CHECK ||
	       m == METHOD_TOKEN_PIN;
}

Test(roles, the_table_lists_every_method_of_the_readme_in_order)
{
	for (int m = 0; m < METHOD_COUNT; m++) {
		cr_assert(rows[m].name != NULL, "method %d", m);
		cr_expect_str_eq(rpc_rule(m)->name, rows[m].name);
		cr_expect_eq((int)rpc_method_named(rows[m].name), m);
	}
}

Test(roles, every_role_may_send_exactly_its_methods)
{
	for (int r = 0; r < ROLE_COUNT; r++) {
		for (int m = 0; m < METHOD_COUNT; m++) {
			enum rpc_method got;
			json_t *q = request(rows[m].name, rows[m].good);
			struct err e = rpc_admit(
			    &got, q, r, STANDING_FACTOR, wants_fd(m));
			enum err_code want = strchr(rows[m].who, letters[r]) !=
						     NULL
						 ? E_NONE
						 : E_ROLE;
			cr_expect_eq(e.code, want, "%s sends %s: %s",
			    rpc_role_name(r), rows[m].name, err_name(e.code));
			cr_expect_eq((int)got, m);
			json_decref(q);
		}
	}
}

Test(roles, a_request_before_its_standing_is_refused)
{
	for (int m = 0; m < METHOD_COUNT; m++) {
		int r = sender(m);
		for (int s = 0; s < STANDING_COUNT; s++) {
			enum rpc_method got;
			json_t *q = request(rows[m].name, rows[m].good);
			struct err e = rpc_admit(&got, q, r, s, wants_fd(m));
			cr_expect_eq(e.code,
			    s < rows[m].standing ? E_STATE : E_NONE,
			    "%s at standing %d", rows[m].name, s);
			json_decref(q);
		}
	}
}

Test(roles, each_required_member_is_required_and_typed)
{
	for (int m = 0; m < METHOD_COUNT; m++) {
		int r = sender(m);
		json_t *whole = json_loads(rows[m].good, 0, NULL);
		const char *key;
		json_t *value;

		json_object_foreach(whole, key, value) {
			enum rpc_method got;
			bool optional = strcmp(key, "terminal") == 0;
			json_t *p = json_deep_copy(whole);
			json_object_set_new(p, key, json_real(1.5));
			json_t *q = rpc_request(7, rows[m].name, p);
			struct err e = rpc_admit(
			    &got, q, r, STANDING_FACTOR, wants_fd(m));
			cr_expect_eq(e.code, E_ARG, "%s %s of another type",
			    rows[m].name, key);
			json_object_del(p, key);
			e = rpc_admit(&got, q, r, STANDING_FACTOR, wants_fd(m));
			cr_expect_eq(e.code, optional ? E_NONE : E_ARG,
			    "%s without %s", rows[m].name, key);
			json_decref(q);
		}
		json_decref(whole);
	}
}

Test(roles, a_descriptor_comes_only_where_one_is_wanted)
{
	for (int m = 0; m < METHOD_COUNT; m++) {
		int r = sender(m);
		enum rpc_method got;
		json_t *q = request(rows[m].name, rows[m].good);
		struct err with = rpc_admit(&got, q, r, STANDING_FACTOR, true);
		struct err without = rpc_admit(
		    &got, q, r, STANDING_FACTOR, false);
		cr_expect_eq(without.code, wants_fd(m) ? E_ARG : E_NONE, "%s",
		    rows[m].name);
		cr_expect_eq(with.code,
		    wants_fd(m) || m == METHOD_CASE_DELIVER ? E_NONE : E_ARG,
		    "%s", rows[m].name);
		json_decref(q);
	}
}

static const struct {
	const char *frame, *word;
	enum err_code code;
} odd[] = {
	{ "{}", "rpc.params", E_FORMAT },
	{ "{\"method\":\"hello\"}", "rpc.params", E_FORMAT },
	{ "{\"id\":\"7\",\"method\":\"hello\"}", "rpc.params", E_FORMAT },
	{ "{\"id\":7}", "rpc.params", E_FORMAT },
	{ "{\"id\":7,\"method\":9}", "rpc.params", E_FORMAT },
	{ "{\"id\":7,\"method\":\"case.shred\"}", "rpc.method", E_NOTFOUND },
	{ "{\"id\":7,\"method\":\"\"}", "rpc.method", E_NOTFOUND },
	{ "{\"id\":7,\"method\":\"cmp.transfer\"}", "rpc.role", E_ROLE },
	{ "{\"id\":7,\"method\":\"visit.end\",\"params\":[]}", "rpc.params",
	    E_ARG },
	{ "{\"id\":7,\"method\":\"case.open\",\"params\":{\"index\":\"0\"}}",
	    "rpc.params", E_ARG },
};

Test(roles, what_is_no_good_request_is_answered_with_its_word)
{
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		enum rpc_method got;
		json_t *q = json_loads(odd[i].frame, 0, NULL);
		struct err e = rpc_admit(
		    &got, q, ROLE_KIOSK, STANDING_FACTOR, false);
		cr_expect_eq(e.code, odd[i].code, "%s", odd[i].frame);
		cr_expect_str_eq(rpc_refusal(e), odd[i].word);
		json_decref(q);
	}
}

Test(roles, nobody_can_say_hello_as_a_key_worker)
{
	cr_expect_eq((int)rpc_role_named("key"), ROLE_NONE);
	cr_expect_eq((int)rpc_role_named("none"), ROLE_NONE);
	cr_expect_eq((int)rpc_role_named("root"), ROLE_NONE);
	cr_expect_eq((int)rpc_role_named("kiosk"), ROLE_KIOSK);
	cr_expect_eq((int)rpc_role_named("media"), ROLE_MEDIA);
}
