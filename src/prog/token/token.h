/*
 * token/token.h - one token with its holder logged in: objects in, out, gone,
 * and signatures.
 */
#ifndef PROG_TOKEN_TOKEN_H
#define PROG_TOKEN_TOKEN_H

#include "prog/token/module.h"

enum { TOKEN_FOUND_MAX = 16, TOKEN_SIGNATURE = 1024 };

struct token {
	struct module *module;
	struct seen *seen;
	CK_SESSION_HANDLE session;
	bool open;
};

/*
 * A session on the token listed at `index`, logged in with the PIN; for
 * writing or not.  Three wrong PINs in a row are the end here, whatever the
 * token itself allows.  E_NOTFOUND, E_GONE, E_PASSWORD, E_REFUSED, E_READONLY,
 * E_SYS; *t is then closed, and t->seen still tells whose PIN it was.
 */
MUST_USE struct err token_open(struct token *t, struct module *m,
    json_int_t index, bool write, struct span pin_secret);
/* Another PIN for the session's holder.  E_ARG when the token does not take
 * such a one: too short, too long, or the like. */
MUST_USE struct err token_new_pin(
    struct token *t, struct span old_secret, struct span new_secret);
/* A session without the traces of a failure, still logged in.  E_GONE when
 * the login was lost too. */
MUST_USE struct err token_again(struct token *t);
/* Log out.  Twice is harmless. */
void token_close(struct token *t);

/* At most TOKEN_FOUND_MAX objects that match. */
MUST_USE struct err token_find(const struct token *t, CK_ATTRIBUTE *want,
    size_t want_n, CK_OBJECT_HANDLE found[static TOKEN_FOUND_MAX], size_t *n);
/* The one object that matches.  E_GONE when there is none. */
MUST_USE struct err token_find_one(const struct token *t, CK_ATTRIBUTE *want,
    size_t want_n, CK_OBJECT_HANDLE *found);
/* An attribute, appended.  E_LIMIT when there is no room. */
MUST_USE struct err token_read(const struct token *t, CK_OBJECT_HANDLE object,
    CK_ATTRIBUTE_TYPE type, struct buf *out);
MUST_USE struct err token_write(const struct token *t, CK_ATTRIBUTE *with,
    size_t with_n, CK_OBJECT_HANDLE *made);
/* Change one attribute. */
MUST_USE struct err token_set(const struct token *t, CK_OBJECT_HANDLE object,
    CK_ATTRIBUTE_TYPE type, struct span value);
MUST_USE struct err token_destroy(
    const struct token *t, CK_OBJECT_HANDLE object);

/* CKM_RSA_PKCS over a DigestInfo. */
MUST_USE struct err token_sign(const struct token *t, CK_OBJECT_HANDLE key,
    struct span digest_info, uint8_t out[static TOKEN_SIGNATURE], size_t *n);

#endif
