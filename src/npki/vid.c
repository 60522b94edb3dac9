/*
 * npki/vid.c - the virtual identifier, and identifyData in a certificate.
 */
#include "npki/vid.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/x509v3.h>

#include "base/utf8.h"
#include "npki/der.h"
#include "npki/vid_der.h"

struct hash_row {
	const char *name;
	uint8_t size, n;
	uint8_t oid[12];
};

/* clang-format off */
static const struct hash_row hashes[VID_HASH_COUNT] = {
	[VID_SHA256] = { "SHA-256", 32, 11,
	    "\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01" },
	[VID_SHA1] = { "SHA-1", 20, 7, "\x06\x05\x2b\x0e\x03\x02\x1a" },
	[VID_SHA384] = { "SHA-384", 48, 11,
	    "\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02" },
	[VID_SHA512] = { "SHA-512", 64, 11,
	    "\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03" },
};
/* clang-format on */

size_t
vid_size(enum vid_hash hash)
{
	return hashes[hash].size;
}

const char *
vid_hash_name(enum vid_hash hash)
{
	return hashes[hash].name;
}

static const EVP_MD *
md_of(enum vid_hash hash)
{
	switch (hash) {
	case VID_SHA1:
		return EVP_sha1();
	case VID_SHA384:
		return EVP_sha384();
	case VID_SHA512:
		return EVP_sha512();
	case VID_SHA256:
	case VID_HASH_COUNT:
		break;
	}
	return EVP_sha256();
}

struct err
vid_compute(uint8_t out[static VID_MAX], struct span idn_secret,
    const uint8_t r_secret[static NPKI_R], enum vid_hash hash)
{
	uint8_t content_secret[NPKI_IDN_MAX + NPKI_R + 16];
	uint8_t bits_secret[1 + NPKI_R] = { 0 };
	struct buf b = buf_make(content_secret, sizeof content_secret);
	const EVP_MD *md = md_of(hash);
	unsigned n = 0;
	bool good;

	if (idn_secret.n == 0 || idn_secret.n > NPKI_IDN_MAX)
		return err_make(E_ARG, 0, "vid: number");
	for (size_t i = 0; i < idn_secret.n; i++)
		if (idn_secret.p[i] < '0' || idn_secret.p[i] > '9')
			return err_make(E_ARG, 0, "vid: number");
	memcpy(bits_secret + 1, r_secret, NPKI_R);
	der_put(&b, DER_PRINTABLE, idn_secret);
	der_put(&b, DER_BIT_STRING, span_make(bits_secret, sizeof bits_secret));
	der_wrap(&b, 0, DER_SEQUENCE);
	good = !b.full && EVP_Digest(b.p, b.n, out, &n, md, NULL) == 1 &&
	       EVP_Digest(out, n, out, &n, md, NULL) == 1;
	OPENSSL_cleanse(content_secret, sizeof content_secret);
	OPENSSL_cleanse(bits_secret, sizeof bits_secret);
	return good ? err_none() : err_make(E_CRYPTO, 0, "vid: hash");
}

void
vid_put_hash(struct buf *out, enum vid_hash hash, bool with_null)
{
	size_t from = out->n;

	buf_add(out, hashes[hash].oid, hashes[hash].n);
	if (with_null)
		der_put(out, DER_NULL, span_make(NULL, 0));
	der_wrap(out, from, DER_SEQUENCE);
}

struct err
vid_take_hash(enum vid_hash *hash, struct span *in)
{
	struct span algorithm;
	struct der oid;
	struct err e = der_take(&algorithm, in, DER_SEQUENCE);

	if (!err_is(e))
		e = der_next(&oid, &algorithm);
	if (err_is(e))
		return e;
	for (int i = 0; i < VID_HASH_COUNT; i++)
		if (span_eq(oid.whole, span_make(hashes[i].oid, hashes[i].n))) {
			*hash = (enum vid_hash)i;
			return err_none();
		}
	return err_make(E_UNSUPPORTED, 0, "vid: hash");
}

void
vid_put(struct buf *out, enum vid_hash hash, struct span vid, bool with_null)
{
	size_t from = out->n, tagged;

	vid_put_hash(out, hash, with_null);
	tagged = out->n;
	der_put(out, DER_OCTET_STRING, vid);
	der_wrap(out, tagged, DER_CONTEXT);
	der_wrap(out, from, DER_SEQUENCE);
}

struct err
vid_take(enum vid_hash *hash, uint8_t vid[static VID_MAX], size_t *vid_n,
    struct span *in)
{
	struct span body, tagged, value;
	struct err e = der_take(&body, in, DER_SEQUENCE);

	if (!err_is(e))
		e = vid_take_hash(hash, &body);
	if (!err_is(e))
		e = der_only(&tagged, body, DER_CONTEXT);
	if (!err_is(e))
		e = der_only(&value, tagged, DER_OCTET_STRING);
	if (!err_is(e) && value.n != vid_size(*hash))
		e = err_make(E_FORMAT, 0, "vid: length");
	if (err_is(e))
		return e;
	memcpy(vid, value.p, value.n);
	*vid_n = value.n;
	return err_none();
}

