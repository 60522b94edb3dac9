/*
 * What a program ends with before it has begun.
 */
#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <stdio.h>
#include <string.h>

#include "conf/start.h"
#include "fixture.h"

static char path[512], option[] = "--config", other[] = "--relay";

static void
begin(void)
{
	conf_setup();
	snprintf(path, sizeof path, "%s/dasi.conf", dir);
	cr_redirect_stderr();
}

TestSuite(start, .init = begin, .fini = conf_teardown);

/* Both borrowed; NULL where there is no argument. */
static int
start_with(char *first, char *second)
{
	char name[] = "dasi-print";
	char *argv[] = { name, first, second, NULL };
	int argc = first == NULL ? 1 : second == NULL ? 2 : 3;

	return conf_start(&c, "dasi-print", LOG_INFO, argc, argv);
}

Test(start, a_good_file_is_read_and_nothing_said)
{
	put("dasi.conf", GOOD);
	cr_expect_eq(start_with(option, path), EXIT_GOOD);
	cr_expect_str_eq(c.bank_code, "004");
	fputs("|", stderr);
	fflush(stderr);
	cr_assert_stderr_eq_str("|");
}

Test(start, a_broken_file_ends_it_with_3_and_its_line_in_the_log)
{
	char want[1024];

	put("dasi.conf", GOOD "idle_s = soon\n");
	cr_expect_eq(start_with(option, path), EXIT_ENVIRONMENT);
	cr_assert(err_is(load("dasi.conf")));
	snprintf(want, sizeof want, "<3>dasi-print: %s\n", message);
	cr_assert_stderr_eq_str(want);
}

Test(start, anything_but_a_configuration_file_ends_it_with_2)
{
	put("dasi.conf", GOOD);
	cr_expect_eq(start_with(option, NULL), EXIT_USAGE);
	cr_expect_eq(start_with(path, NULL), EXIT_USAGE);
	cr_expect_eq(start_with(other, path), EXIT_USAGE);
	fflush(stderr);
	cr_assert_stderr_eq_str("usage: dasi-print [--config FILE]\n"
				"usage: dasi-print [--config FILE]\n"
				"usage: dasi-print [--config FILE]\n");
}
