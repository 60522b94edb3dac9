/*
 * pays.h - a payment to ask the drivers of card terminals for.
 */
#ifndef PAYS_H
#define PAYS_H

#include "peer/pay.h"

/* 1,100 won for service 0000000017, order R20260101-000017. */
extern const struct pay_ask pays_sale;

/* The request, or the name of the error; valid until the next. */
const char *pays_request(
    const char *driver, enum pay_call call, const struct pay_ask *a);
struct err pays_read(const char *driver, struct pay_answer *out,
    enum pay_call call, const struct pay_ask *a, const char *answer);

#endif
