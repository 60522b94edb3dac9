/*
 * identity/company.h - business and corporate registration numbers
 * (facts/domain.md 3.7, 3.8).
 */
#ifndef IDENTITY_COMPANY_H
#define IDENTITY_COMPANY_H

#include "identity/check.h"

enum {
	BUSINESS_TEXT = 11,
	BUSINESS_FORMATTED = 13,
	CORPORATE_TEXT = 14,
	CORPORATE_FORMATTED = 15
};

/* What the fourth and fifth digit of a business number say. */
enum business_form {
	BUSINESS_SOLE,	    /* 01-80 */
	BUSINESS_COMPANY,   /* 81 86 87 88 */
	BUSINESS_NONPROFIT, /* 82 */
	BUSINESS_PUBLIC,    /* 83: schools, local government */
	BUSINESS_FOREIGN,   /* 84 */
	BUSINESS_BRANCH,    /* 85 */
	BUSINESS_TAX_FREE,  /* 90-99 */
	BUSINESS_OTHER,
	BUSINESS_FORM_COUNT
};

/* Ten digits to `out`, empty after a rejection; the check digit is hard. */
struct id_check business_check(
    char out[static BUSINESS_TEXT], const char *text);
enum business_form business_form(const char digits[static BUSINESS_TEXT]);
/* "123-45-67891" */
void business_format(char out[static BUSINESS_FORMATTED],
    const char digits[static BUSINESS_TEXT]);

/*
 * Thirteen digits to `out`, empty after a rejection.  The check digit is only
 * a soft warning: it is said to be abolished for numbers since 2025-01-31.
 */
struct id_check corporate_check(
    char out[static CORPORATE_TEXT], const char *text);
/* "110111-0062432" */
void corporate_format(char out[static CORPORATE_FORMATTED],
    const char digits[static CORPORATE_TEXT]);

#endif
