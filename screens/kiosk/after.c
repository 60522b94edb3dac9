/*
 * screens/kiosk/after.c - what to do next, at home.
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
}

static const char *const keep[TO_COUNT] = {
	[TO_STICK] = "after.keep.text",
	[TO_PHONE] = "after.keep.phone",
	[TO_TOKEN] = "after.keep.token",
};

static void
draw(const struct session *s, struct page *p)
{
	const struct case_view *c = &s->kase;
	const char *until = words_date(
	    p, c->has_new ? c->new_not_after : c->old_not_after);

	kiosk_head(s, p, STAGE_DONE);
	page_prompt(p, T("after.prompt"));
	page_gap(p);
	kiosk_fact(p, "after.register", T("after.register.text"), NULL);
	kiosk_fact(p, "after.check", T("after.check.text"), NULL);
	kiosk_fact(p, "after.program", T("after.program.text"), NULL);
	kiosk_fact(p, "after.keep", T(keep[kiosk_way(s, phone_is_done)]), NULL);
	kiosk_fact(p, "after.delete", T("after.delete.text"), NULL);
	kiosk_fact(
	    p, "after.renew", page_fill(p, T("after.renew.text"), until), NULL);
	kiosk_fact(p, "after.trouble", T("after.trouble.text"), NULL);
	kiosk_foot(s, p, "key.back", "key.next", NULL);
}

const struct screen screen_after = {
	.name = "after",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = kiosk_read_event,
	.draw = draw,
};
