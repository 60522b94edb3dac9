/*
 * Pages: where things stand at each size, what must always be seen, speech.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden.h"
#include "ui/page.h"
#include "ui/wrap.h"

static struct page page;
static struct frame frame;
static char dump[FRAME_DUMP_MAX];
static char speech[32768];
static struct field name, number, licence, password;
static char secret[FIELD_SECRET_CAP];
static int focus;

static const char *const steps[] = { "안내", "본인 확인", "분실 신고", "신청서",
	"수수료", "저장", "완료" };
static const struct page_head head = {
	.title = "재발급 신청",
	.keys = "도움 F1  직원 호출 F2",
	.keys_short = "F1 F2",
	.steps = steps,
	.step_count = 7,
	.step_now = 1,
	.more = "(더 있음 PgDn)",
	.too_small = "화면이 너무 작습니다.",
	.secret_spoken = "{1}자리를 입력하셨습니다",
};

static const int sizes[][2] = { { 10, 44 }, { 13, 57 }, { 24, 80 },
	{ 40, 120 } };

static void
type(struct field *f, const char *text)
{
	for (; *text != '\0'; text++) {
		struct event ev = event_char((unsigned char)*text, 0);
		(void)field_feed(f, NULL, &ev);
	}
}

static void
make_fields(void)
{
	field_init(
	    &name, (struct field_spec){ .kind = FIELD_TEXT, .max_chars = 10 });
	(void)field_set(&name, "홍길동");
	field_init(&number, (struct field_spec){ .kind = FIELD_DIGITS,
				.pattern = "######-#######",
				.open_chars = 7 });
	type(&number, "9001011234567");
	field_init(&licence, (struct field_spec){ .kind = FIELD_DIGITS,
				 .pattern = "##-##-######-##" });
	type(&licence, "11231234570");
	field_init_secret(
	    &password, (struct field_spec){ .max_chars = 30 }, secret);
	type(&password, "Pa55word!!");
	focus = 0;
}

static void
draw_identity(struct page *p)
{
	static const char *const kinds[] = { "주민등록증", "운전면허증", "여권",
		"외국인" };

	page_head(p, &head);
	page_prompt(p, "신분증에 적힌 내용을 입력해 주십시오.");
	page_choice(p, "신분증", kinds, 4, 1, NULL);
	page_field(p, "성명", &name, NULL, NULL);
	page_field(
	    p, "주민등록번호", &number, "화면에는 앞 7자리만 보입니다", NULL);
	page_field(p, "운전면허번호", &licence, NULL,
	    "12자리입니다. 11자리를 입력하셨습니다.");
	page_focus(p, focus);
	page_error(p, "운전면허번호는 12자리입니다.",
	    "면허증 위쪽의 번호를 다시 확인해 주십시오. 예: 11-23-123456-70");
	page_foot(p, "Esc 이전", "Enter 다음", NULL);
}

static void
draw_menu(struct page *p)
{
	static const struct page_head start = { .title = "한빛은행 역삼지점",
		.keys = "English F3  도움 F1  직원 호출 F2",
		.keys_short = "F3 F1 F2",
		.more = "(더 있음 PgDn)",
		.too_small = "화면이 너무 작습니다." };

	page_head(p, &start);
	page_prompt(p, "공동인증서를 잃어버리셨나요?");
	page_text(p, "걱정하지 마십시오. 지금 바로 정지하고, 약 4분이면 다시 "
		     "발급해 드립니다.");
	page_gap(p);
	page_menu(p, "재발급 신청", "정지부터 새 인증서 저장까지");
	page_menu(p, "분실 신고만 하기", "지금 정지, 재발급은 나중에");
	page_menu(p, "처리 상태 조회", "접수번호로 확인, 이어서 하기");
	page_menu(p, "인증서 사용 확인", "USB의 인증서가 잘 되는지 확인");
	page_focus(p, focus);
	page_foot(p, NULL, NULL,
	    "번호를 누르거나 화살표로 고르신 다음 Enter를 "
	    "눌러 주십시오.");
}

static void
draw_tasks(struct page *p)
{
	page_head(p, &head);
	page_prompt(
	    p, "새 인증서를 만들고 있습니다. USB를 빼지 말아 주십시오.");
	page_task(p, TASK_DONE, "키 만들기", "완료");
	page_task(p, TASK_DONE, "발급 기관에 신청", "완료");
	page_task(p, TASK_DONE, "인증서 확인", "완료");
	page_task(p, TASK_DOING, "USB에 저장", "진행 중   41 %");
	page_task(p, TASK_TODO, "저장된 파일로 서명 시험", NULL);
	page_task(p, TASK_TODO, "발급 기관에 수령 확인", NULL);
	page_task(p, TASK_TODO, "이전 인증서 폐지", NULL);
	page_foot(p, "처음으로는 저장이 끝난 뒤에", NULL, NULL);
}

static void
draw_facts(struct page *p)
{
	page_head(p, &head);
	page_prompt(p, "인증서를 정지했습니다.");
	page_text(p, "이제 다른 사람이 이 인증서를 사용할 수 없습니다.");
	page_gap(p);
	page_row(p, "인증서", "홍*동  은행/보험용 (개인)  금융결제원", NULL);
	page_row(p, "상태", "정지",
	    "(찾으시면 창구에서 6개월 안에 되살릴 수 있습니다)");
	page_row(p, "만료일", "2027-03-14 (112일 남음)",
	    "새 인증서도 같은 날 만료됩니다");
	page_row(p, "신고번호", "L-20261122-0031", NULL);
	page_gap(p);
	page_check(p, "위 내용을 확인했습니다.", true, "(필수)");
	page_check(p, "문자로 진행 상황을 받겠습니다.", false, "(선택)");
	page_focus(p, focus);
	page_notice(p, "신청하지 않고 마치셔도 정지는 유지됩니다.");
	page_foot(p, "Esc 이전", "Enter 다음", NULL);
}

static void
draw_table(struct page *p)
{
	static const struct page_column columns[] = { { "번호", 4, false },
		{ "접수번호", 15, false }, { "고객", 6, false },
		{ "상태", 11, false }, { "경과", 6, true },
		{ "약속일", 9, true }, { "비고", 0, true } };
	static const char *const rows[][7] = {
		{ "1", "R-20261122-0031", "홍*동", "심사 중", "00:03",
		    "11-23(월)", "대체 서류" },
		{ "2", "R-20261122-0030", "김*수", "수수료 대기", "00:07",
		    "11-23(월)", "4,400원" },
		{ "3", "R-20261120-0012", "이*", "저장 실패", "2일",
		    "11-22(일)", "매체 교체" },
	};
	static const struct page_head counter = { .title = "[2101] 접수 대기열",
		.keys = "역삼지점  14:05:31",
		.keys_short = "14:05:31" };

	page_head(p, &counter);
	page_table(p, columns, 7);
	for (int i = 0; i < 3; i++)
		page_table_row(p, rows[i], true, i == 2);
	page_focus(p, focus);
	page_foot(p, "Esc 뒤로", "Enter 열기", "/ 찾기");
}

static void
render(void (*draw)(struct page *), int rows, int cols)
{
	page_begin(&page, (const void *)&head, rows, cols);
	draw(&page);
	page_end(&page, &frame);
	(void)frame_dump(&frame, FRAME_STYLED, dump, sizeof dump);
}

TestSuite(page, .init = make_fields);

Test(page, looks_as_its_golden_frames_at_four_sizes)
{
	static const struct {
		const char *name;
		void (*draw)(struct page *);
		int focus;
	} pages[] = { { "identity", draw_identity, 3 },
		{ "identity-choice", draw_identity, 0 },
		{ "menu", draw_menu, 1 }, { "tasks", draw_tasks, -1 },
		{ "facts", draw_facts, 0 }, { "table", draw_table, 2 } };
	char file[64];

	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
		for (size_t s = 0; s < 4; s++) {
			focus = pages[i].focus;
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
	void (*const draws[])(struct page *) = { draw_identity, draw_facts };

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
		render(draw_identity, small[i][0], small[i][1]);
		cr_expect(strstr(dump, "홍길동") == NULL);
		if (small[i][1] > 20)
			cr_expect(
			    strstr(dump, "화면이 너무 작습니다.") != NULL);
	}
}

Test(page, compact_shows_one_question)
{
	focus = 1;
	render(draw_identity, 10, 44);
	cr_expect(strstr(dump, "홍길동") != NULL);
	cr_expect(strstr(dump, "900101") == NULL);
	cr_expect(strstr(dump, "운전면허증") == NULL);
	cr_expect(strstr(dump, "2/7 본인 확인") != NULL);
}

Test(page, a_tap_becomes_what_it_hit)
{
	struct event ev = { .kind = EV_MOUSE, .row = 22, .col = 4 };

	focus = 1;
	render(draw_identity, 24, 80);
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

	page_begin(&page, &head, 10, 44);
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
	struct page_head wide = head;
	struct event ev = { .kind = EV_MOUSE, .row = 1, .col = 41 };

	wide.title = "(연습) 공동인증서 분실 재발급 신청";
	wide.keys_short = "도움F1 직원F2";
	page_begin(&page, &head, 10, 44);
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
	page_begin(&page, &head, 10, 44);
	page_head(&page, &wide);
	page_text(&page, "글");
	page_end(&page, &frame);
	(void)frame_dump(&frame, FRAME_PLAIN, dump, sizeof dump);
	cr_expect_not_null(strstr(dump, wide.keys_short));
}

Test(page, what_runs_is_seen_and_another_thing_is_heard)
{
	page_begin(&page, &head, 24, 80);
	page_head(&page, &head);
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
		page_begin(&page, &head, 10, 44);
		page_head(&page, &head);
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

static const char *
filler(void)
{
	static const char *const texts[] = { "짧은 글.",
		"이 문장은 여러 줄로 나뉘어야 할 만큼 충분히 길게 쓰여 있어서 "
		"좁은 "
		"화면에서는 서너 줄을 차지합니다.",
		"x",
		"Anunbreakablewordthatislongerthanthenarrowestscreenofall" };

	return texts[rand() % 4];
}

/* A page of everything in random order; the last number given out. */
static int
draw_random(struct page *p)
{
	static const char *const options[] = { "하나", "둘", "셋 번째 선택",
		"네 번째로 긴 선택", "다섯" };
	int items = 1 + rand() % 25;

	page_head(p, &head);
	for (int i = 0; i < items; i++) {
		switch (rand() % 8) {
		case 0:
			page_prompt(p, filler());
			break;
		case 1:
			page_text(p, filler());
			break;
		case 2:
			page_gap(p);
			break;
		case 3:
			page_row(p, "이름표", filler(), filler());
			break;
		case 4:
			page_menu(p, filler(), rand() % 2 ? filler() : NULL);
			break;
		case 5:
			page_field(p, rand() % 2 ? "성명" : filler(), &name,
			    rand() % 2 ? filler() : NULL,
			    rand() % 2 ? "고쳐 주십시오." : NULL);
			break;
		case 6:
			page_choice(p, "선택", options, 5, rand() % 5, NULL);
			break;
		default:
			page_check(p, filler(), rand() % 2, "(필수)");
			break;
		}
	}
	if (rand() % 2)
		page_error(p, filler(), rand() % 2 ? filler() : NULL);
	if (rand() % 2)
		page_foot(p, "Esc 이전", "Enter 다음", filler());
	return p->numbers;
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
		numbers = draw_random(&page);
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

	focus = -1;
	render(draw_facts, 24, 80);
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
			page_begin(&page, &head, sizes[s][0], sizes[s][1]);
			page_head(&page, &head);
			page_field(&page, "주민등록번호", &number, NULL, NULL);
			page_field(&page, "비밀번호", &password, NULL, NULL);
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

	focus = 3;
	render(draw_identity, 24, 80);
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
	page_begin(&page, &head, 24, 80);
	cr_expect_str_eq(page_copy(&page, big), "");
	cr_expect(page.full);
	page_begin(&page, &head, 24, 80);
	for (int i = 0; i < 2 * PAGE_ITEMS; i++)
		page_text(&page, "x");
	cr_expect(page.full);
	page_end(&page, &frame);
	cr_expect_str_eq(page_fill(&page, "{2}-{1}", "a", "b"), "b-a");
}

Test(page, begin_and_wipe_leave_nothing_of_the_last_page)
{
	page_begin(&page, &head, 24, 80);
	page_text(&page, page_fmt(&page, "%s", "홍길동"));
	page_begin(&page, &head, 24, 80);
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
		page_begin(&page, &head, cases[i].rows, cases[i].cols);
		page_head(&page, &head);
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

		page_begin(&page, &head, cases[i].rows, cases[i].cols);
		page_blocks(&page, cases[i].narrow);
		page_head(&page, &head);
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
