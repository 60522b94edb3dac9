/*
 * paper/document.c - the members of each kind, and the check.
 */
#include "paper/document.h"

#include <ctype.h>
#include <string.h>

#include "base/clock.h"
#include "base/span.h"
#include "base/utf8.h"
#include "paper/privacy.h"

enum { NAME_MOST = 32, REFERENCE_MOST = 40, MONEY_MOST = 2000000000 };

/*
 * "name:t other:m?" - a member, its type, and '?' when it may be absent:
 *  t text      f a customer's own words   m text with a mask
 *  w word      n number of ours           r reference of somebody's
 *  x hex       d date                     s Unix seconds
 *  i integer   b boolean                  c certificate
 *  l texts     k words                    p {count, won}
 *  h counts    y fees by method           q differences
 *  o terminal's totals
 */
#define COMMON                                                                 \
	"kind:w lang:w copy:b bank:t branch:t printed_at:s practice:b? "       \
	"phone:t? address:t? business_no:t? representative:t? "
#define WHOSE "case_no:n holder:m product_key:w issuer_name:t "
#define PAID                                                                   \
	"won:i vat:i method:w at:s approval:r? brand:t? pan:m? "               \
	"receipt_no:r? waiver:t? "

/* clang-format off */
static const struct shape {
	const char *name;
	const char *members;
} shapes[PAPER_KIND_COUNT] = {
	[PAPER_RECEIPT] = { "receipt", COMMON WHOSE
	    "state:w hold:w held_at:s? loss_no:n? old:c? new:c? promise:d? "
	    "officer:t? "},
	[PAPER_LOSS] = { "loss", COMMON WHOSE
	    "loss_no:n reported_at:s hold:w held_at:s? loss_kind:w? old:c? "
	    "officer:t? " },
	[PAPER_FEE] = { "fee", COMMON WHOSE PAID },
	[PAPER_REFUND] = { "refund", COMMON WHOSE PAID },
	[PAPER_CHECKLIST] = { "checklist", COMMON
	    "holder:m product_key:w issuer_name:t new:c banks:l? " },
	[PAPER_GUIDE] = { "guide", COMMON
	    "case_no:n holder:m? product_key:w? issuer_name:t? "
	    "refnum:r expires_at:s channel:w sent_to:m? site:t? " },
	[PAPER_TICKET] = { "ticket", COMMON WHOSE
	    "state:w hold:w? promise:d? until:d? " },
	[PAPER_APPLICATION] = { "application", COMMON WHOSE
	    "number:m applied_at:s old:c loss_kind:w mobile:m? email:m? "
	    "p12:b? won:i? vat:i? waiver:t? agreed:k factor:w? terminal:n? "
	    "promise:d? clerk:t? supervisor:t? loss_no:n? " },
	[PAPER_LOSS_REPORT] = { "loss_report", COMMON WHOSE
	    "number:m loss_no:n reported_at:s old:c loss_kind:w when:f place:f "
	    "detail:f medium:w misuse:b hold:w held_at:s? mobile:m? factor:w? "
	    "terminal:n? clerk:t? supervisor:t? " },
	[PAPER_DAY] = { "day", COMMON
	    "date:d cases:h fees:y refunds:p terminal:o? differences:q "
	    "clerk:t? supervisor:t? " },
};
/* clang-format on */

const char *
paper_kind_name(enum paper_kind kind)
{
	return shapes[kind].name;
}

bool
paper_is_form(enum paper_kind kind)
{
	return kind >= PAPER_APPLICATION;
}

/* ---- texts ---- */

static bool
is_line(const char *s, size_t most)
{
	size_t n = strlen(s);

	return n <= most && utf8_plain(s, n);
}

static bool
is_text(const char *s)
{
	return is_line(s, PAPER_LINE - 1) && !privacy_finds(s);
}

/* Line ends are a customer's right; they become spaces. */
static bool
is_free(const char *s)
{
	char one[PAPER_FREE];

	if (!str_copy(one, sizeof one, s))
		return false;
	for (char *p = one; *p != '\0'; p++) {
		if (*p == '\n' || *p == '\r' || *p == '\t')
			*p = ' ';
	}
	return is_line(one, PAPER_FREE - 1);
}

static bool
is_made_of(const char *s, const char *letters, size_t most)
{
	size_t n = strspn(s, letters);

	return n > 0 && s[n] == '\0' && n <= most;
}

#define DIGITS "0123456789"
#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* 13 digits are a person, 15 and 16 a card, whatever they are called. */
static bool
is_reference(const char *s, const char *letters)
{
	size_t digits = 0, others = 0;

	if (!is_made_of(s, letters, REFERENCE_MOST))
		return false;
	for (; *s != '\0'; s++) {
		digits += isdigit((unsigned char)*s) != 0;
		others += isalpha((unsigned char)*s) != 0;
	}
	return others > 0 || (digits != 13 && digits != 15 && digits != 16);
}

