/*
 * agent/agent.h - the branch's truth: connections, visits, cases at work.
 *
 * The core neither waits nor reads a clock by itself: the loop (sd-event in
 * loop.c, poll in the tests) calls the functions at the end, and the ports
 * reach the world.  Everything lives in one struct of fixed size; what refers
 * to a slot that may be given away meanwhile is a struct ref.
 */
#ifndef PROG_AGENT_AGENT_H
#define PROG_AGENT_AGENT_H

#include <jansson.h>
#include <sys/types.h>

#include "audit/verify.h"
#include "base/clock.h"
#include "base/text.h"
#include "case/loss.h"
#include "case/router.h"
#include "conf/conf.h"
#include "handoff/session.h"
#include "npki/npki.h"
#include "rpc/roles.h"
#include "store/store.h"

enum {
	LINKS_MAX = 32,	  /* terminals and peers */
	WORKERS_MAX = 16, /* dasi-key children */
	CALLS_MAX = 128,
	LIVES_MAX = 32, /* cases at work */
	VISIT_CERTS = 16,
	GUESS_MAX = 64, /* numbers whose checks failed today */
	MALFORMED_MAX = 3,
	WORD = STORE_TEXT,
	NAME_SECRET = 256,
	NUMBER_SECRET = 16
};

struct agent;
struct live;

/* A slot and the generation it must still have. */
struct ref {
	int slot; /* -1: none */
	uint32_t gen;
};

#define NO_REF ((struct ref){ -1, 0 })

/* ---- a customer's visit, wiped as a whole ---- */
struct visit_cert {
	char serial[WORD];
	char issuer[STORE_NAME];
	char issuer_o[WORD], policy[WORD], bank[WORD];
	int64_t not_after;
	enum cert_status status;
	struct route_advice advice;
	size_t der_n;
	uint8_t der[NPKI_CERT_MAX / 4];
};

struct visit {
	enum rpc_standing standing; /* below STANDING_VISIT: no visit */
	char purpose[WORD];
	json_t *consents;
	int64_t turn; /* of this identity; late answers have another */
	/* the person, from identity.verify on */
	char name_secret[NAME_SECRET];
	char number_secret[NUMBER_SECRET];
	char person[WORD]; /* the registry's word for them */
	uint8_t tag[SEAL_DIGEST];
	bool minor, phone_changed;
	bool english; /* the screens' language, for what is printed */
	int failures; /* of identity checks */
	size_t cert_count;
	struct visit_cert certs[VISIT_CERTS];
	json_t *pairs;	 /* on the stick, from media.list */
	struct ref live; /* the case of this visit */
};

/* ---- connections ---- */
struct link {
	int fd; /* -1: free */
	uint32_t gen;
	enum rpc_role role;
	unsigned allowed; /* bits 1 << role, from the kernel */
	int malformed;
	int64_t hello_by_ms; /* while role is ROLE_NONE */
	char terminal[WORD];
	char screen[WORD]; /* of a kiosk: where it stands, "" not told */
	/* of a counter, supervisor or auditor: who sits there */
	char staff[WORD];
	int64_t uid;	 /* -1: only the name tells people apart (practice) */
	int64_t desk;	 /* id of the case this person has; 0: none */
	int64_t shown;	 /* id of the case looked at last */
	pid_t pid;	 /* of a worker */
	void *watch;	 /* the loop's own */
	struct ref live; /* the case a worker works for */
	struct visit visit;
};

/* ---- requests we sent ---- */
struct reply {
	const json_t *result; /* NULL when failed */
	const char *error;    /* NULL when it went well */
	const json_t *detail; /* the error object, or NULL */
	int *fd; /* that came with it; NULL or -1: none.  Taken by setting -1 */
};

/* What a continuation needs to know; plain values only. */
struct context {
	struct ref link;    /* who asked us, */
	json_int_t request; /* and its id */
	struct ref live;    /* the case it is about */
	int64_t n;
	char word[WORD];
};

typedef void call_done(
    struct agent *a, const struct context *ctx, const struct reply *r);

