/*
 * sandbox/people.h - the invented people the registry knows, from a JSON file.
 *
 * assets/sandbox/README.md documents the shape.  Everything is checked when
 * the file is read: a wrong one is refused with a sentence, never half used.
 */
#ifndef SANDBOX_PEOPLE_H
#define SANDBOX_PEOPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

enum {
	PEOPLE_MAX = 256,
	PERSON_DOCUMENTS = 6,
	PERSON_CERTIFICATES = 8,
	PERSON_WORD = 64,
	PERSON_TEXT = 192,
	PEOPLE_MESSAGE = 256,
	PEOPLE_FILE_MAX = 1024 * 1024
};

struct document {
	char kind[PERSON_WORD];	      /* as id_kind */
	char number[PERSON_WORD];     /* driver, passport; without hyphens */
	char issue_date[PERSON_WORD]; /* "2019-03-05" */
};

struct held_certificate {
	char issuer[PERSON_WORD]; /* the issuer's O */
	char bank[PERSON_WORD];
	char policy[PERSON_WORD];
	int days_left;		  /* negative: expired before */
	char status[PERSON_WORD]; /* as cert_state */
};

struct person {
	char id[PERSON_WORD];
	char name[PERSON_TEXT];
	char name_latin[PERSON_TEXT];
	char number[PERSON_WORD]; /* thirteen digits */
	char phone[PERSON_WORD];  /* "" when none */
	int phone_changed_days;
	char question[PERSON_TEXT]; /* "" when none */
	char answer[PERSON_TEXT];
	char account[PERSON_WORD]; /* "" when none */
	char pin[PERSON_WORD];
	struct document documents[PERSON_DOCUMENTS];
	size_t document_count;
	struct held_certificate certificates[PERSON_CERTIFICATES];
	size_t certificate_count;
};

struct people {
	struct person *list; /* people_free frees it */
	size_t count;
};

/*
 * Parse a people file.  On E_FORMAT or E_LIMIT `message` says which person and
 * which field; *out is then empty.  E_NOMEM.
 */
MUST_USE struct err people_parse(
    struct people *out, struct span json, char message[static PEOPLE_MESSAGE]);

/* The same from a file; E_NOTFOUND, E_SYS too.  Blocks. */
MUST_USE struct err people_load(
    struct people *out, const char *path, char message[static PEOPLE_MESSAGE]);

void people_free(struct people *p);

/* NULL when nobody has this id. */
const struct person *people_find(const struct people *p, const char *id);

/* The person's document of this kind, or NULL. */
const struct document *person_document(
    const struct person *p, const char *kind);

#endif
