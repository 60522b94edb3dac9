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
#include "golden.h"
#include "screens/counter.h"
#include "support.h"
#include "ui/text.h"

static const char *const languages[] = { "ko", "en" };
static const struct {
	int rows, cols;
} sizes[] = { { 24, 80 }, { 40, 120 } };

static struct counter_session s;
static struct page page;
static struct frame frame;
static struct ime ime;
static char dump[FRAME_DUMP_MAX], speech[PAGE_ARENA * 2];
static char file[4 * 65536];

TestSuite(counter, .init = support_open);

static void
add(size_t *n, const char *text)
{
	*n += (size_t)snprintf(file + *n, sizeof file - *n, "%s", text);
	cr_assert_lt(*n, sizeof file);
}

static void
draw(const struct counter_state *st, size_t size, enum frame_dump how)
{
	page_begin(&page, st, sizes[size].rows, sizes[size].cols);
	counter_view(st->screen)->draw(&s, &page);
	page_end(&page, &frame);
	frame_dump(&frame, how, dump, sizeof dump);
}

Test(counter, looks_as_its_golden_files_say)
{
	int bad = 0;

	for (size_t l = 0; l < 2; l++) {
		support_language(languages[l]);
		for (size_t i = 0; i < counter_state_count; i++) {
			char name[128];
			size_t n = 0;

			counter_state_make(&s, &ime, &counter_states[i]);
			add(&n, "==== 80x24\n");
			draw(&counter_states[i], 0, FRAME_STYLED);
			add(&n, dump);
			add(&n, "==== 120x40\n");
			draw(&counter_states[i], 1, FRAME_PLAIN);
			add(&n, dump);
			snprintf(name, sizeof name, "counter/%s.%s",
			    counter_states[i].name, languages[l]);
			bad += !golden_matches(name, file);
		}
	}
	cr_assert_eq(bad, 0, "%d of the golden files differ", bad);
}

/* The row of the footer, where the help line stands. */
static bool
foot_shows(size_t size, const char *text)
{
	int foot = sizes[size].rows - 2;
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
	for (size_t l = 0; l < 2; l++) {
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
			for (size_t z = 0; z < 2; z++) {
				draw(st, z, FRAME_PLAIN);
				cr_expect(foot_shows(z, T(key)), "%s %s %d",
				    st->name, languages[l], sizes[z].cols);
			}
		}
	}
}

Test(counter, fits_and_keeps_the_focus_in_sight)
{
	for (size_t l = 0; l < 2; l++) {
		support_language(languages[l]);
		for (size_t i = 0; i < counter_state_count; i++) {
			const struct counter_state *st = &counter_states[i];

			counter_state_make(&s, &ime, st);
			for (size_t z = 0; z < 2; z++) {
				draw(st, z, FRAME_STYLED);
				cr_expect_not(page.full, "%s %s %d: full",
				    st->name, languages[l], sizes[z].cols);
				cr_expect(page.numbers == 0 ||
					      strstr(dump, "{focus:") != NULL,
				    "%s %s %d: no focus", st->name,
				    languages[l], sizes[z].cols);
			}
		}
	}
}

Test(counter, draws_as_many_items_as_its_form_has)
{
	for (size_t i = 0; i < counter_state_count; i++) {
		const struct counter_state *st = &counter_states[i];
		const struct form *f;

		counter_state_make(&s, &ime, st);
		f = st->screen == CS_HELP ? &s.over : &s.form;
		draw(st, 0, FRAME_PLAIN);
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

	for (size_t l = 0; l < 2; l++) {
		support_language(languages[l]);
		for (size_t i = 0; i < counter_state_count; i++) {
			counter_state_make(&s, &ime, &counter_states[i]);
			draw(&counter_states[i], 1, FRAME_PLAIN);
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
		draw(&counter_states[i], 0, FRAME_PLAIN);
		cr_expect_gt(page_speech(&page, speech, sizeof speech), 10);
	}
}

Test(counter, draws_a_session_of_zeros)
{
	for (int id = 0; id < CS_COUNT; id++) {
		struct counter_state st = { "zero", (enum counter_screen)id,
			NULL, NULL };

		memset(&s, 0, sizeof s);
		s.screen = (enum counter_screen)id;
		draw(&st, 0, FRAME_PLAIN);
		cr_expect_not(page.full, "%s", counter_screen_name(s.screen));
	}
}

static struct event
random_event(unsigned *seed)
{
	static const uint32_t chars[] = { '1', '2', '7', '0', 'a', 'r', 'k',
		' ', '@', '-', '/', 0xac00, 0x3131, 0x1f600, 0x202e, '\n' };
	struct event ev = { .item = -1, .now_ms = s.now_ms };
	int dice = rand_r(seed) % 20;

	ev.kind = dice < 15   ? EV_KEY
		  : dice < 17 ? EV_MOUSE
		  : dice < 19 ? EV_TICK
			      : EV_AGENT;
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

Test(counter, survives_thousands_of_random_events_in_each_state)
{
	unsigned seed = 20261122;

	cr_assert_eq(ime_open(&ime).code, E_NONE);
	for (size_t i = 0; i < counter_state_count; i++) {
		const struct counter_state *st = &counter_states[i];
		const struct counter_view *view = counter_view(st->screen);

		counter_state_make(&s, &ime, st);
		for (int n = 0; n < 3000; n++) {
			struct event ev = random_event(&seed);
			int intent;

			s.now_ms += rand_r(&seed) % 400;
			intent = view->on_event(&s, &ev);
			cr_assert(intent >= 0 && intent < CI_COUNT);
			if (n % 97 != 0)
				continue;
			draw(st, (size_t)n % 2, FRAME_PLAIN);
			cr_assert_not(page.full, "%s", st->name);
		}
	}
	ime_close(&ime);
}
