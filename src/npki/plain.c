/*
 * npki/plain.c - PrivateKeyInfo in clear, with R.
 *
 * The attributes are taken and put as bytes: OpenSSL would drop them with
 * EVP_PKEY, or trim zero bits of R (facts/npki.md 1d).
 */
#include "npki/pri.h"

#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include "npki/der.h"

enum {
	R_KEPT_MIN = 16, /* bytes left of an R whose zero bits were trimmed */
	RSA_PARTS = 8
};

void
npki_key_free(struct npki_key *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_free(key->pkey);
	OPENSSL_cleanse(key, sizeof *key);
}

/*
 * The value of an R attribute: SET { BIT STRING }.  Some writers trim zero
 * bits (and bytes) at the end; they are put back.  False for other shapes.
 */
static bool
r_decode(uint8_t r_secret[static NPKI_R], struct span set)
{
	struct span bits, in;

	if (err_is(der_only(&in, set, DER_SET)) ||
	    err_is(der_only(&bits, in, DER_BIT_STRING)))
		return false;
	if (bits.n < 1 + R_KEPT_MIN || bits.n > 1 + NPKI_R || bits.p[0] > 7)
		return false;
	memset(r_secret, 0, NPKI_R);
	memcpy(r_secret, bits.p + 1, bits.n - 1);
	return true;
}

/* Attributes: R into its place, every other one kept as it is. */
static struct err
attributes_decode(struct npki_key *key, struct span in)
{
	struct span oid = npki_oid_der(NPKI_OID_RANDOM_NUM);
	struct buf kept = buf_make(key->attrs, sizeof key->attrs);

	while (in.n > 0) {
		struct der attr, type;
		struct span content, set;
		struct err e = der_next(&attr, &in);

		if (err_is(e) || attr.tag != DER_SEQUENCE)
			return err_make(E_FORMAT, 0, "key: attribute");
		content = attr.value;
		e = der_next(&type, &content);
		if (!err_is(e))
			e = der_only(&set, content, DER_SET);
		if (err_is(e) || type.tag != DER_OID)
			return err_make(E_FORMAT, 0, "key: attribute");
		if (span_eq(type.whole, oid) && !key->has_r &&
		    r_decode(key->r_secret, content))
			key->has_r = true;
		else
			buf_add(&kept, attr.whole.p, attr.whole.n);
	}
	key->attrs_n = kept.n;
	return kept.full ? err_make(E_LIMIT, 0, "key: attributes") : err_none();
}

/* a * b == c (mod m, unless m is NULL) */
static bool
product_is(const BIGNUM *a, const BIGNUM *b, const BIGNUM *c, const BIGNUM *m,
    BN_CTX *ctx)
{
	BIGNUM *t = BN_secure_new();
	bool same = t != NULL &&
		    (m == NULL ? BN_mul(t, a, b, ctx)
			       : BN_mod_mul(t, a, b, m, ctx)) == 1 &&
		    BN_cmp(t, c) == 0;

	BN_clear_free(t);
	return same;
}

/* d = exponent (mod prime - 1), and e * exponent = 1 there. */
static bool
exponent_fits(const BIGNUM *d, const BIGNUM *e, const BIGNUM *exponent,
    const BIGNUM *prime, BN_CTX *ctx)
{
	BIGNUM *m = BN_secure_new(), *t = BN_secure_new();
	bool fits = m != NULL && t != NULL && BN_copy(m, prime) != NULL &&
		    BN_sub_word(m, 1) == 1 && !BN_is_zero(m) &&
		    BN_mod(t, d, m, ctx) == 1 && BN_cmp(t, exponent) == 0 &&
		    product_is(e, exponent, BN_value_one(), m, ctx);

	BN_clear_free(m);
	BN_clear_free(t);
	return fits;
}

/*
 * A damaged file must not give a key that signs nonsense: check that the
 * eight numbers of an RSA key belong together.  Primality is not retested.
 */
static bool
rsa_consistent(const EVP_PKEY *pkey)
{
	static const char *const names[RSA_PARTS] = { OSSL_PKEY_PARAM_RSA_N,
		OSSL_PKEY_PARAM_RSA_E, OSSL_PKEY_PARAM_RSA_D,
		OSSL_PKEY_PARAM_RSA_FACTOR1, OSSL_PKEY_PARAM_RSA_FACTOR2,
		OSSL_PKEY_PARAM_RSA_EXPONENT1, OSSL_PKEY_PARAM_RSA_EXPONENT2,
		OSSL_PKEY_PARAM_RSA_COEFFICIENT1 };
	enum { N, E, D, P, Q, DP, DQ, QINV };
	BIGNUM *v[RSA_PARTS] = { NULL };
	BN_CTX *ctx = BN_CTX_secure_new();
	bool good = ctx != NULL;

	for (int i = 0; i < RSA_PARTS; i++)
		if (EVP_PKEY_get_bn_param(pkey, names[i], &v[i]) != 1 ||
		    BN_is_zero(v[i]))
			good = false;
	good = good && product_is(v[P], v[Q], v[N], NULL, ctx) &&
	       exponent_fits(v[D], v[E], v[DP], v[P], ctx) &&
	       exponent_fits(v[D], v[E], v[DQ], v[Q], ctx) &&
	       product_is(v[Q], v[QINV], BN_value_one(), v[P], ctx);
	for (int i = 0; i < RSA_PARTS; i++)
		BN_clear_free(v[i]);
	BN_CTX_free(ctx);
	return good;
}

