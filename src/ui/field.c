/*
 * ui/field.c - editing one line; how it looks is in field_view.c.
 */
#include "ui/field.h"

#include <assert.h>
#include <string.h>

#include "base/secret.h"
#include "base/utf8.h"

enum { DEFAULT_CHARS = 60 };

static int
pattern_places(const char *pattern)
{
	int places = 0;

	for (; pattern != NULL && *pattern != '\0'; pattern++)
		places += *pattern == '#';
	return places;
}

void
field_init(struct field *f, struct field_spec spec)
{
	memset(f, 0, sizeof *f);
	if (spec.kind == FIELD_DATE && spec.pattern == NULL)
		spec.pattern = "####-##-##";
	if (spec.max_chars <= 0)
		spec.max_chars = pattern_places(spec.pattern);
	if (spec.max_chars <= 0)
		spec.max_chars = DEFAULT_CHARS;
	f->spec = spec;
}

void
field_init_secret(struct field *f, struct field_spec spec,
    char secret[static FIELD_SECRET_CAP])
{
	spec.kind = FIELD_SECRET;
	field_init(f, spec);
	assert(f->spec.max_chars < FIELD_SECRET_CAP);
	f->text_secret = secret;
	secret_wipe(secret, FIELD_SECRET_CAP);
}

static char *
store(struct field *f)
{
	return f->text_secret != NULL ? f->text_secret : f->text;
}

const char *
field_text(const struct field *f)
{
	return f->text_secret != NULL ? f->text_secret : f->text;
}

static int
count_chars(const char *s, size_t n)
{
	int chars = 0;

	for (size_t i = 0; i < n; i++)
		chars += ((unsigned char)s[i] & 0xc0) != 0x80;
	return chars;
}

int
field_chars(const struct field *f)
{
	return count_chars(field_text(f), f->len) +
	       count_chars(f->preedit, strlen(f->preedit));
}

bool
field_is_empty(const struct field *f)
{
	return f->len == 0 && f->preedit[0] == '\0';
}

bool
field_is_masked(const struct field *f)
{
	if (f->spec.kind == FIELD_SECRET)
		return true;
	return f->spec.open_chars > 0 && !f->reveal &&
	       field_chars(f) > f->spec.open_chars;
}

static enum field_use
refuse(struct field *f, enum field_refusal why)
{
	f->why = why;
	f->refused++;
	return FIELD_REFUSED;
}

/* Why `ch` does not belong; REFUSE_NONE when it does.  May change case. */
static enum field_refusal
belongs(const struct field *f, uint32_t *ch)
{
	bool digit = *ch >= '0' && *ch <= '9';

	if (utf8_is_control(*ch))
		return REFUSE_CONTROL;
	switch (f->spec.kind) {
	case FIELD_TEXT:
		return REFUSE_NONE;
	case FIELD_DIGITS:
	case FIELD_DATE:
		return digit ? REFUSE_NONE : REFUSE_KIND;
	case FIELD_ALNUM:
		if (*ch >= 'a' && *ch <= 'z')
			*ch -= 'a' - 'A';
		return digit || (*ch >= 'A' && *ch <= 'Z') ? REFUSE_NONE
							   : REFUSE_KIND;
	case FIELD_EMAIL:
		return *ch > ' ' && *ch < 0x7f ? REFUSE_NONE : REFUSE_KIND;
	case FIELD_SECRET:
		return *ch >= ' ' && *ch < 0x7f ? REFUSE_NONE : REFUSE_KIND;
	case FIELD_KIND_COUNT:
		break;
	}
	return REFUSE_KIND;
}

static bool
is_pattern_mark(const struct field *f, uint32_t ch)
{
	if (f->spec.kind == FIELD_DATE &&
	    (ch == '.' || ch == '/' || ch == '-' || ch == ' '))
		return true;
	return f->spec.pattern != NULL && ch < 0x80 && ch != '#' && ch != 0 &&
	       strchr(f->spec.pattern, (int)ch) != NULL;
}

