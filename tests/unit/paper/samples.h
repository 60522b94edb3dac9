/*
 * unit/paper/samples.h - the sample documents of tests/golden/paper.
 */
#ifndef TESTS_PAPER_SAMPLES_H
#define TESTS_PAPER_SAMPLES_H

#include <jansson.h>
#include <stddef.h>

/* Names without the ending; NULL after the last. */
extern const char *const sample_slips[];
extern const char *const sample_forms[];

/* The document in `lang`; the caller's.  The test fails when there is none. */
json_t *sample(const char *name, const char *lang);

#endif
