/*
 * screens/counter/common.h - what every screen of the clerk has in common.
 */
#ifndef SCREENS_COUNTER_COMMON_H
#define SCREENS_COUNTER_COMMON_H

#include "screens/counter.h"

enum { LOCK_WARN_S = 30 };

/* The first call of every draw(): number, title, who, where, what time. */
void clerk_head(const struct counter_session *s, struct page *p);

/*
 * The last call of every draw(): the footer with its help line (text
 * "desk.keys.<screen>") and the message area, where a lock that is near, an
 * error, a staff call and what was done last are told, in this order.
 * `back` and `next` are text keys or NULL.
 */
void clerk_foot(const struct counter_session *s, struct page *p,
    const char *back, const char *next);

/*
 * Common keys, then the form: F1 and F7 help and numbers, F6 answer a call,
 * Esc back.  While an answer is awaited only those of help and call pass.
 */
int clerk_event(
    struct counter_session *s, const struct event *ev, enum form_result *did);

/* As clerk_event; CI_SUBMIT for F10 anywhere and Enter on the last item. */
int clerk_form_event(struct counter_session *s, const struct event *ev);

void clerk_form(struct counter_session *s);
void clerk_fail(struct counter_session *s, int item, const char *key);
/* Focus on the first item with an error; false when there is none. */
bool clerk_wrong(struct counter_session *s);
const char *clerk_item_error(const struct counter_session *s, int item);
/* An error of the terminal's own, told as the agent's are. */
void clerk_error(struct counter_session *s, const char *code);

/* The hint beside a text field: which mode the Hangul key stands in. */
const char *clerk_ime(const struct counter_session *s, const struct field *f);

/*
 * Heads a table: `heads` with text keys as titles; `out` of the same size is
 * the caller's static, because the page borrows it.
 */
void clerk_table(struct page *p, struct page_column *out,
    const struct page_column *heads, int count);

/* Texts of "prefix.word" for `count` words, as a choice's options. */
const char *const *clerk_options(
    struct page *p, const char *prefix, const char *(*word)(int), int count);

/* A line of the case for the head of its forms: state, holder, certificate. */
void clerk_case_line(const struct counter_session *s, struct page *p);

/*
 * The reason of a form as its item `item`: label, field, error.  Sets nothing;
 * clerk_check_reason() says what is wrong with it.
 */
void clerk_reason(const struct counter_session *s, struct page *p, int item,
    const char *label, const struct field *f);
void clerk_check_reason(
    struct counter_session *s, int item, const struct field *f);

/*
 * Before an action goes out: the case is this clerk's, its version is the one
 * that was read, and what is final was asked twice.  True to send.
 */
bool clerk_ready(struct counter_session *s);
/* The version alone: a second person agrees without having the case. */
bool clerk_same(struct counter_session *s);
/* What the rules of two people have to say about the action. */
void clerk_people(const struct counter_session *s, struct page *p);

#endif
