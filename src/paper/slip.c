/*
 * paper/slip.c - what each kind of slip says.
 *
 * Everything here reads a document that paper_check() let through.
 */
#include "paper/slip.h"

#include <stdio.h>
#include <string.h>

#include "paper/document.h"
#include "paper/say.h"

struct pen {
	struct slip *slip;
	const json_t *d;
	enum paper_lang lang;
};

/* ---- reading ---- */

static const char *
text_of(const struct pen *p, const char *key)
{
	const char *s = json_string_value(json_object_get(p->d, key));

	return s == NULL ? "" : s;
}

static int64_t
number_of(const struct pen *p, const char *key)
{
	return json_integer_value(json_object_get(p->d, key));
}

static bool
is_true(const struct pen *p, const char *key)
{
	return json_is_true(json_object_get(p->d, key));
}

static const char *
say(const struct pen *p, const char *key)
{
	const char *s = paper_word(p->lang, key);

	return s == NULL ? key : s;
}

/* ---- writing ---- */

static void
put(struct pen *p, enum slip_style style, const char *label, const char *text)
{
	struct slip *s = p->slip;
	struct slip_item *i = &s->items[s->n];

	if (s->n == SLIP_ITEMS) {
		s->full = true;
		return;
	}
	i->style = style;
	if (!str_copy(i->label, sizeof i->label, label) ||
	    !str_copy(i->text, sizeof i->text, text))
		s->full = true;
	s->n++;
}

static void
put_say(struct pen *p, enum slip_style style, const char *key)
{
	put(p, style, "", say(p, key));
}

static void
put_rule(struct pen *p)
{
	put(p, SLIP_RULE, "", "");
}

static void
put_space(struct pen *p)
{
	put(p, SLIP_SPACE, "", "");
}

/* A row whose value is there; nothing otherwise. */
static void
put_row(struct pen *p, const char *label, const char *value)
{
	if (value[0] != '\0')
		put(p, SLIP_ROW, say(p, label), value);
}

static void
put_member(struct pen *p, const char *label, const char *key)
{
	put_row(p, label, text_of(p, key));
}

static void
put_moment(struct pen *p, const char *label, const char *key)
{
	char at[SAY_TEXT];

	if (number_of(p, key) == 0)
		return;
	say_moment(at, p->lang, number_of(p, key));
	put_row(p, label, at);
}

static void
put_filled(
    struct pen *p, enum slip_style style, const char *key, const char *one)
{
	char text[SLIP_TEXT];

	say_fill(text, sizeof text, say(p, key), one, "");
	put(p, style, "", text);
}

/* ---- parts most kinds have ---- */

static void
put_head(struct pen *p, const char *title)
{
	char name[2 * PAPER_LINE];

	snprintf(name, sizeof name, "%s %s", text_of(p, "bank"),
	    text_of(p, "branch"));
	if (is_true(p, "practice"))
		put_say(p, SLIP_HEAD, "mark.practice");
	put(p, SLIP_HEAD, "", name);
	put_space(p);
	put_say(p, SLIP_TITLE, title);
	if (is_true(p, "copy"))
		put_say(p, SLIP_HEAD, "mark.copy");
	put_space(p);
}

static void
put_whose(struct pen *p)
{
	const char *product = paper_word(p->lang, text_of(p, "product_key"));

	if (product == NULL)
		product = say(p, "product.unknown");
	put_member(p, "label.holder", "holder");
	if (text_of(p, "product_key")[0] != '\0')
		put_row(p, "label.product", product);
	put_member(p, "label.issuer", "issuer_name");
}

/* The day a certificate of the document ends. */
static bool
until(const struct pen *p, const char *key, char out[static SAY_TEXT])
{
	const json_t *c = json_object_get(p->d, key);

	out[0] = '\0';
	if (!json_is_object(c))
		return false;
	say_date(
	    out, p->lang, json_integer_value(json_object_get(c, "not_after")));
	return true;
}

