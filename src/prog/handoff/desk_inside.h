/*
 * handoff/desk_inside.h - between desk.c and desk_phone.c only.
 */
#ifndef PROG_HANDOFF_DESK_INSIDE_H
#define PROG_HANDOFF_DESK_INSIDE_H

#include "prog/handoff/desk.h"

struct desk_row *desk_find(struct desk *d, const char *id); /* or NULL */
bool desk_is_over(const struct desk_row *r);

/* The owner's question about `r` that is not answered yet, or NULL. */
struct desk_ask *desk_asked(struct desk *d, const struct desk_row *r, bool ack);
/* Takes `params`.  What was asked already is waited for. */
bool desk_ask(struct desk *d, struct desk_row *r, bool ack, json_t *params);

#endif
