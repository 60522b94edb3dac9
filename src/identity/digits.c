/*
 * identity/digits.c - taking the digits out of what was typed.
 */
#include "identity/digits.h"

#include <string.h>

#include "base/secret.h"

enum id_reason
digits_take(
    char *out, size_t cap, int *count, const char *text, const char *skip)
{
	size_t n = 0;

	*count = 0;
	for (; *text != '\0'; text++) {
		if (*text == ' ' || *text == '-' || strchr(skip, *text) != NULL)
			continue;
		if (*text < '0' || *text > '9') {
			secret_wipe(out, cap);
			return ID_R_DIGITS;
		}
		if (n + 1 < cap)
			out[n++] = *text;
		if (*count < 10000)
			(*count)++;
	}
	out[n] = '\0';
	return *count == 0 ? ID_R_EMPTY : ID_R_NONE;
}

struct id_check
digits_exact(char *out, size_t cap, enum id_kind kind, const char *text)
{
	int count;
	enum id_reason r = digits_take(out, cap, &count, text, "");

	if (r == ID_R_NONE && (size_t)count != cap - 1)
		r = ID_R_LENGTH;
	if (r == ID_R_NONE)
		return id_ok(kind);
	secret_wipe(out, cap);
	return id_reject(kind, r, r == ID_R_LENGTH ? count : 0);
}

int
digits_value(const char *p, int n)
{
	int v = 0;

	while (n-- > 0)
		v = v * 10 + (*p++ - '0');
	return v;
}

int
digits_weigh(const char *digits, const int *weights, int n)
{
	int sum = 0;

	for (int i = 0; i < n; i++)
		sum += (digits[i] - '0') * weights[i];
	return sum;
}

bool
date_after(const struct civil *a, const struct civil *b)
{
	if (a->year != b->year)
		return a->year > b->year;
	if (a->month != b->month)
		return a->month > b->month;
	return a->day > b->day;
}
