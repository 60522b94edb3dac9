/*
 * npki/vid.h - the virtual identifier that ties a certificate to a person.
 *
 * VID = H(H(DER(SEQUENCE { idn PrintableString, R BIT STRING }))).  It stands
 * in the certificate's subjectAltName; the request carries it encrypted to the
 * CA.  Source: facts/npki.md section 2 (KCAC.TS.SIVID as seen in samples).
 */
#ifndef NPKI_VID_H
#define NPKI_VID_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "npki/npki.h"

enum {
	VID_MAX = 64,	/* bytes of a VID (SHA-512) */
	VID_NAME = 256, /* bytes of a realName with its NUL */
	VID_EVID_MAX = 2048,
	VID_ISSUER_MAX = 1024,
	VID_SERIAL_MAX = 20
};

enum vid_hash {
	VID_SHA256, /* what we write */
	VID_SHA1,   /* old certificates */
	VID_SHA384,
	VID_SHA512,
	VID_HASH_COUNT
};

/* Bytes of the VID under this hash: 20, 32, 48 or 64. */
size_t vid_size(enum vid_hash hash);
/* "SHA-256" and so on; never NULL. */
const char *vid_hash_name(enum vid_hash hash);

/*
 * The VID of `idn` (1..NPKI_IDN_MAX ASCII digits, no hyphen) under `r_secret`.
 * *out gets vid_size(hash) bytes.  E_ARG for anything but digits; E_CRYPTO.
 */
MUST_USE struct err vid_compute(uint8_t out[static VID_MAX],
    struct span idn_secret, const uint8_t r_secret[static NPKI_R],
    enum vid_hash hash);

/* What a subjectAltName says about its holder. */
struct identify_data {
	char name[VID_NAME]; /* realName, UTF-8; may be empty */
	bool has_vid;
	enum vid_hash hash;
	size_t vid_n;
	uint8_t vid[VID_MAX];
};

/*
 * Append the whole SubjectAltName value (GeneralNames with the one otherName),
 * hash AlgorithmIdentifier without NULL as the CAs write it.  `name` UTF-8.
 * E_ARG when the name or vid_n does not fit; E_LIMIT.
 */
MUST_USE struct err identify_data_encode(
    struct buf *out, const struct identify_data *id);

/*
 * Parse a SubjectAltName value; other names in it are skipped.  E_NOTFOUND
 * without identifyData; E_FORMAT; E_UNSUPPORTED for an unknown hash.
 */
MUST_USE struct err identify_data_decode(
    struct identify_data *out, struct span san);

/* The same out of a certificate. */
MUST_USE struct err identify_data_of(
    struct identify_data *out, const X509 *cert);

/*
 * That the certificate's VID is the one of this number and R.  E_MISMATCH when
 * it is another's; E_NOTFOUND when the certificate has none; E_ARG, E_FORMAT,
 * E_CRYPTO, E_UNSUPPORTED as above.
 */
MUST_USE struct err vid_verify(const X509 *cert, struct span idn_secret,
    const uint8_t r_secret[static NPKI_R]);

/*
 * EncryptedVID for a request, to the CA whose certificate is `ca` (RSA,
 * PKCS#1 v1.5): appends
 *   SEQ { [0] INTEGER 0, [1] hashAlg, [2] encAlg, [3] IssuerAndSerial of ca,
 *         [4] OCTET STRING of the encryption of
 *             SEQ { VID, randomNum BIT STRING } }
 * (explicit tags).  E_UNSUPPORTED when the CA's key is not RSA; E_LIMIT,
 * E_ARG, E_CRYPTO.
 */
MUST_USE struct err vid_encrypt(struct buf *out, struct span idn_secret,
    const uint8_t r_secret[static NPKI_R], enum vid_hash hash, const X509 *ca);

/* An opened EncryptedVID.  Wipe with secret_wipe(&e, sizeof e). */
struct evid {
	enum vid_hash hash;
	size_t vid_n;
	uint8_t vid[VID_MAX];
	uint8_t r_secret[NPKI_R];
	size_t issuer_n;
	uint8_t issuer[VID_ISSUER_MAX]; /* Name, DER, of the CA meant */
	size_t serial_n;
	uint8_t serial[VID_SERIAL_MAX]; /* INTEGER content */
};

/*
 * The CA's side: open one with the CA's private key.  `out` is zeroed unless
 * it succeeds.  Whether issuer and serial are its own, and whether the VID is
 * right for the number it knows, the caller checks.  E_FORMAT, E_LIMIT,
 * E_UNSUPPORTED, E_MISMATCH (not encrypted to this key).
 */
MUST_USE struct err vid_decrypt(
    struct evid *out, struct span der, EVP_PKEY *ca_key);

#endif
