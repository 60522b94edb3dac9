/*
 * screens/kiosk/parked.c - a clerk has to look at it: why, when, and what to
 * bring.
 */
#include "screens/kiosk/common.h"

#include "screens/kiosk/words.h"
#include "screens/kiosk/screens.h"
#include "ui/text.h"

static void
enter(struct session *s)
{
	kiosk_form(s);
}

/* A sentence of the case if the catalogue knows it, else one that is true. */
static const char *
sentence(struct page *p, const char *key, const char *part, const char *other)
{
	const char *full = page_fmt(p, "%s%s", key, part);

	return key[0] != '\0' && text_has(full) ? T(full) : T(other);
}

static void
draw_why(const struct session *s, struct page *p)
{
	const struct case_view *c = &s->kase;

	if (kiosk_state(s, "RETURNED") && c->sentence[0] != '\0') {
		page_text(p, T("parked.returned"));
		kiosk_fact(p, "parked.bring", c->sentence, NULL);
		return;
	}
	if (c->review_key[0] == '\0' && c->has_fee && c->fee_won > 0) {
		page_text(p, T("parked.fee"));
		kiosk_fact(p, "row.fee",
		    page_fill(p, T("fee.amount"), words_won(p, c->fee_won),
			words_won(p, c->fee_vat)),
		    NULL);
		kiosk_fact(p, "parked.bring", T("parked.fee.bring"), NULL);
		return;
	}
	if (c->case_no[0] == '\0') {
		const char *key = page_fmt(p, "staff_only.%s", s->staff_only);
		page_text(p, sentence(p, key, "", "parked.staff"));
		kiosk_fact(p, "parked.bring",
		    sentence(p, key, ".bring", "parked.staff.bring"), NULL);
		return;
	}
	page_text(p, sentence(p, c->review_key, "", "parked.review"));
	kiosk_fact(p, "parked.bring",
	    sentence(p, c->review_key, ".bring", "parked.review.bring"), NULL);
}

static void
draw(const struct session *s, struct page *p)
{
	const struct case_view *c = &s->kase;
	bool kept = c->case_no[0] != '\0';

	kiosk_head(s, p, kept ? STAGE_FEE : STAGE_IDENTITY);
	page_prompt(p, T(kept ? "parked.prompt" : "parked.prompt.staff"));
	draw_why(s, p);
	page_gap(p);
	kiosk_fact(p, "row.case_no",
	    c->case_no[0] != '\0' ? c->case_no : T("parked.no_case"), NULL);
	if (kiosk_promised(s))
		kiosk_fact(p, "row.promise",
		    page_fill(p, T("parked.until"), words_day(p, c->promise)),
		    NULL);
	if (kept && c->ahead >= 0)
		kiosk_fact(p, "parked.ahead",
		    page_fill(
			p, T("parked.people"), page_fmt(p, "%d", c->ahead)),
		    NULL);
	page_gap(p);
	page_text(p, T(kept		   ? "parked.hold"
			 : s->staff_called ? "parked.call"
					   : "parked.go"));
	kiosk_foot(s, p, NULL, "key.finish", NULL);
}

const struct screen screen_parked = {
	.name = "parked",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = kiosk_read_event,
	.draw = draw,
};
