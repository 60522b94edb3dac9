/*
 * fees.h - a branch at a real terminal or VAN, and fees paid there.
 */
#ifndef UNIT_NET_FEES_H
#define UNIT_NET_FEES_H

#include "practice.h"

enum { FEE = 1100 };

extern struct practice fee;

void fee_close(void);
/* POST `text` to the sandbox's control, which takes it. */
void fee_tell(const char *path, const char *text);
/* An id that none has had. */
void fee_id(char out[static 11]);

/* What pay.start is asked; one order for each payment. */
json_t *fee_sale(const char *id, int timeout_ms);
json_t *fee_start(const char *id);
json_t *fee_status(const char *of, const char *what);
json_t *fee_reverse(const char *id, const char *of, const json_t *payment);

/* A member of the result ("approved" and so on), or the error's code. */
const char *fee_said(const json_t *a, const char *key);
/* What pay.status tells of a payment. */
void fee_found(const char *of, const char *found, const char *result);
/* What the terminal or the VAN has taken for the order of this payment. */
void fee_charged(const char *id, int won);

#endif
