/*
 * prog/kiosk/link.c - the agent's socket.
 */
#define _GNU_SOURCE
#include "prog/kiosk/kiosk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/secret.h"
#include "flow/answer.h"
#include "flow/request.h"
#include "rpc/rpc.h"

enum { RETRY_MS = 1000 };

static void
drop(struct kiosk *k)
{
	if (k->link.sock >= 0)
		close(k->link.sock);
	k->link = (struct link){ .sock = -1,
		.next_id = k->link.next_id,
		.retry_ms = k->session.now_ms + RETRY_MS };
}

/* Takes `params`; returns the id, 0 when it could not be sent. */
static json_int_t
send_request(struct kiosk *k, const char *method, json_t *params, int fd)
{
	json_int_t id = ++k->link.next_id;
	json_t *body = rpc_request(id, method, params);
	struct err e = k->link.sock < 0 ? err_make(E_GONE, 0, "kiosk: no agent")
					: rpc_send(k->link.sock, body, fd);

	json_decref(body);
	if (!err_is(e))
		return id;
	log_err(LOG_WARNING, method, e);
	return 0;
}

void
link_keep(struct kiosk *k, int64_t now_ms)
{
	struct err e;

	if (k->link.sock >= 0 || now_ms < k->link.retry_ms)
		return;
	k->link.retry_ms = now_ms + RETRY_MS;
	e = rpc_connect(&k->link.sock, k->conf->socket);
	if (err_is(e)) {
		k->link.sock = -1;
		return;
	}
	if (fcntl(k->link.sock, F_SETFL, O_NONBLOCK) != 0)
		log_err(LOG_WARNING, "socket", err_sys("kiosk: non-blocking"));
	k->link.hello_id = send_request(k, "hello",
	    json_pack(
		"{s:s,s:s}", "role", "kiosk", "terminal", k->conf->terminal),
	    -1);
	if (k->link.hello_id == 0)
		drop(k);
}

/* A pipe that holds the secret and is closed for writing; -1 when none. */
static int
secret_pipe(const struct session *s, enum request r)
{
	char secret[REQUEST_SECRET];
	size_t n = request_secret(secret, s, r);
	int ends[2];

	if (n == 0)
		return -1;
	if (pipe2(ends, O_CLOEXEC) != 0) {
		log_err(LOG_ERROR, "password", err_sys("kiosk: pipe"));
		ends[0] = -1;
	} else {
		struct err e = file_write_all(ends[1], span_make(secret, n));
		if (err_is(e))
			log_err(LOG_ERROR, "password", e);
		close(ends[1]);
	}
	secret_wipe(secret, sizeof secret);
	return ends[0];
}

/* The passwords leave the session with the request that carries them. */
static void
forget_passwords(struct session *s)
{
	field_wipe(&s->password);
	field_wipe(&s->again);
	field_wipe(&s->old_password);
}

void
link_ask(struct kiosk *k, enum request r)
{
	struct session *s = &k->session;
	int fd = secret_pipe(s, r);
	json_int_t id = send_request(
	    k, flow_request_method(r), request_params(s, r), fd);

	if (fd >= 0) {
		close(fd);
		forget_passwords(s);
	}
	if (r == REQ_END_SESSION) {
		k->link.end_id = id;
		k->link.asked_id = 0;
		return;
	}
	if (r == REQ_STAFF) {
		k->link.staff_id = id;
		s->staff_called = s->staff_coming = false;
		s->staff_failed = id == 0;
		return;
	}
	if (id == 0) {
		drop(k);
		return;
	}
	k->link.asked_id = id;
	s->pending = r;
	s->pending_ms = s->now_ms;
	s->error[0] = '\0';
}

static enum intent
take_answer(struct kiosk *k, const json_t *body, json_int_t id)
{
	if (id == k->link.hello_id) {
		k->link.hello_id = 0;
		if (json_object_get(body, "error") != NULL) {
			log_line(LOG_ERROR, "hello refused");
			drop(k);
			return INTENT_AGENT_LOST;
		}
		answer_hello(&k->branch, json_object_get(body, "result"));
		return INTENT_AGENT_BACK;
	}
	if (id == k->link.staff_id) {
		k->link.staff_id = 0;
		k->session.staff_failed = json_object_get(body, "error") !=
					  NULL;
		k->session.staff_called = !k->session.staff_failed;
		return INTENT_STAY;
	}
	if (id == k->link.end_id)
		k->link.end_id = 0;
	if (id != k->link.asked_id || id == 0)
		return INTENT_STAY;
	k->link.asked_id = 0;
	return answer_apply(&k->session, k->session.pending, body);
}

enum intent
link_read(struct kiosk *k)
{
	json_t *body = NULL;
	struct err e = rpc_recv(k->link.sock, &body, NULL);
	enum intent intent = INTENT_STAY;
	json_int_t id;

	if (e.code == E_TIMEOUT)
		return INTENT_STAY;
	if (e.code == E_LIMIT || e.code == E_FORMAT) {
		log_err(LOG_WARNING, "frame", e);
		return INTENT_STAY;
	}
	if (err_is(e)) {
		drop(k);
		return INTENT_AGENT_LOST;
	}
	id = rpc_int(body, "id", 0);
	if (id != 0)
		intent = take_answer(k, body, id);
	else if (k->link.end_id == 0 ||
		 strcmp(rpc_str(body, "event"), "media.changed") == 0 ||
		 strcmp(rpc_str(body, "event"), "health.changed") == 0)
		intent = answer_event(&k->session, &k->branch, body);
	json_decref(body);
	secret_wipe_stack();
	return intent;
}
