/*
 * prefill/prefill.c - letters to bytes, bytes to values.
 */
#include "prefill/prefill.h"

#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "base/span.h"
#include "base/utf8.h"

enum { MARK = 3, LENGTH = 4, SUM = 8, FRAME = MARK + LENGTH + SUM, NONCE = 4 };

/* ---- the frame ---- */

/* CRC-32/ISO-HDLC, bit by bit: a form is 350 characters. */
static uint32_t
crc32(const char *p, size_t n)
{
	uint32_t crc = 0xffffffffu;

	for (size_t i = 0; i < n; i++) {
		crc ^= (uint8_t)p[i];
		for (int b = 0; b < 8; b++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}

/* The value of `n` digits of a base up to 16; -1 for another letter. */
static int64_t
number(const char *p, size_t n, int base)
{
	static const char digits[] = "0123456789ABCDEF";
	int64_t v = 0;

	for (size_t i = 0; i < n; i++) {
		const char *d = memchr(digits, p[i], (size_t)base);
		if (d == NULL)
			return -1;
		v = v * base + (d - digits);
	}
	return v;
}

static struct err
unbase32(struct buf *out, const char *p, size_t n)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	uint32_t bits = 0;
	int have = 0;

	for (size_t i = 0; i < n; i++) {
		const char *d = memchr(letters, p[i], sizeof letters - 1);
		if (d == NULL)
			return err_make(E_FORMAT, 0, "prefill: letter");
		bits = bits << 5 | (uint32_t)(d - letters);
		have += 5;
		if (have >= 8) {
			have -= 8;
			buf_add_byte(out, (uint8_t)(bits >> have));
			bits &= (1u << have) - 1;
		}
	}
	/* what is left of the last letter carries nothing */
	if (have >= 5 || bits != 0)
		return err_make(E_FORMAT, 0, "prefill: last letter");
	return out->full ? err_make(E_LIMIT, 0, "prefill: length") : err_none();
}

static struct err
unframe(struct buf *out, const char *code, size_t n)
{
	int64_t letters, sum;

	if (n > PREFILL_CODE)
		return err_make(E_LIMIT, 0, "prefill: code");
	if (n <= FRAME || memcmp(code, "KB1", MARK) != 0)
		return err_make(E_FORMAT, 0, "prefill: mark");
	letters = number(code + MARK, LENGTH, 10);
	if (letters < 0 || (size_t)letters != n - FRAME)
		return err_make(E_FORMAT, 0, "prefill: length");
	sum = number(code + n - SUM, SUM, 16);
	if (sum < 0 || (uint32_t)sum != crc32(code, n - SUM))
		return err_make(E_MISMATCH, 0, "prefill: check sum");
	return unbase32(out, code + MARK + LENGTH, (size_t)letters);
}

/* ---- the values: the few forms of CBOR there can be ---- */

struct reader {
	struct span in;
	bool bad;
};

enum major { UNSIGNED = 0, BYTES = 2, TEXT = 3, MAP = 5, SIMPLE = 7 };
enum { BOOL_NO = 20, BOOL_YES = 21 };

/* One head in its shortest form: the argument; -1 when it is another. */
static int64_t
head(struct reader *r, enum major want)
{
	uint8_t first;
	uint64_t v;
	size_t more;

	if (r->bad || r->in.n == 0)
		goto bad;
	first = *r->in.p;
	r->in = span_make(r->in.p + 1, r->in.n - 1);
	if (first >> 5 != want)
		goto bad;
	v = first & 31;
	if (v < 24 || want == SIMPLE)
		return (int64_t)v;
	if (v > 26)
		goto bad;
	more = (size_t)1 << (v - 24);
	if (r->in.n < more)
		goto bad;
	v = 0;
	for (size_t i = 0; i < more; i++)
		v = v << 8 | r->in.p[i];
	r->in = span_make(r->in.p + more, r->in.n - more);
	if (v < (more == 1 ? 24u : 1ull << 4 * more))
		goto bad; /* a shorter form exists */
	return (int64_t)v;
bad:
	r->bad = true;
	return -1;
}

static struct span
string(struct reader *r, enum major want)
{
	int64_t n = head(r, want);
	struct span s = { NULL, 0 };

	if (n < 0 || (size_t)n > r->in.n) {
		r->bad = true;
		return s;
	}
	s = span_make(r->in.p, (size_t)n);
	r->in = span_make(r->in.p + n, r->in.n - (size_t)n);
	return s;
}

static void
text(struct reader *r, char out[static PREFILL_TEXT])
{
	struct span s = string(r, TEXT);

	if (r->bad || s.n >= PREFILL_TEXT ||
	    !utf8_plain((const char *)s.p, s.n)) {
		r->bad = true;
		return;
	}
	if (s.n > 0)
		memcpy(out, s.p, s.n);
	out[s.n] = '\0';
}

static void
choice(struct reader *r, int *out, int count)
{
	int64_t v = head(r, UNSIGNED);

	if (v < 0 || v >= count)
		r->bad = true;
	else
		*out = (int)v;
}

static void
yes_or_no(struct reader *r, int *out)
{
	int64_t v = head(r, SIMPLE);

	if (v != BOOL_NO && v != BOOL_YES)
		r->bad = true;
	else
		*out = v == BOOL_YES;
}

enum { PURPOSES = 2, LOSSES = 5, MEDIA = 4 };

static void
value(struct reader *r, int64_t key, struct prefill *out)
{
	switch (key) {
	case 1:
		out->shown_at = head(r, UNSIGNED);
		break;
	case 2:
		if (string(r, BYTES).n != NONCE)
			r->bad = true;
		break;
	case 3:
		choice(r, &out->purpose, PURPOSES);
		break;
	case 4:
		text(r, out->name);
		break;
	case 5:
		text(r, out->phone);
		break;
	case 6:
		text(r, out->email);
		break;
	case 7:
		choice(r, &out->loss, LOSSES);
		break;
	case 8:
		text(r, out->when);
		break;
	case 9:
		text(r, out->place);
		break;
	case 10:
		text(r, out->detail);
		break;
	case 11:
		choice(r, &out->medium, MEDIA);
		break;
	case 12:
		yes_or_no(r, &out->misuse);
		break;
	case 13:
		yes_or_no(r, &out->p12);
		break;
	default:
		r->bad = true;
	}
}

/* As many digits in a row as a resident number has, hyphens apart. */
static bool
like_a_number(const char *s)
{
	int run = 0;

	for (; *s != '\0'; s++) {
		if (*s >= '0' && *s <= '9')
			run++;
		else if (*s != '-' && *s != ' ')
			run = 0;
		if (run >= 13)
			return true;
	}
	return false;
}

static bool
says_too_much(const struct prefill *f)
{
	return like_a_number(f->name) || like_a_number(f->phone) ||
	       like_a_number(f->email) || like_a_number(f->when) ||
	       like_a_number(f->place) || like_a_number(f->detail);
}

static struct err
values(struct prefill *out, struct span cbor)
{
	enum { KEYS = 13, NEEDED = 1 << 1 | 1 << 2 | 1 << 3 };
	struct reader r = { cbor, false };
	int64_t count = head(&r, MAP), last = 0;
	unsigned seen = 0;

	for (int64_t i = 0; !r.bad && i < count; i++) {
		int64_t key = head(&r, UNSIGNED);
		if (r.bad || key <= last)
			return err_make(E_FORMAT, 0, "prefill: keys");
		if (key > KEYS)
			return err_make(E_UNSUPPORTED, 0, "prefill: key");
		value(&r, key, out);
		seen |= 1u << key;
		last = key;
	}
	if (r.bad || r.in.n != 0 || (seen & NEEDED) != NEEDED)
		return err_make(E_FORMAT, 0, "prefill: values");
	if (says_too_much(out))
		return err_make(E_UNSUPPORTED, 0, "prefill: a number");
	return err_none();
}

struct err
prefill_read(struct prefill *out, const char *text, size_t n, int64_t now_unix)
{
	char code[PREFILL_CODE];
	uint8_t bytes[PREFILL_BYTES];
	struct buf b = buf_make(bytes, sizeof bytes);
	struct prefill f = {
		.loss = -1, .medium = -1, .misuse = -1, .p12 = -1
	};
	struct err e;

	for (size_t i = 0; i < n && i < sizeof code; i++)
		code[i] = text[i] >= 'a' && text[i] <= 'z'
			      ? (char)(text[i] - 'a' + 'A')
			      : text[i];
	e = unframe(&b, code, n);
	if (!err_is(e))
		e = values(&f, buf_span(&b));
	if (!err_is(e) && (f.shown_at + PREFILL_FRESH_S < now_unix ||
			      f.shown_at > now_unix + PREFILL_EARLY_S))
		e = err_make(E_EXPIRED, 0, "prefill: stale");
	if (!err_is(e))
		*out = f;
	secret_wipe(code, sizeof code);
	secret_wipe(bytes, sizeof bytes);
	secret_wipe(&f, sizeof f);
	return e;
}

/* ---- the scanner ---- */

void
wedge_begin(struct wedge *w)
{
	secret_wipe(w, sizeof *w);
}

static bool
is_open(const struct wedge *w)
{
	return w->state == WEDGE_WAITING || w->state == WEDGE_TYPING;
}

void
wedge_tick(struct wedge *w, int64_t now_ms)
{
	if (w->state == WEDGE_TYPING && now_ms - w->last_ms >= PREFILL_KEY_MS)
		w->state = WEDGE_STOPPED;
}

void
wedge_char(struct wedge *w, uint32_t cp, int64_t now_ms)
{
	bool letter = (cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z') ||
		      (cp >= 'a' && cp <= 'z');

	wedge_tick(w, now_ms);
	if (!is_open(w) || !letter)
		return;
	w->last_ms = now_ms;
	if (w->n == PREFILL_CODE) {
		w->state = WEDGE_STOPPED;
		return;
	}
	w->state = WEDGE_TYPING;
	w->text[w->n++] = (char)cp;
}

void
wedge_enter(struct wedge *w, int64_t now_ms)
{
	wedge_tick(w, now_ms);
	if (w->state == WEDGE_TYPING)
		w->state = WEDGE_DONE;
}
