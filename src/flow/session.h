/*
 * flow/session.h - everything one visit at the kiosk knows, in one struct.
 *
 * No pointers to heap: session_wipe() overwrites it all on one edge of the
 * flow table.  Screens edit it, flow/request.c turns it into messages,
 * flow/answer.c fills it from the agent's answers.
 */
#ifndef FLOW_SESSION_H
#define FLOW_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "flow/flow.h"
#include "flow/way.h"
#include "prefill/prefill.h"
#include "ui/field.h"
#include "ui/form.h"
#include "ui/ime.h"

enum {
	SHORT_TEXT = 64,
	LONG_TEXT = 192,
	SESSION_CERTS = 8,
	SESSION_FACTORS = 3,
	SESSION_ISSUERS = 8
};

enum purpose {
	PURPOSE_NONE,
	PURPOSE_REISSUE,
	PURPOSE_REPORT,
	PURPOSE_STATUS,
	PURPOSE_CHECK,
	PURPOSE_COUNT
};

/* The ID document; identity/check.h has the kinds of numbers. */
enum id_document {
	IDK_RESIDENT,
	IDK_DRIVER,
	IDK_PASSPORT,
	IDK_ALIEN,
	IDK_COUNT
};
enum factor_kind {
	FACTOR_PHONE,
	FACTOR_QUESTION,
	FACTOR_ACCOUNT,
	FACTOR_COUNT
};
enum loss_kind {
	LOSS_LOST,
	LOSS_STOLEN,
	LOSS_LEAKED,
	LOSS_BROKEN,
	LOSS_FORGOTTEN,
	LOSS_COUNT
};
enum medium_kind {
	MEDIUM_USB,
	MEDIUM_PHONE,
	MEDIUM_PC,
	MEDIUM_OTHER,
	MEDIUM_COUNT
};

/* Consents asked for; required ones first (CONSENT_REQUIRED of them). */
enum consent {
	CONSENT_PERSONAL,    /* collection and use of personal data */
	CONSENT_UNIQUE_ID,   /* unique identifiers (resident number ...) */
	CONSENT_THIRD_PARTY, /* to the issuing CA */
	CONSENT_REMINDER,    /* optional: a text message before expiry */
	CONSENT_COUNT,
	CONSENT_REQUIRED = CONSENT_REMINDER
};

enum media_state {
	MEDIA_UNKNOWN,
	MEDIA_NONE,
	MEDIA_READY,
	MEDIA_SEVERAL,
	MEDIA_READONLY,
	MEDIA_FULL,
	MEDIA_WRONG_FS,
	MEDIA_BUSY,
	MEDIA_COUNT
};

/* The steps of case.progress, in order. */
enum progress_step {
	STEP_KEY,
	STEP_REQUEST,
	STEP_CHECK,
	STEP_WRITE,
	STEP_PROVE,
	STEP_CONFIRM,
	STEP_REVOKE,
	STEP_COUNT
};

/* What a form filled in at home may suggest (flow/suggest.h). */
enum suggestion {
	SUGGEST_NAME,
	SUGGEST_LOSS,
	SUGGEST_WHEN,
	SUGGEST_PLACE,
	SUGGEST_DETAIL,
	SUGGEST_MEDIUM,
	SUGGEST_MISUSE,
	SUGGEST_PHONE,
	SUGGEST_EMAIL,
	SUGGEST_EMAIL_AGAIN,
	SUGGEST_P12,
	SUGGEST_COUNT
};

enum scan_state {
	SCAN_WAITING, /* for the scanner's letters, or in the middle */
	SCAN_READ,
	SCAN_REFUSED /* session.error says why */
};

/* What the agent said about the branch; outlives visits. */
struct branch {
	char bank[SHORT_TEXT], name[SHORT_TEXT];
	char opens[8], closes[8];
	bool open_now, practice;
	int waiting;
	bool fee_known;
	int fee_won;
	bool ca_ok, registry_ok, media_ok;
	char pay[8], print[8]; /* none ok down, print also low out */
	bool phone_ok;	       /* phones can be served */
	bool token_ok;	       /* and security tokens */
	char issuer_o[SHORT_TEXT], issuer_name[SHORT_TEXT];
	struct {
		char o[SHORT_TEXT], name[SHORT_TEXT];
		char phone[SHORT_TEXT], site[SHORT_TEXT];
	} issuers[SESSION_ISSUERS];
	int issuer_count;
};

struct held_certificate {
	int index;
	char holder[SHORT_TEXT]; /* masked */
	char product_key[SHORT_TEXT];
	char issuer_name[SHORT_TEXT], bank_name[SHORT_TEXT];
	int64_t not_after;
	int days_left;
	char status[16];  /* valid suspended revoked expired */
	char route[24];	  /* reissue, renew, ... */
	char case_no[24]; /* an open case of it, or "" */
};

