/*
 * net/pay.c - the methods pay.*: params in, one talk with the terminal (a
 * login before it when it asks for one), result out.
 *
 * Whatever is not clearly an answer to this very request is an error, and an
 * error means: unknown, unless not one byte of the request went out.
 */
#include <openssl/rand.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "peer/pay.h"
#include "prog/net/exchange.h"
#include "prog/net/job.h"
#include "rpc/rpc.h"

enum {
	START_MS_MIN = 1000,
	START_MS_MAX = 300000,
	START_MS = 120000,
	STREAM_ROOM = 2 * PAY_OBJECT_MAX
};

/* One request and what came of it. */
struct talk {
	struct exchange *x;
	const struct pay_driver *driver;
	enum pay_call call;
	struct pay_ask ask;
	int timeout_ms;
	struct buf stream; /* what has arrived and is not read yet */
	struct pay_answer answer;
	bool answered; /* ... or something that stands in its place: */
	struct err e;
};

static uint8_t stream_room[STREAM_ROOM]; /* one child, one talk at a time */

/* An id of our own for what the agent keeps no record of. */
static void
new_id(char out[static PAY_SERVICE_ID])
{
	static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
	uint8_t r[PAY_SERVICE_ID - 1] = { 0 };

	(void)RAND_bytes(r, sizeof r);
	for (size_t i = 0; i < sizeof r; i++)
		out[i] = letters[r[i] % 32];
	out[sizeof r] = '\0';
}

/* What the terminal shows goes to the agent while we wait. */
static void
tell_display(const struct talk *t)
{
	json_t *frame = rpc_event(
	    "pay.display", json_pack("{s:s,s:s}", "service_id",
			       t->ask.service_id, "text", t->answer.text));
	struct err e = frame == NULL ? err_make(E_NOMEM, 0, "pay: display")
				     : rpc_send(t->x->sock, frame, -1);

	if (err_is(e))
		log_err(LOG_NOTICE, "display", e);
	json_decref(frame);
}

/* Take one object; true when it was the answer, or none will come. */
static bool
take_object(struct talk *t, struct span object)
{
	t->e = t->driver->read(&t->answer, t->call, &t->ask, object);
	if (!err_is(t->e) && t->answer.kind == PAY_DISPLAY)
		tell_display(t);
	t->answered = err_is(t->e) || t->answer.kind == PAY_ANSWER;
	return t->answered;
}

/* Bytes as they arrive; false: enough. */
static bool
on_piece(void *ctx, struct span data)
{
	struct talk *t = ctx;
	struct span object;
	size_t used;

	buf_add(&t->stream, data.p, data.n);
	do {
		t->e = t->stream.full
			   ? err_make(E_LIMIT, 0, "pay: stream")
			   : pay_next(&object, &used, buf_span(&t->stream));
		t->answered = err_is(t->e) ||
			      (object.n > 0 && take_object(t, object));
		if (t->answered)
			return false;
		t->stream.n -= used;
		memmove(t->stream.p, t->stream.p + used, t->stream.n);
	} while (object.n > 0);
	return true;
}

/* No answer; true when an empty one will do. */
static bool
unanswered(struct talk *t, struct err e)
{
	const struct http_answer *a = t->x->answer;

	if (!err_is(e) && a->status == 200 && t->call == PAY_ABORT)
		return true;
	log_err(LOG_NOTICE, "terminal", e);
	if (err_is(e) && (!a->sent || e.code == E_GONE)) {
		t->x->code = "peer.pay_down";
		t->x->more = json_pack(
		    "{s:b,s:s}", "sent", a->sent, "where", e.where);
	} else if (e.code == E_TIMEOUT) {
		exchange_fail(t->x, "peer.pay_timeout", e.where);
	} else {
		exchange_fail(t->x, "peer.pay_answer",
		    a->status != 200 ? "pay: http status" : "pay: no answer");
	}
	return false;
}

