/*
 * A certificate on its way to a phone: every row of the threats that the agent
 * decides (facts of the handoff, section 3.5), every way it can end.
 */
#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "phones.h"
#include "rpc/rpc.h"

TestSuite(phone, .init = phones_open, .fini = phones_close);

static struct phone
until_scanned(void)
{
	until_paid();
	issue_to("'phone'");
	cr_assert_eq(
	    (int)row().state, CASE_ISSUED, "%s", case_state_name(row().state));
	return scan(0);
}

static struct phone
until_sent(void)
{
	struct phone p = until_scanned();

	cr_assert_str_eq(claim(&p), "");
	cr_assert_str_eq(type_digits(0, &p), "");
	cr_assert_eq(server.delivers, 1);
	return p;
}

static void
nothing_confirmed(void)
{
	cr_expect_eq(
	    (int)row().state, CASE_ISSUED, "%s", case_state_name(row().state));
	cr_expect_eq(w.sent[2], 0, "no certConf");
}

/* Whatever happened, the customer can begin again and get it. */
static void
again_goes_well(void)
{
	struct phone p = scan(0);

	nothing_confirmed();
	receive(0, &p);
	run();
	cr_expect_eq((int)row().state, CASE_DONE, "%s, problem %s",
	    case_state_name(row().state), row().problem);
	EVP_PKEY_free(p.key);
}

/* ---- as it should be ---- */

Test(phone, a_certificate_reaches_a_phone_and_only_then_the_ca_is_told)
{
	uint8_t digest[SEAL_DIGEST];
	struct phone p = until_scanned();

	cr_expect_null(w.write, "nothing was written to a stick");
	cr_expect_str_eq(claim(&p), "");
	cr_expect_str_eq(phone_state(), "claimed");
	cr_expect_eq(server.delivers, 0);
	cr_expect_str_eq(type_digits(0, &p), "");
	cr_expect_str_eq(phone_state(), "sending");
	cr_expect_str_eq(text(server.deliver, "holder"), "홍*동");
	nothing_confirmed();
	cr_assert(opens(&p, digest));
	cr_expect_str_eq(ack(&p, digest), "");
	cr_expect_str_eq(phone_state(), "done");
	run();
	cr_expect_eq((int)row().state, CASE_DONE);
	cr_expect_eq(w.sent[2], 1);
	cr_expect_str_eq(row().problem, "");
	EVP_PKEY_free(p.key);
}

Test(phone, the_files_are_proven_before_they_leave)
{
	const json_t *list;
	struct phone p = until_scanned();

	cr_expect_str_eq(claim(&p), "");
	cr_expect_null(w.prove);
	server.mute = true;
	type_digits(0, &p);
	list = json_object_get(w.prove, "phone");
	cr_assert_eq(json_array_size(list), 2);
	cr_expect_str_eq(
	    rpc_str(json_array_get(list, 0), "profile"), "compatible");
	cr_expect_str_eq(rpc_str(json_array_get(list, 1), "profile"), "strong");
	EVP_PKEY_free(p.key);
}

Test(phone, files_that_do_not_prove_stay_here)
{
	struct phone p = until_scanned();

	w.key_mode = KEY_MISMATCH;
	claim(&p);
	type_digits(0, &p);
	cr_expect_eq(server.delivers, 0);
	cr_expect_str_eq(phone_state(), "gone");
	nothing_confirmed();
	EVP_PKEY_free(p.key);
}

Test(phone, the_journal_has_an_intent_before_the_files_leave_and_a_result)
{
	struct phone p = until_scanned();

	claim(&p);
	cr_expect_eq(rows_of("phone.send", "intent"), 0);
	server.mute = true; /* what it was sent is not answered yet */
	type_digits(0, &p);
	cr_expect_eq(rows_of("phone.files", "event"), 1);
	cr_expect_eq(rows_of("phone.send", "intent"), 1);
	cr_expect_eq(rows_of("phone.send", "result"), 0);
	server.mute = false;
	pass_ms(11000); /* the server does not answer */
	cr_expect_str_eq(phone_state(), "gone");
	cr_expect_eq(rows_of("phone.send", "result"), 1);
	again_goes_well();
	cr_expect_eq(rows_of("phone.send", "intent"), 2);
	cr_expect_eq(rows_of("phone.send", "result"), 2);
	EVP_PKEY_free(p.key);
}

