/*
 * audit/seal.c - AES-256-GCM, HKDF and HMAC through OpenSSL's EVP.
 */
#include "audit/seal.h"

#include <limits.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <string.h>

struct err
seal(uint8_t *out, size_t cap, size_t *n, const uint8_t key[static SEAL_KEY],
    struct span about, struct span msg)
{
	EVP_CIPHER_CTX *ctx = NULL;
	struct err e = err_make(E_CRYPTO, 0, "seal: cipher");
	int got = 0, tail = 0;

	*n = 0;
	if (msg.n > INT_MAX || about.n > INT_MAX || cap < SEAL_OVERHEAD ||
	    msg.n > cap - SEAL_OVERHEAD)
		return err_make(E_LIMIT, 0, "seal: capacity");
	if ((ctx = EVP_CIPHER_CTX_new()) == NULL ||
	    RAND_bytes(out, SEAL_NONCE) != 1 ||
	    EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, out) != 1 ||
	    EVP_EncryptUpdate(ctx, NULL, &got, about.p, (int)about.n) != 1 ||
	    EVP_EncryptUpdate(ctx, out + SEAL_NONCE, &got, msg.p, (int)msg.n) !=
		1 ||
	    EVP_EncryptFinal_ex(ctx, out + SEAL_NONCE + got, &tail) != 1 ||
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, SEAL_TAG,
		out + SEAL_NONCE + msg.n) != 1)
		goto out;
	*n = msg.n + SEAL_OVERHEAD;
	e = err_none();
out:
	if (err_is(e))
		OPENSSL_cleanse(out, cap);
	EVP_CIPHER_CTX_free(ctx);
	return e;
}

struct err
seal_open(uint8_t *out, size_t cap, size_t *n,
    const uint8_t key[static SEAL_KEY], struct span about, struct span sealed)
{
	EVP_CIPHER_CTX *ctx = NULL;
	struct err e = err_make(E_CRYPTO, 0, "seal: cipher");
	uint8_t tag[SEAL_TAG];
	int got = 0, tail = 0;
	size_t len;

	*n = 0;
	if (sealed.n < SEAL_OVERHEAD)
		return err_make(E_FORMAT, 0, "seal: too short");
	len = sealed.n - SEAL_OVERHEAD;
	if (len > INT_MAX || about.n > INT_MAX || cap < len)
		return err_make(E_LIMIT, 0, "seal: capacity");
	memcpy(tag, sealed.p + SEAL_NONCE + len, sizeof tag);
	if ((ctx = EVP_CIPHER_CTX_new()) == NULL ||
	    EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, sealed.p) !=
		1 ||
	    EVP_DecryptUpdate(ctx, NULL, &got, about.p, (int)about.n) != 1 ||
	    EVP_DecryptUpdate(
		ctx, out, &got, sealed.p + SEAL_NONCE, (int)len) != 1 ||
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, SEAL_TAG, tag) != 1)
		goto out;
	if (EVP_DecryptFinal_ex(ctx, out + got, &tail) != 1) {
		e = err_make(E_MISMATCH, 0, "seal: does not open");
		goto out;
	}
	*n = len;
	e = err_none();
out:
	if (err_is(e))
		OPENSSL_cleanse(out, cap);
	EVP_CIPHER_CTX_free(ctx);
	return e;
}

struct err
seal_key_new(uint8_t key[static SEAL_KEY])
{
	if (RAND_priv_bytes(key, SEAL_KEY) != 1)
		return err_make(E_CRYPTO, 0, "seal: random");
	return err_none();
}

struct err
seal_key_derive(uint8_t out[static SEAL_KEY],
    const uint8_t device_key[static SEAL_KEY], const char *purpose)
{
	struct err e = err_make(E_CRYPTO, 0, "seal: derive");
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *ctx = kdf == NULL ? NULL : EVP_KDF_CTX_new(kdf);
	char digest[] = "SHA256";
	uint8_t key[SEAL_KEY];
	char info[64];
	OSSL_PARAM p[4];

	memcpy(key, device_key, sizeof key);
	if (ctx == NULL || !str_copy(info, sizeof info, purpose))
		goto out;
	p[0] = OSSL_PARAM_construct_utf8_string(
	    OSSL_KDF_PARAM_DIGEST, digest, 0);
	p[1] = OSSL_PARAM_construct_octet_string(
	    OSSL_KDF_PARAM_KEY, key, sizeof key);
	p[2] = OSSL_PARAM_construct_octet_string(
	    OSSL_KDF_PARAM_INFO, info, strlen(info));
	p[3] = OSSL_PARAM_construct_end();
	if (EVP_KDF_derive(ctx, out, SEAL_KEY, p) == 1)
		e = err_none();
out:
	OPENSSL_cleanse(key, sizeof key);
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	return e;
}

struct err
seal_tag(uint8_t out[static SEAL_DIGEST], const uint8_t key[static SEAL_KEY],
    struct span text)
{
	unsigned int n = 0;

	if (HMAC(EVP_sha256(), key, SEAL_KEY, text.p, text.n, out, &n) ==
		NULL ||
	    n != SEAL_DIGEST)
		return err_make(E_CRYPTO, 0, "seal: tag");
	return err_none();
}

struct err
seal_digest(uint8_t out[static SEAL_DIGEST], struct span data)
{
	unsigned int n = 0;

	if (EVP_Digest(data.p, data.n, out, &n, EVP_sha256(), NULL) != 1 ||
	    n != SEAL_DIGEST)
		return err_make(E_CRYPTO, 0, "seal: digest");
	return err_none();
}
