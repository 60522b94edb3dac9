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

bool
message_is_english(const json_t *person)
{
	return strcmp(rpc_str(person, "lang"), "en") == 0;
}

const char *
message_lang(const json_t *person)
{
	return message_is_english(person) ? "en" : "ko";
}

/* {1} bank and branch, {2} receipt number, {3} a day. */
struct words {
	const char *kind;
	struct {
		const char *subject, *text;
	} in[2]; /* Korean, English */
};

/* The last kind is said when none fits. */
/* clang-format off */
static const struct words sayings[] = {
	{ "late", {
	    { "공동인증서 처리 지연 안내",
	      "[{1}] 접수번호 {2} 처리가 약속일({3})보다 늦어지고 있습니다. 불편을 드려 죄송합니다." },
	    { "Your certificate is late",
	      "[{1}] Your application {2} takes longer than promised ({3}). We are sorry." } } },
	{ "until", {
	    { "공동인증서 신청 기한 안내",
	      "[{1}] 접수번호 {2}은(는) {3}까지 이어서 하실 수 있습니다. 그날까지 오시지 않으면 신청이 끝나며, 인증서 정지는 유지됩니다." },
	    { "Your application ends soon",
	      "[{1}] You can go on with your application {2} until {3}. After that day it ends; the certificate stays suspended." } } },
	{ "returned", {
	    { "공동인증서 서류 보완 안내",
	      "[{1}] 접수번호 {2}에 서류 보완이 필요합니다. {3}까지 가져와 주십시오. 자세한 내용은 지점 무인 단말의 처리 상태에서 확인해 주십시오." },
	    { "More papers are needed",
	      "[{1}] Your application {2} needs more papers by {3}. Please see its status at the branch's kiosk." } } },
};
/* clang-format on */

enum { SAYINGS = sizeof sayings / sizeof *sayings };

static const struct words *
words_of(const char *kind)
{
	size_t i = 0;

	while (i < SAYINGS - 1 && strcmp(sayings[i].kind, kind) != 0)
		i++;
	return &sayings[i];
}

static void
say(char out[static MESSAGE_TEXT], const char *text, const char *const args[3])
{
	struct buf b = buf_make(out, MESSAGE_TEXT - 1);

	for (; *text != '\0'; text++) {
		if (text[0] == '{' && text[1] >= '1' && text[1] <= '3' &&
		    text[2] == '}') {
			buf_add_str(&b, args[text[1] - '1']);
			text += 2;
		} else {
			buf_add(&b, text, 1);
		}
	}
	out[b.n] = '\0';
}

/* Returns the subject; NULL when what is said is not so any more. */
static const char *
words(struct agent *a, char out[static MESSAGE_TEXT],
    const struct desk_message *m, const struct store_case *c, bool english)
{
	const struct words *w = words_of(m->kind);
	char who[CONF_TEXT * 2 + 2], day[CLOCK_TEXT];

	snprintf(who, sizeof who, "%s %s", a->conf->bank, a->conf->branch);
	if (strcmp(w->kind, "late") == 0)
		str_copy(day, sizeof day, c->promise);
	else
		expire_day(a, c, day);
	say(out, w->in[english].text,
	    (const char *const[]){ who, m->case_no, day });
	return day[0] == '\0' ? NULL : w->in[english].subject;
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

/* False when there is no way to this person, or nothing to say any more. */
static bool
send(struct agent *a, const struct desk_message *m, const struct store_case *c)
{
	struct context ctx = { .link = NO_REF, .live = NO_REF };
	json_t *person = desk_person(a, c), *params = NULL;
	const char *phone = rpc_str(person, "phone");
	const char *email = rpc_str(person, "email");
	bool sms = a->conf->sms_url[0] != '\0' && phone[0] != '\0';
	char text[MESSAGE_TEXT];
	const char *subject = words(a, text, m, c, message_is_english(person));

	str_copy(ctx.word, sizeof ctx.word, m->key);
	if (subject != NULL && sms)
		params = json_pack(
		    "{s:s,s:s,s:s}", "to", phone, "text", text, "key", m->key);
	else if (subject != NULL && a->conf->smtp_url[0] != '\0' &&
		 email[0] != '\0')
		params = json_pack("{s:s,s:s,s:s,s:s}", "to", email, "subject",
		    subject, "text", text, "key", m->key);
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
		branch_tell(a); /* the doors open and close by the clock */
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
