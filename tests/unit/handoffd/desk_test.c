/*
 * desk_test.c - the table of handoffs: what a phone is answered, what the
 * owner is asked, and what strangers can find out (nothing).
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "rig.h"
#include "rpc/rpc.h"

TestSuite(desk, .init = rig_begin, .fini = rig_end);

Test(desk, unknown_id_wrong_word_and_wrong_path_look_the_same)
{
	char a[256], b[256], c[256], d[256];

	cr_expect_eq(post("ABCDEFGHIJKLMNOQ", "fetch",
			 json_pack("{s:s}", "auth", auth), NULL, 2000, a),
	    404u);
	cr_expect_eq(
	    post(ID, "fetch", json_pack("{s:s}", "auth", tag), NULL, 2000, b),
	    404u);
	cr_expect_eq(
	    post(ID, "steal", json_pack("{s:s}", "auth", auth), NULL, 2000, c),
	    404u);
	cr_expect_eq(post(ID, "fetch", json_array(), NULL, 2000, d), 404u);
	cr_expect_str_eq(a, b);
	cr_expect_str_eq(a, c);
	cr_expect_str_eq(a, d);
}

Test(desk, a_page_fetched_a_hundred_times_consumes_nothing)
{
	char body[256];

	for (int i = 0; i < 100; i++)
		desk_opened(&desk, ID);
	cr_expect_eq(told, 1);
	cr_expect_eq(post(ID, "fetch", json_pack("{s:s}", "auth", auth), NULL,
			 2000, body),
	    202u);
	cr_expect_eq(post(ID, "claim", claim_of(key_a), body, 2000, body), 0u);
}

Test(desk, the_owner_decides_on_a_claim_and_gets_the_bytes_of_the_phone)
{
	char body[256];
	struct desk_answer a;

	claim_goes_well();
	cr_expect_str_eq(asked_how, "handoff.claim");
	cr_expect_str_eq(rpc_str(asked, "id"), ID);
	a = desk_resumed(&desk, ID, "claim", 2000);
	cr_expect_eq(a.status, 200u);
	cr_expect(
	    strstr(a.body, "AAECAwQFBgcICQoLDA0ODw\"") != NULL, "%s", a.body);
	free(a.body);
	cr_expect_eq(post(ID, "claim", claim_of(key_a), body, 2500, body), 200u,
	    "the same phone again");
	cr_expect_eq(
	    post(ID, "claim", claim_of(key_b), body, 2500, body), 409u);
	cr_expect(strstr(body, "elsewhere") != NULL);
}

Test(desk, a_claim_the_owner_refuses_leaves_the_id_free)
{
	char body[256];
	struct desk_answer a;

	cr_assert_eq(post(ID, "claim", claim_of(key_b), body, 2000, body), 0u);
	owner_answers(rpc_error(last_id, "rpc.params"), 2000);
	a = desk_resumed(&desk, ID, "claim", 2000);
	cr_expect_eq(a.status, 404u);
	free(a.body);
	cr_expect_eq(post(ID, "claim", claim_of(key_a), body, 2000, body), 0u);
}

Test(desk, nothing_is_handed_out_before_the_owner_delivers)
{
	char body[256];

	cr_expect_str_eq(owner_says("handoff.deliver", parcel(), 2000),
	    "rpc.state", "no phone has claimed it");
	claim_goes_well();
	cr_expect_eq(post(ID, "fetch", json_pack("{s:s}", "auth", auth), NULL,
			 2000, body),
	    202u);
	cr_expect(strstr(body, "claimed") != NULL, "%s", body);
	cr_expect_null(owner_says("handoff.deliver", parcel(), 2000));
	for (int i = 0; i < 3; i++)
		cr_expect_eq(post(ID, "fetch", json_pack("{s:s}", "auth", auth),
				 NULL, 2000, body),
		    200u, "again until the receipt");
	cr_expect(strstr(body, "홍*동") != NULL);
}

Test(desk, the_receipt_ends_it_and_later_visitors_find_it_used)
{
	char body[256];
	struct desk_answer a;
	json_t *receipt = json_pack("{s:s,s:s}", "auth", auth, "mac", tag);

	claim_goes_well();
	cr_assert_null(owner_says("handoff.deliver", parcel(), 2000));
	cr_assert_eq(
	    post(ID, "ack", json_incref(receipt), body, 2000, body), 0u);
	cr_expect_str_eq(asked_how, "handoff.ack");
	owner_answers(rpc_result(last_id, NULL), 2000);
	a = desk_resumed(&desk, ID, "ack", 2000);
	cr_expect_eq(a.status, 200u);
	free(a.body);
	cr_expect_null(desk.rows[0].parcel);
	cr_expect_eq(post(ID, "ack", receipt, body, 2100, body), 200u,
	    "the answer may have been lost");
	cr_expect_eq(post(ID, "fetch", json_pack("{s:s}", "auth", auth), NULL,
			 2100, body),
	    410u);
	cr_expect(strstr(body, "used") != NULL);
}

Test(desk, a_receipt_the_owner_does_not_believe_changes_nothing)
{
	char body[256];

	claim_goes_well();
	cr_assert_null(owner_says("handoff.deliver", parcel(), 2000));
	cr_assert_eq(
	    post(ID, "ack", json_pack("{s:s,s:s}", "auth", auth, "mac", tag),
		body, 2000, body),
	    0u);
	owner_answers(rpc_error(last_id, "rpc.params"), 2000);
	cr_expect_eq(post(ID, "fetch", json_pack("{s:s}", "auth", auth), NULL,
			 2100, body),
	    200u);
}

Test(desk, time_is_over_at_the_end_and_not_before)
{
	char body[256];

	cr_expect_eq(post(ID, "fetch", json_pack("{s:s}", "auth", auth), NULL,
			 START_MS + 179999, body),
	    202u);
	cr_expect_eq(post(ID, "fetch", json_pack("{s:s}", "auth", auth), NULL,
			 START_MS + 180000, body),
	    410u);
	cr_expect(strstr(body, "expired") != NULL);
	desk_tick(&desk, START_MS + 180000 + DESK_KEPT_MS);
	cr_expect_eq(post(ID, "fetch", json_pack("{s:s}", "auth", auth), NULL,
			 START_MS + 180000 + DESK_KEPT_MS, body),
	    404u);
}

Test(desk, it_is_open_at_179_s_and_over_at_181_s_in_every_state)
{
	for (int state = 0; state < 3; state++) {
		unsigned open = state == 2 ? 200u : 202u;
		char body[256];
		rig_end();
		rig_begin();
		if (state > 0)
			claim_goes_well();
		if (state > 1)
			cr_assert_null(
			    owner_says("handoff.deliver", parcel(), 2000));
		desk_tick(&desk, START_MS + 179000);
		cr_expect_eq(post(ID, "fetch", json_pack("{s:s}", "auth", auth),
				 NULL, START_MS + 179000, body),
		    open, "state %d", state);
		desk_tick(&desk, START_MS + 181000);
		cr_expect_null(desk.rows[0].parcel);
		cr_expect_eq(post(ID, "fetch", json_pack("{s:s}", "auth", auth),
				 NULL, START_MS + 181000, body),
		    410u);
		cr_expect_str_eq(body, "{\"state\":\"expired\"}");
		cr_expect_eq(post(ID, "claim", claim_of(key_a), body,
				 START_MS + 181000, body),
		    410u);
	}
}

Test(desk, an_owner_that_goes_ends_what_was_its_own)
{
	char body[256];

	claim_goes_well();
	desk_owner_lost(&desk, OWNER + 1, 2000);
	cr_expect_eq(post(ID, "fetch", json_pack("{s:s}", "auth", auth), NULL,
			 2000, body),
	    202u, "another's");
	desk_owner_lost(&desk, OWNER, 2000);
	cr_expect_eq(post(ID, "fetch", json_pack("{s:s}", "auth", auth), NULL,
			 2000, body),
	    410u);
	cr_expect(strstr(body, "gone") != NULL);
}

Test(desk, another_owner_cannot_deliver_or_close_it)
{
	json_t *p = parcel();

	claim_goes_well();
	cr_expect_str_eq(
	    desk_request(&desk, OWNER + 1, "handoff.deliver", p, 2000),
	    "handoff.none");
	cr_expect_str_eq(
	    desk_request(&desk, OWNER + 1, "handoff.close", p, 2000),
	    "handoff.none");
	json_decref(p);
}

Test(desk, claims_are_few_a_minute)
{
	char body[256];

	for (int i = 0; i < DESK_CLAIMS; i++) {
		post(ID, "claim", claim_of(key_a), body, 2000, body);
		owner_answers(rpc_error(last_id, "rpc.params"), 2000);
	}
	cr_expect_eq(
	    post(ID, "claim", claim_of(key_a), body, 2000, body), 429u);
	cr_expect_eq(post(ID, "claim", claim_of(key_a), body, 62001, body), 0u);
}

/* Handoffs of `owner` until it is refused; the id of the last. */
static const char *
open_many(int owner, int most, int *n, char id[static HANDOFF_ID_TEXT])
{
	uint8_t hash[SEAL_DIGEST] = { 0 };
	const char *refused = NULL;

	for (*n = 0; refused == NULL && *n < most; ++*n) {
		json_t *p;
		cr_assert_not(err_is(handoff_id_new(id)));
		p = json_pack("{s:s,s:o,s:i}", "id", id, "auth_hash",
		    rpc_bytes(span_make(hash, sizeof hash)), "ttl_s", 180);
		refused = desk_request(
		    &desk, owner, "handoff.open", p, START_MS);
		json_decref(p);
	}
	*n -= refused != NULL;
	return refused;
}

