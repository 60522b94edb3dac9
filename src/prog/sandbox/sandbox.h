/*
 * sandbox/sandbox.h - the state all peers share.
 *
 * Everything lives in the folder DIR and in this struct; one lock guards both.
 * Functions that take a `struct sandbox` expect the lock to be held.
 */
#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H

#include <pthread.h>
#include <sys/types.h>

#include "authority.h"
#include "base/clock.h"
#include "fault.h"
#include "people.h"
#include "records.h"

enum {
	SANDBOX_PATH = 512,
	SANDBOX_URL = 64,
	SANDBOX_BODY_MAX = 64 * 1024,
	SANDBOX_CONFIRM_WAIT_S = 900
};

struct cmp_live;
struct terminal;

enum { REPLY_END = -1, REPLY_CUT = -2 };

struct sandbox {
	char dir[SANDBOX_PATH];
	char url[SANDBOX_URL]; /* "http://127.0.0.1:PORT" */
	int confirm_wait_s;
	struct clock clock;
	pthread_mutex_t lock;
	struct people people;
	struct authorities ca;
	struct records certs;	     /* by serial */
	struct records enrollments;  /* by refnum */
	struct records transactions; /* by transactionID */
	struct records registry;     /* by person */
	struct records payments;     /* by SaleID and ServiceID */
	struct records days;	     /* the terminal's: one, "day" */
	struct records approvals;    /* the VAN's, by merchant and trace */
	struct records messages;     /* text messages by key */
	struct records mails;	     /* by a hash of their Message-ID */
	json_t *day;		     /* borrowed from `days` */
	struct faults faults;
	struct cmp_live *live; /* open CMP transactions */
	struct terminal *terminal;
	struct printer *printer;
	char print_to[SANDBOX_URL]; /* "tcp:127.0.0.1:PORT" */
	bool van; /* peers.conf names the VAN, not the terminal */
	char tls_url[SANDBOX_URL];  /* "https://127.0.0.1:PORT" */
	char smtp_url[SANDBOX_URL]; /* "smtp://127.0.0.1:PORT" */
};

/*
 * What a peer answers.  `body` is malloc'ed; reply_free frees it.  With `more`
 * the body comes piece by piece instead: up to `max` bytes, REPLY_END, or
 * REPLY_CUT to close the connection there; it is called without the lock and
 * may block.
 */
struct reply {
	int status;	  /* HTTP */
	const char *type; /* a literal */
	uint8_t *body;
	size_t n;
	bool drop; /* close without answering */
	bool half; /* close in the middle of the body */
	int delay_ms;
	ssize_t (*more)(void *ctx, char *out, size_t max);
	void (*more_free)(void *ctx);
	void *more_ctx;
};

static inline int64_t
sandbox_now(const struct sandbox *sb)
{
	return sb->clock.wall_ms(sb->clock.ctx) / 1000;
}

/*
 * Open or make the state in sb->dir (dir, confirm_wait_s, people and clock are
 * set), and issue everybody's certificates on a first start.  sb->url must be
 * known: it stands in the certificates.  Blocks.
 */
MUST_USE struct err sandbox_open(struct sandbox *sb);
void sandbox_close(struct sandbox *sb);

/* DIR/peers.conf: lines for dasi.conf.  Blocks. */
MUST_USE struct err sandbox_write_conf(const struct sandbox *sb);

/*
 * Issue what the people file says each person already holds.  The private
 * keys are never known to anyone: that is what being lost means here.
 */
MUST_USE struct err seed_certificates(struct sandbox *sb);

/* Fill a reply with a copy of `body`. */
void reply_set(struct reply *r, int status, const char *type, struct span body);
/* Fill a reply with JSON; takes the reference. */
void reply_json(struct reply *r, int status, json_t *v);
void reply_free(struct reply *r);

#endif
