/*
 * paper/escpos.c - items to bytes.
 */
#include "paper/escpos.h"

#include "paper/cp949.h"
#include "paper/raster.h"

enum {
	ESC = 0x1b,
	GS = 0x1d,
	FS = 0x1c,
	DOUBLE = 0x11,
	KOREA = 13,
	/* both kinds of answers have fixed bits */
	REAL_TIME_MASK = 0x93,
	REAL_TIME = 0x12,
	IN_ORDER_MASK = 0x90,
	IS_OFFLINE = 0x08,
	NEAR_END = 0x0c,
	AT_END = 0x60,
	ROLL_NEAR_END = 0x03,
	ROLL_END = 0x0c
};

const uint8_t escpos_ask[6] = { 0x10, 0x04, 1, 0x10, 0x04, 4 };

static void
command(struct buf *b, uint8_t lead, uint8_t letter, uint8_t n)
{
	const uint8_t bytes[] = { lead, letter, n };

	buf_add(b, bytes, sizeof bytes);
}

/* ---- drawn ---- */

/* In bands: printers with little memory take no large picture at once. */
static void
add_raster(struct buf *b, const struct raster *r)
{
	for (int y = 0; y < r->rows; y += ESCPOS_BAND) {
		int rows = r->rows - y < ESCPOS_BAND ? r->rows - y
						     : ESCPOS_BAND;
		const uint8_t head[] = { GS, 'v', '0', 0, RASTER_BYTES, 0,
			(uint8_t)(rows & 0xff), (uint8_t)(rows >> 8) };

		buf_add(b, head, sizeof head);
		buf_add(b, r->bits + (size_t)y * RASTER_BYTES,
		    (size_t)rows * RASTER_BYTES);
	}
}

static struct err
add_drawn(struct buf *b, const struct slip_item *items, size_t n,
    enum paper_lang lang)
{
	struct raster r;
	struct err e = raster_draw(&r, items, n, lang);

	if (err_is(e))
		return e;
	add_raster(b, &r);
	raster_free(&r);
	return err_none();
}

/* ---- in the printer's letters ---- */

static bool
is_bold(enum slip_style s)
{
	return s == SLIP_TITLE || s == SLIP_BIG || s == SLIP_STRONG ||
	       s == SLIP_TOTAL;
}

static struct err
add_line(void *ctx, const struct slip_line *line)
{
	struct buf *b = ctx;
	bool big = line->style == SLIP_TITLE || line->style == SLIP_BIG;
	struct err e;

	if (is_bold(line->style))
		command(b, ESC, 'E', 1);
	if (big)
		command(b, GS, '!', DOUBLE);
	e = cp949_encode(b, line->text);
	buf_add_byte(b, '\n');
	if (big)
		command(b, GS, '!', 0);
	if (is_bold(line->style))
		command(b, ESC, 'E', 0);
	return e;
}

/* One that has a letter the printer lacks is drawn as a whole. */
static struct err
add_written(struct buf *b, const struct slip_item *item, enum paper_lang lang,
    int columns)
{
	size_t before = b->n;
	struct err e = slip_lines(item, lang, columns, add_line, b);

	if (e.code != E_UNSUPPORTED)
		return e;
	b->n = before;
	return add_drawn(b, item, 1, lang);
}

struct err
escpos_slip(struct buf *out, const struct slip *slip,
    enum escpos_profile profile, int columns)
{
	static const uint8_t begin[] = { ESC, '@' };
	static const uint8_t hangul[] = { ESC, 'R', KOREA, FS, '&' };
	static const uint8_t end[] = { ESC, 'd', 4, GS, 'V', 66, 0, GS, 'r',
		1 };
	struct err e = err_none();

	buf_add(out, begin, sizeof begin);
	if (profile == ESCPOS_RASTER) {
		e = add_drawn(out, slip->items, slip->n, slip->lang);
	} else {
		buf_add(out, hangul, sizeof hangul);
		for (size_t i = 0; i < slip->n && !err_is(e); i++)
			e = add_written(
			    out, &slip->items[i], slip->lang, columns);
	}
	buf_add(out, end, sizeof end);
	if (!err_is(e) && out->full)
		e = err_make(E_LIMIT, 0, "paper: job");
	return e;
}

/* ---- answers ---- */

enum escpos_state
escpos_heard(const uint8_t *answer, size_t n)
{
	uint8_t heard[2] = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < n && count < 2; i++) {
		if ((answer[i] & REAL_TIME_MASK) == REAL_TIME)
			heard[count++] = answer[i];
	}
	if (count < 2)
		return ESCPOS_SILENT;
	if ((heard[1] & AT_END) != 0)
		return ESCPOS_OUT;
	if ((heard[0] & IS_OFFLINE) != 0)
		return ESCPOS_OFFLINE;
	return (heard[1] & NEAR_END) != 0 ? ESCPOS_LOW : ESCPOS_OK;
}

enum escpos_state
escpos_ended(const uint8_t *answer, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if ((answer[i] & IN_ORDER_MASK) != 0)
			continue;
		if ((answer[i] & ROLL_END) != 0)
			return ESCPOS_OUT;
		return (answer[i] & ROLL_NEAR_END) != 0 ? ESCPOS_LOW
							: ESCPOS_OK;
	}
	return ESCPOS_SILENT;
}
