/*
 * Which way a customer goes, and why the old certificate ends.
 */
#include "support.h"

#include "case/reason.h"
#include "case/router.h"

/* ---- router: days are counted from Sunday 2026-11-22, 10:00 ----------------
 */

struct way {
	enum cert_status status;
	int days;      /* until the last day, 23:59:59 */
	int held_days; /* since suspended; 0 unknown */
	bool same_issuer, same_bank;
	enum case_loss loss;
	bool password;
	enum route route;
};

/* clang-format off */
static const struct way ways[] = {
	/* status	  days held issuer bank  loss		      pw     route */
	{ CERT_VALID,	  200, 0,  true,  true,  CASE_LOSS_LOST,      false, ROUTE_REISSUE },
	{ CERT_VALID,	  200, 0,  true,  true,  CASE_LOSS_LOST,      true,  ROUTE_REISSUE },
	{ CERT_VALID,	  200, 0,  true,  true,  CASE_LOSS_STOLEN,    true,  ROUTE_REISSUE },
	{ CERT_VALID,	  200, 0,  true,  true,  CASE_LOSS_LEAKED,    true,  ROUTE_REISSUE },
	{ CERT_VALID,	  200, 0,  true,  true,  CASE_LOSS_BROKEN,    true,  ROUTE_REISSUE },
	{ CERT_VALID,	  200, 0,  true,  true,  CASE_LOSS_FORGOTTEN, false, ROUTE_REISSUE },
	{ CERT_VALID,	  200, 0,  true,  true,  CASE_LOSS_NONE,      false, ROUTE_REISSUE },
	{ CERT_VALID,	  200, 0,  true,  true,  CASE_LOSS_NONE,      true,  ROUTE_KEEP },
	{ CERT_VALID,	  200, 0,  true,  true,  CASE_LOSS_FOUND,     true,  ROUTE_KEEP },
	{ CERT_VALID,	  31,  0,  true,  true,  CASE_LOSS_LOST,      false, ROUTE_REISSUE },
	{ CERT_VALID,	  30,  0,  true,  true,  CASE_LOSS_LOST,      false, ROUTE_REISSUE_THEN_RENEW },
	{ CERT_VALID,	  1,   0,  true,  true,  CASE_LOSS_LOST,      false, ROUTE_REISSUE_THEN_RENEW },
	{ CERT_VALID,	  0,   0,  true,  true,  CASE_LOSS_LOST,      false, ROUTE_TOO_LATE },
	{ CERT_VALID,	  31,  0,  true,  true,  CASE_LOSS_NONE,      true,  ROUTE_KEEP },
	{ CERT_VALID,	  30,  0,  true,  true,  CASE_LOSS_NONE,      true,  ROUTE_RENEW },
	{ CERT_VALID,	  0,   0,  true,  true,  CASE_LOSS_NONE,      true,  ROUTE_RENEW },
	{ CERT_VALID,	  -1,  0,  true,  true,  CASE_LOSS_LOST,      false, ROUTE_NEW },
	{ CERT_EXPIRED,	  -1,  0,  true,  true,  CASE_LOSS_LOST,      false, ROUTE_NEW },
	{ CERT_EXPIRED,	  -1,  0,  true,  false, CASE_LOSS_LOST,      false, ROUTE_NEW },
	{ CERT_EXPIRED,	  -90, 0,  false, false, CASE_LOSS_LOST,      false, ROUTE_OTHER_ISSUER },
	{ CERT_NOT_ISSUED, 200, 0, true,  true,  CASE_LOSS_LOST,      false, ROUTE_NEW },
	{ CERT_NOT_REGISTERED, 0, 0, true, true, CASE_LOSS_LOST,      false, ROUTE_NEW },
	{ CERT_VALID,	  200, 0,  false, true,  CASE_LOSS_LOST,      false, ROUTE_OTHER_ISSUER },
	{ CERT_VALID,	  200, 0,  true,  false, CASE_LOSS_LOST,      false, ROUTE_OTHER_BANK },
	{ CERT_REVOKED,	  200, 0,  true,  true,  CASE_LOSS_LOST,      false, ROUTE_REISSUE },
	{ CERT_REVOKED,	  200, 0,  true,  false, CASE_LOSS_LOST,      false, ROUTE_OTHER_BANK },
	{ CERT_REVOKED,	  10,  0,  true,  true,  CASE_LOSS_FOUND,     true,  ROUTE_REISSUE_THEN_RENEW },
	{ CERT_SUSPENDED, 200, 10, true,  true,  CASE_LOSS_FOUND,     true,  ROUTE_RESTORE },
	{ CERT_SUSPENDED, 200, 0,  true,  true,  CASE_LOSS_FOUND,     true,  ROUTE_RESTORE },
	{ CERT_SUSPENDED, 0,   10, true,  true,  CASE_LOSS_FOUND,     true,  ROUTE_RESTORE },
	{ CERT_SUSPENDED, 200, 10, true,  true,  CASE_LOSS_FOUND,     false, ROUTE_REISSUE },
	{ CERT_SUSPENDED, 200, 200, true, true,  CASE_LOSS_FOUND,     true,  ROUTE_REISSUE },
	{ CERT_SUSPENDED, 200, 10, true,  true,  CASE_LOSS_LOST,      false, ROUTE_REISSUE },
	{ CERT_SUSPENDED, 20,  10, true,  true,  CASE_LOSS_LOST,      false, ROUTE_REISSUE_THEN_RENEW },
};
/* clang-format on */

