/*
 * Clerks, supervisors and an auditor at counters of the agent's tests, and a
 * printer that takes what it is given.
 */
#ifndef TESTS_AGENT_CLERKS_H
#define TESTS_AGENT_CLERKS_H

#include "world.h"

enum { CLERKS = 6 };

/* The receipt number of the only case. */
#define NO "R-20261122-0001"

/* TestSuite init and fini: a practice branch, nobody at the counter yet. */
void clerks_open(void);
void clerks_close(void);

/* Sit down; the place, for the calls below.  The hello went well. */
int sit(const char *role, const char *staff);
void stand_up(int who);
/* The answer to hello, borrowed until the next call. */
json_t *sit_answer(const char *role, const char *staff, unsigned allowed);

/* As ask_at, from a counter. */
json_t *say(int who, const char *method, const char *params, ...)
    __attribute__((format(printf, 3, 4)));
/* Likewise with parameters of any kind; takes them over. */
json_t *say_json(int who, const char *method, json_t *params);
/* The same with the descriptor that came along; the caller's. */
json_t *say_fd(int who, int *fd, const char *method, const char *params);
/* desk.act about the only case as it stands now. */
json_t *act(
    int who, const char *action, const char *reason, const char *details);
/* The proposal of an answer, agreed to or not. */
json_t *agree(int who, const json_t *proposed, bool yes);

/* Events of this name that came to the counter so far. */
int heard(int who, const char *event);
const json_t *last_heard(int who, const char *event);

/* Whether the strings of the list have the word. */
bool has_word(const json_t *list, const char *word);

/* A printer; what it printed last, borrowed. */
void plug_printer(const char *error);
const json_t *printed(void);

/* A case in REVIEW for a reason of the text key. */
void until_review(const char *why);
/* All papers of that kind of applicant, dated today. */
json_t *papers(int who, const char *applicant);

/* Rows of the audit log of this kind, and the newest one's field. */
int audit_rows_of(const char *kind);
const char *audit_field(const char *kind, const char *key);

#endif
