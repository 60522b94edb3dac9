/*
 * npki/cert.c - what a certificate says, as plain data.
 */
#include "npki/cert.h"

#include <string.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/clock.h"
#include "base/text.h"

struct err
npki_cert_parse(X509 **out, struct span der)
{
	const uint8_t *p = der.p;
	uint8_t *again = NULL;
	X509 *cert;
	int n;

	*out = NULL;
	if (der.n > NPKI_CERT_MAX)
		return err_make(E_LIMIT, 0, "cert: size");
	ERR_set_mark();
	cert = der.n == 0 ? NULL : d2i_X509(NULL, &p, (long)der.n);
	/* d2i takes BER too, and stops early: only DER that fills `der` */
	n = cert == NULL ? -1 : i2d_X509(cert, &again);
	if (n < 0 || (size_t)n != der.n || memcmp(again, der.p, der.n) != 0) {
		X509_free(cert);
		cert = NULL;
	}
	OPENSSL_free(again);
	ERR_pop_to_mark();
	*out = cert;
	return cert == NULL ? err_make(E_FORMAT, 0, "cert: parse") : err_none();
}

struct err
npki_cert_parse_any(X509 **out, struct span data)
{
	struct err e;
	uint8_t *der = NULL;
	X509 *cert = NULL;
	BIO *bio;
	int n;

	if (data.n == 0 || data.p[0] == 0x30)
		return npki_cert_parse(out, data);
	*out = NULL;
	if (data.n > 2 * NPKI_CERT_MAX)
		return err_make(E_LIMIT, 0, "cert: size");
	if ((bio = BIO_new_mem_buf(data.p, (int)data.n)) == NULL)
		return err_make(E_NOMEM, 0, "cert: parse");
	ERR_set_mark();
	e = err_make(E_FORMAT, 0, "cert: parse");
	cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	if (cert != NULL && (n = i2d_X509(cert, &der)) > 0)
		e = npki_cert_parse(out, span_make(der, (size_t)n));
	OPENSSL_free(der);
	X509_free(cert);
	BIO_free(bio);
	ERR_pop_to_mark();
	return e;
}

static struct err
unix_time(int64_t *out, const ASN1_TIME *t)
{
	struct tm tm;
	struct civil c;

	if (ASN1_TIME_to_tm(t, &tm) != 1)
		return err_make(E_FORMAT, 0, "cert: time");
	c = (struct civil){ .year = tm.tm_year + 1900,
		.month = tm.tm_mon + 1,
		.day = tm.tm_mday,
		.hour = tm.tm_hour,
		.minute = tm.tm_min,
		.second = tm.tm_sec };
	/* the fields are UTC, civil_to_unix reads them as Korean time */
	*out = civil_to_unix(&c) + KST_OFFSET_S;
	return err_none();
}

static struct err
serial_text(char out[static CERT_SERIAL_TEXT], const X509 *cert)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(cert);
	size_t n = (size_t)ASN1_STRING_length(serial);

	if (HEX_TEXT(n) > CERT_SERIAL_TEXT)
		return err_make(E_LIMIT, 0, "cert: serial");
	hex_encode(
	    out, CERT_SERIAL_TEXT, span_make(ASN1_STRING_get0_data(serial), n));
	return err_none();
}

/* An address worth showing: printable ASCII that fits, otherwise left "". */
static void
url_copy(char out[static CERT_URL], const ASN1_STRING *s)
{
	int n = ASN1_STRING_length(s);
	const uint8_t *p = ASN1_STRING_get0_data(s);

	if (n <= 0 || n >= CERT_URL)
		return;
	for (int i = 0; i < n; i++)
		if (p[i] <= ' ' || p[i] > '~')
			return;
	memcpy(out, p, (size_t)n);
	out[n] = '\0';
}

static void
ocsp_url(char out[static CERT_URL], const X509 *cert)
{
	AUTHORITY_INFO_ACCESS *aia = X509_get_ext_d2i(
	    cert, NID_info_access, NULL, NULL);

	for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(aia); i++) {
		const ACCESS_DESCRIPTION *d = sk_ACCESS_DESCRIPTION_value(
		    aia, i);

		if (OBJ_obj2nid(d->method) == NID_ad_OCSP &&
		    d->location->type == GEN_URI) {
			url_copy(out, d->location->d.uniformResourceIdentifier);
			break;
		}
	}
	AUTHORITY_INFO_ACCESS_free(aia);
}

static void
crl_url(char out[static CERT_URL], const X509 *cert)
{
	CRL_DIST_POINTS *dps = X509_get_ext_d2i(
	    cert, NID_crl_distribution_points, NULL, NULL);

	for (int i = 0; i < sk_DIST_POINT_num(dps) && out[0] == '\0'; i++) {
		const DIST_POINT *dp = sk_DIST_POINT_value(dps, i);
		const GENERAL_NAMES *names;

		if (dp->distpoint == NULL || dp->distpoint->type != 0)
			continue;
		names = dp->distpoint->name.fullname;
		for (int j = 0; j < sk_GENERAL_NAME_num(names); j++) {
			const GENERAL_NAME *name = sk_GENERAL_NAME_value(
			    names, j);

			if (name->type == GEN_URI && out[0] == '\0')
				url_copy(
				    out, name->d.uniformResourceIdentifier);
		}
	}
	CRL_DIST_POINTS_free(dps);
}

