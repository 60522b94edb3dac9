/*
 * agent/start.c - an issue job for the worker: begun, or taken up again from
 * the journal, and the certificate it brings.
 */
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "npki/cert.h"
#include "prog/agent/core.h"
#include "prog/agent/deliver.h"

enum { OUTCOME_MARGIN_MS = 10000, CONFIRM_MARGIN_MS = 20000 };

static json_t *
subject_der(const uint8_t *der, size_t n)
{
	const unsigned char *p = der;
	unsigned char *name = NULL;
	X509 *cert = d2i_X509(NULL, &p, (long)n);
	int len = cert == NULL
		      ? 0
		      : i2d_X509_NAME(X509_get_subject_name(cert), &name);
	json_t *v = len > 0 ? rpc_bytes(span_make(name, (size_t)len)) : NULL;

	OPENSSL_free(name);
	X509_free(cert);
	return v;
}

/* What every job gets, new or taken up again; NULL when it cannot be made. */
static json_t *
start_params(struct agent *a, struct live *l, const char *refnum_secret,
    const char *authcode_secret)
{
	static uint8_t room[NPKI_CERT_MAX];
	struct buf der = buf_make(room, sizeof room);
	json_t *subject;

	if (err_is(store_blob_get(a->store, &der, &l->c, BLOB_OLD_CERT)) ||
	    (subject = subject_der(room, der.n)) == NULL)
		return NULL;
	secret_wipe(room, der.n);
	return json_pack("{s:s,s:s,s:{s:o,s:I,s:s,s:s},s:O,s:b,s:b,s:i}",
	    "refnum", refnum_secret, "authcode", authcode_secret, "expect",
	    "subject_der", subject, "not_after", (json_int_t)l->c.not_after,
	    "policy", l->c.policy, "old_serial", l->c.serial, "issuer",
	    a->issuer.params, "p12", l->c.p12 != 0, "phone",
	    phone_ready(a) || deliver_wants(l, WAY_PHONE), "timeout_s",
	    a->conf->issue_timeout_s);
}

/* Time is left for a rejection to reach the CA before the worker ends. */
static int64_t
decide_by(const struct agent *a)
{
	int64_t whole = a->conf->issue_timeout_s * (int64_t)1000;
	int64_t margin = whole / 5 < CONFIRM_MARGIN_MS ? whole / 5
						       : CONFIRM_MARGIN_MS;

	return mono_ms(a) + whole - margin;
}

static void
send_start(
    struct agent *a, struct live *l, struct link *key, json_t *params, int fd)
{
	struct context ctx = { .link = link_ref(a, key),
		.live = live_ref(a, l) };

	bool on_token = key->role == ROLE_TOKEN;

	if (on_token)
		json_object_update_new(
		    params, json_pack("{s:i,s:i}", "token", l->delivery.token,
				"bits", a->issuer.conf->key_bits));
	l->issue.started = true;
	l->issue.deadline_ms = decide_by(a);
	call_peer(a, key, on_token ? "token.start" : "issue.start", params, fd,
	    a->conf->issue_timeout_s * 1000 + OUTCOME_MARGIN_MS, issue_outcome,
	    &ctx);
}

void
issue_start(struct agent *a, struct live *l)
{
	struct link *owner = link_get(a, l->owner);
	struct link *key = link_get(a, l->issue.key);
	json_t *params;

	/* The number is in the visit alone: without the visitor no request. */
	if (owner == NULL || owner->visit.standing < STANDING_FACTOR ||
	    key == NULL) {
		issue_key_failed(a, l, "problem.left");
		return;
	}
	params = start_params(
	    a, l, l->issue.refnum_secret, l->issue.authcode_secret);
	if (params == NULL) {
		issue_key_failed(a, l, "agent.internal");
		return;
	}
	json_object_set_new(
	    params, "number", json_string(owner->visit.number_secret));
	json_object_set_new(params, "resume", json_null());
	send_start(a, l, key, params, l->issue.password_fd);
	issue_forget_enrolment(l);
}

