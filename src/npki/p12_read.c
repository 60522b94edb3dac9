/*
 * npki/p12_read.c - read PKCS#12 without losing R.
 *
 * An own walk over the safes: PKCS12_parse would give an EVP_PKEY, which has
 * no attributes.
 */
#include "npki/p12.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pkcs12.h>

#include "npki/der.h"
#include "npki/pair.h"
#include "npki/pbe.h"

/* What the walk has found so far. */
struct walk {
	const char *password;
	int password_n;
	uint32_t iterations; /* asked for so far */
	bool has_key;
	struct npki_key key;
	STACK_OF(X509) * certs;
};

/* Nobody may keep us busy: all key derivations of a file share one bound. */
static struct err
spend(struct walk *w, uint32_t iterations)
{
	if (iterations == 0) /* not PBKDF2 and the like: scrypt */
		return err_make(E_UNSUPPORTED, 0, "p12: key derivation");
	if (iterations > PRI_ITER_MAX - w->iterations)
		return err_make(E_LIMIT, 0, "p12: iterations");
	w->iterations += iterations;
	return err_none();
}

static struct err
iterations_bounded(struct walk *w, const X509_ALGOR *alg)
{
	uint8_t *der = NULL;
	uint32_t iterations = 0;
	struct span in;
	int n = i2d_X509_ALGOR(alg, &der);
	struct err e = err_make(E_FORMAT, 0, "p12: algorithm");

	if (n > 0)
		e = der_only(&in, span_make(der, (size_t)n), DER_SEQUENCE);
	if (!err_is(e))
		e = pbe_iterations(&iterations, in);
	if (!err_is(e))
		e = spend(w, iterations);
	OPENSSL_free(der);
	return e;
}

static struct err
plain_key(struct npki_key *out, const PKCS8_PRIV_KEY_INFO *p8)
{
	uint8_t plain_secret[PRI_PLAIN_MAX], *p = plain_secret;
	int n = i2d_PKCS8_PRIV_KEY_INFO(p8, NULL);
	struct err e;

	if (n <= 0 || n > (int)sizeof plain_secret)
		return err_make(E_LIMIT, 0, "p12: key size");
	n = i2d_PKCS8_PRIV_KEY_INFO(p8, &p);
	e = npki_pri_plain_decode(out, span_make(plain_secret, (size_t)n));
	OPENSSL_cleanse(plain_secret, sizeof plain_secret);
	return e;
}

/* PBES2 and the SEED schemes: the bag holds just what signPri.key holds. */
static struct err
shrouded_pri(struct walk *w, const X509_SIG *sig)
{
	uint8_t *der = NULL;
	int n = i2d_X509_SIG(sig, &der);
	struct err e = err_make(E_FORMAT, 0, "p12: key bag");

	if (n > 0)
		e = npki_pri_read(&w->key, span_make(der, (size_t)n),
		    span_make(w->password, (size_t)w->password_n));
	OPENSSL_free(der);
	return e;
}

static struct err
take_shrouded(struct walk *w, const PKCS12_SAFEBAG *bag)
{
	const X509_SIG *sig = PKCS12_SAFEBAG_get0_pkcs8(bag);
	const X509_ALGOR *alg = NULL;
	const ASN1_OBJECT *oid = NULL;
	PKCS8_PRIV_KEY_INFO *p8;
	int nid;
	struct err e;

	if (w->has_key)
		return err_make(E_UNSUPPORTED, 0, "p12: two keys");
	X509_SIG_get0(sig, &alg, NULL);
	X509_ALGOR_get0(&oid, NULL, NULL, alg);
	nid = OBJ_obj2nid(oid);
	e = iterations_bounded(w, alg);
	if (err_is(e))
		return e;
	if (nid == NID_pbes2 || nid == npki_oid_nid(NPKI_OID_SEED_CBC_SHA1)) {
		e = shrouded_pri(w, sig);
		w->has_key = !err_is(e);
		return e;
	}
	p8 = PKCS12_decrypt_skey(bag, w->password, w->password_n);
	if (p8 == NULL)
		return err_make(E_PASSWORD, 0, "p12: key bag");
	e = plain_key(&w->key, p8);
	PKCS8_PRIV_KEY_INFO_free(p8);
	w->has_key = !err_is(e);
	return e;
}

static struct err
take_cert(struct walk *w, const PKCS12_SAFEBAG *bag)
{
	X509 *cert;

	if (PKCS12_SAFEBAG_get_bag_nid(bag) != NID_x509Certificate)
		return err_none();
	if (sk_X509_num(w->certs) > P12_CHAIN_MAX)
		return err_make(E_LIMIT, 0, "p12: certificates");
	cert = PKCS12_SAFEBAG_get1_cert(bag);
	if (cert == NULL)
		return err_make(E_FORMAT, 0, "p12: certificate");
	if (sk_X509_push(w->certs, cert) == 0) {
		X509_free(cert);
		return err_make(E_NOMEM, 0, "p12: certificate");
	}
	return err_none();
}

static struct err
take_bags(struct walk *w, const STACK_OF(PKCS12_SAFEBAG) * bags)
{
	struct err e = err_none();

	for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags) && !err_is(e); i++) {
		const PKCS12_SAFEBAG *bag = sk_PKCS12_SAFEBAG_value(bags, i);

		switch (PKCS12_SAFEBAG_get_nid(bag)) {
		case NID_keyBag:
			if (w->has_key)
				return err_make(
				    E_UNSUPPORTED, 0, "p12: two keys");
			e = plain_key(&w->key, PKCS12_SAFEBAG_get0_p8inf(bag));
			w->has_key = !err_is(e);
			break;
		case NID_pkcs8ShroudedKeyBag:
			e = take_shrouded(w, bag);
			break;
		case NID_certBag:
			e = take_cert(w, bag);
			break;
		default:
			break; /* CRLs and secrets are none of our business */
		}
	}
	return e;
}

