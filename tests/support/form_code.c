/*
 * form_code.c - CBOR, base32 and CRC-32, written apart from the reader.
 */
#include "form_code.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The remainder of the reversed polynomial, by its definition. */
static uint32_t
sum(const char *p, size_t n)
{
	uint32_t r = ~0u;

	while (n-- > 0) {
		r ^= (unsigned char)*p++;
		for (int i = 0; i < 8; i++)
			r = (r >> 1) ^ (0xEDB88320u & (0u - (r & 1u)));
	}
	return ~r;
}

size_t
form_frame(char out[static FORM_CODE_CAP], const uint8_t *cbor, size_t n)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	size_t count = (n * 8 + 4) / 5, at = 7;

	if (count + 16 > FORM_CODE_CAP || count > 9999)
		return 0;
	snprintf(out, 8, "KB1%04u", (unsigned)count);
	for (size_t i = 0; i < count; i++) {
		unsigned v = 0;
		for (size_t bit = 5 * i; bit < 5 * i + 5; bit++)
			v = v << 1 | (bit / 8 < n &&
					 (cbor[bit / 8] >> (7 - bit % 8) & 1));
		out[at++] = letters[v];
	}
	snprintf(out + at, 9, "%08X", (unsigned)sum(out, at));
	return at + 8;
}

struct writer {
	uint8_t out[1024];
	size_t n;
	int pairs;
};

static void
head(struct writer *w, int major, uint64_t v)
{
	int more = v < 24 ? 0 : v < 256 ? 1 : v < 65536 ? 2 : 4;
	int low = more == 0 ? (int)v : more == 1 ? 24 : more == 2 ? 25 : 26;

	w->out[w->n++] = (uint8_t)(major << 5 | low);
	while (more-- > 0)
		w->out[w->n++] = (uint8_t)(v >> 8 * more);
}

static void
text(struct writer *w, int key, const char *s)
{
	if (s[0] == '\0')
		return;
	w->pairs++;
	head(w, 0, (uint64_t)key);
	head(w, 3, strlen(s));
	memcpy(w->out + w->n, s, strlen(s));
	w->n += strlen(s);
}

static void
number(struct writer *w, int key, int64_t v)
{
	if (v < 0)
		return;
	w->pairs++;
	head(w, 0, (uint64_t)key);
	head(w, 0, (uint64_t)v);
}

static void
yes_no(struct writer *w, int key, int v)
{
	if (v < 0)
		return;
	w->pairs++;
	head(w, 0, (uint64_t)key);
	w->out[w->n++] = v ? 0xf5 : 0xf4;
}

size_t
form_code(char out[static FORM_CODE_CAP], const struct prefill *f)
{
	struct writer w = { .n = 1 };

	number(&w, 1, f->shown_at);
	w.pairs++;
	head(&w, 0, 2);
	head(&w, 2, 4);
	memcpy(w.out + w.n, "\1\2\3\4", 4);
	w.n += 4;
	number(&w, 3, f->purpose);
	text(&w, 4, f->name);
	text(&w, 5, f->phone);
	text(&w, 6, f->email);
	number(&w, 7, f->loss);
	text(&w, 8, f->when);
	text(&w, 9, f->place);
	text(&w, 10, f->detail);
	number(&w, 11, f->medium);
	yes_no(&w, 12, f->misuse);
	yes_no(&w, 13, f->p12);
	w.out[0] = (uint8_t)(5 << 5 | w.pairs);
	return form_frame(out, w.out, w.n);
}
