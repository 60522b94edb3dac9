/*
 * agent/core.h - what the files of the core call of each other.
 */
#ifndef PROG_AGENT_CORE_H
#define PROG_AGENT_CORE_H

#include "prog/agent/agent.h"
#include "rpc/rpc.h"

static inline int64_t
mono_ms(const struct agent *a)
{
	return a->ports.clock.mono_ms(a->ports.clock.ctx);
}

static inline int64_t
wall_s(const struct agent *a)
{
	return a->ports.clock.wall_ms(a->ports.clock.ctx) / 1000;
}

/* ---- link.c ---- */
struct link *link_get(struct agent *a, struct ref r); /* or NULL */
struct ref link_ref(const struct agent *a, const struct link *l);
struct link *link_of_role(struct agent *a, enum rpc_role role);
/* A slot for `fd`; NULL when the table is full (fd stays open). */
struct link *link_add(struct agent *a, int fd, enum rpc_role role);
void link_drop(struct agent *a, struct link *l);
/* Takes `body`.  A peer that does not read is dropped: false. */
bool link_send(struct agent *a, struct link *l, json_t *body, int fd);
void link_event(
    struct agent *a, struct link *l, const char *event, json_t *params);
/* To every link of the role; `params` is borrowed. */
void link_event_all(
    struct agent *a, enum rpc_role role, const char *event, json_t *params);
/* Answers go nowhere when the asker is gone.  Take `result`. */
void answer(struct agent *a, struct ref to, json_int_t id, json_t *result);
void refuse(struct agent *a, struct ref to, json_int_t id, const char *code);
/* Passes on code and details of what a peer refused with. */
void refuse_with(struct agent *a, struct ref to, json_int_t id,
    const char *code, const json_t *detail);

/* Drop who connected and never said hello. */
void link_tick(struct agent *a);
int64_t link_deadline(const struct agent *a);

/* ---- call.c ---- */
/*
 * Send a request and remember what to do with the answer.  Takes `params`;
 * `fd` stays open here.  Never calls `done` before it returns; a peer that is
 * not there answers "rpc.gone" at the next tick, a silent one "rpc.timeout".
 */
void call_peer(struct agent *a, struct link *to, const char *method,
    json_t *params, int fd, int timeout_ms, call_done *done,
    const struct context *ctx);
/* A descriptor in *fd may be taken by the continuation: it is -1 then. */
void call_answered(
    struct agent *a, struct link *from, const json_t *body, int *fd);
void call_link_lost(struct agent *a, struct ref link);
/* Whether an answer of this link is waited for. */
bool call_waits(const struct agent *a, struct ref link);
void call_tick(struct agent *a);
int64_t call_deadline(const struct agent *a);

/* ---- dispatch.c ---- */
struct ask {
	struct link *link;
	json_int_t id;
	const json_t *params;
	int fd; /* closed afterwards unless set to -1 */
};

/* Handlers return NULL when they have answered or will, else an error code. */
typedef const char *ask_handler(struct agent *a, struct ask *q);

void dispatch(struct agent *a, struct link *l, json_t *body, int fd);
ask_handler ask_hello, ask_visit_begin, ask_visit_end, ask_identity_verify,
    ask_factor_start, ask_factor_verify, ask_cert_list, ask_case_open,
    ask_case_report, ask_case_apply, ask_case_issue, ask_case_deliver,
    ask_case_cancel, ask_case_status, ask_media_list, ask_media_verify,
    ask_media_passwd, ask_kiosk_screen, ask_staff_call, ask_queue_list,
    ask_call_answer, ask_desk_take, ask_desk_leave, ask_desk_view,
    ask_desk_unmask, ask_desk_docs, ask_desk_act, ask_desk_confirm,
    ask_branch_status, ask_day_report, ask_day_file, ask_audit_list,
    ask_audit_verify, ask_audit_prove, ask_slip_print, ask_pay_begin,
    ask_pay_cancel, ask_ship_rows, ask_ship_acked, ask_ship_trouble,
    ask_status_get, ask_case_list, ask_case_timeline, ask_cmp_transfer,
    ask_issue_issued, ask_token_list, ask_token_check, ask_token_pin,
    ask_phone_begin, ask_phone_digits, ask_phone_end, ask_handoff_claim,
    ask_handoff_ack;
