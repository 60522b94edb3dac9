/*
 * paper/type.c - pango without its surprises.
 */
#include "paper/type.h"

#include <string.h>

#include "base/utf8.h"

static const char family[] = "NanumGothic";

PangoLayout *
type_new(cairo_t *cr)
{
	PangoLayout *l = pango_cairo_create_layout(cr);
	PangoContext *context = pango_layout_get_context(l);
	cairo_font_options_t *o = cairo_font_options_create();

	cairo_font_options_set_antialias(o, CAIRO_ANTIALIAS_GRAY);
	cairo_font_options_set_hint_style(o, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(o, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(context, o);
	pango_cairo_context_set_resolution(context, 72);
	cairo_font_options_destroy(o);
	return l;
}

void
type_style(
    PangoLayout *l, double size, bool bold, enum type_align align, double width)
{
	static const PangoAlignment aligns[] = { PANGO_ALIGN_LEFT,
		PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT };
	PangoFontDescription *d = pango_font_description_new();

	pango_font_description_set_family_static(d, family);
	pango_font_description_set_absolute_size(d, size * PANGO_SCALE);
	pango_font_description_set_weight(
	    d, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_layout_set_font_description(l, d);
	pango_font_description_free(d);
	pango_layout_set_alignment(l, aligns[align]);
	pango_layout_set_width(l, (int)(width * PANGO_SCALE));
	pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
}

/* No letter of any font is wider than this many of its sizes. */
#define WIDEST 1.5

/*
 * Whether s[0..n) has Hangul and surely fits into a line: pango ends the
 * program when what must not be broken is longer than the line.
 */
static bool
may_stay_whole(PangoLayout *l, const char *s, size_t n)
{
	double size = pango_font_description_get_size(
	    pango_layout_get_font_description(l));
	double width = pango_layout_get_width(l);
	bool hangul = false;
	size_t i = 0, step;
	int letters = 0;
	uint32_t cp;

	while ((step = utf8_decode(&cp, s + i, n - i)) > 0) {
		hangul = hangul || (cp >= 0xac00 && cp <= 0xd7a3);
		letters++;
		i += step;
	}
	return hangul && letters * size * WIDEST <= width;
}

/* Hangul may break anywhere by Unicode; people read it by words. */
static PangoAttrList *
words_of(PangoLayout *l, const char *text)
{
	PangoAttrList *list = pango_attr_list_new();
	const char *s = text;

	while (*s != '\0') {
		size_t n = strcspn(s, " ");

		if (may_stay_whole(l, s, n)) {
			PangoAttribute *a = pango_attr_allow_breaks_new(FALSE);

			a->start_index = (guint)(s - text);
			a->end_index = (guint)((size_t)(s - text) + n);
			pango_attr_list_insert(list, a);
		}
		s += n;
		s += strspn(s, " ");
	}
	return list;
}

double
type_measure(PangoLayout *l, const char *text)
{
	PangoAttrList *words = words_of(l, text);
	int w, h;

	pango_layout_set_text(l, text, -1);
	pango_layout_set_attributes(l, words);
	pango_attr_list_unref(words);
	pango_layout_get_size(l, &w, &h);
	return (double)h / PANGO_SCALE;
}

double
type_write(cairo_t *cr, PangoLayout *l, double x, double y, const char *text)
{
	double h = type_measure(l, text);

	cairo_move_to(cr, x, y);
	pango_cairo_show_layout(cr, l);
	return h;
}