static struct err
policy_of(struct npki_cert_info *out, const X509 *cert)
{
	CERTIFICATEPOLICIES *policies = X509_get_ext_d2i(
	    cert, NID_certificate_policies, NULL, NULL);
	struct err e = err_none();

	if (sk_POLICYINFO_num(policies) > 0) {
		const POLICYINFO *first = sk_POLICYINFO_value(policies, 0);
		int n = OBJ_obj2txt(
		    out->policy_oid, POLICY_OID, first->policyid, 1);

		if (n <= 0 || n >= POLICY_OID)
			e = err_make(E_LIMIT, 0, "cert: policy");
		else
			out->policy = npki_policy_find(out->policy_oid);
	}
	CERTIFICATEPOLICIES_free(policies);
	return e;
}

struct err
npki_cert_spki(struct buf *out, const X509 *cert)
{
	uint8_t *der = NULL;
	int n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &der);

	if (n <= 0)
		return err_make(E_CRYPTO, 0, "cert: public key");
	if (out->cap - out->n < (size_t)n)
		out->full = true;
	else
		buf_add(out, der, (size_t)n);
	OPENSSL_free(der);
	return out->full ? err_make(E_LIMIT, 0, "cert: public key")
			 : err_none();
}

static struct err
digests(struct npki_cert_info *out, const X509 *cert)
{
	uint8_t bytes[NPKI_CERT_MAX];
	struct buf spki = buf_make(bytes, sizeof bytes);
	struct err e = npki_cert_spki(&spki, cert);

	if (err_is(e))
		return e;
	if (EVP_Digest(spki.p, spki.n, out->spki_sha256, NULL, EVP_sha256(),
		NULL) != 1 ||
	    X509_digest(cert, EVP_sha256(), out->sha256, NULL) != 1)
		return err_make(E_CRYPTO, 0, "cert: hash");
	return err_none();
}

/* An absent attribute leaves its text empty. */
static struct err
absent_is_fine(struct err e)
{
	return e.code == E_NOTFOUND ? err_none() : e;
}

static struct err
names_of(struct npki_cert_info *out, const X509 *cert)
{
	const X509_NAME *subject = X509_get_subject_name(cert);
	const X509_NAME *issuer = X509_get_issuer_name(cert);
	struct err e = name_text(out->subject, subject);

	if (!err_is(e))
		e = name_leaf(out->leaf, subject);
	if (!err_is(e))
		e = absent_is_fine(name_org(out->org, subject));
	if (!err_is(e))
		e = absent_is_fine(name_cn(out->cn, subject));
	if (!err_is(e))
		e = name_text(out->issuer, issuer);
	if (!err_is(e))
		e = absent_is_fine(name_cn(out->issuer_cn, issuer));
	name_person(out->person, sizeof out->person, out->cn);
	return e;
}

static void
key_of(struct npki_cert_info *out, const X509 *cert)
{
	const EVP_PKEY *key = X509_get0_pubkey(cert);
	const char *type = key == NULL ? NULL
				       : OBJ_nid2sn(EVP_PKEY_get_base_id(key));

	if (type != NULL) {
		bool rsa = EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA;
		bool ec = EVP_PKEY_get_base_id(key) == EVP_PKEY_EC;

		str_copy(out->key_type, sizeof out->key_type,
		    rsa	 ? "RSA"
		    : ec ? "EC"
			 : type);
		out->key_bits = EVP_PKEY_get_bits(key);
	}
}

static struct err
info_fill(struct npki_cert_info *out, const X509 *cert)
{
	ASN1_BIT_STRING *usage;
	struct err e = names_of(out, cert);

	if (!err_is(e))
		e = serial_text(out->serial, cert);
	if (!err_is(e))
		e = unix_time(&out->not_before, X509_get0_notBefore(cert));
	if (!err_is(e))
		e = unix_time(&out->not_after, X509_get0_notAfter(cert));
	if (!err_is(e))
		e = policy_of(out, cert);
	if (!err_is(e))
		e = digests(out, cert);
	if (err_is(e))
		return e;
	usage = X509_get_ext_d2i(cert, NID_key_usage, NULL, NULL);
	if (usage != NULL) {
		const uint8_t *bits = ASN1_STRING_get0_data(usage);
		int n = ASN1_STRING_length(usage);

		out->has_key_usage = true;
		out->key_usage = (n > 0 ? bits[0] : 0u) |
				 (n > 1 ? (uint32_t)bits[1] << 8 : 0u);
		ASN1_BIT_STRING_free(usage);
	}
	key_of(out, cert);
	ocsp_url(out->ocsp_url, cert);
	crl_url(out->crl_url, cert);
	/*
	 * A certificate with odd identifyData can still be named, listed and
	 * put on hold; the profile check is what refuses it.
	 */
	e = identify_data_of(&out->identify, cert);
	out->has_identify = !err_is(e);
	if (err_is(e))
		memset(&out->identify, 0, sizeof out->identify);
	return err_none();
}

struct err
npki_cert_info(struct npki_cert_info *out, const X509 *cert)
{
	struct err e;

	memset(out, 0, sizeof *out);
	ERR_set_mark();
	e = info_fill(out, cert);
	ERR_pop_to_mark();
	if (err_is(e))
		memset(out, 0, sizeof *out);
	return e;
}

struct err
npki_cert_info_der(struct npki_cert_info *out, struct span der)
{
	X509 *cert;
	struct err e = npki_cert_parse(&cert, der);

	memset(out, 0, sizeof *out);
	if (!err_is(e))
		e = npki_cert_info(out, cert);
	X509_free(cert);
	return e;
}