Test(desk, one_owner_cannot_take_the_table)
{
	char id[HANDOFF_ID_TEXT];
	int n;

	cr_expect_str_eq(
	    open_many(OWNER + 1, DESK_ROWS, &n, id), "handoff.full");
	cr_expect_eq(n, DESK_OWNED);
	cr_expect_null(open_many(OWNER + 2, 1, &n, id), "another has room");
}

Test(desk, a_full_table_refuses_and_gives_way_where_one_has_ended)
{
	char id[HANDOFF_ID_TEXT];
	int n, sum = 1; /* the one of rig_begin() */

	for (int owner = 100; sum < DESK_ROWS; owner++) {
		open_many(owner, DESK_OWNED, &n, id);
		cr_assert_gt(n, 0);
		sum += n;
	}
	cr_expect_eq(sum, DESK_ROWS);
	cr_expect_str_eq(open_many(1, 1, &n, id), "handoff.full");
	cr_expect_null(owner_says("handoff.close",
	    json_pack("{s:s,s:s}", "id", ID, "state", "gone"), 2000));
	cr_expect_null(open_many(1, 1, &n, id));
}

Test(desk, a_phone_does_not_wait_for_ever_and_is_not_asked_about_twice)
{
	char body[256];
	int phone, again;
	json_int_t first;
	struct desk_answer a;

	cr_assert_eq(
	    post(ID, "claim", claim_of(key_a), &phone, 2000, body), 0u);
	first = last_id;
	resumed = NULL;
	desk_tick(&desk, 2000 + DESK_WAIT_MS);
	cr_expect_null(resumed);
	desk_tick(&desk, 2001 + DESK_WAIT_MS);
	cr_expect_eq(resumed, (void *)&phone);
	a = desk_resumed(&desk, ID, "claim", 2001 + DESK_WAIT_MS);
	cr_expect_eq(a.status, 503u, "offline: the page asks again");
	free(a.body);
	cr_assert_eq(
	    post(ID, "claim", claim_of(key_a), &again, 12000, body), 0u);
	cr_expect_eq(last_id, first);
	owner_answers(rpc_result(first, json_pack("{s:s}", "nonce",
					    "AAECAwQFBgcICQoLDA0ODw==")),
	    12500);
	cr_expect_eq(resumed, (void *)&again);
	a = desk_resumed(&desk, ID, "claim", 12500);
	cr_expect_eq(a.status, 200u);
	free(a.body);
}

