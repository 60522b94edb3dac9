/*
 * A certificate on its way to a phone: as it should be, and every row of the
 * threats that the agent decides (facts of the handoff, section 3.5).
 */
#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "phones.h"
#include "rpc/rpc.h"

TestSuite(phone, .init = phones_open, .fini = phones_close);

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
	still_issued();
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
	still_issued();
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
	still_issued();
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
	still_issued();
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
	still_issued();
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
