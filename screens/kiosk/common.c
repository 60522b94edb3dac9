/*
 * screens/kiosk/common.c - head, footer, messages and keys of all screens.
 */
#include "screens/kiosk/common.h"

#include <string.h>

#include "base/span.h"
#include "flow/suggest.h"
#include "screens/kiosk/words.h"
#include "ui/text.h"

/* clang-format off */
static const char *const stage_keys[STAGE_COUNT] = {
	[STAGE_NONE] = "",		[STAGE_GUIDE] = "step.guide",
	[STAGE_IDENTITY] = "step.identity", [STAGE_LOSS] = "step.loss",
	[STAGE_FORM] = "step.form",	[STAGE_FEE] = "step.fee",
	[STAGE_SAVE] = "step.save",	[STAGE_STATUS] = "step.status",
	[STAGE_STICK] = "step.stick",	[STAGE_PASSWORD] = "step.password",
	[STAGE_DONE] = "step.done",
};

static const struct {
	const char	*title;
	int		 count;
	enum stage	 stages[STAGE_COUNT];
} jobs[PURPOSE_COUNT] = {
	[PURPOSE_NONE] = { "", 0, { STAGE_NONE } },
	[PURPOSE_REISSUE] = { "title.reissue", 7, { STAGE_GUIDE,
	    STAGE_IDENTITY, STAGE_LOSS, STAGE_FORM, STAGE_FEE, STAGE_SAVE,
	    STAGE_DONE } },
	[PURPOSE_REPORT] = { "title.report", 4, { STAGE_GUIDE, STAGE_IDENTITY,
	    STAGE_LOSS, STAGE_DONE } },
	[PURPOSE_STATUS] = { "title.status", 2, { STAGE_IDENTITY,
	    STAGE_STATUS } },
	[PURPOSE_CHECK] = { "title.check", 3, { STAGE_STICK, STAGE_PASSWORD,
	    STAGE_DONE } },
};

/* What an answer is awaited from, told after a while. */
static const char *const waits[REQ_COUNT] = {
	[REQ_IDENTITY] = "wait.registry",
	[REQ_FACTOR_START] = "wait.registry",
	[REQ_FACTOR] = "wait.registry",
	[REQ_CERTS] = "wait.registry",
	[REQ_PAY] = "wait.terminal",
	[REQ_PAY_STOP] = "wait.terminal",
	[REQ_PRINT] = "wait.printer",
	[REQ_DIGITS] = "wait.phone",
	[REQ_MEDIA_LIST] = "wait.stick",
	[REQ_MEDIA_VERIFY] = "wait.stick",
	[REQ_MEDIA_PASSWD] = "wait.stick",
	[REQ_TOKENS] = "wait.token",
	[REQ_TOKEN_CHECK] = "wait.token",
	[REQ_TOKEN_PIN] = "wait.token",
};
/* clang-format on */

const struct branch *
kiosk_branch(const struct session *s)
{
	static const struct branch none;

	return s->branch != NULL ? s->branch : &none;
}

bool
kiosk_state(const struct session *s, const char *state)
{
	return strcmp(s->kase.state, state) == 0;
}

static void
set_steps(struct page *p, struct page_head *head, enum purpose purpose,
    enum stage stage)
{
	const char *names[STAGE_COUNT];
	int n = 0;

	head->step_now = -1;
	for (int i = 0; i < jobs[purpose].count; i++) {
		enum stage one = jobs[purpose].stages[i];
		if (one == stage)
			head->step_now = n;
		names[n++] = T(stage_keys[one]);
	}
	if (head->step_now < 0)
		return;
	head->steps = page_list(p, names, n);
	head->step_count = n;
}

void
kiosk_head(const struct session *s, struct page *p, enum stage stage)
{
	const struct branch *b = kiosk_branch(s);
	enum purpose purpose = (unsigned)s->purpose < PURPOSE_COUNT
				   ? s->purpose
				   : PURPOSE_NONE;
	bool shut = s->screen == SCR_CLOSED; /* nobody to call */
	struct page_head head = {
		.keys = T(shut ? "head.keys_shut" : "head.keys"),
		.keys_short = T(shut ? "head.keys_shut" : "head.keys_short"),
		.more = T("head.more"),
		.too_small = T("head.too_small"),
		.secret_spoken = T("head.secret_spoken"),
	};

	if (purpose != PURPOSE_NONE)
		head.title = T(jobs[purpose].title);
	else if (b->bank[0] != '\0')
		head.title = page_fill(p, T("title.branch"), b->bank, b->name);
	else
		head.title = T("title.none");
	if (b->practice)
		head.title = page_fill(p, T("title.practice"), head.title);
	if (stage != STAGE_NONE)
		set_steps(p, &head, purpose, stage);
	page_head(p, &head);
}

