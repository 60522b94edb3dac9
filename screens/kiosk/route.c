/*
 * screens/kiosk/route.c - advice when it is not a reissue, and where to go
 * instead.
 */
#include "screens/kiosk/common.h"

#include <string.h>

#include "screens/kiosk/words.h"
#include "screens/kiosk/screens.h"
#include "ui/text.h"

static void
enter(struct session *s)
{
	kiosk_form(s);
}

static const struct held_certificate *
chosen(const struct session *s)
{
	return &s->certs[s->cert >= 0 && s->cert < SESSION_CERTS ? s->cert : 0];
}

/* Lost after all: still valid and ours, so it can be stopped. */
static bool
can_report(const struct session *s)
{
	return strcmp(chosen(s)->route, "renew") == 0;
}

static int
on_event(struct session *s, const struct event *ev)
{
	enum form_result did;
	int intent = kiosk_event(s, ev, &did);

	if (event_is_key(ev, K_F5) && s->pending == REQ_NONE && can_report(s))
		return INTENT_OTHER;
	return did == FORM_SUBMIT ? INTENT_NEXT : intent;
}

static void
draw_issuer(const struct session *s, struct page *p, const char *name)
{
	const struct branch *b = kiosk_branch(s);

	for (int i = 0; i < b->issuer_count && i < SESSION_ISSUERS; i++) {
		if (strcmp(b->issuers[i].name, name) != 0)
			continue;
		kiosk_fact(p, "route.phone", b->issuers[i].phone, NULL);
		kiosk_fact(p, "route.site", b->issuers[i].site, NULL);
	}
}

static void
draw(const struct session *s, struct page *p)
{
	const struct held_certificate *c = chosen(s);
	const char *route = c->route[0] != '\0' ? c->route : "new";

	kiosk_head(s, p, STAGE_IDENTITY);
	page_prompt(p, T(page_fmt(p, "route.%s", route)));
	page_text(p, T(page_fmt(p, "route.%s.do", route)));
	page_gap(p);
	kiosk_fact(p, "row.product", words_product(c->product_key), NULL);
	kiosk_fact(
	    p, "row.expiry", words_expiry(p, c->not_after, c->days_left), NULL);
	kiosk_fact(p, "row.status", words_status(p, c->status), NULL);
	kiosk_fact(p, "row.bank", c->bank_name, NULL);
	kiosk_fact(p, "row.issuer", c->issuer_name, NULL);
	draw_issuer(s, p, c->issuer_name);
	if (can_report(s)) {
		page_gap(p);
		page_text(p, T("route.report.text"));
	}
	kiosk_foot(s, p, "route.back", "key.finish",
	    can_report(s) ? "route.report" : NULL);
}

const struct screen screen_route = {
	.name = "route",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
