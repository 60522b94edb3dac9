/*
 * Fuzz target: a row of frames from the agent, into the session.
 *
 * Frames end at a newline; the first byte of each says what it answers.
 */
#include <string.h>

#include "base/utf8.h"
#include "flow/answer.h"
#include "fuzz.h"

#define TEXT(member) check_text(member, sizeof member)

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

static void
check_text(const char *s, size_t cap)
{
	const char *end = memchr(s, '\0', cap);

	must(end != NULL, "a text ends in its room");
	must(utf8_valid(s, (size_t)(end - s)), "a text is cut at a character");
}

static void
check_branch(const struct branch *b)
{
	TEXT(b->bank);
	TEXT(b->name);
	TEXT(b->opens);
	TEXT(b->closes);
	TEXT(b->issuer_o);
	TEXT(b->issuer_name);
	must(b->issuer_count >= 0 && b->issuer_count <= SESSION_ISSUERS,
	    "issuers have their limit");
	for (int i = 0; i < SESSION_ISSUERS; i++) {
		TEXT(b->issuers[i].o);
		TEXT(b->issuers[i].name);
		TEXT(b->issuers[i].phone);
		TEXT(b->issuers[i].site);
	}
}

static void
check_case(const struct case_view *c)
{
	TEXT(c->case_no);
	TEXT(c->state);
	TEXT(c->hold);
	TEXT(c->loss_no);
	TEXT(c->holder);
	TEXT(c->product_key);
	TEXT(c->issuer_name);
	TEXT(c->old_serial);
	TEXT(c->old_status);
	TEXT(c->new_serial);
	TEXT(c->new_status);
	TEXT(c->waiver_key);
	TEXT(c->promise);
	TEXT(c->review_key);
	TEXT(c->problem_key);
}

static void
check_certificates(const struct held_certificate list[SESSION_CERTS], int n)
{
	must(n >= 0 && n <= SESSION_CERTS, "certificates have their limit");
	for (int i = 0; i < SESSION_CERTS; i++) {
		TEXT(list[i].holder);
		TEXT(list[i].product_key);
		TEXT(list[i].issuer_name);
		TEXT(list[i].bank_name);
		TEXT(list[i].status);
		TEXT(list[i].route);
		TEXT(list[i].case_no);
	}
}

static void
check_session(const struct session *s)
{
	TEXT(s->error);
	TEXT(s->holder);
	TEXT(s->staff_only);
	TEXT(s->media_label);
	TEXT(s->check.status);
	must(s->factor_count >= 0 && s->factor_count <= SESSION_FACTORS,
	    "factors have their limit");
	must(s->factor >= 0 && s->factor < SESSION_FACTORS,
	    "the factor chosen is one");
	for (int i = 0; i < SESSION_FACTORS; i++) {
		must((unsigned)s->factors[i].kind < FACTOR_COUNT,
		    "a factor is of a kind");
		TEXT(s->factors[i].hint);
	}
	check_certificates(s->certs, s->cert_count);
	check_certificates(s->found, s->found_count);
	check_case(&s->kase);
	for (int i = 0; i < STEP_COUNT; i++)
		TEXT(s->progress[i].status);
	must((unsigned)s->media < MEDIA_COUNT, "the medium is in a state");
	must(s->check.vid >= -1 && s->check.vid <= 1, "a check has 3 answers");
	must(field_is_empty(&s->name) && field_is_empty(&s->password),
	    "no answer types into a field");
}

/* Go where the intent leads, as the program does. */
static void
follow(struct session *s, enum intent intent)
{
	struct step next;

	must((unsigned)intent < INTENT_COUNT, "an intent is one of ours");
	next = flow_next(s->screen, intent);
	must((unsigned)next.request < REQ_COUNT, "a request is one of ours");
	if (next.screen == SCR_BELOW)
		next.screen = s->below;
	must((unsigned)next.screen < SCR_COUNT, "a screen is one of ours");
	if (flow_is_overlay(next.screen) && !flow_is_overlay(s->screen))
		s->below = s->screen;
	s->screen = next.screen;
}

static void
take_frame(struct session *s, struct branch *b, struct span frame)
{
	struct choices in = { frame.p, frame.n };
	uint8_t kind = choose(&in);
	json_t *body = json_loadb(
	    (const char *)in.p, in.n, JSON_REJECT_DUPLICATES, NULL);

	s->now_ms += 100;
	s->purpose = (enum purpose)(kind / 32 % PURPOSE_COUNT);
	if (kind % 32 < REQ_COUNT) {
		s->pending = (enum request)(kind % 32);
		follow(s, answer_apply(s, s->pending, body));
		must(s->pending == REQ_NONE, "an answer is the end of waiting");
	} else if (kind % 32 == 31) {
		answer_hello(b, json_object_get(body, "result"));
	} else {
		follow(s, answer_event(s, b, body));
	}
	json_decref(body);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct session s;
	static struct branch b;

	memset(&b, 0, sizeof b);
	session_init(&s, &b, NULL);
	while (n > 0) {
		const uint8_t *end = memchr(data, '\n', n);
		size_t used = end == NULL ? n : (size_t)(end - data);

		take_frame(&s, &b, span_make(data, used));
		check_session(&s);
		check_branch(&b);
		used += end != NULL;
		data += used;
		n -= used;
	}
	session_wipe(&s);
	check_session(&s);
	must(s.holder[0] == '\0' && s.cert_count == 0 &&
		 s.certs[0].holder[0] == '\0' && s.kase.case_no[0] == '\0' &&
		 s.factors[0].hint[0] == '\0' && s.found_count == 0,
	    "wiping leaves nobody's data");
	return 0;
}
