/*
 * screens/kiosk/stick.c - the stick, detected live; goes on only when one is
 * ready.
 */
#include "screens/kiosk/common.h"

#include "flow/phone.h"
#include "screens/kiosk/screens.h"
#include "screens/kiosk/words.h"
#include "ui/text.h"

/* clang-format off */
static const char *const states[MEDIA_COUNT] = {
	[MEDIA_UNKNOWN] = "media.unknown", [MEDIA_NONE] = "media.none",
	[MEDIA_READY] = "media.ready",	[MEDIA_SEVERAL] = "media.several",
	[MEDIA_READONLY] = "media.readonly", [MEDIA_FULL] = "media.full",
	[MEDIA_WRONG_FS] = "media.wrong_fs", [MEDIA_BUSY] = "media.busy",
};
static const char *const remedies[MEDIA_COUNT] = {
	[MEDIA_UNKNOWN] = "media.unknown.do", [MEDIA_NONE] = "media.none.do",
	[MEDIA_READY] = "media.ready.do", [MEDIA_SEVERAL] = "media.several.do",
	[MEDIA_READONLY] = "media.readonly.do",
	[MEDIA_FULL] = "media.full.do",
	[MEDIA_WRONG_FS] = "media.wrong_fs.do",
	[MEDIA_BUSY] = "media.busy.do",
};
/* clang-format on */

/* Issued before and no new password chosen: only the saving is done again. */
static bool
again(const struct session *s)
{
	return kiosk_state(s, "ISSUED") && field_is_empty(&s->password);
}

/* No stick after all: the phone. */
static bool
may_phone(const struct session *s)
{
	return again(s) && kiosk_branch(s)->phone_ok &&
	       !phone_is_done(&s->kase, TO_PHONE);
}

/* What is saved beside the pair was settled when it was issued. */
static void
enter(struct session *s)
{
	kiosk_form(s);
	if (!again(s))
		form_add_check(&s->form, &s->p12);
}

static int
submit(struct session *s)
{
	if (s->media != MEDIA_READY)
		return INTENT_STAY;
	return again(s) ? INTENT_RETRY : INTENT_NEXT;
}

static int
on_event(struct session *s, const struct event *ev)
{
	enum form_result did;
	int intent;

	if (s->form.count != (again(s) ? 0 : 1))
		enter(s);
	intent = kiosk_event(s, ev, &did);
	if (intent == INTENT_BACK && may_phone(s)) {
		s->to = 1u << TO_PHONE;
		return INTENT_PHONE;
	}
	return did == FORM_SUBMIT ? submit(s) : intent;
}

static void
draw_stick(const struct session *s, struct page *p, enum media_state m)
{
	bool ready = m == MEDIA_READY;
	bool wrong = !ready && m != MEDIA_NONE && m != MEDIA_BUSY &&
		     m != MEDIA_UNKNOWN;

	page_task(p,
	    ready   ? TASK_DONE
	    : wrong ? TASK_FAILED
		    : TASK_DOING,
	    T(states[m]), ready ? s->media_label : NULL);
	page_say(p, wrong ? ROLE_ERROR : ROLE_TEXT,
	    T(ready && again(s) ? "media.ready.again" : remedies[m]));
}

static void
draw(const struct session *s, struct page *p)
{
	enum media_state m = (unsigned)s->media < MEDIA_COUNT ? s->media
							      : MEDIA_UNKNOWN;
	bool ready = m == MEDIA_READY;

	kiosk_head(s, p, STAGE_SAVE);
	page_focus(p, s->form.at);
	page_prompt(p, T(again(s) ? "stick.prompt.again" : "stick.prompt"));
	draw_stick(s, p, m);
	page_gap(p);
	if (!again(s)) {
		page_check(p, T("stick.p12"), s->p12,
		    kiosk_label(s, p, 0, "consent.optional"));
		page_say(p, ROLE_DIM, T("stick.p12.why"));
		page_gap(p);
	}
	if (ready)
		kiosk_fact(
		    p, "stick.free", words_size(p, s->media_free_kb), NULL);
	page_text(p, T("stick.safe"));
	kiosk_foot(s, p, may_phone(s) ? "stick.phone" : "key.back",
	    !ready     ? NULL
	    : again(s) ? "stick.save.again"
		       : "stick.save",
	    NULL);
}

const struct screen screen_stick = {
	.name = "stick",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
