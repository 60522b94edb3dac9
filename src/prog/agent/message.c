/*
 * agent/message.c - promises that were not kept, and words to customers by
 * text message or e-mail.
 *
 * Messages are durable with what they tell of and sent once each: the net
 * gets a key with them.  One is under way at a time.
 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "prog/agent/desk.h"

enum { LOOK_MS = 60000, SEND_TIMEOUT_MS = 30000, MESSAGE_TEXT = 512 };

bool
message_is_late(
    const struct agent *a, enum case_state state, const char *promise)
{
	char today[CLOCK_TEXT];

	/* these wait for the customer, or for the CA alone */
	if (promise[0] == '\0' || case_is_over(state) ||
	    state == CASE_RETURNED || state == CASE_PAID ||
	    state == CASE_DELIVERED || state == CASE_CONFIRMED)
		return false;
	civil_date_text(today, wall_s(a));
	return strcmp(promise, today) < 0;
}

void
message_wake(struct agent *a)
{
	a->counter.send_ms = mono_ms(a);
}

/* ---- late cases ---- */

static void
look(struct agent *a)
{
	static struct queue_row rows[QUEUE_MAX];
	size_t n = 0;

	if (err_is(store_queue(a->store, rows, QUEUE_MAX, &n, false)))
		return;
	for (size_t i = 0; i < n; i++) {
		struct store_case c = { .id = rows[i].id };
		char key[STORE_TEXT];
		struct err e;
		if (!message_is_late(a, rows[i].state, rows[i].promise))
			continue;
		snprintf(key, sizeof key, "late:%s", rows[i].case_no);
		e = desk_message_put(a->store, &c, key, "late");
		if (err_is(e))
			continue;
		log_line(LOG_NOTICE, "a case is late");
		queue_touch(a);
		message_wake(a);
	}
}

/* ---- sending ---- */

static const char *
subject_of(const char *kind)
{
	return strcmp(kind, "late") == 0 ? "공동인증서 처리 지연 안내"
					 : "공동인증서 서류 보완 안내";
}

static void
words(const struct agent *a, char out[static MESSAGE_TEXT],
    const struct desk_message *m, const struct store_case *c)
{
	const char *bank = a->conf->bank, *branch = a->conf->branch;

	if (strcmp(m->kind, "late") == 0)
		snprintf(out, MESSAGE_TEXT,
		    "[%s %s] 접수번호 %.40s 처리가 약속일(%.10s)보다 "
		    "늦어지고 있습니다. 불편을 드려 죄송합니다.",
		    bank, branch, m->case_no, c->promise);
	else
		snprintf(out, MESSAGE_TEXT,
		    "[%s %s] 접수번호 %.40s에 서류 보완이 필요합니다. "
		    "자세한 내용은 지점 무인 단말의 처리 상태에서 확인해 "
		    "주십시오.",
		    bank, branch, m->case_no);
}

/* Off the list: sent, or it can never be. */
static void
settled(struct agent *a, const char *key, const char *outcome)
{
	if (err_is(desk_message_sent(a->store, key)))
		log_line(LOG_ERROR, "message not noted as sent");
	record_row(a, NULL, "message", outcome, key);
	a->counter.send_tries = 0;
	message_wake(a);
}

static void
on_sent(struct agent *a, const struct context *ctx, const struct reply *r)
{
	a->counter.sending = false;
	if (r->error == NULL) {
		settled(a, ctx->word, "sent");
	} else if (strncmp(r->error, "peer.", 5) == 0 ||
		   strcmp(r->error, "rpc.gone") == 0 ||
		   strcmp(r->error, "rpc.timeout") == 0) {
		a->counter.send_tries++;
		a->counter.send_ms = mono_ms(a) +
				     backoff_ms(a->counter.send_tries);
	} else {
		log_line(LOG_WARNING, "message refused: %s", r->error);
		settled(a, ctx->word, "refused");
	}
}

/* False when there is no way to this person. */
static bool
send(struct agent *a, const struct desk_message *m, const struct store_case *c)
{
	struct context ctx = { .link = NO_REF, .live = NO_REF };
	json_t *person = desk_person(a, c), *params = NULL;
	const char *phone = rpc_str(person, "phone");
	const char *email = rpc_str(person, "email");
	bool sms = a->conf->sms_url[0] != '\0' && phone[0] != '\0';
	char text[MESSAGE_TEXT];

	words(a, text, m, c);
	str_copy(ctx.word, sizeof ctx.word, m->key);
	if (sms)
		params = json_pack(
		    "{s:s,s:s,s:s}", "to", phone, "text", text, "key", m->key);
	else if (a->conf->smtp_url[0] != '\0' && email[0] != '\0')
		params = json_pack("{s:s,s:s,s:s,s:s}", "to", email, "subject",
		    subject_of(m->kind), "text", text, "key", m->key);
	json_decref(person);
	if (params == NULL)
		return false;
	a->counter.sending = true;
	call_peer(a, link_of_role(a, ROLE_NET), sms ? "sms.send" : "mail.send",
	    params, -1, SEND_TIMEOUT_MS, on_sent, &ctx);
	return true;
}

static void
send_next(struct agent *a)
{
	struct desk_message m;
	struct store_case c;
	size_t n = 0;

	a->counter.send_ms = INT64_MAX;
	if (a->counter.sending || err_is(desk_messages(a->store, &m, 1, &n)) ||
	    n == 0)
		return;
	if (err_is(store_case_by_no(a->store, &c, m.case_no)) ||
	    !send(a, &m, &c))
		settled(a, m.key, "nowhere");
}

void
message_tick(struct agent *a)
{
	if (a->counter.due_ms <= mono_ms(a)) {
		a->counter.due_ms = mono_ms(a) + LOOK_MS;
		look(a);
	}
	if (a->counter.send_ms <= mono_ms(a))
		send_next(a);
}

int64_t
message_deadline(const struct agent *a)
{
	return a->counter.due_ms < a->counter.send_ms ? a->counter.due_ms
						      : a->counter.send_ms;
}
