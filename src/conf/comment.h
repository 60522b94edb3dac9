/*
 * conf/comment.h - comments become blanks before libconfuse sees the text,
 * because libconfuse 3.3 counts lines wrongly behind them.
 */
#ifndef CONF_COMMENT_H
#define CONF_COMMENT_H

#include <stddef.h>

/*
 * Overwrite every comment of the `n` bytes at `text` with spaces; newlines
 * stay, so each word keeps its line and column.  A comment begins with # or
 * with slash and star anywhere outside quotes, and with // where no unquoted
 * word is under way (http://ca.example is one word).  From one that
 * never ends on, all stays as it is.  Pure.
 */
void conf_blank_comments(char *text, size_t n);

#endif
