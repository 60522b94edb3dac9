/*
 * flow/counter_desk.c - a case as the clerk sees it, out of JSON.
 *
 * What the clerk has typed stays: only what the agent tells is replaced.
 */
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "flow/answer.h"
#include "flow/counter_answer.h"
#include "flow/counter_request.h"
#include "rpc/rpc.h"

static void
take_facts(struct desk *d, const json_t *list)
{
	d->fact_count = 0;
	for (size_t i = 0;
	     i < json_array_size(list) && d->fact_count < DESK_FACTS; i++) {
		struct desk_fact *f = &d->facts[d->fact_count++];
		const json_t *o = json_array_get(list, i);

		*f = (struct desk_fact){ 0 };
		COUNTER_TEXT(f->field, o, "field");
		COUNTER_TEXT(f->value, o, "value");
	}
}

/* "doc.resident_card" and "resident_card" are the same paper. */
static void
take_doc_name(char out[static WORD_TEXT], const json_t *o)
{
	char name[WORD_TEXT + 4];

	COUNTER_TEXT(name, o, "doc");
	(void)str_copy(
	    out, WORD_TEXT, strncmp(name, "doc.", 4) == 0 ? name + 4 : name);
}

static void
take_docs(struct desk *d, const json_t *list)
{
	d->doc_count = 0;
	for (size_t i = 0;
	     i < json_array_size(list) && d->doc_count < DESK_DOCS_MAX; i++) {
		struct desk_doc *doc = &d->docs[d->doc_count++];
		const json_t *o = json_array_get(list, i);

		*doc = (struct desk_doc){ 0 };
		take_doc_name(doc->doc, o);
		doc->group = (int)rpc_int(o, "group", 0);
		COUNTER_TEXT(doc->form, o, "form");
		doc->max_age_days = (int)rpc_int(o, "max_age_days", 0);
		doc->needed = rpc_bool(o, "needed");
		doc->seen = rpc_bool(o, "seen");
		COUNTER_TEXT(doc->issued, o, "issued");
	}
}

static void
take_line(struct desk_line *l, const json_t *o, const char *text)
{
	*l = (struct desk_line){ .at = rpc_int(o, "at", 0) };
	COUNTER_TEXT(l->key, o, "key");
	COUNTER_TEXT(l->by, o, "by");
	COUNTER_TEXT(l->text, o, text);
}

/* The newest `cap`, newest first, whichever way the list is told. */
static int
take_lines(struct desk_line *out, int cap, const json_t *list, const char *text)
{
	size_t n = json_array_size(list);
	bool rising = rpc_int(json_array_get(list, 0), "at", 0) <=
		      rpc_int(json_array_get(list, n - 1), "at", 0);
	int count = 0;

	for (size_t i = 0; i < n && count < cap; i++)
		take_line(&out[count++],
		    json_array_get(list, rising ? n - 1 - i : i), text);
	return count;
}

static void
take_pays(struct desk *d, const json_t *list)
{
	d->pay_count = 0;
	for (size_t i = 0;
	     i < json_array_size(list) && d->pay_count < DESK_PAYS; i++) {
		struct desk_pay *p = &d->pays[d->pay_count++];
		const json_t *o = json_array_get(list, i);

		*p = (struct desk_pay){ .id = rpc_int(o, "id", 0),
			.won = (int)rpc_int(o, "won", 0),
			.at = rpc_int(o, "at", 0) };
		COUNTER_TEXT(p->method, o, "method");
		COUNTER_TEXT(p->state, o, "state");
		COUNTER_TEXT(p->approval, o, "approval");
		if (p->approval[0] == '\0')
			COUNTER_TEXT(p->approval, o, "receipt_no");
		COUNTER_TEXT(p->brand, o, "brand");
		COUNTER_TEXT(p->pan, o, "pan");
	}
}

