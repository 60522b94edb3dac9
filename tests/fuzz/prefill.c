/*
 * Fuzz target: codes of forms filled in at home.
 *
 * With an odd first byte the rest is CBOR, put into a right frame, so that the
 * search gets behind the check sum; else it is the code as it was typed.
 */
#include <string.h>

#include "../support/form_code.h"
#include "base/utf8.h"
#include "fuzz.h"

enum { SHOWN = 1800000000 };

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

static void
check_text(const char *s)
{
	size_t n = strnlen(s, PREFILL_TEXT), used;
	int digits = 0;
	uint32_t cp;

	must(n < PREFILL_TEXT, "a text ends in its room");
	for (; n > 0; s += used, n -= used) {
		must((used = utf8_decode(&cp, s, n)) > 0, "text is UTF-8");
		must(!utf8_is_control(cp), "without control characters");
		if (cp >= '0' && cp <= '9')
			digits++;
		else if (cp != '-' && cp != ' ')
			digits = 0;
		must(digits < 13, "nothing like a resident number is read");
	}
}

static bool
same(const struct prefill *a, const struct prefill *b)
{
	return a->shown_at == b->shown_at && a->purpose == b->purpose &&
	       a->loss == b->loss && a->medium == b->medium &&
	       a->misuse == b->misuse && a->p12 == b->p12 &&
	       strcmp(a->name, b->name) == 0 &&
	       strcmp(a->phone, b->phone) == 0 &&
	       strcmp(a->email, b->email) == 0 &&
	       strcmp(a->when, b->when) == 0 &&
	       strcmp(a->place, b->place) == 0 &&
	       strcmp(a->detail, b->detail) == 0;
}

static void
check(const struct prefill *f)
{
	char code[FORM_CODE_CAP];
	struct prefill again;
	size_t n;

	check_text(f->name);
	check_text(f->phone);
	check_text(f->email);
	check_text(f->when);
	check_text(f->place);
	check_text(f->detail);
	must(f->purpose >= 0 && f->purpose < 2, "one of two purposes");
	must(f->loss >= -1 && f->loss < 5, "a kind of loss");
	must(f->medium >= -1 && f->medium < 4, "a medium");
	must(f->misuse >= -1 && f->misuse < 2 && f->p12 >= -1 && f->p12 < 2,
	    "yes, no or not said");
	must(f->shown_at + PREFILL_FRESH_S >= SHOWN &&
		 f->shown_at <= SHOWN + PREFILL_EARLY_S,
	    "it is fresh");
	n = form_code(code, f);
	must(n > 0 && n <= PREFILL_CODE &&
		 !err_is(prefill_read(&again, code, n, SHOWN)) &&
		 same(f, &again),
	    "what was read can be written and is the same");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char code[FORM_CODE_CAP];
	struct prefill f;
	const char *text = (const char *)data + 1;
	size_t length = n - 1;

	if (n == 0)
		return 0;
	if (data[0] & 1) {
		length = form_frame(code, data + 1, n - 1);
		text = code;
	}
	memset(&f, 0x55, sizeof f);
	if (!err_is(prefill_read(&f, text, length, SHOWN)))
		check(&f);
	else
		must(f.purpose == 0x55555555 && f.name[0] == 0x55,
		    "what is refused writes nothing");
	return 0;
}
