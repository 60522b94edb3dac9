/*
 * Fuzz target: random editing of each kind of field.
 *
 * The first byte picks the field, the rest are events.
 */
#include <string.h>

#include "base/span.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "ui/field.h"

/* clang-format off */
static const struct field_spec specs[] = {
	{ .kind = FIELD_TEXT, .max_chars = 40, .cols = 20 },
	{ .kind = FIELD_TEXT, .max_chars = 60, .latin_first = true },
	{ .kind = FIELD_TEXT, .max_chars = 1 },
	{ .kind = FIELD_DIGITS, .pattern = "######-#######", .open_chars = 7 },
	{ .kind = FIELD_DIGITS, .max_chars = 16 },
	{ .kind = FIELD_DIGITS, .pattern = "R-########-####" },
	{ .kind = FIELD_ALNUM, .max_chars = 9, .open_chars = 3 },
	{ .kind = FIELD_EMAIL, .max_chars = 60, .cols = 30 },
	{ .kind = FIELD_DATE },
	{ .kind = FIELD_SECRET, .max_chars = 64, .cols = 24 },
};
/* clang-format on */
enum { SPECS = sizeof specs / sizeof *specs };

static struct ime ime;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	if (err_is(ime_open(&ime)))
		abort();
	return 0;
}

static bool
is_zero(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != '\0')
			return false;
	return true;
}

static void
check_characters(const struct field *f, const char *text)
{
	uint32_t cp = 0;

	for (size_t i = 0; i < f->len; i += utf8_decode(&cp, text + i, 4)) {
		must(utf8_decode(&cp, text + i, f->len - i) > 0,
		    "the text is UTF-8");
		must(!utf8_is_control(cp), "no control character is kept");
		if (f->spec.kind == FIELD_DIGITS || f->spec.kind == FIELD_DATE)
			must(cp >= '0' && cp <= '9', "digits are digits");
		if (f->spec.kind == FIELD_ALNUM)
			must((cp >= '0' && cp <= '9') ||
				 (cp >= 'A' && cp <= 'Z'),
			    "letters are raised");
		if (f->spec.kind != FIELD_TEXT)
			must(cp >= ' ' && cp < 0x7f, "the others are ASCII");
	}
}

static void
check_text(const struct field *f, const char *secret)
{
	const char *text = field_text(f);
	size_t cap = secret != NULL ? FIELD_SECRET_CAP : FIELD_CAP;
	char room[FIELD_CAP];
	struct buf nfc = buf_make(room, sizeof room);

	must(f->len < cap && is_zero(text + f->len, cap - f->len),
	    "behind the text there is nothing");
	must(strlen(text) == f->len, "the text has its length");
	must(f->at <= f->len && (text[f->at] & 0xc0) != 0x80,
	    "the cursor is before a character");
	must(field_chars(f) <= f->spec.max_chars, "the limit holds");
	check_characters(f, text);
	must(!err_is(utf8_nfc(&nfc, text, f->len)) && nfc.n == f->len &&
		 memcmp(room, text, nfc.n) == 0,
	    "the text is in NFC");
	must(
	    utf8_valid(f->preedit, strlen(f->preedit)), "the preedit is UTF-8");
	must((unsigned)f->why < REFUSE_COUNT, "a refusal has a reason");
	if (secret != NULL)
		must(text == secret && is_zero(f->text, sizeof f->text) &&
			 f->preedit[0] == '\0',
		    "a secret is in its own buffer alone");
}

/* Characters of `set` in a view. */
static int
count(const char *s, const char *set)
{
	int n = 0;

	for (; *s != '\0'; s++)
		n += strchr(set, *s) != NULL;
	return n;
}

