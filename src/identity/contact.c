/*
 * identity/contact.c - telephone numbers and e-mail addresses.
 */
#include "identity/contact.h"

#include <string.h>

#include "base/secret.h"
#include "base/span.h"
#include "identity/digits.h"

struct plan {
	const char *prefix;
	int least, most; /* digits of the whole number */
	int head;	 /* digits before the first hyphen */
	bool mobile;
};

/* First match wins, so 0505 comes before its like. */
/* clang-format off */
static const struct plan plans[] = {
	{ "010",  11, 11, 3, true },
	{ "011",  10, 11, 3, true },  { "016", 10, 11, 3, true },
	{ "017",  10, 11, 3, true },  { "018", 10, 11, 3, true },
	{ "019",  10, 11, 3, true },
	{ "02",    9, 10, 2, false },
	{ "031",  10, 11, 3, false }, { "032", 10, 11, 3, false },
	{ "033",  10, 11, 3, false },
	{ "041",  10, 11, 3, false }, { "042", 10, 11, 3, false },
	{ "043",  10, 11, 3, false }, { "044", 10, 11, 3, false },
	{ "051",  10, 11, 3, false }, { "052", 10, 11, 3, false },
	{ "053",  10, 11, 3, false }, { "054", 10, 11, 3, false },
	{ "055",  10, 11, 3, false },
	{ "061",  10, 11, 3, false }, { "062", 10, 11, 3, false },
	{ "063",  10, 11, 3, false }, { "064", 10, 11, 3, false },
	{ "050",  11, 12, 4, false },
	{ "070",  11, 11, 3, false }, { "080", 10, 11, 3, false },
	{ "15",    8,  8, 4, false }, { "16",   8,  8, 4, false },
	{ "18",    8,  8, 4, false },
};
/* clang-format on */

static const struct plan *
plan_of(const char *digits)
{
	for (size_t i = 0; i < sizeof plans / sizeof *plans; i++)
		if (strncmp(digits, plans[i].prefix, strlen(plans[i].prefix)) ==
		    0)
			return &plans[i];
	return NULL;
}

/* "+82 10-..." is "010-...", and some write "+82 (0)10-...". */
static enum id_reason
phone_take(char out[static PHONE_TEXT], const char *text, int *count)
{
	static const char skip[] = ".()";
	enum id_reason r;

	text += strspn(text, " ");
	if (strncmp(text, "+82", 3) != 0)
		return digits_take(out, PHONE_TEXT, count, text, skip);
	text += 3 + strspn(text + 3, " -.()");
	text += *text == '0';
	out[0] = '0';
	r = digits_take(out + 1, PHONE_TEXT - 1, count, text, skip);
	if (r == ID_R_NONE)
		(*count)++;
	return r;
}

static struct id_check
phone_check_as(char out[static PHONE_TEXT], enum id_kind kind, const char *text)
{
	int count;
	enum id_reason r = phone_take(out, text, &count);
	const struct plan *p;

	if (r == ID_R_NONE) {
		p = plan_of(out);
		if (p == NULL)
			r = ID_R_REGION;
		else if (count < p->least || count > p->most)
			r = ID_R_LENGTH;
		else if (kind == ID_MOBILE && !p->mobile)
			r = ID_R_KIND;
	}
	if (r == ID_R_NONE)
		return id_ok(kind);
	secret_wipe(out, PHONE_TEXT);
	return id_reject(kind, r, r == ID_R_LENGTH ? count : 0);
}

struct id_check
phone_check(char out[static PHONE_TEXT], const char *text)
{
	return phone_check_as(out, ID_PHONE, text);
}

struct id_check
mobile_check(char out[static PHONE_TEXT], const char *text)
{
	return phone_check_as(out, ID_MOBILE, text);
}

void
phone_format(char out[static PHONE_FORMATTED], const char *digits)
{
	const struct plan *p = plan_of(digits);
	int n = (int)strlen(digits);
	struct buf b = buf_make(out, PHONE_FORMATTED);

	out[0] = '\0';
	if (p == NULL || n < p->least || n > p->most ||
	    strspn(digits, "0123456789") != (size_t)n)
		return;
	buf_add(&b, digits, (size_t)p->head);
	buf_add_byte(&b, '-');
	if (n > p->head + 4) {
		buf_add(&b, digits + p->head, (size_t)(n - p->head - 4));
		buf_add_byte(&b, '-');
	}
	buf_add(&b, digits + n - 4, 5);
}

static bool
alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

static bool
local_fits(const char *p, size_t n)
{
	if (n == 0 || n > EMAIL_LOCAL || p[0] == '.' || p[n - 1] == '.')
		return false;
	for (size_t i = 0; i < n; i++)
		if (p[i] == '.' && p[i + 1] == '.')
			return false;
	return true;
}

static bool
label_fits(const char *p, size_t n)
{
	if (n == 0 || n > 63 || p[0] == '-' || p[n - 1] == '-')
		return false;
	for (size_t i = 0; i < n; i++)
		if (!alnum(p[i]) && p[i] != '-')
			return false;
	return true;
}

/* Two labels or more, the last without digits and at least two long. */
static bool
domain_fits(const char *p)
{
	int labels = 0;
	size_t n;

	for (;; p += n + 1) {
		n = strcspn(p, ".");
		if (!label_fits(p, n))
			return false;
		labels++;
		if (p[n] == '\0')
			break;
	}
	return labels >= 2 && n >= 2 && strcspn(p, "0123456789") == n;
}

static enum id_reason
email_take(char out[static EMAIL_TEXT], const char *text, int *count)
{
	size_t n, lead = strspn(text, " ");
	const char *at;

	*count = 0;
	text += lead;
	n = strlen(text);
	while (n > 0 && text[n - 1] == ' ')
		n--;
	if (n == 0)
		return ID_R_EMPTY;
	*count = n > 10000 ? 10000 : (int)n;
	if (n >= EMAIL_TEXT)
		return ID_R_LENGTH;
	for (size_t i = 0; i < n; i++)
		if (!alnum(text[i]) &&
		    strchr("@.!#$%&'*+-/=?^_`{|}~", text[i]) == NULL)
			return ID_R_DIGITS;
	memcpy(out, text, n);
	out[n] = '\0';
	at = strchr(out, '@');
	if (at == NULL || !local_fits(out, (size_t)(at - out)) ||
	    !domain_fits(at + 1))
		return ID_R_FORM;
	for (char *p = out + (at - out); *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return ID_R_NONE;
}

struct id_check
email_check(char out[static EMAIL_TEXT], const char *text)
{
	int count;
	enum id_reason r = email_take(out, text, &count);

	if (r == ID_R_NONE)
		return id_ok(ID_EMAIL);
	secret_wipe(out, EMAIL_TEXT);
	return id_reject(ID_EMAIL, r, r == ID_R_LENGTH ? count : 0);
}

bool
email_same(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}
