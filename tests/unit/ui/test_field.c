/*
 * Fields and Hangul.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "base/utf8.h"
#include "ui/field.h"
#include "ui/page.h"

static struct field field;
static struct ime ime;
static char secret[FIELD_SECRET_CAP];
static struct field_view view;

static enum field_use
feed_key(enum key key)
{
	struct event ev = event_key(key, 0);

	return field_feed(&field, &ime, &ev);
}

static enum field_use
type(const char *text)
{
	enum field_use last = FIELD_USED;
	size_t n = strlen(text);

	while (n > 0) {
		uint32_t ch = 0;
		size_t used = utf8_decode(&ch, text, n);
		struct event ev = event_char(ch, 0);

		last = field_feed(&field, &ime, &ev);
		text += used;
		n -= used;
	}
	return last;
}

static int
paste(const char *text)
{
	int refused = 0;

	for (; *text != '\0'; text++) {
		struct event ev = event_char((unsigned char)*text, 0);

		ev.pasted = true;
		refused += field_feed(&field, &ime, &ev) == FIELD_REFUSED;
	}
	return refused;
}

static const char *
shown(void)
{
	field_view(&view, &field);
	return view.text;
}

static void
open_text(void)
{
	cr_assert(!err_is(ime_open(&ime)));
	field_init(
	    &field, (struct field_spec){ .kind = FIELD_TEXT, .max_chars = 10 });
}

static void
close_text(void)
{
	ime_close(&ime);
}

TestSuite(hangul, .init = open_text, .fini = close_text);

Test(hangul, ghdrlfehd_is_a_name_shown_while_it_is_composed)
{
	static const char *const steps[] = { "ㅎ", "호", "홍", "홍ㄱ", "홍기",
		"홍길", "홍길ㄷ", "홍길도", "홍길동" };

	for (int i = 0; i < 9; i++) {
		char one[2] = { "ghdrlfehd"[i], '\0' };
		cr_expect(type(one) == FIELD_USED);
		cr_expect_str_eq(shown(), steps[i]);
		cr_expect_eq(view.preedit_cols, 2);
	}
	cr_expect_eq(field_chars(&field), 3);
	cr_expect(feed_key(K_ENTER) == FIELD_PASSED);
	cr_expect_str_eq(field_text(&field), "홍길동");
	cr_expect_eq((shown(), view.preedit_cols), 0);
}

Test(hangul, backspace_takes_back_one_jamo_then_whole_syllables)
{
	static const char *const steps[] = { "홍길도", "홍길ㄷ", "홍길", "홍",
		"" };

	type("ghdrlfehd");
	for (int i = 0; i < 5; i++) {
		cr_expect(feed_key(K_BACKSPACE) == FIELD_USED);
		cr_expect_str_eq(shown(), steps[i]);
	}
	cr_expect(feed_key(K_BACKSPACE) == FIELD_PASSED);
}

Test(hangul, a_digit_or_space_commits_the_syllable_before_itself)
{
	type("rk1 sk");
	field_leave(&field, &ime);
	cr_expect_str_eq(field_text(&field), "가1 나");
}

Test(hangul, composes_at_the_cursor_in_the_middle)
{
	type("rksk");
	feed_key(K_LEFT);
	type("ek");
	cr_expect_str_eq(shown(), "가다나");
	cr_expect_eq(view.preedit_from, 2);
	feed_key(K_RIGHT);
	cr_expect_str_eq(field_text(&field), "가다나");
}

Test(hangul, the_language_key_turns_it_off_and_on)
{
	type("rk");
	feed_key(K_HANGUL);
	type("Kim");
	feed_key(K_HANGUL);
	type("sk");
	field_leave(&field, &ime);
	cr_expect_str_eq(field_text(&field), "가Kim나");
}

Test(hangul, syllables_from_the_terminal_are_taken_as_they_are)
{
	type("r");
	type("홍길");
	cr_expect_str_eq(field_text(&field), "ㄱ홍길");
}

Test(hangul, decomposed_input_becomes_nfc)
{
	type("\xe1\x84\x92\xe1\x85\xa9\xe1\x86\xbc"); /* h o ng, conjoining */
	cr_expect_str_eq(field_text(&field), "홍");
	cr_expect_eq(field_chars(&field), 1);
}

