/*
 * unit/ship/fake.h - both ends of a shipment in memory, with what may go
 * wrong at each.
 */
#ifndef UNIT_SHIP_FAKE_H
#define UNIT_SHIP_FAKE_H

#include "prog/ship/pass.h"

enum { FAKE_ROWS = 2000 };

struct fake {
	struct ship ship;
	/* the branch */
	uint64_t size, grows_to; /* grows when rows are first read */
	char note[NOTE_BYTES];
	struct err source_error;
	uint64_t acks, acked;
	char acked_note[NOTE_BYTES + 1];
	char trouble[32];
	/* head office */
	uint64_t held;
	unsigned taken[FAKE_ROWS]; /* how often each row was kept */
	size_t sent_n, most_sent;
	uint64_t sent_from, checkpoints, batches, drops;
	bool in_flight;
	bool rows_before_checkpoint;
	struct err sink_error;
	uint64_t error_at; /* batch whose answer fails; 0 none */
	void (*twist)(struct fake *, struct ship_answer *); /* lies */
};

void fake_open(struct fake *f, uint64_t rows);
/* A checkpoint of `size`, signed by the branch and, if asked, by head office
 * (key byte 9) or by somebody else of that name (key byte 10). */
void fake_note(char out[static NOTE_BYTES], uint64_t size, uint8_t cosigner);

#endif
