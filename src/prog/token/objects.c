/*
 * token/objects.c - key pairs, certificates, R.
 */
#include "prog/token/objects.h"

#include <openssl/sha.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "npki/cert.h"
#include "prog/token/rsa.h"

enum { NUMBER_MAX = 1024, ID_HEX = HEX_TEXT(OBJECTS_ID) };

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
static CK_OBJECT_CLASS private_class = CKO_PRIVATE_KEY,
		       public_class = CKO_PUBLIC_KEY,
		       cert_class = CKO_CERTIFICATE, data_class = CKO_DATA;
static CK_CERTIFICATE_TYPE x509_type = CKC_X_509;
static CK_BYTE exponent[] = { 1, 0, 1 };
static char unfinished[] = OBJECTS_UNFINISHED, application[] = "NPKI";

#define ATTR(type, value)                                                      \
	{                                                                      \
		(type), &(value), sizeof(value)                                \
	}
#define ATTR_N(type, value, n)                                                 \
	{                                                                      \
		(type), (value), (CK_ULONG)(n)                                 \
	}
#define COUNT(a) (sizeof(a) / sizeof *(a))

struct err
objects_id(uint8_t id[static OBJECTS_ID], EVP_PKEY *key)
{
	unsigned char *der = NULL;
	int n = i2d_PublicKey(key, &der);

	if (n <= 0)
		return err_make(E_CRYPTO, 0, "objects: public key");
	SHA1(der, (size_t)n, id);
	OPENSSL_free(der);
	return err_none();
}

/* ---- keys ---- */

static struct err
make_pair(const struct token *t, CK_ULONG bits, CK_OBJECT_HANDLE *public,
    CK_OBJECT_HANDLE *private)
{
	CK_MECHANISM how = { CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0 };
	CK_ATTRIBUTE for_public[] = { ATTR(CKA_TOKEN, yes),
		ATTR(CKA_PRIVATE, no), ATTR(CKA_VERIFY, yes),
		ATTR(CKA_ENCRYPT, no), ATTR(CKA_WRAP, no),
		ATTR(CKA_MODULUS_BITS, bits),
		ATTR(CKA_PUBLIC_EXPONENT, exponent),
		ATTR_N(CKA_LABEL, unfinished, sizeof unfinished - 1) };
	CK_ATTRIBUTE for_private[] = { ATTR(CKA_TOKEN, yes),
		ATTR(CKA_PRIVATE, yes), ATTR(CKA_SENSITIVE, yes),
		ATTR(CKA_EXTRACTABLE, no), ATTR(CKA_SIGN, yes),
		ATTR(CKA_DECRYPT, no), ATTR(CKA_UNWRAP, no),
		ATTR_N(CKA_LABEL, unfinished, sizeof unfinished - 1) };

	return module_error(t->module->ck->C_GenerateKeyPair(t->session, &how,
				for_public, COUNT(for_public), for_private,
				COUNT(for_private), public, private),
	    "objects: key pair");
}

static struct err
read_public(const struct token *t, CK_OBJECT_HANDLE object, EVP_PKEY **out)
{
	uint8_t n_room[NUMBER_MAX], e_room[16];
	struct buf n = buf_make(n_room, sizeof n_room);
	struct buf e = buf_make(e_room, sizeof e_room);
	struct err err = token_read(t, object, CKA_MODULUS, &n);

	if (!err_is(err))
		err = token_read(t, object, CKA_PUBLIC_EXPONENT, &e);
	return err_is(err) ? err : rsa_public(out, buf_span(&n), buf_span(&e));
}

struct err
objects_generate(const struct token *t, int bits, uint8_t id[static OBJECTS_ID],
    EVP_PKEY **public)
{
	CK_OBJECT_HANDLE pair[2] = { 0, 0 };
	struct err e;

	*public = NULL;
	if (!module_makes_keys(t->module, t->seen->slot, (CK_ULONG)bits))
		return err_make(E_UNSUPPORTED, 0, "objects: makes no keys");
	e = make_pair(t, (CK_ULONG)bits, &pair[0], &pair[1]);
	if (err_is(e))
		return e;
	e = read_public(t, pair[0], public);
	if (!err_is(e))
		e = objects_id(id, *public);
	for (int i = 0; i < 2 && !err_is(e); i++)
		e = token_set(t, pair[i], CKA_ID, span_make(id, OBJECTS_ID));
	if (!err_is(e))
		return e;
	EVP_PKEY_free(*public);
	*public = NULL;
	for (int i = 0; i < 2; i++) {
		if (err_is(token_destroy(t, pair[i])))
			log_line(LOG_WARNING, "a new key is left behind");
	}
	return e;
}

