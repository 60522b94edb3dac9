/*
 * screens/counter/guide.c - [2140] the issue guide: the reference number goes
 * on paper, the authorisation code by a message.  A clerk never sees either
 * whole, and never both.
 */
#include "flow/counter_request.h"
#include "screens/counter/common.h"
#include "screens/counter/desk_words.h"
#include "screens/counter/screens.h"
#include "screens/kiosk/words.h"
#include "ui/text.h"

static void
enter(struct counter_session *s)
{
	clerk_form(s);
	form_add_choice(&s->form, &s->desk.channel, GC_COUNT);
}

static int
on_event(struct counter_session *s, const struct event *ev)
{
	int intent = clerk_form_event(s, ev);

	if (intent != CI_SUBMIT)
		return intent;
	if (s->desk.channel < 0)
		clerk_fail(s, 0, "desk.choose.one");
	if (clerk_wrong(s) || !clerk_ready(s))
		return CI_STAY;
	return CI_SUBMIT;
}

static void
draw_sent(const struct counter_session *s, struct page *p)
{
	const struct desk *d = &s->desk;
	int64_t left = d->guide.expires_at - s->now_unix;

	if (!d->guide.known) {
		page_row(p, T("desk.row.guide"), T("desk.guide.none"), NULL);
		return;
	}
	page_row(p, T("desk.row.guide"),
	    page_fmt(p, "%s  %s", words_moment(p, d->guide.sent_at),
		desk_word(p, "desk.channel", d->guide.channel)),
	    NULL);
	page_row(p, T("desk.guide.until"), words_moment(p, d->guide.expires_at),
	    left > 0 ? page_fill(p, T("word.days_left"),
			   page_fmt(p, "%d", (int)(left / 86400)))
		     : T("word.expired"));
	page_row(p, T("desk.guide.attempts"),
	    page_fmt(p, "%d", d->guide.attempts_left), NULL);
}

static void
draw(const struct counter_session *s, struct page *p)
{
	clerk_head(s, p);
	page_prompt(p, T("desk.act.guide"));
	page_text(p, T("desk.act_does.guide"));
	clerk_case_line(s, p);
	draw_sent(s, p);
	page_gap(p);
	page_choice(p, T("desk.label.channel"),
	    clerk_options(p, "desk.channel", word_channel, GC_COUNT), GC_COUNT,
	    s->desk.channel, clerk_item_error(s, 0));
	page_focus(p, s->form.at);
	clerk_foot(s, p, "desk.back", "desk.submit");
}

const struct counter_view counter_guide = { enter, on_event, draw };
