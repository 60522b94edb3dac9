/*
 * agent/deliver.c - what all ways of delivery have in common: the choice, its
 * proofs, and the CA, who is told when all of them are there.
 */
#include "prog/agent/deliver.h"

#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"

enum { CONFIRM_TIMEOUT_MS = 30000 };

static const char KEY_LOST[] = "problem.key_lost";

static const struct way *const ways[WAY_COUNT] = {
	[WAY_STICK] = &way_stick,
	[WAY_PHONE] = &way_phone,
	[WAY_TOKEN] = &way_token,
};

const struct way *
way_of(enum way_id id)
{
	return ways[id];
}

static uint8_t
bit(enum way_id id)
{
	return (uint8_t)(1u << id);
}

/* ---- the choice ---- */

void
deliver_load(struct agent *a, struct live *l)
{
	uint8_t room[DELIVER_RECORD];
	struct buf b = buf_make(room, sizeof room);

	l->delivery.chosen = bit(WAY_STICK);
	l->delivery.proven = l->delivery.failed = 0;
	if (!err_is(store_blob_get(a->store, &b, &l->c, BLOB_WAYS)) &&
	    b.n == DELIVER_RECORD) {
		l->delivery.chosen = room[0];
		l->delivery.proven = room[1];
	}
}

struct store_blob
deliver_record(
    uint8_t room[static DELIVER_RECORD], uint8_t chosen, uint8_t proven)
{
	room[0] = chosen;
	room[1] = proven;
	return (
	    struct store_blob){ BLOB_WAYS, span_make(room, DELIVER_RECORD) };
}

static int
way_named(const char *name)
{
	int i = 0;

	while (i < WAY_COUNT && strcmp(ways[i]->name, name) != 0)
		i++;
	return i;
}

const char *
deliver_read(struct agent *a, uint8_t *chosen, const json_t *params)
{
	const json_t *to = json_object_get(params, "to"), *one;
	size_t i;

	*chosen = bit(WAY_STICK);
	if (!json_is_array(to))
		return NULL;
	*chosen = 0;
	json_array_foreach(to, i, one) {
		const char *name = json_string_value(one);
		int id = name == NULL ? WAY_COUNT : way_named(name);
		if (id == WAY_COUNT)
			return "rpc.params";
		if (!ways[id]->ready(a))
			return ways[id]->missing;
		*chosen |= bit((enum way_id)id);
	}
	for (int id = 0; id < WAY_COUNT; id++) {
		if (ways[id]->alone && (*chosen & bit((enum way_id)id)) != 0 &&
		    *chosen != bit((enum way_id)id))
			return "rpc.params";
	}
	return *chosen == 0 ? "rpc.params" : NULL;
}

static const char *
state_of(const struct live *l, enum way_id id)
{
	const struct delivery *d = &l->delivery;

	if ((d->proven & bit(id)) != 0)
		return "done";
	if (ways[id]->busy != NULL && ways[id]->busy(l))
		return "doing";
	return (d->failed & bit(id)) != 0 ? "failed" : "todo";
}

json_t *
deliver_view(const struct live *l)
{
	json_t *list = json_array();

	for (int i = 0; i < WAY_COUNT; i++) {
		if ((l->delivery.chosen & bit((enum way_id)i)) == 0)
			continue;
		json_array_append_new(
		    list, json_pack("{s:s,s:s}", "way", ways[i]->name, "state",
			      state_of(l, (enum way_id)i)));
	}
	return list;
}

bool
deliver_wants(const struct live *l, enum way_id id)
{
	return (l->delivery.chosen & ~l->delivery.proven & bit(id)) != 0;
}

/* ---- what is under way ---- */

bool
deliver_busy(const struct live *l)
{
	for (int i = 0; i < WAY_COUNT; i++) {
		if (ways[i]->busy != NULL && ways[i]->busy(l))
			return true;
	}
	return false;
}

void
deliver_begin(struct agent *a, struct live *l)
{
	for (int i = 0; i < WAY_COUNT; i++) {
		if (!deliver_wants(l, (enum way_id)i))
			continue;
		l->delivery.failed &= (uint8_t)~bit((enum way_id)i);
		if (ways[i]->begin != NULL)
			ways[i]->begin(a, l);
	}
}

