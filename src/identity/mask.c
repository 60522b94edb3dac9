/*
 * identity/mask.c - how a person's data is shown.
 */
#include "identity/mask.h"

#include <string.h>

#include "base/secret.h"
#include "base/span.h"
#include "base/utf8.h"
#include "identity/company.h"
#include "identity/contact.h"
#include "identity/licence.h"
#include "identity/name.h"
#include "identity/passport.h"
#include "identity/rrn.h"

enum { ACCOUNT_MIN = 8, ACCOUNT_MAX = 20 };

static bool
digits_only(const char *text, size_t n)
{
	return strlen(text) == n && strspn(text, "0123456789") == n;
}

static void
mask_all(char out[static MASK_TEXT])
{
	str_copy(out, MASK_TEXT, "****");
}

/*
 * Copy `n` bytes of `text` where `pattern` has a '#', print '*' where it has
 * one and anything else as it is.
 */
static void
mask_pattern(char out[static MASK_TEXT], const char *pattern, const char *text)
{
	size_t n = 0;

	for (; *pattern != '\0'; pattern++, n++) {
		if (*pattern == '#' || *pattern == '*') {
			out[n] = *pattern == '#' ? *text : '*';
			text++;
		} else {
			out[n] = *pattern;
		}
	}
	out[n] = '\0';
}

/* Hangul: every syllable but the first and, of three or more, the last. */
static void
mask_hangul(struct buf *b, const char *p, size_t n)
{
	size_t chars = n / 3;

	for (size_t i = 0; i < chars; i++) {
		if (i == 0 || (chars > 2 && i == chars - 1))
			buf_add(b, p + 3 * i, 3);
		else
			buf_add_byte(b, '*');
	}
}

static void
mask_latin(struct buf *b, const char *p, size_t n)
{
	bool first = true;
	uint32_t cp;
	size_t used;

	for (; n > 0; p += used, n -= used) {
		used = utf8_decode(&cp, p, n);
		if (used == 0)
			break;
		if (first || cp == ' ')
			buf_add(b, p, used);
		else
			buf_add_byte(b, '*');
		first = cp == ' ';
	}
}

void
mask_name(char out[static MASK_TEXT], const char *name_secret)
{
	char name[NAME_TEXT];
	struct buf b = buf_make(out, MASK_TEXT - 1);
	struct id_check c = name_check(name, name_secret);

	if (c.verdict != ID_OK) {
		mask_all(out);
		return;
	}
	if ((unsigned char)name[0] >= 0xea)
		mask_hangul(&b, name, strlen(name));
	else
		mask_latin(&b, name, strlen(name));
	out[b.n] = '\0';
	secret_wipe(name, sizeof name);
}

void
mask_rrn(char out[static MASK_TEXT], const char *digits_secret)
{
	if (digits_only(digits_secret, RRN_DIGITS))
		mask_pattern(out, "######-#******", digits_secret);
	else
		mask_all(out);
}

void
mask_licence(char out[static MASK_TEXT], const char *digits_secret)
{
	if (digits_only(digits_secret, LICENCE_TEXT - 1))
		mask_pattern(out, "##-##-******-**", digits_secret);
	else
		mask_all(out);
}

void
mask_passport(char out[static MASK_TEXT], const char *text_secret)
{
	char text[PASSPORT_TEXT];

	if (passport_check(text, text_secret).verdict != ID_REJECT)
		mask_pattern(out, "###******", text);
	else
		mask_all(out);
	secret_wipe(text, sizeof text);
}

void
mask_phone(char out[static MASK_TEXT], const char *digits_secret)
{
	char shown[PHONE_FORMATTED];
	size_t n;

	phone_format(shown, digits_secret);
	if ((n = strlen(shown)) < 4) {
		mask_all(out);
		return;
	}
	memset(shown + n - 4, '*', 4);
	str_copy(out, MASK_TEXT, shown);
	secret_wipe(shown, sizeof shown);
}

void
mask_email(char out[static MASK_TEXT], const char *text_secret)
{
	char text[EMAIL_TEXT];
	struct buf b = buf_make(out, MASK_TEXT - 1);
	size_t local;

	if (email_check(text, text_secret).verdict == ID_REJECT) {
		mask_all(out);
		return;
	}
	local = strcspn(text, "@");
	buf_add(&b, text, local > 2 ? 2 : local / 2);
	buf_add_str(&b, "****");
	buf_add_str(&b, text + local);
	out[b.n] = '\0';
	secret_wipe(text, sizeof text);
}

/* The first three digits and the last two stay. */
void
mask_account(char out[static MASK_TEXT], const char *text_secret)
{
	size_t n = strlen(text_secret), digits = 0, seen = 0;

	for (size_t i = 0; i < n; i++)
		digits += text_secret[i] >= '0' && text_secret[i] <= '9';
	if (digits < ACCOUNT_MIN || n > 2 * ACCOUNT_MAX ||
	    strspn(text_secret, "0123456789-") != n) {
		mask_all(out);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		bool show = text_secret[i] == '-';

		if (!show) {
			show = seen < 3 || seen >= digits - 2;
			seen++;
		}
		out[i] = show ? text_secret[i] : '*';
	}
	out[n] = '\0';
}

void
mask_kind(
    char out[static MASK_TEXT], enum id_kind kind, const char *text_secret)
{
	switch (kind) {
	case ID_RRN:
	case ID_ALIEN:
	case ID_RESIDENCE:
		mask_rrn(out, text_secret);
		return;
	case ID_LICENCE:
		mask_licence(out, text_secret);
		return;
	case ID_PASSPORT:
		mask_passport(out, text_secret);
		return;
	case ID_PHONE:
	case ID_MOBILE:
		mask_phone(out, text_secret);
		return;
	case ID_EMAIL:
		mask_email(out, text_secret);
		return;
	case ID_NAME:
		mask_name(out, text_secret);
		return;
	case ID_BUSINESS:
		if (digits_only(text_secret, BUSINESS_TEXT - 1)) {
			business_format(out, text_secret);
			return;
		}
		break;
	case ID_CORPORATE:
		if (digits_only(text_secret, CORPORATE_TEXT - 1)) {
			corporate_format(out, text_secret);
			return;
		}
		break;
	case ID_ISSUE_DATE:
		if (digits_only(text_secret, 8)) {
			mask_pattern(out, "####-**-**", text_secret);
			return;
		}
		break;
	case ID_MRZ:
	case ID_KIND_COUNT:
		break;
	}
	mask_all(out);
}
