/*
 * sandbox/authority.c - making and loading the CA hierarchy.
 *
 * Names are invented and say that they are for tests; the issuing CA's O is
 * "yessign" because that names the folder on the customer's stick.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "authority.h"
#include "base/file.h"
#include "npki/cert.h"
#include "npki/name.h"

enum { PEM_MAX = 16384, YEAR_S = 365 * 86400, PARTS = 4 };

/* One entity of the hierarchy: how it is named and what it may do. */
struct entity {
	const char *file; /* stem of its files */
	int bits;
	int years;
	struct name_part parts[PARTS];
	const char *constraints; /* basicConstraints */
	const char *usage;
	const char *extended; /* or NULL */
};

/* clang-format off */
static const struct entity e_root = {
	"root", 3072, 20,
	{ { "C", "KR" }, { "O", "dasi sandbox" },
	  { "OU", "Test Certification Authority Central" },
	  { "CN", "dasi sandbox Test RootCA" } },
	"critical,CA:TRUE", "critical,keyCertSign,cRLSign", NULL,
};

static const struct entity e_ca[AUTHORITY_COUNT] = {
	{ "ca", 2048, 10,
	  { { "C", "KR" }, { "O", "yessign" }, { "OU", "AccreditedCA" },
	    { "CN", "yessignCA-Test Class 9" } },
	  "critical,CA:TRUE,pathlen:0",
	  /* it signs CMP answers and receives EncryptedVID itself */
	  "critical,digitalSignature,keyEncipherment,keyCertSign,cRLSign",
	  NULL },
	{ "kica", 2048, 10,
	  { { "C", "KR" }, { "O", "KICA" }, { "OU", "AccreditedCA" },
	    { "CN", "signGATE-Test CA9" } },
	  "critical,CA:TRUE,pathlen:0",
	  "critical,digitalSignature,keyCertSign,cRLSign", NULL },
};

static const struct entity e_ra = {
	"ra", 2048, 5,
	{ { "C", "KR" }, { "O", "yessign" }, { "OU", "RA" },
	  { "CN", "HANBIT Test RA" } },
	"critical,CA:FALSE", "critical,digitalSignature", "cmcRA",
};

static const struct entity e_ocsp = {
	"ocsp", 2048, 5,
	{ { "C", "KR" }, { "O", "yessign" }, { "OU", "OCSP" },
	  { "CN", "yessign Test OCSP" } },
	"critical,CA:FALSE", "critical,digitalSignature", "OCSPSigning",
};
/* clang-format on */

static struct err
crypto(const char *where)
{
	return err_make(E_CRYPTO, 0, where);
}

const char *
authority_org(int which)
{
	return e_ca[which].parts[1].value;
}

int
authority_find(const char *org)
{
	for (int i = 0; i < AUTHORITY_COUNT; i++)
		if (strcmp(authority_org(i), org) == 0)
			return i;
	return -1;
}

struct err
write_der(const char *path, int (*i2d)(const void *, unsigned char **),
    const void *object)
{
	unsigned char *der = NULL;
	int n = i2d(object, &der);
	struct err e;

	if (n <= 0)
		return crypto("sandbox: DER");
	e = file_write(path, span_make(der, (size_t)n), 0644);
	OPENSSL_free(der);
	return e;
}

static int
i2d_cert(const void *cert, unsigned char **out)
{
	return i2d_X509(cert, out);
}

static bool
add_extension(X509 *cert, X509V3_CTX *ctx, int nid, const char *value)
{
	X509_EXTENSION *x;
	bool ok;

	if (value == NULL)
		return true;
	x = X509V3_EXT_conf_nid(NULL, ctx, nid, value);
	ok = x != NULL && X509_add_ext(cert, x, -1) == 1;
	X509_EXTENSION_free(x);
	return ok;
}

static bool
random_serial(X509 *cert)
{
	unsigned char r[8];
	uint64_t v = 0;

	if (RAND_bytes(r, sizeof r) != 1)
		return false;
	for (size_t i = 0; i < sizeof r; i++)
		v = v << 8 | r[i];
	return ASN1_INTEGER_set_uint64(
		   X509_get_serialNumber(cert), (v >> 1) | 1) == 1;
}

/* Make the certificate of `who`, signed by `by`. */
static struct err
certify(struct identity *who, const struct entity *e, const struct identity *by,
    int64_t now)
{
	X509_NAME *name = NULL;
	X509V3_CTX ctx;
	X509 *c = X509_new();
	struct err err = name_build(&name, e->parts, PARTS);

	if (err_is(err) || c == NULL) {
		X509_free(c);
		return err_is(err) ? err : crypto("authority: new");
	}
	who->cert = c;
	X509V3_set_ctx(&ctx, by == who ? c : by->cert, c, NULL, NULL, 0);
	if (X509_set_version(c, X509_VERSION_3) != 1 || !random_serial(c) ||
	    X509_set_subject_name(c, name) != 1 ||
	    X509_set_issuer_name(
		c, by == who ? name : X509_get_subject_name(by->cert)) != 1 ||
	    ASN1_TIME_set(X509_getm_notBefore(c), now - 86400) == NULL ||
	    ASN1_TIME_set(X509_getm_notAfter(c),
		now + (int64_t)e->years * YEAR_S) == NULL ||
	    X509_set_pubkey(c, who->key) != 1 ||
	    !add_extension(c, &ctx, NID_basic_constraints, e->constraints) ||
	    !add_extension(c, &ctx, NID_key_usage, e->usage) ||
	    !add_extension(c, &ctx, NID_ext_key_usage, e->extended) ||
	    !add_extension(c, &ctx, NID_subject_key_identifier, "hash") ||
	    !add_extension(
		c, &ctx, NID_authority_key_identifier, "keyid:always") ||
	    X509_sign(c, by->key, EVP_sha256()) == 0)
		err = crypto("authority: certificate");
	X509_NAME_free(name);
	return err;
}