/* ---- taken up again ---- */

/* Journalled bytes as base64; NULL when there are none. */
static json_t *
journalled(struct agent *a, const struct live *l, int64_t *seq,
    const char *effect, enum store_row_kind kind)
{
	static uint8_t room[STORE_BLOB];
	struct buf b = buf_make(room, sizeof room);
	json_t *v = NULL;

	if (!err_is(store_journal_last(a->store, &b, seq, &l->c, effect, kind)))
		v = rpc_bytes(buf_span(&b));
	secret_wipe(room, b.n);
	return v;
}

/* The key file of the attempt; none where the key is on a token. */
static bool
key_file(struct agent *a, struct buf *pri, const struct live *l)
{
	struct err e = store_blob_get(a->store, pri, &l->c, BLOB_SIGN_PRI);

	return !err_is(e) || (e.code == E_NOTFOUND &&
				 (l->delivery.chosen & 1u << WAY_TOKEN) != 0);
}

/* {ir, ip, sign_pri}: the last answer counts, be it to the ir or to a poll. */
static json_t *
resume_params(struct agent *a, const struct live *l)
{
	static uint8_t room[NPKI_PRI_MAX];
	struct buf pri = buf_make(room, sizeof room);
	int64_t ir_seq, ip_seq, poll_seq;
	json_t *ir = journalled(a, l, &ir_seq, "cmp.ir", ROW_INTENT);
	json_t *ip = journalled(a, l, &ip_seq, "cmp.ir", ROW_RESULT);
	json_t *poll = journalled(a, l, &poll_seq, "cmp.pollReq", ROW_RESULT);
	json_t *last = poll_seq > ip_seq ? poll : ip, *p = NULL;

	if (ir != NULL && last != NULL &&
	    (poll_seq > ip_seq ? poll_seq : ip_seq) > ir_seq &&
	    key_file(a, &pri, l))
		p = json_pack("{s:O,s:O,s:o}", "ir", ir, "ip", last, "sign_pri",
		    rpc_bytes(buf_span(&pri)));
	secret_wipe(room, pri.n);
	json_decref(ir);
	json_decref(ip);
	json_decref(poll);
	return p;
}

/* The enrolment of the attempt, the caller's. */
static json_t *
enrolment(struct agent *a, const struct live *l)
{
	char room[WORD * 4];
	struct buf b = buf_make(room, sizeof room);
	json_t *v = NULL;

	if (!err_is(store_blob_get(a->store, &b, &l->c, BLOB_ENROL)))
		v = json_loadb(room, b.n, 0, NULL);
	secret_wipe(room, sizeof room);
	return v;
}

bool
issue_resume(struct agent *a, struct live *l, int fd)
{
	json_t *enrol = enrolment(a, l), *resume = resume_params(a, l);
	json_t *params = enrol == NULL || resume == NULL
			     ? NULL
			     : start_params(a, l, rpc_str(enrol, "refnum"),
				   rpc_str(enrol, "authcode"));
	struct link *key = NULL;

	json_decref(enrol);
	if (params != NULL) {
		issue_drop(a, l);
		/* to confirm what was proven no token is needed */
		key = fd >= 0 && (l->delivery.chosen & 1u << WAY_TOKEN) != 0
			  ? token_take(a, l)
			  : worker_start(a, live_ref(a, l));
	}
	if (key == NULL) {
		json_decref(params);
		json_decref(resume);
		return false;
	}
	log_line(LOG_INFO, "issue taken up again in %s",
	    case_state_name(l->c.state));
	json_object_set_new(params, "resume", resume);
	l->issue.key = link_ref(a, key);
	l->issue.ready = true;
	send_start(a, l, key, params, fd);
	return true;
}

/* ---- the certificate is here ---- */

/* What the worker made of the certificate, and who keeps it. */
struct issued {
	struct store_blob blobs[4];
	uint8_t cert[NPKI_CERT_MAX];
	uint8_t p12[STORE_BLOB], phone[STORE_BLOB], strong[STORE_BLOB];
};

