/*
 * golden_test.c - every screen in every state that matters, in both languages
 * and four sizes; and what must hold of all of them.
 *
 * GOLDEN_UPDATE=1 make unit-screens rewrites tests/golden/kiosk; the review is
 * `git diff`.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gallery.h"
#include "screens/kiosk.h"
#include "states.h"
#include "support.h"

static struct session s;
static struct ime ime;
static char speech[PAGE_ARENA * 2];
static struct gallery kiosk;

static const char *
make(size_t i)
{
	state_make(&s, &ime, &states[i]);
	return states[i].name;
}

static void
draw_screen(struct page *p)
{
	kiosk_screen(s.screen)->draw(&s, p);
}

static void
begin(void)
{
	support_open();
	kiosk = (struct gallery){ .folder = "kiosk",
		.sizes = { { 24, 80 }, { 10, 44 }, { 13, 57 }, { 40, 120 } },
		.size_count = 4,
		.count = state_count,
		.spoken = true,
		.make = make,
		.draw = draw_screen };
}

TestSuite(screens, .init = begin);

Test(screens, look_as_their_golden_files_say)
{
	gallery_is_golden(&kiosk);
}

Test(screens, fit_and_keep_the_focus_in_sight)
{
	gallery_fits(&kiosk);
}

Test(screens, draw_as_many_items_as_the_form_has)
{
	for (size_t i = 0; i < state_count; i++) {
		const struct form *f;
		state_make(&s, &ime, &states[i]);
		if (states[i].screen == SCR_CERTS ||
		    states[i].screen == SCR_CHECK)
			(void)state_tick(&s, 0); /* the list came in */
		f = flow_is_overlay(states[i].screen) ? &s.over : &s.form;
		if (states[i].screen == SCR_HELP && s.help_topic != 0)
			continue;
		gallery_draw(&kiosk, states[i].name, 0, FRAME_PLAIN);
		cr_expect_eq(page.numbers, f->count, "%s: %d drawn, %d known",
		    states[i].name, page.numbers, f->count);
	}
}

/* A line under a choice that does not fit is left out: not at 80 columns. */
Test(screens, tell_what_each_choice_is)
{
	for (size_t l = 0; l < LANGUAGES; l++) {
		support_language(languages[l]);
		for (size_t i = 0; i < state_count; i++) {
			state_make(&s, &ime, &states[i]);
			gallery_draw(&kiosk, states[i].name, 0, FRAME_PLAIN);
			for (int k = 0; k < page.count; k++) {
				const struct page_item *item = &page.items[k];

				if (item->kind == PAGE_MENU && item->b != NULL)
					cr_expect_not_null(
					    strstr(dump, item->b), "%s %s: %s",
					    states[i].name, languages[l],
					    item->b);
			}
		}
	}
}

/* Every text comes from the catalogue: no key is ever shown as it is. */
Test(screens, show_sentences_not_keys)
{
	static const char *const parts[] = { ".prompt", ".what", ".do", "err.",
		"row.", "kiosk.", "key.", "head.", "cert.", "case.", "product.",
		"route.", "review.", "{1}", "{2}" };

	for (size_t l = 0; l < LANGUAGES; l++) {
		support_language(languages[l]);
		for (size_t i = 0; i < state_count; i++) {
			state_make(&s, &ime, &states[i]);
			gallery_draw(&kiosk, states[i].name, 3, FRAME_PLAIN);
			for (size_t k = 0; k < sizeof parts / sizeof *parts;
			     k++)
				cr_expect_null(strstr(dump, parts[k]),
				    "%s %s shows %s", states[i].name,
				    languages[l], parts[k]);
		}
	}
}

static void
expect_hidden(const char *text, const char *secret, const char *where)
{
	cr_expect_null(strstr(text, secret), "%s tells a secret", where);
}

Test(screens, neither_show_nor_speak_a_number_or_password)
{
	for (size_t i = 0; i < state_count; i++) {
		state_make(&s, &ime, &states[i]);
		for (size_t z = 0; z < kiosk.size_count; z++) {
			gallery_draw(&kiosk, states[i].name, z, FRAME_PLAIN);
			page_speech(&page, speech, sizeof speech);
			/* the last six digits, in any form */
			expect_hidden(dump, "970015", states[i].name);
			expect_hidden(speech, "970015", states[i].name);
			expect_hidden(dump, "70015", states[i].name);
			expect_hidden(dump, "Harbor", states[i].name);
			expect_hidden(speech, "Harbor", states[i].name);
			expect_hidden(dump, "#27", states[i].name);
		}
	}
}

Test(screens, draw_a_session_of_zeros)
{
	for (int id = 0; id < SCR_COUNT; id++) {
		memset(&s, 0, sizeof s);
		s.screen = (enum screen_id)id;
		gallery_draw(&kiosk, "zero", 0, FRAME_PLAIN);
		cr_expect_not(page.full, "%s", kiosk_screen(id)->name);
	}
}

Test(screens, survive_ten_thousand_random_events_each)
{
	unsigned seed = 20261122;

	cr_assert_eq(ime_open(&ime).code, E_NONE);
	for (size_t i = 0; i < state_count; i++) {
		const struct screen *screen = kiosk_screen(states[i].screen);
		/* states share screens: together each screen gets 10,000 */
		int events = 100 + 10000 / (int)(state_count / SCR_COUNT);
		state_make(&s, &ime, &states[i]);
		while (events-- > 0) {
			struct event ev = gallery_random(&seed, s.now_ms);
			int intent;
			s.now_ms += rand_r(&seed) % 400;
			intent = screen->on_event(&s, &ev);
			cr_assert(intent >= 0 && intent < INTENT_COUNT);
			if (events % 97 != 0)
				continue;
			gallery_draw(&kiosk, states[i].name, (size_t)events % 4,
			    FRAME_PLAIN);
			cr_assert_not(page.full, "%s", states[i].name);
		}
	}
	ime_close(&ime);
}
