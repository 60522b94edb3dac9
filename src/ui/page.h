/*
 * ui/page.h - a screen as a document, laid out for the size there is.
 *
 * draw() says what is on the screen, top to bottom; page_end() decides where
 * it goes: roomy from 80x24, compact (one question a screen) down to 44x10,
 * and the same thing always in the same place.  The page is also the text
 * model: page_speech() tells it in sentences, never with a secret in them.
 *
 * Texts are borrowed until the next page_begin, or made with page_fmt and
 * page_fill in the page's own arena.  NULL and "" mean "not there".
 */
#ifndef UI_PAGE_H
#define UI_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "ui/event.h"
#include "ui/field.h"
#include "ui/frame.h"
#include "ui/qr.h"

enum {
	PAGE_ITEMS = 96,
	PAGE_ARENA = 24576,
	PAGE_CELLS = 12, /* columns of a table */
	PAGE_STEPS = 12,
	PAGE_OPTIONS = 10, /* of a choice */
	PAGE_TAPS = 128,
	PAGE_MIN_ROWS = 10,
	PAGE_MIN_COLS = 44
};

/* ---- what is said once per screen ------------------------------------- */

struct page_head {
	const char *title;	   /* top left: the job or the branch */
	const char *keys;	   /* top right, e.g. help and staff call */
	const char *keys_short;	   /* the same below 80 columns */
	const char *const *steps;  /* names of the steps, or NULL */
	int step_count;		   /* at most PAGE_STEPS */
	int step_now;		   /* 0-based */
	const char *more;	   /* shown when text goes on below */
	const char *too_small;	   /* shown alone below 44x10 */
	const char *secret_spoken; /* how hidden digits are spoken, {1} is
				    * their number: "{1} digits" */
};

struct page_tap {
	int row, from, to; /* columns [from, to) */
	int item;	   /* item number, or -1: a key */
	enum key key;
	uint32_t ch; /* on an option of a choice: its digit */
};

enum page_kind {
	PAGE_PROMPT,
	PAGE_TEXT,
	PAGE_GAP,
	PAGE_ROW,
	PAGE_MENU,
	PAGE_FIELD,
	PAGE_CHOICE,
	PAGE_CHECK,
	PAGE_TASK,
	PAGE_TABLE,
	PAGE_TABLE_ROW
};

enum task_state { TASK_TODO, TASK_DOING, TASK_DONE, TASK_FAILED };

struct page_column {
	const char *title;
	int cols;   /* width; 0: what is left (one column only) */
	bool spare; /* left out first when there is no room */
};

struct page_item {
	enum page_kind kind;
	int number;  /* focusable items: 0, 1, ...; else -1 */
	int ordinal; /* nth check or menu item, from 1 */
	enum role role;
	const char *a, *b, *c; /* label, value, detail: by kind */
	const char *error;
	const char *const *list; /* options, or cells */
	const struct page_column *columns;
	const struct field *field;
	int count;
	int chosen; /* choice; task state; ticked */
};

/*
 * One per program, static: about 40 KiB.  Zeroed at first; the fields below
 * are the page's own.
 */
struct page {
	int rows, cols;
	const void *screen;	 /* whose scroll position this is */
	int focus;		 /* item number, -1: none */
	int scroll;		 /* first body line, -1: follow focus */
	int first, shown, lines; /* the body as laid out */
	struct page_head head;
	const char *back, *next, *middle;
	const char *notice, *error, *remedy;
	const struct qr *qr;
	int quiet;	  /* modules around it */
	bool whole_cells; /* two spaces a module, no half blocks */
	bool wide_blocks; /* see page_blocks() */
	struct page_item items[PAGE_ITEMS];
	int count;
	int numbers; /* focusable items so far */
	int checks, picks;
	bool full; /* an item or a text did not fit */
	struct page_tap taps[PAGE_TAPS];
	int tap_count;
	size_t used;
	char arena[PAGE_ARENA];
};

/* ---- the loop ------------------------------------------------------------ */

/*
 * Forget the document and start one for a terminal of rows x cols.  The scroll
 * position is kept while `screen` (any address that tells screens apart)
 * stays the same.
 */
void page_begin(struct page *p, const void *screen, int rows, int cols);

/*
 * Whether this terminal draws a half block in one column; after page_begin.
 * Where it does not, a QR code needs two spaces a module, or cannot be drawn.
 */
void page_blocks(struct page *p, bool narrow);

/* Lay the document out into `f`. */
void page_end(struct page *p, struct frame *f);

/*
 * Before a screen sees an event: true when it was for scrolling (PgUp, PgDn)
 * and the page must only be drawn again.  A tap becomes what it hit: ev->item
 * for an item, EV_KEY for a footer button or a key label; EV_NONE when it hit
 * nothing.  Any other key lets the page follow the focus again.
 */
bool page_tap(struct page *p, struct event *ev);

/*
 * The document in sentences, one per line, in the order a person needs them:
 * title and step, prompt, texts, the item in focus with its value and error,
 * message, footer.  Hidden digits and secrets are spoken as their number
 * only.  NUL-terminated; returns the bytes written, at most cap - 1.
 */
