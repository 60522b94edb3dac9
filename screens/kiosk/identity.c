/*
 * screens/kiosk/identity.c - which ID document, and what is printed on it.
 *
 * What is wrong in form is said at the item and nothing is sent; what only
 * looks mistyped is asked about once and accepted when Enter comes again.
 */
#include "screens/kiosk/common.h"

#include <string.h>

#include "base/clock.h"
#include "base/secret.h"
#include "flow/suggest.h"
#include "identity/check.h"
#include "screens/kiosk/screens.h"
#include "ui/text.h"

enum { ITEM_KIND, ITEM_NAME, ITEM_NUMBER, ITEM_ID_NUMBER };

static bool
has_id_number(const struct session *s)
{
	return s->id_kind == IDK_DRIVER || s->id_kind == IDK_PASSPORT;
}

static void
build(struct session *s)
{
	int at = s->form.at;

	kiosk_form(s);
	form_add_choice(&s->form, &s->id_kind, IDK_COUNT);
	form_add_field(&s->form, &s->name);
	form_add_field(&s->form, &s->number);
	if (has_id_number(s))
		form_add_field(&s->form, &s->id_number);
	form_add_field(&s->form, &s->issue_date);
	s->form.at = at < s->form.count ? at : 0;
}

static void
enter(struct session *s)
{
	s->form.at = 0;
	build(s);
}

/* Another document has another number, and other characters in it. */
static void
change_document(struct session *s)
{
	struct field_spec spec = {
		.kind = FIELD_TEXT, .max_chars = 20, .cols = 20
	};

	if (s->id_kind == IDK_PASSPORT)
		spec = (struct field_spec){
			.kind = FIELD_ALNUM, .max_chars = 9, .cols = 12
		};
	field_wipe(&s->id_number);
	field_init(&s->id_number, spec);
	s->number_warned = s->number_confirmed = false;
	build(s);
}

static enum id_kind
number_kind(const struct session *s)
{
	return s->id_kind == IDK_ALIEN ? ID_ALIEN : ID_RRN;
}

static enum id_kind
document_kind(const struct session *s)
{
	return s->id_kind == IDK_PASSPORT ? ID_PASSPORT : ID_LICENCE;
}

/* Checks one field and keeps its normal form; soft warnings count once. */
static void
check(struct session *s, int item, enum id_kind kind, const struct civil *today)
{
	char normal_secret[ID_TEXT];
	struct field *f = s->form.items[item].field;
	struct id_check c = id_check_text(
	    normal_secret, kind, field_text(f), today);

	if (c.verdict == ID_REJECT ||
	    (c.verdict == ID_SOFT && !s->number_warned))
		kiosk_fail(s, item, id_check_key(c));
	if (c.verdict != ID_REJECT)
		(void)field_set(f, normal_secret);
	if (c.verdict == ID_SOFT)
		s->number_confirmed = s->number_warned;
	secret_wipe(normal_secret, sizeof normal_secret);
}

static int
submit(struct session *s)
{
	struct civil today = civil_from_unix(s->now_unix);

	s->number_confirmed = false;
	check(s, ITEM_NAME, ID_NAME, &today);
	check(s, ITEM_NUMBER, number_kind(s), &today);
	if (has_id_number(s))
		check(s, ITEM_ID_NUMBER, document_kind(s), &today);
	check(s, s->form.count - 1, ID_ISSUE_DATE, &today);
	if (!kiosk_wrong(s))
		return INTENT_NEXT;
	/* only what is asked about may be answered by Enter again */
	s->number_warned = true;
	return INTENT_STAY;
}

/* Asked whether an odd number is right, Enter says yes, wherever it stands. */
static bool
answers_warning(const struct session *s, const struct event *ev)
{
	return event_is_key(ev, K_ENTER) && s->pending == REQ_NONE &&
	       s->number_warned && s->item_error[s->form.at] != NULL &&
	       !suggest_is(s, &s->form.items[s->form.at]);
}

static int
on_event(struct session *s, const struct event *ev)
{
	enum form_result did;
	int document = s->id_kind;
	int intent;

	if (answers_warning(s, ev)) {
		memset(s->item_error, 0, sizeof s->item_error);
		return submit(s);
	}
	intent = kiosk_event(s, ev, &did);

	if (s->id_kind != document)
		change_document(s);
	else if (did == FORM_USED && s->form.at >= ITEM_NUMBER &&
		 s->form.at < s->form.count - 1 &&
		 (ev->key == K_CHAR || ev->key == K_BACKSPACE ||
		     ev->key == K_DELETE || ev->key == K_CLEAR))
		s->number_warned = s->number_confirmed = false;
	return did == FORM_SUBMIT ? submit(s) : intent;
}

static void
draw_numbers(const struct session *s, struct page *p)
{
	bool alien = s->id_kind == IDK_ALIEN;
	int item = ITEM_NUMBER;

	page_field(p, T(alien ? "identity.alien" : "identity.rrn"), &s->number,
	    T("identity.masked"), kiosk_item_error(s, p, item++));
	if (s->id_kind == IDK_DRIVER)
		page_field(p, T("identity.licence"), &s->id_number,
		    T("identity.licence.hint"), kiosk_item_error(s, p, item++));
	else if (s->id_kind == IDK_PASSPORT)
		page_field(p, T("identity.passport"), &s->id_number,
		    T("identity.passport.hint"),
		    kiosk_item_error(s, p, item++));
	page_field(p, T("identity.issue_date"), &s->issue_date,
	    T("identity.issue_date.hint"), kiosk_item_error(s, p, item));
}

static void
draw(const struct session *s, struct page *p)
{
	const char *kinds[IDK_COUNT] = {
		[IDK_RESIDENT] = T("identity.kind.resident"),
		[IDK_DRIVER] = T("identity.kind.driver"),
		[IDK_PASSPORT] = T("identity.kind.passport"),
		[IDK_ALIEN] = T("identity.kind.alien"),
	};

	kiosk_head(s, p, STAGE_IDENTITY);
	page_focus(p, s->form.at);
	page_prompt(p, T("identity.prompt"));
	page_gap(p);
	page_choice(p, T("identity.kind"), page_list(p, kinds, IDK_COUNT),
	    IDK_COUNT, s->id_kind, kiosk_item_error(s, p, ITEM_KIND));
	page_field(p, kiosk_label(s, p, ITEM_NAME, "identity.name"), &s->name,
	    kiosk_ime_hint(s, &s->name), kiosk_item_error(s, p, ITEM_NAME));
	draw_numbers(s, p);
	kiosk_foot(s, p, "key.back", "key.next", NULL);
}

const struct screen screen_identity = {
	.name = "identity",
	.idle_ms = IDLE_ENTRY_MS,
	.enter = enter,
	.on_event = on_event,
	.draw = draw,
};
