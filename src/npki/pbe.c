/*
 * npki/pbe.c - the three password-based schemes of signPri.key.
 *
 * OpenSSL does not know 1.2.410.200004.1.15, so its key derivation is here.
 */
#include "npki/pbe.h"

#include <limits.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/objects.h>

#include "npki/der.h"

enum { OID_TEXT = 64, DK = 20 };

static const char oid_pbes2[] = "1.2.840.113549.1.5.13";
static const char oid_pbkdf2[] = "1.2.840.113549.1.5.12";
/* The IV of the old form is a constant (facts/npki.md 1b). */
static const uint8_t old_iv[PBE_IV] = "0123456789012345";

static struct err
unsupported(const char *where)
{
	return err_make(E_UNSUPPORTED, 0, where);
}

struct err
npki_pbkdf1(uint8_t dk_secret[static 20], struct span password_secret,
    struct span salt, uint32_t iterations)
{
	EVP_MD_CTX *ctx;
	struct err e = err_make(E_CRYPTO, 0, "pbkdf1");

	if (iterations == 0 || iterations > PRI_ITER_MAX)
		return err_make(E_ARG, 0, "pbkdf1: iterations");
	if ((ctx = EVP_MD_CTX_new()) == NULL)
		return err_make(E_NOMEM, 0, "pbkdf1");
	if (EVP_DigestInit_ex(ctx, EVP_sha1(), NULL) != 1 ||
	    EVP_DigestUpdate(ctx, password_secret.p, password_secret.n) != 1 ||
	    EVP_DigestUpdate(ctx, salt.p, salt.n) != 1 ||
	    EVP_DigestFinal_ex(ctx, dk_secret, NULL) != 1)
		goto out;
	for (uint32_t i = 1; i < iterations; i++)
		if (EVP_DigestInit_ex(ctx, NULL, NULL) != 1 ||
		    EVP_DigestUpdate(ctx, dk_secret, DK) != 1 ||
		    EVP_DigestFinal_ex(ctx, dk_secret, NULL) != 1)
			goto out;
	e = err_none();
out:
	if (err_is(e))
		OPENSSL_cleanse(dk_secret, DK);
	EVP_MD_CTX_free(ctx);
	return e;
}

struct err
npki_seed_iv(uint8_t iv[static 16], const uint8_t dk_secret[static 20])
{
	uint8_t digest[DK];

	/* the last four bytes only: facts/npki.md 1a, first trap */
	if (EVP_Digest(dk_secret + 16, 4, digest, NULL, EVP_sha1(), NULL) != 1)
		return err_make(E_CRYPTO, 0, "seed iv");
	memcpy(iv, digest, PBE_IV);
	OPENSSL_cleanse(digest, sizeof digest);
	return err_none();
}

static const EVP_CIPHER *
cipher_of(const char *oid)
{
	static const int known[] = { NID_seed_cbc, NID_aes_256_cbc,
		NID_aes_192_cbc, NID_aes_128_cbc, NID_aria_128_cbc,
		NID_aria_192_cbc, NID_aria_256_cbc };
	int nid = OBJ_txt2nid(oid);

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (known[i] == nid)
			return EVP_get_cipherbynid(nid);
	return NULL;
}

static const EVP_MD *
prf_of(const char *oid)
{
	switch (OBJ_txt2nid(oid)) {
	case NID_hmacWithSHA1:
		return EVP_sha1();
	case NID_hmacWithSHA224:
		return EVP_sha224();
	case NID_hmacWithSHA256:
		return EVP_sha256();
	case NID_hmacWithSHA384:
		return EVP_sha384();
	case NID_hmacWithSHA512:
		return EVP_sha512();
	default:
		return NULL;
	}
}

/* Take an OID off `in` as dotted text. */
static struct err
take_oid(char out[static OID_TEXT], struct span *in)
{
	struct span v;
	struct err e = der_take(&v, in, DER_OID);

	return err_is(e) ? e : der_oid_text(out, OID_TEXT, v);
}

