/*
 * agent/queue_find.h - a case by receipt number, name or phone.
 */
#ifndef PROG_AGENT_QUEUE_FIND_H
#define PROG_AGENT_QUEUE_FIND_H

#include "case/number.h"
#include "prog/agent/desk.h"

/* What a clerk typed, understood; all "": everything. */
struct queue_wanted {
	char case_no[NUMBER_TEXT];	/* or "" */
	char digits_secret[STORE_TEXT]; /* of a phone number, or "" */
	const char *name_secret;	/* or "" */
};

/* The name is borrowed from `find`; the caller wipes *w. */
void queue_understand(struct queue_wanted *w, const char *find);
/* *opened counts the records opened for it; beyond a bound none fits. */
bool queue_fits(struct agent *a, const struct queue_row *r,
    const struct queue_wanted *w, int *opened);
/* Enough of the case to open its records. */
struct store_case queue_case(const struct queue_row *r);

#endif
