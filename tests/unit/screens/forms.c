/*
 * forms.c - invented forms, and scanners that read them well and badly.
 */
#include "forms.h"

#include <stdio.h>
#include <string.h>

#include "flow/suggest.h"
#include "form_code.h"
#include "screens/kiosk.h"
#include "visits.h"

enum { KEY_MS = 2, PAUSE_MS = 1000 };

struct prefill
forms_filled(const struct session *s)
{
	struct prefill f = { .shown_at = s->now_unix - 60,
		.purpose = 0,
		.loss = LOSS_STOLEN,
		.medium = MEDIUM_PHONE,
		.misuse = 0,
		.p12 = 1 };

	PUT(f.name, "홍길동");
	PUT(f.phone, "01012340001");
	PUT(f.email, "hong@example.com");
	PUT(f.when, "어제 저녁 7시");
	PUT(f.place, "역삼역 2번 출구");
	PUT(f.detail, "가방째 잃어버렸습니다");
	return f;
}

static void
key(struct session *s, struct event ev)
{
	int intent = kiosk_screen(s->screen)->on_event(s, &ev);

	if (intent == INTENT_SCAN) {
		s->screen = SCR_SCAN;
		kiosk_screen(SCR_SCAN)->enter(s);
	}
}

void
forms_type(struct session *s, const char *code, int64_t each_ms)
{
	for (; *code != '\0'; code++) {
		s->now_ms += each_ms;
		key(s, event_char((unsigned char)*code, s->now_ms));
	}
}

void
forms_scan(struct session *s, const struct prefill *f)
{
	char code[FORM_CODE_CAP];

	code[form_code(code, f)] = '\0';
	forms_type(s, code, KEY_MS);
	key(s, event_key(K_ENTER, s->now_ms));
	s->now_ms += PAUSE_MS;
}

void
forms_expected(struct session *s)
{
	s->scanner = true;
}

void
forms_welcome(struct session *s)
{
	forms_expected(s);
	visit_branch.practice = false;
}

void
forms_at_guide(struct session *s)
{
	forms_expected(s);
	visit_reissue(s);
}

void
forms_reading(struct session *s)
{
	forms_type(s, "KB10220VUARU22J2IA", KEY_MS);
	s->now_ms += PAUSE_MS;
}

void
forms_read(struct session *s)
{
	struct prefill f = forms_filled(s);

	forms_scan(s, &f);
}

void
forms_read_partly(struct session *s)
{
	struct prefill f = forms_filled(s);

	/* the field takes 40 characters */
	PUT(f.place, "역삼역 2번 출구 앞 계단에서 세 번째 긴 의자 위에 놓아둔 "
		     "작은 가방 안");
	f.detail[0] = '\0';
	f.purpose = 1;
	forms_scan(s, &f);
}

void
forms_stale(struct session *s)
{
	struct prefill f = forms_filled(s);

	f.shown_at = s->now_unix - PREFILL_FRESH_S - 1;
	forms_scan(s, &f);
}

void
forms_damaged(struct session *s)
{
	forms_type(s, "KB10024UMARU22J2IAAERABAIBQIAYBDAD574DD\n", KEY_MS);
	s->now_ms += PAUSE_MS;
}

void
forms_paused(struct session *s)
{
	struct event tick = { .kind = EV_TICK, .item = -1 };

	forms_reading(s);
	s->now_ms += PREFILL_KEY_MS;
	tick.now_ms = s->now_ms;
	key(s, tick);
}

void
forms_too_long(struct session *s)
{
	char letters[PREFILL_CODE + 3];

	memset(letters, 'A', sizeof letters - 1);
	letters[0] = 'K';
	letters[sizeof letters - 1] = '\0';
	forms_type(s, letters, KEY_MS);
	s->now_ms += PAUSE_MS;
}

void
forms_strange(struct session *s)
{
	struct prefill f = forms_filled(s);

	PUT(f.detail, "번호는 900101-1234567");
	forms_scan(s, &f);
}

static void
suggested(struct session *s)
{
	struct prefill f = forms_filled(s);

	(void)suggest_take(s, &f);
}

void
forms_identity(struct session *s)
{
	visit_reissue(s);
	suggested(s);
}

void
forms_loss(struct session *s)
{
	visit_certs(s);
	suggested(s);
}

void
forms_apply(struct session *s)
{
	visit_held(s);
	suggested(s);
}

void
forms_stick(struct session *s)
{
	visit_stick_ready(s);
	suggested(s);
}
