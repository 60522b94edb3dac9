/*
 * key/issue.c - preparing the key, its file, the order of the job.
 */
#include "prog/key/issue.h"

#include <openssl/crypto.h>
#include <openssl/rsa.h>

#include "base/secret.h"
#include "rpc/rpc.h"

enum { BITS_MIN = 2048, BITS_MAX = 4096 };

struct issue *
issue_new(struct port *port)
{
	struct issue *job = OPENSSL_zalloc(sizeof *job);

	if (job != NULL &&
	    err_is(enrol_open(&job->enrol, port, &issue_keeper))) {
		OPENSSL_free(job);
		return NULL;
	}
	return job;
}

void
issue_free(struct issue *job)
{
	if (job == NULL)
		return;
	enrol_close(&job->enrol);
	OPENSSL_clear_free(job, sizeof *job);
}

struct err
issue_prepare(struct issue *job, struct request *r)
{
	json_int_t bits = rpc_int(r->params, "bits", 0);
	struct enrol *t = &job->enrol;
	struct failure f = { 0 };
	json_int_t id = r->id;
	struct err e = err_none();

	if (bits < BITS_MIN || bits > BITS_MAX || bits % 1024 != 0)
		e = err_make(E_ARG, 0, "issue: bits");
	else if (t->secret->key.pkey != NULL)
		e = err_make(E_STATE, 0, "issue: prepared already");
	request_free(r);
	if (!err_is(e)) {
		t->secret->key.pkey = EVP_RSA_gen((unsigned)bits);
		e = t->secret->key.pkey == NULL
			? err_make(E_CRYPTO, 0, "issue: key pair")
			: enrol_note_key(t);
		secret_wipe_stack();
	}
	if (err_is(e)) {
		failure_from(&f, e);
		return failure_send(&f, t->port, id);
	}
	return port_answer(
	    t->port, id, json_pack("{s:s}", "spki_sha256", t->spki_hex));
}

/* R, and the file the customer gets: durable before the request leaves. */
static struct err
make_file(struct enrol *t)
{
	struct npki_key *key = &t->secret->key;
	struct buf out = buf_make(t->sign_pri, sizeof t->sign_pri);
	struct err e;

	if (key->pkey == NULL)
		return err_make(E_STATE, 0, "issue: not prepared");
	e = npki_make_r(key->r_secret);
	if (!err_is(e)) {
		key->has_r = true;
		e = npki_pri_write(&out, key, PRI_FORM_SEED_SHA1,
		    span_make(t->secret->password, t->secret->password_n));
	}
	t->sign_pri_n = out.n;
	return e;
}

/* The key of a transaction taken up again comes out of its own file. */
static struct err
open_file(struct enrol *t)
{
	if (t->secret->password_n == 0)
		return err_none();
	npki_key_free(&t->secret->key);
	return npki_pri_read(&t->secret->key,
	    span_make(t->sign_pri, t->sign_pri_n),
	    span_make(t->secret->password, t->secret->password_n));
}

static struct err
make_ready(struct enrol *t)
{
	struct span password = span_make(
	    t->secret->password, t->secret->password_n);
	struct err e;

	if (!t->resumed && password_check(password) != PASSWORD_OK) {
		failure_set(&t->failure, "password.rule", NULL);
		return err_none();
	}
	e = t->resumed ? open_file(t) : make_file(t);
	secret_wipe_stack();
	return err_is(e) ? e : enrol_note_key(t);
}

struct err
issue_start(struct issue *job, struct request *r)
{
	struct enrol *t = &job->enrol;
	json_int_t id = r->id;
	struct err e = enrol_take(t, r->params);

	job->p12 = rpc_bool(r->params, "p12");
	job->phone = rpc_bool(r->params, "phone");
	if (!err_is(e))
		e = enrol_take_secret(t, r->fd);
	request_free(r);
	t->deadline_ms = port_now_ms() + t->peer.timeout_s * 1000LL;
	if (!err_is(e))
		e = make_ready(t);
	failure_from(&t->failure, e);
	if (!failure_is(&t->failure))
		enrol_run(t);
	return enrol_answer(t, id);
}
