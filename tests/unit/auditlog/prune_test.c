/*
 * Rows go once head office has signed for them, from the front, and the log
 * goes on as if nothing had happened; whoever lies makes nothing go.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit/anchor.h"
#include "audit/prove.h"
#include "audit/verify.h"
#include "world.h"

enum { ROWS = 1100, DAY = 24 * 3600 };

static struct note_signer office;

static void
make_office(void)
{
	const uint8_t seed[NOTE_SEED] = { 3 };

	cr_assert(not(err_is(
	    note_signer_make(&office, span_str("headoffice.dasi"), seed))));
}

TestSuite(prune, .init = make_office);

/* What head office would send for the checkpoint of that number. */
static struct err
cosign(struct world *w, uint64_t number, const struct note_signer *by)
{
	static struct audit_checkpoint kept;
	struct audit_port p = world_port(w);
	uint8_t room[NOTE_BYTES], signature[NOTE_SIGNATURE];
	struct buf note = buf_make(room, sizeof room);
	struct note_checkpoint c;
	struct span text;

	cr_assert(not(err_is(p.checkpoint(p.ctx, number, &kept))));
	buf_add(&note, kept.note, kept.note_n);
	cr_assert(not(err_is(note_cosign(&note, by))));
	cr_assert(not(
	    err_is(note_parts(&text, signature, buf_span(&note), &by->key))));
	cr_assert(not(err_is(note_checkpoint_parse(&c, text))));
	return store_audit_cosigned(w->store, &c, signature);
}

/* 1100 rows of long ago under four checkpoints, and it is six years later. */
static struct world *
old_log(void)
{
	struct world *w = world_new(WORLD_SQLITE);

	world_rows(w, ROWS);
	w->wall_ms += (int64_t)6 * 366 * DAY * 1000;
	w->mono_ms += (int64_t)6 * 366 * DAY * 1000;
	return w;
}

static int64_t
before(const struct world *w)
{
	return w->wall_ms / 1000 - DAY;
}

static struct audit_bounds
bounds_of(struct world *w)
{
	struct audit_port p = world_port(w);
	struct audit_bounds b;

	cr_assert(not(err_is(p.bounds(p.ctx, &b))));
	return b;
}

static struct audit_report
verify(struct world *w, const struct note_key *by, size_t doors)
{
	struct audit_port ports[3] = { world_port(w), world_port(w),
		world_port(w) };
	struct audit_check check = { .branch = BRANCH,
		.key = audit_log_key(w->log),
		.mac_key = w->k0,
		.office = by };
	struct audit_report r;

	cr_assert(not(err_is(audit_verify(&r, ports, doors, &check))));
	return r;
}

static void
expect_nothing_gone(struct world *w, const struct note_key *by, enum err_code c)
{
	int64_t n = -1;

	cr_expect(eq(int,
	    (int)store_audit_prune(w->store, &n, before(w), by).code, (int)c));
	cr_expect(eq(i64, n, 0));
	cr_expect(eq(u64, bounds_of(w).first, 0));
	cr_expect(eq(u64, bounds_of(w).end, ROWS));
}

static int64_t
prune(struct world *w)
{
	int64_t n;
	struct err e = store_audit_prune(w->store, &n, before(w), &office.key);

	cr_assert(not(err_is(e)), "%s", e.where);
	return n;
}

Test(prune, rows_go_up_to_the_checkpoint_head_office_signed)
{
	struct world *w = old_log();
	struct audit_report r;

	cr_assert(not(err_is(cosign(w, 2, &office))));
	cr_expect(eq(i64, prune(w), 768));
	cr_expect(eq(u64, bounds_of(w).first, 768));
	cr_expect(eq(u64, bounds_of(w).first_checkpoint, 2));
	for (int again = 0; again < 2; again++) {
		r = verify(w, &office.key, 1);
		cr_expect(eq(int, (int)r.finding, FOUND_NOTHING));
		cr_expect(eq(u64, r.pruned, 768));
		cr_expect(eq(u64, r.cosigned, 768));
		cr_expect(eq(u64, r.size, audit_log_size(w->log)));
		cr_assert(not(err_is(world_reopen(w))));
		world_rows(w, 300);
	}
	cr_expect(eq(i64, prune(w), 0), "nothing more is signed for");
	world_free(w);
}

