/*
 * Subject names: DER types, folder names a FAT stick can hold, the person.
 */
#include "support.h"

#include <string.h>

#include "base/utf8.h"
#include "npki/name.h"

TestSuite(name, .init = npki_setup);

static X509_NAME *
build(const char *o, const char *cn)
{
	struct name_part parts[] = { { "C", "kr" }, { "O", o },
		{ "OU", "personal4IB" }, { "OU", "IBK" }, { "CN", cn } };
	X509_NAME *name;

	cr_assert(eq(int, name_build(&name, parts, 5).code, E_NONE));
	return name;
}

Test(name, a_leaf_is_most_specific_first_with_raw_values)
{
	X509_NAME *name = build("yessign", "홍길동()0003040200501070949785");
	char text[NAME_LEAF];

	cr_assert(eq(int, name_leaf(text, name).code, E_NONE));
	expect_text(text,
	    "cn=홍길동()0003040200501070949785,ou=IBK,ou=personal4IB,"
	    "o=yessign,c=kr");
	X509_NAME_free(name);
}

Test(name, the_fixtures_leaf_is_the_published_one)
{
	X509 *cert = fixture_cert();
	char text[NAME_LEAF];

	cr_assert(
	    eq(int, name_leaf(text, X509_get_subject_name(cert)).code, E_NONE));
	expect_text(text,
	    "cn=HKD(KILDONG.HONG)009104120200225191000030,ou=INITECH,"
	    "ou=personal4IB,o=yessign,c=kr");
	X509_free(cert);
}

Test(name, country_is_printable_and_the_rest_utf8)
{
	X509_NAME *name = build("yessign", "홍길동()0003041");

	for (int i = 0; i < 5; i++)
		cr_expect(eq(int,
		    ASN1_STRING_type(
			X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i))),
		    i == 0 ? V_ASN1_PRINTABLESTRING : V_ASN1_UTF8STRING));
	X509_NAME_free(name);
}

Test(name, parts_that_make_no_name_are_refused)
{
	static const struct name_part bad[] = { { "XX", "a" }, { "CN", "" },
		{ "C", "kor" }, { "CN", "\xff\xfe" } };
	X509_NAME *name;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		cr_expect(eq(int, name_build(&name, &bad[i], 1).code, E_ARG));
		cr_expect(name == NULL);
	}
	cr_expect(eq(int, name_build(&name, bad, 0).code, E_ARG));
}

static const struct {
	const char *cn, *leaf;
} fat[] = {
	{ "a/b\\c:d*e?f\"g<h>i|j", "cn=a_b_c_d_e_f_g_h_i_j" },
	{ "..", "cn=__" },
	{ "../../etc", "cn=.._.._etc" },
	{ "end. ", "cn=end__" },
	{ "a. b", "cn=a. b" },
	{ "tab\there", "cn=tab_here" },
	{ "홍길동 (주)", "cn=홍길동 (주)" },
	{ "right\xe2\x80\xaeleft", "cn=right_left" },
};

Test(name, what_a_fat_stick_cannot_hold_becomes_an_underscore)
{
	for (size_t i = 0; i < sizeof fat / sizeof *fat; i++) {
		struct name_part part = { "CN", fat[i].cn };
		X509_NAME *name;
		char text[NAME_LEAF];

		cr_assert(eq(int, name_build(&name, &part, 1).code, E_NONE));
		cr_assert(eq(int, name_leaf(text, name).code, E_NONE));
		expect_text(text, fat[i].leaf);
		X509_NAME_free(name);
	}
}

static size_t
utf16_units(const char *s)
{
	size_t units = 0, n;
	uint32_t cp;

	for (; *s != '\0'; s += n) {
		n = utf8_decode(&cp, s, strlen(s));
		cr_assert(gt(sz, n, 0));
		units += cp > 0xffff ? 2 : 1;
	}
	return units;
}

/* cn=<n times c>,ou=<tail> */
static X509_NAME *
long_name(const char *c, int n, const char *tail)
{
	struct name_part parts[3];
	static char first[257], second[257];
	X509_NAME *name;
	size_t one = strlen(c);

	first[0] = second[0] = '\0';
	for (int i = 0; i < n; i++) {
		char *to = strlen(first) + one < 200 ? first : second;

		memcpy(to + strlen(to), c, one + 1);
	}
	parts[0] = (struct name_part){ "OU", tail };
	parts[1] = (struct name_part){ "OU", *second ? second : "x" };
	parts[2] = (struct name_part){ "CN", first };
	cr_assert(eq(int, name_build(&name, parts, 3).code, E_NONE));
	memset(first, 0, sizeof first);
	memset(second, 0, sizeof second);
	return name;
}

