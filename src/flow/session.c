/*
 * flow/session.c - the empty visit and its end.
 */
#include "flow/session.h"

#include "base/secret.h"

static void
init_fields(struct session *s)
{
	field_init(
	    &s->name, (struct field_spec){
			  .kind = FIELD_TEXT, .max_chars = 40, .cols = 20 });
	field_init(&s->number, (struct field_spec){ .kind = FIELD_DIGITS,
				   .pattern = "######-#######",
				   .open_chars = 7 });
	field_init(&s->id_number,
	    (struct field_spec){
		.kind = FIELD_TEXT, .max_chars = 20, .cols = 20 });
	field_init(&s->issue_date,
	    (struct field_spec){ .kind = FIELD_DATE, .pattern = "####-##-##" });
	field_init(&s->factor_answer,
	    (struct field_spec){
		.kind = FIELD_TEXT, .max_chars = 40, .cols = 24 });
	field_init(&s->factor_account,
	    (struct field_spec){ .kind = FIELD_DIGITS, .max_chars = 16 });
	field_init(&s->loss_when,
	    (struct field_spec){
		.kind = FIELD_TEXT, .max_chars = 30, .cols = 30 });
	field_init(&s->loss_place,
	    (struct field_spec){
		.kind = FIELD_TEXT, .max_chars = 40, .cols = 30 });
	field_init(&s->loss_detail,
	    (struct field_spec){
		.kind = FIELD_TEXT, .max_chars = 60, .cols = 40 });
	field_init(&s->phone, (struct field_spec){ .kind = FIELD_DIGITS,
				  .pattern = "###-####-####" });
	field_init(
	    &s->email, (struct field_spec){
			   .kind = FIELD_EMAIL, .max_chars = 60, .cols = 30 });
	field_init(&s->email_again,
	    (struct field_spec){
		.kind = FIELD_EMAIL, .max_chars = 60, .cols = 30 });
	field_init(&s->digits,
	    (struct field_spec){ .kind = FIELD_DIGITS, .max_chars = 6 });
	field_init(&s->case_no, (struct field_spec){ .kind = FIELD_DIGITS,
				    .pattern = "R-########-####" });
	field_init_secret(&s->password,
	    (struct field_spec){
		.kind = FIELD_SECRET, .max_chars = 64, .cols = 24 },
	    s->password_secret);
	field_init_secret(&s->again,
	    (struct field_spec){
		.kind = FIELD_SECRET, .max_chars = 64, .cols = 24 },
	    s->again_secret);
	field_init_secret(&s->old_password,
	    (struct field_spec){
		.kind = FIELD_SECRET, .max_chars = 64, .cols = 24 },
	    s->old_secret);
}

void
session_init(struct session *s, const struct branch *branch, struct ime *ime)
{
	*s = (struct session){ .branch = branch, .ime = ime };
	session_wipe(s);
}

void
session_wipe(struct session *s)
{
	struct session kept = { .branch = s->branch,
		.ime = s->ime,
		.now_ms = s->now_ms,
		.now_unix = s->now_unix,
		.entered_ms = s->now_ms,
		.touched_ms = s->now_ms,
		.idle_left_ms = s->idle_left_ms,
		.scanner = s->scanner,
		.media = s->media,
		.media_free_kb = s->media_free_kb };

	secret_wipe(s, sizeof *s);
	*s = kept;
	s->misuse = -1;
	s->loss = -1;
	s->medium = -1;
	s->kase.ahead = -1;
	s->error_left = -1;
	init_fields(s);
	if (s->ime != NULL)
		ime_reset(s->ime);
}
