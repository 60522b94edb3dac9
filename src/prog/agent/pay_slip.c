/*
 * agent/pay_slip.c - the slip for a fee that went back: by itself for who is
 * still at the kiosk, by the counter for everybody else.
 */
#include <string.h>

#include "base/log.h"
#include "case/fee.h"
#include "prog/agent/pay_work.h"
#include "prog/agent/print.h"

enum { LOOK_BACK = 8 };

static bool
is_back(const struct store_pay *row)
{
	return row->p.state == PAY_STATE_REVERSED ||
	       row->p.state == PAY_STATE_REFUNDED;
}

static void
put_back(json_t *view, const struct store_pay *row)
{
	const char *no = row->back_no[0] != '\0' ? row->back_no
						 : row->receipt_no;
	bool cash = row->p.state == PAY_STATE_REFUNDED;
	json_t *paid = json_pack("{s:s,s:I}", "method",
	    pay_method_name(cash ? PAY_BY_CASH : row->method), "at",
	    (json_int_t)row->back_at);

	if (!cash) {
		json_object_set_new(
		    paid, "approval", json_string(row->approval));
		json_object_set_new(paid, "brand", json_string(row->brand));
		json_object_set_new(paid, "pan", json_string(row->pan));
	}
	if (no[0] != '\0')
		json_object_set_new(paid, "receipt_no", json_string(no));
	json_object_set_new(view, "fee",
	    json_pack("{s:I,s:i,s:o}", "won", (json_int_t)row->won, "vat",
		fee_vat((int)row->won), "paid", paid));
}

bool
pay_view_back(struct agent *a, const struct store_case *c, json_t *view)
{
	struct store_pay rows[LOOK_BACK];
	size_t n = 0;

	if (err_is(store_pays_of_case(a->store, rows, LOOK_BACK, &n, c->id)))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (is_back(&rows[i])) {
			put_back(view, &rows[i]);
			return true;
		}
	}
	return false;
}

static void
printed(struct agent *a, const struct context *ctx, const struct reply *r)
{
	if (r->error != NULL)
		log_line(LOG_NOTICE, "slip of a refund: %s", r->error);
}

void
pay_slip(struct agent *a, const struct store_pay *row)
{
	struct context ctx = { .link = NO_REF, .live = NO_REF };
	struct store_case room;
	struct live *l = NULL;
	struct link *kiosk = NULL;
	json_t *view, *slip;

	if (pay_case(a, row, &room, &l) != NULL && l != NULL)
		kiosk = link_get(a, l->owner);
	if (kiosk == NULL || !is_back(row) ||
	    (strcmp(print_health(a), "ok") != 0 &&
		strcmp(print_health(a), "low") != 0))
		return;
	view = view_case(a, l);
	put_back(view, row);
	slip = print_document(
	    a, view, "refund", kiosk->visit.english ? "en" : "ko", false);
	json_decref(view);
	if (slip != NULL)
		print_slip(a, slip, printed, &ctx);
}
