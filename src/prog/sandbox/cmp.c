/*
 * sandbox/cmp.c - one CMP message in, one out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

#include "base/log.h"
#include "base/text.h"
#include "cmp.h"

enum { LIVE_IDLE_S = 300, ERROR_MAX = 8192 };

enum fault_at
cmp_kind(struct span in)
{
	struct walk w;

	if (err_is(walk_message(&w, in)))
		return AT_NOTHING;
	if (cmp_asks_certificate(w.body))
		return AT_IR;
	if (w.body == BODY_CERTCONF)
		return AT_CERTCONF;
	if (w.body == BODY_RR)
		return AT_RR;
	return w.body == BODY_POLLREQ ? AT_POLLREQ : AT_NOTHING;
}

/* ---- contexts ---- */

static int
on_genm(OSSL_CMP_SRV_CTX *srv, const OSSL_CMP_MSG *req,
    const STACK_OF(OSSL_CMP_ITAV) * in, STACK_OF(OSSL_CMP_ITAV) * *out)
{
	/* we have nothing to tell: the question comes back unanswered */
	*out = sk_OSSL_CMP_ITAV_deep_copy(
	    in, OSSL_CMP_ITAV_dup, OSSL_CMP_ITAV_free);
	return *out != NULL;
}

static void
on_error(OSSL_CMP_SRV_CTX *srv, const OSSL_CMP_MSG *req,
    const OSSL_CMP_PKISI *si, const ASN1_INTEGER *code,
    const OSSL_CMP_PKIFREETEXT *details)
{
	struct cmp_live *live = OSSL_CMP_SRV_CTX_get0_custom_ctx(srv);

	cmp_give_up(live->call, "client reported an error");
}

static int
quiet(const char *func, const char *file, int line, OSSL_CMP_severity level,
    const char *msg)
{
	log_line(LOG_DEBUG, "cmp: %s", msg);
	return 1;
}

static bool
set_up(OSSL_CMP_SRV_CTX *srv, struct cmp_live *live, const struct cmp_call *c)
{
	const struct identity *ca = &c->sb->ca.ca[AUTHORITY_YESSIGN];
	OSSL_CMP_CTX *ctx = OSSL_CMP_SRV_CTX_get0_cmp_ctx(srv);
	const char *ref = rec_text(c->enrollment, "refnum");
	const char *code = rec_text(c->enrollment, "authcode");

	if (OSSL_CMP_SRV_CTX_init(srv, live, cmp_on_cert_request, cmp_on_rr,
		on_genm, on_error, cmp_on_cert_conf, cmp_on_poll) != 1 ||
	    OSSL_CMP_CTX_set_log_cb(ctx, quiet) != 1)
		return false;
	if (c->signer == SIGNER_REF)
		return OSSL_CMP_CTX_set1_referenceValue(ctx,
			   (const unsigned char *)ref, (int)strlen(ref)) == 1 &&
		       OSSL_CMP_CTX_set1_secretValue(ctx,
			   (const unsigned char *)code,
			   (int)strlen(code)) == 1 &&
		       OSSL_CMP_CTX_set1_subjectName(
			   ctx, X509_get_subject_name(ca->cert)) == 1 &&
		       OSSL_CMP_CTX_set_option(ctx, OSSL_CMP_OPT_MAC_ALGNID,
			   NID_hmacWithSHA256) == 1;
	return OSSL_CMP_CTX_set1_cert(ctx, ca->cert) == 1 &&
	       OSSL_CMP_CTX_set1_pkey(ctx, ca->key) == 1 &&
	       OSSL_CMP_CTX_set1_srvCert(ctx, c->signer_cert) == 1;
}

static void
live_free(struct cmp_live *live)
{
	OSSL_CMP_SRV_CTX_free(live->srv);
	free(live);
}

void
cmp_sweep(struct sandbox *sb)
{
	struct cmp_live **at = &sb->live;

	while (*at != NULL) {
		struct cmp_live *live = *at;

		if (live->used_s + LIVE_IDLE_S > sandbox_now(sb)) {
			at = &live->next;
			continue;
		}
		*at = live->next;
		live_free(live);
	}
}

void
cmp_close(struct sandbox *sb)
{
	while (sb->live != NULL) {
		struct cmp_live *next = sb->live->next;

		live_free(sb->live);
		sb->live = next;
	}
}

/*
 * Bring a fresh context to where the transaction stood: let it process the
 * first message again, with callbacks that only repeat what was decided, and
 * give it the nonce that the client was told.
 */
