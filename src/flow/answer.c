/*
 * flow/answer.c - JSON to session.
 */
#include "flow/answer.h"

#include <string.h>

#include "base/secret.h"
#include "base/span.h"
#include "flow/phone.h"
#include "flow/request.h"
#include "flow/token.h"
#include "rpc/rpc.h"

enum { TTL_S = 180, TTL_MAX_S = 86400 };

#define TAKE(field, o, key) answer_text(field, sizeof field, o, key)

void
answer_text(char *dst, size_t cap, const json_t *o, const char *key)
{
	const char *s = rpc_str(o, key);
	size_t n;

	if (str_copy(dst, cap, s))
		return;
	n = strlen(dst);
	while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
		n--;
	dst[n] = '\0';
}

void
answer_hello(struct branch *b, const json_t *result)
{
	const json_t *branch = json_object_get(result, "branch");
	const json_t *hours = json_object_get(result, "hours");
	const json_t *fee = json_object_get(result, "fee");
	const json_t *health = json_object_get(result, "health");
	const json_t *issuer = json_object_get(result, "issuer");
	const json_t *list = json_object_get(result, "issuers");

	*b = (struct branch){ 0 };
	TAKE(b->bank, branch, "bank");
	TAKE(b->name, branch, "name");
	TAKE(b->opens, hours, "open");
	TAKE(b->closes, hours, "close");
	TAKE(b->issuer_o, issuer, "o");
	TAKE(b->issuer_name, issuer, "name");
	b->open_now = rpc_bool(hours, "now_open");
	b->practice = rpc_bool(result, "practice");
	b->waiting = (int)rpc_int(result, "waiting", 0);
	b->fee_known = json_is_object(fee);
	b->fee_won = (int)rpc_int(fee, "won", 0);
	b->ca_ok = rpc_bool(health, "ca");
	b->registry_ok = rpc_bool(health, "registry");
	b->media_ok = rpc_bool(health, "media");
	TAKE(b->pay, health, "pay");
	TAKE(b->print, health, "print");
	b->phone_ok = rpc_bool(health, "phone");
	b->token_ok = rpc_bool(health, "token");
	for (size_t i = 0; i < json_array_size(list) && i < SESSION_ISSUERS;
	     i++) {
		const json_t *o = json_array_get(list, i);
		TAKE(b->issuers[i].o, o, "o");
		TAKE(b->issuers[i].name, o, "name");
		TAKE(b->issuers[i].phone, o, "phone");
		TAKE(b->issuers[i].site, o, "site");
		b->issuer_count++;
	}
}

/* The index of `w` among words, `otherwise` when it is none of them. */
static int
index_of(const char *(*word)(int), int count, const char *w, int otherwise)
{
	for (int i = 0; i < count; i++)
		if (strcmp(word(i), w) == 0)
			return i;
	return otherwise;
}

static const char *
factor_word(int i)
{
	return word_factor((enum factor_kind)i);
}

static const char *
step_word(int i)
{
	return word_step((enum progress_step)i);
}

static const char *
media_word(int i)
{
	return word_media((enum media_state)i);
}

void
answer_case(struct case_view *c, const json_t *o)
{
	const json_t *old = json_object_get(o, "old");
	const json_t *new = json_object_get(o, "new");
	const json_t *fee = json_object_get(o, "fee");
	const json_t *paid = json_object_get(fee, "paid");

	*c = (struct case_view){ 0 };
	TAKE(c->case_no, o, "case_no");
	c->version = rpc_int(o, "version", 0);
	TAKE(c->state, o, "state");
	TAKE(c->hold, o, "hold");
	c->held_at = rpc_int(o, "held_at", 0);
	c->reported_at = rpc_int(o, "reported_at", 0);
	TAKE(c->loss_no, o, "loss_no");
	TAKE(c->holder, o, "holder");
	TAKE(c->product_key, o, "product_key");
	TAKE(c->issuer_name, o, "issuer_name");
	TAKE(c->old_serial, old, "serial");
	TAKE(c->old_status, old, "status");
	c->old_not_after = rpc_int(old, "not_after", 0);
	c->old_days_left = (int)rpc_int(old, "days_left", 0);
	c->has_new = json_is_object(new);
	TAKE(c->new_serial, new, "serial");
	TAKE(c->new_status, new, "status");
	c->new_not_after = rpc_int(new, "not_after", 0);
	c->has_fee = json_is_object(fee);
	c->fee_won = (int)rpc_int(fee, "won", 0);
	c->fee_vat = (int)rpc_int(fee, "vat", 0);
	TAKE(c->waiver_key, fee, "waiver_key");
	c->fee_card = rpc_bool(fee, "card");
	TAKE(c->paid, paid, "method");
	TAKE(c->approval, paid, "approval");
	TAKE(c->brand, paid, "brand");
	TAKE(c->pan, paid, "pan");
	TAKE(c->promise, o, "promise");
	TAKE(c->review_key, o, "review");
	TAKE(c->problem_key, o, "problem");
	TAKE(c->sentence, o, "sentence");
	c->ahead = (int)rpc_int(o, "ahead", -1);
	phone_take_ways(c, json_object_get(o, "to"));
}