struct call {
	json_int_t id; /* 0: free */
	struct ref to;
	int64_t deadline_ms;
	call_done *done;
	struct context ctx;
	bool lost; /* never left; fails at the next tick */
};

/* ---- cases at work ---- */
enum stage {
	STAGE_NONE,
	STAGE_KEY,
	STAGE_REQUEST,
	STAGE_CHECK,
	STAGE_WRITE,
	STAGE_PROVE,
	STAGE_CONFIRM,
	STAGE_REVOKE,
	STAGE_COUNT
};

/* A rr job: hold or final revocation, tried again until the CA has answered. */
struct rr_work {
	struct ref key; /* the worker; none while waiting */
	int tries;
	int64_t next_ms;
	bool waits; /* next_ms counts */
};

/* One attempt to issue. */
struct issue_work {
	struct ref key;
	bool ready;	     /* the key pair exists */
	bool wanted;	     /* enrolled: start when ready */
	bool started;	     /* issue.start sent */
	bool waits;	     /* the worker awaits prove / confirm */
	bool leaving;	     /* the customer cancelled */
	bool rejected;	     /* the CA acknowledged a rejection */
	bool writing;	     /* a media.write is under way */
	json_int_t turn;     /* of the enrolment; late answers have another */
	int password_fd;     /* -1: none */
	int64_t deadline_ms; /* of the whole transaction; 0: none */
	char refnum_secret[WORD], authcode_secret[WORD];
};

/* How the certificate reaches its holder; appended to only: it is stored. */
enum way_id { WAY_STICK, WAY_PHONE, WAY_TOKEN, WAY_COUNT };

struct delivery {
	uint8_t chosen, proven, failed; /* bits 1 << way */
	int token;			/* of WAY_TOKEN: which */
	struct handoff phone;
	bool phone_sent; /* the files may have left: an intent is open */
};

/* One exchange with the CA on behalf of a worker. */
struct transfer {
	bool busy;
	struct ref key;
	json_int_t request; /* the worker's, unanswered */
	char effect[WORD];  /* "cmp.ir" */
	char idem[WORD];
	json_t *params; /* of cmp.send, for another try */
	int tries;
	bool waits;
	int64_t next_ms;
};

/* The status of both certificates, asked at the end. */
struct ocsp_work {
	int tries, open;
	bool waits;
	int64_t next_ms;
};

struct live {
	bool used;
	uint32_t gen;
	struct store_case c;
	struct ref owner; /* the terminal whose visit it is */
	struct ref clerk; /* who takes the step that is being taken */
	enum stage stage;
	struct rr_work rr;
	struct issue_work issue;
	struct delivery delivery;
	struct transfer rr_transfer, issue_transfer;
	struct ocsp_work ocsp;
	int64_t settle_ms; /* DELIVERED without a worker */
	bool settle_asks;  /* the last try asked for the status */
};

/* ---- the issuer we serve, read once ---- */
struct issuer {
	const struct conf_issuer *conf;
	uint8_t ca[NPKI_CERT_MAX];
	size_t ca_n;
	json_t *params;	 /* "issuer" of issue.start, rr.start */
	json_t *ra_cert; /* base64 */
	char ca_subject[STORE_NAME];
};

/* ---- what is kept, for whom, and when the next look is ---- */
struct retain {
	uint8_t cert[NPKI_CERT_MAX]; /* head office's */
	size_t cert_n;		     /* 0: nothing of a person is kept */
	int64_t next_ms;
	int64_t mono_s, wall_s; /* at the start */
};

/* ---- the whole ---- */
struct ports {
	struct clock clock;
	/* Tell agent_readable() about input on link->fd; E_SYS, E_NOMEM. */
	struct err (*watch)(void *ctx, struct link *link);
	/* Forget about it; the fd is closed afterwards. */
	void (*unwatch)(void *ctx, struct link *link);
	/* Start dasi-key; *sock is our end, non-blocking. */
	struct err (*spawn)(void *ctx, int *sock, pid_t *pid);
	void *ctx;
};

struct health {
	bool ca, registry, media;
};

/* A form on its way through dasi-print (print.c). */
enum { PRINT_JOBS = 8 };

