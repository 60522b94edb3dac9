/*
 * store/audit_case.c - the audit rows of a case's transaction: one for every
 * journal row, one for what is kept of the person, one for the arrow.  No
 * bytes and nothing personal, only their digest: the exact bytes are sealed in
 * the journal, the person for head office.
 */
#include <string.h>

#include "store/audit_rows.h"
#include "store/internal.h"

static const char *const row_kinds[ROW_COUNT] = {
	[ROW_INTENT] = "effect.intent",
	[ROW_RESULT] = "effect.result",
	[ROW_EVENT] = "effect.event",
};

static const struct span none = { NULL, 0 };

static struct err
append(struct store *s, const struct store_case *c,
    const struct store_change *ch, const char *kind,
    const struct row_field *fields, size_t n, struct span personal)
{
	struct audit_event event = {
		.actor = ch->actor != NULL ? ch->actor : "agent",
		.role = ch->role != NULL ? ch->role : "system",
		.case_no = c->case_no,
		.kind = kind,
		.fields = fields,
		.field_count = n,
		.personal = personal,
	};

	return audit_log_append(s->audit, NULL, &event);
}

static struct err
append_row(struct store *s, const struct store_case *c,
    const struct store_change *ch, const struct store_row *row)
{
	uint8_t digest[SEAL_DIGEST];
	struct row_field fields[4] = { row_text("effect", row->effect) };
	struct err e = err_none();
	size_t n = 1;

	if (row->key != NULL)
		fields[n++] = row_text("key", row->key);
	if (row->outcome != NULL)
		fields[n++] = row_text("outcome", row->outcome);
	if (row->bytes.n > 0) {
		e = seal_digest(digest, row->bytes);
		fields[n++] = row_bytes(
		    "bytes_sha256", span_make(digest, sizeof digest));
	}
	return err_is(e)
		   ? e
		   : append(s, c, ch, row_kinds[row->kind], fields, n, none);
}

struct err
audit_case_rows(struct store *s, const struct store_case *c,
    const struct store_change *ch, const char *fact)
{
	struct row_field fields[] = { row_text("event", fact),
		row_text("state", case_state_name(c->state)),
		row_int("version", c->version),
		row_bool("forgotten", ch->forget) };
	struct err e = err_none();

	if (s->audit == NULL)
		return ch->kept.n == 0
			   ? e
			   : err_make(E_STATE, 0, "store: no audit log");
	for (size_t i = 0; !err_is(e) && i < ch->row_count; i++)
		e = append_row(s, c, ch, &ch->rows[i]);
	if (!err_is(e) && ch->kept.n > 0)
		e = append(s, c, ch, "case.sealed", &fields[1], 1, ch->kept);
	if (err_is(e))
		return e;
	return append(
	    s, c, ch, "case", fields, sizeof fields / sizeof fields[0], none);
}

struct err
store_audit_finish(struct store *s)
{
	struct err e = err_none();

	if (s->audit == NULL)
		return e;
	e = store_begin(s);
	if (!err_is(e))
		e = store_end(s, audit_log_cut(s->audit));
	return err_is(e) ? e : store_audit_tick(s);
}
