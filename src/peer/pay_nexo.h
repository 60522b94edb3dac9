/*
 * peer/pay_nexo.h - the two halves of the nexo driver.
 */
#ifndef PEER_PAY_NEXO_H
#define PEER_PAY_NEXO_H

#include "peer/pay.h"

/* "Payment" and so on; NULL for a call nexo does not have. */
extern const char *const nexo_categories[PAY_CALL_COUNT];

/* See struct pay_driver. */
MUST_USE struct err nexo_read(struct pay_answer *out, enum pay_call call,
    const struct pay_ask *ask, struct span object);

#endif
