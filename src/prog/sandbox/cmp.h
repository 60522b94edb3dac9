/*
 * sandbox/cmp.h - the CA's CMP service (RFC 9810 over RFC 6712).
 *
 * One OSSL_CMP_SRV_CTX per transactionID (OpenSSL's holds just one
 * transaction), and around it what OpenSSL leaves to the application: who may
 * ask for what, replay of lost answers, confirmWaitTime, failure bits.
 * Source: facts/cmp.md sections 1.2, 3 and 6.5.
 */
#ifndef SANDBOX_CMP_H
#define SANDBOX_CMP_H

#include <openssl/cmp.h>

#include "certs.h"
#include "sandbox.h"
#include "walk.h"

enum {
	CMP_TID_TEXT = 2 * WALK_ID_MAX + 1,
	CMP_WHO = 96,
	CMP_TIME_WINDOW_S = 86400
};

enum cmp_signer {
	SIGNER_NONE,
	SIGNER_REF,   /* PBM with an enrollment's code */
	SIGNER_RA,    /* the pinned RA certificate */
	SIGNER_HOLDER /* a valid certificate of ours */
};

/* One message on its way through the service. */
struct cmp_call {
	struct sandbox *sb;
	struct span in;
	struct walk w;
	struct fault fault;
	char tid[CMP_TID_TEXT]; /* hexadecimal */
	json_t *tx;		/* its record, or NULL */
	enum cmp_signer signer;
	bool authentic;	    /* the protection was verified */
	char who[CMP_WHO];  /* "ref:123456", "ra", "cert:1a2b" */
	json_t *enrollment; /* SIGNER_REF */
	json_t *holder;	    /* SIGNER_HOLDER: certificate record */
	X509 *signer_cert;  /* owned; not for SIGNER_REF */
	bool rebuilding;    /* the answer only restores a context */
	uint8_t *stored;    /* owned: the first message, decoded */
	size_t stored_n;
	int fail; /* PKIFailureInfo bit number, or -1 */
	const char *fail_text;
};

/* An open transaction. */
struct cmp_live {
	char tid[CMP_TID_TEXT];
	OSSL_CMP_SRV_CTX *srv;
	int64_t used_s;
	struct cmp_call *call; /* while a message is processed */
	struct cmp_live *next;
};

/* The kind of exchange, for faults; AT_NOTHING when it does not parse. */
enum fault_at cmp_kind(struct span in);

/* Answer one message; the reply is always filled. */
void cmp_answer(
    struct sandbox *sb, struct span in, struct fault fault, struct reply *out);

/* Drop contexts of transactions that rest; they are rebuilt when needed. */
void cmp_sweep(struct sandbox *sb);
/* Drop all. */
void cmp_close(struct sandbox *sb);

/* ---- between the files of the service ---- */

/* Note why the message is refused; always false. */
bool cmp_deny(struct cmp_call *c, int bit, const char *text);

/* Who protected the message, and is it so?  False after cmp_deny. */
bool cmp_authenticate(struct cmp_call *c, const OSSL_CMP_MSG *msg);

/* May this signer say this now?  False after cmp_deny. */
bool cmp_admit(struct cmp_call *c);
bool cmp_starts(int body); /* ir, cr, p10cr, kur, rr, genm */
bool cmp_asks_certificate(int body);

/*
 * An error message of our own with c->fail, protected as far as it can be: by
 * PBM once the sender was authenticated so, else signed by the CA.
 */
MUST_USE struct err cmp_error_message(
    const struct cmp_call *c, struct buf *out);

/* Transaction records: made on first use; answers kept by request hash. */
MUST_USE struct err cmp_tx_begin(struct cmp_call *c);
MUST_USE struct err cmp_tx_answered(struct cmp_call *c, struct span response);
/* Decode the first message into c->stored.  E_CORRUPT, E_NOMEM. */
MUST_USE struct err cmp_tx_first(struct cmp_call *c);
/* True when this very request was answered before; fills `out`. */
bool cmp_tx_replay(struct cmp_call *c, struct reply *out);

/* The callbacks of OSSL_CMP_SRV_CTX; its custom context is a cmp_live. */
OSSL_CMP_PKISI *cmp_on_cert_request(OSSL_CMP_SRV_CTX *srv,
    const OSSL_CMP_MSG *req, int id, const OSSL_CRMF_MSG *crm,
    const X509_REQ *p10cr, X509 **cert, STACK_OF(X509) * *chain,
    STACK_OF(X509) * *ca_pubs);
OSSL_CMP_PKISI *cmp_on_rr(OSSL_CMP_SRV_CTX *srv, const OSSL_CMP_MSG *req,
    const X509_NAME *issuer, const ASN1_INTEGER *serial);
int cmp_on_cert_conf(OSSL_CMP_SRV_CTX *srv, const OSSL_CMP_MSG *req, int id,
    const ASN1_OCTET_STRING *hash, const OSSL_CMP_PKISI *si);
int cmp_on_poll(OSSL_CMP_SRV_CTX *srv, const OSSL_CMP_MSG *req, int id,
    OSSL_CMP_MSG **first, int64_t *check_after);
/* An answered certConf that named no certificate, or an error message. */
void cmp_give_up(struct cmp_call *c, const char *by);

#endif
