/*
 * peer/cmp.h - CMP (RFC 9810, pvno 2) on OpenSSL 3.0: one place that sets up
 * a client context, and the few facts of a message that 3.0 does not expose.
 *
 * Nothing here opens a socket: the caller's transfer callback carries the
 * bytes.  Source: facts/cmp.md sections 1, 6 and 7.
 */
#ifndef PEER_CMP_H
#define PEER_CMP_H

#include <openssl/cmp.h>
#include <openssl/x509.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/span.h"

enum {
	CMP_DER_MAX = 32 * 1024, /* bytes of a message, either way */
	CMP_ID_MAX = 64,	 /* bytes of a transactionID or nonce */
	CMP_TEXT = 192,		 /* room for a peer's status text */
	CMP_NAME_MAX = 512	 /* bytes of a configured DN */
};

/* PKIBody choices; the names are private in OpenSSL 3.0. */
enum cmp_kind {
	CMP_IR = 0,
	CMP_IP = 1,
	CMP_RR = 11,
	CMP_RP = 12,
	CMP_PKICONF = 19,
	CMP_ERROR = 23,
	CMP_CERTCONF = 24,
	CMP_POLLREQ = 25,
	CMP_POLLREP = 26,
	CMP_NONE = -1
};

struct cmp_id {
	size_t n;
	uint8_t b[CMP_ID_MAX];
};

/* What the header says; an absent field has n 0. */
struct cmp_head {
	int kind; /* 0..26, see enum cmp_kind */
	struct cmp_id transaction;
	struct cmp_id sender_nonce;
	struct cmp_id recip_nonce;
};

/*
 * Read the header of one PKIMessage that fills `der` exactly.  Nothing is
 * verified.  E_LIMIT over CMP_DER_MAX or a field over CMP_ID_MAX; E_FORMAT.
 */
MUST_USE struct err cmp_head_read(struct cmp_head *out, struct span der);

/* "ir", "certConf", "pollReq", "rr", ...; "other" for the rest. */
const char *cmp_kind_name(int kind);

/*
 * Append the SubjectPublicKeyInfo of the first certificate template of an ir.
 * E_FORMAT when it is no ir or has no key; E_LIMIT.
 */
MUST_USE struct err cmp_request_spki(struct buf *out, struct span der);

/*
 * The whole first generalInfo value of type `oid_der` (a whole OID
 * element) in the header; borrowed from `der`.  E_NOTFOUND, E_FORMAT.
 */
MUST_USE struct err cmp_general_info(
    struct span *value, struct span der, struct span oid_der);

/* "/C=KR/O=yessign/CN=x" as a name, UTF-8; freed with X509_NAME_free.
 * E_FORMAT, E_LIMIT. */
MUST_USE struct err cmp_name_parse(X509_NAME **out, const char *text);

/* The CA we talk to, pinned.  Zero it first, free it with cmp_peer_free. */
struct cmp_peer {
	X509 *ca;		/* issues the certificates */
	X509 *root;		/* the only trust anchor */
	STACK_OF(X509) * chain; /* between ca and root, maybe empty */
	X509_NAME *recipient;	/* NULL: the CA's subject */
	int timeout_s;		/* the whole transaction, 1..86400 */
};

/* From DER; `recipient` "" for the CA's subject.  E_FORMAT, E_ARG, E_NOMEM,
 * E_LIMIT (a chain over NPKI_CHAIN_MAX); *out is then empty. */
MUST_USE struct err cmp_peer_load(struct cmp_peer *out, struct span ca,
    struct span root, const struct span *chain, size_t chain_n,
    const char *recipient, int timeout_s);
void cmp_peer_free(struct cmp_peer *peer);

/*
 * A client context with recipient, both timeouts, the carrier, and explicit
 * confirmation.  No trust store is set, so caPubs of an answer are ignored.
 * Freed by OSSL_CMP_CTX_free.  E_NOMEM, E_CRYPTO.
 */
MUST_USE struct err cmp_ctx_new(OSSL_CMP_CTX **out, const struct cmp_peer *peer,
    OSSL_CMP_transfer_cb_t carry, void *arg);

/*
 * Protect requests by PasswordBasedMac: OWF SHA-256, HMAC-SHA256, the
 * reference number as senderKID.  The context wipes its copies.  E_ARG for an
 * empty value or one over 256 bytes, E_CRYPTO.
 */
MUST_USE struct err cmp_ctx_set_pbm(
    OSSL_CMP_CTX *ctx, struct span refnum, struct span authcode_secret);

/*
 * Protect requests by signature and accept only answers signed by the pinned
 * CA, whatever its keyUsage, or, when a recipient is configured, by that name
 * under the pinned root with a key that may sign.
 * E_MISMATCH when the key is not the certificate's; E_CRYPTO.
 */
MUST_USE struct err cmp_ctx_set_signer(
    OSSL_CMP_CTX *ctx, const struct cmp_peer *peer, X509 *cert, EVP_PKEY *key);

/*
 * True when the peer, in a message whose protection was verified, refused with
 * this OSSL_CMP_CTX_FAILINFO_* bit.  (OpenSSL's code is -1, all bits, before
 * any answer was believed.)
 */
bool cmp_refused_with(const OSSL_CMP_CTX *ctx, int bit);

/* The peer's status string, one line, without control characters. */
void cmp_status_text(char out[static CMP_TEXT], const OSSL_CMP_CTX *ctx);

#endif
