/*
 * flow/counter_request.c - the clerk's session to JSON.
 */
#include "flow/counter_request.h"

#include <string.h>

#include "base/span.h"

enum { RECEIPT_DIGITS = 12, DATE_DIGITS = 8 };

/* clang-format off */
static const char *const filters[QF_COUNT] = {
	"open", "waiting", "called", "review", "returned", "fee", "delivery",
	"refund", "late", "ended" };
static const char *const sorts[QS_COUNT] = { "oldest", "promise", "state" };
static const char *const applicants[AK_COUNT] = {
	"self", "minor", "alien", "overseas", "sole", "company",
	"company_joint", "company_each", "business_proxy", "person_proxy" };
static const char *const unmasks[UF_COUNT] = {
	"name", "phone", "email", "loss" };
static const char *const reprints[RK_COUNT] = {
	"receipt", "loss", "fee", "checklist", "ticket", "refund",
	"application", "loss_report" };
static const char *const waivers[WV_COUNT] = {
	"fee.waiver.reissue", "fee.waiver.limited", "fee.waiver.staff" };
static const char *const channels[GC_COUNT] = { "sms", "mail" };
/* clang-format on */

static const char *
word(const char *const *list, int count, int at)
{
	return at >= 0 && at < count ? list[at] : "";
}

const char *
word_filter(int filter)
{
	return word(filters, QF_COUNT, filter);
}

const char *
word_sort(int sort)
{
	return word(sorts, QS_COUNT, sort);
}

const char *
word_applicant(int kind)
{
	return word(applicants, AK_COUNT, kind);
}

const char *
word_unmask(int field)
{
	return word(unmasks, UF_COUNT, field);
}

const char *
word_reprint(int kind)
{
	return word(reprints, RK_COUNT, kind);
}

const char *
word_waiver(int waiver)
{
	return word(waivers, WV_COUNT, waiver);
}

const char *
word_channel(int channel)
{
	return word(channels, GC_COUNT, channel);
}

int
applicant_named(const char *name)
{
	for (int i = 0; i < AK_COUNT; i++)
		if (strcmp(applicants[i], name) == 0)
			return i;
	return -1;
}

void
counter_find_text(char out[static FIELD_CAP], const char *typed)
{
	char digits[RECEIPT_DIGITS + 1] = "";
	struct buf d = buf_make(digits, sizeof digits);
	struct buf b = buf_make(out, FIELD_CAP - 1);
	const char *p = typed;

	if (*p == 'R' || *p == 'r')
		p++;
	for (; *p != '\0'; p++) {
		if (*p >= '0' && *p <= '9')
			buf_add(&d, p, 1);
		else if (*p != '-')
			break;
	}
	if (*p != '\0' || d.n != RECEIPT_DIGITS ||
	    strncmp(digits, "20", 2) != 0) {
		(void)str_copy(out, FIELD_CAP, typed);
		return;
	}
	buf_add_str(&b, "R-");
	buf_add(&b, digits, DATE_DIGITS);
	buf_add_str(&b, "-");
	buf_add(&b, digits + DATE_DIGITS, RECEIPT_DIGITS - DATE_DIGITS);
	out[b.n] = '\0';
}

/* The field holds YYYYMMDD, messages carry YYYY-MM-DD. */
static json_t *
date(const struct field *f)
{
	const char *digits = field_text(f);
	char text[11];
	struct buf b = buf_make(text, sizeof text);

	if (strlen(digits) != DATE_DIGITS)
		return json_string(digits);
	buf_add(&b, digits, 4);
	buf_add_str(&b, "-");
	buf_add(&b, digits + 4, 2);
	buf_add_str(&b, "-");
	buf_add(&b, digits + 6, 2);
	return json_stringn(text, b.n);
}

static json_int_t
number(const struct field *f)
{
	json_int_t v = 0;

	for (const char *p = field_text(f); *p >= '0' && *p <= '9'; p++)
		v = 10 * v + (*p - '0');
	return v;
}

static json_t *
queue(const struct counter_session *s)
{
	return json_pack("{s:s,s:s,s:s,s:i}", "filter", word_filter(s->filter),
	    "find", s->found, "sort", word_sort(s->sort), "from",
	    s->queue.from);
}