/* salt OCTET STRING, iterations INTEGER; what follows is left in `in`. */
static struct err
take_salt_count(struct span *salt, uint32_t *iterations, struct span *in)
{
	struct span count;
	struct err e = der_take(salt, in, DER_OCTET_STRING);

	if (!err_is(e))
		e = der_take(&count, in, DER_INTEGER);
	return err_is(e) ? e : der_uint(iterations, count);
}

/* What follows the count: keyLength OPTIONAL, prf DEFAULT hmacWithSHA1. */
static struct err
take_pbkdf2_rest(
    uint32_t *key_length, char prf[static OID_TEXT], struct span *in)
{
	struct span v;
	struct err e = err_none();

	*key_length = 0;
	if (der_peek(*in, DER_INTEGER)) {
		e = der_take(&v, in, DER_INTEGER);
		if (!err_is(e))
			e = der_uint(key_length, v);
	}
	str_copy(prf, OID_TEXT, "1.2.840.113549.2.7");
	if (!err_is(e) && in->n > 0) {
		e = der_take(&v, in, DER_SEQUENCE);
		if (!err_is(e))
			e = take_oid(prf, &v);
		if (!err_is(e) && in->n > 0)
			e = err_make(E_FORMAT, 0, "pbe: PBKDF2");
	}
	return e;
}

/* The parts of a PBES2 parameter, as text and numbers. */
struct pbes2 {
	char kdf[OID_TEXT], prf[OID_TEXT], cipher[OID_TEXT];
	struct span salt, iv;
	uint32_t iterations, key_length;
};

static struct err
pbes2_parse(struct pbes2 *out, struct span in)
{
	struct span outer, kdf, params, scheme;
	struct err e = der_only(&outer, in, DER_SEQUENCE);

	*out = (struct pbes2){ 0 };
	if (!err_is(e))
		e = der_take(&kdf, &outer, DER_SEQUENCE);
	if (!err_is(e))
		e = der_only(&scheme, outer, DER_SEQUENCE);
	if (!err_is(e))
		e = take_oid(out->kdf, &kdf);
	if (!err_is(e))
		e = take_oid(out->cipher, &scheme);
	if (err_is(e) || strcmp(out->kdf, oid_pbkdf2) != 0)
		return e;
	if (!err_is(e))
		e = der_only(&params, kdf, DER_SEQUENCE);
	if (!err_is(e))
		e = take_salt_count(&out->salt, &out->iterations, &params);
	if (!err_is(e))
		e = take_pbkdf2_rest(&out->key_length, out->prf, &params);
	/* other ciphers have other parameters; they are named, not read */
	if (!err_is(e) && cipher_of(out->cipher) != NULL)
		e = der_only(&out->iv, scheme, DER_OCTET_STRING);
	return e;
}

static struct err
pbes2_choose(struct pbe *out, const struct pbes2 *p)
{
	uint32_t need;

	if (strcmp(p->kdf, oid_pbkdf2) != 0)
		return unsupported("pbe: key derivation");
	out->form = PRI_FORM_PBES2;
	out->cipher = cipher_of(p->cipher);
	out->prf = prf_of(p->prf);
	out->salt = p->salt;
	out->iterations = p->iterations;
	out->iv = p->iv;
	if (out->cipher == NULL)
		return unsupported("pbe: cipher");
	if (out->prf == NULL)
		return unsupported("pbe: prf");
	/* PBKDF2's first bytes do not depend on how many are asked for, so a
	 * writer that says 32 for SEED still means the first 16 */
	need = (uint32_t)EVP_CIPHER_get_key_length(out->cipher);
	if (p->key_length != 0 && p->key_length != need &&
	    !(p->key_length == 32 && need == 16))
		return unsupported("pbe: key length");
	if (p->iv.n != PBE_IV)
		return err_make(E_FORMAT, 0, "pbe: iv");
	return err_none();
}

