/*
 * The audit log: one contract over memory and over SQLite.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/verify.h"
#include "base/file.h"
#include "world.h"

static struct audit_bounds
bounds_of(struct world *w)
{
	struct audit_port p = world_port(w);
	struct audit_bounds b;

	cr_assert(not(err_is(p.bounds(p.ctx, &b))));
	return b;
}

static struct audit_report
verify(struct world *w)
{
	struct audit_port p = world_port(w);
	struct audit_check check = {
		.branch = BRANCH, .key = audit_log_key(w->log), .mac_key = w->k0
	};
	struct audit_report r;
	struct err e = audit_verify(&r, &p, 1, &check);

	cr_assert(not(err_is(e)), "%s", e.where);
	return r;
}

static struct err
count(void *arg, const struct audit_stored *r)
{
	struct audit_row row;
	size_t *n = arg;

	cr_assert(eq(u64, r->seq, *n));
	cr_assert(not(err_is(row_decode(&row, r->row))));
	cr_expect(span_eq(row.kind, span_str("test")));
	cr_expect(eq(i64, row.fields[0].whole, (int64_t)*n));
	cr_expect(eq(sz, row.case_no.n, *n % 2 ? 15 : 0));
	++*n;
	return err_none();
}

Test(log, rows_come_back_in_order_and_whole)
{
	EACH(w)
	{
		struct audit_port p = world_port(w);
		size_t n = 0;

		world_rows(w, 20);
		cr_assert(not(err_is(p.rows(p.ctx, 0, 100, count, &n))));
		cr_expect(eq(sz, n, 20));
		n = 7;
		cr_assert(not(err_is(p.rows(p.ctx, 7, 9, count, &n))));
		cr_expect(eq(sz, n, 9));
	}
}

Test(log, a_checkpoint_is_cut_and_signed_after_256_rows)
{
	EACH(w)
	{
		struct audit_port p = world_port(w);
		struct audit_checkpoint c;

		world_rows(w, 255);
		cr_expect(eq(u64, bounds_of(w).checkpoints, 0));
		world_rows(w, 1);
		cr_expect(eq(u64, bounds_of(w).checkpoints, 1));
		world_rows(w, 300);
		cr_expect(eq(u64, bounds_of(w).checkpoints, 2));
		cr_assert(not(err_is(p.checkpoint(p.ctx, 1, &c))));
		cr_expect(eq(u64, c.size, 512));
		cr_expect(c.note_n > 0);
		cr_expect(eq(int, (int)verify(w).finding, FOUND_NOTHING));
	}
}

Test(log, a_checkpoint_is_due_sixty_seconds_after_a_row)
{
	EACH(w)
	{
		world_rows(w, 1);
		w->mono_ms += AUDIT_EPOCH_MS - 11;
		world_tick(w);
		cr_expect(eq(u64, bounds_of(w).checkpoints, 0));
		w->mono_ms += 1;
		world_tick(w);
		cr_expect(eq(u64, bounds_of(w).checkpoints, 1));
		/* without rows there is nothing to sign */
		w->mono_ms += 10 * AUDIT_EPOCH_MS;
		world_tick(w);
		cr_expect(eq(u64, bounds_of(w).checkpoints, 1));
		/* the wall clock has no say */
		world_rows(w, 1);
		w->wall_ms += INT64_C(10) * 365 * 86400 * 1000;
		world_tick(w);
		cr_expect(eq(u64, bounds_of(w).checkpoints, 1));
	}
}

Test(log, opened_again_it_goes_on_where_it_was)
{
	EACH(w)
	{
		for (size_t n = 0; n < 600; n += 75) {
			world_rows(w, 75);
			w->mono_ms = 100; /* another boot */
			struct err e = world_reopen(w);
			cr_assert(not(err_is(e)), "%s", e.where);
			cr_assert(eq(u64, audit_log_size(w->log), n + 75));
		}
		cr_expect(eq(int, (int)verify(w).finding, FOUND_NOTHING));
		cr_expect(eq(u64, verify(w).rows, 600));
	}
}

Test(log, rows_left_by_an_earlier_run_get_their_checkpoint_at_once)
{
	EACH(w)
	{
		world_rows(w, 3);
		w->mono_ms = 0;
		cr_assert(not(err_is(world_reopen(w))));
		world_tick(w);
		cr_expect(eq(u64, bounds_of(w).checkpoints, 1));
	}
}