/* One request; false: there is an error in `x` and no answer at all. */
static bool
talk_once(struct talk *t)
{
	char url[HTTP_URL];
	uint8_t room[PAY_REQUEST_MAX];
	struct buf body = buf_make(room, sizeof room);
	struct err e = t->driver->request(&body, t->call, &t->ask);
	const struct conf *conf = t->x->conf;
	struct http_ask ask = { .url = url,
		.type = t->driver->content_type,
		.timeout_ms = t->timeout_ms,
		.peer_ca = conf->pay_ca,
		.strict = true,
		.silence_ms = conf->pay_timeout_s * 1000,
		.piece = on_piece,
		.ctx = t };

	if (err_is(e) || !str_copy(url, sizeof url, conf->pay_url) ||
	    !str_copy(url + strlen(url), sizeof url - strlen(url),
		t->driver->paths[t->call])) {
		exchange_fail(t->x, "rpc.params", e.where);
		return false;
	}
	ask.body = buf_span(&body);
	memset(&t->answer, 0, sizeof t->answer);
	t->answered = false;
	t->stream = buf_make(stream_room, sizeof stream_room);
	e = http_perform(t->x->answer, &ask);
	return t->answered || unanswered(t, e);
}

static bool
login(struct talk *t)
{
	struct talk in = *t;
	char id[PAY_SERVICE_ID];

	new_id(id);
	in.call = PAY_LOGIN;
	in.ask.service_id = id;
	in.ask.at_ms = (int64_t)time(NULL) * 1000;
	in.timeout_ms = t->x->conf->peer_timeout_ms;
	if (!talk_once(&in))
		return false;
	if (err_is(in.e))
		exchange_fail(t->x, "peer.pay_answer", in.e.where);
	return !err_is(in.e);
}

/*
 * One request, after a login when the terminal wants one: it has refused the
 * message unseen, so the same one may follow.
 */
static bool
talk(struct talk *t)
{
	if (!talk_once(t))
		return false;
	if (!t->answer.logged_out || t->driver->paths[PAY_LOGIN] == NULL)
		return true;
	return login(t) && talk_once(t);
}

static json_t *
payment_json(const struct pay_result *r)
{
	return json_pack("{s:s,s:s,s:s,s:I,s:s,s:s,s:s,s:s,s:s}", "result",
	    pay_outcome_name(r->outcome), "condition", r->condition,
	    "service_id", r->service_id, "won", (json_int_t)r->won, "poi_txn",
	    r->poi_txn, "poi_at", r->poi_at, "approval", r->approval, "brand",
	    r->brand, "pan", r->pan);
}

/* An error; when another amount was charged, with all that it names. */
static void
not_believed(struct talk *t)
{
	log_err(LOG_NOTICE, "terminal", t->e);
	exchange_fail(t->x, "peer.pay_answer", t->e.where);
	if (t->e.code == E_MISMATCH)
		json_object_set_new(
		    t->x->more, "payment", payment_json(&t->answer.result));
}

/* A talk and its good answer, or an error in `x`. */
static bool
talk_well(struct talk *t)
{
	if (!talk(t))
		return false;
	if (err_is(t->e))
		not_believed(t);
	return !err_is(t->e);
}

/* Prepare a talk; false and an error when this driver has no such call. */
static bool
begin(struct talk *t, struct exchange *x, enum pay_call call)
{
	const struct conf *c = x->conf;
	const json_t *p = x->params;

	*t = (struct talk){ .x = x,
		.driver = pay_driver_find(c->pay_driver),
		.call = call,
		.timeout_ms = c->pay_timeout_s * 1000 };
	t->ask = (struct pay_ask){ .sale_id = c->pay_sale_id,
		.poi_id = c->pay_poi_id,
		.service_id = rpc_str(p, "service_id"),
		.of = rpc_str(p, "of"),
		.order = rpc_str(p, "order"),
		.won = rpc_int(p, "won", 0),
		.at_ms = rpc_int(p, "at", 0),
		.poi_txn = rpc_str(p, "poi_txn"),
		.poi_at = rpc_str(p, "poi_at"),
		.approval = rpc_str(p, "approval"),
		.reason = rpc_str(p, "reason") };
	if (t->driver == NULL) {
		x->code = "peer.pay_down";
		x->more = json_pack(
		    "{s:b,s:s}", "sent", 0, "where", "pay: no terminal");
	} else if (t->driver->paths[call] == NULL) {
		exchange_fail(x, "rpc.method", "pay: not with this driver");
	}
	return x->code == NULL;
}

static json_t *
reversal_json(const struct pay_result *r)
{
	return json_pack("{s:s,s:s}", "result",
	    r->outcome == PAY_APPROVED ? "reversed" : "refused", "condition",
	    r->condition);
}

int
pay_limit_ms(const json_t *params)
{
	json_int_t ms = rpc_int(params, "timeout_ms", START_MS);

	if (ms < START_MS_MIN)
		return START_MS_MIN;
	return ms > START_MS_MAX ? START_MS_MAX : (int)ms;
}

