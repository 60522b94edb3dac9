/*
 * tokens.c - visits on their way to a security token.
 */
#include "tokens.h"

#include <criterion/criterion.h>

#include "flow/answer.h"
#include "states.h"
#include "visits.h"

static void
put(struct session *s, const char *label, const char *pin, bool full)
{
	struct token_view *t = &s->tokens[s->token_count];

	*t = (struct token_view){ .index = s->token_count,
		.keys = true,
		.writable = true,
		.full = full };
	PUT(t->label, label);
	PUT(t->model, "MODEL-2048");
	PUT(t->pin, pin);
	s->token_count++;
}

void
tokens_where(struct session *s)
{
	visit_stick_none(s);
	visit_branch.phone_ok = true;
	visit_branch.token_ok = true;
}

void
tokens_none(struct session *s)
{
	tokens_where(s);
	s->to = 1u << TO_TOKEN;
}

void
tokens_three(struct session *s)
{
	tokens_none(s);
	put(s, "HSM-A", "ok", false);
	put(s, "HSM-B", "few", true);
	put(s, "HSM-C", "locked", false);
}

void
tokens_last_try(struct session *s)
{
	tokens_none(s);
	put(s, "HSM-A", "last", false);
}

void
tokens_gone(struct session *s)
{
	visit_stick_again(s);
	PUT(s->kase.ways[TO_TOKEN], "failed");
	PUT(s->kase.problem_key, "token.gone");
}

void
tokens_wrong_pin(struct session *s)
{
	visit_paid(s);
	PUT(s->kase.problem_key, "token.pin");
}

void
tokens_issuing(struct session *s)
{
	visit_issuing(s);
	PUT(s->kase.ways[TO_TOKEN], "doing");
}

void
tokens_saved(struct session *s)
{
	visit_done(s);
	put(s, "HSM-A", "ok", false);
	PUT(s->kase.ways[TO_TOKEN], "done");
}

/* ---- the working check ---- */

void
tokens_check(struct session *s)
{
	visit_checking(s);
	s->media = MEDIA_NONE;
	visit_branch.token_ok = true;
}

void
tokens_seen(struct session *s)
{
	s->tokens_asked = true;
	put(s, "HSM-A", "ok", false);
	put(s, "HSM-B", "locked", true);
	(void)state_tick(s, 0); /* the list came in */
}

void
tokens_seen_with_stick(struct session *s)
{
	s->media = MEDIA_READY;
	visit_found_two(s);
	tokens_seen(s);
}

void
tokens_pick_locked(struct session *s)
{
	tokens_seen(s);
	state_type(s, "2");
}

void
tokens_check_one(struct session *s)
{
	tokens_check(s);
	put(s, "HSM-A", "ok", false);
	s->check_token = true;
}

void
tokens_check_last(struct session *s)
{
	tokens_check_one(s);
	PUT(s->tokens[0].pin, "last");
}

void
tokens_check_good(struct session *s)
{
	visit_check_good(s);
	tokens_check_one(s);
	PUT(s->check.holder, "홍*동");
	PUT(s->check.product_key, "product.bank_personal");
}

void
tokens_check_held(struct session *s)
{
	tokens_check_good(s);
	PUT(s->check.status, "suspended");
	PUT(s->check.by, "crl");
	s->check.as_of = s->now_unix - 7200;
}

void
tokens_check_unknown(struct session *s)
{
	tokens_check_good(s);
	PUT(s->check.status, "unknown");
	PUT(s->check.by, "");
}

void
tokens_check_empty(struct session *s)
{
	tokens_check_one(s);
	s->check.known = s->check.opens = true;
	s->check.vid = -1;
}

void
tokens_check_changed(struct session *s)
{
	tokens_check_good(s);
	s->check.changed = true;
}

static void
refuse(struct session *s, enum request r, const char *text)
{
	json_t *body = json_loads(text, 0, NULL);

	cr_assert(body != NULL, "%s", text);
	cr_assert_eq((int)answer_apply(s, r, body), INTENT_FAILED);
	json_decref(body);
}

#define REFUSE(name, r, text)                                                  \
	void tokens_refuse_##name(struct session *s)                           \
	{                                                                      \
		refuse(s, r, "{\"error\":" text "}");                          \
	}
REFUSE(pin, REQ_TOKEN_CHECK, "{\"code\":\"token.pin\",\"left\":\"few\"}")
REFUSE(locked, REQ_TOKEN_CHECK, "{\"code\":\"token.locked\"}")
REFUSE(gone, REQ_TOKEN_CHECK, "{\"code\":\"token.gone\"}")
REFUSE(none, REQ_TOKEN_CHECK, "{\"code\":\"token.none\"}")
REFUSE(mechanism, REQ_TOKEN_CHECK, "{\"code\":\"token.mechanism\"}")
REFUSE(rule, REQ_TOKEN_PIN, "{\"code\":\"password.rule\"}")
REFUSE(readonly, REQ_TOKEN_PIN, "{\"code\":\"token.readonly\"}")
REFUSE(change_gone, REQ_TOKEN_PIN, "{\"code\":\"token.gone\"}")

void
tokens_wait(struct session *s)
{
	s->pending = REQ_TOKEN_CHECK;
	s->pending_ms = s->now_ms - 2500;
}

void
tokens_new_differs(struct session *s)
{
	field_set(&s->old_password, "80231957");
	field_set(&s->password, "66778899");
	field_set(&s->again, "66778898");
	s->form.at = s->form.count - 1;
	(void)state_key(s, K_ENTER);
}
