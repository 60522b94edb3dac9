/*
 * token_plant.c - linked into a dasi-token of the tests alone (--wrap): it
 * writes no certificate and says that it can be read back, so what it proves
 * is nothing.  The token family must find it.
 */
#include "prog/token/objects.h"

struct err __wrap_objects_put_cert(
    const struct token *t, const X509 *cert, bool *made);
struct err __wrap_objects_has_cert(const struct token *t, const X509 *cert);

struct err
__wrap_objects_put_cert(const struct token *t, const X509 *cert, bool *made)
{
	*made = false;
	return err_none();
}

struct err
__wrap_objects_has_cert(const struct token *t, const X509 *cert)
{
	return err_none();
}
