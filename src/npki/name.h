/*
 * npki/name.h - subject names, and the folder names made of them.
 *
 * A name is built in DER order (C, O, OU.., CN) and shown most specific first
 * ("cn=홍길동()000304...,ou=IBK,ou=personal4IB,o=yessign,c=kr").
 * Source: facts/npki.md sections 3 and 4.
 */
#ifndef NPKI_NAME_H
#define NPKI_NAME_H

#include <openssl/x509.h>

#include "npki/npki.h"

enum {
	NAME_LEAF = 1024,      /* room for a leaf with its NUL, UTF-8 */
	NAME_LEAF_UNITS = 255, /* UTF-16 units a FAT name can have */
	NAME_VALUE = 512,      /* room for one attribute's text with its NUL */
	NAME_PARTS_MAX = 16
};

struct name_part {
	const char *type;  /* "C", "O", "OU", "CN", any OpenSSL short name */
	const char *value; /* UTF-8, NUL-terminated, 1..256 bytes */
};

/*
 * A name of these parts, in this order: C as PrintableString, all others as
 * UTF8String.  The caller frees *out with X509_NAME_free.  E_ARG for an
 * unknown type, a bad value or more than NAME_PARTS_MAX; E_NOMEM.
 */
MUST_USE struct err name_build(
    X509_NAME **out, const struct name_part *parts, size_t n);

/*
 * The folder name of a subject: most specific first, types in lower case,
 * joined by ',' without a space, values raw.  No rule is published for names a
 * FAT stick cannot hold; ours is: each of \ / : * ? " < > | and each control
 * character becomes '_', so does every space or dot at the very end, and a
 * leaf over 255 UTF-16 units keeps its first 246 followed by '~' and the first
 * eight hexadecimal digits of the SHA-256 of the whole.  Never "." or "..",
 * never a separator: safe as one path component.
 * E_FORMAT for a value that is no valid text or an empty name; E_LIMIT.
 */
MUST_USE struct err name_leaf(
    char out[static NAME_LEAF], const X509_NAME *name);

/* The same without the FAT rules, for people to read. */
MUST_USE struct err name_text(
    char out[static NAME_LEAF], const X509_NAME *name);

/*
 * The NPKI folder of a subject: its O ("yessign", "KICA", ...), made safe by
 * the same rules.  E_NOTFOUND without an O; E_FORMAT, E_LIMIT.
 */
MUST_USE struct err name_org(
    char out[static NAME_VALUE], const X509_NAME *name);

/* The last CN.  E_NOTFOUND, E_FORMAT, E_LIMIT. */
MUST_USE struct err name_cn(char out[static NAME_VALUE], const X509_NAME *name);

/*
 * The person in a CN: "홍길동()0003040..." and "홍길동-6422061" and
 * "홍길동_0000148508" all give "홍길동".  A CN of another shape is given whole.
 * Cut to `cap` at a character's edge; `cap` >= 1.
 */
void name_person(char *out, size_t cap, const char *cn);

#endif
