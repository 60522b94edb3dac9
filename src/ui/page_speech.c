/*
 * ui/page_speech.c - the document in sentences, for a voice and for tests.
 */
#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "ui/page_lay.h"
#include "ui/text.h"

/* One sentence: its parts joined by blanks, ended by a newline. */
static void
say(struct buf *b, const char *one, const char *two, const char *three)
{
	const char *parts[3] = { one, two, three };
	bool any = false;

	for (int i = 0; i < 3; i++) {
		if (!page_has(parts[i]))
			continue;
		if (any)
			buf_add_str(b, " ");
		buf_add_str(b, parts[i]);
		any = true;
	}
	if (any)
		buf_add_str(b, "\n");
}

static void
say_steps(struct buf *b, const struct page_head *h)
{
	char number[32];

	if (h->step_now < 0 || h->step_now >= h->step_count)
		return;
	snprintf(
	    number, sizeof number, "%d/%d", h->step_now + 1, h->step_count);
	say(b, number, h->steps[h->step_now], NULL);
}

static void
say_field(struct buf *b, const struct page *p, const struct page_item *item)
{
	char number[16], spoken[128] = "";
	struct field_view v = { .text = "" };

	if (field_is_empty(item->field)) {
		say(b, item->a, NULL, NULL);
	} else if (field_is_masked(item->field)) {
		snprintf(number, sizeof number, "%d", field_chars(item->field));
		if (page_has(p->head.secret_spoken))
			(void)text_fill(spoken, sizeof spoken,
			    p->head.secret_spoken,
			    (const char *const[]){ number, NULL });
		say(b, item->a, spoken, NULL);
	} else {
		field_view(&v, item->field);
		say(b, item->a, v.text, NULL);
	}
	say(b, item->error, NULL, NULL);
	say(b, item->c != NULL ? item->c : item->b, NULL, NULL);
}

static void
say_choice(struct buf *b, const struct page_item *item)
{
	bool chosen = item->chosen >= 0 && item->chosen < item->count;

	say(b, item->a, chosen ? item->list[item->chosen] : NULL, NULL);
	for (int i = 0; i < item->count; i++) {
		char number[16];

		snprintf(number, sizeof number, "%d", i + 1);
		say(b, number, item->list[i], NULL);
	}
	say(b, item->error, NULL, NULL);
}

static void
say_cells(struct buf *b, const struct page_item *item)
{
	for (int i = 0; i < item->count && item->list != NULL; i++)
		say(b, item->columns[i].title, item->list[i], NULL);
}

static void
say_numbered(struct buf *b, const struct page_item *item)
{
	char number[16];

	snprintf(number, sizeof number, "%d", item->ordinal);
	say(b, number, item->a, item->b);
}

static void
say_item(struct buf *b, const struct page *p, const struct page_item *item)
{
	static const char *const states[] = { "[ ]", "[>]", "[x]", "[!]" };
	bool focused = item->number >= 0 && item->number == p->focus;

	switch (item->kind) {
	case PAGE_PROMPT:
		say(b, item->a, NULL, NULL);
		break;
	case PAGE_TEXT:
		say(b, item->b, NULL, NULL);
		break;
	case PAGE_ROW:
		say(b, item->a, item->b, item->c);
		break;
	case PAGE_MENU:
		say_numbered(b, item);
		break;
	case PAGE_FIELD:
		if (focused)
			say_field(b, p, item);
		break;
	case PAGE_CHOICE:
		if (focused)
			say_choice(b, item);
		break;
	case PAGE_CHECK:
		if (focused) {
			say_numbered(b, item);
			say(b, item->chosen ? "[x]" : "[ ]", NULL, NULL);
		}
		break;
	case PAGE_TASK:
		say(b, states[item->chosen], item->a, item->b);
		break;
	case PAGE_TABLE_ROW:
		if (focused)
			say_cells(b, item);
		break;
	case PAGE_GAP:
	case PAGE_TABLE:
		break;
	}
}

size_t
page_speech(const struct page *p, char *out, size_t cap)
{
	struct buf b = buf_make(out, cap > 0 ? cap - 1 : 0);

	if (cap == 0)
		return 0;
	say(&b, p->head.title, NULL, NULL);
	say_steps(&b, &p->head);
	for (int i = 0; i < p->count; i++)
		say_item(&b, p, &p->items[i]);
	if (page_has(p->error))
		say(&b, p->error, p->remedy, NULL);
	else
		say(&b, p->notice, NULL, NULL);
	say(&b, p->middle, NULL, NULL);
	say(&b, p->back, p->next, NULL);
	out[b.n] = '\0';
	return b.n;
}
