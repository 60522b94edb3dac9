/*
 * flow/request.c - session to JSON.
 */
#include "flow/request.h"

#include <string.h>

#include "base/span.h"
#include "flow/phone.h"
#include "flow/token.h"
#include "ui/text.h"

/* clang-format off */
static const char *const purposes[PURPOSE_COUNT] = {
	"", "reissue", "report", "status", "check" };
static const char *const id_kinds[IDK_COUNT] = {
	"resident", "driver", "passport", "alien" };
static const char *const factor_kinds[FACTOR_COUNT] = {
	"phone", "question", "account" };
static const char *const losses[LOSS_COUNT] = {
	"lost", "stolen", "leaked", "broken", "forgotten" };
static const char *const media[MEDIUM_COUNT] = {
	"usb", "phone", "pc", "other" };
static const char *const steps[STEP_COUNT] = {
	"key", "request", "check", "write", "prove", "confirm", "revoke" };
static const char *const media_states[MEDIA_COUNT] = {
	"", "none", "ready", "several", "readonly", "full", "wrong_fs",
	"busy" };
static const char *const consents[CONSENT_COUNT] = {
	"personal", "unique_id", "third_party", "reminder" };
static const char *const ways[TO_COUNT] = { "stick", "phone", "token" };
/* clang-format on */

static const char *
word(const char *const *list, int count, int at)
{
	return at >= 0 && at < count ? list[at] : "";
}

const char *
word_purpose(enum purpose p)
{
	return word(purposes, PURPOSE_COUNT, (int)p);
}

const char *
word_id_kind(enum id_document k)
{
	return word(id_kinds, IDK_COUNT, (int)k);
}

const char *
word_factor(enum factor_kind k)
{
	return word(factor_kinds, FACTOR_COUNT, (int)k);
}

const char *
word_loss(enum loss_kind k)
{
	return word(losses, LOSS_COUNT, (int)k);
}

const char *
word_medium(enum medium_kind m)
{
	return word(media, MEDIUM_COUNT, (int)m);
}

const char *
word_step(enum progress_step s)
{
	return word(steps, STEP_COUNT, (int)s);
}

const char *
word_media(enum media_state m)
{
	return word(media_states, MEDIA_COUNT, (int)m);
}

const char *
word_way(enum target w)
{
	return word(ways, TO_COUNT, (int)w);
}

static json_t *
begin(const struct session *s)
{
	json_t *required = json_array(), *optional = json_array();

	for (int i = 0; i < CONSENT_COUNT; i++)
		if (s->consent[i])
			json_array_append_new(
			    i < CONSENT_REQUIRED ? required : optional,
			    json_string(consents[i]));
	return json_pack("{s:s,s:s,s:{s:o,s:o}}", "purpose",
	    word_purpose(s->purpose), "lang", text_language(), "consents",
	    "required", required, "optional", optional);
}

/* The field holds YYYYMMDD, messages carry YYYY-MM-DD. */
static json_t *
date(const struct field *f)
{
	const char *digits = field_text(f);
	char text[11];
	struct buf b = buf_make(text, sizeof text);

	if (strlen(digits) != 8)
		return json_string(digits);
	buf_add(&b, digits, 4);
	buf_add_str(&b, "-");
	buf_add(&b, digits + 4, 2);
	buf_add_str(&b, "-");
	buf_add(&b, digits + 6, 2);
	return json_stringn(text, b.n);
}

static json_t *
identity(const struct session *s)
{
	bool numbered = s->id_kind == IDK_DRIVER || s->id_kind == IDK_PASSPORT;

	return json_pack("{s:s,s:s,s:s,s:s,s:o}", "name", field_text(&s->name),
	    "number", field_text(&s->number), "id_kind",
	    word_id_kind((enum id_document)s->id_kind), "id_number",
	    numbered ? field_text(&s->id_number) : "", "issue_date",
	    date(&s->issue_date));
}

static json_t *
factor(const struct session *s, bool with_answer)
{
	enum factor_kind kind = s->factors[s->factor].kind;
	json_t *o = json_pack("{s:s}", "kind", word_factor(kind));

	if (!with_answer)
		return o;
	json_object_set_new(
	    o, "answer", json_string(field_text(&s->factor_answer)));
	json_object_set_new(o, "account",
	    json_string(
		kind == FACTOR_ACCOUNT ? field_text(&s->factor_account) : ""));
	return o;
}

static json_t *
report(const struct session *s)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:b}", "kind",
	    word_loss((enum loss_kind)s->loss), "when",
	    field_text(&s->loss_when), "place", field_text(&s->loss_place),
	    "detail", field_text(&s->loss_detail), "medium",
	    word_medium((enum medium_kind)s->medium), "misuse", s->misuse == 1);
}

