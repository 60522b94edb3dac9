/*
 * audit/note.c - writing and reading signed notes.
 */
#include "audit/note.h"

#include <string.h>

#include "audit/note_parts.h"
#include "base/text.h"

static const char dash[] = "\xe2\x80\x94 "; /* em dash, space */
enum { DASH = sizeof dash - 1, PAYLOAD = NOTE_ID + NOTE_SIGNATURE };

/* One signature line without its newline. */
struct line {
	struct span name;
	struct span code; /* base64 */
};

static struct err
add_line(struct buf *out, struct span text, const struct note_signer *s)
{
	uint8_t payload[PAYLOAD];
	char code[BASE64_TEXT(PAYLOAD)];
	struct err e;

	memcpy(payload, s->key.id, NOTE_ID);
	e = ed25519_sign(payload + NOTE_ID, s->seed_secret, text);
	if (err_is(e))
		return e;
	base64_encode(code, sizeof code, span_make(payload, PAYLOAD));
	buf_add_str(out, dash);
	buf_add_str(out, s->key.name);
	buf_add_byte(out, ' ');
	buf_add_str(out, code);
	buf_add_byte(out, '\n');
	return out->full ? err_make(E_LIMIT, 0, "note: room") : err_none();
}

/* UTF-8, no control byte but newline, newline at the end. */
static bool
text_is_clean(struct span s)
{
	if (s.n == 0 || s.n > NOTE_BYTES || s.p[s.n - 1] != '\n' ||
	    !utf8_valid((const char *)s.p, s.n))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < 0x20 && s.p[i] != '\n')
			return false;
	}
	return true;
}

struct err
note_sign(struct buf *out, struct span text, const struct note_signer *signer)
{
	if (!text_is_clean(text))
		return err_make(E_FORMAT, 0, "note: text");
	buf_add(out, text.p, text.n);
	buf_add_byte(out, '\n');
	return add_line(out, text, signer);
}

/* Cut one line, newline included, off the front. */
static bool
cut_line(struct span *line, struct span *rest)
{
	const uint8_t *end = rest->n == 0 ? NULL
					  : memchr(rest->p, '\n', rest->n);

	if (end == NULL)
		return false;
	*line = span_make(rest->p, (size_t)(end - rest->p));
	*rest = span_make(end + 1, rest->n - line->n - 1);
	return true;
}

/* The last empty line parts text and signatures. */
static bool
split(struct span *text, struct span *lines, struct span note)
{
	if (!text_is_clean(note))
		return false;
	for (size_t i = note.n - 1; i > 0; i--) {
		if (note.p[i] != '\n' || note.p[i - 1] != '\n')
			continue;
		*text = span_make(note.p, i);
		*lines = span_make(note.p + i + 1, note.n - i - 1);
		return lines->n > 0;
	}
	return false;
}

static bool
read_line(struct line *out, struct span s)
{
	const uint8_t *gap;

	if (s.n <= DASH || memcmp(s.p, dash, DASH) != 0)
		return false;
	s = span_make(s.p + DASH, s.n - DASH);
	if ((gap = memchr(s.p, ' ', s.n)) == NULL)
		return false;
	out->name = span_make(s.p, (size_t)(gap - s.p));
	out->code = span_make(gap + 1, s.n - out->name.n - 1);
	return note_name_fits(out->name) && out->code.n > 0;
}

/* The signature in a line of `key`: E_NOTFOUND when it is another's. */
static struct err
line_signature(uint8_t out[static NOTE_SIGNATURE], const struct line *l,
    const struct note_key *key)
{
	uint8_t payload[NOTE_BYTES];
	struct buf b = buf_make(payload, sizeof payload);
	struct err e = base64_decode(&b, (const char *)l->code.p, l->code.n);

	if (err_is(e) || b.n <= NOTE_ID)
		return err_make(E_FORMAT, 0, "note: signature line");
	if (!span_eq(l->name, span_str(key->name)) ||
	    memcmp(payload, key->id, NOTE_ID) != 0)
		return err_make(E_NOTFOUND, 0, "note: key");
	if (b.n != PAYLOAD)
		return err_make(E_MISMATCH, 0, "note: signature");
	memcpy(out, payload + NOTE_ID, NOTE_SIGNATURE);
	return err_none();
}

