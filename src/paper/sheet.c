/*
 * paper/sheet.c - pages, boxes, text in boxes.
 */
#include "paper/sheet.h"

#include <cairo-pdf.h>
#include <stdio.h>

#include "paper/say.h"

#define A4_WIDTH  595.276
#define A4_HEIGHT 841.89
#define LEFT	  51.0
#define TOP	  50.0
#define BOTTOM	  (A4_HEIGHT - 64.0)
#define WIDTH	  (A4_WIDTH - 2 * LEFT)
#define PAD_X	  6.0
#define PAD_Y	  6.5
#define TIGHTER	  4.0  /* rows of tables are lower by this */
#define SECTION	  58.0 /* the heading at the left of fields */
#define LABEL	  84.0
#define TEXT	  9.5
#define SMALL	  7.5
#define LEADING	  1.2F
#define THIN	  0.5
#define THICK	  1.2
#define SHADE	  0.945
#define BOX_WIDTH 66.0

/* ---- pages ---- */

static cairo_status_t
write_out(void *closure, const unsigned char *data, unsigned int n)
{
	struct sheet *s = closure;

	if (!err_is(s->failed))
		s->failed = s->take(s->take_ctx, span_make(data, n));
	return err_is(s->failed) ? CAIRO_STATUS_WRITE_ERROR
				 : CAIRO_STATUS_SUCCESS;
}

struct err
sheet_begin(struct sheet *s, sheet_take *take, void *ctx, const char *title,
    const char *created)
{
	s->take = take;
	s->take_ctx = ctx;
	s->failed = err_none();
	s->page = 1;
	s->y = TOP;
	s->surface = cairo_pdf_surface_create_for_stream(
	    write_out, s, A4_WIDTH, A4_HEIGHT);
	if (cairo_surface_status(s->surface) != CAIRO_STATUS_SUCCESS) {
		cairo_surface_destroy(s->surface);
		s->surface = NULL;
		return err_make(E_NOMEM, 0, "paper: sheet");
	}
	/* said here, else cairo says the time: the bytes follow from the
	 * document alone */
	cairo_pdf_surface_restrict_to_version(
	    s->surface, CAIRO_PDF_VERSION_1_5);
	cairo_pdf_surface_set_metadata(
	    s->surface, CAIRO_PDF_METADATA_TITLE, title);
	cairo_pdf_surface_set_metadata(
	    s->surface, CAIRO_PDF_METADATA_CREATE_DATE, created);
	cairo_pdf_surface_set_metadata(
	    s->surface, CAIRO_PDF_METADATA_MOD_DATE, created);
	cairo_pdf_surface_set_metadata(
	    s->surface, CAIRO_PDF_METADATA_CREATOR, "dasi");
	s->cr = cairo_create(s->surface);
	s->layout = type_new(s->cr);
	pango_layout_set_line_spacing(s->layout, LEADING);
	return err_none();
}

static void
line(struct sheet *s, double x1, double y1, double x2, double y2, double width)
{
	cairo_set_line_width(s->cr, width);
	cairo_move_to(s->cr, x1, y1);
	cairo_line_to(s->cr, x2, y2);
	cairo_stroke(s->cr);
}

static double
at(struct sheet *s, double x, double y, double width, const char *text,
    double size, bool bold, enum type_align align)
{
	type_style(s->layout, size, bold, align, width);
	return type_write(s->cr, s->layout, x, y, text);
}

static void
foot(struct sheet *s)
{
	char page[16], pages[16];

	snprintf(page, sizeof page, "%d", s->page);
	snprintf(pages, sizeof pages, "%d", s->pages);
	say_fill(
	    s->foot_page, sizeof s->foot_page, s->page_pattern, page, pages);
	line(s, LEFT, BOTTOM + 14, LEFT + WIDTH, BOTTOM + 14, THIN);
	(void)at(
	    s, LEFT, BOTTOM + 18, WIDTH, s->foot_left, SMALL, false, TYPE_LEFT);
	(void)at(s, LEFT, BOTTOM + 18, WIDTH, s->foot_page, SMALL, false,
	    TYPE_RIGHT);
	if (s->foot_label[0] != '\0')
		(void)at(s, LEFT, BOTTOM + 29, WIDTH, s->foot_label, SMALL - 1,
		    false, TYPE_LEFT);
}

