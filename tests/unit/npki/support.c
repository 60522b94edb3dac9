/*
 * The fixture, and a small CA of the Korean profile.
 */
#include "support.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "base/file.h"
#include "base/text.h"
#include "npki/name.h"
#include "npki/vid.h"

const uint8_t fixture_r[NPKI_R] = { 0x78, 0x58, 0xb4, 0x32, 0x83, 0x90, 0x80,
	0x51, 0x29, 0xf0, 0x1c, 0x97, 0xfe, 0x6c, 0xa4, 0xa5, 0x20, 0xcb, 0xd4,
	0x79 };

struct span
fixture_password(void)
{
	return span_str("WTuA8Ev0lWXVFSiI!");
}

void
npki_setup(void)
{
	struct err e = npki_init();

	cr_assert(eq(int, e.code, E_NONE), "%s", e.where);
}

void
expect_quiet(void)
{
	const char *reason = ERR_reason_error_string(ERR_peek_error());

	cr_expect(eq(ulong, ERR_peek_error(), 0), "left behind: %s",
	    reason == NULL ? "?" : reason);
}

struct span
bytes_span(const struct bytes *b)
{
	return span_make(b->p, b->n);
}

void
bytes_read(struct bytes *out, const char *path)
{
	struct buf b = buf_make(out->p, sizeof out->p);
	struct err e = file_read(&b, path);

	cr_assert(eq(int, e.code, E_NONE), "%s: %s", path, e.where);
	out->n = b.n;
}

struct bytes
bytes_hex(const char *hex)
{
	struct bytes out;
	struct buf b = buf_make(out.p, sizeof out.p);
	struct err e = hex_decode(&b, hex, strlen(hex));

	cr_assert(eq(int, e.code, E_NONE));
	out.n = b.n;
	return out;
}

void
fixture_key(struct npki_key *out)
{
	struct bytes file;
	struct err e;

	bytes_read(&file, DATA "signPri.key");
	e = npki_pri_read(out, bytes_span(&file), fixture_password());
	cr_assert(eq(int, e.code, E_NONE), "%s", e.where);
}

X509 *
fixture_cert(void)
{
	struct bytes file;
	X509 *cert;
	struct err e;

	bytes_read(&file, DATA "signCert.der");
	e = npki_cert_parse(&cert, bytes_span(&file));
	cr_assert(eq(int, e.code, E_NONE), "%s", e.where);
	return cert;
}

static void
name_set(X509 *cert, bool issuer, const char *o, const char *ou, const char *cn)
{
	struct name_part parts[] = { { "C", "kr" }, { "O", o }, { "OU", ou },
		{ "CN", cn } };
	X509_NAME *name;

	cr_assert(eq(int, name_build(&name, parts, 4).code, E_NONE));
	if (issuer)
		X509_set_issuer_name(cert, name);
	else
		X509_set_subject_name(cert, name);
	X509_NAME_free(name);
}

static void
ext_add(X509 *cert, X509 *issuer, int nid, const char *value)
{
	CONF *conf = NCONF_new(NULL);
	X509_EXTENSION *ext;
	X509V3_CTX ctx;

	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	X509V3_set_nconf(&ctx, conf);
	ext = X509V3_EXT_nconf_nid(conf, &ctx, nid, value);
	NCONF_free(conf);
	cr_assert(ext != NULL, "%s", value);
	X509_add_ext(cert, ext, -1);
	X509_EXTENSION_free(ext);
}

static X509 *
blank(EVP_PKEY *key, long serial, int64_t begins, int64_t ends)
{
	X509 *cert = X509_new();

	X509_set_version(cert, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), serial);
	ASN1_TIME_set(X509_getm_notBefore(cert), begins);
	ASN1_TIME_set(X509_getm_notAfter(cert), ends);
	X509_set_pubkey(cert, key);
	return cert;
}

