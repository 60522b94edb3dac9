/*
 * sandbox/printer_paper.c - ESC/POS, as far as receipt printers agree on it.
 */
#include "printer_paper.h"

#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

enum { DLE = 0x10, ESC = 0x1b, FS = 0x1c, GS = 0x1d, PATH_ROOM = 1024 };

/* Bytes of a command after its first two, by letter; -1: none of ours. */
static const struct {
	uint8_t lead, letter;
	int more;
} commands[] = {
	/* clang-format off */
	{ DLE, 0x04, 1 }, { ESC, '@', 0 }, { ESC, 'R', 1 }, { ESC, 'a', 1 },
	{ ESC, 'E', 1 },  { ESC, 'd', 1 }, { ESC, '!', 1 }, { ESC, 't', 1 },
	{ FS, '&', 0 },   { FS, '.', 0 },  { FS, '!', 1 },  { GS, '!', 1 },
	{ GS, 'v', 6 },   { GS, 'V', 1 },  { GS, 'r', 1 },
	/* clang-format on */
};

static void
keep(uint8_t *room, size_t *n, size_t cap, uint8_t byte)
{
	if (*n < cap)
		room[(*n)++] = byte;
}

static void
keep_text(struct paper *p, const char *s)
{
	while (*s != '\0')
		keep(p->text, &p->text_n, sizeof p->text, (uint8_t)*s++);
}

/* How long the command begun in p->head is; 0: not known yet. */
static size_t
length_of(const struct paper *p)
{
	if (p->head_n < 2)
		return 0;
	/* a cut with a feed has one byte more */
	if (p->head[0] == GS && p->head[1] == 'V' && p->head_n >= 3)
		return p->head[2] == 65 || p->head[2] == 66 ? 4 : 3;
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		if (commands[i].lead == p->head[0] &&
		    commands[i].letter == p->head[1])
			return 2 + (size_t)commands[i].more;
	}
	return 2; /* unknown: passed over, as printers do */
}

static void
begin_picture(struct paper *p)
{
	unsigned width = p->head[4] + 256u * p->head[5];
	unsigned rows = p->head[6] + 256u * p->head[7];
	char note[64];

	p->data_left = (size_t)width * rows;
	p->dots_bytes = width;
	snprintf(note, sizeof note, "[%ux%u]\n", width * 8, rows);
	keep_text(p, note);
}

static enum paper_event
carry_out(struct paper *p)
{
	uint8_t lead = p->head[0], letter = p->head[1];
	enum paper_event e = PAPER_NOTHING;

	if (lead == DLE && letter == 0x04) {
		p->asked = p->head[2];
		e = PAPER_ASKED_NOW;
	} else if (lead == GS && letter == 'v') {
		begin_picture(p);
	} else if (lead == GS && letter == 'V') {
		e = PAPER_CUT;
	} else if (lead == GS && letter == 'r') {
		e = PAPER_ASKED_DONE;
	} else if (lead == ESC && letter == 'd') {
		for (int i = 0; i < p->head[2]; i++)
			keep_text(p, "\n");
	}
	p->head_n = 0;
	return e;
}

enum paper_event
paper_feed(struct paper *p, uint8_t byte)
{
	bool real_time = p->head_n > 0 ? p->head[0] == DLE : byte == DLE;

	/* questions in real time are no part of a job */
	if (p->data_left > 0 || !real_time)
		keep(p->job, &p->job_n, sizeof p->job, byte);
	if (p->data_left > 0) {
		p->data_left--;
		keep(p->dots, &p->dots_n, sizeof p->dots, byte);
		return PAPER_NOTHING;
	}
	if (p->head_n == 0 && byte != DLE && byte != ESC && byte != FS &&
	    byte != GS) {
		if (byte >= ' ' || byte == '\n')
			keep(p->text, &p->text_n, sizeof p->text, byte);
		return PAPER_NOTHING;
	}
	p->head[p->head_n++] = byte;
	return p->head_n == length_of(p) ? carry_out(p) : PAPER_NOTHING;
}

int
paper_is_used(const struct paper *p)
{
	return p->text_n > 0 || p->dots_n > 0;
}

/* ---- files ---- */

static struct err
write_file(const char *stem, const char *ending, const void *bytes, size_t n)
{
	char path[PATH_ROOM];

	if (snprintf(path, sizeof path, "%s%s", stem, ending) >=
	    (int)sizeof path)
		return err_make(E_LIMIT, 0, "printer: path");
	return file_write(path, span_make(bytes, n), 0600);
}

static struct err
write_text(const struct paper *p, const char *stem)
{
	char *from = (char *)(uintptr_t)p->text, *room = malloc(PAPER_TEXT * 2);
	char *to = room;
	size_t left = p->text_n, free_bytes = PAPER_TEXT * 2;
	iconv_t cd = iconv_open("UTF-8", "CP949");
	struct err e = err_make(E_NOMEM, 0, "printer: text");

	if (room != NULL && cd != (iconv_t)-1) {
		/* what no printer could draw is shown as such */
		while (
		    left > 0 &&
		    iconv(cd, &from, &left, &to, &free_bytes) == (size_t)-1 &&
		    left > 0 && free_bytes > 0) {
			*to++ = '?';
			free_bytes--;
			from++;
			left--;
		}
		e = write_file(stem, ".txt", room, (size_t)(to - room));
	}
	if (cd != (iconv_t)-1)
		iconv_close(cd);
	free(room);
	return e;
}

static struct err
write_dots(const struct paper *p, const char *stem)
{
	char head[64];
	size_t rows = p->dots_n / p->dots_bytes, n;
	uint8_t *room = malloc(sizeof head + p->dots_n);
	struct err e;

	if (room == NULL)
		return err_make(E_NOMEM, 0, "printer: dots");
	n = (size_t)snprintf(
	    head, sizeof head, "P4\n%u %zu\n", p->dots_bytes * 8, rows);
	memcpy(room, head, n);
	memcpy(room + n, p->dots, rows * p->dots_bytes);
	e = write_file(stem, ".pbm", room, n + rows * p->dots_bytes);
	free(room);
	return e;
}

struct err
paper_tear(struct paper *p, const char *stem)
{
	struct err e = write_file(stem, ".escpos", p->job, p->job_n);

	if (!err_is(e) && p->dots_n > 0 && p->dots_bytes > 0)
		e = write_dots(p, stem);
	/* last: whoever waits for it finds the others */
	if (!err_is(e))
		e = write_text(p, stem);
	memset(p, 0, sizeof *p);
	return e;
}
