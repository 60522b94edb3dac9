/*
 * counter_state_table.c - every state of the clerk's screens that has a golden
 * file.
 */
#include "counter_states.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* ---- the queue ------------------------------------------------------------
 */

static void
second_line(struct counter_session *s)
{
	(void)counter_state_key(s, K_DOWN);
}

static void
call(struct counter_session *s)
{
	clerk_pushed(s,
	    "{'event':'staff.call','params':{'call':3,'terminal':'K-03',"
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
	(void)clerk_told(s, CQ_QUEUE,
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

static void
shown(struct counter_session *s)
{
	clerk_case(s);
	s->desk.unmask = UF_PHONE;
	(void)clerk_told(
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
	clerk_pushed(s, "{'event':'desk.lost','params':"
			"{'case_no':'R-20261122-0031'}}");
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
	(void)clerk_told(
	    s, CQ_ACT, "{'error':{'code':'case.stale','version':15}}");
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
	(void)clerk_told(
	    s, CQ_ACT, "{'error':{'code':'docs.missing','left':2}}");
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
	clerk_paid(s);
	counter_begin_act(s, "refund");
}

static void
act_seen(struct counter_session *s)
{
	act(s, "seen");
}

static void
seen_no_number(struct counter_session *s)
{
	s->desk.charged = 0;
	(void)counter_state_key(s, K_F10);
}

static void
act_guide(struct counter_session *s)
{
	clerk_paid(s);
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
	(void)clerk_told(s, CQ_DOCS,
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
	(void)clerk_told(s, CQ_CONFIRM, "{'error':{'code':'staff.same'}}");
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
	(void)clerk_told(s, CQ_STATUS,
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
	(void)clerk_told(s, CQ_STATUS,
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
	(void)clerk_told(s, CQ_DAY,
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
	(void)clerk_told(s, CQ_AUDIT,
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
	(void)clerk_told(
	    s, CQ_VERIFY, "{'result':{'state':'good','seq':-1,'rows':1204}}");
}

static void
log_checking(struct counter_session *s)
{
	(void)clerk_told(s, CQ_VERIFY,
	    "{'result':{'state':'checking','seq':-1,'rows':300}}");
}

static void
log_bad(struct counter_session *s)
{
	(void)clerk_told(
	    s, CQ_VERIFY, "{'result':{'state':'bad','seq':77,'rows':1204}}");
}

static void
proven(struct counter_session *s)
{
	(void)field_set(&s->seq, "2");
	(void)clerk_told(s, CQ_PROVE,
	    "{'result':{'compact':'dasi-proof 2 1204 "
	    "q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k=',"
	    "'checkpoint':'branch.0417/audit\\n1204\\n"
	    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\\n'}}");
}

static void
practice(struct counter_session *s)
{
	s->branch->practice = true;
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
	{ "case_paid",		CS_CASE,    clerk_paid,	 NULL },
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
	{ "seen",		CS_FEE,	    act_seen,	 seen_no_number },
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
