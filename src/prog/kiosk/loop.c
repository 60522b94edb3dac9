/*
 * prog/kiosk/loop.c - the one loop: event, screen, intent, flow, draw.
 */
#include "prog/kiosk/kiosk.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/secret.h"
#include "screens/kiosk.h"
#include "ui/screen.h"
#include "ui/text.h"

enum { TICK_MS = 500, NOMINAL_IDLE_S = 60 };

static void
show(struct kiosk *k)
{
	const struct screen *screen = kiosk_screen(k->session.screen);
	struct err e;
	int rows, cols;

	term_size(k->term, &rows, &cols);
	page_begin(&k->page, screen, rows, cols);
	page_blocks(&k->page, term_blocks_narrow(k->term));
	screen->draw(&k->session, &k->page);
	page_end(&k->page, &k->frame);
	e = term_show(k->term, &k->frame, k->theme);
	if (err_is(e) && e.code != E_GONE)
		log_err(LOG_WARNING, "show", e);
}

/* One edge forgets the visitor: session, page, frame and terminal. */
static void
forget(struct kiosk *k)
{
	session_wipe(&k->session);
	k->session.screen = SCR_COUNT; /* nowhere: what follows is entered */
	page_wipe(&k->page);
	secret_wipe(&k->frame, sizeof k->frame);
	term_wipe(k->term);
	if (err_is(text_set_language("ko")))
		log_line(LOG_ERROR, "no Korean catalogue");
	secret_wipe_stack();
}

static void
enter(struct kiosk *k, enum screen_id to)
{
	struct session *s = &k->session;
	const struct screen *screen = kiosk_screen(to);
	bool returning = flow_is_overlay(s->screen) && to == s->below;

	if (to == s->screen)
		return;
	if (flow_is_overlay(to) && !flow_is_overlay(s->screen))
		s->below = s->screen;
	s->screen = to;
	kiosk_tell_screen(k, screen->name);
	if (returning)
		return; /* as it was left */
	s->entered_ms = s->now_ms;
	if (!flow_is_overlay(to)) {
		memset(s->item_error, 0, sizeof s->item_error);
		s->error[0] = '\0';
	}
	if (screen->enter != NULL)
		screen->enter(s);
}

static void
switch_language(void)
{
	const char *to = strcmp(text_language(), "ko") == 0 ? "en" : "ko";

	if (err_is(text_set_language(to)))
		log_line(LOG_WARNING, "no catalogue for %s", to);
}

/* What happens under an overlay moves what is under it. */
static void
advance_below(struct kiosk *k, enum intent intent)
{
	struct session *s = &k->session;
	struct step step = flow_next(s->below, intent);
	enum screen_id overlay = s->screen;

	if (step.screen >= SCR_COUNT || flow_is_overlay(step.screen))
		return;
	s->screen = s->below;
	enter(k, step.screen);
	if (step.request != REQ_NONE)
		kiosk_ask(k, step.request);
	/* the overlay stays as it is: its count-down, its topic */
	s->below = s->screen;
	s->screen = overlay;
}

static bool
is_about_the_case(enum intent intent)
{
	return intent >= INTENT_DONE && intent <= INTENT_AT_DONE;
}

void
kiosk_advance(struct kiosk *k, enum intent intent)
{
	struct session *s = &k->session;
	struct step step;

	if (intent == INTENT_STAY)
		return;
	if (intent == INTENT_LANGUAGE) {
		switch_language();
		return;
	}
	if (flow_is_overlay(s->screen) && is_about_the_case(intent)) {
		advance_below(k, intent);
		return;
	}
	step = flow_next(s->screen, intent);
	if (step.screen == SCR_BELOW)
		step.screen = s->below;
	if (step.request == REQ_END_SESSION) {
		kiosk_ask(k, step.request);
		forget(k);
	}
	enter(k, step.screen);
	if (step.request != REQ_NONE && step.request != REQ_END_SESSION)
		kiosk_ask(k, step.request);
}

/* Screens say their quiet time for the usual setting of a minute. */
static int64_t
idle_limit(const struct kiosk *k, const struct screen *screen)
{
	return (int64_t)screen->idle_ms * k->conf->idle_s / NOMINAL_IDLE_S;
}

static enum intent
from_screen(struct kiosk *k, struct event *ev)
{
	struct session *s = &k->session;
	const struct screen *screen = kiosk_screen(s->screen);
	int64_t quiet = ev->now_ms - s->touched_ms;

	if (ev->kind == EV_KEY || ev->kind == EV_MOUSE) {
		/* the warning must see the key that answers it */
		s->touched_ms = ev->now_ms;
		if (page_tap(&k->page, ev))
			return INTENT_STAY;
	}
	if (ev->kind == EV_TICK && screen->idle_ms != 0 &&
	    quiet >= idle_limit(k, screen))
		return INTENT_IDLE;
	return (enum intent)screen->on_event(s, ev);
}

static void
handle(struct kiosk *k, struct event *ev, bool agent_ready)
{
	struct session *s = &k->session;

	s->now_ms = ev->now_ms;
	s->now_unix = clock_system().wall_ms(NULL) / 1000;
	if (ev->kind == EV_HANGUP) {
		k->ended = true;
		return;
	}
	if (agent_ready)
		kiosk_advance(k, kiosk_read(k));
	if (ev->kind != EV_NONE && ev->kind != EV_RESIZE)
		kiosk_advance(k, from_screen(k, ev));
	kiosk_keep_link(k, ev->now_ms);
	if (k->client.sock < 0 && s->screen != SCR_CLOSED)
		kiosk_advance(k, INTENT_AGENT_LOST);
}

void
kiosk_run(struct kiosk *k)
{
	k->session.now_ms = clock_system().mono_ms(NULL);
	enter(k, SCR_CLOSED);
	kiosk_keep_link(k, k->session.now_ms);
	show(k);
	while (!k->ended) {
		struct pollfd fd = { k->client.sock, POLLIN, 0 };
		struct event ev = term_wait(
		    k->term, &fd, k->client.sock >= 0 ? 1 : 0, TICK_MS);
		handle(k, &ev, k->client.sock >= 0 && fd.revents != 0);
		if (!k->ended && !term_pending(k->term))
			show(k);
	}
	forget(k);
}