Test(desk, at_the_end_who_waits_is_told)
{
	char body[256];
	int phone;
	struct desk_answer a;

	cr_assert_eq(
	    post(ID, "claim", claim_of(key_a), &phone, 2000, body), 0u);
	desk_close(&desk, 2000);
	cr_expect_eq(resumed, (void *)&phone);
	a = desk_resumed(&desk, ID, "claim", 2000);
	cr_expect_eq(a.status, 410u);
	cr_expect(strstr(a.body, "gone") != NULL, "%s", a.body);
	free(a.body);
}

Test(desk, a_claim_sent_again_from_elsewhere_gets_its_answer_and_no_more)
{
	char body[256];

	claim_goes_well();
	asked_how[0] = '\0';
	cr_expect_eq(
	    post(ID, "claim", claim_of(key_a), body, 2500, body), 200u);
	cr_expect_str_eq(asked_how, "", "the owner is not asked again");
	cr_expect_eq(post(ID, "fetch", json_pack("{s:s}", "auth", auth), NULL,
			 2500, body),
	    202u, "nothing before the digits");
	cr_assert_null(owner_says("handoff.close",
	    json_pack("{s:s,s:s}", "id", ID, "state", "done"), 2600));
	cr_expect_eq(
	    post(ID, "claim", claim_of(key_a), body, 2700, body), 410u);
}

