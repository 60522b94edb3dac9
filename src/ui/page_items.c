/*
 * ui/page_items.c - how each kind of item looks.
 */
#include <string.h>

#include "ui/page_lay.h"
#include "ui/text.h"
#include "ui/wrap.h"

bool
lay_focused(const struct lay *l, const struct page_item *item)
{
	return item->number >= 0 && item->number == l->p->focus;
}

static void
marker(struct lay *l, const struct page_item *item)
{
	if (lay_focused(l, item))
		(void)lay_put(l, l->indent - 2, ROLE_FOCUS, ">");
}

/*
 * The label, and the column where the value goes: beside it when there is
 * room for `need` columns, else on the next line.
 */
static int
label(struct lay *l, const struct page_item *item, int need)
{
	enum role role = ROLE_LABEL;
	int cols = wrap_cols(item->a);

	if (lay_focused(l, item) && item->kind == PAGE_CHOICE &&
	    item->chosen < 0)
		role = ROLE_FOCUS;
	if (lay_focused(l, item) && l->label_above)
		return l->indent;
	if (cols == 0)
		return l->compact ? l->indent : l->value;
	(void)lay_put(l, l->indent, role, item->a);
	if (l->indent + cols < l->value && l->value + need <= l->right)
		return l->value;
	if (l->indent + cols + 2 + need <= l->right && l->compact)
		return l->indent + cols + 2;
	lay_next(l);
	return l->compact ? l->indent : l->indent + 2;
}

/* "! what is wrong" under a value. */
static void
error_lines(struct lay *l, int col, const char *error)
{
	if (!page_has(error))
		return;
	(void)lay_put(l, col, ROLE_ERROR, "!");
	(void)lay_wrap(l, col + 2, ROLE_ERROR, error);
	lay_next(l);
}

/* The part of the field's view that shows the cursor, in `box` columns. */
static void
draw_box(struct lay *l, const struct page_item *item, int col, int box,
    const struct field_view *v)
{
	bool focused = lay_focused(l, item);
	enum role role = focused ? ROLE_FOCUS : ROLE_FIELD;
	/* The cursor may stand right behind the box. */
	int skip = focused && v->cursor > box ? v->cursor - box : 0;
	int at = 0;
	size_t n = strlen(v->text);

	for (int c = 0; c < box; c++)
		(void)lay_put(l, col + c, role, "_");
	for (size_t i = 0; i < n;) {
		int w;
		size_t used = wrap_grapheme(v->text + i, n - i, &w);
		bool composing = at >= v->preedit_from &&
				 at < v->preedit_from + v->preedit_cols;

		if (at >= skip && at + w <= skip + box)
			(void)lay_put_n(l, col + at - skip,
			    composing ? ROLE_PREEDIT : role, v->text + i, used);
		at += w;
		i += used;
	}
	if (focused && lay_row(l) >= 0) {
		l->cursor_row = lay_row(l);
		l->cursor_col = col + v->cursor - skip;
	}
}

static void
item_field(struct lay *l, const struct page_item *item)
{
	struct field_view v;
	int col, box, after;
	bool beside;

	field_view(&v, item->field);
	box = v.box < 1 ? 1 : v.box;
	marker(l, item);
	col = label(l, item, box < 24 ? box : 24);
	if (box > l->right - col)
		box = l->right - col;
	draw_box(l, item, col, box, &v);
	memset(&v, 0, sizeof v);
	after = col + box + 2;
	beside = page_has(item->b) && after + wrap_cols(item->b) <= l->right;
	if (beside)
		(void)lay_put(l, after, ROLE_DIM, item->b);
	lay_next(l);
	error_lines(l, col, item->error);
	if (page_has(item->b) && !beside) {
		(void)lay_wrap(l, col, ROLE_DIM, item->b);
		lay_next(l);
	}
}

