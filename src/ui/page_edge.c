/*
 * ui/page_edge.c - what stands in the same place on every screen: title,
 * keys, steps, message, footer, and the QR code at the right edge.
 */
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/page_lay.h"
#include "ui/wrap.h"

/* ---- top and bottom
 * ---------------------------------------------------------- */

/* "F1".."F12" in this part of the text becomes a tap. */
static void
key_tap(struct lay *l, const char *text, size_t n, int row, int from, int to)
{
	for (size_t i = 0; i + 1 < n; i++) {
		int number = 0;

		if (text[i] != 'F')
			continue;
		for (size_t k = i + 1;
		     k < n && text[k] >= '0' && text[k] <= '9' && number < 100;
		     k++)
			number = 10 * number + (text[k] - '0');
		if (number >= 1 && number <= 12)
			lay_tap(l, row, from, to,
			    (struct page_tap){ .item = -1,
				.key = (enum key)(K_F1 + number - 1) });
	}
}

static void
lay_keys(struct lay *l, const char *keys, int row, int col)
{
	size_t n = strlen(keys), from = 0;
	bool wide = strstr(keys, "  ") != NULL;

	(void)frame_put(l->f, row, col, ROLE_KEY, keys);
	/* Labels are apart by two blanks or, with none such, end in a key. */
	for (size_t i = 0; i <= n; i++) {
		bool end = i == n || (keys[i] == ' ' &&
					 (wide ? keys[i + 1] == ' '
					       : i > 0 && keys[i - 1] >= '0' &&
						     keys[i - 1] <= '9'));
		int at, cols;

		if (!end || i == from)
			continue;
		at = utf8_text_width(keys, from);
		cols = utf8_text_width(keys + from, i - from);
		key_tap(
		    l, keys + from, i - from, row, col + at, col + at + cols);
		from = i;
	}
}

/* "2/7 name", and the label in focus where it stands there too. */
static int
step_cols(const struct lay *l)
{
	const struct page_head *h = &l->p->head;
	const struct page_item *focus = lay_focus(l->p);
	int cols = h->step_count > 9 ? 6 : 4;

	if (h->step_now >= 0 && h->step_now < h->step_count)
		cols += wrap_cols(h->steps[h->step_now]);
	return l->label_above && focus != NULL ? cols + 4 + wrap_cols(focus->a)
					       : cols;
}

void
lay_title(struct lay *l, int steps)
{
	const struct page_head *h = &l->p->head;
	const char *keys = h->keys;
	int room = l->right - l->left, title = wrap_cols(h->title), cols;
	int row = 0;

	if ((l->compact || wrap_cols(keys) + title + 2 > room) &&
	    page_has(h->keys_short))
		keys = h->keys_short;
	cols = wrap_cols(keys);
	if (cols > room)
		cols = 0;
	/* Beside the step where they would cut the title. */
	if (title + 2 + cols > room && l->compact && steps >= 0 &&
	    step_cols(l) + 2 + cols <= room)
		row = steps;
	if (page_has(h->title))
		(void)frame_put_n(l->f, 0, l->left, ROLE_TITLE, h->title,
		    strlen(h->title),
		    cols > 0 && row == 0 ? room - cols - 2 : room);
	if (cols > 0 && keys != NULL)
		lay_keys(l, keys, row, l->right - cols);
}

static int
steps_cols(const struct page_head *h)
{
	int cols = -1; /* the last has none after it */

	for (int i = 0; i < h->step_count; i++)
		cols += wrap_cols(h->steps[i]) + 5 + (i >= 9);
	return cols;
}

/* "[2 name]" among " 1 name ", or "2/7 name" where that does not fit. */
void
lay_steps(struct lay *l, int row)
{
	const struct page_head *h = &l->p->head;
	const struct page_item *focus = lay_focus(l->p);
	char number[32];
	int col = l->left;

	if (l->compact || steps_cols(h) > l->right - l->left) {
		snprintf(number, sizeof number, "%d/%d ", h->step_now + 1,
		    h->step_count);
		col += frame_put(l->f, row, col, ROLE_STEP_NOW, number);
		if (h->step_now >= 0 && h->step_now < h->step_count)
			col += frame_put(l->f, row, col, ROLE_STEP_NOW,
			    h->steps[h->step_now]);
		if (l->label_above && focus != NULL) {
			col += 2;
			col += frame_put(l->f, row, col, ROLE_LABEL, "(");
			col += frame_put(l->f, row, col, ROLE_LABEL, focus->a);
			(void)frame_put(l->f, row, col, ROLE_LABEL, ")");
		}
		return;
	}
	for (int i = 0; i < h->step_count; i++) {
		enum role role = i < h->step_now    ? ROLE_STEP_DONE
				 : i == h->step_now ? ROLE_STEP_NOW
						    : ROLE_STEP_TODO;
		bool now = i == h->step_now;

		snprintf(
		    number, sizeof number, "%s%d ", now ? "[" : " ", i + 1);
		col += frame_put(l->f, row, col, role, number);
		col += frame_put(l->f, row, col, role, h->steps[i]);
		col += frame_put(l->f, row, col, role, now ? "]" : " ");
		col++;
	}
}