Test(router, each_way_of_losing_leads_where_it_should)
{
	int64_t now = at(2026, 11, 22, 10, 0);

	for (size_t i = 0; i < ROWS(ways); i++) {
		const struct way *w = &ways[i];
		struct router_facts f = { w->status,
			at(2026, 11, 22 + 1, 0, 0) - 1 +
			    (int64_t)w->days * 86400,
			now, w->held_days ? now - w->held_days * 86400 : 0,
			w->same_issuer, w->same_bank, w->loss, w->password };
		struct route_advice a = router_decide(&f);

		cr_expect(eq(int, (int)a.route, (int)w->route), "row %zu: %s",
		    i, route_name(a.route));
		cr_expect(eq(int, a.days_left, w->days));
		SAME(a.key + strlen("route."), route_name(a.route));
		/* a reissue never changes the last day */
		cr_expect(eq(i64, a.not_after,
		    route_reissues(a.route) ? f.not_after : 0));
	}
}

Test(router, six_months_end_on_the_same_day_or_the_last_of_the_month)
{
	static const struct {
		int held[3], now[3];
		enum route route;
	} rows[] = {
		{ { 2026, 5, 22 }, { 2026, 11, 22 }, ROUTE_RESTORE },
		{ { 2026, 5, 22 }, { 2026, 11, 23 }, ROUTE_REISSUE },
		{ { 2026, 8, 31 }, { 2027, 2, 28 }, ROUTE_RESTORE },
		{ { 2026, 8, 31 }, { 2027, 3, 1 }, ROUTE_REISSUE },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct router_facts f = { CERT_SUSPENDED, at(2028, 1, 1, 0, 0),
			at(rows[i].now[0], rows[i].now[1], rows[i].now[2], 23,
			    59),
			at(rows[i].held[0], rows[i].held[1], rows[i].held[2], 0,
			    1),
			true, true, CASE_LOSS_FOUND, true };

		cr_expect(
		    eq(int, (int)router_decide(&f).route, (int)rows[i].route),
		    "row %zu", i);
	}
}