static void
put_until(struct pen *p, const char *label, const char *key)
{
	char day[SAY_TEXT];

	if (until(p, key, day))
		put_row(p, label, day);
}

static void
put_serial(struct pen *p, const char *key)
{
	const char *serial = json_string_value(
	    json_object_get(json_object_get(p->d, key), "serial"));

	if (serial != NULL)
		put_row(p, "label.serial", serial);
}

static void
put_foot(struct pen *p)
{
	put_rule(p);
	put_say(p, SLIP_PLAIN, "never.password");
	if (text_of(p, "phone")[0] != '\0')
		put_filled(p, SLIP_PLAIN, "ask.phone", text_of(p, "phone"));
	put_moment(p, "label.printed_at", "printed_at");
}

/* ---- the kinds ---- */

/* What has happened so far, in sentences that are true. */
static void
put_done(struct pen *p)
{
	static const char *const said[][2] = {
		/* clang-format off */
		{ "reported",  "receipt.reported" },
		{ "held",      "receipt.reported" },
		{ "confirmed", "receipt.done" },
		{ "delivered", "receipt.done" },
		{ "done",      "receipt.done" },
		{ "cancelled", "receipt.ended" },
		{ "rejected",  "receipt.ended" },
		{ "expired",   "receipt.ended" },
		{ "revoking",  "receipt.ended" },
		{ "revoked",   "receipt.ended" },
		{ "releasing", "receipt.found" },
		{ "found",     "receipt.found" },
		/* clang-format on */
	};
	const char *state = text_of(p, "state"), *what = "receipt.received";

	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		if (strcmp(said[i][0], state) == 0)
			what = said[i][1];
	}
	put_say(p, SLIP_STRONG, what);
	if (strcmp(state, "done") == 0 || strcmp(state, "revoked") == 0)
		put_say(p, SLIP_STRONG, "receipt.revoked");
	else if (strcmp(state, "confirmed") == 0 ||
		 strcmp(state, "revoking") == 0)
		put_say(p, SLIP_STRONG, "receipt.revoking");
	else if (strcmp(text_of(p, "hold"), "confirmed") == 0 &&
		 strcmp(what, "receipt.found") != 0)
		put_say(p, SLIP_STRONG, "receipt.held");
}

/* Nothing is promised any more. */
static bool
is_over(const struct pen *p)
{
	static const char *const ends[] = { "done", "confirmed", "delivered",
		"cancelled", "rejected", "expired", "found", "revoked" };

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		if (strcmp(ends[i], text_of(p, "state")) == 0)
			return true;
	}
	return false;
}

static void
compose_receipt(struct pen *p)
{
	char day[SAY_TEXT];

	put_say(p, SLIP_HEAD, "label.case_no");
	put(p, SLIP_BIG, "", text_of(p, "case_no"));
	put_space(p);
	put_done(p);
	put_rule(p);
	put_whose(p);
	put_row(p, "label.state",
	    paper_word_of(p->lang, "state", text_of(p, "state")));
	put_moment(p, "label.held_at", "held_at");
	put_member(p, "label.loss_no", "loss_no");
	/* the new one ends on the same day */
	put_until(p, "label.until", "old");
	if (text_of(p, "promise")[0] != '\0' && !is_over(p)) {
		say_day(day, p->lang, text_of(p, "promise"));
		put_row(p, "label.promise", day);
	}
	put_member(p, "label.clerk", "officer");
	put_rule(p);
	put_say(p, SLIP_PLAIN, "ask.status");
	put_foot(p);
}

