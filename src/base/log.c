/*
 * base/log.c - escaped, bounded lines; priority prefixes as sd-daemon(3).
 */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/span.h"
#include "base/utf8.h"

enum { LINE = 512, ESCAPED = LINE * 4 + 64 };

static const char *log_program = "dasi";
static enum log_level log_limit = LOG_INFO;

void
log_open(const char *program, enum log_level level)
{
	log_program = program;
	log_limit = level;
}

/* Bytes that could steer the reader's terminal, and broken ones, as \xNN. */
static void
add_escaped(struct buf *b, const char *s, size_t n)
{
	static const char hex[] = "0123456789abcdef";
	uint32_t cp;

	while (n > 0) {
		size_t used = utf8_decode(&cp, s, n);
		bool show = used > 0 && !utf8_is_control(cp);
		if (used == 0)
			used = 1;
		if (show)
			buf_add(b, s, used);
		for (size_t i = 0; i < used && !show; i++) {
			unsigned char c = (unsigned char)s[i];
			buf_add_str(b, "\\x");
			buf_add_byte(b, (uint8_t)hex[c >> 4]);
			buf_add_byte(b, (uint8_t)hex[c & 15]);
		}
		s += used;
		n -= used;
	}
}

/* The length of text; when not all of the `wanted` bytes fitted, of its whole
 * characters. */
static size_t
cut_length(const char *text, int wanted)
{
	size_t n = strlen(text), last = utf8_last(text, n);

	if (wanted >= LINE && !utf8_valid(text + n - last, last))
		n -= last;
	return n;
}

void
log_line(enum log_level level, const char *fmt, ...)
{
	static const char prio[] = "34567";
	char text[LINE], line[ESCAPED];
	struct buf b = buf_make(line, sizeof line - 1);
	int wanted, saved = errno;
	va_list ap;
	ssize_t n;

	if (level > log_limit)
		return;
	va_start(ap, fmt);
	wanted = vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	buf_add_str(&b, "<");
	buf_add_byte(&b, (uint8_t)prio[level]);
	buf_add_str(&b, ">");
	buf_add_str(&b, log_program);
	buf_add_str(&b, ": ");
	add_escaped(&b, text, cut_length(text, wanted));
	line[b.n] = '\n';
	n = write(STDERR_FILENO, line, b.n + 1);
	(void)n; /* a log that cannot be written has nowhere to be told */
	errno = saved;
}

void
log_err(enum log_level level, const char *what, struct err e)
{
	if (e.sys != 0)
		log_line(level, "%s: %s (%s) at %s", what, err_name(e.code),
		    strerror(e.sys), e.where);
	else
		log_line(
		    level, "%s: %s at %s", what, err_name(e.code), e.where);
}