/* clang-format off */
static const struct { const char *state; enum intent intent; } standing[] = {
	{ "REPORTED",	INTENT_AT_HOLD },
	{ "HELD",	INTENT_AT_HELD },
	{ "APPLIED",	INTENT_AT_COUNTER },
	{ "REVIEW",	INTENT_AT_COUNTER },
	{ "RETURNED",	INTENT_AT_COUNTER },
	{ "APPROVED",	INTENT_AT_COUNTER },	/* a fee is due */
	{ "PAID",	INTENT_AT_PAID },
	{ "WITHDRAWING", INTENT_AT_ISSUING },
	{ "RELEASING",	INTENT_AT_COUNTER },
	{ "PREPARED",	INTENT_AT_ISSUING },
	{ "ISSUED",	INTENT_AT_ISSUING },
	{ "DELIVERED",	INTENT_AT_ISSUING },
	{ "CONFIRMED",	INTENT_AT_ISSUING },
	{ "DONE",	INTENT_AT_DONE },
	{ "CANCELLED",	INTENT_AT_DONE },
	{ "REJECTED",	INTENT_AT_DONE },
	{ "EXPIRED",	INTENT_AT_DONE },
	{ "FOUND",	INTENT_AT_DONE },
};
/* clang-format on */

enum intent
answer_case_intent(const struct case_view *c)
{
	if (strcmp(c->state, "OPEN") == 0)
		return strcmp(c->hold, "pending") == 0 ? INTENT_AT_HOLD
						       : INTENT_AT_LOSS;
	/* what is due, not what is wrong */
	if (strcmp(c->state, "APPROVED") == 0 && c->fee_won > 0)
		return c->fee_card ? INTENT_AT_FEE : INTENT_AT_COUNTER;
	/* a hold is retried by itself, whatever the problem is */
	if (c->problem_key[0] != '\0' && strcmp(c->state, "REPORTED") != 0)
		return INTENT_AT_PROBLEM;
	if (phone_is_next(c))
		return INTENT_AT_PHONE;
	for (size_t i = 0; i < sizeof standing / sizeof standing[0]; i++)
		if (strcmp(c->state, standing[i].state) == 0)
			return standing[i].intent;
	return INTENT_STAY;
}

static void
take_certificate(struct held_certificate *h, const json_t *o)
{
	*h = (struct held_certificate){ 0 };
	h->index = (int)rpc_int(o, "index", 0);
	TAKE(h->holder, o, "holder");
	TAKE(h->product_key, o, "product_key");
	TAKE(h->issuer_name, o, "issuer_name");
	TAKE(h->bank_name, o, "bank_name");
	h->not_after = rpc_int(o, "not_after", 0);
	h->days_left = (int)rpc_int(o, "days_left", 0);
	TAKE(h->status, o, "status");
	TAKE(h->route, o, "route");
	TAKE(h->case_no, o, "case_no");
}

static int
take_certificates(
    struct held_certificate out[SESSION_CERTS], const json_t *result)
{
	const json_t *list = json_object_get(result, "certificates");
	size_t n = json_array_size(list);

	if (n > SESSION_CERTS)
		n = SESSION_CERTS;
	for (size_t i = 0; i < n; i++)
		take_certificate(&out[i], json_array_get(list, i));
	return (int)n;
}