Test(hangul, a_full_field_starts_no_syllable)
{
	type("rkrkrkrkrkrkrkrkrkrk");
	cr_expect_eq(field_chars(&field), 10);
	cr_expect(type("r") == FIELD_USED); /* the last one's final */
	cr_expect(type("r") == FIELD_REFUSED || field_chars(&field) == 10);
	field_leave(&field, &ime);
	cr_expect_eq(field_chars(&field), 10);
	cr_expect(type("z") == FIELD_REFUSED);
	cr_expect_eq((int)field.why, REFUSE_FULL);
}

Test(hangul, wipe_and_reset_forget_the_syllable)
{
	type("ghd");
	field_wipe(&field);
	ime_reset(&ime);
	type("k");
	cr_expect_str_eq(shown(), "ㅏ");
}

Test(field, digits_swallow_the_pattern_and_refuse_letters)
{
	field_init(&field, (struct field_spec){ .kind = FIELD_DIGITS,
			       .pattern = "######-#######",
			       .open_chars = 7 });
	cr_expect_str_eq(shown(), "______-_______");
	cr_expect_eq(view.cursor, 0);
	cr_expect(type("900101-") == FIELD_USED);
	cr_expect_str_eq(field_text(&field), "900101");
	shown();
	cr_expect_eq(view.cursor, 7);
	cr_expect(type("a") == FIELD_REFUSED);
	cr_expect_eq((int)field.why, REFUSE_KIND);
	cr_expect(type("홍") == FIELD_REFUSED);
	type("1234567");
	cr_expect_str_eq(field_text(&field), "9001011234567");
	cr_expect_str_eq(shown(), "900101-1******");
	cr_expect(field_is_masked(&field));
	cr_expect(type("8") == FIELD_REFUSED);
	cr_expect_eq((int)field.why, REFUSE_FULL);
	field.reveal = true;
	cr_expect_str_eq(shown(), "900101-1234567");
}

Test(field, a_paste_keeps_what_belongs_and_counts_the_rest)
{
	field_init(&field,
	    (struct field_spec){ .kind = FIELD_DIGITS, .max_chars = 8 });
	cr_expect_eq(paste("12 ab\n34\t5\r"), 6);
	cr_expect_str_eq(field_text(&field), "12345");
	cr_expect_eq(field.refused, 6);
	type("6");
	cr_expect_eq(field.refused, 0);
}

