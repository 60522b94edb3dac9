/*
 * The people file: what is refused, and that the shipped one tells stories.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "identity/rrn.h"
#include "identity/password.h"
#include "prog/sandbox/people.h"

/* A person that is right, as a JSON value to spoil. */
static const char good[] =
    "{\"id\":\"a\",\"name\":\"홍길동\",\"name_latin\":\"\","
    "\"resident_number\":\"900101-1970015\","
    "\"documents\":[{\"kind\":\"driver\",\"number\":\"11-23-123456-70\","
    "\"issue_date\":\"2023-04-11\"}],"
    "\"phone\":\"010-0001-0001\",\"question\":null,"
    "\"account\":{\"number\":\"110-123\",\"pin\":\"4821\"},"
    "\"certificates\":[{\"issuer\":\"yessign\",\"bank\":\"HANBIT\","
    "\"policy\":\"1.2.410.200005.1.1.4\",\"days_left\":-3,"
    "\"status\":\"valid\"}],\"unknown\":1}";

static void
expect_text(const char *got, const char *want)
{
	cr_expect(
	    strcmp(got, want) == 0, "got \"%s\", wanted \"%s\"", got, want);
}

static enum err_code
parse(struct people *p, const char *text, char message[PEOPLE_MESSAGE])
{
	return people_parse(p, span_str(text), message).code;
}

Test(people, reads_a_person_and_drops_hyphens)
{
	char text[2048], why[PEOPLE_MESSAGE];
	const struct person *a;
	struct people p;

	snprintf(text, sizeof text, "{\"people\":[%s]}", good);
	cr_assert(eq(int, parse(&p, text, why), E_NONE), "%s", why);
	a = people_find(&p, "a");
	cr_assert(a != NULL);
	expect_text(a->number, "9001011970015");
	expect_text(a->phone, "01000010001");
	expect_text(a->account, "110123");
	expect_text(a->question, "");
	cr_expect(eq(int, a->certificates[0].days_left, -3));
	cr_assert(person_document(a, "driver") != NULL);
	expect_text(person_document(a, "driver")->number, "112312345670");
	cr_expect(person_document(a, "passport") == NULL);
	cr_expect(people_find(&p, "b") == NULL);
	people_free(&p);
}

Test(people, says_which_person_and_which_field_is_wrong)
{
	static const struct {
		const char *what, *with, *complaint;
	} rows[] = {
		{ "\"id\":\"a\"", "\"id\":\"../a\"", "id" },
		{ "\"id\":\"a\"", "\"id\":7", "id" },
		{ "\"name\":\"홍길동\"", "\"name\":\"\"", "name" },
		{ "900101-1970015", "900230-1970011", "resident_number" },
		{ "900101-1970015", "90010119700151", "resident_number" },
		{ "\"kind\":\"driver\"", "\"kind\":\"boat\"", "kind" },
		{ "2023-04-11", "2023-02-29", "issue_date" },
		{ "2023-04-11", "23-04-11", "issue_date" },
		{ "\"number\":\"11-23-123456-70\",", "", "number" },
		{ "010-0001-0001", "../../etc", "phone" },
		{ "\"question\":null", "\"question\":{}", "text" },
		{ "\"question\":null", "\"question\":[]", "question" },
		{ "\"issuer\":\"yessign\"", "\"issuer\":\"X\"", "issuer" },
		{ "\"status\":\"valid\"", "\"status\":\"good\"", "status" },
		{ "\"days_left\":-3", "\"days_left\":\"3\"", "days_left" },
		{ "\"days_left\":-3", "\"days_left\":99999999", "days_left" },
	};
	struct people p;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[2048], why[PEOPLE_MESSAGE];
		const char *at = strstr(good, rows[i].what);

		cr_assert(at != NULL, "row %zu", i);
		snprintf(text, sizeof text, "{\"people\":[%.*s%s%s]}",
		    (int)(at - good), good, rows[i].with,
		    at + strlen(rows[i].what));
		cr_expect(
		    eq(int, parse(&p, text, why), E_FORMAT), "row %zu", i);
		cr_expect(strstr(why, rows[i].complaint) != NULL, "row %zu: %s",
		    i, why);
		cr_expect(eq(sz, p.count, 0));
	}
}

Test(people, refuses_what_is_no_people_file)
{
	static const char *const rows[] = { "", "{", "[]", "{}",
		"{\"people\":{}}", "{\"people\":[]}", "{\"people\":[1]}",
		"{\"people\":[{\"id\":\"a\",\"id\":\"b\"}]}" };
	char why[PEOPLE_MESSAGE];
	struct people p;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cr_expect(
		    eq(int, parse(&p, rows[i], why), E_FORMAT), "%s", rows[i]);
		cr_expect(why[0] != '\0', "%s", rows[i]);
	}
}

Test(people, refuses_two_people_of_one_name)
{
	char text[4096], why[PEOPLE_MESSAGE];
	struct people p;

	snprintf(text, sizeof text, "{\"people\":[%s,%s]}", good, good);
	cr_expect(eq(int, parse(&p, text, why), E_FORMAT));
	cr_expect(strstr(why, "one nobody else has") != NULL);
}

Test(people, the_shipped_ones_have_synthetic_numbers)
{
	char why[PEOPLE_MESSAGE];
	struct people p;

	cr_assert(
	    eq(int, people_load(&p, "assets/sandbox/people.json", why).code,
		E_NONE),
	    "%s", why);
	cr_expect(p.count >= 12);
	for (size_t i = 0; i < p.count; i++) {
		const char *n = p.list[i].number;

		/* no region has these digits; or a random one, of a changed
		 * number or a birth after October 2020 */
		bool region = n[7] == '9' && n[8] >= '7';
		bool random = strcmp(p.list[i].id, "han") == 0 ||
			      strcmp(p.list[i].id, "seo") == 0;
		bool phone = p.list[i].phone[0] == '\0' ||
			     strncmp(p.list[i].phone, "010000100", 9) == 0;

		cr_expect(region || random, "%s", p.list[i].id);
		cr_expect(phone, "%s", p.list[i].id);
	}
	people_free(&p);
}

Test(people, the_shipped_passwords_keep_the_rule)
{
	json_t *root = json_load_file("assets/sandbox/people.json", 0, NULL);
	const json_t *list = json_object_get(root, "people");

	cr_assert(json_array_size(list) >= 12);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *p = json_array_get(list, i);
		const char *word = json_string_value(
		    json_object_get(p, "certificate_password"));

		cr_assert(word != NULL);
		cr_expect(eq(int, password_check(span_str(word)), PASSWORD_OK),
		    "%s", json_string_value(json_object_get(p, "id")));
	}
	json_decref(root);
}

Test(people, the_shipped_numbers_pass_the_form_check)
{
	char why[PEOPLE_MESSAGE], digits[RRN_TEXT];
	struct civil today = { .year = 2026, .month = 11, .day = 22 };
	struct people p;

	cr_assert(eq(int,
	    people_load(&p, "assets/sandbox/people.json", why).code, E_NONE));
	for (size_t i = 0; i < p.count; i++) {
		const struct person *x = &p.list[i];
		struct id_check c = rrn_check(
		    digits, rrn_kind(x->number), x->number, &today);
		bool changed = strcmp(x->id, "han") == 0;

		cr_expect(
		    eq(int, c.verdict, changed ? ID_SOFT : ID_OK), "%s", x->id);
	}
	people_free(&p);
}