Test(phone, the_server_never_sees_the_secret_nor_a_file)
{
	struct phone p = until_sent();
	char secret[BASE64_TEXT(HANDOFF_SECRET)], *all;
	char file[BASE64_TEXT(sizeof PHONE_FILE)];

	base64_encode(
	    secret, sizeof secret, span_make(p.secret, sizeof p.secret));
	base64_encode(file, sizeof file, span_str(PHONE_FILE));
	all = json_dumps(server.everything, 0);
	secret[30] = file[30] = '\0';
	cr_expect_null(strstr(all, secret));
	cr_expect_null(strstr(all, file));
	cr_expect_null(strstr(all, "홍길동"), "nor the name whole");
	free(all);
	EVP_PKEY_free(p.key);
}

/* Of the worker that is at it. */
static const json_t *
asked_for_phone(void)
{
	for (int i = 0; i < KEYS; i++) {
		const json_t *p = json_object_get(w.keys[i].params, "phone");
		if (w.keys[i].sock >= 0 && p != NULL)
			return p;
	}
	return NULL;
}

Test(phone, files_for_phones_are_made_where_phones_are_served)
{
	until_paid();
	w.media_mute = true;
	issue_to("'stick'");
	cr_expect(json_is_true(asked_for_phone()));
	phones_close();
	phones_open();
	server_unplug();
	until_paid();
	w.media_mute = true;
	issue_to("'stick'");
	cr_expect(json_is_false(asked_for_phone()));
}

Test(phone, a_wifi_comes_along_when_the_branch_has_one)
{
	json_t *a;

	strcpy(w.conf.handoff_wifi, "HANBIT-GUEST");
	strcpy(w.conf.handoff_wifi_key, "invented;1");
	until_paid();
	issue_to("'phone'");
	a = ask("phone.begin", "{}");
	cr_expect_str_eq(
	    text(json_object_get(a, "wifi"), "name"), "HANBIT-GUEST");
}

/* ---- who may not ---- */

Test(phone, a_claim_needs_the_mac_of_the_secret)
{
	uint8_t mac[SEAL_DIGEST] = { 1, 2, 3 };
	struct phone p = until_scanned();

	cr_expect_str_eq(claim_with(&p, mac), "handoff.refused");
	cr_expect_str_eq(phone_state(), "");
	cr_expect_str_eq(claim(&p), "", "the liar has locked nothing");
	EVP_PKEY_free(p.key);
}

Test(phone, the_first_phone_keeps_it_and_both_screens_say_so)
{
	struct phone p = until_scanned(), thief = p;
	unsigned char *raw = NULL;

	thief.key = EVP_EC_gen("P-256");
	EVP_PKEY_get1_encoded_public_key(thief.key, &raw);
	memcpy(thief.point, raw, HANDOFF_POINT);
	OPENSSL_free(raw);
	cr_expect_str_eq(claim(&thief), "");
	cr_expect_str_eq(claim(&p), "handoff.state");
	cr_expect_str_eq(phone_state(), "elsewhere");
	cr_expect_str_eq(
	    type_digits(0, &p), "phone.wrong", "mine are not the thief's");
	cr_expect_eq(server.delivers, 0);
	again_goes_well();
	EVP_PKEY_free(p.key);
	EVP_PKEY_free(thief.key);
}

Test(phone, what_dasi_handoff_refused_itself_is_told_too)
{
	struct phone p = until_scanned();

	claim(&p);
	server_tells(p.id, "elsewhere");
	cr_expect_str_eq(phone_state(), "elsewhere");
	cr_expect_str_eq(type_digits(0, &p), "", "the first one goes on");
	EVP_PKEY_free(p.key);
}