void
deliver_cancel(struct agent *a, struct live *l)
{
	for (int i = 0; i < WAY_COUNT; i++) {
		if (ways[i]->cancel != NULL)
			ways[i]->cancel(a, l);
	}
}

/* ---- what came of it ---- */

/* DELIVERED when nothing is wanted any more. */
static struct err
note(struct agent *a, struct live *l, const struct store_row *row,
    uint8_t chosen, uint8_t proven)
{
	uint8_t room[DELIVER_RECORD];
	struct store_blob blob = deliver_record(room, chosen, proven);
	struct store_change ch = { .moves = (chosen & ~proven) == 0,
		.event = CASE_EV_DELIVERY_PROVEN,
		.rows = row,
		.row_count = 1,
		.blobs = &blob,
		.blob_count = 1 };
	char problem[WORD];
	struct err e;

	str_copy(problem, sizeof problem, l->c.problem);
	l->c.problem[0] = '\0';
	e = live_change(a, l, &ch);
	if (err_is(e)) {
		str_copy(l->c.problem, sizeof l->c.problem, problem);
		return e;
	}
	l->delivery.chosen = chosen;
	l->delivery.proven = proven;
	return e;
}

/* All is proven, or the next way's turn, or the customer is leaving. */
static void
go_on(struct agent *a, struct live *l)
{
	live_changed(a, l);
	if (l->c.state == CASE_DELIVERED) {
		if (link_get(a, l->issue.key) != NULL)
			deliver_confirm(a, l, true);
		else
			live_next(a, l);
	} else if (l->issue.leaving) {
		deliver_confirm(a, l, false);
	}
}

struct err
deliver_proven(struct agent *a, struct live *l, enum way_id id)
{
	struct store_row row = { ROW_RESULT, ways[id]->effect, l->c.new_serial,
		"ok", { NULL, 0 } };
	struct err e = note(a, l, &row, l->delivery.chosen,
	    (uint8_t)(l->delivery.proven | bit(id)));

	if (err_is(e))
		return e;
	live_progress(a, l, STAGE_PROVE, "done", -1);
	go_on(a, l);
	return e;
}

void
deliver_failed(struct agent *a, struct live *l, enum way_id id,
    const char *outcome, const char *problem)
{
	struct store_row row = { ROW_RESULT, ways[id]->effect, l->c.new_serial,
		outcome, { NULL, 0 } };
	enum stage at = l->stage;

	log_line(LOG_WARNING, "delivery by %s: %s", ways[id]->name, outcome);
	l->delivery.failed |= bit(id);
	if (problem != NULL)
		str_copy(l->c.problem, sizeof l->c.problem, problem);
	if (err_is(live_step(a, l, CASE_EV_DELIVERY_FAILED, &row, 1, NULL, 0)))
		log_line(LOG_ERROR, "failed delivery not noted");
	if (at == STAGE_WRITE || at == STAGE_PROVE)
		live_progress(a, l, at, "failed", -1);
	live_changed(a, l);
	if (l->issue.leaving)
		deliver_confirm(a, l, false);
}

/* ---- the CA is told ---- */

static void
on_decided(struct agent *a, const struct context *ctx, const struct reply *r)
{
	/* What came of it is the answer to issue.start. */
	if (r->error != NULL)
		log_line(LOG_WARNING, "issue.confirm: %s", r->error);
}

void
deliver_confirm(struct agent *a, struct live *l, bool accept)
{
	struct context ctx = { .link = NO_REF, .live = live_ref(a, l) };
	bool leaving = l->issue.leaving;

	if (!accept) {
		/* a way that is cut short asks who is leaving, too */
		l->issue.leaving = false;
		deliver_cancel(a, l);
		l->issue.leaving = leaving;
		if (err_is(live_step(
			a, l, CASE_EV_DELIVERY_GIVEN_UP, NULL, 0, NULL, 0)))
			return;
	}
	l->issue.waits = false;
	if (accept)
		live_progress(a, l, STAGE_CONFIRM, "doing", -1);
	call_peer(a, link_get(a, l->issue.key), "issue.confirm",
	    json_pack("{s:b}", "accept", accept), -1, CONFIRM_TIMEOUT_MS,
	    on_decided, &ctx);
}

/* ---- tried again, or otherwise ---- */

