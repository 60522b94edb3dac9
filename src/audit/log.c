/*
 * audit/log.c - creating, opening and closing a log.
 */
#include "audit/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/anchor.h"
#include "audit/log_state.h"
#include "base/secret.h"

enum { ABOUT = 48 };

struct err
audit_epoch_next(uint8_t key_secret[static HASH_KEY])
{
	uint8_t next_secret[HASH_KEY];
	struct err e = seal_key_derive(
	    next_secret, key_secret, "dasi audit epoch");

	if (!err_is(e))
		memcpy(key_secret, next_secret, HASH_KEY);
	secret_wipe(next_secret, sizeof next_secret);
	return e;
}

static void
put_be64(struct buf *b, uint64_t v)
{
	for (int shift = 56; shift >= 0; shift -= 8)
		buf_add_byte(b, (uint8_t)(v >> shift));
}

struct err
audit_checkpoint_mac(struct hasher *h, uint8_t out[static HASH_SIZE],
    const uint8_t key_secret[static HASH_KEY], const struct audit_checkpoint *c)
{
	uint8_t room[64 + HASH_SIZE];
	struct buf b = buf_make(room, sizeof room);

	buf_add_str(&b, "dasi audit checkpoint\n");
	put_be64(&b, c->number);
	put_be64(&b, c->size);
	buf_add(&b, c->root, HASH_SIZE);
	return hash_mac(h, out, key_secret, buf_span(&b));
}

/* The epoch goes in, so that an earlier sealed key does not pass for it. */
static struct span
about(char room[static ABOUT], uint64_t epoch)
{
	int n = snprintf(
	    room, ABOUT, "audit epoch %llu", (unsigned long long)epoch);

	return span_make(room, (size_t)n);
}

struct err
log_keep_key(struct audit_log *log, const struct log_state *s)
{
	uint8_t sealed[AUDIT_KEY_SEALED];
	char room[ABOUT];
	size_t n;
	struct err e = seal(sealed, sizeof sealed, &n, log->wrap_secret,
	    about(room, s->epoch), span_make(s->epoch_secret, HASH_KEY));

	if (err_is(e))
		return e;
	return log->port.set_meta(
	    log->port.ctx, META_EPOCH_KEY, span_make(sealed, n));
}

static struct err
load_key(struct audit_log *log, struct log_state *s)
{
	uint8_t sealed[AUDIT_KEY_SEALED];
	struct buf b = buf_make(sealed, sizeof sealed);
	char room[ABOUT];
	size_t n = 0;
	struct err e = log->port.get_meta(log->port.ctx, META_EPOCH_KEY, &b);

	if (!err_is(e))
		e = seal_open(s->epoch_secret, HASH_KEY, &n, log->wrap_secret,
		    about(room, s->epoch), buf_span(&b));
	if (e.code == E_NOTFOUND || (!err_is(e) && n != HASH_KEY))
		e = err_make(E_CORRUPT, 0, "audit: epoch key");
	return e;
}

/* Everything that needs no database. */
static struct err
make_log(struct audit_log **out, const struct audit_params *p)
{
	struct audit_log *log = calloc(1, sizeof *log);
	uint8_t seed_secret[NOTE_SEED];
	struct err e;

	*out = NULL;
	if (log == NULL)
		return err_make(E_NOMEM, 0, "audit: open");
	log->port = p->port;
	log->clock = p->clock;
	memcpy(log->boot_id, p->boot_id, ROW_BOOT);
	log->head_office_n = p->head_office.n;
	if (!str_copy(log->branch, sizeof log->branch, p->branch) ||
	    log->branch[0] == '\0' ||
	    p->head_office.n > sizeof log->head_office) {
		audit_log_close(log);
		return err_make(E_ARG, 0, "audit: names");
	}
	if (p->head_office.n > 0)
		memcpy(log->head_office, p->head_office.p, p->head_office.n);
	e = seal_key_derive(seed_secret, p->device_key, "dasi audit sign");
	if (!err_is(e))
		e = note_signer_make(
		    &log->signer, span_str(p->origin), seed_secret);
	if (!err_is(e))
		e = seal_key_derive(
		    log->wrap_secret, p->device_key, "dasi audit wrap");
	if (!err_is(e))
		e = hasher_open(&log->h);
	secret_wipe(seed_secret, sizeof seed_secret);
	if (err_is(e))
		audit_log_close(log);
	else
		*out = log;
	return e;
}

