/*
 * npki/evid.c - EncryptedVID: the VID and R on their way to the CA.
 */
#include "npki/vid.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include "npki/der.h"
#include "npki/vid_der.h"

enum { CONTENT_MAX = 160, RSA_MAX = 1024 };

/* rsaEncryption with NULL, the encAlg of every request seen */
static const uint8_t rsa_encryption[] =
    "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";

/* RSA PKCS#1 v1.5 under a public or private key; *n is room, then length. */
static struct err
rsa_crypt(uint8_t *out, size_t *n, EVP_PKEY *key, struct span in, bool encrypt)
{
	EVP_PKEY_CTX *ctx = NULL;
	struct err e = err_make(
	    encrypt ? E_CRYPTO : E_MISMATCH, 0, "evid: encryption");

	if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA)
		return err_make(E_UNSUPPORTED, 0, "evid: key of the CA");
	if (EVP_PKEY_get_size(key) > (int)*n)
		return err_make(E_LIMIT, 0, "evid: key of the CA");
	if ((ctx = EVP_PKEY_CTX_new(key, NULL)) == NULL)
		return err_make(E_NOMEM, 0, "evid: context");
	ERR_set_mark();
	if ((encrypt ? EVP_PKEY_encrypt_init(ctx)
		     : EVP_PKEY_decrypt_init(ctx)) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1 &&
	    (encrypt ? EVP_PKEY_encrypt(ctx, out, n, in.p, in.n)
		     : EVP_PKEY_decrypt(ctx, out, n, in.p, in.n)) == 1)
		e = err_none();
	EVP_PKEY_CTX_free(ctx);
	ERR_pop_to_mark();
	return e;
}

/* EncryptContent ::= SEQUENCE { VID, randomNum BIT STRING } */
static struct err
content_encode(struct buf *out, struct span idn_secret,
    const uint8_t r_secret[static NPKI_R], enum vid_hash hash)
{
	uint8_t vid[VID_MAX], bits_secret[1 + NPKI_R] = { 0 };
	size_t from = out->n;
	struct err e = vid_compute(vid, idn_secret, r_secret, hash);

	if (err_is(e))
		return e;
	memcpy(bits_secret + 1, r_secret, NPKI_R);
	vid_put(out, hash, span_make(vid, vid_size(hash)), true);
	der_put(
	    out, DER_BIT_STRING, span_make(bits_secret, sizeof bits_secret));
	der_wrap(out, from, DER_SEQUENCE);
	OPENSSL_cleanse(bits_secret, sizeof bits_secret);
	return out->full ? err_make(E_LIMIT, 0, "evid: content") : err_none();
}

/* IssuerAndSerial of the CA's certificate */
static struct err
put_cert_id(struct buf *out, const X509 *ca)
{
	uint8_t *name = NULL, *serial = NULL;
	int name_n = i2d_X509_NAME(X509_get_issuer_name(ca), &name);
	int serial_n = i2d_ASN1_INTEGER(X509_get0_serialNumber(ca), &serial);
	size_t from = out->n;
	bool good = name_n > 0 && serial_n > 0;

	if (good) {
		buf_add(out, name, (size_t)name_n);
		buf_add(out, serial, (size_t)serial_n);
		der_wrap(out, from, DER_SEQUENCE);
	}
	OPENSSL_free(name);
	OPENSSL_free(serial);
	return good ? err_none() : err_make(E_CRYPTO, 0, "evid: issuer");
}

struct err
vid_encrypt(struct buf *out, struct span idn_secret,
    const uint8_t r_secret[static NPKI_R], enum vid_hash hash, const X509 *ca)
{
	static const uint8_t version[] = { 0 };
	uint8_t content_secret[CONTENT_MAX], cipher[RSA_MAX];
	struct buf content = buf_make(content_secret, sizeof content_secret);
	EVP_PKEY *key = X509_get0_pubkey(ca);
	size_t n = sizeof cipher, at;
	const struct buf before = *out;
	struct err e = content_encode(&content, idn_secret, r_secret, hash);

	if (!err_is(e) && key == NULL)
		e = err_make(E_UNSUPPORTED, 0, "evid: key of the CA");
	if (!err_is(e))
		e = rsa_crypt(cipher, &n, key, buf_span(&content), true);
	OPENSSL_cleanse(content_secret, sizeof content_secret);
	if (err_is(e))
		return e;
	at = out->n;
	der_put(out, DER_INTEGER, span_make(version, sizeof version));
	der_wrap(out, at, DER_CONTEXT);
	at = out->n;
	vid_put_hash(out, hash, true);
	der_wrap(out, at, DER_CONTEXT + 1);
	der_put(out, DER_CONTEXT + 2,
	    span_make(rsa_encryption, sizeof rsa_encryption - 1));
	at = out->n;
	e = put_cert_id(out, ca);
	der_wrap(out, at, DER_CONTEXT + 3);
	at = out->n;
	der_put(out, DER_OCTET_STRING, span_make(cipher, n));
	der_wrap(out, at, DER_CONTEXT + 4);
	der_wrap(out, before.n, DER_SEQUENCE);
	if (!err_is(e) && out->full)
		e = err_make(E_LIMIT, 0, "evid: capacity");
	if (err_is(e))
		*out = before;
	return e;
}

