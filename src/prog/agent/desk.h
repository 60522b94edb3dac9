/*
 * agent/desk.h - what the files of the counter's side call of each other, and
 * the core of them.
 *
 * staff.c: who sits there, calls from kiosks.  queue.c: the list.  desk.c: a
 * case taken, seen, unmasked.  desk_view.c: the desk object.  desk_docs.c:
 * papers.  desk_act.c: actions, proposals, four eyes.  desk_do.c: what each
 * action does.  guide.c, guide_used.c: the issue guide.  message.c: late cases,
 * texts to customers.  expire.c: what nobody comes for ends.  branch.c, day.c,
 * auditor.c: the branch as a whole.
 */
#ifndef PROG_AGENT_DESK_H
#define PROG_AGENT_DESK_H

#include "audit/row.h"
#include "prog/agent/core.h"
#include "store/desk.h"
#include "store/queue.h"

/* ---- staff.c ---- */
bool staff_is(enum rpc_role role); /* counter, supervisor, auditor */
/* Who sits at the link, from the kernel, or in practice as they say. */
void staff_hello(struct agent *a, struct link *l, const json_t *params);
/* hello as staff was refused: the log gets the user's name. */
void staff_refused(struct agent *a, const struct link *l, const char *role);
/* Who connected without any role, by the kernel's word; `sock` is still open.
 */
void staff_stranger(struct agent *a, int sock);
/* To every counter and supervisor but `but` (NULL: to all); takes `params`. */
void staff_event(
    struct agent *a, const char *event, json_t *params, const struct link *but);
bool staff_is_screen(const char *name); /* shaped like one */
bool staff_there(struct agent *a);	/* somebody could answer a call */
/* Whether the kiosk that has the case calls. */
bool staff_called_for(struct agent *a, int64_t case_id);
json_t *staff_calls(struct agent *a);
/* A kiosk or a clerk has gone. */
void staff_link_lost(struct agent *a, struct ref gone);
void staff_tick(struct agent *a);
int64_t staff_deadline(const struct agent *a);

/* ---- queue.c ---- */
/* The list has changed: told at most four times a second. */
void queue_touch(struct agent *a);
void queue_tick(struct agent *a);
int64_t queue_deadline(const struct agent *a);
/* People a clerk's hand is wanted for and nobody serves; and those of them
 * before the case, -1 when it does not wait itself. */
int64_t queue_waiting(struct agent *a);
int64_t queue_ahead(struct agent *a, const struct store_case *c);

/* ---- desk.c ---- */
/* After every step of a case, whoever took it. */
void desk_case_changed(struct agent *a, const struct store_case *c);
/* Who has the case, or NULL. */
struct link *desk_owner(struct agent *a, int64_t case_id);
/* The case in a slot of its own or of the customer's visit; NULL or an error
 * code.  An ended one comes in *shown instead: *l points to that. */
const char *desk_load(
    struct agent *a, struct live **l, struct live *shown, const char *case_no);
/* Give the slot back. */
void desk_unload(struct agent *a, struct live *l);
/* The sealed record of the person, an empty object when it is gone; the
 * caller's.  Only id and case_no of `c` are looked at. */
json_t *desk_person(struct agent *a, const struct store_case *c);
/* What a clerk typed: control bytes and bad UTF-8 are refused.  Between `min`
 * and `max` characters. */
bool desk_typed(const char *text, size_t min, size_t max);

/* A refusal with something beside the code; takes `extra`. */
void desk_refuse(
    struct agent *a, const struct ask *q, const char *code, json_t *extra);

/* ---- desk_view.c ---- */
json_t *desk_view(struct agent *a, const struct live *l, const struct link *to);
/* The case as a terminal sees it, with its holder masked. */
json_t *desk_case_view(struct agent *a, const struct live *l);
/* What the clerk said to the customer of a returned or rejected case. */
void desk_sentence(
    struct agent *a, const struct store_case *c, char out[static DESK_TEXT]);

/* ---- desk_docs.c ---- */
/* "self" unless the papers say otherwise. */
void desk_applicant(
    struct agent *a, const struct store_case *c, char out[static DESK_WORD]);
bool desk_proxy(const char *applicant);	  /* somebody else comes for them */
bool desk_refused(const char *applicant); /* whatever is brought */
json_t *desk_docs_view(struct agent *a, const struct store_case *c,
    const char *applicant, int *missing);

