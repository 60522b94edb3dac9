/*
 * Fuzz target: bytes as UTF-8, against a reader that does not use utf8proc.
 */
#include <string.h>

#include "base/utf8.h"
#include "fuzz.h"

enum { ROOM = 64 * 1024, LITTLE = 16 };

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

/* RFC 3629 section 4, by arithmetic; 0 when the bytes are no character. */
static size_t
plain_decode(uint32_t *cp, const uint8_t *s, size_t n)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t need = s[0] < 0x80	      ? 1
		      : (s[0] & 0xe0) == 0xc0 ? 2
		      : (s[0] & 0xf0) == 0xe0 ? 3
		      : (s[0] & 0xf8) == 0xf0 ? 4
					      : 0;

	if (need == 0 || need > n)
		return 0;
	*cp = need == 1 ? s[0] : s[0] & (0x7fU >> need);
	for (size_t i = 1; i < need; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*cp = *cp << 6 | (s[i] & 0x3f);
	}
	if (*cp < least[need] || *cp > 0x10ffff ||
	    (*cp >= 0xd800 && *cp <= 0xdfff))
		return 0;
	return need;
}

/* Walks over the text; whether all of it is valid. */
static bool
check_characters(const char *s, size_t n)
{
	int width = 0, total = utf8_text_width(s, n);

	while (n > 0) {
		uint32_t cp = 0, want = 0;
		char back[UTF8_MAX];
		size_t used = utf8_decode(&cp, s, n);

		must(used == plain_decode(&want, (const uint8_t *)s, n),
		    "both readers see a character, or none");
		if (used == 0)
			return false;
		must(cp == want, "and it is the same");
		must(
		    utf8_encode(back, cp) == used && memcmp(back, s, used) == 0,
		    "a character is written as it was read");
		must(utf8_last(s, used) == used, "its end is found back");
		must(utf8_width(cp) >= 0 && utf8_width(cp) <= 2,
		    "a character takes 0 to 2 columns");
		must(cp >= 0x20 || utf8_is_control(cp), "C0 is control");
		width += utf8_width(cp);
		s += used;
		n -= used;
	}
	must(width == total, "a text is as wide as its characters");
	return true;
}

static void
check_nfc(const char *s, size_t n, bool valid)
{
	static char once[ROOM], twice[ROOM];
	struct buf a = buf_make(once, sizeof once);
	struct buf b = buf_make(twice, sizeof twice);
	struct buf little = buf_make(twice, LITTLE);
	struct err e = utf8_nfc(&a, s, n);

	must(valid ? !err_is(e) : e.code == E_FORMAT,
	    "exactly valid text has an NFC form");
	if (!valid) {
		must(a.n == 0, "nothing is left of invalid text");
		return;
	}
	must(utf8_valid(once, a.n), "NFC is valid");
	must(a.n <= 3 * n, "NFC does not grow without bounds");
	must(!err_is(utf8_nfc(&b, once, a.n)) &&
		 span_eq(buf_span(&a), buf_span(&b)),
	    "NFC of NFC is the same");
	must(utf8_nfc(&little, s, n).code == (a.n > LITTLE ? E_LIMIT : E_NONE),
	    "too little room is said");
	must(little.n <= LITTLE, "and kept");
}

/* Any number at all: nothing may be assumed of a code point. */
static void
check_number(uint32_t cp)
{
	char out[UTF8_MAX];
	bool good = cp <= 0x10ffff && (cp < 0xd800 || cp > 0xdfff);

	must((utf8_encode(out, cp) != 0) == good,
	    "exactly scalar values are written");
	must(good || utf8_is_control(cp), "what is no scalar is control");
	must(utf8_width(cp) >= 0 && utf8_width(cp) <= 2,
	    "any number takes 0 to 2 columns");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *s = (const char *)data;
	uint32_t cp;
	bool valid;

	if (n > ROOM / 3)
		return 0;
	valid = check_characters(s, n);
	must(utf8_valid(s, n) == valid, "the whole is valid as its parts are");
	check_nfc(s, n, valid);
	must(n == 0 || (utf8_last(s, n) >= 1 && utf8_last(s, n) <= n &&
			   utf8_last(s, n) <= UTF8_MAX),
	    "the last character is inside");
	if (n >= sizeof cp) {
		memcpy(&cp, data, sizeof cp);
		check_number(cp);
	}
	return 0;
}