static void
tell_wait(const struct session *s, struct page *p)
{
	const char *what = (unsigned)s->pending < REQ_COUNT &&
				   waits[s->pending] != NULL
			       ? waits[s->pending]
			       : "wait.branch";

	if (s->now_ms - s->pending_ms < WAIT_TOLD_MS)
		page_notice(p, T("wait"));
	else
		page_notice(p, page_fmt(p, "%s %s", T("wait"), T(what)));
}

/*
 * The words of error `code`; those of err.other when it has none.  Where
 * nothing is being saved an error may have words of its own.
 */
static const char *
error_text(const struct session *s, struct page *p, const char *part)
{
	const char *code = s->error;
	const char *key = page_fmt(p, "err.%s.%s", code, part);
	const char *own = page_fmt(p, "%s.check", key);

	if (s->purpose == PURPOSE_CHECK && text_has(own))
		return T(own);
	return T(text_has(key) ? key : page_fmt(p, "err.other.%s", part));
}

const char *
kiosk_problem(struct page *p, const char *key, const char *part)
{
	const char *own = page_fmt(p, "%s.%s", key, part);
	const char *code = page_fmt(p, "err.%s.%s", key, part);

	if (key[0] != '\0' && text_has(own))
		return T(own);
	if (key[0] != '\0' && text_has(code))
		return T(code);
	return T(page_fmt(p, "problem.other.%s", part));
}

static void
tell_error(const struct session *s, struct page *p)
{
	const char *what = error_text(s, p, "what");

	if (s->error_left >= 0)
		what = page_fmt(p, "%s %s", what,
		    page_fill(
			p, T("err.left"), page_fmt(p, "%d", s->error_left)));
	page_error(p, what, error_text(s, p, "do"));
}

void
kiosk_foot(const struct session *s, struct page *p, const char *back,
    const char *next, const char *middle)
{
	if (s->pending != REQ_NONE) {
		tell_wait(s, p);
		return;
	}
	page_foot(p, back != NULL ? T(back) : NULL,
	    next != NULL ? T(next) : NULL, middle != NULL ? T(middle) : NULL);
	if (s->leaving)
		page_error(p, T("leave.what"), T("leave.do"));
	else if (s->error[0] != '\0')
		tell_error(s, p);
	else if (suggest_left(s))
		page_notice(p, T("suggest.notice"));
}

const char *
kiosk_old_status(struct page *p, const struct case_view *c)
{
	if (strcmp(c->hold, "pending") == 0)
		return T("cert.status.stopping");
	return words_status(p, c->old_status);
}

bool
kiosk_promised(const struct session *s)
{
	return s->kase.promise[0] != '\0' &&
	       (kiosk_state(s, "APPLIED") || kiosk_state(s, "REVIEW") ||
		   kiosk_state(s, "RETURNED") || kiosk_state(s, "APPROVED"));
}

void
kiosk_fact(
    struct page *p, const char *label, const char *value, const char *extra)
{
	if (value != NULL && value[0] != '\0')
		page_row(p, T(label), value, extra);
}

/* Something typed would be lost. */
static bool
leaving_loses(const struct session *s)
{
	return !field_is_empty(&s->name) && !kiosk_state(s, "DONE");
}

/* Keys that mean the same everywhere; INTENT_COUNT when it is none of them. */
static int
common_key(struct session *s, const struct event *ev)
{
	if (ev->kind != EV_KEY)
		return INTENT_COUNT;
	if (ev->key == K_F1)
		return INTENT_HELP;
	if (ev->key == K_F2)
		return INTENT_STAFF;
	if (s->pending != REQ_NONE)
		return INTENT_STAY;
	if (ev->key == K_F10) {
		if (s->leaving || !leaving_loses(s))
			return INTENT_HOME;
		s->leaving = true;
		return INTENT_STAY;
	}
	s->leaving = false;
	if (ev->key == K_F3)
		return INTENT_LANGUAGE;
	if (ev->key == K_ESC)
		return INTENT_BACK;
	return INTENT_COUNT;
}

static bool
is_edit(const struct event *ev)
{
	return ev->kind == EV_MOUSE ||
	       (ev->kind == EV_KEY &&
		   (ev->key == K_CHAR || ev->key == K_BACKSPACE ||
		       ev->key == K_DELETE || ev->key == K_CLEAR ||
		       ev->key == K_LEFT || ev->key == K_RIGHT));
}

static void
tell_refusal(struct session *s)
{
	kiosk_fail(s, s->form.at, form_refusal(&s->form));
}

/* Not a tap that only moved the focus. */
static bool
made_own(const struct session *s, const struct event *ev)
{
	if (s->form.count == 0 || !is_edit(ev))
		return false;
	return ev->kind != EV_MOUSE || ev->ch >= '1' ||
	       s->form.items[s->form.at].kind == FORM_CHECK;
}