struct err
objects_key(const struct token *t, const uint8_t id[static OBJECTS_ID],
    CK_OBJECT_HANDLE *key)
{
	uint8_t wanted[OBJECTS_ID];
	CK_ATTRIBUTE want[] = { ATTR(CKA_CLASS, private_class),
		ATTR(CKA_ID, wanted) };

	memcpy(wanted, id, OBJECTS_ID);
	return token_find_one(t, want, COUNT(want), key);
}

/* ---- R ---- */

static void
r_name(char out[static ID_HEX], const uint8_t id[static OBJECTS_ID])
{
	hex_encode(out, ID_HEX, span_make(id, OBJECTS_ID));
}

struct err
objects_put_r(const struct token *t, const uint8_t id[static OBJECTS_ID],
    const uint8_t r_secret[static NPKI_R])
{
	struct span oid = npki_oid_der(NPKI_OID_RANDOM_NUM);
	uint8_t oid_room[16], value_secret[NPKI_R];
	char name[ID_HEX];
	CK_ATTRIBUTE with[] = { ATTR(CKA_CLASS, data_class),
		ATTR(CKA_TOKEN, yes), ATTR(CKA_PRIVATE, yes),
		ATTR_N(CKA_APPLICATION, application, sizeof application - 1),
		ATTR_N(CKA_LABEL, name, sizeof name - 1),
		ATTR_N(CKA_OBJECT_ID, oid_room, oid.n),
		ATTR(CKA_VALUE, value_secret) };
	CK_OBJECT_HANDLE made;
	struct err e;

	if (oid.n > sizeof oid_room)
		return err_make(E_LIMIT, 0, "objects: R");
	memcpy(oid_room, oid.p, oid.n);
	memcpy(value_secret, r_secret, NPKI_R);
	r_name(name, id);
	e = token_write(t, with, COUNT(with), &made);
	secret_wipe(value_secret, sizeof value_secret);
	return e;
}

static struct err
find_r(const struct token *t, const uint8_t id[static OBJECTS_ID],
    CK_OBJECT_HANDLE *found)
{
	char name[ID_HEX];
	CK_ATTRIBUTE want[] = { ATTR(CKA_CLASS, data_class),
		ATTR_N(CKA_LABEL, name, sizeof name - 1) };

	r_name(name, id);
	return token_find_one(t, want, COUNT(want), found);
}

struct err
objects_get_r(const struct token *t, const uint8_t id[static OBJECTS_ID],
    uint8_t r_secret[static NPKI_R])
{
	struct buf out = buf_make(r_secret, NPKI_R);
	CK_OBJECT_HANDLE object;
	struct err e = find_r(t, id, &object);

	if (!err_is(e))
		e = token_read(t, object, CKA_VALUE, &out);
	if (!err_is(e) && out.n != NPKI_R)
		e = err_make(E_FORMAT, 0, "objects: R");
	return e;
}

/* ---- certificates ---- */

/* DER of what a certificate object names, one after the other in one place. */
struct cert_parts {
	uint8_t id[OBJECTS_ID];
	unsigned char *der, *subject, *issuer, *serial;
	int der_n, subject_n, issuer_n, serial_n;
};

static void
parts_free(struct cert_parts *p)
{
	OPENSSL_free(p->der);
	OPENSSL_free(p->subject);
	OPENSSL_free(p->issuer);
	OPENSSL_free(p->serial);
}

static struct err
parts_of(struct cert_parts *p, const X509 *cert)
{
	memset(p, 0, sizeof *p);
	p->der_n = i2d_X509(cert, &p->der);
	p->subject_n = i2d_X509_NAME(X509_get_subject_name(cert), &p->subject);
	p->issuer_n = i2d_X509_NAME(X509_get_issuer_name(cert), &p->issuer);
	p->serial_n = i2d_ASN1_INTEGER(
	    X509_get0_serialNumber(cert), &p->serial);
	if (p->der_n <= 0 || p->subject_n <= 0 || p->issuer_n <= 0 ||
	    p->serial_n <= 0)
		return err_make(E_CRYPTO, 0, "objects: certificate");
	return objects_id(p->id, X509_get0_pubkey(cert));
}

/* The object that says it is this certificate. */
static struct err
named_cert(
    const struct token *t, const struct cert_parts *p, CK_OBJECT_HANDLE *found)
{
	CK_ATTRIBUTE want[] = { ATTR(CKA_CLASS, cert_class),
		ATTR_N(CKA_ISSUER, p->issuer, p->issuer_n),
		ATTR_N(CKA_SERIAL_NUMBER, p->serial, p->serial_n) };

	return token_find_one(t, want, COUNT(want), found);
}

