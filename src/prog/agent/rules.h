/*
 * agent/rules.h - src/case's rules fed from the configuration.
 */
#ifndef PROG_AGENT_RULES_H
#define PROG_AGENT_RULES_H

#include "case/fee.h"
#include "prog/agent/agent.h"

/* Parse the holidays into a->days; call once. */
void rules_load(struct agent *a);
bool rules_open(const struct agent *a); /* the counter, now */
/* The fee of our issuer for a product and a loss at a kiosk.  As fee_lookup. */
MUST_USE struct err rules_fee(const struct agent *a, struct fee *out,
    const char *policy, const char *loss);
/* The same before anybody has chosen either.  As fee_common. */
MUST_USE struct err rules_fee_common(const struct agent *a, struct fee *out);
/* The promise date for an application taken now, "2026-11-25". */
void rules_promise(const struct agent *a, char out[static CLOCK_TEXT]);

#endif
