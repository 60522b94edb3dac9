/*
 * flow/counter.c - the clerk's screens as data.
 */
#include "flow/counter.h"

#include <stddef.h>
#include <string.h>

struct edge {
	enum counter_screen from;
	enum counter_intent on;
	enum counter_screen to;
	enum counter_ask ask;
};

/* First match wins: a screen's own row comes before the CS_ANY rows. */
/* clang-format off */
static const struct edge edges[] = {
	/* from		on		to		ask */
	{ CS_CLOSED,	CI_ADMITTED,	CS_QUEUE,	CQ_NONE },
	{ CS_CLOSED,	CI_HELP,	CS_CLOSED,	CQ_NONE },
	{ CS_CLOSED,	CI_LOCK,	CS_CLOSED,	CQ_NONE },
	{ CS_CLOSED,	CI_LOST,	CS_CLOSED,	CQ_NONE },
	{ CS_CLOSED,	CI_RELIST,	CS_CLOSED,	CQ_NONE },

	{ CS_QUEUE,	CI_OPEN,	CS_QUEUE,	CQ_TAKE },
	{ CS_QUEUE,	CI_TAKEN,	CS_QUEUE,	CQ_VIEW },
	{ CS_QUEUE,	CI_REFRESH,	CS_QUEUE,	CQ_VIEW }, /* an auditor only looks */
	{ CS_QUEUE,	CI_CASE,	CS_CASE,	CQ_NONE },

	{ CS_CASE,	CI_BACK,	CS_QUEUE,	CQ_NONE },
	{ CS_CASE,	CI_TAKE,	CS_CASE,	CQ_TAKE },
	{ CS_CASE,	CI_ACT,		CS_ACT,		CQ_NONE },
	{ CS_CASE,	CI_CASH,	CS_CASH,	CQ_NONE },
	{ CS_CASE,	CI_FEE,		CS_FEE,		CQ_NONE },
	{ CS_CASE,	CI_GUIDE,	CS_GUIDE,	CQ_NONE },
	{ CS_CASE,	CI_REPRINT,	CS_REPRINT,	CQ_NONE },
	{ CS_CASE,	CI_DOCS,	CS_DOCS,	CQ_NONE },
	{ CS_CASE,	CI_CONFIRM,	CS_CONFIRM,	CQ_NONE },
	{ CS_CASE,	CI_UNMASK,	CS_UNMASK,	CQ_NONE },

	{ CS_DOCS,	CI_SUBMIT,	CS_DOCS,	CQ_DOCS },
	{ CS_DOCS,	CI_DONE,	CS_CASE,	CQ_NONE },
	{ CS_ACT,	CI_SUBMIT,	CS_ACT,		CQ_ACT },
	{ CS_ACT,	CI_DONE,	CS_CASE,	CQ_NONE },
	{ CS_CASH,	CI_SUBMIT,	CS_CASH,	CQ_ACT },
	{ CS_CASH,	CI_DONE,	CS_CASE,	CQ_NONE },
	{ CS_FEE,	CI_SUBMIT,	CS_FEE,		CQ_ACT },
	{ CS_FEE,	CI_DONE,	CS_CASE,	CQ_NONE },
	{ CS_GUIDE,	CI_SUBMIT,	CS_GUIDE,	CQ_ACT },
	{ CS_GUIDE,	CI_DONE,	CS_CASE,	CQ_NONE },
	{ CS_REPRINT,	CI_SUBMIT,	CS_REPRINT,	CQ_ACT },
	{ CS_REPRINT,	CI_DONE,	CS_CASE,	CQ_NONE },
	{ CS_CONFIRM,	CI_SUBMIT,	CS_CONFIRM,	CQ_CONFIRM },
	{ CS_CONFIRM,	CI_DONE,	CS_CASE,	CQ_NONE },
	{ CS_UNMASK,	CI_SUBMIT,	CS_UNMASK,	CQ_UNMASK },
	{ CS_UNMASK,	CI_DONE,	CS_CASE,	CQ_NONE },
	{ CS_DOCS,	CI_BACK,	CS_CASE,	CQ_NONE },
	{ CS_ACT,	CI_BACK,	CS_CASE,	CQ_NONE },
	{ CS_CASH,	CI_BACK,	CS_CASE,	CQ_NONE },
	{ CS_FEE,	CI_BACK,	CS_CASE,	CQ_NONE },
	{ CS_GUIDE,	CI_BACK,	CS_CASE,	CQ_NONE },
	{ CS_REPRINT,	CI_BACK,	CS_CASE,	CQ_NONE },
	{ CS_CONFIRM,	CI_BACK,	CS_CASE,	CQ_NONE },
	{ CS_UNMASK,	CI_BACK,	CS_CASE,	CQ_NONE },

	{ CS_BRANCH,	CI_REFRESH,	CS_BRANCH,	CQ_STATUS },
	{ CS_DAY,	CI_SUBMIT,	CS_DAY,		CQ_DAY },
	{ CS_DAY,	CI_CSV,		CS_DAY,		CQ_CSV },
	{ CS_DAY,	CI_PDF,		CS_DAY,		CQ_PDF },
	{ CS_AUDIT,	CI_RELIST,	CS_AUDIT,	CQ_QUEUE },
	{ CS_AUDIT,	CI_REFRESH,	CS_AUDIT,	CQ_AUDIT },
	{ CS_AUDIT,	CI_OPEN,	CS_PROVE,	CQ_PROVE },
	{ CS_VERIFY,	CI_SUBMIT,	CS_VERIFY,	CQ_VERIFY },
	{ CS_VERIFY,	CI_REFRESH,	CS_VERIFY,	CQ_VERIFY },
	{ CS_PROVE,	CI_SUBMIT,	CS_PROVE,	CQ_PROVE },
	{ CS_PROVE,	CI_BACK,	CS_AUDIT,	CQ_NONE },
	{ CS_BRANCH,	CI_BACK,	CS_QUEUE,	CQ_NONE },
	{ CS_DAY,	CI_BACK,	CS_QUEUE,	CQ_NONE },
	{ CS_AUDIT,	CI_BACK,	CS_QUEUE,	CQ_NONE },
	{ CS_VERIFY,	CI_BACK,	CS_QUEUE,	CQ_NONE },

	/* a locked terminal shows nothing and does nothing */
	{ CS_LOCK,	CI_UNLOCK,	CS_QUEUE,	CQ_NONE },
	{ CS_LOCK,	CI_HELP,	CS_LOCK,	CQ_NONE },
	{ CS_LOCK,	CI_LOCK,	CS_LOCK,	CQ_NONE },
	{ CS_LOCK,	CI_ANSWER,	CS_LOCK,	CQ_NONE },
	{ CS_LOCK,	CI_RELIST,	CS_LOCK,	CQ_NONE },
	{ CS_LOCK,	CI_REFRESH,	CS_LOCK,	CQ_NONE },
	{ CS_HELP,	CI_BACK,	CS_BELOW,	CQ_NONE },
	{ CS_HELP,	CI_HELP,	CS_BELOW,	CQ_NONE },
	{ CS_HELP,	CI_JUMP,	CS_TARGET,	CQ_NONE },

	{ CS_ANY,	CI_HELP,	CS_HELP,	CQ_NONE },
	{ CS_ANY,	CI_ANSWER,	CS_HERE,	CQ_ANSWER },
	{ CS_ANY,	CI_RELIST,	CS_HERE,	CQ_QUEUE },
	{ CS_ANY,	CI_REFRESH,	CS_HERE,	CQ_VIEW },
	{ CS_ANY,	CI_STALE,	CS_HERE,	CQ_VIEW },
	{ CS_ANY,	CI_TAKEN,	CS_HERE,	CQ_VIEW },
	{ CS_ANY,	CI_LOCK,	CS_LOCK,	CQ_NONE },
	{ CS_ANY,	CI_LOST,	CS_CLOSED,	CQ_NONE },
};