static bool
is_string(const json_t *v, char type)
{
	const char *s = json_string_value(v);

	if (s == NULL || strlen(s) != json_string_length(v))
		return false;
	switch (type) {
	case 't':
		return is_text(s);
	case 'f':
		return is_free(s);
	case 'm':
		return is_text(s) && (s[0] == '\0' || privacy_is_masked(s));
	case 'w':
		return is_made_of(s, LOWER DIGITS "_.", NAME_MOST) &&
		       !privacy_finds(s);
	case 'n':
		return is_made_of(s, UPPER LOWER DIGITS "-", NAME_MOST) &&
		       !privacy_finds(s);
	case 'r':
		return is_reference(s, UPPER LOWER DIGITS "-");
	case 'x':
		return is_reference(s, "abcdef" DIGITS);
	default:
		return type == 'd' && civil_date_read(NULL, s);
	}
}

/* ---- objects and lists ---- */

static bool is_shaped(const json_t *o, const char *members);

static bool
is_list(const json_t *v, char type, const char *members)
{
	const json_t *one;
	size_t i;

	if (!json_is_array(v) || json_array_size(v) > PAPER_LIST)
		return false;
	json_array_foreach(v, i, one) {
		if (members != NULL ? !is_shaped(one, members)
				    : !is_string(one, type))
			return false;
	}
	return true;
}

static bool
is_count(const json_t *v, json_int_t least)
{
	return json_is_integer(v) && json_integer_value(v) >= least &&
	       json_integer_value(v) <= MONEY_MOST;
}

static bool
is_counts(json_t *v)
{
	const char *key;
	json_t *one;

	if (!json_is_object(v))
		return false;
	json_object_foreach(v, key, one) {
		if (!is_made_of(key, LOWER "_", NAME_MOST) || !is_count(one, 0))
			return false;
	}
	return true;
}

static bool
is_type(json_t *v, char type)
{
	switch (type) {
	case 's':
		return json_is_integer(v) && json_integer_value(v) > 0 &&
		       json_integer_value(v) < INT64_C(253402268400);
	case 'i':
		return is_count(v, 0);
	case 'z':
		return is_count(v, -MONEY_MOST);
	case 'b':
		return json_is_boolean(v);
	case 'c':
		return is_shaped(
		    v, "serial:x not_after:s days_left:z? status:w? ");
	case 'l':
		return is_list(v, 't', NULL);
	case 'k':
		return is_list(v, 'w', NULL);
	case 'p':
		return is_shaped(v, "count:i won:i ");
	case 'h':
		return is_counts(v);
	case 'y':
		return is_list(v, ' ', "method:w count:i won:i ");
	case 'q':
		return is_list(v, ' ', "what:w ours:z theirs:z ");
	case 'o':
		return is_shaped(v, "payments:p reversals:p ");
	default:
		return is_string(v, type);
	}
}

/*
 * The next member of a shape; false at its end.  A member that may be absent
 * may be null too.
 */
static bool
next_member(const char **at, char name[static NAME_MOST], char *type, bool *may)
{
	size_t n = strcspn(*at, ":");

	if ((*at)[n] == '\0' || n >= NAME_MOST)
		return false;
	memcpy(name, *at, n);
	name[n] = '\0';
	*type = (*at)[n + 1];
	*may = (*at)[n + 2] == '?';
	*at += n + 2 + (*may ? 1 : 0);
	*at += strspn(*at, " ");
	return true;
}

static bool
is_shaped(const json_t *o, const char *members)
{
	char name[NAME_MOST], type;
	size_t known = 0;
	bool may;

	if (!json_is_object(o))
		return false;
	while (next_member(&members, name, &type, &may)) {
		json_t *v = json_object_get(o, name);

		if (v != NULL)
			known++;
		if ((v == NULL || json_is_null(v)) && may)
			continue;
		if (v == NULL || !is_type(v, type))
			return false;
	}
	return known == json_object_size(o);
}

struct err
paper_check(
    enum paper_kind *kind, enum paper_lang *lang, const json_t *document)
{
	const char *name = json_string_value(json_object_get(document, "kind"));
	const char *tongue = json_string_value(
	    json_object_get(document, "lang"));

	*lang = PAPER_KO;
	*kind = PAPER_KIND_COUNT;
	for (int i = 0; name != NULL && i < PAPER_KIND_COUNT; i++) {
		if (strcmp(shapes[i].name, name) == 0)
			*kind = (enum paper_kind)i;
	}
	if (*kind == PAPER_KIND_COUNT)
		return err_make(E_ARG, 0, "paper: kind");
	if (tongue == NULL ||
	    (strcmp(tongue, "ko") != 0 && strcmp(tongue, "en") != 0))
		return err_make(E_ARG, 0, "paper: language");
	*lang = strcmp(tongue, "en") == 0 ? PAPER_EN : PAPER_KO;
	if (!is_shaped(document, shapes[*kind].members))
		return err_make(E_ARG, 0, "paper: members");
	return err_none();
}
