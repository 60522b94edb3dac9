/*
 * fault/work.c - a whole reissue, arrow by arrow, on the store itself.
 *
 * State-driven like the agent: what comes next is read from the row, so the
 * same function begins a case and takes one up after a crash.  The CA is
 * three counters in shared memory.
 */
#include <stdio.h>
#include <string.h>

#include "fault.h"
#include "store/audit_rows.h"

const uint8_t work_device_key[SEAL_KEY] = { 1, 2, 3 };
static int64_t wall, mono;

static int64_t
wall_ms(void *ctx)
{
	return wall;
}

static int64_t
mono_ms(void *ctx)
{
	return mono;
}

struct store_params
work_params(const char *folder)
{
	return (struct store_params){ .folder = folder,
		.bank_code = "HANBIT",
		.branch_code = "0417",
		.device_key = work_device_key,
		.clock = { wall_ms, mono_ms, NULL } };
}

struct err
work_open(struct store **out, const char *folder)
{
	struct store_params p = work_params(folder);
	char escrow[PATH + 16];
	struct store_audit_params ap = { .branch = "HANBIT-0417",
		.origin = "audit.dasi/HANBIT/0417",
		.device_key = work_device_key,
		.escrow = escrow };
	struct err e;

	if (wall == 0)
		wall = 1795330800000; /* 2026-11-22 16:20 in Korea */
	snprintf(escrow, sizeof escrow, "%s/audit.escrow", folder);
	e = store_open(out, &p);
	if (err_is(e))
		return e;
	e = store_audit_open(*out, &ap);
	if (err_is(e)) {
		store_close(*out);
		*out = NULL;
	}
	return e;
}

/* The exact bytes of a message, as long as real ones, with what is planted. */
static struct span
message(char room[static 2048], const char *effect, int64_t attempt)
{
	int n = snprintf(room, 2048, "%s %lld number %s password %s ", effect,
	    (long long)attempt, PLANTED_NUMBER, PLANTED_PASSWORD);

	memset(room + n, 'x', 1500 - (size_t)n);
	return span_make(room, 1500);
}

/* The stored intent leaves this machine, byte for byte. */
static struct err
send_stored(struct store *s, const struct store_case *c, const char *effect,
    enum effect which, char key[static STORE_TEXT])
{
	char room[2048], want[2048];
	struct buf b = buf_make(room, sizeof room);
	struct err e = store_open_intent(s, &b, key, STORE_TEXT, c, effect);

	if (e.code == E_NOTFOUND && plant == PLANT_NO_INTENT) {
		shared->sent[which]++;
		return err_none();
	}
	if (err_is(e))
		return e;
	if (!span_eq(buf_span(&b), message(want, effect, c->attempt)))
		snprintf(shared->says, sizeof shared->says,
		    "other bytes of %s than before", effect);
	shared->sent[which]++;
	return err_none();
}

static struct err
begin_case(struct store *s, int nth)
{
	struct store_case c = { .fee_won = -1 };
	struct store_blob blobs[] = {
		{ BLOB_PERSON,
		    span_str("{\"number\":\"" PLANTED_NUMBER "\"}") },
		{ BLOB_OLD_CERT, span_str("cert of " PLANTED_NUMBER) },
	};
	struct store_change ch = { .blobs = blobs, .blob_count = 2 };
	struct err e = store_person_tag(c.person_tag, s, PLANTED_NUMBER);

	snprintf(c.serial, sizeof c.serial, "0a%02x", nth);
	strcpy(c.issuer, "cn=yessignCA-Test,o=yessign,c=kr");
	strcpy(c.purpose, "reissue");
	return err_is(e) ? e : store_case_create(s, &c, &ch);
}

/* Arrows with an effect: the intent, then what came of it. */
static struct err
effect_step(struct store *s, struct store_case *c, const char *effect,
    enum effect which, enum case_event done)
{
	char key[STORE_TEXT] = "none";
	struct store_row result = { ROW_RESULT, effect, key, "ok",
		span_str("answer of the CA to " PLANTED_NUMBER) };
	struct store_blob cert = { BLOB_NEW_CERT, span_str("new cert") };
	struct store_change ch = { .moves = true,
		.event = done,
		.rows = &result,
		.row_count = 1,
		.blobs = &cert,
		.blob_count = which == SENT_IR };
	struct err e = send_stored(s, c, effect, which, key);

	if (err_is(e))
		return e;
	if (done == CASE_EV_HOLD_CONFIRMED) {
		c->hold = HOLD_CONFIRMED;
		c->held_at = c->reported_at;
	}
	if (done == CASE_EV_OLD_REVOKED)
		ch.forget = true;
	return store_case_step(s, c, &ch);
}

/* An arrow that leaves an intent for the next one. */
static struct err
intent_step(struct store *s, struct store_case *c, const char *effect,
    enum effect which, enum case_event event)
{
	char room[2048], key[STORE_TEXT];
	struct store_row intent = { ROW_INTENT, effect, key, NULL,
		message(room, effect, c->attempt) };
	struct store_blob pri = { BLOB_SIGN_PRI,
		span_str("key under " PLANTED_PASSWORD) };
	struct store_change ch = { .moves = true,
		.event = event,
		.rows = &intent,
		.row_count = 1,
		.blobs = &pri,
		.blob_count = event == CASE_EV_KEY_READY };

