/*
 * Pages: where things stand at each size, what must always be seen, speech.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden.h"
#include "pages.h"
#include "ui/wrap.h"

static struct page page;
static struct frame frame;
static char dump[FRAME_DUMP_MAX];
static char speech[32768];
static const int sizes[][2] = { { 10, 44 }, { 13, 57 }, { 24, 80 },
	{ 40, 120 } };

static void
render(void (*draw)(struct page *), int rows, int cols)
{
	page_begin(&page, &pages_head, rows, cols);
	draw(&page);
	page_end(&page, &frame);
	(void)frame_dump(&frame, FRAME_STYLED, dump, sizeof dump);
}

TestSuite(page, .init = pages_open);

Test(page, looks_as_its_golden_frames_at_four_sizes)
{
	static const struct {
		const char *name;
		void (*draw)(struct page *);
		int focus;
	} pages[] = { { "identity", pages_identity, 3 },
		{ "identity-choice", pages_identity, 0 },
		{ "menu", pages_menu, 1 }, { "tasks", pages_tasks, -1 },
		{ "facts", pages_facts, 0 }, { "table", pages_table, 2 } };
	char file[64];

	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
		for (size_t s = 0; s < 4; s++) {
			pages_focus = pages[i].focus;
			render(pages[i].draw, sizes[s][0], sizes[s][1]);
			snprintf(file, sizeof file, "ui/%s.%dx%d",
			    pages[i].name, sizes[s][1], sizes[s][0]);
			cr_expect(golden_matches(file, dump), "%s", file);
			cr_expect(!page.full);
		}
	}
}

Test(page, title_keys_and_buttons_keep_their_places)
{
	void (*const draws[])(struct page *) = { pages_identity, pages_facts };

	for (size_t s = 0; s < 4; s++) {
		for (int i = 0; i < 2; i++) {
			int last = sizes[s][0] >= 24 ? sizes[s][0] - 2
						     : sizes[s][0] - 1;

			render(draws[i], sizes[s][0], sizes[s][1]);
			cr_expect(frame.cells[0][2].role == ROLE_TITLE);
			cr_expect_str_eq(frame.cells[0][2].text, "재");
			cr_expect_str_eq(frame.cells[last][2].text, "[");
			cr_expect(frame.cells[last][2].role == ROLE_KEY);
		}
	}
}

Test(page, below_its_least_size_it_says_so_and_nothing_else)
{
	static const int small[][2] = { { 9, 80 }, { 24, 43 }, { 1, 1 },
		{ 1, 80 }, { 60, 1 } };

	for (size_t i = 0; i < sizeof small / sizeof *small; i++) {
		render(pages_identity, small[i][0], small[i][1]);
		cr_expect(strstr(dump, "홍길동") == NULL);
		if (small[i][1] > 20)
			cr_expect(
			    strstr(dump, "화면이 너무 작습니다.") != NULL);
	}
}

Test(page, compact_shows_one_question)
{
	pages_focus = 1;
	render(pages_identity, 10, 44);
	cr_expect(strstr(dump, "홍길동") != NULL);
	cr_expect(strstr(dump, "900101") == NULL);
	cr_expect(strstr(dump, "운전면허증") == NULL);
	cr_expect(strstr(dump, "2/7 본인 확인") != NULL);
}

Test(page, a_tap_becomes_what_it_hit)
{
	struct event ev = { .kind = EV_MOUSE, .row = 22, .col = 4 };

	pages_focus = 1;
	render(pages_identity, 24, 80);
	cr_expect(!page_tap(&page, &ev));
	cr_expect(ev.kind == EV_KEY && ev.key == K_ESC);
	ev = (struct event){ .kind = EV_MOUSE, .row = 22, .col = 76 };
	(void)page_tap(&page, &ev);
	cr_expect(ev.kind == EV_KEY && ev.key == K_ENTER);
	ev = (struct event){ .kind = EV_MOUSE, .row = 0, .col = 76 };
	(void)page_tap(&page, &ev);
	cr_expect(ev.kind == EV_KEY && ev.key == K_F2);
	ev = (struct event){ .kind = EV_MOUSE, .row = 0, .col = 60 };
	(void)page_tap(&page, &ev);
	cr_expect(ev.kind == EV_KEY && ev.key == K_F1);
	ev = (struct event){ .kind = EV_MOUSE, .row = 1, .col = 40 };
	(void)page_tap(&page, &ev);
	cr_expect(ev.kind == EV_NONE);
	/* the first item: its third option */
	ev = (struct event){ .kind = EV_MOUSE, .row = 6, .col = 56 };
	(void)page_tap(&page, &ev);
	cr_expect(ev.kind == EV_MOUSE && ev.item == 0, "%d", ev.kind);
	cr_expect_eq(ev.ch, '3');
}

