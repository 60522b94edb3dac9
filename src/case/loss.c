/*
 * case/loss.c - what the customer says happened to the certificate.
 */
#include "case/loss.h"

#include <string.h>

/* clang-format off */
static const struct {
	const char	*name, *key;
	bool		 exposed;
} losses[CASE_LOSS_COUNT] = {
	[CASE_LOSS_NONE]      = { "none",      "loss.none",	 false },
	[CASE_LOSS_LOST]      = { "lost",      "loss.lost",	 true },
	[CASE_LOSS_STOLEN]    = { "stolen",    "loss.stolen",	 true },
	[CASE_LOSS_LEAKED]    = { "leaked",    "loss.leaked",	 true },
	[CASE_LOSS_BROKEN]    = { "broken",    "loss.broken",	 false },
	[CASE_LOSS_FORGOTTEN] = { "forgotten", "loss.forgotten", false },
	[CASE_LOSS_FOUND]     = { "found",     "loss.found",	 false },
};
/* clang-format on */

const char *
case_loss_name(enum case_loss loss)
{
	return (unsigned)loss < CASE_LOSS_COUNT ? losses[loss].name : "unknown";
}

const char *
case_loss_key(enum case_loss loss)
{
	return (unsigned)loss < CASE_LOSS_COUNT ? losses[loss].key
						: "loss.unknown";
}

bool
case_loss_exposed(enum case_loss loss)
{
	return (unsigned)loss < CASE_LOSS_COUNT && losses[loss].exposed;
}

struct err
case_loss_from_name(enum case_loss *out, const char *name)
{
	for (int i = 0; i < CASE_LOSS_COUNT; i++)
		if (strcmp(losses[i].name, name) == 0) {
			*out = (enum case_loss)i;
			return err_none();
		}
	return err_make(E_NOTFOUND, 0, "case: loss name");
}
