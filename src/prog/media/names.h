/*
 * media/names.h - which names may be made or touched on a customer's stick.
 * Pure.  Every name is one component: no separators, no "." or "..".
 */
#ifndef MEDIA_NAMES_H
#define MEDIA_NAMES_H

#include <stdbool.h>
#include <stddef.h>

enum {
	NAME_ROOM = 255 * 3 + 1, /* 255 UTF-16 units as UTF-8 */
	NAME_TEMP = sizeof ".dasi-01234567"
};

bool name_is_organisation(const char *s); /* [A-Za-z0-9]{1,32} */

/*
 * A folder of USER: valid UTF-8, at most 255 UTF-16 units, no control or
 * format characters, none of \ / : * ? " < > |, no leading dot, no trailing
 * dot or space (FAT would drop those and change the name).
 */
bool name_is_leaf(const char *s);

bool name_is_pair_file(const char *s); /* signCert.der and its kin */
bool name_is_beside(const char *s);    /* a leaf name *.p12 or *.pfx */

/* Our own temporary names: ".dasi-" and eight hexadecimal digits. */
bool name_is_temp(const char *s);
/* A fresh one from the kernel's random numbers. */
void name_make_temp(char out[static NAME_TEMP]);

#endif
