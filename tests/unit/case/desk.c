/*
 * Fees, days, papers and numbers.
 */
#include "support.h"

#include "case/docs.h"
#include "case/due.h"
#include "case/fee.h"
#include "case/number.h"

/* ---- fees
 * --------------------------------------------------------------------- */

/* clang-format off */
static const struct fee_row price_list[] = {
	{ "yessign", "*",	"*",	      "*",	0, "fee.waiver.reissue" },
	{ "*",	     "1.2.3",	"*",	      "*",	2200, "" },
	{ "yessign", "*",	"home_visit", "*",	11000, "" },
	{ "*",	     "1.2.3",	"*",	      "broken", 1100, "" },
	{ "tax",     "1.2.3",	"kiosk",      "lost",	5500, "" },
	{ "odd",     "*",	"*",	      "*",	-1, "" },
	{ "twice",   "9",	"*",	      "*",	1, "" },
	{ "twice",   "9",	"*",	      "*",	2, "" },
};
static const struct {
	struct fee_query q;
	enum err_code	 code;
	int		 won, vat;
} bills[] = {
	{ { "yessign", "9", "kiosk", "lost" },		E_NONE, 0, 0 },
	{ { "yessign", "9", "home_visit", "lost" },	E_NONE, 11000, 1000 },
	/* one named text each: the issuer's column is the earlier one */
	{ { "yessign", "1.2.3", "kiosk", "lost" },	E_NONE, 0, 0 },
	/* two named texts: issuer and channel before product and reason */
	{ { "yessign", "1.2.3", "home_visit", "broken" }, E_NONE, 11000, 1000 },
	{ { "yessign", "1.2.3", "kiosk", "broken" },	E_NONE, 1100, 100 },
	{ { "kica", "1.2.3", "kiosk", "lost" },		E_NONE, 2200, 200 },
	{ { "tax", "1.2.3", "kiosk", "lost" },		E_NONE, 5500, 500 },
	{ { "tax", "1.2.3", "counter", "lost" },	E_NONE, 2200, 200 },
	{ { "tax", "1.2.4", "kiosk", "lost" },		E_NOTFOUND, 0, 0 },
	{ { "", "", "", "" },				E_NOTFOUND, 0, 0 },
	{ { "odd", "9", "kiosk", "lost" },		E_CONFIG, 0, 0 },
	{ { "twice", "9", "kiosk", "lost" },		E_CONFIG, 0, 0 },
};
/* clang-format on */

Test(fee, the_most_specific_row_decides_and_nothing_is_guessed)
{
	for (size_t i = 0; i < ROWS(bills); i++) {
		struct fee f = { -7, -7, NULL };
		struct err e = fee_lookup(
		    &f, price_list, ROWS(price_list), &bills[i].q);

		cr_expect(
		    eq(int, (int)e.code, (int)bills[i].code), "row %zu", i);
		if (err_is(e))
			continue;
		cr_expect(eq(int, f.won, bills[i].won), "row %zu", i);
		cr_expect(eq(int, f.vat, bills[i].vat), "row %zu", i);
		cr_expect(f.waiver != NULL);
	}
	struct fee f;

	cr_assert(eq(
	    int, (int)fee_lookup(&f, NULL, 0, &bills[0].q).code, E_NOTFOUND));
}

Test(fee, the_order_of_the_rows_changes_nothing)
{
	struct fee_row back[ROWS(price_list)];

	for (size_t i = 0; i < ROWS(back); i++)
		back[i] = price_list[ROWS(back) - 1 - i];
	for (size_t i = 0; i < ROWS(bills); i++) {
		struct fee f = { 0 };
		struct err e = fee_lookup(&f, back, ROWS(back), &bills[i].q);

		cr_expect(eq(int, (int)e.code, (int)bills[i].code));
		if (!err_is(e))
			cr_expect(eq(int, f.won, bills[i].won));
	}
}

static const struct {
	const char *why;
	struct fee_row rows[4];
	size_t n;
	enum err_code code;
	int won;
} commons[] = {
	{ "one row for all", { { "*", "*", "*", "*", 1100, "" } }, 1, E_NONE,
	    1100 },
	{ "nothing to go by", { { "other", "*", "*", "*", 0, "" } }, 1,
	    E_NOTFOUND, 0 },
	{ "one product is dearer",
	    { { "*", "*", "*", "*", 0, "" }, { "*", "1.2", "*", "*", 1, "" } },
	    2, E_NOTFOUND, 0 },
	{ "but not for a reissue",
	    { { "*", "*", "*", "*", 0, "" },
		{ "*", "1.2", "*", "renew", 1, "" } },
	    2, E_NONE, 0 },
	{ "and at home only",
	    { { "*", "*", "*", "*", 0, "" },
		{ "*", "*", "home_visit", "*", 11000, "" } },
	    2, E_NONE, 0 },
	{ "one loss is dearer",
	    { { "*", "*", "*", "*", 0, "" },
		{ "*", "*", "*", "forgotten", 1, "" } },
	    2, E_NOTFOUND, 0 },
	{ "a product nobody named has no row",
	    { { "*", "1.2", "*", "*", 0, "" } }, 1, E_NOTFOUND, 0 },
};

