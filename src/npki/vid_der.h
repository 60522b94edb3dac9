/*
 * npki/vid_der.h - the VID type in DER, shared by identifyData and
 * EncryptedVID; used inside this folder.
 *
 *   VID ::= SEQUENCE { hashAlg AlgorithmIdentifier, [0] OCTET STRING }
 */
#ifndef NPKI_VID_DER_H
#define NPKI_VID_DER_H

#include <stdbool.h>

#include "npki/vid.h"

/* An AlgorithmIdentifier; certificates have no NULL in it, requests do. */
void vid_put_hash(struct buf *out, enum vid_hash hash, bool with_null);
/* Either way.  E_FORMAT, E_UNSUPPORTED. */
MUST_USE struct err vid_take_hash(enum vid_hash *hash, struct span *in);

void vid_put(
    struct buf *out, enum vid_hash hash, struct span vid, bool with_null);
/* *vid_n is vid_size(*hash).  E_FORMAT, E_UNSUPPORTED. */
MUST_USE struct err vid_take(enum vid_hash *hash, uint8_t vid[static VID_MAX],
    size_t *vid_n, struct span *in);

#endif
