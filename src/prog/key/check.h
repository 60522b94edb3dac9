/*
 * key/check.h - the jobs `check` and `passwd`: does a pair from a stick work,
 * and the same key under another password.  Both consume the request.
 */
#ifndef PROG_KEY_CHECK_H
#define PROG_KEY_CHECK_H

#include "enrol/port.h"

/* `check.start` -> {opens, pair, signature, vid: bool or null}. */
MUST_USE struct err check_start(struct port *port, struct request *r);

/* `passwd.start` -> {sign_pri}: same form (an old one becomes the classic),
 * same R, other password; it was opened again before it is answered. */
MUST_USE struct err passwd_start(struct port *port, struct request *r);

#endif
