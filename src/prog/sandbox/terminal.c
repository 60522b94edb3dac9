/*
 * sandbox/terminal.c - the nexo terminal: its life, its messages, control.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "terminal_inside.h"

enum { SERVICE_ID_MAX = 10 };

static const char id_letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-";

static const json_t *
at(const json_t *o, const char *a, const char *b)
{
	return json_object_get(json_object_get(o, a), b);
}

static bool
is_id(const char *s, size_t max)
{
	size_t n = strlen(s);

	return n > 0 && n <= max && s[strspn(s, id_letters)] == '\0';
}

/* False when there is no header to answer. */
static bool
read_head(struct nexo_head *h, const json_t *in)
{
	const json_t *m = at(in, "SaleToPOIRequest", "MessageHeader");

	return str_copy(h->category, sizeof h->category,
		   rec_text(m, "MessageCategory")) &&
	       str_copy(h->service_id, sizeof h->service_id,
		   rec_text(m, "ServiceID")) &&
	       str_copy(h->sale_id, sizeof h->sale_id, rec_text(m, "SaleID")) &&
	       str_copy(h->poi_id, sizeof h->poi_id, rec_text(m, "POIID")) &&
	       strcmp(rec_text(m, "ProtocolVersion"), "3.0") == 0 &&
	       strcmp(rec_text(m, "MessageClass"), "Service") == 0 &&
	       strcmp(rec_text(m, "MessageType"), "Request") == 0 &&
	       is_id(h->category, MESSAGE_ID) &&
	       is_id(h->service_id, SERVICE_ID_MAX) &&
	       is_id(h->sale_id, MESSAGE_ID / 2);
}

static const json_t *
body_of(const struct nexo_head *h, const json_t *in)
{
	char name[MESSAGE_ID + 8];

	snprintf(name, sizeof name, "%sRequest", h->category);
	return at(in, "SaleToPOIRequest", name);
}

/* ---- the table of categories
 * -------------------------------------------------------
 */

/* clang-format off */
static const struct {
	const char *category;
	enum fault_at at;
	void (*answer)(struct sandbox *, const struct nexo_head *,
	    const json_t *, struct fault, struct reply *);
} categories[] = {
	{ "Payment",	       AT_PAYMENT,   category_payment },
	{ "TransactionStatus", AT_PAY_STATUS, category_status },
	{ "Abort",	       AT_PAY_ABORT, category_abort },
	{ "Reversal",	       AT_REVERSAL,  category_reversal },
	{ "Login",	       AT_LOGIN,     category_login },
	{ "Logout",	       AT_LOGIN,     category_logout },
	{ "Diagnosis",	       AT_DIAGNOSIS, category_diagnosis },
	{ "GetTotals",	       AT_TOTALS,    category_totals },
};
/* clang-format on */

enum { CATEGORIES = sizeof categories / sizeof *categories };

enum fault_at
terminal_kind(struct span body)
{
	json_t *in = json_loadb((const char *)body.p, body.n, 0, NULL);
	const char *word = rec_text(
	    at(in, "SaleToPOIRequest", "MessageHeader"), "MessageCategory");
	enum fault_at found = AT_NOTHING;

	for (size_t i = 0; i < CATEGORIES; i++)
		if (strcmp(categories[i].category, word) == 0)
			found = categories[i].at;
	json_decref(in);
	return found;
}

void
terminal_answer(
    struct sandbox *sb, const json_t *in, struct fault fault, struct reply *out)
{
	struct nexo_head h = { .category = "" };

	if (sb->terminal->unplugged) {
		out->drop = true;
		return;
	}
	if (!read_head(&h, in)) {
		reply_json(out, 400, json_pack("{ss}", "error", "no nexo"));
		return;
	}
	if (strcmp(h.poi_id, TERMINAL_POI_ID) != 0) {
		category_refuse(out, &h, "UnavailableDevice", NULL);
		return;
	}
	for (size_t i = 0; i < CATEGORIES; i++)
		if (strcmp(categories[i].category, h.category) == 0) {
			categories[i].answer(
			    sb, &h, body_of(&h, in), fault, out);
			return;
		}
	category_refuse(out, &h, "MessageFormat", NULL);
}

