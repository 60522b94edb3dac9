/*
 * A CA that is not the usual one, met by configuration alone: other levels,
 * another profile, no VID, a keyUsage that does not let it sign answers.
 */
#include <criterion/criterion.h>
#include <openssl/pem.h>
#include <string.h>

#include "bench.h"
#include "rpc/rpc.h"

static struct bench b;

static void
expect_issue(const char *status, const char *where)
{
	json_t *a = bench_issue(&b);

	cr_expect_str_eq(outcome(a), status, "%s", where);
	if (where[0] != '\0')
		cr_expect_str_eq(
		    rpc_str(json_object_get(a, "error"), "where"), where);
	cr_expect_eq(b.ca.confirmed, where[0] == '\0', "%s", where);
	cr_expect_eq(b.ca.rejected, where[0] != '\0', "%s", where);
	json_decref(a);
}

Test(peer, a_ca_two_steps_below_the_root_needs_the_step_between)
{
	bench_open(&b);
	fake_ca_go_down(&b.ca);
	expect_issue("confirmed", "");
	/* the agent, and the customer's other programs, get the whole path */
	cr_expect_eq(
	    json_array_size(json_object_get(b.issued_params, "chain")), 2);
	cr_expect_eq(bench_close(&b), 0);

	bench_open(&b);
	fake_ca_go_down(&b.ca);
	b.no_chain = true;
	expect_issue("peer.ca_answer", "issued: chain");
	cr_expect_eq(bench_close(&b), 0);
}

Test(peer, more_steps_than_the_limit_are_refused_before_anything_is_sent)
{
	json_t *p, *chain, *a;

	bench_open(&b);
	fake_ca_go_down(&b.ca);
	bench_send(
	    &b, 1, "issue.prepare", json_pack("{s:i}", "bits", 2048), -1);
	json_decref(bench_wait(&b, 1));
	p = bench_issue_params(&b);
	chain = json_object_get(json_object_get(p, "issuer"), "chain");
	while (json_array_size(chain) <= 4)
		json_array_append(chain, json_array_get(chain, 0));
	bench_send(&b, 2, "issue.start", p,
	    bench_pipe(GOOD_PASSWORD, strlen(GOOD_PASSWORD)));
	a = bench_wait(&b, 2);
	cr_expect_str_eq(outcome(a), "rpc.params");
	cr_expect_eq(b.transfers, 0);
	json_decref(a);
	cr_expect_eq(bench_close(&b), 0);
}

/* "confirmed" has no where; a wrong certificate is rejected with one. */
Test(peer, each_setting_gives_way_in_what_it_names_and_nothing_else)
{
	/* clang-format off */
	static const struct {
		bool any_profile, no_evid;
		enum lie lie;
		const char *where;
	} rows[] = {
		{ false, false, LIE_NO_VID,	"issued: profile" },
		{ true,  false, LIE_NO_VID,	"issued: vid" },
		{ false, true,  LIE_NO_VID,	"" },
		{ true,  true,  LIE_NO_VID,	"" },
		{ true,  false, LIE_NONE,	"" },
		{ true,  false, LIE_PROFILE,	"" },
		{ false, true,  LIE_OWN_VID,	"issued: vid" },
		{ true,  true,  LIE_OWN_VID,	"issued: vid" },
		{ true,  false, LIE_VID,	"issued: vid" },
		{ true,  false, LIE_KEY,	"issued: key" },
		{ true,  false, LIE_SUBJECT,	"issued: subject" },
		{ true,  false, LIE_EXPIRY,	"issued: expiry" },
		{ true,  false, LIE_POLICY,	"issued: policy" },
		{ true,  false, LIE_CHAIN,	"issued: chain" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		bench_open(&b);
		b.any_profile = rows[i].any_profile;
		b.no_evid = rows[i].no_evid;
		b.ca.lie = rows[i].lie;
		expect_issue(
		    rows[i].where[0] == '\0' ? "confirmed" : "peer.ca_answer",
		    rows[i].where);
		cr_expect_eq(b.evid_in_ir, !rows[i].no_evid);
		cr_expect_eq(bench_close(&b), 0, "row %zu", i);
	}
}

/* --- answers signed by a certificate that says it only issues --------------
 */

static int
ra_key_pipe(void)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long n;
	int fd;

	PEM_write_bio_PrivateKey(bio, b.ca.ra_key, NULL, NULL, 0, NULL, NULL);
	n = BIO_get_mem_data(bio, &text);
	fd = bench_pipe(text, (size_t)n);
	BIO_free(bio);
	return fd;
}

static json_t *
hold(const char *recipient)
{
	json_t *issuer = bench_issuer(&b), *ra;
	unsigned char *der = NULL;
	int n = i2d_X509(b.ca.ra, &der);

	ra = rpc_bytes(span_make(der, (size_t)n));
	OPENSSL_free(der);
	json_object_set_new(issuer, "recipient", json_string(recipient));
	bench_send(&b, 4, "rr.start",
	    json_pack("{s:O,s:i,s:o,s:o,s:i}", "certificate", ra, "reason", 6,
		"issuer", issuer, "ra_cert", ra, "timeout_s", 30),
	    ra_key_pipe());
	return bench_wait(&b, 4);
}

Test(peer, the_pinned_ca_is_believed_without_digital_signature)
{
	json_t *a;

	bench_open(&b);
	fake_ca_only_issue(&b.ca);
	a = hold("");
	cr_expect_str_eq(outcome(a), "accepted");
	cr_expect_eq(b.ca.rr_count, 1);
	json_decref(a);
	cr_expect_eq(bench_close(&b), 0);
}

/* Found by its name under the root, not pinned: here the check means more. */
Test(peer, a_signer_known_by_name_only_needs_digital_signature)
{
	for (int only_issue = 0; only_issue < 2; only_issue++) {
		json_t *a;

		bench_open(&b);
		if (only_issue)
			fake_ca_only_issue(&b.ca);
		a = hold("/C=KR/O=yessign/CN=시험 발급기관");
		cr_expect_str_eq(
		    outcome(a), only_issue ? "peer.ca_answer" : "accepted");
		json_decref(a);
		cr_expect_eq(bench_close(&b), 0);
	}
}
