/*
 * support.c - DASI_LOCALE, or what `make` built.
 */
#include "support.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "ui/text.h"

void
support_open(void)
{
	const char *dir = getenv("DASI_LOCALE");

	cr_assert_eq(
	    text_open(dir != NULL ? dir : "build/debug/locale", "ko").code,
	    E_NONE, "no catalogues");
}

void
support_language(const char *lang)
{
	cr_assert_eq(text_set_language(lang).code, E_NONE, "%s", lang);
}
