/*
 * counter_states.c - how clerks come to stand where they do.
 *
 * What the agent says is given as the JSON it says it in.
 */
#include "counter_states.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "flow/counter_answer.h"
#include "screens/counter.h"

enum { NOW_MS = 1000000 };

static struct branch branch;

static const char hello[] =
    "{'result':{'branch':{'bank':'한빛은행','name':'역삼지점','code':'0417'},"
    "'practice':false,'hours':{'open':'09:00','close':'16:00','now_open':true},"
    "'staff':'kim','health':{'ca':true,'registry':true,'media':true}}}";

static const char queue[] =
    "{'result':{'items':["
    "{'case_no':'R-20261120-0012','version':21,'state':'PAID','holder':'이*',"
    "'product_key':'product.bank_personal','opened_at':1795149031,"
    "'since':1795149031,'promise':'2026-11-21','late':true,'owner':'park',"
    "'terminal':'K-01','note_key':'media.gone','won':0},"
    "{'case_no':'R-20261122-0031','version':14,'state':'REVIEW',"
    "'holder':'홍*동','product_key':'product.bank_personal',"
    "'opened_at':1795323711,'since':1795323751,'promise':'2026-11-23',"
    "'late':false,'owner':null,'terminal':'K-01','note_key':'review.minor',"
    "'won':null},"
    "{'case_no':'R-20261122-0030','version':9,'state':'APPROVED',"
    "'holder':'김*수','product_key':'product.universal_personal',"
    "'opened_at':1795323400,'since':1795323511,'promise':'2026-11-23',"
    "'late':false,'owner':'kim','terminal':'K-02',"
    "'note_key':'problem.fee_counter','won':4400},"
    "{'case_no':'R-20261122-0028','version':7,'state':'RETURNED',"
    "'holder':'남궁**','product_key':'product.banking_business',"
    "'opened_at':1795320000,'since':1795321000,'promise':'2026-11-24',"
    "'late':false,'owner':null,'terminal':'K-02','note_key':'review.name',"
    "'won':null}],'total':4,'counts':{'waiting':1,'review':1,'returned':1,"
    "'fee':1,'delivery':1,'refund':0,'late':1,'called':0,'open':4},"
    "'calls':[]}}";

static const char kase[] =
    "{'result':{'case':{'case_no':'R-20261122-0031','version':14,"
    "'state':'REVIEW','hold':'confirmed','held_at':1795323629,"
    "'loss_no':'L-20261122-0031','reported_at':1795323620,'holder':'홍*동',"
    "'product_key':'product.bank_personal','issuer_name':'금융결제원',"
    "'old':{'serial':'01','not_after':1805036399,'days_left':112,"
    "'status':'suspended'},'new':null,'fee':{'won':4400,'vat':400},"
    "'promise':'2026-11-23','review':'review.minor','problem':null},"
    "'version':14,'owner':'kim','mine':true,"
    "'facts':[{'field':'name','value':'홍*동','shown':false},"
    "{'field':'number','value':'090101-3******','shown':false},"
    "{'field':'phone','value':'010-****-5678','shown':false},"
    "{'field':'loss','value':'***','shown':false}],"
    "'loss':{'kind':'lost','reported_at':1795323620,'medium':'usb',"
    "'misuse':false},'applicant':'minor',"
    "'docs':[{'doc':'resident_card','group':1,'form':'shown',"
    "'max_age_days':0,'needed':true,'seen':false,'issued':''},"
    "{'doc':'passport','group':1,'form':'shown','max_age_days':0,"
    "'needed':true,'seen':false,'issued':''},"
    "{'doc':'card_applied','group':1,'form':'shown','max_age_days':30,"
    "'needed':true,'seen':true,'issued':'2026-11-10'},"
    "{'doc':'application','group':2,'form':'original','max_age_days':0,"
    "'needed':true,'seen':true,'issued':''},"
    "{'doc':'guardian_consent','group':3,'form':'original','max_age_days':0,"
    "'needed':true,'seen':false,'issued':''},"
    "{'doc':'family_certificate','group':5,'form':'original',"
    "'max_age_days':0,'needed':true,'seen':false,'issued':''},"
    "{'doc':'resident_abstract','group':5,'form':'original',"
    "'max_age_days':0,'needed':true,'seen':false,'issued':''}],'missing':2,"
    "'history':[{'at':1795323701,'key':'exception','by':'','detail':''},"
    "{'at':1795323700,'key':'submit','by':'','detail':''},"
    "{'at':1795323629,'key':'hold_confirmed','by':'','detail':''},"
    "{'at':1795323620,'key':'report_loss','by':'','detail':''}],"
    "'notes':[{'at':1795323800,'by':'park','text':'어머니와 함께 오시기로 함',"
    "'key':'note'}],'pay':[],'proposals':[],"
    "'actions':['approve','return','reject','release','revoke_only',"
    "'reprint','note','cancel'],'guide':null}}";

