/*
 * What the tests of src/npki share: the published fixture, and a small CA of
 * the Korean profile that can plant one fault at a time.
 */
#ifndef TEST_NPKI_SUPPORT_H
#define TEST_NPKI_SUPPORT_H

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <openssl/x509.h>

#include "npki/cert.h"
#include "npki/pri.h"
#include "npki/profile.h"

#define DATA "tests/data/npki/"

/* R, serial and dates of the fixture; its password. */
extern const uint8_t fixture_r[NPKI_R];
struct span fixture_password(void);

struct bytes {
	size_t n;
	uint8_t p[8192];
};

struct span bytes_span(const struct bytes *b);
void bytes_read(struct bytes *out, const char *path);
struct bytes bytes_hex(const char *hex);
void fixture_key(struct npki_key *out);
X509 *fixture_cert(void);

/* npki_init for a suite */
void npki_setup(void);
/* Our functions leave nothing in OpenSSL's error queue. */
void expect_quiet(void);

struct pki {
	EVP_PKEY *root_key, *middle_key, *ca_key;
	X509 *root, *middle, *ca; /* middle: only of pki_make_long */
	STACK_OF(X509) * cas;
};

/* What to plant beyond single findings: certificates of other profiles. */
enum {
	NOTHING_WRONG = FIND_COUNT,
	OTHER_NO_USAGE,	  /* no keyUsage, no identifyData */
	OTHER_SIGN_ONLY,  /* digitalSignature alone, no identifyData */
	OTHER_NEVER_SIGN, /* keyEncipherment alone */
	OTHER_CERT_SIGN,  /* digitalSignature and keyCertSign */
	OTHER_CA	  /* CA:TRUE, without keyUsage */
};

/* 2026-11-22 12:00:00 KST, and the leaf's first and last second. */
#define NOW	    INT64_C(1795316400)
#define LEAF_BEGINS INT64_C(1795273200)
#define LEAF_ENDS   INT64_C(1811257199)
#define IDN	    "9001011970015"

void pki_make(struct pki *out);
/* The same with a CA between root and ca; it is not among `cas`. */
void pki_make_long(struct pki *out);
void pki_free(struct pki *pki);
/* A leaf for `key` with this planted (or NOTHING_WRONG). */
X509 *pki_issue(const struct pki *pki, EVP_PKEY *key, int planted);
struct bytes cert_bytes(const X509 *cert);
/* Equal, or both texts are shown. */
void expect_text(const char *got, const char *want);
void expect_hex(struct span got, const char *want);

#endif
