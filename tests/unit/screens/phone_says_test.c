/*
 * phone_says_test.c - what is said of a handoff: its time, seen each second and
 * heard at 60, 30 and 10 seconds left; the head; its end.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "flow/phone.h"
#include "handoffs.h"
#include "screens/kiosk.h"
#include "states.h"
#include "support.h"
#include "ui/text.h"
#include "visits.h"

enum { TICK_MS = 500, LIFE_MS = 180000 };

static struct session s;
static struct ime ime;
static struct page page;
static struct frame frame;
static char heard[PAGE_ARENA], before[PAGE_ARENA];
static char seen[FRAME_DUMP_MAX];

static void
open_all(void)
{
	support_open();
}

TestSuite(phone_says, .init = open_all);

static void
stand(const char *name)
{
	for (size_t i = 0; i < state_count; i++) {
		if (strcmp(states[i].name, name) == 0)
			state_make(&s, &ime, &states[i]);
	}
}

static void
look(int rows, int cols)
{
	page_begin(&page, &s, rows, cols);
	kiosk_screen(s.screen)->draw(&s, &page);
	page_end(&page, &frame);
	cr_assert_lt(page_speech(&page, heard, sizeof heard), sizeof heard - 1);
	(void)frame_dump(&frame, FRAME_PLAIN, seen, sizeof seen);
}

/* Seconds left at each change of what is heard, such as "60 30 10 ". */
static const char *
changes(const char *state, int rows, int cols)
{
	static char list[256];
	size_t n = 0;
	int64_t left;

	stand(state);
	list[0] = before[0] = '\0';
	s.handoff.until_ms = s.factor_until_ms = s.now_ms + LIFE_MS;
	for (left = LIFE_MS; left > 0; left -= TICK_MS) {
		look(rows, cols);
		if (before[0] != '\0' && strcmp(before, heard) != 0)
			n += (size_t)snprintf(list + n, sizeof list - n,
			    "%lld ", (long long)left / 1000);
		memcpy(before, heard, sizeof before);
		(void)state_tick(&s, TICK_MS);
	}
	return list;
}

Test(phone_says, the_time_is_heard_at_60_30_and_10_seconds_only)
{
	static const char *const shown[] = { "phone_wifi", "phone_code",
		"phone_opening", "phone_claimed", "phone_sending", "digits",
		"factor" };
	static const char *const languages[] = { "ko", "en" };

	for (size_t l = 0; l < 2; l++) {
		cr_assert_not(err_is(text_set_language(languages[l])));
		for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
			cr_expect_str_eq(changes(shown[i], 24, 80), "60 30 10 ",
			    "%s %s", languages[l], shown[i]);
	}
}

Test(phone_says, each_mark_says_its_seconds)
{
	static const struct {
		int left_s;
		const char *words;
	} rows[] = {
		{ 180, "남은 시간은 1분이 넘습니다." },
		{ 60, "60초 안에 마치셔야 합니다." },
		{ 30, "30초 안에 마치셔야 합니다." },
		{ 10, "10초 안에 마치셔야 합니다." },
		{ 1, "10초 안에 마치셔야 합니다." },
	};

	stand("phone_code");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		s.handoff.until_ms = s.now_ms + rows[i].left_s * INT64_C(1000);
		look(24, 80);
		cr_expect_not_null(strstr(heard, rows[i].words), "%d s: %s",
		    rows[i].left_s, heard);
		cr_expect_null(strstr(seen, rows[i].words), "not seen too");
	}
}

Test(phone_says, the_time_is_seen_each_second)
{
	stand("phone_code");
	for (int left = 180; left > 0; left--) {
		char want[32];

		snprintf(want, sizeof want, "남은 시간 %d:%02d", left / 60,
		    left % 60);
		s.handoff.until_ms = s.now_ms + left * INT64_C(1000);
		look(24, 80);
		cr_expect_not_null(strstr(seen, want), "%s", want);
	}
}

/* ---- the line at the top ---- */

Test(phone_says, nothing_of_the_head_is_cut_beside_the_code)
{
	static const int sizes[][2] = { { 24, 80 }, { 40, 120 } };
	static const struct {
		const char *language, *title, *step, *keys;
	} rows[] = {
		{ "ko", "(연습) 재발급 신청", "6/7 저장", "도움F1 직원F2" },
		{ "en", "(practice) Reissue", "6/7 Save", "Help F1 Staff F2" },
	};

	for (size_t i = 0; i < 2; i++) {
		cr_assert_not(err_is(text_set_language(rows[i].language)));
		for (size_t z = 0; z < 2; z++) {
			stand("phone_code");
			visit_branch.practice = true;
			look(sizes[z][0], sizes[z][1]);
			cr_expect_not_null(page.qr);
			cr_expect_eq(page.quiet, QR_QUIET);
			cr_expect_not_null(strstr(seen, rows[i].title));
			cr_expect_not_null(strstr(seen, rows[i].step));
			cr_expect_not_null(strstr(seen, rows[i].keys));
		}
	}
}

Test(phone_says, f5_is_spoken_of_exactly_where_it_does_something)
{
	static const struct {
		const char *state;
		bool does;
	} table[] = {
		{ "phone_code", true },
		{ "phone_opening", true },
		{ "phone_soon", true },
		{ "phone_elsewhere", true },
		{ "phone_last", false },
		{ "phone_last_soon", false },
		{ "phone_last_elsewhere", true },
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		stand(table[i].state);
		look(24, 80);
		cr_expect_eq(strstr(seen, "F5") != NULL, table[i].does, "%s",
		    table[i].state);
		cr_expect_eq(state_key(&s, K_F5) == INTENT_RETRY, table[i].does,
		    "%s", table[i].state);
	}
}

/* ---- its end ---- */

static int
times(const char *text, const char *what)
{
	int n = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		n++;
	return n;
}

Test(phone_says, why_there_is_no_code_is_said_once)
{
	stand("phone_none");
	look(24, 80);
	cr_expect_eq(times(seen, "지금은 휴대폰으로 보낼 수 없습니다"), 1);
	cr_expect_not_null(strstr(seen, "아직 저장되지 않았습니다"));
	stand("phone_expired");
	look(24, 80);
	cr_expect_eq(times(seen, "시간이 지났습니다"), 1);
	cr_expect_not_null(strstr(seen, "아직 저장되지 않았습니다"));
}

Test(phone_says, what_the_stick_has_is_not_called_unsaved)
{
	stand("phone_expired");
	visit_put(s.kase.ways[TO_STICK], WAY_STATE, "done");
	look(24, 80);
	cr_expect_null(strstr(seen, "저장되지 않았습니다"));
	cr_expect_not_null(strstr(seen, "USB에는 저장되었습니다"));
	cr_expect_not_null(strstr(seen, "USB에만 저장하고 끝내기"));
}
