/*
 * The promises of the payment machine against a model of wire and terminal
 * that knows the truth: over all that can happen up to some depth, and over
 * long random lives.
 */
#include "support.h"

#include "case/pay.h"

enum truth {
	NOT_THERE, /* never left, or will never arrive */
	FLYING,	   /* on its way */
	PENDING,   /* at the terminal, the card not charged */
	CHARGED,
	REFUSED, /* declined, aborted: over without a charge */
	GIVEN_BACK
};

enum { LANDS_MS = PAY_ASK_MS - 1, DEPTH = 11 };

struct model {
	struct pay p;
	enum pay_effect todo; /* what the agent does next */
	enum truth truth;
	bool odd;	     /* the terminal charges another amount */
	int64_t now, closed; /* when our end of the wire was closed; 0 */
	int charges;	     /* of all payments, less what was given back */
};

static void
happen(struct model *m, enum pay_event event)
{
	struct pay_step s;
	struct err e = pay_step(&s, &m->p, event, m->now);

	cr_assert_not(err_is(e), "%s has no %s", pay_state_name(m->p.state),
	    pay_event_name(event));
	if (m->p.state == PAY_STATE_SENT && s.next.state != PAY_STATE_SENT &&
	    m->closed == 0)
		m->closed = m->now;
	m->p = s.next;
	if (s.effect != PAY_DO_NOTHING)
		m->todo = s.effect;
	else if (!pay_is_open(m->p.state) || m->p.state == PAY_STATE_SENT)
		m->todo = PAY_DO_NOTHING;
	m->now += pay_wait_ms(&m->p, m->todo);
}

static void
check(const struct model *m)
{
	const char *word = pay_state_name(m->p.state);

	cr_assert_leq(m->charges, 1, "charged twice in %s", word);
	if (pay_is_void(m->p.state))
		cr_assert(m->truth == NOT_THERE || m->truth == REFUSED ||
			      m->truth == GIVEN_BACK,
		    "%s, but the truth is %d", word, (int)m->truth);
	if (m->p.state == PAY_STATE_APPROVED)
		cr_assert_eq(m->truth, CHARGED);
	if (m->p.state == PAY_STATE_REFUND_DUE)
		cr_assert_eq(m->truth, CHARGED);
	/* every path ends or asks again; SENT waits for its answer */
	if (pay_is_open(m->p.state) && m->p.state != PAY_STATE_SENT &&
	    m->p.state != PAY_STATE_INTENT)
		cr_assert_neq(m->todo, PAY_DO_NOTHING, "%s is stuck", word);
}

static void
charge(struct model *m)
{
	m->truth = CHARGED;
	m->charges++;
}

/* What a request still on its way must have done by now. */
static void
land(struct model *m)
{
	if (m->truth == FLYING && m->closed != 0 &&
	    m->now - m->closed >= LANDS_MS)
		m->truth = PENDING;
}

static enum pay_event
verdict(const struct model *m)
{
	if (m->truth == CHARGED)
		return m->odd ? PAY_EV_MISPAID : PAY_EV_APPROVED;
	return m->truth == REFUSED ? PAY_EV_DECLINED : PAY_EV_IN_PROGRESS;
}

/* A message of the agent about the payment reaches the terminal. */
static enum pay_event
reach(struct model *m, enum pay_effect todo)
{
	if (todo == PAY_DO_ABORT) {
		m->truth = m->truth == PENDING ? REFUSED : m->truth;
		return PAY_EV_ABORTED;
	}
	if (todo == PAY_DO_STATUS)
		return m->truth == NOT_THERE || m->truth == FLYING
			   ? PAY_EV_NOT_FOUND
			   : verdict(m);
	if (todo == PAY_DO_NETCANCEL) {
		if (m->truth == NOT_THERE || m->truth == FLYING)
			return PAY_EV_NOT_FOUND;
		m->charges -= m->truth == CHARGED;
		m->truth = m->truth == CHARGED ? GIVEN_BACK : m->truth;
		m->truth = m->truth == PENDING ? REFUSED : m->truth;
		return PAY_EV_NETCANCELLED;
	}
	if (m->truth == CHARGED) {
		m->truth = GIVEN_BACK;
		m->charges--;
	}
	return PAY_EV_REVERSED;
}

