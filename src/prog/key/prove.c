/*
 * key/prove.c - between ip and certConf: the agent keeps the certificate, has
 * it delivered, has the delivered files proven here, and decides.
 */
#include <openssl/err.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "npki/p12.h"
#include "npki/pair.h"
#include "prog/key/issue.h"
#include "rpc/rpc.h"

static json_t *
cert_bytes(const X509 *cert)
{
	unsigned char *der = NULL;
	int n = i2d_X509(cert, &der);
	json_t *v = n > 0 ? rpc_bytes(span_make(der, (size_t)n)) : json_null();

	OPENSSL_free(der);
	return v;
}

/* The pinned path from the issuing CA up, without the root. */
static json_t *
chain_bytes(const struct issue *job)
{
	json_t *list = json_array();

	json_array_append_new(list, cert_bytes(job->peer.ca));
	for (int i = 0; i < sk_X509_num(job->peer.chain); i++)
		json_array_append_new(
		    list, cert_bytes(sk_X509_value(job->peer.chain, i)));
	return list;
}

static json_t *
phone_files(const struct issue *job)
{
	static const char *const profiles[ISSUE_PHONES] = { "compatible",
		"strong" };
	json_t *list = json_array();

	for (int i = 0; i < ISSUE_PHONES; i++) {
		const struct issue_phone *f = &job->phones[i];
		if (f->n > 0)
			json_array_append_new(list,
			    json_pack("{s:s,s:o}", "profile", profiles[i],
				"data", rpc_bytes(span_make(f->der, f->n))));
	}
	return list;
}

static struct err
announce(struct issue *job)
{
	json_t *params = json_object(), *result = NULL;
	char code[PORT_CODE];
	struct err e;

	json_object_set_new(params, "certificate", cert_bytes(job->cert));
	json_object_set_new(params, "chain", chain_bytes(job));
	json_object_set_new(params, "p12",
	    job->p12_n > 0 ? rpc_bytes(span_make(job->p12_der, job->p12_n))
			   : json_null());
	json_object_set_new(params, "phone", phone_files(job));
	e = port_ask(
	    job->port, "issue.issued", params, job->deadline_ms, &result, code);
	if (e.code == E_REFUSED)
		failure_set(&job->failure, code, "issue.issued");
	json_decref(result);
	return e;
}

static struct err
check_certificate(const struct issue *job, struct span read_back)
{
	unsigned char *der = NULL;
	int n = i2d_X509(job->cert, &der);
	bool same = n > 0 && span_eq(span_make(der, (size_t)n), read_back);

	OPENSSL_free(der);
	return same ? err_none()
		    : err_make(E_MISMATCH, 0, "prove: certificate");
}

/* The key of an exported file must hold our R, and sign.  Takes the key. */
static struct err
check_opened(const struct issue *job, struct npki_key *key)
{
	uint8_t hash[SHA256_DIGEST_LENGTH];
	struct err e = err_none();

	SHA256(key->r_secret, NPKI_R, hash);
	if (!key->has_r || !secret_equal(hash, job->r_sha256, sizeof hash))
		e = err_make(E_MISMATCH, 0, "prove: R");
	if (!err_is(e))
		e = npki_pair_check(job->cert, key->pkey);
	if (!err_is(e))
		e = npki_test_sign(job->cert, key->pkey);
	npki_key_free(key);
	secret_wipe_stack();
	ERR_clear_error();
	return e;
}

static struct err
check_key(const struct issue *job, struct span read_back)
{
	struct npki_key key = { 0 };

	if (err_is(npki_pri_read(&key, read_back,
		span_make(job->secret->password, job->secret->password_n))))
		return err_make(E_MISMATCH, 0, "prove: key file");
	return check_opened(job, &key);
}

