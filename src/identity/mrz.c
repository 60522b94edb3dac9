/*
 * identity/mrz.c - the machine readable zone.
 */
#include "identity/mrz.h"

#include <string.h>

#include "base/secret.h"
#include "base/span.h"
#include "identity/digits.h"

static int
value_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c == '<' ? 0 : c - 'A' + 10;
}

static int
weigh(const char *p, size_t n, size_t *at)
{
	static const int weights[] = { 7, 3, 1 };
	int sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += value_of(p[i]) * weights[(*at)++ % 3];
	return sum;
}

char
mrz_check_digit(const char *p, size_t n)
{
	size_t at = 0;

	return (char)('0' + weigh(p, n, &at) % 10);
}

/* One line of exactly `want` characters, upper case, into out[want + 1]. */
static struct id_check
take_line(char *out, size_t want, const char *line)
{
	static const char white[] = " \t\r\n";
	size_t n;

	line += strspn(line, white);
	n = strlen(line);
	while (n > 0 && strchr(white, line[n - 1]) != NULL)
		n--;
	if (n == 0)
		return id_reject(ID_MRZ, ID_R_EMPTY, 0);
	if (n != want)
		return id_reject(ID_MRZ, ID_R_LENGTH, n > 999 ? 999 : (int)n);
	for (size_t i = 0; i < n; i++) {
		char c = line[i];

		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
		    c != '<')
			return id_reject(ID_MRZ, ID_R_DIGITS, 0);
		out[i] = c;
	}
	out[want] = '\0';
	return id_ok(ID_MRZ);
}

/* Copy n characters without the fillers at the end; inner ones are spaces. */
static void
take_field(char *out, const char *p, size_t n)
{
	while (n > 0 && p[n - 1] == '<')
		n--;
	for (size_t i = 0; i < n; i++)
		out[i] = p[i] == '<' ? ' ' : p[i];
	out[n] = '\0';
}

static void
take_names(struct mrz *m, const char *p, size_t n)
{
	const char *gap = strstr(p, "<<");
	size_t surname = gap != NULL ? (size_t)(gap - p) : n;

	take_field(m->surname, p, surname);
	m->given[0] = '\0';
	if (gap != NULL && surname + 2 < n)
		take_field(m->given, p + surname + 2, n - surname - 2);
}

static bool
pair(int *out, const char *p, bool optional)
{
	*out = 0;
	if (optional && p[0] == '<' && p[1] == '<')
		return true;
	if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
		return false;
	*out = digits_value(p, 2);
	return true;
}

/* A birth day may be unknown; it lies in the last hundred years. */
static bool
take_birth(struct civil *out, const char *p, const struct civil *today)
{
	struct civil c = { 0 };

	if (!pair(&c.year, p, false) || !pair(&c.month, p + 2, true) ||
	    !pair(&c.day, p + 4, true))
		return false;
	c.year += 2000;
	if (date_after(&c, today))
		c.year -= 100;
	*out = c;
	return civil_date_valid(
	    c.year, c.month == 0 ? 1 : c.month, c.day == 0 ? 1 : c.day);
}

/* No zone was written before the seventies. */
static bool
take_expiry(struct civil *out, const char *p)
{
	struct civil c = { 0 };

	if (!pair(&c.year, p, false) || !pair(&c.month, p + 2, false) ||
	    !pair(&c.day, p + 4, false))
		return false;
	c.year += c.year < 70 ? 2000 : 1900;
	*out = c;
	return civil_date_valid(c.year, c.month, c.day);
}

static struct id_check
fault(enum id_reason r, enum mrz_part part)
{
	return id_reject(ID_MRZ, r, (int)part);
}

/* Birth, sex and expiry stand alike in both sizes: YYMMDDc S YYMMDDc. */
static struct id_check
take_dates(struct mrz *m, const char *p, const struct civil *today)
{
	if (mrz_check_digit(p, 6) != p[6])
		return fault(ID_R_CHECK_DIGIT, MRZ_BIRTH);
	if (mrz_check_digit(p + 8, 6) != p[14])
		return fault(ID_R_CHECK_DIGIT, MRZ_EXPIRY);
	if (!take_birth(&m->birth, p, today))
		return fault(ID_R_DATE, MRZ_BIRTH);
	if (!take_expiry(&m->expiry, p + 8))
		return fault(ID_R_DATE, MRZ_EXPIRY);
	m->sex = p[7];
	if (m->sex != 'M' && m->sex != 'F' && m->sex != '<')
		return id_reject(ID_MRZ, ID_R_FORM, 0);
	return id_ok(ID_MRZ);
}

static struct id_check
finish(struct mrz *m, struct id_check c, const struct civil *today)
{
	if (c.verdict == ID_OK && date_after(today, &m->expiry))
		c = id_reject(ID_MRZ, ID_R_EXPIRED, 0);
	if (c.verdict == ID_REJECT)
		secret_wipe(m, sizeof *m);
	return c;
}

