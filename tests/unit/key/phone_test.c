/*
 * phone_test.c - a certificate that goes to a phone: two PKCS#12 files, and a
 * proof of what is in them before they leave.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "bench.h"
#include "npki/p12.h"
#include "rpc/rpc.h"

static struct bench b;

TestSuite(phone, .timeout = 120);

/* Both profiles open with the password, keep R and hold one identity. */
Test(phone, files_for_phones_are_made_and_prove_the_delivery)
{
	static const char *const profiles[] = { "compatible", "strong" };
	static uint8_t room[NPKI_P12_MAX];
	const json_t *list, *one;
	json_t *a;
	size_t i;

	bench_open(&b);
	b.phone = true;
	a = bench_issue(&b);
	cr_expect_str_eq(outcome(a), "confirmed");
	cr_expect_str_eq(b.proof_error, "ok");
	list = json_object_get(b.issued_params, "phone");
	cr_assert_eq(json_array_size(list), 2u);
	json_array_foreach(list, i, one) {
		struct buf der = buf_make(room, sizeof room);
		struct npki_p12 p12;

		cr_expect_str_eq(rpc_str(one, "profile"), profiles[i]);
		cr_assert_not(err_is(rpc_get_bytes(&der, one, "data")));
		cr_assert_not(err_is(npki_p12_read(
		    &p12, buf_span(&der), span_str(GOOD_PASSWORD))));
		cr_expect(p12.key.has_r);
		cr_expect_eq(X509_cmp(p12.cert, b.ca.last), 0);
		npki_p12_free(&p12);
	}
	json_decref(a);
	cr_expect_eq(bench_close(&b), 0);
}

Test(phone, a_spoilt_file_for_a_phone_is_a_mismatch)
{
	json_t *a;

	bench_open(&b);
	b.phone = b.spoil_stick = true;
	a = bench_issue(&b);
	cr_expect_str_eq(b.proof_error, "mismatch");
	cr_expect_str_eq(outcome(a), "rejected");
	cr_expect_eq(b.ca.confirmed, 0);
	json_decref(a);
	cr_expect_eq(bench_close(&b), 0);
}
