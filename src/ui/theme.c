/*
 * ui/theme.c - the palettes.
 */
#include "ui/theme.h"

#include <string.h>

enum { BLACK = 0, SILVER = 7, GREEN = 10, YELLOW = 11, CYAN = 14, WHITE = 15 };

/* clang-format off */
static const struct theme themes[THEME_COUNT] = {
	[THEME_NORMAL] = { "normal", {
		[ROLE_TEXT]      = { SILVER, BLACK,  0 },
		[ROLE_TITLE]     = { WHITE,  BLACK,  ATTR_BOLD },
		[ROLE_STEP_NOW]  = { BLACK,  CYAN,   0 },
		[ROLE_STEP_DONE] = { GREEN,  BLACK,  0 },
		[ROLE_STEP_TODO] = { SILVER, BLACK,  0 },
		[ROLE_PROMPT]    = { WHITE,  BLACK,  ATTR_BOLD },
		[ROLE_LABEL]     = { SILVER, BLACK,  0 },
		[ROLE_VALUE]     = { WHITE,  BLACK,  0 },
		[ROLE_FIELD]     = { WHITE,  BLACK,  0 },
		[ROLE_FOCUS]     = { BLACK,  CYAN,   0 },
		[ROLE_ERROR]     = { YELLOW, BLACK,  ATTR_BOLD },
		[ROLE_NOTICE]    = { CYAN,   BLACK,  0 },
		[ROLE_KEY]       = { WHITE,  BLACK,  ATTR_BOLD },
		[ROLE_DIM]       = { SILVER, BLACK,  0 },
		[ROLE_PREEDIT]   = { BLACK,  CYAN,   ATTR_UNDERLINE },
		[ROLE_QR_LIGHT]  = { BLACK,  WHITE,  0 },
		[ROLE_QR_DARK]   = { WHITE,  BLACK,  0 } } },
	[THEME_CONTRAST] = { "contrast", {
		[ROLE_TEXT]      = { WHITE,  BLACK,  0 },
		[ROLE_TITLE]     = { WHITE,  BLACK,  ATTR_BOLD },
		[ROLE_STEP_NOW]  = { BLACK,  WHITE,  0 },
		[ROLE_STEP_DONE] = { WHITE,  BLACK,  0 },
		[ROLE_STEP_TODO] = { WHITE,  BLACK,  0 },
		[ROLE_PROMPT]    = { WHITE,  BLACK,  ATTR_BOLD },
		[ROLE_LABEL]     = { WHITE,  BLACK,  0 },
		[ROLE_VALUE]     = { WHITE,  BLACK,  ATTR_BOLD },
		[ROLE_FIELD]     = { WHITE,  BLACK,  0 },
		[ROLE_FOCUS]     = { BLACK,  WHITE,  0 },
		[ROLE_ERROR]     = { WHITE,  BLACK,  ATTR_BOLD },
		[ROLE_NOTICE]    = { WHITE,  BLACK,  0 },
		[ROLE_KEY]       = { WHITE,  BLACK,  ATTR_BOLD },
		[ROLE_DIM]       = { WHITE,  BLACK,  0 },
		[ROLE_PREEDIT]   = { BLACK,  WHITE,  ATTR_UNDERLINE },
		[ROLE_QR_LIGHT]  = { BLACK,  WHITE,  0 },
		[ROLE_QR_DARK]   = { WHITE,  BLACK,  0 } } },
	[THEME_YELLOW] = { "yellow", {
		[ROLE_TEXT]      = { YELLOW, BLACK,  0 },
		[ROLE_TITLE]     = { YELLOW, BLACK,  ATTR_BOLD },
		[ROLE_STEP_NOW]  = { BLACK,  YELLOW, 0 },
		[ROLE_STEP_DONE] = { YELLOW, BLACK,  0 },
		[ROLE_STEP_TODO] = { YELLOW, BLACK,  0 },
		[ROLE_PROMPT]    = { YELLOW, BLACK,  ATTR_BOLD },
		[ROLE_LABEL]     = { YELLOW, BLACK,  0 },
		[ROLE_VALUE]     = { YELLOW, BLACK,  ATTR_BOLD },
		[ROLE_FIELD]     = { YELLOW, BLACK,  0 },
		[ROLE_FOCUS]     = { BLACK,  YELLOW, 0 },
		[ROLE_ERROR]     = { YELLOW, BLACK,  ATTR_BOLD },
		[ROLE_NOTICE]    = { YELLOW, BLACK,  0 },
		[ROLE_KEY]       = { YELLOW, BLACK,  ATTR_BOLD },
		[ROLE_DIM]       = { YELLOW, BLACK,  0 },
		[ROLE_PREEDIT]   = { BLACK,  YELLOW, ATTR_UNDERLINE },
		[ROLE_QR_LIGHT]  = { BLACK,  WHITE,  0 },
		[ROLE_QR_DARK]   = { WHITE,  BLACK,  0 } } },
	[THEME_MONO] = { "mono", {
		[ROLE_TEXT]      = { WHITE,  BLACK,  0 },
		[ROLE_TITLE]     = { WHITE,  BLACK,  ATTR_BOLD },
		[ROLE_STEP_NOW]  = { WHITE,  BLACK,  ATTR_REVERSE },
		[ROLE_STEP_DONE] = { WHITE,  BLACK,  0 },
		[ROLE_STEP_TODO] = { WHITE,  BLACK,  0 },
		[ROLE_PROMPT]    = { WHITE,  BLACK,  ATTR_BOLD },
		[ROLE_LABEL]     = { WHITE,  BLACK,  0 },
		[ROLE_VALUE]     = { WHITE,  BLACK,  ATTR_BOLD },
		[ROLE_FIELD]     = { WHITE,  BLACK,  0 },
		[ROLE_FOCUS]     = { WHITE,  BLACK,  ATTR_REVERSE },
		[ROLE_ERROR]     = { WHITE,  BLACK,  ATTR_BOLD },
		[ROLE_NOTICE]    = { WHITE,  BLACK,  0 },
		[ROLE_KEY]       = { WHITE,  BLACK,  ATTR_BOLD },
		[ROLE_DIM]       = { WHITE,  BLACK,  0 },
		[ROLE_PREEDIT]   = { WHITE,  BLACK,  ATTR_REVERSE |
		                                     ATTR_UNDERLINE },
		[ROLE_QR_LIGHT]  = { BLACK,  WHITE,  ATTR_REVERSE },
		[ROLE_QR_DARK]   = { WHITE,  BLACK,  0 } } },
};

/* xterm's defaults. */
static const uint32_t rgb[16] = {
	0x000000, 0xcd0000, 0x00cd00, 0xcdcd00,
	0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
	0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00,
	0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
};
/* clang-format on */

const struct theme *
theme_get(enum theme_id id)
{
	return &themes[(unsigned)id < THEME_COUNT ? id : THEME_NORMAL];
}

enum theme_id
theme_find(const char *name)
{
	for (int i = 0; i < THEME_COUNT; i++) {
		if (strcmp(themes[i].name, name) == 0)
			return (enum theme_id)i;
	}
	return THEME_NORMAL;
}

uint32_t
theme_rgb(uint8_t colour)
{
	return rgb[colour & 15];
}