static enum pay_event
silence(enum pay_effect todo)
{
	if (todo == PAY_DO_ABORT)
		return PAY_EV_ABORT_LOST;
	if (todo == PAY_DO_STATUS)
		return PAY_EV_STATUS_LOST;
	return todo == PAY_DO_NETCANCEL ? PAY_EV_NETCANCEL_LOST
					: PAY_EV_REVERSE_LOST;
}

static bool
sends(enum pay_effect todo)
{
	return todo == PAY_DO_ABORT || todo == PAY_DO_STATUS ||
	       todo == PAY_DO_NETCANCEL || todo == PAY_DO_REVERSE;
}

enum choice {
	ARRIVES,
	VANISHES,
	CARD_PAID,
	CARD_PAID_ODD,
	CARD_REFUSED,
	ANSWER,
	NO_ANSWER,
	NOT_SENT,
	DELIVER,   /* the agent's message and its answer */
	LOSE,	   /* the message is lost */
	LOSE_BACK, /* only the answer */
	CANCEL,
	RESTART,
	REFUSE, /* the reversal */
	GIVE_BACK,
	PERSON,
	AGAIN, /* another payment for the same case */
	CHOICES
};

static bool
wire(struct model *m, enum choice c)
{
	enum pay_effect todo = m->todo;
	enum pay_event ev;

	if (!sends(todo) || m->p.state == PAY_STATE_INTENT)
		return false;
	if (c == LOSE) {
		happen(m, silence(todo));
		return true;
	}
	if (todo == PAY_DO_ABORT && m->p.state == PAY_STATE_SENT)
		m->todo = PAY_DO_NOTHING;
	ev = reach(m, todo);
	if (m->truth == REFUSED && todo == PAY_DO_ABORT && m->closed == 0 &&
	    c == LOSE_BACK)
		ev = PAY_EV_ABORT_LOST;
	happen(m, c == LOSE_BACK ? silence(todo) : ev);
	return true;
}

static bool
person(struct model *m)
{
	bool charged = m->truth == CHARGED;

	if (!m->p.told || !pay_is_open(m->p.state) || m->truth == FLYING ||
	    m->truth == PENDING)
		return false;
	happen(m, charged ? PAY_EV_SEEN_CHARGED : PAY_EV_SEEN_NOTHING);
	return true;
}

/* The answer on the payment's own connection. */
static bool
answer(struct model *m)
{
	if (m->p.state != PAY_STATE_SENT ||
	    (m->truth != CHARGED && m->truth != REFUSED))
		return false;
	/* another amount is not believed: found out by status */
	happen(m, m->truth == REFUSED ? PAY_EV_DECLINED
		  : m->odd	      ? PAY_EV_LOST
				      : PAY_EV_APPROVED);
	return true;
}

static bool
agent_side(struct model *m, enum choice c)
{
	enum pay_state s = m->p.state;

	if (c == CANCEL && (s == PAY_STATE_SENT || s == PAY_STATE_INTENT))
		happen(m, PAY_EV_CANCEL);
	else if (c == RESTART && pay_is_open(s))
		happen(m, PAY_EV_RESTART);
	else if (c == GIVE_BACK &&
		 (s == PAY_STATE_APPROVED || s == PAY_STATE_REFUND_DUE))
		happen(m, PAY_EV_REVERSE);
	else if (c == REFUSE && s == PAY_STATE_REVERSING && m->truth == CHARGED)
		happen(m, PAY_EV_REVERSE_REFUSED);
	else if (c == AGAIN && pay_is_void(s))
		*m = (struct model){ .p = { .remedy = m->p.remedy },
			.now = m->now,
			.charges = m->charges };
	else
		return false;
	return true;
}

