/*
 * ui/theme.h - palettes as data: how each role looks.
 *
 * Colours are the 16 of xterm.  Contrast is at least 4.5:1 for every role of
 * every theme (a test computes it), and "mono" needs no colour at all.
 */
#ifndef UI_THEME_H
#define UI_THEME_H

#include <stdint.h>

#include "ui/frame.h"

enum theme_attr { ATTR_BOLD = 1, ATTR_REVERSE = 2, ATTR_UNDERLINE = 4 };

struct style {
	uint8_t fg, bg; /* 0..15 */
	uint8_t attrs;	/* enum theme_attr, or-ed */
};

enum theme_id {
	THEME_NORMAL,
	THEME_CONTRAST, /* white on black */
	THEME_YELLOW,	/* yellow on black */
	THEME_MONO,	/* attributes only; colours are not used */
	THEME_COUNT
};

struct theme {
	const char *name; /* "normal", "contrast", ... */
	struct style styles[ROLE_COUNT];
};

/* Never NULL; `id` in range. */
const struct theme *theme_get(enum theme_id id);
/* By name; THEME_NORMAL when there is none of that name. */
enum theme_id theme_find(const char *name);

/* 0xRRGGBB of one of the 16 colours as xterm draws it. */
uint32_t theme_rgb(uint8_t colour);

#endif
