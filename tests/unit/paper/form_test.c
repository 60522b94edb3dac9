/*
 * unit/paper/form_test.c - forms: the same bytes again, pages, errors.
 * (tests/e2e/print.sh reads them back with poppler.)
 */
#include "paper/form.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "paper/document.h"
#include "samples.h"

enum { ROOM = 1024 * 1024 };

struct file {
	struct buf b;
	uint8_t room[ROOM];
};

static struct err
take(void *ctx, struct span bytes)
{
	struct buf *b = ctx;

	buf_add(b, bytes.p, bytes.n);
	return b->full ? err_make(E_FULL, 0, "test") : err_none();
}

static struct file *
pdf_of(const json_t *d, const char *hash)
{
	struct file *f = malloc(sizeof *f);

	f->b = buf_make(f->room, sizeof f->room);
	cr_assert_not(err_is(form_pdf(d, hash, take, &f->b)));
	return f;
}

static size_t
pages(const struct file *f)
{
	size_t n = 0;

	for (size_t i = 0; i + 12 < f->b.n; i++)
		n += memcmp(f->room + i, "/Type /Page ", 12) == 0;
	return n;
}

Test(form, the_same_document_is_the_same_file)
{
	for (int i = 0; sample_forms[i] != NULL; i++) {
		json_t *d = sample(sample_forms[i], i % 2 == 0 ? "ko" : "en");
		struct file *one = pdf_of(d, "ab"), *two = pdf_of(d, "ab");
		struct file *other;

		cr_assert_eq(one->b.n, two->b.n);
		cr_expect_eq(memcmp(one->room, two->room, one->b.n), 0);
		cr_expect_eq(memcmp(one->room, "%PDF-1.5", 8), 0);
		cr_expect_eq(pages(one), 1, "%s", sample_forms[i]);
		json_object_set_new(d, "printed_at", json_integer(1900000000));
		other = pdf_of(d, "ab");
		cr_expect(other->b.n != one->b.n ||
			  memcmp(other->room, one->room, one->b.n) != 0);
		free(one);
		free(two);
		free(other);
		json_decref(d);
	}
}

Test(form, a_long_day_goes_over_several_pages)
{
	json_t *d = sample("day", "ko");
	json_t *list = json_object_get(d, "differences");
	struct file *f;

	while (json_array_size(list) < PAPER_LIST)
		json_array_append_new(
		    list, json_pack("{s:s,s:i,s:i}", "what", "payments", "ours",
			      1, "theirs", 2));
	f = pdf_of(d, "");
	cr_expect_geq(pages(f), 3);
	free(f);
	json_decref(d);
}

Test(form, the_longest_story_fits)
{
	json_t *d = sample("loss_report", "ko");
	char story[PAPER_FREE] = "";
	struct buf b = buf_make(story, sizeof story - 1);
	struct file *f;

	while (b.n + 16 < b.cap)
		buf_add_str(&b, "길을 잃고 ");
	json_object_set_new(d, "detail", json_string(story));
	json_object_set_new(d, "place", json_string(story));
	json_object_set_new(d, "when", json_string(story));
	f = pdf_of(d, "");
	cr_expect_geq(pages(f), 2);
	free(f);
	json_decref(d);
}

Test(form, an_error_of_who_takes_it_comes_back)
{
	json_t *d = sample("application", "ko");
	uint8_t little[100];
	struct buf b = buf_make(little, sizeof little);

	cr_expect_eq(form_pdf(d, "", take, &b).code, E_FULL);
	json_decref(d);
	d = sample("fee", "ko");
	cr_expect_eq(form_pdf(d, "", take, &b).code, E_ARG, "a slip");
	json_decref(d);
}
