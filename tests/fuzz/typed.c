/*
 * Fuzz target: what people type about themselves, checked and masked.
 *
 * The first byte picks the kind, the rest is the text.
 */
#include <string.h>

#include "base/utf8.h"
#include "fuzz.h"
#include "identity/check.h"
#include "identity/mask.h"

static const struct civil today = { .year = 2026, .month = 11, .day = 22 };

enum { TYPED_MAX = 600 };

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

/* Letters and digits that a mask of `kind` may show at most. */
static int
open_places(enum id_kind kind)
{
	switch (kind) {
	case ID_RRN:
	case ID_ALIEN:
	case ID_RESIDENCE:
	case ID_PHONE:
	case ID_MOBILE:
		return 8;
	case ID_LICENCE:
	case ID_ISSUE_DATE:
		return 4;
	case ID_PASSPORT:
		return 3;
	case ID_MRZ:
		return 0;
	case ID_BUSINESS:
	case ID_CORPORATE:
	case ID_EMAIL:
	case ID_NAME:
	case ID_KIND_COUNT:
		break;
	}
	return ID_TEXT;
}

static void
check_mask(enum id_kind kind, const char *text)
{
	char mask[MASK_TEXT];
	int open = 0;

	memset(mask, 'x', sizeof mask);
	mask_kind(mask, kind, text);
	must(memchr(mask, '\0', sizeof mask) != NULL, "a mask ends");
	must(utf8_valid(mask, strlen(mask)), "a mask is UTF-8");
	for (const char *p = mask; *p != '\0'; p++)
		open += (*p >= '0' && *p <= '9') || (*p >= 'A' && *p <= 'Z') ||
			(*p >= 'a' && *p <= 'z');
	must(open <= open_places(kind), "a mask hides the most of it");
	mask_account(mask, text);
	must(memchr(mask, '\0', sizeof mask) != NULL, "a mask ends");
	must(utf8_valid(mask, strlen(mask)), "a mask is UTF-8");
}

static void
check_taken(struct id_check c, const char *out)
{
	char again[ID_TEXT];
	struct id_check same;
	uint32_t cp = 0;

	must(out[0] != '\0', "what is taken is something");
	for (size_t i = 0, n = strlen(out), used; i < n; i += used) {
		must((used = utf8_decode(&cp, out + i, n - i)) > 0,
		    "what is taken is UTF-8");
		must(!utf8_is_control(cp), "without control characters");
	}
	same = id_check_text(again, c.kind, out, &today);
	must(same.verdict == c.verdict && same.reason == c.reason,
	    "what is normal is judged the same");
	must(strcmp(again, out) == 0, "and stays as it is");
	check_mask(c.kind, out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct choices in = { data, n };
	enum id_kind kind = (enum id_kind)(choose(&in) % ID_KIND_COUNT);
	char text[TYPED_MAX + 1], out[ID_TEXT] = "";
	struct id_check c;

	if (in.n > TYPED_MAX)
		return 0;
	memcpy(text, in.p, in.n);
	text[in.n] = '\0';
	c = id_check_text(out, kind, text, &today);
	must(memchr(out, '\0', sizeof out) != NULL, "the text ends");
	must(c.kind == kind, "the answer is about the kind asked");
	must((c.verdict == ID_OK) == (c.reason == ID_R_NONE),
	    "what is not right has a reason");
	must(c.reason == ID_R_NONE || id_reason_used(kind, c.reason),
	    "the catalogue has the reason");
	must(strncmp(id_check_key(c), "id.", 3) == 0, "and a text key");
	if (c.verdict == ID_REJECT)
		for (size_t i = 0; i < sizeof out; i++)
			must(out[i] == '\0', "nothing refused is kept");
	else
		check_taken(c, out);
	check_mask(kind, text);
	return 0;
}