/* The case as the agent last told it (rpc/README.md, "case"). */
struct case_view {
	char case_no[24]; /* "" : none yet */
	int64_t version;
	char state[16]; /* OPEN HELD ... */
	char hold[16];	/* none pending confirmed */
	int64_t held_at, reported_at;
	char loss_no[24];
	char holder[SHORT_TEXT], product_key[SHORT_TEXT];
	char issuer_name[SHORT_TEXT];
	char old_serial[48], old_status[16];
	int64_t old_not_after;
	int old_days_left;
	bool has_new;
	char new_serial[48], new_status[16];
	int64_t new_not_after;
	bool has_fee;
	int fee_won, fee_vat;
	char waiver_key[SHORT_TEXT];
	bool fee_card; /* can be paid here */
	char paid[8];  /* card cash, "": not yet */
	char approval[24], brand[SHORT_TEXT], pan[24];
	char promise[12];		/* date */
	char review_key[SHORT_TEXT];	/* "": no review */
	char problem_key[SHORT_TEXT];	/* "": no problem */
	char sentence[LONG_TEXT * 2];	/* what the clerk asks or says */
	int ahead;			/* people before them, -1 unknown */
	char ways[TO_COUNT][WAY_STATE]; /* todo doing done failed, "": no */
};

struct progress {
	char status[8]; /* todo doing done failed */
	int percent;	/* -1: unknown */
};

struct session {
	/* where we are */
	enum screen_id screen;
	enum screen_id below; /* what an overlay returns to */
	struct form form;     /* of the current screen */
	struct form over;     /* of an overlay on it: `form` stays */
	int64_t now_ms;	      /* monotonic, from the last event */
	int64_t now_unix;     /* wall, set by the loop */
	int64_t entered_ms;   /* when this screen came up */
	int64_t touched_ms;   /* last key or tap */
	enum request pending; /* asked, not yet answered */
	int64_t pending_ms;
	char error[SHORT_TEXT];		    /* agent's error code, or "" */
	int error_left;			    /* tries left, -1 unknown */
	const char *item_error[FORM_ITEMS]; /* text keys, or NULL */
	bool staff_called, staff_coming, staff_failed;
	bool leaving;		     /* F10 once: asked whether to leave */
	int64_t idle_until_ms;	     /* SCR_IDLE: when the visit ends */
	int64_t idle_left_ms;	     /* setting: how long the warning counts */
	bool scanner;		     /* setting: there is one */
	const struct branch *branch; /* borrowed from the program */
	struct ime *ime;	     /* borrowed from the program */

	/* what the visitor chose and typed */
	enum purpose purpose;
	bool consent[CONSENT_COUNT];
	int id_kind;	       /* enum id_document */
	bool number_confirmed; /* soft warning accepted */
	bool number_warned;    /* and shown before */
	struct field name, number, id_number, issue_date;
	int factor; /* index into factors */
	struct field factor_answer, factor_account;
	int cert; /* index into certs */
	int loss, medium;
	int misuse; /* choice: 0 no, 1 yes, -1 not said */
	struct field loss_when, loss_place, loss_detail;
	struct field phone, email, email_again;
	bool p12;
	bool form_checked; /* "the above is right" */
	char password_secret[FIELD_SECRET_CAP];
	char again_secret[FIELD_SECRET_CAP];
	char old_secret[FIELD_SECRET_CAP];
	char factor_secret[FIELD_SECRET_CAP];	    /* account PIN */
	struct field password, again, old_password; /* or a token's PIN */
	unsigned to;	      /* bits 1 << enum way, 0: not chosen here */
	struct field digits;  /* that the phone shows */
	struct field case_no; /* status: receipt number */
	int help_topic;

	/* a form filled in at home, read by the scanner */
	enum scan_state scan;
	struct wedge wedge;
	int64_t scan_ms;	   /* the scanner's last key; 0: none */
	enum purpose scan_purpose; /* of what was read */
	bool scan_partly;	   /* a value was left out */
	bool suggested[SUGGEST_COUNT];

	/* what the agent told */
	char holder[SHORT_TEXT];
	char staff_only[SHORT_TEXT];
	struct {
		enum factor_kind kind;
		char hint[LONG_TEXT];
	} factors[SESSION_FACTORS];
	int factor_count;
	int64_t factor_until_ms; /* phone code's end, monotonic */
	struct held_certificate certs[SESSION_CERTS];
	int cert_count;
	struct case_view kase;
	struct progress progress[STEP_COUNT];
	struct {
		char state[16];	      /* pay.changed, "" before the first */
		char text[LONG_TEXT]; /* the terminal's own words */
	} pay;
	struct handoff_view handoff;
	struct token_view tokens[TOKEN_LIST];
	int token_count, token_at;
	bool tokens_asked; /* for the working check */
	bool check_token;  /* it is about tokens[token_at], no stick */
	bool printed;	   /* the last slip asked for came out */
	enum media_state media;
	char media_label[SHORT_TEXT];
	int64_t media_free_kb;
	struct held_certificate found[SESSION_CERTS]; /* on the stick */
	int found_count, found_at;
	bool found_asked;    /* media.list sent for this stick */
	int64_t closed_unix; /* wall, when the outcome was first shown */
	struct {
		bool known, opens, pair, signature;
		bool changed; /* and another password or PIN since */
		char holder[SHORT_TEXT], product_key[SHORT_TEXT];
		int vid; /* 1 yes, 0 no, -1 not checked */
		char status[16];
		char by[8]; /* "ocsp" "crl": who said so, or "" */
		int64_t as_of;
		int64_t not_after;
	} check;
};

/* Empty visit: fields initialised, screen SCR_WELCOME. */
void session_init(
    struct session *s, const struct branch *branch, struct ime *ime);

/* Overwrite everything personal and start empty; keeps branch, ime, clock. */
void session_wipe(struct session *s);

#endif
