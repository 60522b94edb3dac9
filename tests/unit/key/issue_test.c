/*
 * The job `issue`, end to end against a CA in this process.
 */
#include <criterion/criterion.h>
#include <string.h>
#include <sys/socket.h>

#include "bench.h"
#include "npki/cert.h"
#include "npki/p12.h"
#include "npki/pair.h"
#include "npki/pri.h"
#include "npki/vid.h"
#include "rpc/rpc.h"

static struct bench b;

static const char *
where_of(const json_t *answer)
{
	return rpc_str(json_object_get(answer, "error"), "where");
}

Test(issue, a_proven_certificate_is_confirmed_to_the_ca)
{
	json_t *a;

	bench_open(&b);
	a = bench_issue(&b);
	cr_expect_str_eq(outcome(a), "confirmed");
	cr_expect_eq(b.ca.confirmed, 1);
	cr_expect_eq(b.ca.rejected, 0);
	cr_expect_eq(b.transfers, 2);
	cr_expect_str_eq(b.proof_error, "ok");
	cr_expect(b.evid_in_ir);
	cr_expect_not(b.evid_in_conf);
	json_decref(a);
	cr_expect_eq(bench_close(&b), 0);
}

Test(issue, the_first_request_brings_what_makes_it_durable)
{
	uint8_t room[8192];
	struct buf pri = buf_make(room, sizeof room);
	struct npki_key key = { 0 };
	json_t *a;

	bench_open(&b);
	a = bench_issue(&b);
	cr_expect_eq(strlen(rpc_str(b.ir_params, "transaction_id")), 32);
	cr_expect_eq(strlen(rpc_str(b.ir_params, "spki_sha256")), 64);
	cr_assert_not(err_is(rpc_get_bytes(&pri, b.ir_params, "sign_pri")));
	cr_assert_not(err_is(
	    npki_pri_read(&key, buf_span(&pri), span_str(GOOD_PASSWORD))));
	cr_expect(key.has_r);
	cr_expect_not(err_is(npki_pair_check(b.ca.last, key.pkey)));
	cr_expect_not(
	    err_is(vid_verify(b.ca.last, span_str(FAKE_NUMBER), key.r_secret)));
	npki_key_free(&key);
	json_decref(a);
	cr_expect_eq(bench_close(&b), 0);
}

Test(issue, a_pkcs12_is_made_while_the_key_is_still_there)
{
	static uint8_t room[NPKI_P12_MAX];
	struct buf der = buf_make(room, sizeof room);
	struct npki_p12 p12;
	json_t *a;

	bench_open(&b);
	b.p12 = true;
	a = bench_issue(&b);
	cr_expect_str_eq(outcome(a), "confirmed");
	cr_assert_not(err_is(rpc_get_bytes(&der, b.issued_params, "p12")));
	cr_assert_not(err_is(
	    npki_p12_read(&p12, buf_span(&der), span_str(GOOD_PASSWORD))));
	cr_expect(p12.key.has_r);
	cr_expect_eq(X509_cmp(p12.cert, b.ca.last), 0);
	npki_p12_free(&p12);
	json_decref(a);
	cr_expect_eq(bench_close(&b), 0);
}

Test(issue, a_failed_delivery_is_rejected_at_the_ca)
{
	json_t *a;

	bench_open(&b);
	b.reject = true;
	a = bench_issue(&b);
	cr_expect_str_eq(outcome(a), "rejected");
	cr_expect_eq(b.ca.confirmed, 0);
	cr_expect_eq(b.ca.rejected, 1);
	json_decref(a);
	cr_expect_eq(bench_close(&b), 0);
}

Test(issue, what_was_not_proven_cannot_be_confirmed)
{
	json_t *a;

	bench_open(&b);
	b.no_proof = true;
	a = bench_issue(&b);
	cr_expect_str_eq(b.early_error, "rpc.state");
	cr_expect_str_eq(outcome(a), "confirmed");
	json_decref(a);
	cr_expect_eq(bench_close(&b), 0);
}

Test(issue, a_stick_that_reads_back_wrong_is_a_mismatch)
{
	json_t *a;

	bench_open(&b);
	b.spoil_stick = true;
	a = bench_issue(&b);
	cr_expect_str_eq(b.proof_error, "mismatch");
	cr_expect_str_eq(outcome(a), "rejected");
	cr_expect_eq(b.ca.confirmed, 0);
	json_decref(a);
	cr_expect_eq(bench_close(&b), 0);
}

