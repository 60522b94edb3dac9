/*
 * case/docs.c - which papers an applicant brings.
 */
#include "case/docs.h"

#include "base/clock.h"

enum {
	SEAL_DAYS = 90,
	REGISTER_DAYS = 90,
	CARD_APPLIED_DAYS = 30,
	ID = 1 /* group of the applicant's own identity document */
};

#define ROW(who, doc, group, form, days)                                       \
	{                                                                      \
		APPLICANT_##who, DOC_##doc, group, DOC_##form, days, false     \
	}
#define IF_NEEDED(who, doc, group, form, days)                                 \
	{                                                                      \
		APPLICANT_##who, DOC_##doc, group, DOC_##form, days, true      \
	}

/* Sorted by applicant. */
/* clang-format off */
static const struct doc_row rows[] = {
	ROW(SELF, RESIDENT_CARD,		  ID, SHOWN,	0),
	ROW(SELF, LICENCE,			  ID, SHOWN,	0),
	ROW(SELF, PASSPORT,			  ID, SHOWN,	0),
	ROW(SELF, MOBILE_ID,			  ID, SHOWN,	0),
	ROW(SELF, CARD_APPLIED,			  ID, SHOWN,	CARD_APPLIED_DAYS),
	ROW(SELF, APPLICATION,			  2,  ORIGINAL,	0),

	ROW(MINOR, RESIDENT_CARD,		  ID, SHOWN,	0),
	ROW(MINOR, PASSPORT,			  ID, SHOWN,	0),
	ROW(MINOR, MOBILE_ID,			  ID, SHOWN,	0),
	ROW(MINOR, CARD_APPLIED,		  ID, SHOWN,	CARD_APPLIED_DAYS),
	ROW(MINOR, APPLICATION,			  2,  ORIGINAL,	0),
	ROW(MINOR, GUARDIAN_CONSENT,		  3,  ORIGINAL,	0),
	ROW(MINOR, GUARDIAN_ID,			  4,  SHOWN,	0),
	ROW(MINOR, FAMILY_CERTIFICATE,		  5,  ORIGINAL,	0),
	ROW(MINOR, RESIDENT_ABSTRACT,		  5,  ORIGINAL,	0),

	ROW(ALIEN, ALIEN_CARD,			  ID, SHOWN,	0),
	ROW(ALIEN, PASSPORT,			  ID, SHOWN,	0),
	ROW(ALIEN, APPLICATION,			  2,  ORIGINAL,	0),

	ROW(OVERSEAS, PASSPORT,			  ID, SHOWN,	0),
	ROW(OVERSEAS, APPLICATION,		  2,  ORIGINAL,	0),

	ROW(SOLE, APPLICATION,			  2,  ORIGINAL,	0),
	ROW(SOLE, BUSINESS_CERTIFICATE,		  3,  COPY,	0),
	ROW(SOLE, REPRESENTATIVE_ID,		  ID, COPY,	0),

	ROW(COMPANY, APPLICATION,		  2,  ORIGINAL,	0),
	ROW(COMPANY, BUSINESS_CERTIFICATE,	  3,  COPY,	0),
	ROW(COMPANY, REPRESENTATIVE_ID,		  ID, COPY,	0),

	ROW(COMPANY_JOINT, APPLICATION,		  2,  ORIGINAL,	0),
	ROW(COMPANY_JOINT, BUSINESS_CERTIFICATE,  3,  COPY,	0),
	ROW(COMPANY_JOINT, REPRESENTATIVE_ID,	  ID, COPY,	0),
	ROW(COMPANY_JOINT, SEALS_OF_ALL,	  4,  ORIGINAL,	SEAL_DAYS),
	ROW(COMPANY_JOINT, COMPANY_REGISTER,	  5,  ORIGINAL,	REGISTER_DAYS),

	ROW(COMPANY_EACH, APPLICATION,		  2,  ORIGINAL,	0),
	ROW(COMPANY_EACH, BUSINESS_CERTIFICATE,	  3,  COPY,	0),
	ROW(COMPANY_EACH, REPRESENTATIVE_ID,	  ID, COPY,	0),
	ROW(COMPANY_EACH, SEAL_CERTIFICATE,	  4,  ORIGINAL,	SEAL_DAYS),
	ROW(COMPANY_EACH, COMPANY_REGISTER,	  5,  ORIGINAL,	REGISTER_DAYS),

	ROW(BUSINESS_PROXY, APPLICATION,	  2,  ORIGINAL,	0),
	ROW(BUSINESS_PROXY, BUSINESS_CERTIFICATE, 3,  COPY,	0),
	ROW(BUSINESS_PROXY, PROXY_ID,		  ID, SHOWN,	0),
	ROW(BUSINESS_PROXY, SEAL_CERTIFICATE,	  4,  ORIGINAL,	SEAL_DAYS),
	ROW(BUSINESS_PROXY, POWER_OF_ATTORNEY,	  5,  ORIGINAL,	0),
	IF_NEEDED(BUSINESS_PROXY, USED_SEAL,	  6,  ORIGINAL,	0),
};

