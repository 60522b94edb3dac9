/*
 * agent/application.c - a case in the customer's words: opened, reported,
 * applied for, cancelled, looked at again.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "case/number.h"
#include "identity/contact.h"
#include "npki/cert.h"
#include "prog/agent/core.h"
#include "prog/agent/deliver.h"
#include "prog/agent/pay.h"
#include "prog/agent/desk.h"
#include "prog/agent/rules.h"

enum { PERSON_ROOM = 16 * 1024, STORY_MAX = 600 };

/* ---- the sealed record of the person ---- */

static struct err
dump(struct buf *out, const json_t *person)
{
	size_t n = json_dumpb(person, (char *)out->p, out->cap, JSON_COMPACT);

	if (rpc_json_gap())
		return err_make(E_NOMEM, 0, "application: record");
	if (n == 0 || n > out->cap)
		return err_make(E_LIMIT, 0, "application: record");
	out->n = n;
	return err_none();
}

static json_t *
load_person(struct agent *a, const struct live *l)
{
	static uint8_t room[PERSON_ROOM];
	struct buf b = buf_make(room, sizeof room);
	json_t *person = NULL;

	if (!err_is(store_blob_get(a->store, &b, &l->c, BLOB_PERSON)))
		person = json_loadb((const char *)room, b.n, 0, NULL);
	secret_wipe(room, sizeof room);
	return person != NULL ? person : json_object();
}

/* The step together with the record as it is afterwards.  Takes `person`. */
static struct err
step_with_person(struct agent *a, struct live *l, enum case_event event,
    const struct store_row *row, json_t *person)
{
	static uint8_t room[PERSON_ROOM];
	struct buf b = buf_make(room, sizeof room);
	struct err e = dump(&b, person);
	struct store_blob blob = { BLOB_PERSON, buf_span(&b) };

	json_decref(person);
	if (!err_is(e))
		e = live_step(a, l, event, row, row == NULL ? 0 : 1, &blob, 1);
	secret_wipe(room, sizeof room);
	return e;
}

/* ---- whose case it is ---- */

/* Tie the case to this visit, or say why not. */
static const char *
own(struct agent *a, struct link *k, const struct store_case *c,
    struct live **out)
{
	struct live *old = live_of(a, k), *l;
	struct ref me = link_ref(a, k);

	if (memcmp(c->person_tag, k->visit.tag, SEAL_DIGEST) != 0)
		return "case.none";
	l = live_take(a, c);
	if (l == NULL)
		return "agent.internal";
	if (link_get(a, l->owner) != NULL &&
	    (l->owner.slot != me.slot || l->owner.gen != me.gen))
		return "case.busy";
	if (old != NULL && old != l) {
		old->owner = NO_REF;
		live_release(a, old);
	}
	l->owner = me;
	k->visit.live = live_ref(a, l);
	*out = l;
	return NULL;
}

static struct err
create(struct agent *a, const struct link *k, const struct visit_cert *cert,
    struct store_case *c)
{
	static uint8_t room[PERSON_ROOM];
	const struct visit *v = &k->visit;
	struct buf b = buf_make(room, sizeof room);
	struct store_blob blobs[2] = { { BLOB_OLD_CERT,
	    span_make(cert->der, cert->der_n) } };
	struct store_change ch = { .blobs = blobs,
		.blob_count = 2,
		.actor = k->terminal,
		.role = rpc_role_name(k->role) };
	json_t *person = json_pack("{s:s,s:s,s:O?}", "name", v->name_secret,
	    "person", v->person, "consents", v->consents);
	struct err e;

