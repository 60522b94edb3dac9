/*
 * screens/kiosk/certs.c - the certificates this person holds.
 *
 * The list arrives after the screen has come up: the form follows its length.
 */
#include "screens/kiosk/common.h"

#include <string.h>

#include "screens/kiosk/screens.h"
#include "screens/kiosk/words.h"
#include "ui/text.h"
#include "ui/wrap.h"

static void
build(struct session *s)
{
	kiosk_form(s);
	form_add_picks(&s->form, s->cert_count);
}

static bool
route_is(const struct held_certificate *c, const char *route)
{
	return strcmp(c->route, route) == 0;
}

static int
pick(struct session *s, int at)
{
	const struct held_certificate *c = &s->certs[at];

	s->cert = at;
	if (s->purpose == PURPOSE_STATUS) {
		if (c->case_no[0] == '\0') {
			kiosk_error(s, "kiosk.no_case");
			return INTENT_STAY;
		}
		(void)field_set(&s->case_no, c->case_no);
		return INTENT_STATUS;
	}
	/* one already under way goes on, whatever its route would be now */
	if (c->case_no[0] != '\0' || route_is(c, "reissue") ||
	    route_is(c, "reissue_then_renew"))
		return INTENT_NEXT;
	if (s->purpose == PURPOSE_REPORT && route_is(c, "renew"))
		return INTENT_NEXT;
	return INTENT_ROUTE;
}

static int
on_event(struct session *s, const struct event *ev)
{
	enum form_result did;
	int intent;

	if (s->form.count != s->cert_count)
		build(s);
	intent = kiosk_event(s, ev, &did);
	if (s->pending != REQ_NONE)
		return intent;
	if (event_is_key(ev, K_F5))
		return INTENT_RETRY;
	return did == FORM_PICKED ? pick(s, s->form.at) : intent;
}

static void
draw_row(struct page *p, const struct held_certificate *c)
{
	const char *cells[] = {
		words_product(c->product_key),
		words_plain_date(p, c->not_after),
		words_status(p, c->status),
		words_days_left(p, c->days_left),
		c->holder,
		c->bank_name[0] != '\0' ? c->bank_name : c->issuer_name,
	};

	page_table_row(
	    p, page_list(p, cells, 6), true, strcmp(c->status, "valid") != 0);
}

static void
draw_table(const struct session *s, struct page *p)
{
	/* static because the page borrows it; titles change with language */
	static struct page_column columns[6];
	int status = words_status_cols();
	int left = wrap_cols(T("word.days_left"));

	columns[0] = (struct page_column){ T("certs.product"), 18, false };
	columns[1] = (struct page_column){ T("certs.expiry"), 10, false };
	columns[2] = (struct page_column){ T("certs.status"), status, false };
	columns[3] = (struct page_column){ T("certs.left"), left, true };
	columns[4] = (struct page_column){ T("certs.holder"), 7, true };
	columns[5] = (struct page_column){ T("certs.bank"), 12, true };
	page_table(p, columns, 6);
	for (int i = 0; i < s->cert_count; i++)
		draw_row(p, &s->certs[i]);
}

static void
draw(const struct session *s, struct page *p)
{
	bool empty = s->cert_count == 0;

	kiosk_head(s, p, STAGE_IDENTITY);
	page_focus(p, s->form.at);
	if (empty && s->pending != REQ_NONE) {
		page_prompt(p, T("certs.looking"));
	} else if (empty) {
		page_prompt(p, T("certs.none"));
		page_text(p, T("certs.none.do"));
		page_text(p, T("certs.none.directory"));
	} else {
		page_prompt(
		    p, T(s->purpose == PURPOSE_STATUS ? "certs.prompt.status"
						      : "certs.prompt"));
		page_gap(p);
		draw_table(s, p);
	}
	kiosk_foot(s, p, "key.home", empty ? NULL : "key.choose",
	    empty ? "certs.again" : NULL);
}

const struct screen screen_certs = {
	.name = "certs",
	.idle_ms = IDLE_READ_MS,
	.enter = build,
	.on_event = on_event,
	.draw = draw,
};