static struct err
take_phone(struct issued *f, const json_t *p)
{
	const json_t *list = json_object_get(p, "phone"), *one;
	struct buf soft = buf_make(f->phone, sizeof f->phone),
		   hard = buf_make(f->strong, sizeof f->strong);
	struct err e = err_none();
	size_t i;

	json_array_foreach(list, i, one) {
		bool strong = strcmp(rpc_str(one, "profile"), "strong") == 0;
		if (!err_is(e))
			e = rpc_get_bytes(strong ? &hard : &soft, one, "data");
	}
	f->blobs[2] = (struct store_blob){ BLOB_PHONE, buf_span(&soft) };
	f->blobs[3] = (struct store_blob){ BLOB_PHONE_STRONG, buf_span(&hard) };
	return e;
}

static struct err
take_files(struct issued *f, const json_t *p)
{
	struct buf c = buf_make(f->cert, sizeof f->cert),
		   p12 = buf_make(f->p12, sizeof f->p12);
	struct err e = rpc_get_bytes(&c, p, "certificate");

	if (!err_is(e) && json_is_string(json_object_get(p, "p12")))
		e = rpc_get_bytes(&p12, p, "p12");
	f->blobs[0] = (struct store_blob){ BLOB_NEW_CERT, buf_span(&c) };
	f->blobs[1] = (struct store_blob){ BLOB_P12, buf_span(&p12) };
	return err_is(e) ? e : take_phone(f, p);
}

/* Taken up again: it must be the one already kept.  Files for phones are made
 * anew; without new ones the old ones stay. */
static struct err
keep_again(struct agent *a, struct live *l, const struct issued *f,
    const struct npki_cert_info *info)
{
	struct store_change ch = { .blobs = &f->blobs[2], .blob_count = 2 };

	if (strcmp(l->c.new_serial, info->serial) != 0)
		return err_make(E_MISMATCH, 0, "issue: certificate");
	if (l->c.state != CASE_ISSUED || f->blobs[2].data.n == 0)
		return err_none();
	return live_change(a, l, &ch);
}

static struct err
take_issued(struct agent *a, struct live *l, const json_t *p)
{
	static struct issued f;
	struct npki_cert_info *info = calloc(1, sizeof *info);
	struct err e = take_files(&f, p);

	if (!err_is(e) && info == NULL)
		e = err_make(E_NOMEM, 0, "issue: certificate");
	if (!err_is(e))
		e = npki_cert_info_der(info, f.blobs[0].data);
	if (!err_is(e) && l->c.state != CASE_PREPARED) {
		e = keep_again(a, l, &f, info);
	} else if (!err_is(e)) {
		str_copy(l->c.new_serial, sizeof l->c.new_serial, info->serial);
		str_copy(l->c.new_status, sizeof l->c.new_status, "unknown");
		l->c.new_not_after = info->not_after;
		e = live_step(a, l, CASE_EV_CERT_GOOD, NULL, 0, f.blobs, 4);
	}
	secret_wipe(&f, sizeof f);
	free(info);
	return e;
}

const char *
ask_issue_issued(struct agent *a, struct ask *q)
{
	struct live *l = live_get(a, q->link->live);
	struct ref key = link_ref(a, q->link);
	struct err e;

	if (l == NULL || l->issue.key.slot != key.slot ||
	    (l->c.state != CASE_PREPARED && l->c.state != CASE_ISSUED &&
		l->c.state != CASE_DELIVERED))
		return "rpc.state";
	e = take_issued(a, l, q->params);
	if (err_is(e))
		return store_refusal(e);
	l->issue.waits = true;
	answer(a, key, q->id, json_object());
	live_progress(a, l, STAGE_CHECK, "done", -1);
	live_changed(a, l);
	if (l->c.state == CASE_DELIVERED)
		deliver_confirm(a, l, true);
	else if (l->issue.leaving)
		deliver_confirm(a, l, false);
	else
		deliver_begin(a, l);
	return NULL;
}
