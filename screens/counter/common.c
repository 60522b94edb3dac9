/*
 * screens/counter/common.c - head, footer, messages and keys of all screens.
 */
#include "screens/counter/common.h"

#include <string.h>

#include "base/clock.h"
#include "base/span.h"
#include "screens/counter/desk_words.h"
#include "screens/kiosk/words.h"
#include "ui/text.h"
#include "ui/wrap.h"

enum { REASON_LEAST = 2 };

void
clerk_head(const struct counter_session *s, struct page *p)
{
	struct civil now = civil_from_unix(s->now_unix);
	const char *clock = page_fmt(
	    p, "%02d:%02d:%02d", now.hour, now.minute, now.second);
	const char *name = counter_screen_name(s->screen);
	const char *title = T(page_fmt(p, "desk.title.%s", name));
	const struct branch *b = s->branch;
	struct page_head head = {
		.keys_short = clock,
		.more = T("head.more"),
		.too_small = T("head.too_small"),
		.secret_spoken = T("head.secret_spoken"),
	};

	if (counter_number(s->screen) != 0)
		title = page_fmt(
		    p, "[%d] %s", counter_number(s->screen), title);
	if (counter_is_case(s->screen) && s->want[0] != '\0')
		title = page_fmt(p, "%s  %s", title, s->want);
	head.title = title;
	head.keys = clock;
	if (s->staff[0] != '\0' && b != NULL)
		head.keys = page_fmt(p, "%s %s  %s%s  %s", s->staff,
		    desk_word(p, "desk.role", counter_role_word(s->role)),
		    b->practice ? T("desk.practice") : "", b->name, clock);
	page_head(p, &head);
}

/* ---- messages -------------------------------------------------------------
 */

static const char *
error_text(const struct counter_session *s, struct page *p, const char *part)
{
	const char *own = page_fmt(p, "desk.err.%s.%s", s->error, part);
	const char *common = page_fmt(p, "err.%s.%s", s->error, part);

	if (text_has(own))
		return page_fill(p, T(own),
		    desk_word(p, "doc",
			s->error_detail[0] != '\0' ? s->error_detail : "-"));
	if (text_has(common))
		return T(common);
	return T(page_fmt(p, "desk.err.other.%s", part));
}

/* Seconds until the lock when that is near, else -1. */
static int
lock_left(const struct counter_session *s)
{
	int64_t left;

	if (s->lock_s == 0 || s->screen == CS_LOCK || s->screen == CS_CLOSED)
		return -1;
	left = s->lock_s - (s->now_ms - s->touched_ms) / 1000;
	return left <= LOCK_WARN_S && left >= 0 ? (int)left : -1;
}

static void
tell_call(const struct counter_session *s, struct page *p)
{
	const char *call = page_fill(p, T("desk.call"),
	    desk_call(p, &s->calls[0], s->now_unix),
	    page_fmt(p, "%d", s->call_count));

	page_error(p, call,
	    s->told == NULL ? NULL : page_fill(p, T(s->told), s->told_detail));
}

static void
tell(const struct counter_session *s, struct page *p)
{
	int left = lock_left(s);

	if (left >= 0)
		page_error(p,
		    page_fill(p, T("desk.lock.near"), page_fmt(p, "%d", left)),
		    NULL);
	else if (s->ending)
		page_error(p, T("desk.end.what"), T("desk.end.do"));
	else if (s->pending != CQ_NONE)
		page_notice(p, T("desk.wait"));
	else if (s->error[0] != '\0')
		page_error(p, error_text(s, p, "what"), error_text(s, p, "do"));
	else if (s->call_count > 0 && s->screen != CS_LOCK)
		tell_call(s, p);
	else if (s->told != NULL)
		page_notice(p, page_fill(p, T(s->told), s->told_detail));
}

void
clerk_foot(const struct counter_session *s, struct page *p, const char *back,
    const char *next)
{
	const char *keys = page_fmt(
	    p, "desk.keys.%s", counter_screen_name(s->screen));

	if (s->screen == CS_CASE && s->role == CR_AUDITOR)
		keys = "desk.keys.case_read";
	else if (s->screen == CS_CASE && !s->desk.held)
		keys = "desk.keys.case_look";
	page_foot(p, back != NULL ? T(back) : NULL,
	    next != NULL ? T(next) : NULL, text_has(keys) ? T(keys) : NULL);
	tell(s, p);
}

void
clerk_error(struct counter_session *s, const char *code)
{
	(void)str_copy(s->error, sizeof s->error, code);
	s->error_detail[0] = '\0';
	s->told = NULL;
}

/* ---- keys -----------------------------------------------------------------
 */

/* Keys that mean the same everywhere; CI_COUNT when it is none of them. */
static int
common_key(struct counter_session *s, const struct event *ev)
{
	if (ev->kind != EV_KEY && ev->kind != EV_MOUSE)
		return CI_STAY;
	if (ev->kind == EV_KEY && (ev->key == K_F1 || ev->key == K_F7))
		return CI_HELP;
	if (event_is_key(ev, K_F6))
		return s->call_count > 0 ? CI_ANSWER : CI_STAY;
	if (s->pending != CQ_NONE)
		return CI_STAY;
	if (ev->kind == EV_KEY && ev->key != K_F10)
		s->ending = false;
	if (event_is_key(ev, K_ESC))
		return CI_BACK;
	return CI_COUNT;
}

static bool
is_edit(const struct event *ev)
{
	return ev->kind == EV_MOUSE ||
	       (ev->kind == EV_KEY &&
		   (ev->key == K_CHAR || ev->key == K_BACKSPACE ||
		       ev->key == K_DELETE || ev->key == K_CLEAR ||
		       ev->key == K_ENTER || ev->key == K_F10));
}

