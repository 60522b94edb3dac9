/*
 * media/sha256.h - SHA-256 (FIPS 180-4) of small buffers.
 *
 * Here so that the process that reads strangers' sticks carries no crypto
 * library: less code, no configuration files to open inside the jail.
 */
#ifndef MEDIA_SHA256_H
#define MEDIA_SHA256_H

#include "base/span.h"

enum { SHA256_SIZE = 32 };

void sha256(uint8_t out[static SHA256_SIZE], struct span data);

#endif
