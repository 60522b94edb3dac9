/*
 * ui/page.c - building the document; page_lay.c places it.
 */
#include "ui/page.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "ui/page_lay.h"
#include "ui/text.h"

void
page_begin(struct page *p, const void *screen, int rows, int cols)
{
	int scroll = p->screen == screen && p->screen != NULL ? p->scroll : -1;

	/* What was drawn for the last screen must not outlive it. */
	secret_wipe(p->arena, p->used);
	memset(p, 0, offsetof(struct page, arena));
	p->screen = screen;
	p->rows = rows;
	p->cols = cols;
	p->scroll = scroll;
	p->focus = -1;
}

void
page_wipe(struct page *p)
{
	secret_wipe(p, sizeof *p);
	p->scroll = -1;
	p->focus = -1;
}

const char *
page_fmt(struct page *p, const char *fmt, ...)
{
	size_t room = sizeof p->arena - p->used;
	char *at = p->arena + p->used;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(at, room, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= room) {
		secret_wipe(at, room);
		p->full = true;
		return "";
	}
	p->used += (size_t)n + 1;
	return at;
}

const char *
page_fill_args(struct page *p, const char *tmpl, const char *const *args)
{
	size_t room = sizeof p->arena - p->used;
	char *at = p->arena + p->used;

	if (!text_fill(at, room, tmpl, args)) {
		secret_wipe(at, room);
		p->full = true;
		return "";
	}
	p->used += strlen(at) + 1;
	return at;
}

const char *
page_copy(struct page *p, const char *text)
{
	return page_fmt(p, "%s", text);
}

const char *const *
page_list(struct page *p, const char *const *list, int count)
{
	static const char *const none[PAGE_CELLS + 1];
	size_t align = sizeof(char *);
	size_t at = (p->used + align - 1) / align * align;
	size_t n = (size_t)count * sizeof *list;

	assert(count >= 0);
	if (at > sizeof p->arena || n > sizeof p->arena - at) {
		p->full = true;
		return none;
	}
	memcpy(p->arena + at, list, n);
	p->used = at + n;
	return (const char *const *)(const void *)(p->arena + at);
}

void
page_head(struct page *p, const struct page_head *head)
{
	p->head = *head;
	if (p->head.step_count > PAGE_STEPS)
		p->head.step_count = PAGE_STEPS;
	if (p->head.steps == NULL)
		p->head.step_count = 0;
}

void
page_focus(struct page *p, int number)
{
	p->focus = number;
}

void
page_foot(
    struct page *p, const char *back, const char *next, const char *middle)
{
	p->back = back;
	p->next = next;
	p->middle = middle;
}

void
page_notice(struct page *p, const char *text)
{
	p->notice = text;
}

void
page_error(struct page *p, const char *what, const char *remedy)
{
	p->error = what;
	p->remedy = remedy;
}

/* The next item; a scrap one when there is no room, so callers need not ask. */
static struct page_item *
add(struct page *p, enum page_kind kind, enum role role)
{
	static struct page_item scrap;
	struct page_item *item = &scrap;

	if (p->count < PAGE_ITEMS)
		item = &p->items[p->count++];
	else
		p->full = true;
	*item = (struct page_item){ .kind = kind, .number = -1, .role = role };
	return item;
}

void
page_prompt(struct page *p, const char *text)
{
	if (page_has(text))
		add(p, PAGE_PROMPT, ROLE_PROMPT)->a = text;
}

void
page_text(struct page *p, const char *text)
{
	page_say(p, ROLE_TEXT, text);
}

/* A paragraph: what is seen of it and what is heard. */
static void
paragraph(struct page *p, enum role role, const char *text, const char *spoken)
{
	struct page_item *item;

	if (!page_has(text))
		return;
	item = add(p, PAGE_TEXT, role);
	item->a = text;
	item->b = spoken;
}

void
page_say(struct page *p, enum role role, const char *text)
{
	paragraph(p, role, text, text);
}

void
page_running(struct page *p, const char *text, const char *spoken)
{
	paragraph(p, ROLE_TEXT, text, spoken);
}

void
page_gap(struct page *p)
{
	(void)add(p, PAGE_GAP, ROLE_TEXT);
}