/* The one that is. */
static struct err
find_cert(
    const struct token *t, const struct cert_parts *p, CK_OBJECT_HANDLE *found)
{
	uint8_t room[NPKI_CERT_MAX];
	struct buf b = buf_make(room, sizeof room);
	struct err e = named_cert(t, p, found);

	if (!err_is(e))
		e = token_read(t, *found, CKA_VALUE, &b);
	if (!err_is(e) &&
	    !span_eq(buf_span(&b), span_make(p->der, (size_t)p->der_n)))
		e = err_make(E_MISMATCH, 0, "objects: another certificate");
	return e;
}

static struct err
write_cert(const struct token *t, struct cert_parts *p, const X509 *cert,
    CK_OBJECT_HANDLE *made)
{
	struct npki_cert_info info;
	CK_ATTRIBUTE with[] = { ATTR(CKA_CLASS, cert_class),
		ATTR(CKA_CERTIFICATE_TYPE, x509_type), ATTR(CKA_TOKEN, yes),
		ATTR(CKA_PRIVATE, no), ATTR(CKA_ID, p->id),
		ATTR_N(CKA_SUBJECT, p->subject, p->subject_n),
		ATTR_N(CKA_ISSUER, p->issuer, p->issuer_n),
		ATTR_N(CKA_SERIAL_NUMBER, p->serial, p->serial_n),
		ATTR_N(CKA_VALUE, p->der, p->der_n),
		ATTR_N(CKA_LABEL, info.cn, 0) };
	struct err e = npki_cert_info(&info, cert);

	if (err_is(e))
		return e;
	with[COUNT(with) - 1].ulValueLen = (CK_ULONG)strlen(info.cn);
	return token_write(t, with, COUNT(with), made);
}

struct err
objects_put_cert(const struct token *t, const X509 *cert, bool *made)
{
	struct cert_parts p;
	CK_OBJECT_HANDLE object;
	struct err e = parts_of(&p, cert);

	*made = false;
	if (!err_is(e) && err_is(find_cert(t, &p, &object))) {
		e = write_cert(t, &p, cert, &object);
		*made = !err_is(e);
	}
	parts_free(&p);
	return e;
}

struct err
objects_drop_cert(const struct token *t, const X509 *cert)
{
	struct cert_parts p;
	CK_OBJECT_HANDLE object;
	struct err e = parts_of(&p, cert);

	if (!err_is(e))
		e = named_cert(t, &p, &object);
	if (!err_is(e))
		e = token_destroy(t, object);
	parts_free(&p);
	return e;
}

struct err
objects_has_cert(const struct token *t, const X509 *cert)
{
	struct cert_parts p;
	CK_OBJECT_HANDLE there;
	struct err e = parts_of(&p, cert);

	if (!err_is(e))
		e = find_cert(t, &p, &there);
	parts_free(&p);
	return e;
}

/* The certificate in an object and its id, when its private key is here. */
static X509 *
own(const struct token *t, CK_OBJECT_HANDLE object,
    uint8_t id[static OBJECTS_ID])
{
	uint8_t room[NPKI_CERT_MAX];
	struct buf b = buf_make(room, sizeof room);
	CK_OBJECT_HANDLE key;
	X509 *cert = NULL;

	if (err_is(token_read(t, object, CKA_VALUE, &b)) ||
	    err_is(npki_cert_parse(&cert, buf_span(&b))))
		return NULL;
	if (!err_is(objects_id(id, X509_get0_pubkey(cert))) &&
	    !err_is(objects_key(t, id, &key)))
		return cert;
	X509_free(cert);
	return NULL;
}

struct err
objects_own_cert(
    const struct token *t, uint8_t id[static OBJECTS_ID], X509 **cert)
{
	CK_OBJECT_HANDLE all[TOKEN_FOUND_MAX];
	CK_ATTRIBUTE want[] = { ATTR(CKA_CLASS, cert_class) };
	size_t n;
	struct err e = token_find(t, want, COUNT(want), all, &n);

	*cert = NULL;
	for (size_t i = 0; !err_is(e) && i < n; i++) {
		uint8_t its[OBJECTS_ID];
		X509 *one = own(t, all[i], its);

		if (one == NULL)
			continue;
		if (*cert == NULL || ASN1_TIME_compare(X509_get0_notAfter(one),
					 X509_get0_notAfter(*cert)) > 0) {
			X509_free(*cert);
			*cert = one;
			memcpy(id, its, OBJECTS_ID);
		} else {
			X509_free(one);
		}
	}
	if (!err_is(e) && *cert == NULL)
		e = err_make(E_NOTFOUND, 0, "objects: no certificate");
	return e;
}