static bool
rebuild(struct cmp_call *c, struct cmp_live *live)
{
	OSSL_CMP_CTX *ctx = OSSL_CMP_SRV_CTX_get0_cmp_ctx(live->srv);
	const char *hex = rec_text(c->tx, "nonce");
	ASN1_OCTET_STRING *nonce = ASN1_OCTET_STRING_new();
	uint8_t room[WALK_ID_MAX];
	struct buf b = buf_make(room, sizeof room);
	OSSL_CMP_MSG *msg = NULL, *answer = NULL;
	BIO *bio = NULL;
	bool ok = nonce != NULL && !err_is(cmp_tx_first(c)) &&
		  !err_is(hex_decode(&b, hex, strlen(hex)));

	c->rebuilding = true;
	if (ok && (bio = BIO_new_mem_buf(c->stored, (int)c->stored_n)) != NULL)
		msg = d2i_OSSL_CMP_MSG_bio(bio, NULL);
	if (msg != NULL)
		answer = OSSL_CMP_SRV_process_request(live->srv, msg);
	ok = answer != NULL &&
	     ASN1_OCTET_STRING_set(nonce, room, (int)b.n) == 1 &&
	     OSSL_CMP_CTX_set1_senderNonce(ctx, nonce) == 1;
	c->rebuilding = false;
	ASN1_OCTET_STRING_free(nonce);
	OSSL_CMP_MSG_free(answer);
	OSSL_CMP_MSG_free(msg);
	BIO_free(bio);
	ERR_clear_error();
	return ok;
}

/* The context of this call's transaction; NULL when it cannot be had. */
static struct cmp_live *
live_of(struct cmp_call *c)
{
	struct cmp_live *live = c->sb->live;

	while (live != NULL && strcmp(live->tid, c->tid) != 0)
		live = live->next;
	if (live != NULL)
		return live;
	live = calloc(1, sizeof *live);
	if (live == NULL)
		return NULL;
	str_copy(live->tid, sizeof live->tid, c->tid);
	live->srv = OSSL_CMP_SRV_CTX_new(NULL, NULL);
	live->call = c;
	if (live->srv == NULL || !set_up(live->srv, live, c) ||
	    (!cmp_starts(c->w.body) && !rebuild(c, live))) {
		live_free(live);
		return NULL;
	}
	live->next = c->sb->live;
	c->sb->live = live;
	return live;
}

/* An error ended it for OpenSSL; the record knows what may follow. */
static void
live_drop(struct sandbox *sb, struct cmp_live *live)
{
	struct cmp_live **at = &sb->live;

	while (*at != NULL && *at != live)
		at = &(*at)->next;
	if (*at == NULL)
		return;
	*at = live->next;
	live_free(live);
}

/* ---- one message ---- */

static void
answer_error(struct cmp_call *c, struct reply *out)
{
	uint8_t room[ERROR_MAX];
	struct buf b = buf_make(room, sizeof room);
	struct err e = cmp_error_message(c, &b);

	log_line(LOG_INFO, "cmp: refused: %s", c->fail_text);
	if (err_is(e)) {
		log_err(LOG_ERROR, "cmp error message", e);
		reply_set(out, 500, "text/plain", span_str("failed\n"));
		return;
	}
	/* what an authentic client was told stays true for its retries */
	if (c->authentic && c->tx != NULL &&
	    c->fail != OSSL_CMP_PKIFAILUREINFO_transactionIdInUse &&
	    c->fail != OSSL_CMP_PKIFAILUREINFO_systemUnavail &&
	    err_is(cmp_tx_answered(c, buf_span(&b))))
		log_line(LOG_ERROR, "cmp: answer not kept");
	reply_set(out, 200, "application/pkixcmp", buf_span(&b));
}

/* A well protected answer that belongs to another transaction. */
static void
change_transaction(struct cmp_live *live, OSSL_CMP_MSG *answer)
{
	OSSL_CMP_CTX *ctx = OSSL_CMP_SRV_CTX_get0_cmp_ctx(live->srv);
	ASN1_OCTET_STRING *tid = ASN1_OCTET_STRING_dup(
	    OSSL_CMP_HDR_get0_transactionID(OSSL_CMP_MSG_get0_header(answer)));

	if (OSSL_CMP_CTX_set1_transactionID(ctx, NULL) == 1)
		(void)OSSL_CMP_MSG_update_transactionID(ctx, answer);
	(void)OSSL_CMP_CTX_set1_transactionID(ctx, tid);
	ASN1_OCTET_STRING_free(tid);
}