int
kiosk_event(struct session *s, const struct event *ev, enum form_result *did)
{
	int intent = common_key(s, ev);

	*did = FORM_PASSED;
	if (intent != INTENT_COUNT)
		return intent;
	if (s->pending != REQ_NONE ||
	    (ev->kind != EV_KEY && ev->kind != EV_MOUSE))
		return INTENT_STAY;
	if (is_edit(ev) || ev->key == K_ENTER)
		s->error[0] = '\0';
	if (event_is_key(ev, K_ENTER) && s->form.count > 0)
		suggest_confirm(s, &s->form.items[s->form.at]);
	*did = form_feed(&s->form, s->ime, ev);
	if (*did == FORM_USED && made_own(s, ev))
		suggest_edited(s, &s->form.items[s->form.at]);
	if (*did == FORM_REFUSED)
		tell_refusal(s);
	else if (*did == FORM_SUBMIT) /* all is looked at anew */
		memset(s->item_error, 0, sizeof s->item_error);
	else if (*did == FORM_USED && is_edit(ev) && s->form.count > 0)
		s->item_error[s->form.at] = NULL;
	return INTENT_STAY;
}

int
kiosk_read_event(struct session *s, const struct event *ev)
{
	enum form_result did;
	int intent = kiosk_event(s, ev, &did);

	return did == FORM_SUBMIT ? INTENT_NEXT : intent;
}

void
kiosk_form(struct session *s)
{
	form_init(&s->form);
	memset(s->item_error, 0, sizeof s->item_error);
}

void
kiosk_fail(struct session *s, int item, const char *key)
{
	if (item >= 0 && item < FORM_ITEMS)
		s->item_error[item] = key;
}

bool
kiosk_wrong(struct session *s)
{
	for (int i = 0; i < s->form.count; i++) {
		if (s->item_error[i] == NULL &&
		    suggest_is(s, &s->form.items[i]))
			kiosk_fail(s, i, "suggest.confirm");
		if (s->item_error[i] != NULL) {
			form_focus(&s->form, s->ime, i);
			return true;
		}
	}
	return false;
}

void
kiosk_leaves(struct session *s)
{
	form_focus(&s->form, s->ime, 0);
}

/* Characters typed, without what only separates them. */
static int
typed(const struct field *f)
{
	int n = field_chars(f);

	if (f->spec.kind == FIELD_SECRET)
		return n;
	for (const char *p = field_text(f); *p != '\0'; p++)
		n -= *p == '-' || *p == ' ' || *p == '.';
	return n;
}

const char *
kiosk_item_error(const struct session *s, struct page *p, int item)
{
	const struct form_item *it;
	int n;

	if (item < 0 || item >= s->form.count || s->item_error[item] == NULL)
		return NULL;
	it = &s->form.items[item];
	n = it->kind == FORM_FIELD ? typed(it->field) : 0;
	return page_fill(p, T(s->item_error[item]), page_fmt(p, "%d", n));
}

void
kiosk_error(struct session *s, const char *code)
{
	(void)str_copy(s->error, sizeof s->error, code);
	s->error_left = -1;
}

enum target
kiosk_way(const struct session *s,
    bool (*has)(const struct case_view *c, enum target way))
{
	if (has(&s->kase, TO_TOKEN))
		return TO_TOKEN;
	return has(&s->kase, TO_PHONE) && !has(&s->kase, TO_STICK) ? TO_PHONE
								   : TO_STICK;
}

const struct token_view *
kiosk_token(const struct session *s)
{
	static const struct token_view none;

	return s->token_at >= 0 && s->token_at < s->token_count
		   ? &s->tokens[s->token_at]
		   : &none;
}

const char *
kiosk_tries(const struct token_view *t)
{
	return strcmp(t->pin, "locked") == 0 ? T("token.is_locked")
	       : strcmp(t->pin, "last") == 0 ? T("token.last")
	       : strcmp(t->pin, "few") == 0  ? T("token.few")
					     : NULL;
}

bool
kiosk_prints(const struct session *s)
{
	const char *print = kiosk_branch(s)->print;

	return strcmp(print, "ok") == 0 || strcmp(print, "low") == 0;
}

const char *
kiosk_ime_hint(const struct session *s, const struct field *f)
{
	if (s->ime == NULL || f->spec.latin_first || form_field(&s->form) != f)
		return NULL;
	return s->ime->on ? T("ime.hangul") : T("ime.latin");
}

const char *
kiosk_label(const struct session *s, struct page *p, int item, const char *key)
{
	if (item >= s->form.count || !suggest_is(s, &s->form.items[item]))
		return T(key);
	return page_fmt(p, "%s %s", T(key), T("suggest.mark"));
}

bool
kiosk_scans(struct session *s, const struct event *ev)
{
	if (ev->kind != EV_KEY || s->pending != REQ_NONE)
		return false;
	if (ev->key == K_F7 && s->scanner) {
		wedge_begin(&s->wedge);
		s->scan_ms = 0;
		return true;
	}
	if (ev->key != K_CHAR || (ev->ch != 'K' && ev->ch != 'k'))
		return false;
	wedge_begin(&s->wedge);
	wedge_char(&s->wedge, ev->ch, ev->now_ms);
	s->scan_ms = ev->now_ms;
	return true;
}