/* Go through all lines; those of `key` must be right when `check`. */
static struct err
find_line(struct span *text, uint8_t signature[static NOTE_SIGNATURE],
    struct span note, const struct note_key *key, bool check)
{
	struct span lines, s;
	struct line l;
	size_t n = 0;
	bool found = false;
	struct err e;

	if (!split(text, &lines, note))
		return err_make(E_FORMAT, 0, "note: form");
	for (; lines.n > 0; n++) {
		if (n == NOTE_SIGNATURES || !cut_line(&s, &lines) ||
		    !read_line(&l, s))
			return err_make(E_FORMAT, 0, "note: signature line");
		e = line_signature(signature, &l, key);
		if (!err_is(e) && check)
			e = note_check(*text, key, signature);
		if (err_is(e) && e.code != E_NOTFOUND)
			return e;
		found = found || !err_is(e);
	}
	return found ? err_none() : err_make(E_NOTFOUND, 0, "note: key");
}

struct err
note_open(struct span *text, struct span note, const struct note_key *key)
{
	uint8_t signature[NOTE_SIGNATURE];
	struct err e = find_line(text, signature, note, key, true);

	if (err_is(e))
		*text = span_make(NULL, 0);
	return e;
}

struct err
note_signature(uint8_t out[static NOTE_SIGNATURE], struct span note,
    const struct note_key *key)
{
	struct span text;

	return find_line(&text, out, note, key, false);
}

struct err
note_parts(struct span *text, uint8_t signature[static NOTE_SIGNATURE],
    struct span note, const struct note_key *key)
{
	return find_line(text, signature, note, key, false);
}

struct err
note_check(struct span text, const struct note_key *key,
    const uint8_t signature[static NOTE_SIGNATURE])
{
	return ed25519_check(signature, key->public_key, text);
}

struct err
note_cosign(struct buf *note, const struct note_signer *signer)
{
	struct span text, lines;

	if (!split(&text, &lines, buf_span(note)))
		return err_make(E_FORMAT, 0, "note: form");
	return add_line(note, text, signer);
}

struct err
note_checkpoint_text(struct buf *out, const struct note_checkpoint *c)
{
	char size[21], code[BASE64_TEXT(HASH_SIZE)];
	size_t at = sizeof size;
	uint64_t left = c->size;

	if (!note_name_fits(c->origin))
		return err_make(E_ARG, 0, "checkpoint: origin");
	do {
		size[--at] = (char)('0' + left % 10);
		left /= 10;
	} while (left > 0);
	base64_encode(code, sizeof code, span_make(c->root, HASH_SIZE));
	buf_add(out, c->origin.p, c->origin.n);
	buf_add_byte(out, '\n');
	buf_add(out, size + at, sizeof size - at);
	buf_add_byte(out, '\n');
	buf_add_str(out, code);
	buf_add_byte(out, '\n');
	return out->full ? err_make(E_LIMIT, 0, "checkpoint: room")
			 : err_none();
}

/* Decimal without leading zeros, at most 2^63 - 1. */
static bool
read_size(uint64_t *out, struct span s)
{
	*out = 0;
	if (s.n == 0 || s.n > 19 || (s.n > 1 && s.p[0] == '0'))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		*out = *out * 10 + (uint64_t)(s.p[i] - '0');
	}
	return *out <= INT64_MAX;
}

struct err
note_checkpoint_parse(struct note_checkpoint *out, struct span text)
{
	struct buf root = buf_make(out->root, HASH_SIZE);
	struct span size, code;

	if (!text_is_clean(text) || !cut_line(&out->origin, &text) ||
	    !note_name_fits(out->origin) || !cut_line(&size, &text) ||
	    !read_size(&out->size, size) || !cut_line(&code, &text) ||
	    err_is(base64_decode(&root, (const char *)code.p, code.n)) ||
	    root.n != HASH_SIZE || text.n != 0)
		return err_make(E_FORMAT, 0, "checkpoint: text");
	return err_none();
}
