/*
 * sandbox/factor.c - the second factor: a texted code, a question, an account.
 *
 * Wrong answers are counted per person and kind, and survive a new code and a
 * restart; the fifth locks that kind.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "base/file.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "outbox.h"
#include "registry.h"

enum { CODE_TTL_S = 180, TRIES_MAX = 5, CODE_TEXT = 7, HINT = 256 };

static bool
is_kind(const char *kind, const char *word)
{
	return strcmp(kind, word) == 0;
}

/* What this person has of a kind; "" for nothing. */
static const char *
has(const struct person *p, const char *kind)
{
	if (is_kind(kind, "phone"))
		return p->phone;
	if (is_kind(kind, "question"))
		return p->question;
	if (is_kind(kind, "account"))
		return p->account;
	return "";
}

static void
hint_of(char out[static HINT], const struct person *p, const char *kind)
{
	size_t n = strlen(has(p, kind));

	if (is_kind(kind, "question"))
		snprintf(out, HINT, "%s", p->question);
	else if (is_kind(kind, "phone"))
		snprintf(out, HINT, "%.3s-****-%s", p->phone,
		    n > 4 ? p->phone + n - 4 : "****");
	else
		snprintf(out, HINT, "%.3s-***-****%s", p->account,
		    n > 2 ? p->account + n - 2 : "**");
}

json_t *
factor_list(const struct person *p)
{
	static const char *const kinds[] = { "phone", "question", "account" };
	json_t *list = json_array();
	char hint[HINT];

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (has(p, kinds[i])[0] == '\0')
			continue;
		hint_of(hint, p, kinds[i]);
		json_array_append_new(
		    list, json_pack("{ss ss}", "kind", kinds[i], "hint", hint));
	}
	return list;
}

/* The person's counters; made when they are first needed. */
static json_t *
counters(struct sandbox *sb, const struct person *p)
{
	json_t *rec = records_get(&sb->registry, p->id);

	if (rec == NULL &&
	    !err_is(records_put(&sb->registry, p->id, json_object())))
		rec = records_get(&sb->registry, p->id);
	return rec;
}

static int64_t
wrong_count(const json_t *rec, const char *kind)
{
	return json_integer_value(
	    json_object_get(json_object_get(rec, "wrong"), kind));
}

static void
set_wrong(json_t *rec, const char *kind, int64_t n)
{
	json_t *wrong = json_object_get(rec, "wrong");

	if (wrong == NULL) {
		wrong = json_object();
		json_object_set_new(rec, "wrong", wrong);
	}
	rec_set_int(wrong, kind, n);
}

static json_t *
result(const char *word)
{
	return json_pack("{ss}", "result", word);
}

static struct err
text_message(struct sandbox *sb, const struct person *p, const char *code)
{
	char text[512];

	snprintf(text, sizeof text,
	    "[연습] 한빛은행 인증번호는 [%s]입니다. 3분 안에 입력해 주십시오. "
	    "은행 직원은 이 번호를 묻지 않습니다.\n",
	    code);
	return outbox_text(sb, p->phone, text);
}

static struct err
send_code(struct sandbox *sb, json_t *rec, const struct person *p)
{
	char code[CODE_TEXT];
	uint32_t v;
	struct err e;

	do {
		if (RAND_bytes((unsigned char *)&v, sizeof v) != 1)
			return err_make(E_CRYPTO, 0, "factor: code");
	} while (v >= UINT32_MAX - UINT32_MAX % 1000000);
	snprintf(code, sizeof code, "%06u", v % 1000000);
	rec_set_text(rec, "code", code);
	rec_set_int(rec, "code_ends_s", sandbox_now(sb) + CODE_TTL_S);
	e = text_message(sb, p, code);
	return err_is(e) ? e : records_save(&sb->registry, p->id);
}

json_t *
factor_start(struct sandbox *sb, const struct person *p, const json_t *in)
{
	const char *kind = rec_text(in, "kind");
	json_t *rec = counters(sb, p);
	char hint[HINT];

	if (rec == NULL || has(p, kind)[0] == '\0')
		return result("unavailable");
	if (wrong_count(rec, kind) >= TRIES_MAX)
		return result("locked");
	if (is_kind(kind, "phone") && err_is(send_code(sb, rec, p)))
		return result("unavailable");
	hint_of(hint, p, kind);
	return json_pack(
	    "{ss ss si}", "result", "sent", "hint", hint, "ttl_s", CODE_TTL_S);
}

bool
same_text(const char *a, const char *b)
{
	char room[2][1024];
	const char *in[2] = { a, b };

	for (int i = 0; i < 2; i++) {
		struct buf nfc = buf_make(room[i], sizeof room[i] - 1);
		size_t n = 0;

		if (err_is(utf8_nfc(&nfc, in[i], strlen(in[i]))))
			return false;
		for (size_t k = 0; k < nfc.n; k++)
			if (room[i][k] != ' ')
				room[i][n++] = room[i][k];
		room[i][n] = '\0';
	}
	return strcmp(room[0], room[1]) == 0;
}

/* Equal once hyphens and spaces are dropped from what was typed. */
static bool
same_digits(const char *typed, const char *ours)
{
	for (; *typed != '\0'; typed++) {
		if (*typed == '-' || *typed == ' ')
			continue;
		if (*typed != *ours++)
			return false;
	}
	return *ours == '\0';
}

static bool
is_right(const json_t *rec, const struct person *p, const json_t *in)
{
	const char *kind = rec_text(in, "kind");
	const char *answer = rec_text(in, "answer");

	if (is_kind(kind, "phone"))
		return same_digits(answer, rec_text(rec, "code"));
	if (is_kind(kind, "question"))
		return same_text(answer, p->answer);
	return same_digits(rec_text(in, "account"), p->account) &&
	       same_digits(answer, p->pin);
}

json_t *
factor_verify(struct sandbox *sb, const struct person *p, const json_t *in)
{
	const char *kind = rec_text(in, "kind");
	json_t *rec = counters(sb, p);
	int64_t wrong;
	bool right;

	if (rec == NULL || has(p, kind)[0] == '\0')
		return result("unavailable");
	wrong = wrong_count(rec, kind);
	if (wrong >= TRIES_MAX)
		return result("locked");
	if (is_kind(kind, "phone") &&
	    (rec_text(rec, "code")[0] == '\0' ||
		rec_int(rec, "code_ends_s") < sandbox_now(sb)))
		return result("expired");
	right = is_right(rec, p, in);
	wrong = right ? 0 : wrong + 1;
	set_wrong(rec, kind, wrong);
	/* a code is good once, right or locked out */
	if (is_kind(kind, "phone") && (right || wrong >= TRIES_MAX))
		json_object_del(rec, "code");
	if (err_is(records_save(&sb->registry, p->id)))
		return result("unavailable");
	if (right)
		return result("ok");
	if (wrong >= TRIES_MAX)
		return result("locked");
	return json_pack("{ss sI}", "result", "wrong", "left",
	    (json_int_t)(TRIES_MAX - wrong));
}

struct err
factor_unlock(struct sandbox *sb, const struct person *p)
{
	json_t *rec = counters(sb, p);

	if (rec == NULL)
		return err_make(E_NOMEM, 0, "factor: counters");
	json_object_del(rec, "wrong");
	return records_save(&sb->registry, p->id);
}