/* ---- control
 * ------------------------------------------------------------------------
 */

static bool
take_ms(int *ms, const json_t *v)
{
	if (v == NULL)
		return true;
	if (!json_is_integer(v) || json_integer_value(v) < -1 ||
	    json_integer_value(v) > FAULT_DELAY_MAX_MS)
		return false;
	*ms = (int)json_integer_value(v);
	return true;
}

bool
terminal_cardholder(struct sandbox *sb, const json_t *in)
{
	struct terminal *t = sb->terminal;
	const json_t *act = json_object_get(in, "act");
	bool ok = take_ms(&t->card_ms, json_object_get(in, "card_ms")) &&
		  take_ms(&t->host_ms, json_object_get(in, "host_ms"));

	return ok && (act == NULL || card_act(sb, rec_text(in, "act")));
}

bool
terminal_control(struct sandbox *sb, const json_t *in)
{
	struct terminal *t = sb->terminal;
	const json_t *unplug = json_object_get(in, "unplugged");

	if (unplug != NULL)
		t->unplugged = json_is_true(unplug);
	if (json_is_true(json_object_get(in, "logout")))
		json_object_clear(t->logins);
	pthread_cond_broadcast(&t->changed);
	if (!json_is_true(json_object_get(in, "day_end")))
		return true;
	rec_set_int(sb->day, "period", rec_int(sb->day, "period") + 1);
	return !err_is(records_save(&sb->days, "day"));
}

/* ---- life
 * ------------------------------------------------------------------------------
 */

/* What was under way when the power went. */
static struct err
settle(struct sandbox *sb)
{
	struct err e = err_none();
	const char *key;
	json_t *rec;

	json_object_foreach(sb->payments.all, key, rec) {
		if (strcmp(rec_text(rec, "state"), "done") == 0)
			continue;
		rec_set_text(rec, "state", "done");
		rec_set_text(rec, "result", "Failure");
		rec_set_text(rec, "condition", "Aborted");
		if (!err_is(e))
			e = records_save(&sb->payments, key);
	}
	return e;
}

struct err
terminal_open(struct sandbox *sb)
{
	struct terminal *t = calloc(1, sizeof *t);
	pthread_condattr_t attr;
	struct err e;

	if (t == NULL || (t->logins = json_object()) == NULL) {
		free(t);
		return err_make(E_NOMEM, 0, "terminal: open");
	}
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&t->changed, &attr);
	pthread_condattr_destroy(&attr);
	t->card_ms = TERMINAL_CARD_MS;
	t->host_ms = TERMINAL_HOST_MS;
	t->due_ms = -1;
	sb->terminal = t;
	e = records_open(&sb->payments, sb->dir, "payments");
	if (!err_is(e))
		e = records_open(&sb->days, sb->dir, "terminal");
	if (!err_is(e) && records_get(&sb->days, "day") == NULL)
		e = records_put(
		    &sb->days, "day", json_pack("{si}", "period", 1));
	if (!err_is(e))
		sb->day = records_get(&sb->days, "day");
	return err_is(e) ? e : settle(sb);
}

struct err
terminal_start(struct sandbox *sb)
{
	struct terminal *t = sb->terminal;

	if (pthread_create(&t->thread, NULL, card_main, sb) != 0)
		return err_make(E_SYS, 0, "terminal: thread");
	t->threaded = true;
	return err_none();
}

void
terminal_stop(struct sandbox *sb)
{
	struct terminal *t = sb->terminal;

	if (t == NULL)
		return;
	pthread_mutex_lock(&sb->lock);
	t->stop = true;
	pthread_cond_broadcast(&t->changed);
	pthread_mutex_unlock(&sb->lock);
	if (t->threaded)
		pthread_join(t->thread, NULL);
	t->threaded = false;
}

void
terminal_close(struct sandbox *sb)
{
	struct terminal *t = sb->terminal;

	if (t == NULL)
		return;
	records_close(&sb->payments);
	records_close(&sb->days);
	sb->day = NULL;
	json_decref(t->logins);
	pthread_cond_destroy(&t->changed);
	free(t);
	sb->terminal = NULL;
}