static X509 *
authority(EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key, const char *cn)
{
	X509 *cert = blank(key, issuer == NULL ? 1 : 2, NOW - 86400 * 3650,
	    NOW + INT64_C(86400) * 3650);

	name_set(cert, false, "KISA", "Test Authority", cn);
	X509_set_issuer_name(
	    cert, X509_get_subject_name(issuer == NULL ? cert : issuer));
	ext_add(cert, cert, NID_basic_constraints, "critical,CA:TRUE");
	ext_add(cert, cert, NID_key_usage, "critical,keyCertSign,cRLSign");
	ext_add(cert, cert, NID_subject_key_identifier, "hash");
	if (issuer != NULL)
		ext_add(
		    cert, issuer, NID_authority_key_identifier, "keyid:always");
	cr_assert(X509_sign(cert, issuer_key, EVP_sha256()) > 0);
	return cert;
}

static void
root_make(struct pki *out)
{
	*out = (struct pki){ .root_key = EVP_RSA_gen(2048),
		.ca_key = EVP_RSA_gen(2048),
		.cas = sk_X509_new_null() };
	out->root = authority(
	    out->root_key, NULL, out->root_key, "Test RootCA");
}

void
pki_make(struct pki *out)
{
	root_make(out);
	out->ca = authority(
	    out->ca_key, out->root, out->root_key, "yessignCA-Test");
	sk_X509_push(out->cas, out->ca);
}

void
pki_make_long(struct pki *out)
{
	root_make(out);
	out->middle_key = EVP_RSA_gen(2048);
	out->middle = authority(
	    out->middle_key, out->root, out->root_key, "Test MiddleCA");
	out->ca = authority(
	    out->ca_key, out->middle, out->middle_key, "yessignCA-Test");
	sk_X509_push(out->cas, out->ca);
}

void
pki_free(struct pki *pki)
{
	EVP_PKEY_free(pki->root_key);
	EVP_PKEY_free(pki->middle_key);
	EVP_PKEY_free(pki->ca_key);
	X509_free(pki->root);
	X509_free(pki->middle);
	sk_X509_pop_free(pki->cas, X509_free);
}

static void
san_add(X509 *cert, bool critical)
{
	struct identify_data id = { .name = "홍길동", .has_vid = true };
	uint8_t der[256];
	struct buf b = buf_make(der, sizeof der);
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	X509_EXTENSION *ext;

	id.vid_n = vid_size(id.hash);
	cr_assert(
	    eq(int, vid_compute(id.vid, span_str(IDN), fixture_r, id.hash).code,
		E_NONE));
	cr_assert(eq(int, identify_data_encode(&b, &id).code, E_NONE));
	ASN1_OCTET_STRING_set(value, b.p, (int)b.n);
	ext = X509_EXTENSION_create_by_NID(
	    NULL, NID_subject_alt_name, critical, value);
	X509_add_ext(cert, ext, -1);
	X509_EXTENSION_free(ext);
	ASN1_OCTET_STRING_free(value);
}

static void
subject_plant(X509 *cert, int planted)
{
	X509_NAME *name = X509_NAME_new();
	static const uint8_t cn[] = "홍길동()000304120261122";
	int form = planted == FIND_NAME_TYPES ? V_ASN1_T61STRING
					      : V_ASN1_UTF8STRING;

	X509_NAME_add_entry_by_txt(
	    name, "C", V_ASN1_PRINTABLESTRING, (const uint8_t *)"kr", 2, -1, 0);
	X509_NAME_add_entry_by_txt(
	    name, "O", form, (const uint8_t *)"yessign", 7, -1, 0);
	X509_NAME_add_entry_by_txt(name,
	    planted == FIND_NAME_ORDER ? "L" : "OU", V_ASN1_UTF8STRING,
	    (const uint8_t *)"personal4IB", 11, -1, 0);
	X509_NAME_add_entry_by_txt(
	    name, "CN", V_ASN1_UTF8STRING, cn, sizeof cn - 1, -1, 0);
	X509_set_subject_name(cert, name);
	X509_NAME_free(name);
}

