/*
 * identity/check.h - one shape of answer for everything a person types about
 * themselves, so that a form field can treat all kinds alike.
 *
 * The verdict follows facts/domain.md section 3: what is wrong in form is
 * rejected; what only looks mistyped (a check digit) is a soft warning that
 * the customer may confirm.  The authenticity check of the registry decides.
 */
#ifndef IDENTITY_CHECK_H
#define IDENTITY_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"

enum id_kind {
	ID_RRN,	      /* resident registration number */
	ID_ALIEN,     /* alien registration number */
	ID_RESIDENCE, /* report of domestic residence; shaped as ID_ALIEN */
	ID_LICENCE,   /* driving licence */
	ID_PASSPORT,  /* Korean passport number */
	ID_MRZ,	      /* machine readable zone; not for id_check_text */
	ID_BUSINESS,  /* business registration number */
	ID_CORPORATE, /* corporate registration number */
	ID_PHONE,     /* any Korean number */
	ID_MOBILE,    /* one that can receive a text message */
	ID_EMAIL,
	ID_ISSUE_DATE, /* of an identity card */
	ID_NAME,
	ID_KIND_COUNT
};

enum id_verdict { ID_OK, ID_SOFT, ID_REJECT, ID_VERDICT_COUNT };

enum id_reason {
	ID_R_NONE,
	ID_R_EMPTY,
	ID_R_LENGTH, /* `got` says how many were typed */
	ID_R_DIGITS, /* a character that has no place in this kind */
	ID_R_DATE,   /* no such day */
	ID_R_FUTURE,
	ID_R_CENTURY, /* born before 1900 */
	ID_R_CHECK_DIGIT,
	ID_R_REGION, /* of a licence; area code of a phone */
	ID_R_FORM,   /* right characters, wrong arrangement */
	ID_R_LETTER, /* unusual first letter of a passport */
	ID_R_ZERO,   /* all zeros: adds up, but nobody has it */
	ID_R_KIND,   /* a number of the sister kind, or no mobile phone */
	ID_R_EXPIRED,
	ID_R_SCRIPT, /* name: scripts mixed, or neither Hangul nor Latin */
	ID_R_COUNT
};

struct id_check {
	enum id_verdict verdict;
	enum id_reason reason;
	enum id_kind kind;
	int got; /* LENGTH: digits or letters typed; else 0 */
};

/* Room for the normalised text of any kind with its NUL. */
enum { ID_TEXT = 256 };

static inline struct id_check
id_ok(enum id_kind kind)
{
	return (struct id_check){ ID_OK, ID_R_NONE, kind, 0 };
}

static inline struct id_check
id_soft(enum id_kind kind, enum id_reason reason)
{
	return (struct id_check){ ID_SOFT, reason, kind, 0 };
}

static inline struct id_check
id_reject(enum id_kind kind, enum id_reason reason, int got)
{
	return (struct id_check){ ID_REJECT, reason, kind, got };
}

/*
 * Check `text` as `kind` and leave its normalised form in `out`: digits only
 * for numbers, upper case for passports, the domain in lower case for e-mail,
 * NFC with single spaces for names.  After a rejection `out` is empty, and
 * nothing typed is left in it.  `text` is any NUL-terminated bytes; `today`
 * is the Korean date.  ID_MRZ has lines of its own (identity/mrz.h) and is
 * rejected here with ID_R_FORM.
 */
struct id_check id_check_text(char out[static ID_TEXT], enum id_kind kind,
    const char *text, const struct civil *today);

/* Text key "id.<kind>.<reason>", e.g. "id.rrn.length"; "id.ok"; never NULL. */
const char *id_check_key(struct id_check c);

/*
 * Whether a check of `kind` can answer `reason` at all: the pairs a text
 * catalogue must know.
 */
bool id_reason_used(enum id_kind kind, enum id_reason reason);

/* Lower-case word used in the keys, e.g. "rrn", "licence"; never NULL. */
const char *id_kind_name(enum id_kind kind);

#endif
