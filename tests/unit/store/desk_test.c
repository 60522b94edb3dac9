/*
 * What the counter adds to a case: in one transaction with the case or not at
 * all, sealed, gone with the case but for what must be told afterwards.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rig.h"
#include "store/desk.h"
#include "store/queue.h"

TestSuite(desk, .init = rig_begin, .fini = rig_end);

static struct store_case
desk_case(int serial)
{
	struct store_case c = { .fee_won = -1 };
	struct store_change ch = { .moves = false };

	snprintf(c.serial, sizeof c.serial, "%02x", serial);
	strcpy(c.issuer, "cn=yessignCA-Test,o=yessign,c=kr");
	strcpy(c.terminal, "K-01");
	cr_assert_not(err_is(store_case_create(store, &c, &ch)));
	return c;
}

static void
end(struct store_case *c)
{
	struct store_change ch = {
		.moves = true, .event = CASE_EV_CANCEL, .forget = true
	};

	cr_assert_not(err_is(store_case_step(store, c, &ch)));
}

static struct desk_entry
entry(const char *key, const char *said)
{
	struct desk_entry e = { .moves = false };

	strcpy(e.staff, "kim");
	strcpy(e.key, key);
	strcpy(e.text, said);
	return e;
}

/* ---- one transaction ---- */

struct trial {
	bool fails;
	int calls;
};

static struct err
add_note(struct store *s, const struct store_case *c, void *arg)
{
	struct trial *t = arg;
	struct desk_entry e = entry("note", "words");
	struct err x = desk_add(s, c, &e, false);

	t->calls++;
	if (!err_is(x) && t->fails)
		x = err_make(E_CANCELLED, 0, "test");
	return x;
}

Test(desk, what_stands_beside_an_arrow_is_there_with_it_or_not_at_all)
{
	static struct desk_entry found[4];
	struct store_case c = desk_case(1), before = c;
	struct trial t = { .fails = true };
	struct store_change ch = { .moves = true,
		.event = CASE_EV_CANCEL,
		.also = add_note,
		.also_arg = &t };
	size_t n;

	cr_expect_eq(store_case_step(store, &c, &ch).code, E_CANCELLED);
	cr_expect_eq(c.version, before.version);
	cr_assert_not(err_is(desk_entries(store, found, 4, &n, &c)));
	cr_expect_eq(n, 0);
	t.fails = false;
	cr_assert_not(err_is(store_case_step(store, &c, &ch)));
	cr_assert_not(err_is(desk_entries(store, found, 4, &n, &c)));
	cr_assert_eq(n, 1);
	cr_expect_eq(found[0].version, c.version, "of the new row");
	cr_expect_eq(t.calls, 2);
}

Test(desk, together_is_one_transaction)
{
	static struct desk_entry found[4];
	struct store_case c = desk_case(1);
	struct trial t = { .fails = true };
	size_t n;

	cr_expect_eq(desk_together(store, &c, add_note, &t).code, E_CANCELLED);
	cr_assert_not(err_is(desk_entries(store, found, 4, &n, &c)));
	cr_expect_eq(n, 0);
	t.fails = false;
	cr_expect_not(err_is(desk_together(store, &c, add_note, &t)));
	cr_assert_not(err_is(desk_entries(store, found, 4, &n, &c)));
	cr_expect_eq(n, 1);
}

/* ---- what was typed ---- */

Test(desk, entries_come_back_newest_first_and_the_newest_of_a_key_is_found)
{
	static struct desk_entry found[4], last;
	struct store_case c = desk_case(1), other = desk_case(2);
	struct desk_entry e;
	size_t n;

	for (int i = 0; i < 6; i++) {
		e = entry(i % 2 ? "note" : "return", "");
		snprintf(e.text, sizeof e.text, "text %d", i);
		cr_assert_not(err_is(desk_add(store, &c, &e, false)));
		now_ms += 1000;
	}
	cr_assert_not(err_is(desk_entries(store, found, 4, &n, &c)));
	cr_assert_eq(n, 4);
	cr_expect_str_eq(found[0].text, "text 5");
	cr_expect_str_eq(found[3].text, "text 2");
	cr_expect_gt(found[0].at, found[3].at);
	cr_assert_not(err_is(desk_last(store, &last, &c, "return")));
	cr_expect_str_eq(last.text, "text 4");
	cr_expect_eq(desk_last(store, &last, &c, "reject").code, E_NOTFOUND);
	cr_assert_not(err_is(desk_entries(store, found, 4, &n, &other)));
	cr_expect_eq(n, 0);
}