static void
compose_loss(struct pen *p)
{
	const char *hold = text_of(p, "hold");

	put_say(p, SLIP_HEAD, "label.loss_no");
	put(p, SLIP_BIG, "", text_of(p, "loss_no"));
	put_space(p);
	put_say(p, SLIP_STRONG,
	    strcmp(hold, "confirmed") == 0 ? "receipt.held"
					   : "receipt.reported");
	put_say(p, SLIP_PLAIN,
	    strcmp(hold, "confirmed") == 0 ? "loss.confirmed" : "loss.pending");
	put_rule(p);
	put_moment(p, "label.reported_at", "reported_at");
	put_moment(p, "label.held_at", "held_at");
	put_row(p, "label.hold", paper_word_of(p->lang, "hold", hold));
	put_member(p, "label.case_no", "case_no");
	put_whose(p);
	if (text_of(p, "loss_kind")[0] != '\0')
		put_row(p, "label.kind",
		    paper_word_of(
			p->lang, "loss.kind", text_of(p, "loss_kind")));
	put_serial(p, "old");
	put_until(p, "label.until", "old");
	put_member(p, "label.clerk", "officer");
	put_rule(p);
	put_say(p, SLIP_PLAIN, "loss.found");
	put_say(p, SLIP_PLAIN, "loss.misuse");
	put_foot(p);
}

static void
put_seller(struct pen *p)
{
	char name[2 * PAPER_LINE];

	snprintf(name, sizeof name, "%s %s", text_of(p, "bank"),
	    text_of(p, "branch"));
	put_rule(p);
	put_row(p, "label.seller", name);
	put_member(p, "label.business_no", "business_no");
	put_member(p, "label.representative", "representative");
	put_member(p, "label.address", "address");
}

static void
put_paid(struct pen *p, const char *when)
{
	char amount[SAY_TEXT], card[2 * PAPER_LINE];
	int64_t won = number_of(p, "won"), vat = number_of(p, "vat");

	put_row(p, "label.item", say(p, "fee.item"));
	put_member(p, "label.case_no", "case_no");
	put_whose(p);
	put_rule(p);
	say_won(amount, p->lang, won - vat);
	put(p, SLIP_MONEY, say(p, "label.net"), amount);
	say_won(amount, p->lang, vat);
	put(p, SLIP_MONEY, say(p, "label.vat"), amount);
	say_won(amount, p->lang, won);
	put(p, SLIP_TOTAL, say(p, "label.won"), amount);
	put_rule(p);
	put_row(p, "label.method",
	    paper_word_of(p->lang, "method", text_of(p, "method")));
	put_moment(p, when, "at");
	/* the bracket keeps what stands beside the digits apart from them */
	snprintf(card, sizeof card,
	    text_of(p, "pan")[0] == '\0' ? "%s" : "%s (%s)",
	    text_of(p, "brand"), text_of(p, "pan"));
	put_row(p, "label.card", card);
	put_member(p, "label.approval", "approval");
	put_member(p, "label.bank_receipt", "receipt_no");
	put_member(p, "label.waiver", "waiver");
	put_seller(p);
}

static void
compose_fee(struct pen *p)
{
	put_paid(p, "label.paid_at");
	put_rule(p);
	put_say(p, SLIP_PLAIN, "fee.keep");
	put_foot(p);
}

static void
compose_refund(struct pen *p)
{
	put_say(p, SLIP_STRONG, "fee.refund");
	put_rule(p);
	put_paid(p, "label.refund_at");
	if (strcmp(text_of(p, "method"), "card") == 0) {
		put_rule(p);
		put_say(p, SLIP_PLAIN, "fee.refund_card");
	}
	put_foot(p);
}

static void
compose_checklist(struct pen *p)
{
	static const char *const usual[] = { "check.banks", "check.stocks",
		"check.tax", "check.work" };
	static const char *const now[] = { "check.use", "check.copy",
		"check.old", "check.program" };
	const json_t *banks = json_object_get(p->d, "banks"), *bank;
	char day[SAY_TEXT];
	size_t i;

	put_whose(p);
	put_until(p, "label.until", "new");
	put_rule(p);
	put_say(p, SLIP_STRONG, "check.register");
	put_say(p, SLIP_PLAIN, "check.why");
	put_space(p);
	json_array_foreach(banks, i, bank)
		put(p, SLIP_CHECK, "", json_string_value(bank));
	for (i = 0; i < sizeof usual / sizeof *usual; i++)
		put_say(p, SLIP_CHECK, usual[i]);
	put_rule(p);
	put_say(p, SLIP_STRONG, "check.now");
	for (i = 0; i < sizeof now / sizeof *now; i++)
		put_say(p, SLIP_CHECK, now[i]);
	put_rule(p);
	put_say(p, SLIP_STRONG, "check.safe");
	put_say(p, SLIP_PLAIN, "check.password");
	put_say(p, SLIP_PLAIN, "check.public");
	put_say(p, SLIP_PLAIN, "check.mail");
	if (until(p, "new", day))
		put_filled(p, SLIP_PLAIN, "check.expiry", day);
	put_foot(p);
}

