/*
 * audit/cms.c - CMS AuthEnvelopedData through OpenSSL.
 */
#include "audit/cms.h"

#include <limits.h>
#include <openssl/cms.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

enum { RSA_BITS = 2048, EC_BITS = 256 };

static struct err
read_cert(X509 **out, struct span der)
{
	const unsigned char *p = der.p;

	*out = NULL;
	if (der.n == 0 || der.n > CMS_CERT ||
	    (*out = d2i_X509(NULL, &p, (long)der.n)) == NULL ||
	    p != der.p + der.n) {
		X509_free(*out);
		*out = NULL;
		return err_make(E_FORMAT, 0, "cms: certificate");
	}
	return err_none();
}

static bool
key_fits(X509 *cert)
{
	EVP_PKEY *key = X509_get0_pubkey(cert);
	uint32_t usage = X509_get_key_usage(cert);

	if (key == NULL)
		return false;
	if (EVP_PKEY_is_a(key, "RSA"))
		return EVP_PKEY_get_bits(key) >= RSA_BITS &&
		       (usage & KU_KEY_ENCIPHERMENT) != 0;
	return EVP_PKEY_is_a(key, "EC") && EVP_PKEY_get_bits(key) == EC_BITS &&
	       (usage & KU_KEY_AGREEMENT) != 0;
}

static struct err
check_cert(X509 *cert, int64_t now_s)
{
	time_t now = (time_t)now_s;

	if (!key_fits(cert))
		return err_make(E_UNSUPPORTED, 0, "cms: key");
	if (X509_cmp_time(X509_get0_notBefore(cert), &now) >= 0 ||
	    X509_cmp_time(X509_get0_notAfter(cert), &now) <= 0)
		return err_make(E_EXPIRED, 0, "cms: certificate");
	return err_none();
}

struct err
cms_check_cert(struct span cert_der, int64_t now_s)
{
	X509 *cert = NULL;
	struct err e = read_cert(&cert, cert_der);

	if (!err_is(e))
		e = check_cert(cert, now_s);
	X509_free(cert);
	ERR_clear_error();
	return e;
}

/* OpenSSL's own choices are PKCS#1 v1.5 and SHA-1. */
static bool
add_recipient(CMS_ContentInfo *cms, X509 *cert)
{
	CMS_RecipientInfo *ri = CMS_add1_recipient_cert(
	    cms, cert, CMS_KEY_PARAM);
	EVP_PKEY_CTX *ctx = ri == NULL ? NULL
				       : CMS_RecipientInfo_get0_pkey_ctx(ri);

	if (ctx == NULL)
		return false;
	if (EVP_PKEY_is_a(X509_get0_pubkey(cert), "RSA"))
		return EVP_PKEY_CTX_set_rsa_padding(
			   ctx, RSA_PKCS1_OAEP_PADDING) == 1 &&
		       EVP_PKEY_CTX_set_rsa_oaep_md(ctx, EVP_sha256()) == 1 &&
		       EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, EVP_sha256()) == 1;
	return EVP_PKEY_CTX_set_ecdh_kdf_md(ctx, EVP_sha256()) == 1;
}

/* Move the DER into `out`, all or nothing. */
static struct err
put_der(struct buf *out, CMS_ContentInfo *cms)
{
	unsigned char *p = out->p + out->n;
	int n = i2d_CMS_ContentInfo(cms, NULL);

	if (n <= 0)
		return err_make(E_CRYPTO, 0, "cms: encode");
	if (out->full || (size_t)n > out->cap - out->n)
		return err_make(E_LIMIT, 0, "cms: room");
	if (i2d_CMS_ContentInfo(cms, &p) != n)
		return err_make(E_CRYPTO, 0, "cms: encode");
	out->n += (size_t)n;
	return err_none();
}

struct err
cms_seal(struct buf *out, struct span cert_der, struct span data, int64_t now_s)
{
	const unsigned int flags = CMS_BINARY | CMS_PARTIAL;
	CMS_ContentInfo *cms = NULL;
	X509 *cert = NULL;
	BIO *in = NULL;
	struct err e;

	if (data.n > CMS_DATA)
		return err_make(E_LIMIT, 0, "cms: data");
	e = read_cert(&cert, cert_der);
	if (!err_is(e))
		e = check_cert(cert, now_s);
	if (err_is(e))
		goto out;
	e = err_make(E_CRYPTO, 0, "cms: seal");
	in = BIO_new_mem_buf(
	    data.n > 0 ? (const void *)data.p : "", (int)data.n);
	cms = CMS_encrypt(NULL, NULL, EVP_aes_256_gcm(), flags);
	if (in != NULL && cms != NULL && add_recipient(cms, cert) &&
	    CMS_final(cms, in, NULL, flags) == 1)
		e = put_der(out, cms);
out:
	CMS_ContentInfo_free(cms);
	BIO_free(in);
	X509_free(cert);
	ERR_clear_error();
	return e;
}

static struct err
decrypt(struct buf *out, CMS_ContentInfo *cms, EVP_PKEY *key, X509 *cert)
{
	BIO *plain = BIO_new(BIO_s_mem());
	char *p = NULL;
	long n;
	struct err e = err_none();

	if (plain == NULL)
		return err_make(E_NOMEM, 0, "cms: open");
	if (CMS_decrypt(cms, key, cert, NULL, plain, CMS_BINARY) != 1)
		e = err_make(E_MISMATCH, 0, "cms: does not open");
	n = BIO_get_mem_data(plain, &p);
	if (!err_is(e)) {
		buf_add(out, p, (size_t)n);
		if (out->full)
			e = err_make(E_LIMIT, 0, "cms: room");
	}
	if (n > 0)
		OPENSSL_cleanse(p, (size_t)n);
	BIO_free(plain);
	return e;
}

struct err
cms_open(struct buf *out, struct span cert_der, struct span key_der,
    struct span sealed)
{
	const unsigned char *p = sealed.p, *k = key_der.p;
	CMS_ContentInfo *cms = NULL;
	EVP_PKEY *key = NULL;
	X509 *cert = NULL;
	struct err e = read_cert(&cert, cert_der);

	if (err_is(e))
		return e;
	e = err_make(E_FORMAT, 0, "cms: form");
	if (sealed.n == 0 || sealed.n > CMS_BLOB || key_der.n > INT_MAX ||
	    (cms = d2i_CMS_ContentInfo(NULL, &p, (long)sealed.n)) == NULL ||
	    p != sealed.p + sealed.n)
		goto out;
	key = d2i_AutoPrivateKey(NULL, &k, (long)key_der.n);
	if (key == NULL)
		goto out;
	if (OBJ_obj2nid(CMS_get0_type(cms)) !=
	    NID_id_smime_ct_authEnvelopedData)
		e = err_make(E_UNSUPPORTED, 0, "cms: kind");
	else
		e = decrypt(out, cms, key, cert);
out:
	CMS_ContentInfo_free(cms);
	EVP_PKEY_free(key);
	X509_free(cert);
	ERR_clear_error();
	return e;
}