/* Nothing but these from now on; what is left out ends. */
static struct err
choose(struct agent *a, struct live *l, uint8_t chosen)
{
	char word[WORD] = "";
	struct buf b = buf_make(word, sizeof word - 1);
	struct store_row row = { ROW_EVENT, "deliver.ways", NULL, word,
		{ NULL, 0 } };

	for (int i = 0; i < WAY_COUNT; i++) {
		if ((chosen & bit((enum way_id)i)) == 0) {
			if (ways[i]->cancel != NULL)
				ways[i]->cancel(a, l);
			continue;
		}
		buf_add_str(&b, b.n > 0 ? "+" : "");
		buf_add_str(&b, ways[i]->name);
	}
	return note(a, l, &row, chosen, l->delivery.proven);
}

bool
deliver_settle(struct agent *a, struct live *l)
{
	if (l->c.state != CASE_ISSUED || l->delivery.proven == 0 ||
	    l->issue.leaving || err_is(choose(a, l, l->delivery.proven)))
		return false;
	log_line(LOG_NOTICE, "delivered without the ways that came to nothing");
	go_on(a, l);
	return true;
}

/* Other ways than before: one that is proven stays, one left out is dropped. */
static const char *
choose_again(struct agent *a, struct live *l, const json_t *params)
{
	uint8_t chosen;
	const char *refused = deliver_read(a, &chosen, params);
	struct err e;

	if (refused != NULL)
		return refused;
	chosen |= l->delivery.proven;
	if (chosen == l->delivery.chosen)
		return NULL;
	/* the key is where it is */
	if (((chosen ^ l->delivery.chosen) & bit(WAY_TOKEN)) != 0)
		return "case.state";
	e = choose(a, l, chosen);
	return err_is(e) ? store_refusal(e) : NULL;
}

/* The same certificate once more; a new worker takes the password in `fd`. */
static const char *
deliver_again(struct agent *a, struct live *l, const json_t *params, int fd)
{
	if (link_get(a, l->issue.key) == NULL) {
		if (deliver_wants(l, WAY_TOKEN)) {
			(void)token_read(l, params);
			/* the same certificate, when it is in again */
			if (!way_token.ready(a))
				return way_token.missing;
		}
		if (fd < 0 || !issue_resume(a, l, fd)) {
			live_problem(a, l, KEY_LOST);
			live_changed(a, l);
			return "case.state";
		}
		live_problem(a, l, "");
		return NULL;
	}
	if (!l->issue.waits)
		return "case.state";
	live_problem(a, l, "");
	deliver_begin(a, l);
	return NULL;
}

const char *
ask_case_deliver(struct agent *a, struct ask *q)
{
	struct live *l = live_of(a, q->link);
	struct ref asker = link_ref(a, q->link);
	const char *refused = NULL;

	if (l == NULL)
		return "case.none";
	if (l->c.state != CASE_ISSUED || deliver_busy(l))
		return "case.state";
	if (json_is_array(json_object_get(q->params, "to")))
		refused = choose_again(a, l, q->params);
	if (refused == NULL && l->c.state == CASE_DELIVERED)
		go_on(a, l);
	else if (refused == NULL)
		refused = deliver_again(a, l, q->params, q->fd);
	if (refused == NULL)
		answer(a, asker, q->id, view_case(a, l));
	return refused;
}

/* ---- what is delivered ---- */

json_t *
deliver_blob(struct agent *a, const struct live *l, enum store_blob_kind kind)
{
	static uint8_t room[STORE_BLOB];
	struct buf b = buf_make(room, sizeof room);
	json_t *v = NULL;

	if (!err_is(store_blob_get(a->store, &b, &l->c, kind)) && b.n > 0)
		v = rpc_bytes(buf_span(&b));
	secret_wipe(room, sizeof room);
	return v;
}

struct err
deliver_cert(struct agent *a, const struct live *l, struct npki_cert_info *i)
{
	static uint8_t room[NPKI_CERT_MAX];
	struct buf b = buf_make(room, sizeof room);
	struct err e = store_blob_get(a->store, &b, &l->c, BLOB_NEW_CERT);

	if (!err_is(e))
		e = npki_cert_info_der(i, buf_span(&b));
	secret_wipe(room, b.n);
	return e;
}