/* A type we use, and a private part that fits the public one. */
static struct err
pkey_check(EVP_PKEY *pkey)
{
	EVP_PKEY_CTX *ctx;
	bool good = false;

	switch (EVP_PKEY_get_base_id(pkey)) {
	case EVP_PKEY_RSA:
		good = rsa_consistent(pkey);
		break;
	case EVP_PKEY_EC:
		ctx = EVP_PKEY_CTX_new(pkey, NULL);
		good = ctx != NULL && EVP_PKEY_pairwise_check(ctx) == 1;
		EVP_PKEY_CTX_free(ctx);
		break;
	default:
		return err_make(E_UNSUPPORTED, 0, "key: type");
	}
	return good ? err_none() : err_make(E_FORMAT, 0, "key: consistency");
}

/* version, algorithm and key of `in`, without what follows, as EVP_PKEY. */
static struct err
pkey_decode(EVP_PKEY **out, struct span parts_secret)
{
	uint8_t bare_secret[PRI_PLAIN_MAX];
	struct buf bare = buf_make(bare_secret, sizeof bare_secret);
	const uint8_t *p = bare_secret;
	PKCS8_PRIV_KEY_INFO *p8 = NULL;
	struct err e = err_make(E_FORMAT, 0, "key: PrivateKeyInfo");

	*out = NULL;
	ERR_set_mark();
	der_put(&bare, DER_SEQUENCE, parts_secret);
	if (bare.full) {
		e = err_make(E_LIMIT, 0, "key: size");
		goto out;
	}
	p8 = d2i_PKCS8_PRIV_KEY_INFO(NULL, &p, (long)bare.n);
	if (p8 == NULL)
		goto out;
	*out = EVP_PKCS82PKEY(p8);
	if (*out == NULL)
		goto out;
	e = pkey_check(*out);
	if (err_is(e)) {
		EVP_PKEY_free(*out);
		*out = NULL;
	}
out:
	PKCS8_PRIV_KEY_INFO_free(p8);
	OPENSSL_cleanse(bare_secret, sizeof bare_secret);
	ERR_pop_to_mark();
	return e;
}

struct err
npki_pri_plain_decode(struct npki_key *out, struct span plain_secret)
{
	struct npki_key key = { 0 };
	struct span in, rest, v;
	uint32_t version = 0;
	struct err e = der_only(&in, plain_secret, DER_SEQUENCE);

	rest = in;
	if (!err_is(e))
		e = der_take(&v, &rest, DER_INTEGER);
	if (!err_is(e))
		e = der_uint(&version, v);
	if (!err_is(e) && version != 0)
		e = err_make(E_FORMAT, 0, "key: version");
	if (!err_is(e))
		e = der_take(&v, &rest, DER_SEQUENCE);
	if (!err_is(e))
		e = der_take(&v, &rest, DER_OCTET_STRING);
	if (err_is(e))
		return e;
	in.n -= rest.n;
	if (rest.n > 0) {
		e = der_only(&v, rest, DER_CONTEXT);
		if (!err_is(e))
			e = attributes_decode(&key, v);
	}
	if (!err_is(e))
		e = pkey_decode(&key.pkey, in);
	if (!err_is(e))
		*out = key;
	OPENSSL_cleanse(&key, sizeof key);
	return e;
}

/* R first, as 03 15 00 <20>, then what else was there. */
static void
attributes_encode(struct buf *out, const struct npki_key *key)
{
	struct span oid = npki_oid_der(NPKI_OID_RANDOM_NUM);
	uint8_t bits_secret[1 + NPKI_R] = { 0 };
	size_t all = out->n, set;

	if (key->has_r) {
		memcpy(bits_secret + 1, key->r_secret, NPKI_R);
		buf_add(out, oid.p, oid.n);
		set = out->n;
		der_put(out, DER_BIT_STRING,
		    span_make(bits_secret, sizeof bits_secret));
		der_wrap(out, set, DER_SET);
		der_wrap(out, all, DER_SEQUENCE);
		OPENSSL_cleanse(bits_secret, sizeof bits_secret);
	}
	buf_add(out, key->attrs, key->attrs_n);
	if (out->n > all)
		der_wrap(out, all, DER_CONTEXT);
}

struct err
npki_pri_plain_encode(struct buf *out_secret, const struct npki_key *key)
{
	uint8_t bare_secret[PRI_PLAIN_MAX], *p = bare_secret;
	PKCS8_PRIV_KEY_INFO *p8 = NULL;
	const struct buf before = *out_secret;
	struct span parts;
	struct err e = err_make(E_CRYPTO, 0, "key: encode");
	int n;

	if ((p8 = EVP_PKEY2PKCS8(key->pkey)) == NULL)
		return e;
	n = i2d_PKCS8_PRIV_KEY_INFO(p8, NULL);
	if (n <= 0 || n > (int)sizeof bare_secret) {
		e = err_make(n <= 0 ? E_CRYPTO : E_LIMIT, 0, "key: size");
		goto out;
	}
	n = i2d_PKCS8_PRIV_KEY_INFO(p8, &p);
	e = der_only(&parts, span_make(bare_secret, (size_t)n), DER_SEQUENCE);
	if (err_is(e))
		goto out;
	buf_add(out_secret, parts.p, parts.n);
	attributes_encode(out_secret, key);
	der_wrap(out_secret, before.n, DER_SEQUENCE);
	if (out_secret->full) {
		OPENSSL_cleanse(
		    out_secret->p + before.n, out_secret->cap - before.n);
		*out_secret = before;
		e = err_make(E_LIMIT, 0, "key: capacity");
	}
out:
	PKCS8_PRIV_KEY_INFO_free(p8);
	OPENSSL_cleanse(bare_secret, sizeof bare_secret);
	return e;
}