/* The field holds the digits of R-YYYYMMDD-NNNN. */
static json_t *
case_status(const struct session *s)
{
	const char *digits = field_text(&s->case_no);
	char no[24];
	struct buf b = buf_make(no, sizeof no - 1);
	size_t n = strlen(digits);

	buf_add_str(&b, "R-");
	buf_add(&b, digits, n < 8 ? n : 8);
	if (n > 8) {
		buf_add_str(&b, "-");
		buf_add(&b, digits + 8, n - 8);
	}
	no[b.n] = '\0';
	return json_pack("{s:s}", "case_no", no);
}

/* Which paper belongs to what is on the screen. */
static const char *
slip_kind(const struct session *s)
{
	if (s->screen == SCR_FEE)
		return "fee";
	return strcmp(s->kase.state, "REPORTED") == 0 ||
		       strcmp(s->kase.state, "HELD") == 0
		   ? "loss"
		   : "receipt";
}

/* The number only with the customer's consent, and only for the VID. */
static json_t *
with_number(const struct session *s, json_t *o)
{
	if (s->consent[CONSENT_UNIQUE_ID] && !field_is_empty(&s->number))
		json_object_set_new(
		    o, "number", json_string(field_text(&s->number)));
	return o;
}

/* Suggested, it counts once the customer went on from where it is shown. */
static bool
wants_p12(const struct session *s)
{
	return s->p12 && !s->suggested[SUGGEST_P12];
}

/* The certificate on the stick. */
static json_t *
found(const struct session *s)
{
	return json_pack("{s:i}", "index", s->found[s->found_at].index);
}

static json_t *
issue(const struct session *s)
{
	if (token_is_place(s))
		return json_pack("{s:b,s:[s],s:i}", "p12", false, "to",
		    word_way(TO_TOKEN), "token", s->tokens[s->token_at].index);
	return json_pack(
	    "{s:b,s:o*}", "p12", wants_p12(s), "to", phone_chosen(s));
}

json_t *
request_params(const struct session *s, enum request r)
{
	switch (r) {
	case REQ_BEGIN:
		return begin(s);
	case REQ_IDENTITY:
		return identity(s);
	case REQ_FACTOR_START:
		return factor(s, false);
	case REQ_FACTOR:
		return factor(s, true);
	case REQ_OPEN:
		return json_pack("{s:i}", "index", s->certs[s->cert].index);
	case REQ_REPORT:
		return report(s);
	case REQ_APPLY:
		return json_pack("{s:s,s:s,s:b}", "phone",
		    field_text(&s->phone), "email", field_text(&s->email),
		    "p12", wants_p12(s));
	case REQ_ISSUE:
		return issue(s);
	case REQ_DELIVER:
		if (token_is_place(s))
			return token_params(s);
		return json_pack("{s:o*}", "to", phone_chosen(s));
	case REQ_DIGITS:
		return json_pack("{s:s}", "digits", field_text(&s->digits));
	case REQ_CASE:
		return case_status(s);
	case REQ_MEDIA_VERIFY:
		return with_number(s, found(s));
	case REQ_MEDIA_PASSWD:
		return found(s);
	case REQ_TOKEN_CHECK:
		return with_number(s, token_params(s));
	case REQ_TOKEN_PIN:
		return token_params(s);
	case REQ_STAFF:
		return json_pack("{s:s}", "screen",
		    flow_screen_name(
			flow_is_overlay(s->screen) ? s->below : s->screen));
	case REQ_PRINT:
		return json_pack("{s:s}", "kind", slip_kind(s));
	case REQ_NONE:
	case REQ_PAY:
	case REQ_PAY_STOP:
	case REQ_CERTS:
	case REQ_TOKENS:
	case REQ_PHONE:
	case REQ_PHONE_END:
	case REQ_CANCEL:
	case REQ_MEDIA_LIST:
	case REQ_END_SESSION:
	case REQ_COUNT:
		break;
	}
	return json_object();
}

size_t
request_secret(
    char out[static REQUEST_SECRET], const struct session *s, enum request r)
{
	struct buf b = buf_make(out, REQUEST_SECRET);
	const char *old_secret = field_text(&s->old_password);
	const char *new_secret = field_text(&s->password);

	bool changes = r == REQ_MEDIA_PASSWD || r == REQ_TOKEN_PIN;
	bool saves = r == REQ_ISSUE || r == REQ_DELIVER;
	bool opens = r == REQ_MEDIA_VERIFY || r == REQ_TOKEN_CHECK ||
		     (saves && token_is_place(s));

	if (opens || changes)
		buf_add_str(&b, old_secret);
	if (changes)
		buf_add_str(&b, "\n");
	if (changes || (saves && !opens))
		buf_add_str(&b, new_secret);
	return b.n;
}