Test(prune, the_rest_is_still_proved_and_what_has_gone_says_so)
{
	struct world *w = old_log();
	struct audit_port p = world_port(w);
	struct audit_checkpoint old, now;
	struct tree_proof path;
	struct tree_leaves leaves;
	struct audit_proof proof;
	struct tree base;

	cr_assert(not(err_is(cosign(w, 2, &office))));
	cr_assert(eq(i64, prune(w), 768));
	world_rows(w, 700);
	for (uint64_t seq = 700; seq < 1500; seq += 50) {
		struct err e = audit_prove(
		    &proof, &p, w->h, seq, audit_log_key(w->log));

		cr_expect(eq(
		    int, (int)e.code, (int)(seq < 768 ? E_NOTFOUND : E_NONE)));
		cr_expect(seq >= 768 || strstr(e.where, "head office"));
	}
	cr_assert(not(err_is(audit_leaves(&leaves, &base, &p))));
	cr_assert(not(err_is(p.checkpoint(p.ctx, 2, &old))));
	cr_assert(not(err_is(p.checkpoint(p.ctx, 5, &now))));
	cr_assert(not(err_is(
	    tree_prove_prefix(&path, w->h, &leaves, old.size, now.size))));
	cr_expect(not(err_is(tree_check_prefix(
	    &path, w->h, old.size, old.root, now.size, now.root))));
	world_free(w);
}

Test(prune, again_and_again_until_only_the_young_are_left)
{
	struct world *w = old_log();

	cr_assert(not(err_is(cosign(w, 1, &office))));
	cr_expect(eq(i64, prune(w), 512));
	cr_assert(not(err_is(cosign(w, 3, &office))));
	cr_expect(eq(i64, prune(w), 512));
	world_rows(w, 600); /* today's */
	cr_assert(
	    not(err_is(cosign(w, bounds_of(w).checkpoints - 1, &office))));
	/* two rows "purged" among them: 1100 + 2 + 600 */
	cr_expect(eq(i64, prune(w), 0), "the checkpoint at 1280 covers young");
	w->wall_ms += (int64_t)2 * DAY * 1000;
	cr_expect(gt(i64, prune(w), 500));
	cr_expect(
	    eq(int, (int)verify(w, &office.key, 1).finding, FOUND_NOTHING));
	world_free(w);
}

Test(prune, nothing_goes_unless_head_office_signed_for_it)
{
	const uint8_t seed[NOTE_SEED] = { 4 };
	uint8_t signature[NOTE_SIGNATURE] = { 1 };
	struct note_checkpoint c = { .size = 999999 };
	struct audit_checkpoint kept;
	struct note_signer liar;
	struct world *w = old_log();
	struct audit_port p = world_port(w);

	expect_nothing_gone(w, &office.key, E_NONE);
	/* of a size or root this log never had */
	cr_expect(
	    eq(int, (int)store_audit_cosigned(w->store, &c, signature).code,
		E_MISMATCH));
	cr_assert(not(err_is(p.checkpoint(p.ctx, 2, &kept))));
	c.size = kept.size;
	cr_expect(
	    eq(int, (int)store_audit_cosigned(w->store, &c, signature).code,
		E_MISMATCH));
	expect_nothing_gone(w, &office.key, E_NONE);
	/* garbage for a signature, and somebody else's */
	memcpy(c.root, kept.root, HASH_SIZE);
	cr_assert(not(err_is(store_audit_cosigned(w->store, &c, signature))));
	expect_nothing_gone(w, &office.key, E_MISMATCH);
	cr_assert(not(err_is(
	    note_signer_make(&liar, span_str("headoffice.dasi"), seed))));
	cr_assert(not(err_is(cosign(w, 3, &liar))));
	expect_nothing_gone(w, &office.key, E_MISMATCH);
	world_free(w);
}

Test(prune, an_older_signature_does_not_replace_a_newer)
{
	struct world *w = old_log();

	cr_assert(not(err_is(cosign(w, 3, &office))));
	cr_expect(not(err_is(cosign(w, 1, &office))), "out of order");
	cr_expect(eq(u64, store_audit_cosigned_size(w->store), 1024));
	world_free(w);
}

Test(prune, a_row_that_is_young_or_from_the_future_keeps_what_follows)
{
	struct world *w = world_new(WORLD_SQLITE);
	int64_t n;

	world_rows(w, 300);
	w->wall_ms += (int64_t)3650 * DAY * 1000; /* somebody set the clock */
	world_rows(w, 1);
	w->wall_ms -= (int64_t)3650 * DAY * 1000;
	world_rows(w, 800);
	w->wall_ms += (int64_t)6 * 366 * DAY * 1000;
	cr_assert(not(err_is(cosign(w, 3, &office))));
	cr_assert(not(
	    err_is(store_audit_prune(w->store, &n, before(w), &office.key))));
	cr_expect(eq(i64, n, 256));
	world_free(w);
}

