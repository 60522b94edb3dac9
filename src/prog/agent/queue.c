/*
 * agent/queue.c - the counter's list: which cases, in which order, and how
 * many of each kind.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "identity/mask.h"
#include "npki/policy.h"
#include "prog/agent/desk.h"
#include "prog/agent/pay.h"
#include "prog/agent/queue_find.h"

enum { PAGE = 40, TELL_MS = 250, OWED_MAX = 64 };

/* Why a case is in the list; the filters of queue.list. */
enum kind {
	KIND_OPEN,
	KIND_WAITING,
	KIND_CALLED,
	KIND_REVIEW,
	KIND_RETURNED,
	KIND_FEE,
	KIND_DELIVERY,
	KIND_REFUND,
	KIND_LATE,
	KIND_ENDED,
	KIND_COUNT
};

static const char *const kind_words[KIND_COUNT] = {
	[KIND_OPEN] = "open",
	[KIND_WAITING] = "waiting",
	[KIND_CALLED] = "called",
	[KIND_REVIEW] = "review",
	[KIND_RETURNED] = "returned",
	[KIND_FEE] = "fee",
	[KIND_DELIVERY] = "delivery",
	[KIND_REFUND] = "refund",
	[KIND_LATE] = "late",
	[KIND_ENDED] = "ended",
};

enum order { ORDER_OLDEST, ORDER_PROMISE, ORDER_STATE, ORDER_COUNT };

static const char *const order_words[ORDER_COUNT] = {
	[ORDER_OLDEST] = "oldest",
	[ORDER_PROMISE] = "promise",
	[ORDER_STATE] = "state",
};

static int
word_at(const char *const *words, int n, const char *word)
{
	int i = 0;

	while (i < n && strcmp(words[i], word) != 0)
		i++;
	return i;
}

/* ---- telling ---- */

void
queue_touch(struct agent *a)
{
	a->counter.changed = true;
}

void
queue_tick(struct agent *a)
{
	if (!a->counter.changed || a->counter.told_ms + TELL_MS > mono_ms(a))
		return;
	a->counter.changed = false;
	a->counter.told_ms = mono_ms(a);
	staff_event(a, "queue.changed", json_object(), NULL);
	branch_tell(a);
}

int64_t
queue_deadline(const struct agent *a)
{
	return a->counter.changed ? a->counter.told_ms + TELL_MS : INT64_MAX;
}

/* ---- what a row is ---- */

static bool
is_fee(const struct queue_row *r)
{
	return r->state == CASE_APPROVED && r->fee_won != 0;
}

static bool
is_delivery(const struct queue_row *r)
{
	return r->problem[0] != '\0' &&
	       (r->state == CASE_PAID || r->state == CASE_PREPARED ||
		   r->state == CASE_ISSUED);
}

/* A clerk's hand is wanted and nobody serves yet. */
static bool
is_waiting(struct agent *a, const struct queue_row *r)
{
	return (r->state == CASE_REVIEW || is_fee(r)) &&
	       desk_owner(a, r->id) == NULL;
}

/* ---- money that a person must look at ---- */

/* Their cases, also ended ones; filled anew for each list. */
static struct {
	int64_t ids[OWED_MAX];
	char nos[OWED_MAX][QUEUE_WORD];
	size_t n;
} owed;

static bool
is_owed(int64_t id)
{
	for (size_t i = 0; i < owed.n; i++)
		if (owed.ids[i] == id)
			return true;
	return false;
}

static void
look_owed(struct agent *a)
{
	static const enum store_pay_want wants[] = { STORE_PAY_OWED,
		STORE_PAY_STAFF };
	static struct store_pay pays[OWED_MAX];
	size_t n;

	owed.n = 0;
	for (size_t w = 0; w < sizeof wants / sizeof *wants; w++) {
		if (err_is(store_pays_wanting(
			a->store, pays, OWED_MAX, &n, wants[w], 0)))
			continue;
		for (size_t i = 0; i < n && owed.n < OWED_MAX; i++) {
			if (is_owed(pays[i].case_id))
				continue;
			owed.ids[owed.n] = pays[i].case_id;
			str_copy(
			    owed.nos[owed.n++], QUEUE_WORD, pays[i].case_no);
		}
	}
}

