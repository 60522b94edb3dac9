/*
 * prog/kiosk/link.c - the agent's socket.
 */
#define _GNU_SOURCE
#include "prog/kiosk/kiosk.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/secret.h"
#include "flow/answer.h"
#include "flow/request.h"
#include "rpc/rpc.h"

static void
drop(struct kiosk *k)
{
	client_drop(&k->client, k->session.now_ms);
	k->waits = (struct kiosk_waits){ 0 };
}

void
kiosk_keep_link(struct kiosk *k, int64_t now_ms)
{
	if (!client_connect(&k->client, k->conf->socket, now_ms))
		return;
	k->waits.hello_id = client_send(&k->client, "hello",
	    json_pack(
		"{s:s,s:s}", "role", "kiosk", "terminal", k->conf->terminal),
	    -1);
	if (k->waits.hello_id == 0)
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
kiosk_ask(struct kiosk *k, enum request r)
{
	struct session *s = &k->session;
	int fd = secret_pipe(s, r);
	json_int_t id = client_send(
	    &k->client, flow_request_method(r), request_params(s, r), fd);

	if (fd >= 0) {
		close(fd);
		forget_passwords(s);
	}
	if (r == REQ_END_SESSION) {
		k->waits.end_id = id;
		k->waits.asked_id = 0;
		return;
	}
	if (r == REQ_STAFF) {
		k->waits.staff_id = id;
		s->staff_called = s->staff_coming = false;
		s->staff_failed = id == 0;
		return;
	}
	if (id == 0) {
		drop(k);
		return;
	}
	k->waits.asked_id = id;
	s->pending = r;
	s->pending_ms = s->now_ms;
	s->error[0] = '\0';
}

void
kiosk_tell_screen(struct kiosk *k, const char *name)
{
	if (k->client.sock < 0 || k->waits.hello_id != 0)
		return;
	/* whatever is answered, nobody waits for it */
	(void)client_send(
	    &k->client, "kiosk.screen", json_pack("{s:s}", "screen", name), -1);
}

static enum intent
take_answer(struct kiosk *k, const json_t *body, json_int_t id)
{
	if (id == k->waits.hello_id) {
		k->waits.hello_id = 0;
		if (json_object_get(body, "error") != NULL) {
			log_line(LOG_ERROR, "hello refused");
			drop(k);
			return INTENT_AGENT_LOST;
		}
		answer_hello(&k->branch, json_object_get(body, "result"));
		return INTENT_AGENT_BACK;
	}
	if (id == k->waits.staff_id) {
		k->waits.staff_id = 0;
		k->session.staff_failed = json_object_get(body, "error") !=
					  NULL;
		k->session.staff_called = !k->session.staff_failed;
		return INTENT_STAY;
	}
	if (id == k->waits.end_id)
		k->waits.end_id = 0;
	if (id != k->waits.asked_id || id == 0)
		return INTENT_STAY;
	k->waits.asked_id = 0;
	return answer_apply(&k->session, k->session.pending, body);
}

enum intent
kiosk_read(struct kiosk *k)
{
	enum intent intent = INTENT_STAY;
	json_t *body = NULL;
	json_int_t id;

	switch (client_read(&k->client, &body, NULL, k->session.now_ms)) {
	case CLIENT_NOTHING:
		return INTENT_STAY;
	case CLIENT_LOST:
		drop(k);
		return INTENT_AGENT_LOST;
	case CLIENT_FRAME:
		break;
	}
	id = rpc_int(body, "id", 0);
	if (id != 0)
		intent = take_answer(k, body, id);
	else if (k->waits.end_id == 0 ||
		 strcmp(rpc_str(body, "event"), "media.changed") == 0 ||
		 strcmp(rpc_str(body, "event"), "branch.changed") == 0 ||
		 strcmp(rpc_str(body, "event"), "health.changed") == 0)
		intent = answer_event(&k->session, &k->branch, body);
	json_decref(body);
	secret_wipe_stack();
	return intent;
}
