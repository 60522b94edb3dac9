/*
 * ui/text.c - gettext without a system locale for each language.
 *
 * With LC_ALL=C.UTF-8 glibc still honours LANGUAGE; changing it takes effect
 * when the counter that gettext watches is raised (facts: STYLE.md 6).
 */
#define _GNU_SOURCE
#include "ui/text.h"

#include <libintl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/span.h"
#include "base/utf8.h"

#define DOMAIN "dasi"

extern int _nl_msg_cat_cntr; /* glibc's; not in its headers */

static struct {
	const char *dir;
	char lang[16];
} text;

static bool
lang_ok(const char *lang)
{
	size_t n = strspn(lang, "abcdefghijklmnopqrstuvwxyz_"
				"ABCDEFGHIJKLMNOPQRSTUVWXYZ");

	return n >= 2 && n < sizeof text.lang && lang[n] == '\0';
}

struct err
text_open(const char *dir, const char *lang)
{
	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return err_make(E_UNSUPPORTED, 0, "text: C.UTF-8");
	if (bindtextdomain(DOMAIN, dir) == NULL ||
	    bind_textdomain_codeset(DOMAIN, "UTF-8") == NULL)
		return err_sys("text: domain");
	text.dir = dir;
	return text_set_language(lang);
}

struct err
text_set_language(const char *lang)
{
	char path[4096];
	int n;

	if (text.dir == NULL)
		return err_make(E_STATE, 0, "text: not open");
	if (!lang_ok(lang))
		return err_make(E_NOTFOUND, 0, "text: language name");
	n = snprintf(path, sizeof path, "%s/%s/LC_MESSAGES/" DOMAIN ".mo",
	    text.dir, lang);
	if (n < 0 || (size_t)n >= sizeof path)
		return err_make(E_LIMIT, 0, "text: path");
	if (access(path, R_OK) != 0)
		return err_make(E_NOTFOUND, 0, "text: catalogue");
	if (setenv("LANGUAGE", lang, 1) != 0)
		return err_sys("text: setenv");
	(void)str_copy(text.lang, sizeof text.lang, lang);
	_nl_msg_cat_cntr++;
	return err_none();
}

const char *
text_language(void)
{
	return text.lang;
}

const char *
T(const char *key)
{
	/* The msgid "" is the catalogue's header, never a sentence. */
	return key[0] == '\0' ? key : dgettext(DOMAIN, key);
}

bool
text_has(const char *key)
{
	return T(key) != key;
}

bool
text_fill(char *out, size_t cap, const char *tmpl, const char *const *args)
{
	struct buf b = buf_make(out, cap > 0 ? cap - 1 : 0);
	int count = 0;

	if (cap == 0)
		return false;
	while (args[count] != NULL)
		count++;
	while (*tmpl != '\0' && !b.full) {
		int arg = tmpl[0] == '{' && tmpl[1] >= '1' && tmpl[1] <= '9' &&
				  tmpl[2] == '}'
			      ? tmpl[1] - '1'
			      : -1;
		if (arg >= 0 && arg < count) {
			size_t n = strlen(args[arg]);

			/* Too long: as many whole characters as fit. */
			if (n > b.cap - b.n) {
				n = b.cap - b.n;
				while (n > 0 && !utf8_valid(args[arg], n))
					n--;
				buf_add(&b, args[arg], n);
				b.full = true;
				break;
			}
			buf_add(&b, args[arg], n);
			tmpl += 3;
		} else {
			uint32_t cp;
			size_t n = utf8_decode(&cp, tmpl, strlen(tmpl));

			n = n == 0 ? 1 : n;
			buf_add(&b, tmpl, n);
			tmpl += n;
		}
	}
	out[b.n] = '\0';
	return !b.full;
}
