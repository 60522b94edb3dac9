/*
 * sandbox/people.c - reading the people file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/utf8.h"
#include "identity/rrn.h"
#include "people.h"

/* Where a reader stands: for the one sentence of a refusal. */
struct place {
	char *message;
	const char *person;
	bool bad;
};

static void
complain(struct place *at, const char *field, const char *want)
{
	if (!at->bad)
		snprintf(at->message, PEOPLE_MESSAGE, "%s: %s: expected %s",
		    at->person, field, want);
	at->bad = true;
}

static bool
only_digits(const char *s)
{
	return s[strspn(s, "0123456789")] == '\0';
}

/* Copy a text member; absent or null gives "" unless it must be there. */
static void
take_text(struct place *at, char *out, size_t cap, const json_t *from,
    const char *key, bool needed)
{
	const json_t *v = json_object_get(from, key);

	out[0] = '\0';
	if (v == NULL || json_is_null(v)) {
		if (needed)
			complain(at, key, "a text");
		return;
	}
	if (!json_is_string(v) ||
	    strlen(json_string_value(v)) != json_string_length(v)) {
		complain(at, key, "a text");
		return;
	}
	if (!str_copy(out, cap, json_string_value(v)))
		complain(at, key, "a shorter text");
	else if (needed && out[0] == '\0')
		complain(at, key, "a text that is not empty");
}

static int
take_int(struct place *at, const json_t *from, const char *key, int fallback)
{
	const json_t *v = json_object_get(from, key);
	json_int_t n;

	if (v == NULL)
		return fallback;
	n = json_integer_value(v);
	if (!json_is_integer(v) || n < -36500 || n > 36500) {
		complain(at, key, "a whole number of days");
		return fallback;
	}
	return (int)n;
}

static bool
one_of(const char *s, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(s, *words) == 0)
			return true;
	return false;
}

static void
strip_hyphens(char *s)
{
	char *to = s;

	for (; *s != '\0'; s++)
		if (*s != '-' && *s != ' ')
			*to++ = *s;
	*to = '\0';
}

static void
take_document(struct place *at, struct document *d, const json_t *v)
{
	static const char *const kinds[] = { "resident", "driver", "passport",
		"alien", NULL };

	take_text(at, d->kind, sizeof d->kind, v, "kind", true);
	take_text(
	    at, d->issue_date, sizeof d->issue_date, v, "issue_date", true);
	take_text(at, d->number, sizeof d->number, v, "number",
	    strcmp(d->kind, "driver") == 0 || strcmp(d->kind, "passport") == 0);
	strip_hyphens(d->number);
	if (!one_of(d->kind, kinds))
		complain(at, "kind", "resident, driver, passport or alien");
	if (!civil_date_read(NULL, d->issue_date))
		complain(at, "issue_date", "a date such as 2019-03-05");
}

static void
take_certificate(struct place *at, struct held_certificate *c, const json_t *v)
{
	static const char *const states[] = { "valid", "suspended", "revoked",
		NULL };
	static const char *const issuers[] = { "yessign", "KICA", NULL };

	take_text(at, c->issuer, sizeof c->issuer, v, "issuer", true);
	take_text(at, c->bank, sizeof c->bank, v, "bank", true);
	take_text(at, c->policy, sizeof c->policy, v, "policy", true);
	take_text(at, c->status, sizeof c->status, v, "status", true);
	c->days_left = take_int(at, v, "days_left", 100);
	if (!one_of(c->status, states))
		complain(at, "status", "valid, suspended or revoked");
	if (!one_of(c->issuer, issuers))
		complain(at, "issuer", "yessign or KICA");
}

static void
take_factors(struct place *at, struct person *p, const json_t *v)
{
	const json_t *q = json_object_get(v, "question");
	const json_t *a = json_object_get(v, "account");

	take_text(at, p->phone, sizeof p->phone, v, "phone", false);
	strip_hyphens(p->phone);
	if (!only_digits(p->phone))
		complain(at, "phone", "digits");
	p->phone_changed_days = take_int(at, v, "phone_changed_days", 3650);
	if (json_is_object(q)) {
		take_text(at, p->question, sizeof p->question, q, "text", true);
		take_text(at, p->answer, sizeof p->answer, q, "answer", true);
	} else if (q != NULL && !json_is_null(q)) {
		complain(at, "question", "an object or null");
	}
	if (json_is_object(a)) {
		take_text(at, p->account, sizeof p->account, a, "number", true);
		take_text(at, p->pin, sizeof p->pin, a, "pin", true);
		strip_hyphens(p->account);
	} else if (a != NULL && !json_is_null(a)) {
		complain(at, "account", "an object or null");
	}
}

