/*
 * ui/page_lay.h - inside the page: placing items line by line.
 *
 * The body is laid out twice by the same code: once to count lines (no
 * frame), once to draw the window of them that is shown.
 */
#ifndef UI_PAGE_LAY_H
#define UI_PAGE_LAY_H

#include <stdbool.h>

#include "ui/page.h"

struct lay {
	struct page *p;
	struct frame *f; /* NULL: only counting */
	bool compact;
	int cols;	  /* of the page; less than the frame's beside a QR */
	int left, right;  /* text stands in [left, right) */
	int indent;	  /* where items start; their marker is 2 before */
	int value;	  /* column of values, after the labels */
	int second;	  /* column of a menu's or task's second text */
	bool label_above; /* the focused label stands in the step line */
	/* the window: body lines [first, first + shown) at row `top` */
	int top, first, shown;
	int line; /* body line being laid out */
	/* blank lines */
	int gaps_kept;	   /* of those that were asked for */
	bool spread;	   /* blank lines between items of a kind */
	int gaps, spreads; /* counted */
	/* lines that must be seen: the focus and, in it, the chosen line */
	int focus_from, focus_to, focus_key;
	const struct page_item *item; /* being laid out */
	int cursor_row, cursor_col;
};

static inline bool
page_has(const char *s)
{
	return s != NULL && s[0] != '\0';
}

/* Text on the current line, clipped at lay->right; the columns it takes. */
int lay_put(struct lay *l, int col, enum role role, const char *text);
int lay_put_n(
    struct lay *l, int col, enum role role, const char *text, size_t n);
void lay_fill(struct lay *l, int col, int cols, enum role role);
/* Ends the current line; a tap on it hits the item. */
void lay_next(struct lay *l);
/* The frame row of the current line, -1 when it is not shown. */
int lay_row(const struct lay *l);
void lay_tap(struct lay *l, int row, int from, int to, struct page_tap tap);

/*
 * Wrapped text from `col`, starting on the current line at `col` and leaving
 * the last line open.  Returns the column after the last character.
 */
int lay_wrap(struct lay *l, int col, enum role role, const char *text);

/* Lays out one item (page_items.c), its lines ended. */
void lay_item(struct lay *l, const struct page_item *item);
bool lay_focused(const struct lay *l, const struct page_item *item);

/* The item in focus, NULL when none is. */
const struct page_item *lay_focus(const struct page *p);

/* page_edge.c: straight into the frame, by row; `steps` as in lay_steps. */
void lay_title(struct lay *l, int steps);
void lay_steps(struct lay *l, int row);
void lay_foot(struct lay *l, int row);
/* At most `shown` lines from row `top` (f NULL: none); the lines there are. */
int lay_message(struct lay *l, struct frame *f, int top, int shown);
void lay_qr(struct frame *f, const struct page *p);
/* Columns at the right edge that belong to the QR code. */
int page_qr_cols(const struct page *p);

#endif
