/*
 * npki/p12.c - write PKCS#12 in the Korean shape.
 */
#include "npki/p12.h"

#include <limits.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>

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
key_bag(const struct npki_key *key, int iterations, const char *password,
    int password_n)
{
	uint8_t plain_secret[PRI_PLAIN_MAX];
	struct buf plain = buf_make(plain_secret, sizeof plain_secret);
	const uint8_t *p = plain_secret;
	PKCS8_PRIV_KEY_INFO *p8 = NULL;
	PKCS12_SAFEBAG *bag = NULL;

	if (!err_is(npki_pri_plain_encode(&plain, key)))
		p8 = d2i_PKCS8_PRIV_KEY_INFO(NULL, &p, (long)plain.n);
	if (p8 != NULL)
		bag = PKCS12_SAFEBAG_create_pkcs8_encrypt(
		    NID_pbe_WithSHA1And3_Key_TripleDES_CBC, password,
		    password_n, NULL, PRI_SALT, iterations, p8);
	PKCS8_PRIV_KEY_INFO_free(p8);
	OPENSSL_cleanse(plain_secret, sizeof plain_secret);
	return bag;
}

/* Certificate first, then its chain, then the key. */
static bool
bags_fill(STACK_OF(PKCS12_SAFEBAG) * *bags, const struct npki_key *key,
    X509 *cert, STACK_OF(X509) * chain, int iterations, const char *password,
    int password_n)
{
	uint8_t id[EVP_MAX_MD_SIZE];
	PKCS12_SAFEBAG *bag;
	int n;

	if (err_is(key_id(id, &n, cert)) ||
	    (bag = PKCS12_add_cert(bags, cert)) == NULL ||
	    PKCS12_add_localkeyid(bag, id, n) != 1)
		return false;
	for (int i = 0; i < sk_X509_num(chain); i++)
		if (PKCS12_add_cert(bags, sk_X509_value(chain, i)) == NULL)
			return false;
	bag = key_bag(key, iterations, password, password_n);
	if (bag == NULL)
		return false;
	if (sk_PKCS12_SAFEBAG_push(*bags, bag) == 0) {
		PKCS12_SAFEBAG_free(bag);
		return false;
	}
	return PKCS12_add_localkeyid(bag, id, n) == 1;
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
    STACK_OF(X509) * chain, int iterations, struct span password_secret)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
	STACK_OF(PKCS7) *safes = NULL;
	PKCS12 *p12 = NULL;
	const void *password = password_secret.p;
	int n = (int)password_secret.n;
	struct err e = err_make(E_CRYPTO, 0, "p12: make");

	if (password_secret.n == 0 || password_secret.n > NPKI_PASSWORD_READ ||
	    iterations < 1 || iterations > PRI_ITER_MAX ||
	    sk_X509_num(chain) > P12_CHAIN_MAX)
		return err_make(E_ARG, 0, "p12: argument");
	ERR_set_mark();
	/* -1: plain data, not encryptedData: only the key is encrypted */
	if (bags_fill(&bags, key, cert, chain, iterations, password, n) &&
	    PKCS12_add_safe(&safes, bags, -1, 0, NULL) == 1 &&
	    (p12 = PKCS12_add_safes(safes, 0)) != NULL &&
	    PKCS12_set_mac(
		p12, password, n, NULL, PRI_SALT, iterations, EVP_sha1()) == 1)
		e = append(out, p12);
	PKCS12_free(p12);
	sk_PKCS7_pop_free(safes, PKCS7_free);
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	ERR_pop_to_mark();
	return e;
}