static void
send_answer(struct cmp_call *c, struct cmp_live *live, OSSL_CMP_MSG *answer,
    struct reply *out)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *der = NULL;
	long n = 0;

	if (bio != NULL && i2d_OSSL_CMP_MSG_bio(bio, answer) == 1)
		n = BIO_get_mem_data(bio, &der);
	if (n > 0 && err_is(cmp_tx_answered(c, span_make(der, (size_t)n))))
		log_line(LOG_ERROR, "cmp: answer not kept");
	if (n > 0 && c->fault.action == FAULT_OTHER_TRANSACTION) {
		change_transaction(live, answer);
		(void)BIO_reset(bio);
		(void)i2d_OSSL_CMP_MSG_bio(bio, answer);
		n = BIO_get_mem_data(bio, &der);
	}
	if (n > 0)
		reply_set(
		    out, 200, "application/pkixcmp", span_make(der, (size_t)n));
	else
		reply_set(out, 500, "text/plain", span_str("failed\n"));
	BIO_free(bio);
}

/* Hand an admitted message to the transaction's context. */
static void
process(struct cmp_call *c, const OSSL_CMP_MSG *msg, struct reply *out)
{
	struct cmp_live *live = live_of(c);
	OSSL_CMP_MSG *answer = NULL;
	bool error;

	if (live != NULL) {
		live->call = c;
		live->used_s = sandbox_now(c->sb);
		ERR_clear_error();
		answer = OSSL_CMP_SRV_process_request(live->srv, msg);
		live->call = NULL;
	}
	/* an empty certConf is acknowledged without asking our callback */
	if (answer != NULL && c->w.body == BODY_CERTCONF &&
	    c->w.conf_status != 0 && c->fail < 0)
		cmp_give_up(c, "certConf: rejection");
	if (answer == NULL && c->fail < 0)
		cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_systemFailure,
		    "cannot be processed");
	error = answer == NULL ||
		OSSL_CMP_MSG_get_bodytype(answer) == BODY_ERROR;
	if (error && c->fail >= 0)
		answer_error(c, out);
	else
		send_answer(c, live, answer, out);
	if (error)
		live_drop(c->sb, live);
	OSSL_CMP_MSG_free(answer);
}

static bool
check_form(struct cmp_call *c, struct err walked, const OSSL_CMP_MSG *msg)
{
	if (err_is(walked) || msg == NULL)
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_badDataFormat,
		    "not a PKIMessage");
	if (c->w.pvno != 2)
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_unsupportedVersion,
		    "pvno must be cmp2000(2)");
	if (c->w.tid.n == 0)
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_badRequest,
		    "transactionID is missing");
	if (c->w.nonce.n < 16)
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_badSenderNonce,
		    "senderNonce must have 128 bits");
	return true;
}

static void
run(struct cmp_call *c, struct reply *out)
{
	BIO *bio = BIO_new_mem_buf(c->in.p, (int)c->in.n);
	struct err walked = walk_message(&c->w, c->in);
	OSSL_CMP_MSG *msg = d2i_OSSL_CMP_MSG_bio(bio, NULL);
	bool ok = check_form(c, walked, msg);

	if (ok) {
		hex_encode(c->tid, sizeof c->tid, c->w.tid);
		c->tx = records_get(&c->sb->transactions, c->tid);
	}
	if (ok && c->tx != NULL && cmp_tx_replay(c, out)) {
		log_line(LOG_INFO, "cmp: answered again from the store");
	} else if (ok && cmp_authenticate(c, msg) && cmp_admit(c) &&
		   (!cmp_starts(c->w.body) || !err_is(cmp_tx_begin(c)))) {
		process(c, msg, out);
	} else {
		if (c->fail < 0)
			cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_systemFailure,
			    "state cannot be written");
		answer_error(c, out);
	}
	OSSL_CMP_MSG_free(msg);
	BIO_free(bio);
}

void
cmp_answer(
    struct sandbox *sb, struct span in, struct fault fault, struct reply *out)
{
	struct cmp_call *c = calloc(1, sizeof *c);

	if (c == NULL) {
		reply_set(out, 500, "text/plain", span_str("no memory\n"));
		return;
	}
	c->sb = sb;
	c->in = in;
	c->fault = fault;
	c->fail = -1;
	c->fail_text = "";
	ERR_clear_error();
	run(c, out);
	ERR_clear_error();
	X509_free(c->signer_cert);
	free(c->stored);
	free(c);
}