	snprintf(key, sizeof key, "%s-%lld", effect, (long long)c->version);
	if (event == CASE_EV_REPORT_LOSS) {
		c->hold = HOLD_PENDING;
		c->reported_at = wall / 1000;
		strcpy(c->loss_kind, "lost");
	}
	return store_case_step(s, c, &ch);
}

static struct err
plain_step(struct store *s, struct store_case *c, const char *effect,
    enum effect which, enum case_event event)
{
	struct store_change ch = { .moves = true, .event = event };

	return store_case_step(s, c, &ch);
}

/* The final revocation: its own intent first, without a change of state. */
static struct err
revoke_step(struct store *s, struct store_case *c, const char *effect,
    enum effect which, enum case_event event)
{
	static bool no_intent;
	char room[2048], key[STORE_TEXT];
	struct buf b = buf_make(room, sizeof room);
	struct err e = store_open_intent(s, &b, key, sizeof key, c, effect);
	struct store_row intent = { ROW_INTENT, effect, "rr-final", NULL,
		message(room, effect, c->attempt) };
	struct store_change ch = { .rows = &intent, .row_count = 1 };

	if (!err_is(e) || (e.code == E_NOTFOUND && no_intent))
		return effect_step(s, c, effect, which, event);
	no_intent = plant == PLANT_NO_INTENT;
	return e.code == E_NOTFOUND ? store_case_step(s, c, &ch) : e;
}

/* What an arrow of the reissue does, by the state it leaves. */
static const struct {
	struct err (*step)(struct store *s, struct store_case *c,
	    const char *effect, enum effect which, enum case_event event);
	const char *effect;
	enum effect which;
	enum case_event event;
} arrows[CASE_STATE_COUNT] = {
	/* clang-format off */
	[CASE_OPEN] = { intent_step, "cmp.rr", SENT_RR, CASE_EV_REPORT_LOSS },
	[CASE_REPORTED] = { effect_step, "cmp.rr", SENT_RR, CASE_EV_HOLD_CONFIRMED },
	[CASE_HELD] = { plain_step, "", 0, CASE_EV_SUBMIT },
	[CASE_APPLIED] = { plain_step, "", 0, CASE_EV_CLEAR },
	[CASE_APPROVED] = { plain_step, "", 0, CASE_EV_FEE_WAIVED },
	[CASE_PAID] = { intent_step, "cmp.ir", SENT_IR, CASE_EV_KEY_READY },
	[CASE_PREPARED] = { effect_step, "cmp.ir", SENT_IR, CASE_EV_CERT_GOOD },
	[CASE_ISSUED] = { intent_step, "cmp.certConf", SENT_CONF, CASE_EV_DELIVERY_PROVEN },
	[CASE_DELIVERED] = { effect_step, "cmp.certConf", SENT_CONF, CASE_EV_CONFIRMED },
	[CASE_CONFIRMED] = { revoke_step, "cmp.rr", SENT_RR, CASE_EV_OLD_REVOKED },
	/* clang-format on */
};

struct err
work_arrow(struct store *s, struct work *w, bool *more)
{
	struct store_case c;
	size_t n;
	struct err e = store_cases_live(s, &c, 1, &n, 0);

	*more = true;
	mono += 25000; /* every third arrow a checkpoint is due */
	wall += 25000;
	if (err_is(e))
		return e;
	if (n == 1)
		return arrows[c.state].step(s, &c, arrows[c.state].effect,
		    arrows[c.state].which, arrows[c.state].event);
	for (int i = 0; i < w->cases && i < CASES_ACKED; i++) {
		if (shared->cases[i].version == 0) {
			e = begin_case(s, i);
			w->fresh_refused = err_is(e);
			return e;
		}
		e = store_case_by_no(s, &c, shared->cases[i].case_no);
		if (err_is(e))
			return e;
	}
	*more = false;
	return err_none();
}

enum work_end
work_run(struct work *w)
{
	struct audit_event event = {
		.actor = "fault", .role = "system", .kind = "test.arrow"
	};
	struct store *s = NULL;
	bool more = true;

	w->stopped = work_open(&s, w->folder);
	for (int i = 0; i < 60 && more && !err_is(w->stopped); i++) {
		if (i == w->jump_at)
			wall += w->jump_ms;
		w->stopped = work_arrow(s, w, &more);
		if (!err_is(w->stopped))
			w->stopped = store_audit_append(s, NULL, &event);
		if (!err_is(w->stopped))
			w->stopped = store_audit_tick(s);
		if (!err_is(w->stopped))
			shared->audit_rows = audit_log_size(store_audit_log(s));
		if (!err_is(w->stopped))
			office_work(s, wall / 1000);
	}
	store_close(s);
	return err_is(w->stopped) ? WORK_STOPPED : WORK_DONE;
}