size_t page_speech(const struct page *p, char *out, size_t cap);

/* Overwrite everything. */
void page_wipe(struct page *p);

/* ---- draw(): texts ---------------------------------------------------------
 */

/*
 * printf into the arena, for literals; the result lives until page_begin.  ""
 * (and p->full) when the arena is full.
 */
const char *page_fmt(struct page *p, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * {1}..{9} of a catalogue text replaced: page_fill(p, T("fee.due"), won).
 * All arguments are const char *, none NULL.
 */
const char *page_fill_args(
    struct page *p, const char *tmpl, const char *const *args);
#define page_fill(p, tmpl, ...)                                                \
	page_fill_args((p), (tmpl), (const char *const[]){ __VA_ARGS__, NULL })

/* A copy of text that will not live long enough. */
const char *page_copy(struct page *p, const char *text);

/*
 * A NULL-terminated or counted list of texts must live until page_end; this
 * copies `count` pointers (not the texts) into the arena.
 */
const char *const *page_list(
    struct page *p, const char *const *list, int count);

/* ---- draw(): the frame of the screen
 * ------------------------------------------- */

/* First thing in draw().  The struct is copied, its texts are borrowed. */
void page_head(struct page *p, const struct page_head *head);

/*
 * Which focusable item has the focus: pass form->at.  Items are numbered from
 * 0 in the order page_menu, page_field, page_choice, page_check and selectable
 * page_table_row are called.  Call any time in draw(); none by default.
 */
void page_focus(struct page *p, int number);

/*
 * Footer: back at bottom left, next at bottom right, as "Esc ..." and
 * "Enter ..."; the page adds the brackets.  A tap on them is K_ESC, K_ENTER.
 * `middle` is a plain sentence between or above them.
 */
void page_foot(
    struct page *p, const char *back, const char *next, const char *middle);

/* Message area above the footer: something worth knowing. */
void page_notice(struct page *p, const char *text);

/*
 * Message area: what is wrong and what to do about it, one sentence each
 * (`remedy` may be NULL).  Takes the place of a notice.
 */
void page_error(struct page *p, const char *what, const char *remedy);

/* ---- draw(): the body, top to bottom
 * --------------------------------------------- */

void page_prompt(struct page *p, const char *text); /* the main sentence */
void page_text(struct page *p, const char *text);   /* a paragraph */
/* A paragraph in another role: ROLE_NOTICE, ROLE_ERROR, ROLE_DIM ... */
void page_say(struct page *p, enum role role, const char *text);
/*
 * A paragraph that runs while it is looked at, such as a countdown: `text` is
 * seen, `spoken` (NULL: nothing) is heard, and changes only when it is worth
 * an interruption.
 */
void page_running(struct page *p, const char *text, const char *spoken);
/* A blank line; blank lines are the first to go when room is short. */
void page_gap(struct page *p);

/* A fact: label and value in columns.  `extra` is drawn dim after the value. */
void page_row(
    struct page *p, const char *label, const char *value, const char *extra);

/* Menu item, numbered 1.. by itself; `subtitle` may be NULL.  Focusable. */
void page_menu(struct page *p, const char *title, const char *subtitle);

/*
 * Edit field; focusable.  `field` is borrowed until page_end and page_speech.
 * `hint` stands after (or under) the box, `error` under it with a '!'.
 */
void page_field(struct page *p, const char *label, const struct field *field,
    const char *hint, const char *error);
/* The hint of the field that was just added runs: heard of it is `spoken`. */
void page_running_hint(struct page *p, const char *spoken);

/*
 * "(1) one  [2] two": one of `count` options, chosen 0-based or -1; focusable.
 * The array must live until page_end (static, or page_list).
 */
void page_choice(struct page *p, const char *label, const char *const *options,
    int count, int chosen, const char *error);

/*
 * "1 [x] text  tag": focusable, numbered 1.. among the checks.  `tag` says
 * required or optional.
 */
void page_check(struct page *p, const char *text, bool ticked, const char *tag);

/* A step of work: "[x] text    detail".  TASK_DOING is "[>]", failed "[!]". */
void page_task(struct page *p, enum task_state state, const char *text,
    const char *detail);

/* Heads the rows that follow.  `columns` and its texts live until page_end. */
void page_table(struct page *p, const struct page_column *columns, int count);

/*
 * A row under the last page_table; `cells` (as many as columns, NULL is "")
 * must live until page_end (page_list).  `alert` puts a '!' in front.
 */
void page_table_row(
    struct page *p, const char *const *cells, bool selectable, bool alert);

/*
 * A QR code at the right edge, over the whole height if need be; everything
 * else moves into the columns left of it.  One a page.  Two spaces a module
 * where there is room, which every terminal draws alike; else two modules a
 * cell as half blocks.  The quiet zone is 4 modules, 2 when 4 do not fit.
 * Draws nothing and returns E_LIMIT when the code does not fit this size, or
 * half blocks would be needed that this terminal draws wide: then say it in
 * text.  `qr` lives until page_end.  Version 5 (84 bytes at level M) fits
 * 80x24.
 */
MUST_USE struct err page_qr(struct page *p, const struct qr *qr);

#endif
