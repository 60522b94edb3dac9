/*
 * Around the fields: language, size, quiet, help, staff, and the end.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "desk.h"

TestSuite(desk, .init = desk_open, .fini = desk_close, .timeout = DESK_SECONDS);

Test(desk, f3_switches_the_language_and_keeps_what_was_typed)
{
	desk_sit(24, 80, NULL);
	desk_see(F3, "Have you lost your joint certificate?");
	desk_see(F3, "공동인증서를 잃어버리셨나요?");
	desk_to_identity();
	desk_see(TAB "ghdrlfehd" TAB "900101", "홍길동");
	desk_see(F3, "Please type what is printed on your ID");
	desk_see("", "홍길동");
	desk_see("", "900101-");
	desk_see("1", "900101-1");
	/* the next customer begins in Korean */
	desk_see(F10, "F10");
	desk_see(F10, "공동인증서를 잃어버리셨나요?");
}

Test(desk, every_size_shows_where_it_is_and_nothing_is_lost)
{
	static const struct {
		int rows, cols;
	} sizes[] = { { 10, 44 }, { 13, 57 }, { 40, 120 }, { 24, 80 } };

	desk_sit(24, 80, NULL);
	desk_to_identity();
	desk_see(TAB "ghdrlfehd", "홍길동");
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		vt_resize(desk_vt, 8, 30);
		desk_see("", "화면이 너무 작습니다");
		desk_see_no("", "홍길동");
		vt_resize(desk_vt, sizes[i].rows, sizes[i].cols);
		desk_see_no("", "너무 작습니다");
		desk_see("", "홍길동");
		cr_expect(vt_has(desk_vt, "성명"), "%d x %d\n%s", sizes[i].cols,
		    sizes[i].rows, vt_screen(desk_vt));
	}
	desk_see(BACK, "홍길도");
}

Test(desk, a_visit_goes_on_in_the_smallest_window)
{
	desk_sit(10, 44, NULL);
	desk_to_identity();
	desk_see(TAB "ghdrlfehd", "홍길동");
	desk_see(TAB, "주민등록번호");
}

Test(desk, a_quiet_customer_is_asked_and_one_key_goes_on)
{
	desk_sit(24, 80, "kiosk { idle_s = 5\n idle_warn_s = 5\n}\n");
	desk_to_identity();
	desk_see(TAB "ghdrlfehd", "홍길동");
	desk_see("", "계속하시겠습니까?");
	desk_see_no("", "홍길동");
	desk_see(ENTER, "홍길동");
	desk_see("", "신분증에 적힌 내용을");
	/* nobody there: the first screen, and nothing of the visit */
	desk_see("", "계속하시겠습니까?");
	desk_see("", "공동인증서를 잃어버리셨나요?");
	desk_see_no("", "홍길동");
	desk_to_identity();
	desk_see_no("", "홍길동");
}

/* No clerk's terminal is connected here, and the screen does not pretend. */
Test(desk, a_call_for_staff_that_reaches_nobody_says_so)
{
	desk_sit(24, 80, NULL);
	desk_to_identity();
	desk_see(TAB "ghdrlfehd", "홍길동");
	desk_see(F2, "호출이 전해지지 않았습니다");
	desk_see("", "가까운 직원에게 말씀해");
	desk_see_no("", "호출했습니다");
	desk_see(ENTER, "홍길동");
	desk_see(F1, "무엇을 도와 드릴까요");
	desk_see(ESC, "홍길동");
}

Test(desk, f10_asks_before_typed_things_are_lost)
{
	desk_sit(24, 80, NULL);
	desk_to_identity();
	desk_see(TAB "ghdrlfehd", "홍길동");
	desk_see(F10, "처음으로 돌아가시겠습니까?");
	desk_see_no(TAB, "처음으로 돌아가시겠습니까?");
	desk_see("", "홍길동");
	desk_see(F10, "처음으로 돌아가시겠습니까?");
	desk_see(F10, "공동인증서를 잃어버리셨나요?");
}

/* SIGTERM gives the terminal back; a hang-up has none to give. */
static void
ends_by(int signal)
{
	const char *out;
	int status = -1;
	size_t n = 0;

	desk_sit(24, 80, NULL);
	desk_to_identity();
	desk_see(TAB "ghdrlfehd", "홍길동");
	if (signal == SIGHUP)
		vt_hangup(desk_vt);
	else
		cr_assert(kill(vt_pid(desk_vt), signal) == 0);
	cr_assert(vt_wait_exit(desk_vt, &status, DESK_LIMIT_MS));
	cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%x", status);
	out = vt_output(desk_vt, &n);
	if (signal != SIGHUP)
		cr_expect(memmem(out, n, "\033[?1049l", 8) != NULL);
}

Test(desk, sigterm_ends_it_cleanly)
{
	ends_by(SIGTERM);
}

Test(desk, sigint_ends_it_cleanly)
{
	ends_by(SIGINT);
}

Test(desk, a_hang_up_ends_it_cleanly)
{
	ends_by(SIGHUP);
}
