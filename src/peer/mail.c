/*
 * peer/mail.c - headers and body of an e-mail.
 */
#include "peer/mail.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/utf8.h"

enum {
	WORD_BYTES = 39, /* 52 of base64: the first line stays below 76 */
	LINE_BYTES = 57, /* 76 of base64 */
	ID_BYTES = 16,
	LINE_TEXT = BASE64_TEXT(LINE_BYTES)
};

bool
mail_address(const char *s)
{
	static const char odd[] = "<>()[]\\,;:\"";
	const char *at = strchr(s, '@');
	size_t n = strlen(s);

	if (at == NULL || at == s || at[1] == '\0' || strchr(at + 1, '@') ||
	    n > MAIL_ADDRESS_MAX || s[0] == '-')
		return false;
	for (size_t i = 0; i < n; i++)
		if (s[i] <= ' ' || s[i] > '~' || strchr(odd, s[i]) != NULL)
			return false;
	return true;
}

/* Valid UTF-8 without control characters but those in `allowed`. */
static bool
clean(const char *s, size_t max, const char *allowed)
{
	size_t n = strlen(s), k;
	uint32_t cp;

	if (n == 0 || n > max)
		return false;
	for (; n > 0; s += k, n -= k)
		if ((k = utf8_decode(&cp, s, n)) == 0 ||
		    (utf8_is_control(cp) &&
			(cp > 0x7f || strchr(allowed, (int)cp) == NULL)))
			return false;
	return true;
}

static void
add_line(struct buf *out, const char *name, const char *value)
{
	buf_add_str(out, name);
	buf_add_str(out, value);
	buf_add_str(out, "\r\n");
}

/* Whole characters of at most WORD_BYTES. */
static size_t
word_length(const char *s)
{
	size_t n = 0, left = strlen(s), k;
	uint32_t cp;

	while (left > 0 && (k = utf8_decode(&cp, s + n, left)) > 0 &&
	       n + k <= WORD_BYTES) {
		n += k;
		left -= k;
	}
	return n;
}

/* RFC 2047: encoded words, folded; white space between them is not text. */
static void
add_subject(struct buf *out, const char *s)
{
	char word[BASE64_TEXT(WORD_BYTES)];

	buf_add_str(out, "Subject:");
	while (*s != '\0') {
		size_t n = word_length(s);

		base64_encode(word, sizeof word, span_make(s, n));
		buf_add_str(out, " =?UTF-8?B?");
		buf_add_str(out, word);
		buf_add_str(out, "?=\r\n");
		s += n;
	}
}

/* "Sun, 22 Nov 2026 14:05:09 +0900" */
static void
add_date(struct buf *out, int64_t at)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu",
		"Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May",
		"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct civil c = civil_from_unix(at);
	char line[96];

	snprintf(line, sizeof line, "Date: %s, %d %s %d %02d:%02d:%02d +0900",
	    days[c.weekday], c.day, months[c.month - 1], c.year, c.hour,
	    c.minute, c.second);
	add_line(out, line, "");
}

static void
add_id(struct buf *out, const struct mail *m)
{
	uint8_t hash[SHA256_DIGEST_LENGTH];
	char id[HEX_TEXT(ID_BYTES)];

	SHA256((const unsigned char *)m->key, strlen(m->key), hash);
	hex_encode(id, sizeof id, span_make(hash, ID_BYTES));
	buf_add_str(out, "Message-ID: <");
	buf_add_str(out, id);
	buf_add_str(out, strchr(m->from, '@'));
	buf_add_str(out, ">\r\n");
}

/* base64 in lines; line ends of the text are CRLF before it (RFC 2045 6.8). */
static struct err
add_text(struct buf *out, const char *text)
{
	char line[LINE_TEXT];
	struct buf b = buf_make(malloc(2 * MAIL_TEXT_MAX), 2 * MAIL_TEXT_MAX);

	if (b.p == NULL)
		return err_make(E_NOMEM, 0, "mail: text");
	for (; *text != '\0'; text++) {
		if (*text == '\n')
			buf_add_byte(&b, '\r');
		buf_add_byte(&b, (uint8_t)*text);
	}
	for (size_t i = 0; i < b.n; i += LINE_BYTES) {
		size_t n = b.n - i < LINE_BYTES ? b.n - i : LINE_BYTES;

		base64_encode(line, sizeof line, span_make(b.p + i, n));
		add_line(out, line, "");
	}
	secret_wipe(b.p, b.n);
	secret_wipe(line, sizeof line);
	free(b.p);
	return err_none();
}

struct err
mail_build(struct buf *out, const struct mail *m)
{
	struct err e;

	if (!mail_address(m->from) || !mail_address(m->to) ||
	    !clean(m->subject, MAIL_SUBJECT_MAX, "") ||
	    !clean(m->text, MAIL_TEXT_MAX, "\n\t") || m->key[0] == '\0' ||
	    m->at < 0 || m->at > INT32_MAX * INT64_C(64))
		return err_make(E_ARG, 0, "mail: parts");
	add_line(out, "From: ", m->from);
	add_line(out, "To: ", m->to);
	add_subject(out, m->subject);
	add_date(out, m->at);
	add_id(out, m);
	add_line(out, "MIME-Version: 1.0", "");
	add_line(out, "Content-Type: text/plain; charset=UTF-8", "");
	add_line(out, "Content-Transfer-Encoding: base64", "");
	/* RFC 3834: nobody's holiday notice shall answer it */
	add_line(out, "Auto-Submitted: auto-generated", "");
	buf_add_str(out, "\r\n");
	e = add_text(out, m->text);
	if (!err_is(e) && out->full)
		e = err_make(E_LIMIT, 0, "mail: size");
	return e;
}
