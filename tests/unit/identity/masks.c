/*
 * What a mask hides stays hidden.
 */
#include "support.h"

#include "identity/mask.h"
#include "identity/mrz.h"

static const struct {
	enum id_kind kind;
	const char *text, *shown;
} masks[] = {
	{ ID_NAME, "홍길동", "홍*동" },
	{ ID_NAME, "홍길", "홍*" },
	{ ID_NAME, "남궁민수", "남**수" },
	{ ID_NAME, "HONG GILDONG", "H*** G******" },
	{ ID_NAME, "홍길동1", "****" },
	{ ID_RRN, "9001011970015", "900101-1******" },
	{ ID_ALIEN, "9001015980063", "900101-5******" },
	{ ID_RRN, "900101197001", "****" },
	{ ID_RRN, "900101-1970015", "****" },
	{ ID_LICENCE, "110412345612", "11-04-******-**" },
	{ ID_PASSPORT, "M123A4567", "M12******" },
	{ ID_PHONE, "01012341234", "010-1234-****" },
	{ ID_MOBILE, "0111234567", "011-123-****" },
	{ ID_PHONE, "021234567", "02-123-****" },
	{ ID_PHONE, "15660566", "1566-****" },
	{ ID_PHONE, "0101234", "****" },
	{ ID_EMAIL, "abcdef@example.com", "ab****@example.com" },
	{ ID_EMAIL, "ab@example.com", "a****@example.com" },
	{ ID_EMAIL, "a@example.com", "****@example.com" },
	{ ID_EMAIL, "nobody", "****" },
	{ ID_BUSINESS, "1234567891", "123-45-67891" },
	{ ID_CORPORATE, "1101110062432", "110111-0062432" },
	{ ID_ISSUE_DATE, "20190305", "2019-**-**" },
	{ ID_MRZ, "P<KOR", "****" },
};

Test(masks, each_kind_is_shown_as_agreed)
{
	for (size_t i = 0; i < ROWS(masks); i++) {
		char out[MASK_TEXT];

		mask_kind(out, masks[i].kind, masks[i].text);
		SAME(out, masks[i].shown);
	}
}

Test(masks, an_account_keeps_three_and_two)
{
	char out[MASK_TEXT];

	mask_account(out, "110-123-456778");
	SAME(out, "110-***-****78");
	mask_account(out, "110123456778");
	SAME(out, "110*******78");
	mask_account(out, "1234567");
	SAME(out, "****");
	mask_account(out, "110-123-45677x");
	SAME(out, "****");
}

/* Two numbers that differ only where it is hidden look the same. */
Test(masks, hidden_digits_leave_no_trace)
{
	static const struct {
		enum id_kind kind;
		const char *text;
		int from; /* first hidden digit */
	} hidden[] = {
		{ ID_RRN, "9001011970015", 7 },
		{ ID_LICENCE, "110412345612", 4 },
		{ ID_PASSPORT, "M12345678", 3 },
		{ ID_MOBILE, "01012341234", 7 },
	};
	uint64_t seed = 5;

	for (size_t i = 0; i < ROWS(hidden); i++)
		for (int turn = 0; turn < 200; turn++) {
			char other[32], a[MASK_TEXT], b[MASK_TEXT];

			strncpy(other, hidden[i].text, sizeof other - 1);
			other[sizeof other - 1] = '\0';
			for (size_t j = hidden[i].from; other[j] != '\0'; j++)
				other[j] = '0' + next_random(&seed) % 10;
			mask_kind(a, hidden[i].kind, hidden[i].text);
			mask_kind(b, hidden[i].kind, other);
			SAME(a, b);
		}
}

Test(masks, random_bytes_never_crash_a_mask)
{
	uint64_t seed = 11;

	for (int i = 0; i < 50000; i++) {
		char text[300], out[MASK_TEXT];
		size_t n = next_random(&seed) % sizeof text;

		for (size_t j = 0; j < n; j++)
			text[j] =
			    i % 2 ? (char)(next_random(&seed) % 255 + 1)
				  : "0123456789-@a."[next_random(&seed) % 14];
		text[n == sizeof text ? n - 1 : n] = '\0';
		mask_kind(out, (enum id_kind)(i % ID_KIND_COUNT), text);
		cr_assert(memchr(out, '\0', sizeof out) != NULL);
		mask_account(out, text);
		cr_assert(memchr(out, '\0', sizeof out) != NULL);
	}
}

static const char td3_ours_1[] = "PMKORHONG<<GILDONG<<<<<<<<<<<<<<<<<<<<<<<<<<";

Test(mrz, the_listed_lines_are_read)
{
	static const struct civil then = { .year = 2010, .month = 1, .day = 1 };
	struct mrz m;

	cr_assert(eq(int,
	    (int)mrz_read_td3(&m,
		"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
		"L898902C36UTO7408122F1204159ZE184226B<<<<<10", &then)
		.reason,
	    ID_R_NONE));
	SAME(m.number, "L898902C3");
	SAME(m.surname, "ERIKSSON");
	SAME(m.given, "ANNA MARIA");
	SAME(m.personal, "ZE184226B");
	SAME(m.nationality, "UTO");
	cr_assert(eq(int, m.birth.year, 1974));
	cr_assert(eq(int, m.expiry.year, 2012));
	cr_assert(eq(int, m.sex, 'F'));

	cr_assert(eq(int,
	    (int)mrz_read_td3(&m, td3_ours_1,
		"M123A45674KOR9001011M3206308<<<<<<<<<<<<<<<4", &today)
		.reason,
	    ID_R_NONE));
	SAME(m.document, "PM");
	SAME(m.issuer, "KOR");
	SAME(m.number, "M123A4567");
	SAME(m.given, "GILDONG");
	cr_assert(eq(int, m.birth.month, 1));
	cr_assert(eq(int, m.expiry.year, 2032));

	cr_assert(eq(int,
	    (int)mrz_read_td3(&m, td3_ours_1,
		"M999Z99996KOR7512250F3112319<<<<<<<<<<<<<<<2", &today)
		.reason,
	    ID_R_NONE));

	cr_assert(eq(int,
	    (int)mrz_read_td1(&m, "I<UTOD231458907<<<<<<<<<<<<<<<",
		"7408122F1204159UTO<<<<<<<<<<<6",
		"ERIKSSON<<ANNA<MARIA<<<<<<<<<<", &then)
		.reason,
	    ID_R_NONE));
	SAME(m.document, "I");
	SAME(m.number, "D23145890");
	SAME(m.given, "ANNA MARIA");
}

