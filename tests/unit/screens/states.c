/*
 * states.c - how visits come to stand where they do.
 */
#include "states.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "screens/kiosk.h"
#include "visits.h"

const char state_number[] = "9001011970015";
const char state_password[] = "Harbor#2719x";

static int64_t
at(int year, int month, int day, int hour, int minute, int second)
{
	struct civil c = { year, month, day, hour, minute, second, 0 };

	return civil_to_unix(&c);
}

static void
issuer(
    int i, const char *o, const char *name, const char *phone, const char *site)
{
	PUT(visit_branch.issuers[i].o, o);
	PUT(visit_branch.issuers[i].name, name);
	PUT(visit_branch.issuers[i].phone, phone);
	PUT(visit_branch.issuers[i].site, site);
}

static void
open_branch(void)
{
	visit_branch = (struct branch){ .open_now = true,
		.fee_known = true,
		.ca_ok = true,
		.registry_ok = true,
		.media_ok = true,
		.issuer_count = 3 };
	PUT(visit_branch.bank, "한빛은행");
	PUT(visit_branch.name, "역삼지점");
	PUT(visit_branch.opens, "09:00");
	PUT(visit_branch.closes, "16:00");
	PUT(visit_branch.issuer_o, "yessign");
	PUT(visit_branch.issuer_name, "금융결제원");
	issuer(0, "yessign", "금융결제원", "02-0000-1577", "yessign.example");
	issuer(1, "SignKorea", "코스콤", "02-0000-7337", "signkorea.example");
	issuer(2, "KICA", "한국정보인증", "02-0000-8787", "signgate.example");
}

void
state_begin(struct session *s, struct ime *ime)
{
	open_branch();
	memset(s, 0, sizeof *s);
	session_init(s, &visit_branch, ime);
	s->now_ms = s->entered_ms = s->touched_ms = STATE_NOW_MS;
	s->now_unix = at(2026, 11, 22, 14, 5, 9);
}

void
state_make(struct session *s, struct ime *ime, const struct state *st)
{
	const struct screen *screen = kiosk_screen(st->screen);

	state_begin(s, ime);
	ime->on = true; /* as it stands when a visit begins */
	s->screen = st->screen;
	if (st->set != NULL)
		st->set(s);
	if (screen->enter != NULL)
		screen->enter(s);
	if (st->then != NULL)
		st->then(s);
}

void
state_stand(struct session *s, struct ime *ime, const char *name)
{
	for (size_t i = 0; i < state_count; i++) {
		if (strcmp(states[i].name, name) == 0) {
			state_make(s, ime, &states[i]);
			return;
		}
	}
	cr_assert_fail("no state %s", name);
}

int
state_key(struct session *s, enum key key)
{
	struct event ev = event_key(key, s->now_ms);

	s->touched_ms = s->now_ms;
	return kiosk_screen(s->screen)->on_event(s, &ev);
}

void
state_type(struct session *s, const char *text)
{
	size_t n = strlen(text);

	while (n > 0) {
		uint32_t cp;
		size_t used = utf8_decode(&cp, text, n);
		struct event ev = event_char(cp, s->now_ms);
		if (used == 0)
			return;
		kiosk_screen(s->screen)->on_event(s, &ev);
		text += used;
		n -= used;
	}
}

int
state_tick(struct session *s, int64_t ms)
{
	struct event ev = { .kind = EV_TICK, .item = -1 };

	s->now_ms += ms;
	ev.now_ms = s->now_ms;
	return kiosk_screen(s->screen)->on_event(s, &ev);
}
