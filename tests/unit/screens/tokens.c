/*
 * tokens.c - visits on their way to a security token.
 */
#include "tokens.h"

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
