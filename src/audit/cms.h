/*
 * audit/cms.h - personal data sealed to head office's certificate.
 *
 * A sealed blob is the DER of a CMS ContentInfo with AuthEnvelopedData (RFC
 * 5083), AES-256-GCM, one recipient: ECDH with X9.63 KDF over SHA-256 for a
 * P-256 key, RSA-OAEP with SHA-256 for an RSA key of 2048 bits or more.
 * Nobody at the branch can open it.  `openssl cms -decrypt` can, at head
 * office.
 */
#ifndef AUDIT_CMS_H
#define AUDIT_CMS_H

#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

enum {
	CMS_DATA = 8 * 1024, /* most bytes sealed at once */
	CMS_OVERHEAD = 1536,
	CMS_BLOB = CMS_DATA + CMS_OVERHEAD,
	CMS_CERT = 8 * 1024 /* longest certificate */
};

/*
 * Whether the certificate can be sealed to at `now_s` (Unix seconds): to be
 * asked before any personal data is typed.  E_FORMAT, E_UNSUPPORTED (kind or
 * length of key, key usage), E_EXPIRED (also: not valid yet).
 */
MUST_USE struct err cms_check_cert(struct span cert_der, int64_t now_s);

/*
 * Append the sealed form of `data` to `out`.  E_LIMIT, the errors of
 * cms_check_cert, E_CRYPTO.  On failure nothing is appended.
 */
MUST_USE struct err cms_seal(
    struct buf *out, struct span cert_der, struct span data, int64_t now_s);

/*
 * The reverse, for head office and tests: `key_der` is the PKCS#8 of the
 * certificate's key.  E_FORMAT, E_UNSUPPORTED (not AuthEnvelopedData),
 * E_MISMATCH (another key, or changed), E_LIMIT, E_CRYPTO.
 */
MUST_USE struct err cms_open(struct buf *out, struct span cert_der,
    struct span key_der, struct span sealed);

#endif
