/*
 * Contacts, names and dates; the keys; and bytes nobody meant to type.
 */
#include "support.h"

#include "identity/contact.h"

/* clang-format off */
static const struct row rows[] = {
	{ ID_PHONE, "010-0000-1234", ID_OK, ID_R_NONE, "01000001234" },
	{ ID_PHONE, "010 0000 1234", ID_OK, ID_R_NONE, "01000001234" },
	{ ID_PHONE, "+82 10-0000-1234", ID_OK, ID_R_NONE, "01000001234" },
	{ ID_PHONE, "+82 (0)10-0000-1234", ID_OK, ID_R_NONE, "01000001234" },
	{ ID_PHONE, "(02) 123-4567", ID_OK, ID_R_NONE, "021234567" },
	{ ID_PHONE, "02.1234.5678", ID_OK, ID_R_NONE, "0212345678" },
	{ ID_PHONE, "031-123-4567", ID_OK, ID_R_NONE, "0311234567" },
	{ ID_PHONE, "070-1234-5678", ID_OK, ID_R_NONE, "07012345678" },
	{ ID_PHONE, "0505-123-4567", ID_OK, ID_R_NONE, "05051234567" },
	{ ID_PHONE, "1566-0566", ID_OK, ID_R_NONE, "15660566" },
	{ ID_PHONE, "011-123-4567", ID_OK, ID_R_NONE, "0111234567" },
	{ ID_PHONE, "010-123-4567", ID_REJECT, ID_R_LENGTH, "" },
	{ ID_PHONE, "010-12345-6789", ID_REJECT, ID_R_LENGTH, "" },
	{ ID_PHONE, "034-123-4567", ID_REJECT, ID_R_REGION, "" },
	{ ID_PHONE, "999-1234-5678", ID_REJECT, ID_R_REGION, "" },
	{ ID_PHONE, "+82", ID_REJECT, ID_R_EMPTY, "" },
	{ ID_PHONE, "", ID_REJECT, ID_R_EMPTY, "" },
	{ ID_PHONE, "010-0000-123x", ID_REJECT, ID_R_DIGITS, "" },
	{ ID_MOBILE, "010-0000-1234", ID_OK, ID_R_NONE, "01000001234" },
	{ ID_MOBILE, "02-123-4567", ID_REJECT, ID_R_KIND, "" },
	{ ID_EMAIL, "Gildong.Hong@Example.COM", ID_OK, ID_R_NONE,
	    "Gildong.Hong@example.com" },
	{ ID_EMAIL, " a+b@x-y.co.kr ", ID_OK, ID_R_NONE, "a+b@x-y.co.kr" },
	{ ID_EMAIL, "a@b", ID_REJECT, ID_R_FORM, "" },
	{ ID_EMAIL, "a@localhost", ID_REJECT, ID_R_FORM, "" },
	{ ID_EMAIL, "a.example.com", ID_REJECT, ID_R_FORM, "" },
	{ ID_EMAIL, "@example.com", ID_REJECT, ID_R_FORM, "" },
	{ ID_EMAIL, "a@@example.com", ID_REJECT, ID_R_FORM, "" },
	{ ID_EMAIL, "a..b@example.com", ID_REJECT, ID_R_FORM, "" },
	{ ID_EMAIL, ".a@example.com", ID_REJECT, ID_R_FORM, "" },
	{ ID_EMAIL, "a.@example.com", ID_REJECT, ID_R_FORM, "" },
	{ ID_EMAIL, "a@example..com", ID_REJECT, ID_R_FORM, "" },
	{ ID_EMAIL, "a@-example.com", ID_REJECT, ID_R_FORM, "" },
	{ ID_EMAIL, "a@example.c", ID_REJECT, ID_R_FORM, "" },
	{ ID_EMAIL, "a@192.168.0.1", ID_REJECT, ID_R_FORM, "" },
	{ ID_EMAIL, "a b@example.com", ID_REJECT, ID_R_DIGITS, "" },
	{ ID_EMAIL, "홍@example.com", ID_REJECT, ID_R_DIGITS, "" },
	{ ID_EMAIL, "a@example.com\n", ID_REJECT, ID_R_DIGITS, "" },
	{ ID_EMAIL, "  ", ID_REJECT, ID_R_EMPTY, "" },
	{ ID_ISSUE_DATE, "2019.03.05", ID_OK, ID_R_NONE, "20190305" },
	{ ID_ISSUE_DATE, "2019-03-05", ID_OK, ID_R_NONE, "20190305" },
	{ ID_ISSUE_DATE, "20190305", ID_OK, ID_R_NONE, "20190305" },
	{ ID_ISSUE_DATE, "2019 03 05 ", ID_OK, ID_R_NONE, "20190305" },
	{ ID_ISSUE_DATE, "2019. 3. 5.", ID_OK, ID_R_NONE, "20190305" },
	{ ID_ISSUE_DATE, "2019.11.5", ID_OK, ID_R_NONE, "20191105" },
	{ ID_ISSUE_DATE, "2026.11.22", ID_OK, ID_R_NONE, "20261122" },
	{ ID_ISSUE_DATE, "2026.11.23", ID_REJECT, ID_R_FUTURE, "" },
	{ ID_ISSUE_DATE, "2019.02.29", ID_REJECT, ID_R_DATE, "" },
	{ ID_ISSUE_DATE, "1899.12.31", ID_REJECT, ID_R_CENTURY, "" },
	{ ID_ISSUE_DATE, "19.03.05", ID_REJECT, ID_R_FORM, "" },
	{ ID_ISSUE_DATE, "2019.03", ID_REJECT, ID_R_FORM, "" },
	{ ID_ISSUE_DATE, "2019.3.5.1", ID_REJECT, ID_R_FORM, "" },
	{ ID_ISSUE_DATE, "2019035", ID_REJECT, ID_R_LENGTH, "" },
	{ ID_ISSUE_DATE, "201903055", ID_REJECT, ID_R_LENGTH, "" },
	{ ID_ISSUE_DATE, "2019년3월", ID_REJECT, ID_R_DIGITS, "" },
	{ ID_ISSUE_DATE, "..", ID_REJECT, ID_R_EMPTY, "" },
	{ ID_NAME, "홍길동", ID_OK, ID_R_NONE, "홍길동" },
	{ ID_NAME, " 홍 길동 ", ID_OK, ID_R_NONE, "홍길동" },
	{ ID_NAME, "남궁민수", ID_OK, ID_R_NONE, "남궁민수" },
	{ ID_NAME, "HONG  GILDONG", ID_OK, ID_R_NONE, "HONG GILDONG" },
	{ ID_NAME, "O'Neil-Kim, Ann Jr.", ID_OK, ID_R_NONE,
	    "O'Neil-Kim, Ann Jr." },
	{ ID_NAME, "Zo\xcc\x88" "e M\xc3\xbcller", ID_OK, ID_R_NONE,
	    "Z\xc3\xb6" "e M\xc3\xbcller" },
	/* decomposed Hangul, as some systems paste it */
	{ ID_NAME, "\xe1\x84\x92\xe1\x85\xa9\xe1\x86\xbc"
	    "\xe1\x84\x83\xe1\x85\xa9\xe1\x86\xbc", ID_OK, ID_R_NONE, "홍동" },
	{ ID_NAME, "홍", ID_REJECT, ID_R_LENGTH, "" },
	{ ID_NAME, "", ID_REJECT, ID_R_EMPTY, "" },
	{ ID_NAME, "   ", ID_REJECT, ID_R_EMPTY, "" },
	{ ID_NAME, "홍ㄱ동", ID_REJECT, ID_R_FORM, "" },
	{ ID_NAME, "홍길동Kim", ID_REJECT, ID_R_SCRIPT, "" },
	{ ID_NAME, "洪吉童", ID_REJECT, ID_R_SCRIPT, "" },
	{ ID_NAME, "홍길동1", ID_REJECT, ID_R_SCRIPT, "" },
	{ ID_NAME, "-Kim", ID_REJECT, ID_R_FORM, "" },
	{ ID_NAME, "Kim-", ID_REJECT, ID_R_FORM, "" },
	{ ID_NAME, "Kim -Lee", ID_REJECT, ID_R_FORM, "" },
	{ ID_NAME, "Kim, Lee", ID_OK, ID_R_NONE, "Kim, Lee" },
	{ ID_NAME, "Kim--Lee", ID_REJECT, ID_R_FORM, "" },
	{ ID_NAME, "홍\x1b길동", ID_REJECT, ID_R_FORM, "" },
	{ ID_NAME, "\xed\x99", ID_REJECT, ID_R_FORM, "" },
	{ ID_NAME, "홍\xe2\x80\xae길동", ID_REJECT, ID_R_FORM, "" },
};
/* clang-format on */

