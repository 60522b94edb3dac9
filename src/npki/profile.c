/*
 * npki/profile.c - does a certificate look as the Korean profile says?
 */
#include "npki/profile.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "base/clock.h"
#include "npki/cert.h"

enum { DAY_S = 24 * 3600 };

/* clang-format off */
static const struct {
	const char *name, *text;
} finding[FIND_COUNT] = {
	[FIND_VERSION] = { "version", "The certificate is not version 3." },
	[FIND_SIGNATURE] = { "signature",
	    "It is not signed by RSA with SHA-256 or better." },
	[FIND_KEY] = { "key", "The key is not RSA of 2048 bits or more." },
	[FIND_SERIAL] = { "serial", "The serial number is not positive." },
	[FIND_NAME_ORDER] = { "name_order",
	    "The subject is not in the order C, O, OU, CN." },
	[FIND_NAME_TYPES] = { "name_types",
	    "The subject is not PrintableString for C, UTF8String else." },
	[FIND_NOT_BEFORE_KST] = { "not_before_kst",
	    "It does not begin at 00:00:00 Korean time." },
	[FIND_NOT_AFTER_KST] = { "not_after_kst",
	    "It does not end at 23:59:59 Korean time." },
	[FIND_AKI] = { "aki",
	    "authorityKeyIdentifier lacks key id, issuer or serial." },
	[FIND_SKI] = { "ski", "subjectKeyIdentifier is not 20 bytes." },
	[FIND_KEY_USAGE] = { "key_usage", "keyUsage is not critical "
	    "digitalSignature and nonRepudiation." },
	[FIND_POLICY_CRITICAL] = { "policy_critical",
	    "certificatePolicies is absent or not critical." },
	[FIND_POLICY_ONE] = { "policy_one", "There is not exactly one policy." },
	[FIND_POLICY_UNKNOWN] = { "policy_unknown",
	    "The policy is not a known product." },
	[FIND_IDENTIFY_DATA] = { "identify_data",
	    "subjectAltName has no identifyData with a VID." },
	[FIND_CRL_DP] = { "crl_dp", "There is no CRL distribution point." },
	[FIND_AIA] = { "aia", "There is no OCSP address." },
	[FIND_BASIC_CONSTRAINTS] = { "basic_constraints",
	    "basicConstraints is present." },
	[FIND_EXT_KEY_USAGE] = { "ext_key_usage", "extKeyUsage is present." },
};
/* clang-format on */

const char *
npki_finding_name(enum npki_finding f)
{
	return f < FIND_COUNT ? finding[f].name : "unknown";
}

const char *
npki_finding_text(enum npki_finding f)
{
	return f < FIND_COUNT ? finding[f].text : "";
}

/* An extension's value and whether it is critical; false when absent. */
static bool
extension(struct span *value, bool *critical, const X509 *cert, int nid)
{
	int at = X509_get_ext_by_NID(cert, nid, -1);
	X509_EXTENSION *ext;
	const ASN1_OCTET_STRING *data;

	*value = span_make(NULL, 0);
	*critical = false;
	if (at < 0)
		return false;
	ext = X509_get_ext(cert, at);
	data = X509_EXTENSION_get_data(ext);
	*value = span_make(
	    ASN1_STRING_get0_data(data), (size_t)ASN1_STRING_length(data));
	*critical = X509_EXTENSION_get_critical(ext) == 1;
	return true;
}

static bool
name_order_good(const X509_NAME *name)
{
	int n = X509_NAME_entry_count(name);

	for (int i = 0; i < n; i++) {
		int nid = OBJ_obj2nid(
		    X509_NAME_ENTRY_get_object(X509_NAME_get_entry(name, i)));
		int want = i == 0	? NID_countryName
			   : i == 1	? NID_organizationName
			   : i == n - 1 ? NID_commonName
					: NID_organizationalUnitName;

		if (nid != want)
			return false;
	}
	return n >= 3;
}

static bool
name_types_good(const X509_NAME *name)
{
	for (int i = 0; i < X509_NAME_entry_count(name); i++) {
		const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, i);
		bool country = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry)) ==
			       NID_countryName;

		if (ASN1_STRING_type(X509_NAME_ENTRY_get_data(entry)) !=
		    (country ? V_ASN1_PRINTABLESTRING : V_ASN1_UTF8STRING))
			return false;
	}
	return true;
}

static bool
signature_good(const X509 *cert)
{
	int nid = X509_get_signature_nid(cert);

	return nid == NID_sha256WithRSAEncryption ||
	       nid == NID_sha384WithRSAEncryption ||
	       nid == NID_sha512WithRSAEncryption;
}

static bool
key_good(const X509 *cert)
{
	const EVP_PKEY *key = X509_get0_pubkey(cert);

	return key != NULL && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA &&
	       EVP_PKEY_get_bits(key) >= 2048;
}

