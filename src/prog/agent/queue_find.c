/*
 * agent/queue_find.c - a case by receipt number, name or phone.
 *
 * Names and phone numbers are sealed per case: the records of the cases are
 * opened one by one, compared and wiped.
 */
#include <ctype.h>
#include <string.h>

#include "base/secret.h"
#include "prog/agent/queue_find.h"

enum { FIND_MAX = 512, FIND_DIGITS = 4 };

static void
only_digits(char *out, size_t cap, const char *s)
{
	size_t n = 0;

	for (; *s != '\0' && n + 1 < cap; s++)
		if (isdigit((unsigned char)*s))
			out[n++] = *s;
	out[n] = '\0';
}

void
queue_understand(struct queue_wanted *w, const char *find)
{
	struct number number;

	*w = (struct queue_wanted){ .name_secret = "" };
	if (find[0] == '\0')
		return;
	if (!err_is(number_parse(&number, find)) &&
	    number.kind == NUMBER_RECEIPT)
		number_text(w->case_no, &number);
	else if (strspn(find, "0123456789- ") == strlen(find))
		only_digits(w->digits_secret, sizeof w->digits_secret, find);
	else
		w->name_secret = find;
}

static bool
person_fits(const json_t *person, const struct queue_wanted *w)
{
	char digits_secret[STORE_TEXT];
	bool fits;

	if (w->name_secret[0] != '\0')
		return strncmp(rpc_str(person, "name"), w->name_secret,
			   strlen(w->name_secret)) == 0;
	if (strlen(w->digits_secret) < FIND_DIGITS)
		return false;
	only_digits(
	    digits_secret, sizeof digits_secret, rpc_str(person, "phone"));
	fits = strstr(digits_secret, w->digits_secret) != NULL;
	secret_wipe(digits_secret, sizeof digits_secret);
	return fits;
}

struct store_case
queue_case(const struct queue_row *r)
{
	struct store_case c = { .id = r->id };

	str_copy(c.case_no, sizeof c.case_no, r->case_no);
	return c;
}

static bool
ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return m <= n && strcmp(text + n - m, end) == 0;
}

bool
queue_fits(struct agent *a, const struct queue_row *r,
    const struct queue_wanted *w, int *n)
{
	struct store_case c;
	json_t *person;
	bool fits;

	if (w->case_no[0] != '\0')
		return strcmp(r->case_no, w->case_no) == 0;
	if (w->name_secret[0] == '\0' && w->digits_secret[0] == '\0')
		return true;
	/* the end of a receipt number, as people read it out */
	if (w->digits_secret[0] != '\0' &&
	    ends_with(r->case_no, w->digits_secret))
		return true;
	if (++*n > FIND_MAX)
		return false;
	c = queue_case(r);
	person = desk_person(a, &c);
	fits = person_fits(person, w);
	json_decref(person);
	return fits;
}
