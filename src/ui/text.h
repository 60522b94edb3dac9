/*
 * ui/text.h - sentences by key, from the gettext catalogues.
 *
 * Domain "dasi", msgid = a symbolic key such as "welcome.title".  The
 * language changes at run time and needs no generated system locale.
 */
#ifndef UI_TEXT_H
#define UI_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * Catalogues are <dir>/<lang>/LC_MESSAGES/dasi.mo.  Sets the locale of the
 * process to C.UTF-8.  E_NOTFOUND when `lang` has no catalogue.  `dir` is
 * borrowed for the life of the process.
 */
MUST_USE struct err text_open(const char *dir, const char *lang);

/* "ko" or "en" (any name of 2-15 letters).  E_NOTFOUND leaves it as it was. */
MUST_USE struct err text_set_language(const char *lang);
const char *text_language(void);

/*
 * The sentence of `key`; the key itself when the catalogue lacks it.  Never
 * NULL; valid for the life of the process, in the language of the call.
 */
const char *T(const char *key);
bool text_has(const char *key);

/*
 * Replace {1}..{9} in `tmpl` by args[0].. (a NULL-terminated list).  Catalogue
 * texts are filled in this way and never used as printf formats.  True when
 * it fitted whole; what fits is always NUL-terminated and whole characters.
 */
bool text_fill(
    char *out, size_t cap, const char *tmpl, const char *const *args);

#endif
