/*
 * token/issue.c - the job `token.start`.
 *
 * Key pair and R are on the token before the CA hears of the key, so a token
 * and the agent's journal are enough to take a case up again.  Certificate and
 * chain follow when the agent has kept them; what proves them is read back
 * over a session of its own.
 */
#include <openssl/crypto.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "enrol/enrol.h"
#include "npki/cert.h"
#include "prog/token/jobs.h"
#include "prog/token/objects.h"
#include "prog/token/rsa.h"
#include "rpc/rpc.h"

enum { BITS_DEFAULT = 2048 };

struct job {
	struct enrol enrol; /* the first: see job_of */
	struct module *module;
	json_int_t index;
	int bits;
	struct token token;
	struct rsa_key key; /* of enrol.secret->key.pkey */
	bool begun;	    /* the objects of this id are ours */
	uint8_t id[OBJECTS_ID];
	unsigned added; /* certificates of CAs that were not there: bits */
};

static struct job *
job_of(struct enrol *e)
{
	return (struct job *)e;
}

static struct err
open_token(struct job *job)
{
	const struct enrol_secret *s = job->enrol.secret;

	token_close(&job->token);
	return token_open(&job->token, job->module, job->index, true,
	    span_make(s->password, s->password_n));
}

/* ---- the key ---- */

/* Key pair and R on the token; its handle for the proof of possession. */
static struct err
make_key(struct job *job)
{
	struct npki_key *key = &job->enrol.secret->key;
	const struct token *t = &job->token;
	EVP_PKEY *public = NULL;
	struct err e = objects_sweep(t);

	if (!err_is(e))
		e = objects_generate(t, job->bits, job->id, &public);
	if (err_is(e))
		return e;
	job->begun = true;
	e = npki_make_r(key->r_secret);
	key->has_r = !err_is(e);
	if (!err_is(e))
		e = objects_put_r(t, job->id, key->r_secret);
	job->key.token = t;
	if (!err_is(e))
		e = objects_key(t, job->id, &job->key.key);
	if (!err_is(e))
		e = rsa_wrap(&key->pkey, &job->key, public);
	EVP_PKEY_free(public);
	return e;
}

/* The key of a transaction taken up again, named by its own request. */
static struct err
find_key(struct job *job)
{
	struct enrol *t = &job->enrol;
	const unsigned char *p = t->spki;
	uint8_t r_secret[NPKI_R];
	CK_OBJECT_HANDLE key;
	EVP_PKEY *public;
	struct err e = enrol_note_key(t);

	if (err_is(e))
		return e;
	if ((public = d2i_PUBKEY(NULL, &p, (long)t->spki_n)) == NULL)
		return err_make(E_FORMAT, 0, "issue: journalled key");
	e = objects_id(job->id, public);
	EVP_PKEY_free(public);
	if (!err_is(e))
		e = objects_key(&job->token, job->id, &key);
	if (!err_is(e))
		e = objects_get_r(&job->token, job->id, r_secret);
	if (!err_is(e)) {
		SHA256(r_secret, NPKI_R, t->r_sha256);
		job->begun = true;
	}
	secret_wipe(r_secret, sizeof r_secret);
	return e;
}

/* ---- delivered, and proven ---- */

/* The certificates above the new one, from the issuing CA on; then NULL. */
static X509 *
above(const struct enrol *t, int i)
{
	return i == 0 ? t->peer.ca : sk_X509_value(t->peer.chain, i - 1);
}

static struct err
write_all(struct job *job)
{
	const struct enrol *t = &job->enrol;
	struct npki_cert_info info;
	bool made;
	struct err e = npki_cert_info(&info, t->cert);

	for (int i = 0; above(t, i) != NULL && !err_is(e); i++) {
		e = objects_put_cert(&job->token, above(t, i), &made);
		if (made)
			job->added |= 1u << i;
	}
	if (!err_is(e))
		e = objects_put_cert(&job->token, t->cert, &made);
	if (!err_is(e))
		e = objects_finish(&job->token, job->id, info.cn);
	return e;
}

static struct err
check_r(const struct job *job)
{
	uint8_t r_secret[NPKI_R], hash[SHA256_DIGEST_LENGTH];
	struct err e = objects_get_r(&job->token, job->id, r_secret);

	SHA256(r_secret, NPKI_R, hash);
	secret_wipe(r_secret, sizeof r_secret);
	if (!err_is(e) && !secret_equal(hash, job->enrol.r_sha256, sizeof hash))
		e = err_make(E_MISMATCH, 0, "prove: R");
	return e;
}