/* Whether the file has the bytes anywhere. */
static bool
file_has(const char *name, const char *words)
{
	char path[128], *all;
	FILE *f;
	long n;
	bool has;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "rb");
	if (f == NULL)
		return false;
	fseek(f, 0, SEEK_END);
	n = ftell(f);
	rewind(f);
	all = malloc((size_t)n + 1);
	cr_assert_eq(fread(all, 1, (size_t)n, f), (size_t)n);
	fclose(f);
	has = memmem(all, (size_t)n, words, strlen(words)) != NULL;
	free(all);
	return has;
}

Test(desk, nothing_typed_stands_in_the_file_in_the_clear)
{
	struct store_case c = desk_case(1);
	struct desk_entry e = entry("note", "SECRETWORD");
	struct desk_proposal p = { .uid = 1, .state = c.state };
	struct desk_guide g = { .attempts_left = 3 };

	strcpy(p.staff, "kim");
	strcpy(p.action, "release");
	strcpy(p.text, "{\"reason\":\"SECRETWORD\"}");
	strcpy(g.refnum_secret, "SECRETWORD");
	strcpy(g.authcode_secret, "SECRETWORD");
	cr_assert_not(err_is(desk_add(store, &c, &e, false)));
	cr_assert_not(err_is(desk_add(store, &c, &e, true)));
	cr_assert_not(err_is(desk_propose(store, &c, &p)));
	cr_assert_not(err_is(desk_guide_put(store, &c, &g)));
	cr_expect_not(file_has("dasi.db-wal", "SECRETWORD"));
	cr_expect(file_has("dasi.db-wal", "kim"), "the test can find words");
	rig_close();
	cr_expect_not(file_has("dasi.db", "SECRETWORD"));
}

Test(desk, with_the_case_goes_what_was_typed_but_for_what_must_be_told)
{
	static struct desk_entry found[4];
	struct store_case c = desk_case(1);
	struct desk_entry note = entry("note", "of a person");
	struct desk_entry said = entry("reject", "no guardian");
	struct desk_guide g = { .sent_at = 5, .attempts_left = 2 };
	size_t n;

	strcpy(g.refnum_secret, "REF1");
	strcpy(g.authcode_secret, "AUTH1");
	cr_assert_not(err_is(desk_add(store, &c, &note, false)));
	cr_assert_not(err_is(desk_add(store, &c, &said, true)));
	cr_assert_not(err_is(desk_guide_put(store, &c, &g)));
	end(&c);
	cr_assert_not(err_is(rig_open(false)));
	cr_assert_not(err_is(desk_entries(store, found, 4, &n, &c)));
	cr_assert_eq(n, 2);
	cr_expect_str_eq(found[0].text, "no guardian");
	cr_expect_str_eq(found[1].text, "");
	cr_expect_str_eq(found[1].staff, "kim", "who it was stays");
	cr_assert_not(err_is(desk_guide_get(store, &g, &c)));
	cr_expect_str_eq(g.refnum_secret, "");
	cr_expect_str_eq(g.authcode_secret, "");
	cr_expect_eq(desk_add(store, &c, &note, false).code, E_NOTFOUND);
	cr_expect_not(err_is(desk_add(store, &c, &said, true)));
}

