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

static enum counter_intent
told(struct counter_session *s, enum counter_ask ask, const char *text)
{
	json_t *o = json(text);
	enum counter_intent intent = counter_answer(s, ask, o);

	json_decref(o);
	return intent;
}

static void
event(struct counter_session *s, const char *text)
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

/* ---- the queue ------------------------------------------------------------
 */

void
clerk_queue(struct counter_session *s)
{
	(void)told(s, CQ_QUEUE, queue);
}

static void
second_line(struct counter_session *s)
{
	(void)counter_state_key(s, K_DOWN);
}

static void
call(struct counter_session *s)
{
	event(s, "{'event':'staff.call','params':{'call':3,'terminal':'K-03',"
		 "'screen':'stick','at':1795323891}}");
}

static void
queue_called(struct counter_session *s)
{
	clerk_queue(s);
	call(s);
}

static void
queue_empty(struct counter_session *s)
{
	(void)told(s, CQ_QUEUE,
	    "{'result':{'items':[],'total':0,'counts':{},'calls':[]}}");
}

static void
find(struct counter_session *s)
{
	(void)counter_state_key(s, K_F4);
	counter_state_type(s, "김");
}

static void
found_nobody(struct counter_session *s)
{
	queue_empty(s);
	(void)snprintf(s->found, sizeof s->found, "%s", "남궁");
}

static void
ending(struct counter_session *s)
{
	(void)counter_state_key(s, K_F10);
}

static void
lock_is_near(struct counter_session *s)
{
	s->now_ms += 285000;
}

/* ---- the case -------------------------------------------------------------
 */

void
clerk_case(struct counter_session *s)
{
	snprintf(s->want, sizeof s->want, "%s", "R-20261122-0031");
	cr_assert_eq(told(s, CQ_TAKE, kase), CI_CASE);
}

static void
shown(struct counter_session *s)
{
	clerk_case(s);
	s->desk.unmask = UF_PHONE;
	(void)told(
	    s, CQ_UNMASK, "{'result':{'value':'010-1234-5678','ttl_s':30}}");
	s->now_ms += 4000;
}

static void
taken(struct counter_session *s)
{
	clerk_case(s);
	s->desk.held = false;
	snprintf(s->desk.owner, sizeof s->desk.owner, "%s", "park");
}

static void
lost(struct counter_session *s)
{
	clerk_case(s);
	event(s, "{'event':'desk.lost','params':"
		 "{'case_no':'R-20261122-0031'}}");
}

static void
paid(struct counter_session *s)
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

static void
act(struct counter_session *s, const char *word)
{
	clerk_case(s);
	counter_begin_act(s, word);
}

static void
act_approve(struct counter_session *s)
{
	act(s, "approve");
}

static void
act_return(struct counter_session *s)
{
	act(s, "return");
}

static void
act_revoke(struct counter_session *s)
{
	act(s, "revoke_only");
}

static void
act_release(struct counter_session *s)
{
	act(s, "release");
}

static void
typed_reason(struct counter_session *s)
{
	(void)field_set(&s->desk.reason, "고객이 요청함");
}

static void
no_reason(struct counter_session *s)
{
	(void)counter_state_key(s, K_F10);
}

static void
asked_twice(struct counter_session *s)
{
	typed_reason(s);
	(void)counter_state_key(s, K_F10);
}

static void
stale(struct counter_session *s)
{
	typed_reason(s);
	s->pending = CQ_ACT;
	(void)told(s, CQ_ACT, "{'error':{'code':'case.stale','version':15}}");
}

static void
waiting(struct counter_session *s)
{
	typed_reason(s);
	s->pending = CQ_ACT;
}

static void
missing(struct counter_session *s)
{
	s->pending = CQ_ACT;
	(void)told(s, CQ_ACT, "{'error':{'code':'docs.missing','left':2}}");
}

static void
act_cash(struct counter_session *s)
{
	act(s, "cash");
}

