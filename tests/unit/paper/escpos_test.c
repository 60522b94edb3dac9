/*
 * unit/paper/escpos_test.c - bytes for printers, dots, and their answers.
 * (tests/e2e/print.sh decodes whole jobs with somebody else's decoder.)
 */
#include "paper/escpos.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "paper/cp949.h"
#include "paper/raster.h"
#include "samples.h"

static uint8_t room[ESCPOS_MAX];

static const uint8_t picture[] = { 0x1d, 'v', '0', 0 };

static size_t
count(struct span in, const void *what, size_t n)
{
	size_t found = 0;

	for (size_t i = 0; i + n <= in.n; i++)
		found += memcmp(in.p + i, what, n) == 0;
	return found;
}

static struct span
job_of(struct slip *slip, enum escpos_profile profile)
{
	struct buf b = buf_make(room, sizeof room);

	cr_assert_not(err_is(escpos_slip(&b, slip, profile, 42)));
	return buf_span(&b);
}

static struct slip
one_line(const char *text)
{
	struct slip s = { .n = 1, .lang = PAPER_KO };

	s.items[0].style = SLIP_PLAIN;
	str_copy(s.items[0].text, sizeof s.items[0].text, text);
	return s;
}

static const struct {
	const char *text;
	bool written; /* in the printer's letters */
} lines[] = {
	{ "홍*동 4,400원", true },
	{ "ABC 123 -()[]*", true },
	{ "뷁", false }, /* in CP949, not in KS X 1001 */
	{ "똠방각하", false },
	{ "김\\원", false }, /* the Korean set draws a won sign */
	{ "~", false },
	{ "é", false },
	{ "漢字 100원", true },
	{ "😀", false },
};

Test(escpos, a_letter_the_printer_lacks_is_drawn)
{
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct slip s = one_line(lines[i].text);
		struct span job = job_of(&s, ESCPOS_CP949);

		cr_expect_eq(count(job, picture, sizeof picture) == 0,
		    lines[i].written, "%s", lines[i].text);
	}
}

Test(escpos, only_the_line_that_needs_it_is_drawn)
{
	struct slip s = one_line("앞 줄");
	struct span job;
	uint8_t want[64];
	struct buf b = buf_make(want, sizeof want);

	s.n = 3;
	s.items[1] = one_line("똠").items[0];
	s.items[2] = one_line("뒤 줄").items[0];
	job = job_of(&s, ESCPOS_CP949);
	cr_expect_eq(count(job, picture, sizeof picture), 1);
	cr_assert_not(err_is(cp949_encode(&b, "앞 줄")));
	cr_expect_eq(count(job, want, b.n), 1);
	b.n = 0;
	cr_assert_not(err_is(cp949_encode(&b, "뒤 줄")));
	cr_expect_eq(count(job, want, b.n), 1);
}

/* The picture in the job is the drawing of the same item, dot by dot. */
Test(escpos, the_bands_put_together_are_the_drawing)
{
	static struct slip slip;
	json_t *d = sample("loss", "ko");
	struct raster r;
	struct span job;
	size_t at = 2;
	int rows = 0;

	cr_assert_not(err_is(slip_compose(&slip, d)));
	job = job_of(&slip, ESCPOS_RASTER);
	cr_assert_not(err_is(raster_draw(&r, slip.items, slip.n, slip.lang)));
	while (memcmp(job.p + at, picture, sizeof picture) == 0) {
		int n = job.p[at + 6] + 256 * job.p[at + 7];

		cr_assert_eq(job.p[at + 4], RASTER_BYTES);
		cr_assert_leq(n, ESCPOS_BAND);
		cr_expect_eq(
		    memcmp(job.p + at + 8, r.bits + (size_t)rows * RASTER_BYTES,
			(size_t)n * RASTER_BYTES),
		    0);
		at += 8 + (size_t)n * RASTER_BYTES;
		rows += n;
	}
	cr_expect_eq(rows, r.rows);
	raster_free(&r);
	json_decref(d);
}