static struct err
path_of(char *out, size_t cap, const char *dir, const char *stem,
    const char *suffix)
{
	if (snprintf(out, cap, "%s/%s%s", dir, stem, suffix) >= (int)cap)
		return err_make(E_LIMIT, 0, "authority: path");
	return err_none();
}

static struct err
save_pem(const char *path, BIO *b)
{
	char *text = NULL;
	long n = BIO_get_mem_data(b, &text);

	return n <= 0 ? crypto("authority: PEM")
		      : file_write(path, span_make(text, (size_t)n), 0600);
}

static struct err
save(const struct identity *who, const char *dir, const char *stem)
{
	BIO *key = BIO_new(BIO_s_mem()), *pem = BIO_new(BIO_s_mem());
	char path[1024];
	struct err e = path_of(path, sizeof path, dir, stem, ".key");

	if (!err_is(e) && (key == NULL || pem == NULL ||
			      PEM_write_bio_PrivateKey(key, who->key, NULL,
				  NULL, 0, NULL, NULL) != 1 ||
			      PEM_write_bio_X509(pem, who->cert) != 1))
		e = crypto("authority: PEM");
	if (!err_is(e))
		e = save_pem(path, key);
	if (!err_is(e))
		e = path_of(path, sizeof path, dir, stem, ".crt");
	if (!err_is(e))
		e = save_pem(path, pem);
	/* last: its presence says that the others are whole */
	if (!err_is(e))
		e = path_of(path, sizeof path, dir, stem, ".der");
	if (!err_is(e))
		e = write_der(path, i2d_cert, who->cert);
	BIO_free(key);
	BIO_free(pem);
	return e;
}

/* E_NOTFOUND when it was never made. */
static struct err
load(struct identity *who, const char *dir, const char *stem)
{
	uint8_t room[PEM_MAX];
	struct buf b = buf_make(room, sizeof room);
	char path[1024];
	BIO *pem;
	struct err e = path_of(path, sizeof path, dir, stem, ".der");

	if (!err_is(e))
		e = file_read(&b, path);
	if (!err_is(e))
		e = npki_cert_parse(&who->cert, buf_span(&b));
	if (err_is(e))
		return e;
	e = path_of(path, sizeof path, dir, stem, ".key");
	b.n = 0;
	if (!err_is(e))
		e = file_read(&b, path);
	if (err_is(e))
		return e;
	pem = BIO_new_mem_buf(b.p, (int)b.n);
	who->key = PEM_read_bio_PrivateKey(pem, NULL, NULL, NULL);
	BIO_free(pem);
	return who->key == NULL ? crypto("authority: key") : err_none();
}

static struct err
open_one(struct identity *who, const struct entity *e,
    const struct identity *by, const char *dir, int64_t now)
{
	struct err err = load(who, dir, e->file);

	if (err.code != E_NOTFOUND)
		return err;
	who->key = EVP_RSA_gen((unsigned)e->bits);
	if (who->key == NULL)
		return crypto("authority: key");
	err = certify(who, e, by, now);
	return err_is(err) ? err : save(who, dir, e->file);
}

struct err
authorities_open(struct authorities *a, const char *dir, int64_t now)
{
	const struct identity *yessign = &a->ca[AUTHORITY_YESSIGN];
	struct err e = file_make_dirs(dir);

	if (!err_is(e))
		e = open_one(&a->root, &e_root, &a->root, dir, now);
	for (int i = 0; !err_is(e) && i < AUTHORITY_COUNT; i++)
		e = open_one(&a->ca[i], &e_ca[i], &a->root, dir, now);
	if (!err_is(e))
		e = open_one(&a->ra, &e_ra, yessign, dir, now);
	if (!err_is(e))
		e = open_one(&a->ocsp, &e_ocsp, yessign, dir, now);
	return e;
}

static void
identity_free(struct identity *who)
{
	X509_free(who->cert);
	EVP_PKEY_free(who->key);
	*who = (struct identity){ 0 };
}

void
authorities_close(struct authorities *a)
{
	identity_free(&a->root);
	for (int i = 0; i < AUTHORITY_COUNT; i++)
		identity_free(&a->ca[i]);
	identity_free(&a->ra);
	identity_free(&a->ocsp);
}
