/*
 * media/names.c - names on the stick.
 */
#define _GNU_SOURCE
#include "prog/media/names.h"

#include <stdint.h>
#include <string.h>
#include <sys/random.h>

#include "base/text.h"
#include "base/utf8.h"

#define TEMP_PREFIX ".dasi-"

bool
name_is_organisation(const char *s)
{
	size_t n = strlen(s);

	return n >= 1 && n <= 32 &&
	       strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			 "0123456789") == n;
}

bool
name_is_leaf(const char *s)
{
	size_t n = strlen(s), units = 0, step;
	uint32_t cp;

	if (n == 0 || s[0] == '.' || s[n - 1] == '.' || s[n - 1] == ' ')
		return false;
	for (; n > 0; s += step, n -= step) {
		if ((step = utf8_decode(&cp, s, n)) == 0)
			return false;
		if (utf8_is_control(cp) ||
		    (cp < 0x80 && strchr("\\/:*?\"<>|", (int)cp) != NULL))
			return false;
		units += cp > 0xffff ? 2 : 1;
	}
	return units <= 255;
}

bool
name_is_pair_file(const char *s)
{
	static const char *const names[] = { "signCert.der", "signPri.key",
		"kmCert.der", "kmPri.key" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(s, names[i]) == 0)
			return true;
	return false;
}

bool
name_is_beside(const char *s)
{
	size_t n = strlen(s);

	return name_is_leaf(s) && n > 4 &&
	       (strcmp(s + n - 4, ".p12") == 0 ||
		   strcmp(s + n - 4, ".pfx") == 0);
}

bool
name_is_temp(const char *s)
{
	return strlen(s) == NAME_TEMP - 1 &&
	       strncmp(s, TEMP_PREFIX, strlen(TEMP_PREFIX)) == 0 &&
	       strspn(s + strlen(TEMP_PREFIX), "0123456789abcdef") == 8;
}

void
name_make_temp(char out[static NAME_TEMP])
{
	uint8_t r[4] = { 0 };

	/* Four bytes never fail once the pool is up; O_EXCL catches the rest.
	 */
	if (getrandom(r, sizeof r, 0) != sizeof r)
		memset(r, 0, sizeof r);
	memcpy(out, TEMP_PREFIX, strlen(TEMP_PREFIX));
	hex_encode(out + strlen(TEMP_PREFIX), HEX_TEXT(sizeof r),
	    span_make(r, sizeof r));
}
