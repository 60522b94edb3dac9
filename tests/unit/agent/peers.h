/*
 * The fake dasi-net, dasi-media and dasi-key of the agent's tests.
 */
#ifndef TESTS_AGENT_PEERS_H
#define TESTS_AGENT_PEERS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

/* The spawn port: a fake worker. */
struct err peers_spawn(void *ctx, int *sock, pid_t *pid);
/* Read and answer what waits; false when nothing did. */
bool peers_turn(void);
void peers_close_keys(void);

#endif
