/*
 * sandbox/certs.h - the CA's own record of every certificate it issued.
 *
 * States: unconfirmed -> valid | rejected | withdrawn; valid <-> suspended;
 * valid, suspended, unconfirmed -> revoked.  Each change is kept with its time.
 */
#ifndef SANDBOX_CERTS_H
#define SANDBOX_CERTS_H

#include "sandbox.h"

enum { SERIAL_TEXT = 48, SPKI_TEXT = 65 };

enum cert_state {
	CERT_UNCONFIRMED,
	CERT_VALID,
	CERT_SUSPENDED,
	CERT_REVOKED,
	CERT_REJECTED,	/* the client said no in its certConf */
	CERT_WITHDRAWN, /* nobody confirmed it in time, or a newer one came */
	CERT_STATE_COUNT
};

/* CRLReason (RFC 5280 5.3.1), as far as we take it. */
enum {
	REASON_UNSPECIFIED = 0,
	REASON_KEY_COMPROMISE = 1,
	REASON_AFFILIATION = 3,
	REASON_SUPERSEDED = 4,
	REASON_CESSATION = 5,
	REASON_HOLD = 6,
	REASON_REMOVE = 8
};

/* What is known of a certificate when it is recorded. */
struct cert_new {
	int authority;
	const char *person; /* id, "" for nobody */
	const char *bank, *policy;
	const char *refnum, *application, *replaces; /* "" when none */
	enum cert_state state;
	int reason;
	const char *by; /* for the history */
	X509 *cert;
};

/* "unconfirmed" and so on; never NULL. */
const char *cert_state_name(enum cert_state s);
/* CERT_STATE_COUNT for a damaged record. */
enum cert_state cert_state_of(const json_t *rec);

/* A serial nobody has: four bytes, positive. */
MUST_USE struct err certs_new_serial(const struct sandbox *sb, uint32_t *out);

/* *rec is borrowed. */
MUST_USE struct err certs_add(
    struct sandbox *sb, const struct cert_new *n, json_t **rec);

/*
 * Change the state, note it in the history, and make the issuer's CRL anew.
 * `by` is who asked, for the history.
 */
MUST_USE struct err certs_move(struct sandbox *sb, json_t *rec,
    enum cert_state to, int reason, const char *by);

/* Borrowed; NULL when there is none.  `serial` in any case, zeros ignored. */
json_t *certs_find(const struct sandbox *sb, const char *serial);
json_t *certs_by_spki(const struct sandbox *sb, const char *spki_hex);

/*
 * Another certificate of the same person, issuer and policy in `state` that
 * is not expired; NULL when there is none.  `except` is a serial.
 */
json_t *certs_other(const struct sandbox *sb, const json_t *like,
    enum cert_state state, const char *except);

bool certs_expired(const struct sandbox *sb, const json_t *rec);
/* The certificate; the caller frees it.  NULL when the record is damaged. */
X509 *certs_x509(const json_t *rec);

/* Withdraw what waited too long for its confirmation. */
void certs_sweep(struct sandbox *sb);

/* Serial of a certificate or in a request, lower-case hexadecimal. */
void serial_text(char out[static SERIAL_TEXT], const ASN1_INTEGER *serial);
/* SHA-256 of a public key's SubjectPublicKeyInfo.  E_CRYPTO. */
MUST_USE struct err spki_text(char out[static SPKI_TEXT], EVP_PKEY *key);

/* A new CRL of one authority, DER; the caller frees it.  NULL on failure. */
X509_CRL *crl_make(const struct sandbox *sb, int authority);
/* Write it to DIR/ca/crl.der (or kica-crl.der). */
MUST_USE struct err crl_write(const struct sandbox *sb, int authority);

/* Answer one OCSP request. */
void ocsp_answer(
    struct sandbox *sb, struct span in, struct fault fault, struct reply *out);

#endif
