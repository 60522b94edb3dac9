/*
 * flow/counter_session.h - everything a clerk's terminal knows, in one struct.
 *
 * What belongs to the open case, and what was typed about it, is in
 * session.desk: counter_forget() overwrites it whole when the case is left.
 * No pointers to heap.
 */
#ifndef FLOW_COUNTER_SESSION_H
#define FLOW_COUNTER_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flow/counter.h"
#include "flow/session.h"

enum {
	WORD_TEXT = 32,
	VALUE_TEXT = 600, /* a field shown in clear */
	QUEUE_ITEMS = 30, /* of one answer; from leads on */
	QUEUE_CALLS = 4,
	DESK_FACTS = 8,
	DESK_DOCS_MAX = 16,
	DESK_HISTORY = 12,
	DESK_NOTES = 4,
	DESK_PAYS = 4,
	DESK_PROPOSALS = 4,
	DESK_DETAILS = 4, /* of a proposal */
	DESK_ACTIONS = 10,
	STATUS_KIOSKS = 8,
	STATUS_PEERS = 6,
	DAY_FEES = 6,
	DAY_DIFFERENCES = 8,
	AUDIT_ROWS = 20,
	PROOF_TEXT = 8192
};

enum queue_filter {
	QF_OPEN,
	QF_WAITING,
	QF_CALLED,
	QF_REVIEW,
	QF_RETURNED,
	QF_FEE,
	QF_DELIVERY,
	QF_REFUND,
	QF_LATE,
	QF_ENDED,
	QF_COUNT
};
enum queue_sort { QS_OLDEST, QS_PROMISE, QS_STATE, QS_COUNT };
enum applicant_kind {
	AK_SELF,
	AK_MINOR,
	AK_ALIEN,
	AK_OVERSEAS,
	AK_SOLE,
	AK_COMPANY,
	AK_COMPANY_JOINT,
	AK_COMPANY_EACH,
	AK_BUSINESS_PROXY,
	AK_PERSON_PROXY,
	AK_COUNT
};
/* A number is kept masked only: nobody can see it. */
enum unmask_field { UF_NAME, UF_PHONE, UF_EMAIL, UF_LOSS, UF_COUNT };
enum reprint_kind {
	RK_RECEIPT,
	RK_LOSS,
	RK_FEE,
	RK_CHECKLIST,
	RK_TICKET,
	RK_REFUND,
	RK_APPLICATION, /* A4, while the case is open */
	RK_LOSS_REPORT,
	RK_COUNT
};
enum waiver { WV_REISSUE, WV_LIMITED, WV_STAFF, WV_COUNT };
enum guide_channel { GC_SMS, GC_MAIL, GC_COUNT };

struct queue_item {
	char case_no[24];
	int64_t version;
	char state[16];
	char holder[SHORT_TEXT]; /* masked */
	char product_key[SHORT_TEXT];
	int64_t opened_at, since;
	char promise[12];
	bool late;
	char owner[WORD_TEXT]; /* "": nobody */
	char terminal[WORD_TEXT];
	char note_key[SHORT_TEXT];
	int won;
};

struct staff_call {
	int64_t call;
	char terminal[WORD_TEXT];
	char screen[WORD_TEXT]; /* of the kiosk's flow table */
	int64_t at;
};

struct queue_view {
	struct queue_item items[QUEUE_ITEMS];
	int count, total, from;
	int counts[QF_COUNT]; /* -1: not told */
	bool known;
	int64_t at_ms; /* when it was told */
};

struct desk_fact {
	char field[WORD_TEXT];
	char value[LONG_TEXT]; /* masked */
};

struct desk_doc {
	char doc[WORD_TEXT]; /* "resident_card" */
	int group;
	char form[WORD_TEXT];
	int max_age_days; /* 0: no limit */
	bool needed, seen;
	char issued[12]; /* date, or "" */
};

struct desk_line { /* history and notes */
	int64_t at;
	char key[SHORT_TEXT]; /* text key; of a note "" */
	char by[WORD_TEXT];
	char text[LONG_TEXT];
};

struct desk_pay {
	int64_t id;
	char method[WORD_TEXT], state[WORD_TEXT];
	int won;
	int64_t at;
	char approval[WORD_TEXT]; /* of cash the receipt's number */
	char brand[WORD_TEXT], pan[WORD_TEXT];
};

struct desk_proposal {
	int64_t proposal;
	char action[WORD_TEXT], by[WORD_TEXT];
	int64_t at;
	char reason[LONG_TEXT];
	char level[WORD_TEXT]; /* "supervisor": who must agree */
	struct {
		char name[WORD_TEXT], value[SHORT_TEXT];
	} details[DESK_DETAILS];
	int detail_count;
};

/* The open case; all of it goes when it is left. */
struct desk {
	bool known; /* the agent has told it */
	bool held;  /* it is this clerk's */
	bool lost;  /* it was, until somebody else got it */
	struct case_view kase;
	int64_t version;
	char owner[WORD_TEXT];
	struct desk_fact facts[DESK_FACTS];
	int fact_count;
	char loss_kind[WORD_TEXT], medium[WORD_TEXT];
	bool misuse;
	char applicant[WORD_TEXT];
	struct desk_doc docs[DESK_DOCS_MAX];
	int doc_count, missing;
	struct desk_line history[DESK_HISTORY]; /* newest first */
	int history_count;
	struct desk_line notes[DESK_NOTES];
	int note_count;
	struct desk_pay pays[DESK_PAYS];
	int pay_count;
	struct desk_proposal proposals[DESK_PROPOSALS];
	int proposal_count;
	char actions[DESK_ACTIONS][WORD_TEXT];
	int action_count;
	struct {
		bool known;
		int64_t sent_at, expires_at;
		int attempts_left;
		char channel[WORD_TEXT];
	} guide;