Test(page, short_keys_are_told_apart_by_a_tap)
{
	static const struct page_head tight = { .title = "재발급",
		.keys_short = "도움F1 직원F2" };
	struct event ev = { .kind = EV_MOUSE, .row = 0, .col = 31 };

	page_begin(&page, &pages_head, 10, 44);
	page_head(&page, &tight);
	page_end(&page, &frame);
	(void)page_tap(&page, &ev);
	cr_expect_eq(ev.key, K_F1);
	ev = (struct event){ .kind = EV_MOUSE, .row = 0, .col = 41 };
	(void)page_tap(&page, &ev);
	cr_expect_eq(ev.key, K_F2);
}

Test(page, keys_that_would_cut_the_title_stand_beside_the_step)
{
	struct page_head wide = pages_head;
	struct event ev = { .kind = EV_MOUSE, .row = 1, .col = 41 };

	wide.title = "(연습) 공동인증서 분실 재발급 신청";
	wide.keys_short = "도움F1 직원F2";
	page_begin(&page, &pages_head, 10, 44);
	page_head(&page, &wide);
	page_text(&page, "글");
	page_end(&page, &frame);
	(void)frame_dump(&frame, FRAME_PLAIN, dump, sizeof dump);
	cr_expect_not_null(strstr(dump, wide.title));
	cr_expect_not_null(strstr(dump, "2/7 본인 확인"));
	cr_expect_not_null(strstr(dump, wide.keys_short));
	(void)page_tap(&page, &ev);
	cr_expect_eq(ev.key, K_F2);
	/* and where there is no step, the keys come first */
	wide.step_count = 0;
	page_begin(&page, &pages_head, 10, 44);
	page_head(&page, &wide);
	page_text(&page, "글");
	page_end(&page, &frame);
	(void)frame_dump(&frame, FRAME_PLAIN, dump, sizeof dump);
	cr_expect_not_null(strstr(dump, wide.keys_short));
}

Test(page, what_runs_is_seen_and_another_thing_is_heard)
{
	page_begin(&page, &pages_head, 24, 80);
	page_head(&page, &pages_head);
	page_running(&page, "남은 시간 2:59", "1분이 넘습니다.");
	page_running(&page, "2:59", NULL);
	page_end(&page, &frame);
	(void)frame_dump(&frame, FRAME_PLAIN, dump, sizeof dump);
	(void)page_speech(&page, speech, sizeof speech);
	cr_expect_not_null(strstr(dump, "남은 시간 2:59"));
	cr_expect_null(strstr(dump, "1분이"));
	cr_expect_not_null(strstr(speech, "1분이 넘습니다.\n"));
	cr_expect_null(strstr(speech, "2:59"));
}

Test(page, long_text_scrolls_by_pages_to_its_end_and_back)
{
	struct event down = event_key(K_PGDN, 0), up = event_key(K_PGUP, 0);
	struct event other = event_key(K_TAB, 0);

	for (int round = 0; round < 12; round++) {
		page_begin(&page, &pages_head, 10, 44);
		page_head(&page, &pages_head);
		for (int i = 1; i <= 30; i++)
			page_text(&page, page_fmt(&page, "line %d.", i));
		page_end(&page, &frame);
		(void)frame_dump(&frame, FRAME_PLAIN, dump, sizeof dump);
		if (round == 0) {
			cr_expect(strstr(dump, "line 1.") != NULL);
			cr_expect(strstr(dump, "(더 있음 PgDn)") != NULL);
		}
		cr_expect(page_tap(&page, &down));
	}
	cr_expect(strstr(dump, "line 30.") != NULL);
	cr_expect(strstr(dump, "(더 있음 PgDn)") == NULL);
	cr_expect(page_tap(&page, &up));
	cr_expect(page.scroll < page.first);
	cr_expect(!page_tap(&page, &other));
	cr_expect_eq(page.scroll, -1);
}

static bool
role_seen(enum role role)
{
	for (int r = 0; r < frame.rows; r++) {
		for (int c = 0; c < frame.cols; c++) {
			if (frame.cells[r][c].role == role)
				return true;
		}
	}
	return false;
}

