/*
 * bench/crypto.c - signPri.key and key pairs against bare OpenSSL.
 */
#include "bench.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <string.h>

#include "npki/npki.h"
#include "npki/pri.h"

#define PASSWORD "Sea-gull#2026x"

enum { FILE_ROOM = 8192, PBE_RUNS = 101 };

struct pri_bench {
	struct npki_key key;
	uint8_t file[FILE_ROOM], plain_secret[FILE_ROOM];
	size_t file_n, plain_n;
	bool encrypt;
};

static bool
write_file(void *ctx)
{
	struct pri_bench *b = ctx;
	struct buf out = buf_make(b->file, sizeof b->file);
	struct err e = npki_pri_write(
	    &out, &b->key, PRI_FORM_SEED_SHA1, span_str(PASSWORD));

	b->file_n = out.n;
	return !err_is(e);
}

static bool
read_file(void *ctx)
{
	struct pri_bench *b = ctx;
	struct npki_key key;
	struct err e = npki_pri_read(
	    &key, span_make(b->file, b->file_n), span_str(PASSWORD));

	if (!err_is(e))
		npki_key_free(&key);
	return !err_is(e);
}

/* The next digest over what it gave before, in a context that is kept. */
static bool
again(EVP_MD_CTX *c, const uint8_t *in, size_t n, uint8_t *out)
{
	return EVP_DigestInit_ex(c, NULL, NULL) == 1 &&
	       EVP_DigestUpdate(c, in, n) == 1 &&
	       EVP_DigestFinal_ex(c, out, NULL) == 1;
}

/* PBKDF1 (RFC 8018 5.1) of as many rounds, and SEED-CBC over as many bytes. */
static bool
bare_seed(void *ctx)
{
	struct pri_bench *b = ctx;
	size_t n = b->encrypt ? b->plain_n : b->plain_n / 16 * 16;
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	uint8_t dk[EVP_MAX_MD_SIZE], iv[EVP_MAX_MD_SIZE], out[FILE_ROOM + 64];
	uint8_t first[sizeof PASSWORD - 1 + PRI_SALT] = PASSWORD;
	int done = 0;
	bool good = c != NULL && md != NULL &&
		    EVP_DigestInit_ex(md, EVP_sha1(), NULL) == 1 &&
		    again(md, first, sizeof first, dk);

	for (int i = 1; i < PRI_ITER && good; i++)
		good = again(md, dk, 20, dk);
	good = good && again(md, dk + 16, 4, iv) &&
	       EVP_CipherInit_ex(c, EVP_get_cipherbyname("SEED-CBC"), NULL, dk,
		   iv, b->encrypt) == 1 &&
	       EVP_CIPHER_CTX_set_padding(c, b->encrypt) == 1 &&
	       EVP_CipherUpdate(c, out, &done, b->plain_secret, (int)n) == 1;
	EVP_CIPHER_CTX_free(c);
	EVP_MD_CTX_free(md);
	return good && done > 0;
}

static bool
make_pair(void *ctx)
{
	EVP_PKEY *pkey = EVP_RSA_gen(2048);

	EVP_PKEY_free(pkey);
	return pkey != NULL;
}

bool
bench_crypto(void)
{
	static struct pri_bench b;
	struct buf plain = buf_make(b.plain_secret, sizeof b.plain_secret);
	double us, bare;
	bool good = !err_is(npki_init()) &&
		    (b.key.pkey = EVP_RSA_gen(2048)) != NULL &&
		    !err_is(npki_make_r(b.key.r_secret));

	b.key.has_r = true;
	if (!good || err_is(npki_pri_plain_encode(&plain, &b.key)))
		return false;
	b.plain_n = plain.n;
	us = bench_time(PBE_RUNS, write_file, &b);
	b.encrypt = true;
	bare = bench_time(PBE_RUNS, bare_seed, &b);
	bench_row("signPri.key encrypt", us / 1e3, "ms", "bare PBKDF1 and SEED",
	    bare / 1e3);
	good = us > 0 && bare > 0;
	us = bench_time(PBE_RUNS, read_file, &b);
	b.encrypt = false;
	bare = bench_time(PBE_RUNS, bare_seed, &b);
	bench_row("signPri.key decrypt", us / 1e3, "ms", "bare PBKDF1 and SEED",
	    bare / 1e3);
	good = good && us > 0 && bare > 0;
	npki_key_free(&b.key);
	return good;
}

double
bench_bare_pair_us(void)
{
	return bench_time(BENCH_PAIRS, make_pair, NULL);
}
