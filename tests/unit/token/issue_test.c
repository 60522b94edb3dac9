/*
 * token.start, end to end: real tokens in software, a CA in this process.
 */
#include <criterion/criterion.h>
#include <string.h>
#include <sys/socket.h>

#include "npki/cert.h"
#include "npki/vid.h"
#include "rpc/rpc.h"
#include "tokens.h"

static struct bench b;

static const char *
left_of(const json_t *answer)
{
	return rpc_str(json_object_get(answer, "error"), "left");
}

static void
expect_empty(void)
{
	cr_expect_eq(tokens_count("Private Key"), 0);
	cr_expect_eq(tokens_count("Public Key"), 0);
	cr_expect_eq(tokens_count("Certificate"), 0);
	cr_expect_eq(tokens_count("Data"), 0);
}

static void
expect_nothing_confirmed(void)
{
	cr_expect_eq(b.ca.confirmed, 0);
}

Test(issue, a_proven_certificate_is_confirmed_and_lies_on_the_token)
{
	json_t *a;

	tokens_open(&b);
	a = tokens_issue(&b, 0, PIN);
	cr_expect_str_eq(outcome(a), "confirmed");
	cr_expect_eq(b.ca.confirmed, 1);
	cr_expect_str_eq(b.proof_error, "ok");
	cr_expect(b.evid_in_ir);
	cr_expect_not(b.evid_in_conf);
	cr_expect_str_eq(rpc_str(b.ir_params, "sign_pri"), "");
	cr_expect_eq(tokens_count("Private Key"), 1);
	cr_expect_eq(tokens_count("Public Key"), 1);
	cr_expect_eq(tokens_count("Certificate"), 2);
	cr_expect_eq(tokens_count("Data"), 1);
	json_decref(a);
	cr_expect_eq(tokens_close(&b), 0);
}

Test(issue, the_key_never_leaves_the_token_and_is_found_by_its_hash)
{
	json_t *a;

	tokens_open(&b);
	a = tokens_issue(&b, 0, PIN);
	cr_expect_str_eq(outcome(a), "confirmed");
	/* sensitive, always so, never extractable, made there */
	cr_expect_eq(
	    tokens_count("  Access:     sensitive, always sensitive, never "
			 "extractable, local"),
	    1);
	cr_expect_eq(
	    tokens_run("pkcs11-tool --module /usr/lib/softhsm/libsofthsm2.so "
		       "--login --pin " PIN " --list-objects 2>/dev/null | "
		       "grep -q 'dasi: unfinished'"),
	    1);
	json_decref(a);
	cr_expect_eq(tokens_close(&b), 0);
}

Test(issue, the_same_token_takes_a_second_certificate)
{
	json_t *a;

	tokens_open(&b);
	json_decref(tokens_issue(&b, 0, PIN));
	a = tokens_issue(&b, 0, PIN);
	cr_expect_str_eq(outcome(a), "confirmed");
	cr_expect_eq(tokens_count("Private Key"), 2);
	/* the CA's own is there once */
	cr_expect_eq(tokens_count("Certificate"), 3);
	json_decref(a);
	cr_expect_eq(tokens_close(&b), 0);
}

Test(issue, the_second_of_two_tokens_is_the_one_that_was_chosen)
{
	const json_t *list;
	json_t *a;
	int second = 0;

	tokens_open(&b);
	tokens_add("second");
	/* a process of its own sees tokens made after it began */
	bench_restart(&b);
	list = tokens_list(&b);
	cr_assert_eq(json_array_size(list), 2);
	if (strcmp(rpc_str(json_array_get(list, 1), "label"), "second") == 0)
		second = 1;
	a = tokens_issue(&b, second, PIN);
	cr_expect_str_eq(outcome(a), "confirmed");
	cr_expect_eq(tokens_count("Private Key"), 0);
	json_decref(a);
	cr_expect_eq(tokens_close(&b), 0);
}

Test(issue, a_certificate_given_up_leaves_nothing)
{
	json_t *a;

	tokens_open(&b);
	b.reject = true;
	a = tokens_issue(&b, 0, PIN);
	cr_expect_str_eq(outcome(a), "rejected");
	cr_expect_eq(b.ca.rejected, 1);
	expect_nothing_confirmed();
	expect_empty();
	json_decref(a);
	cr_expect_eq(tokens_close(&b), 0);
}

