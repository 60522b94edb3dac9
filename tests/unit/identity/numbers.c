/*
 * The numbers of facts/domain.md section 3, row by row, and what must hold
 * for every other number.
 */
#include "support.h"

#include "identity/company.h"
#include "identity/licence.h"
#include "identity/rrn.h"

/* clang-format off */
static const struct row listed[] = {
	/* 3.1 */
	{ ID_RRN, "900101-1970015", ID_OK, ID_R_NONE, "9001011970015" },
	{ ID_RRN, "900101-2970023", ID_OK, ID_R_NONE, "9001012970023" },
	{ ID_RRN, "850803-1976743", ID_OK, ID_R_NONE, "8508031976743" },
	{ ID_RRN, "751225-2975553", ID_OK, ID_R_NONE, "7512252975553" },
	{ ID_RRN, "040229-3970010", ID_OK, ID_R_NONE, "0402293970010" },
	{ ID_RRN, "880229-1970030", ID_OK, ID_R_NONE, "8802291970030" },
	{ ID_RRN, "880229-1970051", ID_OK, ID_R_NONE, "8802291970051" },
	{ ID_RRN, "991231-1999900", ID_OK, ID_R_NONE, "9912311999900" },
	{ ID_RRN, "900101-1970016", ID_SOFT, ID_R_CHECK_DIGIT, "9001011970016" },
	{ ID_RRN, "201005-3123456", ID_OK, ID_R_NONE, "2010053123456" },
	{ ID_RRN, "210815-4654321", ID_OK, ID_R_NONE, "2108154654321" },
	{ ID_RRN, "900101-1999999", ID_SOFT, ID_R_CHECK_DIGIT, "9001011999999" },
	{ ID_RRN, "900230-1970011", ID_REJECT, ID_R_DATE, "" },
	{ ID_RRN, "900101-9970010", ID_REJECT, ID_R_CENTURY, "" },
	/* 3.2 */
	{ ID_ALIEN, "900101-5980063", ID_OK, ID_R_NONE, "9001015980063" },
	{ ID_ALIEN, "900101-6980072", ID_OK, ID_R_NONE, "9001016980072" },
	{ ID_ALIEN, "010101-7980083", ID_OK, ID_R_NONE, "0101017980083" },
	{ ID_ALIEN, "010101-8980092", ID_OK, ID_R_NONE, "0101018980092" },
	{ ID_ALIEN, "850803-5980163", ID_OK, ID_R_NONE, "8508035980163" },
	{ ID_ALIEN, "900101-5980061", ID_SOFT, ID_R_CHECK_DIGIT, "9001015980061" },
	/* 3.3 */
	{ ID_RESIDENCE, "900101-5980063", ID_OK, ID_R_NONE, "9001015980063" },
	/* 3.4 */
	{ ID_LICENCE, "11-23-123456-70", ID_OK, ID_R_NONE, "112312345670" },
	{ ID_LICENCE, "서울 04-123456-12", ID_OK, ID_R_NONE, "110412345612" },
	{ ID_LICENCE, "27-10-123456-10", ID_REJECT, ID_R_REGION, "" },
	{ ID_LICENCE, "11-23-12345-70", ID_REJECT, ID_R_LENGTH, "" },
	/* 3.5 */
	{ ID_PASSPORT, "M12345678", ID_OK, ID_R_NONE, "M12345678" },
	{ ID_PASSPORT, "M123A4567", ID_OK, ID_R_NONE, "M123A4567" },
	/* 3.7 */
	{ ID_BUSINESS, "123-45-67891", ID_OK, ID_R_NONE, "1234567891" },
	{ ID_BUSINESS, "999-81-00015", ID_OK, ID_R_NONE, "9998100015" },
	{ ID_BUSINESS, "999-01-00008", ID_OK, ID_R_NONE, "9990100008" },
	{ ID_BUSINESS, "220-85-00014", ID_OK, ID_R_NONE, "2208500014" },
	{ ID_BUSINESS, "999-81-00000", ID_OK, ID_R_NONE, "9998100000" },
	{ ID_BUSINESS, "123-45-67890", ID_REJECT, ID_R_CHECK_DIGIT, "" },
	{ ID_BUSINESS, "000-00-00000", ID_REJECT, ID_R_ZERO, "" },
	/* 3.8 */
	{ ID_CORPORATE, "110111-0062432", ID_OK, ID_R_NONE, "1101110062432" },
	{ ID_CORPORATE, "999911-0000011", ID_OK, ID_R_NONE, "9999110000011" },
};

