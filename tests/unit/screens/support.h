/*
 * support.h - the catalogues, found where the build puts them.
 */
#ifndef SUPPORT_H
#define SUPPORT_H

/* Opens the catalogues, Korean. */
void support_open(void);
void support_language(const char *lang);

#endif
