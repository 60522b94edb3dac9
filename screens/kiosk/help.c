/*
 * screens/kiosk/help.c - overlay: topics, and one topic at a time.
 *
 * Its menu is the session's `over` form, so that the screen below keeps its
 * own.
 */
#include "screens/kiosk/common.h"

#include "screens/kiosk/screens.h"
#include "screens/kiosk/words.h"
#include "ui/text.h"

enum topic {
	TOPIC_NONE,
	TOPIC_QUESTIONS,
	TOPIC_FEE,
	TOPIC_BRING,
	TOPIC_ISSUERS,
	TOPIC_AFTER,
	TOPIC_PRIVACY,
	TOPIC_KEYS,
	TOPIC_COUNT
};

/* clang-format off */
static const char *const titles[TOPIC_COUNT] = {
	[TOPIC_NONE] = "help.prompt",	[TOPIC_QUESTIONS] = "help.questions",
	[TOPIC_FEE] = "help.fee",	[TOPIC_BRING] = "help.bring",
	[TOPIC_ISSUERS] = "help.issuers", [TOPIC_AFTER] = "help.after",
	[TOPIC_PRIVACY] = "help.privacy", [TOPIC_KEYS] = "help.keys",
};
/* Pairs of bold line and paragraph, told in order. */
static const char *const questions[] = { "help.q1", "help.a1", "help.q2",
	"help.a2", "help.q3", "help.a3", "help.q4", "help.a4", "help.q5",
	"help.a5" };
static const char *const bring[] = { "help.bring.self",
	"help.bring.self.text", "help.bring.none", "help.bring.none.text",
	"help.bring.minor", "help.bring.minor.text", "help.bring.foreign",
	"help.bring.foreign.text", "help.bring.business",
	"help.bring.business.text", "help.bring.proxy",
	"help.bring.proxy.text" };
static const char *const after[] = { "after.register", "after.register.text",
	"after.keep", "after.keep.text", "after.delete", "after.delete.text",
	"after.program", "after.program.text", "help.token",
	"help.token.text", "help.licence", "help.licence.text" };
static const char *const privacy[] = { "help.privacy.screen",
	"help.privacy.screen.text", "help.privacy.end",
	"help.privacy.end.text", "help.privacy.password",
	"help.privacy.password.text", "help.privacy.law",
	"help.privacy.law.text" };
static const char *const keys[] = { "help.keys.move", "help.keys.move.text",
	"help.keys.type", "help.keys.type.text", "help.keys.way",
	"help.keys.way.text" };
/* clang-format on */

static void
enter(struct session *s)
{
	s->help_topic = TOPIC_NONE;
	form_init(&s->over);
	form_add_picks(&s->over, TOPIC_COUNT - 1);
}

static int
on_event(struct session *s, const struct event *ev)
{
	if (event_is_key(ev, K_F2))
		return INTENT_STAFF;
	if (event_is_key(ev, K_F3))
		return INTENT_LANGUAGE;
	if (event_is_key(ev, K_F1))
		return INTENT_BACK;
	if (s->help_topic != TOPIC_NONE) {
		if (event_is_key(ev, K_ESC) || event_is_key(ev, K_ENTER))
			s->help_topic = TOPIC_NONE;
		return INTENT_STAY;
	}
	if (event_is_key(ev, K_ESC))
		return INTENT_BACK;
	if (form_feed(&s->over, NULL, ev) == FORM_PICKED)
		s->help_topic = s->over.at + 1;
	return INTENT_STAY;
}

static void
draw_pairs(struct page *p, const char *const *pairs, size_t n)
{
	for (size_t i = 0; i + 1 < n; i += 2) {
		if (i > 0)
			page_gap(p);
		page_say(p, ROLE_LABEL, T(pairs[i]));
		page_text(p, T(pairs[i + 1]));
	}
}

#define PAIRS(p, list) draw_pairs((p), (list), sizeof(list) / sizeof *(list))

static void
draw_fee(const struct session *s, struct page *p)
{
	const struct branch *b = kiosk_branch(s);

	kiosk_fact(p, "help.fee.reissue",
	    !b->fee_known ? T("guide.fee.later")
	    : b->fee_won == 0
		? T("fee.free")
		: page_fill(p, T("fee.with_vat"), words_won(p, b->fee_won)),
	    NULL);
	kiosk_fact(p, "help.fee.report", T("fee.free"), NULL);
	kiosk_fact(p, "guide.time", T("guide.time.reissue"), NULL);
	if (b->opens[0] != '\0')
		kiosk_fact(p, "help.hours",
		    page_fmt(p, "%s-%s", b->opens, b->closes), NULL);
	page_text(p, T("help.fee.any_hour"));
}

static void
draw_issuers(const struct session *s, struct page *p)
{
	const struct branch *b = kiosk_branch(s);

	page_text(p, T("help.issuers.how"));
	page_gap(p);
	for (int i = 0; i < b->issuer_count && i < SESSION_ISSUERS; i++)
		page_row(p, b->issuers[i].name, b->issuers[i].phone,
		    b->issuers[i].site);
}

static void
draw_menu(const struct session *s, struct page *p)
{
	page_focus(p, s->over.at);
	for (int i = TOPIC_NONE + 1; i < TOPIC_COUNT; i++)
		page_menu(p, T(titles[i]), NULL);
}

static void
draw_topic(const struct session *s, struct page *p, enum topic topic)
{
	if (topic == TOPIC_QUESTIONS)
		PAIRS(p, questions);
	else if (topic == TOPIC_FEE)
		draw_fee(s, p);
	else if (topic == TOPIC_BRING)
		PAIRS(p, bring);
	else if (topic == TOPIC_ISSUERS)
		draw_issuers(s, p);
	else if (topic == TOPIC_AFTER)
		PAIRS(p, after);
	else if (topic == TOPIC_PRIVACY)
		PAIRS(p, privacy);
	else if (topic == TOPIC_KEYS)
		PAIRS(p, keys);
	else
		draw_menu(s, p);
}

static void
draw(const struct session *s, struct page *p)
{
	enum topic topic = (unsigned)s->help_topic < TOPIC_COUNT
			       ? (enum topic)s->help_topic
			       : TOPIC_NONE;

	kiosk_head(s, p, STAGE_NONE);
	page_prompt(p, T(titles[topic]));
	page_gap(p);
	draw_topic(s, p, topic);
	if (topic == TOPIC_NONE)
		page_foot(p, T("help.close"), T("key.choose"), NULL);
	else
		page_foot(p, T("help.topics"), NULL, NULL);
}

const struct screen screen_help = {
	.name = "help",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