/* Whatever the facts: no reissue without a day left, none of another's. */
Test(router, no_facts_lead_to_a_reissue_that_must_fail)
{
	int64_t now = at(2026, 11, 22, 10, 0);

	for (int s = 0; s < CERT_STATUS_COUNT; s++)
		for (int l = 0; l < CASE_LOSS_COUNT; l++)
			for (int d = -3; d < 40; d++)
				for (int b = 0; b < 8; b++) {
					struct router_facts f = {
						(enum cert_status)s,
						now + d * 86400, now, 0,
						(b & 1) != 0, (b & 2) != 0,
						(enum case_loss)l, (b & 4) != 0
					};
					enum route r = router_decide(&f).route;

					cr_assert(lt(int, (int)r, ROUTE_COUNT));
					if (!route_reissues(r))
						continue;
					cr_assert(eq(int, b & 3, 3));
					cr_assert(ge(int, d, 1));
					cr_assert(s <= CERT_REVOKED);
				}
}

Test(router, names_come_back)
{
	for (int i = 0; i < CERT_STATUS_COUNT; i++) {
		enum cert_status s;

		cr_assert(not(err_is(cert_status_from_name(
		    &s, cert_status_name((enum cert_status)i)))));
		cr_expect(eq(int, (int)s, i));
	}
	for (int i = 0; i < CASE_LOSS_COUNT; i++) {
		enum case_loss l;

		cr_assert(not(err_is(case_loss_from_name(
		    &l, case_loss_name((enum case_loss)i)))));
		cr_expect(eq(int, (int)l, i));
		SAME(case_loss_key((enum case_loss)i) + strlen("loss."),
		    case_loss_name((enum case_loss)i));
	}
	enum cert_status s;
	enum case_loss l;

	cr_expect(
	    eq(int, (int)cert_status_from_name(&s, "good").code, E_NOTFOUND));
	cr_expect(eq(int, (int)case_loss_from_name(&l, "").code, E_NOTFOUND));
	SAME(route_name(ROUTE_COUNT), "unknown");
	SAME(cert_status_name(CERT_STATUS_COUNT), "unknown");
	SAME(case_loss_name(CASE_LOSS_COUNT), "unknown");
}

/* ---- reason codes -----------------------------------------------------------
 */

Test(reason, circumstances_give_the_code_of_rfc_5280)
{
	static const struct {
		struct circumstances c;
		enum crl_reason reason;
	} rows[] = {
		{ { CASE_LOSS_LOST, false, false, false }, 1 },
		{ { CASE_LOSS_STOLEN, false, false, false }, 1 },
		{ { CASE_LOSS_LEAKED, false, false, false }, 1 },
		{ { CASE_LOSS_LOST, false, true, true }, 1 },
		{ { CASE_LOSS_BROKEN, false, false, false }, 4 },
		{ { CASE_LOSS_FORGOTTEN, false, false, false }, 4 },
		{ { CASE_LOSS_FORGOTTEN, true, false, false }, 1 },
		{ { CASE_LOSS_NONE, false, true, false }, 3 },
		{ { CASE_LOSS_NONE, false, false, true }, 5 },
		{ { CASE_LOSS_NONE, false, true, true }, 5 },
		{ { CASE_LOSS_NONE, false, false, false }, 4 },
	};

	for (size_t i = 0; i < ROWS(rows); i++)
		cr_expect(
		    eq(int, (int)reason_final(&rows[i].c), (int)rows[i].reason),
		    "row %zu", i);
}

Test(reason, a_final_revocation_is_never_a_hold_nor_a_forbidden_code)
{
	for (int l = 0; l < CASE_LOSS_COUNT; l++)
		for (int b = 0; b < 8; b++) {
			struct circumstances c = { (enum case_loss)l,
				(b & 1) != 0, (b & 2) != 0, (b & 4) != 0 };
			enum crl_reason r = reason_final(&c);

			cr_expect(r == 1 || r == 3 || r == 4 || r == 5);
			cr_expect(strcmp(reason_name(r), "unknown") != 0);
		}
	SAME(reason_name(CRL_HOLD), "certificateHold");
	SAME(reason_name(CRL_REMOVE), "removeFromCRL");
	SAME(reason_name((enum crl_reason)7), "unknown");
}
