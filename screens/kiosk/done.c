/*
 * screens/kiosk/done.c - the new certificate is in the customer's hands; both
 * statuses.
 */
#include "screens/kiosk/common.h"

#include "flow/phone.h"
#include "screens/kiosk/words.h"
#include "screens/kiosk/screens.h"
#include "ui/text.h"

static void
enter(struct session *s)
{
	kiosk_form(s);
	if (s->closed_unix == 0)
		s->closed_unix = s->now_unix;
}

static const char *
status(struct page *p, const char *word, const char *serial)
{
	return serial[0] == '\0' ? words_status(p, word)
				 : page_fmt(p, "%s   %s", words_status(p, word),
				       page_fill(p, T("done.serial"), serial));
}

static const char *
place(const struct session *s, struct page *p)
{
	const char *usb = s->media_label[0] != '\0' ? s->media_label
						    : T("done.file.usb");

	if (!phone_is_done(&s->kase, TO_PHONE))
		return usb;
	if (!phone_is_done(&s->kase, TO_STICK))
		return T("done.file.phone");
	return page_fmt(p, "%s, %s", usb, T("done.file.phone"));
}

static void
draw(const struct session *s, struct page *p)
{
	const struct case_view *c = &s->kase;
	bool stick = !phone_is_done(c, TO_PHONE) || phone_is_done(c, TO_STICK);

	kiosk_head(s, p, STAGE_DONE);
	page_prompt(p, page_fill(p, T("done.prompt"), c->holder));
	page_text(p, T(stick ? "done.proved" : "done.proved.phone"));
	page_gap(p);
	kiosk_fact(p, "row.certificate",
	    page_fmt(
		p, "%s  %s", words_product(c->product_key), c->issuer_name),
	    NULL);
	if (c->has_new) {
		kiosk_fact(p, "done.new",
		    status(p, c->new_status, c->new_serial), NULL);
		kiosk_fact(
		    p, "row.new_expiry", words_date(p, c->new_not_after), NULL);
	}
	kiosk_fact(
	    p, "done.old", status(p, c->old_status, c->old_serial), NULL);
	kiosk_fact(p, "done.file", place(s, p),
	    s->p12 && stick ? T("done.file.p12") : NULL);
	kiosk_fact(p, "row.case_no", c->case_no, NULL);
	kiosk_fact(p, "done.at", words_moment(p, s->closed_unix), NULL);
	page_gap(p);
	page_say(p, ROLE_NOTICE, T(stick ? "done.unplug" : "done.phone"));
	kiosk_foot(s, p, NULL, "done.next", NULL);
}

const struct screen screen_done = {
	.name = "done",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = kiosk_read_event,
	.draw = draw,
};
