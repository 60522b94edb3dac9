/*
 * screens/kiosk/check.c - the stick for the working check; its certificates are
 * listed.
 */
#include "screens/kiosk/common.h"

#include "screens/kiosk/words.h"
#include "screens/kiosk/screens.h"
#include "ui/text.h"

static void
build(struct session *s)
{
	kiosk_form(s);
	form_add_picks(&s->form, s->found_count);
}

static void
enter(struct session *s)
{
	s->found_asked = false;
	s->found_count = 0;
	build(s);
}

/* Ask for the list once for each stick that comes. */
static bool
must_ask(struct session *s)
{
	if (s->media != MEDIA_READY) {
		s->found_asked = false;
		s->found_count = 0;
	}
	if (s->media != MEDIA_READY || s->found_asked || s->pending != REQ_NONE)
		return false;
	s->found_asked = true;
	return true;
}

static int
on_event(struct session *s, const struct event *ev)
{
	enum form_result did;
	int intent;

	if (ev->kind == EV_TICK && must_ask(s))
		return INTENT_RETRY;
	if (s->form.count != s->found_count)
		build(s);
	intent = kiosk_event(s, ev, &did);
	if (s->pending != REQ_NONE)
		return intent;
	if (kiosk_pressed(ev, K_F5) && s->media == MEDIA_READY)
		return INTENT_RETRY;
	if (did != FORM_PICKED)
		return intent;
	s->found_at = s->form.at;
	return INTENT_NEXT;
}

static void
draw_found(const struct session *s, struct page *p)
{
	static struct page_column columns[4];

	columns[0] = (struct page_column){ T("certs.product"), 18, false };
	columns[1] = (struct page_column){ T("certs.holder"), 10, true };
	columns[2] = (struct page_column){ T("certs.expiry"), 10, false };
	columns[3] = (struct page_column){ T("certs.status"),
		words_status_cols(), false };
	page_table(p, columns, 4);
	for (int i = 0; i < s->found_count; i++) {
		const struct held_certificate *c = &s->found[i];
		const char *cells[] = { words_product(c->product_key),
			c->holder, words_plain_date(p, c->not_after),
			words_status(p, c->status) };
		page_table_row(p, page_list(p, cells, 4), true, false);
	}
}

static void
draw(const struct session *s, struct page *p)
{
	bool ready = s->media == MEDIA_READY;
	bool found = ready && s->found_count > 0;

	kiosk_head(s, p, STAGE_STICK);
	page_focus(p, s->form.at);
	page_prompt(p, T(found ? "check.choose" : "check.prompt"));
	page_text(p, T("check.why"));
	page_gap(p);
	if (found)
		draw_found(s, p);
	else if (!ready)
		page_task(p, TASK_DOING, T("media.none"), NULL);
	else if (s->found_asked && s->pending == REQ_NONE &&
		 s->error[0] == '\0')
		page_say(p, ROLE_ERROR, T("check.empty"));
	kiosk_foot(s, p, "key.home", found ? "key.choose" : NULL,
	    ready && !found ? "check.again" : NULL);
}

const struct screen screen_check = {
	.name = "check",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
