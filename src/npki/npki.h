/*
 * npki/npki.h - what every file of this folder shares: start-up, sizes, OIDs.
 *
 * The formats are those of the Korean joint certificate (공동인증서), read from
 * published samples; facts/npki.md has the bytes.  No function here blocks,
 * logs, or keeps a secret after it returns.
 */
#ifndef NPKI_NPKI_H
#define NPKI_NPKI_H

#include "base/err.h"
#include "base/span.h"

enum {
	NPKI_R = 20,		 /* bytes of the random number R */
	NPKI_IDN_MAX = 20,	 /* digits of an identity number */
	NPKI_CERT_MAX = 16384,	 /* bytes of a certificate we parse */
	NPKI_CHAIN_MAX = 4,	 /* CAs between the issuing one and the root */
	NPKI_PRI_MAX = 16384,	 /* bytes of a signPri.key we parse */
	NPKI_P12_MAX = 65536,	 /* bytes of a PKCS#12 file we parse */
	NPKI_PASSWORD_READ = 256 /* bytes of a password accepted for reading */
};

enum npki_oid {
	NPKI_OID_SEED_CBC_SHA1, /* 1.2.410.200004.1.15: PBES of signPri.key */
	NPKI_OID_SEED_CBC,	/* 1.2.410.200004.1.4 */
	NPKI_OID_IDENTIFY_DATA, /* 1.2.410.200004.10.1.1: in the SAN */
	NPKI_OID_VID,		/* ...10.1.1.1 */
	NPKI_OID_ENCRYPTED_VID, /* ...10.1.1.2: in a request */
	NPKI_OID_RANDOM_NUM,	/* ...10.1.1.3: R, beside the key */
	NPKI_OID_COUNT
};

/*
 * Load OpenSSL's default and legacy providers (SEED lives in the latter) into
 * the default library context and register the OIDs above.  Idempotent; call
 * once at start-up, before threads and before seccomp.  E_CRYPTO when a
 * provider is missing.
 */
MUST_USE struct err npki_init(void);
/* Unload them again.  Harmless when not initialised. */
void npki_free(void);

/* The NID; NID_undef (0) before npki_init. */
int npki_oid_nid(enum npki_oid oid);
/* "1.2.410.200004..."; never NULL. */
const char *npki_oid_text(enum npki_oid oid);
/* The whole DER encoding, tag 06 first; static storage. */
struct span npki_oid_der(enum npki_oid oid);

/* Twenty random bytes, for a new key.  E_CRYPTO. */
MUST_USE struct err npki_make_r(uint8_t r_secret[static NPKI_R]);

#endif