/* The encryption of an encryptedData safe is bounded before it is used. */
static struct err
open_encrypted(STACK_OF(PKCS12_SAFEBAG) * *bags, struct walk *w, PKCS7 *safe)
{
	const PKCS7_ENC_CONTENT *enc;
	struct err e;

	if (safe->d.encrypted == NULL ||
	    (enc = safe->d.encrypted->enc_data) == NULL)
		return err_make(E_FORMAT, 0, "p12: encrypted safe");
	e = iterations_bounded(w, enc->algorithm);
	if (err_is(e))
		return e;
	*bags = PKCS12_unpack_p7encdata(safe, w->password, w->password_n);
	return *bags == NULL ? err_make(E_PASSWORD, 0, "p12: encrypted safe")
			     : err_none();
}

static struct err
take_safe(struct walk *w, PKCS7 *safe)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
	struct err e = err_none();

	switch (OBJ_obj2nid(safe->type)) {
	case NID_pkcs7_data:
		bags = PKCS12_unpack_p7data(safe);
		if (bags == NULL)
			e = err_make(E_FORMAT, 0, "p12: safe");
		break;
	case NID_pkcs7_encrypted:
		e = open_encrypted(&bags, w, safe);
		break;
	default:
		return err_make(E_UNSUPPORTED, 0, "p12: safe");
	}
	if (!err_is(e))
		e = take_bags(w, bags);
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	return e;
}

static struct err
check_mac(PKCS12 *p12, struct walk *w)
{
	const ASN1_INTEGER *count = NULL;
	int64_t iterations = 1;
	struct err e;

	if (PKCS12_mac_present(p12) != 1)
		return err_none();
	PKCS12_get0_mac(NULL, NULL, NULL, &count, p12);
	if (count != NULL && ASN1_INTEGER_get_int64(&iterations, count) != 1)
		return err_make(E_FORMAT, 0, "p12: MAC");
	if (iterations < 1 || iterations > PRI_ITER_MAX)
		return err_make(E_LIMIT, 0, "p12: MAC iterations");
	e = spend(w, (uint32_t)iterations);
	if (err_is(e))
		return e;
	if (PKCS12_verify_mac(p12, w->password, w->password_n) != 1)
		return err_make(E_PASSWORD, 0, "p12: MAC");
	return err_none();
}

/* The key's own certificate apart from the others. */
static struct err
sort_out(struct npki_p12 *out, struct walk *w)
{
	if (!w->has_key)
		return err_make(E_NOTFOUND, 0, "p12: no key");
	for (int i = 0; i < sk_X509_num(w->certs); i++) {
		if (err_is(npki_pair_check(
			sk_X509_value(w->certs, i), w->key.pkey)))
			continue;
		out->cert = sk_X509_delete(w->certs, i);
		out->chain = w->certs;
		out->key = w->key;
		w->certs = NULL;
		w->key.pkey = NULL;
		return err_none();
	}
	return err_make(E_NOTFOUND, 0, "p12: no certificate of the key");
}

struct err
npki_p12_read(
    struct npki_p12 *out, struct span der, struct span password_secret)
{
	STACK_OF(PKCS7) *safes = NULL;
	const void *password = password_secret.p;
	struct walk w = { .password = password == NULL ? "" : password,
		.password_n = (int)password_secret.n };
	const uint8_t *p = der.p;
	PKCS12 *p12 = NULL;
	struct err e = err_make(E_FORMAT, 0, "p12: parse");

	if (der.n > NPKI_P12_MAX)
		return err_make(E_LIMIT, 0, "p12: size");
	if (password_secret.n > NPKI_PASSWORD_READ)
		return err_make(E_PASSWORD, 0, "p12: password length");
	ERR_set_mark();
	if (der.n == 0 || (p12 = d2i_PKCS12(NULL, &p, (long)der.n)) == NULL ||
	    p != der.p + der.n)
		goto out;
	if ((w.certs = sk_X509_new_null()) == NULL) {
		e = err_make(E_NOMEM, 0, "p12");
		goto out;
	}
	e = check_mac(p12, &w);
	if (err_is(e))
		goto out;
	if ((safes = PKCS12_unpack_authsafes(p12)) == NULL)
		e = err_make(E_FORMAT, 0, "p12: safes");
	for (int i = 0; i < sk_PKCS7_num(safes) && !err_is(e); i++)
		e = take_safe(&w, sk_PKCS7_value(safes, i));
	if (!err_is(e))
		e = sort_out(out, &w);
out:
	npki_key_free(&w.key);
	sk_X509_pop_free(w.certs, X509_free);
	sk_PKCS7_pop_free(safes, PKCS7_free);
	PKCS12_free(p12);
	ERR_pop_to_mark();
	return e;
}

void
npki_p12_free(struct npki_p12 *p12)
{
	if (p12 == NULL)
		return;
	npki_key_free(&p12->key);
	X509_free(p12->cert);
	sk_X509_pop_free(p12->chain, X509_free);
	p12->cert = NULL;
	p12->chain = NULL;
}