static void
tell_refusal(struct counter_session *s)
{
	clerk_fail(s, s->form.at, form_refusal(&s->form));
}

int
clerk_event(
    struct counter_session *s, const struct event *ev, enum form_result *did)
{
	int intent = common_key(s, ev);

	*did = FORM_PASSED;
	if (intent != CI_COUNT)
		return intent;
	if (is_edit(ev)) {
		s->error[0] = '\0';
		s->told = NULL;
	}
	*did = form_feed(&s->form, s->ime, ev);
	if (*did == FORM_REFUSED)
		tell_refusal(s);
	else if (*did == FORM_USED && s->form.count > 0)
		s->item_error[s->form.at] = NULL;
	return CI_STAY;
}

int
clerk_form_event(struct counter_session *s, const struct event *ev)
{
	struct field *field = form_field(&s->form);
	enum form_result did;
	int intent = clerk_event(s, ev, &did);

	if (intent != CI_STAY)
		return intent;
	if (did == FORM_SUBMIT ||
	    (event_is_key(ev, K_F10) && s->pending == CQ_NONE)) {
		if (field != NULL)
			field_leave(field, s->ime);
		memset(s->item_error, 0, sizeof s->item_error);
		return CI_SUBMIT;
	}
	if (did == FORM_USED)
		s->desk.sure = false;
	return CI_STAY;
}

/* ---- forms ----------------------------------------------------------------
 */

void
clerk_form(struct counter_session *s)
{
	form_init(&s->form);
	memset(s->item_error, 0, sizeof s->item_error);
}

void
clerk_fail(struct counter_session *s, int item, const char *key)
{
	if (item >= 0 && item < FORM_ITEMS)
		s->item_error[item] = key;
}

bool
clerk_wrong(struct counter_session *s)
{
	for (int i = 0; i < s->form.count; i++) {
		if (s->item_error[i] != NULL) {
			form_focus(&s->form, s->ime, i);
			return true;
		}
	}
	return false;
}

const char *
clerk_item_error(const struct counter_session *s, int item)
{
	if (item < 0 || item >= FORM_ITEMS || s->item_error[item] == NULL)
		return NULL;
	return T(s->item_error[item]);
}

const char *
clerk_ime(const struct counter_session *s, const struct field *f)
{
	if (s->ime == NULL || f->spec.kind != FIELD_TEXT ||
	    form_field(&s->form) != f)
		return NULL;
	return s->ime->on ? T("ime.hangul") : T("ime.latin");
}

void
clerk_reason(const struct counter_session *s, struct page *p, int item,
    const char *label, const struct field *f)
{
	page_field(p, T(label), f, clerk_ime(s, f), clerk_item_error(s, item));
}

void
clerk_check_reason(struct counter_session *s, int item, const struct field *f)
{
	if (field_chars(f) < REASON_LEAST)
		clerk_fail(s, item, "desk.reason.needed");
}

void
clerk_table(struct page *p, struct page_column *out,
    const struct page_column *heads, int count)
{
	for (int i = 0; i < count; i++) {
		out[i] = heads[i];
		out[i].title = T(heads[i].title);
	}
	page_table(p, out, count);
}

const char *const *
clerk_options(
    struct page *p, const char *prefix, const char *(*word)(int), int count)
{
	const char *names[PAGE_OPTIONS];

	if (count > PAGE_OPTIONS)
		count = PAGE_OPTIONS;
	for (int i = 0; i < count; i++)
		names[i] = desk_word(p, prefix, word(i));
	return page_list(p, names, count);
}

void
clerk_case_line(const struct counter_session *s, struct page *p)
{
	const struct case_view *c = &s->desk.kase;

	page_row(p, T("desk.row.state"), desk_state(p, c->state),
	    page_fmt(p, "%s  %s", c->holder, words_product(c->product_key)));
}

bool
clerk_same(struct counter_session *s)
{
	struct desk *d = &s->desk;

	if (d->act_version == d->version)
		return true;
	/* told, and read again: the next time it goes */
	d->act_version = d->version;
	clerk_error(s, "changed");
	return false;
}

bool
clerk_ready(struct counter_session *s)
{
	struct desk *d = &s->desk;
	const struct counter_act *act = counter_act_named(d->act);

	if (!d->held) {
		clerk_error(s, "not_held");
		return false;
	}
	if (!clerk_same(s))
		return false;
	if (act != NULL && act->final && !d->sure) {
		d->sure = true;
		clerk_error(s, "sure");
		return false;
	}
	return true;
}

/* Approving may need two people too, for who comes and what was found. */
static enum counter_people
people_for(const struct desk *d)
{
	const struct counter_act *act = counter_act_named(d->act);

	if (act == NULL)
		return ONE_PERSON;
	if (strcmp(d->act, "approve") != 0)
		return act->people;
	if (strcmp(d->kase.review_key, "review.name") == 0)
		return TWO_WITH_SUPERVISOR;
	if (strcmp(d->kase.review_key, "review.minor") == 0 ||
	    strcmp(d->applicant, "minor") == 0 ||
	    strcmp(d->applicant, "business_proxy") == 0)
		return TWO_PERSONS;
	return act->people;
}

void
clerk_people(const struct counter_session *s, struct page *p)
{
	const struct counter_act *act = counter_act_named(s->desk.act);
	enum counter_people people = people_for(&s->desk);

	if (people == TWO_PERSONS)
		page_say(p, ROLE_NOTICE, T("desk.people.two"));
	if (people == TWO_WITH_SUPERVISOR)
		page_say(p, ROLE_NOTICE, T("desk.people.supervisor"));
	if (act != NULL && act->final)
		page_say(p, ROLE_ERROR, T("desk.people.final"));
}
