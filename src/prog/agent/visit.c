/*
 * agent/visit.c - one customer in front of one kiosk: who they say they are,
 * how they proved it, and forgetting all of it.
 */
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "identity/mask.h"
#include "prog/agent/core.h"
#include "prog/agent/deliver.h"

enum {
	VERIFY_TIMEOUT_MS = 20000,
	FAILURES_A_VISIT = 3,
	FAILURES_A_DAY = 5,	 /* per number, whoever types it */
	PHONE_SETTLED_DAYS = 30, /* a newer phone number proves nothing */
	ADULT_AGE = 19,
	DAY_MS = 24 * 3600 * 1000
};

void
visit_wipe(struct agent *a, struct link *l)
{
	struct live *live = live_get(a, l->visit.live);

	json_decref(l->visit.consents);
	json_decref(l->visit.pairs);
	secret_wipe(&l->visit, sizeof l->visit);
	l->visit.live = NO_REF;
	if (live != NULL) {
		live->owner = NO_REF;
		phone_end(a, live, HANDOFF_GONE);
		live_release(a, live);
	}
}

static bool
known_purpose(const char *p)
{
	return strcmp(p, "reissue") == 0 || strcmp(p, "report") == 0 ||
	       strcmp(p, "status") == 0 || strcmp(p, "check") == 0;
}

const char *
visit_refusal(struct agent *a)
{
	if (!retain_is_ready(a))
		return "agent.no_head_office";
	if (a->office.trouble != NULL)
		return "agent.office";
	if (a->history.state == HISTORY_BAD)
		return "agent.history";
	return store_is_low(a->store) ? "agent.disk_full" : NULL;
}

const char *
ask_visit_begin(struct agent *a, struct ask *q)
{
	const char *purpose = rpc_str(q->params, "purpose");
	struct visit *v = &q->link->visit;
	const char *refused = NULL;

	if (!known_purpose(purpose))
		return "rpc.params";
	if (strcmp(purpose, "reissue") == 0 || strcmp(purpose, "report") == 0)
		refused = visit_refusal(a);
	if (refused != NULL) {
		log_line(LOG_WARNING, "visit refused: %s", refused);
		return refused;
	}
	visit_wipe(a, q->link);
	str_copy(v->purpose, sizeof v->purpose, purpose);
	v->consents = json_deep_copy(json_object_get(q->params, "consents"));
	v->english = strcmp(rpc_str(q->params, "lang"), "en") == 0;
	v->standing = STANDING_VISIT;
	log_line(LOG_INFO, "visit begun: %s", v->purpose);
	answer(a, link_ref(a, q->link), q->id, json_object());
	return NULL;
}

const char *
ask_visit_end(struct agent *a, struct ask *q)
{
	visit_wipe(a, q->link);
	log_line(LOG_INFO, "visit ended");
	answer(a, link_ref(a, q->link), q->id, json_object());
	return NULL;
}

/* ---- guessing ---- */

/* The row of a tag; a new or the stalest one when there is none and `make`. */
static struct guess *
guess_of(struct agent *a, const uint8_t tag[static SEAL_DIGEST], bool make)
{
	struct guess *pick = &a->guesses[0];

	for (int i = 0; i < GUESS_MAX; i++) {
		struct guess *g = &a->guesses[i];
		if (g->failures > 0 && memcmp(g->tag, tag, SEAL_DIGEST) == 0)
			pick = g;
	}
	if (pick->failures > 0 && memcmp(pick->tag, tag, SEAL_DIGEST) == 0) {
		if (pick->until_ms > mono_ms(a))
			return pick;
		pick->failures = 0;
	}
	if (!make)
		return NULL;
	for (int i = 0; i < GUESS_MAX; i++) {
		if (a->guesses[i].until_ms < pick->until_ms)
			pick = &a->guesses[i];
	}
	memcpy(pick->tag, tag, SEAL_DIGEST);
	pick->failures = 0;
	pick->until_ms = mono_ms(a) + DAY_MS;
	return pick;
}

/* How many tries are left; 0 is locked. */
static int
tries_left(struct agent *a, const struct visit *v)
{
	struct guess *g = guess_of(a, v->tag, false);
	int day = FAILURES_A_DAY - (g == NULL ? 0 : g->failures);
	int visit = FAILURES_A_VISIT - v->failures;

	return day < visit ? (day < 0 ? 0 : day) : (visit < 0 ? 0 : visit);
}

static void
note_failure(struct agent *a, struct visit *v)
{
	v->failures++;
	guess_of(a, v->tag, true)->failures++;
}

/* ---- identity ---- */

static bool
thirteen_digits(const char *s)
{
	return strlen(s) == 13 && strspn(s, "0123456789") == 13;
}

/* Forget the person but keep the visit and its count of failures. */
static void
forget_person(struct visit *v)
{
	secret_wipe(v->name_secret, sizeof v->name_secret);
	secret_wipe(v->number_secret, sizeof v->number_secret);
	secret_wipe(v->person, sizeof v->person);
	secret_wipe(v->certs, sizeof v->certs);
	v->cert_count = 0;
	v->turn = 0;
	v->standing = STANDING_VISIT;
}

static bool
has_phone(const json_t *factors)
{
	const json_t *one;
	size_t i;

	json_array_foreach(factors, i, one) {
		if (strcmp(rpc_str(one, "kind"), "phone") == 0)
			return true;
	}
	return false;
}