Test(issue, what_was_not_proven_cannot_be_confirmed)
{
	json_t *a;

	tokens_open(&b);
	b.no_proof = true;
	a = tokens_issue(&b, 0, PIN);
	cr_expect_str_eq(b.early_error, "rpc.state");
	cr_expect_str_eq(outcome(a), "confirmed");
	json_decref(a);
	cr_expect_eq(tokens_close(&b), 0);
}

Test(issue, a_wrong_certificate_is_refused_and_leaves_nothing)
{
	static const enum lie lies[] = { LIE_KEY, LIE_VID, LIE_CHAIN };

	tokens_open(&b);
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		json_t *a;

		b.ca.lie = lies[i];
		a = tokens_issue(&b, 0, PIN);
		cr_expect_str_eq(outcome(a), "peer.ca_answer", "%zu", i);
		json_decref(a);
	}
	cr_expect_eq(b.issued, 0);
	expect_nothing_confirmed();
	expect_empty();
	cr_expect_eq(tokens_close(&b), 0);
}

Test(issue, a_wrong_pin_is_told_with_what_is_left_and_the_third_is_the_last)
{
	static const char *const left[] = { "few", "last" };

	tokens_open(&b);
	for (int i = 0; i < 2; i++) {
		json_t *a = tokens_issue(&b, 0, "00000000");

		cr_expect_str_eq(outcome(a), "token.pin");
		cr_expect_str_eq(left_of(a), left[i]);
		json_decref(a);
	}
	for (int i = 0; i < 2; i++) { /* the right one comes too late */
		json_t *a = tokens_issue(&b, 0, i == 0 ? "00000000" : PIN);

		cr_expect_str_eq(outcome(a), "token.locked");
		json_decref(a);
	}
	cr_expect_str_eq(
	    rpc_str(json_array_get(tokens_list(&b), 0), "pin"), "locked");
	cr_expect_eq(b.transfers, 0);
	expect_empty();
	cr_expect_eq(tokens_close(&b), 0);
}

Test(issue, a_right_pin_between_wrong_ones_begins_the_count_again)
{
	json_t *a;

	tokens_open(&b);
	json_decref(tokens_issue(&b, 0, "00000000"));
	json_decref(tokens_issue(&b, 0, "00000000"));
	a = tokens_issue(&b, 0, PIN);
	cr_expect_str_eq(outcome(a), "confirmed");
	json_decref(a);
	a = tokens_issue(&b, 0, "00000000");
	cr_expect_str_eq(left_of(a), "few");
	json_decref(a);
	cr_expect_eq(tokens_close(&b), 0);
}

/* What the shim plays before the start, and what the customer is told. */
Test(issue, a_token_that_cannot_is_told_apart_before_the_CA_hears_of_it)
{
	static const struct {
		const char *words, *code;
		int index;
	} rows[] = {
		{ "locked", "token.locked", 0 },
		{ "readonly", "token.readonly", 0 },
		{ "full", "token.full", 0 },
		{ "full=0", "token.full", 0 }, /* not even R */
		{ "nokeys", "token.mechanism", 0 },
		{ "nosign", "token.io", 0 },
		{ "", "token.none", 7 },
		{ "", "token.none", -1 },
	};

	tokens_open(&b);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		json_t *a;

		tokens_say(rows[i].words);
		a = tokens_issue(&b, rows[i].index, PIN);
		cr_expect_str_eq(outcome(a), rows[i].code, "%s", rows[i].words);
		json_decref(a);
		tokens_say("");
	}
	cr_expect_eq(b.transfers, 0);
	expect_empty();
	cr_expect_eq(tokens_close(&b), 0);
}

Test(issue, a_token_taken_out_after_it_was_listed_is_gone)
{
	json_t *p, *a;

	tokens_open(&b);
	(void)tokens_list(&b);
	tokens_say("gone");
	p = bench_issue_params(&b);
	json_object_set_new(p, "token", json_integer(0));
	bench_send(&b, 11, "token.start", p, bench_pipe(PIN, strlen(PIN)));
	a = bench_wait(&b, 11);
	cr_expect_str_eq(outcome(a), "token.gone");
	cr_expect_eq(b.transfers, 0);
	json_decref(a);
	cr_expect_eq(json_array_size(tokens_list(&b)), 0);
	cr_expect_eq(tokens_close(&b), 0);
}

/* R fits, the certificates do not. */
static void
leave_room_for_one(struct bench *bench)
{
	tokens_say("full=0 ");
}

static void
spoil(struct bench *bench)
{
	tokens_say("spoil");
}

static void
break_signatures(struct bench *bench)
{
	tokens_say("nosign");
}

