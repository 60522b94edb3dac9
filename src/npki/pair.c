/*
 * npki/pair.c - proof that a certificate and a private key work together.
 */
#include "npki/pair.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/x509_vfy.h>

enum { CHALLENGE = 32, SIGNATURE_MAX = 1024 };

struct err
npki_pair_check(const X509 *cert, EVP_PKEY *key)
{
	EVP_PKEY *public = X509_get0_pubkey(cert);
	bool same;

	ERR_set_mark();
	same = public != NULL && EVP_PKEY_eq(public, key) == 1;
	ERR_pop_to_mark();
	return same ? err_none() : err_make(E_MISMATCH, 0, "pair: key");
}

struct err
npki_test_sign(const X509 *cert, EVP_PKEY *key)
{
	uint8_t challenge[CHALLENGE], signature[SIGNATURE_MAX];
	size_t n = sizeof signature;
	EVP_PKEY *public = X509_get0_pubkey(cert);
	EVP_MD_CTX *sign = EVP_MD_CTX_new(), *verify = EVP_MD_CTX_new();
	struct err e = err_make(E_CRYPTO, 0, "pair: sign");

	ERR_set_mark();
	if (sign == NULL || verify == NULL || public == NULL ||
	    RAND_bytes(challenge, sizeof challenge) != 1 ||
	    EVP_DigestSignInit(sign, NULL, EVP_sha256(), NULL, key) != 1 ||
	    EVP_DigestSign(sign, signature, &n, challenge, sizeof challenge) !=
		1 ||
	    EVP_DigestVerifyInit(verify, NULL, EVP_sha256(), NULL, public) != 1)
		goto out;
	if (EVP_DigestVerify(
		verify, signature, n, challenge, sizeof challenge) == 1)
		e = err_none();
	else
		e = err_make(E_MISMATCH, 0, "pair: verify");
out:
	EVP_MD_CTX_free(sign);
	EVP_MD_CTX_free(verify);
	ERR_pop_to_mark();
	return e;
}

static X509_STORE *
store_make(X509 *root, int64_t now)
{
	X509_STORE *store = X509_STORE_new();

	if (store == NULL)
		return NULL;
	X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), now);
	/* these certificates have no e-mail purpose, CMS_verify's default */
	if (X509_STORE_add_cert(store, root) != 1 ||
	    X509_STORE_set_purpose(store, X509_PURPOSE_ANY) != 1) {
		X509_STORE_free(store);
		return NULL;
	}
	return store;
}

struct err
npki_test_cms(
    X509 *cert, EVP_PKEY *key, STACK_OF(X509) * cas, X509 *root, int64_t now)
{
	uint8_t challenge[CHALLENGE];
	X509_STORE *store = store_make(root, now);
	CMS_ContentInfo *cms = NULL;
	BIO *in = NULL, *out = BIO_new(BIO_s_null());
	struct err e = err_make(E_NOMEM, 0, "cms");

	ERR_set_mark();
	if (store == NULL || out == NULL)
		goto out;
	e = err_make(E_CRYPTO, 0, "cms: sign");
	if (RAND_bytes(challenge, sizeof challenge) != 1 ||
	    (in = BIO_new_mem_buf(challenge, sizeof challenge)) == NULL ||
	    /* the path travels inside: CMS_verify looks nowhere else */
	    (cms = CMS_sign(cert, key, cas, in, CMS_BINARY)) == NULL) {
		if (err_is(npki_pair_check(cert, key)))
			e = err_make(E_MISMATCH, 0, "cms: key");
		goto out;
	}
	if (CMS_verify(cms, NULL, store, NULL, out, CMS_BINARY) == 1)
		e = err_none();
	else
		e = err_make(E_MISMATCH, 0, "cms: verify");
out:
	CMS_ContentInfo_free(cms);
	BIO_free(in);
	BIO_free(out);
	X509_STORE_free(store);
	ERR_pop_to_mark();
	return e;
}
