/*
 * prog/tool/audit_prove.c - `dasi audit prove`.
 */
#include <stdio.h>
#include <string.h>

#include "audit/anchor.h"
#include "base/file.h"
#include "base/text.h"
#include "prog/tool/audit.h"

static json_t *
path_of(const struct tree_proof *p)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->n; i++)
		json_array_append_new(list, audit_hex(p->hash[i], HASH_SIZE));
	return list;
}

static void
describe(struct audit_job *job, const struct audit_proof *p,
    const uint8_t root[static HASH_SIZE])
{
	json_t *out = job->out;

	json_object_set_new(out, "origin", json_string(p->origin));
	json_object_set_new(out, "seq", json_integer((json_int_t)p->seq));
	json_object_set_new(
	    out, "tree_size", json_integer((json_int_t)p->size));
	json_object_set_new(out, "leaf", audit_hex(p->leaf, HASH_SIZE));
	json_object_set_new(out, "path", path_of(&p->path));
	json_object_set_new(out, "root", audit_hex(root, HASH_SIZE));
	json_object_set_new(out, "key_id", audit_hex(p->key_id, NOTE_ID));
	json_object_set_new(
	    out, "signature", audit_hex(p->signature, NOTE_SIGNATURE));
}

/* The other side: somebody shows us the text of a receipt. */
static struct err
check(struct audit_job *job)
{
	uint8_t room[PROVE_TEXT + 1], root[HASH_SIZE];
	struct buf b = buf_make(room, sizeof room);
	struct audit_proof proof;
	struct err e = audit_read_key(&job->key, job->opt.key);

	if (!err_is(e))
		e = file_read(&b, job->opt.check);
	if (!err_is(e) && b.n > 0 && room[b.n - 1] == '\n')
		b.n--;
	if (!err_is(e))
		e = audit_proof_parse(&proof, buf_span(&b));
	if (!err_is(e))
		e = audit_proof_check(&proof, job->h, &job->key, root);
	if (!err_is(e))
		describe(job, &proof, root);
	return e;
}

struct row_copy {
	size_t n;
	uint8_t row[ROW_BYTES];
};

static struct err
copy_row(void *arg, const struct audit_stored *r)
{
	struct row_copy *c = arg;

	if (r->row.n > sizeof c->row)
		return err_make(E_CORRUPT, 0, "audit: row");
	memcpy(c->row, r->row.p, r->row.n);
	c->n = r->row.n;
	return err_none();
}

/* The row goes along: its hash is the leaf, whoever checks can read it. */
static struct err
add_row(struct audit_job *job, const struct audit_proof *proof)
{
	char code[BASE64_TEXT(ROW_BYTES)];
	struct row_copy c = { 0 };
	uint8_t leaf[HASH_SIZE];
	struct err e = job->port[0].rows(
	    job->port[0].ctx, proof->seq, proof->seq + 1, copy_row, &c);

	if (!err_is(e))
		e = hash_leaf(job->h, leaf, span_make(c.row, c.n));
	if (!err_is(e) && memcmp(leaf, proof->leaf, HASH_SIZE) != 0)
		e = err_make(E_MISMATCH, 0, "audit: row and its hash");
	if (err_is(e))
		return e;
	base64_encode(code, sizeof code, span_make(c.row, c.n));
	json_object_set_new(job->out, "row", json_string(code));
	return err_none();
}

/* That a checkpoint kept elsewhere is the beginning of this log. */
static struct err
prove_since(struct audit_job *job)
{
	struct tree_leaves leaves;
	struct tree base;
	struct audit_checkpoint c;
	struct audit_head old;
	struct tree_proof proof;
	struct err e = audit_job_open(job, 1);

	if (!err_is(e))
		e = audit_job_head(&old, job, job->opt.since);
	if (!err_is(e))
		e = audit_job_newest(&c, job);
	if (!err_is(e) && old.size > c.size)
		e = err_make(E_MISMATCH, 0, "prove: the log is shorter");
	if (!err_is(e))
		e = audit_leaves(&leaves, &base, &job->port[0]);
	if (err_is(e))
		return e;
	e = tree_prove_prefix(&proof, job->h, &leaves, old.size, c.size);
	if (e.code == E_NOTFOUND && leaves.base != NULL && old.size < base.size)
		return err_make(
		    E_NOTFOUND, 0, "prove: pruned; head office has it");
	if (e.code == E_NOTFOUND)
		e = err_make(E_MISMATCH, 0, "prove: rows are missing");
	if (!err_is(e))
		e = tree_check_prefix(
		    &proof, job->h, old.size, old.root, c.size, c.root);
	if (err_is(e))
		return e;
	json_object_set_new(
	    job->out, "old_size", json_integer((json_int_t)old.size));
	json_object_set_new(
	    job->out, "old_root", audit_hex(old.root, HASH_SIZE));
	json_object_set_new(
	    job->out, "tree_size", json_integer((json_int_t)c.size));
	json_object_set_new(job->out, "root", audit_hex(c.root, HASH_SIZE));
	json_object_set_new(job->out, "path", path_of(&proof));
	json_object_set_new(
	    job->out, "note", json_stringn((const char *)c.note, c.note_n));
	return err_none();
}

struct err
audit_job_prove(struct audit_job *job)
{
	char text[PROVE_TEXT];
	struct audit_proof proof;
	uint8_t root[HASH_SIZE];
	struct err e;

	if (job->opt.check != NULL)
		return check(job);
	if (job->opt.since != NULL)
		return prove_since(job);
	e = audit_job_open(job, 1);
	if (!err_is(e))
		e = audit_prove(
		    &proof, &job->port[0], job->h, job->opt.seq, &job->key);
	if (!err_is(e))
		e = audit_proof_check(&proof, job->h, &job->key, root);
	if (!err_is(e))
		e = add_row(job, &proof);
	if (err_is(e))
		return e;
	describe(job, &proof, root);
	audit_proof_text(text, &proof);
	json_object_set_new(job->out, "compact", json_string(text));
	json_object_set_new(job->out, "compact_characters",
	    json_integer((json_int_t)strlen(text)));
	json_object_set_new(job->out, "qr_version",
	    json_integer(audit_qr_version(strlen(text))));
	if (!job->opt.compact || job->opt.json)
		return err_none();
	job->quiet = true;
	puts(text);
	fprintf(stderr, "%zu characters, QR code version %d-L\n", strlen(text),
	    audit_qr_version(strlen(text)));
	return fflush(stdout) == 0 ? err_none() : err_sys("audit: write");
}