/* What exactly was proposed: {"waiver":"...","won":4400}. */
static void
take_details(struct desk_proposal *p, const json_t *details)
{
	const char *name;
	json_t *v;

	json_object_foreach((json_t *)(uintptr_t)details, name, v) {
		char *text;

		if (p->detail_count >= DESK_DETAILS ||
		    (json_is_string(v) && json_string_length(v) == 0))
			continue;
		(void)str_copy(
		    p->details[p->detail_count].name, WORD_TEXT, name);
		text = json_dumps(v, JSON_ENCODE_ANY);
		if (json_is_string(v))
			COUNTER_TEXT(
			    p->details[p->detail_count].value, details, name);
		else if (text != NULL)
			(void)str_copy(p->details[p->detail_count].value,
			    SHORT_TEXT, text);
		free(text);
		p->detail_count++;
	}
}

static void
take_proposals(struct desk *d, const json_t *list)
{
	d->proposal_count = 0;
	for (size_t i = 0;
	     i < json_array_size(list) && d->proposal_count < DESK_PROPOSALS;
	     i++) {
		struct desk_proposal *p = &d->proposals[d->proposal_count++];
		const json_t *o = json_array_get(list, i);

		*p = (struct desk_proposal){ .proposal = rpc_int(
						 o, "proposal", 0),
			.at = rpc_int(o, "at", 0) };
		COUNTER_TEXT(p->action, o, "action");
		COUNTER_TEXT(p->by, o, "by");
		COUNTER_TEXT(p->reason, o, "reason");
		COUNTER_TEXT(p->level, o, "level");
		take_details(p, json_object_get(o, "details"));
	}
	if (d->proposal_at >= d->proposal_count)
		d->proposal_at = 0;
}

static void
take_actions(struct desk *d, const json_t *list)
{
	d->action_count = 0;
	for (size_t i = 0;
	     i < json_array_size(list) && d->action_count < DESK_ACTIONS; i++) {
		const char *word = json_string_value(json_array_get(list, i));

		if (word != NULL && counter_act_named(word) != NULL)
			(void)str_copy(
			    d->actions[d->action_count++], WORD_TEXT, word);
	}
	if (d->action >= d->action_count)
		d->action = 0;
}

static void
take_guide(struct desk *d, const json_t *o)
{
	d->guide.known = json_is_object(o);
	d->guide.sent_at = rpc_int(o, "sent_at", 0);
	d->guide.expires_at = rpc_int(o, "expires_at", 0);
	d->guide.attempts_left = (int)rpc_int(o, "attempts_left", 0);
	COUNTER_TEXT(d->guide.channel, o, "channel");
}

void
counter_take_desk(struct counter_session *s, const json_t *o)
{
	const json_t *loss = json_object_get(o, "loss");
	struct desk *d = &s->desk;

	d->known = true;
	answer_case(&d->kase, json_object_get(o, "case"));
	d->version = rpc_int(o, "version", d->kase.version);
	COUNTER_TEXT(d->owner, o, "owner");
	d->held = rpc_bool(o, "mine");
	take_facts(d, json_object_get(o, "facts"));
	COUNTER_TEXT(d->loss_kind, loss, "kind");
	COUNTER_TEXT(d->medium, loss, "medium");
	d->misuse = rpc_bool(loss, "misuse");
	COUNTER_TEXT(d->applicant, o, "applicant");
	take_docs(d, json_object_get(o, "docs"));
	d->missing = (int)rpc_int(o, "missing", 0);
	d->history_count = take_lines(
	    d->history, DESK_HISTORY, json_object_get(o, "history"), "detail");
	d->note_count = take_lines(
	    d->notes, DESK_NOTES, json_object_get(o, "notes"), "text");
	take_pays(d, json_object_get(o, "pay"));
	take_proposals(d, json_object_get(o, "proposals"));
	take_actions(d, json_object_get(o, "actions"));
	take_guide(d, json_object_get(o, "guide"));
}
