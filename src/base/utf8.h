/*
 * base/utf8.h - UTF-8 by utf8proc: decoding, width in cells, NFC.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

enum { UTF8_MAX = 4 };

/* Bytes of the first character of s[0..n), its code point in *cp; 0 when the
 * bytes are not valid UTF-8 or n is 0. */
size_t utf8_decode(uint32_t *cp, const char *s, size_t n);
/* Bytes written (1-4); 0 for a surrogate or a value above U+10FFFF. */
size_t utf8_encode(char out[static UTF8_MAX], uint32_t cp);
/* Bytes of the last character of s[0..n); 0 when n is 0. */
size_t utf8_last(const char *s, size_t n);
bool utf8_valid(const char *s, size_t n);
/* C0, C1, DEL, and format characters that could reorder or hide text. */
bool utf8_is_control(uint32_t cp);
/* Valid, and no character is a control. */
bool utf8_plain(const char *s, size_t n);
/* Columns in a terminal: 0, 1 or 2.  East Asian ambiguous counts as 1. */
int utf8_width(uint32_t cp);
/* Columns of valid text. */
int utf8_text_width(const char *s, size_t n);
/* Append the NFC form of valid text.  E_FORMAT, E_LIMIT, E_NOMEM. */
MUST_USE struct err utf8_nfc(struct buf *out, const char *s, size_t n);

#endif
