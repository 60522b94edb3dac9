/*
 * One shipment between fake ends: what is sent, and what is not believed.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "fake.h"

static struct fake f;

Test(pass, every_row_is_kept_once_in_batches_behind_the_checkpoint)
{
	fake_open(&f, 1234);
	cr_assert_eq(ship_pass(&f.ship).code, E_NONE);
	cr_expect_eq(f.held, 1234);
	for (size_t i = 0; i < 1234; i++)
		cr_expect_eq(f.taken[i], 1);
	cr_expect_eq(f.batches, 3);
	cr_expect_eq(f.most_sent, BATCH_ROWS);
	cr_expect_not(f.rows_before_checkpoint);
	cr_expect_eq(f.acked, 1234);
	cr_expect_str_eq(f.acked_note, "");
	cr_expect(ship_awaits_cosignature(&f.ship));
}

Test(pass, an_empty_log_is_a_word_and_no_rows)
{
	fake_open(&f, 0);
	f.note[0] = '\0';
	cr_assert_eq(ship_pass(&f.ship).code, E_NONE);
	cr_expect_eq(f.checkpoints, 1);
	cr_expect_eq(f.batches, 0);
	cr_expect_not(ship_awaits_cosignature(&f.ship));
}

Test(pass, a_lost_answer_is_made_good_by_the_next_shipment)
{
	for (uint64_t lost = 1; lost <= 3; lost++) {
		fake_open(&f, 1300);
		f.error_at = lost;
		cr_expect_eq(ship_pass(&f.ship).code, E_GONE);
		cr_expect_eq(f.ship.failed, SIDE_SINK);
		cr_expect_eq(f.acked, (lost - 1) * BATCH_ROWS);
		f.error_at = 0;
		cr_expect_eq(ship_pass(&f.ship).code, E_NONE);
		for (size_t i = 0; i < 1300; i++)
			cr_expect_eq(f.taken[i], 1);
	}
}

Test(pass, a_sink_put_back_is_filled_again_from_where_it_stands)
{
	fake_open(&f, 1000);
	cr_assert_eq(ship_pass(&f.ship).code, E_NONE);
	f.held = 300;
	cr_assert_eq(ship_pass(&f.ship).code, E_NONE);
	cr_expect_eq(f.held, 1000);
	cr_expect_eq(f.taken[299], 1);
	cr_expect_eq(f.taken[300], 2);
}

Test(pass, rows_that_come_meanwhile_do_not_keep_it_going)
{
	fake_open(&f, 600);
	f.grows_to = 1900;
	cr_assert_eq(ship_pass(&f.ship).code, E_NONE);
	cr_expect_geq(f.held, 600);
	cr_assert_eq(ship_pass(&f.ship).code, E_NONE);
	cr_expect_eq(f.held, 1900);
}

Test(pass, an_agent_lost_in_mid_batch_leaves_nothing_in_flight)
{
	fake_open(&f, 1300);
	f.source_error = err_make(E_GONE, 0, "fake");
	cr_expect_eq(ship_pass(&f.ship).code, E_GONE);
	cr_expect_eq(f.ship.failed, SIDE_AGENT);
	cr_expect_eq(f.checkpoints, 0);
}

static void
cosigned_400(struct fake *k, struct ship_answer *a)
{
	fake_note(a->note, 400, 9);
}

Test(pass, a_cosigned_checkpoint_reaches_the_agent)
{
	fake_open(&f, 500);
	f.held = 500;
	f.twist = cosigned_400;
	cr_assert_eq(ship_pass(&f.ship).code, E_NONE);
	cr_expect_eq(f.ship.cosigned, 400);
	cr_expect(strstr(f.acked_note, "headoffice.dasi") != NULL);
}

static void
foreign_key(struct fake *k, struct ship_answer *a)
{
	fake_note(a->note, 400, 10);
}
static void
not_cosigned(struct fake *k, struct ship_answer *a)
{
	fake_note(a->note, 400, 0);
}
static void
noise(struct fake *k, struct ship_answer *a)
{
	str_copy(a->note, sizeof a->note, "not a note\n");
}
static void
a_bit_off(struct fake *k, struct ship_answer *a)
{
	fake_note(a->note, 400, 9);
	a->note[strlen("audit.dasi/004/0417\n")] = '3';
}
static void
beyond_the_rows(struct fake *k, struct ship_answer *a)
{
	fake_note(a->note, 501, 9);
}
static void
more_than_there_is(struct fake *k, struct ship_answer *a)
{
	a->size = 501;
}
static void
gap(struct fake *k, struct ship_answer *a)
{
	a->status = SHIP_GAP;
}
static void
fork_(struct fake *k, struct ship_answer *a)
{
	a->status = SHIP_FORK;
}
static void
rollback(struct fake *k, struct ship_answer *a)
{
	a->status = SHIP_ROLLBACK;
}
static void
bad(struct fake *k, struct ship_answer *a)
{
	a->status = SHIP_BAD;
}
static void
unknown(struct fake *k, struct ship_answer *a)
{
	a->status = SHIP_UNKNOWN;
}

static const struct lie {
	void (*twist)(struct fake *, struct ship_answer *);
	enum err_code code;
	const char *trouble;
} lies[] = {
	{ foreign_key, E_PROTOCOL, "" },
	{ not_cosigned, E_PROTOCOL, "" },
	{ noise, E_FORMAT, "" },
	{ a_bit_off, E_MISMATCH, "" },
	{ beyond_the_rows, E_PROTOCOL, "" },
	{ more_than_there_is, E_PROTOCOL, "" },
	{ gap, E_STATE, "" },
	{ fork_, E_MISMATCH, "fork" },
	{ rollback, E_MISMATCH, "rollback" },
	{ bad, E_REFUSED, "" },
	{ unknown, E_REFUSED, "" },
};

Test(pass, an_answer_that_is_wrong_acknowledges_nothing)
{
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		fake_open(&f, 500);
		f.held = 500;
		f.twist = lies[i].twist;
		cr_expect_eq(ship_pass(&f.ship).code, lies[i].code, "%zu", i);
		cr_expect_eq(f.acks, 0, "%zu", i);
		cr_expect_eq(f.ship.failed, SIDE_SINK, "%zu", i);
		cr_expect_str_eq(f.trouble, lies[i].trouble, "%zu", i);
	}
}

static void
short_by_one(struct fake *k, struct ship_answer *a)
{
	if (k->batches > 0)
		a->size--;
}
static void
one_too_many(struct fake *k, struct ship_answer *a)
{
	if (k->batches > 0)
		a->size++;
}

Test(pass, a_batch_is_acknowledged_whole_or_not_at_all)
{
	void (*twists[])(struct fake *, struct ship_answer *) = { short_by_one,
		one_too_many };

	for (size_t i = 0; i < 2; i++) {
		fake_open(&f, 1200);
		f.twist = twists[i];
		cr_expect_eq(ship_pass(&f.ship).code, E_PROTOCOL);
		cr_expect_eq(f.acked, 0);
		cr_expect_eq(f.acks, 1, "the word before the rows");
	}
}
