/*
 * base/err.h - errors are small values, returned, never global.
 *
 * A function that can fail returns `struct err`; the caller must look at it.
 * `where` is a string literal naming module and step, safe to log.  The text
 * a customer reads is chosen elsewhere, from `code` only.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>

#define MUST_USE __attribute__((warn_unused_result))

enum err_code {
	E_NONE,
	E_SYS, /* the system call failed; `sys` is errno */
	E_NOMEM,
	E_LIMIT,       /* larger than the documented capacity */
	E_FORMAT,      /* bytes that do not parse */
	E_UNSUPPORTED, /* parses, but is a form we do not handle */
	E_CRYPTO,      /* the crypto library refused */
	E_PASSWORD,    /* the password does not open it */
	E_MISMATCH,    /* two things that must agree do not */
	E_NOTFOUND,
	E_EXISTS,
	E_STATE, /* not allowed in this state */
	E_ROLE,	 /* not allowed to this caller */
	E_ARG,	 /* a parameter of wrong type or range */
	E_TIMEOUT,
	E_UNREACHABLE, /* nobody answers at the peer's address */
	E_REFUSED,     /* the peer understood and said no */
	E_PROTOCOL,    /* the peer answered against the protocol */
	E_EXPIRED,
	E_FULL,
	E_READONLY,
	E_GONE, /* the medium, peer or session went away */
	E_CONFIG,
	E_CORRUPT,
	E_CANCELLED,
	E_COUNT
};

struct err {
	enum err_code code;
	int sys;	   /* errno, or 0 */
	const char *where; /* a literal */
};

static inline struct err
err_none(void)
{
	return (struct err){ E_NONE, 0, "" };
}

static inline struct err
err_make(enum err_code code, int sys, const char *where)
{
	return (struct err){ code, sys, where };
}

/* E_SYS with the current errno. */
struct err err_sys(const char *where);

static inline bool
err_is(struct err e)
{
	return e.code != E_NONE;
}

/* A stable lower-case word for logs and JSON, e.g. "not_found"; never NULL. */
const char *err_name(enum err_code code);

#endif
