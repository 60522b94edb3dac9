/*
 * handoff/session.c - the machine.
 */
#include "handoff/session.h"

#include <openssl/rand.h>
#include <string.h>

#include "base/secret.h"
#include "base/span.h"

int
handoff_life_s(int64_t now_ms, int64_t last_ms)
{
	int64_t left_s = (last_ms - now_ms) / 1000;

	if (last_ms == 0 || left_s >= HANDOFF_TTL_S)
		return HANDOFF_TTL_S;
	return left_s >= HANDOFF_LEAST_S ? (int)left_s : 0;
}

struct err
handoff_begin(struct handoff *h, int life_s, int64_t now_ms, int64_t now_unix)
{
	struct err e;

	secret_wipe(h, sizeof *h);
	e = handoff_id_new(h->id);
	if (!err_is(e) && RAND_bytes(h->secret, sizeof h->secret) != 1)
		e = err_make(E_CRYPTO, 0, "handoff: random");
	if (err_is(e)) {
		secret_wipe(h, sizeof *h);
		return e;
	}
	h->state = HANDOFF_OPEN;
	h->until_ms = now_ms + life_s * (int64_t)1000;
	h->expiry = now_unix + life_s;
	return err_none();
}

struct err
handoff_auth_hash(uint8_t out[static SEAL_DIGEST], const struct handoff *h)
{
	uint8_t auth_secret[SEAL_KEY];
	struct err e = handoff_key(auth_secret, h->secret, HANDOFF_AUTH);

	if (!err_is(e))
		e = seal_digest(out, span_make(auth_secret, SEAL_KEY));
	secret_wipe(auth_secret, sizeof auth_secret);
	return e;
}

bool
handoff_is_over(const struct handoff *h)
{
	return h->state != HANDOFF_OPEN && h->state != HANDOFF_CLAIMED &&
	       h->state != HANDOFF_SENDING;
}

void
handoff_close(struct handoff *h, enum handoff_state state)
{
	char id[HANDOFF_ID_TEXT];

	memcpy(id, h->id, sizeof id);
	secret_wipe(h, sizeof *h);
	memcpy(h->id, id, sizeof id);
	h->state = state;
}

bool
handoff_expire(struct handoff *h, int64_t now_ms)
{
	if (handoff_is_over(h) || now_ms < h->until_ms)
		return false;
	handoff_close(h, HANDOFF_EXPIRED);
	return true;
}

static struct err
lock(struct handoff *h, const uint8_t phone[static HANDOFF_POINT])
{
	if (RAND_bytes(h->nonce, sizeof h->nonce) != 1)
		return err_make(E_CRYPTO, 0, "handoff: random");
	memcpy(h->phone, phone, HANDOFF_POINT);
	h->state = HANDOFF_CLAIMED;
	return err_none();
}

struct err
handoff_claim(struct handoff *h, const uint8_t phone[static HANDOFF_POINT],
    const uint8_t tag[static SEAL_DIGEST], int64_t now_ms)
{
	uint8_t want[SEAL_DIGEST], key[SEAL_KEY], ours[HANDOFF_POINT];
	struct err e;

	if (handoff_is_over(h) || now_ms >= h->until_ms)
		return err_make(E_STATE, 0, "handoff: over");
	e = handoff_claim_mac(want, h->secret, h->id, phone);
	if (err_is(e))
		return e;
	if (!secret_equal(want, tag, sizeof want))
		return err_make(E_MISMATCH, 0, "handoff: claim");
	if (h->state != HANDOFF_OPEN)
		return memcmp(h->phone, phone, HANDOFF_POINT) == 0
			   ? err_none()
			   : err_make(E_STATE, 0, "handoff: elsewhere");
	/* no lock for a point that nothing could be sealed for */
	e = handoff_wrap(key, ours, h->secret, h->id, phone);
	secret_wipe(key, sizeof key);
	return err_is(e) ? e : lock(h, phone);
}

struct err
handoff_typed(struct handoff *h, int *left, const char *digits, int64_t now_ms)
{
	char want[HANDOFF_DIGITS_TEXT];
	struct err e;

	*left = HANDOFF_TRIES - h->wrong;
	if (h->state != HANDOFF_CLAIMED || now_ms >= h->until_ms)
		return err_make(E_STATE, 0, "handoff: digits");
	e = handoff_digits(want, h->secret, h->id, h->phone, h->nonce);
	if (err_is(e))
		return e;
	if (strlen(digits) == sizeof want - 1 &&
	    secret_equal(want, digits, sizeof want - 1)) {
		h->state = HANDOFF_SENDING;
	} else {
		*left = HANDOFF_TRIES - ++h->wrong;
		if (*left <= 0)
			handoff_close(h, HANDOFF_WRONG);
		e = err_make(E_MISMATCH, 0, "handoff: digits");
	}
	secret_wipe(want, sizeof want);
	return e;
}

struct err
handoff_acked(
    struct handoff *h, const uint8_t tag[static SEAL_DIGEST], int64_t now_ms)
{
	uint8_t want[SEAL_DIGEST];
	struct err e;

	if (h->state == HANDOFF_DONE)
		return err_none(); /* the answer to the first was lost */
	if (h->state != HANDOFF_SENDING || now_ms >= h->until_ms)
		return err_make(E_STATE, 0, "handoff: receipt");
	e = handoff_ack_mac(want, h->secret, h->id, h->files);
	if (err_is(e))
		return e;
	if (!secret_equal(want, tag, sizeof want))
		return err_make(E_MISMATCH, 0, "handoff: receipt");
	handoff_close(h, HANDOFF_DONE);
	return err_none();
}

const char *
handoff_state_name(enum handoff_state state)
{
	static const char *const names[HANDOFF_STATE_COUNT] = {
		[HANDOFF_NONE] = "",
		[HANDOFF_OPEN] = "open",
		[HANDOFF_CLAIMED] = "claimed",
		[HANDOFF_SENDING] = "sending",
		[HANDOFF_DONE] = "done",
		[HANDOFF_EXPIRED] = "expired",
		[HANDOFF_WRONG] = "wrong",
		[HANDOFF_GONE] = "gone",
	};

	return (unsigned)state < HANDOFF_STATE_COUNT ? names[state] : "";
}
