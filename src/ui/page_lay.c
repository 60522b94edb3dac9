/*
 * ui/page_lay.c - placing the document in the frame.
 */
#include "ui/page_lay.h"

#include <string.h>

#include "ui/wrap.h"

enum {
	ROOMY_ROWS = 18,
	ROOMY_COLS = 72,
	TEXT_COLS = 100,  /* longer lines are hard to read */
	MESSAGE_ROOM = 3, /* body lines a message always leaves */
	NO_LINE = -1
};

int
lay_row(const struct lay *l)
{
	if (l->f == NULL || l->line < l->first ||
	    l->line >= l->first + l->shown)
		return NO_LINE;
	return l->top + l->line - l->first;
}

int
lay_put_n(struct lay *l, int col, enum role role, const char *text, size_t n)
{
	int row = lay_row(l);
	int room = l->right > col ? l->right - col : 0;

	if (row == NO_LINE)
		return 0;
	return frame_put_n(l->f, row, col, role, text, n, room);
}

int
lay_put(struct lay *l, int col, enum role role, const char *text)
{
	if (text == NULL)
		return 0;
	(void)lay_put_n(l, col, role, text, strlen(text));
	return wrap_cols(text);
}

void
lay_fill(struct lay *l, int col, int cols, enum role role)
{
	int row = lay_row(l);

	if (col + cols > l->right)
		cols = l->right - col;
	if (row != NO_LINE && cols > 0)
		frame_fill(l->f, row, col, cols, role);
}

void
lay_tap(struct lay *l, int row, int from, int to, struct page_tap tap)
{
	if (l->f == NULL || row < 0 || l->p->tap_count >= PAGE_TAPS)
		return;
	tap.row = row;
	tap.from = from;
	tap.to = to;
	l->p->taps[l->p->tap_count++] = tap;
}

void
lay_next(struct lay *l)
{
	if (l->item != NULL && l->item->number >= 0)
		lay_tap(l, lay_row(l), 0, l->cols,
		    (struct page_tap){ .item = l->item->number });
	l->line++;
}

int
lay_wrap(struct lay *l, int col, enum role role, const char *text)
{
	int cols = l->right - col > 2 ? l->right - col : 2;
	size_t n = text != NULL ? strlen(text) : 0;
	struct wrap_line line = { 0, 0, 0 };

	if (cols > TEXT_COLS)
		cols = TEXT_COLS;
	while (n > 0) {
		size_t used = wrap_next(&line, text, n, cols);

		(void)lay_put_n(l, col, role, text + line.from, line.n);
		text += used;
		n -= used;
		if (n > 0)
			lay_next(l);
	}
	return col + line.cols;
}

/* ---- the body ------------------------------------------------------------ */

const struct page_item *
lay_focus(const struct page *p)
{
	for (int i = 0; i < p->count; i++) {
		if (p->items[i].number >= 0 && p->items[i].number == p->focus)
			return &p->items[i];
	}
	return NULL;
}

static bool
is_question(const struct page_item *item)
{
	return item->kind == PAGE_FIELD || item->kind == PAGE_CHOICE ||
	       item->kind == PAGE_CHECK;
}

/* Compact pages show one question: the one in focus. */
static bool
is_shown(const struct lay *l, const struct page_item *item)
{
	const struct page_item *focus = lay_focus(l->p);

	if (!l->compact || focus == NULL || !is_question(focus) ||
	    !is_question(item) || item == focus)
		return true;
	return item->kind == PAGE_CHECK && focus->kind == PAGE_CHECK;
}

/* A blank line, if it is among those that are kept. */
static void
gap(struct lay *l)
{
	if (l->gaps++ < l->gaps_kept)
		l->line++;
}

/* Items of these kinds breathe when there is room. */
static bool
wants_spread(
    const struct lay *l, const struct page_item *a, const struct page_item *b)
{
	if (l->compact)
		return false;
	if (is_question(a) && is_question(b))
		return true;
	return a->kind == b->kind &&
	       (a->kind == PAGE_MENU || a->kind == PAGE_TASK);
}

static void
lay_body(struct lay *l)
{
	const struct page_item *last = NULL;
	bool gap_due = false;

	l->line = 0;
	l->gaps = l->spreads = 0;
	l->focus_from = l->focus_to = l->focus_key = NO_LINE;
	for (int i = 0; i < l->p->count; i++) {
		const struct page_item *item = &l->p->items[i];

		if (item->kind == PAGE_GAP) {
			gap_due = true;
			continue;
		}
		if (!is_shown(l, item))
			continue;
		if (last != NULL &&
		    (gap_due || (item->kind == PAGE_PROMPT) !=
				    (last->kind == PAGE_PROMPT))) {
			gap(l);
		} else if (last != NULL && wants_spread(l, last, item)) {
			l->spreads++;
			l->line += l->spread;
		}
		lay_item(l, item);
		last = item;
		gap_due = false;
	}
}

/* Columns that items share: values after labels, second texts. */
static void
lay_columns(struct lay *l)
{
	int labels = 0, seconds = 0;

	for (int i = 0; i < l->p->count; i++) {
		const struct page_item *item = &l->p->items[i];
		int cols = wrap_cols(item->a);

		if (item->kind == PAGE_ROW || item->kind == PAGE_FIELD ||
		    item->kind == PAGE_CHOICE)
			labels = cols > labels ? cols : labels;
		else if (item->kind == PAGE_MENU || item->kind == PAGE_TASK)
			seconds = cols > seconds ? cols : seconds;
	}
	labels += 2;
	if (!l->compact && labels < 18)
		labels = 18;
	if (labels > (l->compact ? 16 : 28))
		labels = l->compact ? 16 : 28;
	l->value = l->indent + labels;
	l->second = l->indent + 4 + seconds + 4;
	if (l->second > l->right)
		l->second = l->right;
}

