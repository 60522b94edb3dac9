/*
 * case/docs.h - which papers an applicant brings (facts/domain.md 2.4, 9.10).
 *
 * A table: rows of the same applicant and group are alternatives, one of them
 * is enough.  A branch that asks for more adds a row.
 */
#ifndef CASE_DOCS_H
#define CASE_DOCS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum applicant {
	APPLICANT_SELF,
	APPLICANT_MINOR, /* comes with the legal representative */
	APPLICANT_ALIEN,
	APPLICANT_OVERSEAS,	 /* Korean national living abroad */
	APPLICANT_SOLE,		 /* sole proprietor in person */
	APPLICANT_COMPANY,	 /* the one representative in person */
	APPLICANT_COMPANY_JOINT, /* joint representatives: every seal */
	APPLICANT_COMPANY_EACH,	 /* several, each for himself */
	APPLICANT_BUSINESS_PROXY,
	APPLICANT_PERSON_PROXY, /* refused: no proxy for a person */
	APPLICANT_COUNT
};

enum doc {
	DOC_APPLICATION, /* the form; with the seal for a proxy */
	DOC_RESIDENT_CARD,
	DOC_LICENCE,
	DOC_PASSPORT,
	DOC_MOBILE_ID,
	DOC_CARD_APPLIED, /* confirmation that a card was applied for */
	DOC_ALIEN_CARD,
	DOC_GUARDIAN_CONSENT,
	DOC_GUARDIAN_ID,
	DOC_FAMILY_CERTIFICATE,
	DOC_RESIDENT_ABSTRACT,
	DOC_BUSINESS_CERTIFICATE,
	DOC_REPRESENTATIVE_ID,
	DOC_PROXY_ID,
	DOC_POWER_OF_ATTORNEY,
	DOC_SEAL_CERTIFICATE,
	DOC_SEALS_OF_ALL, /* seal and certificate of each of them */
	DOC_USED_SEAL,	  /* when the seal is not the registered one */
	DOC_COMPANY_REGISTER,
	DOC_COUNT
};

enum doc_form { DOC_ORIGINAL, DOC_COPY, DOC_SHOWN, DOC_FORM_COUNT };

struct doc_row {
	enum applicant applicant;
	enum doc doc;
	int group; /* alternatives share it */
	enum doc_form form;
	int max_age_days; /* since its issue; 0: no limit */
	bool if_needed;	  /* only where the case asks for it */
};

/* The rows of `applicant`, n of them in a row; none for a refused one. */
const struct doc_row *docs_of(size_t *n, enum applicant applicant);

/* No proxy for a person: refused whatever is brought. */
bool docs_refused(enum applicant applicant);

/*
 * One row of each group of which nothing is in `have` (bits 1 << enum doc);
 * rows marked if_needed only count when their bit is in `needed`.  Returns
 * how many are missing, and writes at most `cap` of them.
 */
size_t docs_missing(const struct doc_row **out, size_t cap,
    enum applicant applicant, uint32_t have, uint32_t needed);

/* Issued not after `now` and young enough for the row. */
bool docs_fresh(const struct doc_row *row, int64_t issued, int64_t now);

/* "doc.resident_card" ..., "applicant.self" ... */
const char *docs_key(enum doc doc);
const char *docs_applicant_key(enum applicant applicant);

#endif
