/*
 * ui/wrap.c - line breaking by columns.
 */
#include "ui/wrap.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

size_t
wrap_grapheme(const char *text, size_t n, int *cols)
{
	uint32_t cp;
	size_t used = utf8_decode(&cp, text, n);

	*cols = 1;
	if (n == 0)
		return 0;
	if (used == 0)
		return 1;
	/* What cannot be drawn alone is drawn as '?', one column. */
	if (utf8_is_control(cp) || utf8_width(cp) < 1)
		return used;
	*cols = utf8_width(cp);
	for (;;) {
		size_t mark = utf8_decode(&cp, text + used, n - used);
		if (mark == 0 || utf8_is_control(cp) || utf8_width(cp) != 0)
			return used;
		used += mark;
	}
}

size_t
wrap_clip(const char *text, size_t n, int cols)
{
	size_t at = 0;

	while (at < n) {
		int w;
		size_t used = wrap_grapheme(text + at, n - at, &w);
		if (w > cols)
			break;
		cols -= w;
		at += used;
	}
	return at;
}

int
wrap_cols(const char *text)
{
	int cols = 0;
	size_t n;

	if (text == NULL)
		return 0;
	for (n = strlen(text); n > 0;) {
		int w;
		size_t used = wrap_grapheme(text, n, &w);
		cols += w;
		text += used;
		n -= used;
	}
	return cols;
}

/* Ends `line` at byte `end`, without the spaces before it. */
static void
line_end(struct wrap_line *line, const char *text, size_t end)
{
	while (end > 0 && text[end - 1] == ' ')
		end--;
	line->n = end;
	line->cols = 0;
	for (size_t at = 0; at < end;) {
		int w;
		at += wrap_grapheme(text + at, end - at, &w);
		line->cols += w;
	}
}

size_t
wrap_next(struct wrap_line *line, const char *text, size_t n, int cols)
{
	size_t at = 0, space = 0;
	int used_cols = 0;

	*line = (struct wrap_line){ 0, 0, 0 };
	while (at < n && text[at] != '\n') {
		int w;
		size_t used = wrap_grapheme(text + at, n - at, &w);

		if (text[at] == ' ')
			space = at;
		if (used_cols + w > cols && at > 0 &&
		    (text[at] != ' ' || used_cols > cols))
			break;
		used_cols += w;
		at += used;
	}
	if (at == n || text[at] == '\n') {
		line_end(line, text, at);
		return at < n ? at + 1 : at;
	}
	if (space > 0) {
		bool blank = true;

		for (size_t i = 0; i < space; i++)
			blank = blank && text[i] == ' ';
		if (!blank)
			at = space;
	}
	line_end(line, text, at);
	while (at < n && text[at] == ' ')
		at++;
	/* A newline right at the break is the break. */
	if (at < n && text[at] == '\n')
		at++;
	return at;
}

int
wrap_count(const char *text, int cols)
{
	struct wrap_line line;
	int count = 0;
	size_t n;

	if (text == NULL)
		return 0;
	for (n = strlen(text); n > 0; count++) {
		size_t used = wrap_next(&line, text, n, cols);
		text += used;
		n -= used;
	}
	return count;
}