Test(desk, a_second_phone_is_told_of_to_the_owner)
{
	char body[256];

	claim_goes_well();
	told = 0;
	cr_expect_eq(
	    post(ID, "claim", claim_of(key_b), body, 2500, body), 409u);
	cr_expect_eq(told, 1);
}

Test(desk, every_end_is_410_with_its_word_and_no_file)
{
	static const char *const ends[] = { "done", "expired", "wrong",
		"gone" };
	static const char *const words[] = { "used", "expired", "wrong",
		"gone" };

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		char body[256], want[64];
		rig_end();
		rig_begin();
		claim_goes_well();
		cr_assert_null(owner_says("handoff.deliver", parcel(), 2000));
		cr_assert_null(owner_says("handoff.close",
		    json_pack("{s:s,s:s}", "id", ID, "state", ends[i]), 2000));
		cr_expect_null(desk.rows[0].parcel);
		snprintf(want, sizeof want, "{\"state\":\"%s\"}", words[i]);
		cr_expect_eq(post(ID, "fetch", json_pack("{s:s}", "auth", auth),
				 NULL, 2100, body),
		    410u);
		cr_expect_str_eq(body, want);
	}
}

Test(desk, hostile_parameters_of_an_owner_are_refused)
{
	static const char *const rows[] = {
		"{\"id\":\"short\",\"auth_hash\":\"AA==\",\"ttl_s\":180}",
		"{\"id\":\"ABCDEFGHIJKLMNO1\",\"ttl_s\":180}",
		"{\"id\":\"ABCDEFGHIJKLMNOQ\",\"auth_hash\":\"AA==\",\"ttl_s\":"
		"180}",
		"{\"id\":\"ABCDEFGHIJKLMNOQ\",\"ttl_s\":9999}",
		"{}",
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		cr_expect_str_eq(owner_says("handoff.open",
				     json_loads(rows[i], 0, NULL), 2000),
		    "rpc.params", "%s", rows[i]);
	cr_expect_str_eq(owner_says("handoff.shred", NULL, 2000), "rpc.method");
}

Test(desk, a_phone_that_hangs_up_while_it_waits_is_forgotten)
{
	char body[256];
	int phone;

	cr_assert_eq(
	    post(ID, "claim", claim_of(key_a), &phone, 2000, body), 0u);
	desk_forget(&desk, &phone);
	resumed = NULL;
	owner_answers(
	    rpc_result(last_id, json_pack("{s:s}", "nonce", "AAEC")), 2000);
	cr_expect_null(resumed);
	cr_expect_eq(
	    post(ID, "claim", claim_of(key_a), &phone, 2000, body), 200u);
}
