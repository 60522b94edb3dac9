/*
 * paper/sheet.h - A4 pages of boxed tables, as a PDF.
 *
 * What is drawn goes below what was drawn before; what does not fit begins a
 * new page.  Lengths are points.
 */
#ifndef PAPER_SHEET_H
#define PAPER_SHEET_H

#include "base/err.h"
#include "base/span.h"
#include "paper/type.h"

enum { SHEET_COLUMNS = 6, SHEET_ROWS = 16 };

typedef struct err sheet_take(void *ctx, struct span bytes);

struct sheet {
	cairo_surface_t *surface;
	cairo_t *cr;
	PangoLayout *layout;
	double y;
	int page, pages; /* pages: of the whole, 0 while they are counted */
	/* at the foot of every page */
	const char *foot_left, *foot_label;
	char foot_page[64];
	const char *page_pattern; /* "{1} / {2}" */
	sheet_take *take;
	void *take_ctx;
	struct err failed; /* the first error of take */
};

/*
 * A new document whose bytes go to `take`.  `title` and `created` (ISO 8601)
 * stand in its description.  The caller ends it.
 */
MUST_USE struct err sheet_begin(struct sheet *s, sheet_take *take, void *ctx,
    const char *title, const char *created);
/* The last page's foot, and the rest of the bytes.  Also after an error. */
MUST_USE struct err sheet_end(struct sheet *s);

/* Begin a new page unless `height` still fits. */
void sheet_need(struct sheet *s, double height);
void sheet_gap(struct sheet *s, double height);
/* A paragraph over the whole width. */
void sheet_text(struct sheet *s, const char *text, double size, bool bold,
    enum type_align align);

/* Fields of a form under one heading at their left: one or two in a row. */
struct sheet_field {
	const char *label; /* NULL: no second field in this row */
	const char *value;
};
struct sheet_section {
	const char *name;
	size_t n;
	struct sheet_field rows[SHEET_ROWS][2];
};
void sheet_fields(struct sheet *s, const struct sheet_section *section);

/* A table; its head stands again on each page. */
struct sheet_table {
	size_t columns;
	double widths[SHEET_COLUMNS]; /* parts of the whole, sum 1 */
	enum type_align aligns[SHEET_COLUMNS];
	const char *heads[SHEET_COLUMNS];
};
void sheet_head(struct sheet *s, const struct sheet_table *t);
/* `last`: of the table. */
void sheet_row(struct sheet *s, const struct sheet_table *t,
    const char *const cells[], bool bold, bool last);

/* Boxes to sign in, at the right: a name above each. */
void sheet_boxes(struct sheet *s, const char *const names[], size_t n);

#endif
