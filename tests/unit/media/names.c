/*
 * Names that may and may not appear on a stick; SHA-256 vectors.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "base/text.h"
#include "help.h"
#include "prog/media/names.h"
#include "prog/media/sha256.h"

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

Test(sha256, agrees_with_the_published_vectors)
{
	static const struct {
		const char *text, *hex;
	} v[] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb924"
		      "27ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223"
			 "b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		    "248d6a61d20638b8e5c026930c3e6039"
		    "a33ce45964ff2167f6ecedd419db06c1" },
	};
	static uint8_t million[1000000];
	uint8_t digest[SHA256_SIZE];
	char hex[HEX_TEXT(SHA256_SIZE)];

	for (size_t i = 0; i < sizeof v / sizeof v[0]; i++) {
		sha256(digest, span_str(v[i].text));
		hex_encode(hex, sizeof hex, span_make(digest, sizeof digest));
		cr_expect_str_eq(hex, v[i].hex);
	}
	memset(million, 'a', sizeof million);
	sha256(digest, span_make(million, sizeof million));
	hex_encode(hex, sizeof hex, span_make(digest, sizeof digest));
	cr_expect_str_eq(hex, "cdc76e5c9914fb9281a1c7e284d73e67"
			      "f1809a48a497200e046d39ccc7112cd0");
}
