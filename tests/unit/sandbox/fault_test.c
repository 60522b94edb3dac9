/*
 * The fault list: what is taken, in which order, how often.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "prog/sandbox/fault.h"

static enum err_code
add(struct faults *f, const char *text)
{
	json_t *v = json_loads(text, 0, NULL);
	enum err_code code = fault_add(f, v).code;

	cr_assert(v != NULL);
	json_decref(v);
	return code;
}

Test(fault, every_place_and_action_has_a_word_that_is_taken)
{
	for (int at = 0; at < AT_NOTHING; at++) {
		for (int act = FAULT_NONE + 1; act < FAULT_COUNT; act++) {
			struct faults f = { 0 };
			struct fault x;
			json_t *v = json_pack("{ss ss}", "at",
			    fault_at_name((enum fault_at)at), "action",
			    fault_action_name((enum fault_action)act));

			cr_assert(eq(int, fault_add(&f, v).code, E_NONE));
			x = fault_take(
			    &f, at == AT_ANY ? AT_RR : (enum fault_at)at);
			cr_expect(eq(int, (int)x.action, act));
			cr_expect(eq(sz, f.count, 0));
			json_decref(v);
		}
	}
}

Test(fault, is_used_up_after_its_count)
{
	struct faults f = { 0 };

	cr_assert(eq(int,
	    add(&f, "{\"at\":\"rr\",\"action\":\"http500\",\"count\":2}"),
	    E_NONE));
	cr_expect(eq(int, (int)fault_take(&f, AT_IR).action, FAULT_NONE));
	cr_expect(eq(int, (int)fault_take(&f, AT_RR).action, FAULT_HTTP500));
	cr_expect(eq(int, (int)fault_take(&f, AT_RR).action, FAULT_HTTP500));
	cr_expect(eq(int, (int)fault_take(&f, AT_RR).action, FAULT_NONE));
}

Test(fault, the_first_that_applies_is_taken)
{
	struct faults f = { 0 };

	cr_assert(
	    eq(int, add(&f, "{\"at\":\"ir\",\"action\":\"delay\"}"), E_NONE));
	cr_assert(
	    eq(int, add(&f, "{\"at\":\"any\",\"action\":\"refuse\"}"), E_NONE));
	cr_assert(
	    eq(int, add(&f, "{\"at\":\"ir\",\"action\":\"garbage\"}"), E_NONE));
	cr_expect(eq(int, (int)fault_take(&f, AT_IR).action, FAULT_DELAY));
	cr_expect(eq(int, (int)fault_take(&f, AT_IR).action, FAULT_REFUSE));
	cr_expect(eq(int, (int)fault_take(&f, AT_IR).action, FAULT_GARBAGE));
	cr_expect(eq(sz, f.count, 0));
}

Test(fault, nothing_is_taken_for_what_is_no_exchange)
{
	struct faults f = { 0 };

	cr_assert(
	    eq(int, add(&f, "{\"at\":\"any\",\"action\":\"refuse\"}"), E_NONE));
	cr_expect(eq(int, (int)fault_take(&f, AT_NOTHING).action, FAULT_NONE));
	cr_expect(eq(sz, f.count, 1));
}

Test(fault, refuses_unknown_words_and_numbers_out_of_range)
{
	static const char *const rows[] = { "{}", "[]",
		"{\"at\":\"-\",\"action\":\"delay\"}",
		"{\"at\":\"ir\",\"action\":\"-\"}",
		"{\"at\":\"ir\",\"action\":7}",
		"{\"at\":\"ir\",\"action\":\"delay\",\"count\":0}",
		"{\"at\":\"ir\",\"action\":\"delay\",\"count\":\"1\"}",
		"{\"at\":\"ir\",\"action\":\"delay\",\"delay_ms\":-1}",
		"{\"at\":\"ir\",\"action\":\"delay\",\"delay_ms\":999999}" };
	struct faults f = { 0 };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect(eq(int, add(&f, rows[i]), E_ARG), "%s", rows[i]);
	cr_expect(eq(sz, f.count, 0));
}
