/*
 * audit/append.c - rows in, checkpoints out.
 */
#include <string.h>

#include "audit/cms.h"
#include "audit/log_state.h"
#include "base/secret.h"

void
audit_log_begin(struct audit_log *log)
{
	log->undo = log->now;
}

void
audit_log_commit(struct audit_log *log)
{
	log->durable_epochs = log->now.epoch;
	/* The key before the last step must not survive in here. */
	secret_wipe(&log->undo, sizeof log->undo);
}

void
audit_log_rollback(struct audit_log *log)
{
	log->now = log->undo;
	secret_wipe(&log->undo, sizeof log->undo);
}

uint64_t
audit_log_size(const struct audit_log *log)
{
	return log->now.tree.size;
}

const char *
audit_log_branch(const struct audit_log *log)
{
	return log->branch;
}

const struct note_key *
audit_log_key(const struct audit_log *log)
{
	return &log->signer.key;
}

/* Seal what is personal, keep the blob, put its hash into the row. */
static struct err
seal_personal(
    struct audit_log *log, struct audit_row *row, struct span personal)
{
	uint8_t room[CMS_BLOB];
	struct buf b = buf_make(room, sizeof room);
	struct err e;

	if (log->head_office_n == 0)
		return err_make(E_STATE, 0, "audit: no head office");
	e = cms_seal(&b, span_make(log->head_office, log->head_office_n),
	    personal, row->wall_ms / 1000);
	if (!err_is(e))
		e = hash_data(log->h, row->sealed_hash, buf_span(&b));
	if (err_is(e))
		return e;
	row->has_sealed = true;
	return log->port.add_blob(
	    log->port.ctx, row->sealed_hash, buf_span(&b));
}

static struct err
fill_row(struct audit_log *log, struct audit_row *row,
    const struct audit_event *event)
{
	int64_t mono_ms = log->clock.mono_ms(log->clock.ctx);

	row->branch = span_str(log->branch);
	memcpy(row->boot_id, log->boot_id, ROW_BOOT);
	row->seq = log->now.tree.size;
	row->mono_ms = mono_ms < 0 ? 0 : (uint64_t)mono_ms;
	row->wall_ms = log->clock.wall_ms(log->clock.ctx);
	row->actor = span_str(event->actor);
	row->role = span_str(event->role);
	row->case_no = span_str(event->case_no);
	row->kind = span_str(event->kind);
	memcpy(row->prev, log->now.prev, HASH_SIZE);
	row->has_sealed = false;
	row->field_count = event->field_count;
	if (event->field_count > ROW_FIELDS)
		return err_make(E_ARG, 0, "audit: fields");
	for (size_t i = 0; i < event->field_count; i++)
		row->fields[i] = event->fields[i];
	return event->personal.n > 0 ? seal_personal(log, row, event->personal)
				     : err_none();
}

/* Hash, seal and hand over the bytes of one row. */
static struct err
add(struct audit_log *log, struct span bytes)
{
	struct log_state *s = &log->now;
	struct audit_stored stored = { .seq = s->tree.size, .row = bytes };
	struct err e = hash_leaf(log->h, stored.hash, bytes);

	if (!err_is(e))
		e = hash_mac(log->h, stored.mac, s->epoch_secret,
		    span_make(stored.hash, HASH_SIZE));
	if (!err_is(e))
		e = log->port.add_row(log->port.ctx, &stored);
	if (!err_is(e))
		e = tree_append(&s->tree, log->h, stored.hash);
	if (!err_is(e))
		memcpy(s->prev, stored.hash, HASH_SIZE);
	return e;
}

struct err
audit_log_append(
    struct audit_log *log, uint64_t *seq, const struct audit_event *event)
{
	struct log_state *s = &log->now;
	uint8_t room[ROW_BYTES];
	struct buf b = buf_make(room, sizeof room);
	struct audit_row row;
	struct err e = fill_row(log, &row, event);

	if (!err_is(e))
		e = row_encode(&b, &row);
	if (!err_is(e))
		e = add(log, buf_span(&b));
	if (err_is(e))
		return e;
	if (seq != NULL)
		*seq = row.seq;
	if (s->tree.size - s->cut_size == 1)
		s->waits_since_ms = (int64_t)row.mono_ms;
	if (s->tree.size - s->cut_size >= AUDIT_EPOCH_ROWS ||
	    audit_log_is_due(log))
		e = audit_log_cut(log);
	return e;
}

bool
audit_log_is_due(const struct audit_log *log)
{
	const struct log_state *s = &log->now;

	return s->tree.size > s->cut_size &&
	       log->clock.mono_ms(log->clock.ctx) - s->waits_since_ms >=
		   AUDIT_EPOCH_MS;
}