static enum intent
take_identity(struct session *s, const json_t *result)
{
	const json_t *list = json_object_get(result, "factors");

	TAKE(s->holder, result, "holder");
	TAKE(s->staff_only, result, "staff_only");
	s->factor_count = 0;
	s->factor = 0;
	for (size_t i = 0;
	     i < json_array_size(list) && s->factor_count < SESSION_FACTORS;
	     i++) {
		const json_t *o = json_array_get(list, i);
		int kind = index_of(
		    factor_word, FACTOR_COUNT, rpc_str(o, "kind"), -1);
		if (kind < 0)
			continue;
		s->factors[s->factor_count].kind = (enum factor_kind)kind;
		TAKE(s->factors[s->factor_count].hint, o, "hint");
		s->factor_count++;
	}
	return s->factor_count == 0 ? INTENT_STAFF_ONLY : INTENT_DONE;
}

static enum intent
take_factor_start(struct session *s, const json_t *result)
{
	json_int_t ttl_s = rpc_int(result, "ttl_s", TTL_S);

	if (ttl_s < 0 || ttl_s > TTL_MAX_S)
		ttl_s = TTL_S;
	if (rpc_str(result, "hint")[0] != '\0')
		TAKE(s->factors[s->factor].hint, result, "hint");
	s->factor_until_ms = s->now_ms + ttl_s * 1000;
	return INTENT_DONE;
}

static enum intent
take_check(struct session *s, const json_t *result)
{
	const json_t *vid = json_object_get(result, "vid");

	memset(&s->check, 0, sizeof s->check);
	s->check.opens = rpc_bool(result, "opens");
	if (!s->check.opens) {
		/* mistyped, most likely: the screen stays and says so */
		(void)str_copy(s->error, sizeof s->error, "password.wrong");
		return INTENT_FAILED;
	}
	s->check.known = true;
	s->check.pair = rpc_bool(result, "pair");
	s->check.signature = rpc_bool(result, "signature");
	s->check.vid = json_is_boolean(vid) ? json_is_true(vid) : -1;
	TAKE(s->check.status, result, "status");
	TAKE(s->check.by, result, "by");
	s->check.as_of = rpc_int(result, "as_of", 0);
	s->check.not_after = rpc_int(result, "not_after", 0);
	TAKE(s->check.holder, result, "holder");
	TAKE(s->check.product_key, result, "product_key");
	return INTENT_DONE;
}

static enum intent
take_result(struct session *s, enum request r, const json_t *result)
{
	switch (r) {
	case REQ_IDENTITY:
		return take_identity(s, result);
	case REQ_FACTOR_START:
		return take_factor_start(s, result);
	case REQ_FACTOR:
		return s->purpose == PURPOSE_STATUS ? INTENT_STATUS
						    : INTENT_DONE;
	case REQ_CERTS:
		s->cert = 0;
		s->cert_count = take_certificates(s->certs, result);
		return INTENT_DONE;
	case REQ_OPEN:
	case REQ_REPORT:
	case REQ_APPLY:
		answer_case(&s->kase, result);
		return answer_case_intent(&s->kase);
	case REQ_DELIVER:
		answer_case(&s->kase, result);
		return phone_is_next(&s->kase) ? INTENT_TO_PHONE : INTENT_DONE;
	case REQ_ISSUE:
	case REQ_CASE:
	case REQ_CANCEL:
		answer_case(&s->kase, result);
		return INTENT_DONE;
	case REQ_MEDIA_LIST:
		s->found_at = 0;
		s->found_count = take_certificates(s->found, result);
		return INTENT_DONE;
	case REQ_MEDIA_VERIFY:
	case REQ_TOKEN_CHECK:
		return take_check(s, result);
	case REQ_MEDIA_PASSWD:
	case REQ_TOKEN_PIN:
		s->check.changed = true;
		return INTENT_DONE;
	case REQ_BEGIN:
	case REQ_PAY:
	case REQ_DIGITS:
		return INTENT_DONE;
	case REQ_PRINT:
		s->printed = true;
		break;
	case REQ_TOKENS:
		token_take_list(s, result);
		return INTENT_DONE;
	case REQ_PHONE:
		phone_take_codes(s, result);
		break;
	case REQ_PHONE_END:
	case REQ_NONE:
	case REQ_PAY_STOP:
	case REQ_STAFF:
	case REQ_END_SESSION:
	case REQ_COUNT:
		break;
	}
	return INTENT_STAY;
}