struct err
identify_data_encode(struct buf *out, const struct identify_data *id)
{
	struct span other = npki_oid_der(NPKI_OID_IDENTIFY_DATA);
	struct span vid = npki_oid_der(NPKI_OID_VID);
	size_t name_n = strnlen(id->name, sizeof id->name);
	const struct buf before = *out;
	size_t whole = out->n, tagged, body, info;

	if (name_n == sizeof id->name || !utf8_valid(id->name, name_n))
		return err_make(E_ARG, 0, "identify: name");
	if (id->has_vid &&
	    (id->hash >= VID_HASH_COUNT || id->vid_n != vid_size(id->hash)))
		return err_make(E_ARG, 0, "identify: vid");
	buf_add(out, other.p, other.n);
	tagged = body = out->n;
	der_put(out, DER_UTF8, span_make(id->name, name_n));
	if (id->has_vid) {
		info = out->n;
		buf_add(out, vid.p, vid.n);
		vid_put(out, id->hash, span_make(id->vid, id->vid_n), false);
		der_wrap(out, info, DER_SEQUENCE); /* the attribute */
		der_wrap(out, info, DER_SEQUENCE); /* userInfo */
	}
	der_wrap(out, body, DER_SEQUENCE);
	der_wrap(out, tagged, DER_CONTEXT);
	der_wrap(out, whole, DER_CONTEXT);
	der_wrap(out, whole, DER_SEQUENCE);
	if (out->full) {
		*out = before;
		return err_make(E_LIMIT, 0, "identify: capacity");
	}
	return err_none();
}

/* The attributes of userInfo; others than the VID are skipped. */
static struct err
take_user_info(struct identify_data *out, struct span in)
{
	struct err e = err_none();

	while (in.n > 0 && !err_is(e)) {
		struct span attr;
		struct der type;

		e = der_take(&attr, &in, DER_SEQUENCE);
		if (!err_is(e))
			e = der_next(&type, &attr);
		if (err_is(e) ||
		    !span_eq(type.whole, npki_oid_der(NPKI_OID_VID)))
			continue;
		if (out->has_vid)
			return err_make(E_FORMAT, 0, "identify: two VIDs");
		e = vid_take(&out->hash, out->vid, &out->vid_n, &attr);
		if (!err_is(e) && attr.n != 0)
			e = err_make(E_FORMAT, 0, "identify: attribute");
		out->has_vid = !err_is(e);
	}
	return e;
}

/* What follows the OID of the otherName. */
static struct err
take_identify(struct identify_data *out, struct span in)
{
	struct span tagged, body, info;
	struct der name;
	struct err e = der_only(&tagged, in, DER_CONTEXT);

	if (!err_is(e))
		e = der_only(&body, tagged, DER_SEQUENCE);
	if (!err_is(e))
		e = der_next(&name, &body);
	if (err_is(e))
		return e;
	if ((name.tag != DER_UTF8 && name.tag != DER_PRINTABLE) ||
	    name.value.n >= sizeof out->name ||
	    memchr(name.value.p, 0, name.value.n) != NULL ||
	    !utf8_valid((const char *)name.value.p, name.value.n))
		return err_make(E_FORMAT, 0, "identify: name");
	memcpy(out->name, name.value.p, name.value.n);
	if (body.n == 0)
		return err_none();
	e = der_only(&info, body, DER_SEQUENCE);
	return err_is(e) ? e : take_user_info(out, info);
}

struct err
identify_data_decode(struct identify_data *out, struct span san)
{
	struct identify_data id = { .hash = VID_SHA256 };
	struct span names;
	struct err e = der_only(&names, san, DER_SEQUENCE);

	*out = id;
	while (!err_is(e) && names.n > 0) {
		struct der name, type;

		e = der_next(&name, &names);
		if (err_is(e) || name.tag != DER_CONTEXT)
			continue;
		e = der_next(&type, &name.value);
		if (err_is(e) ||
		    !span_eq(type.whole, npki_oid_der(NPKI_OID_IDENTIFY_DATA)))
			continue;
		e = take_identify(&id, name.value);
		if (!err_is(e))
			*out = id;
		return e;
	}
	return err_is(e) ? e : err_make(E_NOTFOUND, 0, "identify: absent");
}

struct err
identify_data_of(struct identify_data *out, const X509 *cert)
{
	int at = X509_get_ext_by_NID(cert, NID_subject_alt_name, -1);
	const ASN1_OCTET_STRING *value;

	*out = (struct identify_data){ .hash = VID_SHA256 };
	if (at < 0)
		return err_make(E_NOTFOUND, 0, "identify: absent");
	value = X509_EXTENSION_get_data(X509_get_ext(cert, at));
	return identify_data_decode(
	    out, span_make(ASN1_STRING_get0_data(value),
		     (size_t)ASN1_STRING_length(value)));
}

struct err
vid_verify(const X509 *cert, struct span idn_secret,
    const uint8_t r_secret[static NPKI_R])
{
	uint8_t vid[VID_MAX];
	struct identify_data id;
	struct err e = identify_data_of(&id, cert);

	if (!err_is(e) && !id.has_vid)
		e = err_make(E_NOTFOUND, 0, "vid: absent");
	if (!err_is(e))
		e = vid_compute(vid, idn_secret, r_secret, id.hash);
	if (!err_is(e) && CRYPTO_memcmp(vid, id.vid, id.vid_n) != 0)
		e = err_make(E_MISMATCH, 0, "vid: another number or R");
	return e;
}