struct err
audit_log_cut(struct audit_log *log)
{
	struct log_state *s = &log->now;
	struct audit_checkpoint c = {
		.number = s->epoch, .size = s->tree.size, .frontier = s->tree
	};
	struct err e;

	if (s->tree.size == s->cut_size)
		return err_none();
	e = tree_root(&s->tree, log->h, c.root);
	if (!err_is(e))
		e = audit_checkpoint_mac(log->h, c.mac, s->epoch_secret, &c);
	if (!err_is(e))
		e = log->port.add_checkpoint(log->port.ctx, &c);
	if (!err_is(e))
		e = audit_epoch_next(s->epoch_secret);
	if (err_is(e))
		return e;
	s->epoch++;
	s->cut_size = s->tree.size;
	return log_keep_key(log, s);
}

/*
 * Whether `c` continues the checkpoint before it: that one's frontier folds
 * to the root it was signed with, and grows into c's root by the rows between.
 */
static struct err
continues(struct audit_log *log, const struct audit_checkpoint *c)
{
	struct tree_leaves leaves = { .read = log->port.hashes,
		.ctx = log->port.ctx };
	struct audit_checkpoint before = { 0 };
	uint8_t root[HASH_SIZE];
	bool good = true;
	struct err e = err_none();

	if (c->number > 0) {
		e = log->port.checkpoint(log->port.ctx, c->number - 1, &before);
		if (!err_is(e))
			e = tree_root(&before.frontier, log->h, root);
		good = !err_is(e) &&
		       memcmp(root, before.root, HASH_SIZE) == 0 &&
		       before.note_n > 0 && before.size < c->size;
	}
	if (!err_is(e) && good)
		e = tree_extend(
		    &before.frontier, log->h, &leaves, before.size, c->size);
	if (!err_is(e) && good)
		e = tree_root(&before.frontier, log->h, root);
	if (e.code == E_NOTFOUND || (!err_is(e) && !good) ||
	    (!err_is(e) && memcmp(root, c->root, HASH_SIZE) != 0))
		e = err_make(E_CORRUPT, 0, "audit: will not sign");
	return e;
}

/* Sign a durable checkpoint: first remember it outside, then sign. */
static struct err
sign_one(struct audit_log *log, const struct audit_checkpoint *c)
{
	struct note_checkpoint text = {
		.origin = span_str(log->signer.key.name), .size = c->size
	};
	struct audit_seen seen = { .number = c->number, .size = c->size };
	uint8_t lines[NOTE_NAME + 128], note[NOTE_NAME + 128 + NOTE_LINE];
	struct buf body = buf_make(lines, sizeof lines);
	struct buf out = buf_make(note, sizeof note);
	struct err e;

	memcpy(text.root, c->root, HASH_SIZE);
	memcpy(seen.root, c->root, HASH_SIZE);
	e = note_checkpoint_text(&body, &text);
	if (!err_is(e) && log->port.set_seen != NULL)
		e = log->port.set_seen(log->port.ctx, &seen);
	if (!err_is(e))
		e = note_sign(&out, buf_span(&body), &log->signer);
	if (!err_is(e))
		e = log->port.set_note(
		    log->port.ctx, c->number, buf_span(&out));
	return e;
}

bool
audit_log_must_sign(const struct audit_log *log)
{
	return log->signed_epochs < log->durable_epochs;
}

struct err
audit_log_sign(struct audit_log *log)
{
	struct audit_checkpoint c;
	struct err e = err_none();

	while (log->signed_epochs < log->durable_epochs && !err_is(e)) {
		if (log->refuses)
			return err_make(E_CORRUPT, 0, "audit: will not sign");
		e = log->port.checkpoint(log->port.ctx, log->signed_epochs, &c);
		if (!err_is(e))
			e = continues(log, &c);
		if (!err_is(e) && c.note_n == 0)
			e = sign_one(log, &c);
		if (!err_is(e))
			log->signed_epochs++;
		else if (e.code == E_CORRUPT || e.code == E_NOTFOUND)
			log->refuses = true;
	}
	return e;
}

struct err
audit_log_newest(struct audit_log *log, struct buf *note)
{
	struct audit_checkpoint c;
	struct err e;

	if (log->signed_epochs == 0)
		return err_make(E_NOTFOUND, 0, "audit: no checkpoint yet");
	e = log->port.checkpoint(log->port.ctx, log->signed_epochs - 1, &c);
	if (err_is(e))
		return e;
	buf_add(note, c.note, c.note_n);
	return note->full ? err_make(E_LIMIT, 0, "audit: room") : err_none();
}
