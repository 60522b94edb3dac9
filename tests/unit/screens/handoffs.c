/*
 * handoffs.c - visits on their way to a phone.
 */
#include "handoffs.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "flow/answer.h"
#include "flow/phone.h"
#include "states.h"
#include "visits.h"

const char handoffs_url[] = "https://h.hanbit.test/d/ABCDEFGHIJKLMNOP#"
			    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

int
handoffs_event(struct session *s, const char *text)
{
	json_t *body = json_loads(text, 0, NULL);
	int intent;

	cr_assert(body != NULL, "%s", text);
	intent = answer_event(s, &visit_branch, body);
	json_decref(body);
	return intent;
}

int
handoffs_changed(struct session *s, const char *state, int left_s)
{
	char text[256];

	snprintf(text, sizeof text,
	    "{\"event\":\"phone.changed\",\"params\":{\"case_no\":\"%s\","
	    "\"state\":\"%s\",\"left_s\":%d}}",
	    s->kase.case_no, state, left_s);
	return handoffs_event(s, text);
}

void
handoffs_where(struct session *s)
{
	visit_stick_none(s);
	visit_branch.phone_ok = true;
}

void
handoffs_issued(struct session *s)
{
	visit_stick_again(s);
	visit_branch.phone_ok = true;
	s->to = 1u << TO_PHONE;
	PUT(s->kase.ways[TO_PHONE], "todo");
}

static void
codes_of(struct session *s, const char *wifi, int ttl_s, bool last)
{
	char text[512];
	json_t *result;

	snprintf(text, sizeof text,
	    "{\"url\":\"%s\",\"ttl_s\":%d,\"last\":%s,\"wifi\":%s}",
	    handoffs_url, ttl_s, last ? "true" : "false", wifi);
	result = json_loads(text, 0, NULL);
	cr_assert(result != NULL);
	phone_take_codes(s, result);
	json_decref(result);
}

static void
codes(struct session *s, const char *wifi)
{
	codes_of(s, wifi, 180, false);
}

void
handoffs_code(struct session *s)
{
	handoffs_issued(s);
	codes(s, "null");
}

void
handoffs_last(struct session *s)
{
	handoffs_issued(s);
	codes_of(s, "null", 95, true);
}

void
handoffs_last_soon(struct session *s)
{
	handoffs_last(s);
	s->now_ms += 80000;
}

void
handoffs_last_elsewhere(struct session *s)
{
	handoffs_last(s);
	(void)handoffs_changed(s, "elsewhere", 60);
}

void
handoffs_code_after_stick(struct session *s)
{
	handoffs_code(s);
	PUT(s->kase.ways[TO_STICK], "done");
}

void
handoffs_wifi(struct session *s)
{
	handoffs_issued(s);
	codes(s, "{\"name\":\"HANBIT;GUEST\",\"key\":\"inv\\\\ented\"}");
}

void
handoffs_opening(struct session *s)
{
	handoffs_code(s);
	(void)handoffs_changed(s, "open", 171);
}

void
handoffs_elsewhere(struct session *s)
{
	handoffs_code(s);
	(void)handoffs_changed(s, "elsewhere", 150);
}

void
handoffs_soon(struct session *s)
{
	handoffs_code(s);
	s->now_ms += 165000;
}

void
handoffs_making(struct session *s)
{
	handoffs_issued(s);
	s->pending = REQ_PHONE;
	s->pending_ms = s->now_ms;
}

void
handoffs_claimed(struct session *s)
{
	handoffs_code(s);
	(void)handoffs_changed(s, "claimed", 140);
}

void
handoffs_sending(struct session *s)
{
	handoffs_claimed(s);
	(void)handoffs_changed(s, "sending", 120);
}

void
handoffs_done(struct session *s)
{
	handoffs_sending(s);
	(void)handoffs_changed(s, "done", 0);
}

void
handoffs_expired(struct session *s)
{
	handoffs_claimed(s);
	(void)handoffs_changed(s, "expired", 0);
}

void
handoffs_wrong(struct session *s)
{
	handoffs_claimed(s);
	(void)handoffs_changed(s, "wrong", 0);
}

void
handoffs_broken(struct session *s)
{
	handoffs_sending(s);
	(void)handoffs_changed(s, "gone", 0);
}

void
handoffs_none(struct session *s)
{
	handoffs_issued(s);
	PUT(s->error, "phone.none");
	s->error_left = -1;
}

void
handoffs_typed(struct session *s)
{
	state_type(s, "048213");
}

void
handoffs_refused(struct session *s)
{
	state_type(s, "048213");
	PUT(s->error, "phone.wrong");
	s->error_left = 2;
}

void
handoffs_short(struct session *s)
{
	state_type(s, "048");
	(void)state_key(s, K_ENTER);
}

void
handoffs_stick_gone(struct session *s)
{
	visit_stick_gone(s);
	visit_branch.phone_ok = true;
	PUT(s->kase.ways[TO_STICK], "failed");
}

void
handoffs_stick_again(struct session *s)
{
	visit_stick_again(s);
	visit_branch.phone_ok = true;
	s->to = 1u << TO_STICK;
}

void
handoffs_issuing(struct session *s)
{
	visit_issuing(s);
	PUT(s->kase.ways[TO_PHONE], "todo");
}

void
handoffs_saved(struct session *s)
{
	visit_done(s);
	PUT(s->kase.ways[TO_PHONE], "done");
}

void
handoffs_saved_both(struct session *s)
{
	handoffs_saved(s);
	PUT(s->kase.ways[TO_STICK], "done");
}