void
page_row(
    struct page *p, const char *label, const char *value, const char *extra)
{
	struct page_item *item = add(p, PAGE_ROW, ROLE_VALUE);

	item->a = label;
	item->b = value;
	item->c = extra;
}

void
page_menu(struct page *p, const char *title, const char *subtitle)
{
	struct page_item *item = add(p, PAGE_MENU, ROLE_TEXT);

	item->number = p->numbers++;
	item->ordinal = ++p->picks;
	item->a = title;
	item->b = subtitle;
}

void
page_field(struct page *p, const char *label, const struct field *field,
    const char *hint, const char *error)
{
	struct page_item *item = add(p, PAGE_FIELD, ROLE_FIELD);

	item->number = p->numbers++;
	item->a = label;
	item->b = hint;
	item->field = field;
	item->error = error;
}

void
page_running_hint(struct page *p, const char *spoken)
{
	struct page_item *item = p->count > 0 ? &p->items[p->count - 1] : NULL;

	if (item != NULL && item->kind == PAGE_FIELD)
		item->c = spoken;
}

void
page_choice(struct page *p, const char *label, const char *const *options,
    int count, int chosen, const char *error)
{
	struct page_item *item = add(p, PAGE_CHOICE, ROLE_TEXT);

	item->number = p->numbers++;
	item->a = label;
	item->list = options;
	item->count = count < PAGE_OPTIONS ? count : PAGE_OPTIONS;
	item->chosen = chosen;
	item->error = error;
}

void
page_check(struct page *p, const char *text, bool ticked, const char *tag)
{
	struct page_item *item = add(p, PAGE_CHECK, ROLE_TEXT);

	item->number = p->numbers++;
	item->ordinal = ++p->checks;
	item->a = text;
	item->b = tag;
	item->chosen = ticked;
}

void
page_task(
    struct page *p, enum task_state state, const char *text, const char *detail)
{
	struct page_item *item = add(p, PAGE_TASK, ROLE_TEXT);

	item->chosen = (int)state;
	item->a = text;
	item->b = detail;
}

void
page_table(struct page *p, const struct page_column *columns, int count)
{
	struct page_item *item = add(p, PAGE_TABLE, ROLE_LABEL);

	item->columns = columns;
	item->count = count < PAGE_CELLS ? count : PAGE_CELLS;
}

void
page_table_row(
    struct page *p, const char *const *cells, bool selectable, bool alert)
{
	const struct page_item *head = NULL;
	struct page_item *item;

	for (int i = p->count; i-- > 0 && head == NULL;) {
		if (p->items[i].kind == PAGE_TABLE)
			head = &p->items[i];
	}
	item = add(p, PAGE_TABLE_ROW, ROLE_TEXT);
	if (selectable) {
		item->number = p->numbers++;
		item->ordinal = ++p->picks;
	}
	item->list = cells;
	item->chosen = alert;
	if (head != NULL) {
		item->columns = head->columns;
		item->count = head->count;
	}
}

void
page_blocks(struct page *p, bool narrow)
{
	p->wide_blocks = !narrow;
}

static bool
qr_fits(const struct page *p, int side, bool whole)
{
	enum { LEFT_MIN = 30 };
	int rows = whole ? side : (side + 1) / 2;
	int cols = whole ? 2 * side : side;

	return rows <= p->rows && p->cols - cols >= LEFT_MIN &&
	       (whole || !p->wide_blocks);
}

struct err
page_qr(struct page *p, const struct qr *qr)
{
	enum { QUIET_LEAST = 2 };

	for (int whole = 1; whole >= 0; whole--) {
		for (int quiet = QR_QUIET; quiet >= QUIET_LEAST; quiet--) {
			if (!qr_fits(p, qr->size + 2 * quiet, whole))
				continue;
			p->qr = qr;
			p->quiet = quiet;
			p->whole_cells = whole;
			return err_none();
		}
	}
	return err_make(E_LIMIT, 0, "page: qr");
}

int
page_qr_cols(const struct page *p)
{
	if (p->qr == NULL)
		return 0;
	return (p->qr->size + 2 * p->quiet) * (p->whole_cells ? 2 : 1);
}
