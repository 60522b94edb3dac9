/*
 * identity/licence.c - driving licence numbers.
 */
#include "identity/licence.h"

#include <string.h>

#include "base/secret.h"
#include "base/span.h"
#include "identity/digits.h"

/* The longer word first where one begins another. */
/* clang-format off */
static const struct region {
	const char	*name;
	const char	*code;
} regions[] = {
	{ "경기남부", "13" }, { "경기북부", "28" }, { "서울", "11" },
	{ "부산", "12" },     { "경기", "13" },	    { "강원", "14" },
	{ "충북", "15" },     { "충남", "16" },	    { "전북", "17" },
	{ "전남", "18" },     { "경북", "19" },	    { "경남", "20" },
	{ "제주", "21" },     { "대구", "22" },	    { "인천", "23" },
	{ "광주", "24" },     { "대전", "25" },	    { "울산", "26" },
	{ "북부", "28" },
};
/* clang-format on */

static bool
code_known(const char *digits)
{
	for (size_t i = 0; i < sizeof regions / sizeof *regions; i++)
		if (strncmp(digits, regions[i].code, 2) == 0)
			return true;
	return false;
}

static const struct region *
region_named(const char *text)
{
	for (size_t i = 0; i < sizeof regions / sizeof *regions; i++)
		if (strncmp(text, regions[i].name, strlen(regions[i].name)) ==
		    0)
			return &regions[i];
	return NULL;
}

struct id_check
licence_check(char out[static LICENCE_TEXT], const char *text)
{
	const struct region *named;
	struct id_check c;

	out[0] = '\0';
	text += strspn(text, " ");
	if ((named = region_named(text)) != NULL) {
		memcpy(out, named->code, 2);
		c = digits_exact(out + 2, LICENCE_TEXT - 2, ID_LICENCE,
		    text + strlen(named->name));
	} else {
		/* A word that is no region of ours, not a stray letter. */
		if ((unsigned char)*text >= 0x80)
			return id_reject(ID_LICENCE, ID_R_REGION, 0);
		c = digits_exact(out, LICENCE_TEXT, ID_LICENCE, text);
	}
	if (c.verdict == ID_OK && !code_known(out))
		c = id_reject(ID_LICENCE, ID_R_REGION, 0);
	if (c.verdict == ID_REJECT)
		secret_wipe(out, LICENCE_TEXT);
	return c;
}

void
licence_format(
    char out[static LICENCE_FORMATTED], const char digits[static LICENCE_TEXT])
{
	struct buf b = buf_make(out, LICENCE_FORMATTED);

	buf_add(&b, digits, 2);
	buf_add_byte(&b, '-');
	buf_add(&b, digits + 2, 2);
	buf_add_byte(&b, '-');
	buf_add(&b, digits + 4, 6);
	buf_add_byte(&b, '-');
	buf_add(&b, digits + 10, 3);
}
