/*
 * screens/kiosk/check_result.c - what the working check found.
 */
#include "screens/kiosk/common.h"

#include <string.h>

#include "screens/kiosk/words.h"
#include "screens/kiosk/screens.h"
#include "ui/text.h"

static void
enter(struct session *s)
{
	/* it has served: nothing else asks for it */
	if (s->purpose == PURPOSE_CHECK)
		field_wipe(&s->number);
	kiosk_form(s);
}

static int
on_event(struct session *s, const struct event *ev)
{
	enum form_result did;
	int intent = kiosk_event(s, ev, &did);

	if (event_is_key(ev, K_F5) && s->pending == REQ_NONE && s->check.opens)
		return INTENT_OTHER;
	return did == FORM_SUBMIT ? INTENT_NEXT : intent;
}

static void
finding(struct page *p, bool good, const char *text)
{
	page_task(p, good ? TASK_DONE : TASK_FAILED, T(text),
	    T(good ? "check_result.yes" : "check_result.no"));
}

static bool
works(const struct session *s)
{
	return s->check.opens && s->check.pair && s->check.signature &&
	       s->check.vid != 0 && strcmp(s->check.status, "valid") == 0;
}

/* Where the word comes from: asked just now, or a list of some hours. */
static const char *
source(const struct session *s, struct page *p)
{
	if (strcmp(s->check.by, "ocsp") == 0)
		return T("check_result.by.ocsp");
	if (strcmp(s->check.by, "crl") == 0)
		return page_fill(p, T("check_result.by.crl"),
		    words_moment(p, s->check.as_of));
	return NULL;
}

/* Bad is what was found out; what nobody could say is said as such. */
static bool
half(const struct session *s)
{
	return s->check.opens && s->check.pair && s->check.signature &&
	       s->check.vid != 0 && strcmp(s->check.status, "unknown") == 0;
}

/* Opened, and nothing was there: only of a token. */
static bool
empty(const struct session *s)
{
	return s->check_token && !s->check.pair && s->check.status[0] == '\0';
}

static const char *
prompt(const struct session *s)
{
	if (empty(s))
		return T("check_result.empty");
	if (half(s))
		return T(s->check_token ? "check_result.half.pin"
					: "check_result.half");
	return T(works(s) ? "check_result.good" : "check_result.bad");
}

static const char *
advice(const struct session *s)
{
	if (empty(s))
		return T("check_result.empty.do");
	if (half(s))
		return T("check_result.half.do");
	if (!works(s))
		return T("check_result.bad.do");
	return T(s->check_token ? "check_result.good.pin.do"
				: "check_result.good.do");
}

static void
draw_findings(const struct session *s, struct page *p)
{
	finding(p, s->check.opens,
	    s->check_token ? "check_result.opens.pin" : "check_result.opens");
	if (empty(s))
		return;
	finding(p, s->check.pair, "check_result.pair");
	finding(p, s->check.signature, "check_result.signature");
	if (s->check.vid >= 0)
		finding(p, s->check.vid == 1, "check_result.vid");
	if (strcmp(s->check.status, "unknown") == 0)
		page_task(p, TASK_TODO, T("check_result.valid"),
		    words_status(p, s->check.status));
	else
		finding(p, strcmp(s->check.status, "valid") == 0,
		    "check_result.valid");
}

static void
draw_facts(const struct session *s, struct page *p)
{
	int at = s->found_at >= 0 && s->found_at < SESSION_CERTS ? s->found_at
								 : 0;
	const struct held_certificate *c = &s->found[at];

	if (s->check_token)
		kiosk_fact(p, "token_pin.token", kiosk_token(s)->label, NULL);
	if (empty(s))
		return;
	if (s->check_token)
		kiosk_fact(p, "row.certificate",
		    words_product(s->check.product_key), s->check.holder);
	else
		kiosk_fact(p, "row.certificate", words_product(c->product_key),
		    c->holder);
	kiosk_fact(
	    p, "row.status", words_status(p, s->check.status), source(s, p));
	kiosk_fact(p, "row.expiry", words_date(p, s->check.not_after), NULL);
}

static void
draw(const struct session *s, struct page *p)
{
	kiosk_head(s, p, STAGE_DONE);
	if (s->check.changed)
		page_say(p, ROLE_NOTICE,
		    T(s->check_token ? "check_result.changed.pin"
				     : "check_result.changed"));
	page_prompt(p, prompt(s));
	page_gap(p);
	draw_findings(s, p);
	page_gap(p);
	draw_facts(s, p);
	page_gap(p);
	page_text(p, advice(s));
	kiosk_foot(s, p, "key.back", "key.finish",
	    !s->check.opens  ? NULL
	    : s->check_token ? "check_result.change.pin"
			     : "check_result.change");
}

const struct screen screen_check_result = {
	.name = "check_result",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
