/*
 * base/utf8.c - the only file with utf8proc.
 */
#include "base/utf8.h"

#include <limits.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "base/secret.h"

size_t
utf8_decode(uint32_t *cp, const char *s, size_t n)
{
	utf8proc_int32_t v;
	utf8proc_ssize_t used;

	if (n == 0)
		return 0;
	if (n > UTF8_MAX)
		n = UTF8_MAX;
	used = utf8proc_iterate(
	    (const utf8proc_uint8_t *)s, (utf8proc_ssize_t)n, &v);
	if (used <= 0)
		return 0;
	*cp = (uint32_t)v;
	return (size_t)used;
}

size_t
utf8_encode(char out[static UTF8_MAX], uint32_t cp)
{
	if (cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
		return 0;
	return (size_t)utf8proc_encode_char(
	    (utf8proc_int32_t)cp, (utf8proc_uint8_t *)out);
}

size_t
utf8_last(const char *s, size_t n)
{
	size_t at = n;

	while (at > 0 && n - at < UTF8_MAX) {
		at--;
		if (((unsigned char)s[at] & 0xc0) != 0x80)
			break;
	}
	return n - at;
}

bool
utf8_valid(const char *s, size_t n)
{
	uint32_t cp;

	while (n > 0) {
		size_t used = utf8_decode(&cp, s, n);
		if (used == 0)
			return false;
		s += used;
		n -= used;
	}
	return true;
}

bool
utf8_is_control(uint32_t cp)
{
	utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);

	return c == UTF8PROC_CATEGORY_CC || c == UTF8PROC_CATEGORY_CF ||
	       c == UTF8PROC_CATEGORY_CS || c == UTF8PROC_CATEGORY_CO ||
	       c == UTF8PROC_CATEGORY_CN || c == UTF8PROC_CATEGORY_ZL ||
	       c == UTF8PROC_CATEGORY_ZP;
}

bool
utf8_plain(const char *s, size_t n)
{
	uint32_t cp;
	size_t used;

	for (; n > 0; s += used, n -= used)
		if ((used = utf8_decode(&cp, s, n)) == 0 || utf8_is_control(cp))
			return false;
	return true;
}

int
utf8_width(uint32_t cp)
{
	return utf8proc_charwidth((utf8proc_int32_t)cp);
}

int
utf8_text_width(const char *s, size_t n)
{
	int width = 0;
	uint32_t cp;

	while (n > 0) {
		size_t used = utf8_decode(&cp, s, n);
		if (used == 0)
			break;
		width += utf8_width(cp);
		s += used;
		n -= used;
	}
	return width;
}

struct err
utf8_nfc(struct buf *out, const char *s, size_t n)
{
	utf8proc_uint8_t *made = NULL;
	utf8proc_ssize_t got;

	if (n > INT_MAX)
		return err_make(E_LIMIT, 0, "utf8: length");
	if (!utf8_valid(s, n))
		return err_make(E_FORMAT, 0, "utf8: bytes");
	got = utf8proc_map((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)n,
	    &made, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	if (got < 0)
		return err_make(E_NOMEM, 0, "utf8: nfc");
	buf_add(out, made, (size_t)got);
	secret_wipe(made, (size_t)got);
	free(made);
	return out->full ? err_make(E_LIMIT, 0, "utf8: room") : err_none();
}