Test(phone, the_same_phone_may_ask_again_and_gets_the_same_answer)
{
	uint8_t before[HANDOFF_NONCE];
	struct phone p = until_scanned();

	claim(&p);
	memcpy(before, p.nonce, sizeof before);
	cr_expect_str_eq(claim(&p), "");
	cr_expect_arr_eq(before, p.nonce, sizeof before);
	EVP_PKEY_free(p.key);
}

Test(phone, three_wrong_digits_end_it)
{
	struct phone p = until_scanned();

	claim(&p);
	for (int left = 2; left >= 0; left--) {
		json_t *a = ask("phone.digits", "{'digits':'00000x'}");
		cr_expect_str_eq(code(a), "phone.wrong");
		cr_expect_eq(rpc_int(a, "left", -1), left);
	}
	run();
	cr_expect_str_eq(phone_state(), "wrong");
	cr_expect_str_eq(text(server.close, "state"), "wrong");
	cr_expect_str_eq(type_digits(0, &p), "phone.ended", "too late");
	cr_expect_eq(server.delivers, 0);
	again_goes_well();
	EVP_PKEY_free(p.key);
}

Test(phone, digits_before_a_claim_are_nobodys)
{
	struct phone p = until_scanned();

	cr_expect_str_eq(
	    code(ask("phone.digits", "{'digits':'123456'}")), "phone.ended");
	cr_expect_eq(server.delivers, 0);
	EVP_PKEY_free(p.key);
}

Test(phone, one_wrong_try_costs_nothing)
{
	struct phone p = until_scanned();

	claim(&p);
	cr_expect_str_eq(type_wrong(0, &p), "phone.wrong");
	cr_expect_str_eq(type_digits(0, &p), "");
	cr_expect_eq(server.delivers, 1);
	EVP_PKEY_free(p.key);
}

Test(phone, a_receipt_over_other_files_is_none)
{
	uint8_t digest[SEAL_DIGEST];
	struct phone p = until_sent();

	cr_assert(opens(&p, digest));
	digest[0] ^= 1;
	cr_expect_str_eq(ack(&p, digest), "handoff.refused");
	nothing_confirmed();
	digest[0] ^= 1;
	cr_expect_str_eq(ack(&p, digest), "");
	EVP_PKEY_free(p.key);
}

Test(phone, a_receipt_before_anything_was_sent_is_none)
{
	uint8_t zero[SEAL_DIGEST] = { 0 };
	struct phone p = until_scanned();

	claim(&p);
	cr_expect_str_eq(ack(&p, zero), "handoff.state");
	nothing_confirmed();
	EVP_PKEY_free(p.key);
}

Test(phone, a_receipt_while_the_files_are_still_being_proven_is_none)
{
	uint8_t zero[SEAL_DIGEST] = { 0 };
	struct phone p = until_scanned();

	claim(&p);
	w.key_mode = KEY_MUTE_PROVING;
	cr_expect_str_eq(type_digits(0, &p), "");
	cr_expect_eq(server.delivers, 0);
	cr_expect_str_eq(ack(&p, zero), "handoff.state");
	nothing_confirmed();
	pass_ms(31000);
	cr_expect_str_eq(phone_state(), "gone", "the proof is late");
	EVP_PKEY_free(p.key);
}

Test(phone, a_receipt_that_comes_twice_counts_once)
{
	uint8_t digest[SEAL_DIGEST];
	struct phone p = until_sent();

	cr_assert(opens(&p, digest));
	cr_expect_str_eq(ack(&p, digest), "");
	cr_expect_str_eq(ack(&p, digest), "", "its answer was lost");
	run();
	cr_expect_eq(w.sent[2], 1);
	cr_expect_eq((int)row().state, CASE_DONE);
	EVP_PKEY_free(p.key);
}