static json_t *
json(const char *text)
{
	char quoted[8192];
	json_error_t why;
	json_t *o;

	snprintf(quoted, sizeof quoted, "%s", text);
	for (char *c = quoted; *c != '\0'; c++)
		if (*c == '\'')
			*c = '"';
	o = json_loads(quoted, 0, &why);
	cr_assert_not_null(
	    o, "%s at %d of %.60s", why.text, why.position, quoted);
	return o;
}

enum counter_intent
clerk_told(struct counter_session *s, enum counter_ask ask, const char *text)
{
	json_t *o = json(text);
	enum counter_intent intent = counter_answer(s, ask, o);

	json_decref(o);
	return intent;
}

void
clerk_pushed(struct counter_session *s, const char *text)
{
	json_t *o = json(text);

	(void)counter_event(s, o);
	json_decref(o);
}

void
counter_state_begin(struct counter_session *s, struct ime *ime)
{
	struct civil c = { 2026, 11, 22, 14, 5, 31, 0 };
	json_t *o = json(hello);

	memset(s, 0, sizeof *s);
	counter_init(s, &branch, ime);
	s->now_ms = s->entered_ms = s->touched_ms = NOW_MS;
	s->now_unix = civil_to_unix(&c);
	s->lock_s = 300;
	cr_assert_eq(counter_admit(s, o), CI_ADMITTED);
	json_decref(o);
}

void
counter_state_make(
    struct counter_session *s, struct ime *ime, const struct counter_state *st)
{
	const struct counter_view *view = counter_view(st->screen);

	counter_state_begin(s, ime);
	if (ime != NULL)
		ime->on = true;
	s->screen = st->screen;
	if (st->set != NULL)
		st->set(s);
	if (view->enter != NULL)
		view->enter(s);
	if (st->then != NULL)
		st->then(s);
}

int
counter_state_key(struct counter_session *s, enum key key)
{
	struct event ev = event_key(key, s->now_ms);

	s->touched_ms = s->now_ms;
	return counter_view(s->screen)->on_event(s, &ev);
}

int
counter_state_char(struct counter_session *s, char ch)
{
	struct event ev = event_char((uint32_t)ch, s->now_ms);

	return counter_view(s->screen)->on_event(s, &ev);
}

void
counter_state_type(struct counter_session *s, const char *text)
{
	size_t n = strlen(text);

	while (n > 0) {
		uint32_t cp;
		size_t used = utf8_decode(&cp, text, n);
		struct event ev = event_char(cp, s->now_ms);

		if (used == 0)
			return;
		(void)counter_view(s->screen)->on_event(s, &ev);
		text += used;
		n -= used;
	}
}

void
clerk_queue(struct counter_session *s)
{
	(void)clerk_told(s, CQ_QUEUE, queue);
}

void
clerk_case(struct counter_session *s)
{
	snprintf(s->want, sizeof s->want, "%s", "R-20261122-0031");
	cr_assert_eq(clerk_told(s, CQ_TAKE, kase), CI_CASE);
}

void
clerk_paid(struct counter_session *s)
{
	struct desk *d = &s->desk;

	clerk_case(s);
	snprintf(d->kase.state, sizeof d->kase.state, "%s", "PAID");
	d->kase.review_key[0] = '\0';
	d->missing = 0;
	for (int i = 0; i < d->doc_count; i++)
		d->docs[i].seen = true;
	d->pay_count = 1;
	d->pays[0] = (struct desk_pay){ .id = 7,
		.method = "card",
		.state = "approved",
		.won = 4400,
		.at = 1795323840,
		.approval = "30112233",
		.brand = "BC",
		.pan = "9410-**-****-1234" };
	d->guide.known = true;
	d->guide.sent_at = 1795323841;
	d->guide.expires_at = 1796533581;
	d->guide.attempts_left = 3;
	snprintf(d->guide.channel, sizeof d->guide.channel, "%s", "sms");
	d->action_count = 5;
	snprintf(d->actions[0], WORD_TEXT, "%s", "refund");
	snprintf(d->actions[1], WORD_TEXT, "%s", "guide");
	snprintf(d->actions[2], WORD_TEXT, "%s", "reprint");
	snprintf(d->actions[3], WORD_TEXT, "%s", "note");
	snprintf(d->actions[4], WORD_TEXT, "%s", "cancel");
}

void
clerk_proposed(struct counter_session *s)
{
	struct desk *d = &s->desk;

	clerk_case(s);
	d->proposal_count = 1;
	d->proposals[0] = (struct desk_proposal){ .proposal = 5,
		.action = "release",
		.by = "park",
		.at = 1795323860,
		.reason = "집에서 USB를 찾으심, 신분증 확인",
		.level = "supervisor" };
	counter_begin_act(s, "");
	d->agree = -1;
}