Test(desk, all_of_it_goes_when_the_case_is_purged)
{
	struct store_case c = desk_case(1);
	struct desk_entry e = entry("note", "words");
	struct desk_doc doc = { "licence", "" };
	struct desk_proposal p = { .state = c.state };
	struct desk_guide g = { .attempts_left = 3 };
	static struct desk_entry found[4];
	int64_t purged;
	size_t n;

	strcpy(p.staff, "kim");
	strcpy(p.action, "release");
	cr_assert_not(err_is(desk_add(store, &c, &e, false)));
	cr_assert_not(err_is(desk_docs_put(store, &c, &doc, 1)));
	cr_assert_not(err_is(desk_propose(store, &c, &p)));
	cr_assert_not(err_is(desk_guide_put(store, &c, &g)));
	cr_assert_not(err_is(desk_message_put(store, &c, "k", "late")));
	end(&c);
	cr_assert_not(err_is(store_purge(store, &purged, now_ms / 1000 + 1)));
	cr_expect_eq(purged, 1);
	cr_assert_not(err_is(desk_entries(store, found, 4, &n, &c)));
	cr_expect_eq(n, 0);
	cr_expect_eq(desk_guide_get(store, &g, &c).code, E_NOTFOUND);
}

Test(desk, a_text_of_the_greatest_length_fits_and_no_longer_one)
{
	static struct desk_entry e, last;
	struct store_case c = desk_case(1);

	e = entry("note", "");
	memset(e.text, 'x', DESK_TEXT - 1);
	cr_assert_not(err_is(desk_add(store, &c, &e, false)));
	cr_assert_not(err_is(desk_last(store, &last, &c, "note")));
	cr_expect_str_eq(last.text, e.text);
}

/* ---- papers ---- */

Test(desk, papers_replace_those_before)
{
	static const struct desk_doc first[] = { { "licence", "" },
		{ "application", "2026-11-22" } };
	static const struct desk_doc second[] = { { "passport",
	    "2026-01-02" } };
	struct store_case c = desk_case(1);
	struct desk_doc found[DESK_DOCS];
	size_t n;

	cr_assert_not(err_is(desk_docs_put(store, &c, first, 2)));
	cr_assert_not(err_is(desk_docs_get(store, found, DESK_DOCS, &n, &c)));
	cr_assert_eq(n, 2);
	cr_expect_str_eq(found[0].doc, "application");
	cr_expect_str_eq(found[0].issued, "2026-11-22");
	cr_assert_not(err_is(desk_docs_put(store, &c, second, 1)));
	cr_assert_not(err_is(desk_docs_get(store, found, DESK_DOCS, &n, &c)));
	cr_assert_eq(n, 1);
	cr_expect_str_eq(found[0].doc, "passport");
}

/* ---- proposals ---- */

Test(desk, a_proposal_is_open_for_its_state_until_closed_or_made_anew)
{
	static struct desk_proposal found[4];
	struct store_case c = desk_case(1);
	struct desk_proposal p = { .uid = 1001, .state = CASE_OPEN };
	int64_t first;
	size_t n;

	strcpy(p.staff, "kim");
	strcpy(p.level, "supervisor");
	strcpy(p.action, "release");
	strcpy(p.text, "{}");
	cr_assert_not(err_is(desk_propose(store, &c, &p)));
	first = p.id;
	cr_assert_not(err_is(desk_propose(store, &c, &p)));
	cr_expect_gt(p.id, first);
	cr_assert_not(err_is(rig_open(false)));
	cr_assert_not(err_is(desk_proposals(store, found, 4, &n, &c)));
	cr_assert_eq(n, 1);
	cr_expect_eq(found[0].id, p.id);
	cr_expect_eq(found[0].uid, 1001);
	cr_expect_str_eq(found[0].text, "{}");
	c.state = CASE_HELD; /* it moved on: not meant for this any more */
	cr_assert_not(err_is(desk_proposals(store, found, 4, &n, &c)));
	cr_expect_eq(n, 0);
	c.state = CASE_OPEN;
	cr_assert_not(err_is(desk_proposal_close(store, p.id)));
	cr_assert_not(err_is(desk_proposals(store, found, 4, &n, &c)));
	cr_expect_eq(n, 0);
}

/* ---- messages ---- */

