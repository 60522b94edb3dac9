/*
 * counter_golden_test.c - every screen of the clerk in every state that
 * matters, in both languages and the two sizes it works at.
 *
 * GOLDEN_UPDATE=1 make unit-screens rewrites tests/golden/counter; the review
 * is `git diff`.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counter_states.h"
#include "gallery.h"
#include "screens/counter.h"
#include "support.h"
#include "ui/text.h"

static struct counter_session s;
static struct ime ime;
static char speech[PAGE_ARENA * 2];
static struct gallery desk;

static const char *
make(size_t i)
{
	counter_state_make(&s, &ime, &counter_states[i]);
	return counter_states[i].name;
}

static void
draw_screen(struct page *p)
{
	counter_view(s.screen)->draw(&s, p);
}

static void
begin(void)
{
	support_open();
	desk = (struct gallery){ .folder = "counter",
		.sizes = { { 24, 80 }, { 40, 120 } },
		.size_count = 2,
		.count = counter_state_count,
		.make = make,
		.draw = draw_screen };
}

TestSuite(counter, .init = begin);

Test(counter, looks_as_its_golden_files_say)
{
	gallery_is_golden(&desk);
}

/* The row of the footer, where the help line stands. */
static bool
foot_shows(const char *text)
{
	int foot = frame.rows - 2;
	char line[FRAME_COLS * 8] = "";

	for (int c = 0; c < frame.cols; c++) {
		const struct cell *cell = &frame.cells[foot][c];
		const char *t = cell->text[0] != '\0' ? cell->text
				: cell->width == 0    ? ""
						      : " ";
		strncat(line, t, sizeof line - strlen(line) - 1);
	}
	return strstr(line, text) != NULL;
}

Test(counter, always_shows_its_help_line)
{
	for (size_t l = 0; l < LANGUAGES; l++) {
		support_language(languages[l]);
		for (size_t i = 0; i < counter_state_count; i++) {
			const struct counter_state *st = &counter_states[i];
			char key[64];

			snprintf(key, sizeof key, "desk.keys.%s",
			    counter_screen_name(st->screen));
			counter_state_make(&s, &ime, st);
			if (st->screen == CS_CASE && !s.desk.held)
				strcat(key, "_look");
			if (!text_has(key))
				continue;
			for (size_t z = 0; z < desk.size_count; z++) {
				gallery_draw(&desk, st->name, z, FRAME_PLAIN);
				cr_expect(foot_shows(T(key)), "%s %s %d",
				    st->name, languages[l], desk.sizes[z].cols);
			}
		}
	}
}

Test(counter, fits_and_keeps_the_focus_in_sight)
{
	gallery_fits(&desk);
}

Test(counter, draws_as_many_items_as_its_form_has)
{
	for (size_t i = 0; i < counter_state_count; i++) {
		const struct counter_state *st = &counter_states[i];
		const struct form *f;

		counter_state_make(&s, &ime, st);
		f = st->screen == CS_HELP ? &s.over : &s.form;
		gallery_draw(&desk, st->name, 0, FRAME_PLAIN);
		cr_expect_eq(page.numbers, f->count, "%s: %d drawn, %d known",
		    st->name, page.numbers, f->count);
	}
}

/* Every text comes from the catalogue: no key is ever shown as it is. */
Test(counter, shows_sentences_not_keys)
{
	static const char *const parts[] = { "desk.", "doc.r", "applicant.m",
		"err.", "case.state", "product.", "review.", "word.", "{1}",
		"{2}" };

	for (size_t l = 0; l < LANGUAGES; l++) {
		support_language(languages[l]);
		for (size_t i = 0; i < counter_state_count; i++) {
			counter_state_make(&s, &ime, &counter_states[i]);
			gallery_draw(
			    &desk, counter_states[i].name, 1, FRAME_PLAIN);
			for (size_t k = 0; k < sizeof parts / sizeof *parts;
			     k++)
				cr_expect_null(
				    counter_states[i].screen == CS_AUDIT
					? NULL
					: strstr(dump, parts[k]),
				    "%s %s shows %s", counter_states[i].name,
				    languages[l], parts[k]);
		}
	}
}

Test(counter, says_the_same_in_a_voice)
{
	for (size_t i = 0; i < counter_state_count; i++) {
		counter_state_make(&s, &ime, &counter_states[i]);
		gallery_draw(&desk, counter_states[i].name, 0, FRAME_PLAIN);
		cr_expect_gt(page_speech(&page, speech, sizeof speech), 10);
	}
}

Test(counter, draws_a_session_of_zeros)
{
	for (int id = 0; id < CS_COUNT; id++) {
		memset(&s, 0, sizeof s);
		s.screen = (enum counter_screen)id;
		gallery_draw(&desk, "zero", 0, FRAME_PLAIN);
		cr_expect_not(page.full, "%s", counter_screen_name(s.screen));
	}
}

Test(counter, survives_thousands_of_random_events_in_each_state)
{
	unsigned seed = 20261122;

	cr_assert_eq(ime_open(&ime).code, E_NONE);
	for (size_t i = 0; i < counter_state_count; i++) {
		const struct counter_state *st = &counter_states[i];
		const struct counter_view *view = counter_view(st->screen);

		counter_state_make(&s, &ime, st);
		for (int n = 0; n < 3000; n++) {
			struct event ev = gallery_random(&seed, s.now_ms);
			int intent;

			s.now_ms += rand_r(&seed) % 400;
			intent = view->on_event(&s, &ev);
			cr_assert(intent >= 0 && intent < CI_COUNT);
			if (n % 97 != 0)
				continue;
			gallery_draw(
			    &desk, st->name, (size_t)n % 2, FRAME_PLAIN);
			cr_assert_not(page.full, "%s", st->name);
		}
	}
	ime_close(&ime);
}
