/*
 * unit/paper/slip_test.c - slips as text: golden files, and what holds for
 * every width.
 */
#include "paper/slip.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "golden.h"
#include "paper/cp949.h"
#include "paper/document.h"
#include "samples.h"

enum { ROOM = 16 * 1024, COLUMNS = 42 };

static const char *const langs[] = { "ko", "en" };

static const char *
text_of(const char *name, const char *lang, int columns)
{
	static char room[ROOM];
	static struct slip slip;
	struct buf b = buf_make(room, sizeof room - 1);
	json_t *d = sample(name, lang);

	cr_assert_not(err_is(slip_compose(&slip, d)), "%s", name);
	cr_assert_not(err_is(slip_text(&b, &slip, columns)), "%s", name);
	room[b.n] = '\0';
	json_decref(d);
	return room;
}

Test(slip, every_kind_reads_as_its_golden_file)
{
	for (int i = 0; sample_slips[i] != NULL; i++) {
		for (int l = 0; l < 2; l++) {
			char name[64];

			snprintf(name, sizeof name, "paper/%s.%s",
			    sample_slips[i], langs[l]);
			cr_expect(golden_matches(
			    name, text_of(sample_slips[i], langs[l], COLUMNS)));
		}
	}
}

Test(slip, no_line_is_wider_than_the_paper)
{
	for (int columns = 32; columns <= SLIP_COLUMNS_MOST; columns++) {
		for (int i = 0; sample_slips[i] != NULL; i++) {
			const char *s = text_of(
			    sample_slips[i], langs[columns % 2], columns);

			while (*s != '\0') {
				size_t n = strcspn(s, "\n");

				cr_expect_leq(utf8_text_width(s, n), columns,
				    "%.*s", (int)n, s);
				s += n + 1;
			}
		}
	}
}

Test(slip, every_word_of_the_table_is_there_and_can_be_printed)
{
	const char *key;

	for (size_t i = 0; (key = paper_word_key(i)) != NULL; i++) {
		uint8_t room[1024];
		struct buf b = buf_make(room, sizeof room);

		for (int l = 0; l < PAPER_LANG_COUNT; l++)
			cr_expect_gt(
			    strlen(paper_word((enum paper_lang)l, key)), 0);
		cr_expect_not(
		    err_is(cp949_encode(&b, paper_word(PAPER_KO, key))), "%s",
		    key);
		for (size_t k = 0; k < i; k++)
			cr_expect_str_neq(key, paper_word_key(k));
	}
}

Test(slip, no_key_of_the_table_shows)
{
	for (int i = 0; sample_slips[i] != NULL; i++) {
		const char *s = text_of(sample_slips[i], "en", COLUMNS), *key;

		for (size_t k = 0; (key = paper_word_key(k)) != NULL; k++)
			cr_expect_null(strstr(s, key), "%s", key);
	}
}

Test(slip, long_words_are_cut_and_nothing_is_lost)
{
	static struct slip slip;
	json_t *d = sample("receipt", "ko");
	char long_name[120] = "", want[120];
	const char *s;
	size_t n = 0;
	struct buf name = buf_make(long_name, sizeof long_name - 1);

	for (int i = 0; i < 29; i++)
		buf_add_str(&name, "가*");
	json_object_set_new(d, "holder", json_string(long_name));
	cr_assert_not(err_is(slip_compose(&slip, d)));
	for (size_t i = 0; i < slip.n; i++) {
		char room[ROOM];
		struct buf b = buf_make(room, sizeof room - 1);
		struct slip one = { .n = 1, .lang = PAPER_KO };

		if (strchr(slip.items[i].text, '*') == NULL)
			continue;
		one.items[0] = slip.items[i];
		cr_assert_not(err_is(slip_text(&b, &one, 32)));
		room[b.n] = '\0';
		for (s = strchr(room, '*') - 3; *s != '\0'; s++) {
			if (*s != ' ' && *s != '\n')
				want[n++] = *s;
		}
		want[n] = '\0';
		cr_expect_str_eq(want, long_name);
	}
	cr_expect_gt(n, 0);
	json_decref(d);
}

Test(slip, a_form_is_no_slip)
{
	static struct slip slip;
	json_t *d = sample("application", "ko");

	cr_expect_eq(slip_compose(&slip, d).code, E_ARG);
	json_decref(d);
}
