/*
 * prog/counter/loop.c - the one loop: event, screen, intent, flow, draw.
 */
#include "prog/counter/counter.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/span.h"
#include "screens/counter.h"
#include "ui/text.h"

enum { TICK_MS = 500, LOCKED_FOR = 4, PROOF_NAME = 192 };

static void
show(struct counter *c)
{
	struct counter_session *s = &c->session;
	const struct counter_view *view = counter_view(s->screen);
	struct err e;
	int rows, cols;

	term_size(c->term, &rows, &cols);
	page_begin(&c->page, view, rows, cols);
	view->draw(s, &c->page);
	page_end(&c->page, &c->frame);
	e = term_show(c->term, &c->frame, c->theme);
	if (err_is(e) && e.code != E_GONE)
		log_err(LOG_WARNING, "show", e);
	if (s->ring)
		term_bell(c->term);
	s->ring = false;
}

/* What was drawn of a case outlives it nowhere. */
static void
forget_drawn(struct counter *c)
{
	page_wipe(&c->page);
	secret_wipe(&c->frame, sizeof c->frame);
	term_wipe(c->term);
	secret_wipe_stack();
}

static void
leave_case(struct counter *c)
{
	if (c->client.sock >= 0 && c->session.desk.known)
		counter_ask(c, CQ_LEAVE);
	counter_forget(&c->session);
	forget_drawn(c);
}

static void
enter(struct counter *c, enum counter_screen to)
{
	struct counter_session *s = &c->session;
	const struct counter_view *view = counter_view(to);
	bool returning = s->screen == CS_HELP && to == s->below;

	if (to == s->screen)
		return;
	if (to == CS_HELP)
		s->below = s->screen;
	else if (!returning && !counter_is_case(to) && s->want[0] != '\0')
		leave_case(c);
	if (to == CS_LOCK || to == CS_CLOSED) {
		counter_wipe(s);
		forget_drawn(c);
	}
	s->screen = to;
	s->error[0] = '\0';
	if (returning)
		return; /* as it was left */
	s->entered_ms = s->now_ms;
	if (to != CS_HELP)
		memset(s->item_error, 0, sizeof s->item_error);
	if (view->enter != NULL)
		view->enter(s);
}

static void
switch_language(void)
{
	const char *to = strcmp(text_language(), "ko") == 0 ? "en" : "ko";

	if (err_is(text_set_language(to)))
		log_line(LOG_WARNING, "no catalogue for %s", to);
}

/* The proof on the screen, as a file that `dasi audit verify` reads. */
static void
save_proof(struct counter *c)
{
	struct counter_session *s = &c->session;
	static char text[2 * PROOF_TEXT + 2];
	char name[PROOF_NAME], path[SAVED_PATH];
	struct err e;

	snprintf(name, sizeof name, "proof-%s-%lld.txt", c->conf->branch_code,
	    (long long)s->audit.proof_seq);
	snprintf(
	    text, sizeof text, "%s\n%s", s->audit.compact, s->audit.checkpoint);
	e = save_text(path, name, text);
	if (err_is(e)) {
		log_err(LOG_WARNING, "proof", e);
		(void)str_copy(s->error, sizeof s->error, "unsaved");
		return;
	}
	s->told = "desk.told.saved";
	(void)str_copy(s->told_detail, sizeof s->told_detail, path);
}

static void
follow(struct counter *c, enum counter_intent intent)
{
	struct counter_session *s = &c->session;
	struct counter_step step = counter_next(s->screen, intent);

	if (step.screen == CS_BELOW)
		step.screen = s->below;
	if (step.screen == CS_TARGET) {
		step.screen = s->jump_to;
		step.ask = counter_arrive(step.screen);
	}
	enter(c, step.screen);
	if (step.ask != CQ_NONE && c->client.sock >= 0)
		counter_ask(c, step.ask);
}

/* Answers are about what is under the help. */
static bool
is_about_below(enum counter_intent intent)
{
	return intent >= CI_CASE && intent <= CI_STALE;
}

void
counter_advance(struct counter *c, enum counter_intent intent)
{
	struct counter_session *s = &c->session;

	if (intent == CI_STAY)
		return;
	if (intent == CI_LANGUAGE) {
		switch_language();
	} else if (intent == CI_END) {
		c->ended = true;
	} else if (intent == CI_CSV && s->screen == CS_PROVE) {
		save_proof(c);
	} else if (s->screen == CS_HELP && is_about_below(intent)) {
		s->screen = s->below;
		follow(c, intent);
		s->below = s->screen;
		s->screen = CS_HELP;
	} else {
		follow(c, intent);
	}
}

static enum counter_intent
from_screen(struct counter *c, struct event *ev)
{
	struct counter_session *s = &c->session;
	int64_t quiet = ev->now_ms - s->touched_ms;

	if (ev->kind == EV_KEY || ev->kind == EV_MOUSE) {
		s->touched_ms = ev->now_ms;
		if (page_tap(&c->page, ev))
			return CI_STAY;
	}
	if (ev->kind == EV_TICK && s->lock_s > 0) {
		if (s->screen != CS_LOCK && quiet >= s->lock_s * 1000LL)
			return CI_LOCK;
		if (s->screen == CS_LOCK && s->now_ms - s->entered_ms >=
						LOCKED_FOR * s->lock_s * 1000LL)
			return CI_END;
	}
	return (enum counter_intent)counter_view(s->screen)->on_event(s, ev);
}

/* An answer may have changed what the screen lists. */
static void
from_agent(struct counter *c)
{
	struct counter_session *s = &c->session;
	struct event ev = { .kind = EV_AGENT, .item = -1, .now_ms = s->now_ms };

	counter_advance(c, counter_read(c));
	if (s->screen != CS_HELP)
		(void)counter_view(s->screen)->on_event(s, &ev);
}

static void
handle(struct counter *c, struct event *ev, bool agent_ready)
{
	struct counter_session *s = &c->session;

	s->now_ms = ev->now_ms;
	s->now_unix = clock_system().wall_ms(NULL) / 1000;
	if (ev->kind == EV_HANGUP) {
		c->ended = true;
		return;
	}
	if (agent_ready)
		from_agent(c);
	if (ev->kind != EV_NONE && ev->kind != EV_RESIZE)
		counter_advance(c, from_screen(c, ev));
	if (counter_hide(s))
		forget_drawn(c);
	counter_keep_link(c);
	if (c->client.sock < 0 && s->screen != CS_CLOSED)
		counter_advance(c, CI_LOST);
}

void
counter_run(struct counter *c)
{
	struct counter_session *s = &c->session;

	s->now_ms = s->touched_ms = clock_system().mono_ms(NULL);
	s->now_unix = clock_system().wall_ms(NULL) / 1000;
	counter_keep_link(c);
	show(c);
	while (!c->ended) {
		struct pollfd fd = { c->client.sock, POLLIN, 0 };
		struct event ev = term_wait(
		    c->term, &fd, c->client.sock >= 0 ? 1 : 0, TICK_MS);
		handle(c, &ev, c->client.sock >= 0 && fd.revents != 0);
		if (!c->ended && !term_pending(c->term))
			show(c);
	}
	counter_wipe(s);
	forget_drawn(c);
}
