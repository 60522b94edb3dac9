/*
 * paper/raster.c - items to dots.
 *
 * Each item is laid out twice, once for its height; grey pixels become black
 * from a threshold on, which keeps thin strokes of small Hangul.
 */
#include "paper/raster.h"

#include <math.h>
#include <stdlib.h>

#include "paper/type.h"

enum {
	SMALL = 22,
	BODY = 26,
	TITLE = 46,
	BIG = 54,
	LEADING = 6,
	VALUE_X_KO = 156,
	VALUE_X_EN = 176,
	BOX = 20,
	CHECK_X = 36,
	RULE_HEIGHT = 20,
	SPACE_HEIGHT = 14,
	INK = 100 /* of 255 */
};

struct sheet {
	cairo_t *cr;
	PangoLayout *layout;
	enum paper_lang lang;
	double y;
};

/* Text at (x, y), its height in whole dots back. */
static double
write_at(struct sheet *s, double x, const char *text)
{
	return ceil(type_write(s->cr, s->layout, x, s->y, text));
}

static void
paragraph(struct sheet *s, const struct slip_item *i, int size, bool bold,
    enum type_align align)
{
	type_style(s->layout, size, bold, align, RASTER_WIDTH);
	s->y += write_at(s, 0, i->text) + LEADING;
}

static void
row(struct sheet *s, const struct slip_item *i)
{
	int x = s->lang == PAPER_KO ? VALUE_X_KO : VALUE_X_EN;
	double label, value;

	type_style(s->layout, BODY, false, TYPE_LEFT, x - LEADING);
	label = write_at(s, 0, i->label);
	type_style(s->layout, BODY, false, TYPE_LEFT, RASTER_WIDTH - x);
	value = write_at(s, x, i->text);
	s->y += (label > value ? label : value) + LEADING;
}

static void
money(struct sheet *s, const struct slip_item *i, bool bold)
{
	type_style(
	    s->layout, bold ? BODY + 4 : BODY, bold, TYPE_LEFT, RASTER_WIDTH);
	(void)write_at(s, 0, i->label);
	type_style(
	    s->layout, bold ? BODY + 4 : BODY, bold, TYPE_RIGHT, RASTER_WIDTH);
	s->y += write_at(s, 0, i->text) + LEADING;
}

static void
check(struct sheet *s, const struct slip_item *i)
{
	cairo_rectangle(s->cr, 2, s->y + 5, BOX, BOX);
	cairo_set_line_width(s->cr, 2);
	cairo_stroke(s->cr);
	type_style(s->layout, BODY, false, TYPE_LEFT, RASTER_WIDTH - CHECK_X);
	s->y += write_at(s, CHECK_X, i->text) + LEADING;
}

static void
rule(struct sheet *s)
{
	cairo_rectangle(
	    s->cr, 0, s->y + RULE_HEIGHT / 2.0 - 1, RASTER_WIDTH, 2);
	cairo_fill(s->cr);
	s->y += RULE_HEIGHT;
}

static void
draw_item(struct sheet *s, const struct slip_item *i)
{
	switch (i->style) {
	case SLIP_HEAD:
		paragraph(s, i, BODY, false, TYPE_MIDDLE);
		return;
	case SLIP_TITLE:
		paragraph(s, i, TITLE, true, TYPE_MIDDLE);
		return;
	case SLIP_BIG:
		paragraph(s, i, BIG, true, TYPE_MIDDLE);
		return;
	case SLIP_PLAIN:
		paragraph(s, i, BODY, false, TYPE_LEFT);
		return;
	case SLIP_STRONG:
		paragraph(s, i, BODY, true, TYPE_LEFT);
		return;
	case SLIP_ROW:
		row(s, i);
		return;
	case SLIP_MONEY:
		money(s, i, false);
		return;
	case SLIP_TOTAL:
		money(s, i, true);
		return;
	case SLIP_CHECK:
		check(s, i);
		return;
	case SLIP_RULE:
		rule(s);
		return;
	case SLIP_SPACE:
	case SLIP_STYLE_COUNT:
		break;
	}
	s->y += SPACE_HEIGHT;
}

/* All items onto a surface; the height they need. */
static double
draw_items(cairo_surface_t *surface, const struct slip_item *items, size_t n,
    enum paper_lang lang)
{
	struct sheet s = { .cr = cairo_create(surface), .lang = lang };

	s.layout = type_new(s.cr);
	for (size_t i = 0; i < n; i++)
		draw_item(&s, &items[i]);
	g_object_unref(s.layout);
	cairo_destroy(s.cr);
	cairo_surface_flush(surface);
	return s.y;
}

static void
take_bits(struct raster *out, cairo_surface_t *surface)
{
	const uint8_t *grey = cairo_image_surface_get_data(surface);
	int stride = cairo_image_surface_get_stride(surface);

	for (int y = 0; y < out->rows; y++) {
		const uint8_t *from = grey + (size_t)y * (size_t)stride;
		uint8_t *to = out->bits + (size_t)y * RASTER_BYTES;

		for (int x = 0; x < RASTER_WIDTH; x++) {
			if (from[x] >= INK)
				to[x / 8] |= (uint8_t)(0x80u >> (x % 8));
		}
	}
}

struct err
raster_draw(struct raster *out, const struct slip_item *items, size_t n,
    enum paper_lang lang)
{
	cairo_surface_t *measure = cairo_image_surface_create(
	    CAIRO_FORMAT_A8, RASTER_WIDTH, 1);
	cairo_surface_t *surface = NULL;
	struct err e = err_make(E_NOMEM, 0, "paper: raster");

	*out = (struct raster){ .rows = (int)draw_items(
				    measure, items, n, lang) };
	cairo_surface_destroy(measure);
	if (out->rows > RASTER_ROWS)
		return err_make(E_LIMIT, 0, "paper: raster");
	if (out->rows == 0)
		return err_none();
	out->bits = calloc((size_t)out->rows, RASTER_BYTES);
	surface = cairo_image_surface_create(
	    CAIRO_FORMAT_A8, RASTER_WIDTH, out->rows);
	if (out->bits != NULL &&
	    cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS) {
		(void)draw_items(surface, items, n, lang);
		take_bits(out, surface);
		e = err_none();
	} else {
		raster_free(out);
	}
	cairo_surface_destroy(surface);
	return e;
}

void
raster_free(struct raster *r)
{
	free(r->bits);
	*r = (struct raster){ NULL, 0 };
}
