/*
 * paper/privacy.h - the last look before ink: no person's number gets on
 * paper, whatever whoever made the document forgot to mask.
 */
#ifndef PAPER_PRIVACY_H
#define PAPER_PRIVACY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether a resident, alien or card number may stand in `text`: 13 to 19
 * digits, ASCII or full width, in a row or with single hyphens, dashes, dots
 * or spaces between them.
 */
bool privacy_finds(const char *text);

/* A name is masked when it has an asterisk in it; so are phones and the rest.
 */
bool privacy_is_masked(const char *text);

/*
 * Copy `text`, a customer's own words, with the digits of what privacy_finds()
 * replaced by asterisks.  False when `cap` is too small; `out` is then "".
 */
bool privacy_blot(char *out, size_t cap, const char *text);

#endif
