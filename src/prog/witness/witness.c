/*
 * witness/witness.c - from verdict to signature.
 */
#include "prog/witness/witness.h"

#include "base/log.h"
#include "prog/witness/memory.h"

/* In our memory before anybody can have it: we never say otherwise later. */
static struct err
cosign(struct witness *w, const struct witness_case *work,
    const struct witness_judgement *j)
{
	static uint8_t room[NOTE_BYTES];
	struct buf note = buf_make(room, sizeof room);
	struct span text;
	struct err e;

	buf_add(&note, work->note.p, work->note.n);
	if (note.full)
		return err_make(E_LIMIT, 0, "witness: note");
	e = note_cosign(&note, &w->signer);
	/* a line in our name that we did not write would stand before ours */
	if (!err_is(e))
		e = note_open(&text, buf_span(&note), &w->signer.key);
	if (!err_is(e))
		e = memory_write(w->folder, work->branch, buf_span(&note));
	if (!err_is(e))
		e = office_cosign(
		    w->office, work, j->size, buf_span(&note), &j->tree);
	return e;
}

static struct err
act(struct witness *w, const struct witness_case *work,
    const struct witness_judgement *j)
{
	switch (j->verdict) {
	case VERDICT_COSIGN:
		return cosign(w, work, j);
	case VERDICT_SIGNATURE:
	case VERDICT_ROOT:
		log_line(LOG_ERROR, "%s: checkpoint refused: %s", work->branch,
		    j->verdict == VERDICT_ROOT ? "root" : "signature");
		return office_refuse(w->office, work, j);
	case VERDICT_LATER:
	case VERDICT_COUNT:
		break;
	}
	return err_none();
}

static struct err
on_work(void *arg, const struct witness_case *work)
{
	static uint8_t room[NOTE_BYTES];
	struct witness *w = arg;
	struct buf seen = buf_make(room, sizeof room);
	struct office_rows rows = { w->office, work->branch };
	struct witness_rows port = office_rows(&rows);
	struct witness_case c = *work;
	struct witness_judgement j;
	struct err e = memory_read(&seen, w->folder, work->branch);

	c.seen = buf_span(&seen);
	if (!err_is(e))
		e = witness_judge(&j, w->hasher, &w->signer.key, &c, &port);
	if (!err_is(e))
		e = act(w, work, &j);
	if (err_is(e) && e.code != E_GONE) {
		log_err(LOG_ERROR, work->branch, e);
		e = err_none();
	}
	return e;
}

struct err
witness_round(struct witness *w)
{
	return office_work(w->office, on_work, w);
}
