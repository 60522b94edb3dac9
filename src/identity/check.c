/*
 * identity/check.c - the text keys, and one entry for all kinds.
 */
#include "identity/check.h"

#include "identity/company.h"
#include "identity/contact.h"
#include "identity/issue_date.h"
#include "identity/licence.h"
#include "identity/name.h"
#include "identity/passport.h"
#include "identity/rrn.h"

#define BIT(r) (1u << ID_R_##r)
#define TYPED  (BIT(EMPTY) | BIT(LENGTH) | BIT(DIGITS))
#define BORN   (TYPED | BIT(DATE) | BIT(FUTURE) | BIT(CHECK_DIGIT) | BIT(KIND))

/* clang-format off */
static const struct {
	const char	*name;
	unsigned	 reasons;
} kinds[ID_KIND_COUNT] = {
	[ID_RRN]	= { "rrn",	 BORN | BIT(CENTURY) },
	[ID_ALIEN]	= { "alien",	 BORN },
	[ID_RESIDENCE]	= { "residence", BORN },
	[ID_LICENCE]	= { "licence",	 TYPED | BIT(REGION) },
	[ID_PASSPORT]	= { "passport",	 TYPED | BIT(FORM) | BIT(LETTER) },
	[ID_MRZ]	= { "mrz",	 TYPED | BIT(FORM) | BIT(CHECK_DIGIT) |
					 BIT(DATE) | BIT(EXPIRED) },
	[ID_BUSINESS]	= { "business",	 TYPED | BIT(ZERO) | BIT(CHECK_DIGIT) },
	[ID_CORPORATE]	= { "corporate", TYPED | BIT(ZERO) | BIT(CHECK_DIGIT) },
	[ID_PHONE]	= { "phone",	 TYPED | BIT(REGION) },
	[ID_MOBILE]	= { "mobile",	 TYPED | BIT(REGION) | BIT(KIND) },
	[ID_EMAIL]	= { "email",	 BIT(EMPTY) | BIT(LENGTH) | BIT(DIGITS) |
					 BIT(FORM) },
	[ID_ISSUE_DATE]	= { "issue_date", TYPED | BIT(FORM) | BIT(DATE) |
					 BIT(FUTURE) | BIT(CENTURY) },
	[ID_NAME]	= { "name",	 BIT(EMPTY) | BIT(LENGTH) | BIT(SCRIPT) |
					 BIT(FORM) },
};

/* Literals, so that a key outlives every caller. */
#define KEYS(k) {							\
	[ID_R_NONE]	   = "id.ok",					\
	[ID_R_EMPTY]	   = "id." k ".empty",				\
	[ID_R_LENGTH]	   = "id." k ".length",				\
	[ID_R_DIGITS]	   = "id." k ".digits",				\
	[ID_R_DATE]	   = "id." k ".date",				\
	[ID_R_FUTURE]	   = "id." k ".future",				\
	[ID_R_CENTURY]	   = "id." k ".century",			\
	[ID_R_CHECK_DIGIT] = "id." k ".check_digit",			\
	[ID_R_REGION]	   = "id." k ".region",				\
	[ID_R_FORM]	   = "id." k ".form",				\
	[ID_R_LETTER]	   = "id." k ".letter",				\
	[ID_R_ZERO]	   = "id." k ".zero",				\
	[ID_R_KIND]	   = "id." k ".kind",				\
	[ID_R_EXPIRED]	   = "id." k ".expired",			\
	[ID_R_SCRIPT]	   = "id." k ".script",				\
}

static const char *const keys[ID_KIND_COUNT][ID_R_COUNT] = {
	[ID_RRN]	= KEYS("rrn"),
	[ID_ALIEN]	= KEYS("alien"),
	[ID_RESIDENCE]	= KEYS("residence"),
	[ID_LICENCE]	= KEYS("licence"),
	[ID_PASSPORT]	= KEYS("passport"),
	[ID_MRZ]	= KEYS("mrz"),
	[ID_BUSINESS]	= KEYS("business"),
	[ID_CORPORATE]	= KEYS("corporate"),
	[ID_PHONE]	= KEYS("phone"),
	[ID_MOBILE]	= KEYS("mobile"),
	[ID_EMAIL]	= KEYS("email"),
	[ID_ISSUE_DATE]	= KEYS("issue_date"),
	[ID_NAME]	= KEYS("name"),
};
/* clang-format on */

const char *
id_check_key(struct id_check c)
{
	if ((unsigned)c.kind >= ID_KIND_COUNT ||
	    (unsigned)c.reason >= ID_R_COUNT)
		return "id.unknown";
	return keys[c.kind][c.reason];
}

bool
id_reason_used(enum id_kind kind, enum id_reason reason)
{
	if ((unsigned)kind >= ID_KIND_COUNT || (unsigned)reason >= ID_R_COUNT)
		return false;
	return (kinds[kind].reasons >> reason & 1) != 0;
}

const char *
id_kind_name(enum id_kind kind)
{
	return (unsigned)kind < ID_KIND_COUNT ? kinds[kind].name : "unknown";
}

struct id_check
id_check_text(char out[static ID_TEXT], enum id_kind kind, const char *text,
    const struct civil *today)
{
	out[0] = '\0';
	switch (kind) {
	case ID_RRN:
	case ID_ALIEN:
	case ID_RESIDENCE:
		return rrn_check(out, kind, text, today);
	case ID_LICENCE:
		return licence_check(out, text);
	case ID_PASSPORT:
		return passport_check(out, text);
	case ID_BUSINESS:
		return business_check(out, text);
	case ID_CORPORATE:
		return corporate_check(out, text);
	case ID_PHONE:
		return phone_check(out, text);
	case ID_MOBILE:
		return mobile_check(out, text);
	case ID_EMAIL:
		return email_check(out, text);
	case ID_ISSUE_DATE:
		return issue_date_check(out, text, today);
	case ID_NAME:
		return name_check(out, text);
	case ID_MRZ:
	case ID_KIND_COUNT:
		break;
	}
	return id_reject(kind, ID_R_FORM, 0);
}
