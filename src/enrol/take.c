/*
 * enrol/take.c - what a start request asks for, and the answer at its end.
 */
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "enrol/enrol.h"
#include "enrol/params.h"
#include "npki/profile.h"
#include "rpc/rpc.h"

struct err
enrol_open(
    struct enrol *job, struct port *port, const struct enrol_keeper *keeper)
{
	job->port = port;
	job->keeper = keeper;
	job->secret = OPENSSL_secure_zalloc(sizeof *job->secret);
	return job->secret == NULL ? err_make(E_NOMEM, 0, "enrol: memory")
				   : err_none();
}

static void
forget(struct enrol *job)
{
	if (job->secret == NULL)
		return;
	npki_key_free(&job->secret->key);
	OPENSSL_cleanse(job->secret, sizeof *job->secret);
	secret_wipe_stack();
}

void
enrol_close(struct enrol *job)
{
	OSSL_CMP_CTX_free(job->ctx);
	forget(job);
	OPENSSL_secure_free(job->secret);
	cmp_peer_free(&job->peer);
	X509_free(job->cert);
	memset(job, 0, sizeof *job);
}

static void
note_hash(struct enrol *job)
{
	uint8_t hash[SHA256_DIGEST_LENGTH];

	SHA256(job->spki, job->spki_n, hash);
	hex_encode(
	    job->spki_hex, sizeof job->spki_hex, span_make(hash, sizeof hash));
}

static struct err
note_spki(struct enrol *job)
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
			return err_make(E_CRYPTO, 0, "enrol: public key");
		buf_add(&out, der, (size_t)n);
		OPENSSL_free(der);
	}
	if (!err_is(e) && out.full)
		e = err_make(E_LIMIT, 0, "enrol: public key");
	job->spki_n = out.n;
	note_hash(job);
	return e;
}

struct err
enrol_note_key(struct enrol *job)
{
	const struct npki_key *key = &job->secret->key;

	if (key->has_r)
		SHA256(key->r_secret, NPKI_R, job->r_sha256);
	return note_spki(job);
}

/* A short secret text member into `dst`, 1..cap bytes unless `maybe`. */
static struct err
take_text(uint8_t *dst_secret, size_t cap, size_t *n, const json_t *o,
    const char *key, bool maybe)
{
	const char *s = rpc_str(o, key);

	*n = strlen(s);
	if (*n > cap)
		return err_make(E_LIMIT, 0, "enrol: text member");
	if (*n == 0 && !maybe)
		return err_make(E_ARG, 0, "enrol: text member");
	memcpy(dst_secret, s, *n);
	return err_none();
}

static struct err
take_expected(struct enrol *job, const json_t *expect)
{
	struct buf subject = buf_make(job->subject, sizeof job->subject);
	struct err e = params_maybe_bytes(&subject, expect, "subject_der");

	job->subject_n = subject.n;
	job->not_after = rpc_int(expect, "not_after", 0);
	if (!err_is(e) && !str_copy(job->policy, sizeof job->policy,
			      rpc_str(expect, "policy")))
		e = err_make(E_LIMIT, 0, "enrol: policy");
	return e;
}

static struct err
take_resumed(struct enrol *job, const json_t *resume)
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
take_options(struct enrol *job, const json_t *params)
{
	const json_t *issuer = json_object_get(params, "issuer");

	job->vid = !json_is_false(json_object_get(issuer, "encrypted_vid"));
	job->ignore = job->vid ? 0 : 1u << FIND_IDENTIFY_DATA;
	if (rpc_bool(issuer, "any_profile"))
		job->ignore = ~0u;
}

struct err
enrol_take(struct enrol *job, const json_t *params)
{
	struct enrol_secret *s = job->secret;
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
		e = err_make(E_ARG, 0, "enrol: number");
	return e;
}

struct err
enrol_take_secret(struct enrol *job, int fd)
{
	struct enrol_secret *s = job->secret;
	struct buf room = buf_make(s->password, sizeof s->password);
	struct err e;

	if (fd < 0 && job->resumed)
		return err_none();
	e = params_read_fd(&room, fd);
	s->password_n = room.n;
	if (!err_is(e) && s->password_n == 0)
		e = err_make(E_ARG, 0, "enrol: password");
	return e;
}

struct err
enrol_answer(struct enrol *job, json_int_t id)
{
	/* before the answer, so that the agent knows they are gone */
	forget(job);
	ERR_clear_error();
	if (failure_is(&job->failure))
		return failure_send(&job->failure, job->port, id);
	return port_answer(job->port, id,
	    json_pack(
		"{s:s}", "status", job->accepted ? "confirmed" : "rejected"));
}
