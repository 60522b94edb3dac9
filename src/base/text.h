/*
 * base/text.h - hexadecimal and base64 (RFC 4648), for bytes inside text.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/err.h"
#include "base/span.h"

/* Room for the text of n bytes with its NUL. */
#define HEX_TEXT(n)    (2 * (n) + 1)
#define BASE64_TEXT(n) (((n) + 2) / 3 * 4 + 1)

/* Lower case, NUL-terminated; `cap` >= HEX_TEXT(n) (asserted). */
void hex_encode(char *out, size_t cap, struct span in);
/* Either case, even length.  E_FORMAT, E_LIMIT. */
MUST_USE struct err hex_decode(struct buf *out, const char *text, size_t n);

/* Standard alphabet with padding; `cap` >= BASE64_TEXT(n) (asserted). */
void base64_encode(char *out, size_t cap, struct span in);
/* Strict: padding required, no white space, no stray bits.  E_FORMAT, E_LIMIT.
 */
MUST_USE struct err base64_decode(struct buf *out, const char *text, size_t n);

#endif