#define T (1u << CR_TELLER)
#define S (1u << CR_SUPERVISOR)
#define A (1u << CR_AUDITOR)

static const struct place {
	const char *name;
	int number;
	unsigned roles;
	bool of_case;
	enum counter_ask arrive;
} places[CS_COUNT] = {
	[CS_CLOSED]  = { "closed",   0,    T | S | A, false, CQ_NONE },
	[CS_QUEUE]   = { "queue",    2101, T | S | A, false, CQ_QUEUE },
	[CS_CASE]    = { "case",     2110, T | S | A, true,  CQ_NONE },
	[CS_DOCS]    = { "docs",     2111, T | S,     true,  CQ_NONE },
	[CS_ACT]     = { "act",      2112, T | S,     true,  CQ_NONE },
	[CS_CONFIRM] = { "confirm",  2113, T | S,     true,  CQ_NONE },
	[CS_UNMASK]  = { "unmask",   2114, T | S,     true,  CQ_NONE },
	[CS_CASH]    = { "cash",     2120, T | S,     true,  CQ_NONE },
	[CS_FEE]     = { "fee",      2130, T | S,     true,  CQ_NONE },
	[CS_GUIDE]   = { "guide",    2140, T | S,     true,  CQ_NONE },
	[CS_REPRINT] = { "reprint",  2150, T | S,     true,  CQ_NONE },
	[CS_BRANCH]  = { "branch",   2201, T | S | A, false, CQ_STATUS },
	[CS_DAY]     = { "day",      2210, T | S | A, false, CQ_DAY },
	[CS_AUDIT]   = { "audit",    2301, S | A,     false, CQ_AUDIT },
	[CS_VERIFY]  = { "verify",   2302, S | A,     false, CQ_VERIFY },
	[CS_PROVE]   = { "prove",    2303, S | A,     false, CQ_NONE },
	[CS_LOCK]    = { "lock",     2900, T | S | A, false, CQ_NONE },
	[CS_HELP]    = { "help",     2999, T | S | A, false, CQ_NONE },
};