static int
button_cols(const char *text)
{
	return page_has(text) ? wrap_cols(text) + 4 : 0;
}

static void
lay_button(struct lay *l, int row, int col, const char *text, enum key key)
{
	int at = col;

	if (!page_has(text))
		return;
	at += frame_put(l->f, row, at, ROLE_KEY, "[ ");
	at += frame_put(l->f, row, at, ROLE_KEY, text);
	at += frame_put(l->f, row, at, ROLE_KEY, " ]");
	lay_tap(l, row, col, at, (struct page_tap){ .item = -1, .key = key });
}

/* Does the middle text fit between the buttons? */
static bool
middle_fits(const struct lay *l)
{
	int room = l->right - l->left - button_cols(l->p->back) -
		   button_cols(l->p->next) - 4;

	return wrap_cols(l->p->middle) <= room;
}

void
lay_foot(struct lay *l, int row)
{
	const struct page *p = l->p;
	int back = button_cols(p->back), next = button_cols(p->next);
	int from = l->left + (back > 0 ? back + 2 : 0);
	int room = l->right - (next > 0 ? next + 2 : 0) - from;

	lay_button(l, row, l->left, p->back, K_ESC);
	lay_button(l, row, l->right - next, p->next, K_ENTER);
	if (page_has(p->middle) && middle_fits(l)) {
		int spare = room - wrap_cols(p->middle);

		(void)frame_put(l->f, row, from + (back > 0 ? spare / 2 : 0),
		    ROLE_DIM, p->middle);
	}
}

/* ---- messages
 * ------------------------------------------------------------------ */

/* The message area, laid out as a body of its own; its lines. */
int
lay_message(struct lay *l, struct frame *f, int top, int shown)
{
	struct lay m = *l;
	const struct page *p = l->p;

	m.f = f;
	m.top = top;
	m.first = m.line = 0;
	m.shown = shown;
	if (page_has(p->error)) {
		(void)lay_put(&m, m.left, ROLE_ERROR, "!");
		(void)lay_wrap(&m, m.left + 2, ROLE_ERROR, p->error);
		lay_next(&m);
		if (page_has(p->remedy)) {
			(void)lay_wrap(&m, m.left + 2, ROLE_NOTICE, p->remedy);
			lay_next(&m);
		}
	} else if (page_has(p->notice)) {
		(void)lay_wrap(&m, m.left, ROLE_NOTICE, p->notice);
		lay_next(&m);
	} else if (page_has(p->middle) && !middle_fits(l)) {
		(void)lay_wrap(&m, m.left, ROLE_DIM, p->middle);
		lay_next(&m);
	}
	return m.line;
}

/* Two spaces a module. */
static void
qr_whole(struct frame *f, const struct page *p, int top, int left)
{
	int side = p->qr->size + 2 * p->quiet;

	for (int y = 0; y < side; y++)
		for (int x = 0; x < side; x++) {
			bool dark = qr_dark(p->qr, y - p->quiet, x - p->quiet);

			(void)frame_put(f, top + y, left + 2 * x,
			    dark ? ROLE_QR_DARK : ROLE_QR_LIGHT, "  ");
		}
}

/* Two modules a cell; equal ones are a space, so that no glyph is drawn. */
static void
qr_halves(struct frame *f, const struct page *p, int top, int left)
{
	int side = p->qr->size + 2 * p->quiet;

	for (int r = 0; 2 * r < side; r++)
		for (int c = 0; c < side; c++) {
			int y = 2 * r - p->quiet, x = c - p->quiet;
			bool upper = qr_dark(p->qr, y, x);
			bool lower = qr_dark(p->qr, y + 1, x);

			(void)frame_put(f, top + r, left + c,
			    lower ? ROLE_QR_DARK : ROLE_QR_LIGHT,
			    upper == lower ? " " : "\u2580");
		}
}

void
lay_qr(struct frame *f, const struct page *p)
{
	int side = p->qr->size + 2 * p->quiet;
	int rows = p->whole_cells ? side : (side + 1) / 2;
	int top = (p->rows - rows) / 2, left = p->cols - page_qr_cols(p);

	if (p->whole_cells)
		qr_whole(f, p, top, left);
	else
		qr_halves(f, p, top, left);
}
