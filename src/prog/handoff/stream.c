/*
 * handoff/stream.c - GnuTLS under frames.
 */
#define _GNU_SOURCE
#include "prog/handoff/stream.h"

#include <errno.h>
#include <gnutls/x509.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/secret.h"
#include "conf/check.h"

static const char priorities[] = "SECURE128:+SECURE192:-VERS-ALL:+VERS-TLS1.3";

struct err
stream_trust_load(
    struct stream_trust *t, struct span cert, struct span key, struct span ca)
{
	gnutls_datum_t c = { (void *)(uintptr_t)cert.p, (unsigned)cert.n - 1 },
		       k = { (void *)(uintptr_t)key.p, (unsigned)key.n - 1 },
		       a = { (void *)(uintptr_t)ca.p, (unsigned)ca.n - 1 };

	*t = (struct stream_trust){ NULL, NULL };
	if (gnutls_certificate_allocate_credentials(&t->cred) < 0 ||
	    gnutls_priority_init(&t->priority, priorities, NULL) < 0)
		return err_make(E_NOMEM, 0, "stream: trust");
	if (gnutls_certificate_set_x509_key_mem(
		t->cred, &c, &k, GNUTLS_X509_FMT_PEM) < 0)
		return err_make(E_CONFIG, 0, "stream: certificate or key");
	if (gnutls_certificate_set_x509_trust_mem(
		t->cred, &a, GNUTLS_X509_FMT_PEM) < 1)
		return err_make(E_CONFIG, 0, "stream: ca");
	return err_none();
}

void
stream_trust_free(struct stream_trust *t)
{
	if (t->cred != NULL)
		gnutls_certificate_free_credentials(t->cred);
	if (t->priority != NULL)
		gnutls_priority_deinit(t->priority);
	*t = (struct stream_trust){ NULL, NULL };
}

/* A peer behind a cut cable says nothing: TCP has to ask. */
static void
keep_asking(int fd)
{
	static const struct {
		int level, name, value;
	} rows[] = {
		{ SOL_SOCKET, SO_KEEPALIVE, 1 },
		{ IPPROTO_TCP, TCP_KEEPIDLE, 5 },
		{ IPPROTO_TCP, TCP_KEEPINTVL, 5 },
		{ IPPROTO_TCP, TCP_KEEPCNT, 2 },
		{ IPPROTO_TCP, TCP_USER_TIMEOUT, 15000 },
		{ IPPROTO_TCP, TCP_NODELAY, 1 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		(void)setsockopt(fd, rows[i].level, rows[i].name,
		    &rows[i].value, sizeof rows[i].value);
}

static bool
set_up(struct stream *s, const struct stream_trust *t)
{
	unsigned flags = GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL |
			 GNUTLS_NO_TICKETS |
			 (s->server == NULL ? GNUTLS_SERVER : GNUTLS_CLIENT);

	if (gnutls_init(&s->tls, flags) < 0)
		return false;
	if (gnutls_priority_set(s->tls, t->priority) < 0 ||
	    gnutls_credentials_set(s->tls, GNUTLS_CRD_CERTIFICATE, t->cred) < 0)
		return false;
	if (s->server == NULL)
		gnutls_certificate_server_set_request(
		    s->tls, GNUTLS_CERT_REQUIRE);
	else if (gnutls_server_name_set(
		     s->tls, GNUTLS_NAME_DNS, s->server, strlen(s->server)) < 0)
		return false;
	gnutls_transport_set_int(s->tls, s->fd);
	return true;
}

struct stream *
stream_new(int fd, const struct stream_trust *t, const char *server,
    bool connecting, int64_t now_ms)
{
	struct stream *s = calloc(1, sizeof *s);

	if (s == NULL) {
		close(fd);
		return NULL;
	}
	s->fd = fd;
	s->server = server;
	s->connecting = connecting;
	s->since_ms = now_ms;
	keep_asking(fd);
	if (set_up(s, t))
		return s;
	stream_free(s);
	return NULL;
}

void
stream_free(struct stream *s)
{
	if (s == NULL)
		return;
	if (s->tls != NULL) {
		if (s->open)
			(void)gnutls_bye(s->tls, GNUTLS_SHUT_WR);
		gnutls_deinit(s->tls);
	}
	close(s->fd);
	secret_wipe(s, sizeof *s);
	free(s);
}

short
stream_events(const struct stream *s)
{
	if (s->connecting ||
	    (!s->open && gnutls_record_get_direction(s->tls) == 1))
		return POLLOUT;
	return s->open && s->out_n > 0 ? POLLIN | POLLOUT : POLLIN;
}

bool
stream_waits(const struct stream *s)
{
	return s->open &&
	       (frame_waits(&s->in) || gnutls_record_check_pending(s->tls) > 0);
}

static bool
is_again(ssize_t rc)
{
	return rc == GNUTLS_E_AGAIN || rc == GNUTLS_E_INTERRUPTED;
}

static bool
connected(struct stream *s)
{
	int sys = 0;
	socklen_t n = sizeof sys;

	s->connecting = false;
	if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &sys, &n) == 0 && sys == 0)
		return true;
	errno = sys;
	log_err(LOG_WARNING, "connection", err_sys("stream: connect"));
	return false;
}

