/*
 * screens/kiosk/phone.c - a QR for the customer's phone, and what came of it,
 * in the words that the phone shows too.
 */
#include "screens/kiosk/common.h"

#include <string.h>

#include "flow/phone.h"
#include "screens/kiosk/screens.h"
#include "screens/kiosk/words.h"
#include "ui/text.h"

enum { SOON_MS = 30000, LARGE_ROWS = 40, LARGE_COLS = 120 };

enum mode {
	MODE_MAKING,  /* asked for, not here yet */
	MODE_WIFI,    /* to be joined first */
	MODE_CODE,    /* to be scanned */
	MODE_CLAIMED, /* the phone shows its digits */
	MODE_SENDING,
	MODE_DONE,
	MODE_OVER
};

static bool
stands(const struct session *s, const char *state)
{
	return strcmp(s->handoff.state, state) == 0;
}

static enum mode
mode(const struct session *s)
{
	if (s->pending == REQ_PHONE)
		return MODE_MAKING;
	if (stands(s, "done"))
		return MODE_DONE;
	if (phone_is_over(s))
		return MODE_OVER;
	if (stands(s, "claimed"))
		return MODE_CLAIMED;
	if (stands(s, "sending"))
		return MODE_SENDING;
	return s->handoff.has_wifi && !s->handoff.joined ? MODE_WIFI
							 : MODE_CODE;
}

/* What can be chosen, in this order. */
enum pick { PICK_DIGITS, PICK_NEW, PICK_STICK, PICK_COUNT };

static int
picks(const struct session *s, enum pick out[static PICK_COUNT])
{
	int n = 0;

	if (mode(s) == MODE_CLAIMED)
		out[n++] = PICK_DIGITS;
	if (mode(s) == MODE_CLAIMED || mode(s) == MODE_OVER) {
		out[n++] = PICK_NEW;
		out[n++] = PICK_STICK;
	}
	return n;
}

static void
enter(struct session *s)
{
	enum pick list[PICK_COUNT];

	kiosk_form(s);
	form_add_picks(&s->form, picks(s, list));
}

/* It has the files already, or they are written to one now. */
static int
by_stick(struct session *s)
{
	s->to = 1u << TO_STICK;
	return phone_is_done(&s->kase, TO_STICK) ? INTENT_NEXT : INTENT_OTHER;
}

static int
new_code(struct session *s)
{
	phone_forget(s);
	return INTENT_RETRY;
}

/*
 * No more time can be had.  A code that a stranger opened may be given up all
 * the same: then the certificate is made anew.
 */
static bool
is_last(const struct session *s)
{
	return s->handoff.last && !s->handoff.elsewhere;
}

static int
pressed(struct session *s, const struct event *ev)
{
	bool shown = mode(s) == MODE_CODE || mode(s) == MODE_WIFI ||
		     mode(s) == MODE_SENDING;

	if (event_is_key(ev, K_F5) && mode(s) != MODE_DONE &&
	    !(shown && is_last(s)))
		return new_code(s);
	if (event_is_key(ev, K_ESC) && shown)
		return by_stick(s);
	if (event_is_key(ev, K_ENTER) && mode(s) == MODE_WIFI)
		s->handoff.joined = true;
	return INTENT_STAY;
}

static int
on_event(struct session *s, const struct event *ev)
{
	enum pick list[PICK_COUNT];
	enum form_result did;
	int intent;

	if (s->form.count != picks(s, list))
		enter(s);
	intent = kiosk_event(s, ev, &did);
	if (s->pending != REQ_NONE)
		return intent;
	if (did == FORM_PICKED) {
		enum pick pick = list[s->form.at];
		return pick == PICK_DIGITS ? INTENT_CLAIMED
		       : pick == PICK_NEW  ? new_code(s)
					   : by_stick(s);
	}
	if (intent == INTENT_BACK || intent == INTENT_STAY)
		return pressed(s, ev);
	return intent;
}

/* ---- drawn ---- */

/* False when it cannot be drawn so that a phone could read it. */
static bool
draw_code(const struct session *s, struct page *p)
{
	const struct handoff_view *h = &s->handoff;
	bool roomy = p->rows >= LARGE_ROWS && p->cols >= LARGE_COLS;
	const struct qr *large = &h->codes[CODE_LARGE],
			*small = &h->codes[CODE_SMALL];

	if (mode(s) == MODE_WIFI)
		return !err_is(page_qr(p, &h->wifi));
	if (roomy && large->size > 0 && !err_is(page_qr(p, large)))
		return true;
	return small->size > 0 && !err_is(page_qr(p, small));
}

