/*
 * tests/fuzz/fuzz.h - the interface of libFuzzer, shared by targets and the
 * replay driver, and what every target needs to state its properties.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* A property; one that does not hold is told and ends the run. */
static inline void
must(bool holds, const char *property)
{
	if (holds)
		return;
	fprintf(stderr, "violated: %s\n", property);
	abort();
}

/* Input taken as a row of choices; after its end every choice is 0. */
struct choices {
	const uint8_t *p;
	size_t n;
};

static inline uint8_t
choose(struct choices *c)
{
	if (c->n == 0)
		return 0;
	c->n--;
	return *c->p++;
}

#endif