static unsigned
kinds_of(struct agent *a, const struct queue_row *r)
{
	unsigned k = 1u << (case_is_over(r->state) ? KIND_ENDED : KIND_OPEN);

	k |= (unsigned)is_owed(r->id) << KIND_REFUND;
	if (case_is_over(r->state))
		return k;
	k |= (unsigned)is_waiting(a, r) << KIND_WAITING;
	k |= (unsigned)staff_called_for(a, r->id) << KIND_CALLED;
	k |= (unsigned)(r->state == CASE_REVIEW) << KIND_REVIEW;
	k |= (unsigned)(r->state == CASE_RETURNED) << KIND_RETURNED;
	k |= (unsigned)is_fee(r) << KIND_FEE;
	k |= (unsigned)is_delivery(r) << KIND_DELIVERY;
	k |= (unsigned)message_is_late(a, r->state, r->promise) << KIND_LATE;
	return k;
}

/* One list at a time: the core has one thread. */
static struct queue_row rows[QUEUE_MAX];

struct entry {
	const struct queue_row *row;
	unsigned kinds;
	enum order order;
};

static struct entry entries[QUEUE_MAX];

static bool
is_late(const struct entry *e)
{
	return (e->kinds & 1u << KIND_LATE) != 0;
}

/* Late ones first, then the oldest; the other orders before that. */
static int
compare(const void *x, const void *y)
{
	const struct entry *e = x, *f = y;
	const char *p = e->row->promise, *q = f->row->promise;
	int d = 0;

	if (e->order == ORDER_PROMISE)
		d = p[0] == '\0' || q[0] == '\0'
			? (p[0] == '\0') - (q[0] == '\0')
			: strcmp(p, q);
	else if (e->order == ORDER_STATE)
		d = (int)e->row->state - (int)f->row->state;
	if (d == 0)
		d = is_late(f) - is_late(e);
	if (d == 0)
		d = e->row->id < f->row->id ? -1 : e->row->id > f->row->id;
	return d;
}

int64_t
queue_waiting(struct agent *a)
{
	int64_t waiting = 0;
	size_t n;

	if (err_is(store_queue(a->store, rows, QUEUE_MAX, &n, false)))
		return 0;
	for (size_t i = 0; i < n; i++)
		waiting += is_waiting(a, &rows[i]);
	return waiting;
}

int64_t
queue_ahead(struct agent *a, const struct store_case *c)
{
	int64_t ahead = 0;
	size_t n;

	if (c->state != CASE_REVIEW &&
	    (c->state != CASE_APPROVED || c->fee_won == 0))
		return -1;
	if (err_is(store_queue(a->store, rows, QUEUE_MAX, &n, false)))
		return -1;
	for (size_t i = 0; i < n; i++)
		ahead += rows[i].id < c->id && is_waiting(a, &rows[i]);
	return ahead;
}

/* ---- the list ---- */

static json_t *
view_item(struct agent *a, const struct entry *e)
{
	const struct queue_row *r = e->row;
	const struct npki_policy *policy = npki_policy_find(r->policy);
	const struct link *owner = desk_owner(a, r->id);
	struct store_case c = queue_case(r);
	json_t *person = desk_person(a, &c), *v;
	char masked[MASK_TEXT] = "";

	if (rpc_str(person, "name")[0] != '\0')
		mask_name(masked, rpc_str(person, "name"));
	json_decref(person);
	v = json_pack("{s:s,s:I,s:s,s:s,s:s,s:I,s:I,s:s,s:b,s:s}", "case_no",
	    r->case_no, "version", (json_int_t)r->version, "state",
	    case_state_name(r->state), "holder", masked, "product_key",
	    policy == NULL ? "product.unknown" : policy->product, "opened_at",
	    (json_int_t)r->opened_at, "since", (json_int_t)r->changed_at,
	    "promise", r->promise, "late", is_late(e), "terminal", r->terminal);
	json_object_set_new(v, "owner",
	    owner == NULL ? json_null() : json_string(owner->staff));
	json_object_set_new(v, "note_key",
	    json_string(r->problem[0] != '\0' ? r->problem
			: r->state == CASE_REVIEW || r->state == CASE_RETURNED
			    ? r->review
			    : ""));
	json_object_set_new(
	    v, "won", r->fee_won < 0 ? json_null() : json_integer(r->fee_won));
	return v;
}

static json_t *
view_counts(const int64_t counts[static KIND_COUNT])
{
	static const enum kind told[] = { KIND_WAITING, KIND_REVIEW,
		KIND_RETURNED, KIND_FEE, KIND_DELIVERY, KIND_REFUND, KIND_LATE,
		KIND_CALLED, KIND_OPEN };
	json_t *v = json_object();

	for (size_t i = 0; i < sizeof told / sizeof *told; i++)
		json_object_set_new(
		    v, kind_words[told[i]], json_integer(counts[told[i]]));
	return v;
}

