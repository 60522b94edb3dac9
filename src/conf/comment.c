/*
 * conf/comment.c - finding comments as libconfuse's scanner would.
 */
#define _GNU_SOURCE
#include "conf/comment.h"

#include <stdbool.h>
#include <string.h>

static bool
starts(const char *p, const char *end, const char *with)
{
	size_t n = strlen(with);

	return (size_t)(end - p) >= n && memcmp(p, with, n) == 0;
}

/* The place behind the next `what` from `p` on; NULL when there is none. */
static char *
behind(char *p, const char *end, const char *what)
{
	char *at = memmem(p, (size_t)(end - p), what, strlen(what));

	return at != NULL ? at + strlen(what) : NULL;
}

/* Behind the "${NAME:-word}" at `p`, whose word may hold anything but }. */
static char *
skip_variable(char *p, const char *end)
{
	char *past = starts(p, end, "${") ? behind(p, end, "}") : NULL;

	return past != NULL ? past : p + 1;
}

/* Behind the string whose opening quote is at `p`. */
static char *
skip_string(char *p, const char *end)
{
	const char quote = *p++;

	while (p < end && *p != quote) {
		if (*p == '\\' && end - p > 1)
			p += 2;
		else
			p = quote == '"' ? skip_variable(p, end) : p + 1;
	}
	return p < end ? p + 1 : p;
}

/* Behind the comment at `p`; `p` when none begins, NULL if it never ends. */
static char *
skip_comment(char *p, char *end, bool in_word)
{
	char *past;

	if (starts(p, end, "/*"))
		return behind(p + 2, end, "*/");
	if (*p != '#' && (in_word || !starts(p, end, "//")))
		return p;
	past = memchr(p, '\n', (size_t)(end - p));
	return past != NULL ? past : end;
}

static void
blank(char *p, const char *end)
{
	for (; p < end; p++)
		if (*p != '\n')
			*p = ' ';
}

void
conf_blank_comments(char *text, size_t n)
{
	/* what ends an unquoted word, NUL left aside */
	static const char ends_word[] = " #\"'\t\n\r={}()+,*";
	char *const end = text + n;
	bool in_word = false;

	for (char *p = text, *past; p < end; p = past) {
		past = skip_comment(p, end, in_word);
		if (past == NULL)
			return;
		if (past > p) {
			blank(p, past);
			in_word = false;
		} else if (*p == '"' || *p == '\'') {
			past = skip_string(p, end);
			in_word = false;
		} else if (!in_word && *p == '$') {
			past = skip_variable(p, end);
			in_word = past == p + 1;
		} else {
			past = p + 1;
			in_word = memchr(ends_word, *p, sizeof ends_word - 1) ==
				  NULL;
		}
	}
}
