/*
 * store/desk_more.c - proposals, the issue guide, messages.
 */
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "store/desk_seal.h"
#include "store/internal.h"

/* ---- proposals ---- */

static struct err
close_same(struct store *s, const struct store_case *c, const char *action)
{
	sqlite3_stmt *q = s->q[Q_DESK_PROPOSAL_DROP];

	sqlite3_bind_int64(q, 1, c->id);
	sqlite3_bind_text(q, 2, action, -1, SQLITE_TRANSIENT);
	sqlite3_bind_int64(q, 3, desk_now_s(s));
	return store_run(s, Q_DESK_PROPOSAL_DROP, "desk: proposal");
}

struct err
desk_propose(
    struct store *s, const struct store_case *c, struct desk_proposal *p)
{
	sqlite3_stmt *q = s->q[Q_DESK_PROPOSE];
	struct err e = close_same(s, c, p->action);

	if (err_is(e))
		return e;
	p->at = desk_now_s(s);
	sqlite3_bind_int64(q, 1, c->id);
	sqlite3_bind_int(q, 2, (int)p->state);
	sqlite3_bind_int64(q, 3, p->at);
	sqlite3_bind_text(q, 4, p->staff, -1, SQLITE_TRANSIENT);
	sqlite3_bind_int64(q, 5, p->uid);
	sqlite3_bind_text(q, 6, p->level, -1, SQLITE_TRANSIENT);
	sqlite3_bind_text(q, 7, p->action, -1, SQLITE_TRANSIENT);
	/* a refund may be proposed after the end */
	sqlite3_bind_int(q, 8, c->ended_at != 0);
	e = desk_bind_sealed(s, q, 9, c, c->ended_at != 0, p->text);
	if (!err_is(e))
		e = store_run(s, Q_DESK_PROPOSE, "desk: proposal");
	if (!err_is(e))
		p->id = sqlite3_last_insert_rowid(s->db);
	return e;
}

static struct err
read_proposal(struct store *s, struct desk_proposal *out, sqlite3_stmt *q,
    const struct store_case *c)
{
	int state = sqlite3_column_int(q, 1);

	memset(out, 0, sizeof *out);
	if (state < 0 || state >= CASE_STATE_COUNT)
		return err_make(E_CORRUPT, 0, "desk: proposal");
	out->id = sqlite3_column_int64(q, 0);
	out->state = (enum case_state)state;
	out->at = sqlite3_column_int64(q, 2);
	desk_text(out->staff, sizeof out->staff, q, 3);
	out->uid = sqlite3_column_int64(q, 4);
	desk_text(out->level, sizeof out->level, q, 5);
	desk_text(out->action, sizeof out->action, q, 6);
	return desk_open_sealed(
	    s, out->text, q, 8, c, sqlite3_column_int(q, 7) != 0);
}

struct err
desk_proposals(struct store *s, struct desk_proposal *out, size_t cap,
    size_t *n, const struct store_case *c)
{
	sqlite3_stmt *q = s->q[Q_DESK_PROPOSALS];
	struct err e = err_none();
	int rc = SQLITE_DONE;

	*n = 0;
	sqlite3_bind_int64(q, 1, c->id);
	sqlite3_bind_int(q, 2, (int)c->state);
	while (!err_is(e) && *n < cap && (rc = sqlite3_step(q)) == SQLITE_ROW)
		e = read_proposal(s, &out[(*n)++], q, c);
	return desk_finish(s, q, rc, e);
}

struct err
desk_proposal_close(struct store *s, int64_t id)
{
	sqlite3_bind_int64(s->q[Q_DESK_PROPOSAL_CLOSE], 1, id);
	sqlite3_bind_int64(s->q[Q_DESK_PROPOSAL_CLOSE], 2, desk_now_s(s));
	return store_run(s, Q_DESK_PROPOSAL_CLOSE, "desk: proposal");
}

/* ---- the guide ---- */

struct err
desk_guide_put(
    struct store *s, const struct store_case *c, const struct desk_guide *g)
{
	sqlite3_stmt *q = s->q[Q_DESK_GUIDE_PUT];
	char both_secret[DESK_TEXT];
	struct err e;

