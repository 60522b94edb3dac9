/*
 * token/token.c - sessions and objects.
 */
#include "prog/token/token.h"

#include <string.h>

#include "base/log.h"

/* PKCS#11 takes what it only reads without const. */
static void *
bytes(const void *p)
{
	union {
		const void *in;
		void *out;
	} u = { .in = p };

	return u.out;
}

/* ---- in and out ---- */

static struct err
log_in(struct token *t, struct span pin_secret)
{
	CK_RV rv;

	/* told by the token's flags before it is tried: the last try of a
	 * token is its holder's to spend, but a locked one cannot be opened */
	if (strcmp(seen_pin(t->seen), "locked") == 0)
		return err_make(E_REFUSED, 0, "token: PIN locked");
	rv = t->module->ck->C_Login(
	    t->session, CKU_USER, bytes(pin_secret.p), (CK_ULONG)pin_secret.n);
	if (rv == CKR_USER_ALREADY_LOGGED_IN)
		rv = CKR_OK;
	if (rv == CKR_OK)
		t->seen->wrong = 0;
	else if (rv == CKR_PIN_INCORRECT)
		t->seen->wrong++;
	if (rv != CKR_OK)
		(void)t->module->ck->C_GetTokenInfo(
		    t->seen->slot, &t->seen->info);
	return module_error(rv, "token: login");
}

struct err
token_open(struct token *t, struct module *m, json_int_t index, bool write,
    struct span pin_secret)
{
	CK_FLAGS flags = CKF_SERIAL_SESSION | (write ? CKF_RW_SESSION : 0);
	struct err e;
	CK_RV rv;

	*t = (struct token){ .module = m };
	e = module_find(m, index, &t->seen);
	if (err_is(e))
		return e;
	if (write && (t->seen->info.flags & CKF_WRITE_PROTECTED) != 0)
		return err_make(E_READONLY, 0, "token: write-protected");
	rv = m->ck->C_OpenSession(
	    t->seen->slot, flags, NULL, NULL, &t->session);
	if (rv != CKR_OK)
		return module_error(rv, "token: session");
	t->open = true;
	e = log_in(t, pin_secret);
	if (err_is(e))
		token_close(t);
	return e;
}

struct err
token_new_pin(struct token *t, struct span old_secret, struct span new_secret)
{
	CK_RV rv = t->module->ck->C_SetPIN(t->session, bytes(old_secret.p),
	    (CK_ULONG)old_secret.n, bytes(new_secret.p),
	    (CK_ULONG)new_secret.n);

	if (rv == CKR_PIN_LEN_RANGE || rv == CKR_PIN_INVALID)
		return err_make(E_ARG, 0, "token: new PIN");
	return module_error(rv, "token: PIN");
}

struct err
token_again(struct token *t)
{
	CK_SESSION_HANDLE fresh;
	CK_RV rv;

	if (!t->open)
		return err_make(E_GONE, 0, "token: logged out");
	/* the new one first: with the last session the login would end */
	rv = t->module->ck->C_OpenSession(t->seen->slot,
	    CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &fresh);
	if (rv != CKR_OK)
		return module_error(rv, "token: session");
	(void)t->module->ck->C_CloseSession(t->session);
	t->session = fresh;
	return err_none();
}

void
token_close(struct token *t)
{
	if (!t->open)
		return;
	(void)t->module->ck->C_Logout(t->session);
	(void)t->module->ck->C_CloseSession(t->session);
	t->open = false;
}

/* ---- objects ---- */

struct err
token_find(const struct token *t, CK_ATTRIBUTE *want, size_t want_n,
    CK_OBJECT_HANDLE found[static TOKEN_FOUND_MAX], size_t *n)
{
	CK_FUNCTION_LIST *ck = t->module->ck;
	CK_ULONG got = 0;
	CK_RV rv = ck->C_FindObjectsInit(t->session, want, (CK_ULONG)want_n);

	*n = 0;
	if (rv != CKR_OK)
		return module_error(rv, "token: search");
	do {
		rv = ck->C_FindObjects(t->session, found + *n,
		    (CK_ULONG)(TOKEN_FOUND_MAX - *n), &got);
		*n += rv == CKR_OK ? got : 0;
	} while (rv == CKR_OK && got > 0 && *n < TOKEN_FOUND_MAX);
	(void)ck->C_FindObjectsFinal(t->session);
	return module_error(rv, "token: search");
}

struct err
token_find_one(const struct token *t, CK_ATTRIBUTE *want, size_t want_n,
    CK_OBJECT_HANDLE *found)
{
	CK_OBJECT_HANDLE all[TOKEN_FOUND_MAX];
	size_t n;
	struct err e = token_find(t, want, want_n, all, &n);

	if (!err_is(e) && n == 0)
		e = err_make(E_GONE, 0, "token: no such object");
	if (!err_is(e))
		*found = all[0];
	return e;
}

struct err
token_read(const struct token *t, CK_OBJECT_HANDLE object,
    CK_ATTRIBUTE_TYPE type, struct buf *out)
{
	CK_ATTRIBUTE a = { type, NULL, 0 };
	CK_FUNCTION_LIST *ck = t->module->ck;
	CK_RV rv = ck->C_GetAttributeValue(t->session, object, &a, 1);

	if (rv != CKR_OK)
		return module_error(rv, "token: read");
	if (a.ulValueLen == CK_UNAVAILABLE_INFORMATION ||
	    a.ulValueLen > out->cap - out->n)
		return err_make(E_LIMIT, 0, "token: read");
	a.pValue = out->p + out->n;
	rv = ck->C_GetAttributeValue(t->session, object, &a, 1);
	if (rv == CKR_OK)
		out->n += a.ulValueLen;
	return module_error(rv, "token: read");
}

struct err
token_write(const struct token *t, CK_ATTRIBUTE *with, size_t with_n,
    CK_OBJECT_HANDLE *made)
{
	return module_error(t->module->ck->C_CreateObject(
				t->session, with, (CK_ULONG)with_n, made),
	    "token: write");
}

struct err
token_set(const struct token *t, CK_OBJECT_HANDLE object,
    CK_ATTRIBUTE_TYPE type, struct span value)
{
	CK_ATTRIBUTE a = { type, bytes(value.p), (CK_ULONG)value.n };

	return module_error(
	    t->module->ck->C_SetAttributeValue(t->session, object, &a, 1),
	    "token: change");
}

struct err
token_destroy(const struct token *t, CK_OBJECT_HANDLE object)
{
	return module_error(t->module->ck->C_DestroyObject(t->session, object),
	    "token: remove");
}

struct err
token_sign(const struct token *t, CK_OBJECT_HANDLE key, struct span digest_info,
    uint8_t out[static TOKEN_SIGNATURE], size_t *n)
{
	CK_MECHANISM how = { CKM_RSA_PKCS, NULL, 0 };
	CK_ULONG room = TOKEN_SIGNATURE;
	CK_FUNCTION_LIST *ck = t->module->ck;
	CK_RV rv = ck->C_SignInit(t->session, &how, key);

	if (rv == CKR_OK)
		rv = ck->C_Sign(t->session, bytes(digest_info.p),
		    (CK_ULONG)digest_info.n, out, &room);
	*n = rv == CKR_OK ? room : 0;
	return module_error(rv, "token: sign");
}
