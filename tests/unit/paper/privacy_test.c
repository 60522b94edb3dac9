/*
 * unit/paper/privacy_test.c - numbers that must not get on paper.
 */
#include "paper/privacy.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct {
	const char *text;
	bool found;
	const char *blotted;
} texts[] = {
	{ "9001011970015", true, "*************" },
	{ "900101-1970015", true, "******-*******" },
	{ "번호는 900101 1970015 입니다", true,
	    "번호는 ****** ******* 입니다" },
	{ "900101\xe2\x80\x93"
	  "1970015",
	    true, "******\xe2\x80\x93*******" },
	{ "９００１０１１９７００１５", true, "*************" },
	{ "90.01.01-1970015", true, "**.**.**-*******" },
	{ "4518 1234 5678 9012", true, "**** **** **** ****" },
	{ "4518-12**-****-1234", false, "4518-12**-****-1234" },
	{ "900101-1******", false, "900101-1******" },
	{ "R-20261122-0031", false, "R-20261122-0031" },
	{ "010-1234-5678", false, "010-1234-5678" },
	{ "2026-11-22 14:05:09", false, "2026-11-22 14:05:09" },
	{ "12345678901234567890", false, "12345678901234567890" },
	{ "123456  7890123", false, "123456  7890123" },
	{ "", false, "" },
};

Test(privacy, a_persons_number_is_found_however_it_is_written)
{
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		char out[128];

		cr_expect_eq(privacy_finds(texts[i].text), texts[i].found, "%s",
		    texts[i].text);
		cr_expect(privacy_blot(out, sizeof out, texts[i].text));
		cr_expect_str_eq(out, texts[i].blotted);
		cr_expect_not(privacy_finds(out), "blotted: %s", out);
	}
}

Test(privacy, a_mask_is_an_asterisk_and_no_number)
{
	cr_expect(privacy_is_masked("홍*동"));
	cr_expect_not(privacy_is_masked("홍길동"));
	cr_expect_not(privacy_is_masked(""));
	cr_expect_not(privacy_is_masked("* 9001011970015"));
}

Test(privacy, what_does_not_fit_or_is_no_text_is_not_copied)
{
	char out[8];

	cr_expect_not(privacy_blot(out, sizeof out, "12345678"));
	cr_expect_str_eq(out, "");
	cr_expect_not(privacy_blot(out, sizeof out, "\xff"));
	cr_expect_str_eq(out, "");
	cr_expect(privacy_finds("\xff"), "nobody can tell what it is");
}