enum intent
answer_apply(struct session *s, enum request r, const json_t *body)
{
	const json_t *error = json_object_get(body, "error");

	s->pending = REQ_NONE;
	s->error[0] = '\0';
	s->error_left = -1;
	if (r == REQ_TOKENS) /* what was listed before is not there now */
		s->token_count = 0;
	if (error != NULL) {
		TAKE(s->error, error, "code");
		s->error_left = (int)rpc_int(error, "left", -1);
		token_take_refusal(s, r, error);
		return INTENT_FAILED;
	}
	token_take_yes(s, r);
	return take_result(s, r, json_object_get(body, "result"));
}

static void
take_progress(struct session *s, const json_t *o)
{
	int step = index_of(step_word, STEP_COUNT, rpc_str(o, "step"), -1);

	if (step < 0)
		return;
	TAKE(s->progress[step].status, o, "status");
	s->progress[step].percent = (int)rpc_int(o, "percent", -1);
}

static void
take_media(struct session *s, const json_t *o)
{
	enum media_state was = s->media;

	s->media = (enum media_state)index_of(
	    media_word, MEDIA_COUNT, rpc_str(o, "state"), MEDIA_UNKNOWN);
	TAKE(s->media_label, o, "label");
	s->media_free_kb = rpc_int(o, "free_kb", 0);
	if (s->media != was && s->media != MEDIA_BUSY && was != MEDIA_BUSY)
		s->found_count = 0;
}

static void
take_pay(struct session *s, const json_t *o)
{
	if (strcmp(s->kase.case_no, rpc_str(o, "case_no")) != 0)
		return; /* another visit's, late */
	TAKE(s->pay.state, o, "state");
	TAKE(s->pay.text, o, "text");
}

/* Between a problem and the next try, where that is being chosen. */
static bool
trying_again(const struct session *s)
{
	enum screen_id at = flow_is_overlay(s->screen) ? s->below : s->screen;

	return s->pending == REQ_NONE &&
	       (at == SCR_WHERE || at == SCR_PASSWORD || at == SCR_STICK ||
		   at == SCR_TOKEN || at == SCR_TOKEN_PIN);
}

/* A problem the customer is already about to get over is no news. */
static enum intent
take_case(struct session *s, const json_t *o)
{
	char known[SHORT_TEXT];

	(void)str_copy(known, sizeof known, s->kase.problem_key);
	answer_case(&s->kase, o);
	if (trying_again(s) && known[0] != '\0' &&
	    strcmp(known, s->kase.problem_key) == 0)
		return INTENT_STAY;
	return answer_case_intent(&s->kase);
}

enum intent
answer_event(struct session *s, struct branch *b, const json_t *body)
{
	const char *event = rpc_str(body, "event");
	const json_t *o = json_object_get(body, "params");

	if (strcmp(event, "case.changed") == 0) {
		if (strcmp(s->kase.case_no, rpc_str(o, "case_no")) != 0)
			return INTENT_STAY; /* another visit's, late */
		return take_case(s, o);
	}
	if (strcmp(event, "case.progress") == 0)
		take_progress(s, o);
	else if (strcmp(event, "media.changed") == 0)
		take_media(s, o);
	else if (strcmp(event, "pay.changed") == 0)
		take_pay(s, o);
	else if (strcmp(event, "phone.changed") == 0)
		return phone_take_event(s, o);
	else if (strcmp(event, "staff.coming") == 0)
		s->staff_coming = true;
	else if (strcmp(event, "branch.changed") == 0) {
		b->waiting = (int)rpc_int(o, "waiting", 0);
		b->open_now = rpc_bool(o, "now_open");
	} else if (strcmp(event, "health.changed") == 0) {
		b->ca_ok = rpc_bool(o, "ca");
		b->registry_ok = rpc_bool(o, "registry");
		b->media_ok = rpc_bool(o, "media");
		TAKE(b->pay, o, "pay");
		TAKE(b->print, o, "print");
		b->phone_ok = rpc_bool(o, "phone");
		b->token_ok = rpc_bool(o, "token");
	}
	return INTENT_STAY;
}