Test(log, a_row_that_fails_leaves_no_trace)
{
	char long_kind[ROW_NAME + 2] = { 0 };
	struct audit_event bad = {
		.actor = "a", .role = "r", .kind = long_kind
	};

	memset(long_kind, 'x', ROW_NAME + 1);
	EACH(w)
	{
		world_rows(w, 255);
		cr_expect(eq(int, (int)world_add(w, &bad).code, E_ARG));
		cr_expect(eq(u64, audit_log_size(w->log), 255));
		world_rows(w, 10);
		cr_expect(eq(int, (int)verify(w).finding, FOUND_NOTHING));
		cr_assert(not(err_is(world_reopen(w))));
	}
}

Test(log, a_rolled_back_checkpoint_takes_its_key_step_back)
{
	struct world *w = world_new(WORLD_MEMORY);
	struct memory *was = malloc(sizeof *was);

	world_rows(w, 255);
	*was = *w->memory;
	audit_log_begin(w->log);
	struct audit_event ev = { .actor = "a", .role = "r", .kind = "k" };
	cr_assert(not(err_is(audit_log_append(w->log, NULL, &ev))));
	cr_expect(eq(u64, bounds_of(w).checkpoints, 1));
	audit_log_rollback(w->log);
	*w->memory = *was;
	cr_assert(not(audit_log_must_sign(w->log)));
	world_rows(w, 50);
	cr_expect(eq(int, (int)verify(w).finding, FOUND_NOTHING));
	cr_assert(not(err_is(world_reopen(w))));
	free(was);
	world_free(w);
}

Test(log, nothing_is_signed_before_it_is_durable)
{
	struct world *w = world_new(WORLD_MEMORY);
	struct audit_event ev = { .actor = "a", .role = "r", .kind = "k" };
	uint8_t room[1024];
	struct buf note = buf_make(room, sizeof room);

	audit_log_begin(w->log);
	for (int i = 0; i < 300; i++)
		cr_assert(not(err_is(audit_log_append(w->log, NULL, &ev))));
	cr_assert(not(err_is(audit_log_sign(w->log))));
	cr_expect(eq(sz, w->memory->checkpoint[0].note_n, 0));
	cr_expect(
	    eq(int, (int)audit_log_newest(w->log, &note).code, E_NOTFOUND));
	cr_expect(not(w->memory->has_seen));
	audit_log_commit(w->log);
	cr_assert(not(err_is(audit_log_sign(w->log))));
	cr_expect(w->memory->has_seen);
	cr_assert(not(err_is(audit_log_newest(w->log, &note))));
	world_free(w);
}

Test(log, a_checkpoint_left_unsigned_by_a_crash_is_signed_later)
{
	struct world *w = world_new(WORLD_MEMORY);
	struct audit_event ev = { .actor = "a", .role = "r", .kind = "k" };

	audit_log_begin(w->log);
	for (int i = 0; i < 600; i++)
		cr_assert(not(err_is(audit_log_append(w->log, NULL, &ev))));
	audit_log_commit(w->log);
	cr_assert(not(err_is(world_reopen(w))));
	cr_expect(audit_log_must_sign(w->log));
	cr_assert(not(err_is(audit_log_sign(w->log))));
	cr_expect(w->memory->checkpoint[1].note_n > 0);
	cr_expect(eq(int, (int)verify(w).finding, FOUND_NOTHING));
	world_free(w);
}

Test(log, what_does_not_continue_a_signed_checkpoint_is_never_signed)
{
	struct world *w = world_new(WORLD_MEMORY);
	struct audit_event ev = { .actor = "a", .role = "r", .kind = "k" };

	world_rows(w, 256);
	audit_log_begin(w->log);
	for (int i = 0; i < 256; i++)
		cr_assert(not(err_is(audit_log_append(w->log, NULL, &ev))));
	audit_log_commit(w->log);
	w->memory->row[300].hash[0] ^= 1;
	cr_expect(eq(int, (int)audit_log_sign(w->log).code, E_CORRUPT));
	w->memory->row[300].hash[0] ^= 1;
	/* once suspicious, for good */
	cr_expect(eq(int, (int)audit_log_sign(w->log).code, E_CORRUPT));
	cr_expect(eq(sz, w->memory->checkpoint[1].note_n, 0));
	world_free(w);
}

