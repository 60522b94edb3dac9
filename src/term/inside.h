/*
 * term/inside.h - what term.c and input.c share; for no one else.
 */
#ifndef TERM_INSIDE_H
#define TERM_INSIDE_H

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <termios.h>

#include "term/decode.h"
#include "term/term.h"

enum { TERM_BYTES = 4096, TERM_FDS = 16 };

struct term {
	bool open;
	bool gone;  /* hung up: nothing is written */
	bool ended; /* hung up or asked to end */
	int in_fd, out_fd, signal_fd;
	FILE *in, *out; /* curses' own, on duplicates */
	void *screen;	/* curses' SCREEN */
	struct termios saved;
	sigset_t signals_before;
	int rows, cols;
	bool colour, mouse, linux_console;
	bool wide_blocks; /* U+2580 takes two columns */
	bool redraw;
	const struct theme *theme; /* whose pairs are set up */
	unsigned attrs[ROLE_COUNT];
	struct decoder decoder;
	uint8_t bytes[TERM_BYTES]; /* read, not decoded yet */
	size_t byte_at, byte_n;
};

/* The size as the kernel knows it, into t->rows and t->cols. */
void term_measure(struct term *t);
/* The same, and curses follows. */
void term_fit(struct term *t);

/*
 * How wide the terminal draws U+2580: it is asked where its cursor is after
 * one.  What was typed meanwhile is kept.  A terminal that does not answer in
 * time counts as narrow.
 */
void term_measure_block(struct term *t);

#endif
