/*
 * base/log.h - one line per event on stderr, for the journal.
 *
 * Event *types* and short literal facts only: never payloads, never anything
 * a customer typed.  Control bytes and non-UTF-8 are escaped.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/err.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_NOTICE, LOG_INFO, LOG_DEBUG };

/* `program` is a literal shown on each line; lines above `level` are dropped.
 */
void log_open(const char *program, enum log_level level);

/* printf-like; at most 512 bytes a line, longer text is cut. */
void log_line(enum log_level level, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* "what: code (errno text) at where". */
void log_err(enum log_level level, const char *what, struct err e);

#endif