Test(phone, an_unknown_id_is_refused)
{
	struct phone p = until_scanned(), other = p;

	memcpy(other.id, "AAAAAAAAAAAAAAAA", 16);
	cr_expect_str_eq(claim(&other), "handoff.none");
	EVP_PKEY_free(p.key);
}

Test(phone, another_kiosk_has_nothing_to_do_with_it)
{
	struct phone p = until_scanned();

	begin(1, "reissue");
	identify(1);
	claim(&p);
	cr_expect_str_eq(code(ask_at(1, "phone.begin", "{}")), "case.none");
	cr_expect_str_eq(type_digits(1, &p), "case.none");
	cr_expect_eq(server.delivers, 0);
	EVP_PKEY_free(p.key);
}

/* ---- its ends ---- */

Test(phone, after_180_seconds_it_is_over_and_not_before)
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

Test(phone, a_receipt_after_its_time_confirms_nothing)
{
	uint8_t digest[SEAL_DIGEST];
	struct phone p = until_sent();

	cr_assert(opens(&p, digest));
	pass_ms(180000);
	cr_expect_str_eq(phone_state(), "expired");
	cr_expect_str_eq(ack(&p, digest), "handoff.state");
	nothing_confirmed();
	cr_expect_str_eq(way_state("phone"), "failed");
	again_goes_well();
	EVP_PKEY_free(p.key);
}

Test(phone, it_does_not_outlive_the_time_that_the_ca_gives)
{
	struct phone first = until_scanned(), p;

	pass_ms(200000);
	p = scan(0);
	cr_expect_lt(rpc_int(server.open, "ttl_s", 0), 100);
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
Test(phone, one_that_nobody_could_finish_is_not_begun_and_it_starts_again)
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

Test(phone, too_late_for_the_phone_is_not_too_late_for_the_stick_that_has_it)
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
	for (int i = 0; i < KEYS; i++) {
		if (w.keys[i].sock >= 0) {
			close(w.keys[i].sock);
			w.keys[i].sock = -1;
		}
	}
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
Test(phone, whatever_ends_it_a_late_receipt_confirms_nothing)
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
		nothing_confirmed();
		if (server.sock < 0)
			server_plug();
		cr_expect_str_neq(claim(&p), "", "%s, claim", name);
		cr_expect_str_neq(ack(&p, digest), "", "%s, receipt", name);
		run();
		nothing_confirmed();
		cr_expect_eq(rows_of("phone.send", "intent"),
		    rows_of("phone.send", "result"), "%s", name);
		EVP_PKEY_free(p.key);
	}
}

Test(phone, the_customer_of_a_dead_kiosk_goes_on_at_another)
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

Test(phone, a_worker_that_dies_proving_is_a_key_that_is_lost)
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

Test(phone, without_dasi_handoff_there_is_no_phone_to_choose)
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
	nothing_confirmed();
	server_plug();
	again_goes_well();
}

Test(phone, a_server_that_cannot_open_one_is_none)
{
	until_paid();
	issue_to("'phone'");
	strcpy(server.refuses, "handoff.open");
	strcpy(server.refusal, "handoff.full");
	cr_expect_str_eq(code(ask("phone.begin", "{}")), "phone.none");
	server.refuses[0] = '\0';
	again_goes_well();
}

Test(phone, a_server_that_will_not_take_the_files_ends_it)
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

Test(phone, a_restart_in_any_state_confirms_nothing_and_offers_it_again)
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
		nothing_confirmed();
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

Test(phone, a_restart_after_the_receipt_still_confirms)
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

Test(phone, the_secret_is_in_the_agent_while_it_is_open_and_no_longer)
{
	struct phone p = until_scanned();

	cr_expect(agent_has(p.secret, 16), "a copy is found");
	receive(0, &p);
	cr_expect_not(agent_has(p.secret, 16));
	EVP_PKEY_free(p.key);
}