/* Who asks, for a continuation. */
struct context ask_context(struct agent *a, const struct ask *q);

/* The name that rows of the log give to who is at the link. */
const char *link_actor(const struct link *l);

/* ---- visit.c ---- */
/* Why no new case may begin, whoever asks: an error code, or NULL.  Asked
 * before anything personal is typed, and again when the case is made. */
const char *visit_refusal(struct agent *a);
void visit_wipe(struct agent *a, struct link *l);

/* ---- live.c ---- */
struct live *live_get(struct agent *a, struct ref r); /* or NULL */
struct ref live_ref(const struct agent *a, const struct live *l);
/* The slot of a case, loaded when needed; NULL when all are busy. */
struct live *live_take(struct agent *a, const struct store_case *c);
/* Give the slot back when nothing is under way and nobody owns it. */
void live_release(struct agent *a, struct live *l);
/* Of the visit on this link; NULL when it has none. */
struct live *live_of(struct agent *a, const struct link *l);
/* One durable step; on failure nothing has changed and a line is logged. */
MUST_USE struct err live_step(struct agent *a, struct live *l,
    enum case_event event, const struct store_row *rows, size_t row_count,
    const struct store_blob *blobs, size_t blob_count);
/*
 * The same with everything a change can bring along: `ch` says whether and how
 * it moves; what is kept or forgotten at an ending is added here.
 */
MUST_USE struct err live_change(
    struct agent *a, struct live *l, struct store_change *ch);
/* The same without an arrow. */
MUST_USE struct err live_note(struct agent *a, struct live *l,
    const struct store_row *rows, size_t row_count);
/* A row and a sealed record together, without an arrow. */
MUST_USE struct err live_keep(struct agent *a, struct live *l,
    const struct store_row *row, const struct store_blob *blob);
/* What went wrong, as a text key ("" for nothing); kept in the row. */
void live_problem(struct agent *a, struct live *l, const char *key);
void live_changed(struct agent *a, struct live *l);
void live_progress(struct agent *a, struct live *l, enum stage stage,
    const char *status, int percent);
/* Start whatever the state asks for and nobody does yet. */
void live_next(struct agent *a, struct live *l);
void live_tick(struct agent *a);
int64_t live_deadline(const struct agent *a);
/* Load cases that want something done and have no slot. */
void live_scan(struct agent *a);

/* 1 s doubled per try up to a minute, in ms. */
int64_t backoff_ms(int tries);

/* ---- application.c ---- */
/* From APPLIED as far as it goes without a person; again after a restart. */
void application_assess(struct agent *a, struct live *l, const struct visit *v);

/* From APPROVED: the fee by the table, waived or parked for the counter. */
void application_settle(struct agent *a, struct live *l);

/* ---- view.c ---- */
json_t *view_case(struct agent *a, const struct live *l);
json_t *view_health(const struct agent *a);
const char *stage_name(enum stage s);

/* ---- worker.c ---- */
/* A dasi-key child for the case (none: NO_REF); NULL when it cannot start. */
struct link *worker_start(struct agent *a, struct ref live);
/* End the job: a child with it; dasi-token's connection only when it is in the
 * middle of one, to be made again. */
void worker_end(struct agent *a, struct ref key);
/* Of a live case: its link has gone. */
void worker_lost(struct agent *a, struct live *l, struct ref key);

/* ---- media.c ---- */
/*
 * Answer a check of a certificate by what was found and by its status, asked
 * now.  Which one: the visit's pair at ctx->n; none there, none is named.
 */
