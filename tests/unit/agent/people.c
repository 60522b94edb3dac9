/*
 * A CA of the tests' own and one invented person's certificate.
 */
#include "people.h"

#include <criterion/criterion.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

/* certificatePolicies with 1.2.410.200005.1.1.4 */
static const uint8_t policy_der[] = { 0x30, 0x0d, 0x30, 0x0b, 0x06, 0x09, 0x2a,
	0x83, 0x1a, 0x8c, 0x9a, 0x45, 0x01, 0x01, 0x04 };

static EVP_PKEY *ca_key;
static X509 *ca_cert;

static void
name_of(X509 *cert, const char *cn)
{
	X509_NAME *n = X509_NAME_new();

	X509_NAME_add_entry_by_txt(
	    n, "C", MBSTRING_ASC, (const unsigned char *)"kr", -1, -1, 0);
	X509_NAME_add_entry_by_txt(
	    n, "O", MBSTRING_UTF8, (const unsigned char *)"yessign", -1, -1, 0);
	X509_NAME_add_entry_by_txt(
	    n, "CN", MBSTRING_UTF8, (const unsigned char *)cn, -1, -1, 0);
	X509_set_subject_name(cert, n);
	X509_NAME_free(n);
}

static X509 *
make_cert(long serial, const char *cn, int64_t not_after, EVP_PKEY *key)
{
	X509 *c = X509_new();
	ASN1_OCTET_STRING *policies = ASN1_OCTET_STRING_new();
	X509_EXTENSION *ext;

	X509_set_version(c, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(c), serial);
	ASN1_TIME_set(X509_getm_notBefore(c), 1700000000);
	ASN1_TIME_set(X509_getm_notAfter(c), (time_t)not_after);
	name_of(c, cn);
	X509_set_issuer_name(
	    c, X509_get_subject_name(ca_cert == NULL ? c : ca_cert));
	X509_set_pubkey(c, key);
	ASN1_OCTET_STRING_set(policies, policy_der, sizeof policy_der);
	ext = X509_EXTENSION_create_by_NID(
	    NULL, NID_certificate_policies, 1, policies);
	cr_assert_eq(X509_add_ext(c, ext, -1), 1);
	X509_EXTENSION_free(ext);
	ASN1_OCTET_STRING_free(policies);
	cr_assert_gt(X509_sign(c, ca_key, EVP_sha256()), 0);
	return c;
}

void
people_issuer(const char *folder, struct conf_issuer *i)
{
	FILE *f;

	ca_key = EVP_EC_gen("P-256");
	ca_cert = make_cert(1, "yessignCA-Test", 2000000000, ca_key);
	strcpy(i->o, "yessign");
	strcpy(i->name, "금융결제원");
	i->ours = true;
	i->key_bits = 2048;
	snprintf(i->ca, sizeof i->ca, "%s/ca.pem", folder);
	strcpy(i->root, i->ca);
	strcpy(i->ra_cert, i->ca);
	snprintf(i->ra_key, sizeof i->ra_key, "%s/ra.key", folder);
	f = fopen(i->ca, "w");
	PEM_write_X509(f, ca_cert);
	fclose(f);
	f = fopen(i->ra_key, "w");
	PEM_write_PrivateKey(f, ca_key, NULL, NULL, 0, NULL, NULL);
	fclose(f);
}

json_t *
people_cert(long serial, int64_t not_after)
{
	X509 *c = make_cert(serial, "홍길동(HONG)0004049", not_after, ca_key);
	unsigned char *der = NULL;
	int n = i2d_X509(c, &der);
	json_t *v = rpc_bytes(span_make(der, (size_t)n));

	OPENSSL_free(der);
	X509_free(c);
	return v;
}

void
people_free(void)
{
	X509_free(ca_cert);
	EVP_PKEY_free(ca_key);
	ca_cert = NULL;
	ca_key = NULL;
}
