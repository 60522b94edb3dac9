/*
 * npki/name.c - subject names, and the folder names made of them.
 */
#include "npki/name.h"

#include <ctype.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>

#include "base/text.h"
#include "base/utf8.h"

enum {
	RAW_MAX = 4096,	  /* bytes of a name before the FAT rules */
	KEPT_UNITS = 246, /* of a long leaf, before "~" and 8 digits */
	MARK_HEX = 8
};

struct err
name_build(X509_NAME **out, const struct name_part *parts, size_t n)
{
	X509_NAME *name;

	*out = NULL;
	if (n == 0 || n > NAME_PARTS_MAX)
		return err_make(E_ARG, 0, "name: parts");
	if ((name = X509_NAME_new()) == NULL)
		return err_make(E_NOMEM, 0, "name");
	for (size_t i = 0; i < n; i++) {
		int nid = OBJ_sn2nid(parts[i].type);
		size_t len = strlen(parts[i].value);
		int form = nid == NID_countryName ? V_ASN1_PRINTABLESTRING
						  : V_ASN1_UTF8STRING;
		const void *value = parts[i].value;

		if (nid == NID_undef || len == 0 || len > 256 ||
		    !utf8_valid(parts[i].value, len) ||
		    (nid == NID_countryName && len != 2) ||
		    X509_NAME_add_entry_by_NID(
			name, nid, form, value, (int)len, -1, 0) != 1) {
			X509_NAME_free(name);
			return err_make(E_ARG, 0, "name: part");
		}
	}
	*out = name;
	return err_none();
}

/* The value of an entry as UTF-8 without NUL bytes inside. */
static struct err
add_value(struct buf *out, const X509_NAME_ENTRY *entry)
{
	uint8_t *text = NULL;
	struct err e = err_none();
	int n;

	ERR_set_mark();
	n = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry));
	ERR_pop_to_mark();
	if (n < 0 || (n > 0 && memchr(text, 0, (size_t)n) != NULL) ||
	    !utf8_valid((const char *)text, n > 0 ? (size_t)n : 0))
		e = err_make(E_FORMAT, 0, "name: value");
	else if (n > 0)
		buf_add(out, text, (size_t)n);
	OPENSSL_free(text);
	return e;
}

static void
add_type(struct buf *out, const X509_NAME_ENTRY *entry)
{
	ASN1_OBJECT *object = X509_NAME_ENTRY_get_object(entry);
	int nid = OBJ_obj2nid(object);
	char type[80];

	if (nid != NID_undef)
		str_copy(type, sizeof type, OBJ_nid2sn(nid));
	else
		OBJ_obj2txt(type, sizeof type, object, 1);
	for (char *c = type; *c != '\0'; c++)
		buf_add_byte(out, (uint8_t)tolower((unsigned char)*c));
}

/* Most specific first, raw. */
static struct err
raw_text(struct buf *out, const X509_NAME *name)
{
	int last = X509_NAME_entry_count(name) - 1;

	if (last < 0)
		return err_make(E_FORMAT, 0, "name: empty");
	for (int i = last, set = -1; i >= 0; i--) {
		const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, i);
		struct err e;

		if (i != last)
			buf_add_byte(
			    out, set == X509_NAME_ENTRY_set(entry) ? '+' : ',');
		set = X509_NAME_ENTRY_set(entry);
		add_type(out, entry);
		buf_add_byte(out, '=');
		e = add_value(out, entry);
		if (err_is(e))
			return e;
	}
	return out->full ? err_make(E_LIMIT, 0, "name: length") : err_none();
}

struct err
name_text(char out[static NAME_LEAF], const X509_NAME *name)
{
	struct buf b = buf_make(out, NAME_LEAF - 1);
	struct err e = raw_text(&b, name);

	out[err_is(e) ? 0 : b.n] = '\0';
	return e;
}

static bool
fat_refuses(uint32_t cp)
{
	return utf8_is_control(cp) ||
	       (cp < 0x80 && strchr("\\/:*?\"<>|", (int)cp) != NULL);
}

/* Append "~" and the start of the hash of the name as it was. */
static struct err
add_mark(struct buf *out, struct span raw)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	char hex[HEX_TEXT(EVP_MAX_MD_SIZE)];
	unsigned n = 0;

	if (EVP_Digest(raw.p, raw.n, digest, &n, EVP_sha256(), NULL) != 1)
		return err_make(E_CRYPTO, 0, "name: hash");
	hex_encode(hex, sizeof hex, span_make(digest, n));
	buf_add_byte(out, '~');
	buf_add(out, hex, MARK_HEX);
	return err_none();
}

