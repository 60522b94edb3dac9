/*
 * key/warm.c - first uses, before the jail is closed.
 *
 * jansson seeds its hash tables from a file, the C library reads its time
 * zone, OpenSSL fetches algorithms, ASN.1 tables and error strings.
 */
#include <jansson.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <time.h>

#include "npki/pri.h"
#include "peer/cmp.h"
#include "prog/key/worker.h"

enum { SMALL_KEY = 1024 };

static void
warm_library(void)
{
	time_t now = time(NULL);
	struct tm tm;

	/* times in messages are UTC: no zone file is ever wanted */
	(void)setenv("TZ", "UTC0", 1);
	tzset();
	(void)localtime_r(&now, &tm);
	json_object_seed(0);
	json_decref(json_object());
}

/* A small key through the writer and the reader: RSA, SEED, SHA-1, ASN.1. */
static struct err
warm_key(void)
{
	static const uint8_t word[] = "warm-up0!";
	uint8_t room[PRI_PLAIN_MAX];
	struct buf out = buf_make(room, sizeof room);
	struct npki_key key = { 0 }, again = { 0 };
	struct span password = span_make(word, sizeof word - 1);
	struct err e;

	if ((key.pkey = EVP_RSA_gen(SMALL_KEY)) == NULL)
		return err_make(E_CRYPTO, 0, "warm: key");
	e = npki_make_r(key.r_secret);
	key.has_r = true;
	if (!err_is(e))
		e = npki_pri_write(&out, &key, PRI_FORM_SEED_SHA1, password);
	if (!err_is(e))
		e = npki_pri_read(&again, buf_span(&out), password);
	npki_key_free(&key);
	npki_key_free(&again);
	return e;
}

static bool
warm_tables(void)
{
	OSSL_CMP_CTX *ctx = OSSL_CMP_CTX_new(NULL, NULL);
	CMS_ContentInfo *cms = CMS_ContentInfo_new();
	OSSL_CRMF_MSG *crmf = OSSL_CRMF_MSG_new();
	X509_STORE *store = X509_STORE_new();
	bool ok = ctx != NULL && cms != NULL && crmf != NULL && store != NULL;

	OSSL_CMP_CTX_free(ctx);
	CMS_ContentInfo_free(cms);
	OSSL_CRMF_MSG_free(crmf);
	X509_STORE_free(store);
	return ok;
}

struct err
worker_warm_up(void)
{
	unsigned char byte;
	struct err e;

	warm_library();
	if (RAND_bytes(&byte, 1) != 1 || RAND_priv_bytes(&byte, 1) != 1 ||
	    !warm_tables())
		return err_make(E_CRYPTO, 0, "warm: libraries");
	e = warm_key();
	ERR_clear_error();
	return e;
}
