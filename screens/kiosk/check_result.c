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

	if (kiosk_pressed(ev, K_F5) && s->pending == REQ_NONE && s->check.opens)
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

static void
draw(const struct session *s, struct page *p)
{
	int at = s->found_at >= 0 && s->found_at < SESSION_CERTS ? s->found_at
								 : 0;
	const struct held_certificate *c = &s->found[at];
	bool good = works(s);

	kiosk_head(s, p, STAGE_DONE);
	page_prompt(p, T(good	     ? "check_result.good"
			   : half(s) ? "check_result.half"
				     : "check_result.bad"));
	page_gap(p);
	finding(p, s->check.opens, "check_result.opens");
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
	page_gap(p);
	kiosk_fact(
	    p, "row.certificate", words_product(c->product_key), c->holder);
	kiosk_fact(
	    p, "row.status", words_status(p, s->check.status), source(s, p));
	kiosk_fact(p, "row.expiry", words_date(p, s->check.not_after), NULL);
	page_gap(p);
	page_text(p, T(good	   ? "check_result.good.do"
			 : half(s) ? "check_result.half.do"
				   : "check_result.bad.do"));
	kiosk_foot(s, p, "key.back", "key.finish",
	    s->check.opens ? "check_result.change" : NULL);
}

const struct screen screen_check_result = {
	.name = "check_result",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
