/*
 * ui/field.h - a one-line edit field: a struct and one call per event.
 *
 * The text is always valid UTF-8 in NFC, never longer than its limit, and
 * holds only characters that belong.  What does not belong is refused with a
 * reason, and what was typed before stays.
 */
#ifndef UI_FIELD_H
#define UI_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/event.h"
#include "ui/ime.h"

enum { FIELD_CAP = 256, FIELD_SECRET_CAP = 128, FIELD_SHOWN = 512 };

enum field_kind {
	FIELD_TEXT,   /* Hangul through the ime, Latin, digits */
	FIELD_DIGITS, /* 0-9; characters of the pattern are swallowed */
	FIELD_ALNUM,  /* A-Z 0-9, lower case is raised */
	FIELD_EMAIL,  /* printable ASCII without spaces */
	FIELD_DATE,   /* digits YYYYMMDD, pattern "####-##-##" */
	FIELD_SECRET, /* printable ASCII with space, drawn as '*' */
	FIELD_KIND_COUNT
};

enum field_use {
	FIELD_PASSED, /* not for a field: arrows up/down, Enter, F keys ... */
	FIELD_USED,   /* text, cursor or preedit may have changed */
	FIELD_REFUSED /* `why` says what to tell the person */
};

enum field_refusal {
	REFUSE_NONE,
	REFUSE_FULL,	/* no room for another character */
	REFUSE_KIND,	/* a character this field does not take */
	REFUSE_CONTROL, /* a control or invisible character */
	REFUSE_COUNT
};

struct field_spec {
	enum field_kind kind;
	int max_chars;	     /* 1..; 0: as many '#' as the pattern
			      * has, else 60 */
	const char *pattern; /* '#' is a place, the rest is drawn;
			      * NULL for none.  DIGITS, DATE, ALNUM */
	int open_chars;	     /* DIGITS, ALNUM: later ones are drawn
			      * as '*'; 0: all are shown */
	int cols;	     /* width of the box; 0: by max_chars */
	bool latin_first;    /* TEXT: the ime is not used at all */
};

struct field {
	struct field_spec spec;
	char text[FIELD_CAP];	/* without pattern characters;
				 * unused by FIELD_SECRET */
	char *text_secret;	/* FIELD_SECRET: the caller's buffer */
	size_t len;		/* bytes of text or text_secret */
	size_t at;		/* cursor, byte offset */
	char preedit[IME_TEXT]; /* being composed */
	bool reveal;		/* show masked digits (not secrets) */
	enum field_refusal why; /* of the last refused character */
	int refused;		/* characters refused since the last
				 * accepted typed one */
};

/* Empty field.  `spec.pattern` is borrowed for the field's life. */
void field_init(struct field *f, struct field_spec spec);

/*
 * Empty field of kind FIELD_SECRET; `secret` is the only place where the
 * characters go.  `spec.max_chars` < FIELD_SECRET_CAP.
 */
void field_init_secret(struct field *f, struct field_spec spec,
    char secret[static FIELD_SECRET_CAP]);

/*
 * One event.  `ime` may be NULL.  A newline or tab inside a paste is refused
 * (it arrives as K_CHAR with `pasted`), so a paste never submits.  K_HANGUL
 * switches the ime.  K_LEFT/K_RIGHT at an end, K_BACKSPACE on an empty field
 * and all navigation keys are FIELD_PASSED, with the preedit flushed first.
 */
enum field_use field_feed(
    struct field *f, struct ime *ime, const struct event *ev);

/* Ends composing: call before reading the text or moving the focus. */
void field_leave(struct field *f, struct ime *ime);

/* Replaces the text, as if typed; true when all of it was taken. */
bool field_set(struct field *f, const char *text);

/* The text, NUL-terminated: text_secret for FIELD_SECRET.  Never NULL. */
const char *field_text(const struct field *f);

/* Characters entered, the one being composed included. */
int field_chars(const struct field *f);
bool field_is_empty(const struct field *f);

/* True when open_chars or FIELD_SECRET hides part of the text now. */
bool field_is_masked(const struct field *f);

/* How the field looks: what the page draws, and what a test looks at. */
struct field_view {
	char text[FIELD_SHOWN];		/* masked, pattern filled in, preedit
					 * inside; '_' for empty places */
	int cursor;			/* column in `text` */
	int preedit_from, preedit_cols; /* 0 columns: none */
	int box;			/* columns of the box */
};

void field_view(struct field_view *out, const struct field *f);

/* Overwrites text, secret buffer, preedit; keeps the spec. */
void field_wipe(struct field *f);

#endif