Test(fee, what_is_said_before_anything_is_chosen_holds_for_everything)
{
	for (size_t i = 0; i < ROWS(commons); i++) {
		struct fee f = { .won = 0 };
		struct err e = fee_common(
		    &f, commons[i].rows, commons[i].n, "yessign", "kiosk");
		cr_expect_eq(e.code, commons[i].code, "%s", commons[i].why);
		cr_expect_eq(f.won, commons[i].won, "%s", commons[i].why);
	}
}

Test(fee, the_tax_is_a_part_of_the_amount)
{
	cr_expect(eq(int, fee_vat(4400), 400));
	cr_expect(eq(int, fee_vat(110000), 10000));
	cr_expect(eq(int, fee_vat(1000), 90));
	cr_expect(eq(int, fee_vat(0), 0));
}

Test(fee, amounts_are_grouped_by_thousands)
{
	static const struct {
		int won;
		const char *text;
	} rows[] = {
		{ 0, "0" },
		{ 7, "7" },
		{ 999, "999" },
		{ 1000, "1,000" },
		{ 4400, "4,400" },
		{ 110000, "110,000" },
		{ 1234567, "1,234,567" },
		{ -4400, "-4,400" },
		{ 2147483647, "2,147,483,647" },
		{ -2147483647 - 1, "-2,147,483,648" },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		char out[FEE_TEXT];

		fee_text(out, rows[i].won);
		SAME(out, rows[i].text);
	}
}

/* ---- days and hours
 * ------------------------------------------------------------- */

/* Christmas 2026 is a Friday; 2026-12-31 made a holiday for the test. */
static const int days[] = { 20261231, 20270101, 20261225 };
static const struct holidays off = { days, ROWS(days) };
static const struct due_hours bank = { 9 * 60, 16 * 60 };

Test(due, business_days_leave_out_weekends_and_holidays)
{
	cr_expect(due_business_day(at(2026, 11, 23, 0, 0), off));
	cr_expect(not(due_business_day(at(2026, 11, 22, 12, 0), off)));
	cr_expect(not(due_business_day(at(2026, 11, 21, 23, 59), off)));
	cr_expect(not(due_business_day(at(2026, 12, 25, 9, 0), off)));
	cr_expect(due_business_day(at(2026, 12, 24, 23, 59), off));
}

Test(due, days_are_added_from_midnight_to_midnight)
{
	static const struct {
		int from[3], n, to[3];
	} rows[] = {
		{ { 2026, 11, 23 }, 0, { 2026, 11, 23 } },
		{ { 2026, 11, 22 }, 0, { 2026, 11, 23 } },
		{ { 2026, 11, 23 }, 1, { 2026, 11, 24 } },
		{ { 2026, 11, 27 }, 1, { 2026, 11, 30 } },
		{ { 2026, 11, 28 }, 1, { 2026, 11, 30 } },
		{ { 2026, 11, 27 }, 3, { 2026, 12, 2 } },
		{ { 2026, 12, 24 }, 1, { 2026, 12, 28 } },
		{ { 2026, 12, 30 }, 1, { 2027, 1, 4 } },
	};

	for (size_t i = 0; i < ROWS(rows); i++)
		cr_expect(
		    eq(i64,
			due_add(at(rows[i].from[0], rows[i].from[1],
				    rows[i].from[2], 13, 30),
			    rows[i].n, off),
			at(rows[i].to[0], rows[i].to[1], rows[i].to[2], 0, 0)),
		    "row %zu", i);
}

Test(due, the_counter_is_open_from_nine_to_four_on_business_days)
{
	static const struct {
		int when[5];
		enum due_open open;
		int next[5];
	} rows[] = {
		{ { 2026, 11, 23, 9, 0 }, DUE_OPEN, { 2026, 11, 23, 9, 0 } },
		{ { 2026, 11, 23, 15, 59 }, DUE_OPEN,
		    { 2026, 11, 23, 15, 59 } },
		{ { 2026, 11, 23, 8, 59 }, DUE_BEFORE, { 2026, 11, 23, 9, 0 } },
		{ { 2026, 11, 23, 16, 0 }, DUE_AFTER, { 2026, 11, 24, 9, 0 } },
		{ { 2026, 11, 27, 16, 0 }, DUE_AFTER, { 2026, 11, 30, 9, 0 } },
		{ { 2026, 11, 22, 10, 0 }, DUE_WEEKEND,
		    { 2026, 11, 23, 9, 0 } },
		{ { 2026, 12, 25, 10, 0 }, DUE_HOLIDAY,
		    { 2026, 12, 28, 9, 0 } },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		const int *w = rows[i].when, *x = rows[i].next;
		int64_t now = at(w[0], w[1], w[2], w[3], w[4]);

		cr_expect(
		    eq(int, (int)due_open(now, bank, off), (int)rows[i].open),
		    "row %zu", i);
		cr_expect(eq(i64, due_next_open(now, bank, off),
			      at(x[0], x[1], x[2], x[3], x[4])),
		    "row %zu", i);
		cr_expect(eq(
		    int, strncmp(due_open_key(rows[i].open), "hours.", 6), 0));
	}
}

