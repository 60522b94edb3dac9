/*
 * ui/frame.c - the cell grid.
 */
#include "ui/frame.h"

#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "base/span.h"
#include "base/utf8.h"
#include "ui/wrap.h"

static const char *const role_names[ROLE_COUNT] = {
	[ROLE_TEXT] = "text",
	[ROLE_TITLE] = "title",
	[ROLE_STEP_NOW] = "step_now",
	[ROLE_STEP_DONE] = "step_done",
	[ROLE_STEP_TODO] = "step_todo",
	[ROLE_PROMPT] = "prompt",
	[ROLE_LABEL] = "label",
	[ROLE_VALUE] = "value",
	[ROLE_FIELD] = "field",
	[ROLE_FOCUS] = "focus",
	[ROLE_ERROR] = "error",
	[ROLE_NOTICE] = "notice",
	[ROLE_KEY] = "key",
	[ROLE_DIM] = "dim",
	[ROLE_PREEDIT] = "preedit",
	[ROLE_QR_LIGHT] = "qr_light",
	[ROLE_QR_DARK] = "qr_dark",
};

const char *
role_name(enum role role)
{
	return (unsigned)role < ROLE_COUNT ? role_names[role] : "text";
}

static int
clamp(int v, int low, int high)
{
	return v < low ? low : v > high ? high : v;
}

void
frame_init(struct frame *f, int rows, int cols)
{
	f->rows = clamp(rows, 1, FRAME_ROWS);
	f->cols = clamp(cols, 1, FRAME_COLS);
	f->cursor_row = f->cursor_col = -1;
	for (int r = 0; r < f->rows; r++)
		frame_fill(f, r, 0, f->cols, ROLE_TEXT);
}

/* Blank a cell; the other half of a wide character goes with it. */
static void
cell_blank(struct frame *f, int row, int col, enum role role)
{
	struct cell *c = &f->cells[row][col];

	if (c->width == 0 && col > 0 && c[-1].width == 2) {
		c[-1].text[0] = '\0';
		c[-1].width = 1;
	} else if (c->width == 2 && col + 1 < f->cols) {
		c[1].text[0] = '\0';
		c[1].width = 1;
	}
	c->text[0] = '\0';
	c->width = 1;
	c->role = (uint8_t)role;
}

static void
cell_set(struct frame *f, int row, int col, enum role role, const char *s,
    size_t n, int width)
{
	struct cell *c = &f->cells[row][col];

	cell_blank(f, row, col, role);
	if (width == 2)
		cell_blank(f, row, col + 1, role);
	if (n == 1 && s[0] == ' ')
		return;
	/* Marks beyond the cell's room are dropped, whole. */
	while (n >= CELL_TEXT)
		n -= utf8_last(s, n);
	memcpy(c->text, s, n);
	c->text[n] = '\0';
	c->width = (uint8_t)width;
	if (width == 2)
		c[1].width = 0;
}

int
frame_put(struct frame *f, int row, int col, enum role role, const char *text)
{
	if (text == NULL)
		return 0;
	return frame_put_n(f, row, col, role, text, strlen(text), FRAME_COLS);
}

int
frame_put_n(struct frame *f, int row, int col, enum role role, const char *text,
    size_t n, int max_cols)
{
	int at = col;

	while (n > 0) {
		const char *s = text;
		int width;
		size_t used = wrap_grapheme(text, n, &width);
		size_t len = used;
		uint32_t cp;

		if (utf8_decode(&cp, s, n) == 0 || utf8_is_control(cp) ||
		    utf8_width(cp) < 1) {
			s = "?";
			len = 1;
		}
		if (at - col + width > max_cols)
			break;
		if (row >= 0 && row < f->rows && at >= 0 &&
		    at + width <= f->cols)
			cell_set(f, row, at, role, s, len, width);
		at += width;
		text += used;
		n -= used;
	}
	return at - col;
}

void
frame_fill(struct frame *f, int row, int col, int cols, enum role role)
{
	if (row < 0 || row >= f->rows)
		return;
	for (int c = col < 0 ? 0 : col; c < col + cols && c < f->cols; c++)
		cell_blank(f, row, c, role);
}

void
frame_cursor(struct frame *f, int row, int col)
{
	bool inside = row >= 0 && row < f->rows && col >= 0 && col < f->cols;

	f->cursor_row = inside ? row : -1;
	f->cursor_col = inside ? col : -1;
}

/* The column after the last one worth dumping. */
static int
row_end(const struct frame *f, int row, enum frame_dump how)
{
	int end = f->cols;

	while (end > 0) {
		const struct cell *c = &f->cells[row][end - 1];
		if (c->text[0] != '\0' || c->width == 0 ||
		    (how == FRAME_STYLED && c->role != ROLE_TEXT))
			break;
		end--;
	}
	return end;
}

static void
dump_row(struct buf *b, const struct frame *f, int row, enum frame_dump how)
{
	int end = row_end(f, row, how);
	enum role now = ROLE_TEXT;

	for (int col = 0; col < end; col++) {
		const struct cell *c = &f->cells[row][col];

		if (c->width == 0)
			continue;
		if (how == FRAME_STYLED && c->role != now) {
			if (now != ROLE_TEXT)
				buf_add_str(b, "}");
			now = (enum role)c->role;
			if (now != ROLE_TEXT) {
				buf_add_str(b, "{");
				buf_add_str(b, role_name(now));
				buf_add_str(b, ":");
			}
		}
		buf_add_str(b, c->text[0] != '\0' ? c->text : " ");
	}
	if (now != ROLE_TEXT)
		buf_add_str(b, "}");
	buf_add_str(b, "\n");
}

size_t
frame_dump(const struct frame *f, enum frame_dump how, char *out, size_t cap)
{
	struct buf b = buf_make(out, cap > 0 ? cap - 1 : 0);

	if (cap == 0)
		return 0;
	for (int row = 0; row < f->rows; row++)
		dump_row(&b, f, row, how);
	if (how == FRAME_STYLED) {
		char line[40] = "cursor none\n";

		if (f->cursor_row >= 0)
			snprintf(line, sizeof line, "cursor %d,%d\n",
			    f->cursor_row, f->cursor_col);
		buf_add_str(&b, line);
	}
	out[b.n] = '\0';
	return b.n;
}

void
frame_wipe(struct frame *f)
{
	int rows = f->rows, cols = f->cols;

	secret_wipe(f, sizeof *f);
	frame_init(f, rows, cols);
}
