/*
 * flow/suggest.h - what a form filled in at home suggests.
 *
 * Its values stand in the session's fields, each with a mark in
 * session.suggested.  A marked one counts for nothing: a screen goes on only
 * when the customer has confirmed each of its own (Enter on it), chosen
 * another or emptied it.
 */
#ifndef FLOW_SUGGEST_H
#define FLOW_SUGGEST_H

#include <stdbool.h>

#include "flow/session.h"
#include "prefill/prefill.h"

/*
 * Take what `f` says.  An older suggestion that nobody confirmed is forgotten
 * first; what the customer typed or confirmed stays.  False when a value is
 * not one its field takes: that one is left out, the others are there.
 */
bool suggest_take(struct session *s, const struct prefill *f);

/* Whether what stands in `item` is only suggested. */
bool suggest_is(const struct session *s, const struct form_item *item);
/* Whether any item of the screen's form is. */
bool suggest_left(const struct session *s);

/* The customer says yes to it. */
void suggest_confirm(struct session *s, const struct form_item *item);
/*
 * The customer edited `item`: a choice made, a tick set or a text emptied is
 * the customer's own; a text that was only changed still wants its Enter.
 */
void suggest_edited(struct session *s, const struct form_item *item);

#endif