/*
 * Put bytes at the cursor and keep the whole in NFC.  The old text stays when
 * the new one is too long.
 */
static bool
splice(struct field *f, const char *s, size_t n)
{
	char joined[FIELD_CAP + IME_TEXT], head[FIELD_CAP];
	struct buf whole = buf_make(joined,
	    f->text_secret != NULL ? FIELD_SECRET_CAP - 1 : FIELD_CAP - 1);
	struct buf before = buf_make(head, sizeof head - 1);
	char raw[FIELD_CAP + IME_TEXT];
	char *text = store(f);
	size_t at = f->at, tail = f->len - f->at;
	bool fits = false;

	memcpy(raw, text, at);
	memcpy(raw + at, s, n);
	memcpy(raw + at + n, text + at, tail);
	/* A mark may join what stands before or after the cursor. */
	if (!err_is(utf8_nfc(&whole, raw, at + n + tail)) &&
	    !err_is(utf8_nfc(&before, raw, at + n)) &&
	    count_chars(joined, whole.n) <= f->spec.max_chars) {
		secret_wipe(text, f->len);
		memcpy(text, joined, whole.n);
		text[whole.n] = '\0';
		f->len = whole.n;
		f->at = before.n < whole.n ? before.n : whole.n;
		while (f->at < f->len &&
		       ((unsigned char)text[f->at] & 0xc0) == 0x80)
			f->at++;
		fits = true;
	}
	secret_wipe(raw, sizeof raw);
	secret_wipe(joined, sizeof joined);
	secret_wipe(head, sizeof head);
	return fits;
}

static enum field_use
insert_char(struct field *f, uint32_t ch, bool pasted)
{
	char bytes[UTF8_MAX];
	enum field_refusal why;
	size_t n;

	if (is_pattern_mark(f, ch))
		return FIELD_USED;
	why = belongs(f, &ch);
	n = utf8_encode(bytes, ch);
	if (why == REFUSE_NONE && n == 0)
		why = REFUSE_CONTROL;
	if (why != REFUSE_NONE)
		return refuse(f, why);
	if (!splice(f, bytes, n))
		return refuse(f, REFUSE_FULL);
	if (!pasted) {
		f->why = REFUSE_NONE;
		f->refused = 0;
	}
	secret_wipe(bytes, sizeof bytes);
	return FIELD_USED;
}

/* Put what the ime finished into the text. */
static enum field_use
commit(struct field *f, const char *text)
{
	size_t n = strlen(text);

	if (n == 0)
		return FIELD_USED;
	return splice(f, text, n) ? FIELD_USED : refuse(f, REFUSE_FULL);
}

static bool
uses_ime(const struct field *f, const struct ime *ime)
{
	return ime != NULL && f->spec.kind == FIELD_TEXT &&
	       !f->spec.latin_first;
}

void
field_leave(struct field *f, struct ime *ime)
{
	char done[IME_TEXT];

	if (uses_ime(f, ime) && f->preedit[0] != '\0') {
		ime_flush(ime, done);
		(void)commit(f, done);
		secret_wipe(done, sizeof done);
	}
	secret_wipe(f->preedit, sizeof f->preedit);
}

static enum field_use
type_char(struct field *f, struct ime *ime, const struct event *ev)
{
	char done[IME_TEXT];
	enum field_use use = FIELD_USED;
	bool used;

	if (!uses_ime(f, ime))
		return insert_char(f, ev->ch, ev->pasted);
	if (ev->pasted) {
		field_leave(f, ime);
		return insert_char(f, ev->ch, true);
	}
	/* No room for another syllable: do not start to compose one. */
	if (ime->on && f->preedit[0] == '\0' &&
	    field_chars(f) >= f->spec.max_chars)
		return refuse(f, REFUSE_FULL);
	used = ime_feed(ime, done, ev->ch);
	use = commit(f, done);
	ime_preedit(ime, f->preedit);
	if (use == FIELD_USED && f->preedit[0] != '\0' &&
	    field_chars(f) > f->spec.max_chars) {
		ime_reset(ime);
		f->preedit[0] = '\0';
		use = refuse(f, REFUSE_FULL);
	}
	if (!used && use == FIELD_USED)
		use = insert_char(f, ev->ch, false);
	else if (use == FIELD_USED)
		f->refused = 0;
	secret_wipe(done, sizeof done);
	return use;
}

