/*
 * agent/view.c - a case as the terminals see it.
 */
#include <string.h>

#include "identity/mask.h"
#include "npki/policy.h"
#include "prog/agent/core.h"
#include "prog/agent/deliver.h"
#include "prog/agent/desk.h"
#include "prog/agent/pay.h"
#include "prog/agent/print.h"

static const char *const stage_names[STAGE_COUNT] = {
	[STAGE_NONE] = "",
	[STAGE_KEY] = "key",
	[STAGE_REQUEST] = "request",
	[STAGE_CHECK] = "check",
	[STAGE_WRITE] = "write",
	[STAGE_PROVE] = "prove",
	[STAGE_CONFIRM] = "confirm",
	[STAGE_REVOKE] = "revoke",
};

static const char *const hold_names[HOLD_COUNT] = {
	[HOLD_NONE] = "none",
	[HOLD_PENDING] = "pending",
	[HOLD_CONFIRMED] = "confirmed",
};

const char *
stage_name(enum stage s)
{
	return stage_names[s];
}

json_t *
view_health(const struct agent *a)
{
	return json_pack("{s:b,s:b,s:b,s:s,s:s,s:b,s:b}", "ca", a->health.ca,
	    "registry", a->health.registry, "media", a->health.media, "print",
	    print_health(a), "pay", pay_health(a), "phone",
	    a->handoff_base[0] != '\0', "token", token_is_there(a));
}

static json_t *
text_or_null(const char *s)
{
	return s[0] == '\0' ? json_null() : json_string(s);
}

static json_t *
time_or_null(int64_t s)
{
	return s == 0 ? json_null() : json_integer(s);
}

static json_t *
view_old(struct agent *a, const struct store_case *c)
{
	return json_pack("{s:s,s:I,s:i,s:s}", "serial", c->serial, "not_after",
	    (json_int_t)c->not_after, "days_left",
	    civil_days_between(wall_s(a), c->not_after), "status",
	    c->old_status);
}

static json_t *
view_new(const struct store_case *c)
{
	if (c->new_serial[0] == '\0')
		return json_null();
	return json_pack("{s:s,s:I,s:s}", "serial", c->new_serial, "not_after",
	    (json_int_t)c->new_not_after, "status", c->new_status);
}

json_t *
view_case(struct agent *a, const struct live *l)
{
	const struct store_case *c = &l->c;
	const struct link *owner = link_get(a, l->owner);
	const struct npki_policy *policy = npki_policy_find(c->policy);
	const char *name = npki_issuer_name_ko(c->issuer_o);
	char masked[MASK_TEXT] = "", sentence[DESK_TEXT];
	char until[CLOCK_TEXT];
	int64_t ahead;
	json_t *v;

	/* The name is the visitor's own; without a visit there is none. */
	if (owner != NULL && owner->visit.name_secret[0] != '\0')
		mask_name(masked, owner->visit.name_secret);
	v = json_pack("{s:s,s:I,s:s,s:s,s:s,s:s}", "case_no", c->case_no,
	    "version", (json_int_t)c->version, "state",
	    case_state_name(c->state), "hold", hold_names[c->hold], "holder",
	    masked, "product_key",
	    policy == NULL ? "product.unknown" : policy->product);
	json_object_set_new(v, "purpose", json_string(c->purpose));
	json_object_set_new(v, "route", json_string(c->route));
	json_object_set_new(v, "held_at", time_or_null(c->held_at));
	json_object_set_new(v, "loss_no", text_or_null(c->loss_no));
	json_object_set_new(v, "reported_at", time_or_null(c->reported_at));
	json_object_set_new(
	    v, "issuer_name", json_string(name == NULL ? c->issuer_o : name));
	json_object_set_new(v, "old", view_old(a, c));
	json_object_set_new(v, "new", view_new(c));
	json_object_set_new(v, "fee", pay_view_fee(a, c));
	json_object_set_new(v, "promise", text_or_null(c->promise));
	json_object_set_new(v, "review", text_or_null(c->review));
	json_object_set_new(v, "problem", text_or_null(c->problem));
	json_object_set_new(v, "stage", text_or_null(stage_names[l->stage]));
	json_object_set_new(v, "attempts", json_integer(c->attempt));
	json_object_set_new(v, "p12", json_boolean(c->p12 != 0));
	json_object_set_new(v, "to", deliver_view(l));
	expire_day(a, c, until);
	json_object_set_new(v, "until", text_or_null(until));
	desk_sentence(a, c, sentence);
	json_object_set_new(v, "sentence", text_or_null(sentence));
	if ((ahead = queue_ahead(a, c)) >= 0)
		json_object_set_new(v, "ahead", json_integer(ahead));
	return v;
}
