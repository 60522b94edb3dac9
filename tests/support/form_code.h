/*
 * form_code.h - codes of forms as the page makes them (src/prefill/README.md),
 * and as a stranger might.
 */
#ifndef FORM_CODE_H
#define FORM_CODE_H

#include <stddef.h>
#include <stdint.h>

#include "prefill/prefill.h"

enum { FORM_CODE_CAP = 2048 };

/* Any bytes in a right frame: the code's length; 0 when they are too many. */
size_t form_frame(
    char out[static FORM_CODE_CAP], const uint8_t *cbor, size_t n);

/* The code of `f`; texts that are "" and choices that are -1 are left out. */
size_t form_code(char out[static FORM_CODE_CAP], const struct prefill *f);

#endif