static void
wrong_won(struct counter_session *s)
{
	(void)field_set(&s->desk.won, "4000");
	(void)counter_state_key(s, K_F10);
}

static void
act_waive(struct counter_session *s)
{
	act(s, "waive");
}

static void
act_refund(struct counter_session *s)
{
	paid(s);
	counter_begin_act(s, "refund");
}

static void
act_guide(struct counter_session *s)
{
	paid(s);
	counter_begin_act(s, "guide");
}

static void
act_reprint(struct counter_session *s)
{
	act(s, "reprint");
}

static void
begin_docs(struct counter_session *s)
{
	clerk_case(s);
	counter_begin_act(s, "");
}

static void
docs_no_date(struct counter_session *s)
{
	field_wipe(&s->desk.doc_issued[2]);
	(void)counter_state_key(s, K_F10);
}

static void
docs_too_old(struct counter_session *s)
{
	s->pending = CQ_DOCS;
	(void)told(s, CQ_DOCS,
	    "{'error':{'code':'docs.too_old','doc':'card_applied'}}");
}

static void
docs_proxy(struct counter_session *s)
{
	s->desk.applicant_at = AK_PERSON_PROXY;
	(void)counter_state_key(s, K_F10);
}

static void
refuse(struct counter_session *s)
{
	s->desk.agree = 1;
	(void)counter_state_key(s, K_F10);
}

static void
same_person(struct counter_session *s)
{
	s->desk.agree = 0;
	s->pending = CQ_CONFIRM;
	(void)told(s, CQ_CONFIRM, "{'error':{'code':'staff.same'}}");
}

/* ---- the branch -----------------------------------------------------------
 */

static void
supervisor(struct counter_session *s)
{
	s->role = CR_SUPERVISOR;
	snprintf(s->staff, sizeof s->staff, "%s", "lee");
}

static void
status(struct counter_session *s)
{
	(void)told(s, CQ_STATUS,
	    "{'result':{'hours':{'open':'09:00','close':'16:00',"
	    "'now_open':true},'health':{'ca':true,'registry':true,"
	    "'media':true,'pay':'ok','print':'low'},'waiting':2,'ahead':2,"
	    "'kiosks':[{'terminal':'K-01','screen':'stick'},"
	    "{'terminal':'K-02','screen':'welcome'}],'paper':'low',"
	    "'disk':{'free_mb':20480,'low':false},'ship':{'queue':3,"
	    "'oldest_s':41,'last_ack_at':1795323890,'trouble':''},"
	    "'audit':{'rows':1204,'checkpoint_at':1795323620,"
	    "'history':'good'},'peers':{'net':true,'media':true,"
	    "'print':true,'ship':true}}}");
}

static void
status_bad(struct counter_session *s)
{
	(void)told(s, CQ_STATUS,
	    "{'result':{'hours':{'open':'09:00','close':'16:00',"
	    "'now_open':false},'health':{'ca':false,'registry':true,"
	    "'media':false,'pay':'down','print':'ok'},'waiting':0,'ahead':0,"
	    "'kiosks':[],'paper':'out','disk':{'free_mb':90,'low':true},"
	    "'ship':{'queue':812,'oldest_s':180000,'last_ack_at':1795143890,"
	    "'trouble':'fork'},'audit':{'rows':1204,'checkpoint_at':0,"
	    "'history':'bad'},'peers':{'net':true,'media':false,"
	    "'print':true,'ship':false}}}");
}

static void
day(struct counter_session *s)
{
	(void)told(s, CQ_DAY,
	    "{'result':{'date':'2026-11-22','cases':{'opened':9,'done':6,"
	    "'cancelled':1,'rejected':0,'expired':0,'found':1},"
	    "'fees':[{'method':'card','count':4,'won':17600},"
	    "{'method':'cash','count':1,'won':4400}],"
	    "'refunds':{'count':1,'won':4400},"
	    "'terminal':{'payments':{'count':4,'won':17600},"
	    "'reversals':{'count':1,'won':4400}},'differences':[]}}");
}