static const struct row further[] = {
	{ ID_RRN, "", ID_REJECT, ID_R_EMPTY, "" },
	{ ID_RRN, " - ", ID_REJECT, ID_R_EMPTY, "" },
	{ ID_RRN, "900101-197001", ID_REJECT, ID_R_LENGTH, "" },
	{ ID_RRN, "900101-19700155", ID_REJECT, ID_R_LENGTH, "" },
	{ ID_RRN, "900101.1970015", ID_REJECT, ID_R_DIGITS, "" },
	{ ID_RRN, "90010l-1970015", ID_REJECT, ID_R_DIGITS, "" },
	{ ID_RRN, "9001011970015", ID_OK, ID_R_NONE, "9001011970015" },
	{ ID_RRN, " 900101 - 1970015 ", ID_OK, ID_R_NONE, "9001011970015" },
	{ ID_RRN, "030229-3970010", ID_REJECT, ID_R_DATE, "" },
	{ ID_RRN, "000229-1970010", ID_REJECT, ID_R_DATE, "" },
	{ ID_RRN, "901301-1970015", ID_REJECT, ID_R_DATE, "" },
	{ ID_RRN, "900100-1970015", ID_REJECT, ID_R_DATE, "" },
	{ ID_RRN, "900101-0970015", ID_REJECT, ID_R_CENTURY, "" },
	{ ID_RRN, "261122-3123456", ID_OK, ID_R_NONE, NULL },
	{ ID_RRN, "261123-3123456", ID_REJECT, ID_R_FUTURE, "" },
	{ ID_RRN, "991231-3999900", ID_REJECT, ID_R_FUTURE, "" },
	{ ID_RRN, "900101-5980063", ID_REJECT, ID_R_KIND, "" },
	{ ID_ALIEN, "900101-1970015", ID_REJECT, ID_R_KIND, "" },
	{ ID_ALIEN, "900230-5980063", ID_REJECT, ID_R_DATE, "" },
	{ ID_ALIEN, "270101-7980083", ID_REJECT, ID_R_FUTURE, "" },
	{ ID_ALIEN, "210101-7123456", ID_OK, ID_R_NONE, NULL },
	{ ID_LICENCE, "경기북부 10-123456-10", ID_OK, ID_R_NONE, "281012345610" },
	{ ID_LICENCE, "경기 10-123456-10", ID_OK, ID_R_NONE, "131012345610" },
	{ ID_LICENCE, "울산10 123456 10", ID_OK, ID_R_NONE, "261012345610" },
	{ ID_LICENCE, "평양 10-123456-10", ID_REJECT, ID_R_REGION, "" },
	{ ID_LICENCE, "서울 11-04-123456-12", ID_REJECT, ID_R_LENGTH, "" },
	{ ID_LICENCE, "서울", ID_REJECT, ID_R_EMPTY, "" },
	{ ID_LICENCE, "29-10-123456-10", ID_REJECT, ID_R_REGION, "" },
	{ ID_LICENCE, "11-23-12345a-70", ID_REJECT, ID_R_DIGITS, "" },
	{ ID_PASSPORT, "m123a4567", ID_OK, ID_R_NONE, "M123A4567" },
	{ ID_PASSPORT, "X12345678", ID_SOFT, ID_R_LETTER, "X12345678" },
	{ ID_PASSPORT, "112345678", ID_REJECT, ID_R_FORM, "" },
	{ ID_PASSPORT, "M12A45678", ID_REJECT, ID_R_FORM, "" },
	{ ID_PASSPORT, "M1234567", ID_REJECT, ID_R_LENGTH, "" },
	{ ID_PASSPORT, "M1234567가", ID_REJECT, ID_R_DIGITS, "" },
	{ ID_PASSPORT, "", ID_REJECT, ID_R_EMPTY, "" },
	{ ID_BUSINESS, "123-45-6789", ID_REJECT, ID_R_LENGTH, "" },
	{ ID_CORPORATE, "110111-0062433", ID_SOFT, ID_R_CHECK_DIGIT, NULL },
	{ ID_CORPORATE, "000000-0000000", ID_REJECT, ID_R_ZERO, "" },
	{ ID_MRZ, "P<KOR", ID_REJECT, ID_R_FORM, "" },
};
/* clang-format on */

Test(numbers, every_listed_number_has_its_expected_verdict)
{
	check_rows(listed, ROWS(listed));
}

Test(numbers, the_edges_of_each_kind_are_where_they_are_said_to_be)
{
	check_rows(further, ROWS(further));
}

Test(numbers, a_wrong_length_says_how_many_were_typed)
{
	char out[ID_TEXT];
	struct id_check c = id_check_text(out, ID_RRN, "900101-19", &today);

	cr_assert(eq(int, c.got, 8));
	SAME(id_check_key(c), "id.rrn.length");
}

/* The last digit of a resident number moves the verdict between ok and soft,
 * one ok of ten, and never to a rejection. */
Test(numbers, no_check_digit_of_a_resident_number_rejects)
{
	char typed[] = "9001011970015", out[ID_TEXT];
	int ok = 0;

	for (char d = '0'; d <= '9'; d++) {
		typed[12] = d;
		struct id_check c = id_check_text(out, ID_RRN, typed, &today);
		cr_expect(ne(int, (int)c.verdict, ID_REJECT));
		ok += c.verdict == ID_OK;
	}
	cr_assert(eq(int, ok, 1));
}

