/*
 * conf/rules.h - one value against its row, and the whole file against the
 * rules that span settings.
 */
#ifndef CONF_RULES_H
#define CONF_RULES_H

#include <stdarg.h>

#include "conf/table.h"

/* Where something was said, for messages about what is missing there. */
struct conf_place {
	char file[CONF_PATH];
	int line; /* 0: nowhere */
};

/* One conf_load under way. */
struct conf_loading {
	struct conf *conf;
	char *message; /* CONF_MESSAGE, "" until said */
	const char *path;
	int last_line;
	int open_files; /* begun and not read to their end */
	struct conf_place sections[SECTION_COUNT];
	struct conf_place issuers[CONF_ISSUERS];
	struct conf_place fees[CONF_FEES];
};

/* Write "file:line: ..." unless something was said before. */
void conf_say(struct conf_loading *l, const char *file, int line,
    const char *fmt, va_list ap) __attribute__((format(printf, 4, 0)));

/* Remember where the section that filled `base` ended. */
void conf_note(struct conf_loading *l, enum conf_section_id id,
    const void *base, const char *file, int line);

/* Does `text` (not NULL) fit the row?  Lists are asked member by member. */
bool conf_value_ok(const struct conf_setting *s, const char *text);

/* Convert a value that is ok to `at`.  E_LIMIT: a path that becomes too long.
 */
MUST_USE struct err conf_store(
    void *at, const struct conf_setting *s, const char *text, const char *file);

/* `path` as seen from the folder of `file`.  E_LIMIT. */
MUST_USE struct err conf_resolve(
    char out[static CONF_PATH], const char *path, const char *file);

/* A relay's file: section relay is whole.  E_CONFIG. */
MUST_USE struct err conf_check_relay(struct conf_loading *l);

/* Missing values, the one issuer we serve, opening hours.  E_CONFIG. */
MUST_USE struct err conf_check_whole(struct conf_loading *l);

#endif
