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

/* How it was proven, and what to do with what it is on. */
static const struct {
	const char *proved, *take;
} ways[TO_COUNT] = {
	[TO_STICK] = { "done.proved", "done.unplug" },
	[TO_PHONE] = { "done.proved.phone", "done.phone" },
	[TO_TOKEN] = { "done.proved.token", "done.unplug.token" },
};

static const char *
place(const struct session *s, struct page *p, enum target way)
{
	const char *usb = s->media_label[0] != '\0' ? s->media_label
						    : T("done.file.usb");

	if (way == TO_TOKEN)
		return page_fmt(
		    p, "%s %s", T("where.token"), kiosk_token(s)->label);
	if (way == TO_PHONE)
		return T("done.file.phone");
	return phone_is_done(&s->kase, TO_PHONE)
		   ? page_fmt(p, "%s, %s", usb, T("done.file.phone"))
		   : usb;
}

static void
draw(const struct session *s, struct page *p)
{
	const struct case_view *c = &s->kase;
	enum target way = kiosk_way(s, phone_is_done);

	kiosk_head(s, p, STAGE_DONE);
	page_prompt(p, page_fill(p, T("done.prompt"), c->holder));
	page_text(p, T(ways[way].proved));
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
	kiosk_fact(p, "done.file", place(s, p, way),
	    s->p12 && way == TO_STICK ? T("done.file.p12") : NULL);
	kiosk_fact(p, "row.case_no", c->case_no, NULL);
	kiosk_fact(p, "done.at", words_moment(p, s->closed_unix), NULL);
	page_gap(p);
	page_say(p, ROLE_NOTICE, T(ways[way].take));
	kiosk_foot(s, p, NULL, "done.next", NULL);
}

const struct screen screen_done = {
	.name = "done",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = kiosk_read_event,
	.draw = draw,
};