static struct id_check
read_td3(
    struct mrz *m, const char *l1, const char *l2, const struct civil *today)
{
	size_t at = 0;
	struct id_check c;
	int sum;

	if (l1[0] != 'P')
		return id_reject(ID_MRZ, ID_R_FORM, 0);
	if (mrz_check_digit(l2, 9) != l2[9])
		return fault(ID_R_CHECK_DIGIT, MRZ_NUMBER);
	c = take_dates(m, l2 + 13, today);
	if (c.verdict == ID_REJECT)
		return c;
	/* An empty personal number may have a filler as its digit. */
	if (mrz_check_digit(l2 + 28, 14) != l2[42] &&
	    !(l2[42] == '<' && strspn(l2 + 28, "<") >= 14))
		return fault(ID_R_CHECK_DIGIT, MRZ_PERSONAL);
	sum = weigh(l2, 10, &at);
	sum += weigh(l2 + 13, 7, &at);
	sum += weigh(l2 + 21, 22, &at);
	if ('0' + sum % 10 != l2[43])
		return fault(ID_R_CHECK_DIGIT, MRZ_COMPOSITE);
	take_field(m->document, l1, 2);
	take_field(m->issuer, l1 + 2, 3);
	take_names(m, l1 + 5, 39);
	take_field(m->number, l2, 9);
	take_field(m->nationality, l2 + 10, 3);
	take_field(m->personal, l2 + 28, 14);
	return c;
}

struct id_check
mrz_read_td3(struct mrz *out_secret, const char *line1, const char *line2,
    const struct civil *today)
{
	char l1_secret[MRZ_TD3 + 1], l2_secret[MRZ_TD3 + 1];
	struct id_check c = take_line(l1_secret, MRZ_TD3, line1);

	memset(out_secret, 0, sizeof *out_secret);
	if (c.verdict == ID_OK)
		c = take_line(l2_secret, MRZ_TD3, line2);
	if (c.verdict == ID_OK)
		c = read_td3(out_secret, l1_secret, l2_secret, today);
	secret_wipe(l1_secret, sizeof l1_secret);
	secret_wipe(l2_secret, sizeof l2_secret);
	return finish(out_secret, c, today);
}

/*
 * A number longer than nine characters has a filler in the place of its
 * digit and goes on in the optional data, its digit last (part 5, 4.2.2).
 */
static bool
take_number_td1(struct mrz *m, const char *l1)
{
	size_t more, at = 0;
	int sum;

	if (l1[14] != '<') {
		take_field(m->number, l1 + 5, 9);
		take_field(m->personal, l1 + 15, 15);
		return mrz_check_digit(l1 + 5, 9) == l1[14];
	}
	more = strcspn(l1 + 15, "<");
	if (more < 2)
		return false;
	sum = weigh(l1 + 5, 9, &at);
	sum += weigh(l1 + 15, more - 1, &at);
	take_field(m->number, l1 + 5, 9);
	take_field(m->number + strlen(m->number), l1 + 15, more - 1);
	if (more < 15)
		take_field(m->personal, l1 + 15 + more + 1, 15 - more - 1);
	return '0' + sum % 10 == l1[15 + more - 1];
}

static struct id_check
read_td1(struct mrz *m, const char *l1, const char *l2, const char *l3,
    const struct civil *today)
{
	size_t at = 0;
	struct id_check c;
	int sum;

	if (strchr("AIC", l1[0]) == NULL)
		return id_reject(ID_MRZ, ID_R_FORM, 0);
	if (!take_number_td1(m, l1))
		return fault(ID_R_CHECK_DIGIT, MRZ_NUMBER);
	c = take_dates(m, l2, today);
	if (c.verdict == ID_REJECT)
		return c;
	sum = weigh(l1 + 5, 25, &at);
	sum += weigh(l2, 7, &at);
	sum += weigh(l2 + 8, 7, &at);
	sum += weigh(l2 + 18, 11, &at);
	if ('0' + sum % 10 != l2[29])
		return fault(ID_R_CHECK_DIGIT, MRZ_COMPOSITE);
	take_field(m->document, l1, 2);
	take_field(m->issuer, l1 + 2, 3);
	take_field(m->nationality, l2 + 15, 3);
	take_names(m, l3, MRZ_TD1);
	return c;
}

struct id_check
mrz_read_td1(struct mrz *out_secret, const char *line1, const char *line2,
    const char *line3, const struct civil *today)
{
	char l_secret[3][MRZ_TD1 + 1];
	struct id_check c = take_line(l_secret[0], MRZ_TD1, line1);

	memset(out_secret, 0, sizeof *out_secret);
	if (c.verdict == ID_OK)
		c = take_line(l_secret[1], MRZ_TD1, line2);
	if (c.verdict == ID_OK)
		c = take_line(l_secret[2], MRZ_TD1, line3);
	if (c.verdict == ID_OK)
		c = read_td1(
		    out_secret, l_secret[0], l_secret[1], l_secret[2], today);
	secret_wipe(l_secret, sizeof l_secret);
	return finish(out_secret, c, today);
}