Test(page, the_focus_and_its_error_are_always_seen)
{
	srand(5);
	for (int round = 0; round < 4000; round++) {
		int rows = 10 + rand() % 40, cols = 44 + rand() % 100, numbers;
		bool wrong = false;

		page_begin(&page, NULL, rows, cols);
		numbers = pages_random(&page);
		if (numbers == 0)
			continue;
		page_focus(&page, rand() % numbers);
		page_end(&page, &frame);
		cr_assert(!page.full);
		cr_assert(
		    role_seen(ROLE_FOCUS), "round %d %dx%d", round, cols, rows);
		for (int i = 0; i < page.count; i++) {
			if (page.items[i].number == page.focus)
				wrong = page.items[i].error != NULL;
		}
		(void)frame_dump(&frame, FRAME_PLAIN, dump, sizeof dump);
		if (wrong)
			cr_assert(strstr(dump, "고쳐 주십시오.") != NULL,
			    "round %d %dx%d\n%s", round, cols, rows, dump);
		for (int i = 0; i < page.count; i++) {
			if (page.items[i].number == page.focus &&
			    page.items[i].kind == PAGE_FIELD)
				cr_assert(frame.cursor_row >= 0);
		}
		if (page_fmt(&page, "%s", page.back ? page.back : "")[0] != 0)
			cr_assert(strstr(dump, "[ Esc 이전 ]") != NULL);
	}
}

Test(page, nothing_is_drawn_over_anything_else)
{
	/* Every letter of the facts is on the roomy page exactly once. */
	static const char *const texts[] = { "신고번호", "L-20261122-0031",
		"112일 남음", "새 인증서도 같은 날", "(필수)", "(선택)",
		"[ Esc 이전 ]", "[ Enter 다음 ]", "정지는 유지됩니다." };

	pages_focus = -1;
	render(pages_facts, 24, 80);
	(void)frame_dump(&frame, FRAME_PLAIN, dump, sizeof dump);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		const char *at = strstr(dump, texts[i]);

		cr_assert(at != NULL, "%s\n%s", texts[i], dump);
		cr_expect(strstr(at + 1, texts[i]) == NULL, "%s", texts[i]);
	}
}

Test(page, secrets_and_hidden_digits_are_in_no_frame_and_no_speech)
{
	for (size_t s = 0; s < 4; s++) {
		for (int at = 0; at < 2; at++) {
			page_begin(
			    &page, &pages_head, sizes[s][0], sizes[s][1]);
			page_head(&page, &pages_head);
			page_field(
			    &page, "주민등록번호", &typed_number, NULL, NULL);
			page_field(
			    &page, "비밀번호", &typed_password, NULL, NULL);
			page_focus(&page, at);
			page_end(&page, &frame);
			(void)frame_dump(
			    &frame, FRAME_STYLED, dump, sizeof dump);
			(void)page_speech(&page, speech, sizeof speech);
			cr_expect(strstr(dump, "234567") == NULL);
			cr_expect(strstr(dump, "a55") == NULL);
			cr_expect(strstr(speech, "a55") == NULL);
			cr_expect(strstr(speech, "9001") == NULL);
			cr_expect(
			    strstr(speech,
				at == 0 ? "13자리를 입력하셨습니다"
					: "10자리를 입력하셨습니다") != NULL);
			cr_expect(memmem(&page, sizeof page, "a55", 3) == NULL);
		}
	}
}

Test(page, speech_tells_title_focus_value_and_error_in_order)
{
	const char *last = speech;
	static const char *const order[] = { "재발급 신청\n", "2/7 본인 확인\n",
		"신분증에 적힌 내용을 입력해 주십시오.\n",
		"운전면허번호 11-23-123457-0", "12자리입니다.",
		"운전면허번호는 12자리입니다.", "Esc 이전 Enter 다음\n" };

	pages_focus = 3;
	render(pages_identity, 24, 80);
	(void)page_speech(&page, speech, sizeof speech);
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		const char *at = strstr(last, order[i]);

		cr_assert(at != NULL, "%s in\n%s", order[i], speech);
		last = at + 1;
	}
	cr_expect(strstr(speech, "홍길동") == NULL, "only the focus is told");
}

Test(page, what_does_not_fit_its_memory_is_refused_and_told)
{
	static char big[PAGE_ARENA + 10];

	memset(big, 'x', sizeof big - 1);
	page_begin(&page, &pages_head, 24, 80);
	cr_expect_str_eq(page_copy(&page, big), "");
	cr_expect(page.full);
	page_begin(&page, &pages_head, 24, 80);
	for (int i = 0; i < 2 * PAGE_ITEMS; i++)
		page_text(&page, "x");
	cr_expect(page.full);
	page_end(&page, &frame);
	cr_expect_str_eq(page_fill(&page, "{2}-{1}", "a", "b"), "b-a");
}

