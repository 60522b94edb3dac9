/*
 * pays.c - see the header.
 */
#include "pays.h"

const struct pay_ask pays_sale = { .sale_id = "KIOSK-0123",
	.poi_id = "P400Plus-123456789",
	.service_id = "0000000017",
	.of = "",
	.order = "R20260101-000017",
	.won = 1100,
	.at_ms = 1767258000000, /* 2026-01-01 18:00 in Korea */
	.poi_txn = "",
	.poi_at = "",
	.approval = "",
	.reason = "" };

const char *
pays_request(const char *driver, enum pay_call call, const struct pay_ask *a)
{
	static char text[PAY_REQUEST_MAX];
	struct buf b = buf_make(text, sizeof text - 1);
	struct err e = pay_driver_find(driver)->request(&b, call, a);

	if (err_is(e))
		return err_name(e.code);
	text[b.n] = '\0';
	return text;
}

struct err
pays_read(const char *driver, struct pay_answer *out, enum pay_call call,
    const struct pay_ask *a, const char *answer)
{
	return pay_driver_find(driver)->read(out, call, a, span_str(answer));
}