struct err
pbe_parse(struct pbe *out, struct span algorithm)
{
	char oid[OID_TEXT];
	struct pbes2 pbes2;
	struct span params;
	struct err e = take_oid(oid, &algorithm);

	*out = (struct pbe){ 0 };
	if (err_is(e))
		return e;
	if (strcmp(oid, oid_pbes2) == 0) {
		e = pbes2_parse(&pbes2, algorithm);
		if (!err_is(e))
			e = pbes2_choose(out, &pbes2);
	} else if (strcmp(oid, npki_oid_text(NPKI_OID_SEED_CBC_SHA1)) == 0 ||
		   strcmp(oid, npki_oid_text(NPKI_OID_SEED_CBC)) == 0) {
		out->form = strcmp(oid, npki_oid_text(NPKI_OID_SEED_CBC)) == 0
				? PRI_FORM_SEED_OLD
				: PRI_FORM_SEED_SHA1;
		out->cipher = EVP_seed_cbc();
		e = der_only(&params, algorithm, DER_SEQUENCE);
		if (!err_is(e))
			e = take_salt_count(
			    &out->salt, &out->iterations, &params);
		if (!err_is(e) && params.n != 0)
			e = err_make(E_FORMAT, 0, "pbe: parameters");
	} else {
		e = unsupported("pbe: algorithm");
	}
	if (err_is(e))
		return e;
	if (out->salt.n == 0 || out->salt.n > PBE_SALT_MAX)
		return err_make(E_FORMAT, 0, "pbe: salt");
	if (out->iterations == 0 || out->iterations > PRI_ITER_MAX)
		return unsupported("pbe: iterations");
	return err_none();
}

struct err
pbe_iterations(uint32_t *out, struct span algorithm)
{
	char oid[OID_TEXT];
	struct pbes2 pbes2;
	struct span params, salt;
	struct err e = take_oid(oid, &algorithm);

	*out = 0;
	if (err_is(e))
		return e;
	if (strcmp(oid, oid_pbes2) == 0) {
		e = pbes2_parse(&pbes2, algorithm);
		*out = pbes2.iterations;
		return e;
	}
	e = der_only(&params, algorithm, DER_SEQUENCE);
	return err_is(e) ? e : take_salt_count(&salt, out, &params);
}

/* OpenSSL's word for an OID, or the OID. */
static const char *
word(const char *oid)
{
	int nid = OBJ_txt2nid(oid);

	return nid == NID_undef ? oid : OBJ_nid2sn(nid);
}

struct err
pbe_name(char out[static PRI_ALGORITHM_TEXT], struct span algorithm)
{
	struct buf b = buf_make(out, PRI_ALGORITHM_TEXT - 1);
	char oid[OID_TEXT];
	struct pbes2 p;
	struct err e = take_oid(oid, &algorithm);

	out[0] = '\0';
	if (err_is(e))
		return e;
	if (strcmp(oid, npki_oid_text(NPKI_OID_SEED_CBC)) == 0)
		buf_add_str(&b, "SEED-CBC (old form)");
	else if (strcmp(oid, oid_pbes2) != 0)
		buf_add_str(&b, word(oid));
	else {
		e = pbes2_parse(&p, algorithm);
		if (err_is(e))
			return e;
		buf_add_str(&b, "PBES2 (");
		buf_add_str(&b, word(p.kdf));
		if (p.prf[0] != '\0') {
			buf_add_str(&b, " ");
			buf_add_str(&b, word(p.prf));
		}
		buf_add_str(&b, ", ");
		buf_add_str(&b, word(p.cipher));
		buf_add_str(&b, ")");
	}
	out[b.n] = '\0';
	return b.full ? err_make(E_LIMIT, 0, "pbe: name") : err_none();
}

static struct err
derive(uint8_t key_secret[static PBE_KEY_MAX], uint8_t iv[static PBE_IV],
    const struct pbe *pbe, struct span password_secret)
{
	uint8_t dk_secret[DK];
	struct err e;

	if (pbe->form == PRI_FORM_PBES2) {
		const void *password = password_secret.p;

		memcpy(iv, pbe->iv.p, PBE_IV);
		if (PKCS5_PBKDF2_HMAC(password, (int)password_secret.n,
			pbe->salt.p, (int)pbe->salt.n, (int)pbe->iterations,
			pbe->prf, EVP_CIPHER_get_key_length(pbe->cipher),
			key_secret) != 1)
			return err_make(E_CRYPTO, 0, "pbe: PBKDF2");
		return err_none();
	}
	e = npki_pbkdf1(dk_secret, password_secret, pbe->salt, pbe->iterations);
	if (err_is(e))
		return e;
	memcpy(key_secret, dk_secret, 16);
	if (pbe->form == PRI_FORM_SEED_OLD)
		memcpy(iv, old_iv, PBE_IV);
	else
		e = npki_seed_iv(iv, dk_secret);
	OPENSSL_cleanse(dk_secret, sizeof dk_secret);
	return e;
}

