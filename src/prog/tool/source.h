/*
 * prog/tool/source.h - what PATH is: a folder with a pair, a tree with one or
 * more, a certificate, or a PKCS#12 file.
 */
#ifndef TOOL_SOURCE_H
#define TOOL_SOURCE_H

#include <limits.h>

#include "npki/npki.h"

enum source_kind {
	SOURCE_PAIR,	    /* folder with signCert.der, maybe signPri.key */
	SOURCE_CERTIFICATE, /* one file, DER or PEM */
	SOURCE_P12
};

enum { SOURCE_FOUND_MAX = 64 };

/* The folders of a tree that hold a signCert.der. */
struct source_list {
	size_t n;
	char path[SOURCE_FOUND_MAX][PATH_MAX];
};

struct source {
	enum source_kind kind;
	char path[PATH_MAX]; /* the folder or file */
	bool has_key;	     /* `key` is filled; never for a certificate */
	size_t file_n, key_n;
	uint8_t file[NPKI_P12_MAX]; /* certificate or PKCS#12 */
	uint8_t key[NPKI_PRI_MAX];
};

/*
 * Folders with a pair at or below `path`, at most five levels down, sorted.
 * Links are not followed.  E_NOTFOUND without any; E_LIMIT; E_SYS.
 */
MUST_USE struct err source_find(struct source_list *out, const char *path);

/* Read one: a folder with signCert.der, or a file.  E_NOTFOUND, E_LIMIT... */
MUST_USE struct err source_read(struct source *out, const char *path);

/* dir/name; E_LIMIT. */
MUST_USE struct err source_join(
    char out[static PATH_MAX], const char *dir, const char *name);

#endif