/* ---- desk_act.c ---- */
json_t *desk_actions(
    struct agent *a, const struct store_case *c, enum rpc_role role);
json_t *desk_proposals_view(struct agent *a, const struct store_case *c);

/* What is to be done, and by whom. */
struct deed {
	const char *action;
	const char *reason; /* "" when none */
	const json_t *details;
	const char *detail;	 /* a word for the history, or NULL */
	const char *proposed_by; /* NULL: nobody else */
	int64_t proposal;	 /* closed with it; 0: none */
	struct link *by;
	/* filled in on refusal: beside the code; the caller's */
	json_t *extra;
};

/* The answer has been sent, or comes by itself. */
extern const char DEED_LATER[];

/* What was typed as fields of a row, cut where one is full; how many. */
size_t desk_reason(struct row_field out[static 2], const char *reason);
/* One row for the log and one for the case, in the open transaction. */
MUST_USE struct err desk_note_deed(struct store *s, const struct store_case *c,
    const struct deed *d, const char *text, bool moves, bool kept);

/*
 * The case a request with case_no and version is about: loaded, not on
 * somebody else's desk, and as the clerk saw it.  NULL, an error code, or
 * DEED_LATER when the refusal has been sent.
 */
const char *desk_open(
    struct agent *a, const struct ask *q, struct live **l, struct live *shown);

/* ---- desk_do.c ---- */
/*
 * Whether the details are in order for the case as it stands: NULL or an error
 * code.  Asked before a proposal as well.
 */
const char *desk_check(struct agent *a, const struct live *l, struct deed *d);
/* Do it.  NULL: done; an error code, or DEED_LATER. */
const char *desk_do(
    struct agent *a, struct live *l, struct deed *d, const struct ask *q);

/* ---- desk_forms.c ---- */
/* The document of `application` or `loss_report`, the caller's; NULL when
 * there is none, or not any more. */
json_t *desk_form(struct agent *a, const struct live *l, const char *kind,
    const struct link *by);

/* ---- desk_pay.c ---- */
const char *desk_pay_check(
    struct agent *a, const struct live *l, struct deed *d);
const char *desk_cash(struct agent *a, struct live *l, struct deed *d);
const char *desk_waive(struct agent *a, struct live *l, struct deed *d);
const char *desk_refund(struct agent *a, struct live *l, struct deed *d);
/* What a person read in the terminal's own record of an unknown payment. */
const char *desk_seen(struct agent *a, struct live *l, struct deed *d);

/* ---- guide.c ---- */
/* Answers by itself: DEED_LATER. */
const char *guide_send(
    struct agent *a, struct live *l, struct deed *d, const struct ask *q);
json_t *guide_view(struct agent *a, const struct store_case *c);
/* A pair is out that somebody may still use. */
bool guide_is_open(struct agent *a, const struct store_case *c);

/* ---- guide_used.c ---- */
/* Look whether a certificate was made with a guide that is out. */
void guide_tick(struct agent *a);
int64_t guide_deadline(const struct agent *a);

/* ---- message.c ---- */
bool message_is_late(
    const struct agent *a, enum case_state state, const char *promise);
void message_tick(struct agent *a);
int64_t message_deadline(const struct agent *a);
/* There is something to send. */
void message_wake(struct agent *a);
/* The language of the customer's screens, from desk_person(). */
bool message_is_english(const json_t *person);
const char *message_lang(const json_t *person); /* "ko" "en" */

/* ---- expire.c ---- */
/* The last day on which the customer can go on with a case that waits for
 * them, "2026-12-06"; "" when it waits for nobody or for the bank. */
void expire_day(
    struct agent *a, const struct store_case *c, char out[static CLOCK_TEXT]);
void expire_start(struct agent *a);
void expire_tick(struct agent *a);
int64_t expire_deadline(const struct agent *a);

/* ---- branch.c ---- */
/* Tell the kiosks who waits and whether the branch is open, if that changed. */
void branch_tell(struct agent *a);
/* "good" "checking" "bad": the audit log as history.c has found it. */
const char *branch_history(const struct agent *a);

/* ---- day_money.c ---- */
/* fees, refunds and, where `terminal` (its totals, NULL: not known) says
 * otherwise, differences, into the report. */
void day_money(
    struct agent *a, json_t *report, int64_t day, const json_t *terminal);
/* Ask the card terminal; false when there is none, and `done` is not called. */
bool day_totals(struct agent *a, int timeout_ms, call_done *done,
    const struct context *ctx);

#endif
