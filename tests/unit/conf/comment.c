/*
 * Comments are nothing: no value, and no line more or less.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "conf/comment.h"
#include "fixture.h"

TestSuite(conf_comment, .init = conf_setup, .fini = conf_teardown);

/* Each has its fault, practice = maybe or another, on the line named. */
/* clang-format off */
static const struct broken commented[] = {
	{ "# a\n# b\npractice = maybe\n", 13, "maybe", "true or false" },
	{ "// a\n//b\n///c\npractice = maybe\n", 14, "maybe", "true" },
	{ "#\n//\n/**/\npractice = maybe\n", 14, "maybe", "true" },
	{ "/* a */ practice = maybe\n", 11, "maybe", "true" },
	{ "/* a\n * b\n **/\npractice = maybe\n", 14, "maybe", "true" },
	{ "/* # // \" ' */ practice = maybe\n", 11, "maybe", "true" },
	{ "# it's /* \"\npractice = maybe\n", 12, "maybe", "true" },
	{ "practice = maybe # true\n", 11, "maybe", "true" },
	{ "practice = maybe// true\n", 11, "maybe//", "true" },
	{ "practice = // true\n maybe // false\n", 12, "maybe", "true" },
	{ "practice = true # a\npractice = maybe /* b */\n", 12, "maybe",
	    "true" },
	{ "kiosk { # a\n # b\n idle_s = 30 // c\n idle_s = soon }\n", 14,
	    "soon", "5 to 3600" },
	{ "kiosk /* a */ { /* b\n */ idle_s = /* c */ soon }\n", 12, "soon",
	    "5 to 3600" },
	{ "kiosk { # }\n idle = 3 }\n", 12, "'idle'", "idle_s" },
	{ "holidays = { # a\n \"2026-12-25\", // b\n /* c */ Xmas }\n", 13,
	    "Xmas", "days such as" },
	{ "# a\nholidays = {\"2026-12-25\", # Xmas\n \"2027-01-01\"}\n"
	    "practice = maybe\n", 14, "maybe", "true" },
	{ "branch { name = \"#1 // /* \" }\n# a\npractice = maybe\n", 13,
	    "maybe", "true" },
	{ "branch { name = 'a # b' }\n# a\npractice = maybe\n", 13, "maybe",
	    "true" },
	{ "branch { name = \"\\\"# \" }\n# a\npractice = maybe\n", 13,
	    "maybe", "true" },
	{ "peers { cmp_url = http://ca.example/a }\n# a\npractice = maybe\n",
	    13, "maybe", "true" },
	{ "# a\r\n// b\r\n/* c\r\n */\r\npractice = maybe\r\n", 15,
	    "\"maybe\"", "true" },
	{ "# a\npractice = maybe", 12, "maybe", "true" },
	{ "# a\npractice = maybe # b", 12, "maybe", "true" },
	{ "# a\n# b\nfee { issuer = yessign } # c\n", 13, "no won", "0 to" },
	{ "# a\n# b\ninclude(\"absent.conf\")\n", 13, "No such file",
	    "readable file" },
};
/* clang-format on */

static void
expect_told(const struct broken *b, const char *file)
{
	char place[64];

	snprintf(place, sizeof place, "/%s:%d: ", file, b->line);
	cr_expect(strstr(message, place) != NULL, "%s, wanted %s in %s",
	    b->added, place, message);
	cr_expect(strstr(message, b->found) != NULL &&
		      strstr(message, b->expected) != NULL,
	    "%s -> %s", b->added, message);
}

Test(conf_comment, comments_do_not_move_the_line_that_is_told)
{
	for (size_t i = 0; i < sizeof commented / sizeof commented[0]; i++) {
		struct err e = load_with(commented[i].added);

		cr_expect_eq(e.code, E_CONFIG, "%s", commented[i].added);
		expect_told(&commented[i], "dasi.conf");
	}
}

Test(conf_comment, comments_do_not_move_the_line_in_an_included_file)
{
	for (size_t i = 0; i < sizeof commented / sizeof commented[0]; i++) {
		struct broken b = commented[i];

		b.line -= 10;
		put("more.conf", b.added);
		cr_expect_eq(load_with("# a\ninclude(\"more.conf\")\n").code,
		    E_CONFIG, "%s", b.added);
		expect_told(&b, "more.conf");
	}
}

Test(conf_comment, after_an_include_the_outer_file_goes_on_counting)
{
	/* clang-format off */
	static const struct broken rows[] = {
		{ "include(\"more.conf\")\npractice = maybe\n", 12, "maybe",
		    "true" },
		{ "# a\ninclude(\"more.conf\") practice = maybe\n", 12,
		    "maybe", "true" },
		{ "include(/* a\n */ \"more.conf\") # b\n\npractice = maybe\n",
		    14, "maybe", "true" },
		{ "include(\"more.conf\")\ninclude(\"more.conf\")\n"
		    "kiosk {\n idle_s = soon }\n", 14, "soon", "5 to 3600" },
		{ "include(\"more.conf\")\nfee { issuer = yessign }\n", 12,
		    "no won", "0 to" },
	};
	/* clang-format on */

	put("peers.conf", "# deep\n// deeper\nkiosk { idle_s = 40 } # end");
	put("more.conf", "# a\ninclude(\"peers.conf\")\n/* b\n */\n");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		cr_expect_eq(load_with(rows[i].added).code, E_CONFIG);
		expect_told(&rows[i], "dasi.conf");
	}
	put("more.conf", "# a\ninclude(\"peers.conf\")\n\npractice = maybe\n");
	cr_expect_eq(load_with("include(\"more.conf\")\n").code, E_CONFIG);
	expect_told(&(struct broken){ "", 4, "maybe", "true" }, "more.conf");
}

