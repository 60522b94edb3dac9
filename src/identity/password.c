/*
 * identity/password.c - the password rule, and an honest word for strength.
 */
#include "identity/password.h"

#include <ctype.h>
#include <string.h>

#include "base/secret.h"

enum {
	RUN = 3,	  /* "aaa", "1234" count from this length */
	PERSONAL_MIN = 4, /* shorter hints would match by chance */
	FAIR_LEFT = 8,	  /* characters left that nobody guesses */
	GOOD_LEFT = 12
};

static const char *const reason_key[PASSWORD_REASON_COUNT] = {
	[PASSWORD_OK] = "password.ok",
	[PASSWORD_NOT_ASCII] = "password.not_ascii",
	[PASSWORD_FORBIDDEN] = "password.forbidden",
	[PASSWORD_BLANK] = "password.blank",
	[PASSWORD_CONTROL] = "password.control",
	[PASSWORD_SHORT] = "password.short",
	[PASSWORD_LONG] = "password.long",
	[PASSWORD_NO_LETTER] = "password.no_letter",
	[PASSWORD_NO_DIGIT] = "password.no_digit",
	[PASSWORD_NO_SPECIAL] = "password.no_special",
};

static const char *const strength_key[PASSWORD_STRENGTH_COUNT] = {
	[PASSWORD_WEAK] = "password.weak",
	[PASSWORD_FAIR] = "password.fair",
	[PASSWORD_GOOD] = "password.good",
};

const char *
password_reason_key(enum password_reason r)
{
	return reason_key[r];
}

const char *
password_strength_key(enum password_strength s)
{
	return strength_key[s];
}

/* U+20A9 and its full-width form U+FFE6: the backslash key in Korea. */
static bool
is_won(const uint8_t *p, size_t n)
{
	return n >= 3 && (memcmp(p, "\xe2\x82\xa9", 3) == 0 ||
			     memcmp(p, "\xef\xbf\xa6", 3) == 0);
}

/* The worst of the first four reasons, as the enum orders them. */
static enum password_reason
check_characters(struct span s)
{
	enum password_reason worst = PASSWORD_OK;

	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.p[i];
		enum password_reason r = PASSWORD_OK;

		if (is_won(s.p + i, s.n - i)) {
			r = PASSWORD_FORBIDDEN;
			i += 2;
		} else if (c >= 0x80)
			r = PASSWORD_NOT_ASCII;
		else if (c == '\'' || c == '"' || c == '\\' || c == '|')
			r = PASSWORD_FORBIDDEN;
		else if (c == ' ')
			r = PASSWORD_BLANK;
		else if (c < ' ' || c == 0x7f)
			r = PASSWORD_CONTROL;
		if (r != PASSWORD_OK && (worst == PASSWORD_OK || r < worst))
			worst = r;
	}
	return worst;
}

enum password_reason
password_check(struct span password_secret)
{
	const struct span s = password_secret;
	enum password_reason r = check_characters(s);
	bool letter = false, digit = false, special = false;

	if (r != PASSWORD_OK)
		return r;
	if (s.n < PASSWORD_MIN)
		return PASSWORD_SHORT;
	if (s.n > PASSWORD_MAX)
		return PASSWORD_LONG;
	for (size_t i = 0; i < s.n; i++) {
		if (isalpha(s.p[i]))
			letter = true;
		else if (isdigit(s.p[i]))
			digit = true;
		else
			special = true;
	}
	if (!letter)
		return PASSWORD_NO_LETTER;
	if (!digit)
		return PASSWORD_NO_DIGIT;
	return special ? PASSWORD_OK : PASSWORD_NO_SPECIAL;
}

/* Mark all but `keep` characters of every match of `word` as guessable. */
static bool
mark_word(bool guessed[static PASSWORD_MAX], const uint8_t *lower_secret,
    size_t n, const char *word, size_t word_n, size_t keep)
{
	bool found = false;

	for (size_t i = 0; word_n > 0 && i + word_n <= n; i++) {
		if (memcmp(lower_secret + i, word, word_n) != 0)
			continue;
		found = true;
		for (size_t k = keep; k < word_n; k++)
			guessed[i + k] = true;
	}
	return found;
}

