/*
 * What leaves the log: sealed data, proofs, copies of a live database.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/cms.h"
#include "audit/prove.h"
#include "audit/verify.h"
#include "base/file.h"
#include "world.h"

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

Test(log, shredding_personal_data_leaves_every_proof_whole)
{
	static uint8_t cert_room[2048], key_room[2048];

	EACH(w)
	{
		struct buf cert = buf_make(cert_room, sizeof cert_room);
		struct buf key = buf_make(key_room, sizeof key_room);
		uint8_t sealed_room[CMS_BLOB], room[CMS_DATA];
		struct buf sealed = buf_make(sealed_room, sizeof sealed_room);
		struct buf plain = buf_make(room, sizeof room);
		struct audit_event ev = { .actor = "a",
			.role = "kiosk",
			.kind = "identity",
			.personal = span_str("{\"name\":\"Hong Gildong\"}") };
		struct audit_port p = world_port(w);
		uint8_t hash[HASH_SIZE];

		cr_expect(eq(int, (int)world_add(w, &ev).code, E_STATE));
		world_certificate(&cert, &key, "EC", 256, 100000);
		w->head_office = buf_span(&cert);
		cr_assert(not(err_is(world_reopen(w))));
		p = world_port(w);
		cr_assert(not(err_is(world_add(w, &ev))));
		world_rows(w, 260);
		if (w->kind == WORLD_MEMORY) {
			memcpy(hash, w->memory->blob[0].hash, HASH_SIZE);
		} else {
			struct memory *m = calloc(1, sizeof *m);
			struct audit_row row;
			memory_load(m, &p);
			cr_assert(not(err_is(row_decode(
			    &row, span_make(m->row[0].row, m->row[0].n)))));
			memcpy(hash, row.sealed_hash, HASH_SIZE);
			free(m);
		}
		cr_assert(not(err_is(p.get_blob(p.ctx, hash, &sealed))));
		cr_assert(not(err_is(cms_open(&plain, buf_span(&cert),
		    buf_span(&key), buf_span(&sealed)))));
		cr_expect(span_eq(buf_span(&plain), ev.personal));
		cr_assert(not(err_is(p.shred_blob(p.ctx, hash))));
		sealed.n = 0;
		cr_expect(eq(int, (int)p.get_blob(p.ctx, hash, &sealed).code,
		    E_NOTFOUND));
		cr_expect(
		    eq(int, (int)p.shred_blob(p.ctx, hash).code, E_NOTFOUND));
		cr_expect(eq(int, (int)verify(w).finding, FOUND_NOTHING));
	}
}

Test(log, the_escrowed_key_is_sealed_to_head_office)
{
	static uint8_t cert_room[2048], key_room[2048];
	struct buf cert = buf_make(cert_room, sizeof cert_room);
	struct buf key = buf_make(key_room, sizeof key_room);
	uint8_t room[CMS_BLOB], k0[64];
	struct buf sealed = buf_make(room, sizeof room);
	struct buf plain = buf_make(k0, sizeof k0);
	struct world *w = world_new(WORLD_SQLITE);
	static const char *const names[] = { "dasi.db", "dasi.ballast",
		"dasi.signed", "escrow" };

	world_certificate(&cert, &key, "RSA", 2048, 100000);
	w->head_office = buf_span(&cert);
	store_close(w->store);
	w->store = NULL;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlink(world_path(w, names[i]));
	cr_assert(not(err_is(world_reopen(w))));
	world_rows(w, 300);
	cr_assert(not(err_is(file_read(&sealed, world_path(w, "escrow")))));
	cr_assert(not(err_is(cms_open(
	    &plain, buf_span(&cert), buf_span(&key), buf_span(&sealed)))));
	cr_assert(eq(sz, plain.n, HASH_KEY));
	memcpy(w->k0, k0, HASH_KEY);
	cr_expect(eq(int, (int)verify(w).finding, FOUND_NOTHING));
	world_free(w);
}

Test(log, triggers_refuse_to_change_what_is_written)
{
	static const char *const sql[] = {
		"UPDATE audit_row SET mac = hash",
		"DELETE FROM audit_row",
		"DELETE FROM audit_checkpoint",
		"UPDATE audit_checkpoint SET size = size + 1",
	};
	struct world *w = world_new(WORLD_SQLITE);
	char command[512];

	world_rows(w, 260);
	store_close(w->store);
	w->store = NULL;
	for (size_t i = 0; i < sizeof sql / sizeof *sql; i++) {
		snprintf(command, sizeof command,
		    "sqlite3 %s '%s' >/dev/null 2>&1", world_path(w, "dasi.db"),
		    sql[i]);
		FILE *run = popen(command, "r");
		cr_assert_not_null(run);
		cr_expect(ne(int, pclose(run), 0), "%s", sql[i]);
	}
	world_free(w);
}

Test(log, a_copy_of_a_live_database_verifies_and_leaves_it_alone)
{
	struct world *w = world_new(WORLD_SQLITE);
	struct store_snapshot snap;
	struct store *reader = NULL;
	struct audit_report r;
	struct audit_check check = { .branch = BRANCH };
	struct err e;

	world_rows(w, 300); /* the agent has it open: rows are in the -wal */
	e = store_snapshot_take(&snap, world_path(w, "dasi.db"));
	cr_assert(not(err_is(e)), "%s %s", err_name(e.code), e.where);
	cr_expect(ne(int, snap.folder[0], 0));
	world_rows(w, 300);
	e = store_open_audit(&reader, snap.path);
	cr_assert(not(err_is(e)), "%s %s", err_name(e.code), e.where);
	struct audit_port p = store_audit_port(reader);
	check.key = audit_log_key(w->log);
	cr_assert(not(err_is(audit_verify(&r, &p, 1, &check))));
	cr_expect(eq(int, (int)r.finding, FOUND_NOTHING));
	cr_expect(eq(u64, r.rows, 300));
	store_close(reader);
	store_snapshot_drop(&snap);
	cr_expect(ne(int, access(snap.path, F_OK), 0));
	cr_expect(eq(int, (int)verify(w).finding, FOUND_NOTHING));
	world_free(w);
}

