/*
 * identity/mrz.h - the machine readable zone of passports (TD3) and cards
 * (TD1), ICAO 9303 parts 3 to 5; facts/domain.md 3.6.
 */
#ifndef IDENTITY_MRZ_H
#define IDENTITY_MRZ_H

#include "base/clock.h"
#include "identity/check.h"

enum {
	MRZ_TD3 = 44, /* characters a line, two lines */
	MRZ_TD1 = 30, /* three lines */
	MRZ_FIELD = 40
};

/* Which check digit or date a rejection is about; in id_check.got. */
enum mrz_part {
	MRZ_NUMBER = 1,
	MRZ_BIRTH,
	MRZ_EXPIRY,
	MRZ_PERSONAL,
	MRZ_COMPOSITE,
	MRZ_PART_COUNT
};

/* All texts without fillers; a part of the birth date not known is 0. */
struct mrz {
	char document[3]; /* "P", "PM", "I" */
	char issuer[4];
	char number[MRZ_FIELD];
	char nationality[4];
	struct civil birth; /* year, month, day only */
	struct civil expiry;
	char sex;		  /* 'M', 'F' or '<' */
	char personal[MRZ_FIELD]; /* optional data of the issuer */
	char surname[MRZ_FIELD];
	char given[MRZ_FIELD]; /* words parted by one space */
};

/* 7 3 1 over n characters of A-Z 0-9 <; the digit as a character. */
char mrz_check_digit(const char *p, size_t n);

/*
 * Read the lines; small letters and white space around a line are forgiven.
 * Every check digit is hard: a zone that does not add up was misread.
 * `today` finds the century of the birth date, and ID_R_EXPIRED.  Rejections
 * wipe *out_secret.  ID_R_LENGTH has the length of the wrong line in `got`,
 * ID_R_CHECK_DIGIT and ID_R_DATE an enum mrz_part.
 */
struct id_check mrz_read_td3(struct mrz *out_secret, const char *line1,
    const char *line2, const struct civil *today);
struct id_check mrz_read_td1(struct mrz *out_secret, const char *line1,
    const char *line2, const char *line3, const struct civil *today);

#endif