static void
take_lists(struct place *at, struct person *p, const json_t *v)
{
	const json_t *docs = json_object_get(v, "documents");
	const json_t *certs = json_object_get(v, "certificates");

	p->document_count = json_array_size(docs);
	if (!json_is_array(docs) || p->document_count > PERSON_DOCUMENTS) {
		complain(at, "documents", "a list of at most six");
		p->document_count = 0;
	}
	for (size_t i = 0; i < p->document_count; i++)
		take_document(at, &p->documents[i], json_array_get(docs, i));
	p->certificate_count = json_array_size(certs);
	if ((certs != NULL && !json_is_array(certs)) ||
	    p->certificate_count > PERSON_CERTIFICATES) {
		complain(at, "certificates", "a list of at most eight");
		p->certificate_count = 0;
	}
	for (size_t i = 0; i < p->certificate_count; i++)
		take_certificate(
		    at, &p->certificates[i], json_array_get(certs, i));
}

static void
take_person(struct place *at, struct person *p, const json_t *v)
{
	struct civil born;

	take_text(at, p->id, sizeof p->id, v, "id", true);
	if (p->id[0] != '\0')
		at->person = p->id;
	if (p->id[strspn(p->id, "abcdefghijklmnopqrstuvwxyz0123456789_-")] != 0)
		complain(at, "id", "small letters, digits, _ and -");
	take_text(at, p->name, sizeof p->name, v, "name", true);
	take_text(
	    at, p->name_latin, sizeof p->name_latin, v, "name_latin", false);
	take_text(at, p->number, sizeof p->number, v, "resident_number", true);
	strip_hyphens(p->number);
	if (strlen(p->number) != RRN_DIGITS || !only_digits(p->number) ||
	    !rrn_birth(&born, p->number))
		complain(at, "resident_number", "thirteen digits with a date");
	take_factors(at, p, v);
	take_lists(at, p, v);
}

static struct err
take_people(struct people *out, const json_t *root, struct place *at)
{
	const json_t *list = json_object_get(root, "people");
	size_t n = json_array_size(list);

	if (!json_is_array(list) || n == 0 || n > PEOPLE_MAX) {
		complain(at, "people", "a list of 1 to 256 people");
		return err_make(E_FORMAT, 0, "people: list");
	}
	out->list = calloc(n, sizeof *out->list);
	if (out->list == NULL)
		return err_make(E_NOMEM, 0, "people: list");
	for (size_t i = 0; i < n && !at->bad; i++) {
		struct person *p = &out->list[i];

		at->person = "a person without id";
		take_person(at, p, json_array_get(list, i));
		if (people_find(out, p->id) != NULL)
			complain(at, "id", "one nobody else has");
		out->count = i + 1;
	}
	return at->bad ? err_make(E_FORMAT, 0, "people: person") : err_none();
}

struct err
people_parse(
    struct people *out, struct span json, char message[static PEOPLE_MESSAGE])
{
	struct place at = { message, "people file", false };
	json_error_t why;
	json_t *root;
	struct err e;

	*out = (struct people){ 0 };
	message[0] = '\0';
	root = json_loadb(
	    (const char *)json.p, json.n, JSON_REJECT_DUPLICATES, &why);
	if (root == NULL) {
		snprintf(
		    message, PEOPLE_MESSAGE, "line %d: %s", why.line, why.text);
		return err_make(E_FORMAT, 0, "people: JSON");
	}
	e = take_people(out, root, &at);
	json_decref(root);
	if (err_is(e))
		people_free(out);
	return e;
}

struct err
people_load(
    struct people *out, const char *path, char message[static PEOPLE_MESSAGE])
{
	struct buf b = buf_make(malloc(PEOPLE_FILE_MAX), PEOPLE_FILE_MAX);
	struct err e;

	*out = (struct people){ 0 };
	message[0] = '\0';
	if (b.p == NULL)
		return err_make(E_NOMEM, 0, "people: file");
	e = file_read(&b, path);
	if (!err_is(e))
		e = people_parse(out, buf_span(&b), message);
	else
		snprintf(message, PEOPLE_MESSAGE, "cannot be read");
	free(b.p);
	return e;
}

void
people_free(struct people *p)
{
	free(p->list);
	*p = (struct people){ 0 };
}

const struct person *
people_find(const struct people *p, const char *id)
{
	for (size_t i = 0; i < p->count; i++)
		if (strcmp(p->list[i].id, id) == 0)
			return &p->list[i];
	return NULL;
}

const struct document *
person_document(const struct person *p, const char *kind)
{
	for (size_t i = 0; i < p->document_count; i++)
		if (strcmp(p->documents[i].kind, kind) == 0)
			return &p->documents[i];
	return NULL;
}