Test(due, the_promise_is_one_business_day_and_at_the_latest_three)
{
	struct due_promise p;

	p = due_promise(at(2026, 11, 23, 10, 0), bank, off);
	cr_expect(eq(i64, p.target, at(2026, 11, 24, 0, 0)));
	cr_expect(eq(i64, p.latest, at(2026, 11, 26, 0, 0)));
	/* before opening counts as today, after closing as tomorrow */
	p = due_promise(at(2026, 11, 23, 7, 0), bank, off);
	cr_expect(eq(i64, p.target, at(2026, 11, 24, 0, 0)));
	p = due_promise(at(2026, 11, 23, 16, 0), bank, off);
	cr_expect(eq(i64, p.target, at(2026, 11, 25, 0, 0)));
	cr_expect(eq(i64, p.latest, at(2026, 11, 27, 0, 0)));
	p = due_promise(at(2026, 12, 24, 17, 0), bank, off);
	cr_expect(eq(i64, p.target, at(2026, 12, 29, 0, 0)));
	cr_expect(eq(i64, p.latest, at(2027, 1, 4, 0, 0)));
}

/* Over two years of hours: never in the past, in order, on business days. */
Test(due, promises_are_always_business_days_to_come)
{
	for (int h = 0; h < 2 * 365 * 24; h++) {
		int64_t now = at(2026, 1, 1, 0, 30) + h * 3600;
		struct due_promise p = due_promise(now, bank, off);

		cr_assert(gt(i64, p.target, now));
		cr_assert(gt(i64, p.latest, p.target));
		cr_assert(due_business_day(p.target, off));
		cr_assert(due_business_day(p.latest, off));
	}
}

Test(due, days_are_read_strictly)
{
	int v = 0;

	cr_expect(not(err_is(due_parse_day(&v, "2026-12-25"))));
	cr_expect(eq(int, v, 20261225));
	static const char *const bad_days[] = { "", "2026-02-29", "2026-1-1",
		"20261225", "2026/12/25", "2026-12-25 ", "-026-12-25" };

	for (size_t i = 0; i < ROWS(bad_days); i++)
		cr_expect(
		    eq(int, (int)due_parse_day(&v, bad_days[i]).code, E_FORMAT),
		    "\"%s\"", bad_days[i]);
}

/* ---- papers
 * ------------------------------------------------------------------------ */

#define HAS(doc) (UINT32_C(1) << DOC_##doc)

Test(docs, one_of_the_alternatives_is_enough)
{
	const struct doc_row *missing[8];

	cr_expect(eq(sz,
	    docs_missing(
		missing, 8, APPLICANT_SELF, HAS(LICENCE) | HAS(APPLICATION), 0),
	    0));
	cr_assert(eq(sz,
	    docs_missing(missing, 8, APPLICANT_SELF, HAS(APPLICATION), 0), 1));
	cr_expect(eq(int, (int)missing[0]->doc, DOC_RESIDENT_CARD));
	/* a licence is not on the list of an alien */
	cr_assert(eq(sz,
	    docs_missing(missing, 8, APPLICANT_ALIEN,
		HAS(LICENCE) | HAS(APPLICATION), 0),
	    1));
	cr_expect(eq(int, (int)missing[0]->doc, DOC_ALIEN_CARD));
	cr_expect(eq(sz,
	    docs_missing(missing, 8, APPLICANT_MINOR,
		HAS(PASSPORT) | HAS(APPLICATION) | HAS(GUARDIAN_CONSENT) |
		    HAS(GUARDIAN_ID) | HAS(RESIDENT_ABSTRACT),
		0),
	    0));
	/* the guardian's papers are all needed */
	cr_expect(eq(sz,
	    docs_missing(missing, 8, APPLICANT_MINOR,
		HAS(PASSPORT) | HAS(APPLICATION), 0),
	    3));
}

