/*
 * What the agent tells the tool: of itself, of its cases, of one case; and
 * that nothing of a person is in it.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "people.h"
#include "rpc/rpc.h"
#include "world.h"

TestSuite(status, .init = world_open, .fini = world_close);

/* A question as the tool; its answer, the caller's. */
static json_t *
tool_asks(const char *method, json_t *params)
{
	int sock = connect_as("tool", "dasi", 1u << ROLE_TOOL);
	json_t *request = rpc_request(2, method, params), *body = NULL, *v;
	struct err e;

	cr_assert_not(err_is(rpc_send(sock, request, -1)));
	json_decref(request);
	run();
	do {
		json_decref(body);
		e = rpc_recv(sock, &body, NULL);
		cr_assert_not(err_is(e), "%s", err_name(e.code));
	} while (rpc_int(body, "id", 0) != 2);
	v = json_object_get(body, "result");
	if (v == NULL)
		v = json_object_get(body, "error");
	json_incref(v);
	json_decref(body);
	close(sock);
	return v;
}

static json_int_t
number(json_t *v, const char *part, const char *key)
{
	return rpc_int(json_object_get(v, part), key, -1);
}

static void
expect_private(json_t *v)
{
	char *dump = json_dumps(v, JSON_COMPACT);

	cr_expect_null(strstr(dump, PERSON_NAME));
	cr_expect_null(strstr(dump, PERSON_NUMBER));
	cr_expect_null(strstr(dump, "01000010001"));
	cr_expect_null(strstr(dump, "hong@example.com"));
	free(dump);
}

Test(status, counts_what_is_open_and_what_waits)
{
	json_t *v = tool_asks("status.get", NULL);

	cr_expect_eq(number(v, "cases", "open"), 0);
	cr_expect_eq(number(v, "intents", "open"), 0);
	cr_expect_eq(number(v, "holds", "pending"), 0);
	cr_expect_eq(number(v, "spool", "waiting"), 0);
	cr_expect_str_eq(text(json_object_get(v, "store"), "integrity"), "ok");
	cr_expect(
	    json_is_true(json_object_get(json_object_get(v, "peers"), "ca")));
	json_decref(v);

	/* a hold nobody answers: an open intent, a pending hold */
	w.net_mute = true;
	begin(0, "reissue");
	identify(0);
	open_case(0);
	report(0, "lost");
	run();
	v = tool_asks("status.get", NULL);
	cr_expect_eq(number(v, "cases", "open"), 1);
	cr_expect_eq(number(v, "holds", "pending"), 1);
	cr_expect_eq(number(v, "holds", "oldest_at"), w.wall_ms / 1000);
	cr_expect_geq(number(v, "intents", "open"), 1);
	cr_expect_str_eq(
	    text(json_object_get(v, "intents"), "case_no"), row().case_no);
	cr_expect_eq(
	    number(json_object_get(v, "cases"), "states", "REPORTED"), 1);
	expect_private(v);
	json_decref(v);
}

Test(status, a_sealed_key_waits_until_it_is_delivered_and_none_stays)
{
	json_t *v;

	until_paid();
	media_fails("media.none", -1);
	ask_fd(0, "case.issue", "New!2026pw");
	run();
	cr_assert_eq((int)row().state, CASE_ISSUED);
	v = tool_asks("status.get", NULL);
	cr_expect_eq(number(v, "spool", "waiting"), 1);
	json_decref(v);
	w.media_times = 0;
	cr_expect_str_eq(code(ask("case.deliver", "{}")), "");
	run();
	cr_assert_eq((int)row().state, CASE_DONE);
	v = tool_asks("status.get", NULL);
	cr_expect_eq(number(v, "spool", "waiting"), 0);
	cr_expect_eq(number(v, "spool", "leftover"), 0);
	cr_expect_eq(number(v, "cases", "ended"), 1);
	cr_expect_eq(number(v, "intents", "open"), 0, "%s",
	    text(json_object_get(v, "intents"), "effect"));
	json_decref(v);
}

Test(status, uptime_follows_the_clock_that_cannot_be_set)
{
	json_t *v;

	w.mono_ms += 90000;
	w.wall_ms += 86400000;
	v = tool_asks("status.get", NULL);
	cr_expect_eq(number(v, "agent", "uptime_s"), 90);
	json_decref(v);
}

Test(status, lists_cases_by_state_day_and_whether_they_are_open)
{
	static const struct {
		const char *params;
		size_t n;
	} asks[] = { { "{}", 1 }, { "{\"open\":true}", 1 },
		{ "{\"state\":\"PAID\"}", 1 }, { "{\"state\":\"HELD\"}", 0 },
		{ "{\"since\":1795330800}", 1 },
		{ "{\"since\":1795330801}", 0 }, { "{\"before\":1}", 0 },
		{ "{\"state\":\"PAID\",\"open\":true,\"since\":5}", 1 } };

	until_paid();
	for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
		json_t *v = tool_asks(
		    "case.list", json_loads(asks[i].params, 0, NULL));
		cr_expect_eq(json_array_size(json_object_get(v, "cases")),
		    asks[i].n, "%s", asks[i].params);
		cr_expect(json_is_null(json_object_get(v, "before")));
		expect_private(v);
		json_decref(v);
	}
	json_t *v = tool_asks("case.list", json_pack("{s:s}", "state", "LOST"));
	cr_expect_str_eq(text(v, "code"), "rpc.params");
	json_decref(v);
}

Test(status, a_holder_is_masked_and_forgotten_with_the_case)
{
	json_t *v, *c;

	until_paid();
	v = tool_asks("case.list", NULL);
	c = json_array_get(json_object_get(v, "cases"), 0);
	cr_expect_neq(strchr(text(c, "holder"), '*'), NULL);
	json_decref(v);
	ask_fd(0, "case.issue", "New!2026pw");
	run();
	cr_assert_eq((int)row().state, CASE_DONE);
	v = tool_asks("case.list", NULL);
	c = json_array_get(json_object_get(v, "cases"), 0);
	cr_expect(json_is_null(json_object_get(c, "holder")));
	json_decref(v);
}

Test(status, a_timeline_comes_in_pages_without_a_gap)
{
	json_t *v, *rows;
	json_int_t after = 0, last = 0;
	int seen = 0, pages = 0;

	until_paid();
	ask_fd(0, "case.issue", "New!2026pw");
	run();
	do {
		v = tool_asks(
		    "case.timeline", json_pack("{s:s,s:I}", "case_no",
					 row().case_no, "after", after));
		rows = json_object_get(v, "rows");
		for (size_t i = 0; i < json_array_size(rows); i++) {
			json_t *r = json_array_get(rows, i);
			cr_expect_gt(rpc_int(r, "seq", 0), last);
			last = rpc_int(r, "seq", 0);
			seen++;
		}
		after = rpc_int(v, "after", 0);
		pages++;
		expect_private(v);
		json_decref(v);
	} while (after != 0 && pages < 9);
	cr_expect_eq(seen, journal_rows());
	v = tool_asks(
	    "case.timeline", json_pack("{s:s}", "case_no", "R-20200101-0001"));
	cr_expect_str_eq(text(v, "code"), "case.none");
	json_decref(v);
}

Test(status, nobody_but_the_tool_may_ask)
{
	static const char *const methods[] = { "status.get", "case.list",
		"case.timeline" };

	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		cr_expect_str_eq(code(ask(methods[i], "{}")), "rpc.role");
}
