/*
 * fault/office.c - head office signs for what the branch has, and the branch
 * lets its oldest rows go (work.c calls this after every arrow).
 */
#include <stdio.h>
#include <string.h>

#include "fault.h"
#include "store/audit_rows.h"

enum { ENOUGH_ROWS = 12, AGE_S = 60 };

static const struct note_signer *
office(void)
{
	static struct note_signer signer;
	static const uint8_t seed[NOTE_SEED] = { 4 };

	if (signer.key.name[0] == '\0' &&
	    err_is(
		note_signer_make(&signer, span_str("headoffice.dasi"), seed)))
		signer.key.name[0] = '\0';
	return &signer;
}

const struct note_key *
office_key(void)
{
	return &office()->key;
}

/* The newest checkpoint; false when there is nothing worth a signature. */
static bool
newest(struct note_checkpoint *c, uint8_t signature[static NOTE_SIGNATURE],
    struct store *s)
{
	static char room[NOTE_BYTES];
	struct audit_log *log = store_audit_log(s);
	struct buf note = buf_make(room, sizeof room);
	struct span text;

	return !err_is(audit_log_newest(log, &note)) &&
	       !err_is(note_open(&text, buf_span(&note), audit_log_key(log))) &&
	       !err_is(note_checkpoint_parse(c, text)) &&
	       c->size >= store_audit_cosigned_size(s) + ENOUGH_ROWS &&
	       !err_is(note_cosign(&note, office())) &&
	       !err_is(
		   note_signature(signature, buf_span(&note), office_key()));
}

static void
must_hold(struct err e, const char *what)
{
	if (e.code == E_CORRUPT || e.code == E_MISMATCH)
		snprintf(shared->says, sizeof shared->says, "%s: %s at %s",
		    what, err_name(e.code), e.where);
}

void
office_work(struct store *s, int64_t now_s)
{
	uint8_t signature[NOTE_SIGNATURE];
	struct note_checkpoint c;
	int64_t n = 0;
	struct err e;

	shared->branch_key = *audit_log_key(store_audit_log(s));
	if (newest(&c, signature, s)) {
		shared->office_signed = c.size;
		e = store_audit_cosigned(s, &c, signature);
		must_hold(e, "cosigned");
		if (!err_is(e))
			shared->cosigned = c.size;
	}
	if (shared->cosigned < shared->pruned + ENOUGH_ROWS)
		return;
	e = store_audit_prune(s, &n, now_s - AGE_S, office_key());
	must_hold(e, "prune");
	if (!err_is(e))
		shared->pruned += (uint64_t)n;
}