Test(mrz, small_letters_and_white_space_around_are_forgiven)
{
	struct mrz m;

	cr_assert(eq(int,
	    (int)mrz_read_td3(&m, td3_ours_1,
		" m123a45674kor9001011m3206308<<<<<<<<<<<<<<<4\r\n", &today)
		.verdict,
	    ID_OK));
}

Test(mrz, a_card_number_of_more_than_nine_goes_on_in_the_optional_data)
{
	static const struct civil then = { .year = 2010, .month = 1, .day = 1 };
	char l1[] = "I<UTOD23145890<7349<<<<<<<<<<<";
	char l2[] = "7408122F1204159UTO<<<<<<<<<<<6";
	char all[64];
	struct mrz m;

	/* ICAO 9303 part 5 gives D23145890<7349: number D23145890734, digit 9
	 */
	cr_assert(eq(int, mrz_check_digit("D23145890734", 12), '9'));
	snprintf(
	    all, sizeof all, "%s%.7s%.7s%.11s", l1 + 5, l2, l2 + 8, l2 + 18);
	l2[29] = mrz_check_digit(all, strlen(all));
	cr_assert(eq(int,
	    (int)mrz_read_td1(
		&m, l1, l2, "STEVENSON<<PETER<<<<<<<<<<<<<<", &then)
		.reason,
	    ID_R_NONE));
	SAME(m.number, "D23145890734");
}

/* One wrong character anywhere in the figures is noticed. */
Test(mrz, every_single_wrong_digit_is_caught)
{
	const char good[] = "M123A45674KOR9001011M3206308<<<<<<<<<<<<<<<4";
	struct mrz m;

	for (size_t i = 0; i < sizeof good - 1; i++) {
		char bad[sizeof good];

		if (good[i] < '0' || good[i] > '9')
			continue;
		memcpy(bad, good, sizeof good);
		bad[i] = good[i] == '9' ? '0' : good[i] + 1;
		struct id_check c = mrz_read_td3(&m, td3_ours_1, bad, &today);
		cr_expect(eq(int, (int)c.reason, ID_R_CHECK_DIGIT), "%zu", i);
		cr_expect(eq(int, m.number[0], 0));
	}
}

Test(mrz, every_wrong_digit_of_a_card_is_caught)
{
	static const struct civil then = { .year = 2010, .month = 1, .day = 1 };
	const char *l1 = "I<UTOD231458907<<<<<<<<<<<<<12";
	char l2[] = "7408122F1204159UTO12345678901<", all[64];
	const char *l3 = "ERIKSSON<<ANNA<MARIA<<<<<<<<<<";
	struct mrz m;

	snprintf(
	    all, sizeof all, "%s%.7s%.7s%.11s", l1 + 5, l2, l2 + 8, l2 + 18);
	l2[29] = mrz_check_digit(all, strlen(all));
	cr_assert(
	    eq(int, (int)mrz_read_td1(&m, l1, l2, l3, &then).verdict, ID_OK));
	for (size_t i = 0; i < sizeof l2 - 1; i++) {
		char bad[sizeof l2];

		if (l2[i] < '0' || l2[i] > '9')
			continue;
		memcpy(bad, l2, sizeof l2);
		bad[i] = l2[i] == '9' ? '0' : l2[i] + 1;
		cr_expect(
		    eq(int, (int)mrz_read_td1(&m, l1, bad, l3, &then).reason,
			ID_R_CHECK_DIGIT),
		    "%zu", i);
	}
}

Test(mrz, wrong_lines_say_what_is_wrong)
{
	const char good[] = "M123A45674KOR9001011M3206308<<<<<<<<<<<<<<<4";
	static const struct civil late = { .year = 2032, .month = 7, .day = 1 };
	struct mrz m;

	cr_expect(eq(int, (int)mrz_read_td3(&m, td3_ours_1, "", &today).reason,
	    ID_R_EMPTY));
	struct id_check c = mrz_read_td3(&m, "P<KOR", good, &today);
	cr_expect(eq(int, (int)c.reason, ID_R_LENGTH));
	cr_expect(eq(int, c.got, 5));
	cr_expect(eq(int,
	    (int)mrz_read_td3(&m, td3_ours_1,
		"M123A45674KOR9001011M3206308<<<<<<<<<!<<<<<4", &today)
		.reason,
	    ID_R_DIGITS));
	cr_expect(eq(
	    int, (int)mrz_read_td3(&m, good, good, &today).reason, ID_R_FORM));
	cr_expect(eq(int, (int)mrz_read_td3(&m, td3_ours_1, good, &late).reason,
	    ID_R_EXPIRED));
	/* what was read before the date was looked at is wiped again */
	for (size_t i = 0; i < sizeof m; i++)
		cr_assert(eq(int, ((const char *)&m)[i], 0));
}
