/*
 * print/folder.h - numbered files in a folder, one or two for each job.
 */
#ifndef PRINT_FOLDER_H
#define PRINT_FOLDER_H

#include "base/err.h"
#include "base/span.h"
#include "conf/conf.h"

/* `folder`/NNNN-`kind`, the next free number, without an ending.  E_FULL,
 * E_LIMIT. */
MUST_USE struct err folder_next(
    char out[static CONF_PATH], const char *folder, const char *kind);

/* Write `stem``ending` whole. */
MUST_USE struct err folder_write(
    const char *stem, const char *ending, struct span data);

/* The same from a descriptor, which is left at its start. */
MUST_USE struct err folder_copy(const char *stem, const char *ending, int fd);

/* Append to a file and reach the disk.  Made when absent. */
MUST_USE struct err file_append(const char *path, struct span data);

#endif