Test(desk, a_message_is_there_once_until_it_is_sent)
{
	static struct desk_message found[4];
	struct store_case c = desk_case(1), gone = desk_case(2);
	size_t n;

	cr_assert_not(err_is(desk_message_put(store, &c, "a", "late")));
	cr_expect_eq(desk_message_put(store, &c, "a", "late").code, E_EXISTS);
	cr_assert_not(err_is(desk_message_put(store, &gone, "b", "late")));
	end(&gone); /* nobody is told any more */
	cr_assert_not(err_is(desk_messages(store, found, 4, &n)));
	cr_assert_eq(n, 1);
	cr_expect_str_eq(found[0].key, "a");
	cr_expect_str_eq(found[0].case_no, c.case_no);
	cr_assert_not(err_is(desk_message_sent(store, "a")));
	cr_assert_not(err_is(desk_messages(store, found, 4, &n)));
	cr_expect_eq(n, 0);
	cr_expect_eq(desk_message_put(store, &c, "a", "late").code, E_EXISTS);
}

/* ---- the list and the day ---- */

Test(desk, the_list_has_open_cases_oldest_first_and_ended_ones_newest_first)
{
	static struct queue_row found[8];
	struct store_case c[4];
	size_t n;

	for (int i = 0; i < 4; i++)
		c[i] = desk_case(i + 1);
	now_ms += 1000;
	end(&c[2]);
	now_ms += 1000;
	end(&c[0]);
	cr_assert_not(err_is(store_queue(store, found, 8, &n, false)));
	cr_assert_eq(n, 2);
	cr_expect_str_eq(found[0].case_no, c[1].case_no);
	cr_expect_str_eq(found[1].case_no, c[3].case_no);
	cr_expect_str_eq(found[0].terminal, "K-01");
	cr_expect_eq(found[0].fee_won, -1);
	cr_assert_not(err_is(store_queue(store, found, 8, &n, true)));
	cr_assert_eq(n, 2);
	cr_expect_str_eq(found[0].case_no, c[0].case_no);
	cr_expect_eq((int)found[0].state, CASE_CANCELLED);
	cr_assert_not(err_is(store_queue(store, found, 1, &n, false)));
	cr_expect_eq(n, 1);
}

Test(desk, a_day_ends_at_midnight_in_korea)
{
	enum { DAY_S = 86400 };
	struct civil midnight = { .year = 2026, .month = 11, .day = 22 };
	int64_t day = civil_to_unix(&midnight);
	struct store_case first = desk_case(1), second;
	struct queue_day d;

	end(&first);
	now_ms = (day + DAY_S) * 1000; /* the first moment of the next */
	second = desk_case(2);
	end(&second);
	cr_assert_not(err_is(store_queue_day(store, &d, day)));
	cr_expect_eq(d.opened, 1);
	cr_expect_eq(d.ended[CASE_CANCELLED], 1);
	cr_assert_not(err_is(store_queue_day(store, &d, day + DAY_S)));
	cr_expect_eq(d.opened, 1);
	cr_expect_eq(d.ended[CASE_CANCELLED], 1);
	cr_assert_not(err_is(store_queue_day(store, &d, day - DAY_S)));
	cr_expect_eq(d.opened, 0);
}

Test(desk, steps_leave_out_what_was_only_tried_again)
{
	static struct desk_step found[DESK_PAGE];
	struct store_case c = desk_case(1);
	struct store_change ch = { .moves = true,
		.event = CASE_EV_REPORT_LOSS };
	size_t n;

	c.hold = HOLD_PENDING;
	c.reported_at = 1;
	cr_assert_not(err_is(store_case_step(store, &c, &ch)));
	ch.event = CASE_EV_HOLD_LOST;
	for (int i = 0; i < 100; i++)
		cr_assert_not(err_is(store_case_step(store, &c, &ch)));
	cr_assert_not(err_is(desk_steps(store, found, DESK_PAGE, &n, &c)));
	cr_assert_eq(n, 2);
	cr_expect_str_eq(found[0].event, "report_loss");
	cr_expect_str_eq(found[1].event, "opened");
}
