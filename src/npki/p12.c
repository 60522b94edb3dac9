/*
 * npki/p12.c - write PKCS#12 in the Korean shape, and for phones.
 */
#include "npki/p12.h"

#include <limits.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>

struct style {
	int nid;       /* of the encryption; a cipher's means PBES2 */
	int certs_nid; /* -1: plain */
	int iterations;
	const EVP_MD *(*mac)(void);
};

static const struct style styles[P12_PROFILE_COUNT] = {
	[P12_KOREAN] = { NID_pbe_WithSHA1And3_Key_TripleDES_CBC, -1, P12_ITER,
	    EVP_sha1 },
	[P12_COMPATIBLE] = { NID_pbe_WithSHA1And3_Key_TripleDES_CBC,
	    NID_pbe_WithSHA1And3_Key_TripleDES_CBC, P12_PHONE_ITER, EVP_sha1 },
	[P12_STRONG] = { NID_aes_256_cbc, NID_aes_256_cbc, P12_PHONE_ITER,
	    EVP_sha256 },
};

/* localKeyID: the subjectKeyIdentifier, or SHA-1 of the public key. */
static struct err
key_id(uint8_t out[static EVP_MAX_MD_SIZE], int *n, X509 *cert)
{
	const ASN1_OCTET_STRING *ski = X509_get0_subject_key_id(cert);
	unsigned len = 0;

	if (ski != NULL && ASN1_STRING_length(ski) > 0 &&
	    ASN1_STRING_length(ski) <= EVP_MAX_MD_SIZE) {
		*n = ASN1_STRING_length(ski);
		memcpy(out, ASN1_STRING_get0_data(ski), (size_t)*n);
		return err_none();
	}
	if (X509_pubkey_digest(cert, EVP_sha1(), out, &len) != 1)
		return err_make(E_CRYPTO, 0, "p12: key id");
	*n = (int)len;
	return err_none();
}

/* The key with R, encrypted, as a bag; NULL on failure. */
static PKCS12_SAFEBAG *
key_bag(const struct npki_key *key, const struct style *style,
    struct span password_secret)
{
	uint8_t plain_secret[PRI_PLAIN_MAX];
	struct buf plain = buf_make(plain_secret, sizeof plain_secret);
	const uint8_t *p = plain_secret;
	PKCS8_PRIV_KEY_INFO *p8 = NULL;
	PKCS12_SAFEBAG *bag = NULL;

	if (!err_is(npki_pri_plain_encode(&plain, key)))
		p8 = d2i_PKCS8_PRIV_KEY_INFO(NULL, &p, (long)plain.n);
	if (p8 != NULL)
		bag = PKCS12_SAFEBAG_create_pkcs8_encrypt(style->nid,
		    (const char *)password_secret.p, (int)password_secret.n,
		    NULL, PRI_SALT, style->iterations, p8);
	PKCS8_PRIV_KEY_INFO_free(p8);
	OPENSSL_cleanse(plain_secret, sizeof plain_secret);
	return bag;
}

/* Certificate first, then its chain. */
static bool
add_certs(STACK_OF(PKCS12_SAFEBAG) * *bags, X509 *cert, STACK_OF(X509) * chain,
    uint8_t *id, int id_n)
{
	PKCS12_SAFEBAG *bag = PKCS12_add_cert(bags, cert);

	if (bag == NULL || PKCS12_add_localkeyid(bag, id, id_n) != 1)
		return false;
	for (int i = 0; i < sk_X509_num(chain); i++)
		if (PKCS12_add_cert(bags, sk_X509_value(chain, i)) == NULL)
			return false;
	return true;
}

static bool
add_key(STACK_OF(PKCS12_SAFEBAG) * *bags, PKCS12_SAFEBAG *bag, uint8_t *id,
    int id_n)
{
	if (bag == NULL)
		return false;
	if ((*bags == NULL && (*bags = sk_PKCS12_SAFEBAG_new_null()) == NULL) ||
	    sk_PKCS12_SAFEBAG_push(*bags, bag) == 0) {
		PKCS12_SAFEBAG_free(bag);
		return false;
	}
	return PKCS12_add_localkeyid(bag, id, id_n) == 1;
}

/* The bags so far as one authSafe; -1: plain. */
static bool
close_safe(STACK_OF(PKCS7) * *safes, STACK_OF(PKCS12_SAFEBAG) * *bags, int nid,
    const struct style *style, struct span password_secret)
{
	/* the library takes the length from the terminator */
	char text_secret[NPKI_PASSWORD_READ + 1] = "";
	bool ok;

	memcpy(text_secret, password_secret.p, password_secret.n);
	ok = PKCS12_add_safe(
		 safes, *bags, nid, style->iterations, text_secret) == 1;
	OPENSSL_cleanse(text_secret, sizeof text_secret);
	sk_PKCS12_SAFEBAG_pop_free(*bags, PKCS12_SAFEBAG_free);
	*bags = NULL;
	return ok;
}

static STACK_OF(PKCS7) * safes_fill(const struct npki_key *key, X509 *cert,
			     STACK_OF(X509) * chain, const struct style *style,
			     struct span password_secret)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
	STACK_OF(PKCS7) *safes = NULL;
	uint8_t id[EVP_MAX_MD_SIZE];
	int n = 0;
	bool ok = !err_is(key_id(id, &n, cert)) &&
		  add_certs(&bags, cert, chain, id, n);

	if (ok && style->certs_nid != -1)
		ok = close_safe(
		    &safes, &bags, style->certs_nid, style, password_secret);
	ok = ok &&
	     add_key(&bags, key_bag(key, style, password_secret), id, n) &&
	     close_safe(&safes, &bags, -1, style, password_secret);
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	if (ok)
		return safes;
	sk_PKCS7_pop_free(safes, PKCS7_free);
	return NULL;
}

static struct err
append(struct buf *out, PKCS12 *p12)
{
	uint8_t *der = NULL;
	int n = i2d_PKCS12(p12, &der);
	struct err e = err_none();

	if (n <= 0)
		e = err_make(E_CRYPTO, 0, "p12: encode");
	else if (out->full || out->cap - out->n < (size_t)n)
		e = err_make(E_LIMIT, 0, "p12: capacity");
	else
		buf_add(out, der, (size_t)n);
	OPENSSL_free(der);
	return e;
}

struct err
npki_p12_write(struct buf *out, const struct npki_key *key, X509 *cert,
    STACK_OF(X509) * chain, enum p12_profile profile,
    struct span password_secret)
{
	const struct style *style = &styles[profile];
	STACK_OF(PKCS7) *safes = NULL;
	PKCS12 *p12 = NULL;
	struct err e = err_make(E_CRYPTO, 0, "p12: make");

	if (password_secret.n == 0 || password_secret.n > NPKI_PASSWORD_READ ||
	    sk_X509_num(chain) > P12_CHAIN_MAX)
		return err_make(E_ARG, 0, "p12: argument");
	ERR_set_mark();
	safes = safes_fill(key, cert, chain, style, password_secret);
	if (safes != NULL && (p12 = PKCS12_add_safes(safes, 0)) != NULL &&
	    PKCS12_set_mac(p12, (const char *)password_secret.p,
		(int)password_secret.n, NULL, PRI_SALT, style->iterations,
		style->mac()) == 1)
		e = append(out, p12);
	PKCS12_free(p12);
	sk_PKCS7_pop_free(safes, PKCS7_free);
	ERR_pop_to_mark();
	return e;
}