struct err
sheet_end(struct sheet *s)
{
	cairo_status_t status;

	if (s->surface == NULL)
		return s->failed;
	foot(s);
	cairo_show_page(s->cr);
	g_object_unref(s->layout);
	status = cairo_status(s->cr);
	cairo_destroy(s->cr);
	cairo_surface_finish(s->surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(s->surface);
	cairo_surface_destroy(s->surface);
	s->surface = NULL;
	if (err_is(s->failed))
		return s->failed;
	return status == CAIRO_STATUS_SUCCESS
		   ? err_none()
		   : err_make(E_NOMEM, 0, "paper: sheet");
}

void
sheet_need(struct sheet *s, double height)
{
	if (s->y + height <= BOTTOM || s->y <= TOP)
		return;
	foot(s);
	cairo_show_page(s->cr);
	s->page++;
	s->y = TOP;
}

void
sheet_gap(struct sheet *s, double height)
{
	s->y += height;
}

void
sheet_text(struct sheet *s, const char *text, double size, bool bold,
    enum type_align align)
{
	type_style(s->layout, size, bold, align, WIDTH);
	sheet_need(s, type_measure(s->layout, text));
	s->y += at(s, LEFT, s->y, WIDTH, text, size, bold, align);
}

/* ---- cells ---- */

static double
cell_height(struct sheet *s, double width, const char *text, bool bold)
{
	type_style(s->layout, TEXT, bold, TYPE_LEFT, width - 2 * PAD_X);
	return type_measure(s->layout, text) + 2 * PAD_Y;
}

static void
shade(struct sheet *s, double x, double width, double height)
{
	cairo_save(s->cr);
	cairo_set_source_rgb(s->cr, SHADE, SHADE, SHADE);
	cairo_rectangle(s->cr, x, s->y, width, height);
	cairo_fill(s->cr);
	cairo_restore(s->cr);
}

/* Text in the middle of the height of a cell whose upper edge is s->y. */
static void
cell(struct sheet *s, double x, double width, double height, const char *text,
    bool bold, enum type_align align)
{
	double h;

	type_style(s->layout, TEXT, bold, align, width - 2 * PAD_X);
	h = type_measure(s->layout, text);
	(void)type_write(
	    s->cr, s->layout, x + PAD_X, s->y + (height - h) / 2, text);
}

static double
larger(double a, double b)
{
	return a > b ? a : b;
}

/* ---- fields ---- */

static double
value_width(const struct sheet_field row[2])
{
	double all = WIDTH - SECTION;

	return row[1].label == NULL ? all - LABEL : all / 2 - LABEL;
}

static double
fields_height(struct sheet *s, const struct sheet_field row[2])
{
	double width = value_width(row), h = 0;

	for (int i = 0; i < 2 && row[i].label != NULL; i++) {
		h = larger(h, cell_height(s, width, row[i].value, false));
		h = larger(h, cell_height(s, LABEL, row[i].label, true));
	}
	return h;
}

static void
fields_row(struct sheet *s, const struct sheet_field row[2], double height)
{
	double width = value_width(row), x = LEFT + SECTION;

	for (int i = 0; i < 2 && row[i].label != NULL; i++) {
		cell(s, x, LABEL, height, row[i].label, true, TYPE_LEFT);
		line(s, x, s->y, x, s->y + height, THIN);
		x += LABEL;
		cell(s, x, width, height, row[i].value, false, TYPE_LEFT);
		line(s, x, s->y, x, s->y + height, THIN);
		x += width;
	}
	s->y += height;
	line(s, LEFT + SECTION, s->y, LEFT + WIDTH, s->y, THIN);
}

/* All of it before any line: a shade would cover half of one. */
static void
fields_shade(struct sheet *s, const struct sheet_section *section,
    const double heights[], size_t from, size_t to)
{
	double top = s->y;

	for (size_t i = from; i < to; i++) {
		double x = LEFT + SECTION;

		for (int k = 0; k < 2 && section->rows[i][k].label != NULL;
		     k++) {
			shade(s, x, LABEL, heights[i]);
			x += LABEL + value_width(section->rows[i]);
		}
		s->y += heights[i];
	}
	s->y = top;
}

/* Rows [from, to), which fit, with the heading beside them. */
static void
fields_part(struct sheet *s, const struct sheet_section *section,
    const double heights[], size_t from, size_t to)
{
	double top = s->y, all = 0;

	for (size_t i = from; i < to; i++)
		all += heights[i];
	shade(s, LEFT, SECTION, all);
	fields_shade(s, section, heights, from, to);
	cell(s, LEFT, SECTION, all, section->name, true, TYPE_MIDDLE);
	for (size_t i = from; i < to; i++)
		fields_row(s, section->rows[i], heights[i]);
	cairo_set_line_width(s->cr, THICK);
	cairo_rectangle(s->cr, LEFT, top, WIDTH, all);
	cairo_stroke(s->cr);
}

void
sheet_fields(struct sheet *s, const struct sheet_section *section)
{
	double heights[SHEET_ROWS], all = 0;
	size_t from = 0;

	for (size_t i = 0; i < section->n; i++) {
		heights[i] = fields_height(s, section->rows[i]);
		all += heights[i];
	}
	if (all <= BOTTOM - TOP)
		sheet_need(s, all);
	while (from < section->n) {
		size_t to = from;
		double part = 0;

		sheet_need(s, heights[from]);
		while (to < section->n &&
		       (to == from || s->y + part + heights[to] <= BOTTOM))
			part += heights[to++];
		fields_part(s, section, heights, from, to);
		from = to;
	}
}

/* ---- tables ---- */

static void
table_row(struct sheet *s, const struct sheet_table *t,
    const char *const cells[], bool bold, bool head)
{
	double h = 0, x = LEFT;

	for (size_t i = 0; i < t->columns; i++)
		h = larger(
		    h, cell_height(s, t->widths[i] * WIDTH, cells[i], bold) -
			   TIGHTER);
	if (head)
		shade(s, LEFT, WIDTH, h);
	for (size_t i = 0; i < t->columns; i++) {
		double width = t->widths[i] * WIDTH;

		cell(s, x, width, h, cells[i], bold,
		    head ? TYPE_MIDDLE : t->aligns[i]);
		x += width;
		if (i + 1 < t->columns)
			line(s, x, s->y, x, s->y + h, THIN);
	}
	line(s, LEFT, s->y, LEFT, s->y + h, THICK);
	line(s, LEFT + WIDTH, s->y, LEFT + WIDTH, s->y + h, THICK);
	if (head)
		line(s, LEFT, s->y, LEFT + WIDTH, s->y, THICK);
	s->y += h;
	line(s, LEFT, s->y, LEFT + WIDTH, s->y, THIN);
}

void
sheet_head(struct sheet *s, const struct sheet_table *t)
{
	/* never alone at the foot of a page */
	sheet_need(s, 3 * (TEXT + 2 * PAD_Y));
	table_row(s, t, t->heads, true, true);
}

void
sheet_row(struct sheet *s, const struct sheet_table *t,
    const char *const cells[], bool bold, bool last)
{
	double h = 0;
	int page = s->page;

	for (size_t i = 0; i < t->columns; i++)
		h = larger(
		    h, cell_height(s, t->widths[i] * WIDTH, cells[i], bold) -
			   TIGHTER);
	sheet_need(s, h);
	if (s->page != page)
		table_row(s, t, t->heads, true, true);
	table_row(s, t, cells, bold, false);
	if (last)
		line(s, LEFT, s->y, LEFT + WIDTH, s->y, THICK);
}

void
sheet_boxes(struct sheet *s, const char *const names[], size_t n)
{
	const double head = TEXT + 2 * PAD_Y + 2, room = 42;
	double x = LEFT + WIDTH - (double)n * BOX_WIDTH;

	sheet_need(s, head + room);
	for (size_t i = 0; i < n; i++) {
		shade(s, x, BOX_WIDTH, head);
		cell(s, x, BOX_WIDTH, head, names[i], true, TYPE_MIDDLE);
		cairo_set_line_width(s->cr, THIN);
		cairo_rectangle(s->cr, x, s->y, BOX_WIDTH, head);
		cairo_rectangle(s->cr, x, s->y + head, BOX_WIDTH, room);
		cairo_stroke(s->cr);
		x += BOX_WIDTH;
	}
	s->y += head + room;
}