static bool
serial_good(const X509 *cert)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(cert);

	return ASN1_STRING_type(serial) == V_ASN1_INTEGER &&
	       ASN1_STRING_length(serial) > 0 &&
	       (ASN1_STRING_length(serial) > 1 ||
		   ASN1_STRING_get0_data(serial)[0] != 0);
}

static uint32_t
check_identifiers(const X509 *cert)
{
	AUTHORITY_KEYID *aki;
	struct span value;
	uint32_t found = 0;
	bool critical;

	aki = X509_get_ext_d2i(cert, NID_authority_key_identifier, NULL, NULL);
	(void)extension(&value, &critical, cert, NID_authority_key_identifier);
	if (aki == NULL || critical || aki->keyid == NULL ||
	    aki->issuer == NULL || aki->serial == NULL)
		found |= 1u << FIND_AKI;
	AUTHORITY_KEYID_free(aki);
	/* OCTET STRING of 20 bytes */
	if (!extension(&value, &critical, cert, NID_subject_key_identifier) ||
	    critical || value.n != 22 || value.p[0] != 0x04)
		found |= 1u << FIND_SKI;
	return found;
}

static uint32_t
check_policy(const X509 *cert)
{
	CERTIFICATEPOLICIES *policies;
	struct span value;
	char oid[POLICY_OID];
	uint32_t found = 0;
	bool critical;

	if (!extension(&value, &critical, cert, NID_certificate_policies) ||
	    !critical)
		found |= 1u << FIND_POLICY_CRITICAL;
	policies = X509_get_ext_d2i(cert, NID_certificate_policies, NULL, NULL);
	if (sk_POLICYINFO_num(policies) != 1) {
		found |= 1u << FIND_POLICY_ONE;
	} else {
		int n = OBJ_obj2txt(oid, sizeof oid,
		    sk_POLICYINFO_value(policies, 0)->policyid, 1);

		if (n <= 0 || n >= (int)sizeof oid ||
		    npki_policy_find(oid) == NULL)
			found |= 1u << FIND_POLICY_UNKNOWN;
	}
	CERTIFICATEPOLICIES_free(policies);
	return found;
}

static uint32_t
check_extensions(const X509 *cert)
{
	static const uint8_t usage[] = { 0x03, 0x02, 0x06, 0xc0 };
	struct identify_data id;
	struct span value;
	uint32_t found = check_identifiers(cert) | check_policy(cert);
	bool critical;

	if (!extension(&value, &critical, cert, NID_key_usage) || !critical ||
	    !span_eq(value, span_make(usage, sizeof usage)))
		found |= 1u << FIND_KEY_USAGE;
	if (!extension(&value, &critical, cert, NID_subject_alt_name) ||
	    critical || err_is(identify_data_decode(&id, value)) || !id.has_vid)
		found |= 1u << FIND_IDENTIFY_DATA;
	if (X509_get_ext_by_NID(cert, NID_crl_distribution_points, -1) < 0)
		found |= 1u << FIND_CRL_DP;
	if (extension(&value, &critical, cert, NID_basic_constraints))
		found |= 1u << FIND_BASIC_CONSTRAINTS;
	if (extension(&value, &critical, cert, NID_ext_key_usage))
		found |= 1u << FIND_EXT_KEY_USAGE;
	return found;
}

/* Whole days in Korea, and an OCSP address. */
static uint32_t
check_info(const X509 *cert)
{
	struct npki_cert_info info;
	uint32_t found = 0;

	if (err_is(npki_cert_info(&info, cert)))
		return 1u << FIND_NOT_BEFORE_KST | 1u << FIND_NOT_AFTER_KST |
		       1u << FIND_AIA;
	if ((info.not_before + KST_OFFSET_S) % DAY_S != 0)
		found |= 1u << FIND_NOT_BEFORE_KST;
	if ((info.not_after + KST_OFFSET_S + 1) % DAY_S != 0)
		found |= 1u << FIND_NOT_AFTER_KST;
	if (info.ocsp_url[0] == '\0')
		found |= 1u << FIND_AIA;
	return found;
}

void
npki_profile_check(uint32_t *findings, const X509 *cert)
{
	const X509_NAME *subject = X509_get_subject_name(cert);
	uint32_t found;

	ERR_set_mark();
	found = check_extensions(cert) | check_info(cert);
	if (X509_get_version(cert) != X509_VERSION_3)
		found |= 1u << FIND_VERSION;
	if (!signature_good(cert))
		found |= 1u << FIND_SIGNATURE;
	if (!key_good(cert))
		found |= 1u << FIND_KEY;
	if (!serial_good(cert))
		found |= 1u << FIND_SERIAL;
	if (!name_order_good(subject))
		found |= 1u << FIND_NAME_ORDER;
	if (!name_types_good(subject))
		found |= 1u << FIND_NAME_TYPES;
	ERR_pop_to_mark();
	*findings = found;
}