Test(prune, damaged_rows_are_kept_for_who_looks_into_it)
{
	struct world *w = old_log();

	cr_assert(not(err_is(cosign(w, 2, &office))));
	world_sql(w, "UPDATE audit_row SET row = CAST(replace(CAST(row AS TEXT)"
		     ", 'kiosk-1', 'kiosk-2') AS BLOB) WHERE seq = 300");
	cr_assert(not(err_is(world_reopen(w))));
	expect_nothing_gone(w, &office.key, E_CORRUPT);
	world_free(w);
}

/* On the closed file, as it is. */
static int
sql(struct world *w, const char *text)
{
	sqlite3 *db;
	int rc;

	store_close(w->store);
	w->store = NULL;
	w->log = NULL;
	cr_assert_eq(sqlite3_open(world_path(w, "dasi.db"), &db), SQLITE_OK);
	rc = sqlite3_exec(db, text, NULL, NULL, NULL);
	sqlite3_close(db);
	cr_assert(not(err_is(world_reopen(w))));
	return rc;
}

#define ANCHOR(cosigned)                                                       \
	"INSERT INTO audit_anchor SELECT c.size, c.number, c.root, r.hash, "   \
	"c.size, c.root, " cosigned ", 0 FROM audit_checkpoint AS c, "         \
	"audit_row AS r WHERE c.number = 2 AND r.seq = c.size - 1;"

Test(prune, without_its_anchor_no_statement_deletes)
{
	struct world *w = old_log();

	cr_expect(ne(int, sql(w, "DELETE FROM audit_row WHERE seq = 0"), 0));
	cr_expect(ne(int, sql(w, "DELETE FROM audit_checkpoint"), 0));
	cr_expect(
	    ne(int, sql(w, ANCHOR("zeroblob(64)")), 0), "nothing was signed");
	cr_assert(not(err_is(cosign(w, 2, &office))));
	cr_expect(
	    ne(int, sql(w, ANCHOR("zeroblob(64)")), 0), "something else was");
	cr_assert(eq(i64, prune(w), 768));
	cr_expect(ne(int, sql(w, "DELETE FROM audit_row WHERE seq = 768"), 0));
	cr_expect(ne(int, sql(w, "DELETE FROM audit_anchor"), 0));
	cr_expect(ne(int, sql(w, "UPDATE audit_anchor SET size = 999"), 0));
	world_free(w);
}

Test(prune, an_anchor_head_office_never_signed_is_found)
{
	struct world *w = old_log();
	struct audit_report r;

	world_sql(w,
	    "DROP TRIGGER audit_anchor_fits;" ANCHOR(
		"zeroblob(64)") "DELETE FROM audit_row WHERE seq < 768;"
				"DELETE FROM audit_checkpoint WHERE number < "
				"2");
	cr_assert(not(err_is(world_reopen(w))));
	r = verify(w, &office.key, 1);
	cr_expect(eq(int, (int)r.finding, FOUND_ANCHOR));
	cr_expect(eq(u64, r.seq, 0));
	cr_expect(eq(u64, r.until, 768));
	r = verify(w, NULL, 1);
	cr_expect(eq(u64, r.cosigned, 0), "without the key it is said");
	world_sql(w, "UPDATE audit_checkpoint SET root = zeroblob(32)"
		     " WHERE number = 2");
	cr_assert(not(err_is(world_reopen(w))));
	r = verify(w, NULL, 1);
	cr_expect(eq(int, (int)r.finding, FOUND_ANCHOR));
	world_free(w);
}

Test(prune, rows_deleted_beyond_the_anchor_are_missing)
{
	struct world *w = old_log();
	struct audit_report r;

	cr_assert(not(err_is(cosign(w, 1, &office))));
	cr_assert(eq(i64, prune(w), 512));
	world_sql(w, "DELETE FROM audit_row WHERE seq < 600");
	cr_assert(not(err_is(world_reopen(w))));
	r = verify(w, &office.key, 1);
	cr_expect(eq(int, (int)r.finding, FOUND_ROW_MISSING));
	cr_expect(eq(u64, r.seq, 512));
	world_free(w);
}

/* Opens the store, and dies at the first write at or behind byte `at` of a
 * file: SIGXFSZ. */
static void
prune_until(struct world *w, rlim_t at)
{
	struct rlimit limit = { at, at };
	int64_t n;

	cr_assert(not(err_is(world_reopen(w))));
	setrlimit(RLIMIT_FSIZE, &limit);
	signal(SIGXFSZ, SIG_DFL);
	_exit(err_is(store_audit_prune(w->store, &n, before(w), &office.key)));
}