static const char *const doc_keys[DOC_COUNT] = {
	[DOC_APPLICATION]	   = "doc.application",
	[DOC_RESIDENT_CARD]	   = "doc.resident_card",
	[DOC_LICENCE]		   = "doc.licence",
	[DOC_PASSPORT]		   = "doc.passport",
	[DOC_MOBILE_ID]		   = "doc.mobile_id",
	[DOC_CARD_APPLIED]	   = "doc.card_applied",
	[DOC_ALIEN_CARD]	   = "doc.alien_card",
	[DOC_GUARDIAN_CONSENT]	   = "doc.guardian_consent",
	[DOC_GUARDIAN_ID]	   = "doc.guardian_id",
	[DOC_FAMILY_CERTIFICATE]   = "doc.family_certificate",
	[DOC_RESIDENT_ABSTRACT]	   = "doc.resident_abstract",
	[DOC_BUSINESS_CERTIFICATE] = "doc.business_certificate",
	[DOC_REPRESENTATIVE_ID]	   = "doc.representative_id",
	[DOC_PROXY_ID]		   = "doc.proxy_id",
	[DOC_POWER_OF_ATTORNEY]	   = "doc.power_of_attorney",
	[DOC_SEAL_CERTIFICATE]	   = "doc.seal_certificate",
	[DOC_SEALS_OF_ALL]	   = "doc.seals_of_all",
	[DOC_USED_SEAL]		   = "doc.used_seal",
	[DOC_COMPANY_REGISTER]	   = "doc.company_register",
};

static const char *const applicant_keys[APPLICANT_COUNT] = {
	[APPLICANT_SELF]	   = "applicant.self",
	[APPLICANT_MINOR]	   = "applicant.minor",
	[APPLICANT_ALIEN]	   = "applicant.alien",
	[APPLICANT_OVERSEAS]	   = "applicant.overseas",
	[APPLICANT_SOLE]	   = "applicant.sole",
	[APPLICANT_COMPANY]	   = "applicant.company",
	[APPLICANT_COMPANY_JOINT]  = "applicant.company_joint",
	[APPLICANT_COMPANY_EACH]   = "applicant.company_each",
	[APPLICANT_BUSINESS_PROXY] = "applicant.business_proxy",
	[APPLICANT_PERSON_PROXY]   = "applicant.person_proxy",
};
/* clang-format on */

const struct doc_row *
docs_of(size_t *n, enum applicant applicant)
{
	const struct doc_row *first = NULL;

	*n = 0;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (rows[i].applicant != applicant)
			continue;
		if (first == NULL)
			first = &rows[i];
		(*n)++;
	}
	return first;
}

bool
docs_refused(enum applicant applicant)
{
	return applicant == APPLICANT_PERSON_PROXY;
}

static uint32_t
bit(enum doc doc)
{
	return UINT32_C(1) << doc;
}

/* Whether row i is the first of its group among the applicant's n. */
static bool
opens_group(const struct doc_row *r, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (r[j].group == r[i].group)
			return false;
	return true;
}

static bool
group_met(const struct doc_row *r, size_t n, int group, uint32_t have)
{
	for (size_t i = 0; i < n; i++)
		if (r[i].group == group && (have & bit(r[i].doc)) != 0)
			return true;
	return false;
}

size_t
docs_missing(const struct doc_row **out, size_t cap, enum applicant applicant,
    uint32_t have, uint32_t needed)
{
	size_t n, missing = 0;
	const struct doc_row *r = docs_of(&n, applicant);

	for (size_t i = 0; i < n; i++) {
		if (r[i].if_needed && (needed & bit(r[i].doc)) == 0)
			continue;
		if (!opens_group(r, i) || group_met(r, n, r[i].group, have))
			continue;
		if (missing < cap)
			out[missing] = &r[i];
		missing++;
	}
	return missing;
}

bool
docs_fresh(const struct doc_row *row, int64_t issued, int64_t now)
{
	int days = civil_days_between(issued, now);

	return days >= 0 &&
	       (row->max_age_days == 0 || days <= row->max_age_days);
}

const char *
docs_key(enum doc doc)
{
	return (unsigned)doc < DOC_COUNT ? doc_keys[doc] : "doc.unknown";
}

const char *
docs_applicant_key(enum applicant applicant)
{
	return (unsigned)applicant < APPLICANT_COUNT ? applicant_keys[applicant]
						     : "applicant.unknown";
}
