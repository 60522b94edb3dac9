/*
 * case/router.c - which way a customer has to go.
 */
#include "case/router.h"

#include <string.h>

#include "base/clock.h"

/* clang-format off */
static const struct {
	const char	*name, *key;
} routes[ROUTE_COUNT] = {
	[ROUTE_REISSUE]		   = { "reissue", "route.reissue" },
	[ROUTE_REISSUE_THEN_RENEW] = { "reissue_then_renew",
				       "route.reissue_then_renew" },
	[ROUTE_RENEW]		   = { "renew", "route.renew" },
	[ROUTE_NEW]		   = { "new", "route.new" },
	[ROUTE_RESTORE]		   = { "restore", "route.restore" },
	[ROUTE_KEEP]		   = { "keep", "route.keep" },
	[ROUTE_OTHER_ISSUER]	   = { "other_issuer", "route.other_issuer" },
	[ROUTE_OTHER_BANK]	   = { "other_bank", "route.other_bank" },
	[ROUTE_TOO_LATE]	   = { "too_late", "route.too_late" },
};

static const char *const statuses[CERT_STATUS_COUNT] = {
	[CERT_VALID]	      = "valid",
	[CERT_SUSPENDED]      = "suspended",
	[CERT_REVOKED]	      = "revoked",
	[CERT_EXPIRED]	      = "expired",
	[CERT_NOT_ISSUED]     = "not_issued",
	[CERT_NOT_REGISTERED] = "not_registered",
};
/* clang-format on */

const char *
route_name(enum route route)
{
	return (unsigned)route < ROUTE_COUNT ? routes[route].name : "unknown";
}

const char *
cert_status_name(enum cert_status status)
{
	return (unsigned)status < CERT_STATUS_COUNT ? statuses[status]
						    : "unknown";
}

struct err
cert_status_from_name(enum cert_status *out, const char *name)
{
	for (int i = 0; i < CERT_STATUS_COUNT; i++)
		if (strcmp(statuses[i], name) == 0) {
			*out = (enum cert_status)i;
			return err_none();
		}
	return err_make(E_NOTFOUND, 0, "router: status name");
}

bool
route_reissues(enum route route)
{
	return route == ROUTE_REISSUE || route == ROUTE_REISSUE_THEN_RENEW;
}

/* The same day six months on, or the last of a shorter month, has passed. */
static bool
restore_is_over(int64_t suspended_at, int64_t now)
{
	struct civil c = civil_from_unix(suspended_at);

	c.month += ROUTE_RESTORE_MONTHS;
	if (c.month > 12) {
		c.month -= 12;
		c.year++;
	}
	while (!civil_date_valid(c.year, c.month, c.day) && c.day > 28)
		c.day--;
	return civil_days_between(civil_to_unix(&c), now) > 0;
}

static bool
gone(const struct router_facts *f)
{
	return f->status == CERT_EXPIRED || f->status == CERT_NOT_ISSUED ||
	       f->status == CERT_NOT_REGISTERED || f->now > f->not_after;
}

/* File and password are there, and nobody else has them. */
static bool
usable(const struct router_facts *f)
{
	return f->password_known &&
	       (f->loss == CASE_LOSS_NONE || f->loss == CASE_LOSS_FOUND);
}

static enum route
decide(const struct router_facts *f, int days)
{
	if (!f->same_issuer)
		return ROUTE_OTHER_ISSUER;
	if (gone(f))
		return ROUTE_NEW;
	if (!f->same_bank)
		return ROUTE_OTHER_BANK;
	if (usable(f) && f->status == CERT_SUSPENDED &&
	    (f->suspended_at == 0 || !restore_is_over(f->suspended_at, f->now)))
		return ROUTE_RESTORE;
	if (usable(f) && f->status == CERT_VALID)
		return days <= ROUTE_RENEW_DAYS ? ROUTE_RENEW : ROUTE_KEEP;
	if (days < ROUTE_LEAST_DAYS)
		return ROUTE_TOO_LATE;
	return days <= ROUTE_RENEW_DAYS ? ROUTE_REISSUE_THEN_RENEW
					: ROUTE_REISSUE;
}

struct route_advice
router_decide(const struct router_facts *f)
{
	int days = civil_days_between(f->now, f->not_after);
	enum route r = decide(f, days);

	return (struct route_advice){ .route = r,
		.key = routes[r].key,
		.days_left = days,
		.not_after = route_reissues(r) ? f->not_after : 0 };
}