Test(log, an_old_copy_put_back_is_not_opened)
{
	struct world *w = world_new(WORLD_MEMORY);
	struct memory *old = malloc(sizeof *old);

	world_rows(w, 300);
	*old = *w->memory;
	world_rows(w, 300);
	old->has_seen = w->memory->has_seen;
	old->seen = w->memory->seen; /* it is kept elsewhere */
	*w->memory = *old;
	cr_expect(eq(int, (int)world_reopen(w).code, E_CORRUPT));
	/* nor another log of the same size */
	old->seen.size = 256;
	old->seen.number = 0;
	memcpy(old->seen.root, old->checkpoint[0].root, HASH_SIZE);
	*w->memory = *old;
	cr_expect(eq(int, (int)world_reopen(w).code, E_NONE));
	w->memory->seen.root[0] ^= 1;
	cr_expect(eq(int, (int)world_reopen(w).code, E_CORRUPT));
	/* nor is a fresh log begun in its place */
	memset(w->memory, 0, offsetof(struct memory, has_seen));
	cr_expect(eq(int, (int)world_reopen(w).code, E_CORRUPT));
	free(old);
	world_free(w);
}

Test(log, an_old_database_file_put_back_is_not_opened)
{
	struct world *w = world_new(WORLD_SQLITE);
	static uint8_t file[4 << 20];
	struct buf b = buf_make(file, sizeof file);

	world_rows(w, 300);
	store_close(w->store);
	w->store = NULL;
	cr_assert(not(err_is(file_read(&b, world_path(w, "dasi.db")))));
	cr_assert(not(err_is(world_reopen(w))));
	world_rows(w, 300);
	store_close(w->store);
	w->store = NULL;
	cr_assert(not(
	    err_is(file_write(world_path(w, "dasi.db"), buf_span(&b), 0600))));
	cr_expect(eq(int, (int)world_reopen(w).code, E_CORRUPT));
	world_free(w);
}

Test(log, a_changed_end_is_seen_at_opening)
{
	static const char *const sql[] = {
		"UPDATE audit_row SET row = CAST(substr(row, 1, 40) || x'00'"
		" || substr(row, 42) AS BLOB) WHERE seq = 280",
		"DELETE FROM audit_row WHERE seq = 299",
		"UPDATE audit_row SET mac = zeroblob(32) WHERE seq = 290",
		"UPDATE audit_checkpoint SET root = zeroblob(32)",
		"UPDATE audit_row SET hash = zeroblob(32) WHERE seq = 290",
		"DELETE FROM audit_checkpoint",
		"DELETE FROM meta WHERE key = 'audit.epoch_key'",
		"UPDATE meta SET value = x'00' WHERE key = 'audit.branch'",
	};

	for (size_t i = 0; i < sizeof sql / sizeof *sql; i++) {
		struct world *w = world_new(WORLD_SQLITE);

		world_rows(w, 300);
		world_sql(w, sql[i]);
		/* a cut tail alone is what head office sees */
		cr_expect(eq(int, (int)world_reopen(w).code,
			      i == 1		 ? E_NONE
			      : i == 5 || i == 7 ? E_MISMATCH
						 : E_CORRUPT),
		    "row %zu", i);
		world_free(w);
	}
}

Test(log, of_another_device_key_it_is_not_opened)
{
	struct world *w = world_new(WORLD_MEMORY);

	world_rows(w, 3);
	w->device_key[0] ^= 1;
	cr_expect(eq(int, (int)world_reopen(w).code, E_MISMATCH));
	world_free(w);
}

Test(log, the_first_key_is_handed_over_once_and_opens_everything)
{
	EACH(w)
	{
		world_rows(w, 700);
		cr_assert(not(err_is(world_reopen(w))));
		if (w->kind == WORLD_MEMORY)
			cr_expect(eq(int, w->escrows, 1));
		cr_expect(eq(int, (int)verify(w).finding, FOUND_NOTHING));
		w->k0[0] ^= 1;
		cr_expect(eq(int, (int)verify(w).finding, FOUND_SEAL));
		cr_expect(eq(u64, verify(w).seq, 0));
	}
}

Test(log, an_earlier_epoch_key_does_not_pass_for_the_present_one)
{
	struct world *w = world_new(WORLD_MEMORY);
	struct memory_meta old[MEMORY_SMALL];

	world_rows(w, 256);
	memcpy(old, w->memory->meta, sizeof old);
	world_rows(w, 256);
	memcpy(w->memory->meta, old, sizeof old);
	cr_expect(eq(int, (int)world_reopen(w).code, E_MISMATCH));
	world_free(w);
}
