/*
 * golden.h - compare text with tests/golden/<name>.txt.
 *
 * GOLDEN_UPDATE=1 in the environment rewrites the files instead; the review
 * is `git diff`.  Tests run from the repository's root.
 */
#ifndef GOLDEN_H
#define GOLDEN_H

#include <stdbool.h>

/*
 * True when `text` is the file's content, byte for byte.  Else says on stderr
 * which line differs first and leaves the text in build/golden/<name>.txt.
 * `name` may have folders ("kiosk/welcome.ko.80x24").
 */
bool golden_matches(const char *name, const char *text);

#endif