/* A chain to our CA, for this use, and for that name: whom we talk to. */
static bool
believed(struct stream *s)
{
	bool client = s->server != NULL;
	gnutls_typed_vdata_st rules[2] = {
		{ GNUTLS_DT_KEY_PURPOSE_OID,
		    (void *)(uintptr_t)(client ? GNUTLS_KP_TLS_WWW_SERVER
					       : GNUTLS_KP_TLS_WWW_CLIENT),
		    0 },
		{ GNUTLS_DT_DNS_HOSTNAME, (void *)(uintptr_t)s->server, 0 },
	};
	unsigned status = 0;

	if (gnutls_certificate_verify_peers(
		s->tls, rules, client ? 2 : 1, &status) >= 0 &&
	    status == 0)
		return true;
	log_line(
	    LOG_WARNING, "certificate of the other end refused: %#x", status);
	return false;
}

static enum stream_got
greet(struct stream *s)
{
	int rc;

	if (s->connecting && !connected(s))
		return STREAM_LOST;
	rc = gnutls_handshake(s->tls);
	if (is_again(rc))
		return STREAM_NOTHING;
	if (rc < 0 && gnutls_error_is_fatal(rc) == 0)
		return STREAM_NOTHING;
	if (rc < 0) {
		log_line(LOG_WARNING, "handshake: %s", gnutls_strerror(rc));
		return STREAM_LOST;
	}
	if (!believed(s))
		return STREAM_LOST;
	s->open = true;
	return STREAM_OPENED;
}

static bool
flush(struct stream *s)
{
	while (s->out_n > 0) {
		/* after EAGAIN GnuTLS has the bytes and wants no others */
		ssize_t n = s->again
				? gnutls_record_send(s->tls, NULL, 0)
				: gnutls_record_send(s->tls, s->out + s->out_at,
				      s->out_n - s->out_at);
		s->again = is_again(n);
		if (s->again)
			return true;
		if (n < 0)
			return false;
		s->out_at += (size_t)n;
		if (s->out_at < s->out_n)
			continue;
		secret_wipe(s->out, s->out_n);
		s->out_at = s->out_n = 0;
	}
	return true;
}

static enum stream_got
take(struct stream *s, json_t **body)
{
	size_t room;
	uint8_t *to;
	ssize_t n;

	for (;;) {
		enum frame_got got = frame_take(&s->in, body);
		if (got != FRAME_NONE)
			return got == FRAME_BODY ? STREAM_FRAME : STREAM_LOST;
		to = frame_space(&s->in, &room);
		n = gnutls_record_recv(s->tls, to, room);
		if (is_again(n))
			return STREAM_NOTHING;
		if (n == 0 || (n < 0 && gnutls_error_is_fatal((int)n) != 0))
			return STREAM_LOST;
		if (n > 0)
			s->in.n += (size_t)n;
	}
}

enum stream_got
stream_step(struct stream *s, json_t **body)
{
	*body = NULL;
	if (!s->open)
		return greet(s);
	return flush(s) ? take(s, body) : STREAM_LOST;
}

bool
stream_send(struct stream *s, json_t *body)
{
	bool fits = frame_put(s->out, sizeof s->out, &s->out_n, body);

	json_decref(body);
	return fits && flush(s);
}

const gnutls_datum_t *
stream_certificate(const struct stream *s)
{
	unsigned count = 0;
	const gnutls_datum_t *chain = gnutls_certificate_get_peers(
	    s->tls, &count);

	return s->open && count > 0 ? chain : NULL;
}

bool
stream_peer(const struct stream *s, char *out, size_t cap)
{
	const gnutls_datum_t *der = stream_certificate(s);
	gnutls_x509_crt_t crt = NULL;
	size_t n = cap, other = 0;
	bool ok = der != NULL && gnutls_x509_crt_init(&crt) >= 0;

	ok = ok && gnutls_x509_crt_import(crt, der, GNUTLS_X509_FMT_DER) >= 0 &&
	     gnutls_x509_crt_get_dn_by_oid(
		 crt, GNUTLS_OID_X520_COMMON_NAME, 0, 0, out, &n) >= 0 &&
	     gnutls_x509_crt_get_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 1,
		 0, NULL, &other) == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE &&
	     check_code(out);
	if (crt != NULL)
		gnutls_x509_crt_deinit(crt);
	return ok;
}
