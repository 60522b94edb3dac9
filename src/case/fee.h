/*
 * case/fee.h - what a reissue costs, from rows of the configuration.
 *
 * There is no built-in price: a combination without a row is a question for
 * the counter, not a guess (facts/domain.md 2.5).
 */
#ifndef CASE_FEE_H
#define CASE_FEE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* "*" in a text matches everything.  The texts are borrowed. */
struct fee_row {
	const char *issuer;  /* "yessign" */
	const char *product; /* policy OID, "1.2.410.200005.1.1.4" */
	const char *channel; /* "kiosk" "counter" "home_visit" */
	const char *reason;  /* case_loss_name() */
	int won;	     /* including VAT; 0 is free */
	const char *waiver;  /* text key when free; "" */
};

struct fee_query {
	const char *issuer, *product, *channel, *reason;
};

struct fee {
	int won;	    /* including VAT */
	int vat;	    /* the part of it */
	const char *waiver; /* borrowed from the row */
};

/*
 * The row that names most of the four texts of `q` itself decides; of two
 * that name as many, the one that names the earlier of issuer, product,
 * channel, reason.  E_NOTFOUND: ask the counter.  E_CONFIG: two rows with the
 * same texts, or a negative amount.
 */
MUST_USE struct err fee_lookup(struct fee *out, const struct fee_row *rows,
    size_t n, const struct fee_query *q);

/*
 * What a reissue costs at this issuer and channel whatever the product and
 * the loss: said before anybody has chosen anything.  E_NOTFOUND when it
 * depends on them, or some combination has no row; E_CONFIG as above.
 */
MUST_USE struct err fee_common(struct fee *out, const struct fee_row *rows,
    size_t n, const char *issuer, const char *channel);

/* The 10 per cent in an amount that includes it, below one won cut off. */
int fee_vat(int won);

/* "4,400" with its NUL; any amount. */
enum { FEE_TEXT = 16 };
void fee_text(char out[static FEE_TEXT], int won);

#endif