Test(page, begin_and_wipe_leave_nothing_of_the_last_page)
{
	page_begin(&page, &pages_head, 24, 80);
	page_text(&page, page_fmt(&page, "%s", "홍길동"));
	page_begin(&page, &pages_head, 24, 80);
	cr_expect(memmem(&page, sizeof page, "길동", 6) == NULL);
	page_text(&page, page_fmt(&page, "%s", "홍길동"));
	page_wipe(&page);
	cr_expect(memmem(&page, sizeof page, "길동", 6) == NULL);
}

/* Reads the code back from the cells, as a camera would. */
static bool
cell_dark(int module_row, int col, int top)
{
	const struct cell *c = &frame.cells[top + module_row / 2][col];
	bool ink = strcmp(c->text, "\u2580") == 0;
	bool ground_dark = c->role == ROLE_QR_DARK;

	return (ink && module_row % 2 == 0) != ground_dark;
}

Test(page, a_qr_code_is_drawn_module_by_module_with_its_quiet_zone)
{
	static struct qr qr;
	static const struct {
		int rows, cols, length;
		bool fits;
	} cases[] = { { 24, 80, 84, true }, { 24, 80, 200, false },
		{ 40, 120, 250, true }, { 24, 80, 40, true },
		{ 10, 44, 40, false } };
	char text[300];

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err e;
		int side, top, left;

		memset(text, 'x', sizeof text);
		text[cases[i].length] = '\0';
		cr_assert(!err_is(qr_make(&qr, text, QR_MEDIUM)));
		page_begin(&page, &pages_head, cases[i].rows, cases[i].cols);
		page_head(&page, &pages_head);
		page_text(&page, "휴대전화로 비추어 주십시오.");
		page_foot(&page, "Esc 이전", NULL, NULL);
		e = page_qr(&page, &qr);
		cr_expect_eq(!err_is(e), cases[i].fits, "case %zu", i);
		page_end(&page, &frame);
		if (!cases[i].fits) {
			cr_expect_eq(e.code, E_LIMIT);
			cr_expect(!role_seen(ROLE_QR_LIGHT));
			continue;
		}
		side = qr.size + 2 * page.quiet;
		top = (cases[i].rows - (side + 1) / 2) / 2;
		left = cases[i].cols - side;
		cr_expect_eq(page.quiet, QR_QUIET, "case %zu", i);
		for (int y = 0; y < side; y++) {
			for (int x = 0; x < side; x++)
				cr_assert(cell_dark(y, left + x, top) ==
					  qr_dark(&qr, y - page.quiet,
					      x - page.quiet));
		}
		(void)frame_dump(&frame, FRAME_PLAIN, dump, sizeof dump);
		cr_expect(strstr(dump, "[ Esc 이전 ]") != NULL);
	}
}

/* Two spaces a module where there is room; and where half blocks are drawn
 * wide, that or nothing. */
Test(page, a_qr_code_needs_no_half_blocks_where_there_is_room)
{
	static struct qr qr;
	static const struct {
		int rows, cols;
		bool narrow, fits, whole;
	} cases[] = {
		{ 24, 80, true, true, false },
		{ 24, 80, false, false, false },
		{ 60, 160, true, true, true },
		{ 60, 160, false, true, true },
		{ 40, 120, false, false, false },
	};
	char text[85];

	memset(text, 'x', sizeof text);
	text[84] = '\0';
	cr_assert(!err_is(qr_make(&qr, text, QR_MEDIUM)));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err e;
		int side, top, left;

		page_begin(&page, &pages_head, cases[i].rows, cases[i].cols);
		page_blocks(&page, cases[i].narrow);
		page_head(&page, &pages_head);
		e = page_qr(&page, &qr);
		cr_expect_eq(!err_is(e), cases[i].fits, "case %zu", i);
		cr_expect_eq(page.whole_cells, cases[i].whole, "case %zu", i);
		page_end(&page, &frame);
		if (!cases[i].whole)
			continue;
		side = qr.size + 2 * page.quiet;
		top = (cases[i].rows - side) / 2;
		left = cases[i].cols - 2 * side;
		for (int y = 0; y < side; y++) {
			for (int x = 0; x < 2 * side; x++) {
				const struct cell
				    *c = &frame.cells[top + y][left + x];
				cr_assert_eq(c->role == ROLE_QR_DARK,
				    qr_dark(&qr, y - page.quiet,
					x / 2 - page.quiet));
				cr_assert(
				    c->text[0] == ' ' || c->text[0] == '\0');
			}
		}
	}
}