Test(escpos, a_drawing_has_ink_within_the_paper_and_is_always_the_same)
{
	for (int i = 0; sample_slips[i] != NULL; i++) {
		static struct slip slip;
		json_t *d = sample(sample_slips[i], i % 2 == 0 ? "ko" : "en");
		struct raster one, two;
		size_t ink = 0;

		cr_assert_not(err_is(slip_compose(&slip, d)));
		cr_assert_not(
		    err_is(raster_draw(&one, slip.items, slip.n, slip.lang)));
		cr_assert_not(
		    err_is(raster_draw(&two, slip.items, slip.n, slip.lang)));
		cr_assert_eq(one.rows, two.rows);
		cr_expect_eq(
		    memcmp(one.bits, two.bits, (size_t)one.rows * RASTER_BYTES),
		    0);
		for (size_t k = 0; k < (size_t)one.rows * RASTER_BYTES; k++)
			ink += one.bits[k] != 0;
		cr_expect_gt(ink, 1000);
		raster_free(&one);
		raster_free(&two);
		json_decref(d);
	}
}

/* Found by fuzzing: pango ends the program over such a word. */
Test(escpos, a_word_longer_than_the_line_is_drawn_in_pieces)
{
	struct slip s = one_line("");
	struct raster r;

	memset(s.items[0].text, 'W', 56);
	str_copy(s.items[0].text + 56, 8, "듚");
	str_copy(s.items[0].label, sizeof s.items[0].label, "긴라벨");
	for (int style = 0; style < SLIP_STYLE_COUNT; style++) {
		s.items[0].style = (enum slip_style)style;
		cr_expect_not(err_is(raster_draw(&r, s.items, 1, PAPER_KO)));
		raster_free(&r);
	}
}

Test(escpos, every_job_begins_anew_cuts_once_and_asks_at_the_end)
{
	static const uint8_t cut[] = { 0x1d, 'V', 66 },
			     ask[] = { 0x1d, 'r', 1 };

	for (int i = 0; sample_slips[i] != NULL; i++) {
		static struct slip slip;
		json_t *d = sample(sample_slips[i], "ko");
		struct span job;

		cr_assert_not(err_is(slip_compose(&slip, d)));
		job = job_of(&slip, ESCPOS_CP949);
		cr_expect_eq(memcmp(job.p, "\x1b@", 2), 0);
		cr_expect_eq(count(job, cut, sizeof cut), 1);
		cr_expect_eq(
		    memcmp(job.p + job.n - sizeof ask, ask, sizeof ask), 0);
		json_decref(d);
	}
}

Test(escpos, what_is_too_long_is_an_error_not_half_a_job)
{
	struct slip s = one_line("가나다라");
	uint8_t little[16];
	struct buf b = buf_make(little, sizeof little);

	cr_expect_eq(escpos_slip(&b, &s, ESCPOS_CP949, 42).code, E_LIMIT);
	b = buf_make(little, sizeof little);
	cr_expect_eq(escpos_slip(&b, &s, ESCPOS_RASTER, 42).code, E_LIMIT);
}

static const struct {
	uint8_t answer[4];
	size_t n;
	enum escpos_state state;
} answers[] = {
	{ { 0 }, 0, ESCPOS_SILENT },
	{ { 0x12 }, 1, ESCPOS_SILENT },
	{ { 0x12, 0x12 }, 2, ESCPOS_OK },
	{ { 0x16, 0x12 }, 2, ESCPOS_OK }, /* drawer pin */
	{ { 0x1a, 0x12 }, 2, ESCPOS_OFFLINE },
	{ { 0x12, 0x1e }, 2, ESCPOS_LOW },
	{ { 0x1a, 0x7e }, 2, ESCPOS_OUT },
	{ { 0x00, 0x12, 0x12 }, 3, ESCPOS_OK }, /* an old answer before */
	{ { 0xff, 0xff }, 2, ESCPOS_SILENT },
};

Test(escpos, what_the_printer_answers_is_read_by_its_fixed_bits)
{
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
		cr_expect_eq(escpos_heard(answers[i].answer, answers[i].n),
		    answers[i].state, "row %zu", i);
	cr_expect_eq(escpos_ended((const uint8_t[]){ 0x12 }, 1), ESCPOS_SILENT);
	cr_expect_eq(escpos_ended((const uint8_t[]){ 0x12, 0 }, 2), ESCPOS_OK);
	cr_expect_eq(escpos_ended((const uint8_t[]){ 3 }, 1), ESCPOS_LOW);
	cr_expect_eq(escpos_ended((const uint8_t[]){ 0x0f }, 1), ESCPOS_OUT);
}
