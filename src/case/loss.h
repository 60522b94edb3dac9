/*
 * case/loss.h - what the customer says happened to the certificate.
 */
#ifndef CASE_LOSS_H
#define CASE_LOSS_H

#include <stdbool.h>

#include "base/err.h"

enum case_loss {
	CASE_LOSS_NONE, /* nothing: file and password are there */
	CASE_LOSS_LOST, /* stick, phone or computer gone */
	CASE_LOSS_STOLEN,
	CASE_LOSS_LEAKED,    /* somebody may have a copy or the password */
	CASE_LOSS_BROKEN,    /* device or file broken or deleted */
	CASE_LOSS_FORGOTTEN, /* the password */
	CASE_LOSS_FOUND,     /* was reported lost, is here again */
	CASE_LOSS_COUNT
};

/* "lost", "stolen", ... as in the messages; "unknown" outside the enum. */
const char *case_loss_name(enum case_loss loss);
/* E_NOTFOUND. */
MUST_USE struct err case_loss_from_name(enum case_loss *out, const char *name);
/* "loss.lost" ... */
const char *case_loss_key(enum case_loss loss);

/* Whether somebody else may have the file: lost, stolen or leaked. */
bool case_loss_exposed(enum case_loss loss);

#endif
