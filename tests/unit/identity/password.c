/*
 * The password rule, one reason at a time, and honest words for strength.
 */
#include "support.h"

#include <string.h>

#include "identity/password.h"

static const struct {
	const char *password, *key;
} rules[] = {
	{ "Dasi#Again1", "password.ok" },
	{ "abcdefgh1!", "password.ok" },
	{ "abcdefg1!", "password.short" },
	{ "", "password.short" },
	{ "abcdefghij", "password.no_digit" },
	{ "1234567890!", "password.no_letter" },
	{ "abcdefghij1", "password.no_special" },
	{ "abcdefgh1'", "password.forbidden" },
	{ "abcdefgh1\"", "password.forbidden" },
	{ "abcdefgh1\\", "password.forbidden" },
	{ "abcdefgh1|", "password.forbidden" },
	{ "abcdefgh1₩", "password.forbidden" },
	{ "abcdefgh1￦", "password.forbidden" },
	{ "비밀번호abcd1!", "password.not_ascii" },
	{ "비밀'", "password.not_ascii" },
	{ "abcdefgh 1!", "password.blank" },
	{ "abcdefgh\t1!", "password.control" },
	{ "abcdefgh1!\x7f", "password.control" },
	{ "WTuA8Ev0lWXVFSiI!", "password.ok" },
};

Test(password, each_rule_has_its_reason)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		SAME(password_reason_key(
			 password_check(span_str(rules[i].password))),
		    rules[i].key);
}

Test(password, ten_to_fifty_six_characters_are_allowed)
{
	char text[70] = "a1!";

	for (size_t n = 3; n < 65; n++) {
		enum password_reason want = n < 10   ? PASSWORD_SHORT
					    : n > 56 ? PASSWORD_LONG
						     : PASSWORD_OK;

		cr_expect(eq(int, password_check(span_make(text, n)), want),
		    "%zu", n);
		text[n] = 'z';
	}
}

Test(password, every_special_character_but_four_is_allowed)
{
	char text[] = "abcdefgh1?";

	for (char c = '!'; c <= '~'; c++) {
		bool bad = strchr("'\"\\|", c) != NULL;
		bool special = strchr("!#$%&()*+,-./:;<=>?@[]^_`{}~", c) !=
			       NULL;

		text[9] = c;
		if (bad)
			cr_expect(eq(int, password_check(span_str(text)),
				      PASSWORD_FORBIDDEN),
			    "%c", c);
		else if (special)
			cr_expect(eq(int, password_check(span_str(text)),
				      PASSWORD_OK),
			    "%c", c);
		else
			cr_expect(eq(int, password_check(span_str(text)),
				      PASSWORD_NO_SPECIAL),
			    "%c", c);
	}
}

Test(password, every_reason_and_strength_has_a_key)
{
	for (int i = 0; i < PASSWORD_REASON_COUNT; i++)
		cr_expect(password_reason_key((enum password_reason)i) != NULL);
	for (int i = 0; i < PASSWORD_STRENGTH_COUNT; i++)
		cr_expect(
		    password_strength_key((enum password_strength)i) != NULL);
}

static const struct {
	const char *password;
	enum password_strength strength;
	unsigned hints;
} words[] = {
	{ "x7#Kq!mT2v&Lp9", PASSWORD_GOOD, 0 },
	{ "WTuA8Ev0lWXVFSiI!", PASSWORD_GOOD, 0 },
	{ "x7#Kq!mT2v", PASSWORD_FAIR, 0 },
	{ "short1!", PASSWORD_WEAK, 0 },
	{ "aaaaaaaaa1!", PASSWORD_WEAK, PASSWORD_HINT_REPEATED },
	{ "abcdefgh1!", PASSWORD_WEAK, PASSWORD_HINT_SEQUENCE },
	{ "hgfedcba1!", PASSWORD_WEAK, PASSWORD_HINT_SEQUENCE },
	{ "qwertyuiop1!", PASSWORD_WEAK, PASSWORD_HINT_SEQUENCE },
	{ "password12!", PASSWORD_WEAK, PASSWORD_HINT_COMMON },
	{ "hong900101!", PASSWORD_WEAK, PASSWORD_HINT_PERSONAL },
	{ "x7#KqmT2v900101", PASSWORD_FAIR, PASSWORD_HINT_PERSONAL },
	{ "x7#Kq!mT01012341234", PASSWORD_FAIR, PASSWORD_HINT_PERSONAL },
};

Test(password, strength_is_said_honestly)
{
	const struct span personal[] = { span_str("900101"),
		span_str("01012341234"), span_str("7#"), span_str("") };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		unsigned hints = 99;

		cr_expect(eq(int,
			      password_strength(&hints,
				  span_str(words[i].password), personal, 4),
			      words[i].strength),
		    "%s", words[i].password);
		cr_expect(words[i].hints == 0
			      ? hints == 0 || i == 3
			      : (hints & words[i].hints) == words[i].hints,
		    "%s: %u", words[i].password, hints);
	}
}

Test(password, more_characters_never_make_a_good_one_weaker_than_it_was)
{
	char text[PASSWORD_MAX + 1] = "x7#Kq!mT2v&Lp9";
	static const char more[] = "bR5$gZ3^nW8*hY4(jU6)";
	size_t n = strlen(text);

	for (size_t i = 0; more[i] != '\0'; i++) {
		text[n++] = more[i];
		text[n] = '\0';
		cr_expect(
		    eq(int, password_strength(NULL, span_str(text), NULL, 0),
			PASSWORD_GOOD),
		    "%s", text);
	}
}
