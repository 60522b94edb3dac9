/*
 * token/rsa.c - OpenSSL asks for a signature, the token makes it.
 *
 * RSA_METHOD is what engines are made of: deprecated in 3.0, there in all of
 * 3.x.  See README.md for why it is neither an engine nor a provider.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "prog/token/rsa.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <string.h>

#include "npki/pair.h"

/* DigestInfo of SHA-256 up to the digest (RFC 8017 9.2 note 1). */
static const uint8_t sha256_info[] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60,
	0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
	0x20 };

static int
sign(int type, const unsigned char *m, unsigned int m_len,
    unsigned char *signature, unsigned int *signature_len, const RSA *rsa)
{
	struct rsa_key *k = RSA_get_app_data(rsa);
	uint8_t info[sizeof sha256_info + SHA256_DIGEST_LENGTH];
	uint8_t made[TOKEN_SIGNATURE];
	size_t n = 0;

	if (type != NID_sha256 || m_len != SHA256_DIGEST_LENGTH) {
		k->failed = err_make(E_UNSUPPORTED, 0, "rsa: digest");
		return 0;
	}
	memcpy(info, sha256_info, sizeof sha256_info);
	memcpy(info + sizeof sha256_info, m, m_len);
	k->failed = token_sign(
	    k->token, k->key, span_make(info, sizeof info), made, &n);
	if (!err_is(k->failed) && n != (size_t)RSA_size(rsa))
		k->failed = err_make(E_SYS, 0, "rsa: signature");
	if (err_is(k->failed))
		return 0;
	memcpy(signature, made, n);
	*signature_len = (unsigned)n;
	return 1;
}

/* One for the whole program, made at first use. */
static const RSA_METHOD *
method(void)
{
	static RSA_METHOD *made;

	if (made == NULL &&
	    (made = RSA_meth_dup(RSA_PKCS1_OpenSSL())) != NULL) {
		RSA_meth_set1_name(made, "token");
		RSA_meth_set_sign(made, sign);
		RSA_meth_set_flags(made, RSA_FLAG_EXT_PKEY);
	}
	return made;
}

struct err
rsa_wrap(EVP_PKEY **out, struct rsa_key *key, EVP_PKEY *public)
{
	RSA *rsa = EVP_PKEY_get1_RSA(public), *mine;

	*out = NULL;
	key->failed = err_none();
	if (rsa == NULL)
		return err_make(E_UNSUPPORTED, 0, "rsa: public key");
	mine = RSAPublicKey_dup(rsa);
	RSA_free(rsa);
	if (mine == NULL || method() == NULL ||
	    RSA_set_method(mine, method()) != 1 ||
	    RSA_set_app_data(mine, key) != 1 ||
	    (*out = EVP_PKEY_new()) == NULL ||
	    EVP_PKEY_assign_RSA(*out, mine) != 1) {
		EVP_PKEY_free(*out);
		*out = NULL;
		RSA_free(mine);
		return err_make(E_CRYPTO, 0, "rsa: key");
	}
	return err_none();
}

struct err
rsa_prove(const struct token *token, CK_OBJECT_HANDLE key, const X509 *cert)
{
	struct rsa_key mine = { .token = token, .key = key };
	EVP_PKEY *pkey = NULL;
	struct err e = rsa_wrap(&pkey, &mine, X509_get0_pubkey(cert));

	if (!err_is(e))
		e = npki_test_sign(cert, pkey);
	EVP_PKEY_free(pkey);
	ERR_clear_error();
	/* what the token said tells more than OpenSSL's "no" */
	return err_is(mine.failed) ? mine.failed : e;
}

struct err
rsa_public(EVP_PKEY **out, struct span modulus, struct span exponent)
{
	BIGNUM *n = BN_bin2bn(modulus.p, (int)modulus.n, NULL);
	BIGNUM *e = BN_bin2bn(exponent.p, (int)exponent.n, NULL);
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM *params = NULL;
	bool ok;

	*out = NULL;
	ok = n != NULL && e != NULL && bld != NULL && ctx != NULL &&
	     OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
	     OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, e) == 1 &&
	     (params = OSSL_PARAM_BLD_to_param(bld)) != NULL &&
	     EVP_PKEY_fromdata_init(ctx) == 1 &&
	     EVP_PKEY_fromdata(ctx, out, EVP_PKEY_PUBLIC_KEY, params) == 1;
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	EVP_PKEY_CTX_free(ctx);
	BN_free(n);
	BN_free(e);
	return ok ? err_none() : err_make(E_CRYPTO, 0, "rsa: public key");
}
