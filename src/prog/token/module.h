/*
 * token/module.h - one PKCS#11 module, and the tokens it sees.
 *
 * What a module answers becomes one of our errors; token_word() has the
 * contract's word for each.  Calls may take as long as the token likes.
 */
#ifndef PROG_TOKEN_MODULE_H
#define PROG_TOKEN_MODULE_H

#include <jansson.h>
#include <p11-kit/pkcs11.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/span.h"

enum { TOKENS_MAX = 8, TOKEN_WRONG_MAX = 3 };

/* What tells a token apart from the next one in the same slot. */
struct seen {
	CK_SLOT_ID slot;
	CK_TOKEN_INFO info;
	int wrong; /* PINs in a row, while it stays plugged in */
};

struct module {
	CK_FUNCTION_LIST *ck;
	size_t count;
	struct seen seen[TOKENS_MAX]; /* of the last module_list */
};

/* Load and initialise the module at `path`.  E_CONFIG, with the reason in the
 * log.  Close with module_close. */
MUST_USE struct err module_open(struct module *m, const char *path);
void module_close(struct module *m);

/* Look at all slots.  E_SYS and what module_error() says. */
MUST_USE struct err module_look(struct module *m);

/* The answer to token.list for what was seen, the caller's. */
json_t *module_view(struct module *m);

/*
 * The token that was listed at `index` and is still the same one, wherever it
 * is plugged in now.  E_NOTFOUND for an index never listed, E_GONE.
 */
MUST_USE struct err module_find(
    struct module *m, json_int_t index, struct seen **out);

/* Whether it makes RSA keys of `bits` by itself, and signs with them. */
bool module_makes_keys(struct module *m, CK_SLOT_ID slot, CK_ULONG bits);

/* "ok", "few", "last" or "locked": what the token says of its PIN, or what
 * was typed wrongly here, whichever is worse. */
const char *seen_pin(const struct seen *s);

/*
 * E_PASSWORD wrong PIN; E_REFUSED locked; E_GONE taken out; E_FULL;
 * E_READONLY; E_UNSUPPORTED a mechanism or attribute it has not; E_SYS.
 * `where` is a literal.  One line to the log unless rv is CKR_OK.
 */
MUST_USE struct err module_error(CK_RV rv, const char *where);

/* "token.pin" and so on, "token.io" for the rest; never NULL. */
const char *token_word(struct err e);

#endif
