/*
 * agent/token.c - a security token: asked what it is, and given an issue of
 * its own.  dasi-token stands where a dasi-key worker would: its link is the
 * case's for as long as the job runs, and the same messages go over it.
 */
#include <string.h>

#include "base/log.h"
#include "prog/agent/deliver.h"

enum {
	LIST_TIMEOUT_MS = 30000,
	JOB_TIMEOUT_MS = 60000,
	PROVE_TIMEOUT_MS = 60000,
	TOKEN_INDEX_MAX = 63
};

/* One job at a time: a link that works for a case is not to be had. */
static struct link *
idle_link(struct agent *a)
{
	struct link *t = link_of_role(a, ROLE_TOKEN);

	return t != NULL && live_get(a, t->live) == NULL ? t : NULL;
}

static bool
ready(struct agent *a)
{
	return idle_link(a) != NULL;
}

bool
token_is_there(const struct agent *a)
{
	for (int i = 0; i < LINKS_MAX; i++) {
		if (a->links[i].fd >= 0 && a->links[i].role == ROLE_TOKEN)
			return true;
	}
	return false;
}

void
token_tell(struct agent *a)
{
	json_t *view = view_health(a);

	link_event_all(a, ROLE_KIOSK, "health.changed", view);
	json_decref(view);
}

bool
token_read(struct live *l, const json_t *params)
{
	json_int_t index = rpc_int(params, "token", -1);

	if (index < 0 || index > TOKEN_INDEX_MAX)
		return false;
	l->delivery.token = (int)index;
	return true;
}

struct link *
token_take(struct agent *a, struct live *l)
{
	struct link *t = idle_link(a);

	worker_end(a, l->issue.key); /* its key pair is not wanted */
	l->issue.key = NO_REF;
	if (t == NULL)
		return NULL;
	t->live = live_ref(a, l);
	l->issue.key = link_ref(a, t);
	l->issue.ready = true; /* the pair is made with the PIN */
	return t;
}

bool
token_waits(struct agent *a, const struct live *l)
{
	const struct link *t = link_get(a, l->issue.key);

	return t != NULL && t->role == ROLE_TOKEN && l->issue.waits &&
	       !l->issue.writing;
}

/* ---- the way ---- */

static void
on_proven(struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct live *l = live_get(a, ctx->live);
	const char *error = r->error;

	if (l == NULL || l->c.state != CASE_ISSUED || !l->issue.writing)
		return;
	l->issue.writing = false;
	if (error == NULL && err_is(deliver_proven(a, l, WAY_TOKEN)))
		error = "agent.internal";
	if (error != NULL)
		deliver_failed(a, l, WAY_TOKEN, error,
		    strncmp(error, "token.", 6) == 0 ? error
		    : strncmp(error, "rpc.", 4) == 0 ? "token.gone"
						     : "token.io");
}

static void
begin(struct agent *a, struct live *l)
{
	struct context ctx = { .link = NO_REF, .live = live_ref(a, l) };
	struct store_row row = { ROW_INTENT, way_token.effect, l->c.new_serial,
		NULL, { NULL, 0 } };

	l->c.problem[0] = '\0';
	if (err_is(live_step(a, l, CASE_EV_DELIVER, &row, 1, NULL, 0))) {
		live_problem(a, l, "agent.internal");
		live_changed(a, l);
		return;
	}
	l->issue.writing = true;
	live_progress(a, l, STAGE_WRITE, "doing", -1);
	call_peer(a, link_get(a, l->issue.key), "issue.prove", json_object(),
	    -1, PROVE_TIMEOUT_MS, on_proven, &ctx);
}

static bool
busy(const struct live *l)
{
	return l->issue.writing && (l->delivery.chosen & 1u << WAY_TOKEN) != 0;
}

const struct way way_token = { .name = "token",
	.effect = "token.write",
	.missing = "token.none",
	.alone = true,
	.ready = ready,
	.begin = begin,
	.busy = busy };

/* ---- what there is, and what it is good for ---- */

static void
refuse_by(struct agent *a, const struct context *ctx, const struct reply *r)
{
	bool told = strncmp(r->error, "token.", 6) == 0 ||
		    strncmp(r->error, "password.", 9) == 0;

	refuse_with(a, ctx->link, ctx->request,
	    told				  ? r->error
	    : strcmp(r->error, "rpc.params") == 0 ? "rpc.params"
	    : strcmp(r->error, "rpc.gone") == 0	  ? "token.none"
						  : "token.io",
	    told ? r->detail : NULL);
}

static void
on_answer(struct agent *a, const struct context *ctx, const struct reply *r)
{
	if (r->error == NULL)
		answer(a, ctx->link, ctx->request, json_deep_copy(r->result));
	else
		refuse_by(a, ctx, r);
}

/* Pass a request of the kiosk on; takes `params`. */
static const char *
pass_on(struct agent *a, struct ask *q, const char *method, json_t *params,
    int timeout_ms, call_done *done)
{
	struct context ctx = ask_context(a, q);
	struct link *t = idle_link(a);

	if (t == NULL) {
		json_decref(params);
		return "token.none";
	}
	call_peer(a, t, method, params, q->fd, timeout_ms, done, &ctx);
	return NULL;
}

const char *
ask_token_list(struct agent *a, struct ask *q)
{
	return pass_on(
	    a, q, "token.list", json_object(), LIST_TIMEOUT_MS, on_answer);
}

/* The token's certificate takes the place of what was seen on a stick. */
static void
on_checked(struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct link *k = link_get(a, ctx->link);
	json_t *cert = json_object_get(r->result, "certificate");

	if (k == NULL || k->visit.standing < STANDING_VISIT)
		return;
	if (r->error != NULL) {
		refuse_by(a, ctx, r);
		return;
	}
	json_decref(k->visit.pairs);
	k->visit.pairs = json_array();
	if (json_is_string(cert))
		json_array_append_new(
		    k->visit.pairs, json_pack("{s:O}", "sign_cert", cert));
	media_checked(a, ctx, r->result);
}

const char *
ask_token_check(struct agent *a, struct ask *q)
{
	json_t *number = media_number(q);

	if (number == NULL)
		return "rpc.params";
	return pass_on(a, q, "token.check",
	    json_pack("{s:I,s:o}", "token", rpc_int(q->params, "token", -1),
		"number", number),
	    JOB_TIMEOUT_MS, on_checked);
}

const char *
ask_token_pin(struct agent *a, struct ask *q)
{
	return pass_on(a, q, "token.pin",
	    json_pack("{s:I}", "token", rpc_int(q->params, "token", -1)),
	    JOB_TIMEOUT_MS, on_answer);
}
