/*
 * key/issue.c - preparing the key, reading what is asked for, the answer.
 */
#include "prog/key/issue.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "npki/profile.h"
#include "enrol/params.h"
#include "rpc/rpc.h"

enum { BITS_MIN = 2048, BITS_MAX = 4096 };

struct issue *
issue_new(struct port *port)
{
	struct issue *job = OPENSSL_zalloc(sizeof *job);

	if (job == NULL)
		return NULL;
	job->secret = OPENSSL_secure_zalloc(sizeof *job->secret);
	if (job->secret == NULL) {
		OPENSSL_free(job);
		return NULL;
	}
	job->port = port;
	return job;
}

void
issue_free(struct issue *job)
{
	if (job == NULL)
		return;
	OSSL_CMP_CTX_free(job->ctx);
	npki_key_free(&job->secret->key);
	OPENSSL_secure_clear_free(job->secret, sizeof *job->secret);
	cmp_peer_free(&job->peer);
	X509_free(job->cert);
	OPENSSL_clear_free(job, sizeof *job);
	secret_wipe_stack();
}

static void
note_hash(struct issue *job)
{
	uint8_t hash[SHA256_DIGEST_LENGTH];

	SHA256(job->spki, job->spki_n, hash);
	hex_encode(
	    job->spki_hex, sizeof job->spki_hex, span_make(hash, sizeof hash));
}

struct err
issue_note_spki(struct issue *job)
{
	struct buf out = buf_make(job->spki, sizeof job->spki);
	unsigned char *der = NULL;
	struct err e = err_none();
	int n;

	if (job->secret->key.pkey == NULL) {
		e = cmp_request_spki(&out, span_make(job->ir, job->ir_n));
	} else {
		n = i2d_PUBKEY(job->secret->key.pkey, &der);
		if (n <= 0)
			return err_make(E_CRYPTO, 0, "issue: public key");
		buf_add(&out, der, (size_t)n);
		OPENSSL_free(der);
	}
	if (!err_is(e) && out.full)
		e = err_make(E_LIMIT, 0, "issue: public key");
	job->spki_n = out.n;
	note_hash(job);
	return e;
}

struct err
issue_prepare(struct issue *job, struct request *r)
{
	json_int_t bits = rpc_int(r->params, "bits", 0);
	struct failure f = { 0 };
	json_int_t id = r->id;
	struct err e = err_none();

	if (bits < BITS_MIN || bits > BITS_MAX || bits % 1024 != 0)
		e = err_make(E_ARG, 0, "issue: bits");
	else if (job->secret->key.pkey != NULL)
		e = err_make(E_STATE, 0, "issue: prepared already");
	request_free(r);
	if (!err_is(e)) {
		job->secret->key.pkey = EVP_RSA_gen((unsigned)bits);
		e = job->secret->key.pkey == NULL
			? err_make(E_CRYPTO, 0, "issue: key pair")
			: issue_note_spki(job);
		secret_wipe_stack();
	}
	if (err_is(e)) {
		failure_from(&f, e);
		return failure_send(&f, job->port, id);
	}
	return port_answer(
	    job->port, id, json_pack("{s:s}", "spki_sha256", job->spki_hex));
}

/* A short secret text member into `dst`, 1..cap bytes unless `maybe`. */
static struct err
take_text(uint8_t *dst_secret, size_t cap, size_t *n, const json_t *o,
    const char *key, bool maybe)
{
	const char *s = rpc_str(o, key);

	*n = strlen(s);
	if (*n > cap)
		return err_make(E_LIMIT, 0, "issue: text member");
	if (*n == 0 && !maybe)
		return err_make(E_ARG, 0, "issue: text member");
	memcpy(dst_secret, s, *n);
	return err_none();
}

static struct err
take_expected(struct issue *job, const json_t *expect)
{
	struct buf subject = buf_make(job->subject, sizeof job->subject);
	struct err e = params_maybe_bytes(&subject, expect, "subject_der");

	job->subject_n = subject.n;
	job->not_after = rpc_int(expect, "not_after", 0);
	if (!err_is(e) && !str_copy(job->policy, sizeof job->policy,
			      rpc_str(expect, "policy")))
		e = err_make(E_LIMIT, 0, "issue: policy");
	return e;
}

static struct err
take_resumed(struct issue *job, const json_t *resume)
{
	struct buf ir = buf_make(job->ir, sizeof job->ir);
	struct buf ip = buf_make(job->ip, sizeof job->ip);
	struct buf pri = buf_make(job->sign_pri, sizeof job->sign_pri);
	struct err e;

	if (resume == NULL || json_is_null(resume))
		return err_none();
	job->resumed = true;
	e = rpc_get_bytes(&ir, resume, "ir");
	if (!err_is(e))
		e = params_maybe_bytes(&ip, resume, "ip");
	if (!err_is(e))
		e = params_maybe_bytes(&pri, resume, "sign_pri");
	job->ir_n = ir.n;
	job->ip_n = ip.n;
	job->sign_pri_n = pri.n;
	return e;
}

