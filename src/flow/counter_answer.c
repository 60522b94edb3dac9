/*
 * flow/counter_answer.c - JSON to the clerk's session.
 */
#include "flow/counter_answer.h"

#include <string.h>

#include "base/secret.h"
#include "base/span.h"
#include "flow/answer.h"
#include "flow/counter_request.h"
#include "rpc/rpc.h"

enum { TTL_S = 30, TTL_MAX_S = 300 };

enum counter_intent
counter_admit(struct counter_session *s, const json_t *body)
{
	const json_t *result = json_object_get(body, "result");

	s->refused = result == NULL;
	if (s->refused) {
		COUNTER_TEXT(s->error, json_object_get(body, "error"), "code");
		return CI_STAY;
	}
	s->error[0] = '\0';
	answer_hello(s->branch, result);
	COUNTER_TEXT(s->staff, result, "staff");
	s->alone = s->branch->practice;
	return CI_ADMITTED;
}

/* ---- the queue ------------------------------------------------------------
 */

static void
take_item(struct queue_item *q, const json_t *o)
{
	*q = (struct queue_item){ 0 };
	COUNTER_TEXT(q->case_no, o, "case_no");
	q->version = rpc_int(o, "version", 0);
	COUNTER_TEXT(q->state, o, "state");
	COUNTER_TEXT(q->holder, o, "holder");
	COUNTER_TEXT(q->product_key, o, "product_key");
	q->opened_at = rpc_int(o, "opened_at", 0);
	q->since = rpc_int(o, "since", 0);
	COUNTER_TEXT(q->promise, o, "promise");
	q->late = rpc_bool(o, "late");
	COUNTER_TEXT(q->owner, o, "owner");
	COUNTER_TEXT(q->terminal, o, "terminal");
	COUNTER_TEXT(q->note_key, o, "note_key");
	q->won = (int)rpc_int(o, "won", 0);
}

static void
take_call(struct staff_call *c, const json_t *o)
{
	*c = (struct staff_call){ .call = rpc_int(o, "call", 0),
		.at = rpc_int(o, "at", 0) };
	COUNTER_TEXT(c->terminal, o, "terminal");
	COUNTER_TEXT(c->screen, o, "screen");
}

static void
take_queue(struct counter_session *s, const json_t *result)
{
	const json_t *items = json_object_get(result, "items");
	const json_t *calls = json_object_get(result, "calls");
	const json_t *counts = json_object_get(result, "counts");
	struct queue_view *q = &s->queue;

	q->known = true;
	q->at_ms = s->now_ms;
	q->total = (int)rpc_int(result, "total", 0);
	q->count = 0;
	for (size_t i = 0; i < json_array_size(items) && q->count < QUEUE_ITEMS;
	     i++)
		take_item(&q->items[q->count++], json_array_get(items, i));
	for (int i = 0; i < QF_COUNT; i++)
		q->counts[i] = (int)rpc_int(counts, word_filter(i), -1);
	s->call_count = 0;
	for (size_t i = 0;
	     i < json_array_size(calls) && s->call_count < QUEUE_CALLS; i++)
		take_call(&s->calls[s->call_count++], json_array_get(calls, i));
	counter_reselect(s);
}

static void
drop_call(struct counter_session *s)
{
	if (s->call_count == 0)
		return;
	s->call_count--;
	memmove(&s->calls[0], &s->calls[1],
	    (size_t)s->call_count * sizeof s->calls[0]);
}

/* ---- the case -------------------------------------------------------------
 */

static bool
is_ours(const struct counter_session *s, const json_t *desk)
{
	const json_t *kase = json_object_get(desk, "case");

	return s->want[0] != '\0' &&
	       strcmp(rpc_str(kase, "case_no"), s->want) == 0;
}

static enum counter_intent
take_case(struct counter_session *s, enum counter_ask ask, const json_t *result)
{
	bool first = !s->desk.known;

	if (!is_ours(s, result))
		return CI_STAY;
	counter_take_desk(s, result);
	if (ask == CQ_TAKE) {
		s->desk.held = true;
		s->desk.lost = false;
	}
	return first ? CI_CASE : CI_STAY;
}

/* What an action, the papers or a confirmation led to. */
static enum counter_intent
take_done(struct counter_session *s, enum counter_ask ask, const json_t *result)
{
	struct desk *d = &s->desk;
	bool proposal = json_object_get(result, "proposal") != NULL &&
			json_object_get(result, "case") == NULL;

	if (!proposal && !is_ours(s, result))
		return CI_STAY;
	if (!proposal)
		counter_take_desk(s, result);
	if (ask == CQ_DOCS && d->applicant_changed) {
		d->applicant_changed = false;
		return CI_STAY; /* its papers are to be looked through */
	}
	s->told = ask == CQ_DOCS ? "desk.told.docs"
		  : ask == CQ_CONFIRM
		      ? d->agree == 0 ? "desk.told.agreed" : "desk.told.refused"
		  : proposal ? "desk.told.proposed"
			     : "desk.told.done";
	return CI_DONE;
}

static enum counter_intent
take_shown(struct counter_session *s, const json_t *result)
{
	struct desk *d = &s->desk;
	json_int_t ttl_s = rpc_int(result, "ttl_s", TTL_S);

	if (ttl_s < 0 || ttl_s > TTL_MAX_S)
		ttl_s = TTL_S;
	(void)str_copy(
	    d->shown_field, sizeof d->shown_field, word_unmask(d->unmask));
	COUNTER_TEXT(d->shown_value, result, "value");
	d->shown_until_ms = s->now_ms + ttl_s * 1000;
	s->told = NULL;
	return CI_DONE;
}

