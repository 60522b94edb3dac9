/*
 * prog/tool/verify.c - `dasi cert verify` and `vid`: is this pair good?
 *
 * Every check is a row of "checks": name, result ("good", "bad", "skipped")
 * and a detail.  One bad row makes a finding.
 */
#include <unistd.h>

#include "base/secret.h"
#include "base/text.h"
#include "npki/pair.h"
#include "npki/profile.h"
#include "npki/vid.h"
#include "prog/tool/job.h"

static void
add_row(struct cert_job *job, const char *name, const char *result,
    const char *detail)
{
	json_t *checks = json_object_get(job->out, "checks");

	if (checks == NULL) {
		checks = json_array();
		json_object_set_new(job->out, "checks", checks);
	}
	json_array_append_new(checks, json_pack("{s:s, s:s, s:s}", "name", name,
					  "result", result, "detail", detail));
}

static void
add_check(struct cert_job *job, const char *name, struct err e)
{
	add_row(job, name, err_is(e) ? "bad" : "good", e.where);
	if (err_is(e))
		job->finding = true;
}

static int64_t
now_s(void)
{
	struct clock clock = clock_system();

	return clock.wall_ms(clock.ctx) / 1000;
}

static void
check_validity(struct cert_job *job)
{
	static struct npki_cert_info info;
	struct err e = npki_cert_info(&info, job->cert);

	if (!err_is(e) && now_s() < info.not_before)
		e = err_make(E_EXPIRED, 0, "not yet valid");
	else if (!err_is(e) && now_s() > info.not_after)
		e = err_make(E_EXPIRED, 0, "expired");
	add_check(job, "validity", e);
}

static void
check_profile(struct cert_job *job)
{
	uint32_t findings;

	npki_profile_check(&findings, job->cert);
	for (int f = 0; f < FIND_COUNT; f++) {
		if ((findings & UINT32_C(1) << f) == 0)
			continue;
		add_row(job, "profile", "bad",
		    npki_finding_text((enum npki_finding)f));
		job->finding = true;
	}
	if (findings == 0)
		add_row(job, "profile", "good", "");
}

/* With --root: the path, and when the key is open a CMS through it. */
static struct err
check_chain(struct cert_job *job)
{
	STACK_OF(X509) *cas = NULL;
	X509 *root = NULL;
	struct err e;

	if (job->opt.root == NULL) {
		add_row(job, "chain", "skipped", "no --root");
		return err_none();
	}
	e = job_load_root(&root, job);
	if (!err_is(e))
		e = job_load_cas(&cas, job);
	if (err_is(e)) {
		X509_free(root);
		return err_make(e.code == E_NOTFOUND ? e.code : E_ARG, e.sys,
		    "verify: --ca or --root");
	}
	add_check(
	    job, "chain", npki_chain_check(job->cert, cas, root, now_s()));
	if (job->key.pkey != NULL)
		add_check(job, "cms",
		    npki_test_cms(
			job->cert, job->key.pkey, cas, root, now_s()));
	sk_X509_pop_free(cas, X509_free);
	X509_free(root);
	return err_none();
}

/* The number is asked of a person, or of --idn-fd; empty: not checked. */
static struct err
check_vid(struct cert_job *job)
{
	struct ask_secret idn_secret = { 0 };
	struct err e = err_none();

	if (job->opt.idn_fd != ASK_TERMINAL || isatty(STDIN_FILENO))
		e = job_ask_idn(&idn_secret, job,
		    "Identity number (empty: do not check): ");
	if (err_is(e))
		return e;
	if (idn_secret.n == 0)
		add_row(job, "vid", "skipped", "no number");
	else if (!job->key.has_r)
		add_row(job, "vid", "skipped", "no R");
	else
		add_check(job, "vid",
		    vid_verify(
			job->cert, ask_span(&idn_secret), job->key.r_secret));
	secret_wipe(&idn_secret, sizeof idn_secret);
	return err_none();
}

struct err
cert_verify(struct cert_job *job)
{
	struct err e = job_choose(job);
	json_t *cert;

	if (!err_is(e))
		e = job_open_cert(job);
	if (!err_is(e))
		e = job_describe(&cert, job->cert);
	if (err_is(e))
		return e;
	json_object_set_new(job->out, "certificate", cert);
	check_validity(job);
	check_profile(job);
	if (job->source.kind == SOURCE_CERTIFICATE) {
		add_row(job, "key", "skipped", "a certificate alone");
		return check_chain(job);
	}
	e = job_open_key(job);
	add_check(job, "key", e);
	if (tool_exit_of(e) == TOOL_FINDING || e.code == E_NOTFOUND)
		return check_chain(job);
	if (err_is(e))
		return e;
	add_check(job, "pair", npki_pair_check(job->cert, job->key.pkey));
	add_check(job, "r",
	    job->key.has_r ? err_none()
			   : err_make(E_NOTFOUND, 0, "the key has no R"));
	add_check(job, "signature", npki_test_sign(job->cert, job->key.pkey));
	e = check_chain(job);
	return err_is(e) ? e : check_vid(job);
}

struct err
cert_vid(struct cert_job *job)
{
	struct ask_secret idn_secret = { 0 };
	struct identify_data id;
	uint8_t vid[VID_MAX];
	char text[HEX_TEXT(VID_MAX)];
	bool same;
	struct err e = job_choose(job);

	if (!err_is(e))
		e = job_open_key(job);
	if (!err_is(e) && !job->key.has_r)
		e = err_make(E_MISMATCH, 0, "vid: the key has no R");
	if (!err_is(e))
		e = job_ask_idn(&idn_secret, job, "Identity number: ");
	if (err_is(e))
		return e;
	e = identify_data_of(&id, job->cert);
	if (e.code == E_NOTFOUND) /* computed all the same */
		e = err_none();
	if (!err_is(e))
		e = vid_compute(
		    vid, ask_span(&idn_secret), job->key.r_secret, id.hash);
	secret_wipe(&idn_secret, sizeof idn_secret);
	if (err_is(e))
		return e;
	hex_encode(text, sizeof text, span_make(vid, vid_size(id.hash)));
	json_object_set_new(
	    job->out, "hash", json_string(vid_hash_name(id.hash)));
	json_object_set_new(job->out, "vid", json_string(text));
	same = id.has_vid && id.vid_n == vid_size(id.hash) &&
	       secret_equal(vid, id.vid, id.vid_n);
	json_object_set_new(job->out, "matches", json_boolean(same));
	job->finding = !same;
	return err_none();
}
