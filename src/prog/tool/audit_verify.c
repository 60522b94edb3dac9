/*
 * prog/tool/audit_verify.c - `dasi audit verify` and `checkpoint`.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/secret.h"
#include "base/text.h"
#include "prog/tool/audit.h"

enum { KEY_FILE = 2 * HASH_KEY + 1 };

static size_t
doors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > AUDIT_PARTS ? AUDIT_PARTS : (size_t)n;
}

/* 32 raw bytes, or 64 digits and perhaps a newline. */
static struct err
read_mac_key(uint8_t key_secret[static HASH_KEY], const char *path)
{
	uint8_t room_secret[KEY_FILE + 1];
	struct buf b = buf_make(room_secret, sizeof room_secret);
	struct buf out = buf_make(key_secret, HASH_KEY);
	struct err e = file_read(&b, path);

	if (!err_is(e) && b.n == HASH_KEY) {
		memcpy(key_secret, room_secret, HASH_KEY);
	} else if (!err_is(e)) {
		if (b.n == KEY_FILE && room_secret[b.n - 1] == '\n')
			b.n--;
		e = hex_decode(&out, (const char *)room_secret, b.n);
		if (err_is(e) || out.n != HASH_KEY)
			e = err_make(E_FORMAT, 0, "audit: mac key");
	}
	secret_wipe(room_secret, sizeof room_secret);
	return e;
}

struct err
audit_job_head(
    struct audit_head *out, const struct audit_job *job, const char *path)
{
	static uint8_t room[NOTE_BYTES];
	struct buf b = buf_make(room, sizeof room);
	struct note_checkpoint c;
	struct span text;
	struct err e = file_read(&b, path);

	if (!err_is(e))
		e = note_open(&text, buf_span(&b), &job->key);
	if (e.code == E_NOTFOUND && b.n > 0)
		e = err_make(E_MISMATCH, 0, "audit: not signed by the key");
	if (!err_is(e))
		e = note_checkpoint_parse(&c, text);
	if (!err_is(e) && !span_eq(c.origin, span_str(job->key.name)))
		e = err_make(E_MISMATCH, 0, "audit: another origin");
	if (err_is(e))
		return e;
	out->size = c.size;
	memcpy(out->root, c.root, HASH_SIZE);
	return err_none();
}

static struct err
read_heads(struct audit_check *check, struct audit_job *job)
{
	const struct audit_head *least = &check->trusted[0];
	struct err e = err_none();

	for (size_t i = 0; i < job->opt.checkpoint_n && !err_is(e); i++) {
		e = audit_job_head(
		    &check->trusted[i], job, job->opt.checkpoint[i]);
		if (check->trusted[i].size < least->size)
			least = &check->trusted[i];
		check->trusted_n++;
	}
	if (err_is(e) || !job->opt.from)
		return e;
	e = audit_find_head(&check->from, &job->port[0], least);
	if (e.code == E_NOTFOUND) /* then the whole log must tell */
		e = err_none();
	return e;
}

/* Rows that are at head office alone. */
static void
describe_pruned(json_t *out, const struct audit_report *r)
{
	json_object_set_new(
	    out, "pruned_rows", json_integer((json_int_t)r->pruned));
	json_object_set_new(out, "pruned_signature",
	    json_string(r->cosigned == 0 ? "not checked" : "checked"));
	if (r->heads_pruned > 0)
		json_object_set_new(out, "checkpoints_not_compared",
		    json_integer((json_int_t)r->heads_pruned));
}

static void
describe(struct audit_job *job, const struct audit_report *r)
{
	json_t *out = job->out;

	json_object_set_new(out, "rows", json_integer((json_int_t)r->rows));
	json_object_set_new(
	    out, "checkpoints", json_integer((json_int_t)r->checkpoints));
	json_object_set_new(
	    out, "signed_rows", json_integer((json_int_t)r->signed_size));
	json_object_set_new(out, "seals",
	    json_string(job->opt.mac_key == NULL ? "not checked" : "checked"));
	if (r->unsigned_checkpoints > 0) /* a power cut leaves such */
		json_object_set_new(out, "unsigned_checkpoints",
		    json_integer((json_int_t)r->unsigned_checkpoints));
	if (r->pruned > 0)
		describe_pruned(out, r);
	json_object_set_new(
	    out, "finding", json_string(audit_finding_name(r->finding)));
	if (r->finding != FOUND_NOTHING) {
		json_object_set_new(
		    out, "first_bad_seq", json_integer((json_int_t)r->seq));
		json_object_set_new(
		    out, "before_seq", json_integer((json_int_t)r->until));
		job->finding = true;
		return;
	}
	json_object_set_new(out, "size", json_integer((json_int_t)r->size));
	json_object_set_new(out, "root", audit_hex(r->root, HASH_SIZE));
}

struct err
audit_job_verify(struct audit_job *job)
{
	uint8_t key_secret[HASH_KEY];
	struct audit_check check = { 0 };
	struct audit_report report;
	struct err e = audit_job_open(job, doors());

	if (!err_is(e) && job->opt.mac_key != NULL) {
		e = read_mac_key(key_secret, job->opt.mac_key);
		check.mac_key = key_secret;
	}
	check.branch = job->branch;
	check.key = &job->key;
	check.office = job->has_office ? &job->office : NULL;
	if (!err_is(e))
		e = read_heads(&check, job);
	if (!err_is(e))
		e = audit_verify(&report, job->port, job->door_n, &check);
	secret_wipe(key_secret, sizeof key_secret);
	if (!err_is(e))
		describe(job, &report);
	return e;
}

struct err
audit_job_newest(struct audit_checkpoint *out, struct audit_job *job)
{
	struct audit_bounds bounds = { 0 };
	struct span text;
	struct err e = job->port[0].bounds(job->port[0].ctx, &bounds);

	out->note_n = 0;
	while (!err_is(e) && bounds.checkpoints > 0 && out->note_n == 0)
		e = job->port[0].checkpoint(
		    job->port[0].ctx, --bounds.checkpoints, out);
	if (err_is(e) || out->note_n == 0)
		return err_is(e) ? e
				 : err_make(E_NOTFOUND, 0,
				       "audit: no checkpoint yet");
	e = note_open(&text, span_make(out->note, out->note_n), &job->key);
	return e.code == E_NOTFOUND
		   ? err_make(E_MISMATCH, 0, "audit: not signed by the key")
		   : e;
}

struct err
audit_job_checkpoint(struct audit_job *job)
{
	char key[NOTE_KEY_TEXT];
	struct audit_checkpoint c;
	struct err e = audit_job_open(job, 1);

	if (!err_is(e))
		e = audit_job_newest(&c, job);
	if (err_is(e))
		return e;
	note_key_text(key, &job->key);
	json_object_set_new(
	    job->out, "number", json_integer((json_int_t)c.number));
	json_object_set_new(job->out, "size", json_integer((json_int_t)c.size));
	json_object_set_new(job->out, "root", audit_hex(c.root, HASH_SIZE));
	json_object_set_new(job->out, "verifier_key", json_string(key));
	json_object_set_new(
	    job->out, "note", json_stringn((const char *)c.note, c.note_n));
	if (job->opt.json)
		return err_none();
	/* the note itself, to be kept as a file */
	job->quiet = true;
	fwrite(c.note, 1, c.note_n, stdout);
	return fflush(stdout) == 0 ? err_none() : err_sys("audit: write");
}
