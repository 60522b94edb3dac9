/*
 * unit/ship/fake.c - rows are one byte; only their numbers matter here.
 */
#include "fake.h"

#include <criterion/criterion.h>
#include <string.h>

static struct note_signer
signer(const char *name, uint8_t key)
{
	uint8_t seed[NOTE_SEED];
	struct note_signer s;

	memset(seed, key, sizeof seed);
	cr_assert_not(err_is(note_signer_make(&s, span_str(name), seed)));
	return s;
}

void
fake_note(char out[static NOTE_BYTES], uint64_t size, uint8_t cosigner)
{
	struct note_signer log = signer("audit.dasi/004/0417", 1);
	struct note_signer office = signer("headoffice.dasi", cosigner);
	struct note_checkpoint c = { .origin = span_str(log.key.name),
		.size = size };
	uint8_t text[1024];
	struct buf t = buf_make(text, sizeof text);
	struct buf note = buf_make(out, NOTE_BYTES - 1);

	memset(c.root, (int)size, sizeof c.root);
	cr_assert_not(err_is(note_checkpoint_text(&t, &c)));
	cr_assert_not(err_is(note_sign(&note, buf_span(&t), &log)));
	if (cosigner != 0)
		cr_assert_not(err_is(note_cosign(&note, &office)));
	out[note.n] = '\0';
}

static struct err
source_read(void *ctx, struct ship_head *head, struct batch *b)
{
	struct fake *f = ctx;
	uint8_t packed[4 + HASH_SIZE + 1] = { 0, 0, 0, 1 };

	if (err_is(f->source_error))
		return f->source_error;
	if (b != NULL && f->grows_to > 0) {
		f->size = f->grows_to;
		f->grows_to = 0;
	}
	head->size = f->size;
	str_copy(head->note, sizeof head->note, f->note);
	while (b != NULL && b->n < BATCH_ROWS && b->from + b->n < f->size)
		cr_assert_not(
		    err_is(batch_add(b, span_make(packed, sizeof packed), 1)));
	if (b != NULL)
		batch_end(b);
	return err_none();
}

static struct err
source_acked(void *ctx, uint64_t size, const char *note)
{
	struct fake *f = ctx;

	f->acks++;
	f->acked = size;
	str_copy(f->acked_note, sizeof f->acked_note, note);
	return err_none();
}

static struct err
source_trouble(void *ctx, const char *kind, uint64_t seq)
{
	struct fake *f = ctx;

	str_copy(f->trouble, sizeof f->trouble, kind);
	return err_none();
}

static void
answer(struct fake *f, struct ship_answer *out)
{
	*out = (struct ship_answer){ .status = SHIP_OK, .size = f->held };
	if (f->twist != NULL)
		f->twist(f, out);
}

static struct err
sink_checkpoint(
    void *ctx, struct ship_answer *out, const char *note, uint64_t size)
{
	struct fake *f = ctx;

	f->checkpoints++;
	if (err_is(f->sink_error))
		return f->sink_error;
	answer(f, out);
	return err_none();
}

static struct err
sink_send(void *ctx, const struct batch *b)
{
	struct fake *f = ctx;

	cr_expect_not(f->in_flight, "one in flight");
	f->in_flight = true;
	f->rows_before_checkpoint |= f->checkpoints == 0;
	f->sent_from = b->from;
	f->sent_n = b->n;
	f->most_sent = b->n > f->most_sent ? b->n : f->most_sent;
	f->batches++;
	return err_none();
}

static struct err
sink_answer(void *ctx, struct ship_answer *out)
{
	struct fake *f = ctx;

	f->in_flight = false;
	if (f->batches == f->error_at)
		return err_make(E_GONE, 0, "fake");
	if (f->sent_from == f->held)
		while (f->sent_n-- > 0)
			f->taken[f->held++]++;
	answer(f, out);
	return err_none();
}

static void
sink_drop(void *ctx)
{
	struct fake *f = ctx;

	f->in_flight = false;
	f->drops++;
}

void
fake_open(struct fake *f, uint64_t rows)
{
	static struct batch one, two;

	memset(f, 0, sizeof *f);
	f->size = rows;
	fake_note(f->note, rows, 0);
	f->ship.source = (struct ship_source){ source_read, source_acked,
		source_trouble, f };
	f->ship.sink = (struct ship_sink){ sink_checkpoint, sink_send,
		sink_answer, sink_drop, f };
	f->ship.cosigner = signer("headoffice.dasi", 9).key;
	f->ship.batch = &one;
	f->ship.next = &two;
}