static void
item_choice(struct lay *l, const struct page_item *item)
{
	bool focused = lay_focused(l, item);
	int start, col;

	marker(l, item);
	start = col = label(l, item, 20);
	for (int i = 0; i < item->count; i++) {
		bool chosen = i == item->chosen;
		const char *mark = chosen ? "[?] " : "(?) ";
		char head[5];
		enum role role = !chosen   ? ROLE_TEXT
				 : focused ? ROLE_FOCUS
					   : ROLE_VALUE;
		int cols = 4 + wrap_cols(item->list[i]);
		struct page_tap tap = { .item = item->number,
			.ch = '1' + (uint32_t)i };

		if (col > start && col + cols > l->right) {
			lay_next(l);
			col = start;
		}
		if (chosen && focused)
			l->focus_key = l->line;
		memcpy(head, mark, sizeof head);
		head[1] = i < 9 ? (char)('1' + i) : '0';
		lay_tap(l, lay_row(l), col, col + cols, tap);
		(void)lay_put(l, col, role, head);
		(void)lay_put(l, col + 4, role, item->list[i]);
		col += cols + 2;
	}
	lay_next(l);
	error_lines(l, start, item->error);
}

/* "1 " with at most two digits, right-aligned. */
static void
ordinal(char out[static 4], int n)
{
	out[0] = (char)(n >= 10 ? '0' + n / 10 % 10 : ' ');
	out[1] = (char)('0' + n % 10);
	out[2] = ' ';
	out[3] = '\0';
}

static void
item_check(struct lay *l, const struct page_item *item)
{
	enum role role = lay_focused(l, item) ? ROLE_FOCUS : ROLE_TEXT;
	int col = l->indent;
	char number[4];

	marker(l, item);
	ordinal(number, item->ordinal);
	col += lay_put(l, col, ROLE_KEY, number + (item->ordinal < 10));
	col += lay_put(l, col, role, item->chosen ? "[x]" : "[ ]") + 1;
	if (page_has(item->b))
		col += lay_put(l, col, ROLE_KEY, item->b) + 1;
	(void)lay_wrap(l, col, role, item->a);
	lay_next(l);
}

static void
item_menu(struct lay *l, const struct page_item *item)
{
	bool focused = lay_focused(l, item);
	enum role role = focused ? ROLE_FOCUS : ROLE_TEXT;
	int col = l->indent + 3;
	char number[4];

	marker(l, item);
	ordinal(number, item->ordinal);
	if (l->p->picks < 10)
		col--;
	(void)lay_put(l, l->indent, focused ? ROLE_FOCUS : ROLE_KEY,
	    number + (l->p->picks < 10));
	if (focused)
		lay_fill(l, col, l->second - 2 - col, role);
	(void)lay_wrap(l, col, role, item->a);
	if (page_has(item->b) && !l->compact &&
	    l->second + wrap_cols(item->b) <= l->right) {
		(void)lay_put(l, l->second, ROLE_DIM, item->b);
	} else if (page_has(item->b) && focused) {
		lay_next(l);
		(void)lay_wrap(l, l->indent + 2, ROLE_DIM, item->b);
	}
	lay_next(l);
}

static void
item_task(struct lay *l, const struct page_item *item)
{
	static const struct {
		const char *mark;
		enum role role;
	} looks[] = {
		[TASK_TODO] = { "[ ]", ROLE_STEP_TODO },
		[TASK_DOING] = { "[>]", ROLE_STEP_NOW },
		[TASK_DONE] = { "[x]", ROLE_STEP_DONE },
		[TASK_FAILED] = { "[!]", ROLE_ERROR },
	};
	enum role role = looks[item->chosen].role;
	int after;

	(void)lay_put(l, l->indent, role, looks[item->chosen].mark);
	after = lay_wrap(l, l->indent + 4, role, item->a) + 2;
	if (page_has(item->b)) {
		int col = l->second, last = l->right - wrap_cols(item->b);

		if (col > last)
			col = last;
		if (col < after) {
			lay_next(l);
			col = l->indent + 4;
		}
		(void)lay_wrap(l, col, ROLE_TEXT, item->b);
	}
	lay_next(l);
}

