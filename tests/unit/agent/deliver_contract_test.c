/*
 * What every way of delivery promises, tried on each: nothing is confirmed
 * before it is proven, an intent before and a result after, a failure leaves
 * the choice, and of several all count.
 *
 * A new way: a row of ways[] here, with what begins it, proves it, breaks it.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "peers.h"
#include "phones.h"
#include "rpc/rpc.h"

static struct phone phone;

static void
close_all(void)
{
	EVP_PKEY_free(phone.key);
	phone.key = NULL;
	phones_close();
}

TestSuite(deliver_contract, .init = phones_open, .fini = close_all);

/* ---- the stick ---- */

/* Written and not read back: media keeps silent from before. */
static void
stick_begins(void)
{
	if (!w.media_mute) {
		w.media_mute = true;
		cr_assert_str_eq(code(ask("case.deliver", "{}")), "");
	}
	cr_assert_not_null(w.write);
}

static void
stick_proves(void)
{
	media_answers(NULL);
}

static void
stick_fails(void)
{
	media_answers("media.full");
	w.media_mute = false;
}

/* ---- the phone ---- */

static void
phone_begins(void)
{
	EVP_PKEY_free(phone.key);
	phone = scan(0);
	cr_assert_str_eq(claim(&phone), "");
	cr_assert_str_eq(type_digits(0, &phone), "");
	cr_assert_not_null(server.deliver);
}

static void
phone_proves(void)
{
	uint8_t digest[SEAL_DIGEST];

	cr_assert(opens(&phone, digest));
	(void)ack(&phone, digest);
	run();
}

static void
phone_fails(void)
{
	server_tells(phone.id, "gone");
}

static const struct way_test {
	const char *name, *effect;
	void (*begins)(void); /* up to: the files are on their way */
	void (*proves)(void);
	void (*fails)(void);
} ways[] = {
	{ "stick", "media.write", stick_begins, stick_proves, stick_fails },
	{ "phone", "phone.send", phone_begins, phone_proves, phone_fails },
};
enum { WAYS = sizeof ways / sizeof *ways };

/* The i-th way in a fresh world, its files on their way. */
static const struct way_test *
under_way(int i)
{
	char to[32];

	phones_close();
	phones_open();
	until_paid();
	w.media_mute = true;
	snprintf(to, sizeof to, "'%s'", ways[i].name);
	issue_to(to);
	ways[i].begins();
	return &ways[i];
}

static void
nothing_confirmed(const char *name)
{
	cr_expect_eq((int)row().state, CASE_ISSUED, "%s: %s", name,
	    case_state_name(row().state));
	cr_expect_eq(w.sent[2], 0, "%s", name);
}

static void
expect_done(const char *name)
{
	run();
	cr_expect_eq((int)row().state, CASE_DONE, "%s: %s, %s", name,
	    case_state_name(row().state), row().problem);
	cr_expect_eq(w.sent[2], 1, "%s: one certConf", name);
}

#define EACH(t) for (int i_ = 0; i_ < WAYS && ((t) = under_way(i_)); i_++)

Test(deliver_contract, nothing_is_confirmed_before_it_is_proven)
{
	const struct way_test *t;

	EACH(t)
	{
		nothing_confirmed(t->name);
		cr_expect_eq(rows_of(t->effect, "intent"), 1, "%s", t->name);
		cr_expect_eq(rows_of(t->effect, "result"), 0, "%s", t->name);
		t->proves();
		cr_expect_eq(rows_of(t->effect, "result"), 1, "%s", t->name);
		cr_expect_str_eq(way_state(t->name), "done");
		expect_done(t->name);
	}
}

Test(deliver_contract, a_failure_is_told_and_it_can_be_tried_again)
{
	const struct way_test *t;

	EACH(t)
	{
		t->fails();
		nothing_confirmed(t->name);
		cr_expect_str_eq(way_state(t->name), "failed", "%s", t->name);
		cr_expect_eq(rows_of(t->effect, "result"), 1, "%s", t->name);
		t->begins();
		nothing_confirmed(t->name);
		cr_expect_eq(rows_of(t->effect, "intent"), 2, "%s", t->name);
		t->proves();
		expect_done(t->name);
	}
}

