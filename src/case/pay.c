/*
 * case/pay.c - the table of a payment's life.
 */
#include "case/pay.h"

#include <stddef.h>

struct cell {
	unsigned char possible, next, effect;
};

#define GO(state, effect)                                                      \
	{                                                                      \
		1, PAY_STATE_##state, PAY_DO_##effect                          \
	}
#define ON(event) [PAY_EV_##event]
#define IN(state) [PAY_STATE_##state]

/* What the terminal may say of a payment whenever it is asked. */
#define VERDICTS                                                               \
	ON(APPROVED) = GO(APPROVED, SETTLE),                                   \
	ON(DECLINED) = GO(DECLINED, NOTHING),                                  \
	ON(CANCELLED) = GO(CANCELLED, NOTHING),                                \
	ON(FAILED) = GO(FAILED, NOTHING)
/* What a person may read in the terminal's own record. */
#define SEEN                                                                   \
	ON(SEEN_CHARGED) = GO(APPROVED, SETTLE),                               \
	ON(SEEN_NOTHING) = GO(FAILED, NOTHING)

/* clang-format off */
static const struct cell table[PAY_STATE_COUNT][PAY_EV_COUNT] = {
	IN(INTENT) = {
		ON(SEND)	    = GO(SENT, START),
		ON(UNSENT)	    = GO(FAILED, NOTHING),
		ON(CANCEL)	    = GO(CANCELLED, NOTHING),
		ON(RESTART)	    = GO(FAILED, NOTHING),
	},
	/* Abort is only asked for here: the payment's own answer counts. */
	IN(SENT) = {
		VERDICTS,
		ON(UNSENT)	    = GO(FAILED, NOTHING),
		ON(LOST)	    = GO(ABORTING, ABORT),
		ON(RESTART)	    = GO(ABORTING, ABORT),
		ON(CANCEL)	    = GO(SENT, ABORT),
		ON(ABORTED)	    = GO(SENT, NOTHING),
		ON(ABORT_LOST)	    = GO(SENT, NOTHING),
	},
	/* A terminal may know the payment and yet take no Abort. */
	IN(ABORTING) = {
		VERDICTS, SEEN,
		ON(ABORTED)	    = GO(UNKNOWN, STATUS),
		ON(ABORT_LOST)	    = GO(ABORTING, STATUS),
		ON(IN_PROGRESS)	    = GO(ABORTING, ABORT),
		ON(NOT_FOUND)	    = GO(ABORTING, ABORT),
		ON(STATUS_LOST)	    = GO(ABORTING, ABORT),
		ON(MISPAID)	    = GO(REVERSING, REVERSE),
		ON(RESTART)	    = GO(ABORTING, ABORT),
	},
	IN(UNKNOWN) = {
		VERDICTS, SEEN,
		ON(IN_PROGRESS)	    = GO(UNKNOWN, STATUS),
		ON(NOT_FOUND)	    = GO(UNKNOWN, STATUS),	/* see sure() */
		ON(STATUS_LOST)	    = GO(UNKNOWN, STATUS),
		ON(MISPAID)	    = GO(REVERSING, REVERSE),
		ON(RESTART)	    = GO(UNKNOWN, STATUS),
	},
	IN(NETCANCEL) = {
		SEEN,
		ON(NETCANCELLED)    = GO(NETCANCELLED, NOTHING),
		ON(NOT_FOUND)	    = GO(NETCANCEL, NETCANCEL),	/* likewise */
		ON(NETCANCEL_LOST)  = GO(NETCANCEL, NETCANCEL),
		ON(RESTART)	    = GO(NETCANCEL, NETCANCEL),
	},
	IN(APPROVED) = {
		ON(REVERSE)	    = GO(REVERSING, REVERSE),
		ON(OWE)		    = GO(REFUND_DUE, STAFF),
	},
	IN(REVERSING) = {
		ON(REVERSED)	    = GO(REVERSED, NOTHING),
		ON(REVERSE_LOST)    = GO(REVERSING, REVERSE),
		ON(REVERSE_REFUSED) = GO(REFUND_DUE, STAFF),
		ON(RESTART)	    = GO(REVERSING, REVERSE),
		ON(SEEN_CHARGED)    = GO(REFUND_DUE, STAFF),
		ON(SEEN_NOTHING)    = GO(REVERSED, NOTHING),
	},
	IN(CASH) = {
		ON(OWE)		    = GO(REFUND_DUE, STAFF),
	},
	IN(REFUND_DUE) = {
		ON(REVERSE)	    = GO(REVERSING, REVERSE),
		ON(REFUNDED)	    = GO(REFUNDED, NOTHING),
	},
};