void
audit_log_close(struct audit_log *log)
{
	if (log == NULL)
		return;
	hasher_close(log->h);
	secret_wipe(log, sizeof *log);
	free(log);
}

/* A fresh log may only begin where none ever was. */
static struct err
check_empty(struct audit_log *log)
{
	struct audit_port *port = &log->port;
	uint8_t room[AUDIT_META];
	struct buf b = buf_make(room, sizeof room);
	struct audit_bounds bounds;
	struct audit_seen seen;
	struct err e = port->get_meta(port->ctx, META_ORIGIN, &b);

	if (!err_is(e))
		return err_make(E_EXISTS, 0, "audit: create");
	if (e.code != E_NOTFOUND)
		return e;
	e = port->bounds(port->ctx, &bounds);
	if (err_is(e))
		return e;
	if (bounds.end > 0 || bounds.checkpoints > 0)
		return err_make(E_CORRUPT, 0, "audit: rows of no log");
	if (port->get_seen == NULL)
		return err_none();
	e = port->get_seen(port->ctx, &seen);
	if (e.code == E_NOTFOUND)
		return err_none();
	return err_is(e) ? e : err_make(E_CORRUPT, 0, "audit: log is gone");
}

struct err
audit_log_create(const struct audit_params *p)
{
	char key[NOTE_KEY_TEXT];
	struct audit_log *log = NULL;
	struct err e = make_log(&log, p);

	if (err_is(e))
		return e;
	e = check_empty(log);
	if (!err_is(e))
		e = seal_key_new(log->now.epoch_secret);
	if (!err_is(e))
		e = p->escrow(p->escrow_ctx, log->now.epoch_secret);
	if (!err_is(e))
		e = log_keep_key(log, &log->now);
	note_key_text(key, &log->signer.key);
	if (!err_is(e))
		e = p->port.set_meta(
		    p->port.ctx, META_BRANCH, span_str(log->branch));
	if (!err_is(e))
		e = p->port.set_meta(p->port.ctx, META_KEY, span_str(key));
	if (!err_is(e))
		e = p->port.set_meta(
		    p->port.ctx, META_ORIGIN, span_str(p->origin));
	audit_log_close(log);
	return e;
}

static struct err
check_meta(struct audit_log *log, const char *key, const char *want)
{
	char room[AUDIT_META];
	struct buf b = buf_make(room, sizeof room);
	struct err e = log->port.get_meta(log->port.ctx, key, &b);

	if (!err_is(e) && !span_eq(buf_span(&b), span_str(want)))
		e = err_make(E_MISMATCH, 0, "audit: another branch or key");
	return e;
}

/* One row behind the newest checkpoint, checked to the byte. */
static struct err
take_row(void *arg, const struct audit_stored *r)
{
	struct audit_log *log = arg;
	struct log_state *s = &log->now;
	uint8_t hash[HASH_SIZE], mac[HASH_SIZE];
	struct audit_row row;
	struct err e = row_decode(&row, r->row);

	if (!err_is(e))
		e = hash_leaf(log->h, hash, r->row);
	if (!err_is(e))
		e = hash_mac(
		    log->h, mac, s->epoch_secret, span_make(hash, HASH_SIZE));
	if (err_is(e) && e.code != E_FORMAT)
		return e;
	if (err_is(e) || r->seq != s->tree.size || row.seq != r->seq ||
	    memcmp(row.prev, s->prev, HASH_SIZE) != 0 ||
	    memcmp(hash, r->hash, HASH_SIZE) != 0 ||
	    !secret_equal(mac, r->mac, HASH_SIZE))
		return err_make(E_CORRUPT, 0, "audit: row");
	memcpy(s->prev, hash, HASH_SIZE);
	return tree_append(&s->tree, log->h, hash);
}