void
pay_start(struct exchange *x)
{
	struct talk t;

	if (!begin(&t, x, PAY_START))
		return;
	t.timeout_ms = pay_limit_ms(x->params);
	if (talk_well(&t))
		x->result = payment_json(&t.answer.result);
}

void
pay_status(struct exchange *x)
{
	bool reversal = strcmp(rpc_str(x->params, "what"), "reversal") == 0;
	struct talk t;

	if (!begin(&t, x, reversal ? PAY_STATUS_REVERSE : PAY_STATUS))
		return;
	t.timeout_ms = x->conf->peer_timeout_ms;
	if (!talk_well(&t))
		return;
	x->result = json_pack("{s:s}", "found", pay_found_name(t.answer.found));
	if (t.answer.found == PAY_FOUND_YES)
		json_object_set_new(x->result,
		    reversal ? "reversal" : "payment",
		    reversal ? reversal_json(&t.answer.result)
			     : payment_json(&t.answer.result));
}

void
pay_abort(struct exchange *x)
{
	struct talk t;

	if (!begin(&t, x, PAY_ABORT))
		return;
	t.timeout_ms = x->conf->peer_timeout_ms;
	if (talk_well(&t))
		x->result = json_object();
}

/*
 * A terminal may refuse a reversal it has done already because the message
 * came before.  What it has on record under that id then counts.
 */
static void
reversal_of_before(struct talk *t)
{
	struct pay_result refused = t->answer.result;
	struct talk s = *t;
	char id[PAY_SERVICE_ID];

	new_id(id);
	s.call = PAY_STATUS_REVERSE;
	s.ask.of = t->ask.service_id;
	s.ask.service_id = id;
	s.timeout_ms = t->x->conf->peer_timeout_ms;
	if (!talk_well(&s))
		return;
	if (s.answer.found == PAY_FOUND_YES)
		t->x->result = reversal_json(&s.answer.result);
	else if (s.answer.found == PAY_FOUND_NO)
		t->x->result = json_pack("{s:s,s:s}", "result", "refused",
		    "condition", refused.condition);
	else
		exchange_fail(t->x, "peer.pay_answer", "pay: under way");
}

void
pay_reverse(struct exchange *x)
{
	struct talk t;

	if (!begin(&t, x, PAY_REVERSE) || !talk(&t))
		return;
	if (!err_is(t.e))
		x->result = reversal_json(&t.answer.result);
	else if (t.answer.result.condition[0] != '\0' &&
		 t.driver->paths[PAY_STATUS_REVERSE] != NULL)
		reversal_of_before(&t);
	else
		not_believed(&t);
}

void
pay_netcancel(struct exchange *x)
{
	struct talk t;

	if (begin(&t, x, PAY_CANCEL_UNKNOWN) && talk_well(&t))
		x->result = json_pack("{s:s}", "result",
		    t.answer.result.outcome == PAY_APPROVED ? "cancelled"
							    : "none");
}

static void
drop_error(struct exchange *x)
{
	json_decref(x->more);
	x->more = NULL;
	x->code = NULL;
}

/* A terminal that cannot be asked is none; that is no error. */
void
pay_probe(struct exchange *x)
{
	enum pay_unknown on_unknown = PAY_QUERY;
	char id[PAY_SERVICE_ID];
	bool ready = false;
	struct talk t;

	new_id(id);
	if (begin(&t, x, PAY_PROBE)) {
		on_unknown = t.driver->on_unknown;
		t.ask.service_id = id;
		t.timeout_ms = EXCHANGE_PROBE_MS;
		ready = talk_once(&t) && !err_is(t.e) && t.answer.ready &&
			(!t.answer.logged_out ||
			    t.driver->paths[PAY_LOGIN] == NULL || login(&t));
	}
	drop_error(x);
	x->result = json_pack("{s:b,s:s}", "terminal", ready, "on_unknown",
	    pay_unknown_name(on_unknown));
}

void
pay_totals(struct exchange *x)
{
	struct talk t;

	if (!begin(&t, x, PAY_TOTALS) || !talk_well(&t))
		return;
	x->result = json_pack("{s:{s:I,s:I},s:{s:I,s:I}}", "payments", "count",
	    (json_int_t)t.answer.payments.count, "won",
	    (json_int_t)t.answer.payments.won, "reversals", "count",
	    (json_int_t)t.answer.reversals.count, "won",
	    (json_int_t)t.answer.reversals.won);
}