	snprintf(both_secret, sizeof both_secret, "%s\n%s", g->refnum_secret,
	    g->authcode_secret);
	sqlite3_bind_int64(q, 1, c->id);
	sqlite3_bind_int64(q, 2, g->sent_at);
	sqlite3_bind_int64(q, 3, g->expires_at);
	sqlite3_bind_int64(q, 4, g->attempts_left);
	sqlite3_bind_text(q, 5, g->channel, -1, SQLITE_TRANSIENT);
	e = desk_bind_sealed(s, q, 6, c, false, both_secret);
	secret_wipe(both_secret, sizeof both_secret);
	return err_is(e) ? e : store_run(s, Q_DESK_GUIDE_PUT, "desk: guide");
}

struct err
desk_guide_get(
    struct store *s, struct desk_guide *out, const struct store_case *c)
{
	sqlite3_stmt *q = s->q[Q_DESK_GUIDE];
	char both_secret[DESK_TEXT] = "", *cut;
	struct err e = err_none();
	int rc;

	memset(out, 0, sizeof *out);
	sqlite3_bind_int64(q, 1, c->id);
	rc = sqlite3_step(q);
	if (rc == SQLITE_ROW) {
		out->sent_at = sqlite3_column_int64(q, 0);
		out->expires_at = sqlite3_column_int64(q, 1);
		out->attempts_left = sqlite3_column_int64(q, 2);
		desk_text(out->channel, sizeof out->channel, q, 3);
		e = desk_open_sealed(s, both_secret, q, 4, c, false);
	} else if (rc == SQLITE_DONE) {
		e = err_make(E_NOTFOUND, 0, "desk: guide");
	}
	if (!err_is(e) && (cut = strchr(both_secret, '\n')) != NULL) {
		*cut = '\0';
		(void)str_copy(out->refnum_secret, STORE_TEXT, both_secret);
		(void)str_copy(out->authcode_secret, STORE_TEXT, cut + 1);
	}
	secret_wipe(both_secret, sizeof both_secret);
	return desk_finish(s, q, rc, e);
}

/* ---- messages ---- */

struct err
desk_message_put(struct store *s, const struct store_case *c, const char *key,
    const char *kind)
{
	sqlite3_stmt *q = s->q[Q_DESK_MESSAGE_PUT];
	struct err e;

	sqlite3_bind_text(q, 1, key, -1, SQLITE_TRANSIENT);
	sqlite3_bind_int64(q, 2, c->id);
	sqlite3_bind_text(q, 3, kind, -1, SQLITE_TRANSIENT);
	sqlite3_bind_int64(q, 4, desk_now_s(s));
	e = store_run(s, Q_DESK_MESSAGE_PUT, "desk: message");
	if (!err_is(e) && sqlite3_changes(s->db) == 0)
		e = err_make(E_EXISTS, 0, "desk: message");
	return e;
}

struct err
desk_messages(struct store *s, struct desk_message *out, size_t cap, size_t *n)
{
	sqlite3_stmt *q = s->q[Q_DESK_MESSAGES];
	int rc = SQLITE_DONE;

	*n = 0;
	sqlite3_bind_int64(q, 1, (int64_t)cap);
	while (*n < cap && (rc = sqlite3_step(q)) == SQLITE_ROW) {
		struct desk_message *m = &out[(*n)++];
		desk_text(m->key, sizeof m->key, q, 0);
		desk_text(m->kind, sizeof m->kind, q, 1);
		m->case_id = sqlite3_column_int64(q, 2);
		desk_text(m->case_no, sizeof m->case_no, q, 3);
	}
	return desk_finish(s, q, rc, err_none());
}

struct err
desk_message_sent(struct store *s, const char *key)
{
	sqlite3_stmt *q = s->q[Q_DESK_MESSAGE_SENT];

	sqlite3_bind_text(q, 1, key, -1, SQLITE_TRANSIENT);
	sqlite3_bind_int64(q, 2, desk_now_s(s));
	return store_run(s, Q_DESK_MESSAGE_SENT, "desk: message");
}