static void
item_row(struct lay *l, const struct page_item *item)
{
	int need = wrap_cols(item->b), most = l->right - l->value;
	int col = label(l, item, l->compact || need < most ? need : most);
	int after = col;

	if (page_has(item->b))
		after = lay_wrap(l, col, ROLE_VALUE, item->b) + 2;
	if (page_has(item->c)) {
		if (after > col && after + wrap_cols(item->c) > l->right) {
			lay_next(l);
			after = col;
		}
		(void)lay_wrap(l, after, ROLE_DIM, item->c);
	}
	lay_next(l);
}

/*
 * Widths of the columns in this much room: spare ones go first, from the
 * right, then the rest shrink to nothing from the right.
 */
static void
table_widths(
    int out[static PAGE_CELLS], const struct page_item *item, int room, int gap)
{
	int rest = -1, used = 0;

	for (int i = 0; i < item->count; i++) {
		out[i] = item->columns[i].cols;
		if (out[i] == 0 && rest < 0) {
			rest = i;
			out[i] = 8; /* at least */
		}
		used += out[i] + gap;
	}
	for (int pass = 0; pass < 2; pass++) {
		for (int i = item->count; i-- > 1 && used - gap > room;) {
			if (out[i] == 0 ||
			    (pass == 0 && !item->columns[i].spare))
				continue;
			used -= out[i] + gap;
			out[i] = 0;
		}
	}
	if (rest >= 0 && out[rest] > 0 && room > used - gap)
		out[rest] += room - (used - gap);
}

static void
item_table(struct lay *l, const struct page_item *item)
{
	bool head = item->kind == PAGE_TABLE, focused = lay_focused(l, item);
	enum role role = head ? ROLE_LABEL : focused ? ROLE_FOCUS : ROLE_TEXT;
	int widths[PAGE_CELLS], col = l->indent;
	int gap = l->compact ? 1 : 2;

	marker(l, item);
	if (!head && item->chosen)
		(void)lay_put(l, l->indent - 1, ROLE_ERROR, "!");
	table_widths(widths, item, l->right - l->indent, gap);
	if (focused)
		lay_fill(l, col, l->right - col, role);
	for (int i = 0; i < item->count; i++) {
		const char *text = head			? item->columns[i].title
				   : item->list != NULL ? item->list[i]
							: NULL;

		if (widths[i] == 0)
			continue;
		if (text != NULL)
			(void)lay_put_n(l, col, role, text,
			    wrap_clip(text, strlen(text), widths[i]));
		col += widths[i] + gap;
	}
	lay_next(l);
}

static void
item_text(struct lay *l, const struct page_item *item)
{
	int col = item->kind == PAGE_PROMPT ? l->left : l->indent;

	(void)lay_wrap(l, col, item->role, item->a);
	lay_next(l);
}

void
lay_item(struct lay *l, const struct page_item *item)
{
	static void (*const draw[])(struct lay *, const struct page_item *) = {
		[PAGE_PROMPT] = item_text,
		[PAGE_TEXT] = item_text,
		[PAGE_GAP] = NULL, /* page_lay.c has its own way with gaps */
		[PAGE_ROW] = item_row,
		[PAGE_MENU] = item_menu,
		[PAGE_FIELD] = item_field,
		[PAGE_CHOICE] = item_choice,
		[PAGE_CHECK] = item_check,
		[PAGE_TASK] = item_task,
		[PAGE_TABLE] = item_table,
		[PAGE_TABLE_ROW] = item_table,
	};
	int from = l->line;

	l->item = item;
	l->focus_key = lay_focused(l, item) ? from : l->focus_key;
	draw[item->kind](l, item);
	if (lay_focused(l, item) ||
	    (l->p->focus < 0 && item->kind == PAGE_TASK &&
		(item->chosen == TASK_DOING || item->chosen == TASK_FAILED))) {
		l->focus_from = from;
		l->focus_to = l->line;
		if (l->focus_key < from)
			l->focus_key = from;
	}
	l->item = NULL;
}
