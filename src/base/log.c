/*
 * base/log.c - escaped, bounded lines; priority prefixes as sd-daemon(3).
 */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/span.h"

enum { LINE = 512, ESCAPED = LINE * 4 + 64 };

static const char *log_program = "dasi";
static enum log_level log_limit = LOG_INFO;

void
log_open(const char *program, enum log_level level)
{
	log_program = program;
	log_limit = level;
}

static void
add_escaped(struct buf *b, const char *s)
{
	static const char hex[] = "0123456789abcdef";

	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;
		if (c >= 0x20 && c != 0x7f) {
			buf_add_byte(b, c);
			continue;
		}
		buf_add_str(b, "\\x");
		buf_add_byte(b, (uint8_t)hex[c >> 4]);
		buf_add_byte(b, (uint8_t)hex[c & 15]);
	}
}

void
log_line(enum log_level level, const char *fmt, ...)
{
	static const char prio[] = "34567";
	char text[LINE], line[ESCAPED];
	struct buf b = buf_make(line, sizeof line - 1);
	va_list ap;
	ssize_t n;

	if (level > log_limit)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	buf_add_str(&b, "<");
	buf_add_byte(&b, (uint8_t)prio[level]);
	buf_add_str(&b, ">");
	buf_add_str(&b, log_program);
	buf_add_str(&b, ": ");
	add_escaped(&b, text);
	line[b.n] = '\n';
	n = write(STDERR_FILENO, line, b.n + 1);
	(void)n;	/* a log that cannot be written has nowhere to be told */
}

void
log_err(enum log_level level, const char *what, struct err e)
{
	if (e.sys != 0)
		log_line(level, "%s: %s (%s) at %s", what, err_name(e.code),
		    strerror(e.sys), e.where);
	else
		log_line(level, "%s: %s at %s", what, err_name(e.code),
		    e.where);
}
