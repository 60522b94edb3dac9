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

#include "golden.h"
#include "screens/kiosk.h"
#include "states.h"
#include "support.h"

static const char *const languages[] = { "ko", "en" };
static const struct {
	int rows, cols;
} sizes[] = { { 24, 80 }, { 10, 44 }, { 13, 57 }, { 40, 120 } };

static struct session s;
static struct page page;
static struct frame frame;
static struct ime ime;
static char dump[FRAME_DUMP_MAX], speech[PAGE_ARENA * 2];
static char file[8 * 65536];

TestSuite(screens, .init = support_open);

static void
add(size_t *n, const char *text)
{
	*n += (size_t)snprintf(file + *n, sizeof file - *n, "%s", text);
	cr_assert_lt(*n, sizeof file);
}

static void
draw(const struct state *st, size_t size, enum frame_dump how)
{
	page_begin(&page, st, sizes[size].rows, sizes[size].cols);
	kiosk_screen(st->screen)->draw(&s, &page);
	page_end(&page, &frame);
	frame_dump(&frame, how, dump, sizeof dump);
}

Test(screens, look_as_their_golden_files_say)
{
	int bad = 0;

	for (size_t l = 0; l < 2; l++) {
		support_language(languages[l]);
		for (size_t i = 0; i < state_count; i++) {
			char name[128];
			size_t n = 0;
			state_make(&s, &ime, &states[i]);
			for (size_t z = 0; z < 4; z++) {
				char head[64];
				snprintf(head, sizeof head, "==== %dx%d\n",
				    sizes[z].cols, sizes[z].rows);
				draw(&states[i], z,
				    z == 0 ? FRAME_STYLED : FRAME_PLAIN);
				add(&n, head);
				add(&n, dump);
			}
			page_speech(&page, speech, sizeof speech);
			add(&n, "==== spoken\n");
			add(&n, speech);
			snprintf(name, sizeof name, "kiosk/%s.%s",
			    states[i].name, languages[l]);
			bad += !golden_matches(name, file);
		}
	}
	cr_assert_eq(bad, 0, "%d of the golden files differ", bad);
}

/* No piece of the visit overflows the page, whatever the size. */
Test(screens, fit_and_keep_the_focus_in_sight)
{
	for (size_t l = 0; l < 2; l++) {
		support_language(languages[l]);
		for (size_t i = 0; i < state_count; i++) {
			state_make(&s, &ime, &states[i]);
			for (size_t z = 0; z < 4; z++) {
				draw(&states[i], z, FRAME_STYLED);
				cr_expect_not(page.full, "%s %s %d: full",
				    states[i].name, languages[l],
				    sizes[z].cols);
				cr_expect(page.numbers == 0 ||
					      strstr(dump, "{focus:") != NULL,
				    "%s %s %d: no focus", states[i].name,
				    languages[l], sizes[z].cols);
			}
		}
	}
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
		draw(&states[i], 0, FRAME_PLAIN);
		cr_expect_eq(page.numbers, f->count, "%s: %d drawn, %d known",
		    states[i].name, page.numbers, f->count);
	}
}

/* Every text comes from the catalogue: no key is ever shown as it is. */
Test(screens, show_sentences_not_keys)
{
	static const char *const parts[] = { ".prompt", ".what", ".do", "err.",
		"row.", "kiosk.", "key.", "head.", "cert.", "case.", "product.",
		"route.", "review.", "{1}", "{2}" };

	for (size_t l = 0; l < 2; l++) {
		support_language(languages[l]);
		for (size_t i = 0; i < state_count; i++) {
			state_make(&s, &ime, &states[i]);
			draw(&states[i], 3, FRAME_PLAIN);
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
		for (size_t z = 0; z < 4; z++) {
			draw(&states[i], z, FRAME_PLAIN);
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
		struct state st = { "zero", (enum screen_id)id, NULL, NULL };
		memset(&s, 0, sizeof s);
		s.screen = (enum screen_id)id;
		draw(&st, 0, FRAME_PLAIN);
		cr_expect_not(page.full, "%s", kiosk_screen(id)->name);
	}
}

static struct event
random_event(unsigned *seed)
{
	static const uint32_t chars[] = { '1', '2', '7', '0', 'a', 'r', 'k',
		' ', '@', '-', '\\', 0xac00, 0x3131, 0x1f600, 0x202e, '\n' };
	struct event ev = { .item = -1, .now_ms = s.now_ms };
	int dice = rand_r(seed) % 20;

	ev.kind = dice < 15   ? EV_KEY
		  : dice < 17 ? EV_MOUSE
		  : dice < 19 ? EV_TICK
			      : EV_RESIZE;
	ev.key = (enum key)(rand_r(seed) % K_COUNT);
	if (dice < 8) {
		ev.key = K_CHAR;
		ev.ch = chars[rand_r(seed) % (sizeof chars / sizeof *chars)];
		ev.pasted = rand_r(seed) % 4 == 0;
	}
	if (ev.kind == EV_MOUSE)
		ev.item = rand_r(seed) % 12 - 2;
	return ev;
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
			struct event ev = random_event(&seed);
			int intent;
			s.now_ms += rand_r(&seed) % 400;
			intent = screen->on_event(&s, &ev);
			cr_assert(intent >= 0 && intent < INTENT_COUNT);
			if (events % 97 != 0)
				continue;
			draw(&states[i], (size_t)events % 4, FRAME_PLAIN);
			cr_assert_not(page.full, "%s", states[i].name);
		}
	}
	ime_close(&ime);
}
