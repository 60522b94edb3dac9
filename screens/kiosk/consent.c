/*
 * screens/kiosk/consent.c - required and optional consents, none ticked
 * beforehand.
 */
#include "screens/kiosk/common.h"
#include "screens/kiosk/screens.h"
#include "ui/text.h"

/* clang-format off */
static const struct {
	const char	*text, *purpose, *items, *period, *refuse;
} consents[CONSENT_COUNT] = {
	[CONSENT_PERSONAL] = { "consent.personal", "consent.personal.purpose",
	    "consent.personal.items", "consent.personal.period",
	    "consent.personal.refuse" },
	[CONSENT_UNIQUE_ID] = { "consent.unique_id",
	    "consent.unique_id.purpose", "consent.unique_id.items",
	    "consent.unique_id.period", "consent.unique_id.refuse" },
	[CONSENT_THIRD_PARTY] = { "consent.third_party",
	    "consent.third_party.purpose", "consent.third_party.items",
	    "consent.third_party.period", "consent.third_party.refuse" },
	[CONSENT_REMINDER] = { "consent.reminder", "consent.reminder.purpose",
	    "consent.reminder.items", "consent.reminder.period",
	    "consent.reminder.refuse" },
};
/* clang-format on */

static void
enter(struct session *s)
{
	kiosk_form(s);
	for (int i = 0; i < CONSENT_COUNT; i++)
		form_add_check(&s->form, &s->consent[i]);
}

/* The first required consent not given, or CONSENT_COUNT. */
static int
missing(const struct session *s)
{
	for (int i = 0; i < CONSENT_REQUIRED; i++)
		if (!s->consent[i])
			return i;
	return CONSENT_COUNT;
}

static int
submit(struct session *s)
{
	int first = missing(s);

	if (first == CONSENT_COUNT)
		return INTENT_NEXT;
	form_focus(&s->form, s->ime, first);
	kiosk_error(s, "kiosk.consent");
	return INTENT_STAY;
}

static int
on_event(struct session *s, const struct event *ev)
{
	enum form_result did;

	if (kiosk_scans(s, ev))
		return INTENT_SCAN;
	/* Enter never agrees: it goes on, or says what is missing. */
	if (event_is_key(ev, K_ENTER) && s->pending == REQ_NONE) {
		s->error[0] = '\0';
		s->leaving = false;
		return submit(s);
	}
	return kiosk_event(s, ev, &did);
}

/* The law's rows, told under the consent in focus. */
static void
draw_details(struct page *p, int at)
{
	if (at == CONSENT_THIRD_PARTY)
		kiosk_fact(p, "consent.recipient",
		    T("consent.third_party.recipient"), NULL);
	kiosk_fact(p, "consent.purpose", T(consents[at].purpose), NULL);
	kiosk_fact(p, "consent.items", T(consents[at].items), NULL);
	kiosk_fact(p, "consent.period", T(consents[at].period), NULL);
	kiosk_fact(p, "consent.refuse", T(consents[at].refuse), NULL);
}

static void
draw(const struct session *s, struct page *p)
{
	kiosk_head(s, p, STAGE_IDENTITY);
	page_focus(p, s->form.at);
	page_prompt(p, T("consent.prompt"));
	page_text(p, T("consent.how"));
	for (int i = 0; i < CONSENT_COUNT; i++) {
		page_gap(p);
		page_check(p, T(consents[i].text), s->consent[i],
		    T(i < CONSENT_REQUIRED ? "consent.required"
					   : "consent.optional"));
		if (i == s->form.at)
			draw_details(p, i);
	}
	kiosk_foot(
	    s, p, "key.back", "key.next", s->scanner ? "key.scan" : NULL);
}

const struct screen screen_consent = {
	.name = "consent",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
