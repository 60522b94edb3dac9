/*
 * flow/counter.h - which screen of the clerk's terminal follows which, with
 * their numbers; and what a clerk can do to a case.
 *
 * As flow/flow.h is for the kiosk: screens and answers give intents, one pure
 * table gives the next screen and what to ask the agent for.
 */
#ifndef FLOW_COUNTER_H
#define FLOW_COUNTER_H

#include <stdbool.h>

enum counter_screen {
	CS_CLOSED,  /* no agent, or it does not let this user in */
	CS_QUEUE,   /* 2101 */
	CS_CASE,    /* 2110 */
	CS_DOCS,    /* 2111 papers by kind of applicant */
	CS_ACT,	    /* 2112 an action with its reason */
	CS_CONFIRM, /* 2113 the second person */
	CS_UNMASK,  /* 2114 one field, with a reason */
	CS_CASH,    /* 2120 */
	CS_FEE,	    /* 2130 waive or refund */
	CS_GUIDE,   /* 2140 issue guide */
	CS_REPRINT, /* 2150 */
	CS_BRANCH,  /* 2201 */
	CS_DAY,	    /* 2210 */
	CS_AUDIT,   /* 2301 */
	CS_VERIFY,  /* 2302 */
	CS_PROVE,   /* 2303 */
	CS_LOCK,    /* 2900 */
	CS_HELP,    /* 2999 an overlay: keys, and all numbers */
	CS_COUNT,
	CS_ANY = CS_COUNT, /* in the table only */
	CS_HERE,	   /* in the table only: no other screen */
	CS_BELOW,	   /* result: back under the overlay */
	CS_TARGET	   /* result: where the clerk's number leads */
};

enum counter_intent {
	CI_STAY,
	CI_BACK,
	CI_OPEN,    /* the selected line */
	CI_RELIST,  /* the list anew */
	CI_REFRESH, /* what is shown anew */
	CI_TAKE,    /* this case shall be mine */
	CI_ACT,
	CI_CASH,
	CI_FEE,
	CI_GUIDE,
	CI_REPRINT,
	CI_DOCS,
	CI_CONFIRM,
	CI_UNMASK,
	CI_SUBMIT,
	CI_CSV,
	CI_PDF,
	CI_ANSWER, /* a call for staff */
	CI_HELP,
	CI_JUMP, /* session.jump_to */
	CI_LOCK,
	CI_UNLOCK,
	CI_LANGUAGE,
	CI_END, /* the program is left */
	/* from answers and events */
	CI_CASE, /* the case is here */
	CI_DONE,
	CI_FAILED, /* session.error says why */
	CI_TAKEN,  /* another has it: only look */
	CI_STALE,  /* it changed meanwhile: look again */
	CI_LOST,   /* the agent is gone */
	CI_ADMITTED,
	CI_COUNT
};

enum counter_ask {
	CQ_NONE,
	CQ_QUEUE,
	CQ_ANSWER,
	CQ_TAKE,
	CQ_LEAVE,
	CQ_VIEW,
	CQ_UNMASK,
	CQ_DOCS,
	CQ_ACT,
	CQ_CONFIRM,
	CQ_STATUS,
	CQ_DAY,
	CQ_CSV,
	CQ_PDF,
	CQ_AUDIT,
	CQ_VERIFY,
	CQ_PROVE,
	CQ_COUNT
};

enum counter_role { CR_TELLER, CR_SUPERVISOR, CR_AUDITOR, CR_COUNT };

struct counter_step {
	enum counter_screen screen;
	enum counter_ask ask;
};

/*
 * First match wins, a screen's own row before the CS_ANY rows; no match stays.
 * A screen that is entered asks for what it shows.  CS_BELOW and CS_TARGET in
 * the result are the caller's to resolve (counter_arrive for the latter's
 * request).  Total.
 */
struct counter_step counter_next(
    enum counter_screen at, enum counter_intent intent);
/* What a screen asks for when it is entered. */
enum counter_ask counter_arrive(enum counter_screen screen);

const char *counter_screen_name(enum counter_screen screen);
int counter_number(enum counter_screen screen); /* 2101 ...; 0: none */
/* CS_COUNT when no screen has that number. */
enum counter_screen counter_numbered(int number);
/* Whether someone of that role has the screen at all. */
bool counter_may(enum counter_role role, enum counter_screen screen);
/* On these a case is open; leaving them all forgets it. */
bool counter_is_case(enum counter_screen screen);

const char *counter_method(enum counter_ask ask);
/* Keys wait for its answer; the others run beside. */
bool counter_waits(enum counter_ask ask);

/* "counter", "supervisor", "auditor" of hello; CR_COUNT for another word. */
const char *counter_role_word(enum counter_role role);
enum counter_role counter_role_named(const char *word);

/* ---- what can be done to a case ----------------------------------------- */

enum counter_need { NEED_NO, NEED_MAY, NEED_MUST };
enum counter_people { ONE_PERSON, TWO_PERSONS, TWO_WITH_SUPERVISOR };

struct counter_act {
	const char *word; /* of desk.act */
	enum counter_intent form;
	enum counter_need reason;
	enum counter_people people; /* at least; approve may need two */
	bool final;		    /* asked twice: it cannot be taken back */
};

/* NULL for a word that is none. */
const struct counter_act *counter_act_named(const char *word);

#endif
