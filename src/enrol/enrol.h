/*
 * enrol/enrol.h - a public key becomes a certificate, and the CA is told
 * "accepted" only after the agent has it proven in the customer's hands.
 *
 * The CMP transaction of the job `issue`, the same for a key in this process
 * (dasi-key) and a key on a token (dasi-token).  All secrets of the job live
 * in one struct in the secure heap.  The key's handle is gone once the
 * certificate is checked; password or PIN, and the number, when the decision
 * is taken.
 */
#ifndef ENROL_ENROL_H
#define ENROL_ENROL_H

#include <openssl/cmp.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include "enrol/carry.h"
#include "npki/policy.h"
#include "npki/pri.h"

enum {
	ENROL_PASSWORD = 64,
	ENROL_CREDENTIAL = 128,
	ENROL_SPKI = 1024,
	ENROL_PRI = 4096,
	ENROL_SUBJECT = 2048
};

struct enrol_secret {
	size_t password_n;
	uint8_t password[ENROL_PASSWORD]; /* of the file, or a token's PIN */
	size_t number_n;
	uint8_t number[NPKI_IDN_MAX];
	size_t authcode_n;
	uint8_t authcode[ENROL_CREDENTIAL];
	struct npki_key key;
};

struct enrol;

/* What differs by where the private key is. */
struct enrol_keeper {
	/* The certificate is the one asked for: last use of `secret->key`,
	 * which is dropped afterwards.  NULL: nothing to do. */
	struct err (*checked)(struct enrol *job, X509 *cert);
	/* More members of issue.issued.  NULL: none. */
	void (*describe)(const struct enrol *job, json_t *issued);
	/* issue.prove: an error of its own, or a failure with its own word. */
	struct err (*prove)(
	    struct enrol *job, const json_t *params, struct failure *f);
};

struct enrol {
	struct port *port;
	const struct enrol_keeper *keeper;
	struct enrol_secret *secret; /* secure heap */
	struct cmp_peer peer;
	OSSL_CMP_CTX *ctx;
	struct carry carry;
	struct failure failure;
	int64_t deadline_ms;

	/* what was asked for */
	char refnum[ENROL_CREDENTIAL];
	char policy[POLICY_OID];
	int64_t not_after;
	uint32_t ignore; /* profile findings */
	bool vid;	 /* the CA binds number and R */
	bool resumed;
	size_t subject_n, ir_n, ip_n, spki_n, sign_pri_n;
	uint8_t subject[ENROL_SUBJECT];
	uint8_t ir[CMP_DER_MAX], ip[CMP_DER_MAX];

	/* what was made */
	uint8_t spki[ENROL_SPKI];
	char spki_hex[2 * SHA256_DIGEST_LENGTH + 1];
	uint8_t sign_pri[ENROL_PRI]; /* what makes the ir durable */
	uint8_t r_sha256[SHA256_DIGEST_LENGTH];
	X509 *cert;

	bool announced; /* the agent keeps the certificate */
	bool proven;	/* where it was delivered */
	bool accepted;	/* the agent's word */
	bool rejected;
};

/* Begin with a zeroed struct; enrol_close it also after an error.  E_NOMEM. */
MUST_USE struct err enrol_open(
    struct enrol *job, struct port *port, const struct enrol_keeper *keeper);
/* Wipe and free everything. */
void enrol_close(struct enrol *job);

/*
 * Read the members of a start request, not its secret.  E_ARG, E_LIMIT,
 * E_FORMAT.
 */
MUST_USE struct err enrol_take(struct enrol *job, const json_t *params);
/* The password or PIN out of its pipe; a job taken up again may come without
 * one (fd -1): then it can only decide.  E_ARG when it is empty. */
MUST_USE struct err enrol_take_secret(struct enrol *job, int fd);

/*
 * SubjectPublicKeyInfo, its hash and that of R, from `secret->key`; without a
 * key from the journalled ir.  E_CRYPTO, E_FORMAT, E_LIMIT.
 */
MUST_USE struct err enrol_note_key(struct enrol *job);

/* Run the CMP transaction; the outcome is in failure, accepted, rejected,
 * announced.  Blocks until the agent has decided or deadline_ms has passed. */
void enrol_run(struct enrol *job);

/* Wipe what is secret, then answer request `id` with what came of it. */
MUST_USE struct err enrol_answer(struct enrol *job, json_int_t id);

/* ---- between the files here ---- */

/* Tell the agent, then wait for proofs and the decision.  E_GONE, E_TIMEOUT,
 * E_REFUSED when the agent could not keep the certificate. */
MUST_USE struct err enrol_await(struct enrol *job);

#endif
