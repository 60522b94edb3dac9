/*
 * agent/desk.c - a case on a clerk's desk: taken, left, seen, unmasked.
 *
 * One person has a case at a time; the customer's kiosk may have it as well.
 * Nothing here is durable but the rows of the log: who has what ends with the
 * connection.
 */
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "case/number.h"
#include "prog/agent/desk.h"
#include "store/audit_rows.h"

enum { SHOW_S = 30, REASON_MIN = 2, REASON_MAX = 100 };

struct link *
desk_owner(struct agent *a, int64_t case_id)
{
	for (int i = 0; i < LINKS_MAX; i++) {
		struct link *l = &a->links[i];
		if (l->fd >= 0 && case_id != 0 && l->desk == case_id)
			return l;
	}
	return NULL;
}

void
desk_case_changed(struct agent *a, const struct store_case *c)
{
	queue_touch(a);
	for (int i = 0; i < LINKS_MAX; i++) {
		struct link *l = &a->links[i];
		if (l->fd < 0 || !staff_is(l->role) ||
		    (l->desk != c->id && l->shown != c->id))
			continue;
		link_event(a, l, "desk.changed",
		    json_pack("{s:s,s:I}", "case_no", c->case_no, "version",
			(json_int_t)c->version));
	}
}

bool
desk_typed(const char *text, size_t min, size_t max)
{
	size_t at = 0, n = strlen(text), count = 0;
	uint32_t c;

	for (; at < n; count++) {
		size_t step = utf8_decode(&c, text + at, n - at);
		if (step == 0 || utf8_is_control(c))
			return false;
		at += step;
	}
	return count >= min && count <= max;
}

void
desk_refuse(
    struct agent *a, const struct ask *q, const char *code, json_t *extra)
{
	refuse_with(a, link_ref(a, q->link), q->id, code, extra);
	json_decref(extra);
}

const char *
desk_load(
    struct agent *a, struct live **l, struct live *shown, const char *case_no)
{
	struct number number;
	struct store_case c;
	char no[NUMBER_TEXT];

	if (err_is(number_parse(&number, case_no)) ||
	    number.kind != NUMBER_RECEIPT)
		return "case.none";
	number_text(no, &number);
	if (err_is(store_case_by_no(a->store, &c, no)))
		return "case.none";
	*shown = (struct live){
		.used = true, .c = c, .owner = NO_REF, .clerk = NO_REF
	};
	*l = case_is_over(c.state) ? shown : live_take(a, &c);
	return *l == NULL ? "agent.internal" : NULL;
}

void
desk_unload(struct agent *a, struct live *l)
{
	if (l >= a->lives && l < a->lives + LIVES_MAX && l->used)
		live_release(a, l);
}

json_t *
desk_person(struct agent *a, const struct store_case *c)
{
	static uint8_t room_secret[STORE_BLOB];
	struct buf b = buf_make(room_secret, sizeof room_secret);
	json_t *person = NULL;

	if (!err_is(store_blob_get(a->store, &b, c, BLOB_PERSON)))
		person = json_loadb((const char *)room_secret, b.n, 0, NULL);
	secret_wipe(room_secret, b.n);
	return person != NULL ? person : json_object();
}

/* ---- taken and left ---- */

static bool
same_person(const struct link *x, const struct link *y)
{
	return strcmp(x->staff, y->staff) == 0;
}

const char *
ask_desk_take(struct agent *a, struct ask *q)
{
	struct ref asker = link_ref(a, q->link);
	struct link *other, *me = q->link;
	struct live *l, shown;
	const char *refused = desk_load(
	    a, &l, &shown, rpc_str(q->params, "case_no"));

	if (refused != NULL)
		return refused;
	other = desk_owner(a, l->c.id);
	if (other != NULL && other != me && !same_person(other, me)) {
		desk_unload(a, l);
		desk_refuse(
		    a, q, "case.taken", json_pack("{s:s}", "by", other->staff));
		return NULL;
	}
	if (other != NULL && other != me) { /* from another terminal */
		other->desk = 0;
		link_event(a, other, "desk.lost",
		    json_pack("{s:s}", "case_no", l->c.case_no));
	}
	if (me->desk != l->c.id) {
		me->desk = l->c.id;
		record_row(a, me, "desk.taken", "case", l->c.case_no);
		queue_touch(a);
	}
	me->shown = l->c.id;
	answer(a, asker, q->id, desk_view(a, l, me));
	desk_unload(a, l);
	return NULL;
}

const char *
ask_desk_leave(struct agent *a, struct ask *q)
{
	if (q->link->desk != 0)
		queue_touch(a);
	q->link->desk = q->link->shown = 0;
	answer(a, link_ref(a, q->link), q->id, json_object());
	return NULL;
}

