/*
 * case/fee.c - what a reissue costs.
 */
#include "case/fee.h"

#include <stdio.h>
#include <string.h>

#include "case/loss.h"

enum { COLUMNS = 4 };

static bool
any(const char *pattern)
{
	return strcmp(pattern, "*") == 0;
}

/* 0 when the row does not match; else larger is more specific. */
static int
specificity(const struct fee_row *r, const struct fee_query *q)
{
	const char *const patterns[COLUMNS] = { r->issuer, r->product,
		r->channel, r->reason };
	const char *const texts[COLUMNS] = { q->issuer, q->product, q->channel,
		q->reason };
	int named = 0, which = 0;

	for (int i = 0; i < COLUMNS; i++) {
		which *= 2;
		if (any(patterns[i]))
			continue;
		if (strcmp(patterns[i], texts[i]) != 0)
			return 0;
		named++;
		which++;
	}
	return 1 + named * (1 << COLUMNS) + which;
}

int
fee_vat(int won)
{
	return won / 11;
}

struct err
fee_lookup(struct fee *out, const struct fee_row *rows, size_t n,
    const struct fee_query *q)
{
	const struct fee_row *best = NULL;
	bool twice = false;
	int most = 0;

	for (size_t i = 0; i < n; i++) {
		int s = specificity(&rows[i], q);

		if (s > 0 && s == most)
			twice = true;
		if (s <= most)
			continue;
		most = s;
		best = &rows[i];
		twice = false;
	}
	if (best == NULL)
		return err_make(E_NOTFOUND, 0, "fee: no row");
	if (twice || best->won < 0)
		return err_make(E_CONFIG, 0, "fee: rows");
	*out = (struct fee){ best->won, fee_vat(best->won), best->waiver };
	return err_none();
}

/* All losses of one product; false in *same when they differ. */
static struct err
of_product(struct fee *out, bool *same, bool *any_yet,
    const struct fee_row *rows, size_t n, struct fee_query q)
{
	struct fee f = { 0 };
	struct err e = err_none();

	for (int i = CASE_LOSS_LOST; i < CASE_LOSS_FOUND && !err_is(e); i++) {
		q.reason = case_loss_name((enum case_loss)i);
		e = fee_lookup(&f, rows, n, &q);
		if (err_is(e))
			break;
		if (*any_yet && f.won != out->won)
			*same = false;
		*any_yet = true;
		*out = f;
	}
	return e;
}

struct err
fee_common(struct fee *out, const struct fee_row *rows, size_t n,
    const char *issuer, const char *channel)
{
	/* first a product that no row names */
	struct fee_query q = { issuer, "", channel, "" };
	struct fee f = { 0 };
	bool same = true, any_yet = false;
	struct err e = of_product(&f, &same, &any_yet, rows, n, q);

	for (size_t i = 0; i < n && !err_is(e); i++) {
		q.product = rows[i].product;
		if (!any(q.product))
			e = of_product(&f, &same, &any_yet, rows, n, q);
	}
	if (!err_is(e) && !same)
		e = err_make(E_NOTFOUND, 0, "fee: not one for all");
	if (!err_is(e))
		*out = f;
	return e;
}

void
fee_text(char out[static FEE_TEXT], int won)
{
	char plain[FEE_TEXT];
	int n = snprintf(plain, sizeof plain, "%lld",
	    won < 0 ? -(long long)won : (long long)won);
	int at = 0;

	if (won < 0)
		out[at++] = '-';
	for (int i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = plain[i];
	}
	out[at] = '\0';
}