Test(numbers, the_check_digit_is_not_looked_at_from_2020_10_05)
{
	char out[ID_TEXT];
	char before[] = "2010043123450", from[] = "2010053123450";
	int soft_before = 0, soft_from = 0;

	for (char d = '0'; d <= '9'; d++) {
		before[12] = from[12] = d;
		soft_before += id_check_text(out, ID_RRN, before, &today)
				   .verdict == ID_SOFT;
		soft_from += id_check_text(out, ID_RRN, from, &today).verdict ==
			     ID_SOFT;
	}
	cr_assert(eq(int, soft_before, 9));
	cr_assert(eq(int, soft_from, 0));
}

/* Hyphens and spaces strewn in anywhere change nothing. */
Test(numbers, hyphens_never_change_the_verdict)
{
	uint64_t seed = 7;

	for (size_t i = 0; i < ROWS(listed); i++) {
		/* A region's name is one word. */
		if ((unsigned char)listed[i].typed[0] >= 0x80)
			continue;
		for (int turn = 0; turn < 50; turn++) {
			char typed[128], out[ID_TEXT];
			size_t n = 0;

			for (const char *p = listed[i].typed; *p; p++) {
				if (next_random(&seed) % 3 == 0)
					typed[n++] =
					    "- "[next_random(&seed) % 2];
				if (*p != '-')
					typed[n++] = *p;
			}
			typed[n] = '\0';
			struct id_check c = id_check_text(
			    out, listed[i].kind, typed, &today);
			cr_expect(
			    eq(int, (int)c.verdict, (int)listed[i].verdict));
			SAME(out, listed[i].out);
		}
	}
}

Test(numbers, the_seventh_digit_tells_resident_from_alien)
{
	for (char g = '0'; g <= '9'; g++) {
		char d[] = "900101x970015";

		d[6] = g;
		cr_expect(eq(int, (int)rrn_kind(d),
		    g >= '5' && g <= '8' ? ID_ALIEN : ID_RRN));
	}
	cr_assert(eq(int, (int)rrn_kind("900101197001"), ID_KIND_COUNT));
	cr_assert(eq(int, (int)rrn_kind("900101197001x"), ID_KIND_COUNT));
}

Test(numbers, birth_date_and_weekday_come_from_the_number)
{
	struct civil b;

	cr_assert(rrn_birth(&b, "0402293970010"));
	cr_assert(eq(int, b.year, 2004));
	cr_assert(eq(int, b.month, 2));
	cr_assert(eq(int, b.day, 29));
	cr_assert(eq(int, b.weekday, 0)); /* a Sunday */
	cr_assert(rrn_birth(&b, "9001019970010"));
	cr_assert(eq(int, b.year, 1890));
	cr_assert(not(rrn_birth(&b, "9002301970011")));
	cr_assert(not(rrn_birth(&b, "123")));
}

Test(numbers, nineteen_completed_years_make_an_adult)
{
	/* born, on, age */
	static const int rows[][7] = {
		{ 2007, 11, 22, 2026, 11, 22, 19 },
		{ 2007, 11, 23, 2026, 11, 22, 18 },
		{ 2004, 2, 29, 2023, 2, 28, 18 },
		{ 2004, 2, 29, 2023, 3, 1, 19 },
		{ 1990, 1, 1, 2026, 11, 22, 36 },
		{ 2026, 11, 22, 2026, 11, 22, 0 },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		const int *r = rows[i];
		struct civil born = {
			.year = r[0], .month = r[1], .day = r[2]
		};
		struct civil on = { .year = r[3], .month = r[4], .day = r[5] };

		cr_expect(eq(int, age_on(&born, &on), r[6]));
		cr_expect(eq(int, age_minor(&born, &on), r[6] < 19));
	}
}

Test(numbers, formatting_puts_the_hyphens_back)
{
	char rrn[RRN_TEXT + 1], licence[LICENCE_FORMATTED];
	char business[BUSINESS_FORMATTED], corporate[CORPORATE_FORMATTED];

	rrn_format(rrn, "9001011970015");
	licence_format(licence, "110412345612");
	business_format(business, "1234567891");
	corporate_format(corporate, "1101110062432");
	SAME(rrn, "900101-1970015");
	SAME(licence, "11-04-123456-12");
	SAME(business, "123-45-67891");
	SAME(corporate, "110111-0062432");
}

Test(numbers, the_middle_of_a_business_number_says_what_it_is)
{
	static const struct {
		const char *digits;
		enum business_form form;
	} rows[] = {
		{ "1234567891", BUSINESS_SOLE },
		{ "9990100008", BUSINESS_SOLE },
		{ "9998100015", BUSINESS_COMPANY },
		{ "9998800000", BUSINESS_COMPANY },
		{ "9998200000", BUSINESS_NONPROFIT },
		{ "9998300000", BUSINESS_PUBLIC },
		{ "9998400000", BUSINESS_FOREIGN },
		{ "2208500014", BUSINESS_BRANCH },
		{ "9999000000", BUSINESS_TAX_FREE },
		{ "9999900000", BUSINESS_TAX_FREE },
		{ "9990000000", BUSINESS_OTHER },
		{ "9998900000", BUSINESS_OTHER },
	};

	for (size_t i = 0; i < ROWS(rows); i++)
		cr_expect(eq(int, (int)business_form(rows[i].digits),
		    (int)rows[i].form));
}
