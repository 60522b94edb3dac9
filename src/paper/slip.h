/*
 * paper/slip.h - a slip: what is said on 80 mm paper, in what weight, before
 * anybody knows which printer it is for.
 */
#ifndef PAPER_SLIP_H
#define PAPER_SLIP_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/span.h"
#include "paper/words.h"

enum { SLIP_ITEMS = 64, SLIP_LABEL = 64, SLIP_TEXT = 640 };

enum slip_style {
	SLIP_HEAD,  /* small, in the middle */
	SLIP_TITLE, /* tall and bold, in the middle */
	SLIP_BIG,   /* the number to be read out: largest, in the middle */
	SLIP_PLAIN,
	SLIP_STRONG,
	SLIP_ROW,   /* label, value from a column on */
	SLIP_MONEY, /* label, value at the right edge */
	SLIP_TOTAL, /* the same, bold */
	SLIP_CHECK, /* a box to tick, and text */
	SLIP_RULE,
	SLIP_SPACE,
	SLIP_STYLE_COUNT
};

struct slip_item {
	enum slip_style style;
	char label[SLIP_LABEL];
	char text[SLIP_TEXT];
};

struct slip {
	enum paper_lang lang;
	struct slip_item items[SLIP_ITEMS];
	size_t n;
	bool full; /* an item did not fit */
};

/*
 * Check and compose a document of a slip's kind.  E_ARG for one that is not
 * (also for a form's kind); E_LIMIT when it is too long for a slip.  Pure.
 */
MUST_USE struct err slip_compose(struct slip *out, const json_t *document);

/* ---- lines of columns (a Hangul syllable is two) ---- */

enum { SLIP_COLUMNS_LEAST = 24, SLIP_COLUMNS_MOST = 64, SLIP_LINE = 256 };

struct slip_line {
	enum slip_style style;
	char text[SLIP_LINE]; /* without trailing spaces */
};

typedef struct err slip_take(void *ctx, const struct slip_line *line);

/*
 * Give the item's lines to `take` in order; SLIP_TITLE and SLIP_BIG count
 * their letters double (they are printed so).  Stops at the first error.
 */
MUST_USE struct err slip_lines(const struct slip_item *item,
    enum paper_lang lang, int columns, slip_take *take, void *ctx);

/* The whole slip as plain text, lines ending in LF.  E_LIMIT. */
MUST_USE struct err slip_text(
    struct buf *out, const struct slip *slip, int columns);

#endif
