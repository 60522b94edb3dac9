/*
 * enrol/enrol.c - the CMP transaction of the job `issue`: ir, ip, maybe
 * polling, and certConf once the agent has decided.
 */
#include <openssl/err.h>
#include <string.h>
#include <time.h>

#include "base/secret.h"
#include "enrol/enrol.h"
#include "npki/cert.h"
#include "npki/profile.h"
#include "npki/vid.h"

enum { POLL_LEAST_S = 1, POLL_MOST_S = 60 };

/* R for the CA, readable by it alone. */
static struct err
add_vid(struct enrol *job)
{
	const struct enrol_secret *s = job->secret;
	uint8_t room[VID_EVID_MAX];
	struct buf evid = buf_make(room, sizeof room);
	const unsigned char *p = room;
	OSSL_CMP_ITAV *itav = NULL;
	ASN1_TYPE *value = NULL;
	struct err e;

	if (!job->vid || job->resumed)
		return err_none();
	e = vid_encrypt(&evid, span_make(s->number, s->number_n),
	    s->key.r_secret, VID_SHA256, job->peer.ca);
	if (err_is(e))
		return e;
	value = d2i_ASN1_TYPE(NULL, &p, (long)evid.n);
	itav = value == NULL
		   ? NULL
		   : OSSL_CMP_ITAV_create(
			 OBJ_nid2obj(npki_oid_nid(NPKI_OID_ENCRYPTED_VID)),
			 value);
	if (itav == NULL) {
		ASN1_TYPE_free(value);
		return err_make(E_CRYPTO, 0, "enrol: encrypted VID");
	}
	if (!OSSL_CMP_CTX_push0_geninfo_ITAV(job->ctx, itav)) {
		OSSL_CMP_ITAV_free(itav);
		return err_make(E_CRYPTO, 0, "enrol: encrypted VID");
	}
	return err_none();
}

/* The key pair, or the public key alone when only certConf is left to do:
 * the request made with it is thrown away and needs no proof. */
static struct err
set_key(struct enrol *job)
{
	EVP_PKEY *pair = job->secret->key.pkey;
	const unsigned char *p = job->spki;

	if (pair != NULL) {
		if (EVP_PKEY_up_ref(pair) != 1)
			return err_make(E_CRYPTO, 0, "enrol: key");
		if (OSSL_CMP_CTX_set0_newPkey(job->ctx, 1, pair))
			return err_none();
		EVP_PKEY_free(pair);
		return err_make(E_CRYPTO, 0, "enrol: key");
	}
	pair = d2i_PUBKEY(NULL, &p, (long)job->spki_n);
	if (pair == NULL ||
	    !OSSL_CMP_CTX_set_option(
		job->ctx, OSSL_CMP_OPT_POPO_METHOD, OSSL_CRMF_POPO_NONE) ||
	    !OSSL_CMP_CTX_set0_newPkey(job->ctx, 0, pair)) {
		EVP_PKEY_free(pair);
		return err_make(E_FORMAT, 0, "enrol: key");
	}
	return err_none();
}

/*
 * The CA knows whose the reference number is, yet RFC 4211 4.1 lets a signature
 * stand as proof only over a template that has a subject: the one expected,
 * or an empty name.
 */
static struct err
set_subject(struct enrol *job)
{
	const unsigned char *p = job->subject;
	X509_NAME *name = job->subject_n == 0
			      ? X509_NAME_new()
			      : d2i_X509_NAME(NULL, &p, (long)job->subject_n);
	bool ok = name != NULL && OSSL_CMP_CTX_set1_subjectName(job->ctx, name);

	X509_NAME_free(name);
	return ok ? err_none() : err_make(E_FORMAT, 0, "enrol: subject");
}

/* A transaction taken up again keeps its id. */
static struct err
set_transaction(struct enrol *job)
{
	struct span ir = span_make(job->ir, job->ir_n);
	struct cmp_head head;
	ASN1_OCTET_STRING *id;
	struct err e;
	bool ok;

	if (!job->resumed)
		return err_none();
	if (err_is(e = cmp_head_read(&head, ir)))
		return e;
	if (head.kind != CMP_IR || head.transaction.n == 0)
		return err_make(E_FORMAT, 0, "enrol: journalled ir");
	id = ASN1_OCTET_STRING_new();
	ok = id != NULL &&
	     ASN1_OCTET_STRING_set(
		 id, head.transaction.b, (int)head.transaction.n) &&
	     OSSL_CMP_CTX_set1_transactionID(job->ctx, id);
	ASN1_OCTET_STRING_free(id);
	job->carry.ir = ir;
	job->carry.ip = span_make(job->ip, job->ip_n);
	return ok ? err_none() : err_make(E_CRYPTO, 0, "enrol: transaction");
}

