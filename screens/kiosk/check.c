/*
 * screens/kiosk/check.c - the stick or the security token for the working
 * check: what is on the one is listed, the other waits for its PIN.
 */
#include "screens/kiosk/common.h"

#include <string.h>

#include "screens/kiosk/words.h"
#include "screens/kiosk/screens.h"
#include "ui/text.h"

static int
count(const struct session *s)
{
	return s->found_count + s->token_count;
}

static void
build(struct session *s)
{
	kiosk_form(s);
	form_add_picks(&s->form, count(s));
}

static void
enter(struct session *s)
{
	s->found_asked = s->tokens_asked = false;
	s->found_count = s->token_count = 0;
	build(s);
}

/*
 * What there is to ask for: the tokens once, the list on a stick once for each
 * that comes.  Tokens do not tell when they come; F5 looks again.
 */
static int
ask(struct session *s)
{
	if (s->media != MEDIA_READY) {
		s->found_asked = false;
		s->found_count = 0;
	}
	if (s->pending != REQ_NONE)
		return INTENT_STAY;
	if (kiosk_branch(s)->token_ok && !s->tokens_asked) {
		s->tokens_asked = true;
		return INTENT_TOKEN;
	}
	if (s->media != MEDIA_READY || s->found_asked)
		return INTENT_STAY;
	s->found_asked = true;
	return INTENT_RETRY;
}

static int
pick(struct session *s, int at)
{
	s->check_token = at >= s->found_count;
	if (!s->check_token) {
		s->found_at = at;
		return INTENT_NEXT;
	}
	s->token_at = at - s->found_count;
	if (strcmp(s->tokens[s->token_at].pin, "locked") != 0)
		return INTENT_NEXT;
	kiosk_error(s, "token.locked");
	return INTENT_STAY;
}

static int
on_event(struct session *s, const struct event *ev)
{
	enum form_result did;
	int intent, wish;

	if (ev->kind == EV_TICK && (wish = ask(s)) != INTENT_STAY)
		return wish;
	if (s->form.count != count(s))
		build(s);
	intent = kiosk_event(s, ev, &did);
	if (s->pending != REQ_NONE)
		return intent;
	if (event_is_key(ev, K_F5)) {
		s->found_asked = s->tokens_asked = false;
		return ask(s);
	}
	return did == FORM_PICKED ? pick(s, s->form.at) : intent;
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
draw_tokens(const struct session *s, struct page *p)
{
	for (int i = 0; i < s->token_count; i++) {
		const struct token_view *t = &s->tokens[i];
		const char *tries = kiosk_tries(t);
		page_menu(p, page_fill(p, T("check.token"), t->label),
		    tries != NULL ? tries : T("check.token.sub"));
	}
}

/* What is missing, and what to do about it. */
static void
draw_missing(const struct session *s, struct page *p)
{
	bool idle = s->pending == REQ_NONE && s->error[0] == '\0';

	if (s->media != MEDIA_READY && s->token_count == 0)
		page_task(p, TASK_DOING, T("media.none"), NULL);
	else if (s->media == MEDIA_READY && s->found_count == 0 &&
		 s->found_asked && idle)
		page_say(p, ROLE_ERROR, T("check.empty"));
	if (kiosk_branch(s)->token_ok && s->token_count == 0)
		page_text(p, T("check.token.how"));
}

static void
draw(const struct session *s, struct page *p)
{
	bool found = count(s) > 0, tokens = kiosk_branch(s)->token_ok;

	kiosk_head(s, p, STAGE_STICK);
	page_focus(p, s->form.at);
	page_prompt(p, T(found	    ? "check.choose"
			   : tokens ? "check.prompt.any"
				    : "check.prompt"));
	page_text(p, T("check.why"));
	page_gap(p);
	if (s->found_count > 0)
		draw_found(s, p);
	draw_tokens(s, p);
	draw_missing(s, p);
	kiosk_foot(s, p, "key.home", found ? "key.choose" : NULL,
	    tokens || (s->media == MEDIA_READY && !found) ? "check.again"
							  : NULL);
}

const struct screen screen_check = {
	.name = "check",
	.idle_ms = IDLE_READ_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
