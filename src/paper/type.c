/*
 * paper/type.c - pango without its surprises.
 */
#include "paper/type.h"

#include <string.h>

#include "base/utf8.h"

static const char family[] = "NanumGothic";

/* Longer ones, and Latin, break by pango's own rules. */
enum { WORD_MOST = 60 };

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

static bool
is_hangul_word(const char *s, size_t n)
{
	size_t i = 0, step;
	uint32_t cp;

	while ((step = utf8_decode(&cp, s + i, n - i)) > 0) {
		if (cp >= 0xac00 && cp <= 0xd7a3)
			return n <= WORD_MOST;
		i += step;
	}
	return false;
}

/* Hangul may break anywhere by Unicode; people read it by words. */
static PangoAttrList *
words_of(const char *text)
{
	PangoAttrList *list = pango_attr_list_new();
	const char *s = text;

	while (*s != '\0') {
		size_t n = strcspn(s, " ");

		if (is_hangul_word(s, n)) {
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
	PangoAttrList *words = words_of(text);
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
