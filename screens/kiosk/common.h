/*
 * screens/kiosk/common.h - what every screen of the kiosk has in common: its
 * head and step bar, its footer and messages, the keys that mean the same
 * everywhere.
 */
#ifndef SCREENS_KIOSK_COMMON_H
#define SCREENS_KIOSK_COMMON_H

#include <stdbool.h>

#include "flow/session.h"
#include "ui/page.h"
#include "ui/screen.h"

enum {
	IDLE_ENTRY_MS = 60000, /* screens on which something is typed */
	IDLE_READ_MS = 120000, /* screens to be read */
	IDLE_PHONE_MS =
	    180000, /* hands are on the phone, as long as it may take */
	IDLE_LEFT_MS = 30000, /* from the warning to the end */
	WAIT_TOLD_MS = 2000   /* then a wait says what it waits for */
};

/* Where a visit stands; which of them are shown depends on its purpose. */
enum stage {
	STAGE_NONE, /* no step bar */
	STAGE_GUIDE,
	STAGE_IDENTITY,
	STAGE_LOSS,
	STAGE_FORM,
	STAGE_FEE,
	STAGE_SAVE,
	STAGE_STATUS,
	STAGE_STICK,
	STAGE_PASSWORD,
	STAGE_DONE,
	STAGE_COUNT
};

/* The first call of every draw(). */
void kiosk_head(const struct session *s, struct page *p, enum stage stage);

/*
 * The last call of most draw()s: footer and message area.  `back`, `next` and
 * `middle` are text keys or NULL.  While an answer is awaited the footer is
 * empty and the wait is told instead; an error of the agent is told as what
 * happened and what to do (text keys "err.<code>.what" and ".do").
 */
void kiosk_foot(const struct session *s, struct page *p, const char *back,
    const char *next, const char *middle);

/*
 * Common keys, then the form.  Returns an intent: help, staff call, language,
 * home, back, or INTENT_STAY with the form's answer in *did (FORM_PASSED when
 * the event was not for it).  While an answer is awaited only help and staff
 * call pass.
 */
int kiosk_event(
    struct session *s, const struct event *ev, enum form_result *did);

/* on_event of a screen that is only read: Enter goes on. */
int kiosk_read_event(struct session *s, const struct event *ev);

/* Start the form of a screen: no items, no errors. */
void kiosk_form(struct session *s);

/* Say `key` (a literal) about an item; kiosk_wrong() tells whether any is. */
void kiosk_fail(struct session *s, int item, const char *key);
/*
 * Focus on the first item with an error, or with a suggestion that was not
 * confirmed; false when there is none.
 */
bool kiosk_wrong(struct session *s);
/*
 * What was typed goes out with a request and is wiped: should it be refused, it
 * is typed again from the first item on.
 */
void kiosk_leaves(struct session *s);
/* The sentence about `item`, {1} in it being the characters typed; or NULL. */
const char *kiosk_item_error(const struct session *s, struct page *p, int item);

/* An error of the kiosk's own, told as the agent's are. */
void kiosk_error(struct session *s, const char *code);

/* A fact with its label's key; nothing is drawn for an empty value. */
void kiosk_fact(
    struct page *p, const char *label, const char *value, const char *extra);

/* The branch; an empty one before the agent told. */
const struct branch *kiosk_branch(const struct session *s);

/*
 * What to tell about a problem of the case, part "what" or "do": it has a text
 * key of its own ("problem.key_lost") or an error code ("peer.ca_down").
 */
const char *kiosk_problem(struct page *p, const char *key, const char *part);

/*
 * The old certificate's status as it may be told: while a hold is pending it
 * is neither valid nor stopped.
 */
const char *kiosk_old_status(struct page *p, const struct case_view *c);

/*
 * Whether the promised date still means something: a clerk has to act.
 */
bool kiosk_promised(const struct session *s);

/* True when the state of the visit's case is that word. */
bool kiosk_state(const struct session *s, const char *state);

/* Whether there is more than one place to save to (where.c). */
bool kiosk_asks_where(const struct session *s);

/*
 * A certificate is to be made: the place it goes to is open again. INTENT_WHERE
 * when it is asked for, INTENT_NEXT straight to the password.
 */
int kiosk_save(struct session *s);

/*
 * The way the words are about, of those that `has` (phone_is_chosen,
 * phone_is_done) finds: a stick before a phone.  A stick when it finds none.
 */
enum target kiosk_way(const struct session *s,
    bool (*has)(const struct case_view *c, enum target way));

/* The token that was chosen; an empty one when it is not listed any more. */
const struct token_view *kiosk_token(const struct session *s);

/* What earlier mistakes left of a token's PIN, or NULL when there are none. */
const char *kiosk_tries(const struct token_view *t);

/* Whether a slip can be printed here now. */
bool kiosk_prints(const struct session *s);

/*
 * The label of a form's item, with a mark when what stands there is only
 * suggested (flow/suggest.h).
 */
const char *kiosk_label(
    const struct session *s, struct page *p, int item, const char *key);

/*
 * A scanner typed the first letter of a form's code, or F7 asks for it: the
 * screen then answers INTENT_SCAN.
 */
bool kiosk_scans(struct session *s, const struct event *ev);

/* Which mode the Hangul key stands in, as a hint beside a text field. */
const char *kiosk_ime_hint(const struct session *s, const struct field *f);

#endif
