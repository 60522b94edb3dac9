/*
 * agent/device.h - the device key: 32 bytes under which everything personal
 * is sealed.
 */
#ifndef PROG_AGENT_DEVICE_H
#define PROG_AGENT_DEVICE_H

#include "audit/seal.h"
#include "conf/conf.h"

/*
 * Read it; at the very first start (no key, no database) make one.  E_CONFIG
 * when the file is not 32 bytes of the agent's own, closed to all others, or
 * is missing although there is a database.  Says so in the log.  Blocks.
 */
MUST_USE struct err device_key_load(
    uint8_t key_secret[static SEAL_KEY], const struct conf *conf);

#endif