static const char *
stick_words(const struct session *s)
{
	return phone_is_done(&s->kase, TO_STICK) ? "phone.stick_only"
						 : "phone.stick";
}

static void
draw_picks(const struct session *s, struct page *p)
{
	enum pick list[PICK_COUNT];
	int n = picks(s, list);

	for (int i = 0; i < n; i++)
		page_menu(p,
		    T(list[i] == PICK_DIGITS  ? "phone.digits"
			: list[i] == PICK_NEW ? "phone.another"
					      : stick_words(s)),
		    NULL);
}

static void
draw_time(const struct session *s, struct page *p)
{
	int64_t left = s->handoff.until_ms - s->now_ms;

	page_running(p, page_fill(p, T("phone.left"), words_time_left(p, left)),
	    words_time_spoken(p, left));
	if (s->handoff.elsewhere)
		page_notice(p, T("phone.elsewhere"));
	else if (is_last(s))
		page_say(p, ROLE_NOTICE, T("phone.last"));
	else if (left <= SOON_MS)
		page_notice(p, T("phone.soon"));
}

static void
draw_shown(const struct session *s, struct page *p)
{
	bool wifi = mode(s) == MODE_WIFI;

	if (!draw_code(s, p)) {
		page_prompt(p, T("phone.no_code"));
		page_text(p, T("phone.no_code.do"));
		return;
	}
	page_prompt(p, T(wifi ? "phone.wifi" : "phone.scan"));
	page_text(p, T(wifi ? "phone.wifi.do" : "phone.scan.do"));
	page_gap(p);
	if (!wifi)
		page_task(p, TASK_DOING,
		    T(stands(s, "open") ? "phone.opening" : "phone.waiting"),
		    NULL);
	draw_time(s, p);
	page_gap(p);
	page_say(p, ROLE_NOTICE, T("phone.never"));
}

static const char *
over_words(const struct session *s)
{
	/* clang-format off */
	static const struct { const char *state, *key; } rows[] = {
		{ "expired",	"phone.expired" },
		{ "wrong",	"phone.wrong" },
		{ "used",	"phone.used" },
		{ "gone",	"phone.gone" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (stands(s, rows[i].state))
			return T(rows[i].key);
	return T("phone.none");
}

/* Why it came to nothing, where the message does not say it already. */
static void
draw_over(const struct session *s, struct page *p)
{
	const char *todo = T(phone_is_done(&s->kase, TO_STICK)
				 ? "phone.over.stick"
				 : "phone.over.do");

	if (s->error[0] != '\0') {
		page_prompt(p, todo);
	} else {
		page_prompt(p, over_words(s));
		page_text(p, todo);
	}
	page_gap(p);
	draw_picks(s, p);
	page_gap(p);
	kiosk_fact(p, "row.case_no", s->kase.case_no, NULL);
}

static void
draw_body(const struct session *s, struct page *p)
{
	switch (mode(s)) {
	case MODE_WIFI:
	case MODE_CODE:
		draw_shown(s, p);
		return;
	case MODE_MAKING:
		page_prompt(p, T("phone.making"));
		return;
	case MODE_CLAIMED:
		page_prompt(p, T("phone.claimed"));
		page_gap(p);
		draw_picks(s, p);
		page_gap(p);
		draw_time(s, p);
		return;
	case MODE_SENDING:
		page_prompt(p, T("phone.sending"));
		page_text(p, T("phone.sending.do"));
		page_gap(p);
		draw_time(s, p);
		return;
	case MODE_DONE:
		page_prompt(p, T("phone.done"));
		return;
	case MODE_OVER:
		draw_over(s, p);
		return;
	}
}

static void
draw(const struct session *s, struct page *p)
{
	enum mode m = mode(s);
	bool shown = m == MODE_CODE || m == MODE_WIFI || m == MODE_SENDING;
	bool another;

	kiosk_head(s, p, STAGE_SAVE);
	page_focus(p, s->form.at);
	draw_body(s, p);
	/* another code is no help where none can be drawn */
	another = !is_last(s) &&
		  (m == MODE_SENDING || (shown && p->qr != NULL));
	kiosk_foot(s, p,
	    !shown				? NULL
	    : phone_is_done(&s->kase, TO_STICK) ? "phone.key.stick_only"
						: "phone.key.stick",
	    m == MODE_WIFI			  ? "phone.key.joined"
	    : m == MODE_CLAIMED || m == MODE_OVER ? "key.choose"
						  : NULL,
	    !another		   ? NULL
	    : s->handoff.elsewhere ? "phone.new"
				   : "phone.longer");
}

const struct screen screen_phone = {
	.name = "phone",
	.idle_ms = IDLE_PHONE_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