Test(conf_comment, an_included_file_ends_what_it_begins)
{
	/* clang-format off */
	static const struct broken rows[] = {
		{ "# a\nkiosk { idle_s = 30\n", 4, "ends inside kiosk", "}" },
		{ "kiosk { idle_s = 30 }\n/* a\n", 5, "comment", "settings" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		put("more.conf", rows[i].added);
		cr_expect_eq(
		    load_with("include(\"more.conf\")\n}\n").code, E_CONFIG);
		expect_told(&rows[i], "more.conf");
	}
	cr_expect_eq(load_with("").code, E_NONE, "%s", message);
}

Test(conf_comment, comments_are_no_values_and_quoted_ones_are)
{
	struct err e;

	put("more.conf", "# '\nkiosk { idle_s = 30 # \" }\n }\n"
			 "branch { bank = \"/* Bank */\" } // \"");
	e = load_with("branch { name = \"#1 // it's\" code = 'a' # '\n"
		      "  code = B-2 }\r\n"
		      "role kiosk { users = { a, # b, c\n"
		      "  /* d, */ e // f\n"
		      "} }\r\n"
		      "include(\"more.conf\") # include(\"absent.conf\")\n"
		      "peers { cmp_url = http://ca.example/#a }\n"
		      "  ocsp_url = 'https://o.example/#a' } # }\n"
		      "media { directory = \"${DASI_NONE:-/a#\"b}\" }\n"
		      "agent { state = ${DASI_NONE:-/#'} socket=/s/* c */ }\n"
		      "practice = true# the end");
	cr_assert_eq(e.code, E_NONE, "%s", message);
	cr_expect_str_eq(c.branch, "#1 // it's");
	cr_expect_str_eq(c.branch_code, "B-2");
	cr_assert_eq(c.roles[0].user_count, 2);
	cr_expect_str_eq(c.roles[0].users[1], "e");
	cr_expect_eq(c.idle_s, 30);
	cr_expect_str_eq(c.bank, "/* Bank */");
	cr_expect_str_eq(c.cmp_url, "http://ca.example/");
	cr_expect_str_eq(c.ocsp_url, "https://o.example/#a");
	cr_expect_str_eq(c.media, "/a#\"b");
	cr_expect_str_eq(c.state, "/#'");
	cr_expect_str_eq(c.socket, "/s");
	cr_expect(c.practice);
}

Test(conf_comment, each_becomes_blanks_and_all_else_stays)
{
	/* clang-format off */
	static const char *const rows[][2] = {
		{ "", "" },
		{ "#", " " },
		{ "a#b\nc", "a  \nc" },
		{ "a //b\r\nc", "a     \nc" },
		{ "a//b", "a//b" },
		{ "a=//b", "a=   " },
		{ "\"a\"//b", "\"a\"   " },
		{ "/", "/" },
		{ "/*/ a\n*/b", "     \n  b" },
		{ "a/**/b", "a    b" },
		{ "a/* #b", "a/* #b" },
		{ "/**", "/**" },
		{ "'#' #", "'#'  " },
		{ "'\\'#' #", "'\\'#'  " },
		{ "'\\\\'#'", "'\\\\'  " },
		{ "\"\\\"#\"#", "\"\\\"#\" " },
		{ "\"a\n#\" #", "\"a\n#\"  " },
		{ "\"#", "\"#" },
		{ "'\\", "'\\" },
		{ "\"${A:-\"}#\"#", "\"${A:-\"}#\" " },
		{ "'${A:-'}#'", "'${A:-'}  " },
		{ "\"${#\"#", "\"${#\" " },
		{ "${A:-#}#}", "${A:-#}  " },
		{ "${#", "${ " },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char text[32];

		snprintf(text, sizeof text, "%s", rows[i][0]);
		conf_blank_comments(text, strlen(text));
		cr_expect_str_eq(text, rows[i][1]);
	}
}

/* Every text of up to six of the bytes that matter. */
Test(conf_comment, no_line_is_moved_and_twice_is_once_in_any_text)
{
	static const char bytes[] = "#/*\"'\\\n${}";
	enum { N = sizeof bytes - 1, LEN = 6, ALL = N * N * N * N * N * N };

	for (int i = 0; i < ALL; i++) {
		char was[LEN], text[LEN + 1] = "", again[LEN];

		for (int k = 0, v = i; k < LEN; k++, v /= N)
			text[k] = was[k] = bytes[v % N];
		text[LEN] = 'x'; /* behind the end */
		conf_blank_comments(text, LEN);
		for (int k = 0; k < LEN; k++)
			if (text[k] != was[k] &&
			    (text[k] != ' ' || was[k] == '\n'))
				cr_assert(false, "%.6s became %.6s", was, text);
		cr_assert_eq(text[LEN], 'x');
		memcpy(again, text, LEN);
		conf_blank_comments(again, LEN);
		if (memcmp(again, text, LEN) != 0)
			cr_assert(false, "%.6s, then %.6s", text, again);
	}
}
