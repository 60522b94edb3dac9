/*
 * sandbox/printer_paper.h - what comes out of the printer: bytes taken apart
 * by the command set, without asking who made them.
 */
#ifndef SANDBOX_PRINTER_PAPER_H
#define SANDBOX_PRINTER_PAPER_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum {
	PAPER_JOB = 2 * 1024 * 1024,
	PAPER_TEXT = 64 * 1024,
	PAPER_DOTS = 1024 * 1024,
	PAPER_HEAD = 16 /* longest command without its data */
};

enum paper_event {
	PAPER_NOTHING,
	PAPER_ASKED_NOW,  /* DLE EOT; `asked` says for what */
	PAPER_ASKED_DONE, /* GS r: everything before it is printed */
	PAPER_CUT
};

struct paper {
	uint8_t job[PAPER_JOB];
	size_t job_n;
	uint8_t text[PAPER_TEXT]; /* CP949, line by line */
	size_t text_n;
	uint8_t dots[PAPER_DOTS];
	size_t dots_n;
	unsigned dots_bytes; /* in a row */
	uint8_t head[PAPER_HEAD];
	size_t head_n;
	size_t data_left; /* of a picture */
	uint8_t asked;
};

/* One byte from the wire. */
enum paper_event paper_feed(struct paper *p, uint8_t byte);

/* Whether anything was printed since the last cut. */
int paper_is_used(const struct paper *p);

/* Write the files of the job as `stem`.escpos .txt .pbm and begin anew. */
MUST_USE struct err paper_tear(struct paper *p, const char *stem);

#endif