void media_checked(
    struct agent *a, const struct context *ctx, const json_t *result);
/* The number a VID is checked against: of who was identified, or told for this
 * alone (then it goes no further), or null.  NULL when it is no number. */
json_t *media_number(const struct ask *q);

/* ---- rr.c ---- */
void rr_next(struct agent *a, struct live *l);

/* ---- transfer.c ---- */
void transfer_tick(struct agent *a, struct live *l, struct transfer *t);
void transfer_clear(struct transfer *t);

/* ---- issue.c ---- */
void issue_warm(struct agent *a, struct live *l);
void issue_tick(struct agent *a, struct live *l);
void issue_key_lost(struct agent *a, struct live *l);
/* Forget the attempt: worker, descriptor, enrolment. */
void issue_drop(struct agent *a, struct live *l);
/* The registry's words and the password's descriptor. */
void issue_forget_enrolment(struct live *l);
/* The attempt has come to nothing; `problem` says why. */
void issue_failed(struct agent *a, struct live *l, const char *problem);
/* The same before anything was asked of the CA. */
void issue_key_failed(struct agent *a, struct live *l, const char *problem);

/* ---- start.c ---- */
/* Give the prepared worker its job, with the password's descriptor. */
void issue_start(struct agent *a, struct live *l);
/*
 * Take up an ISSUED or DELIVERED case whose worker is gone: a new one gets the
 * journalled exchange.  `fd` (stays open) holds the password, or is -1 when
 * delivery is proven already.  False when that cannot be.
 */
bool issue_resume(struct agent *a, struct live *l, int fd);

/* ---- outcome.c ---- */
call_done issue_outcome;

/* ---- finish.c ---- */
/* CONFIRMED and revoked: ask OCSP for both, then DONE. */
void finish_begin(struct agent *a, struct live *l);
/* DELIVERED and the worker is gone: let the CA's own records decide. */
/*
 * record.c: one audit row about a connection (NULL: the agent itself), with
 * one field; and the checkpoints, to be called often.
 */
void record_row(struct agent *a, const struct link *l, const char *kind,
    const char *key, const char *value);
void record_tick(struct agent *a);
void finish_settle(struct agent *a, struct live *l);

/* ---- core.c ---- */
/* Remember which peers answer, and tell the kiosks when that changes. */
void health_set(struct agent *a, struct health now);
/* The error word for a step that could not be stored. */
const char *store_refusal(struct err e);

/* ---- issuer.c ---- */
MUST_USE struct err issuer_load(struct issuer *i, const struct conf *conf);
void issuer_free(struct issuer *i);
/* DER of the DER or PEM file at `path`; a line is logged on failure. */
MUST_USE struct err cert_load(
    uint8_t *der, size_t cap, size_t *n, const char *path);

/* ---- history.c ---- */
/* The whole audit log, checked in slices; see a->history.state. */
void history_open(struct agent *a);
/* Before rows go: the next look begins at the first again. */
void history_close(struct agent *a);
void history_tick(struct agent *a);

/* ---- retain.c ---- */
/* Read head office's certificate.  One that has expired is no error here. */
MUST_USE struct err retain_open(struct agent *a);
/* Whether a new case may begin: asked before anything personal is typed. */
bool retain_is_ready(const struct agent *a);
/* Add to the sealed record how the person was identified: masked. */
void retain_identity(
    const struct agent *a, json_t *person, const struct visit *v);
/* Append what must be kept when the case's key goes; nothing without a head
 * office, or when it is gone already.  The caller wipes it. */
MUST_USE struct err retain_person(
    struct agent *a, struct buf *out, const struct store_case *c);
/* Nothing is destroyed because somebody set the clock: since the start it must
 * have gone as far as the one that cannot be set. */
bool retain_clock_agrees(const struct agent *a);
/* The daily purge. */
void retain_tick(struct agent *a);

#endif
