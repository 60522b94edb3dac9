/*
 * handoff/pass.h - what a branch's end of the relay lets pass: the messages of
 * a handoff and answers to them.  A relay that was taken over can ask an agent
 * for claims and receipts and nothing else.
 */
#ifndef PROG_HANDOFF_PASS_H
#define PROG_HANDOFF_PASS_H

#include <jansson.h>
#include <stdbool.h>

/* From the agent to the relay. */
bool pass_up(const json_t *body);
/* From the relay to the agent. */
bool pass_down(const json_t *body);
/* A result or error and nothing else; passes both ways. */
bool pass_answer(const json_t *body);

#endif