/* Key pair and R end here: the context keeps the public key only. */
static void
drop_private(struct enrol *job, OSSL_CMP_CTX *ctx, X509 *cert)
{
	EVP_PKEY *public = X509_get_pubkey(cert);

	if (!OSSL_CMP_CTX_set0_newPkey(ctx, 0, public))
		EVP_PKEY_free(public);
	npki_key_free(&job->secret->key);
	secret_wipe(job->secret->number, sizeof job->secret->number);
	job->secret->number_n = 0;
	/* certConf has no use for the encrypted VID */
	(void)OSSL_CMP_CTX_reset_geninfo_ITAVs(ctx);
	secret_wipe_stack();
}

static struct span
to_der(unsigned char **der, const X509 *cert)
{
	int n = i2d_X509(cert, der);

	return span_make(*der, n > 0 ? (size_t)n : 0);
}

static struct err
check_issued(struct enrol *job, X509 *cert)
{
	const struct enrol_secret *s = job->secret;
	unsigned char *der = NULL, *ca = NULL, *root = NULL;
	struct npki_expect want = {
		.spki = span_make(job->spki, job->spki_n),
		.subject = span_make(job->subject, job->subject_n),
		.not_after = job->not_after,
		.policy_oid = job->policy[0] != '\0' ? job->policy : NULL,
		.chain = job->peer.chain,
		.vid_optional = !job->vid,
		.now = time(NULL),
		.ignore = job->ignore,
	};
	struct err e;

	want.issuer = to_der(&ca, job->peer.ca);
	want.root = to_der(&root, job->peer.root);
	/* without the key there is no R: this one was checked before */
	if (s->key.has_r && s->number_n > 0) {
		want.idn_secret = span_make(s->number, s->number_n);
		want.r_secret = s->key.r_secret;
	}
	e = npki_issued_check(to_der(&der, cert), &want);
	OPENSSL_free(der);
	OPENSSL_free(ca);
	OPENSSL_free(root);
	return e;
}

/* Is it the certificate that was asked for?  Not zero: bits to refuse with. */
static int
judge(struct enrol *job, X509 *cert, int fail_info)
{
	struct err e;

	if (fail_info != 0) {
		failure_set(&job->failure, "peer.ca_answer", "issued: key");
		return fail_info;
	}
	e = check_issued(job, cert);
	if (err_is(e)) {
		failure_set(&job->failure, "peer.ca_answer", e.where);
		return OSSL_CMP_CTX_FAILINFO_incorrectData;
	}
	if (job->keeper->checked != NULL)
		e = job->keeper->checked(job, cert);
	failure_from(&job->failure, e);
	return err_is(e) ? OSSL_CMP_CTX_FAILINFO_systemFailure : 0;
}

/*
 * Called with the new certificate, before certConf.  It returns when the
 * customer has it, which may take minutes; 0 makes certConf say "accepted".
 */
static int
on_certificate(OSSL_CMP_CTX *ctx, X509 *cert, int fail_info, const char **text)
{
	struct enrol *job = OSSL_CMP_CTX_get_certConf_cb_arg(ctx);
	struct err e;
	int bits = judge(job, cert, fail_info);

	ERR_clear_error();
	drop_private(job, ctx, cert);
	if (bits != 0) {
		*text = "not the certificate asked for";
		return bits;
	}
	if (X509_up_ref(cert) == 1)
		job->cert = cert;
	e = enrol_await(job);
	OPENSSL_cleanse(job->secret->password, sizeof job->secret->password);
	job->secret->password_n = 0;
	secret_wipe_stack();
	if (err_is(e)) {
		/* An agent that could not keep it wants none: reject.  But an
		 * agent that is gone took no decision: say nothing to the CA,
		 * the journal will tell how to go on. */
		failure_from(&job->failure, e);
		job->carry.stop = e.code != E_REFUSED;
	}
	if (job->accepted)
		return 0;
	*text = "delivery failed";
	return OSSL_CMP_CTX_FAILINFO_systemFailure;
}