Test(deliver_contract, a_proof_that_comes_after_the_failure_counts_for_nothing)
{
	const struct way_test *t;

	EACH(t)
	{
		t->fails();
		t->proves();
		nothing_confirmed(t->name);
	}
}

Test(deliver_contract, who_cancels_gets_a_rejected_certificate)
{
	const struct way_test *t;

	EACH(t)
	{
		cr_expect_str_eq(code(ask("case.cancel", "{}")), "");
		if (row().state == CASE_ISSUED)
			t->fails(); /* it could not be stopped */
		run();
		cr_expect_eq((int)row().state, CASE_CANCELLED, "%s", t->name);
		cr_expect_eq(w.sent[2], 1, "%s: a rejection", t->name);
		t->proves();
		cr_expect_eq((int)row().state, CASE_CANCELLED);
	}
}

Test(deliver_contract, a_lost_worker_asks_for_the_password_and_goes_on)
{
	const struct way_test *t;

	EACH(t)
	{
		peers_close_keys();
		run();
		t->proves();
		nothing_confirmed(t->name);
		cr_expect_str_eq(row().problem, "problem.key_lost");
		cr_expect_str_eq(code(ask("case.deliver", "{}")), "case.state");
		cr_expect_str_eq(
		    code(ask_fd(0, "case.deliver", "New!2026pw")), "");
		run();
		t->begins();
		t->proves();
		expect_done(t->name);
	}
}

Test(deliver_contract, a_restart_keeps_the_choice_and_confirms_nothing)
{
	const struct way_test *t;

	EACH(t)
	{
		close(server.sock);
		server.sock = -1;
		world_restart();
		server_plug();
		nothing_confirmed(t->name);
		begin(0, "reissue");
		identify(0);
		cr_expect_str_eq(code(open_case(0)), "");
		cr_expect_str_eq(
		    code(ask_fd(0, "case.deliver", "New!2026pw")), "");
		run();
		cr_expect_str_neq(way_state(t->name), "", "%s", t->name);
		t->begins();
		t->proves();
		expect_done(t->name);
	}
}

Test(deliver_contract, nobody_decides_in_time_so_the_ca_is_told_no)
{
	const struct way_test *t;

	EACH(t)
	{
		t->fails();
		pass_ms(300000);
		cr_expect_eq((int)row().state, CASE_PAID, "%s", t->name);
		cr_expect_str_eq(row().problem, "problem.confirm_expired");
		cr_expect_eq(w.sent[2], 1);
	}
}

/* ---- several at once ---- */

static void
both_under_way(void)
{
	phones_close();
	phones_open();
	until_paid();
	w.media_mute = true;
	issue_to("'stick','phone'");
	for (int i = 0; i < WAYS; i++)
		ways[i].begins();
}

Test(deliver_contract, of_several_the_last_proof_counts_whichever_it_is)
{
	for (int first = 0; first < WAYS; first++) {
		const struct way_test *t = &ways[first];

		both_under_way();
		t->proves();
		nothing_confirmed(t->name);
		cr_expect_str_eq(way_state(t->name), "done", "%s", t->name);
		ways[1 - first].proves();
		expect_done("both");
	}
}

Test(deliver_contract, one_that_failed_may_be_dropped_for_one_that_is_proven)
{
	for (int lost = 0; lost < WAYS; lost++) {
		const struct way_test *other = &ways[1 - lost];

		both_under_way();
		other->proves();
		ways[lost].fails();
		nothing_confirmed(ways[lost].name);
		cr_expect_str_eq(
		    code(ask("case.deliver", "{'to':['%s']}", other->name)),
		    "");
		cr_expect_str_eq(way_state(ways[lost].name), "", "dropped");
		expect_done(other->name);
	}
}

