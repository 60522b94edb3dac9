/*
 * ui/wrap.h - breaking text into lines of a given width in columns.
 *
 * Korean is broken at spaces, as people write it; a word wider than the line
 * is broken between characters.  Widths are those of base/utf8.h.
 */
#ifndef UI_WRAP_H
#define UI_WRAP_H

#include <stddef.h>

/* One line of the text: bytes [from, from + n) without the break's spaces. */
struct wrap_line {
	size_t from, n;
	int cols;
};

/*
 * The first line of `text` (n bytes, valid UTF-8) in at most `cols` >= 2
 * columns.  Returns the bytes used up, spaces and newline at the break
 * included; 0 only when n is 0.  '\n' always ends a line.
 */
size_t wrap_next(struct wrap_line *line, const char *text, size_t n, int cols);

/* How many lines `text` takes; 0 for NULL or "". */
int wrap_count(const char *text, int cols);

/* Columns of a NUL-terminated text; 0 for NULL. */
int wrap_cols(const char *text);

/*
 * Bytes of the longest prefix of `text` that takes at most `cols` columns,
 * never splitting a grapheme.
 */
size_t wrap_clip(const char *text, size_t n, int cols);

/* Bytes of the first grapheme (base and marks) of text; 0 when n is 0. */
size_t wrap_grapheme(const char *text, size_t n, int *cols);

#endif
