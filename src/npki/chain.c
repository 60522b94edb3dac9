/*
 * npki/chain.c - a path from a certificate to one pinned root.
 */
#include "npki/cert.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

struct err
npki_chain_check(X509 *cert, STACK_OF(X509) * cas, X509 *root, int64_t now)
{
	struct err e = err_make(E_NOMEM, 0, "chain");
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();

	ERR_set_mark();
	if (store == NULL || ctx == NULL ||
	    X509_STORE_add_cert(store, root) != 1 ||
	    X509_STORE_CTX_init(ctx, store, cert, cas) != 1)
		goto out;
	X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(ctx), now);
	if (X509_verify_cert(ctx) == 1) {
		e = err_none();
		goto out;
	}
	switch (X509_STORE_CTX_get_error(ctx)) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
		e = err_make(E_EXPIRED, 0, "chain: expired");
		break;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		e = err_make(E_EXPIRED, 0, "chain: not yet valid");
		break;
	case X509_V_ERR_OUT_OF_MEM:
		break;
	case X509_V_ERR_CERT_SIGNATURE_FAILURE:
		e = err_make(E_MISMATCH, 0, "chain: signature");
		break;
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
		e = err_make(E_MISMATCH, 0, "chain: no path to the root");
		break;
	case X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION:
		e = err_make(E_MISMATCH, 0, "chain: critical extension");
		break;
	default:
		e = err_make(E_MISMATCH, 0, "chain: not valid");
	}
out:
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	ERR_pop_to_mark();
	return e;
}
