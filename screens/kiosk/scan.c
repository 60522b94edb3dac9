/*
 * screens/kiosk/scan.c - a form filled in at home comes in by the scanner.
 *
 * A scanner types its code as fast as it can and then Enter.  Nothing else of
 * such a burst may act: what still comes after the code is dropped until there
 * is a pause, so that no code presses Enter for the customer.
 */
#include "screens/kiosk/common.h"

#include "base/secret.h"
#include "flow/suggest.h"
#include "identity/mask.h"
#include "screens/kiosk/screens.h"
#include "ui/text.h"

enum { BURST_MS = 500 };

static void
enter(struct session *s)
{
	s->scan = SCAN_WAITING;
	kiosk_form(s);
}

static const char *
refusal(struct err e)
{
	return e.code == E_EXPIRED	 ? "kiosk.scan_stale"
	       : e.code == E_LIMIT	 ? "kiosk.scan_long"
	       : e.code == E_UNSUPPORTED ? "kiosk.scan_strange"
					 : "kiosk.scan_damaged";
}

static void
refuse(struct session *s, const char *code)
{
	s->scan = SCAN_REFUSED;
	kiosk_error(s, code);
}

/* What the scanner typed has come to an end, this way or that. */
static void
settle(struct session *s)
{
	struct prefill f;
	struct err e;

	if (s->wedge.state == WEDGE_STOPPED)
		refuse(s, s->wedge.n == PREFILL_CODE ? "kiosk.scan_long"
						     : "kiosk.scan_pause");
	if (s->wedge.state == WEDGE_DONE) {
		e = prefill_read(&f, s->wedge.text, s->wedge.n, s->now_unix);
		if (err_is(e)) {
			refuse(s, refusal(e));
		} else {
			s->scan = SCAN_READ;
			s->scan_purpose = f.purpose == 1 ? PURPOSE_REPORT
							 : PURPOSE_REISSUE;
			s->scan_partly = !suggest_take(s, &f);
			secret_wipe(&f, sizeof f);
		}
	}
	if (s->scan != SCAN_WAITING)
		wedge_begin(&s->wedge);
}

static bool
is_scanned(const struct event *ev)
{
	return ev->kind == EV_KEY && (ev->key == K_CHAR || ev->key == K_ENTER);
}

/* A key of the scanner, while its code is awaited. */
static void
collect(struct session *s, const struct event *ev)
{
	/* a paste, or a burst taken for one, has its Enter as a character */
	if (ev->key == K_ENTER || ev->ch == '\n')
		wedge_enter(&s->wedge, ev->now_ms);
	else
		wedge_char(&s->wedge, ev->ch, ev->now_ms);
	settle(s);
}

/* True when the key was the scanner's. */
static bool
scanner_key(struct session *s, const struct event *ev)
{
	bool burst = s->scan_ms != 0 && ev->now_ms - s->scan_ms < BURST_MS;

	if (!is_scanned(ev))
		return burst && ev->kind == EV_KEY && ev->key != K_F1 &&
		       ev->key != K_F2;
	if (s->scan == SCAN_WAITING) {
		s->scan_ms = ev->now_ms;
		collect(s, ev);
		return true;
	}
	if (burst) {
		s->scan_ms = ev->now_ms;
		return true;
	}
	if (!kiosk_scans(s, ev))
		return false;
	s->scan = SCAN_WAITING; /* another code */
	s->error[0] = '\0';
	return true;
}

static int
on_event(struct session *s, const struct event *ev)
{
	int intent;

	if (s->pending != REQ_NONE)
		return kiosk_read_event(s, ev);
	if (scanner_key(s, ev))
		return INTENT_STAY;
	if (ev->kind == EV_TICK && s->scan == SCAN_WAITING) {
		wedge_tick(&s->wedge, ev->now_ms);
		settle(s);
	}
	intent = kiosk_read_event(s, ev);
	if (intent == INTENT_BACK && s->purpose == PURPOSE_NONE)
		return INTENT_HOME;
	if (intent != INTENT_NEXT)
		return intent;
	if (s->scan != SCAN_READ)
		return INTENT_STAY;
	if (s->purpose == PURPOSE_NONE)
		s->purpose = s->scan_purpose;
	return INTENT_NEXT;
}

static void
fact(const struct session *s, struct page *p, enum suggestion which,
    const char *label, enum id_kind kind, const struct field *f)
{
	char text[MASK_TEXT];

	if (!s->suggested[which])
		return;
	mask_kind(text, kind, field_text(f));
	kiosk_fact(p, label, page_copy(p, text), T("suggest.mark"));
	secret_wipe(text, sizeof text);
}

static void
draw_read(const struct session *s, struct page *p)
{
	int more = 0;

	for (int i = 0; i < SUGGEST_COUNT; i++)
		more += s->suggested[i] && i != SUGGEST_NAME &&
			i != SUGGEST_PHONE && i != SUGGEST_EMAIL &&
			i != SUGGEST_EMAIL_AGAIN;
	page_text(p, T("scan.read.how"));
	page_gap(p);
	kiosk_fact(p, "scan.purpose",
	    T(s->scan_purpose == PURPOSE_REPORT ? "title.report"
						: "title.reissue"),
	    NULL);
	fact(s, p, SUGGEST_NAME, "identity.name", ID_NAME, &s->name);
	fact(s, p, SUGGEST_PHONE, "apply.phone", ID_MOBILE, &s->phone);
	fact(s, p, SUGGEST_EMAIL, "apply.email", ID_EMAIL, &s->email);
	if (more > 0)
		kiosk_fact(p, "scan.more",
		    page_fill(p, T("scan.more.count"), page_fmt(p, "%d", more)),
		    T("suggest.mark"));
	if (s->scan_partly) {
		page_gap(p);
		page_say(p, ROLE_NOTICE, T("scan.partly"));
	}
}

static void
draw(const struct session *s, struct page *p)
{
	bool read = s->scan == SCAN_READ;

	kiosk_head(s, p, s->purpose == PURPOSE_NONE ? STAGE_NONE : STAGE_GUIDE);
	page_prompt(p, T(read ? "scan.read" : "scan.prompt"));
	if (read) {
		draw_read(s, p);
	} else {
		page_text(p, T("scan.how"));
		page_text(p, T("scan.close"));
		page_gap(p);
		if (s->wedge.state == WEDGE_TYPING)
			page_task(p, TASK_DOING, T("scan.reading"), NULL);
	}
	kiosk_foot(s, p, s->purpose == PURPOSE_NONE ? "key.home" : "key.back",
	    read ? "key.next" : NULL, NULL);
}

const struct screen screen_scan = {
	.name = "scan",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
