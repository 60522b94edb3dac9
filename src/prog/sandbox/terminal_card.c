/*
 * sandbox/terminal_card.c - the customer, the card's bank and their pace.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/rand.h>

#include "base/log.h"
#include "terminal_inside.h"

enum { WRONG_AMOUNT_BY = 100 };

int64_t
card_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static json_t *
under_way(struct sandbox *sb)
{
	return sb->terminal->now[0] == '\0'
		   ? NULL
		   : records_get(&sb->payments, sb->terminal->now);
}

static bool
in_state(const json_t *rec, const char *state)
{
	return rec != NULL && strcmp(rec_text(rec, "state"), state) == 0;
}

/* Show a text; those who wait for the answer get it. */
static void
show(struct sandbox *sb, json_t *rec, const char *text)
{
	json_array_append_new(
	    json_object_get(rec, "displays"), json_string(text));
	pthread_cond_broadcast(&sb->terminal->changed);
}

/* The next step after `ms`, or never for -1. */
static void
later(struct terminal *t, int ms)
{
	t->due_ms = ms < 0 ? -1 : card_clock() + ms;
}

static void
finish(struct sandbox *sb, const char *condition, const char *text)
{
	struct terminal *t = sb->terminal;
	json_t *rec = under_way(sb);
	char at[CLOCK_TEXT];

	if (rec == NULL)
		return;
	money_time(sb, at);
	rec_set_text(rec, "result", condition == NULL ? "Success" : "Failure");
	rec_set_text(rec, "condition", condition == NULL ? "" : condition);
	rec_set_text(rec, "finished_at", at);
	show(sb, rec, text);
	rec_set_text(rec, "state", "done");
	/* on record before anybody is told */
	if (err_is(records_save(&sb->payments, t->now)))
		log_line(LOG_ERROR, "terminal: payment not written");
	t->now[0] = '\0';
	t->due_ms = -1;
	pthread_cond_broadcast(&t->changed);
}

void
card_fail(struct sandbox *sb, const char *condition)
{
	finish(sb, condition, "결제가 취소되었습니다");
}

/* What the card's bank says when nobody has said otherwise. */
static void
host_answers(struct sandbox *sb)
{
	json_t *rec = under_way(sb);
	const char *fate = rec_text(rec, "fate");
	char approval[16];
	uint32_t v = 0;

	if (fate[0] != '\0' && strcmp(fate, "wrong_amount") != 0) {
		finish(sb, fate, "승인이 거절되었습니다");
		return;
	}
	(void)RAND_bytes((unsigned char *)&v, sizeof v);
	snprintf(approval, sizeof approval, "%08u", v % 100000000);
	rec_set_text(rec, "approval", approval);
	rec_set_int(rec, "authorized",
	    rec_int(rec, "won") + (fate[0] != '\0' ? WRONG_AMOUNT_BY : 0));
	finish(sb, NULL, "승인되었습니다. 카드를 빼 주십시오");
}

static void
insert(struct sandbox *sb)
{
	json_t *rec = under_way(sb);

	rec_set_text(rec, "state", "host");
	rec_set_text(rec, "brand", "연습카드");
	rec_set_text(rec, "pan", "541333******9999");
	show(sb, rec, "승인 요청 중입니다");
	later(sb->terminal, sb->terminal->host_ms);
}

static void
wrong_pin(struct sandbox *sb)
{
	if (--sb->terminal->pin_left > 0)
		show(sb, under_way(sb), "비밀번호가 다릅니다");
	else
		finish(sb, "WrongPIN", "비밀번호가 여러 번 틀렸습니다");
}

/* Apply an act to the payment under way; false when it is not its time yet. */
static bool
apply(struct sandbox *sb, const char *word)
{
	json_t *rec = under_way(sb);
	bool card = in_state(rec, "card"), host = in_state(rec, "host");

	if (rec == NULL)
		return false;
	if (strcmp(word, "decline") == 0) {
		rec_set_text(rec, "fate", "Refusal");
		if (host)
			host_answers(sb);
	} else if (card && strcmp(word, "insert") == 0) {
		insert(sb);
	} else if (card && strcmp(word, "wrong_pin") == 0) {
		wrong_pin(sb);
	} else if (card && strcmp(word, "cancel") == 0) {
		finish(sb, "Cancel", "취소하셨습니다");
	} else if (host && strcmp(word, "approve") == 0) {
		host_answers(sb);
	} else if (host && strcmp(word, "remove") == 0) {
		finish(sb, "Cancel", "카드가 일찍 빠졌습니다");
	} else {
		/* too late for the rest once the card is in */
		return host;
	}
	return true;
}

static void
apply_waiting(struct sandbox *sb)
{
	struct terminal *t = sb->terminal;

	while (t->act_count > 0 && apply(sb, t->acts[0])) {
		t->act_count--;
		memmove(t->acts, t->acts + 1, t->act_count * sizeof *t->acts);
	}
}

bool
card_act(struct sandbox *sb, const char *word)
{
	static const char *const words[] = { "insert", "wrong_pin", "cancel",
		"remove", "decline", "approve" };
	struct terminal *t = sb->terminal;
	bool known = false;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		known |= strcmp(words[i], word) == 0;
	if (!known || t->act_count == TERMINAL_ACTS)
		return false;
	str_copy(t->acts[t->act_count++], ACT_WORD, word);
	apply_waiting(sb);
	return true;
}

void
card_begin(struct sandbox *sb, const char *key)
{
	struct terminal *t = sb->terminal;

	str_copy(t->now, sizeof t->now, key);
	t->pin_left = TERMINAL_PIN_TRIES;
	show(sb, under_way(sb), "카드를 넣어 주십시오");
	later(t, t->card_ms);
	apply_waiting(sb);
}

static void
step(struct sandbox *sb)
{
	if (in_state(under_way(sb), "card"))
		insert(sb);
	else
		host_answers(sb);
	apply_waiting(sb);
}

void *
card_main(void *sandbox)
{
	struct sandbox *sb = sandbox;
	struct terminal *t = sb->terminal;

	pthread_mutex_lock(&sb->lock);
	while (!t->stop) {
		struct timespec until = { t->due_ms / 1000,
			(long)(t->due_ms % 1000) * 1000000 };

		if (t->now[0] == '\0' || t->due_ms < 0)
			pthread_cond_wait(&t->changed, &sb->lock);
		else if (t->due_ms <= card_clock())
			step(sb);
		else
			(void)pthread_cond_timedwait(
			    &t->changed, &sb->lock, &until);
	}
	pthread_mutex_unlock(&sb->lock);
	return NULL;
}
