/*
 * ui/frame.h - the cell grid every screen is drawn into.
 *
 * Capacity is fixed and nothing allocates.  A cell holds one grapheme: a base
 * character and its combining marks.  A wide character takes two cells, the
 * second of width 0; no operation ever leaves half of one.
 */
#ifndef UI_FRAME_H
#define UI_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FRAME_ROWS = 60, FRAME_COLS = 200, CELL_TEXT = 14 };

/* Each role has a style in every theme and a sign that needs no colour. */
enum role {
	ROLE_TEXT,
	ROLE_TITLE,
	ROLE_STEP_NOW,
	ROLE_STEP_DONE,
	ROLE_STEP_TODO,
	ROLE_PROMPT,
	ROLE_LABEL,
	ROLE_VALUE,
	ROLE_FIELD,
	ROLE_FOCUS,
	ROLE_ERROR,
	ROLE_NOTICE,
	ROLE_KEY,
	ROLE_DIM,
	ROLE_PREEDIT,
	ROLE_QR_LIGHT, /* dark ink on light ground */
	ROLE_QR_DARK,  /* light ink on dark ground */
	ROLE_COUNT
};

/* The role's name in golden files, e.g. "step_now". */
const char *role_name(enum role role);

struct cell {
	char text[CELL_TEXT]; /* NUL-terminated; "" for a blank */
	uint8_t width;	      /* 1, 2, or 0: right half of a wide */
	uint8_t role;	      /* enum role */
};

struct frame {
	int rows, cols;
	int cursor_row, cursor_col; /* -1: no cursor */
	struct cell cells[FRAME_ROWS][FRAME_COLS];
};

/* Blank frame of that size, clamped to 1..FRAME_ROWS x 1..FRAME_COLS. */
void frame_init(struct frame *f, int rows, int cols);

/*
 * Put UTF-8 text at (row, col) and return the columns it took.  Anything
 * outside the frame is clipped; a wide character that would not fit whole is
 * left out.  Invalid bytes and control characters are drawn as '?'.
 */
int frame_put(
    struct frame *f, int row, int col, enum role role, const char *text);

/* As frame_put, at most `n` bytes and at most `max_cols` columns. */
int frame_put_n(struct frame *f, int row, int col, enum role role,
    const char *text, size_t n, int max_cols);

/* Blank `cols` columns from (row, col) in `role`. */
void frame_fill(struct frame *f, int row, int col, int cols, enum role role);

/* Where the terminal's cursor stands; outside the frame means none. */
void frame_cursor(struct frame *f, int row, int col);

/* What frame_dump adds to the plain text. */
enum frame_dump { FRAME_PLAIN, FRAME_STYLED };

/*
 * The frame as text, one line per row, trailing blanks cut, NUL-terminated.
 * FRAME_STYLED marks every run of a role other than ROLE_TEXT as
 * "{title:...}" and ends with a line "cursor row,col" or "cursor none".
 * Returns the bytes written, at most cap - 1; FRAME_DUMP_MAX always suffices.
 */
enum { FRAME_DUMP_MAX = FRAME_ROWS * FRAME_COLS * 8 };
size_t frame_dump(
    const struct frame *f, enum frame_dump how, char *out, size_t cap);

/* Overwrite everything ever drawn. */
void frame_wipe(struct frame *f);

#endif
