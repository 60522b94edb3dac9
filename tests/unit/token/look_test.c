/*
 * token.list, token.check, token.pin: what a token says of itself.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "npki/cert.h"
#include "rpc/rpc.h"
#include "tokens.h"

static struct bench b;

Test(list, a_token_is_shown_as_it_is)
{
	static const struct {
		const char *words, *pin;
		bool keys, writable, full;
	} rows[] = {
		{ "", "ok", true, true, false },
		{ "low", "few", true, true, false },
		{ "final low", "last", true, true, false },
		{ "locked final low", "locked", true, true, false },
		{ "readonly", "ok", true, false, false },
		{ "full", "ok", true, true, true },
		{ "nokeys", "ok", false, true, false },
	};

	tokens_open(&b);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const json_t *list, *one;

		tokens_say(rows[i].words);
		list = tokens_list(&b);
		one = json_array_get(list, 0);
		cr_assert_eq(json_array_size(list), 1);
		cr_expect_eq(rpc_int(one, "index", -1), 0);
		cr_expect_str_eq(rpc_str(one, "label"), "first");
		cr_expect_str_eq(rpc_str(one, "model"), "SoftHSM v2");
		cr_expect_str_eq(rpc_str(one, "pin"), rows[i].pin);
		cr_expect_eq(rpc_bool(one, "keys"), rows[i].keys);
		cr_expect_eq(rpc_bool(one, "writable"), rows[i].writable);
		cr_expect_eq(rpc_bool(one, "full"), rows[i].full);
	}
	tokens_say("gone");
	cr_expect_eq(json_array_size(tokens_list(&b)), 0);
	cr_expect_eq(tokens_close(&b), 0);
}

Test(check, a_certificate_on_a_token_is_looked_at_with_its_PIN)
{
	static uint8_t room[NPKI_CERT_MAX];
	struct buf der = buf_make(room, sizeof room);
	json_t *a;
	const json_t *r;
	X509 *cert = NULL;

	tokens_open(&b);
	json_decref(tokens_issue(&b, 0, PIN));
	a = tokens_ask(&b, "token.check", 0, PIN, FAKE_NUMBER);
	r = json_object_get(a, "result");
	cr_expect(rpc_bool(r, "opens"));
	cr_expect(rpc_bool(r, "pair"));
	cr_expect(rpc_bool(r, "signature"));
	cr_expect(json_is_true(json_object_get(r, "vid")));
	cr_assert_not(err_is(rpc_get_bytes(&der, r, "certificate")));
	cr_assert_not(err_is(npki_cert_parse(&cert, buf_span(&der))));
	cr_expect_eq(X509_cmp(cert, b.ca.last), 0);
	X509_free(cert);
	json_decref(a);

	a = tokens_ask(&b, "token.check", 0, PIN, "8508031976743");
	cr_expect(json_is_false(
	    json_object_get(json_object_get(a, "result"), "vid")));
	json_decref(a);
	a = tokens_ask(&b, "token.check", 0, PIN, NULL);
	cr_expect(
	    json_is_null(json_object_get(json_object_get(a, "result"), "vid")));
	json_decref(a);
	cr_expect_eq(tokens_close(&b), 0);
}

Test(check, an_empty_token_opens_and_holds_nothing)
{
	const json_t *r;
	json_t *a;

	tokens_open(&b);
	(void)tokens_list(&b);
	a = tokens_ask(&b, "token.check", 0, PIN, FAKE_NUMBER);
	r = json_object_get(a, "result");
	cr_expect(rpc_bool(r, "opens"));
	cr_expect_not(rpc_bool(r, "pair"));
	cr_expect(json_is_null(json_object_get(r, "certificate")));
	json_decref(a);
	a = tokens_ask(&b, "token.check", 0, "00000000", FAKE_NUMBER);
	cr_expect_str_eq(outcome(a), "token.pin");
	json_decref(a);
	cr_expect_eq(tokens_close(&b), 0);
}

Test(check, a_token_that_does_not_sign_is_found_out)
{
	const json_t *r;
	json_t *a;

	tokens_open(&b);
	json_decref(tokens_issue(&b, 0, PIN));
	tokens_say("nosign");
	a = tokens_ask(&b, "token.check", 0, PIN, FAKE_NUMBER);
	r = json_object_get(a, "result");
	cr_expect(rpc_bool(r, "pair"));
	cr_expect_not(rpc_bool(r, "signature"));
	json_decref(a);
	cr_expect_eq(tokens_close(&b), 0);
}

Test(pin, a_new_one_opens_and_the_old_one_does_not)
{
	static const struct {
		const char *secret, *outcome;
	} rows[] = {
		{ "80231957\n66778899", "ok" },
		{ "80231957\n11223344", "token.pin" }, /* it was changed */
		{ "66778899\n12", "password.rule" },   /* too short */
		{ "66778899\n80231957", "ok" },
		{ "80231957\n", "rpc.params" },
		{ "\n80231957", "rpc.params" },
		{ "80231957", "rpc.params" },
	};

	tokens_open(&b);
	(void)tokens_list(&b);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		json_t *a = tokens_ask(
		    &b, "token.pin", 0, rows[i].secret, NULL);

		cr_expect_str_eq(outcome(a), rows[i].outcome, "%zu", i);
		json_decref(a);
	}
	cr_expect_eq(tokens_close(&b), 0);
}

Test(jobs, what_is_no_job_is_refused_and_the_connection_lives_on)
{
	json_t *a;

	tokens_open(&b);
	bench_send(&b, 12, "rr.start", NULL, -1);
	a = bench_wait(&b, 12);
	cr_expect_str_eq(outcome(a), "rpc.method");
	json_decref(a);
	bench_send(&b, 13, "token.start", json_object(), -1);
	a = bench_wait(&b, 13);
	cr_expect_str_eq(outcome(a), "rpc.params");
	json_decref(a);
	cr_expect_eq(json_array_size(tokens_list(&b)), 1);
	cr_expect_eq(tokens_close(&b), 0);
}
