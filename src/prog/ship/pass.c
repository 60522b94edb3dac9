/*
 * ship/pass.c - what is sent, and what is believed.
 */
#include "prog/ship/pass.h"

#include <string.h>

#include "base/log.h"

/* The checkpoint inside a note that nobody has to have signed yet. */
static struct err
note_read(struct note_checkpoint *c, const char *note)
{
	const char *end = strstr(note, "\n\n");

	if (end == NULL)
		return err_make(E_FORMAT, 0, "ship: note");
	return note_checkpoint_parse(
	    c, span_make(note, (size_t)(end - note) + 1));
}

/* A cosigned note: by our key, of our log, of rows the sink says it has. */
static struct err
check_note(struct ship *s, const struct ship_answer *a, uint64_t *cosigned)
{
	struct note_checkpoint ours, theirs;
	struct span text;
	struct err e = note_open(&text, span_str(a->note), &s->cosigner);

	*cosigned = 0;
	if (e.code == E_NOTFOUND)
		return err_make(E_PROTOCOL, 0, "ship: not our cosigner's note");
	if (!err_is(e))
		e = note_checkpoint_parse(&theirs, text);
	if (!err_is(e))
		e = note_read(&ours, s->head.note);
	if (err_is(e))
		return e;
	if (!span_eq(ours.origin, theirs.origin) || theirs.size > ours.size ||
	    theirs.size > a->size)
		return err_make(E_PROTOCOL, 0, "ship: another log's note");
	if (theirs.size == ours.size &&
	    memcmp(theirs.root, ours.root, HASH_SIZE) != 0)
		return err_make(E_PROTOCOL, 0, "ship: another root's note");
	*cosigned = theirs.size;
	return err_none();
}

static struct err
refusal(struct ship *s, const struct ship_answer *a)
{
	struct err told;
	const char *kind;

	switch (a->status) {
	case SHIP_FORK:
	case SHIP_ROLLBACK:
		kind = a->status == SHIP_FORK ? "fork" : "rollback";
		log_line(LOG_ERROR, "head office holds another log: %s", kind);
		told = s->source.trouble(s->source.ctx, kind, a->size);
		if (err_is(told))
			log_err(LOG_WARNING, "telling the agent", told);
		return err_make(E_MISMATCH, 0, "ship: another log");
	case SHIP_GAP:
		return err_make(E_STATE, 0, "ship: the sink went back");
	case SHIP_BAD:
		return err_make(E_REFUSED, 0, "ship: not taken");
	case SHIP_UNKNOWN:
		return err_make(E_REFUSED, 0, "ship: no branch");
	case SHIP_OK:
	case SHIP_STATUS_COUNT:
		break;
	}
	return err_make(E_PROTOCOL, 0, "ship: status");
}

/* Believe the answer, or not.  Only then does the agent hear of it. */
static struct err
take_answer(
    struct ship *s, const struct ship_answer *a, uint64_t least, uint64_t most)
{
	uint64_t cosigned = s->cosigned;
	struct err e = err_none();

	s->failed = SIDE_SINK;
	if (a->status != SHIP_OK)
		return refusal(s, a);
	if (a->size < least || a->size > most)
		return err_make(E_PROTOCOL, 0, "ship: size");
	if (a->note[0] != '\0')
		e = check_note(s, a, &cosigned);
	if (err_is(e))
		return e;
	s->failed = SIDE_AGENT;
	e = s->source.acked(s->source.ctx, a->size, a->note);
	if (err_is(e))
		return e;
	s->answer = *a;
	s->cosigned = cosigned;
	return e;
}

static struct err
read_batch(struct ship *s, struct batch *b, uint64_t from)
{
	s->failed = SIDE_AGENT;
	batch_begin(b, from);
	return s->source.read(s->source.ctx, &s->head, b);
}

/* While the sink works on one batch, the next is read. */
static struct err
ship_batch(struct ship *s)
{
	static struct ship_answer a;
	uint64_t end = s->batch->from + s->batch->n;
	struct batch *sent = s->batch;
	struct err e;

	s->failed = SIDE_SINK;
	e = s->sink.send(s->sink.ctx, sent);
	if (err_is(e))
		return e;
	e = read_batch(s, s->next, end);
	if (err_is(e)) {
		s->sink.drop(s->sink.ctx);
		return e;
	}
	s->failed = SIDE_SINK;
	e = s->sink.answer(s->sink.ctx, &a);
	if (!err_is(e))
		e = take_answer(s, &a, end, end);
	if (err_is(e))
		return e;
	s->batch = s->next;
	s->next = sent;
	return e;
}

struct err
ship_pass(struct ship *s)
{
	static struct ship_answer a;
	struct err e;
	uint64_t goal;

	s->failed = SIDE_AGENT;
	e = s->source.read(s->source.ctx, &s->head, NULL);
	if (err_is(e))
		return e;
	goal = s->head.size;
	s->failed = SIDE_SINK;
	e = s->sink.checkpoint(s->sink.ctx, &a, s->head.note, goal);
	if (!err_is(e))
		e = take_answer(s, &a, 0, goal);
	if (err_is(e) || a.size == goal)
		return e;
	e = read_batch(s, s->batch, a.size);
	while (!err_is(e) && s->answer.size < goal) {
		s->failed = SIDE_AGENT;
		e = s->batch->n == 0 ? err_make(E_PROTOCOL, 0, "ship: no rows")
				     : ship_batch(s);
	}
	return e;
}

bool
ship_awaits_cosignature(const struct ship *s)
{
	struct note_checkpoint c;

	return s->head.note[0] != '\0' &&
	       !err_is(note_read(&c, s->head.note)) && c.size > s->cosigned;
}