/* The CA asked for patience; meanwhile the agent may go away. */
static struct err
wait_to_poll(struct enrol *job, int check_after_s)
{
	int64_t until, now = port_now_ms();
	struct err e;

	if (check_after_s < POLL_LEAST_S)
		check_after_s = POLL_LEAST_S;
	if (check_after_s > POLL_MOST_S)
		check_after_s = POLL_MOST_S;
	until = now + check_after_s * 1000LL;
	if (until > job->deadline_ms)
		return err_make(E_TIMEOUT, 0, "enrol: still waiting");
	for (;;) {
		struct request r;

		e = port_next(job->port, &r, until);
		if (e.code == E_TIMEOUT)
			return err_none();
		if (!err_is(e))
			e = port_refuse(job->port, r.id, "rpc.state", NULL);
		request_free(&r);
		if (err_is(e))
			return e;
	}
}

/* 1 when the CA acknowledged, 0 when it ended otherwise. */
static int
run_transaction(struct enrol *job)
{
	for (;;) {
		int after_s = 0;
		int got = OSSL_CMP_try_certreq(
		    job->ctx, OSSL_CMP_IR, NULL, &after_s);
		struct err e;

		if (got >= 0)
			return got;
		e = wait_to_poll(job, after_s);
		if (err_is(e)) {
			failure_from(&job->failure, e);
			return 0;
		}
	}
}

/*
 * After a decision: did the CA hear it?  certConfirmed means that an earlier
 * certConf of this transaction arrived although its answer was lost.
 */
static void
settle_decision(struct enrol *job, int got)
{
	bool heard = job->carry.sent == CMP_CERTCONF &&
		     job->carry.received == CMP_PKICONF;

	if (job->accepted &&
	    (got == 1 || cmp_refused_with(
			     job->ctx, OSSL_CMP_CTX_FAILINFO_certConfirmed)))
		return;
	if (job->rejected && heard)
		return;
	job->accepted = false;
	/* an implicit confirmation nobody asked for cannot be taken back */
	if (job->rejected && job->carry.sent != CMP_CERTCONF)
		failure_set(&job->failure, "peer.ca_answer",
		    "cmp: implicit confirmation");
	failure_from_cmp(&job->failure, job->ctx);
	job->failure.unconfirmed = true;
}

static struct err
set_up(struct enrol *job)
{
	const struct enrol_secret *s = job->secret;
	struct err e;

	job->carry = (struct carry){ .port = job->port,
		.failure = &job->failure,
		.deadline_ms = job->deadline_ms,
		.sent = CMP_NONE,
		.received = CMP_NONE,
		.sign_pri = span_make(job->sign_pri, job->sign_pri_n),
		.spki_hex = job->spki_hex };
	e = cmp_ctx_new(&job->ctx, &job->peer, carry_message, &job->carry);
	if (!err_is(e))
		e = cmp_ctx_set_pbm(job->ctx, span_str(job->refnum),
		    span_make(s->authcode, s->authcode_n));
	if (!err_is(e))
		e = set_key(job);
	if (!err_is(e))
		e = set_subject(job);
	if (!err_is(e))
		e = set_transaction(job);
	if (!err_is(e))
		e = add_vid(job);
	if (!err_is(e) &&
	    (!OSSL_CMP_CTX_set_certConf_cb(job->ctx, on_certificate) ||
		!OSSL_CMP_CTX_set_certConf_cb_arg(job->ctx, job)))
		e = err_make(E_CRYPTO, 0, "enrol: callback");
	return e;
}

void
enrol_run(struct enrol *job)
{
	struct err e = set_up(job);
	int got;

	failure_from(&job->failure, e);
	if (!err_is(e)) {
		ERR_clear_error();
		got = run_transaction(job);
		if (job->accepted || job->rejected)
			settle_decision(job, got);
		else
			failure_from_cmp(&job->failure, job->ctx);
	}
	/* frees the context's copies of authcode and key */
	OSSL_CMP_CTX_free(job->ctx);
	job->ctx = NULL;
}
