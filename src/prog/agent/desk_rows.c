/*
 * agent/desk_rows.c - what a clerk did, for the audit log and for the case.
 */
#include <string.h>

#include "prog/agent/desk.h"
#include "store/audit_rows.h"

/* Where to cut at most `max` bytes of UTF-8. */
static size_t
cut_at(const char *text, size_t max)
{
	size_t n = strlen(text);

	if (n <= max)
		return n;
	n = max;
	while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
		n--;
	return n;
}

size_t
desk_reason(struct row_field out[static 2], const char *reason)
{
	size_t n = cut_at(reason, ROW_VALUE);

	if (reason[0] == '\0')
		return 0;
	out[0] = row_text("reason", reason);
	out[0].data.n = n;
	if (reason[n] == '\0')
		return 1;
	out[1] = row_text("reason_more", reason + n);
	out[1].data.n = cut_at(reason + n, ROW_VALUE);
	return 2;
}

struct err
desk_note_deed(struct store *s, const struct store_case *c,
    const struct deed *d, const char *text, bool moves, bool kept)
{
	struct row_field fields[5] = { row_text("action", d->action) };
	struct audit_event event = { .actor = link_actor(d->by),
		.role = rpc_role_name(d->by->role),
		.case_no = c->case_no,
		.kind = "desk",
		.fields = fields,
		.field_count = 1 };
	static struct desk_entry entry;
	struct err e = err_none();

	if (d->detail != NULL)
		fields[event.field_count++] = row_text("detail", d->detail);
	if (d->proposed_by != NULL)
		fields[event.field_count++] = row_text(
		    "proposed_by", d->proposed_by);
	/* words to the customer and notes stay sealed with the case */
	if (text[0] == '\0')
		event.field_count += desk_reason(
		    &fields[event.field_count], d->reason);
	if (d->proposal != 0)
		e = desk_proposal_close(s, d->proposal);
	if (!err_is(e))
		e = store_audit_append(s, NULL, &event);
	entry = (struct desk_entry){ .moves = moves };
	str_copy(entry.staff, sizeof entry.staff, d->by->staff);
	str_copy(entry.key, sizeof entry.key, d->action);
	str_copy(entry.detail, sizeof entry.detail,
	    d->detail != NULL	     ? d->detail
	    : d->proposed_by != NULL ? d->proposed_by
				     : "");
	if (!str_copy(entry.text, sizeof entry.text, text))
		return err_make(E_LIMIT, 0, "desk: text");
	return err_is(e) ? e : desk_add(s, c, &entry, kept);
}
