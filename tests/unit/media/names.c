/*
 * Names that may and may not appear on a stick.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "help.h"
#include "prog/media/names.h"

/* clang-format off */
static const struct { const char *s; bool ok; } leaves[] = {
	{ LEAF, true },
	{ "cn=Hong Gil Dong,c=KR", true },
	{ "", false },
	{ ".", false },
	{ "..", false },
	{ ".hidden", false },
	{ "../../etc", false },
	{ "a/b", false },
	{ "a\\b", false },
	{ "C:", false },
	{ "a*", false },
	{ "a?", false },
	{ "\"a\"", false },
	{ "<a>", false },
	{ "a|b", false },
	{ "trailing ", false },
	{ "trailing.", false },
	{ "line\nbreak", false },
	{ "esc\x1b[2J", false },
	{ "del\x7f", false },
	{ "turned\xe2\x80\xae" "around", false },
	{ "broken\xff", false },
	{ "\xed\xa0\x80", false },	/* a surrogate */
};

static const struct { const char *s; bool pair, beside; } files[] = {
	{ "signCert.der", true, false },
	{ "signPri.key", true, false },
	{ "kmCert.der", true, false },
	{ "kmPri.key", true, false },
	{ "signcert.der", false, false },
	{ "signPri.key ", false, false },
	{ "autorun.inf", false, false },
	{ "hong.p12", false, true },
	{ "홍길동_0a1b.pfx", false, true },
	{ ".p12", false, false },
	{ "../hong.p12", false, false },
	{ "hong.p12.exe", false, false },
};
/* clang-format on */

Test(names, a_leaf_is_one_component_that_fat_keeps_as_it_is)
{
	char long_name[256 * 3 + 1] = "";

	for (size_t i = 0; i < sizeof leaves / sizeof leaves[0]; i++)
		cr_expect_eq(
		    name_is_leaf(leaves[i].s), leaves[i].ok, "%s", leaves[i].s);
	for (int i = 0; i < 255; i++)
		strcat(long_name, "가");
	cr_expect(name_is_leaf(long_name));
	cr_expect_eq(strlen(long_name) + 1, NAME_ROOM);
	strcat(long_name, "가");
	cr_expect_not(name_is_leaf(long_name));
}

Test(names, an_organisation_is_letters_and_digits)
{
	cr_expect(name_is_organisation("yessign"));
	cr_expect(name_is_organisation("KICA"));
	cr_expect_not(name_is_organisation(""));
	cr_expect_not(name_is_organisation(".."));
	cr_expect_not(name_is_organisation("a b"));
	cr_expect_not(name_is_organisation("한국"));
	cr_expect_not(
	    name_is_organisation("a23456789012345678901234567890123"));
}

Test(names, files_come_from_a_fixed_set)
{
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		cr_expect_eq(name_is_pair_file(files[i].s), files[i].pair, "%s",
		    files[i].s);
		cr_expect_eq(name_is_beside(files[i].s), files[i].beside, "%s",
		    files[i].s);
	}
}

Test(names, temporary_names_are_recognised_and_differ)
{
	char a[NAME_TEMP], b[NAME_TEMP];

	name_make_temp(a);
	name_make_temp(b);
	cr_expect(name_is_temp(a), "%s", a);
	cr_expect_str_neq(a, b);
	cr_expect_not(name_is_temp(".dasi-"));
	cr_expect_not(name_is_temp(".dasi-0123456g"));
	cr_expect_not(name_is_temp(".dasi-012345678"));
	cr_expect_not(name_is_temp("dasi-0123456789"));
}