Test(docs, a_paper_asked_only_if_needed_is_missing_only_then)
{
	const struct doc_row *missing[2];
	uint32_t have = HAS(APPLICATION) | HAS(BUSINESS_CERTIFICATE) |
			HAS(PROXY_ID) | HAS(SEAL_CERTIFICATE) |
			HAS(POWER_OF_ATTORNEY);

	cr_expect(eq(sz,
	    docs_missing(missing, 2, APPLICANT_BUSINESS_PROXY, have, 0), 0));
	cr_assert(eq(sz,
	    docs_missing(
		missing, 2, APPLICANT_BUSINESS_PROXY, have, HAS(USED_SEAL)),
	    1));
	cr_expect(eq(int, (int)missing[0]->doc, DOC_USED_SEAL));
	/* more are counted than there is room for */
	cr_expect(eq(
	    sz, docs_missing(missing, 2, APPLICANT_BUSINESS_PROXY, 0, 0), 5));
}

Test(docs, papers_grow_old)
{
	size_t n;
	const struct doc_row *r = docs_of(&n, APPLICANT_BUSINESS_PROXY);
	int64_t now = at(2026, 11, 22, 10, 0);

	for (size_t i = 0; i < n; i++) {
		if (r[i].doc != DOC_SEAL_CERTIFICATE)
			continue;
		cr_expect(docs_fresh(&r[i], now - 90 * 86400, now));
		cr_expect(not(docs_fresh(&r[i], now - 91 * 86400, now)));
		cr_expect(not(docs_fresh(&r[i], now + 86400, now)));
	}
	r = docs_of(&n, APPLICANT_SELF);
	for (size_t i = 0; i < n; i++)
		cr_expect(eq(int, docs_fresh(&r[i], now - 31 * 86400, now),
		    r[i].doc != DOC_CARD_APPLIED));
}

Test(docs, every_applicant_has_rows_that_stand_together_and_a_proxy_has_none)
{
	size_t all = 0, n;

	for (int a = 0; a < APPLICANT_COUNT; a++) {
		const struct doc_row *r = docs_of(&n, (enum applicant)a);

		cr_expect(eq(int, n == 0, docs_refused((enum applicant)a)));
		for (size_t i = 0; i < n; i++)
			cr_expect(eq(int, (int)r[i].applicant, a));
		all += n;
		cr_expect(strcmp(docs_applicant_key((enum applicant)a),
			      "applicant.unknown") != 0);
	}
	cr_expect(gt(sz, all, 30));
	for (int d = 0; d < DOC_COUNT; d++)
		cr_expect(
		    eq(int, strncmp(docs_key((enum doc)d), "doc.", 4), 0));
}

/* ---- numbers
 * ------------------------------------------------------------------------ */

Test(number, a_number_is_read_as_people_type_it)
{
	static const char *const good[] = { "R-20261122-0007",
		"r-20261122-0007", "R202611220007", " r 2026 1122 0007 " };
	static const char *const bad[] = { "", "R", "X-20261122-0007",
		"20261122-0007", "R-20261122-007", "R-20261122-00070",
		"R-2026112200070000000000000000000000000000", "R-20261322-0007",
		"R-20261122-0000", "R-20261122-000a", "R-2026112--0007",
		"2-20261122-0007", "\x12-20261122-0007" };
	struct number n;

	for (size_t i = 0; i < ROWS(good); i++) {
		char text[NUMBER_TEXT];

		cr_assert(not(err_is(number_parse(&n, good[i]))));
		cr_expect(eq(int, n.day, 20261122));
		cr_expect(eq(int, n.count, 7));
		number_text(text, &n);
		SAME(text, "R-20261122-0007");
	}
	for (size_t i = 0; i < ROWS(bad); i++)
		cr_expect(eq(int, (int)number_parse(&n, bad[i]).code, E_FORMAT),
		    "\"%s\"", bad[i]);
}

Test(number, the_day_is_the_korean_day_and_a_day_has_9999)
{
	char text[NUMBER_TEXT];
	struct number n;

	/* 15:30 in London is half past midnight of the next day in Seoul */
	cr_assert(not(err_is(
	    number_format(text, NUMBER_LOSS, at(2026, 11, 23, 0, 30), 1))));
	SAME(text, "L-20261123-0001");
	cr_assert(not(err_is(number_parse(&n, text))));
	cr_expect(eq(int, (int)n.kind, NUMBER_LOSS));
	cr_assert(not(err_is(number_format(
	    text, NUMBER_RECEIPT, at(2026, 11, 23, 0, 30), 9999))));
	SAME(text, "R-20261123-9999");
	cr_expect(eq(int,
	    (int)number_format(text, NUMBER_RECEIPT, 0, 10000).code, E_LIMIT));
	SAME(text, "");
	cr_expect(eq(
	    int, (int)number_format(text, NUMBER_RECEIPT, 0, 0).code, E_LIMIT));
}