Test(field, kinds_take_what_they_should)
{
	static const struct {
		enum field_kind kind;
		const char *typed, *text;
	} rows[] = {
		{ FIELD_ALNUM, "m1234-a b", "M1234AB" },
		{ FIELD_EMAIL, "gil dong@a.kr홍", "gildong@a.kr" },
		{ FIELD_DATE, "2026.11/22", "20261122" },
		{ FIELD_DIGITS, "010-12", "01012" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		field_init(&field, (struct field_spec){ .kind = rows[i].kind });
		type(rows[i].typed);
		cr_expect_str_eq(field_text(&field), rows[i].text);
	}
	cr_expect_eq((int)type("\x01"), FIELD_REFUSED);
	cr_expect_eq((int)field.why, REFUSE_CONTROL);
}

Test(field, cursor_keys_edit_in_the_middle)
{
	field_init(&field, (struct field_spec){ .kind = FIELD_EMAIL });
	type("abcd");
	feed_key(K_LEFT);
	feed_key(K_LEFT);
	feed_key(K_BACKSPACE);
	cr_expect_str_eq(field_text(&field), "acd");
	feed_key(K_DELETE);
	cr_expect_str_eq(field_text(&field), "ad");
	feed_key(K_HOME);
	cr_expect(feed_key(K_LEFT) == FIELD_PASSED);
	feed_key(K_END);
	cr_expect(feed_key(K_RIGHT) == FIELD_PASSED);
	feed_key(K_CLEAR);
	cr_expect(field_is_empty(&field));
	cr_expect(feed_key(K_UP) == FIELD_PASSED);
}

Test(field, a_secret_lives_only_in_the_callers_buffer)
{
	field_init_secret(
	    &field, (struct field_spec){ .max_chars = 30 }, secret);
	type("Pa55word!!x");
	feed_key(K_BACKSPACE);
	cr_expect_str_eq(secret, "Pa55word!!");
	cr_expect_str_eq(shown(), "**********");
	cr_expect(memmem(&field, sizeof field, "a55", 3) == NULL);
	field.reveal = true;
	cr_expect_str_eq(shown(), "**********");
	field_wipe(&field);
	for (size_t i = 0; i < sizeof secret; i++)
		cr_assert(secret[i] == 0);
}

Test(field, wipe_leaves_nothing_of_the_text)
{
	field_init(&field, (struct field_spec){ .kind = FIELD_DIGITS });
	type("9001011234567");
	feed_key(K_BACKSPACE);
	field_wipe(&field);
	for (size_t i = 0; i < sizeof field.text; i++)
		cr_assert(field.text[i] == 0);
}

Test(field, set_takes_only_what_could_be_typed)
{
	field_init(&field, (struct field_spec){ .kind = FIELD_DATE });
	cr_expect(field_set(&field, "2026-11-22"));
	cr_expect_str_eq(field_text(&field), "20261122");
	cr_expect(!field_set(&field, "2026x"));
	cr_expect_str_eq(field_text(&field), "2026");
}

Test(field, what_is_hidden_is_never_in_the_view)
{
	srand(17);
	for (int round = 0; round < 2000; round++) {
		int open = rand() % 8;
		size_t stars;

		field_init_secret(
		    &field, (struct field_spec){ .max_chars = 40 }, secret);
		for (int i = rand() % 45; i > 0; i--) {
			struct event ev = event_char(
			    (uint32_t)(' ' + rand() % 95), 0);
			(void)field_feed(&field, NULL, &ev);
		}
		stars = strspn(shown(), "*");
		cr_assert_eq(stars, strlen(view.text));
		cr_assert_eq((int)stars, field_chars(&field));
		field_init(&field, (struct field_spec){ .kind = FIELD_DIGITS,
				       .pattern = "######-#######",
				       .open_chars = open });
		for (int i = rand() % 16; i > 0; i--) {
			struct event ev = event_char(
			    (uint32_t)('1' + rand() % 9), 0);
			(void)field_feed(&field, NULL, &ev);
		}
		(void)shown();
		for (size_t i = 0, digits = 0; view.text[i] != '\0'; i++) {
			digits += view.text[i] >= '0' && view.text[i] <= '9';
			cr_assert(open == 0 || digits <= (size_t)open);
		}
	}
}

/* One random event: keys of all kinds, odd characters, pastes. */
static struct event
random_event(void)
{
	static const uint32_t odd[] = { 0, 1, 0x7f, 0x85, 0xad, 0x301, 0x200e,
		0x202e, 0x1100, 0x1161, 0x11a8, 0xd64d, 0x3131, 0xd800,
		0x110000, 0x1f600, '\n', '\t', 0xff21 };
	struct event ev = event_char((uint32_t)(' ' + rand() % 95), 0);

	if (rand() % 4 == 0)
		ev = event_key((enum key)(rand() % K_COUNT), 0);
	else if (rand() % 3 == 0)
		ev.ch = odd[(size_t)rand() % (sizeof odd / sizeof *odd)];
	ev.pasted = rand() % 5 == 0;
	return ev;
}

static void
check_invariants(int max_chars)
{
	const char *text = field_text(&field);
	char again[FIELD_CAP * 3];
	struct buf nfc = buf_make(again, sizeof again);

	cr_assert_eq(strlen(text), field.len);
	cr_assert(utf8_valid(text, field.len));
	cr_assert(field.at <= field.len);
	cr_assert(utf8_valid(text, field.at), "cursor inside a character");
	cr_assert(field_chars(&field) <= max_chars);
	cr_assert(!err_is(utf8_nfc(&nfc, text, field.len)));
	cr_assert(nfc.n == field.len && memcmp(again, text, nfc.n) == 0);
	field_view(&view, &field);
	cr_assert(view.cursor >= 0 &&
		  view.cursor <= utf8_text_width(view.text, strlen(view.text)));
}

Test(field, any_keys_leave_valid_bounded_nfc_text)
{
	srand(3);
	cr_assert(!err_is(ime_open(&ime)));
	for (int round = 0; round < 300; round++) {
		enum field_kind kind = (enum field_kind)(
		    rand() % FIELD_KIND_COUNT);
		int max = 1 + rand() % 80;

		if (kind == FIELD_SECRET)
			field_init_secret(&field,
			    (struct field_spec){ .max_chars = max }, secret);
		else
			field_init(&field, (struct field_spec){ .kind = kind,
					       .max_chars = max });
		ime_reset(&ime);
		for (int i = 0; i < 300; i++) {
			struct event ev = random_event();
			enum field_use use = field_feed(&field, &ime, &ev);

			cr_assert(
			    use != FIELD_REFUSED || field.why != REFUSE_NONE);
			check_invariants(max);
		}
	}
	ime_close(&ime);
}