/* The newest checkpoint: where the tree goes on. */
static struct err
load_checkpoint(struct audit_log *log)
{
	struct audit_port *port = &log->port;
	struct log_state *s = &log->now;
	struct audit_checkpoint c;
	uint8_t root[HASH_SIZE];
	struct err e = port->checkpoint(port->ctx, s->epoch - 1, &c);

	if (!err_is(e))
		e = tree_root(&c.frontier, log->h, root);
	if (!err_is(e) && c.size > 0)
		e = audit_last_leaf(port, c.size, s->prev);
	if (e.code == E_NOTFOUND ||
	    (!err_is(e) &&
		(c.size == 0 || memcmp(root, c.root, HASH_SIZE) != 0)))
		e = err_make(E_CORRUPT, 0, "audit: checkpoint");
	s->tree = c.frontier;
	s->cut_size = c.size;
	return e;
}

/* Which checkpoints are signed already: all up to the last one with a note. */
static struct err
count_signed(struct audit_log *log)
{
	struct audit_checkpoint c;
	struct err e = err_none();

	log->signed_epochs = log->now.epoch;
	while (log->signed_epochs > 0) {
		e = log->port.checkpoint(
		    log->port.ctx, log->signed_epochs - 1, &c);
		if (err_is(e) || c.note_n > 0)
			break;
		log->signed_epochs--;
	}
	return e;
}

/* What was signed before must still be in here. */
static struct err
check_seen(struct audit_log *log)
{
	struct audit_port *port = &log->port;
	struct audit_checkpoint c;
	struct audit_seen seen;
	struct err e;

	if (port->get_seen == NULL)
		return err_none();
	e = port->get_seen(port->ctx, &seen);
	if (e.code == E_NOTFOUND)
		/* it is written before the signature is made */
		return log->signed_epochs == 0
			   ? err_none()
			   : err_make(
				 E_CORRUPT, 0, "audit: memory of signatures");
	if (!err_is(e))
		e = port->checkpoint(port->ctx, seen.number, &c);
	if (e.code == E_NOTFOUND ||
	    (!err_is(e) && (c.size != seen.size ||
			       memcmp(c.root, seen.root, HASH_SIZE) != 0)))
		e = err_make(E_CORRUPT, 0, "audit: an old copy");
	return e;
}

static struct err
load(struct audit_log *log)
{
	struct audit_port *port = &log->port;
	struct log_state *s = &log->now;
	struct audit_bounds bounds;
	struct err e = port->bounds(port->ctx, &bounds);

	if (err_is(e))
		return e;
	s->epoch = bounds.checkpoints;
	e = load_key(log, s);
	if (!err_is(e) && s->epoch > 0)
		e = load_checkpoint(log);
	if (!err_is(e))
		e = port->rows(
		    port->ctx, s->cut_size, bounds.end, take_row, log);
	if (!err_is(e) && s->tree.size != bounds.end)
		e = err_make(E_CORRUPT, 0, "audit: rows");
	if (!err_is(e))
		e = count_signed(log);
	if (!err_is(e))
		e = check_seen(log);
	log->durable_epochs = s->epoch;
	/* Nobody knows how long they have waited. */
	s->waits_since_ms = INT64_MIN / 2;
	return e;
}

struct err
audit_log_open(struct audit_log **out, const struct audit_params *p)
{
	char key[NOTE_KEY_TEXT];
	struct audit_log *log = NULL;
	struct err e = make_log(&log, p);

	*out = NULL;
	if (err_is(e))
		return e;
	note_key_text(key, &log->signer.key);
	e = check_meta(log, META_ORIGIN, p->origin);
	if (!err_is(e))
		e = check_meta(log, META_BRANCH, log->branch);
	if (!err_is(e))
		e = check_meta(log, META_KEY, key);
	if (!err_is(e))
		e = load(log);
	if (err_is(e))
		audit_log_close(log);
	else
		*out = log;
	return e;
}