/* ---- done, or undone ---- */

struct err
objects_finish(const struct token *t, const uint8_t id[static OBJECTS_ID],
    const char *name)
{
	CK_OBJECT_CLASS *const classes[] = { &public_class, &private_class };
	uint8_t wanted[OBJECTS_ID];
	struct err e = err_none();

	memcpy(wanted, id, OBJECTS_ID);
	/* the private key last: it is the one that tells */
	for (size_t i = 0; i < COUNT(classes) && !err_is(e); i++) {
		CK_ATTRIBUTE want[] = { ATTR(CKA_CLASS, *classes[i]),
			ATTR(CKA_ID, wanted) };
		CK_OBJECT_HANDLE key;

		e = token_find_one(t, want, COUNT(want), &key);
		if (!err_is(e))
			e = token_set(t, key, CKA_LABEL, span_str(name));
	}
	return e;
}

/* Until the last of it is gone, what is left says that it is half of one. */
static void
mark_unfinished(const struct token *t, uint8_t wanted[static OBJECTS_ID])
{
	CK_ATTRIBUTE want[] = { ATTR(CKA_CLASS, private_class),
		ATTR_N(CKA_ID, wanted, OBJECTS_ID) };
	CK_OBJECT_HANDLE key;
	struct err e = token_find_one(t, want, COUNT(want), &key);

	if (!err_is(e))
		e = token_set(t, key, CKA_LABEL, span_str(OBJECTS_UNFINISHED));
	if (err_is(e) && e.code != E_GONE)
		log_err(LOG_WARNING, "a key keeps its name", e);
}

/* All that is wanted; the first error, the rest is tried all the same. */
static struct err
destroy_all(const struct token *t, CK_ATTRIBUTE *want, size_t count)
{
	CK_OBJECT_HANDLE all[TOKEN_FOUND_MAX];
	size_t n = 0;
	struct err first = token_find(t, want, count, all, &n);

	for (size_t i = 0; i < n; i++) {
		struct err e = token_destroy(t, all[i]);

		if (!err_is(first))
			first = e;
	}
	return first;
}

struct err
objects_erase(const struct token *t, const uint8_t id[static OBJECTS_ID])
{
	CK_OBJECT_CLASS *const classes[] = { &cert_class, &public_class,
		&private_class };
	uint8_t wanted[OBJECTS_ID];
	CK_OBJECT_HANDLE r;
	struct err first, e;

	memcpy(wanted, id, OBJECTS_ID);
	mark_unfinished(t, wanted);
	e = find_r(t, id, &r);
	first = e.code == E_GONE ? err_none() : e;
	if (!err_is(e))
		first = token_destroy(t, r);
	/* the private key last: by it the rest is found again */
	for (size_t i = 0; i < COUNT(classes); i++) {
		CK_ATTRIBUTE want[] = { ATTR(CKA_CLASS, *classes[i]),
			ATTR(CKA_ID, wanted) };

		e = destroy_all(t, want, COUNT(want));
		if (!err_is(first))
			first = e;
	}
	return first;
}

struct err
objects_sweep(const struct token *t)
{
	CK_OBJECT_HANDLE all[TOKEN_FOUND_MAX];
	CK_ATTRIBUTE want[] = { ATTR(CKA_CLASS, private_class),
		ATTR_N(CKA_LABEL, unfinished, sizeof unfinished - 1) };
	CK_ATTRIBUTE halves[] = { ATTR(CKA_CLASS, public_class),
		ATTR_N(CKA_LABEL, unfinished, sizeof unfinished - 1) };
	size_t n;
	struct err e = token_find(t, want, COUNT(want), all, &n);

	for (size_t i = 0; i < n && !err_is(e); i++) {
		uint8_t id[OBJECTS_ID] = { 0 };
		struct buf b = buf_make(id, sizeof id);

		log_line(LOG_NOTICE, "clearing a key left half-way");
		e = token_read(t, all[i], CKA_ID, &b);
		if (!err_is(e))
			e = b.n == OBJECTS_ID ? objects_erase(t, id)
					      : token_destroy(t, all[i]);
	}
	/* of a pair that was cut short before it had an id */
	return err_is(e) ? e : destroy_all(t, halves, COUNT(halves));
}