	json_object_set_new(
	    person, "lang", json_string(v->english ? "en" : "ko"));
	retain_identity(a, person, v);
	e = dump(&b, person);
	json_decref(person);
	blobs[1] = (struct store_blob){ BLOB_PERSON, buf_span(&b) };
	*c = (struct store_case){ .fee_won = -1, .not_after = cert->not_after };
	memcpy(c->person_tag, v->tag, sizeof c->person_tag);
	str_copy(c->purpose, sizeof c->purpose, v->purpose);
	str_copy(c->route, sizeof c->route, route_name(cert->advice.route));
	str_copy(c->serial, sizeof c->serial, cert->serial);
	str_copy(c->issuer, sizeof c->issuer, cert->issuer);
	str_copy(c->issuer_o, sizeof c->issuer_o, cert->issuer_o);
	str_copy(c->policy, sizeof c->policy, cert->policy);
	str_copy(c->terminal, sizeof c->terminal, k->terminal);
	str_copy(c->old_status, sizeof c->old_status,
	    cert_status_name(cert->status));
	if (!err_is(e))
		e = store_case_create(a->store, c, &ch);
	secret_wipe(room, sizeof room);
	return e;
}

/* A loss may be reported for anything of ours still alive; a reissue needs
 * one of its routes. */
static bool
may_open(
    const struct agent *a, const struct visit *v, const struct visit_cert *cert)
{
	if (route_reissues(cert->advice.route))
		return true;
	return strcmp(v->purpose, "report") == 0 &&
	       strcmp(cert->issuer_o, a->issuer.conf->o) == 0 &&
	       (cert->status == CERT_VALID || cert->status == CERT_SUSPENDED);
}

const char *
ask_case_open(struct agent *a, struct ask *q)
{
	json_int_t index = rpc_int(q->params, "index", -1);
	struct visit *v = &q->link->visit;
	struct ref asker = link_ref(a, q->link);
	const struct visit_cert *cert;
	const char *refused;
	struct store_case c;
	struct live *l;
	struct err e;

	if (index < 0 || (size_t)index >= v->cert_count)
		return "rpc.params";
	cert = &v->certs[index];
	e = store_case_live(a->store, &c, cert->issuer, cert->serial);
	if (e.code == E_NOTFOUND) {
		if (!may_open(a, v, cert))
			return "case.state";
		if ((refused = visit_refusal(a)) != NULL)
			return refused;
		e = create(a, q->link, cert, &c);
	}
	if (err_is(e)) {
		log_err(LOG_ERROR, "case.open", e);
		return store_refusal(e);
	}
	queue_touch(a);
	if ((refused = own(a, q->link, &c, &l)) != NULL)
		return refused;
	live_next(a, l);
	answer(a, asker, q->id, view_case(a, l));
	return NULL;
}

const char *
ask_case_status(struct agent *a, struct ask *q)
{
	struct ref asker = link_ref(a, q->link);
	struct number number;
	struct store_case c;
	struct live shown = { .used = true }, *l = &shown;
	const char *refused;
	char no[NUMBER_TEXT];

	if (err_is(number_parse(&number, rpc_str(q->params, "case_no"))) ||
	    number.kind != NUMBER_RECEIPT)
		return "case.none";
	number_text(no, &number);
	if (err_is(store_case_by_no(a->store, &c, no)))
		return "case.none";
	if (!case_is_over(c.state)) {
		if ((refused = own(a, q->link, &c, &l)) != NULL)
			return refused;
		live_next(a, l);
	} else {
		if (memcmp(c.person_tag, q->link->visit.tag, SEAL_DIGEST) != 0)
			return "case.none";
		shown.c = c;
		shown.owner = asker;
	}
	answer(a, asker, q->id, view_case(a, l));
	return NULL;
}

/* ---- the loss ---- */

static bool
fits(const json_t *params, const char *key)
{
	return strlen(rpc_str(params, key)) <= STORY_MAX;
}

static bool
known_medium(const char *m)
{
	return strcmp(m, "usb") == 0 || strcmp(m, "phone") == 0 ||
	       strcmp(m, "pc") == 0 || strcmp(m, "other") == 0;
}

