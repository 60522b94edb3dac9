/*
 * unit/paper/document_test.c - what a document may hold, as properties over
 * all samples: every member, every kind.
 */
#include "paper/document.h"

#include <criterion/criterion.h>
#include <string.h>

#include "samples.h"

static struct err
check(const json_t *d)
{
	enum paper_kind kind;
	enum paper_lang lang;

	return paper_check(&kind, &lang, d);
}

typedef void each(json_t *d, const char *key, json_t *value);

static void
for_every_member(each *f)
{
	const char *const *lists[] = { sample_slips, sample_forms };

	for (int l = 0; l < 2; l++) {
		for (int i = 0; lists[l][i] != NULL; i++) {
			json_t *d = sample(lists[l][i], "ko");
			json_t *copy = json_deep_copy(d), *value;
			const char *key;

			json_object_foreach(copy, key, value)
				f(d, key, value);
			json_decref(copy);
			json_decref(d);
		}
	}
}

Test(document, all_samples_are_good_in_both_languages)
{
	const char *const *lists[] = { sample_slips, sample_forms };

	for (int l = 0; l < 4; l++) {
		for (int i = 0; lists[l / 2][i] != NULL; i++) {
			json_t *d = sample(
			    lists[l / 2][i], l % 2 == 0 ? "ko" : "en");

			cr_expect_not(err_is(check(d)), "%s", lists[l / 2][i]);
			json_decref(d);
		}
	}
}

static int spoilt;

/* Only a customer's own words may hold a number: they are blotted. */
static void
put_number(json_t *d, const char *key, json_t *value)
{
	static const char *const own[] = { "when", "place", "detail" };

	if (!json_is_string(value))
		return;
	for (int i = 0; i < 3; i++) {
		if (strcmp(own[i], key) == 0)
			return;
	}
	json_object_set_new(d, key, json_string("9001011970015"));
	cr_expect_eq(check(d).code, E_ARG, "%s", key);
	json_object_set_new(d, key, json_string("900101-1970015"));
	cr_expect_eq(check(d).code, E_ARG, "%s", key);
	json_object_set(d, key, value);
	spoilt++;
}

Test(document, no_member_takes_a_persons_number)
{
	for_every_member(put_number);
	cr_expect_gt(spoilt, 100);
}

static void
put_wrong_type(json_t *d, const char *key, json_t *value)
{
	json_object_set_new(d, key, json_pack("{s:s}", "a", "b"));
	cr_expect_eq(check(d).code, E_ARG, "%s", key);
	json_object_set_new(d, key, json_real(1.5));
	cr_expect_eq(check(d).code, E_ARG, "%s", key);
	json_object_set_new(d, key, json_string("\x1b[2J"));
	cr_expect_eq(check(d).code, E_ARG, "%s", key);
	json_object_set(d, key, value);
}

Test(document, no_member_takes_another_type)
{
	for_every_member(put_wrong_type);
}

static void
unmask(json_t *d, const char *key, json_t *value)
{
	static const char *const masked[] = { "holder", "number", "mobile",
		"email", "pan", "sent_to" };

	for (size_t i = 0; i < sizeof masked / sizeof *masked; i++) {
		if (strcmp(masked[i], key) != 0)
			continue;
		json_object_set_new(d, key, json_string("홍길동"));
		cr_expect_eq(check(d).code, E_ARG, "%s", key);
		json_object_set(d, key, value);
		spoilt++;
	}
}

Test(document, names_phones_and_cards_must_be_masked)
{
	for_every_member(unmask);
	cr_expect_gt(spoilt, 15);
}

Test(document, what_is_not_in_the_table_is_refused)
{
	json_t *d = sample("guide", "ko");

	json_object_set_new(d, "authcode", json_string("q350767867U"));
	cr_expect_eq(check(d).code, E_ARG,
	    "an authorisation code never gets beside its reference number");
	json_object_del(d, "authcode");
	cr_expect_not(err_is(check(d)));
	json_object_del(d, "refnum");
	cr_expect_eq(check(d).code, E_ARG, "and what must be there is asked");
	json_decref(d);
	d = json_pack("{s:s,s:s}", "kind", "letter", "lang", "ko");
	cr_expect_eq(check(d).code, E_ARG);
	json_decref(d);
	cr_expect_eq(check(NULL).code, E_ARG);
}

Test(document, nested_certificates_and_lists_are_checked_too)
{
	json_t *d = sample("receipt", "ko"), *old = json_object_get(d, "old");

	json_object_set_new(old, "serial", json_string("9001011970015"));
	cr_expect_eq(check(d).code, E_ARG);
	json_object_set_new(old, "serial", json_string("5e6f"));
	cr_expect_not(err_is(check(d)));
	json_object_set_new(old, "subject", json_string("cn=x"));
	cr_expect_eq(check(d).code, E_ARG);
	json_decref(d);
	d = sample("checklist", "ko");
	json_array_append_new(
	    json_object_get(d, "banks"), json_string("900101-1970015"));
	cr_expect_eq(check(d).code, E_ARG);
	json_decref(d);
}
