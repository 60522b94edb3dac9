/*
 * agent/expire.c - cases that wait for a customer who does not come.
 *
 * What waits for the bank or the CA never ends by itself, however late.  A
 * hold stays; what was charged goes back (EFFECT_REFUND).  The days are those
 * of the clock on the wall, so nothing ends in the first hour, while a wrong
 * one is being set, nor once it was set.
 */
#include <string.h>

#include "base/log.h"
#include "prog/agent/desk.h"
#include "prog/agent/pay.h"

enum {
	DAY_S = 24 * 3600,
	FIRST_MS = 3600 * 1000,
	AGAIN_MS = 3600 * 1000,
	REMIND_DAYS = 2,
	PAGE = 16
};

/* Days after the last arrow, and the word for the journal. */
/* clang-format off */
static const struct life {
	enum case_state	 state;
	int		 days;
	const char	*word;
	bool		 remind;
} lives[] = {
	/* identified, and nothing was reported */
	{ CASE_OPEN,	    1,	 "report", false },
	/* the CA revokes what was on hold for six months */
	{ CASE_HELD,	    180, "hold",   false },
	{ CASE_RETURNED,    14,	 "papers", true },
	{ CASE_APPROVED,    7,	 "fee",	   true },
	/* the life of a resume ticket; what nobody confirmed the CA has
	 * dropped long before */
	{ CASE_PAID,	    30,	 "ticket", true },
	{ CASE_PREPARED,    30,	 "ticket", true },
	{ CASE_ISSUED,	    30,	 "ticket", true },
	{ CASE_WITHDRAWING, 30,	 "ticket", true },
};
/* clang-format on */

static const struct life *
life_of(enum case_state state)
{
	for (size_t i = 0; i < sizeof lives / sizeof *lives; i++)
		if (lives[i].state == state)
			return &lives[i];
	return NULL;
}

/* The last moment, Unix seconds: the end of its day in Korea, or of the old
 * certificate, whose date the new one would have. */
static int64_t
ends_at(const struct store_case *c)
{
	const struct life *life = life_of(c->state);
	struct civil day;
	int64_t end;

	if (life == NULL)
		return c->not_after;
	day = civil_from_unix(c->changed_at);
	day.hour = day.minute = day.second = 0;
	end = civil_to_unix(&day) + (int64_t)(life->days + 1) * DAY_S - 1;
	return end < c->not_after ? end : c->not_after;
}

void
expire_day(
    struct agent *a, const struct store_case *c, char out[static CLOCK_TEXT])
{
	out[0] = '\0';
	if (life_of(c->state) != NULL && c->state != CASE_OPEN &&
	    !guide_is_open(a, c))
		civil_date_text(out, ends_at(c));
}

/* ---- ending ---- */

/* Somebody is at it: it is looked at again in an hour. */
static bool
is_busy(struct agent *a, const struct live *l)
{
	return link_get(a, l->owner) != NULL ||
	       desk_owner(a, l->c.id) != NULL || guide_is_open(a, &l->c) ||
	       pay_is_busy(a, &l->c) || l->issue.writing ||
	       l->issue.password_fd >= 0 ||
	       (l->issue.started && link_get(a, l->issue.key) != NULL);
}

/* The attempt that nobody confirmed is over; it did not cost anything. */
static bool
lapse(struct agent *a, struct live *l)
{
	if (!case_allows(l->c.state, CASE_EV_LAPSED))
		return true;
	issue_drop(a, l);
	l->c.new_serial[0] = l->c.new_status[0] = '\0';
	l->c.new_not_after = 0;
	return !err_is(live_step(a, l, CASE_EV_LAPSED, NULL, 0, NULL, 0));
}

static void
end(struct agent *a, const struct store_case *c, const char *word)
{
	struct store_row row = { ROW_EVENT, "expired", NULL, word,
		{ NULL, 0 } };
	struct live *l = live_take(a, c);

	if (l == NULL)
		return;
	if (!is_busy(a, l) && lapse(a, l)) {
		issue_drop(a, l);
		if (!err_is(live_step(a, l, CASE_EV_EXPIRE, &row, 1, NULL, 0)))
			log_line(LOG_NOTICE, "a case ended: %s", word);
	}
	live_release(a, l);
}

/* ---- looking ---- */

/* The certificate itself is over, whoever the case waits for. */
static bool
is_void(const struct store_case *c, int64_t now)
{
	return c->not_after <= now && (case_allows(c->state, CASE_EV_EXPIRE) ||
					  life_of(c->state) != NULL);
}

static void
remind(struct agent *a, const struct store_case *c, int64_t now)
{
	const struct life *life = life_of(c->state);
	char key[STORE_TEXT];

	if (!life->remind || ends_at(c) - now > REMIND_DAYS * DAY_S ||
	    guide_is_open(a, c))
		return;
	snprintf(key, sizeof key, "until:%.40s:%lld", c->case_no,
	    (long long)c->changed_at);
	if (!err_is(desk_message_put(a->store, c, key, "until")))
		message_wake(a);
}

static void
look(struct agent *a, const struct store_case *c)
{
	int64_t now = wall_s(a);

	if (is_void(c, now))
		end(a, c, "certificate");
	else if (life_of(c->state) == NULL)
		return;
	else if (ends_at(c) < now)
		end(a, c, life_of(c->state)->word);
	else
		remind(a, c, now);
}

void
expire_start(struct agent *a)
{
	a->counter.expire_ms = mono_ms(a) + FIRST_MS;
}

void
expire_tick(struct agent *a)
{
	static struct store_case page[PAGE];
	int64_t after = 0;
	size_t n = 0;

	if (a->counter.expire_ms > mono_ms(a))
		return;
	a->counter.expire_ms = mono_ms(a) + AGAIN_MS;
	if (!retain_clock_agrees(a))
		return;
	do {
		if (err_is(store_cases_live(a->store, page, PAGE, &n, after)))
			return;
		for (size_t i = 0; i < n; i++) {
			after = page[i].id;
			look(a, &page[i]);
		}
	} while (n == PAGE);
}

int64_t
expire_deadline(const struct agent *a)
{
	return a->counter.expire_ms;
}
