/*
 * gallery.c - see the header.
 */
#include "gallery.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden.h"
#include "support.h"

const char *const languages[LANGUAGES] = { "ko", "en" };
struct page page;
struct frame frame;
char dump[FRAME_DUMP_MAX];

void
gallery_draw(
    const struct gallery *g, const char *name, size_t size, enum frame_dump how)
{
	page_begin(&page, name, g->sizes[size].rows, g->sizes[size].cols);
	g->draw(&page);
	page_end(&page, &frame);
	frame_dump(&frame, how, dump, sizeof dump);
}

static char file[8 * 65536];

static void
add(size_t *n, const char *head, const char *body)
{
	*n += (size_t)snprintf(
	    file + *n, sizeof file - *n, "==== %s\n%s", head, body);
	cr_assert_lt(*n, sizeof file);
}

static bool
is_golden(const struct gallery *g, size_t state, const char *language)
{
	static char speech[PAGE_ARENA * 2];
	const char *name = g->make(state);
	char head[64], path[128];
	size_t n = 0;

	for (size_t z = 0; z < g->size_count; z++) {
		snprintf(head, sizeof head, "%dx%d", g->sizes[z].cols,
		    g->sizes[z].rows);
		gallery_draw(g, name, z, z == 0 ? FRAME_STYLED : FRAME_PLAIN);
		add(&n, head, dump);
	}
	if (g->spoken) {
		page_speech(&page, speech, sizeof speech);
		add(&n, "spoken", speech);
	}
	snprintf(path, sizeof path, "%s/%s.%s", g->folder, name, language);
	return golden_matches(path, file);
}

void
gallery_is_golden(const struct gallery *g)
{
	int bad = 0;

	for (size_t l = 0; l < LANGUAGES; l++) {
		support_language(languages[l]);
		for (size_t i = 0; i < g->count; i++)
			bad += !is_golden(g, i, languages[l]);
	}
	cr_assert_eq(bad, 0, "%d of the golden files differ", bad);
}

void
gallery_fits(const struct gallery *g)
{
	for (size_t l = 0; l < LANGUAGES; l++) {
		support_language(languages[l]);
		for (size_t i = 0; i < g->count; i++) {
			const char *name = g->make(i);

			for (size_t z = 0; z < g->size_count; z++) {
				gallery_draw(g, name, z, FRAME_STYLED);
				cr_expect_not(page.full, "%s %s %d: full", name,
				    languages[l], g->sizes[z].cols);
				cr_expect(page.numbers == 0 ||
					      strstr(dump, "{focus:") != NULL,
				    "%s %s %d: no focus", name, languages[l],
				    g->sizes[z].cols);
			}
		}
	}
}

struct event
gallery_random(unsigned *seed, int64_t now_ms)
{
	static const uint32_t chars[] = { '1', '2', '7', '0', 'a', 'r', 'k',
		' ', '@', '-', '/', '\\', 0xac00, 0x3131, 0x1f600, 0x202e,
		'\n' };
	struct event ev = { .item = -1, .now_ms = now_ms };
	int dice = rand_r(seed) % 40;

	ev.kind = dice < 30   ? EV_KEY
		  : dice < 34 ? EV_MOUSE
		  : dice < 38 ? EV_TICK
		  : dice < 39 ? EV_RESIZE
			      : EV_AGENT;
	ev.key = (enum key)(rand_r(seed) % K_COUNT);
	if (dice < 16) {
		ev.key = K_CHAR;
		ev.ch = chars[rand_r(seed) % (sizeof chars / sizeof *chars)];
		ev.pasted = rand_r(seed) % 4 == 0;
	}
	if (ev.kind == EV_MOUSE)
		ev.item = rand_r(seed) % 12 - 2;
	return ev;
}
