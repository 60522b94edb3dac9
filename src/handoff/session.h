/*
 * handoff/session.h - one handoff as the agent sees it, from the QR to the
 * phone's receipt.  A pure machine: time comes in, nothing is sent.
 *
 * The rule of the house: the files are sealed only after the customer typed
 * the digits that the phone shows, and they are delivered only when the phone
 * says so with a mac over their digest.
 */
#ifndef HANDOFF_SESSION_H
#define HANDOFF_SESSION_H

#include <stdbool.h>

#include "handoff/keys.h"

enum {
	HANDOFF_TTL_S = 180,
	HANDOFF_LEAST_S = 60, /* to scan, start, type six digits and save */
	HANDOFF_TRIES = 3     /* of the six digits */
};

enum handoff_state {
	HANDOFF_NONE,
	HANDOFF_OPEN,	 /* the QR is shown */
	HANDOFF_CLAIMED, /* a phone has it: its digits are awaited */
	HANDOFF_SENDING, /* the files are on their way */
	HANDOFF_DONE,	 /* the phone has them: delivered */
	HANDOFF_EXPIRED,
	HANDOFF_WRONG, /* three times the wrong digits */
	HANDOFF_GONE,  /* closed by us, or the server went away */
	HANDOFF_STATE_COUNT
};

struct handoff {
	enum handoff_state state;
	char id[HANDOFF_ID_TEXT];
	uint8_t secret[HANDOFF_SECRET];
	int64_t until_ms; /* of the clock that cannot be set */
	int64_t expiry;	  /* the same as wall time, Unix seconds */
	int wrong;
	uint8_t phone[HANDOFF_POINT];
	uint8_t nonce[HANDOFF_NONCE];
	uint8_t files[SEAL_DIGEST]; /* of what was sealed */
};

/*
 * Seconds that a handoff begun now may live when the certificate waits for its
 * confirmation until `last_ms` (0: for ever): HANDOFF_TTL_S, or what is left;
 * 0 when that is less than HANDOFF_LEAST_S.  Then none is begun: nobody could
 * finish it.
 */
int handoff_life_s(int64_t now_ms, int64_t last_ms);

/*
 * A new one for `life_s` seconds: id and secret are made, HANDOFF_OPEN.
 * E_CRYPTO.  `h` is wiped first, whatever it was.
 */
MUST_USE struct err handoff_begin(
    struct handoff *h, int life_s, int64_t now_ms, int64_t now_unix);

/* SHA-256 of the word that opens it, for the server.  E_CRYPTO. */
MUST_USE struct err handoff_auth_hash(
    uint8_t out[static SEAL_DIGEST], const struct handoff *h);

/*
 * A phone's claim: with the right mac the first one locks the handoff and
 * h->nonce is made; the same point again is answered again.  E_STATE: another
 * phone was first, or it is over; E_MISMATCH: wrong mac; E_FORMAT: no point;
 * E_CRYPTO.
 */
MUST_USE struct err handoff_claim(struct handoff *h,
    const uint8_t phone[static HANDOFF_POINT],
    const uint8_t tag[static SEAL_DIGEST], int64_t now_ms);

/*
 * What the customer typed.  E_MISMATCH: wrong, *left tries remain, none ends
 * it; E_STATE: nobody has claimed it or it is over; E_CRYPTO.
 */
MUST_USE struct err handoff_typed(
    struct handoff *h, int *left, const char *digits, int64_t now_ms);

/* The phone's receipt: HANDOFF_DONE.  E_MISMATCH, E_STATE, E_CRYPTO. */
MUST_USE struct err handoff_acked(
    struct handoff *h, const uint8_t tag[static SEAL_DIGEST], int64_t now_ms);

/* Whether its time is over just now: it becomes HANDOFF_EXPIRED. */
bool handoff_expire(struct handoff *h, int64_t now_ms);

/* End it in `state`; secret, points and digests are wiped, the id stays. */
void handoff_close(struct handoff *h, enum handoff_state state);

bool handoff_is_over(const struct handoff *h);

/* "open" "claimed" ...; "" for none. */
const char *handoff_state_name(enum handoff_state state);

#endif