struct err
pbe_crypt(struct buf *out, const struct pbe *pbe, struct span in,
    struct span password_secret, bool encrypt)
{
	uint8_t key_secret[PBE_KEY_MAX], iv[PBE_IV];
	EVP_CIPHER_CTX *ctx = NULL;
	size_t from = out->n;
	int n = 0, tail = 0;
	struct err e;

	if (in.n > INT_MAX || out->full || out->cap - out->n < in.n + PBE_IV)
		return err_make(E_LIMIT, 0, "pbe: capacity");
	ERR_set_mark();
	e = derive(key_secret, iv, pbe, password_secret);
	if (err_is(e))
		goto out;
	e = err_make(E_CRYPTO, 0, "pbe: cipher");
	if ((ctx = EVP_CIPHER_CTX_new()) == NULL ||
	    EVP_CipherInit_ex(
		ctx, pbe->cipher, NULL, key_secret, iv, encrypt) != 1 ||
	    EVP_CipherUpdate(ctx, out->p + from, &n, in.p, (int)in.n) != 1)
		goto out;
	if (EVP_CipherFinal_ex(ctx, out->p + from + n, &tail) != 1) {
		if (!encrypt)
			e = err_make(E_PASSWORD, 0, "pbe: padding");
		goto out;
	}
	out->n += (size_t)n + (size_t)tail;
	e = err_none();
out:
	if (err_is(e))
		OPENSSL_cleanse(out->p + from, out->cap - from);
	OPENSSL_cleanse(key_secret, sizeof key_secret);
	OPENSSL_cleanse(iv, sizeof iv);
	EVP_CIPHER_CTX_free(ctx);
	ERR_pop_to_mark();
	return e;
}

static void
put_salt_count(struct buf *out, const struct pbe *pbe)
{
	uint8_t count[4];
	size_t n = 0, from = out->n;

	for (int shift = 24; shift >= 0; shift -= 8) {
		uint8_t v = (uint8_t)(pbe->iterations >> shift);

		if (n == 0 && v == 0)
			continue;
		if (n == 0 && (v & 0x80) != 0)
			count[n++] = 0;
		count[n++] = v;
	}
	der_put(out, DER_OCTET_STRING, pbe->salt);
	der_put(out, DER_INTEGER, span_make(count, n));
	der_wrap(out, from, DER_SEQUENCE);
}

void
pbe_encode(struct buf *out, const struct pbe *pbe)
{
	/* 1.2.840.113549.1.5.13 and .12 */
	static const uint8_t pbes2[] =
	    "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d";
	static const uint8_t pbkdf2[] =
	    "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0c";
	struct span seed = npki_oid_der(NPKI_OID_SEED_CBC);
	struct span classic = npki_oid_der(NPKI_OID_SEED_CBC_SHA1);
	size_t all = out->n, params, part;

	if (pbe->form == PRI_FORM_SEED_SHA1) {
		buf_add(out, classic.p, classic.n);
		put_salt_count(out, pbe);
		der_wrap(out, all, DER_SEQUENCE);
		return;
	}
	buf_add(out, pbes2, sizeof pbes2 - 1);
	params = part = out->n;
	buf_add(out, pbkdf2, sizeof pbkdf2 - 1);
	put_salt_count(out, pbe);
	der_wrap(out, part, DER_SEQUENCE);
	part = out->n;
	buf_add(out, seed.p, seed.n);
	der_put(out, DER_OCTET_STRING, pbe->iv);
	der_wrap(out, part, DER_SEQUENCE);
	der_wrap(out, params, DER_SEQUENCE);
	der_wrap(out, all, DER_SEQUENCE);
}
