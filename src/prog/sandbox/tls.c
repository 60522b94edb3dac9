/*
 * sandbox/tls.c - an authority that signs one certificate and is gone.
 */
#include <stdio.h>
#include <string.h>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "base/file.h"
#include "records.h"
#include "tls.h"

enum { YEARS_10_S = 10 * 365 * 86400 };

struct entity {
	const char *name;
	const char *constraints, *usage, *extended, *names;
};

/* clang-format off */
static const struct entity e_ca = {
	"dasi sandbox terminal CA", "critical,CA:TRUE,pathlen:0",
	"critical,keyCertSign", NULL, NULL,
};
static const struct entity e_terminal = {
	"dasi sandbox terminal", "critical,CA:FALSE",
	"critical,digitalSignature", "serverAuth",
	"IP:127.0.0.1,DNS:localhost",
};
/* clang-format on */

static bool
add_extension(X509 *c, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *x;
	bool ok;

	if (value == NULL)
		return true;
	X509V3_set_ctx(&ctx, issuer, c, NULL, NULL, 0);
	x = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	ok = x != NULL && X509_add_ext(c, x, -1) == 1;
	X509_EXTENSION_free(x);
	return ok;
}

static bool
set_serial(X509 *c)
{
	uint64_t v;

	return RAND_bytes((unsigned char *)&v, sizeof v) == 1 &&
	       ASN1_INTEGER_set_uint64(
		   X509_get_serialNumber(c), (v >> 1) | 1) == 1;
}

/* `issuer` NULL: signed by itself. */
static bool
fill(X509 *c, const struct entity *e, EVP_PKEY *key, X509 *issuer,
    EVP_PKEY *issuer_key, int64_t now)
{
	X509_NAME *name = X509_get_subject_name(c);

	if (issuer == NULL)
		issuer = c;
	return X509_set_version(c, X509_VERSION_3) == 1 && set_serial(c) &&
	       X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
		   (const unsigned char *)e->name, -1, -1, 0) == 1 &&
	       X509_set_issuer_name(c, X509_get_subject_name(issuer)) == 1 &&
	       ASN1_TIME_set(X509_getm_notBefore(c), now - 86400) != NULL &&
	       ASN1_TIME_set(X509_getm_notAfter(c), now + YEARS_10_S) != NULL &&
	       X509_set_pubkey(c, key) == 1 &&
	       add_extension(
		   c, issuer, NID_basic_constraints, e->constraints) &&
	       add_extension(c, issuer, NID_key_usage, e->usage) &&
	       add_extension(c, issuer, NID_ext_key_usage, e->extended) &&
	       add_extension(c, issuer, NID_subject_alt_name, e->names) &&
	       X509_sign(c, issuer_key, EVP_sha256()) > 0;
}

/* Up to `cap` - 1 bytes of a memory BIO, NUL-terminated. */
static bool
take_text(char *out, BIO *b)
{
	int n = BIO_read(b, out, TLS_PEM - 1);

	if (n <= 0)
		return false;
	out[n] = '\0';
	return BIO_pending(b) == 0;
}

static bool
cert_text(char out[static TLS_PEM], X509 *c)
{
	BIO *b = BIO_new(BIO_s_mem());
	bool ok = b != NULL && PEM_write_bio_X509(b, c) == 1 &&
		  take_text(out, b);

	BIO_free(b);
	return ok;
}

static bool
key_text(char out[static TLS_PEM], EVP_PKEY *key)
{
	BIO *b = BIO_new(BIO_s_mem());
	bool ok = b != NULL &&
		  PEM_write_bio_PrivateKey(b, key, NULL, NULL, 0, NULL, NULL) ==
		      1 &&
		  take_text(out, b);

	BIO_free(b);
	return ok;
}

static bool
make(struct tls *t, char ca_text[static TLS_PEM], int64_t now)
{
	EVP_PKEY *ca_key = EVP_EC_gen("P-256"), *key = EVP_EC_gen("P-256");
	X509 *ca = X509_new(), *c = X509_new();
	bool ok = ca_key != NULL && key != NULL && ca != NULL && c != NULL &&
		  fill(ca, &e_ca, ca_key, NULL, ca_key, now) &&
		  fill(c, &e_terminal, key, ca, ca_key, now) &&
		  cert_text(ca_text, ca) && cert_text(t->cert, c) &&
		  key_text(t->key_secret, key);

	X509_free(ca);
	X509_free(c);
	EVP_PKEY_free(ca_key);
	EVP_PKEY_free(key);
	return ok;
}

static struct err
read_text(char out[static TLS_PEM], const char *path)
{
	struct buf b = buf_make(out, TLS_PEM - 1);
	struct err e = file_read(&b, path);

	out[b.n] = '\0';
	return e;
}

struct err
tls_open(struct tls *t, const char *dir, int64_t now)
{
	char ca[RECORDS_PATH], cert[RECORDS_PATH], key[RECORDS_PATH];
	char ca_text[TLS_PEM];
	struct err e;

	if (snprintf(ca, sizeof ca, "%s/ca.crt", dir) >= (int)sizeof ca)
		return err_make(E_LIMIT, 0, "tls: folder");
	snprintf(cert, sizeof cert, "%s/tls.crt", dir);
	snprintf(key, sizeof key, "%s/tls.key", dir);
	e = read_text(t->key_secret, key);
	if (!err_is(e))
		return read_text(t->cert, cert);
	if (!make(t, ca_text, now))
		return err_make(E_CRYPTO, 0, "tls: certificate");
	e = file_make_dirs(dir);
	if (!err_is(e))
		e = file_write(ca, span_str(ca_text), 0644);
	if (!err_is(e))
		e = file_write(cert, span_str(t->cert), 0644);
	/* last: with it the three are taken to be whole */
	if (!err_is(e))
		e = file_write(key, span_str(t->key_secret), 0600);
	return e;
}
