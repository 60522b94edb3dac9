/*
 * prog/tool/checks.h - what the checks of dasi doctor share.
 */
#ifndef TOOL_CHECKS_H
#define TOOL_CHECKS_H

#include <stdint.h>

#include "prog/tool/doctor.h"

enum { NUMBER = 32 };

/* What every check is given. */
struct look {
	const json_t *facts;
	int64_t now;
	bool practice, korean;
	bool alive; /* the agent answered */
};

/* Fill in the finding; arguments may be NULL. */
void check_say(struct finding *f, enum verdict verdict, enum word word,
    const char *a, const char *b, const char *c, const char *d);

/* Skipped, because of this in the reader's language; and two usual reasons. */
void check_unknown(
    struct finding *f, const struct look *l, const char *en, const char *ko);
void check_not_told(struct finding *f, const struct look *l);
void check_not_read(struct finding *f, const struct look *l);

/* A member of the facts; NULL when it is absent or null. */
const json_t *check_part(const struct look *l, const char *name);

/* Both return `out`. */
const char *check_number(char out[static NUMBER], int64_t n);
const char *check_age(char out[static NUMBER], const struct look *l, int64_t s);

/* Seconds since the time in member `key`; 0 when there is none. */
int64_t check_since(const struct look *l, const json_t *o, const char *key);

/* ---- checks_here.c ---- */
typedef void check(struct finding *f, const struct look *l);
check check_config, check_files, check_device_key, check_agent, check_watchdog,
    check_database, check_disk, check_clock, check_terminal;

/* ---- checks_phone.c ---- */
check check_phone_cert, check_relay;

#endif