static void
day_differs(struct counter_session *s)
{
	day(s);
	s->day.difference_count = 1;
	snprintf(s->day.differences[0].what, SHORT_TEXT, "%s", "payments.won");
	snprintf(s->day.differences[0].ours, SHORT_TEXT, "%s", "17600");
	snprintf(s->day.differences[0].theirs, SHORT_TEXT, "%s", "22000");
}

static void
day_saved(struct counter_session *s)
{
	day(s);
	s->told = "desk.told.saved";
	snprintf(s->told_detail, sizeof s->told_detail, "%s",
	    "~/day-0417-2026-11-22.csv");
}

static void
rows(struct counter_session *s)
{
	supervisor(s);
	(void)told(s, CQ_AUDIT,
	    "{'result':{'size':1204,'rows':["
	    "{'seq':0,'at':1795323600,'actor':'agent','role':'agent',"
	    "'kind':'start','case_no':'','fields':{'version':'0.1'}},"
	    "{'seq':1,'at':1795323620,'actor':'kiosk','role':'kiosk',"
	    "'kind':'case.step','case_no':'R-20261122-0031',"
	    "'fields':{'event':'report_loss','from':'OPEN'}},"
	    "{'seq':2,'at':1795323860,'actor':'kim','role':'counter',"
	    "'kind':'access','case_no':'R-20261122-0031',"
	    "'fields':{'field':'phone','reason':'번호 확인 요청'}}]}}");
}

static void
third_row(struct counter_session *s)
{
	(void)counter_state_key(s, K_DOWN);
	(void)counter_state_key(s, K_DOWN);
}

static void
log_good(struct counter_session *s)
{
	(void)told(
	    s, CQ_VERIFY, "{'result':{'state':'good','seq':-1,'rows':1204}}");
}

static void
log_checking(struct counter_session *s)
{
	(void)told(s, CQ_VERIFY,
	    "{'result':{'state':'checking','seq':-1,'rows':300}}");
}

static void
log_bad(struct counter_session *s)
{
	(void)told(
	    s, CQ_VERIFY, "{'result':{'state':'bad','seq':77,'rows':1204}}");
}

