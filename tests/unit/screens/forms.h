/*
 * forms.h - visits with a form that was filled in at home.
 */
#ifndef FORMS_H
#define FORMS_H

#include "flow/session.h"
#include "prefill/prefill.h"

/* An invented form, shown a minute before the visit's time. */
struct prefill forms_filled(const struct session *s);

/* The scanner types the code of `f` and Enter, 2 ms a key; then a pause. */
void forms_scan(struct session *s, const struct prefill *f);
/* It types `code`. */
void forms_type(struct session *s, const char *code, int64_t each_ms);

/* What golden states are set by. */
void forms_expected(struct session *s); /* a kiosk with a scanner */
void forms_welcome(struct session *s);
void forms_at_guide(struct session *s);
void forms_reading(struct session *s);
void forms_read(struct session *s);
void forms_read_partly(struct session *s);
void forms_stale(struct session *s);
void forms_damaged(struct session *s);
void forms_paused(struct session *s);
void forms_too_long(struct session *s);
void forms_strange(struct session *s);
void forms_identity(struct session *s);
void forms_loss(struct session *s);
void forms_apply(struct session *s);
void forms_stick(struct session *s);

#endif
