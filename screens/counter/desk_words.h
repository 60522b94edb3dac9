/*
 * screens/counter/desk_words.h - what the agent's words are called, short
 * enough for a clerk's columns.  Dates and amounts: screens/kiosk/words.h.
 *
 * Every result lives in the page's arena or the catalogue; nothing is NULL.
 */
#ifndef SCREENS_COUNTER_DESK_WORDS_H
#define SCREENS_COUNTER_DESK_WORDS_H

#include <stdint.h>

#include "flow/counter_session.h"
#include "ui/page.h"

/* The text of `prefix`.`word`, else of `word` itself if it is a key. */
const char *desk_word(struct page *p, const char *prefix, const char *word);
/* "심사 중" for "REVIEW". */
const char *desk_state(struct page *p, const char *state);
/* "00:07", "2일": from `since` to `now`. */
const char *desk_age(struct page *p, int64_t since, int64_t now);
/* "11-23(월)" of "2026-11-23". */
const char *desk_day(struct page *p, const char *date);
/* "14:05:09" today, else "11-22 14:05". */
const char *desk_time(struct page *p, int64_t at, int64_t now);
/* What was done, of a history line: an event or an action. */
const char *desk_did(struct page *p, const char *key);
/* The word beside it, when it is one of ours: a field, a kind, an action. */
const char *desk_detail(struct page *p, const char *word);
/* A paper with its age limit: "법인등기부등본 (90일 이내)". */
const char *desk_doc(struct page *p, const struct desk_doc *d);
/* A staff call: "K-03  저장 매체  0:40". */
const char *desk_call(
    struct page *p, const struct staff_call *c, int64_t now_unix);

#endif