static const char *
usage_of(int planted)
{
	switch (planted) {
	case FIND_KEY_USAGE:
		return "digitalSignature,nonRepudiation";
	case OTHER_NO_USAGE:
	case OTHER_CA:
		return NULL;
	case OTHER_SIGN_ONLY:
		return "critical,digitalSignature";
	case OTHER_NEVER_SIGN:
		return "critical,keyEncipherment";
	case OTHER_CERT_SIGN:
		return "critical,digitalSignature,nonRepudiation,keyCertSign";
	default:
		return "critical,digitalSignature,nonRepudiation";
	}
}

X509 *
pki_issue(const struct pki *pki, EVP_PKEY *key, int planted)
{
	EVP_PKEY *small = planted == FIND_KEY ? EVP_RSA_gen(1024) : NULL;
	X509 *ca = pki->ca;
	X509 *cert = blank(small != NULL ? small : key,
	    planted == FIND_SERIAL ? -77 : 4562037,
	    LEAF_BEGINS + (planted == FIND_NOT_BEFORE_KST),
	    LEAF_ENDS - (planted == FIND_NOT_AFTER_KST));

	subject_plant(cert, planted);
	X509_set_issuer_name(cert, X509_get_subject_name(ca));
	ext_add(cert, ca, NID_authority_key_identifier,
	    planted == FIND_AKI ? "keyid:always"
				: "keyid:always,issuer:always");
	if (planted != FIND_SKI)
		ext_add(cert, ca, NID_subject_key_identifier, "hash");
	if (usage_of(planted) != NULL)
		ext_add(cert, ca, NID_key_usage, usage_of(planted));
	ext_add(cert, ca, NID_certificate_policies,
	    planted == FIND_POLICY_CRITICAL ? "1.2.410.200005.1.1.4"
	    : planted == FIND_POLICY_ONE ? "critical,1.2.410.200005.1.1.4,1.2.3"
	    : planted == FIND_POLICY_UNKNOWN ? "critical,1.2.410.200005.1.1.99"
					     : "critical,1.2.410.200005.1.1.4");
	if (planted != FIND_IDENTIFY_DATA && planted != OTHER_NO_USAGE &&
	    planted != OTHER_SIGN_ONLY)
		san_add(cert, false);
	if (planted != FIND_CRL_DP)
		ext_add(cert, ca, NID_crl_distribution_points,
		    "URI:http://127.0.0.1:1/crl");
	if (planted != FIND_AIA)
		ext_add(cert, ca, NID_info_access,
		    "OCSP;URI:http://127.0.0.1:1/ocsp");
	if (planted == FIND_BASIC_CONSTRAINTS || planted == OTHER_CA)
		ext_add(cert, ca, NID_basic_constraints,
		    planted == OTHER_CA ? "CA:TRUE" : "CA:FALSE");
	if (planted == FIND_EXT_KEY_USAGE)
		ext_add(cert, ca, NID_ext_key_usage, "clientAuth");
	if (planted == FIND_VERSION)
		X509_set_version(cert, X509_VERSION_1);
	cr_assert(
	    X509_sign(cert, pki->ca_key,
		planted == FIND_SIGNATURE ? EVP_sha1() : EVP_sha256()) > 0);
	EVP_PKEY_free(small);
	return cert;
}

struct bytes
cert_bytes(const X509 *cert)
{
	struct bytes out;
	uint8_t *p = out.p;

	out.n = (size_t)i2d_X509(cert, NULL);
	cr_assert(le(sz, out.n, sizeof out.p));
	i2d_X509(cert, &p);
	return out;
}

void
expect_text(const char *got, const char *want)
{
	cr_expect(strcmp(got, want) == 0, "got '%s', want '%s'", got, want);
}

void
expect_hex(struct span got, const char *want)
{
	char text[512];

	hex_encode(text, sizeof text, got);
	expect_text(text, want);
}
