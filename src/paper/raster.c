/*
 * paper/raster.c - items to dots.
 *
 * Each item is laid out twice, once for its height; grey pixels become black
 * from a threshold on, which keeps thin strokes of small Hangul.
 */
#include "paper/raster.h"

#include <pango/pangocairo.h>
#include <stdlib.h>
#include <string.h>

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

static const char font[] = "NanumGothic";

struct sheet {
	cairo_t *cr;
	PangoLayout *layout;
	enum paper_lang lang;
	double y;
};

static void
style(struct sheet *s, int size, bool bold, PangoAlignment align, int width)
{
	PangoFontDescription *d = pango_font_description_new();

	pango_font_description_set_family_static(d, font);
	pango_font_description_set_absolute_size(d, size * PANGO_SCALE);
	pango_font_description_set_weight(
	    d, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_layout_set_font_description(s->layout, d);
	pango_font_description_free(d);
	pango_layout_set_alignment(s->layout, align);
	pango_layout_set_width(s->layout, width * PANGO_SCALE);
	pango_layout_set_wrap(s->layout, PANGO_WRAP_WORD_CHAR);
}

/* Text at (x, y), its height back. */
static double
write_at(struct sheet *s, double x, const char *text)
{
	int w, h;

	pango_layout_set_text(s->layout, text, -1);
	pango_layout_get_pixel_size(s->layout, &w, &h);
	cairo_move_to(s->cr, x, s->y);
	pango_cairo_show_layout(s->cr, s->layout);
	return h;
}

static void
paragraph(struct sheet *s, const struct slip_item *i, int size, bool bold,
    PangoAlignment align)
{
	style(s, size, bold, align, RASTER_WIDTH);
	s->y += write_at(s, 0, i->text) + LEADING;
}

static void
row(struct sheet *s, const struct slip_item *i)
{
	int x = s->lang == PAPER_KO ? VALUE_X_KO : VALUE_X_EN;
	double label, value;

	style(s, BODY, false, PANGO_ALIGN_LEFT, x - LEADING);
	label = write_at(s, 0, i->label);
	style(s, BODY, false, PANGO_ALIGN_LEFT, RASTER_WIDTH - x);
	value = write_at(s, x, i->text);
	s->y += (label > value ? label : value) + LEADING;
}

static void
money(struct sheet *s, const struct slip_item *i, bool bold)
{
	style(s, bold ? BODY + 4 : BODY, bold, PANGO_ALIGN_LEFT, RASTER_WIDTH);
	(void)write_at(s, 0, i->label);
	style(s, bold ? BODY + 4 : BODY, bold, PANGO_ALIGN_RIGHT, RASTER_WIDTH);
	s->y += write_at(s, 0, i->text) + LEADING;
}

static void
check(struct sheet *s, const struct slip_item *i)
{
	cairo_rectangle(s->cr, 2, s->y + 5, BOX, BOX);
	cairo_set_line_width(s->cr, 2);
	cairo_stroke(s->cr);
	style(s, BODY, false, PANGO_ALIGN_LEFT, RASTER_WIDTH - CHECK_X);
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
		paragraph(s, i, BODY, false, PANGO_ALIGN_CENTER);
		return;
	case SLIP_TITLE:
		paragraph(s, i, TITLE, true, PANGO_ALIGN_CENTER);
		return;
	case SLIP_BIG:
		paragraph(s, i, BIG, true, PANGO_ALIGN_CENTER);
		return;
	case SLIP_PLAIN:
		paragraph(s, i, BODY, false, PANGO_ALIGN_LEFT);
		return;
	case SLIP_STRONG:
		paragraph(s, i, BODY, true, PANGO_ALIGN_LEFT);
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
	cairo_font_options_t *o = cairo_font_options_create();

	/* the same dots on every machine: no hinting of its own */
	cairo_font_options_set_antialias(o, CAIRO_ANTIALIAS_GRAY);
	cairo_font_options_set_hint_style(o, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(o, CAIRO_HINT_METRICS_OFF);
	s.layout = pango_cairo_create_layout(s.cr);
	pango_cairo_context_set_font_options(
	    pango_layout_get_context(s.layout), o);
	pango_cairo_context_set_resolution(
	    pango_layout_get_context(s.layout), 72);
	cairo_font_options_destroy(o);
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
