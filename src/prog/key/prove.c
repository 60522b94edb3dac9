/*
 * key/prove.c - the files a new key is delivered in, and their proof: what was
 * read back is opened with the password, signs, and verifies.
 */
#include <openssl/err.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "npki/p12.h"
#include "npki/pair.h"
#include "prog/key/issue.h"
#include "rpc/rpc.h"

/* ---- what the customer wants besides the pair ---- */

/* The certificates that go into PKCS#12: the pinned ones, never the peer's. */
static STACK_OF(X509) * pinned_chain(const struct enrol *job)
{
	STACK_OF(X509) *all = sk_X509_dup(job->peer.chain);

	if (all != NULL && sk_X509_unshift(all, job->peer.ca) <= 0) {
		sk_X509_free(all);
		return NULL;
	}
	return all;
}

static struct err
make_p12(
    struct enrol *job, X509 *cert, struct buf *out, enum p12_profile profile)
{
	const struct enrol_secret *s = job->secret;
	STACK_OF(X509) *chain = pinned_chain(job);
	struct err e;

	if (chain == NULL)
		return err_make(E_NOMEM, 0, "files: chain");
	e = npki_p12_write(out, &s->key, cert, chain, profile,
	    span_make(s->password, s->password_n));
	sk_X509_free(chain);
	return e;
}

static struct err
make_files(struct enrol *job, X509 *cert)
{
	struct issue *w = issue_of(job);
	struct buf out = buf_make(w->p12_der, sizeof w->p12_der);
	struct err e = err_none();

	if (job->secret->key.pkey == NULL)
		return e;
	if (w->p12)
		e = make_p12(job, cert, &out, P12_KOREAN);
	w->p12_n = err_is(e) ? 0 : out.n;
	for (int i = 0; w->phone && !err_is(e) && i < ISSUE_PHONES; i++) {
		struct issue_phone *f = &w->phones[i];

		out = buf_make(f->der, sizeof f->der);
		e = make_p12(
		    job, cert, &out, i == 0 ? P12_COMPATIBLE : P12_STRONG);
		f->n = err_is(e) ? 0 : out.n;
	}
	return e;
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

static void
describe(const struct enrol *job, json_t *issued)
{
	const struct issue *w = (const struct issue *)job;

	json_object_set_new(issued, "p12",
	    w->p12_n > 0 ? rpc_bytes(span_make(w->p12_der, w->p12_n))
			 : json_null());
	json_object_set_new(issued, "phone", phone_files(w));
}

/* ---- is it there? ---- */

static struct err
check_certificate(const struct enrol *job, struct span read_back)
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
check_opened(const struct enrol *job, struct npki_key *key)
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
check_key(const struct enrol *job, struct span read_back)
{
	struct npki_key key = { 0 };

	if (err_is(npki_pri_read(&key, read_back,
		span_make(job->secret->password, job->secret->password_n))))
		return err_make(E_MISMATCH, 0, "prove: key file");
	return check_opened(job, &key);
}

/* The same of a file for a phone, which holds the certificate too. */
static struct err
check_p12(const struct enrol *job, struct span file)
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
prove_phone(struct enrol *job, const json_t *files)
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
prove(struct enrol *job, const json_t *params, struct failure *f)
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

const struct enrol_keeper issue_keeper = {
	.checked = make_files, .describe = describe, .prove = prove
};
