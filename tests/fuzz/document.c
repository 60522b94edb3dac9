/*
 * Fuzz target: documents as JSON, laid out as a printer takes them.
 *
 * What the check lets through is laid out without a person's number, on lines
 * no wider than the paper.
 */
#include <jansson.h>
#include <string.h>

#include "base/utf8.h"
#include "fuzz.h"
#include "paper/escpos.h"
#include "paper/privacy.h"

enum { COLUMNS = 42 };

/* The fonts it knows are fontconfig's for the life of the process. */
const char *__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
	return "leak:libfontconfig";
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

static struct err
look(void *ctx, const struct slip_line *line)
{
	bool big = line->style == SLIP_TITLE || line->style == SLIP_BIG;
	size_t n = strlen(line->text);

	must(utf8_valid(line->text, n), "a line is text");
	must(utf8_text_width(line->text, n) <= (big ? COLUMNS / 2 : COLUMNS),
	    "a line fits");
	return err_none();
}

/* References may be long numbers of their own: they stand alone. */
static bool
is_reference(const char *text)
{
	return strspn(text, "0123456789-") == strlen(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct slip slip;
	static uint8_t room[ESCPOS_MAX];
	json_t *d = json_loadb((const char *)data, n, 0, NULL);
	struct buf b = buf_make(room, sizeof room);

	if (d != NULL && !err_is(slip_compose(&slip, d))) {
		for (size_t i = 0; i < slip.n; i++) {
			const struct slip_item *item = &slip.items[i];
			struct err e = slip_lines(
			    item, slip.lang, COLUMNS, look, NULL);

			must(!err_is(e) || e.code == E_LIMIT, "it is laid out");
			must(is_reference(item->text) ||
				 !privacy_finds(item->text),
			    "no number of a person");
		}
		must(
		    escpos_slip(&b, &slip, ESCPOS_CP949, COLUMNS).code != E_ARG,
		    "it is printed");
	}
	json_decref(d);
	return 0;
}