static void
proven(struct counter_session *s)
{
	(void)field_set(&s->seq, "2");
	(void)told(s, CQ_PROVE,
	    "{'result':{'compact':'dasi-proof 2 1204 "
	    "q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k=',"
	    "'checkpoint':'branch.0417/audit\\n1204\\n"
	    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\\n'}}");
}

static void
practice(struct counter_session *s)
{
	branch.practice = true;
	s->alone = true;
}

static void
not_let_in(struct counter_session *s)
{
	s->refused = true;
	s->staff[0] = '\0';
}

static void
agent_gone(struct counter_session *s)
{
	s->staff[0] = '\0';
}

static void
help_over_case(struct counter_session *s)
{
	clerk_case(s);
	s->below = CS_CASE;
}

static void
help_over_queue(struct counter_session *s)
{
	supervisor(s);
	s->below = CS_QUEUE;
}

static void
wrong_number(struct counter_session *s)
{
	counter_state_type(s, "4711");
}

/* clang-format off */
const struct counter_state counter_states[] = {
	{ "closed",		CS_CLOSED,  agent_gone,	 NULL },
	{ "closed_refused",	CS_CLOSED,  not_let_in,	 NULL },
	{ "queue",		CS_QUEUE,   clerk_queue, NULL },
	{ "queue_second",	CS_QUEUE,   clerk_queue, second_line },
	{ "queue_called",	CS_QUEUE,   queue_called, NULL },
	{ "queue_empty",	CS_QUEUE,   queue_empty, NULL },
	{ "queue_asking",	CS_QUEUE,   NULL,	 NULL },
	{ "queue_find",		CS_QUEUE,   clerk_queue, find },
	{ "queue_nobody",	CS_QUEUE,   found_nobody, NULL },
	{ "queue_ending",	CS_QUEUE,   clerk_queue, ending },
	{ "queue_lock_near",	CS_QUEUE,   clerk_queue, lock_is_near },
	{ "case",		CS_CASE,    clerk_case,	 NULL },
	{ "case_called",	CS_CASE,    clerk_case,	 call },
	{ "case_shown",		CS_CASE,    shown,	 NULL },
	{ "case_taken",		CS_CASE,    taken,	 NULL },
	{ "case_lost",		CS_CASE,    lost,	 NULL },
	{ "case_paid",		CS_CASE,    paid,	 NULL },
	{ "case_proposed",	CS_CASE,    clerk_proposed, NULL },
	{ "docs",		CS_DOCS,    begin_docs,	 NULL },
	{ "docs_no_date",	CS_DOCS,    begin_docs,	 docs_no_date },
	{ "docs_too_old",	CS_DOCS,    begin_docs,	 docs_too_old },
	{ "docs_proxy",		CS_DOCS,    begin_docs,	 docs_proxy },
	{ "act_approve",	CS_ACT,	    act_approve, NULL },
	{ "act_approve_missing", CS_ACT,    act_approve, missing },
	{ "act_return",		CS_ACT,	    act_return,	 NULL },
	{ "act_return_empty",	CS_ACT,	    act_return,	 no_reason },
	{ "act_revoke",		CS_ACT,	    act_revoke,	 asked_twice },
	{ "act_release",	CS_ACT,	    act_release, typed_reason },
	{ "act_stale",		CS_ACT,	    act_release, stale },
	{ "act_waiting",	CS_ACT,	    act_release, waiting },
	{ "confirm",		CS_CONFIRM, clerk_proposed, NULL },
	{ "confirm_refuse",	CS_CONFIRM, clerk_proposed, refuse },
	{ "confirm_same",	CS_CONFIRM, clerk_proposed, same_person },
	{ "unmask",		CS_UNMASK,  begin_docs,	 NULL },
	{ "unmask_empty",	CS_UNMASK,  begin_docs,	 no_reason },
	{ "cash",		CS_CASH,    act_cash,	 NULL },
	{ "cash_wrong",		CS_CASH,    act_cash,	 wrong_won },
	{ "waive",		CS_FEE,	    act_waive,	 NULL },
	{ "refund",		CS_FEE,	    act_refund,	 NULL },
	{ "guide",		CS_GUIDE,   act_guide,	 NULL },
	{ "reprint",		CS_REPRINT, act_reprint, NULL },
	{ "branch",		CS_BRANCH,  status,	 NULL },
	{ "branch_bad",		CS_BRANCH,  status_bad,	 NULL },
	{ "day",		CS_DAY,	    day,	 NULL },
	{ "day_differs",	CS_DAY,	    day_differs, NULL },
	{ "day_saved",		CS_DAY,	    day_saved,	 NULL },
	{ "audit",		CS_AUDIT,   rows,	 third_row },
	{ "verify_good",	CS_VERIFY,  supervisor,	 log_good },
	{ "verify_checking",	CS_VERIFY,  supervisor,	 log_checking },
	{ "verify_bad",		CS_VERIFY,  supervisor,	 log_bad },
	{ "prove",		CS_PROVE,   supervisor,	 proven },
	{ "lock",		CS_LOCK,    NULL,	 NULL },
	{ "lock_practice",	CS_LOCK,    practice,	 NULL },
	{ "help_case",		CS_HELP,    help_over_case, NULL },
	{ "help_queue",		CS_HELP,    help_over_queue, NULL },
	{ "help_wrong",		CS_HELP,    help_over_queue, wrong_number },
};
/* clang-format on */
const size_t counter_state_count = sizeof counter_states /
				   sizeof counter_states[0];