Test(name, a_long_leaf_is_cut_to_255_units_and_stays_its_own)
{
	char a[NAME_LEAF], b[NAME_LEAF];

	for (int n = 20; n < 130; n++) {
		X509_NAME *one = long_name("홍", n,
		    "가나다라마바사아자차카타파하"
		    "가나다라마바사아자차카타파하"
		    "가나다라마바사아자차카타파하"
		    "가나다라마바사아자차카타파하"
		    "가나다라마바사아자차카타파1");
		X509_NAME *two = long_name("홍", n,
		    "가나다라마바사아자차카타파하"
		    "가나다라마바사아자차카타파하"
		    "가나다라마바사아자차카타파하"
		    "가나다라마바사아자차카타파하"
		    "가나다라마바사아자차카타파2");

		cr_assert(eq(int, name_leaf(a, one).code, E_NONE));
		cr_assert(eq(int, name_leaf(b, two).code, E_NONE));
		cr_expect(le(sz, utf16_units(a), NAME_LEAF_UNITS), "%d", n);
		cr_expect(strcmp(a, b) != 0, "%d", n);
		cr_expect(utf8_valid(a, strlen(a)));
		X509_NAME_free(one);
		X509_NAME_free(two);
	}
}

Test(name, a_cut_leaf_ends_in_a_mark_of_eight_digits)
{
	X509_NAME *name = long_name("\xf0\x9f\x98\x80", 100,
	    "a unit with a rather long name, so that it is too much at last");
	char text[NAME_LEAF];
	size_t n;

	cr_assert(eq(int, name_leaf(text, name).code, E_NONE));
	n = strlen(text);
	cr_expect(eq(chr, text[n - 9], '~'));
	cr_expect(eq(sz, strspn(text + n - 8, "0123456789abcdef"), 8));
	cr_expect(ge(sz, utf16_units(text), NAME_LEAF_UNITS - 1));
	X509_NAME_free(name);
}

Test(name, the_folder_above_is_the_organization_made_safe)
{
	static const struct {
		const char *o, *folder;
	} rows[] = { { "yessign", "yessign" }, { "KICA", "KICA" },
		{ "..", "__" }, { "a/b", "a_b" }, { "dots.", "dots_" } };
	char text[NAME_VALUE];
	struct name_part cn = { "CN", "x" };
	X509_NAME *name;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		name = build(rows[i].o, "x");
		cr_assert(eq(int, name_org(text, name).code, E_NONE));
		expect_text(text, rows[i].folder);
		X509_NAME_free(name);
	}
	cr_assert(eq(int, name_build(&name, &cn, 1).code, E_NONE));
	cr_expect(eq(int, name_org(text, name).code, E_NOTFOUND));
	X509_NAME_free(name);
}

static const struct {
	const char *cn, *person;
} people[] = {
	{ "홍길동()0003040200501070949785", "홍길동" },
	{ "HKD(KILDONG.HONG)009104120200225191000030", "HKD" },
	{ "(주)다시은행()0003040200501070949785", "(주)다시은행" },
	{ "홍길동-6422061", "홍길동" },
	{ "홍길동_0000148508", "홍길동" },
	{ "홍-길동", "홍-길동" },
	{ "홍길동", "홍길동" },
	{ "홍길동(HONG)", "홍길동(HONG)" },
	{ "-123", "-123" },
	{ "()000304", "()000304" },
	{ "", "" },
};

Test(name, the_person_is_found_in_a_common_name)
{
	char text[NAME_VALUE], small[5];

	for (size_t i = 0; i < sizeof people / sizeof *people; i++) {
		name_person(text, sizeof text, people[i].cn);
		expect_text(text, people[i].person);
	}
	name_person(small, sizeof small, "홍길동");
	expect_text(small, "홍");
}

Test(name, a_value_with_a_nul_or_no_text_is_refused)
{
	X509_NAME *name = X509_NAME_new();
	char text[NAME_LEAF];

	cr_expect(eq(int, name_leaf(text, name).code, E_FORMAT));
	X509_NAME_add_entry_by_txt(
	    name, "CN", V_ASN1_UTF8STRING, (const uint8_t *)"a\0b", 3, -1, 0);
	cr_expect(eq(int, name_leaf(text, name).code, E_FORMAT));
	expect_text(text, "");
	X509_NAME_free(name);
}
