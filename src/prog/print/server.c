/*
 * print/server.c - job after job, and a look at the printer in between.
 */
#include "prog/print/server.h"

#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "prog/print/job.h"
#include "rpc/service.h"

struct server {
	struct service agent;
	struct printer printer;
	int64_t look_ms;   /* next look at the printer */
	const char *state; /* as last told; "" before */
};

static const char *
state_word(const struct target *t)
{
	static const char *const words[] = { [ESCPOS_SILENT] = "ok",
		[ESCPOS_OK] = "ok",
		[ESCPOS_LOW] = "low",
		[ESCPOS_OUT] = "out",
		[ESCPOS_OFFLINE] = "offline" };

	return t->kind == TARGET_NONE ? "none" : words[target_state(t)];
}

/* What is told is what is true now: before a fee is asked for it must be
 * known whether there is paper. */
static void
look(struct server *s)
{
	const char *state;

	if (s->agent.greeted) {
		state = state_word(&s->printer.target);
		if (strcmp(state, s->state) != 0) {
			s->state = state;
			log_line(LOG_NOTICE, "printer: %s", state);
			service_event(&s->agent, "print.state",
			    json_pack("{s:s}", "state", state));
		}
	}
	s->look_ms = service_now_ms(&s->agent) + SERVER_LOOK_MS;
}

static void
answer(struct server *s, json_t *request)
{
	int fd = -1;
	json_t *body = job_answer(&s->printer, request, &fd);

	/* before the answer: who is told of a failure knows why */
	look(s);
	service_send(&s->agent, body, fd);
	json_decref(request);
	secret_wipe_stack();
}

static struct err
turn(struct server *s)
{
	enum service_got got;
	json_t *request;
	struct err e = service_wait(
	    &s->agent, NULL, s->look_ms, &got, &request);

	if (err_is(e))
		return e;
	if (got == SERVICE_REQUEST)
		answer(s, request);
	if (got == SERVICE_READY)
		s->state = "";
	if (got == SERVICE_READY ||
	    (!s->agent.ending && service_now_ms(&s->agent) >= s->look_ms))
		look(s);
	return err_none();
}

struct err
server_run(const struct conf *conf)
{
	struct server s = { .printer = { .conf = conf }, .state = "" };
	struct err e = target_open(&s.printer.target, conf->print_to);

	if (!err_is(e))
		e = service_open(&s.agent, "print", conf->socket);
	if (err_is(e))
		return e;
	while (!err_is(e) && !s.agent.ending)
		e = turn(&s);
	service_close(&s.agent);
	return e;
}
