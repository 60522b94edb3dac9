/*
 * screens/kiosk/loss.c - the circumstances, asked before anything else is done.
 */
#include "screens/kiosk/common.h"

#include "screens/kiosk/screens.h"
#include "ui/text.h"

enum {
	ITEM_KIND,
	ITEM_WHEN,
	ITEM_PLACE,
	ITEM_DETAIL,
	ITEM_MEDIUM,
	ITEM_MISUSE
};

static void
enter(struct session *s)
{
	kiosk_form(s);
	form_add_choice(&s->form, &s->loss, LOSS_COUNT);
	form_add_field(&s->form, &s->loss_when);
	form_add_field(&s->form, &s->loss_place);
	form_add_field(&s->form, &s->loss_detail);
	form_add_choice(&s->form, &s->medium, MEDIUM_COUNT);
	form_add_choice(&s->form, &s->misuse, 2);
}

static int
submit(struct session *s)
{
	if (s->loss < 0)
		kiosk_fail(s, ITEM_KIND, "loss.kind.empty");
	if ((s->loss == LOSS_LOST || s->loss == LOSS_STOLEN) &&
	    field_is_empty(&s->loss_when))
		kiosk_fail(s, ITEM_WHEN, "loss.when.empty");
	if (s->medium < 0)
		kiosk_fail(s, ITEM_MEDIUM, "loss.medium.empty");
	if (s->misuse < 0)
		kiosk_fail(s, ITEM_MISUSE, "loss.misuse.empty");
	return kiosk_wrong(s) ? INTENT_STAY : INTENT_NEXT;
}

static int
on_event(struct session *s, const struct event *ev)
{
	enum form_result did;
	int intent = kiosk_event(s, ev, &did);

	return did == FORM_SUBMIT ? submit(s) : intent;
}

static void
draw(const struct session *s, struct page *p)
{
	const char *kinds[LOSS_COUNT] = { T("loss.kind.lost"),
		T("loss.kind.stolen"), T("loss.kind.leaked"),
		T("loss.kind.broken"), T("loss.kind.forgotten") };
	const char *media[MEDIUM_COUNT] = { T("loss.medium.usb"),
		T("loss.medium.phone"), T("loss.medium.pc"),
		T("loss.medium.other") };
	const char *misuse[] = { T("loss.misuse.no"), T("loss.misuse.yes") };

	kiosk_head(s, p, STAGE_LOSS);
	page_focus(p, s->form.at);
	page_prompt(p, T("loss.prompt"));
	page_gap(p);
	page_choice(p, kiosk_label(s, p, ITEM_KIND, "loss.kind"),
	    page_list(p, kinds, LOSS_COUNT), LOSS_COUNT, s->loss,
	    kiosk_item_error(s, p, ITEM_KIND));
	page_field(p, kiosk_label(s, p, ITEM_WHEN, "loss.when"), &s->loss_when,
	    T("loss.when.hint"), kiosk_item_error(s, p, ITEM_WHEN));
	page_field(p, kiosk_label(s, p, ITEM_PLACE, "loss.place"),
	    &s->loss_place, T("loss.place.hint"),
	    kiosk_item_error(s, p, ITEM_PLACE));
	page_field(p, kiosk_label(s, p, ITEM_DETAIL, "loss.detail"),
	    &s->loss_detail, kiosk_ime_hint(s, &s->loss_detail),
	    kiosk_item_error(s, p, ITEM_DETAIL));
	page_choice(p, kiosk_label(s, p, ITEM_MEDIUM, "loss.medium"),
	    page_list(p, media, MEDIUM_COUNT), MEDIUM_COUNT, s->medium,
	    kiosk_item_error(s, p, ITEM_MEDIUM));
	page_choice(p, kiosk_label(s, p, ITEM_MISUSE, "loss.misuse"),
	    page_list(p, misuse, 2), 2, s->misuse,
	    kiosk_item_error(s, p, ITEM_MISUSE));
	kiosk_foot(s, p, "key.back", "loss.next", NULL);
}

const struct screen screen_loss = {
	.name = "loss",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