/* An ended case that money is owed for stands among the open ones. */
static size_t
add_owed(struct agent *a, size_t n)
{
	for (size_t i = 0; i < owed.n && n < QUEUE_MAX; i++) {
		struct queue_row *r = &rows[n];
		struct store_case c;
		if (err_is(store_case_by_no(a->store, &c, owed.nos[i])) ||
		    !case_is_over(c.state))
			continue;
		*r = (struct queue_row){ .id = c.id,
			.version = c.version,
			.state = c.state,
			.opened_at = c.opened_at,
			.changed_at = c.changed_at,
			.fee_won = c.fee_won };
		str_copy(r->case_no, QUEUE_WORD, c.case_no);
		str_copy(r->policy, QUEUE_WORD, c.policy);
		str_copy(r->promise, QUEUE_WORD, c.promise);
		str_copy(r->terminal, QUEUE_WORD, c.terminal);
		n++;
	}
	return n;
}

/* The open cases into rows[]. */
static size_t
read_open(struct agent *a)
{
	size_t n = 0;

	if (err_is(store_queue(a->store, rows, QUEUE_MAX, &n, false)))
		n = 0;
	return add_owed(a, n);
}

/* Rows of one kind into entries[]; all kinds are counted. */
static size_t
gather(struct agent *a, size_t n, enum kind filter, enum order order,
    const struct queue_wanted *w, int64_t counts[static KIND_COUNT])
{
	size_t found = 0;
	int opened = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned kinds = kinds_of(a, &rows[i]);
		for (int k = 0; k < KIND_COUNT; k++)
			counts[k] += (kinds >> k) & 1;
		if ((kinds & 1u << filter) != 0 &&
		    queue_fits(a, &rows[i], w, &opened))
			entries[found++] = (struct entry){ &rows[i], kinds,
				order };
	}
	return found;
}

/* A search by what a person is called is told to the log, not its words. */
static void
note_search(struct agent *a, const struct link *l, const struct queue_wanted *w)
{
	if (w->name_secret[0] != '\0' || w->digits_secret[0] != '\0')
		record_row(a, l, "search", "by",
		    w->name_secret[0] != '\0' ? "name" : "phone");
}

static json_t *
list(struct agent *a, enum kind filter, enum order order, json_int_t from,
    const struct queue_wanted *w)
{
	int64_t counts[KIND_COUNT] = { 0 };
	json_t *items = json_array();
	size_t n = 0, found;

	look_owed(a);
	if (filter != KIND_ENDED)
		n = read_open(a);
	else if (err_is(store_queue(a->store, rows, QUEUE_MAX, &n, true)))
		n = 0;
	found = gather(a, n, filter, order, w, counts);
	if (filter != KIND_ENDED)
		qsort(entries, found, sizeof *entries, compare);
	for (size_t i = (size_t)from; i < found && i < (size_t)from + PAGE; i++)
		json_array_append_new(items, view_item(a, &entries[i]));
	if (filter == KIND_ENDED) { /* the counts are of the open ones */
		memset(counts, 0, sizeof counts);
		(void)gather(a, read_open(a), KIND_COUNT, order, w, counts);
	}
	return json_pack("{s:o,s:I,s:o,s:o}", "items", items, "total",
	    (json_int_t)found, "counts", view_counts(counts), "calls",
	    staff_calls(a));
}

const char *
ask_queue_list(struct agent *a, struct ask *q)
{
	const char *sort = rpc_str(q->params, "sort");
	int filter = word_at(
	    kind_words, KIND_COUNT, rpc_str(q->params, "filter"));
	int order = sort[0] == '\0' ? ORDER_OLDEST
				    : word_at(order_words, ORDER_COUNT, sort);
	json_int_t from = rpc_int(q->params, "from", 0);
	struct ref asker = link_ref(a, q->link);
	struct queue_wanted w;
	json_t *v;

	if (filter == KIND_COUNT || order == ORDER_COUNT || from < 0 ||
	    from > QUEUE_MAX ||
	    strlen(rpc_str(q->params, "find")) >= STORE_TEXT)
		return "rpc.params";
	queue_understand(&w, rpc_str(q->params, "find"));
	note_search(a, q->link, &w);
	v = list(a, (enum kind)filter, (enum order)order, from, &w);
	secret_wipe(&w, sizeof w);
	answer(a, asker, q->id, v);
	return NULL;
}
