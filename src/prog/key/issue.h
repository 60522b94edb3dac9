/*
 * key/issue.h - the job `issue`: a key pair made here, and the files it is
 * delivered in.  The transaction is that of enrol/enrol.h.
 */
#ifndef PROG_KEY_ISSUE_H
#define PROG_KEY_ISSUE_H

#include "enrol/enrol.h"
#include "identity/password.h"

enum { ISSUE_P12 = 24 * 1024, ISSUE_PHONES = 2 };

struct issue {
	struct enrol enrol; /* the first: see issue_of */
	bool p12;
	bool phone; /* two more, for phones */
	size_t p12_n;
	uint8_t p12_der[ISSUE_P12];
	struct issue_phone {
		size_t n;
		uint8_t der[ISSUE_P12];
	} phones[ISSUE_PHONES]; /* compatible, strong */
};

/* The job around its transaction. */
static inline struct issue *
issue_of(struct enrol *e)
{
	return (struct issue *)e;
}

/* One job in empty state; NULL when memory is short. */
struct issue *issue_new(struct port *port);
/* Wipes and frees everything; NULL is fine. */
void issue_free(struct issue *job);

/* `issue.prepare`: make the key pair and answer with its hash. */
MUST_USE struct err issue_prepare(struct issue *job, struct request *r);
/* `issue.start`: run the whole and answer at its end.  Blocks that long.
 * Consumes the request early, because it names the customer's number. */
MUST_USE struct err issue_start(struct issue *job, struct request *r);

/* ---- prove.c ---- */
extern const struct enrol_keeper issue_keeper;

#endif