/* Also when the customer has left without the other one. */
Test(deliver_contract, what_is_proven_counts_when_time_is_over)
{
	for (int first = 0; first < WAYS; first++) {
		both_under_way();
		ways[first].proves();
		ways[1 - first].fails();
		ask("visit.end", "{}");
		nothing_confirmed(ways[first].name);
		pass_ms(300000);
		expect_done(ways[first].name);
	}
}

Test(deliver_contract, who_cancels_after_one_proof_gets_a_rejected_one_too)
{
	both_under_way();
	stick_proves();
	cr_expect_str_eq(code(ask("case.cancel", "{}")), "");
	run();
	cr_expect_eq((int)row().state, CASE_CANCELLED);
	cr_expect_eq(w.sent[2], 1);
}

Test(deliver_contract, what_is_proven_cannot_be_dropped_and_is_not_done_twice)
{
	both_under_way();
	stick_proves();
	phone_fails();
	cr_expect_str_eq(code(ask("case.deliver", "{'to':['phone']}")), "");
	cr_expect_str_eq(way_state("stick"), "done");
	cr_expect_eq(rows_of("media.write", "intent"), 1);
	phone_begins();
	phone_proves();
	expect_done("phone");
}

Test(deliver_contract, another_way_may_take_the_place_of_one_that_failed)
{
	for (int lost = 0; lost < WAYS; lost++) {
		const struct way_test *other = &ways[1 - lost];
		const struct way_test *t = under_way(lost);

		t->fails();
		w.media_mute = true;
		cr_expect_str_eq(
		    code(ask("case.deliver", "{'to':['%s']}", other->name)),
		    "");
		other->begins();
		nothing_confirmed(other->name);
		other->proves();
		expect_done(other->name);
	}
}

Test(deliver_contract, the_choice_and_its_proofs_survive_a_restart)
{
	both_under_way();
	stick_proves();
	close(server.sock);
	server.sock = -1;
	world_restart();
	server_plug();
	begin(0, "reissue");
	identify(0);
	cr_expect_str_eq(code(open_case(0)), "");
	cr_expect_str_eq(code(ask_fd(0, "case.deliver", "New!2026pw")), "");
	run();
	cr_expect_str_eq(way_state("stick"), "done");
	cr_expect_eq(rows_of("media.write", "intent"), 1, "not written again");
	phone_begins();
	phone_proves();
	expect_done("both");
}

Test(deliver_contract, dropping_the_rest_needs_no_worker)
{
	both_under_way();
	stick_proves();
	close(server.sock);
	server.sock = -1;
	world_restart();
	begin(0, "reissue");
	identify(0);
	cr_expect_str_eq(code(open_case(0)), "");
	cr_expect_str_eq(code(ask("case.deliver", "{'to':['stick']}")), "");
	pass_ms(1000);
	expect_done("stick");
}

Test(deliver_contract, what_is_no_way_is_refused)
{
	static const struct {
		const char *to, *code;
	} rows[] = {
		{ "'token'", "token.none" },
		{ "'stick','token'", "token.none" },
		{ "'pigeon'", "rpc.params" },
		{ "7", "rpc.params" },
		{ "", "rpc.params" },
	};

	under_way(0);
	stick_fails();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_str_eq(
		    code(ask("case.deliver", "{'to':[%s]}", rows[i].to)),
		    rows[i].code, "%s", rows[i].to);
	server_unplug();
	cr_expect_str_eq(
	    code(ask("case.deliver", "{'to':['phone']}")), "phone.none");
	nothing_confirmed("stick");
}

Test(deliver_contract, without_a_choice_it_is_the_stick)
{
	until_paid();
	cr_expect_str_eq(code(ask_fd(0, "case.issue", "New!2026pw")), "");
	run();
	expect_done("stick");
	cr_expect_eq(server.opens, 0);
}
