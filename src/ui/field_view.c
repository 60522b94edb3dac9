/*
 * ui/field_view.c - how a field looks: masks, patterns, the preedit.
 */
#include <string.h>

#include "base/span.h"
#include "base/utf8.h"
#include "ui/field.h"
#include "ui/wrap.h"

/* What has been written so far. */
struct pen {
	struct buf out;
	int cols;
};

static void
pen_put(struct pen *pen, const char *s, size_t n)
{
	buf_add(&pen->out, s, n);
	if (!pen->out.full)
		pen->cols += utf8_text_width(s, n);
}

/* Characters in their places, the rest of the pattern as '_'. */
static void
view_pattern(struct field_view *v, struct pen *pen, const struct field *f)
{
	const char *text = field_text(f);
	size_t at = 0;
	int place = 0;

	v->cursor = -1;
	for (const char *p = f->spec.pattern; *p != '\0'; p++) {
		bool hidden = f->spec.open_chars > 0 && !f->reveal &&
			      place >= f->spec.open_chars;

		if (*p != '#') {
			pen_put(pen, p, 1);
			continue;
		}
		if (at == f->at && v->cursor < 0)
			v->cursor = pen->cols;
		if (at < f->len)
			pen_put(pen, hidden ? "*" : text + at, 1);
		else
			pen_put(pen, "_", 1);
		at++;
		place++;
	}
	if (v->cursor < 0)
		v->cursor = pen->cols;
}

static void
view_stars(struct field_view *v, struct pen *pen, const struct field *f)
{
	int chars = field_chars(f);

	for (int i = 0; i < chars; i++)
		pen_put(pen, "*", 1);
	v->cursor = (int)f->at;
}

static void
view_plain(struct field_view *v, struct pen *pen, const struct field *f)
{
	const char *text = field_text(f);
	int place = 0;

	for (size_t i = 0; i < f->at; i++, place++) {
		bool hidden = f->spec.open_chars > 0 && !f->reveal &&
			      place >= f->spec.open_chars;
		pen_put(pen, hidden ? "*" : text + i, 1);
	}
	v->cursor = pen->cols;
	for (size_t i = f->at; i < f->len; i++, place++) {
		bool hidden = f->spec.open_chars > 0 && !f->reveal &&
			      place >= f->spec.open_chars;
		pen_put(pen, hidden ? "*" : text + i, 1);
	}
}

static void
view_text(struct field_view *v, struct pen *pen, const struct field *f)
{
	pen_put(pen, f->text, f->at);
	v->preedit_from = pen->cols;
	pen_put(pen, f->preedit, strlen(f->preedit));
	v->preedit_cols = pen->cols - v->preedit_from;
	v->cursor = pen->cols;
	pen_put(pen, f->text + f->at, f->len - f->at);
}

static int
box_cols(const struct field *f)
{
	if (f->spec.cols > 0)
		return f->spec.cols;
	if (f->spec.pattern != NULL)
		return wrap_cols(f->spec.pattern);
	return (f->spec.kind == FIELD_TEXT ? 2 : 1) * f->spec.max_chars;
}

void
field_view(struct field_view *v, const struct field *f)
{
	struct pen pen = { buf_make(v->text, sizeof v->text - 1), 0 };

	memset(v, 0, sizeof *v);
	v->box = box_cols(f);
	if (f->spec.kind == FIELD_SECRET)
		view_stars(v, &pen, f);
	else if (f->spec.pattern != NULL)
		view_pattern(v, &pen, f);
	else if (f->spec.kind == FIELD_TEXT)
		view_text(v, &pen, f);
	else
		view_plain(v, &pen, f);
	v->text[pen.out.n] = '\0';
}
