/*
 * An issue on a security token: dasi-token stands where a worker would, played
 * here by the same fake.
 */
#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "phones.h"
#include "rpc/rpc.h"
#include "world.h"

static struct fake_key *token;

/* A dasi-token that has said hello. */
static void
plug(void)
{
	int sock = connect_as("token", "", 1u << ROLE_TOKEN);
	json_t *welcome = NULL;

	run();
	cr_assert_not(err_is(rpc_recv(sock, &welcome, NULL)));
	json_decref(welcome);
	token = NULL;
	for (int i = 0; i < KEYS && token == NULL; i++)
		token = w.keys[i].sock < 0 ? &w.keys[i] : NULL;
	cr_assert_not_null(token);
	*token = (struct fake_key){ .sock = sock };
}

TestSuite(token, .init = world_open, .fini = world_close);

static const char *
ask_with_pin(const char *method, const char *params)
{
	int ends[2];
	const char *refused;

	cr_assert_eq(pipe(ends), 0);
	cr_assert_eq(write(ends[1], "80231957", 8), 8);
	close(ends[1]);
	refused = code(
	    ask_with_fd(0, method, json_loads(params, 0, NULL), ends[0]));
	close(ends[0]);
	return refused;
}

static const char ON_TOKEN[] = "{\"to\":[\"token\"],\"token\":2}";

static void
issue(void)
{
	cr_assert_str_eq(ask_with_pin("case.issue", ON_TOKEN), "");
	run();
}

static const char *
state(void)
{
	return case_state_name(row().state);
}

Test(token, an_issue_goes_through_it_to_its_end)
{
	plug();
	until_paid();
	issue();
	cr_expect_str_eq(state(), "DONE");
	cr_expect_eq(w.sent[2], 1, "one certConf");
	cr_expect_null(w.write, "no stick was written");
	cr_expect_eq(rpc_int(token->params, "token", -1), 2);
	cr_expect_gt(rpc_int(token->params, "bits", 0), 0);
	cr_expect_str_eq(token->password, "80231957");
	cr_expect_eq(rows_of("token.write", "intent"), 1);
	cr_expect_eq(rows_of("token.write", "result"), 1);
	/* it is still connected, and free for the next customer */
	cr_expect_geq(token->sock, 0);
}

Test(token, what_cannot_be_is_refused_before_anything_happens)
{
	static const struct {
		const char *params, *code;
	} rows[] = {
		{ "{\"to\":[\"token\",\"stick\"],\"token\":0}", "rpc.params" },
		{ "{\"to\":[\"token\"]}", "rpc.params" },
		{ "{\"to\":[\"token\"],\"token\":-1}", "rpc.params" },
		{ "{\"to\":[\"token\"],\"token\":64}", "rpc.params" },
	};

	until_paid();
	cr_expect_str_eq(ask_with_pin("case.issue", ON_TOKEN), "token.none");
	plug();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_str_eq(ask_with_pin("case.issue", rows[i].params),
		    rows[i].code, "%s", rows[i].params);
	cr_expect_str_eq(state(), "PAID");
	cr_expect_null(token->params);
}

Test(token, what_it_fails_with_is_told_in_its_own_words_and_can_be_tried_again)
{
	plug();
	until_paid();
	w.key_mode = KEY_MISMATCH;
	issue();
	cr_expect_str_eq(state(), "ISSUED");
	cr_expect_str_eq(row().problem, "token.io");
	cr_expect_eq(w.sent[2], 0, "nothing confirmed");
	w.key_mode = KEY_GOOD;
	cr_expect_str_eq(ask_with_pin("case.deliver", "{\"token\":2}"), "");
	run();
	cr_expect_str_eq(state(), "DONE");
}

/* Nothing was sent: however often the PIN is mistyped, the case goes on. */
Test(token, what_it_refuses_before_the_CA_was_asked_is_no_attempt)
{
	static const char *const words[] = { "token.pin", "token.pin",
		"token.gone", "token.none", "token.locked", "token.full",
		"token.mechanism" };

	plug();
	until_paid();
	w.key_mode = KEY_TOKEN;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		w.token_error = words[i];
		issue();
		cr_expect_str_eq(state(), "PAID");
		cr_expect_str_eq(row().problem, words[i]);
		cr_expect_eq((int)row().attempt, 0, "%s", words[i]);
	}
	cr_expect_eq(w.sent[1], 0, "no ir");
	w.key_mode = KEY_GOOD;
	issue();
	cr_expect_str_eq(state(), "DONE");
}

Test(token, an_attempt_that_reached_the_CA_counts_on_it_too)
{
	plug();
	until_paid();
	w.key_mode = KEY_REFUSED;
	issue();
	cr_expect_eq(w.sent[1], 1);
	cr_expect_eq((int)row().attempt, 1);
}

Test(token, a_job_lost_while_it_waited_is_taken_up_with_the_PIN)
{
	plug();
	until_paid();
	w.key_mode = KEY_DIES_ISSUED;
	issue();
	cr_expect_str_eq(state(), "ISSUED");
	cr_expect_str_eq(ask_with_pin("case.deliver", "{\"token\":5}"),
	    "token.none", "it waits for the token, and is no new attempt");
	cr_expect_str_eq(state(), "ISSUED");
	w.key_mode = KEY_GOOD;
	plug();
	cr_expect_str_eq(ask_with_pin("case.deliver", "{\"token\":5}"), "");
	run();
	cr_expect_str_eq(state(), "DONE");
	cr_expect_eq(rpc_int(token->params, "token", -1), 5);
	cr_expect(json_is_object(json_object_get(token->params, "resume")));
}

Test(token, what_was_proven_is_confirmed_without_it)
{
	plug();
	until_paid();
	w.key_mode = KEY_DIES_DELIVERED;
	issue();
	cr_expect_str_eq(state(), "DELIVERED");
	w.key_mode = KEY_GOOD;
	pass_ms(60000); /* a worker of dasi-key needs no PIN for that */
	cr_expect_str_eq(state(), "DONE");
	cr_expect_lt(token->sock, 0);
}

Test(token, a_customer_who_leaves_gives_it_free_for_the_next)
{
	plug();
	until_paid();
	w.key_mode = KEY_MISMATCH;
	issue();
	cr_expect_str_eq(code(ask_at(1, "visit.begin",
			     "{'purpose':'check','lang':'ko',"
			     "'consents':{'required':[],'optional':[]}}")),
	    "");
	cr_expect_str_eq(
	    code(ask_at(1, "token.list", "{}")), "token.none", "it is at work");
	ask_at(0, "visit.end", "{}");
	run();
	cr_expect_lt(token->sock, 0, "its job ended with its connection");
	cr_expect_str_eq(state(), "ISSUED");
	cr_expect_eq(w.sent[2], 0);
}
