/*
 * agent/desk_view.c - a case as a clerk sees it: facts masked, papers, what
 * happened and who did it, what waits for a second person, what can be done.
 */
#include <string.h>

#include "base/secret.h"
#include "identity/mask.h"
#include "prog/agent/desk.h"
#include "prog/agent/pay.h"

/* ---- facts ---- */

static json_t *
view_fact(const char *field, const char *masked)
{
	return json_pack(
	    "{s:s,s:s,s:b}", "field", field, "value", masked, "shown", 0);
}

/* What is not known is not listed. */
static void
add_fact(json_t *list, const json_t *person, const char *field,
    void (*mask)(char out[static MASK_TEXT], const char *secret))
{
	char masked[MASK_TEXT] = "";

	if (rpc_str(person, field)[0] == '\0')
		return;
	mask(masked, rpc_str(person, field));
	json_array_append_new(list, view_fact(field, masked));
}

static json_t *
view_facts(const json_t *person)
{
	json_t *list = json_array();

	add_fact(list, person, "name", mask_name);
	if (rpc_str(person, "number")[0] != '\0') /* kept masked only */
		json_array_append_new(
		    list, view_fact("number", rpc_str(person, "number")));
	add_fact(list, person, "phone", mask_phone);
	add_fact(list, person, "email", mask_email);
	if (json_is_object(json_object_get(person, "loss")))
		json_array_append_new(list, view_fact("loss", "***"));
	return list;
}

static json_t *
view_loss(const struct store_case *c, const json_t *person)
{
	const json_t *loss = json_object_get(person, "loss");

	if (c->loss_kind[0] == '\0')
		return json_null();
	return json_pack("{s:s,s:I,s:s,s:b}", "kind", c->loss_kind,
	    "reported_at", (json_int_t)c->reported_at, "medium",
	    rpc_str(loss, "medium"), "misuse", rpc_bool(loss, "misuse"));
}

/* ---- history ---- */

/* The clerk's line that belongs to an arrow. */
static const struct desk_entry *
beside(const struct desk_entry *entries, size_t n, int64_t version)
{
	for (size_t i = 0; i < n; i++)
		if (entries[i].moves && entries[i].version == version)
			return &entries[i];
	return NULL;
}

static json_t *
view_line(int64_t at, const char *key, const char *by, const char *detail)
{
	return json_pack("{s:I,s:s,s:s,s:s}", "at", (json_int_t)at, "key", key,
	    "by", by, "detail", detail);
}

/* Newest first: arrows from the journal, the clerks' lines between them. */
static json_t *
view_history(struct agent *a, const struct store_case *c,
    const struct desk_entry *entries, size_t n)
{
	static struct desk_step steps[DESK_PAGE];
	json_t *list = json_array();
	size_t count = 0, at = 0;

	if (err_is(desk_steps(a->store, steps, DESK_PAGE, &count, c)))
		count = 0;
	for (size_t i = 0; i < count; i++) {
		const struct desk_entry *e = beside(
		    entries, n, steps[i].version);
		for (; at < n && entries[at].version >= steps[i].version; at++)
			if (!entries[at].moves)
				json_array_append_new(list,
				    view_line(entries[at].at, entries[at].key,
					entries[at].staff, entries[at].detail));
		if (strcmp(steps[i].event, "noted") == 0)
			continue;
		json_array_append_new(list,
		    view_line(steps[i].at, steps[i].event,
			e == NULL ? "" : e->staff, e == NULL ? "" : e->detail));
	}
	return list;
}

/* What clerks wrote: notes, and what they said to the customer. */
static json_t *
view_notes(const struct desk_entry *entries, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		if (entries[i].text[0] != '\0')
			json_array_append_new(
			    list, json_pack("{s:I,s:s,s:s,s:s}", "at",
				      (json_int_t)entries[i].at, "by",
				      entries[i].staff, "text", entries[i].text,
				      "key", entries[i].key));
	return list;
}

void
desk_sentence(
    struct agent *a, const struct store_case *c, char out[static DESK_TEXT])
{
	static struct desk_entry last;
	const char *key = c->state == CASE_RETURNED   ? "return"
			  : c->state == CASE_REJECTED ? "reject"
						      : NULL;

	out[0] = '\0';
	if (key == NULL || err_is(desk_last(a->store, &last, c, key)))
		return;
	(void)str_copy(out, DESK_TEXT, last.text);
	secret_wipe(&last, sizeof last);
}

/* ---- the whole ---- */

static json_t *
view_case_of(struct agent *a, const struct live *l, const json_t *person)
{
	json_t *v = view_case(a, l);
	char masked[MASK_TEXT] = "";

	if (rpc_str(person, "name")[0] != '\0')
		mask_name(masked, rpc_str(person, "name"));
	if (masked[0] != '\0')
		json_object_set_new(v, "holder", json_string(masked));
	return v;
}

json_t *
desk_case_view(struct agent *a, const struct live *l)
{
	json_t *person = desk_person(a, &l->c);
	json_t *v = view_case_of(a, l, person);

	json_decref(person);
	return v;
}

json_t *
desk_view(struct agent *a, const struct live *l, const struct link *to)
{
	static struct desk_entry entries[DESK_PAGE];
	const struct store_case *c = &l->c;
	const struct link *owner = desk_owner(a, c->id);
	json_t *person = desk_person(a, c), *v = json_object();
	char applicant[DESK_WORD];
	int missing = 0;
	size_t n = 0;

	if (err_is(desk_entries(a->store, entries, DESK_PAGE, &n, c)))
		n = 0;
	desk_applicant(a, c, applicant);
	json_object_set_new(v, "case", view_case_of(a, l, person));
	json_object_set_new(v, "version", json_integer(c->version));
	json_object_set_new(v, "owner",
	    owner == NULL ? json_null() : json_string(owner->staff));
	json_object_set_new(v, "mine", json_boolean(owner == to));
	json_object_set_new(v, "facts", view_facts(person));
	json_object_set_new(v, "loss", view_loss(c, person));
	json_object_set_new(v, "applicant", json_string(applicant));
	json_object_set_new(
	    v, "docs", desk_docs_view(a, c, applicant, &missing));
	json_object_set_new(v, "missing", json_integer(missing));
	json_object_set_new(v, "history", view_history(a, c, entries, n));
	json_object_set_new(v, "notes", view_notes(entries, n));
	json_object_set_new(v, "pay", pay_list(a, c));
	json_object_set_new(v, "proposals", desk_proposals_view(a, c));
	json_object_set_new(v, "actions", desk_actions(a, c, to->role));
	json_object_set_new(v, "guide", guide_view(a, c));
	json_decref(person);
	secret_wipe(entries, n * sizeof *entries);
	return v;
}
