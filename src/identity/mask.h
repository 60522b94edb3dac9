/*
 * identity/mask.h - how a person's data is shown (facts/domain.md section 4).
 *
 * Each takes the normalised text of its checker and writes at most MASK_TEXT
 * bytes with the NUL.  Anything else is shown as asterisks alone: what a mask
 * does not understand it does not show.
 */
#ifndef IDENTITY_MASK_H
#define IDENTITY_MASK_H

#include "identity/check.h"

enum { MASK_TEXT = ID_TEXT };

/* "홍*동", "홍*", "남**우"; Latin: first letter of each word, "H*** G******".
 */
void mask_name(char out[static MASK_TEXT], const char *name_secret);
/* "900101-1******" */
void mask_rrn(char out[static MASK_TEXT], const char *digits_secret);
/* "11-04-******-**" */
void mask_licence(char out[static MASK_TEXT], const char *digits_secret);
/* "M12******" */
void mask_passport(char out[static MASK_TEXT], const char *text_secret);
/* "010-1234-****" */
void mask_phone(char out[static MASK_TEXT], const char *digits_secret);
/* "ab****@example.com"; always four asterisks, so that the length is hidden. */
void mask_email(char out[static MASK_TEXT], const char *text_secret);
/* "110-***-****78"; hyphens stay where they were typed. */
void mask_account(char out[static MASK_TEXT], const char *text_secret);

/*
 * The mask of `kind`; business and corporate numbers are public and come
 * out formatted, an issue date with year only ("2019-**-**").
 */
void mask_kind(
    char out[static MASK_TEXT], enum id_kind kind, const char *text_secret);

#endif
