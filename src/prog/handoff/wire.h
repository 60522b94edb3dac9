/*
 * handoff/wire.h - base64url of the phone's side against base64 of ours.
 */
#ifndef PROG_HANDOFF_WIRE_H
#define PROG_HANDOFF_WIRE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exactly n bytes of base64url without padding. */
bool wire_bytes(uint8_t *out, size_t n, const char *text);

/* base64 as base64url without padding; false when it does not fit. */
bool wire_url64(char *out, size_t cap, const char *text);

/*
 * handoff.deliver's params as the phone reads them: key, expiry, not_after,
 * holder, files.  New, the caller's; NULL when a member is missing or wrong.
 */
json_t *wire_parcel(const json_t *params);

#endif
