/*
 * handoff/stream.h - frames over TLS, not blocking: one connection between the
 * relay and a branch, for whoever polls its descriptor.
 *
 * Both ends are ours: TLS 1.3 only, a certificate each.  A peer that is not
 * heard for 15 s is lost (TCP asks it every 5 s).
 */
#ifndef PROG_HANDOFF_STREAM_H
#define PROG_HANDOFF_STREAM_H

#include <gnutls/gnutls.h>

#include "base/err.h"
#include "base/span.h"
#include "prog/handoff/frame.h"

enum { STREAM_OUT = 4 * FRAME_ROOM, STREAM_OPEN_MS = 10000 };

/* Who we are and whom we trust. */
struct stream_trust {
	gnutls_certificate_credentials_t cred;
	gnutls_priority_t priority;
};

struct stream {
	int fd;
	gnutls_session_t tls;
	const char *server; /* the peer's name; NULL: we are the server */
	bool connecting, open, again;
	int64_t since_ms;
	struct frame_in in;
	size_t out_at, out_n; /* out[at..n) is to be sent */
	uint8_t out[STREAM_OUT];
};

enum stream_got { STREAM_NOTHING, STREAM_OPENED, STREAM_FRAME, STREAM_LOST };

/* PEM, each NUL-terminated with the NUL counted.  E_CONFIG, E_NOMEM. */
MUST_USE struct err stream_trust_load(
    struct stream_trust *t, struct span cert, struct span key, struct span ca);
void stream_trust_free(struct stream_trust *t);

/*
 * A connection over `fd`, which is its own from now on, also on failure.
 * `server` (borrowed) is the name that the peer's certificate must have; NULL:
 * we are the server and the peer must have a client's.  NULL when there is no
 * memory.
 */
struct stream *stream_new(int fd, const struct stream_trust *t,
    const char *server, bool connecting, int64_t now_ms);
/* Wiped and closed; NULL is fine. */
void stream_free(struct stream *s);

/* For poll(2). */
short stream_events(const struct stream *s);
/* Frames wait here that no poll(2) tells of. */
bool stream_waits(const struct stream *s);

/*
 * One step: the handshake, what is to be sent, one frame.  On STREAM_FRAME
 * *body is the caller's.  STREAM_LOST: to be freed.
 */
enum stream_got stream_step(struct stream *s, json_t **body);

/* Takes `body`; false when it does not fit: the peer does not listen. */
bool stream_send(struct stream *s, json_t *body);

/* The peer's certificate, the stream's own; NULL before it is open. */
const gnutls_datum_t *stream_certificate(const struct stream *s);

/* The CN of the peer, when it has exactly one that is a branch's code. */
bool stream_peer(const struct stream *s, char *out, size_t cap);

#endif
