/*
 * Fuzz target: a SubjectAltName with identifyData.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "npki/vid.h"

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	if (err_is(npki_init()))
		abort();
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct identify_data id, same;
	uint8_t out[1024];
	struct buf b = buf_make(out, sizeof out);

	if (err_is(identify_data_decode(&id, span_make(data, n))))
		return 0;
	/* what was read can be written, and means the same */
	if (err_is(identify_data_encode(&b, &id)) ||
	    err_is(identify_data_decode(&same, buf_span(&b))) ||
	    strcmp(id.name, same.name) != 0 || id.has_vid != same.has_vid ||
	    memcmp(id.vid, same.vid, id.vid_n) != 0)
		abort();
	return 0;
}
