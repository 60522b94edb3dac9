/*
 * npki/npki.c - providers and OIDs.
 */
#include "npki/npki.h"

#include <openssl/objects.h>
#include <openssl/provider.h>
#include <openssl/rand.h>

struct oid_row {
	const char *text;
	const char *name;
	uint8_t n;
	uint8_t der[14];
};

/* clang-format off */
static const struct oid_row oids[NPKI_OID_COUNT] = {
	[NPKI_OID_SEED_CBC_SHA1] = { "1.2.410.200004.1.15", "seedCBCWithSHA1",
	    10, "\x06\x08\x2a\x83\x1a\x8c\x9a\x44\x01\x0f" },
	[NPKI_OID_SEED_CBC] = { "1.2.410.200004.1.4", "SEED-CBC",
	    10, "\x06\x08\x2a\x83\x1a\x8c\x9a\x44\x01\x04" },
	[NPKI_OID_IDENTIFY_DATA] = { "1.2.410.200004.10.1.1",
	    "npkiIdentifyData",
	    11, "\x06\x09\x2a\x83\x1a\x8c\x9a\x44\x0a\x01\x01" },
	[NPKI_OID_VID] = { "1.2.410.200004.10.1.1.1", "npkiVID",
	    12, "\x06\x0a\x2a\x83\x1a\x8c\x9a\x44\x0a\x01\x01\x01" },
	[NPKI_OID_ENCRYPTED_VID] = { "1.2.410.200004.10.1.1.2",
	    "npkiEncryptedVID",
	    12, "\x06\x0a\x2a\x83\x1a\x8c\x9a\x44\x0a\x01\x01\x02" },
	[NPKI_OID_RANDOM_NUM] = { "1.2.410.200004.10.1.1.3", "npkiRandomNum",
	    12, "\x06\x0a\x2a\x83\x1a\x8c\x9a\x44\x0a\x01\x01\x03" },
};
/* clang-format on */

/* Process-wide, as OpenSSL's own provider and object tables are. */
static struct {
	OSSL_PROVIDER *legacy, *standard;
	int nid[NPKI_OID_COUNT];
} lib;

static struct err
register_oids(void)
{
	for (int i = 0; i < NPKI_OID_COUNT; i++) {
		int nid = OBJ_txt2nid(oids[i].text);

		if (nid == NID_undef)
			nid = OBJ_create(
			    oids[i].text, oids[i].name, oids[i].name);
		if (nid == NID_undef)
			return err_make(E_CRYPTO, 0, "npki: oid");
		lib.nid[i] = nid;
	}
	return err_none();
}

struct err
npki_init(void)
{
	struct err e;

	if (lib.legacy != NULL)
		return err_none();
	lib.legacy = OSSL_PROVIDER_load(NULL, "legacy");
	if (lib.legacy == NULL)
		return err_make(E_CRYPTO, 0, "npki: legacy provider");
	lib.standard = OSSL_PROVIDER_load(NULL, "default");
	e = lib.standard == NULL
		? err_make(E_CRYPTO, 0, "npki: default provider")
		: register_oids();
	if (err_is(e))
		npki_free();
	return e;
}

void
npki_free(void)
{
	if (lib.standard != NULL)
		OSSL_PROVIDER_unload(lib.standard);
	if (lib.legacy != NULL)
		OSSL_PROVIDER_unload(lib.legacy);
	lib.standard = lib.legacy = NULL;
}

int
npki_oid_nid(enum npki_oid oid)
{
	return lib.nid[oid];
}

const char *
npki_oid_text(enum npki_oid oid)
{
	return oids[oid].text;
}

struct span
npki_oid_der(enum npki_oid oid)
{
	return span_make(oids[oid].der, oids[oid].n);
}

struct err
npki_make_r(uint8_t r_secret[static NPKI_R])
{
	if (RAND_priv_bytes(r_secret, NPKI_R) != 1)
		return err_make(E_CRYPTO, 0, "npki: random");
	return err_none();
}