static void
check_view(const struct field *f)
{
	struct field_view v;
	int cols, hidden = field_chars(f) - f->spec.open_chars;

	field_view(&v, f);
	must(memchr(v.text, '\0', sizeof v.text) != NULL, "a view ends");
	must(utf8_valid(v.text, strlen(v.text)), "a view is UTF-8");
	cols = utf8_text_width(v.text, strlen(v.text));
	must(v.box > 0, "a box has a width");
	must(v.cursor >= 0 && v.cursor <= cols, "the cursor is on the text");
	must(v.preedit_from >= 0 && v.preedit_cols >= 0 &&
		 v.preedit_from + v.preedit_cols <= cols,
	    "the preedit is inside");
	if (f->spec.kind == FIELD_SECRET) {
		must(strspn(v.text, "*") == strlen(v.text) &&
			 cols == (int)f->len,
		    "a secret is stars");
		must(field_is_masked(f), "and masked");
	} else if (f->spec.open_chars > 0 && !f->reveal && hidden > 0) {
		must(count(v.text, "*") == hidden, "what is masked is stars");
		must(count(v.text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") ==
			 f->spec.open_chars,
		    "and no more is open");
		must(field_is_masked(f), "and it knows");
	}
}

static struct event
make_event(struct choices *in, uint8_t op)
{
	uint32_t ch = choose(in);
	struct event ev;

	if ((op & 7) == 4)
		return event_key((enum key)(ch % K_COUNT), 0);
	if ((op & 7) >= 5)
		ch |= (uint32_t)choose(in) << 8 | (uint32_t)choose(in) << 16;
	ev = event_char(ch, 0);
	ev.pasted = (op & 7) == 3 || (op & 7) == 6;
	return ev;
}

/* What is no key: the program's own hand on the field. */
static void
handle(struct field *f, struct choices *in)
{
	struct event other = { .kind = EV_TICK, .item = -1 };
	char text[64];
	size_t n;

	switch (choose(in) % 6) {
	case 0:
		field_leave(f, &ime);
		must(f->preedit[0] == '\0', "leaving ends composing");
		break;
	case 1:
		n = choose(in) % sizeof text;
		for (size_t i = 0; i < n; i++)
			text[i] = (char)choose(in);
		text[n] = '\0';
		field_set(f, text);
		ime_reset(&ime);
		break;
	case 2:
		field_wipe(f);
		ime_reset(&ime);
		must(field_is_empty(f), "wiped is empty");
		break;
	case 3:
		f->reveal = !f->reveal;
		break;
	case 4:
		must(field_feed(f, NULL, &other) == FIELD_PASSED,
		    "a tick is not for a field");
		break;
	default:
		must(field_feed(f, &ime, &other) == FIELD_PASSED,
		    "a tick is not for a field");
		break;
	}
}

static void
feed(struct field *f, const struct event *ev)
{
	char was[FIELD_CAP];
	enum field_use use;

	must(str_copy(was, sizeof was, field_text(f)), "the text fits");
	use = field_feed(f, &ime, ev);
	must((unsigned)use <= FIELD_REFUSED, "an event is used or not");
	if (use == FIELD_REFUSED)
		must(f->why != REFUSE_NONE, "a refusal says why");
	if (use != FIELD_USED && f->spec.kind != FIELD_TEXT)
		must(strcmp(was, field_text(f)) == 0,
		    "what is not used changes nothing");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static char room_secret[FIELD_SECRET_CAP];
	struct choices in = { data, n };
	struct field_spec spec = specs[choose(&in) % SPECS];
	char *secret = spec.kind == FIELD_SECRET ? room_secret : NULL;
	struct field f;

	ime_reset(&ime);
	ime.on = true;
	if (secret != NULL)
		field_init_secret(&f, spec, secret);
	else
		field_init(&f, spec);
	while (in.n > 0) {
		uint8_t op = choose(&in);

		if ((op & 7) == 7) {
			handle(&f, &in);
		} else {
			struct event ev = make_event(&in, op);

			feed(&f, &ev);
		}
		check_text(&f, secret);
		check_view(&f);
	}
	field_wipe(&f);
	must(is_zero(f.text, sizeof f.text) &&
		 is_zero(f.preedit, sizeof f.preedit) &&
		 (secret == NULL || is_zero(secret, FIELD_SECRET_CAP)),
	    "wiping leaves nothing");
	return 0;
}