const char *
ask_desk_view(struct agent *a, struct ask *q)
{
	struct ref asker = link_ref(a, q->link);
	struct live *l, shown;
	const char *refused = desk_load(
	    a, &l, &shown, rpc_str(q->params, "case_no"));

	if (refused != NULL)
		return refused;
	/* an auditor's look is told as well */
	if (q->link->shown != l->c.id)
		record_row(a, q->link, "desk.seen", "case", l->c.case_no);
	q->link->shown = l->c.id;
	answer(a, asker, q->id, desk_view(a, l, q->link));
	desk_unload(a, l);
	return NULL;
}

/* ---- one field in the clear ---- */

/* What was lost, in the customer's words. */
static json_t *
story(const json_t *person)
{
	const json_t *loss = json_object_get(person, "loss");
	char room_secret[STORE_NAME * 2] = "";
	struct buf b = buf_make(room_secret, sizeof room_secret - 1);
	static const char *const parts[] = { "when", "place", "detail" };
	json_t *v;

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (rpc_str(loss, parts[i])[0] == '\0')
			continue;
		if (b.n > 0)
			buf_add_str(&b, " / ");
		buf_add_str(&b, rpc_str(loss, parts[i]));
	}
	v = b.full ? NULL : json_stringn(room_secret, b.n);
	secret_wipe(room_secret, sizeof room_secret);
	return v;
}

/* The value, the caller's; NULL when it is not here.  A resident number is
 * kept nowhere but masked. */
static json_t *
clear_value(const json_t *person, const char *field)
{
	json_t *v = NULL;

	if (strcmp(field, "loss") == 0)
		v = story(person);
	else if (strcmp(field, "number") != 0)
		v = json_string(rpc_str(person, field));
	if (v != NULL && json_string_length(v) == 0) {
		json_decref(v);
		v = NULL;
	}
	return v;
}

static bool
known_field(const char *f)
{
	return strcmp(f, "name") == 0 || strcmp(f, "number") == 0 ||
	       strcmp(f, "phone") == 0 || strcmp(f, "email") == 0 ||
	       strcmp(f, "loss") == 0;
}

struct access {
	const struct link *by;
	const char *field, *reason;
};

/* Who saw what and why: in the log before anybody sees it. */
static struct err
note_access(struct store *s, const struct store_case *c, void *arg)
{
	const struct access *x = arg;
	struct desk_entry entry = { .moves = false };
	struct row_field fields[3] = { row_text("field", x->field) };
	struct audit_event event = { .actor = link_actor(x->by),
		.role = rpc_role_name(x->by->role),
		.case_no = c->case_no,
		.kind = "access",
		.fields = fields };
	struct err e;

	event.field_count = 1 + desk_reason(&fields[1], x->reason);
	e = store_audit_append(s, NULL, &event);
	str_copy(entry.staff, sizeof entry.staff, x->by->staff);
	str_copy(entry.key, sizeof entry.key, "access");
	str_copy(entry.detail, sizeof entry.detail, x->field);
	return err_is(e) ? e : desk_add(s, c, &entry, false);
}

static const char *
unmask(struct agent *a, struct ask *q, const struct store_case *c)
{
	struct access x = { q->link, rpc_str(q->params, "field"),
		rpc_str(q->params, "reason") };
	struct link *owner = desk_owner(a, c->id);
	json_t *person, *value;
	struct err e;

	if (owner != NULL && owner != q->link) {
		desk_refuse(
		    a, q, "case.taken", json_pack("{s:s}", "by", owner->staff));
		return NULL;
	}
	person = desk_person(a, c);
	value = clear_value(person, x.field);
	json_decref(person);
	if (value == NULL)
		return "case.none";
	e = desk_together(a->store, c, note_access, &x);
	if (err_is(e)) {
		json_decref(value);
		log_err(LOG_ERROR, "access", e);
		return store_refusal(e);
	}
	answer(a, link_ref(a, q->link), q->id,
	    json_pack("{s:o,s:i}", "value", value, "ttl_s", SHOW_S));
	return NULL;
}

const char *
ask_desk_unmask(struct agent *a, struct ask *q)
{
	const char *reason = rpc_str(q->params, "reason");
	struct live *l, shown;
	struct store_case c;
	const char *refused;

	if (!known_field(rpc_str(q->params, "field")))
		return "rpc.params";
	if (!desk_typed(reason, REASON_MIN, REASON_MAX))
		return desk_typed(reason, 0, REASON_MIN) ? "reason.needed"
							 : "rpc.params";
	refused = desk_load(a, &l, &shown, rpc_str(q->params, "case_no"));
	if (refused != NULL)
		return refused;
	c = l->c;
	desk_unload(a, l);
	return unmask(a, q, &c);
}
