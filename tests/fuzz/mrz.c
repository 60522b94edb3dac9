/*
 * Fuzz target: the lines of a machine readable zone.
 *
 * The first byte says whether the target puts the check digits right first,
 * so that what stands behind them is read too.
 */
#include <ctype.h>
#include <string.h>

#include "fuzz.h"
#include "identity/mrz.h"

enum { LINES = 3, LINE = 80 };

static const struct civil today = { .year = 2026, .month = 11, .day = 22 };

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

static bool
is_zone(const char *line, size_t want)
{
	return strlen(line) == want &&
	       strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<") == want;
}

/*
 * Check digits as ICAO 9303 part 4 (TD3) and 5 (TD1) place them; false when
 * the lines are none of a zone.
 */
static bool
mend(char line[LINES][LINE], bool td1)
{
	char all[128];
	char *l = line[td1 ? 0 : 1], *d = td1 ? line[1] : line[1] + 13;

	if (td1 ? !is_zone(line[0], MRZ_TD1) || !is_zone(line[1], MRZ_TD1)
		: !is_zone(line[1], MRZ_TD3))
		return false;
	d[6] = mrz_check_digit(d, 6);
	d[14] = mrz_check_digit(d + 8, 6);
	if (td1) {
		if (l[14] != '<')
			l[14] = mrz_check_digit(l + 5, 9);
		snprintf(all, sizeof all, "%.25s%.7s%.7s%.11s", l + 5, d, d + 8,
		    d + 18);
		d[29] = mrz_check_digit(all, strlen(all));
	} else {
		l[9] = mrz_check_digit(l, 9);
		l[42] = mrz_check_digit(l + 28, 14);
		snprintf(all, sizeof all, "%.10s%.7s%.22s", l, d, l + 21);
		l[43] = mrz_check_digit(all, strlen(all));
	}
	return true;
}

static struct id_check
read_zone(struct mrz *m, char line[LINES][LINE], bool td1)
{
	return td1 ? mrz_read_td1(m, line[0], line[1], line[2], &today)
		   : mrz_read_td3(m, line[0], line[1], &today);
}

static void
check_field(const char *s, size_t cap, size_t most)
{
	const char *end = memchr(s, '\0', cap);

	must(end != NULL && (size_t)(end - s) <= most, "a field ends");
	must(strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ") == strlen(s),
	    "a field has letters, digits and spaces");
	must(strlen(s) == 0 || s[strlen(s) - 1] != ' ',
	    "a field has no fillers at its end");
}

static void
check_read(const struct mrz *m, bool td1)
{
	check_field(m->document, sizeof m->document, 2);
	check_field(m->issuer, sizeof m->issuer, 3);
	check_field(m->number, sizeof m->number, td1 ? 23 : 9);
	check_field(m->nationality, sizeof m->nationality, 3);
	check_field(m->personal, sizeof m->personal, 15);
	check_field(m->surname, sizeof m->surname, 39);
	check_field(m->given, sizeof m->given, 39);
	must(m->sex == 'M' || m->sex == 'F' || m->sex == '<', "sex is said");
	must(civil_date_valid(m->expiry.year, m->expiry.month, m->expiry.day),
	    "the expiry is a day");
	must(m->expiry.year >= 2026, "what has expired is refused");
	must(m->birth.year >= 1926 && m->birth.year <= 2026 &&
		 m->birth.month >= 0 && m->birth.month <= 12 &&
		 m->birth.day >= 0 && m->birth.day <= 31,
	    "the birth lies in the last hundred years");
}

static void
check_refused(const struct mrz *m, struct id_check c, bool mended)
{
	const uint8_t *p = (const uint8_t *)m;

	must(c.verdict == ID_REJECT, "a zone is right or wrong");
	must(id_reason_used(ID_MRZ, c.reason), "the catalogue has the reason");
	for (size_t i = 0; i < sizeof *m; i++)
		must(p[i] == 0, "nothing of a refused zone is kept");
	if (c.reason == ID_R_CHECK_DIGIT || c.reason == ID_R_DATE)
		must(c.got > 0 && c.got < MRZ_PART_COUNT, "the part is named");
	must(!mended || c.reason != ID_R_CHECK_DIGIT || c.got == MRZ_NUMBER,
	    "a zone that adds up adds up");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct choices in = { data, n };
	uint8_t how = choose(&in);
	bool td1 = (how & 1) != 0, right = (how & 2) != 0;
	char line[LINES][LINE] = { "" };
	struct mrz m, same;
	struct id_check c;

	for (size_t at = 0, i = 0; in.n > 0 && i < LINES;) {
		char byte = (char)choose(&in);

		if (byte == '\n') {
			i++;
			at = 0;
		} else if (at < LINE - 1) {
			line[i][at++] = byte;
		}
	}
	if (right)
		right = mend(line, td1);
	c = read_zone(&m, line, td1);
	must(c.kind == ID_MRZ, "the answer is about a zone");
	if (c.verdict != ID_OK) {
		check_refused(&m, c, right);
		return 0;
	}
	check_read(&m, td1);
	for (size_t i = 0; i < LINES; i++)
		for (char *p = line[i]; *p != '\0'; p++)
			*p = (char)tolower((unsigned char)*p);
	c = read_zone(&same, line, td1);
	must(c.verdict == ID_OK && strcmp(m.number, same.number) == 0 &&
		 strcmp(m.surname, same.surname) == 0,
	    "small letters read the same");
	return 0;
}