/*
 * A CA outside the Korean scheme may bind no number, have its own profile, or
 * both.  Whoever did not get R cannot put a VID into the certificate.
 */
static void
take_options(struct issue *job, const json_t *params)
{
	const json_t *issuer = json_object_get(params, "issuer");

	job->p12 = rpc_bool(params, "p12");
	job->phone = rpc_bool(params, "phone");
	job->vid = !json_is_false(json_object_get(issuer, "encrypted_vid"));
	job->ignore = job->vid ? 0 : 1u << FIND_IDENTIFY_DATA;
	if (rpc_bool(issuer, "any_profile"))
		job->ignore = ~0u;
}

static struct err
take_params(struct issue *job, const json_t *params)
{
	struct issue_secret *s = job->secret;
	size_t n;
	struct err e;

	take_options(job, params);
	e = take_text((uint8_t *)job->refnum, sizeof job->refnum - 1, &n,
	    params, "refnum", false);
	if (!err_is(e))
		e = take_text(s->authcode, sizeof s->authcode, &s->authcode_n,
		    params, "authcode", false);
	if (!err_is(e))
		e = take_text(s->number, sizeof s->number, &s->number_n, params,
		    "number", true);
	if (!err_is(e))
		e = take_expected(job, json_object_get(params, "expect"));
	if (!err_is(e))
		e = take_resumed(job, json_object_get(params, "resume"));
	if (!err_is(e))
		e = params_peer(&job->peer, params);
	if (!err_is(e) && !job->resumed && job->vid && s->number_n == 0)
		e = err_make(E_ARG, 0, "issue: number");
	return e;
}

/* The new password; a job taken up again to confirm may have none. */
static struct err
take_password(struct issue *job, int fd)
{
	struct issue_secret *s = job->secret;
	struct buf room = buf_make(s->password, sizeof s->password);
	struct err e;

	if (fd < 0 && job->resumed)
		return err_none();
	e = params_read_fd(&room, fd);
	s->password_n = room.n;
	if (!err_is(e) && s->password_n == 0)
		e = err_make(E_ARG, 0, "issue: password");
	if (!err_is(e) && !job->resumed &&
	    password_check(buf_span(&room)) != PASSWORD_OK)
		failure_set(&job->failure, "password.rule", NULL);
	return e;
}

/* R, and the file the customer gets: durable before the request leaves. */
static struct err
make_file(struct issue *job)
{
	struct npki_key *key = &job->secret->key;
	struct buf out = buf_make(job->sign_pri, sizeof job->sign_pri);
	struct err e;

	if (key->pkey == NULL)
		return err_make(E_STATE, 0, "issue: not prepared");
	e = npki_make_r(key->r_secret);
	if (!err_is(e)) {
		key->has_r = true;
		e = npki_pri_write(&out, key, PRI_FORM_SEED_SHA1,
		    span_make(job->secret->password, job->secret->password_n));
	}
	job->sign_pri_n = out.n;
	return e;
}

/* The key of a transaction taken up again comes out of its own file. */
static struct err
open_file(struct issue *job)
{
	if (job->secret->password_n == 0)
		return err_none();
	npki_key_free(&job->secret->key);
	return npki_pri_read(&job->secret->key,
	    span_make(job->sign_pri, job->sign_pri_n),
	    span_make(job->secret->password, job->secret->password_n));
}

static struct err
make_ready(struct issue *job)
{
	const struct npki_key *key = &job->secret->key;
	struct err e = job->resumed ? open_file(job) : make_file(job);

	secret_wipe_stack();
	if (err_is(e))
		return e;
	if (key->has_r)
		SHA256(key->r_secret, NPKI_R, job->r_sha256);
	return issue_note_spki(job);
}

static struct err
send_outcome(struct issue *job, json_int_t id)
{
	if (failure_is(&job->failure))
		return failure_send(&job->failure, job->port, id);
	return port_answer(job->port, id,
	    json_pack(
		"{s:s}", "status", job->accepted ? "confirmed" : "rejected"));
}

struct err
issue_start(struct issue *job, struct request *r)
{
	json_int_t id = r->id;
	struct err e = take_params(job, r->params);

	if (!err_is(e))
		e = take_password(job, r->fd);
	request_free(r);
	job->deadline_ms = port_now_ms() + job->peer.timeout_s * 1000LL;
	if (!err_is(e) && !failure_is(&job->failure))
		e = make_ready(job);
	failure_from(&job->failure, e);
	if (!failure_is(&job->failure))
		issue_enrol(job);
	/* before the answer, so that the agent knows they are gone */
	npki_key_free(&job->secret->key);
	OPENSSL_cleanse(job->secret, sizeof *job->secret);
	secret_wipe_stack();
	ERR_clear_error();
	return send_outcome(job, id);
}