/* A new kind of applicant has no papers yet: their list is asked for. */
static json_t *
docs(const struct counter_session *s)
{
	const struct desk *d = &s->desk;
	const char *applicant = word_applicant(d->applicant_at);
	json_t *seen = json_array();

	for (int i = 0; i < d->doc_count; i++) {
		if (strcmp(applicant, d->applicant) != 0 || !d->doc_seen[i])
			continue;
		json_array_append_new(
		    seen, json_pack("{s:s,s:o}", "doc", d->docs[i].doc,
			      "issued", date(&d->doc_issued[i])));
	}
	return json_pack("{s:s,s:I,s:s,s:o}", "case_no", s->want, "version",
	    (json_int_t)d->act_version, "applicant", applicant, "docs", seen);
}

static json_t *
details(const struct desk *d)
{
	json_t *o = json_object();

	if (strcmp(d->act, "return") == 0)
		json_object_set_new(
		    o, "sentence", json_string(field_text(&d->sentence)));
	if (strcmp(d->act, "cash") == 0)
		json_object_set_new(o, "won", json_integer(number(&d->won)));
	if (strcmp(d->act, "cash") == 0 || strcmp(d->act, "refund") == 0)
		json_object_set_new(
		    o, "receipt_no", json_string(field_text(&d->receipt_no)));
	if (strcmp(d->act, "waive") == 0)
		json_object_set_new(
		    o, "waiver", json_string(word_waiver(d->waiver)));
	if (strcmp(d->act, "seen") == 0) {
		json_object_set_new(
		    o, "charged", json_boolean(d->charged == 0));
		json_object_set_new(
		    o, "approval", json_string(field_text(&d->receipt_no)));
	}
	if (strcmp(d->act, "guide") == 0)
		json_object_set_new(
		    o, "channel", json_string(word_channel(d->channel)));
	if (strcmp(d->act, "reprint") == 0)
		json_object_set_new(
		    o, "kind", json_string(word_reprint(d->kind)));
	return o;
}

static json_t *
act(const struct counter_session *s)
{
	const struct desk *d = &s->desk;
	bool sentence = strcmp(d->act, "return") == 0;

	return json_pack("{s:s,s:I,s:s,s:s,s:o}", "case_no", s->want, "version",
	    (json_int_t)d->act_version, "action", d->act, "reason",
	    field_text(sentence ? &d->sentence : &d->reason), "details",
	    details(d));
}

static json_t *
confirm(const struct counter_session *s)
{
	const struct desk *d = &s->desk;
	int at = d->proposal_at >= 0 && d->proposal_at < d->proposal_count
		     ? d->proposal_at
		     : 0;

	return json_pack("{s:s,s:I,s:I,s:b,s:s}", "case_no", s->want, "version",
	    (json_int_t)d->act_version, "proposal",
	    (json_int_t)d->proposals[at].proposal, "agree", d->agree == 0,
	    "reason", field_text(&d->reason));
}

static json_t *
audit_list(const struct counter_session *s)
{
	return json_pack("{s:I,s:i}", "from", (json_int_t)s->audit.from,
	    "count", AUDIT_ROWS);
}

json_t *
counter_params(const struct counter_session *s, enum counter_ask ask)
{
	switch (ask) {
	case CQ_QUEUE:
		return queue(s);
	case CQ_ANSWER:
		return json_pack("{s:I}", "call",
		    (json_int_t)(s->call_count > 0 ? s->calls[0].call : 0));
	case CQ_TAKE:
	case CQ_VIEW:
		return json_pack("{s:s}", "case_no", s->want);
	case CQ_UNMASK:
		return json_pack("{s:s,s:s,s:s}", "case_no", s->want, "field",
		    word_unmask(s->desk.unmask), "reason",
		    field_text(&s->desk.reason));
	case CQ_DOCS:
		return docs(s);
	case CQ_ACT:
		return act(s);
	case CQ_CONFIRM:
		return confirm(s);
	case CQ_DAY:
		return json_pack("{s:o}", "date", date(&s->date));
	case CQ_CSV:
	case CQ_PDF:
		return json_pack("{s:s,s:s}", "date", s->day.date, "format",
		    ask == CQ_CSV ? "csv" : "pdf");
	case CQ_AUDIT:
		return audit_list(s);
	case CQ_PROVE:
		return json_pack("{s:I}", "seq", number(&s->seq));
	case CQ_NONE:
	case CQ_LEAVE:
	case CQ_STATUS:
	case CQ_VERIFY:
	case CQ_COUNT:
		break;
	}
	return json_object();
}
