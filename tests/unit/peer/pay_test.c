/*
 * What holds of every driver of a card terminal, and the stream of objects.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "pays.h"

Test(pay, drivers_are_found_by_name_and_say_what_to_do_about_the_unknown)
{
	cr_expect_null(pay_driver_find("none"));
	cr_expect_null(pay_driver_find(""));
	cr_expect_eq(pay_driver_find("nexo")->on_unknown, PAY_QUERY);
	cr_expect_eq(pay_driver_find("van")->on_unknown, PAY_NETCANCEL);
	cr_expect_null(pay_driver_find("nexo")->paths[PAY_CANCEL_UNKNOWN]);
	cr_expect_null(pay_driver_find("van")->paths[PAY_STATUS]);
}

/* One member of an ask made wrong in turn. */
static struct pay_ask
spoiled(int how)
{
	struct pay_ask a = pays_sale;

	switch (how) {
	case 0:
		a.service_id = "";
		break;
	case 1:
		a.service_id = "12345678901";
		break;
	case 2:
		a.service_id = "a\"b";
		a.won = 0;
		break;
	case 3:
		a.won = -1;
		break;
	case 4:
		a.won = PAY_WON_MAX + 1;
		break;
	case 5:
		a.order = "";
		break;
	case 6:
		a.order = "두 글자";
		break;
	case 7:
		a.sale_id = "";
		break;
	case 8:
		a.poi_id = "a\n";
		break;
	case 9:
		a.at_ms = -1;
		break;
	case 10:
		a.at_ms = INT64_MAX;
		break;
	}
	return a;
}

Test(pay, what_cannot_be_said_is_not_said_by_any_driver)
{
	for (int i = 0; i <= 10; i++) {
		struct pay_ask a = spoiled(i);

		cr_expect_str_eq(pays_request("nexo", PAY_START, &a),
		    err_name(E_ARG), "%d", i);
		cr_expect_str_eq(pays_request("van", PAY_START, &a),
		    err_name(E_ARG), "%d", i);
	}
	cr_expect_str_eq(
	    pays_request("nexo", PAY_STATUS, &pays_sale), err_name(E_ARG));
	cr_expect_str_eq(pays_request("nexo", PAY_CANCEL_UNKNOWN, &pays_sale),
	    err_name(E_ARG));
	cr_expect_str_eq(
	    pays_request("van", PAY_STATUS, &pays_sale), err_name(E_ARG));
}

/* ---- the stream */

Test(pay, objects_are_found_wherever_the_stream_is_cut)
{
	static const char stream[] = " {\"a\":\"}{\\\"\\\\\"}\n\n{\"b\":{\"c\""
				     ":{}}}{\"d\":1}\r\n\t";
	static const char *const want[] = { "{\"a\":\"}{\\\"\\\\\"}",
		"{\"b\":{\"c\":{}}}", "{\"d\":1}" };

	for (size_t cut = 0; cut < sizeof stream; cut++) {
		size_t at = 0, found = 0;

		/* first what came before the cut, then all of it */
		for (int whole = 0; whole < 2; whole++) {
			struct span object;
			size_t used, n = whole ? sizeof stream - 1 : cut;

			do {
				struct err e = pay_next(&object, &used,
				    span_make(
					stream + at, n > at ? n - at : 0));

				cr_assert(!err_is(e));
				at += used;
				if (object.n > 0)
					cr_expect(span_eq(
					    object, span_str(want[found++])));
			} while (object.n > 0);
		}
		cr_expect_eq(found, 3, "cut at %zu", cut);
		cr_expect_eq(at, sizeof stream - 1);
	}
}

Test(pay, what_is_no_object_or_too_large_ends_the_stream)
{
	static uint8_t large[2 * PAY_OBJECT_MAX];
	static const char *const bad[] = { "x", "[]", " \"text\"", "1", "}" };
	struct span object;
	size_t used;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect_eq(pay_next(&object, &used, span_str(bad[i])).code,
		    E_PROTOCOL, "%s", bad[i]);
	memset(large, ' ', sizeof large);
	large[0] = '{';
	cr_expect_eq(
	    pay_next(&object, &used, span_make(large, sizeof large)).code,
	    E_LIMIT);
	large[PAY_OBJECT_MAX] = '}';
	cr_expect_eq(
	    pay_next(&object, &used, span_make(large, sizeof large)).code,
	    E_LIMIT);
	large[PAY_OBJECT_MAX - 1] = '}';
	cr_expect(
	    !err_is(pay_next(&object, &used, span_make(large, sizeof large))));
	cr_expect_eq(object.n, PAY_OBJECT_MAX);
}