static json_t *
usable_factors(const struct visit *v, const json_t *all)
{
	json_t *list = json_array(), *one;
	size_t i;

	/* A number moved to another phone lately proves nothing. */
	json_array_foreach(all, i, one) {
		if (!v->phone_changed || json_array_size(all) == 1 ||
		    strcmp(rpc_str(one, "kind"), "phone") != 0)
			json_array_append(list, one);
	}
	return list;
}

static void
identity_known(struct agent *a, struct link *l, json_int_t id, const json_t *r)
{
	struct visit *v = &l->visit;
	json_int_t days = rpc_int(r, "phone_changed_days", -1);
	char masked[MASK_TEXT];
	json_t *factors;

	if (!str_copy(v->person, sizeof v->person, rpc_str(r, "person")) ||
	    v->person[0] == '\0' ||
	    !json_is_array(json_object_get(r, "factors"))) {
		forget_person(v);
		refuse(a, link_ref(a, l), id, "peer.registry_down");
		return;
	}
	if (rpc_str(r, "holder_name")[0] != '\0')
		str_copy(v->name_secret, sizeof v->name_secret,
		    rpc_str(r, "holder_name"));
	v->minor = rpc_int(r, "age", ADULT_AGE) < ADULT_AGE;
	v->phone_changed = days >= 0 && days < PHONE_SETTLED_DAYS &&
			   has_phone(json_object_get(r, "factors"));
	v->standing = STANDING_IDENTITY;
	mask_name(masked, v->name_secret);
	factors = usable_factors(v, json_object_get(r, "factors"));
	log_line(LOG_INFO, "identity verified");
	answer(a, link_ref(a, l), id,
	    json_pack("{s:s,s:o,s:n,s:b,s:b}", "holder", masked, "factors",
		factors, "staff_only", "minor", v->minor, "phone_changed",
		v->phone_changed));
}

static const char *
registry_error(const char *error)
{
	if (strncmp(error, "factor.", 7) == 0 ||
	    strncmp(error, "identity.", 9) == 0)
		return error;
	return "peer.registry_down";
}

static void
on_verified(struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct link *l = link_get(a, ctx->link);
	json_t *left;

	if (l == NULL || l->visit.turn != ctx->n)
		return;
	if (r->error == NULL) {
		identity_known(a, l, ctx->request, r->result);
		return;
	}
	log_line(LOG_NOTICE, "identity not verified: %s", r->error);
	if (strcmp(r->error, "identity.mismatch") != 0) {
		forget_person(&l->visit);
		refuse(a, ctx->link, ctx->request, registry_error(r->error));
		return;
	}
	note_failure(a, &l->visit);
	left = json_pack("{s:i}", "left", tries_left(a, &l->visit));
	forget_person(&l->visit);
	refuse_with(a, ctx->link, ctx->request,
	    json_integer_value(json_object_get(left, "left")) > 0
		? "identity.mismatch"
		: "identity.locked",
	    left);
	json_decref(left);
}

const char *
ask_identity_verify(struct agent *a, struct ask *q)
{
	struct visit *v = &q->link->visit;
	const char *number = rpc_str(q->params, "number");
	struct context ctx = ask_context(a, q);

	if (!thirteen_digits(number))
		return "rpc.params";
	forget_person(v);
	if (!str_copy(v->name_secret, sizeof v->name_secret,
		rpc_str(q->params, "name")) ||
	    !str_copy(v->number_secret, sizeof v->number_secret, number)) {
		forget_person(v);
		return "rpc.params";
	}
	if (err_is(store_person_tag(v->tag, a->store, number)))
		return "agent.internal";
	if (tries_left(a, v) == 0) {
		forget_person(v);
		return "identity.locked";
	}
	ctx.n = v->turn = ++a->next_id;
	call_peer(a, link_of_role(a, ROLE_NET), "registry.verify",
	    json_deep_copy(q->params), -1, VERIFY_TIMEOUT_MS, on_verified,
	    &ctx);
	return NULL;
}

/* ---- the second factor ---- */

static void
on_factor_started(
    struct agent *a, const struct context *ctx, const struct reply *r)
{
	if (r->error != NULL)
		refuse_with(a, ctx->link, ctx->request,
		    registry_error(r->error), r->detail);
	else
		answer(a, ctx->link, ctx->request,
		    json_pack("{s:s,s:I}", "hint", rpc_str(r->result, "hint"),
			"ttl_s", rpc_int(r->result, "ttl_s", 0)));
}

static void
on_factor_verified(
    struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct link *l = link_get(a, ctx->link);

	if (l == NULL || l->visit.turn != ctx->n)
		return;
	if (r->error != NULL) {
		log_line(LOG_NOTICE, "factor not verified: %s", r->error);
		refuse_with(a, ctx->link, ctx->request,
		    registry_error(r->error), r->detail);
		return;
	}
	l->visit.standing = STANDING_FACTOR;
	log_line(LOG_INFO, "factor verified");
	answer(a, ctx->link, ctx->request, json_object());
}

static void
ask_registry(
    struct agent *a, struct ask *q, const char *method, call_done *done)
{
	struct context ctx = ask_context(a, q);
	json_t *params = json_deep_copy(q->params);

	ctx.n = q->link->visit.turn;
	json_object_set_new(
	    params, "person", json_string(q->link->visit.person));
	call_peer(a, link_of_role(a, ROLE_NET), method, params, -1,
	    VERIFY_TIMEOUT_MS, done, &ctx);
}

const char *
ask_factor_start(struct agent *a, struct ask *q)
{
	ask_registry(a, q, "registry.factor_start", on_factor_started);
	return NULL;
}

const char *
ask_factor_verify(struct agent *a, struct ask *q)
{
	ask_registry(a, q, "registry.factor_verify", on_factor_verified);
	return NULL;
}
