/*
 * npki/cert.h - what a certificate says, as plain data.
 */
#ifndef NPKI_CERT_H
#define NPKI_CERT_H

#include <openssl/x509.h>

#include "npki/name.h"
#include "npki/npki.h"
#include "npki/policy.h"
#include "npki/vid.h"

enum {
	CERT_SERIAL_TEXT = 48, /* hexadecimal, lower case */
	CERT_URL = 256
};

/* Text is UTF-8, NUL-terminated, "" when absent; times are Unix seconds. */
struct npki_cert_info {
	char subject[NAME_LEAF]; /* name_text */
	char leaf[NAME_LEAF];	 /* name_leaf: the folder's name */
	char org[NAME_VALUE];	 /* name_org: the folder above USER */
	char cn[NAME_VALUE];
	char person[NAME_VALUE]; /* name_person */
	char issuer[NAME_LEAF];
	char issuer_cn[NAME_VALUE];
	char serial[CERT_SERIAL_TEXT];
	int64_t not_before;
	int64_t not_after;
	char policy_oid[POLICY_OID];	  /* the first */
	const struct npki_policy *policy; /* NULL when not in the table */
	bool has_key_usage;
	uint32_t key_usage; /* OpenSSL's KU_* bits */
	char key_type[16];  /* "RSA", "EC" */
	int key_bits;
	uint8_t spki_sha256[32]; /* of the SubjectPublicKeyInfo */
	uint8_t sha256[32];	 /* of the certificate */
	char ocsp_url[CERT_URL];
	char crl_url[CERT_URL]; /* the first URI of the CRL DP */
	bool has_identify;	/* identify is filled */
	struct identify_data identify;
};

/*
 * Parse one certificate that fills `der` exactly.  The caller frees *out with
 * X509_free.  E_FORMAT; E_LIMIT over NPKI_CERT_MAX.
 */
MUST_USE struct err npki_cert_parse(X509 **out, struct span der);
/* The same for DER or PEM, one certificate. */
MUST_USE struct err npki_cert_parse_any(X509 **out, struct span data);

/*
 * All facts of a certificate.  `out` is zeroed unless it succeeds.  Missing
 * extensions are no error.  E_FORMAT for a value that does not parse, E_LIMIT
 * for one larger than its room.
 */
MUST_USE struct err npki_cert_info(
    struct npki_cert_info *out, const X509 *cert);
MUST_USE struct err npki_cert_info_der(
    struct npki_cert_info *out, struct span der);

/* DER of the SubjectPublicKeyInfo, appended.  E_LIMIT, E_CRYPTO. */
MUST_USE struct err npki_cert_spki(struct buf *out, const X509 *cert);

/*
 * That `cert` is signed by a path through `cas` up to `root` and no other
 * anchor, at `now` (Unix seconds).  `cas` may be NULL; `root` self-signed.
 * Critical extensions other than those RFC 5280 processing knows fail.
 * E_EXPIRED when a certificate of the path is outside its validity;
 * E_MISMATCH (where: "chain: ...") when it does not verify; E_NOMEM.
 */
MUST_USE struct err npki_chain_check(
    X509 *cert, STACK_OF(X509) * cas, X509 *root, int64_t now);

#endif