static const struct {
	const char *method;
	bool waits;
} asks[CQ_COUNT] = {
	[CQ_NONE]    = { "",		  false },
	[CQ_QUEUE]   = { "queue.list",	  false },
	[CQ_ANSWER]  = { "call.answer",	  false },
	[CQ_TAKE]    = { "desk.take",	  true },
	[CQ_LEAVE]   = { "desk.leave",	  false },
	[CQ_VIEW]    = { "desk.view",	  false },
	[CQ_UNMASK]  = { "desk.unmask",	  true },
	[CQ_DOCS]    = { "desk.docs",	  true },
	[CQ_ACT]     = { "desk.act",	  true },
	[CQ_CONFIRM] = { "desk.confirm",  true },
	[CQ_STATUS]  = { "branch.status", false },
	[CQ_DAY]     = { "day.report",	  true },
	[CQ_CSV]     = { "day.file",	  true },
	[CQ_PDF]     = { "day.file",	  true },
	[CQ_AUDIT]   = { "audit.list",	  true },
	[CQ_VERIFY]  = { "audit.verify",  false },
	[CQ_PROVE]   = { "audit.prove",	  true },
};

static const struct counter_act acts[] = {
	{ "approve",	 CI_ACT,     NEED_MAY,	ONE_PERSON,	     false },
	{ "return",	 CI_ACT,     NEED_MUST, ONE_PERSON,	     false },
	{ "resubmit",	 CI_ACT,     NEED_MAY,	ONE_PERSON,	     false },
	{ "reject",	 CI_ACT,     NEED_MUST, ONE_PERSON,	     true },
	{ "release",	 CI_ACT,     NEED_MUST, TWO_WITH_SUPERVISOR, false },
	{ "revoke_only", CI_ACT,     NEED_MUST, ONE_PERSON,	     true },
	{ "cash",	 CI_CASH,    NEED_NO,	ONE_PERSON,	     false },
	{ "waive",	 CI_FEE,     NEED_MUST, TWO_WITH_SUPERVISOR, false },
	{ "refund",	 CI_FEE,     NEED_MUST, TWO_WITH_SUPERVISOR, false },
	{ "seen",	 CI_FEE,     NEED_MUST, TWO_WITH_SUPERVISOR, false },
	{ "ticket",	 CI_ACT,     NEED_MAY,	ONE_PERSON,	     false },
	{ "reprint",	 CI_REPRINT, NEED_NO,	ONE_PERSON,	     false },
	{ "note",	 CI_ACT,     NEED_MUST, ONE_PERSON,	     false },
	{ "guide",	 CI_GUIDE,   NEED_NO,	ONE_PERSON,	     false },
	{ "cancel",	 CI_ACT,     NEED_MUST, ONE_PERSON,	     true },
};
/* clang-format on */

static const char *const roles[CR_COUNT] = { "counter", "supervisor",
	"auditor" };

enum counter_ask
counter_arrive(enum counter_screen screen)
{
	return (unsigned)screen < CS_COUNT ? places[screen].arrive : CQ_NONE;
}

struct counter_step
counter_next(enum counter_screen at, enum counter_intent intent)
{
	for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
		struct counter_step s = { edges[i].to, edges[i].ask };

		if (edges[i].on != intent ||
		    (edges[i].from != at && edges[i].from != CS_ANY))
			continue;
		if (s.screen == CS_HERE)
			s.screen = at;
		if (s.ask == CQ_NONE && s.screen != at)
			s.ask = counter_arrive(s.screen);
		return s;
	}
	return (struct counter_step){ at, CQ_NONE };
}

const char *
counter_screen_name(enum counter_screen screen)
{
	return (unsigned)screen < CS_COUNT ? places[screen].name : "";
}

int
counter_number(enum counter_screen screen)
{
	return (unsigned)screen < CS_COUNT ? places[screen].number : 0;
}

enum counter_screen
counter_numbered(int number)
{
	for (int i = 0; number > 0 && i < CS_COUNT; i++)
		if (places[i].number == number)
			return (enum counter_screen)i;
	return CS_COUNT;
}

bool
counter_may(enum counter_role role, enum counter_screen screen)
{
	return (unsigned)screen < CS_COUNT && (unsigned)role < CR_COUNT &&
	       (places[screen].roles & 1u << role) != 0;
}

bool
counter_is_case(enum counter_screen screen)
{
	return (unsigned)screen < CS_COUNT && places[screen].of_case;
}

const char *
counter_method(enum counter_ask ask)
{
	return (unsigned)ask < CQ_COUNT ? asks[ask].method : "";
}

bool
counter_waits(enum counter_ask ask)
{
	return (unsigned)ask < CQ_COUNT && asks[ask].waits;
}

const char *
counter_role_word(enum counter_role role)
{
	return (unsigned)role < CR_COUNT ? roles[role] : "";
}

enum counter_role
counter_role_named(const char *word)
{
	int r = 0;

	while (r < CR_COUNT && strcmp(roles[r], word) != 0)
		r++;
	return (enum counter_role)r;
}

const struct counter_act *
counter_act_named(const char *word)
{
	for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++)
		if (strcmp(acts[i].word, word) == 0)
			return &acts[i];
	return NULL;
}