Test(prune, killed_at_any_write_it_is_whole_or_not_begun)
{
	struct world *w = old_log();
	bool whole = false;
	int kills = 0;

	cr_assert(not(err_is(cosign(w, 2, &office))));
	for (rlim_t at = 4096; !whole; at += 4120) {
		int status;
		pid_t pid;

		/* nobody holds the file across the fork */
		store_close(w->store);
		w->store = NULL;
		w->log = NULL;
		pid = fork();
		if (pid == 0)
			prune_until(w, at);
		cr_assert(eq(int, waitpid(pid, &status, 0), pid));
		kills += WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ;
		cr_assert(not(err_is(world_reopen(w))));
		whole = bounds_of(w).first > 0;
		cr_assert(eq(u64, bounds_of(w).first, whole ? 768 : 0));
		cr_assert(eq(u64, bounds_of(w).end, whole ? ROWS + 1 : ROWS));
		cr_assert(eq(int, (int)verify(w, &office.key, 1).finding,
		    FOUND_NOTHING));
		cr_assert(lt(int, kills, 400));
	}
	cr_expect(gt(int, kills, 20), "%d", kills);
	world_free(w);
}

/* ---- beside pruning: what else the verifier takes ---- */

Test(verify, checkpoints_a_power_cut_left_unsigned_are_a_remark)
{
	struct world *w = world_new(WORLD_SQLITE);
	struct audit_report r;

	world_rows(w, ROWS);
	world_sql(
	    w, "UPDATE audit_checkpoint SET note = NULL WHERE number > 1");
	cr_assert(
	    not(err_is(store_open_audit(&w->store, world_path(w, "dasi.db")))));
	{
		struct audit_port p = store_audit_port(w->store);
		struct audit_check check = { .branch = BRANCH };

		cr_assert(not(err_is(audit_verify(&r, &p, 1, &check))));
	}
	cr_expect(eq(int, (int)r.finding, FOUND_NOTHING));
	cr_expect(eq(u64, r.unsigned_checkpoints, 2));
	world_sql(
	    w, "UPDATE audit_checkpoint SET note = x'00' WHERE number = 3");
	cr_assert(
	    not(err_is(store_open_audit(&w->store, world_path(w, "dasi.db")))));
	{
		struct audit_port p = store_audit_port(w->store);
		struct audit_check check = { .branch = BRANCH };

		cr_assert(not(err_is(audit_verify(&r, &p, 1, &check))));
	}
	cr_expect(eq(int, (int)r.finding, FOUND_SIGNATURE));
	cr_expect(eq(u64, r.seq, 512), "one in the middle");
	world_free(w);
}

/* Another signature in the same form. */
static void
spoil(struct audit_checkpoint *c)
{
	uint8_t *digit = &c->note[c->note_n - 10];

	*digit = *digit == 'A' ? 'B' : 'A';
}

Test(verify, by_the_newest_signature_alone_every_row_is_vouched_for)
{
	struct world *w = world_new(WORLD_MEMORY);
	struct audit_port p = world_port(w);
	struct audit_check check = { .branch = BRANCH,
		.key = audit_log_key(w->log),
		.newest_only = true };
	struct audit_checkpoint *c = w->memory->checkpoint;
	struct audit_report r;

	world_rows(w, ROWS);
	spoil(&c[1]);
	cr_assert(not(err_is(audit_verify(&r, &p, 1, &check))));
	cr_expect(eq(int, (int)r.finding, FOUND_NOTHING));
	cr_expect(eq(u64, r.signed_size, 1024));
	spoil(&c[3]);
	cr_assert(not(err_is(audit_verify(&r, &p, 1, &check))));
	cr_expect(eq(int, (int)r.finding, FOUND_SIGNATURE));
	world_free(w);
}

Test(verify, a_walk_in_steps_finds_what_a_whole_one_does)
{
	struct world *w = world_new(WORLD_MEMORY);
	struct audit_port p = world_port(w);
	struct audit_check check = { .branch = BRANCH,
		.key = audit_log_key(w->log) };
	struct audit_report r;
	struct audit_walk *walk;
	bool more = true;
	int steps = 0;

	world_rows(w, ROWS);
	for (int bad = 0; bad < 2; bad++, more = true, steps = 0) {
		cr_assert(not(err_is(audit_walk_open(&walk, &p, &check))));
		for (; more; steps++)
			cr_assert(
			    not(err_is(audit_walk_step(walk, &more, &r))));
		audit_walk_close(walk);
		cr_expect(eq(int, steps, bad ? 3 : 4));
		cr_expect(eq(int, (int)r.finding,
		    bad ? FOUND_ROW_EDITED : FOUND_NOTHING));
		cr_expect(eq(u64, r.rows, bad ? 600 : 1024));
		w->memory->row[600].row[60] ^= 1;
	}
	cr_expect(eq(u64, r.seq, 600));
	world_free(w);
}
