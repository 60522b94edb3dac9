/*
 * Every way a certificate's way to a phone can end, and that the customer can
 * begin again.
 */
#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "peers.h"
#include "phones.h"
#include "rpc/rpc.h"

TestSuite(phone_end, .init = phones_open, .fini = phones_close);

/* ---- time, and who takes part ---- */

Test(phone_end, after_180_seconds_it_is_over_and_not_before)
{
	struct phone p = until_scanned();

	claim(&p);
	pass_ms(179000);
	cr_expect_str_eq(phone_state(), "claimed");
	pass_ms(2000);
	cr_expect_str_eq(phone_state(), "expired");
	cr_expect_str_eq(text(server.close, "state"), "expired");
	cr_expect_str_eq(type_digits(0, &p), "phone.ended");
	again_goes_well();
	EVP_PKEY_free(p.key);
}

Test(phone_end, a_receipt_after_its_time_confirms_nothing)
{
	uint8_t digest[SEAL_DIGEST];
	struct phone p = until_sent();

	cr_assert(opens(&p, digest));
	pass_ms(180000);
	cr_expect_str_eq(phone_state(), "expired");
	cr_expect_str_eq(ack(&p, digest), "handoff.state");
	still_issued();
	cr_expect_str_eq(way_state("phone"), "failed");
	again_goes_well();
	EVP_PKEY_free(p.key);
}

Test(phone_end, it_does_not_outlive_the_time_that_the_ca_gives)
{
	struct phone first = until_scanned(), p;

	cr_expect_not(first.last);
	pass_ms(200000);
	p = scan(0);
	cr_expect_lt(rpc_int(server.open, "ttl_s", 0), 100);
	cr_expect(p.last);
	claim(&p);
	type_digits(0, &p);
	pass_ms(100000);
	cr_expect_str_eq(phone_state(), "expired");
	run();
	cr_expect_eq((int)row().state, CASE_PAID);
	cr_expect_str_eq(row().problem, "problem.confirm_expired");
	cr_expect_eq(w.sent[2], 1, "a rejection");
	EVP_PKEY_free(first.key);
	EVP_PKEY_free(p.key);
}

/* Too little is left for a customer: no QR, but a new certificate at once. */
Test(phone_end, one_that_nobody_could_finish_is_not_begun_and_it_starts_again)
{
	struct phone first = until_scanned(), p;

	pass_ms(280000 - 60000);
	p = scan(0);
	cr_expect_eq(rpc_int(server.open, "ttl_s", 0), 60, "the least");
	EVP_PKEY_free(p.key);
	pass_ms(1);
	cr_expect_str_eq(code(ask("phone.begin", "{}")), "phone.late");
	run();
	cr_expect_eq(server.opens, 2);
	cr_expect_str_eq(text(server.close, "state"), "expired");
	cr_expect_eq((int)row().state, CASE_PAID);
	cr_expect_str_eq(row().problem, "problem.confirm_expired");
	cr_expect_eq(w.sent[2], 1, "a rejection");
	issue_to("'phone'");
	p = scan(0);
	cr_expect_eq(rpc_int(server.open, "ttl_s", 0), 180);
	receive(0, &p);
	run();
	cr_expect_eq((int)row().state, CASE_DONE);
	EVP_PKEY_free(first.key);
	EVP_PKEY_free(p.key);
}

Test(
    phone_end, too_late_for_the_phone_is_not_too_late_for_the_stick_that_has_it)
{
	struct phone p;

	until_paid();
	issue_to("'stick','phone'");
	cr_assert_str_eq(way_state("stick"), "done");
	p = scan(0);
	pass_ms(225000);
	cr_expect_str_eq(code(ask("phone.begin", "{}")), "phone.late");
	run();
	cr_expect_eq((int)row().state, CASE_DONE, "%s, problem %s",
	    case_state_name(row().state), row().problem);
	cr_expect_str_eq(row().problem, "");
	EVP_PKEY_free(p.key);
}

static void
visit_ends(void)
{
	ask("visit.end", "{}");
}

static void
kiosk_dies(void)
{
	close(w.kiosk[0]);
	w.kiosk[0] = -1;
	run();
}

static void
customer_ends_it(void)
{
	cr_expect_str_eq(code(ask("phone.end", "{}")), "");
}

static void
another_qr(void)
{
	struct phone p = scan(0);

	EVP_PKEY_free(p.key);
}

static void
worker_dies(void)
{
	peers_close_keys();
	run();
}

static const struct {
	const char *name;
	void (*happens)(void);
} ends[] = {
	{ "the visit ends", visit_ends },
	{ "the kiosk dies", kiosk_dies },
	{ "the customer ends it", customer_ends_it },
	{ "another QR is made", another_qr },
	{ "dasi-handoff dies", server_unplug },
	{ "dasi-key dies", worker_dies },
};

/* In every state, by everything that ends it: nothing is confirmed. */
Test(phone_end, whatever_ends_it_a_late_receipt_confirms_nothing)
{
	uint8_t digest[SEAL_DIGEST];

	for (size_t i = 0; i < 3 * sizeof ends / sizeof *ends; i++) {
		const char *name = ends[i / 3].name;
		struct phone p;

		if (i > 0) {
			phones_close();
			phones_open();
		}
		p = until_scanned();
		if (i % 3 > 0)
			claim(&p);
		if (i % 3 > 1) {
			type_digits(0, &p);
			cr_assert(opens(&p, digest));
		}
		ends[i / 3].happens();
		still_issued();
		if (server.sock < 0)
			server_plug();
		cr_expect_str_neq(claim(&p), "", "%s, claim", name);
		cr_expect_str_neq(ack(&p, digest), "", "%s, receipt", name);
		run();
		still_issued();
		cr_expect_eq(rows_of("phone.send", "intent"),
		    rows_of("phone.send", "result"), "%s", name);
		EVP_PKEY_free(p.key);
	}
}

