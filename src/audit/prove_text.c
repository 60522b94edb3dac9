/*
 * audit/prove_text.c - a proof as text, and back.
 */
#include <assert.h>
#include <string.h>

#include "audit/prove.h"

static const char prefix[] = "DASI1:";
static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
enum { PREFIX = sizeof prefix - 1 };

static void
put_be64(struct buf *b, uint64_t v)
{
	for (int shift = 56; shift >= 0; shift -= 8)
		buf_add_byte(b, (uint8_t)(v >> shift));
}

static void
put_base32(struct buf *out, struct span in)
{
	uint32_t bits = 0;
	unsigned int have = 0;

	for (size_t i = 0; i < in.n; i++) {
		bits = (bits & 31) << 8 | in.p[i];
		for (have += 8; have >= 5; have -= 5)
			buf_add_byte(
			    out, (uint8_t)digits[bits >> (have - 5) & 31]);
	}
	if (have > 0)
		buf_add_byte(out, (uint8_t)digits[bits << (5 - have) & 31]);
}

/* Strict: no padding, no stray bits, no lone digit. */
static bool
take_base32(struct buf *out, struct span in)
{
	uint32_t bits = 0;
	unsigned int have = 0;

	for (size_t i = 0; i < in.n; i++) {
		const char *at = in.p[i] == 0 ? NULL : strchr(digits, in.p[i]);

		if (at == NULL)
			return false;
		bits = (bits & 0xff) << 5 | (uint32_t)(at - digits);
		have += 5;
		if (have >= 8) {
			have -= 8;
			buf_add_byte(out, (uint8_t)(bits >> have));
		}
	}
	return !out->full && have < 5 && (bits & ((1u << have) - 1)) == 0;
}

void
audit_proof_text(char out[static PROVE_TEXT], const struct audit_proof *proof)
{
	uint8_t room[PROVE_BYTES];
	struct buf b = buf_make(room, sizeof room);
	struct buf text = buf_make(out, PROVE_TEXT);

	buf_add_byte(&b, (uint8_t)strlen(proof->origin));
	buf_add_str(&b, proof->origin);
	put_be64(&b, proof->seq);
	put_be64(&b, proof->size);
	buf_add(&b, proof->key_id, NOTE_ID);
	buf_add(&b, proof->signature, NOTE_SIGNATURE);
	buf_add(&b, proof->leaf, HASH_SIZE);
	buf_add(&b, proof->path.hash, proof->path.n * HASH_SIZE);
	buf_add_str(&text, prefix);
	put_base32(&text, buf_span(&b));
	buf_add_byte(&text, '\0');
	assert(!b.full && !text.full);
}

/* Cut `n` bytes off the front. */
static bool
take(struct span *left, void *out, size_t n)
{
	if (left->n < n)
		return false;
	memcpy(out, left->p, n);
	*left = span_make(left->p + n, left->n - n);
	return true;
}

static bool
take_be64(struct span *left, uint64_t *out)
{
	uint8_t raw[8];

	if (!take(left, raw, sizeof raw))
		return false;
	*out = 0;
	for (size_t i = 0; i < sizeof raw; i++)
		*out = *out << 8 | raw[i];
	return *out <= INT64_MAX;
}

struct err
audit_proof_parse(struct audit_proof *out, struct span text)
{
	uint8_t room[PROVE_BYTES], n = 0;
	struct buf b = buf_make(room, sizeof room);
	struct span left;

	memset(out, 0, sizeof *out);
	if (text.n <= PREFIX || memcmp(text.p, prefix, PREFIX) != 0 ||
	    !take_base32(&b, span_make(text.p + PREFIX, text.n - PREFIX)))
		return err_make(E_FORMAT, 0, "prove: text");
	left = buf_span(&b);
	if (!take(&left, &n, 1) || n >= NOTE_NAME ||
	    !take(&left, out->origin, n) || memchr(out->origin, 0, n) != NULL ||
	    !take_be64(&left, &out->seq) || !take_be64(&left, &out->size) ||
	    !take(&left, out->key_id, NOTE_ID) ||
	    !take(&left, out->signature, NOTE_SIGNATURE) ||
	    !take(&left, out->leaf, HASH_SIZE) || left.n % HASH_SIZE != 0 ||
	    left.n / HASH_SIZE > TREE_PROOF)
		return err_make(E_FORMAT, 0, "prove: text");
	out->path.n = left.n / HASH_SIZE;
	memcpy(out->path.hash, left.p, left.n);
	return err_none();
}

int
audit_qr_version(size_t n)
{
	static const uint16_t room[] = { 25, 47, 77, 114, 154, 195, 224, 279,
		335, 395, 468, 535, 619, 667, 758, 854, 938, 1046, 1153, 1249,
		1352, 1460, 1588, 1704, 1853, 1990, 2132, 2223, 2369, 2520,
		2677, 2840, 3009, 3183, 3351, 3537, 3729, 3927, 4087, 4296 };

	for (size_t i = 0; i < sizeof room / sizeof *room; i++) {
		if (n <= room[i])
			return (int)i + 1;
	}
	return 0;
}
