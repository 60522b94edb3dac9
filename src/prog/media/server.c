/*
 * media/server.c - request after request, and a look when a mount changed.
 */
#include "prog/media/server.h"

#include <string.h>

#include "base/log.h"
#include "base/secret.h"

enum { DEBOUNCE_MS = 300 }; /* a stick mounts in several steps */

_Static_assert((int)WATCH_FDS == SERVICE_FDS, "all of them are waited for");

void
server_look(struct server *s, bool always)
{
	struct stick_status now = watch_look(s->watch);
	bool same = now.state == s->status.state &&
		    strcmp(now.label, s->status.label) == 0 &&
		    now.stick.mount_id == s->status.stick.mount_id;

	s->look_ms = 0;
	s->status = now;
	if (same && !always)
		return;
	log_line(LOG_INFO, "stick: %s", stick_word(now.state));
	service_event(&s->agent, "media.changed",
	    json_pack("{s:s,s:s,s:I}", "state", stick_word(now.state), "label",
		now.label, "free_kb", (json_int_t)now.free_kb));
}

static void
answer(struct server *s, json_t *request)
{
	service_send(&s->agent, method_answer(s, request), -1);
	json_decref(request);
	secret_wipe_stack();
}

static struct err
turn(struct server *s)
{
	int fds[WATCH_FDS];
	enum service_got got;
	json_t *request;
	struct err e;

	watch_fds(s->watch, fds);
	e = service_wait(&s->agent, fds, s->look_ms, &got, &request);
	if (err_is(e))
		return e;
	if (watch_drain(s->watch) && s->look_ms == 0)
		s->look_ms = service_now_ms(&s->agent) + DEBOUNCE_MS;
	if (got == SERVICE_REQUEST)
		answer(s, request);
	if (got == SERVICE_READY)
		server_look(s, true);
	if (s->look_ms != 0 && service_now_ms(&s->agent) >= s->look_ms)
		server_look(s, false);
	return err_none();
}

struct err
server_run(const struct conf *conf, struct watch *watch)
{
	struct server s = { .watch = watch, .status = watch_look(watch) };
	struct err e = service_open(&s.agent, "media", conf->socket);

	if (err_is(e))
		return e;
	while (!err_is(e) && !s.agent.ending)
		e = turn(&s);
	service_close(&s.agent);
	return e;
}
