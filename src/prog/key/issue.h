/*
 * key/issue.h - the job `issue`: a key pair becomes a certificate, and the CA
 * is told "accepted" only after the agent has it proven in the customer's
 * hands.
 *
 * All secrets of the job live in one struct in the secure heap.  The private
 * key is gone once the certificate is checked; the password and the number
 * when the decision is taken.
 */
#ifndef PROG_KEY_ISSUE_H
#define PROG_KEY_ISSUE_H

#include <openssl/cmp.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include "identity/password.h"
#include "npki/policy.h"
#include "npki/pri.h"
#include "enrol/carry.h"

enum {
	ISSUE_PASSWORD = 64,
	ISSUE_CREDENTIAL = 128,
	ISSUE_SPKI = 1024,
	ISSUE_PRI = 4096,
	ISSUE_P12 = 24 * 1024,
	ISSUE_SUBJECT = 2048,
	ISSUE_PHONES = 2
};

struct issue_secret {
	size_t password_n;
	uint8_t password[ISSUE_PASSWORD];
	size_t number_n;
	uint8_t number[NPKI_IDN_MAX];
	size_t authcode_n;
	uint8_t authcode[ISSUE_CREDENTIAL];
	struct npki_key key;
};

struct issue {
	struct port *port;
	struct issue_secret *secret; /* secure heap */
	struct cmp_peer peer;
	OSSL_CMP_CTX *ctx;
	struct carry carry;
	struct failure failure;
	int64_t deadline_ms;

	/* what was asked for */
	char refnum[ISSUE_CREDENTIAL];
	char policy[POLICY_OID];
	int64_t not_after;
	uint32_t ignore; /* profile findings */
	bool vid;	 /* the CA binds number and R */
	bool p12;
	bool phone; /* two more, for phones */
	bool resumed;
	size_t subject_n, ir_n, ip_n, spki_n, sign_pri_n, p12_n;
	uint8_t subject[ISSUE_SUBJECT];
	uint8_t ir[CMP_DER_MAX], ip[CMP_DER_MAX];

	/* what was made */
	uint8_t spki[ISSUE_SPKI];
	char spki_hex[2 * SHA256_DIGEST_LENGTH + 1];
	uint8_t sign_pri[ISSUE_PRI];
	uint8_t p12_der[ISSUE_P12];
	struct issue_phone {
		size_t n;
		uint8_t der[ISSUE_P12];
	} phones[ISSUE_PHONES]; /* compatible, strong */
	uint8_t r_sha256[SHA256_DIGEST_LENGTH];
	X509 *cert;

	bool proven;   /* from the delivered files */
	bool accepted; /* the agent's word */
	bool rejected;
};

/* One job in empty state; NULL when memory is short. */
struct issue *issue_new(struct port *port);
/* Wipes and frees everything; NULL is fine. */
void issue_free(struct issue *job);

/* `issue.prepare`: make the key pair and answer with its hash. */
MUST_USE struct err issue_prepare(struct issue *job, struct request *r);
/* `issue.start`: run the whole and answer at its end.  Blocks that long.
 * Consumes the request early, because it names the customer's number. */
MUST_USE struct err issue_start(struct issue *job, struct request *r);

/* --- shared by the files of this job --- */

/* SubjectPublicKeyInfo and its hash, from the key pair or, without one, from
 * the journalled ir. */
MUST_USE struct err issue_note_spki(struct issue *job);
/* Run the CMP transaction; the outcome is in `failure`, accepted, rejected. */
void issue_enrol(struct issue *job);
/* Tell the agent, then wait for proofs and the decision.  E_GONE, E_TIMEOUT,
 * E_REFUSED when the agent could not keep the certificate. */
MUST_USE struct err issue_await(struct issue *job);

#endif