const char *
ask_case_report(struct agent *a, struct ask *q)
{
	struct live *l = live_of(a, q->link);
	struct ref asker = link_ref(a, q->link);
	const char *kind = rpc_str(q->params, "kind");
	char idem[WORD * 2] = "hold:";
	struct store_row row = { ROW_INTENT, "hold", idem, NULL, { NULL, 0 } };
	enum case_loss loss;
	json_t *person;
	struct err e;

	if (l == NULL)
		return "case.none";
	if (err_is(case_loss_from_name(&loss, kind)) ||
	    loss == CASE_LOSS_NONE || loss == CASE_LOSS_FOUND ||
	    !known_medium(rpc_str(q->params, "medium")) ||
	    !fits(q->params, "when") || !fits(q->params, "place") ||
	    !fits(q->params, "detail"))
		return "rpc.params";
	if (!case_allows(l->c.state, CASE_EV_REPORT_LOSS))
		return "case.state";
	str_copy(idem + 5, sizeof idem - 5, l->c.case_no);
	str_copy(l->c.loss_kind, sizeof l->c.loss_kind, kind);
	person = load_person(a, l);
	json_object_set_new(person, "loss", json_deep_copy(q->params));
	e = step_with_person(a, l, CASE_EV_REPORT_LOSS, &row, person);
	if (err_is(e))
		return store_refusal(e);
	answer(a, asker, q->id, view_case(a, l));
	live_next(a, l);
	return NULL;
}

/* ---- the application ---- */

/* Why a person must look; NULL when nobody must. */
static const char *
exception(struct agent *a, const struct visit *v, const struct live *l)
{
	static uint8_t room[NPKI_CERT_MAX];
	struct buf b = buf_make(room, sizeof room);
	struct npki_cert_info *i = calloc(1, sizeof *i);
	const char *why = NULL;

	if (v->minor)
		why = "review.minor";
	else if (v->phone_changed)
		why = "review.phone_changed";
	else if (i == NULL ||
		 err_is(store_blob_get(a->store, &b, &l->c, BLOB_OLD_CERT)) ||
		 err_is(npki_cert_info_der(i, buf_span(&b))) ||
		 strcmp(i->person, v->name_secret) != 0)
		why = "review.name";
	secret_wipe(i, i == NULL ? 0 : sizeof *i);
	secret_wipe(room, b.n);
	free(i);
	return why;
}

/* The fee as it will be asked for, durable: a clerk may take it with nobody
 * at the kiosk. */
static void
ask_fee(struct agent *a, struct live *l, const struct fee *fee)
{
	bool card = strcmp(pay_health(a), "ok") == 0;
	struct store_case before = l->c;

	l->c.fee_won = fee->won;
	l->c.fee_vat = fee->vat;
	str_copy(l->c.waiver, sizeof l->c.waiver, fee->waiver);
	str_copy(l->c.problem, sizeof l->c.problem,
	    card ? "" : "problem.fee_counter");
	if (l->c.fee_won == before.fee_won &&
	    strcmp(l->c.problem, before.problem) == 0)
		return;
	if (err_is(live_note(a, l, NULL, 0)))
		l->c = before;
}

/* The table says it is free, or it is paid from before. */
static void
go_on(struct agent *a, struct live *l, enum case_event event)
{
	l->c.problem[0] = '\0';
	if (err_is(live_step(a, l, event, NULL, 0, NULL, 0)))
		live_problem(a, l, "agent.internal");
}

void
application_settle(struct agent *a, struct live *l)
{
	struct fee fee;
	struct err e;

	if (pay_is_busy(a, &l->c))
		return;
	if (pay_was_settled(a, &l->c)) {
		go_on(a, l, CASE_EV_FEE_PAID);
		return;
	}
	e = rules_fee(a, &fee, l->c.policy, l->c.loss_kind);
	if (err_is(e)) {
		log_err(LOG_WARNING, "fee", e);
		live_problem(a, l, "problem.fee_unknown");
	} else if (fee.won > 0) {
		ask_fee(a, l, &fee);
	} else {
		l->c.fee_won = l->c.fee_vat = 0;
		str_copy(l->c.waiver, sizeof l->c.waiver, fee.waiver);
		go_on(a, l, CASE_EV_FEE_WAIVED);
	}
}