Test(words, each_typed_text_has_its_verdict)
{
	check_rows(rows, ROWS(rows));
}

Test(words, a_name_or_address_of_any_length_ends_in_length)
{
	static char big[100001];
	char out[ID_TEXT];

	memset(big, 'a', sizeof big - 1);
	for (size_t k = 0; k < ID_KIND_COUNT; k++) {
		struct id_check c = id_check_text(
		    out, (enum id_kind)k, big, &today);
		cr_expect(eq(int, (int)c.verdict, ID_REJECT));
	}
	cr_assert(eq(int, (int)id_check_text(out, ID_NAME, big, &today).reason,
	    ID_R_LENGTH));
	cr_assert(eq(int, (int)id_check_text(out, ID_EMAIL, big, &today).reason,
	    ID_R_LENGTH));
	memset(big, '1', sizeof big - 1);
	cr_assert(eq(int, id_check_text(out, ID_RRN, big, &today).got, 10000));
}

Test(words, phones_are_shown_in_their_groups)
{
	static const struct {
		const char *digits, *shown;
	} shown[] = {
		{ "01000001234", "010-0000-1234" },
		{ "0111234567", "011-123-4567" },
		{ "021234567", "02-123-4567" },
		{ "0212345678", "02-1234-5678" },
		{ "05071234567", "0507-123-4567" },
		{ "050712345678", "0507-1234-5678" },
		{ "15660566", "1566-0566" },
		{ "12", "" },
		{ "", "" },
	};

	for (size_t i = 0; i < ROWS(shown); i++) {
		char out[PHONE_FORMATTED];

		phone_format(out, shown[i].digits);
		SAME(out, shown[i].shown);
	}
}