Test(log, every_row_is_proved_by_a_text_that_stands_alone)
{
	EACH(w)
	{
		struct audit_port p = world_port(w);
		struct audit_proof proof, again;
		char text[PROVE_TEXT];
		uint8_t root[HASH_SIZE];

		world_rows(w, 600);
		for (uint64_t seq = 0; seq < 512; seq += 51) {
			struct err e = audit_prove(
			    &proof, &p, w->h, seq, audit_log_key(w->log));
			cr_assert(not(err_is(e)), "%s", e.where);
			audit_proof_text(text, &proof);
			cr_assert(not(
			    err_is(audit_proof_parse(&again, span_str(text)))));
			cr_expect(eq(u64, again.seq, seq));
			cr_expect(not(err_is(audit_proof_check(
			    &again, w->h, audit_log_key(w->log), root))));
			again.leaf[5] ^= 1;
			cr_expect(eq(int,
			    (int)audit_proof_check(
				&again, w->h, audit_log_key(w->log), root)
				.code,
			    E_MISMATCH));
			again.leaf[5] ^= 1;
			again.seq ^= 1;
			cr_expect(err_is(audit_proof_check(
			    &again, w->h, audit_log_key(w->log), root)));
		}
		cr_expect(eq(int,
		    (int)audit_prove(
			&proof, &p, w->h, 550, audit_log_key(w->log))
			.code,
		    E_STATE));
		cr_expect(eq(int,
		    (int)audit_prove(
			&proof, &p, w->h, 600, audit_log_key(w->log))
			.code,
		    E_NOTFOUND));
	}
}

Test(log, a_proof_text_with_any_character_changed_does_not_hold)
{
	struct world *w = world_new(WORLD_MEMORY);
	struct audit_port p = world_port(w);
	struct audit_proof proof, again;
	char text[PROVE_TEXT];
	uint8_t root[HASH_SIZE];
	size_t n;

	world_rows(w, 256);
	cr_assert(not(
	    err_is(audit_prove(&proof, &p, w->h, 77, audit_log_key(w->log)))));
	audit_proof_text(text, &proof);
	n = strlen(text);
	cr_expect(n < 800 && audit_qr_version(n) <= 16, "%zu", n);
	for (size_t i = 0; i < n; i++) {
		char was = text[i];

		text[i] = was == 'A' ? 'B' : 'A';
		cr_expect(err_is(audit_proof_parse(&again, span_str(text))) ||
			  err_is(audit_proof_check(
			      &again, w->h, audit_log_key(w->log), root)));
		text[i] = was;
		cr_expect(
		    err_is(audit_proof_parse(&again, span_make(text, i))) ||
		    err_is(audit_proof_check(
			&again, w->h, audit_log_key(w->log), root)));
	}
	world_free(w);
}

Test(log, a_proof_has_one_text)
{
	struct audit_proof proof = { .origin = "abc", .size = 1 }, again;
	char text[PROVE_TEXT];
	size_t n;

	/* 120 bytes, 192 digits and no bit to spare */
	audit_proof_text(text, &proof);
	n = strlen(text);
	cr_assert(eq(sz, n, 6 + 192));
	cr_expect(not(err_is(audit_proof_parse(&again, span_str(text)))));
	strcpy(text + n, "A");
	cr_expect(err_is(audit_proof_parse(&again, span_str(text))));
	/* 121 bytes, 194 digits with two bits that must be zero */
	strcpy(proof.origin, "abcd");
	audit_proof_text(text, &proof);
	n = strlen(text);
	cr_assert(eq(sz, n, 6 + 194));
	text[n - 1]++;
	cr_expect(err_is(audit_proof_parse(&again, span_str(text))));
}

Test(log, two_checkpoints_of_one_log_have_a_consistency_proof)
{
	struct world *w = world_new(WORLD_SQLITE);
	struct audit_port p = world_port(w);
	struct tree_leaves leaves = { .read = p.hashes, .ctx = p.ctx };
	struct audit_checkpoint a, b;
	struct tree_proof proof;

	world_rows(w, 1030);
	for (uint64_t i = 0; i < 4; i++) {
		for (uint64_t j = i; j < 4; j++) {
			cr_assert(not(err_is(p.checkpoint(p.ctx, i, &a))));
			cr_assert(not(err_is(p.checkpoint(p.ctx, j, &b))));
			cr_assert(not(err_is(tree_prove_prefix(
			    &proof, w->h, &leaves, a.size, b.size))));
			cr_expect(not(err_is(tree_check_prefix(
			    &proof, w->h, a.size, a.root, b.size, b.root))));
		}
	}
	world_free(w);
}
