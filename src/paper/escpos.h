/*
 * paper/escpos.h - a slip as the bytes a receipt printer takes, and what it
 * answers about its paper.
 *
 * Commands used: ESC @, ESC R, FS &, ESC a, ESC E, GS !, GS v 0, ESC d, GS V,
 * GS r, DLE EOT (facts/kiosk.md section 5).
 */
#ifndef PAPER_ESCPOS_H
#define PAPER_ESCPOS_H

#include "paper/slip.h"

enum escpos_profile {
	ESCPOS_RASTER, /* everything drawn here: any printer */
	ESCPOS_CP949   /* the printer has Hangul; what it lacks is drawn */
};

enum { ESCPOS_MAX = 1024 * 1024, ESCPOS_BAND = 128 };

/*
 * The whole job: initialise, print, feed, cut, and ask (GS r 1) for an answer
 * that comes when all of it is through.  E_LIMIT, E_NOMEM.
 */
MUST_USE struct err escpos_slip(struct buf *out, const struct slip *slip,
    enum escpos_profile profile, int columns);

enum escpos_state {
	ESCPOS_SILENT, /* has not answered */
	ESCPOS_OK,
	ESCPOS_LOW,
	ESCPOS_OUT,
	ESCPOS_OFFLINE
};

/* DLE EOT 1 (printer) and DLE EOT 4 (paper), in this order. */
extern const uint8_t escpos_ask[6];

/*
 * What `n` bytes read from the printer say: answers to escpos_ask, told apart
 * by the order they were asked in; anything else among them is skipped.
 */
enum escpos_state escpos_heard(const uint8_t *answer, size_t n);

/*
 * The answer to GS r 1 among `n` bytes: ESCPOS_SILENT when it is not there
 * yet, else the paper at the end of the job.
 */
enum escpos_state escpos_ended(const uint8_t *answer, size_t n);

#endif