enum kind { OPEN = 1, CHARGED = 2, SETTLED = 4, VOID = 8 };

static const struct {
	const char	*name;
	unsigned	 kind;
} states[PAY_STATE_COUNT] = {
	IN(INTENT)	 = { "intent",	     OPEN },
	IN(SENT)	 = { "sent",	     OPEN },
	IN(ABORTING)	 = { "aborting",     OPEN },
	IN(UNKNOWN)	 = { "unknown",	     OPEN },
	IN(NETCANCEL)	 = { "netcancel",    OPEN },
	IN(APPROVED)	 = { "approved",     CHARGED | SETTLED },
	IN(DECLINED)	 = { "declined",     VOID },
	IN(CANCELLED)	 = { "cancelled",    VOID },
	IN(NOTFOUND)	 = { "not_found",    VOID },
	IN(FAILED)	 = { "failed",	     VOID },
	IN(NETCANCELLED) = { "netcancelled", VOID },
	IN(REVERSING)	 = { "reversing",    OPEN },
	IN(REVERSED)	 = { "reversed",     VOID },
	IN(CASH)	 = { "cash",	     CHARGED | SETTLED },
	IN(WAIVED)	 = { "waived",	     SETTLED },
	IN(REFUND_DUE)	 = { "refund_due",   0 },
	IN(REFUNDED)	 = { "refunded",     VOID },
};

static const char *const events[PAY_EV_COUNT] = {
	ON(SEND)	    = "send",
	ON(UNSENT)	    = "unsent",
	ON(APPROVED)	    = "approved",
	ON(DECLINED)	    = "declined",
	ON(CANCELLED)	    = "cancelled",
	ON(FAILED)	    = "failed",
	ON(LOST)	    = "lost",
	ON(CANCEL)	    = "cancel",
	ON(RESTART)	    = "restart",
	ON(ABORTED)	    = "aborted",
	ON(ABORT_LOST)	    = "abort_lost",
	ON(IN_PROGRESS)	    = "in_progress",
	ON(NOT_FOUND)	    = "not_found",
	ON(STATUS_LOST)	    = "status_lost",
	ON(MISPAID)	    = "mispaid",
	ON(SEEN_CHARGED)    = "seen_charged",
	ON(SEEN_NOTHING)    = "seen_nothing",
	ON(NETCANCELLED)    = "netcancelled",
	ON(NETCANCEL_LOST)  = "netcancel_lost",
	ON(REVERSE)	    = "reverse",
	ON(REVERSED)	    = "reversed",
	ON(REVERSE_LOST)    = "reverse_lost",
	ON(REVERSE_REFUSED) = "reverse_refused",
	ON(OWE)		    = "owe",
	ON(REFUNDED)	    = "refunded",
};

static const char *const effects[PAY_EFFECT_COUNT] = {
	[PAY_DO_NOTHING]   = "nothing",
	[PAY_DO_START]	   = "start",
	[PAY_DO_ABORT]	   = "abort",
	[PAY_DO_STATUS]	   = "status",
	[PAY_DO_NETCANCEL] = "netcancel",
	[PAY_DO_REVERSE]   = "reverse",
	[PAY_DO_SETTLE]	   = "settle",
	[PAY_DO_STAFF]	   = "staff",
};

static const char *const methods[PAY_METHOD_COUNT] = {
	[PAY_BY_CARD]	= "card",
	[PAY_BY_CASH]	= "cash",
	[PAY_BY_WAIVER] = "waived",
};
/* clang-format on */

static bool
asks(enum pay_effect effect)
{
	return effect == PAY_DO_ABORT || effect == PAY_DO_STATUS ||
	       effect == PAY_DO_NETCANCEL || effect == PAY_DO_REVERSE;
}

/* A person decides only what the machine could not. */
static bool
allowed(const struct pay *now, enum pay_event event)
{
	return (event != PAY_EV_SEEN_CHARGED && event != PAY_EV_SEEN_NOTHING) ||
	       now->told;
}

/* Whether this NotFound is to be believed.  A request may still be on its
 * way: one answer, or two at once, prove nothing. */
static bool
sure(struct pay *p, int64_t mono_ms)
{
	if (p->not_found == 0) {
		p->not_found = 1;
		p->not_found_ms = mono_ms;
	} else if (mono_ms - p->not_found_ms >= PAY_ASK_MS) {
		p->not_found++;
	}
	return p->not_found >= PAY_NOT_FOUND_SURE;
}