/* Whatever the CA gets wrong: never announced, never confirmed. */
Test(issue, a_wrong_certificate_is_rejected_before_anyone_sees_it)
{
	/* clang-format off */
	static const struct { enum lie lie; const char *where; } rows[] = {
		{ LIE_KEY,	"issued: key" },
		{ LIE_SUBJECT,	"issued: subject" },
		{ LIE_EXPIRY,	"issued: expiry" },
		{ LIE_POLICY,	"issued: policy" },
		{ LIE_VID,	"issued: vid" },
		{ LIE_CHAIN,	"issued: chain" },
		{ LIE_PROFILE,	"issued: profile" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		json_t *a;

		bench_open(&b);
		b.ca.lie = rows[i].lie;
		a = bench_issue(&b);
		cr_expect_str_eq(
		    outcome(a), "peer.ca_answer", "%s", rows[i].where);
		cr_expect_str_eq(where_of(a), rows[i].where);
		cr_expect_eq(b.ca.issued, 1);
		cr_expect_eq(b.issued, 0, "%s", rows[i].where);
		cr_expect_eq(b.ca.confirmed, 0, "%s", rows[i].where);
		cr_expect_eq(b.ca.rejected, 1, "%s", rows[i].where);
		json_decref(a);
		cr_expect_eq(bench_close(&b), 0);
	}
}

Test(issue, a_refusal_arrives_with_its_reasons_and_no_escape_sequences)
{
	const json_t *error;
	json_t *a;

	bench_open(&b);
	b.ca.lie = LIE_REFUSE;
	a = bench_issue(&b);
	error = json_object_get(a, "error");
	cr_expect_str_eq(outcome(a), "peer.ca_refused");
	cr_expect_eq(rpc_int(error, "status", 0), 2);
	cr_expect_eq(rpc_int(error, "fail_info", 0),
	    OSSL_CMP_CTX_FAILINFO_notAuthorized);
	cr_expect_str_eq(rpc_str(error, "text"), "not?[2J today");
	json_decref(a);
	cr_expect_eq(bench_close(&b), 0);
}

Test(issue, a_wrong_authcode_gives_no_certificate)
{
	json_t *a;

	bench_open(&b);
	b.ca.authcode = "another-secret";
	a = bench_issue(&b);
	cr_expect_str_eq(outcome(a), "peer.ca_answer");
	cr_expect_eq(b.ca.issued, 0);
	json_decref(a);
	cr_expect_eq(bench_close(&b), 0);
}

Test(issue, a_slow_ca_is_polled)
{
	json_t *a;

	bench_open(&b);
	b.ca.polls = 2;
	a = bench_issue(&b);
	cr_expect_str_eq(outcome(a), "confirmed");
	cr_expect_eq(b.transfers, 4);
	json_decref(a);
	cr_expect_eq(bench_close(&b), 0);
}

Test(issue, a_changed_or_garbage_answer_is_not_believed)
{
	for (int which = 0; which < 2; which++) {
		json_t *a;

		bench_open(&b);
		if (which == 0)
			b.spoil_answer_of = 1;
		else
			b.garbage_for = 1;
		a = bench_issue(&b);
		cr_expect_str_eq(outcome(a), "peer.ca_answer");
		cr_expect_eq(b.issued, 0);
		json_decref(a);
		cr_expect_eq(bench_close(&b), 0);
	}
}

/* --- taken up again ----------------------------------------------------- */

static json_t *
resume_with(bool ip, const char *password)
{
	json_t *p = bench_issue_params(&b), *resume = json_object();
	int fd = password == NULL ? -1 : bench_pipe(password, strlen(password));

	json_object_set(resume, "ir", json_object_get(b.ir_params, "der"));
	json_object_set(
	    resume, "sign_pri", json_object_get(b.ir_params, "sign_pri"));
	json_object_set_new(resume, "ip",
	    ip ? rpc_bytes(span_make(b.ip, b.ip_n)) : json_null());
	json_object_set_new(p, "resume", resume);
	bench_send(&b, 5, "issue.start", p, fd);
	return bench_wait(&b, 5);
}

static void
new_process(void)
{
	cr_assert_eq(bench_restart(&b), 0);
	b.lose_answer_of = 0;
}

Test(issue, a_lost_confirmation_says_unconfirmed_and_can_be_repeated)
{
	json_t *a;

	bench_open(&b);
	b.lose_answer_of = 2;
	a = bench_issue(&b);
	cr_expect_str_eq(outcome(a), "peer.ca_down");
	cr_expect_str_eq(
	    rpc_str(json_object_get(a, "error"), "status"), "unconfirmed");
	json_decref(a);

	new_process();
	/* the first certConf did arrive: this CA knows it and says so */
	a = resume_with(true, GOOD_PASSWORD);
	cr_expect_eq(b.issued, 1);
	cr_expect_str_eq(b.proof_error, "ok");
	cr_expect_str_eq(b.last_kind, "certConf");
	json_decref(a);
	bench_close(&b);
}

Test(issue, a_lost_ip_is_taken_up_from_the_journal)
{
	json_t *a;

	bench_open(&b);
	b.lose_answer_of = 1;
	a = bench_issue(&b);
	cr_expect_str_eq(outcome(a), "peer.ca_down");
	cr_expect_eq(b.issued, 0);
	json_decref(a);

	new_process();
	a = resume_with(true, GOOD_PASSWORD);
	cr_expect_str_eq(outcome(a), "confirmed");
	cr_expect_eq(b.ca.issued, 1);
	cr_expect_eq(b.ca.confirmed, 1);
	cr_expect_eq(b.transfers, 1);
	json_decref(a);
	cr_expect_eq(bench_close(&b), 0);
}

Test(issue, a_journalled_ir_is_sent_again_byte_for_byte)
{
	json_t *a, *first;

	bench_open(&b);
	b.lose_answer_of = 1;
	json_decref(bench_issue(&b));
	first = json_incref(json_object_get(b.ir_params, "der"));

	new_process();
	OSSL_CMP_SRV_CTX_free(b.ca.srv);
	b.ca.srv = NULL;
	a = resume_with(false, GOOD_PASSWORD);
	cr_expect(json_equal(first, json_object_get(b.ir_params, "der")));
	cr_expect_str_eq(outcome(a), "confirmed");
	json_decref(a);
	json_decref(first);
	cr_expect_eq(bench_close(&b), 0);
}

Test(issue, a_delivered_certificate_is_confirmed_without_key_or_password)
{
	json_t *a;

	bench_open(&b);
	b.lose_answer_of = 1;
	json_decref(bench_issue(&b));

	new_process();
	a = resume_with(true, NULL);
	cr_expect_str_eq(b.proof_error, "rpc.state");
	cr_expect_str_eq(outcome(a), "confirmed");
	cr_expect_eq(b.ca.confirmed, 1);
	json_decref(a);
	cr_expect_eq(bench_close(&b), 0);
}

Test(issue, a_wrong_password_does_not_take_it_up_again)
{
	json_t *a;

	bench_open(&b);
	b.lose_answer_of = 1;
	json_decref(bench_issue(&b));

	new_process();
	a = resume_with(true, "Wrong-word#1");
	cr_expect_str_eq(outcome(a), "password.wrong");
	cr_expect_eq(b.transfers, 0);
	json_decref(a);
	cr_expect_eq(bench_close(&b), 0);
}

/* --- bad requests --------------------------------------------------------- */

static void
expect_error(const char *method, json_t *params, int fd, const char *code)
{
	json_t *a;

	bench_open(&b);
	bench_send(&b, 3, method, params, fd);
	a = bench_wait(&b, 3);
	cr_expect_str_eq(outcome(a), code, "%s", method);
	json_decref(a);
	cr_expect_eq(bench_close(&b), 0);
}

Test(issue, nonsense_is_refused)
{
	expect_error(
	    "issue.prepare", json_pack("{s:i}", "bits", 512), -1, "rpc.params");
	expect_error(
	    "issue.prepare", json_pack("{s:s}", "bits", "x"), -1, "rpc.params");
	expect_error("issue.start", NULL, -1, "rpc.params");
	expect_error("issue.begin", NULL, -1, "rpc.method");
	expect_error("rr.start", NULL, -1, "rpc.params");
	expect_error("check.start", NULL, -1, "rpc.params");
}

Test(issue, a_password_against_the_rule_is_refused_before_anything_is_sent)
{
	json_t *a;

	bench_open(&b);
	bench_send(
	    &b, 1, "issue.prepare", json_pack("{s:i}", "bits", 2048), -1);
	json_decref(bench_wait(&b, 1));
	bench_send(&b, 2, "issue.start", bench_issue_params(&b),
	    bench_pipe("short", 5));
	a = bench_wait(&b, 2);
	cr_expect_str_eq(outcome(a), "password.rule");
	cr_expect_eq(b.transfers, 0);
	json_decref(a);
	cr_expect_eq(bench_close(&b), 0);
}

Test(issue, the_process_ends_when_the_agent_goes)
{
	bench_open(&b);
	bench_send(
	    &b, 1, "issue.prepare", json_pack("{s:i}", "bits", 2048), -1);
	json_decref(bench_wait(&b, 1));
	cr_expect_eq(bench_close(&b), 0);
}

Test(issue, an_answer_of_another_transaction_is_not_believed)
{
	json_t *a;

	bench_open(&b);
	b.lose_answer_of = 1;
	json_decref(bench_issue(&b));

	new_process();
	b.replay = true;
	a = bench_issue(&b);
	cr_expect_str_eq(outcome(a), "peer.ca_answer");
	cr_expect_eq(b.issued, 0);
	json_decref(a);
	cr_expect_eq(bench_close(&b), 0);
}

Test(issue, without_a_decision_in_time_nothing_is_said_to_the_ca)
{
	json_t *p, *a;

	bench_open(&b);
	b.undecided = true;
	bench_send(
	    &b, 1, "issue.prepare", json_pack("{s:i}", "bits", 2048), -1);
	json_decref(bench_wait(&b, 1));
	p = bench_issue_params(&b);
	json_object_set_new(p, "timeout_s", json_integer(1));
	bench_send(&b, 2, "issue.start", p,
	    bench_pipe(GOOD_PASSWORD, strlen(GOOD_PASSWORD)));
	a = bench_wait(&b, 2);
	cr_expect_str_eq(outcome(a), "key.timeout");
	cr_expect_eq(b.issued, 1);
	cr_expect_eq(b.transfers, 1);
	cr_expect_eq(b.ca.confirmed + b.ca.rejected, 0);
	json_decref(a);
	cr_expect_eq(bench_close(&b), 0);
}

static void
leave(struct bench *x)
{
	shutdown(x->sock, SHUT_RDWR);
}

Test(issue, when_the_agent_dies_nothing_is_said_to_the_ca)
{
	bench_open(&b);
	b.undecided = true;
	b.at_issued = leave;
	cr_expect_null(bench_issue(&b));
	cr_expect_eq(b.issued, 1);
	cr_expect_eq(b.ca.confirmed + b.ca.rejected, 0);
	cr_expect_eq(bench_close(&b), 0);
}

Test(issue, three_malformed_frames_end_the_process)
{
	bench_open(&b);
	for (int i = 0; i < 3; i++)
		cr_assert_eq(send(b.sock, "{bad", 4, MSG_NOSIGNAL), 4);
	cr_expect_null(bench_wait(&b, 1));
	cr_expect_eq(bench_close(&b), 0);
}

Test(issue, a_password_pipe_that_holds_too_much_is_refused)
{
	char long_word[65];
	json_t *a;

	memset(long_word, 'a', sizeof long_word);
	bench_open(&b);
	bench_send(
	    &b, 1, "issue.prepare", json_pack("{s:i}", "bits", 2048), -1);
	json_decref(bench_wait(&b, 1));
	bench_send(&b, 2, "issue.start", bench_issue_params(&b),
	    bench_pipe(long_word, sizeof long_word));
	a = bench_wait(&b, 2);
	cr_expect_str_eq(outcome(a), "rpc.params");
	json_decref(a);
	cr_expect_eq(bench_close(&b), 0);
}

Test(issue, a_certificate_the_agent_cannot_keep_is_rejected)
{
	json_t *a;

	bench_open(&b);
	b.refuse_issued = true;
	a = bench_issue(&b);
	cr_expect_str_eq(outcome(a), "agent.disk_full");
	cr_expect_eq(b.ca.confirmed, 0);
	cr_expect_eq(b.ca.rejected, 1);
	json_decref(a);
	cr_expect_eq(bench_close(&b), 0);
}