void
application_assess(struct agent *a, struct live *l, const struct visit *v)
{
	const char *why = exception(a, v, l);
	struct err e = err_none();

	if (l->c.state == CASE_APPLIED) {
		str_copy(l->c.review, sizeof l->c.review, why ? why : "");
		l->c.problem[0] = '\0';
		e = live_step(a, l, why ? CASE_EV_EXCEPTION : CASE_EV_CLEAR,
		    NULL, 0, NULL, 0);
	}
	if (err_is(e))
		live_problem(a, l, "agent.internal");
	else if (l->c.state == CASE_APPROVED)
		application_settle(a, l);
}

/* The contact as it will be kept; false when a form is wrong. */
static bool
check_contact(json_t *person, const json_t *params)
{
	const char *typed = rpc_str(params, "email");
	char phone[PHONE_TEXT], email[EMAIL_TEXT] = "";
	bool ok = mobile_check(phone, rpc_str(params, "phone")).verdict !=
		      ID_REJECT &&
		  (typed[0] == '\0' ||
		      email_check(email, typed).verdict != ID_REJECT);

	if (ok) {
		json_object_set_new(person, "phone", json_string(phone));
		json_object_set_new(person, "email", json_string(email));
	}
	secret_wipe(phone, sizeof phone);
	secret_wipe(email, sizeof email);
	return ok;
}

static const char *
submit(struct agent *a, struct live *l, const json_t *params)
{
	json_t *person = load_person(a, l);
	char promise[CLOCK_TEXT];
	struct err e;

	if (!check_contact(person, params)) {
		json_decref(person);
		return "rpc.params";
	}
	l->c.p12 = rpc_bool(params, "p12");
	rules_promise(a, promise);
	str_copy(l->c.promise, sizeof l->c.promise, promise);
	str_copy(l->c.purpose, sizeof l->c.purpose, "reissue");
	e = step_with_person(a, l, CASE_EV_SUBMIT, NULL, person);
	return err_is(e) ? store_refusal(e) : NULL;
}

const char *
ask_case_apply(struct agent *a, struct ask *q)
{
	struct live *l = live_of(a, q->link);
	struct ref asker = link_ref(a, q->link);
	const char *refused = NULL;

	if (l == NULL)
		return "case.none";
	if (l->c.state == CASE_HELD)
		refused = submit(a, l, q->params);
	else if (l->c.state != CASE_APPLIED && l->c.state != CASE_APPROVED)
		refused = "case.state";
	if (refused != NULL)
		return refused;
	application_assess(a, l, &q->link->visit);
	if (l->c.state == CASE_PAID)
		issue_warm(a, l);
	answer(a, asker, q->id, view_case(a, l));
	return NULL;
}

/* ---- leaving ---- */

const char *
ask_case_cancel(struct agent *a, struct ask *q)
{
	struct live *l = live_of(a, q->link);
	struct ref asker = link_ref(a, q->link);

	if (l == NULL)
		return "case.none";
	if (pay_is_busy(a, &l->c))
		return "pay.open";
	if (guide_is_open(a, &l->c)) /* somebody may still use the pair */
		return "case.state";
	if (case_allows(l->c.state, CASE_EV_CANCEL) && !l->issue.started) {
		if (err_is(live_step(a, l, CASE_EV_CANCEL, NULL, 0, NULL, 0)))
			return "agent.internal";
		issue_drop(a, l);
	} else if (l->c.state == CASE_ISSUED && l->issue.waits) {
		l->issue.leaving = true;
		if (!l->issue.writing)
			deliver_confirm(a, l, false);
	} else if (l->c.state == CASE_PREPARED && l->issue.started) {
		l->issue.leaving = true; /* as soon as it is here */
	} else {
		return "case.state";
	}
	answer(a, asker, q->id, view_case(a, l));
	return NULL;
}