/* One thing that happens; false when it cannot now. */
static bool
choose(struct model *m, enum choice c)
{
	land(m);
	switch (c) {
	case ARRIVES:
		if (m->truth != FLYING)
			return false;
		m->truth = PENDING;
		return true;
	case VANISHES:
		if (m->truth != FLYING)
			return false;
		m->truth = NOT_THERE;
		return true;
	case CARD_PAID:
	case CARD_PAID_ODD:
		if (m->truth != PENDING)
			return false;
		m->odd = c == CARD_PAID_ODD;
		charge(m);
		return true;
	case CARD_REFUSED:
		if (m->truth != PENDING)
			return false;
		m->truth = REFUSED;
		return true;
	case ANSWER:
		return answer(m);
	case NO_ANSWER:
		if (m->p.state == PAY_STATE_INTENT) {
			happen(m, PAY_EV_SEND);
			m->truth = FLYING;
			m->todo = PAY_DO_NOTHING;
			return true;
		}
		if (m->p.state != PAY_STATE_SENT)
			return false;
		happen(m, PAY_EV_LOST);
		return true;
	case NOT_SENT:
		if (m->p.state != PAY_STATE_SENT || m->truth != FLYING)
			return false;
		m->truth = NOT_THERE;
		happen(m, PAY_EV_UNSENT);
		return true;
	case DELIVER:
	case LOSE:
	case LOSE_BACK:
		return wire(m, c);
	case PERSON:
		return person(m);
	case CANCEL:
	case RESTART:
	case GIVE_BACK:
	case REFUSE:
	case AGAIN:
		return agent_side(m, c);
	case CHOICES:
		break;
	}
	return false;
}

static long
explore(const struct model *at, int depth)
{
	long seen_states = 1;

	for (int c = 0; depth > 0 && c < CHOICES; c++) {
		struct model m = *at;
		if (!choose(&m, (enum choice)c))
			continue;
		check(&m);
		seen_states += explore(&m, depth - 1);
	}
	return seen_states;
}

Test(pay_model, whatever_happens_money_is_taken_once_and_every_path_goes_on)
{
	for (int r = 0; r < PAY_REMEDY_COUNT; r++) {
		struct model m = { .p = { .remedy = r }, .now = 1000 };
		long n = explore(&m, DEPTH);
		cr_expect_gt(n, 100000, "%ld", n);
	}
}

Test(pay_model, long_lives_with_many_payments_charge_once)
{
	uint64_t seed = 20261122;
	int ends[PAY_STATE_COUNT] = { 0 };

	for (int life = 0; life < 20000; life++) {
		struct model m = { .p = { .remedy = life % PAY_REMEDY_COUNT },
			.now = 1000 };
		for (int i = 0; i < 150; i++) {
			uint32_t c = next_random(&seed) % CHOICES;
			if (choose(&m, (enum choice)c))
				check(&m);
			ends[m.p.state]++;
		}
	}
	for (int i = 0; i < PAY_STATE_COUNT; i++) {
		if (i != PAY_STATE_CASH && i != PAY_STATE_WAIVED &&
		    i != PAY_STATE_REFUNDED)
			cr_expect_gt(ends[i], 100, "%s is never seen",
			    pay_state_name((enum pay_state)i));
	}
}

/* Whatever the wire does, once it is quiet the payment comes to rest. */
Test(pay_model, with_a_terminal_that_answers_every_payment_comes_to_rest)
{
	uint64_t seed = 7;

	for (int life = 0; life < 20000; life++) {
		struct model m = { .p = { .remedy = life % PAY_REMEDY_COUNT },
			.now = 1000 };
		for (int i = 0; i < 40; i++)
			(void)choose(
			    &m, (enum choice)(next_random(&seed) % CHOICES));
		if (m.p.state == PAY_STATE_INTENT)
			happen(&m, PAY_EV_CANCEL);
		if (m.p.state == PAY_STATE_SENT && !answer(&m))
			happen(&m, PAY_EV_LOST);
		for (int i = 0; i < 12 && pay_is_open(m.p.state); i++) {
			land(&m);
			if (m.truth == PENDING)
				m.truth = REFUSED;
			(void)wire(&m, DELIVER);
			check(&m);
		}
		cr_assert_not(pay_is_open(m.p.state), "life %d rests in %s",
		    life, pay_state_name(m.p.state));
	}
}