/* Position along a keyboard row, or 0: neighbours differ by one. */
static int
key_place(uint8_t c)
{
	static const char rows[] = "qwertyuiop  asdfghjkl  zxcvbnm";
	const char *at = c == ' ' ? NULL : strchr(rows, c);

	return at == NULL || c == '\0' ? 0 : (int)(at - rows) + 1;
}

/* +1 or -1 when b follows a in the alphabet, digits or keyboard, else 0. */
static int
step_of(uint8_t a, uint8_t b)
{
	int step = (int)b - (int)a;
	int row = key_place(a) > 0 && key_place(b) > 0
		      ? key_place(b) - key_place(a)
		      : 0;

	if (isalnum(a) && isalnum(b) && (step == 1 || step == -1))
		return step;
	return row == 1 || row == -1 ? 2 * row : 0;
}

static unsigned
mark_runs(
    bool guessed[static PASSWORD_MAX], const uint8_t *lower_secret, size_t n)
{
	unsigned hints = 0;
	size_t same = 1, run = 1;
	int last = 0;

	for (size_t i = 1; i < n; i++) {
		int step = step_of(lower_secret[i - 1], lower_secret[i]);

		same = lower_secret[i] == lower_secret[i - 1] ? same + 1 : 1;
		run = step == 0 ? 1 : step == last ? run + 1 : 2;
		last = step;
		if (same >= RUN) {
			hints |= PASSWORD_HINT_REPEATED;
			guessed[i] = guessed[i - 1] = true;
		}
		if (run >= RUN) {
			hints |= PASSWORD_HINT_SEQUENCE;
			guessed[i] = guessed[i - 1] = true;
		}
	}
	return hints;
}

static unsigned
mark_words(bool guessed[static PASSWORD_MAX], const uint8_t *lower_secret,
    size_t n, const struct span *personal_secret, size_t personal_n)
{
	static const char *const common[] = { "password", "passwd", "p@ssw0rd",
		"letmein", "admin", "welcome", "iloveyou", "monkey", "dragon",
		"test", "korea", "seoul", "bank", "yessign", "npki", "login",
		"gksrnr", "dkssud", "tkfkd", "qlalfqjsgh" };
	unsigned hints = 0;

	for (size_t i = 0; i < sizeof common / sizeof *common; i++)
		if (mark_word(guessed, lower_secret, n, common[i],
			strlen(common[i]), 1))
			hints |= PASSWORD_HINT_COMMON;
	for (size_t i = 0; i < personal_n; i++) {
		uint8_t word_secret[PASSWORD_MAX];
		struct span w = personal_secret[i];

		if (w.n < PERSONAL_MIN || w.n > sizeof word_secret)
			continue;
		for (size_t k = 0; k < w.n; k++)
			word_secret[k] = (uint8_t)tolower(w.p[k]);
		if (mark_word(guessed, lower_secret, n,
			(const char *)word_secret, w.n, 0))
			hints |= PASSWORD_HINT_PERSONAL;
		secret_wipe(word_secret, sizeof word_secret);
	}
	return hints;
}

enum password_strength
password_strength(unsigned *hints, struct span password_secret,
    const struct span *personal_secret, size_t n)
{
	uint8_t lower_secret[PASSWORD_MAX];
	bool guessed[PASSWORD_MAX] = { false };
	unsigned found;
	size_t left = 0;

	if (hints != NULL)
		*hints = 0;
	if (password_secret.n > PASSWORD_MAX)
		return PASSWORD_WEAK;
	for (size_t i = 0; i < password_secret.n; i++)
		lower_secret[i] = (uint8_t)tolower(password_secret.p[i]);
	found = mark_runs(guessed, lower_secret, password_secret.n) |
		mark_words(guessed, lower_secret, password_secret.n,
		    personal_secret, n);
	secret_wipe(lower_secret, sizeof lower_secret);
	for (size_t i = 0; i < password_secret.n; i++)
		left += guessed[i] ? 0 : 1;
	secret_wipe(guessed, sizeof guessed);
	if (hints != NULL)
		*hints = found;
	if (password_check(password_secret) != PASSWORD_OK || left < FAIR_LEFT)
		return PASSWORD_WEAK;
	return left < GOOD_LEFT || found != 0 ? PASSWORD_FAIR : PASSWORD_GOOD;
}
