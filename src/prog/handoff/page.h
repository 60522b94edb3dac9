/*
 * handoff/page.h - assets/handoff/page.html, embedded by embed.sh.
 */
#ifndef PROG_HANDOFF_PAGE_H
#define PROG_HANDOFF_PAGE_H

#include <stddef.h>

extern const unsigned char handoff_page[];
extern const size_t handoff_page_size;
/* Content-Security-Policy with the hashes of its style and script. */
extern const char handoff_policy[];

#endif
