/*
 * base/text.c - hexadecimal and base64.
 */
#include "base/text.h"

#include <assert.h>

static const char hex_digits[] = "0123456789abcdef";
static const char b64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
hex_encode(char *out, size_t cap, struct span in)
{
	assert(cap >= HEX_TEXT(in.n));
	for (size_t i = 0; i < in.n; i++) {
		*out++ = hex_digits[in.p[i] >> 4];
		*out++ = hex_digits[in.p[i] & 15];
	}
	*out = '\0';
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

struct err
hex_decode(struct buf *out, const char *text, size_t n)
{
	if (n % 2 != 0)
		return err_make(E_FORMAT, 0, "hex: odd length");
	for (size_t i = 0; i < n; i += 2) {
		int hi = hex_value(text[i]), lo = hex_value(text[i + 1]);
		if (hi < 0 || lo < 0)
			return err_make(E_FORMAT, 0, "hex: digit");
		buf_add_byte(out, (uint8_t)(hi << 4 | lo));
	}
	return out->full ? err_make(E_LIMIT, 0, "hex: room") : err_none();
}

void
base64_encode(char *out, size_t cap, struct span in)
{
	assert(cap >= BASE64_TEXT(in.n));
	for (size_t i = 0; i < in.n; i += 3) {
		size_t left = in.n - i;
		uint32_t v = (uint32_t)in.p[i] << 16;
		if (left > 1)
			v |= (uint32_t)in.p[i + 1] << 8;
		if (left > 2)
			v |= in.p[i + 2];
		*out++ = b64_digits[v >> 18];
		*out++ = b64_digits[v >> 12 & 63];
		*out++ = left > 1 ? b64_digits[v >> 6 & 63] : '=';
		*out++ = left > 2 ? b64_digits[v & 63] : '=';
	}
	*out = '\0';
}

/* -1 for a byte outside the alphabet. */
static int
b64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

struct err
base64_decode(struct buf *out, const char *text, size_t n)
{
	size_t pad = 0;

	if (n % 4 != 0)
		return err_make(E_FORMAT, 0, "base64: length");
	while (pad < 2 && pad < n && text[n - 1 - pad] == '=')
		pad++;
	for (size_t i = 0; i < n; i += 4) {
		size_t keep = i + 4 == n ? 3 - pad : 3;
		uint32_t v = 0;
		for (size_t j = 0; j < 4; j++) {
			int d = j > keep ? 0 : b64_value(text[i + j]);
			if (d < 0)
				return err_make(E_FORMAT, 0, "base64: digit");
			v = v << 6 | (uint32_t)d;
		}
		if ((v & ((1u << (8 * (3 - keep))) - 1)) != 0)
			return err_make(E_FORMAT, 0, "base64: stray bits");
		for (size_t j = 0; j < keep; j++)
			buf_add_byte(out, (uint8_t)(v >> (16 - 8 * j)));
	}
	return out->full ? err_make(E_LIMIT, 0, "base64: room") : err_none();
}