static void
erase(struct field *f, size_t from, size_t to)
{
	char *text = store(f);

	memmove(text + from, text + to, f->len - to);
	secret_wipe(text + f->len - (to - from), to - from);
	f->len -= to - from;
	text[f->len] = '\0';
	f->at = from;
}

static size_t
next_char(const struct field *f)
{
	const char *text = field_text(f);
	size_t at = f->at;

	if (at < f->len)
		at++;
	while (at < f->len && ((unsigned char)text[at] & 0xc0) == 0x80)
		at++;
	return at;
}

static enum field_use
backspace(struct field *f, struct ime *ime)
{
	size_t back;

	if (uses_ime(f, ime) && ime_backspace(ime)) {
		ime_preedit(ime, f->preedit);
		return FIELD_USED;
	}
	back = utf8_last(field_text(f), f->at);
	if (back == 0)
		return f->len == 0 ? FIELD_PASSED : FIELD_USED;
	erase(f, f->at - back, f->at);
	return FIELD_USED;
}

/* Cursor and erasing keys, with nothing being composed any more. */
static enum field_use
edit(struct field *f, enum key key)
{
	size_t was = f->at;

	if (key == K_LEFT)
		f->at -= utf8_last(field_text(f), f->at);
	else if (key == K_RIGHT)
		f->at = next_char(f);
	else if (key == K_HOME)
		f->at = 0;
	else if (key == K_END)
		f->at = f->len;
	else if (key == K_DELETE)
		erase(f, f->at, next_char(f));
	else if (key == K_CLEAR)
		erase(f, 0, f->len);
	if ((key == K_LEFT || key == K_RIGHT) && f->at == was)
		return FIELD_PASSED;
	return FIELD_USED;
}

enum field_use
field_feed(struct field *f, struct ime *ime, const struct event *ev)
{
	if (ev->kind != EV_KEY)
		return FIELD_PASSED;
	if (ev->key == K_CHAR)
		return type_char(f, ime, ev);
	if (ev->key == K_BACKSPACE)
		return backspace(f, ime);
	field_leave(f, ime);
	f->refused = 0;
	f->why = REFUSE_NONE;
	if (ev->key == K_HANGUL) {
		if (!uses_ime(f, ime))
			return FIELD_PASSED;
		ime->on = !ime->on;
		return FIELD_USED;
	}
	if (ev->key == K_LEFT || ev->key == K_RIGHT || ev->key == K_HOME ||
	    ev->key == K_END || ev->key == K_DELETE || ev->key == K_CLEAR)
		return edit(f, ev->key);
	return FIELD_PASSED;
}

bool
field_set(struct field *f, const char *text)
{
	size_t n = strlen(text);
	bool whole = true;

	field_wipe(f);
	while (n > 0) {
		uint32_t ch;
		size_t used = utf8_decode(&ch, text, n);

		if (used == 0) {
			whole = false;
			break;
		}
		whole = insert_char(f, ch, true) == FIELD_USED && whole;
		text += used;
		n -= used;
	}
	f->refused = 0;
	f->why = REFUSE_NONE;
	return whole;
}

void
field_wipe(struct field *f)
{
	if (f->text_secret != NULL)
		secret_wipe(f->text_secret, FIELD_SECRET_CAP);
	secret_wipe(f->text, sizeof f->text);
	secret_wipe(f->preedit, sizeof f->preedit);
	f->len = f->at = 0;
	f->refused = 0;
	f->why = REFUSE_NONE;
	f->reveal = false;
}