Test(issue, what_goes_wrong_while_the_certificate_waits_is_told_and_given_up)
{
	static const struct {
		void (*now)(struct bench *);
		const char *code;
		bool stays; /* nobody can clean what is not there */
	} rows[] = {
		{ leave_room_for_one, "token.full", false },
		{ tokens_gone, "token.gone", true },
		{ spoil, "token.io", false },
		{ break_signatures, "token.io", false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		json_t *a;

		tokens_open(&b);
		b.at_issued = rows[i].now;
		b.give_up = true;
		a = tokens_issue(&b, 0, PIN);
		cr_expect_str_eq(b.proof_error, rows[i].code, "%zu", i);
		cr_expect_str_eq(outcome(a), "rejected");
		cr_expect_eq(b.ca.rejected, 1);
		expect_nothing_confirmed();
		json_decref(a);
		if (!rows[i].stays)
			expect_empty();
		cr_expect_eq(tokens_close(&b), 0);
	}
}

Test(issue, what_a_token_kept_when_it_was_pulled_is_cleared_the_next_time)
{
	json_t *a;

	tokens_open(&b);
	b.at_issued = tokens_gone;
	b.give_up = true;
	json_decref(tokens_issue(&b, 0, PIN));
	cr_expect_eq(tokens_count("Private Key"), 1);
	tokens_say("");
	b.at_issued = NULL;
	b.give_up = false;
	a = tokens_issue(&b, 0, PIN);
	cr_expect_str_eq(outcome(a), "confirmed");
	cr_expect_eq(tokens_count("Private Key"), 1);
	cr_expect_eq(tokens_count("Public Key"), 1);
	cr_expect_eq(tokens_count("Certificate"), 2);
	cr_expect_eq(tokens_count("Data"), 1);
	json_decref(a);
	cr_expect_eq(tokens_close(&b), 0);
}

/* The journalled exchange, with the token that holds its key. */
static json_t *
resume(void)
{
	json_t *p = bench_issue_params(&b);

	(void)tokens_list(&b);
	json_object_set_new(p, "token", json_integer(0));
	json_object_set_new(p, "resume",
	    json_pack("{s:O,s:o,s:s}", "ir",
		json_object_get(b.ir_params, "der"), "ip",
		rpc_bytes(span_make(b.ip, b.ip_n)), "sign_pri", ""));
	bench_send(&b, 11, "token.start", p, bench_pipe(PIN, strlen(PIN)));
	return bench_wait(&b, 11);
}

static void
let_go(struct bench *bench)
{
	/* the agent's end closes while the certificate waits */
	bench->undecided = true;
	shutdown(bench->sock, SHUT_RDWR);
}

Test(issue, a_job_lost_while_the_certificate_waited_is_taken_up_again)
{
	json_t *a;

	tokens_open(&b);
	b.at_issued = let_go;
	a = tokens_issue(&b, 0, PIN);
	cr_expect_str_eq(outcome(a), "gone");
	expect_nothing_confirmed();
	json_decref(a);
	b.at_issued = NULL;
	b.undecided = false;
	bench_restart(&b);
	a = resume();
	cr_expect_str_eq(outcome(a), "confirmed");
	cr_expect_eq(b.ca.confirmed, 1);
	cr_expect_eq(tokens_count("Private Key"), 1);
	cr_expect_eq(tokens_count("Certificate"), 2);
	json_decref(a);
	cr_expect_eq(tokens_close(&b), 0);
}

Test(issue, another_token_cannot_take_up_what_it_has_no_key_for)
{
	json_t *a;

	tokens_open(&b);
	b.at_issued = let_go;
	json_decref(tokens_issue(&b, 0, PIN));
	tokens_run("softhsm2-util --delete-token --token first >/dev/null");
	tokens_add("first");
	b.at_issued = NULL;
	b.undecided = false;
	bench_restart(&b);
	a = resume();
	cr_expect_str_eq(outcome(a), "token.gone");
	expect_nothing_confirmed();
	expect_empty();
	json_decref(a);
	cr_expect_eq(tokens_close(&b), 0);
}

Test(issue, an_answer_lost_for_good_is_told_unconfirmed_and_stays)
{
	json_t *a;

	tokens_open(&b);
	b.lose_answer_of = 2;
	a = tokens_issue(&b, 0, PIN);
	cr_expect_str_eq(outcome(a), "peer.ca_down");
	cr_expect_str_eq(
	    rpc_str(json_object_get(a, "error"), "status"), "unconfirmed");
	cr_expect_eq(tokens_count("Certificate"), 2);
	json_decref(a);
	cr_expect_eq(tokens_close(&b), 0);
}
