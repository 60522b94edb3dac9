/*
 * paper/columns.c - items as lines of so many columns.
 *
 * Words stay whole where they fit; a longer one is cut between letters.
 */
#include <string.h>

#include "base/utf8.h"
#include "paper/slip.h"

enum { VALUE_KO = 12, VALUE_EN = 14, BOX = 4 };

static size_t
letter(uint32_t *cp, const char *s)
{
	size_t n = utf8_decode(cp, s, strlen(s));

	return n > 0 ? n : 1; /* checked before: cannot be */
}

/*
 * The bytes of *s that fit into `columns` as one line, and where the next one
 * begins.  At least one letter, so that it ends.
 */
static size_t
line_of(const char *s, int columns, const char **next)
{
	size_t i = 0, end = 0;
	int used = 0;

	while (s[i] != '\0') {
		uint32_t cp = 0;
		size_t step = letter(&cp, s + i);
		int wide = utf8_width(cp);

		if (cp == ' ')
			end = i;
		if (used + wide > columns && i > 0 && cp != ' ')
			break;
		used += wide;
		i += step;
	}
	if (s[i] == '\0' || end == 0)
		end = i;
	*next = s + end;
	*next += strspn(*next, " ");
	while (end > 0 && s[end - 1] == ' ')
		end--;
	return end;
}

/* ---- one line being made ---- */

struct maker {
	struct slip_line line;
	struct buf b;
	slip_take *take;
	void *ctx;
};

static void
start(struct maker *m, enum slip_style style)
{
	m->line.style = style;
	m->b = buf_make(m->line.text, sizeof m->line.text - 1);
}

static void
pad(struct maker *m, int columns)
{
	for (; columns > 0; columns--)
		buf_add_byte(&m->b, ' ');
}

static struct err
finish(struct maker *m)
{
	while (m->b.n > 0 && m->line.text[m->b.n - 1] == ' ')
		m->b.n--;
	m->line.text[m->b.n] = '\0';
	if (m->b.full)
		return err_make(E_LIMIT, 0, "slip: line");
	return m->take(m->ctx, &m->line);
}

static int
width(const char *s, size_t n)
{
	return utf8_text_width(s, n);
}

/* ---- the styles ---- */

static bool
is_double(enum slip_style s)
{
	return s == SLIP_TITLE || s == SLIP_BIG;
}

/* In the middle; the columns of a double one are half as many. */
static struct err
centred(struct maker *m, const struct slip_item *item, int columns)
{
	const char *s = item->text;
	struct err e = err_none();
	int room = is_double(item->style) ? columns / 2 : columns;

	while (*s != '\0' && !err_is(e)) {
		const char *next;
		size_t n = line_of(s, room, &next);

		start(m, item->style);
		pad(m, (room - width(s, n)) / 2);
		buf_add(&m->b, s, n);
		e = finish(m);
		s = next;
	}
	return e;
}

/* `lead` before the first line, the lines from `left` on. */
static struct err
hanging(struct maker *m, enum slip_style style, const char *lead, int left,
    const char *text, int columns)
{
	struct err e;
	bool first = true;

	do {
		const char *next;
		size_t n = line_of(text, columns - left, &next);
		int used = 0;

		start(m, style);
		if (first) {
			buf_add_str(&m->b, lead);
			used = width(lead, strlen(lead));
		}
		pad(m, left - used);
		buf_add(&m->b, text, n);
		e = finish(m);
		first = false;
		text = next;
	} while (*text != '\0' && !err_is(e));
	return e;
}

static struct err
row(struct maker *m, const struct slip_item *item, enum paper_lang lang,
    int columns)
{
	int left = lang == PAPER_KO ? VALUE_KO : VALUE_EN;
	int label = width(item->label, strlen(item->label));
	struct err e;

	if (label < left)
		return hanging(
		    m, item->style, item->label, left, item->text, columns);
	start(m, item->style);
	buf_add_str(&m->b, item->label);
	e = finish(m);
	return err_is(e)
		   ? e
		   : hanging(m, item->style, "", left, item->text, columns);
}

static struct err
money(struct maker *m, const struct slip_item *item, int columns)
{
	int label = width(item->label, strlen(item->label));
	int value = width(item->text, strlen(item->text));

	start(m, item->style);
	buf_add_str(&m->b, item->label);
	pad(m, columns - label - value);
	buf_add_str(&m->b, item->text);
	return finish(m);
}

static struct err
rule(struct maker *m, int columns)
{
	start(m, SLIP_RULE);
	for (int i = 0; i < columns; i++)
		buf_add_byte(&m->b, '-');
	return finish(m);
}

struct err
slip_lines(const struct slip_item *item, enum paper_lang lang, int columns,
    slip_take *take, void *ctx)
{
	struct maker m = { .take = take, .ctx = ctx };

	switch (item->style) {
	case SLIP_HEAD:
	case SLIP_TITLE:
	case SLIP_BIG:
		return centred(&m, item, columns);
	case SLIP_PLAIN:
	case SLIP_STRONG:
		return hanging(&m, item->style, "", 0, item->text, columns);
	case SLIP_ROW:
		return row(&m, item, lang, columns);
	case SLIP_MONEY:
	case SLIP_TOTAL:
		return money(&m, item, columns);
	case SLIP_CHECK:
		return hanging(
		    &m, item->style, "[ ]", BOX, item->text, columns);
	case SLIP_RULE:
		return rule(&m, columns);
	case SLIP_SPACE:
	case SLIP_STYLE_COUNT:
		break;
	}
	start(&m, SLIP_SPACE);
	return finish(&m);
}

/* What is twice as wide on paper stands where its middle is. */
static struct err
take_text(void *ctx, const struct slip_line *line)
{
	struct buf *out = ctx;

	if (is_double(line->style)) {
		size_t lead = strspn(line->text, " ");
		int w = width(line->text + lead, strlen(line->text) - lead);

		for (int i = 0; i < (int)lead + w / 2; i++)
			buf_add_byte(out, ' ');
	}
	buf_add_str(out, line->text);
	buf_add_byte(out, '\n');
	return out->full ? err_make(E_LIMIT, 0, "slip: text") : err_none();
}

struct err
slip_text(struct buf *out, const struct slip *slip, int columns)
{
	struct err e = err_none();

	for (size_t i = 0; i < slip->n && !err_is(e); i++)
		e = slip_lines(
		    &slip->items[i], slip->lang, columns, take_text, out);
	return e;
}