struct print_job {
	json_t *document; /* NULL: free */
	bool paper;
	char sha256[HEX_TEXT(SEAL_DIGEST)]; /* recorded; "" before */
	char actor[WORD], case_no[WORD];
	enum rpc_role role;
	call_done *done;
	struct context ctx;
};

/* ---- the counter ---- */
enum { STAFF_CALLS = 32 };

/* Somebody at a kiosk wants somebody. */
struct staff_call {
	int64_t call; /* its number; 0: free */
	struct ref kiosk;
	char terminal[WORD], screen[WORD];
	int64_t at;	  /* Unix seconds */
	int64_t until_ms; /* gone by itself then */
};

struct counter {
	struct staff_call calls[STAFF_CALLS];
	int64_t last_call;
	bool changed;	   /* the queue, since it was told at */
	int64_t told_ms;   /* last */
	int64_t due_ms;	   /* next look for late cases */
	int64_t expire_ms; /* and for those nobody comes for */
	int64_t guide_ms;  /* and for guides that were used */
	/* as the kiosks were told */
	int64_t told_waiting;
	bool told_open;
	bool sending;	 /* a message to a customer is under way */
	int64_t send_ms; /* next look for messages */
	int send_tries;
};

struct guess {
	uint8_t tag[SEAL_DIGEST];
	int failures;
	int64_t until_ms;
};

struct pay_works;

struct agent {
	const struct conf *conf;
	struct ports ports;
	struct store *store;
	struct pay_works *pays; /* pay_work.c */
	struct issuer issuer;
	struct retain retain;
	struct link links[LINKS_MAX + WORKERS_MAX];
	struct call calls[CALLS_MAX];
	struct live lives[LIVES_MAX];
	struct guess guesses[GUESS_MAX];
	struct counter counter;
	json_int_t next_id;
	int64_t probe_ms; /* the next health.probe */
	int64_t scan_ms;  /* the next look for cases at rest */
	struct health health;
	json_t *media_state; /* params of the last media.changed */
	int days[CONF_HOLIDAYS];
	bool stopping;
	/* head office, by what dasi-ship says */
	struct {
		uint64_t size;	     /* rows it holds */
		int64_t at;	     /* Unix seconds, 0: never heard */
		const char *trouble; /* NULL, or how its history differs */
	} office;
	struct {
		const char *state; /* of the slip printer; NULL: none */
		struct print_job jobs[PRINT_JOBS];
	} print;
	struct {
		struct audit_walk *walk; /* NULL: between two looks */
		int64_t next_ms;
		enum { HISTORY_CHECKING, HISTORY_GOOD, HISTORY_BAD } state;
		uint64_t read; /* rows this look, or the last, has gone by */
		uint64_t bad;  /* the first row that does not hold */
		const char *found; /* NULL, or a word for what is wrong */
	} history;
	char handoff_base[WORD]; /* what phones open; "": nobody serves them */
	int64_t stranger_ms;	 /* the next one turned away is audited then */
	bool audit_failed;	 /* the log would contradict itself: end */
};

/*
 * Open the store (see store_open) and read the certificates of the issuer and
 * of head office (E_CONFIG, E_UNSUPPORTED).  *out is the caller's; npki_init()
 * has been called.
 */
MUST_USE struct err agent_new(struct agent **out, const struct conf *conf,
    const uint8_t device_key[static SEAL_KEY], const struct ports *ports);
/* Drop all connections, close the store, wipe everything.  NULL is fine. */
void agent_free(struct agent *a);

/*
 * Take a connected socket (ours from here on) whose peer may have the roles
 * in `allowed`.  E_FULL when the table is full; the socket is closed then.
 */
MUST_USE struct err agent_accept(struct agent *a, int fd, unsigned allowed);
/* Read and serve what waits on the link; may drop it. */
void agent_readable(struct agent *a, struct link *link);
/* Run what is due. */
void agent_tick(struct agent *a);
/* When agent_tick() should run next (ports.clock's mono). */
int64_t agent_deadline(const struct agent *a);

#endif
