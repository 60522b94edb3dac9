/*
 * What a customer can type, paste or send by accident into the fields.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "desk.h"

enum { MEGABYTE = 1 << 20 };

static void
init(void)
{
	desk_open();
	desk_sit(24, 80, NULL);
	desk_to_identity();
}

TestSuite(typing, .init = init, .fini = desk_close, .timeout = DESK_SECONDS);

/* The row of the screen that holds `label`. */
static const char *
row_of(const char *label)
{
	for (int row = 0; row < 24; row++)
		if (strstr(vt_row(desk_vt, row), label) != NULL)
			return vt_row(desk_vt, row);
	return "";
}

/* The name field is focused and holds nothing. */
static void
expect_no_name(const char *what)
{
	/* the mark shows that all before it was handled */
	desk_see("xx", "ㅌㅌ");
	desk_see(BACK BACK, "성명              ____________________");
	cr_expect(strstr(vt_screen(desk_vt), "\xef\xbf\xbd") == NULL, "%s: %s",
	    what, vt_screen(desk_vt));
}

Test(typing, hangul_is_typed_without_an_input_method)
{
	desk_see(TAB "ghdrlfehd", "성명              홍길동___");
	cr_expect(
	    strstr(row_of("성명"), "한글 입력") != NULL, "%s", row_of("성명"));
	desk_see(TAB, "성명              홍길동___");
}

Test(typing, backspace_takes_one_jamo_of_the_syllable_at_work)
{
	desk_see(TAB "ghdrlfehd", "홍길동_");
	desk_see(BACK, "홍길도_");
	desk_see(BACK, "홍길ㄷ_");
	desk_see(BACK, "홍길__");
	desk_see("tns", "홍길순_");
	desk_see(BACK BACK BACK BACK, "성명              홍______");
}

Test(typing, f9_types_latin_letters_into_the_same_field)
{
	desk_see(TAB F9 "Kildong Hong", "Kildong Hong_");
	cr_expect(
	    strstr(row_of("성명"), "영문 입력") != NULL, "%s", row_of("성명"));
	desk_see_no(BACK BACK BACK BACK BACK, "Kildong H");
	desk_see(F9 " ghd", "Kildong 홍");
}

Test(typing, utf8_from_the_terminal_is_taken_as_it_is)
{
	desk_see(TAB "홍길동", "성명              홍길동___");
	/* decomposed letters become the same name */
	desk_see(BACK BACK BACK "\xe1\x84\x92\xe1\x85\xa9\xe1\x86\xbc",
	    "성명              홍___");
}

/* What is wrong is said, what was typed stays, nothing is sent. */
Test(typing, wrong_fields_are_told_and_kept)
{
	/* clang-format off */
	static const struct {
		const char *keys, *said, *kept;
	} rows[] = {
		{ ENTER ENTER ENTER ENTER ENTER, "성명을 입력해 주십시오", "" },
		{ TAB "ghdrlfehd" TAB "90010" ENTER ENTER,
		  "13자리입니다. 5자리를 입력하셨습니다", "홍길동" },
		{ TAB TAB "ab", "여기에는 쓸 수 없는 글자입니다", "" },
		{ TAB TAB "90010119700155", "더 입력하실 수 없습니다", "900101-1******" },
		{ TAB "ghd" TAB "9002301970011" TAB "20190305" ENTER,
		  "앞 6자리가 없는 날짜입니다", "900230-1******" },
		{ TAB "ghdrlfehd" TAB "9001011970015" TAB "20190231" ENTER,
		  "없는 날짜입니다. 신분증 앞면", "2019-02-31" },
		{ TAB "ghdrlfehd" TAB "9001011970015" TAB "29990101" ENTER,
		  "오늘보다 뒤의 날짜입니다", "2999-01-01" },
		{ TAB "gg" TAB "9001011970015" TAB "20190305" ENTER,
		  "글자가 다 만들어지지 않았습니다", "ㅎㅎ" },
		{ TAB "ghdrlfehd" TAB PASTE "900101 1970" PASTED TAB "20190305" ENTER,
		  "13자리입니다. 10자리를 입력하셨습니다", "900101-1***" },
		{ TAB PASTE "홍\001길\033동" PASTED, "홍길동___", "" },
		{ "2" TAB TAB TAB "27-10-123456-10" ENTER ENTER,
		  "앞 2자리는 지역 번호로", "27-10-123456-10" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		desk_see(rows[i].keys, rows[i].said);
		cr_expect(vt_has(desk_vt, rows[i].kept), "row %zu\n%s", i,
		    vt_screen(desk_vt));
		desk_see("", "신분증에 적힌 내용을");
		vt_keys(desk_vt, F10);
		if (!vt_has(desk_vt, "잃어버리셨나요"))
			vt_keys(desk_vt, F10);
		desk_see("", "잃어버리셨나요");
		desk_to_identity();
	}
	cr_expect(!desk_agent_said("identity"));
}

Test(typing, a_paste_of_a_megabyte_is_cut_and_told)
{
	char *much = malloc(MEGABYTE);

	cr_assert(much != NULL);
	memset(much, 'r', MEGABYTE);
	vt_keys(desk_vt, TAB PASTE);
	cr_assert(vt_type(desk_vt, much, MEGABYTE), "not read in time");
	desk_see(PASTED, "더 입력하실 수 없습니다");
	/* and one that the terminal does not mark as such */
	vt_keys(desk_vt, TAB);
	memset(much, '9', MEGABYTE);
	cr_assert(vt_type(desk_vt, much, MEGABYTE), "not read in time");
	desk_see("", "999999-9******");
	free(much);
	desk_see(F1, "무엇을 도와 드릴까요");
	desk_see(F1, "신분증에 적힌 내용을");
}

Test(typing, newlines_of_a_paste_do_not_press_enter)
{
	desk_see(TAB PASTE "홍길동\n9001011970015\n20190305\n\n" PASTED,
	    "보이지 않는 글자");
	desk_see("", "신분증에 적힌 내용을");
	cr_expect(!desk_agent_said("identity"));
}

Test(typing, broken_utf8_leaves_no_text)
{
	static const char *const rows[] = { "\xff\xfe", "\x80\x81", "\xc3",
		"\xed\xa0\x80", "\xf5\x80\x80\x80", "\xc0\xaf", "\xf0\x9f\x98",
		"\xe2\x80" };

	vt_keys(desk_vt, TAB);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		cr_assert(vt_keys(desk_vt, rows[i]));
		expect_no_name(rows[i]);
	}
}

Test(typing, unknown_sequences_leave_no_text)
{
	static const char *const rows[] = { "\033[99~", "\033[?1;2c",
		"\033]0;title\007", "\033]52;c;QUJD\033\\", "\033P1$r0m\033\\",
		"\033[1;99X", "\033^word\033\\", "\033_word\033\\",
		"\033[200;1;1;1;1u", "\033Oz", "\033[[Z", "\033[38;5;1m",
		"\033[I\033[O" };

	vt_keys(desk_vt, TAB);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		cr_assert(vt_keys(desk_vt, rows[i]));
		expect_no_name(rows[i]);
	}
}