static void
compose_guide(struct pen *p)
{
	char at[SAY_TEXT], sent[SLIP_TEXT];

	put_say(p, SLIP_HEAD, "label.refnum");
	put(p, SLIP_BIG, "", text_of(p, "refnum"));
	put_space(p);
	put_whose(p);
	put_member(p, "label.case_no", "case_no");
	say_moment(at, p->lang, number_of(p, "expires_at"));
	put_row(p, "label.guide_until", at);
	say_fill(sent, sizeof sent,
	    say(p, strcmp(text_of(p, "channel"), "mail") == 0 ? "guide.mail"
							      : "guide.sms"),
	    text_of(p, "sent_to"), "");
	put_row(p, "label.sent_to", sent + strspn(sent, " "));
	put_rule(p);
	put_say(p, SLIP_PLAIN, "guide.how1");
	put_say(p, SLIP_PLAIN, "guide.how2");
	put_say(p, SLIP_PLAIN, "guide.how3");
	put_member(p, "label.site", "site");
	put_rule(p);
	put_say(p, SLIP_STRONG, "guide.split");
	put_say(p, SLIP_PLAIN, "guide.once");
	put_foot(p);
}

static void
compose_ticket(struct pen *p)
{
	char day[SAY_TEXT];

	put_say(p, SLIP_HEAD, "label.case_no");
	put(p, SLIP_BIG, "", text_of(p, "case_no"));
	put_space(p);
	put_say(p, SLIP_STRONG, "ticket.kept");
	put_rule(p);
	put_whose(p);
	put_row(p, "label.state",
	    paper_word_of(p->lang, "state", text_of(p, "state")));
	if (text_of(p, "promise")[0] != '\0') {
		say_day(day, p->lang, text_of(p, "promise"));
		put_row(p, "label.promise", day);
	}
	put_rule(p);
	put_say(p, SLIP_PLAIN, "ticket.how");
	put_say(p, SLIP_PLAIN, "ticket.bring");
	if (text_of(p, "until")[0] != '\0') {
		say_day(day, p->lang, text_of(p, "until"));
		put_filled(p, SLIP_PLAIN, "ticket.until", day);
	}
	put_foot(p);
}

struct err
slip_compose(struct slip *out, const json_t *document)
{
	static const struct {
		const char *title;
		void (*compose)(struct pen *);
	} kinds[] = {
		[PAPER_RECEIPT] = { "title.receipt", compose_receipt },
		[PAPER_LOSS] = { "title.loss", compose_loss },
		[PAPER_FEE] = { "title.fee", compose_fee },
		[PAPER_CHECKLIST] = { "title.checklist", compose_checklist },
		[PAPER_GUIDE] = { "title.guide", compose_guide },
		[PAPER_TICKET] = { "title.ticket", compose_ticket },
		[PAPER_REFUND] = { "title.refund", compose_refund },
	};
	struct pen p = { .slip = out, .d = document };
	enum paper_kind kind;
	struct err e = paper_check(&kind, &p.lang, document);

	memset(out, 0, sizeof *out);
	if (err_is(e))
		return e;
	if (paper_is_form(kind))
		return err_make(E_ARG, 0, "paper: a form is no slip");
	out->lang = p.lang;
	put_head(&p, kinds[kind].title);
	kinds[kind].compose(&p);
	return out->full ? err_make(E_LIMIT, 0, "paper: slip") : err_none();
}