/* The same of a file for a phone, which holds the certificate too. */
static struct err
check_p12(const struct issue *job, struct span file)
{
	struct npki_p12 p12 = { 0 };
	struct npki_key key;
	bool same;

	if (err_is(npki_p12_read(&p12, file,
		span_make(job->secret->password, job->secret->password_n))))
		return err_make(E_MISMATCH, 0, "prove: PKCS#12");
	same = X509_cmp(p12.cert, job->cert) == 0;
	key = p12.key;
	p12.key = (struct npki_key){ 0 };
	npki_p12_free(&p12);
	if (same)
		return check_opened(job, &key);
	npki_key_free(&key);
	return err_make(E_MISMATCH, 0, "prove: certificate");
}

static struct err
prove_phone(struct issue *job, const json_t *files)
{
	static uint8_t room[ISSUE_P12];
	struct err e = json_array_size(files) > 0
			   ? err_none()
			   : err_make(E_ARG, 0, "prove: files");
	const json_t *one;
	size_t i;

	json_array_foreach(files, i, one) {
		struct buf b = buf_make(room, sizeof room);
		if (!err_is(e))
			e = rpc_get_bytes(&b, one, "data");
		if (!err_is(e))
			e = check_p12(job, buf_span(&b));
	}
	secret_wipe(room, sizeof room);
	return e;
}

static struct err
prove(struct issue *job, const json_t *params)
{
	static uint8_t cert_room[NPKI_CERT_MAX], pri_room[NPKI_PRI_MAX];
	struct buf cert = buf_make(cert_room, sizeof cert_room);
	struct buf pri = buf_make(pri_room, sizeof pri_room);
	struct err e;

	if (job->secret->password_n == 0)
		return err_make(E_STATE, 0, "prove: no password");
	if (json_is_array(json_object_get(params, "phone")))
		return prove_phone(job, json_object_get(params, "phone"));
	e = rpc_get_bytes(&cert, params, "sign_cert");
	if (!err_is(e))
		e = rpc_get_bytes(&pri, params, "sign_pri");
	if (!err_is(e))
		e = check_certificate(job, buf_span(&cert));
	if (!err_is(e))
		e = check_key(job, buf_span(&pri));
	return e;
}

/*
 * "Accepted" needs a proof, made here, of what was read back.  Only a job
 * taken up again without the password (delivered and proven before the branch
 * lost power) may be confirmed on the agent's journal alone.
 */
static struct err
decide(struct issue *job, const json_t *params)
{
	const json_t *accept = json_object_get(params, "accept");
	bool blind = job->resumed && job->secret->password_n == 0;

	if (!json_is_boolean(accept))
		return err_make(E_ARG, 0, "decide: accept");
	if (json_is_true(accept) && !job->proven && !blind)
		return err_make(E_STATE, 0, "decide: not proven");
	OPENSSL_cleanse(job->secret->password, sizeof job->secret->password);
	job->secret->password_n = 0;
	job->accepted = json_is_true(accept);
	job->rejected = !job->accepted;
	return err_none();
}

/* One request while the certificate waits. */
static struct err
handle(struct issue *job, struct request *r)
{
	struct failure f = { 0 };
	json_int_t id = r->id;
	struct err e;

	if (strcmp(r->method, "issue.prove") == 0) {
		e = prove(job, r->params);
		/* of several deliveries one may fail and be given up */
		job->proven = job->proven || !err_is(e);
	} else if (strcmp(r->method, "issue.confirm") == 0) {
		e = decide(job, r->params);
	} else {
		e = err_make(E_STATE, 0, "await: method");
	}
	request_free(r);
	if (!err_is(e))
		return port_answer(job->port, id, NULL);
	failure_from(&f, e);
	return failure_send(&f, job->port, id);
}

struct err
issue_await(struct issue *job)
{
	struct err e;

	if (job->cert == NULL)
		return err_make(E_NOMEM, 0, "await: certificate");
	e = announce(job);
	while (!err_is(e) && !job->accepted && !job->rejected) {
		struct request r;

		e = port_next(job->port, &r, job->deadline_ms);
		if (!err_is(e))
			e = handle(job, &r);
	}
	return e;
}
