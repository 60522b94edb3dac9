/*
 * screens/counter/help.c - [2999] the keys of the screen below, and every
 * screen by its number: type four digits, or choose.
 *
 * An overlay: what is under it stays as it was.
 */
#include "screens/counter/common.h"
#include "screens/counter/desk_words.h"
#include "screens/counter/screens.h"
#include "ui/text.h"

enum { DIGITS = 4 };

static bool
is_listed(const struct counter_session *s, int i)
{
	enum counter_screen id = (enum counter_screen)i;

	return counter_number(id) != 0 && id != CS_HELP &&
	       counter_may(s->role, id) && !counter_is_case(id);
}

static int
listed(const struct counter_session *s)
{
	int n = 0;

	for (int i = 0; i < CS_COUNT; i++)
		n += is_listed(s, i);
	return n;
}

static void
enter(struct counter_session *s)
{
	form_init(&s->over);
	field_wipe(&s->jump);
	form_add_field(&s->over, &s->jump);
	form_add_picks(&s->over, listed(s));
}

/* A case's own screens are reached from the case, when it has them. */
static int
jump(struct counter_session *s, enum counter_screen to)
{
	if (to == CS_COUNT || to == CS_HELP || !counter_may(s->role, to))
		clerk_error(s, "no_screen");
	else if (to == s->below)
		return CI_BACK;
	else if (counter_is_case(to) && to != CS_CASE)
		clerk_error(s, "from_case");
	else if (to == CS_CASE && !counter_is_case(s->below))
		clerk_error(s, "no_case");
	else {
		s->jump_to = to;
		return CI_JUMP;
	}
	field_wipe(&s->jump);
	return CI_STAY;
}

static int
typed(struct counter_session *s)
{
	int number = 0;

	for (const char *c = field_text(&s->jump); *c != '\0'; c++)
		number = 10 * number + (*c - '0');
	return jump(s, counter_numbered(number));
}

static int
picked(struct counter_session *s, int nth)
{
	for (int i = 0; i < CS_COUNT; i++)
		if (is_listed(s, i) && nth-- == 0)
			return jump(s, (enum counter_screen)i);
	return CI_STAY;
}

static int
on_event(struct counter_session *s, const struct event *ev)
{
	enum form_result did;

	if (ev->kind == EV_KEY && (ev->key == K_ESC || ev->key == K_F1))
		return CI_BACK;
	if (event_is_key(ev, K_F3))
		return CI_LANGUAGE;
	if (event_is_key(ev, K_F6) && s->call_count > 0)
		return CI_ANSWER;
	if (ev->kind == EV_KEY)
		s->error[0] = '\0';
	if (event_is_key(ev, K_ENTER) && form_field(&s->over) != NULL &&
	    !field_is_empty(&s->jump))
		return typed(s);
	did = form_feed(&s->over, s->ime, ev);
	if (did == FORM_PICKED)
		return picked(s, s->over.at - 1);
	if (did == FORM_USED && field_chars(&s->jump) == DIGITS)
		return typed(s);
	return CI_STAY;
}

static void
draw_numbers(const struct counter_session *s, struct page *p)
{
	/* clang-format off */
	static const struct page_column heads[] = {
		{ "desk.help.number", 6, false },
		{ "desk.help.screen", 0, false },
	};
	/* clang-format on */
	static struct page_column columns[2];

	clerk_table(p, columns, heads, 2);
	for (int i = 0; i < CS_COUNT; i++) {
		enum counter_screen id = (enum counter_screen)i;
		const char *cells[2];

		if (!is_listed(s, i))
			continue;
		cells[0] = page_fmt(p, "%d", counter_number(id));
		cells[1] = T(
		    page_fmt(p, "desk.title.%s", counter_screen_name(id)));
		page_table_row(p, page_list(p, cells, 2), true, false);
	}
}

static void
draw(const struct counter_session *s, struct page *p)
{
	const char *below = page_fmt(
	    p, "desk.help.%s", counter_screen_name(s->below));

	clerk_head(s, p);
	page_field(p, T("desk.help.jump"), &s->jump, T("desk.help.hint"), NULL);
	page_gap(p);
	draw_numbers(s, p);
	page_gap(p);
	if (text_has(below))
		page_say(p, ROLE_NOTICE, T(below));
	page_text(p, T("desk.help.screens"));
	page_focus(p, s->over.at);
	clerk_foot(s, p, "desk.back", "desk.go");
}

const struct counter_view counter_help = { enter, on_event, draw };
