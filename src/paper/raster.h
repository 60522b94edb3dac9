/*
 * paper/raster.h - a slip drawn as dots by pango, for printers without Hangul
 * and for letters a printer lacks.
 */
#ifndef PAPER_RASTER_H
#define PAPER_RASTER_H

#include "paper/slip.h"

enum {
	RASTER_WIDTH = 576, /* dots of 80 mm paper at 203 dpi */
	RASTER_BYTES = RASTER_WIDTH / 8,
	RASTER_ROWS = 8192 /* longest slip: one metre */
};

/* A row is RASTER_BYTES bytes, the leftmost dot in the highest bit, 1 black. */
struct raster {
	uint8_t *bits; /* the owner frees with raster_free */
	int rows;
};

/* Draw `n` items under each other.  E_LIMIT, E_NOMEM. */
MUST_USE struct err raster_draw(struct raster *out,
    const struct slip_item *items, size_t n, enum paper_lang lang);
void raster_free(struct raster *r);

#endif
