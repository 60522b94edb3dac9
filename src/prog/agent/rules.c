/*
 * agent/rules.c - hours, promise and fee for this branch.
 */
#include "prog/agent/rules.h"

#include "case/due.h"
#include "prog/agent/core.h"

void
rules_load(struct agent *a)
{
	/* conf_load has checked the dates: a bad one cannot be here. */
	for (size_t i = 0; i < a->conf->holiday_count; i++) {
		if (err_is(due_parse_day(&a->days[i], a->conf->holidays[i])))
			a->days[i] = 0;
	}
}

static struct holidays
holidays(const struct agent *a)
{
	return (struct holidays){ a->days, a->conf->holiday_count };
}

static struct due_hours
hours(const struct agent *a)
{
	struct due_hours h = { 540, 960 };

	/* conf_load has checked these too; unread they stay as they are */
	(void)civil_minute_read(&h.opens, a->conf->opens);
	(void)civil_minute_read(&h.closes, a->conf->closes);
	return h;
}

bool
rules_open(const struct agent *a)
{
	return due_open(wall_s(a), hours(a), holidays(a)) == DUE_OPEN;
}

static size_t
fee_rows(struct fee_row rows[static CONF_FEES], const struct conf *c)
{
	for (size_t i = 0; i < c->fee_count; i++) {
		const struct conf_fee *f = &c->fees[i];
		rows[i] = (struct fee_row){ f->issuer, f->product, f->channel,
			f->reason, f->won, f->waiver };
	}
	return c->fee_count;
}

struct err
rules_fee(const struct agent *a, struct fee *out, const char *policy,
    const char *loss)
{
	struct fee_row rows[CONF_FEES];
	size_t n = fee_rows(rows, a->conf);
	struct fee_query q = { conf_our_issuer(a->conf)->o, policy, "kiosk",
		loss };

	return fee_lookup(out, rows, n, &q);
}

struct err
rules_fee_common(const struct agent *a, struct fee *out)
{
	struct fee_row rows[CONF_FEES];
	size_t n = fee_rows(rows, a->conf);

	return fee_common(out, rows, n, conf_our_issuer(a->conf)->o, "kiosk");
}

void
rules_promise(const struct agent *a, char out[static CLOCK_TEXT])
{
	struct due_promise p = due_promise(wall_s(a), hours(a), holidays(a));

	civil_date_text(out, p.latest);
}
