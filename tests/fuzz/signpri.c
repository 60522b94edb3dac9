/*
 * Fuzz target: signPri.key under a fixed password, and a plaintext key.
 */
#include <stdlib.h>

#include "fuzz.h"
#include "npki/der.h"
#include "npki/pbe.h"
#include "npki/pri.h"

enum { SLOW = 8192 }; /* iterations not worth a fuzzer's time */

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	if (err_is(npki_init()))
		abort();
	return 0;
}

static bool
slow(struct span der)
{
	struct span in, algorithm;
	uint32_t iterations = 0;

	return !err_is(der_only(&in, der, DER_SEQUENCE)) &&
	       !err_is(der_take(&algorithm, &in, DER_SEQUENCE)) &&
	       !err_is(pbe_iterations(&iterations, algorithm)) &&
	       iterations > SLOW;
}

/* What was read must survive being written and read again. */
static void
again(const struct npki_key *key)
{
	uint8_t out[PRI_PLAIN_MAX];
	struct buf b = buf_make(out, sizeof out);
	struct npki_key same;

	if (err_is(npki_pri_plain_encode(&b, key)))
		return;
	if (err_is(npki_pri_plain_decode(&same, buf_span(&b))) ||
	    same.has_r != key->has_r || same.attrs_n != key->attrs_n)
		abort();
	npki_key_free(&same);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct span in = span_make(data, n);
	char name[PRI_ALGORITHM_TEXT];
	struct npki_key key;

	if (!err_is(npki_pri_algorithm(name, in)) && !slow(in) &&
	    !err_is(npki_pri_read(&key, in, span_str("WTuA8Ev0lWXVFSiI!")))) {
		again(&key);
		npki_key_free(&key);
	}
	if (!err_is(npki_pri_plain_decode(&key, in))) {
		again(&key);
		npki_key_free(&key);
	}
	return 0;
}