Test(words, an_address_typed_twice_may_differ_in_the_case_of_its_domain)
{
	char a[EMAIL_TEXT], b[EMAIL_TEXT];

	cr_assert(eq(int, (int)email_check(a, "ab@Example.com").verdict, 0));
	cr_assert(eq(int, (int)email_check(b, " ab@example.COM").verdict, 0));
	cr_assert(email_same(a, b));
	cr_assert(eq(int, (int)email_check(b, "aB@example.com").verdict, 0));
	cr_assert(not(email_same(a, b)));
}

Test(words, every_used_key_is_its_own)
{
	for (int k = 0; k < ID_KIND_COUNT; k++)
		for (int r = 1; r < ID_R_COUNT; r++) {
			struct id_check c = { ID_REJECT, (enum id_reason)r,
				(enum id_kind)k, 0 };
			char start[64];

			snprintf(start, sizeof start, "id.%s.",
			    id_kind_name((enum id_kind)k));
			cr_expect(eq(int,
			    strncmp(id_check_key(c), start, strlen(start)), 0));
			cr_expect(
			    gt(sz, strlen(id_check_key(c)), strlen(start)));
		}
	SAME(id_check_key(id_ok(ID_NAME)), "id.ok");
}

/* Whatever is typed: an answer, a bounded text, and a key that is announced. */
Test(words, random_bytes_never_crash_and_answer_only_announced_reasons)
{
	static const char likely[] = "0123456789-- .@MKa가홍ㄱ\xed\x80\x1b";
	uint64_t seed = 20261122;

	for (int i = 0; i < 200000; i++) {
		enum id_kind k = (enum id_kind)(
		    next_random(&seed) % ID_KIND_COUNT);
		size_t n = next_random(&seed) % 40;
		char typed[64], out[ID_TEXT];
		struct id_check c;

		for (size_t j = 0; j < n; j++)
			typed[j] = i % 2 ? (char)(next_random(&seed) % 255 + 1)
					 : likely[next_random(&seed) %
						  (sizeof likely - 1)];
		typed[n] = '\0';
		memset(out, 'x', sizeof out);
		c = id_check_text(out, k, typed, &today);
		cr_assert(memchr(out, '\0', sizeof out) != NULL);
		if (c.verdict == ID_REJECT)
			cr_assert(eq(int, out[0], 0));
		if (c.reason != ID_R_NONE)
			cr_assert(
			    id_reason_used(k, c.reason), "%s", id_check_key(c));
		cr_assert(eq(int, c.verdict == ID_OK, c.reason == ID_R_NONE));
	}
}

/* What a checker leaves, it accepts again, unchanged. */
Test(words, normalised_text_is_a_fixed_point)
{
	for (size_t i = 0; i < ROWS(rows); i++) {
		char once[ID_TEXT], twice[ID_TEXT];
		struct id_check c = id_check_text(
		    once, rows[i].kind, rows[i].typed, &today);

		if (c.verdict == ID_REJECT)
			continue;
		c = id_check_text(twice, rows[i].kind, once, &today);
		cr_expect(ne(int, (int)c.verdict, ID_REJECT));
		SAME(once, twice);
	}
}