/* ---- the whole
 * ------------------------------------------------------------------- */

static int
clamp(int v, int low, int high)
{
	return v < low ? low : v > high ? high : v;
}

/* Which line comes first, so that the focus is seen or the scroll kept. */
static int
first_line(const struct lay *l, int lines)
{
	int last = lines > l->shown ? lines - l->shown : 0;
	int first = 0;

	if (l->p->scroll >= 0)
		return clamp(l->p->scroll, 0, last);
	if (l->focus_from < 0)
		return 0;
	if (l->focus_to > l->shown)
		first = l->focus_to - l->shown;
	if (first > l->focus_from)
		first = l->focus_from;
	if (l->focus_key >= first + l->shown)
		first = l->focus_key - l->shown + 1;
	return clamp(first, 0, last);
}

/*
 * Decide which blank lines stay when the body has `room` rows: those between
 * items of a kind go first and together, then the others from below.
 */
static int
lay_gaps(struct lay *l, int room)
{
	int over;

	l->gaps_kept = PAGE_ITEMS;
	l->spread = true;
	lay_body(l);
	if (l->line > room) {
		l->spread = false;
		lay_body(l);
	}
	over = l->line - room;
	if (over > 0) {
		l->gaps_kept = l->gaps > over ? l->gaps - over : 0;
		lay_body(l);
	}
	return l->line;
}

/* Rows of the parts that stand in the same place on every screen. */
struct places {
	int steps; /* -1: none */
	int body;
	int foot;
};

static struct places
places_of(const struct lay *l)
{
	int rows = l->p->rows;
	bool steps = l->p->head.step_count > 0;
	struct places at = { NO_LINE, 2, rows - 1 };

	if (!l->compact) {
		at.steps = steps ? 2 : NO_LINE;
		at.body = steps ? 4 : 2;
		at.foot = rows >= 24 ? rows - 2 : rows - 1;
	} else {
		at.steps = steps ? 1 : NO_LINE;
		at.body = (steps ? 2 : 1) + (rows >= 13);
	}
	return at;
}

static struct lay
lay_make(struct page *p)
{
	struct lay l = { .p = p, .cursor_row = -1, .cursor_col = -1 };
	const struct page_item *focus = lay_focus(p);
	const struct page_head *h = &p->head;

	l.cols = p->cols - page_qr_cols(p);
	l.compact = l.cols < ROOMY_COLS || p->rows < ROOMY_ROWS;
	l.left = 2;
	l.right = l.cols - (l.compact ? 1 : 2);
	l.indent = l.compact ? 2 : 4;
	if (l.compact && h->step_count > 0 && h->step_now >= 0 &&
	    h->step_now < h->step_count && focus != NULL &&
	    (focus->kind == PAGE_FIELD || focus->kind == PAGE_CHOICE) &&
	    page_has(focus->a))
		l.label_above = l.left + 6 + wrap_cols(h->steps[h->step_now]) +
				    2 + wrap_cols(focus->a) + 2 <=
				l.right;
	lay_columns(&l);
	return l;
}

static void
lay_more(struct lay *l, int row)
{
	const char *more = l->p->head.more;

	if (page_has(more))
		(void)frame_put(
		    l->f, row, l->right - wrap_cols(more), ROLE_KEY, more);
}

static void
lay_page(struct lay *l, struct frame *f)
{
	struct places at = places_of(l);
	int height = at.foot - at.body;
	int message = lay_message(l, NULL, 0, 0), room, lines, row;
	bool more;

	if (message > height - MESSAGE_ROOM)
		message = height - MESSAGE_ROOM;
	/* A blank line above the footer and above the message, if it can be. */
	room = height - message - 1 - (message > 0);
	lines = lay_gaps(l, room);
	if (lines > room) {
		/* The footer's sentence gives way before the body scrolls. */
		if (!page_has(l->p->error) && !page_has(l->p->notice))
			message = 0;
		room = height - message;
		lines = lay_gaps(l, room);
	}
	more = lines > room;
	l->shown = more && room > MESSAGE_ROOM ? room - 1 : room;
	l->top = at.body;
	l->first = first_line(l, lines);
	l->p->first = l->first;
	l->p->shown = l->shown;
	l->p->lines = lines;
	l->f = f;
	lay_title(l, at.steps);
	if (at.steps >= 0)
		lay_steps(l, at.steps);
	lay_body(l);
	row = at.body + room + (height - message - room > 1);
	if (more && l->first + l->shown < lines && l->shown < room)
		lay_more(l, at.body + l->shown);
	(void)lay_message(l, f, row, message);
	lay_foot(l, at.foot);
	frame_cursor(f, l->cursor_row, l->cursor_col);
}

static void
lay_too_small(struct page *p, struct frame *f)
{
	struct lay l = { .p = p, .f = f, .cols = p->cols, .right = p->cols };

	l.shown = p->rows;
	(void)lay_wrap(&l, 0, ROLE_TEXT, p->head.too_small);
}

void
page_end(struct page *p, struct frame *f)
{
	frame_init(f, p->rows, p->cols);
	p->rows = f->rows;
	p->cols = f->cols;
	p->tap_count = 0;
	if (p->rows < PAGE_MIN_ROWS || p->cols < PAGE_MIN_COLS) {
		lay_too_small(p, f);
		return;
	}
	struct lay l = lay_make(p);

	lay_page(&l, f);
	if (p->qr != NULL)
		lay_qr(f, p);
}
