/*
 * prog/counter/link.c - what the clerk's terminal asks and what comes back.
 */
#include "prog/counter/counter.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/secret.h"
#include "base/span.h"
#include "flow/counter_answer.h"
#include "flow/counter_request.h"
#include "rpc/rpc.h"

enum { TERMINAL_TEXT = 32 };

static void
drop(struct counter *c)
{
	client_drop(&c->client, c->session.now_ms);
	c->hello_id = 0;
	memset(c->asked, 0, sizeof c->asked);
	memset(c->again, 0, sizeof c->again);
	c->session.pending = CQ_NONE;
}

/* "pts/3": which of the clerks' terminals it is, for the log. */
static void
terminal_name(char out[static TERMINAL_TEXT])
{
	char path[64];

	if (ttyname_r(STDIN_FILENO, path, sizeof path) != 0 ||
	    strncmp(path, "/dev/", 5) != 0)
		(void)str_copy(out, TERMINAL_TEXT, "counter");
	else
		(void)str_copy(out, TERMINAL_TEXT, path + 5);
}

/* An agent that knows this user not says so to whoever connects. */
static bool
is_turning_away(const json_t *body)
{
	return rpc_int(body, "id", -1) == 0 &&
	       json_object_get(body, "error") != NULL;
}

/* It may have hung up before our hello, and left its word. */
static bool
was_turned_away(struct counter *c)
{
	json_t *body = NULL;
	bool away;

	if (client_read(&c->client, &body, NULL, c->session.now_ms) !=
	    CLIENT_FRAME)
		return false;
	away = is_turning_away(body);
	if (away)
		(void)counter_admit(&c->session, body);
	json_decref(body);
	drop(c);
	return away;
}

void
counter_keep_link(struct counter *c)
{
	const struct counter_session *s = &c->session;
	char terminal[TERMINAL_TEXT];
	json_t *hello;

	/* refused is refused: the agent notes each try */
	if (s->refused ||
	    !client_connect(&c->client, c->conf->socket, s->now_ms))
		return;
	terminal_name(terminal);
	hello = json_pack("{s:s,s:s}", "role", counter_role_word(s->role),
	    "terminal", terminal);
	if (c->staff != NULL)
		json_object_set_new(hello, "staff", json_string(c->staff));
	c->hello_id = client_send(&c->client, "hello", hello, -1);
	if (c->hello_id == 0 && !was_turned_away(c))
		drop(c);
}

void
counter_ask(struct counter *c, enum counter_ask ask)
{
	struct counter_session *s = &c->session;
	json_int_t id;

	if (c->asked[ask] != 0) {
		c->again[ask] = true;
		return;
	}
	id = client_send(
	    &c->client, counter_method(ask), counter_params(s, ask), -1);
	if (id == 0) {
		drop(c);
		return;
	}
	c->asked[ask] = id;
	if (!counter_waits(ask))
		return;
	s->pending = ask;
	s->pending_ms = s->now_ms;
	s->error[0] = '\0';
	s->told = NULL;
}

/* The file of the day, or why it is not there. */
static void
take_file(struct counter *c, const json_t *body, int fd)
{
	struct counter_session *s = &c->session;
	char path[SAVED_PATH];
	struct err e;

	if (json_object_get(body, "result") == NULL)
		return; /* the error is told as every other */
	e = save_fd(path, rpc_str(json_object_get(body, "result"), "name"), fd);
	if (err_is(e)) {
		log_err(LOG_WARNING, "day.file", e);
		(void)str_copy(s->error, sizeof s->error, "unsaved");
		return;
	}
	s->told = "desk.told.saved";
	(void)str_copy(s->told_detail, sizeof s->told_detail, path);
}

static enum counter_intent
take_answer(struct counter *c, const json_t *body, json_int_t id, int fd)
{
	enum counter_intent intent;
	int ask = CQ_NONE + 1;

	if (id == c->hello_id) {
		c->hello_id = 0;
		intent = counter_admit(&c->session, body);
		if (c->session.refused)
			drop(c);
		return intent;
	}
	while (ask < CQ_COUNT && c->asked[ask] != id)
		ask++;
	if (ask == CQ_COUNT)
		return CI_STAY;
	c->asked[ask] = 0;
	intent = counter_answer(&c->session, (enum counter_ask)ask, body);
	if (ask == CQ_CSV || ask == CQ_PDF)
		take_file(c, body, fd);
	if (c->again[ask]) {
		c->again[ask] = false;
		counter_ask(c, (enum counter_ask)ask);
	}
	return intent;
}

enum counter_intent
counter_read(struct counter *c)
{
	enum counter_intent intent;
	json_t *body = NULL;
	json_int_t id;
	int fd = -1;

	switch (client_read(&c->client, &body, &fd, c->session.now_ms)) {
	case CLIENT_NOTHING:
		return CI_STAY;
	case CLIENT_LOST:
		drop(c);
		return CI_LOST;
	case CLIENT_FRAME:
		break;
	}
	id = rpc_int(body, "id", 0);
	if (is_turning_away(body)) {
		intent = counter_admit(&c->session, body);
		drop(c);
	} else if (id != 0) {
		intent = take_answer(c, body, id, fd);
	} else {
		intent = counter_event(&c->session, body);
	}
	if (fd >= 0)
		close(fd);
	json_decref(body);
	secret_wipe_stack();
	return intent;
}