/* The five tagged fields; version and hashAlg may be absent. */
struct fields {
	struct span version, hash, cipher, cert_id, data;
};

static struct err
fields_take(struct fields *f, struct span der)
{
	struct span in, v;
	struct err e = der_only(&in, der, DER_SEQUENCE);

	*f = (struct fields){ 0 };
	if (!err_is(e) && der_peek(in, DER_CONTEXT))
		e = der_take(&f->version, &in, DER_CONTEXT);
	if (!err_is(e) && der_peek(in, DER_CONTEXT + 1))
		e = der_take(&f->hash, &in, DER_CONTEXT + 1);
	if (!err_is(e))
		e = der_take(&f->cipher, &in, DER_CONTEXT + 2);
	if (!err_is(e))
		e = der_take(&v, &in, DER_CONTEXT + 3);
	if (!err_is(e))
		e = der_only(&f->cert_id, v, DER_SEQUENCE);
	if (!err_is(e))
		e = der_only(&v, in, DER_CONTEXT + 4);
	if (!err_is(e))
		e = der_only(&f->data, v, DER_OCTET_STRING);
	if (err_is(e))
		return e;
	if (f->version.p != NULL &&
	    !span_eq(f->version, span_make("\x02\x01\x00", 3)))
		return err_make(E_UNSUPPORTED, 0, "evid: version");
	if (!span_eq(f->cipher,
		span_make(rsa_encryption, sizeof rsa_encryption - 1)))
		return err_make(E_UNSUPPORTED, 0, "evid: encryption");
	return err_none();
}

static struct err
take_cert_id(struct evid *out, struct span in)
{
	struct der name;
	struct span serial;
	struct err e = der_next(&name, &in);

	if (!err_is(e))
		e = der_only(&serial, in, DER_INTEGER);
	if (err_is(e))
		return e;
	if (name.tag != DER_SEQUENCE || serial.n == 0)
		return err_make(E_FORMAT, 0, "evid: issuer");
	if (name.whole.n > sizeof out->issuer || serial.n > sizeof out->serial)
		return err_make(E_LIMIT, 0, "evid: issuer");
	memcpy(out->issuer, name.whole.p, name.whole.n);
	out->issuer_n = name.whole.n;
	memcpy(out->serial, serial.p, serial.n);
	out->serial_n = serial.n;
	return err_none();
}

static struct err
content_decode(struct evid *out, struct span content_secret)
{
	struct span in, bits;
	struct err e = der_only(&in, content_secret, DER_SEQUENCE);

	if (!err_is(e))
		e = vid_take(&out->hash, out->vid, &out->vid_n, &in);
	if (!err_is(e))
		e = der_only(&bits, in, DER_BIT_STRING);
	if (!err_is(e) && (bits.n != 1 + NPKI_R || bits.p[0] != 0))
		e = err_make(E_FORMAT, 0, "evid: R");
	if (!err_is(e))
		memcpy(out->r_secret, bits.p + 1, NPKI_R);
	return e;
}

struct err
vid_decrypt(struct evid *out, struct span der, EVP_PKEY *ca_key)
{
	uint8_t content_secret[RSA_MAX];
	size_t n = sizeof content_secret;
	enum vid_hash hash;
	struct fields f;
	struct err e;

	*out = (struct evid){ 0 };
	if (der.n > VID_EVID_MAX)
		return err_make(E_LIMIT, 0, "evid: size");
	e = fields_take(&f, der);
	if (!err_is(e))
		e = take_cert_id(out, f.cert_id);
	if (!err_is(e))
		e = rsa_crypt(content_secret, &n, ca_key, f.data, false);
	if (!err_is(e))
		e = content_decode(out, span_make(content_secret, n));
	if (!err_is(e) && f.hash.p != NULL) {
		e = vid_take_hash(&hash, &f.hash);
		if (!err_is(e) && (hash != out->hash || f.hash.n != 0))
			e = err_make(E_FORMAT, 0, "evid: hash");
	}
	OPENSSL_cleanse(content_secret, sizeof content_secret);
	if (err_is(e))
		OPENSSL_cleanse(out, sizeof *out);
	return e;
}