/* A signature by the token, verified with the new certificate. */
static struct err
check_signature(const struct token *t, const uint8_t id[static OBJECTS_ID],
    const X509 *cert)
{
	CK_OBJECT_HANDLE key;
	struct err e = objects_key(t, id, &key);

	return err_is(e) ? e : rsa_prove(t, key, cert);
}

static struct err
read_back(const struct job *job)
{
	const struct enrol *t = &job->enrol;
	struct err e = objects_has_cert(&job->token, t->cert);

	for (int i = 0; above(t, i) != NULL && !err_is(e); i++)
		e = objects_has_cert(&job->token, above(t, i));
	if (!err_is(e))
		e = check_r(job);
	if (!err_is(e))
		e = check_signature(&job->token, job->id, t->cert);
	return e;
}

static struct err
prove(struct enrol *t, const json_t *params, struct failure *f)
{
	struct job *job = job_of(t);
	struct err e;

	if (t->secret->password_n == 0)
		return err_make(E_STATE, 0, "prove: no PIN");
	/* a new session each time: the token may have been out meanwhile, and
	 * what is read back must not come from what was just written */
	e = open_token(job);
	if (!err_is(e))
		e = write_all(job);
	if (!err_is(e))
		e = open_token(job);
	if (!err_is(e))
		e = read_back(job);
	jobs_failure(f, e, &job->token);
	return err_none();
}

static const struct enrol_keeper keeper = { .prove = prove };

/* ---- the job ---- */

static struct err
take(struct job *job, struct request *r)
{
	json_int_t bits = rpc_int(r->params, "bits", BITS_DEFAULT);
	struct err e = enrol_take(&job->enrol, r->params);

	job->index = rpc_int(r->params, "token", -1);
	job->bits = (int)bits;
	if (!err_is(e) && (bits < 2048 || bits > 4096 || bits % 1024 != 0))
		e = err_make(E_ARG, 0, "issue: bits");
	/* without a PIN there is nothing to do here that dasi-key does not */
	if (!err_is(e) && r->fd < 0)
		e = err_make(E_ARG, 0, "issue: no PIN");
	if (!err_is(e))
		e = enrol_take_secret(&job->enrol, r->fd);
	return e;
}

/* The first failure of the token's own, or of the request. */
static void
make_ready(struct job *job)
{
	struct enrol *t = &job->enrol;
	struct err e = open_token(job);

	if (!err_is(e))
		e = t->resumed ? find_key(job) : make_key(job);
	jobs_failure(&t->failure, e, &job->token);
	if (!err_is(e) && !t->resumed)
		failure_from(&t->failure, enrol_note_key(t));
}

/*
 * Nothing of an attempt that came to nothing stays.  What the agent keeps and
 * has not rejected does: it may be taken up again.
 */
static void
clean_up(struct job *job)
{
	const struct enrol *t = &job->enrol;
	struct err e;

	if (!job->begun || (t->announced && !t->rejected))
		return;
	e = token_again(&job->token);
	if (!err_is(e))
		e = objects_erase(&job->token, job->id);
	for (int i = 0; above(t, i) != NULL && !err_is(e); i++) {
		if ((job->added & 1u << i) != 0)
			e = objects_drop_cert(&job->token, above(t, i));
	}
	if (err_is(e))
		log_err(LOG_WARNING, "a token is left half-way", e);
}

/* OpenSSL's "no" hides why the token did not sign. */
static void
run(struct job *job)
{
	struct enrol *t = &job->enrol;
	struct failure f = { 0 };

	enrol_run(t);
	if (!err_is(job->key.failed))
		return;
	jobs_failure(&f, job->key.failed, &job->token);
	t->failure = f;
}

struct err
issue_start(struct module *m, struct port *port, struct request *r)
{
	struct job *job = OPENSSL_zalloc(sizeof *job);
	json_int_t id = r->id;
	struct err e;

	if (job == NULL) {
		request_free(r);
		return port_refuse(port, id, "key.internal", NULL);
	}
	job->module = m;
	e = enrol_open(&job->enrol, port, &keeper);
	if (!err_is(e))
		e = take(job, r);
	request_free(r);
	job->enrol.deadline_ms = port_now_ms() +
				 job->enrol.peer.timeout_s * 1000LL;
	failure_from(&job->enrol.failure, e);
	if (!failure_is(&job->enrol.failure))
		make_ready(job);
	if (!failure_is(&job->enrol.failure))
		run(job);
	clean_up(job);
	token_close(&job->token);
	e = enrol_answer(&job->enrol, id);
	enrol_close(&job->enrol);
	OPENSSL_clear_free(job, sizeof *job);
	secret_wipe_stack();
	return e;
}
