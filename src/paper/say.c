/*
 * paper/say.c - formatting.
 */
#include "paper/say.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/span.h"

static const char *
weekday(enum paper_lang lang, int day)
{
	char leaf[2] = { (char)('0' + day), '\0' };

	return paper_word_of(lang, "weekday", leaf);
}

void
say_date(char out[static SAY_TEXT], enum paper_lang lang, int64_t unix_s)
{
	struct civil c = civil_from_unix(unix_s);

	snprintf(out, SAY_TEXT,
	    lang == PAPER_KO ? "%d년 %d월 %d일(%s)" : "%04d-%02d-%02d (%s)",
	    c.year, c.month, c.day, weekday(lang, c.weekday));
}

void
say_day(char out[static SAY_TEXT], enum paper_lang lang, const char *date)
{
	struct civil c;

	out[0] = '\0';
	if (civil_date_read(&c, date))
		say_date(out, lang, civil_to_unix(&c));
}

void
say_moment(char out[static SAY_TEXT], enum paper_lang lang, int64_t unix_s)
{
	struct civil c = civil_from_unix(unix_s);

	snprintf(out, SAY_TEXT,
	    lang == PAPER_KO ? "%04d-%02d-%02d(%s) %02d:%02d:%02d"
			     : "%04d-%02d-%02d (%s) %02d:%02d:%02d",
	    c.year, c.month, c.day, weekday(lang, c.weekday), c.hour, c.minute,
	    c.second);
}

void
say_number(char out[static SAY_TEXT], int64_t n)
{
	char digits[24], *to = out;
	uint64_t size = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
	int len = snprintf(
	    digits, sizeof digits, "%llu", (unsigned long long)size);

	if (n < 0)
		*to++ = '-';
	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			*to++ = ',';
		*to++ = digits[i];
	}
	*to = '\0';
}

void
say_won(char out[static SAY_TEXT], enum paper_lang lang, int64_t won)
{
	char number[SAY_TEXT];

	say_number(number, won);
	snprintf(
	    out, SAY_TEXT, lang == PAPER_KO ? "%.32s원" : "%.32s won", number);
}

void
say_fill(char *out, size_t cap, const char *pattern, const char *one,
    const char *two)
{
	struct buf b = buf_make(out, cap - 1);

	while (*pattern != '\0') {
		if (strncmp(pattern, "{1}", 3) == 0 ||
		    strncmp(pattern, "{2}", 3) == 0) {
			buf_add_str(&b, pattern[1] == '1' ? one : two);
			pattern += 3;
		} else {
			buf_add_byte(&b, (uint8_t)*pattern++);
		}
	}
	out[b.n] = '\0';
}