static enum counter_intent
take_result(
    struct counter_session *s, enum counter_ask ask, const json_t *result)
{
	switch (ask) {
	case CQ_QUEUE:
		take_queue(s, result);
		break;
	case CQ_ANSWER:
		drop_call(s);
		s->told = "desk.told.answered";
		break;
	case CQ_TAKE:
	case CQ_VIEW:
		return take_case(s, ask, result);
	case CQ_UNMASK:
		return take_shown(s, result);
	case CQ_DOCS:
	case CQ_ACT:
	case CQ_CONFIRM:
		return take_done(s, ask, result);
	case CQ_STATUS:
		counter_take_status(s, result);
		break;
	case CQ_DAY:
		counter_take_day(s, result);
		break;
	case CQ_AUDIT:
		counter_take_audit(s, result);
		break;
	case CQ_VERIFY:
		counter_take_verify(s, result);
		break;
	case CQ_PROVE:
		counter_take_proof(s, result);
		break;
	case CQ_CSV: /* the descriptor is the program's */
	case CQ_PDF:
	case CQ_LEAVE:
	case CQ_NONE:
	case CQ_COUNT:
		break;
	}
	return CI_STAY;
}

/* {1} of the sentence about an error. */
static void
take_detail(struct counter_session *s, const json_t *error)
{
	static const char *const words[] = { "by", "doc" };
	static const char *const numbers[] = { "version", "left" };

	s->error_detail[0] = '\0';
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (json_is_string(json_object_get(error, words[i])))
			COUNTER_TEXT(s->error_detail, error, words[i]);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		json_int_t v = rpc_int(error, numbers[i], -1);
		char digits[24];
		size_t at = sizeof digits;

		if (v < 0)
			continue;
		digits[--at] = '\0';
		do {
			digits[--at] = (char)('0' + v % 10);
			v /= 10;
		} while (v > 0);
		(void)str_copy(
		    s->error_detail, sizeof s->error_detail, digits + at);
	}
}

static enum counter_intent
take_error(struct counter_session *s, enum counter_ask ask, const json_t *error)
{
	const char *code = rpc_str(error, "code");

	if (ask == CQ_LEAVE)
		return CI_STAY;
	/* refreshing in the background fails quietly: what is shown stays */
	if ((ask == CQ_QUEUE || ask == CQ_STATUS) && s->queue.known &&
	    s->screen != CS_QUEUE && s->screen != CS_BRANCH)
		return CI_STAY;
	(void)str_copy(s->error, sizeof s->error, code);
	take_detail(s, error);
	s->told = NULL;
	if (ask == CQ_ANSWER && strcmp(code, "call.none") == 0) {
		drop_call(s);
		return CI_RELIST;
	}
	if (ask == CQ_TAKE && strcmp(code, "case.taken") == 0) {
		s->desk.held = false;
		return CI_TAKEN;
	}
	if ((ask == CQ_TAKE || ask == CQ_VIEW) && !s->desk.known)
		s->want[0] = '\0';
	if (strcmp(code, "case.stale") == 0)
		return CI_STALE;
	return CI_FAILED;
}

/* Whether the open case is not the one this answer is about. */
static bool
is_over(const struct counter_session *s, enum counter_ask ask)
{
	return s->want[0] == '\0' && ask >= CQ_TAKE && ask <= CQ_CONFIRM &&
	       ask != CQ_LEAVE;
}

enum counter_intent
counter_answer(
    struct counter_session *s, enum counter_ask ask, const json_t *body)
{
	const json_t *error = json_object_get(body, "error");

	if (s->pending == ask)
		s->pending = CQ_NONE;
	if (is_over(s, ask))
		return CI_STAY;
	if (error != NULL)
		return take_error(s, ask, error);
	return take_result(s, ask, json_object_get(body, "result"));
}

/* ---- events ---------------------------------------------------------------
 */

static enum counter_intent
take_staff_call(struct counter_session *s, const json_t *o)
{
	int64_t call = rpc_int(o, "call", 0);

	for (int i = 0; i < s->call_count; i++)
		if (s->calls[i].call == call)
			return CI_STAY;
	if (s->call_count < QUEUE_CALLS)
		take_call(&s->calls[s->call_count++], o);
	s->ring = true;
	return CI_STAY;
}

enum counter_intent
counter_event(struct counter_session *s, const json_t *body)
{
	const char *event = rpc_str(body, "event");
	const json_t *o = json_object_get(body, "params");
	bool ours = s->want[0] != '\0' &&
		    strcmp(rpc_str(o, "case_no"), s->want) == 0;

	if (strcmp(event, "queue.changed") == 0)
		return CI_RELIST;
	if (strcmp(event, "staff.call") == 0)
		return take_staff_call(s, o);
	if (strcmp(event, "desk.changed") == 0 && ours && s->desk.known)
		return rpc_int(o, "version", 0) == s->desk.version ? CI_STAY
								   : CI_REFRESH;
	if (strcmp(event, "desk.lost") == 0 && ours) {
		s->desk.held = false;
		s->desk.lost = true;
		return CI_REFRESH;
	}
	return CI_STAY;
}
