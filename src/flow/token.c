/*
 * flow/token.c - security tokens at the kiosk.
 */
#include "flow/token.h"

#include <string.h>

#include "base/span.h"
#include "flow/answer.h"
#include "rpc/rpc.h"

#define TAKE(field, o, key) answer_text(field, sizeof field, o, key)

void
token_take_list(struct session *s, const json_t *result)
{
	const json_t *list = json_object_get(result, "tokens"), *o;
	size_t i;

	s->token_at = s->token_count = 0;
	json_array_foreach(list, i, o) {
		struct token_view *t = &s->tokens[s->token_count];
		if (i >= TOKEN_LIST)
			break;
		*t = (struct token_view){ .index = (int)rpc_int(o, "index", -1),
			.keys = rpc_bool(o, "keys"),
			.writable = rpc_bool(o, "writable"),
			.full = rpc_bool(o, "full") };
		TAKE(t->label, o, "label");
		TAKE(t->model, o, "model");
		TAKE(t->pin, o, "pin");
		s->token_count++;
	}
}

static struct token_view *
chosen(struct session *s)
{
	return s->token_at >= 0 && s->token_at < s->token_count
		   ? &s->tokens[s->token_at]
		   : NULL;
}

static bool
is(const struct session *s, const char *code)
{
	return strcmp(s->error, code) == 0;
}

void
token_take_refusal(struct session *s, enum request r, const json_t *error)
{
	struct token_view *t = chosen(s);
	const char *left = rpc_str(error, "left");

	if (r == REQ_TOKENS && s->screen == SCR_CHECK)
		s->error[0] = '\0';
	if (r != REQ_TOKEN_CHECK && r != REQ_TOKEN_PIN)
		return;
	if (t != NULL && is(s, "token.pin") && left[0] != '\0')
		(void)str_copy(t->pin, sizeof t->pin, left);
	if (t != NULL && is(s, "token.locked"))
		(void)str_copy(t->pin, sizeof t->pin, "locked");
	if (r == REQ_TOKEN_PIN && is(s, "password.rule"))
		(void)str_copy(s->error, sizeof s->error, "token.rule");
	if (r == REQ_TOKEN_PIN && (is(s, "token.gone") || is(s, "token.io")))
		(void)str_copy(s->error, sizeof s->error, "token.unsure");
}

void
token_take_yes(struct session *s, enum request r)
{
	struct token_view *t = chosen(s);

	if (t != NULL && (r == REQ_TOKEN_CHECK || r == REQ_TOKEN_PIN))
		(void)str_copy(t->pin, sizeof t->pin, "ok");
}

bool
token_is_place(const struct session *s)
{
	return s->to == 1u << TO_TOKEN && s->token_at < s->token_count;
}

json_t *
token_params(const struct session *s)
{
	return json_pack("{s:i}", "token", s->tokens[s->token_at].index);
}
