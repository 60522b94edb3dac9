/*
 * The role table, every role against every method, and the shapes of params.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "rpc/roles.h"
#include "rpc/rpc.h"

static const char *const methods[] = { "hello", "visit.begin", "visit.end",
	"identity.verify", "factor.start", "factor.verify", "cert.list",
	"case.open", "case.report", "case.apply", "case.issue", "case.deliver",
	"case.cancel", "case.status", "media.list", "media.verify",
	"media.passwd", "staff.call", "ship.rows", "ship.acked", "ship.trouble",
	"cmp.transfer", "issue.issued" };

/* Good parameters for each method, as README.md lists them. */
static const char *const good[METHOD_COUNT] = {
	"{\"role\":\"kiosk\",\"terminal\":\"K-03\"}",
	"{\"purpose\":\"reissue\",\"lang\":\"ko\",\"consents\":"
	"{\"required\":[],\"optional\":[]}}",
	"{}",
	"{\"name\":\"a\",\"number\":\"1\",\"id_kind\":\"resident\","
	"\"id_number\":\"\",\"issue_date\":\"2020-01-01\"}",
	"{\"kind\":\"phone\"}",
	"{\"kind\":\"phone\",\"answer\":\"1\",\"account\":\"\"}",
	"{}",
	"{\"index\":0}",
	"{\"kind\":\"lost\",\"when\":\"a\",\"place\":\"b\",\"detail\":\"c\","
	"\"medium\":\"usb\",\"misuse\":false}",
	"{\"phone\":\"1\",\"email\":\"a\",\"p12\":true}",
	"{}",
	"{}",
	"{}",
	"{\"case_no\":\"1\"}",
	"{}",
	"{\"index\":0}",
	"{\"index\":0}",
	"{\"screen\":\"welcome\"}",
	"{\"from\":0,\"max\":500}",
	"{\"size\":0,\"note\":\"\"}",
	"{\"kind\":\"fork\",\"size\":0}",
	"{\"kind\":\"ir\",\"der\":\"AA==\",\"transaction_id\":\"00\"}",
	"{\"certificate\":\"AA==\",\"chain\":[]}",
};

/* One letter a method in the order above: may the role send it? */
static const char *const may[ROLE_COUNT] = {
	[ROLE_NONE] = "y......................",
	[ROLE_KIOSK] = "yyyyyyyyyyyyyyyyyy.....",
	[ROLE_COUNTER] = "y......................",
	[ROLE_NET] = "y......................",
	[ROLE_MEDIA] = "y......................",
	[ROLE_TOOL] = "y......................",
	[ROLE_SHIP] = "y.................yyy..",
	[ROLE_KEY] = ".....................yy",
};

/* The standing each method needs, in the order above. */
static const char needs[] = "01123344444444";

/* One who may send it. */
static int
sender(int m)
{
	if (m >= METHOD_CMP_TRANSFER)
		return ROLE_KEY;
	return m >= METHOD_SHIP_ROWS ? ROLE_SHIP : ROLE_KIOSK;
}

static int
standing_of(int m)
{
	if (m >= METHOD_SHIP_ROWS && m <= METHOD_SHIP_TROUBLE)
		return STANDING_HELLO;
	if (m >= METHOD_MEDIA_LIST && m <= METHOD_MEDIA_PASSWD)
		return STANDING_VISIT;
	if (m == METHOD_STAFF_CALL)
		return STANDING_HELLO;
	if (m >= METHOD_CMP_TRANSFER)
		return STANDING_NONE;
	return needs[m] - '0';
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
	       m == METHOD_MEDIA_PASSWD;
}

Test(roles, the_table_lists_every_method_of_the_readme_in_order)
{
	cr_assert_eq(sizeof methods / sizeof *methods, METHOD_COUNT);
	for (int m = 0; m < METHOD_COUNT; m++) {
		cr_expect_str_eq(rpc_rule(m)->name, methods[m]);
		cr_expect_eq((int)rpc_method_named(methods[m]), m);
	}
}

Test(roles, every_role_may_send_exactly_its_methods)
{
	for (int r = 0; r < ROLE_COUNT; r++) {
		for (int m = 0; m < METHOD_COUNT; m++) {
			enum rpc_method got;
			json_t *q = request(methods[m], good[m]);
			struct err e = rpc_admit(
			    &got, q, r, STANDING_FACTOR, wants_fd(m));
			enum err_code want = may[r][m] == 'y' ? E_NONE : E_ROLE;
			cr_expect_eq(e.code, want, "%s sends %s: %s",
			    rpc_role_name(r), methods[m], err_name(e.code));
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
			json_t *q = request(methods[m], good[m]);
			struct err e = rpc_admit(&got, q, r, s, wants_fd(m));
			cr_expect_eq(e.code,
			    s < standing_of(m) ? E_STATE : E_NONE,
			    "%s at standing %d", methods[m], s);
			json_decref(q);
		}
	}
}

Test(roles, each_required_member_is_required_and_typed)
{
	for (int m = 0; m < METHOD_COUNT; m++) {
		int r = sender(m);
		json_t *whole = json_loads(good[m], 0, NULL);
		const char *key;
		json_t *value;

		json_object_foreach(whole, key, value)
		{
			enum rpc_method got;
			bool optional = strcmp(key, "terminal") == 0;
			json_t *p = json_deep_copy(whole);
			json_object_set_new(p, key, json_real(1.5));
			json_t *q = rpc_request(7, methods[m], p);
			struct err e = rpc_admit(
			    &got, q, r, STANDING_FACTOR, wants_fd(m));
			cr_expect_eq(e.code, E_ARG, "%s %s of another type",
			    methods[m], key);
			json_object_del(p, key);
			e = rpc_admit(&got, q, r, STANDING_FACTOR, wants_fd(m));
			cr_expect_eq(e.code, optional ? E_NONE : E_ARG,
			    "%s without %s", methods[m], key);
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
		json_t *q = request(methods[m], good[m]);
		struct err with = rpc_admit(&got, q, r, STANDING_FACTOR, true);
		struct err without = rpc_admit(
		    &got, q, r, STANDING_FACTOR, false);
		cr_expect_eq(without.code, wants_fd(m) ? E_ARG : E_NONE, "%s",
		    methods[m]);
		cr_expect_eq(with.code,
		    wants_fd(m) || m == METHOD_CASE_DELIVER ? E_NONE : E_ARG,
		    "%s", methods[m]);
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
