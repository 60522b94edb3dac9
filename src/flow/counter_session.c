/*
 * flow/counter_session.c - the empty session, and what is forgotten when.
 */
#include "flow/counter_session.h"

#include <string.h>

#include "base/secret.h"
#include "base/span.h"

enum { REASON_CHARS = 100, REASON_COLS = 52 };

static const struct field_spec reason_spec = {
	.kind = FIELD_TEXT, .max_chars = REASON_CHARS, .cols = REASON_COLS
};
static const struct field_spec date_spec = { .kind = FIELD_DATE,
	.pattern = "####-##-##" };

static void
init_desk(struct desk *d)
{
	field_init(&d->reason, reason_spec);
	field_init(&d->sentence, reason_spec);
	field_init(&d->receipt_no,
	    (struct field_spec){
		.kind = FIELD_ALNUM, .max_chars = 20, .cols = 20 });
	field_init(
	    &d->won, (struct field_spec){
			 .kind = FIELD_DIGITS, .max_chars = 7, .cols = 10 });
	for (int i = 0; i < DESK_DOCS_MAX; i++)
		field_init(&d->doc_issued[i], date_spec);
	d->applicant_at = -1;
	d->agree = -1;
	d->waiver = d->channel = d->kind = d->unmask = d->charged = -1;
}

static void
init_fields(struct counter_session *s)
{
	field_init(
	    &s->find, (struct field_spec){
			  .kind = FIELD_TEXT, .max_chars = 30, .cols = 30 });
	field_init(
	    &s->jump, (struct field_spec){
			  .kind = FIELD_DIGITS, .max_chars = 4, .cols = 4 });
	field_init(&s->date, date_spec);
	field_init(
	    &s->seq, (struct field_spec){
			 .kind = FIELD_DIGITS, .max_chars = 10, .cols = 10 });
	init_desk(&s->desk);
}

void
counter_init(struct counter_session *s, struct branch *branch, struct ime *ime)
{
	*s = (struct counter_session){ .branch = branch, .ime = ime };
	counter_wipe(s);
}

void
counter_forget(struct counter_session *s)
{
	secret_wipe(&s->desk, sizeof s->desk);
	secret_wipe(s->want, sizeof s->want);
	init_desk(&s->desk);
	s->error[0] = s->error_detail[0] = '\0';
	if (s->ime != NULL)
		ime_reset(s->ime);
}

void
counter_wipe(struct counter_session *s)
{
	struct counter_session kept = { .branch = s->branch,
		.ime = s->ime,
		.screen = s->screen,
		.now_ms = s->now_ms,
		.now_unix = s->now_unix,
		.entered_ms = s->now_ms,
		.touched_ms = s->now_ms,
		.lock_s = s->lock_s,
		.alone = s->alone,
		.role = s->role,
		.refused = s->refused };

	(void)str_copy(kept.staff, sizeof kept.staff, s->staff);
	secret_wipe(s, sizeof *s);
	*s = kept;
	init_fields(s);
	if (s->ime != NULL)
		ime_reset(s->ime);
}

void
counter_begin_act(struct counter_session *s, const char *word)
{
	struct desk *d = &s->desk;

	field_wipe(&d->reason);
	field_wipe(&d->sentence);
	field_wipe(&d->receipt_no);
	field_wipe(&d->won);
	d->waiver = d->channel = d->kind = d->charged = -1;
	d->sure = false;
	(void)str_copy(d->act, sizeof d->act, word);
	d->act_version = d->version;
}

bool
counter_hide(struct counter_session *s)
{
	struct desk *d = &s->desk;

	if (d->shown_field[0] == '\0' || s->now_ms < d->shown_until_ms)
		return false;
	secret_wipe(d->shown_field, sizeof d->shown_field);
	secret_wipe(d->shown_value, sizeof d->shown_value);
	return true;
}

void
counter_reselect(struct counter_session *s)
{
	int last = s->queue.count > 0 ? s->queue.count - 1 : 0;

	for (int i = 0; i < s->queue.count; i++) {
		if (strcmp(s->queue.items[i].case_no, s->selected_no) == 0) {
			s->selected = i;
			return;
		}
	}
	if (s->selected > last)
		s->selected = last;
	s->selected_no[0] = '\0';
	if (s->queue.count > 0)
		(void)str_copy(s->selected_no, sizeof s->selected_no,
		    s->queue.items[s->selected].case_no);
}
