/*
 * paper/privacy.c - runs of digits that could be somebody's number.
 */
#include "paper/privacy.h"

#include <string.h>

#include "base/span.h"
#include "base/utf8.h"

enum { RUN_LEAST = 13, RUN_MOST = 19 };

static bool
is_digit(uint32_t cp)
{
	return (cp >= '0' && cp <= '9') || (cp >= 0xff10 && cp <= 0xff19);
}

/* What people write between the groups of a number. */
static bool
is_joint(uint32_t cp)
{
	return cp == '-' || cp == ' ' || cp == '.' || cp == '/' || cp == 0xa0 ||
	       cp == 0xb7 || (cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212 ||
	       cp == 0x3000 || cp == 0xff0d || cp == 0xff0e;
}

/*
 * The bytes of the run of digits at `s`, with single joints inside, and how
 * many digits it has; 0 when there is none.
 */
static size_t
run_at(const char *s, size_t n, int *digits)
{
	size_t end = 0, i = 0, step;
	bool joint = false;
	uint32_t cp;

	*digits = 0;
	while ((step = utf8_decode(&cp, s + i, n - i)) > 0) {
		if (is_digit(cp)) {
			*digits += 1;
			joint = false;
			end = i + step;
		} else if (is_joint(cp) && !joint && *digits > 0) {
			joint = true;
		} else {
			break;
		}
		i += step;
	}
	return end;
}

static bool
is_somebodys(int digits)
{
	return digits >= RUN_LEAST && digits <= RUN_MOST;
}

bool
privacy_finds(const char *text)
{
	size_t n = strlen(text), i = 0;

	while (i < n) {
		int digits;
		size_t run = run_at(text + i, n - i, &digits);
		uint32_t cp;

		if (is_somebodys(digits))
			return true;
		if (run == 0)
			run = utf8_decode(&cp, text + i, n - i);
		if (run == 0) /* not UTF-8: nothing to be sure of */
			return true;
		i += run;
	}
	return false;
}

bool
privacy_is_masked(const char *text)
{
	return strchr(text, '*') != NULL && !privacy_finds(text);
}

static void
add_run(struct buf *b, const char *s, size_t n, bool hide)
{
	for (size_t i = 0; i < n;) {
		uint32_t cp = 0;
		size_t step = utf8_decode(&cp, s + i, n - i);

		if (hide && is_digit(cp))
			buf_add_byte(b, '*');
		else
			buf_add(b, s + i, step);
		i += step;
	}
}

bool
privacy_blot(char *out, size_t cap, const char *text)
{
	struct buf b = buf_make(out, cap - 1);
	size_t n = strlen(text), i = 0;

	out[0] = '\0';
	if (!utf8_valid(text, n))
		return false;
	while (i < n) {
		int digits;
		size_t run = run_at(text + i, n - i, &digits);
		uint32_t cp;

		if (run == 0)
			run = utf8_decode(&cp, text + i, n - i);
		add_run(&b, text + i, run, is_somebodys(digits));
		i += run;
	}
	out[b.full ? 0 : b.n] = '\0';
	return !b.full;
}
