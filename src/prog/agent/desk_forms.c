/*
 * agent/desk_forms.c - the application and the loss report on A4, made again
 * for the file: from the case and its sealed record, masked.
 */
#include <string.h>

#include "identity/mask.h"
#include "prog/agent/desk.h"
#include "prog/agent/print.h"

static void
put_masked(json_t *d, const char *key, const char *secret,
    void (*mask)(char out[static MASK_TEXT], const char *secret))
{
	char masked[MASK_TEXT] = "";

	if (secret[0] == '\0')
		return;
	mask(masked, secret);
	json_object_set_new(d, key, json_string(masked));
}

static json_t *
view_old(struct agent *a, const struct store_case *c)
{
	return json_pack("{s:s,s:I,s:i,s:s}", "serial", c->serial, "not_after",
	    (json_int_t)c->not_after, "days_left",
	    civil_days_between(wall_s(a), c->not_after), "status",
	    c->old_status);
}

/* What both forms have. */
static json_t *
begin(struct agent *a, const struct live *l, const char *kind,
    const json_t *person, const struct link *by)
{
	static const char *const picks[] = { "case_no", "holder", "product_key",
		"issuer_name" };
	json_t *d = print_blank(a, kind, "ko", true);
	json_t *view = desk_case_view(a, l);

	for (size_t i = 0; i < sizeof picks / sizeof *picks; i++)
		json_object_set(d, picks[i], json_object_get(view, picks[i]));
	json_decref(view);
	json_object_set_new(
	    d, "number", json_string(rpc_str(person, "number")));
	json_object_set_new(d, "old", view_old(a, &l->c));
	json_object_set_new(d, "loss_kind", json_string(l->c.loss_kind));
	json_object_set_new(d, "loss_no", json_string(l->c.loss_no));
	json_object_set_new(d, "terminal", json_string(l->c.terminal));
	json_object_set_new(d, "clerk", json_string(by->staff));
	put_masked(d, "mobile", rpc_str(person, "phone"), mask_phone);
	return d;
}

/* When the application came; 0: not yet. */
static int64_t
applied_at(struct agent *a, const struct store_case *c)
{
	static struct desk_step steps[DESK_PAGE];
	size_t n = 0;

	if (err_is(desk_steps(a->store, steps, DESK_PAGE, &n, c)))
		return 0;
	for (size_t i = 0; i < n; i++)
		if (strcmp(steps[i].event, "submit") == 0)
			return steps[i].at;
	return 0;
}

/* All that was agreed to, in one list. */
static json_t *
view_agreed(const json_t *person)
{
	const json_t *consents = json_object_get(person, "consents");
	static const char *const parts[] = { "required", "optional" };
	json_t *list = json_array(), *one;
	size_t k;

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		json_array_foreach(json_object_get(consents, parts[i]), k, one)
			json_array_append(list, one);
	return list;
}

static json_t *
application(struct agent *a, const struct live *l, const json_t *person,
    const struct link *by)
{
	int64_t at = applied_at(a, &l->c);
	json_t *d;

	if (at == 0)
		return NULL;
	d = begin(a, l, "application", person, by);
	json_object_set_new(d, "applied_at", json_integer(at));
	json_object_set_new(d, "agreed", view_agreed(person));
	json_object_set_new(d, "p12", json_boolean(l->c.p12 != 0));
	put_masked(d, "email", rpc_str(person, "email"), mask_email);
	if (l->c.promise[0] != '\0')
		json_object_set_new(d, "promise", json_string(l->c.promise));
	if (l->c.fee_won >= 0) {
		json_object_set_new(d, "won", json_integer(l->c.fee_won));
		json_object_set_new(d, "vat", json_integer(l->c.fee_vat));
	}
	return d;
}

static json_t *
loss_report(struct agent *a, const struct live *l, const json_t *person,
    const struct link *by)
{
	static const char *const words[] = { "when", "place", "detail" };
	const json_t *loss = json_object_get(person, "loss");
	json_t *d;

	if (!json_is_object(loss) || l->c.loss_no[0] == '\0')
		return NULL;
	d = begin(a, l, "loss_report", person, by);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		json_object_set_new(
		    d, words[i], json_string(rpc_str(loss, words[i])));
	json_object_set_new(d, "medium", json_string(rpc_str(loss, "medium")));
	json_object_set_new(
	    d, "misuse", json_boolean(rpc_bool(loss, "misuse")));
	json_object_set_new(d, "reported_at", json_integer(l->c.reported_at));
	json_object_set_new(d, "hold",
	    json_string(l->c.hold == HOLD_CONFIRMED ? "confirmed" : "pending"));
	if (l->c.held_at != 0)
		json_object_set_new(d, "held_at", json_integer(l->c.held_at));
	return d;
}

json_t *
desk_form(struct agent *a, const struct live *l, const char *kind,
    const struct link *by)
{
	json_t *person = desk_person(a, &l->c), *d = NULL;

	if (rpc_str(person, "number")[0] == '\0')
		d = NULL; /* the case has ended: it is sealed for head office */
	else if (strcmp(kind, "application") == 0)
		d = application(a, l, person, by);
	else if (strcmp(kind, "loss_report") == 0)
		d = loss_report(a, l, person, by);
	json_decref(person);
	return d;
}
