/*
 * The catalogues themselves: assets/locale/ *.po.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum { ENTRIES = 2000, TEXT = 2000 };

struct entry {
	char key[96];
	char text[TEXT];
};

struct catalogue {
	struct entry *entries;
	int count;
};

/* Appends the quoted part of a .po line, with \n, \" and \\ undone. */
static void
unquote(char *out, size_t cap, const char *line)
{
	const char *at = strchr(line, '"');
	size_t n = strlen(out);

	cr_assert(at != NULL, "%s", line);
	for (at++; *at != '"' && *at != '\0'; at++) {
		char c = *at;

		if (c == '\\') {
			at++;
			c = *at == 'n' ? '\n' : *at;
		}
		cr_assert(n + 1 < cap, "too long: %s", line);
		out[n++] = c;
	}
	out[n] = '\0';
}

static struct catalogue
load(const char *path)
{
	struct catalogue c = { calloc(ENTRIES, sizeof *c.entries), 0 };
	FILE *f = fopen(path, "r");
	char line[4096];
	bool text = false;

	cr_assert(f != NULL && c.entries != NULL, "%s", path);
	while (fgets(line, sizeof line, f) != NULL) {
		struct entry *e;

		if (strncmp(line, "msgid ", 6) == 0) {
			cr_assert(c.count < ENTRIES);
			c.count++;
			text = false;
		} else if (strncmp(line, "msgstr ", 7) == 0) {
			text = true;
		} else if (line[0] != '"') {
			continue;
		}
		e = &c.entries[c.count - 1];
		if (text)
			unquote(e->text, sizeof e->text, line);
		else
			unquote(e->key, sizeof e->key, line);
	}
	fclose(f);
	return c;
}

static const struct entry *
find(const struct catalogue *c, const char *key)
{
	for (int i = 0; i < c->count; i++) {
		if (strcmp(c->entries[i].key, key) == 0)
			return &c->entries[i];
	}
	return NULL;
}

/* Bit n is set when the text has {n}. */
static unsigned
places(const char *text)
{
	unsigned bits = 0;

	for (; (text = strchr(text, '{')) != NULL; text++) {
		if (text[1] >= '1' && text[1] <= '9' && text[2] == '}')
			bits |= 1u << (text[1] - '0');
	}
	return bits;
}

/*
 * ASCII, or wide beyond doubt: what is one column wide outside ASCII is East
 * Asian ambiguous, narrow on one terminal and wide on the next.
 */
static bool
has_sure_width(const char *text)
{
	size_t n = strlen(text);

	while (n > 0) {
		uint32_t cp = 0;
		size_t used = utf8_decode(&cp, text, n);

		if (used == 0 || utf8_is_control(cp) ||
		    (cp >= 0x80 && utf8_width(cp) != 2))
			return cp == '\n' && has_sure_width(text + 1);
		text += used;
		n -= used;
	}
	return true;
}

static const char *const paths[] = { "assets/locale/ko.po",
	"assets/locale/en.po" };

Test(catalogue, the_width_rule_knows_its_characters)
{
	cr_expect(has_sure_width("한글 abc 123 (x)\n둘"));
	cr_expect(!has_sure_width("a\u2026")); /* ellipsis */
	cr_expect(!has_sure_width("\u2460"));  /* circled one */
	cr_expect(!has_sure_width("\u2192"));  /* arrow */
	cr_expect(!has_sure_width("\u201c"));  /* typographic quote */
	cr_expect(!has_sure_width("\u00b7"));  /* middle dot */
	cr_expect(!has_sure_width("\u2500"));  /* box drawing */
}

Test(catalogue, every_text_has_a_sure_width)
{
	for (int i = 0; i < 2; i++) {
		struct catalogue c = load(paths[i]);

		cr_assert(c.count > 10);
		for (int k = 1; k < c.count; k++) {
			cr_expect(has_sure_width(c.entries[k].text), "%s %s",
			    paths[i], c.entries[k].key);
			cr_expect(c.entries[k].text[0] != '\0', "%s %s",
			    paths[i], c.entries[k].key);
		}
		free(c.entries);
	}
}

Test(catalogue, both_languages_have_the_same_keys_and_places)
{
	struct catalogue ko = load(paths[0]), en = load(paths[1]);

	for (int k = 1; k < ko.count; k++) {
		const struct entry *other = find(&en, ko.entries[k].key);

		cr_expect(
		    other != NULL, "%s has no English", ko.entries[k].key);
		if (other != NULL)
			cr_expect_eq(places(other->text),
			    places(ko.entries[k].text), "%s",
			    ko.entries[k].key);
	}
	for (int k = 1; k < en.count; k++)
		cr_expect(find(&ko, en.entries[k].key) != NULL,
		    "%s has no Korean", en.entries[k].key);
	free(ko.entries);
	free(en.entries);
}
