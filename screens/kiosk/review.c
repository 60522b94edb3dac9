/*
 * screens/kiosk/review.c - everything once more, then submitted once.
 */
#include "screens/kiosk/common.h"

#include "base/secret.h"
#include "identity/mask.h"
#include "screens/kiosk/words.h"
#include "screens/kiosk/screens.h"
#include "ui/text.h"

static void
enter(struct session *s)
{
	s->form_checked = false;
	kiosk_form(s);
	form_add_check(&s->form, &s->form_checked);
}

static int
submit(struct session *s)
{
	if (s->form_checked)
		return INTENT_NEXT;
	kiosk_error(s, "kiosk.unchecked");
	return INTENT_STAY;
}

static int
on_event(struct session *s, const struct event *ev)
{
	enum form_result did;
	int intent = kiosk_event(s, ev, &did);

	return did == FORM_SUBMIT ? submit(s) : intent;
}

static const char *
masked(struct page *p, enum id_kind kind, const struct field *f)
{
	char text[MASK_TEXT];
	const char *copy;

	if (field_is_empty(f))
		return T("review.none");
	mask_kind(text, kind, field_text(f));
	copy = page_copy(p, text);
	secret_wipe(text, sizeof text);
	return copy;
}

static const char *
fee(const struct session *s, struct page *p)
{
	const struct branch *b = kiosk_branch(s);
	const struct case_view *c = &s->kase;
	int won = c->has_fee ? c->fee_won : b->fee_won;

	if (!c->has_fee && !b->fee_known)
		return T("guide.fee.later");
	if (won == 0)
		return T("fee.free");
	return page_fill(p, T("fee.with_vat"), words_won(p, won));
}

static void
draw(const struct session *s, struct page *p)
{
	const struct case_view *c = &s->kase;

	kiosk_head(s, p, STAGE_FORM);
	page_focus(p, s->form.at);
	page_prompt(p, T("review.prompt"));
	/*
	 * The tick stands above the facts: on a small screen the page follows
	 * the focus, and reading must begin at the top.
	 */
	page_say(p, ROLE_NOTICE, T("review.final"));
	page_check(
	    p, T("review.check"), s->form_checked, T("consent.required"));
	page_gap(p);
	kiosk_fact(p, "row.holder",
	    c->holder[0] != '\0' ? c->holder : s->holder, NULL);
	page_row(p,
	    T(s->id_kind == IDK_ALIEN ? "identity.alien" : "identity.rrn"),
	    masked(p, ID_RRN, &s->number), NULL);
	kiosk_fact(p, "row.certificate", words_product(c->product_key),
	    c->issuer_name);
	kiosk_fact(p, "row.new_expiry", words_date(p, c->old_not_after),
	    T("held.same_expiry"));
	kiosk_fact(p, "row.loss_no", c->loss_no, NULL);
	kiosk_fact(p, "apply.phone", masked(p, ID_MOBILE, &s->phone), NULL);
	kiosk_fact(p, "apply.email", masked(p, ID_EMAIL, &s->email), NULL);
	kiosk_fact(p, "row.fee", fee(s, p), NULL);
	kiosk_foot(s, p, "review.back", "review.submit", NULL);
}

const struct screen screen_review = {
	.name = "review",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
