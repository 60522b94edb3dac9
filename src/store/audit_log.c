/*
 * store/audit_log.c - the audit log inside the agent's store.
 */
#include <string.h>
#include <unistd.h>

#include "audit/cms.h"
#include "base/file.h"
#include "base/text.h"
#include "store/audit_rows.h"
#include "store/internal.h"

/* The kernel's text of a boot id without its hyphens; zeros when absent. */
static void
boot_bytes(uint8_t out[static ROW_BOOT], const char *text)
{
	struct buf b = buf_make(out, ROW_BOOT);
	char hex[2 * ROW_BOOT + 1];
	size_t n = 0;

	for (; *text != '\0' && n < sizeof hex - 1; text++) {
		if (*text != '-')
			hex[n++] = *text;
	}
	if (err_is(hex_decode(&b, hex, n)) || b.n != ROW_BOOT)
		memset(out, 0, ROW_BOOT);
}

struct escrow {
	const struct store_audit_params *p;
	int64_t now_s;
};

static struct err
keep_escrow(void *ctx, const uint8_t key_secret[static HASH_KEY])
{
	const struct escrow *to = ctx;
	struct span key = span_make(key_secret, HASH_KEY);
	uint8_t room[HASH_KEY + CMS_OVERHEAD];
	struct buf b = buf_make(room, sizeof room);
	struct err e;

	if (to->p->head_office.n == 0)
		return file_write(to->p->escrow, key, 0600);
	e = cms_seal(&b, to->p->head_office, key, to->now_s);
	return err_is(e) ? e : file_write(to->p->escrow, buf_span(&b), 0600);
}

struct audit_log *
store_audit_log(struct store *s)
{
	return s->audit;
}

struct err
store_audit_append(
    struct store *s, uint64_t *seq, const struct audit_event *event)
{
	struct err e;

	if (s->audit == NULL)
		return err_make(E_STATE, 0, "store: no audit log");
	if (!sqlite3_get_autocommit(s->db))
		return audit_log_append(s->audit, seq, event);
	e = store_begin(s);
	return err_is(e) ? e
			 : store_end(s, audit_log_append(s->audit, seq, event));
}

/*
 * The key of an epoch gone by is overwritten in its row, but an older copy of
 * that page stands in the -wal file until it is emptied.  Not after each
 * epoch: it costs some syncs.
 */
static struct err
forget_keys(struct store *s)
{
	int64_t now_ms = s->clock.mono_ms(s->clock.ctx);
	struct err e;

	if (!s->old_keys || now_ms - s->old_keys_ms < AUDIT_EPOCH_MS)
		return err_none();
	e = store_wal_lay(s);
	if (!err_is(e))
		s->old_keys = false;
	return e;
}

/* A note may be lost in a power cut: it is made again, bit for bit. */
static struct err
sign(struct store *s)
{
	struct err e;

	if (sqlite3_exec(s->db, store_careless, NULL, NULL, NULL) != SQLITE_OK)
		return err_make(E_SYS, 0, "store: sign");
	e = audit_log_sign(s->audit);
	if (sqlite3_exec(s->db, store_running, NULL, NULL, NULL) != SQLITE_OK) {
		s->broken = true;
		e = err_make(E_SYS, 0, "store: sign");
	}
	if (!s->old_keys)
		s->old_keys_ms = s->clock.mono_ms(s->clock.ctx);
	s->old_keys = true;
	return e;
}

struct err
store_audit_open(struct store *s, const struct store_audit_params *p)
{
	struct escrow to = { .p = p,
		.now_s = s->clock.wall_ms(s->clock.ctx) / 1000 };
	struct audit_params ap = { .port = store_audit_port(s),
		.branch = p->branch,
		.origin = p->origin,
		.device_key = p->device_key,
		.clock = s->clock,
		.head_office = p->head_office,
		.escrow = keep_escrow,
		.escrow_ctx = &to };
	struct err e;

	if (s->audit != NULL)
		return err_make(E_STATE, 0, "store: audit is open");
	boot_bytes(ap.boot_id, s->boot_id);
	e = audit_log_open(&s->audit, &ap);
	/* A checkpoint a power cut left unsigned: before another is cut. */
	if (!err_is(e) && audit_log_must_sign(s->audit))
		return sign(s);
	if (e.code != E_NOTFOUND)
		return e;
	e = store_begin(s);
	if (!err_is(e))
		e = store_end(s, audit_log_create(&ap));
	return err_is(e) ? e : audit_log_open(&s->audit, &ap);
}

static struct err
tick(struct store *s)
{
	struct err e = err_none();

	if (audit_log_is_due(s->audit)) {
		e = store_begin(s);
		if (!err_is(e))
			e = store_end(s, audit_log_cut(s->audit));
	}
	if (!err_is(e) && audit_log_must_sign(s->audit))
		e = sign(s);
	return err_is(e) ? e : forget_keys(s);
}

struct err
store_audit_tick(struct store *s)
{
	struct err e;

	if (s->audit == NULL || !sqlite3_get_autocommit(s->db))
		return err_none();
	e = tick(s);
	/* as for the closing rows of a case, see store_case_step */
	if (e.code == E_FULL && unlink(s->ballast) == 0)
		e = tick(s);
	return e;
}

struct err
store_audit_shred(struct store *s, const uint8_t hash[static HASH_SIZE])
{
	struct audit_port port = store_audit_port(s);
	struct err e = store_begin(s);

	return err_is(e) ? e : store_end(s, port.shred_blob(port.ctx, hash));
}