static void
apply_event(struct pay_step *s, const struct pay *now, enum pay_event event,
    int64_t mono_ms)
{
	if (s->next.state == PAY_STATE_ABORTING &&
	    now->state == PAY_STATE_SENT &&
	    now->remedy == PAY_REMEDY_NETCANCEL) {
		s->next.state = PAY_STATE_NETCANCEL;
		s->effect = PAY_DO_NETCANCEL;
	}
	if (event == PAY_EV_NOT_FOUND && now->state != PAY_STATE_ABORTING &&
	    sure(&s->next, mono_ms)) {
		s->next.state = now->state == PAY_STATE_UNKNOWN
				    ? PAY_STATE_NOTFOUND
				    : PAY_STATE_NETCANCELLED;
		s->effect = PAY_DO_NOTHING;
	}
	if (event == PAY_EV_IN_PROGRESS || event == PAY_EV_RESTART)
		s->next.not_found = 0;
	if (event == PAY_EV_RESTART)
		s->next.told = false;
	if (event == PAY_EV_RESTART)
		s->next.doubt_ms = 0;
}

/* How often it was asked, and since when it is not known. */
static void
count(struct pay_step *s, const struct pay *now, enum pay_event event,
    int64_t mono_ms)
{
	struct pay *p = &s->next;

	if (p->state != now->state || event == PAY_EV_RESTART)
		p->tries = 0;
	else if (asks(s->effect))
		p->tries++;
	if (!pay_is_open(p->state) || p->state == PAY_STATE_INTENT ||
	    p->state == PAY_STATE_SENT ||
	    (p->state == PAY_STATE_REVERSING && now->state != p->state)) {
		p->doubt_ms = 0;
		p->told = false;
	}
	if (pay_is_open(p->state) && asks(s->effect) && p->doubt_ms == 0 &&
	    p->state != PAY_STATE_SENT)
		p->doubt_ms = mono_ms;
	s->tell = p->doubt_ms != 0 && !p->told &&
		  mono_ms - p->doubt_ms >= PAY_DOUBT_MS;
	p->told |= s->tell;
}

struct err
pay_step(struct pay_step *out, const struct pay *now, enum pay_event event,
    int64_t mono_ms)
{
	const struct cell *c;
	struct pay_step s = { .next = *now };

	if ((unsigned)now->state >= PAY_STATE_COUNT ||
	    (unsigned)now->remedy >= PAY_REMEDY_COUNT ||
	    (unsigned)event >= PAY_EV_COUNT)
		return err_make(E_ARG, 0, "pay: step");
	c = &table[now->state][event];
	if (!c->possible || !allowed(now, event))
		return err_make(E_STATE, 0, "pay: step");
	s.next.state = (enum pay_state)c->next;
	s.effect = (enum pay_effect)c->effect;
	apply_event(&s, now, event, mono_ms);
	count(&s, now, event, mono_ms);
	*out = s;
	return err_none();
}

int64_t
pay_wait_ms(const struct pay *p, enum pay_effect effect)
{
	int64_t ms = 1000;

	if (p->tries == 0 || !asks(effect) || p->state == PAY_STATE_SENT)
		return 0;
	if (effect == PAY_DO_ABORT || effect == PAY_DO_STATUS)
		return p->told ? PAY_SLOW_MS : PAY_ASK_MS;
	for (int i = 1; i < p->tries && ms < PAY_SLOW_MS; i++)
		ms *= 2;
	return ms < PAY_SLOW_MS ? ms : PAY_SLOW_MS;
}

static bool
is(enum pay_state state, unsigned kind)
{
	return (unsigned)state < PAY_STATE_COUNT &&
	       (states[state].kind & kind) != 0;
}

bool
pay_is_open(enum pay_state state)
{
	return is(state, OPEN);
}

bool
pay_is_charged(enum pay_state state)
{
	return is(state, CHARGED);
}

bool
pay_is_settled(enum pay_state state)
{
	return is(state, SETTLED);
}

bool
pay_is_void(enum pay_state state)
{
	return is(state, VOID);
}

const char *
pay_state_name(enum pay_state state)
{
	return (unsigned)state < PAY_STATE_COUNT ? states[state].name
						 : "unknown";
}

const char *
pay_event_name(enum pay_event event)
{
	return (unsigned)event < PAY_EV_COUNT ? events[event] : "unknown";
}

const char *
pay_effect_name(enum pay_effect effect)
{
	return (unsigned)effect < PAY_EFFECT_COUNT ? effects[effect]
						   : "unknown";
}

const char *
pay_method_name(enum pay_method method)
{
	return (unsigned)method < PAY_METHOD_COUNT ? methods[method]
						   : "unknown";
}
