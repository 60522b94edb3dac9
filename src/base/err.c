/*
 * base/err.c - names of the error codes.
 */
#include "base/err.h"

#include <errno.h>

/* clang-format off */
static const char *const names[E_COUNT] = {
	[E_NONE]	= "none",	 [E_SYS]	 = "system",
	[E_NOMEM]	= "no_memory",	 [E_LIMIT]	 = "limit",
	[E_FORMAT]	= "format",	 [E_UNSUPPORTED] = "unsupported",
	[E_CRYPTO]	= "crypto",	 [E_PASSWORD]	 = "password",
	[E_MISMATCH]	= "mismatch",	 [E_NOTFOUND]	 = "not_found",
	[E_EXISTS]	= "exists",	 [E_STATE]	 = "state",
	[E_ROLE]	= "role",	 [E_ARG]	 = "argument",
	[E_TIMEOUT]	= "timeout",	 [E_UNREACHABLE] = "unreachable",
	[E_REFUSED]	= "refused",	 [E_PROTOCOL]	 = "protocol",
	[E_EXPIRED]	= "expired",	 [E_FULL]	 = "full",
	[E_READONLY]	= "read_only",	 [E_GONE]	 = "gone",
	[E_CONFIG]	= "config",	 [E_CORRUPT]	 = "corrupt",
	[E_CANCELLED]	= "cancelled",
};
/* clang-format on */

struct err
err_sys(const char *where)
{
	return err_make(E_SYS, errno, where);
}

const char *
err_name(enum err_code code)
{
	if ((unsigned)code >= E_COUNT)
		return "unknown";
	return names[code];
}
