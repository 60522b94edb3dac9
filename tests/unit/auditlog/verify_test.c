/*
 * The eleven tamperings, and more: each done to a log in memory and written
 * back into a real SQLite file, by somebody who knows how rows are hashed,
 * and in the worst case has the keys of the present epoch.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "attack.h"

static void
expect(struct attack *a, size_t i, const struct audit_port *ports, size_t n)
{
	struct audit_check check = { .branch = BRANCH };
	struct audit_report r;
	struct err e;

	if ((tamperings[i].knows & KEY) != 0)
		check.key = a->check.key;
	if ((tamperings[i].knows & SEAL) != 0)
		check.mac_key = a->check.mac_key;
	if ((tamperings[i].knows & HEAD) != 0) {
		check.trusted_n = a->check.trusted_n;
		memcpy(check.trusted, a->check.trusted, sizeof check.trusted);
	}
	e = audit_verify(&r, ports, n, &check);
	cr_assert(not(err_is(e)), "%s %s", err_name(e.code), e.where);
	cr_expect(eq(int, (int)r.finding, (int)tamperings[i].finding),
	    "%zu %s, %zu doors: %s", i, tamperings[i].what, n,
	    audit_finding_name(r.finding));
	cr_expect(eq(u64, r.seq, tamperings[i].seq), "%zu %s, %zu doors", i,
	    tamperings[i].what, n);
}

/* One tampering over memory, then in the file, by one and by three doors. */
static void
run(struct attack *a, size_t i, struct memory *pristine)
{
	struct audit_port ports[3];
	struct store *door[3];

	*a->m = *pristine;
	tamperings[i].tamper(a);
	ports[0] = ports[1] = ports[2] = memory_port(a->m);
	expect(a, i, ports, 1);
	expect(a, i, ports, 3);
	attack_put_back(a);
	for (size_t k = 0; k < 3; k++) {
		struct err e = store_open_audit(
		    &door[k], world_path(a->w, "dasi.db"));
		cr_assert(not(err_is(e)), "%s", e.where);
		ports[k] = store_audit_port(door[k]);
	}
	expect(a, i, ports, 1);
	expect(a, i, ports, 3);
	for (size_t k = 0; k < 3; k++)
		store_close(door[k]);
}

Test(verify, finds_each_of_the_eleven_tamperings_and_names_the_row)
{
	struct attack a = { .w = world_new(WORLD_SQLITE) };
	struct memory *pristine = calloc(1, sizeof *pristine);
	struct audit_port port = world_port(a.w);
	struct note_key key = *audit_log_key(a.w->log);
	struct note_signer branch;
	uint8_t seed[NOTE_SEED];

	attack_hasher = a.w->h;
	a.m = calloc(1, sizeof *a.m);
	world_rows(a.w, ROWS);
	memory_load(a.m, &port);
	memory_load(pristine, &port);
	a.check.key = &key;
	a.check.mac_key = a.w->k0;
	memcpy(a.key[0], a.w->k0, HASH_KEY);
	for (int i = 1; i < 3; i++) {
		memcpy(a.key[i], a.key[i - 1], HASH_KEY);
		cr_assert(not(err_is(audit_epoch_next(a.key[i]))));
	}
	cr_assert(not(
	    err_is(seal_key_derive(seed, a.w->device_key, "dasi audit sign"))));
	cr_assert(
	    not(err_is(note_signer_make(&branch, span_str(ORIGIN), seed))));
	attack_note_head(&a);
	for (size_t i = 0; i < tampering_n; i++) {
		a.signer = branch;
		run(&a, i, pristine);
	}
	free(pristine);
	free(a.m);
	world_free(a.w);
}

Test(verify, from_a_trusted_checkpoint_reads_only_what_is_behind_it)
{
	struct world *w = world_new(WORLD_MEMORY);
	struct audit_port p = world_port(w);
	struct audit_check check = { .branch = BRANCH,
		.key = audit_log_key(w->log),
		.mac_key = w->k0,
		.trusted_n = 1 };
	struct audit_report r;

	world_rows(w, ROWS);
	check.trusted[0].size = 256;
	memcpy(check.trusted[0].root, w->memory->checkpoint[0].root, HASH_SIZE);
	cr_assert(
	    not(err_is(audit_find_head(&check.from, &p, &check.trusted[0]))));
	cr_expect(eq(u64, check.from, 1));
	w->memory->row[10].row[60] ^= 1; /* before: not its business */
	cr_assert(not(err_is(audit_verify(&r, &p, 1, &check))));
	cr_expect(eq(int, (int)r.finding, FOUND_NOTHING));
	cr_expect(eq(u64, r.rows, ROWS - 256));
	cr_expect(eq(u64, r.size, ROWS));
	cr_expect(eq(u64, r.signed_size, 512));
	w->memory->row[400].row[60] ^= 1;
	cr_assert(not(err_is(audit_verify(&r, &p, 1, &check))));
	cr_expect(eq(u64, r.seq, 400));
	check.trusted[0].root[0] ^= 1;
	cr_expect(eq(int,
	    (int)audit_find_head(&check.from, &p, &check.trusted[0]).code,
	    E_NOTFOUND));
	world_free(w);
}

/* No single bit of a signed row can change unseen. */
Test(verify, any_changed_bit_of_a_row_is_found)
{
	struct world *w = world_new(WORLD_MEMORY);
	struct audit_port p = world_port(w);
	struct audit_check check = { .branch = BRANCH };
	struct audit_report r;

	world_rows(w, 10);
	for (size_t bit = 0; bit < 8 * w->memory->row[5].n; bit++) {
		w->memory->row[5].row[bit / 8] ^= (uint8_t)(1 << bit % 8);
		cr_assert(not(err_is(audit_verify(&r, &p, 1, &check))));
		cr_assert(eq(u64, r.seq, 5));
		cr_assert(ne(int, (int)r.finding, FOUND_NOTHING));
		w->memory->row[5].row[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	world_free(w);
}
