/*
 * prefill_test.c - codes made by another program (python), and every way in
 * which a stranger may spoil one.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prefill/prefill.h"

enum { SHOWN = 1800000000 };

/* Made with python's base64, zlib.crc32 and cbor by hand: all keys. */
static const char whole[] =
    "KB10220VUARU22J2IAAERABAIBQIAYAARU63GMN5K4LR24PTECWWMBRGAYTE"
    "MZUGAYDAMIGOBUG63THIBSXQYLNOBWGKLTDN5WQOAIINXWJNNHMUCOCB3FAQ"
    "DVYLAIJOXWJPLPMQK6OZF5NEAZOXMUIEDWLNHHKWWWAU6A75KYIB25QVHWJ3"
    "BBA5SPIH3EWWTV3FBHLUC4OZCVV5OFYR24LUQFQADHUBX2Q5DAD046E";
static const char small[] = "KB10024UMARU22J2IAAERABAIBQIAYBDAD574DC";
static const char numbered[] =
    "KB10050UQARU22J2IAAERABAIBQIAYABJXDSMBQGEYDCLJRHE3TAMBRGUEC7"
    "54128";
static const char strange[] = "KB10029UQARU22J2IAAERABAIBQIAYACRQXQ80EE5102";

static struct err
reading(struct prefill *f, const char *code)
{
	return prefill_read(f, code, strlen(code), SHOWN + 60);
}

Test(prefill, a_code_of_another_program_gives_its_values)
{
	struct prefill f;

	cr_assert_not(err_is(reading(&f, whole)));
	cr_expect_eq(f.shown_at, SHOWN);
	cr_expect_eq(f.purpose, 0);
	cr_expect_str_eq(f.name, "홍길동");
	cr_expect_str_eq(f.phone, "01012340001");
	cr_expect_str_eq(f.email, "hong@example.com");
	cr_expect_eq(f.loss, 1);
	cr_expect_str_eq(f.when, "어제 저녁");
	cr_expect_str_eq(f.place, "역삼역 2번 출구");
	cr_expect_str_eq(f.detail, "가방을 잃어버렸습니다");
	cr_expect_eq(f.medium, 0);
	cr_expect_eq(f.misuse, 0);
	cr_expect_eq(f.p12, 1);
}

Test(prefill, what_is_not_said_stays_unsaid)
{
	struct prefill f;

	cr_assert_not(err_is(reading(&f, small)));
	cr_expect_eq(f.purpose, 1);
	cr_expect_str_eq(f.name, "");
	cr_expect_eq(f.loss, -1);
	cr_expect_eq(f.misuse, -1);
}

Test(prefill, caps_lock_does_no_harm)
{
	char lower[PREFILL_CODE + 1];
	struct prefill f;
	size_t i = 0;

	for (; whole[i] != '\0'; i++)
		lower[i] = whole[i] >= 'A' && whole[i] <= 'Z'
			       ? (char)(whole[i] + 32)
			       : whole[i];
	lower[i] = '\0';
	cr_expect_not(err_is(reading(&f, lower)));
}

Test(prefill, each_letter_that_is_another_is_noticed)
{
	char bad[PREFILL_CODE + 1];
	struct prefill f;

	for (size_t i = 0; i < strlen(whole); i++) {
		strcpy(bad, whole);
		bad[i] = bad[i] == 'A' ? 'B' : 'A';
		cr_expect(err_is(reading(&f, bad)), "letter %zu", i);
	}
}

Test(prefill, each_part_of_a_code_is_refused)
{
	struct prefill f;

	for (size_t n = 0; n < strlen(whole); n++)
		cr_expect(err_is(prefill_read(&f, whole, n, SHOWN)), "%zu", n);
}

Test(prefill, a_code_is_good_for_ten_minutes)
{
	struct prefill f;
	size_t n = strlen(whole);

	cr_expect_not(err_is(prefill_read(&f, whole, n, SHOWN + 600)));
	cr_expect_eq(
	    (int)prefill_read(&f, whole, n, SHOWN + 601).code, E_EXPIRED);
	cr_expect_not(err_is(prefill_read(&f, whole, n, SHOWN - 300)));
	cr_expect_eq(
	    (int)prefill_read(&f, whole, n, SHOWN - 301).code, E_EXPIRED);
}

Test(prefill, a_resident_number_or_an_unknown_key_refuses_it_whole)
{
	struct prefill f = { .purpose = 7 };

	cr_expect_eq((int)reading(&f, numbered).code, E_UNSUPPORTED);
	cr_expect_eq((int)reading(&f, strange).code, E_UNSUPPORTED);
	cr_expect_eq(f.purpose, 7, "nothing is written");
}

Test(prefill, random_letters_give_nothing_and_break_nothing)
{
	char code[PREFILL_CODE + 20];
	struct prefill f;

	srand(1);
	for (int i = 0; i < 20000; i++) {
		size_t n = (size_t)(rand() % (int)sizeof code);
		for (size_t k = 0; k < n; k++)
			code[k] =
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[rand() % 32];
		if (n > 3)
			memcpy(code, "KB1", 3);
		cr_assert(err_is(prefill_read(&f, code, n, SHOWN)));
	}
}

/* It would read otherwise than it is. */
Test(prefill, a_text_that_turns_its_direction_is_refused)
{
	struct prefill f;

	cr_expect_eq((int)reading(&f, "KB10037UQARU22J2IAAERABAIBQIAYABFTOZF5N4"
				      "KAK4C2E3C8FB")
			 .code,
	    E_FORMAT);
}

/* ---- the scanner ---- */

static struct wedge
typed(const char *s, int64_t each_ms)
{
	struct wedge w;
	int64_t now = 1000;

	wedge_begin(&w);
	for (; *s != '\0'; s++, now += each_ms)
		wedge_char(&w, (uint32_t)*s, now);
	wedge_enter(&w, now);
	return w;
}

Test(wedge, a_scanner_types_a_code)
{
	struct wedge w = typed(whole, 10);
	struct prefill f;

	cr_expect_eq((int)w.state, WEDGE_DONE);
	cr_expect_eq(w.n, strlen(whole));
	cr_expect_not(err_is(prefill_read(&f, w.text, w.n, SHOWN)));
}

Test(wedge, a_pause_of_two_seconds_stops_it)
{
	cr_expect_eq((int)typed("KB1", 1999).state, WEDGE_DONE);
	cr_expect_eq((int)typed("KB1", 2000).state, WEDGE_STOPPED);
}

Test(wedge, more_than_there_can_be_stops_it)
{
	char many[PREFILL_CODE + 2];

	memset(many, 'A', sizeof many);
	many[PREFILL_CODE + 1] = '\0';
	cr_expect_eq((int)typed(many, 1).state, WEDGE_STOPPED);
	many[PREFILL_CODE] = '\0';
	cr_expect_eq((int)typed(many, 1).state, WEDGE_DONE);
}

Test(wedge, what_is_no_letter_is_passed_over)
{
	struct wedge w;

	wedge_begin(&w);
	wedge_char(&w, 0x1100, 1);
	wedge_char(&w, '%', 1);
	wedge_enter(&w, 1);
	cr_expect_eq((int)w.state, WEDGE_WAITING, "Enter alone is nothing");
}