/*
 * The FAT rules of name.h over `raw`, into `out`; valid UTF-8 is expected.
 * `out` may then not be full: 255 units need at most 765 bytes.
 */
static struct err
fat_name(struct buf *out, struct span raw)
{
	const char *s = (const char *)raw.p;
	size_t cut = 0, units = 0, from = out->n;
	struct err e = err_none();
	uint32_t cp;

	for (size_t i = 0, n; i < raw.n; i += n) {
		n = utf8_decode(&cp, s + i, raw.n - i);
		if (n == 0)
			return err_make(E_FORMAT, 0, "name: text");
		units += cp > 0xffff ? 2 : 1;
		if (units <= KEPT_UNITS)
			cut = out->n + (fat_refuses(cp) ? 1 : n);
		if (units > NAME_LEAF_UNITS)
			break;
		if (fat_refuses(cp))
			buf_add_byte(out, '_');
		else
			buf_add(out, s + i, n);
	}
	if (units > NAME_LEAF_UNITS) {
		out->n = cut;
		e = add_mark(out, raw);
	}
	for (size_t i = out->n; i > from; i--) {
		if (out->p[i - 1] != ' ' && out->p[i - 1] != '.')
			break;
		out->p[i - 1] = '_';
	}
	if (!err_is(e) && out->full)
		e = err_make(E_LIMIT, 0, "name: length");
	return e;
}

struct err
name_leaf(char out[static NAME_LEAF], const X509_NAME *name)
{
	uint8_t bytes[RAW_MAX];
	struct buf raw = buf_make(bytes, sizeof bytes);
	struct buf b = buf_make(out, NAME_LEAF - 1);
	struct err e = raw_text(&raw, name);

	if (!err_is(e))
		e = fat_name(&b, buf_span(&raw));
	out[err_is(e) ? 0 : b.n] = '\0';
	return e;
}

/* The last value of one type. */
static struct err
value_of(struct buf *out, const X509_NAME *name, int nid)
{
	int at = -1, next;

	while ((next = X509_NAME_get_index_by_NID(name, nid, at)) >= 0)
		at = next;
	if (at < 0)
		return err_make(E_NOTFOUND, 0, "name: attribute");
	return add_value(out, X509_NAME_get_entry(name, at));
}

struct err
name_org(char out[static NAME_VALUE], const X509_NAME *name)
{
	uint8_t bytes[RAW_MAX];
	struct buf raw = buf_make(bytes, sizeof bytes);
	struct buf b = buf_make(out, NAME_VALUE - 1);
	struct err e = value_of(&raw, name, NID_organizationName);

	if (!err_is(e) && raw.n == 0)
		e = err_make(E_NOTFOUND, 0, "name: organization");
	if (!err_is(e))
		e = fat_name(&b, buf_span(&raw));
	out[err_is(e) ? 0 : b.n] = '\0';
	return e;
}

struct err
name_cn(char out[static NAME_VALUE], const X509_NAME *name)
{
	struct buf b = buf_make(out, NAME_VALUE - 1);
	struct err e = value_of(&b, name, NID_commonName);

	if (!err_is(e) && b.full)
		e = err_make(E_LIMIT, 0, "name: cn");
	out[err_is(e) ? 0 : b.n] = '\0';
	return e;
}

static bool
all_digits(const char *s)
{
	return *s != '\0' && strspn(s, "0123456789") == strlen(s);
}

/* Where the person's name ends in `cn`. */
static size_t
person_length(const char *cn)
{
	size_t n = strlen(cn);
	const char *close = strrchr(cn, ')'), *mark;

	if (close != NULL && all_digits(close + 1))
		for (mark = close; mark > cn; mark--)
			if (*mark == '(')
				return (size_t)(mark - cn);
	if ((mark = strrchr(cn, '-')) != NULL && mark > cn &&
	    all_digits(mark + 1))
		return (size_t)(mark - cn);
	if ((mark = strrchr(cn, '_')) != NULL && mark > cn &&
	    all_digits(mark + 1))
		return (size_t)(mark - cn);
	return n;
}

void
name_person(char *out, size_t cap, const char *cn)
{
	size_t n = person_length(cn), at = 0, step;
	uint32_t cp;

	while (at < n && (step = utf8_decode(&cp, cn + at, n - at)) > 0 &&
	       at + step < cap)
		at += step;
	memcpy(out, cn, at);
	out[at] = '\0';
}