	/* a field shown in clear for a while */
	char shown_field[WORD_TEXT]; /* "": none */
	char shown_value[VALUE_TEXT];
	int64_t shown_until_ms;

	/* what the clerk chooses and types */
	int action;	     /* index into actions */
	char act[WORD_TEXT]; /* the action of the open form */
	int64_t act_version; /* of the case as the form's reader saw it */
	bool sure;	     /* asked once about what is final */
	struct field reason, sentence, receipt_no, won;
	int waiver, channel, kind, unmask;
	int charged;		/* 0 yes, 1 no, -1 not said */
	int applicant_at;	/* enum applicant_kind */
	bool applicant_changed; /* its papers were asked for */
	bool doc_seen[DESK_DOCS_MAX];
	struct field doc_issued[DESK_DOCS_MAX];
	char docs_for[WORD_TEXT]; /* the applicant they were copied for */
	int proposal_at;
	int agree; /* 0 yes, 1 no, -1 not said */
};

struct status_view {
	bool known;
	int64_t at_ms;
	char opens[8], closes[8];
	bool open_now;
	int waiting, ahead;
	bool ca_ok, registry_ok, media_ok;
	char pay[WORD_TEXT], print[WORD_TEXT]; /* none ok down low out */
	struct {
		char terminal[WORD_TEXT], screen[WORD_TEXT];
	} kiosks[STATUS_KIOSKS];
	int kiosk_count;
	char paper[WORD_TEXT];
	int64_t disk_free_mb;
	bool disk_low;
	bool ship_on;
	int ship_queue;
	int64_t ship_oldest_s, ship_ack_at;
	char ship_trouble[WORD_TEXT];
	int64_t audit_rows, audit_checkpoint_at;
	char audit_history[WORD_TEXT];
	struct {
		char name[WORD_TEXT];
		bool up;
	} peers[STATUS_PEERS];
	int peer_count;
};

struct day_view {
	bool known;
	char date[12];
	int opened, done, cancelled, rejected, expired, found;
	struct {
		char method[WORD_TEXT];
		int count, won;
	} fees[DAY_FEES];
	int fee_count;
	int refund_count, refund_won;
	bool terminal_known;
	int terminal_count, terminal_won, reversal_count, reversal_won;
	struct {
		char what[SHORT_TEXT], ours[SHORT_TEXT], theirs[SHORT_TEXT];
	} differences[DAY_DIFFERENCES];
	int difference_count;
};

struct audit_line {
	int64_t seq, at;
	char actor[WORD_TEXT], role[WORD_TEXT], kind[WORD_TEXT];
	char case_no[24];
	char fields[LONG_TEXT]; /* "name=value name=value" */
};

struct audit_view {
	bool known;
	struct audit_line rows[AUDIT_ROWS];
	int count;
	int64_t size, from;
	char state[WORD_TEXT]; /* good checking bad, "" not asked */
	int64_t bad_seq, checked_rows;
	int64_t verify_ms; /* when it was told */
	bool proven;
	int64_t proof_seq;
	char compact[PROOF_TEXT], checkpoint[PROOF_TEXT];
};

struct counter_session {
	enum counter_screen screen, below;
	struct form form, over;
	int64_t now_ms, now_unix, entered_ms, touched_ms;
	enum counter_ask pending; /* one that keys wait for */
	int64_t pending_ms;
	char error[SHORT_TEXT];	       /* the agent's code, or one of ours */
	char error_detail[SHORT_TEXT]; /* who, which paper, how many */
	const char *item_error[FORM_ITEMS];
	const char *told;      /* text key: what was done last, or NULL */
	char told_detail[128]; /* {1} of it */
	bool ending;	       /* F10 once */
	struct branch *branch; /* borrowed from the program */
	struct ime *ime;       /* borrowed */
	int lock_s;	       /* quiet time before the lock */
	bool alone;	       /* practice: the lock opens by Enter */
	enum counter_role role;
	char staff[WORD_TEXT]; /* who the agent says it is */
	bool refused;	       /* the agent knows this user not */
	bool ring;	       /* a call came: the loop rings */

	int filter, sort;
	bool finding; /* the search field is open */
	struct field find;
	char found[FIELD_CAP]; /* what the list was searched for */
	struct queue_view queue;
	int selected;	      /* line of the list */
	char selected_no[24]; /* its case, kept when the list changes */
	struct staff_call calls[QUEUE_CALLS];
	int call_count;
	char want[24]; /* the case that is open or to be opened */
	struct desk desk;

	struct field jump, date, seq;
	enum counter_screen jump_to;
	struct status_view status;
	struct day_view day;
	struct audit_view audit;
};

/* Empty session: fields initialised, screen CS_CLOSED. */
void counter_init(
    struct counter_session *s, struct branch *branch, struct ime *ime);

/* The case is left: its data and all that was typed about it are gone. */
void counter_forget(struct counter_session *s);

/* Everything but who is here: before the lock, and at the end. */
void counter_wipe(struct counter_session *s);

/* Fields and choices of the form about action `word` start empty. */
void counter_begin_act(struct counter_session *s, const char *word);

/* The shown field's time is over: it is wiped.  True when it was. */
bool counter_hide(struct counter_session *s);

/* The index of the queue's line with s->selected_no, else a near one. */
void counter_reselect(struct counter_session *s);

#endif
