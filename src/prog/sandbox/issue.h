/*
 * sandbox/issue.h - from a person to a certificate: names, dates, VID.
 */
#ifndef SANDBOX_ISSUE_H
#define SANDBOX_ISSUE_H

#include "certs.h"
#include "npki/npki.h"
#include "npki/vid.h"

/* One certificate to issue; spans and pointers are borrowed. */
struct issue {
	int authority;
	const struct person *person;
	const char *bank, *policy;
	const char *refnum, *application, *replaces; /* "" if none */
	const X509_NAME *subject;
	EVP_PKEY *key;
	int64_t not_before, not_after;
	const uint8_t *r_secret; /* NPKI_R bytes; NULL: no VID */
	enum vid_hash hash;
	enum cert_state state;
	int reason;
	const char *by;
};

/* Mint and record it; *rec is borrowed from the records.  Blocks. */
MUST_USE struct err issue_certificate(
    struct sandbox *sb, const struct issue *i, json_t **rec);

/*
 * A new subject in the issuer's shape (facts/npki.md "DN shapes").  The caller
 * frees *out with X509_NAME_free.
 */
MUST_USE struct err issue_subject(struct sandbox *sb, X509_NAME **out,
    const struct person *p, int authority, const char *bank,
    const char *policy);

/*
 * A public key whose private half nobody has.  The caller frees *out.
 */
MUST_USE struct err issue_lost_key(EVP_PKEY **out);

/* 00:00:00 in Korea of today plus `days`; the last second is one before the
 * next day's. */
int64_t issue_midnight(const struct sandbox *sb, int days);

/* 한빛은행 for HANBIT; the code itself when it is not in the table. */
const char *bank_name(const char *bank);

#endif
