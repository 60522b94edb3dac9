/*
 * Fuzz target: the keys of a barcode scanner, up to suggestions in a session.
 *
 * Each byte is a key; one with its high bit set is a pause of so many times
 * 64 ms, or Enter.  What is left when the keys end is taken for a code.
 */
#include <string.h>

#include "../support/form_code.h"
#include "flow/suggest.h"
#include "fuzz.h"

enum { SHOWN = 1800000000 };

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

static struct session s;
static struct branch branch;

static void
check_session(void)
{
	static const struct {
		enum suggestion which;
		struct field *field;
	} texts[] = {
		{ SUGGEST_NAME, &s.name },
		{ SUGGEST_WHEN, &s.loss_when },
		{ SUGGEST_PLACE, &s.loss_place },
		{ SUGGEST_DETAIL, &s.loss_detail },
		{ SUGGEST_PHONE, &s.phone },
		{ SUGGEST_EMAIL, &s.email },
		{ SUGGEST_EMAIL_AGAIN, &s.email_again },
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		const struct field *f = texts[i].field;
		must(s.suggested[texts[i].which] == !field_is_empty(f),
		    "a text is there exactly when it is marked");
		must(field_chars(f) <= f->spec.max_chars,
		    "a text is no longer than its field");
	}
	must(s.suggested[SUGGEST_LOSS] == (s.loss >= 0) &&
		 s.loss < LOSS_COUNT && s.medium < MEDIUM_COUNT &&
		 s.misuse <= 1,
	    "choices are marked, and choices");
	must(s.suggested[SUGGEST_P12] == s.p12, "so is the tick");
	must(field_is_empty(&s.number) && field_is_empty(&s.password),
	    "nothing else is written");
}

static void
take(const struct wedge *w)
{
	struct prefill f;

	must(w->n <= PREFILL_CODE, "no more than a code is kept");
	if (err_is(prefill_read(&f, w->text, w->n, SHOWN)))
		return;
	session_init(&s, &branch, NULL);
	(void)suggest_take(&s, &f);
	check_session();
	(void)suggest_take(&s, &f);
	check_session();
	session_wipe(&s);
	for (int i = 0; i < SUGGEST_COUNT; i++)
		must(!s.suggested[i], "the end forgets");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct wedge w;
	int64_t now = 1000, last = 0;
	size_t i = 0;

	wedge_begin(&w);
	for (; i < n && w.state != WEDGE_DONE; i++) {
		enum wedge_state was = w.state;
		if (data[i] == 0xff)
			wedge_enter(&w, now);
		else if (data[i] & 0x80)
			wedge_tick(&w, now += 64 * (data[i] & 0x7f));
		else
			wedge_char(&w, data[i], now);
		must(was != WEDGE_STOPPED || w.state == WEDGE_STOPPED,
		    "what was cut off is not taken up again");
		must(w.state != WEDGE_TYPING || now - last >= 0,
		    "time does not turn");
		last = now;
	}
	take(&w);
	/* the rest as the CBOR of a code that is whole */
	if (i < n) {
		char code[FORM_CODE_CAP];
		size_t length = form_frame(code, data + i, n - i);
		wedge_begin(&w);
		for (size_t k = 0; k < length; k++)
			wedge_char(&w, (unsigned char)code[k], now);
		wedge_enter(&w, now);
		take(&w);
	}
	return 0;
}