Test(phone_end, the_customer_of_a_dead_kiosk_goes_on_at_another)
{
	struct phone first = until_scanned(), p;

	kiosk_dies();
	begin(1, "reissue");
	identify(1);
	cr_expect_str_eq(text(open_case(1), "state"), "ISSUED");
	p = scan(1);
	receive(1, &p);
	run();
	cr_expect_eq((int)row().state, CASE_DONE);
	EVP_PKEY_free(first.key);
	EVP_PKEY_free(p.key);
}

Test(phone_end, a_worker_that_dies_proving_is_a_key_that_is_lost)
{
	struct phone p = until_scanned();

	claim(&p);
	w.key_mode = KEY_DIES_PROVING;
	type_digits(0, &p);
	cr_expect_str_eq(phone_state(), "gone");
	cr_expect_str_eq(row().problem, "problem.key_lost");
	cr_expect_eq(server.delivers, 0);
	w.key_mode = KEY_GOOD;
	cr_expect_str_eq(code(ask_fd(0, "case.deliver", "New!2026pw")), "");
	run();
	again_goes_well();
	EVP_PKEY_free(p.key);
}

Test(phone_end, without_dasi_handoff_there_is_no_phone_to_choose)
{
	server_unplug();
	until_paid();
	cr_expect_str_eq(code(ask_json(0, "case.issue",
			     json_pack("{s:[s]}", "to", "phone"))),
	    "rpc.params", "a password is needed");
	server_plug();
	issue_to("'phone'");
	server_unplug();
	cr_expect_str_eq(code(ask("phone.begin", "{}")), "phone.none");
	still_issued();
	server_plug();
	again_goes_well();
}

Test(phone_end, a_server_that_cannot_open_one_is_none)
{
	until_paid();
	issue_to("'phone'");
	strcpy(server.refuses, "handoff.open");
	strcpy(server.refusal, "handoff.full");
	cr_expect_str_eq(code(ask("phone.begin", "{}")), "phone.none");
	server.refuses[0] = '\0';
	again_goes_well();
}

Test(phone_end, a_server_that_will_not_take_the_files_ends_it)
{
	struct phone p = until_scanned();

	claim(&p);
	strcpy(server.refuses, "handoff.deliver");
	strcpy(server.refusal, "rpc.params");
	type_digits(0, &p);
	cr_expect_str_eq(phone_state(), "gone");
	cr_expect_str_eq(way_state("phone"), "failed");
	server.refuses[0] = '\0';
	again_goes_well();
	EVP_PKEY_free(p.key);
}

/* ---- the agent ends ---- */

static const char *const until[] = { "scanned", "claimed", "sent" };

Test(phone_end, a_restart_in_any_state_confirms_nothing_and_offers_it_again)
{
	uint8_t digest[SEAL_DIGEST];

	for (size_t i = 0; i < 3; i++) {
		struct phone p;

		if (i > 0) {
			phones_close();
			phones_open();
		}
		p = until_scanned();
		if (i > 0)
			claim(&p);
		if (i > 1) {
			type_digits(0, &p);
			cr_assert(opens(&p, digest));
		}
		close(server.sock);
		server.sock = -1;
		world_restart();
		server_plug();
		still_issued();
		cr_expect_str_neq(claim(&p), "", "%s", until[i]);
		begin(0, "reissue");
		identify(0);
		json_t *c = open_case(0);
		cr_expect_str_eq(text(c, "problem"), "problem.key_lost");
		cr_expect_str_eq(
		    text(json_array_get(json_object_get(c, "to"), 0), "way"),
		    "phone", "the choice is durable");
		cr_expect_str_eq(
		    code(ask_fd(0, "case.deliver", "New!2026pw")), "");
		run();
		again_goes_well();
		cr_expect_eq(w.sent[1], 1, "no second ir");
		EVP_PKEY_free(p.key);
	}
}

Test(phone_end, a_restart_after_the_receipt_still_confirms)
{
	struct phone p = until_sent();
	uint8_t digest[SEAL_DIGEST];

	w.key_mode = KEY_DIES_DELIVERED;
	cr_assert(opens(&p, digest));
	cr_expect_str_eq(ack(&p, digest), "");
	run();
	cr_expect_eq((int)row().state, CASE_DELIVERED);
	w.key_mode = KEY_GOOD;
	close(server.sock);
	server.sock = -1;
	world_restart();
	pass_ms(1000);
	cr_expect_eq((int)row().state, CASE_DONE);
	EVP_PKEY_free(p.key);
}

/* ---- memory ---- */

static bool
agent_has(const void *what, size_t n)
{
	const uint8_t *at = (const uint8_t *)w.agent;

	for (size_t i = 0; i + n <= sizeof *w.agent; i++) {
		if (memcmp(at + i, what, n) == 0)
			return true;
	}
	return false;
}

Test(phone_end, the_secret_is_in_the_agent_while_it_is_open_and_no_longer)
{
	struct phone p = until_scanned();

	cr_expect(agent_has(p.secret, 16), "a copy is found");
	receive(0, &p);
	cr_expect_not(agent_has(p.secret, 16));
	EVP_PKEY_free(p.key);
}
