/*
 * key/rr.c - one revocation request.  Source: facts/cmp.md 6.2, RFC 9483 4.2.
 */
#include "prog/key/rr.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include "base/secret.h"
#include "enrol/carry.h"
#include "enrol/params.h"
#include "rpc/rpc.h"

enum { RA_KEY_MAX = 16 * 1024 };

struct rr {
	struct cmp_peer peer;
	X509 *cert; /* to be held or revoked */
	X509 *ra_cert;
	EVP_PKEY *ra_key;
	int reason;
	struct carry carry;
	struct failure failure;
	bool already;
};

/* RFC 5280 reasons that a branch may give; none means without extension. */
static bool
reason_allowed(json_int_t reason)
{
	switch (reason) {
	case CRL_REASON_NONE:
	case CRL_REASON_KEY_COMPROMISE:
	case CRL_REASON_AFFILIATION_CHANGED:
	case CRL_REASON_SUPERSEDED:
	case CRL_REASON_CESSATION_OF_OPERATION:
	case CRL_REASON_CERTIFICATE_HOLD:
	case CRL_REASON_REMOVE_FROM_CRL:
		return true;
	default:
		return false;
	}
}

/* The RA key never prompts: a key under a pass phrase is refused. */
static int
no_phrase(char *room, int n, int writing, void *arg)
{
	return -1;
}

static struct err
read_key(struct rr *job, int fd)
{
	uint8_t *room = OPENSSL_secure_malloc(RA_KEY_MAX);
	struct buf pem = buf_make(room, RA_KEY_MAX);
	BIO *bio = NULL;
	struct err e;

	if (room == NULL)
		return err_make(E_NOMEM, 0, "rr: key");
	e = params_read_fd(&pem, fd);
	if (!err_is(e)) {
		bio = BIO_new_mem_buf(pem.p, (int)pem.n);
		job->ra_key = bio == NULL ? NULL
					  : PEM_read_bio_PrivateKey(
						bio, NULL, no_phrase, NULL);
		if (job->ra_key == NULL)
			e = err_make(E_FORMAT, 0, "rr: key");
	}
	BIO_free(bio);
	OPENSSL_secure_clear_free(room, RA_KEY_MAX);
	secret_wipe_stack();
	return e;
}

static struct err
take_params(struct rr *job, const json_t *params, int fd)
{
	json_int_t reason = rpc_int(params, "reason", CRL_REASON_NONE);
	struct err e;

	if (!reason_allowed(reason))
		return err_make(E_ARG, 0, "rr: reason");
	job->reason = (int)reason;
	e = params_peer(&job->peer, params);
	if (!err_is(e))
		e = params_cert(&job->cert, params, "certificate");
	if (!err_is(e))
		e = params_cert(&job->ra_cert, params, "ra_cert");
	if (!err_is(e))
		e = read_key(job, fd);
	return e;
}

static struct err
set_up(struct rr *job, OSSL_CMP_CTX **ctx, struct port *port)
{
	struct err e;

	job->carry = (struct carry){ .port = port,
		.failure = &job->failure,
		.deadline_ms = port_now_ms() + job->peer.timeout_s * 1000LL,
		.sent = CMP_NONE,
		.received = CMP_NONE };
	e = cmp_ctx_new(ctx, &job->peer, carry_message, &job->carry);
	if (!err_is(e))
		e = cmp_ctx_set_signer(
		    *ctx, &job->peer, job->ra_cert, job->ra_key);
	if (!err_is(e) && (!OSSL_CMP_CTX_set1_oldCert(*ctx, job->cert) ||
			      !OSSL_CMP_CTX_set_option(*ctx,
				  OSSL_CMP_OPT_REVOCATION_REASON, job->reason)))
		e = err_make(E_CRYPTO, 0, "rr: request");
	return e;
}

static void
run(struct rr *job, struct port *port)
{
	OSSL_CMP_CTX *ctx = NULL;
	struct err e = set_up(job, &ctx, port);

	if (err_is(e)) {
		failure_from(&job->failure, e);
	} else if (OSSL_CMP_exec_RR_ses(ctx) != 1) {
		/* already what was asked for: as good as done */
		job->already = !failure_is(&job->failure) &&
			       cmp_refused_with(
				   ctx, OSSL_CMP_CTX_FAILINFO_certRevoked);
		if (!job->already)
			failure_from_cmp(&job->failure, ctx);
	}
	OSSL_CMP_CTX_free(ctx);
	ERR_clear_error();
}

struct err
rr_start(struct port *port, struct request *r)
{
	struct rr job = { 0 };
	json_int_t id = r->id;
	struct err e = take_params(&job, r->params, r->fd);

	request_free(r);
	failure_from(&job.failure, e);
	if (!err_is(e))
		run(&job, port);
	EVP_PKEY_free(job.ra_key);
	X509_free(job.ra_cert);
	X509_free(job.cert);
	cmp_peer_free(&job.peer);
	secret_wipe_stack();
	if (failure_is(&job.failure))
		return failure_send(&job.failure, port, id);
	return port_answer(port, id,
	    json_pack("{s:s}", "status", job.already ? "already" : "accepted"));
}
