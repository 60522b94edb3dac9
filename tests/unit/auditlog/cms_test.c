/*
 * cms: sealed for head office, opened by it and by openssl, by nobody else.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/cms.h"
#include "base/file.h"
#include "world.h"

static const int64_t now = 1800000000;

struct party {
	uint8_t cert_room[2048], key_room[4096];
	struct buf cert, key;
};

static void
party_make(struct party *p, const char *type, int bits)
{
	p->cert = buf_make(p->cert_room, sizeof p->cert_room);
	p->key = buf_make(p->key_room, sizeof p->key_room);
	world_certificate(&p->cert, &p->key, type, bits, 100000);
}

static const struct {
	const char *type;
	int bits;
	size_t most; /* bytes a blob of 200 may have */
} kinds[] = { { "EC", 256, 540 }, { "RSA", 2048, 680 }, { "RSA", 3072, 810 } };

Test(cms, what_is_sealed_opens_and_says_how)
{
	static const char data[200] = "resident number and the like";
	struct span in = span_make(data, sizeof data);

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct party p;
		uint8_t sealed_room[CMS_BLOB], room[CMS_DATA];
		struct buf sealed = buf_make(sealed_room, sizeof sealed_room);
		struct buf plain = buf_make(room, sizeof room);

		party_make(&p, kinds[i].type, kinds[i].bits);
		cr_assert(
		    not(err_is(cms_seal(&sealed, buf_span(&p.cert), in, now))));
		cr_expect(sealed.n > in.n && sealed.n < kinds[i].most, "%zu",
		    sealed.n);
		cr_expect(memmem(sealed.p, sealed.n, data, 20) == NULL);
		cr_assert(not(err_is(cms_open(&plain, buf_span(&p.cert),
		    buf_span(&p.key), buf_span(&sealed)))));
		cr_expect(span_eq(buf_span(&plain), in));
		/* twice the same is not the same */
		uint8_t other_room[CMS_BLOB];
		struct buf other = buf_make(other_room, sizeof other_room);
		cr_assert(
		    not(err_is(cms_seal(&other, buf_span(&p.cert), in, now))));
		cr_expect(not(span_eq(buf_span(&sealed), buf_span(&other))));
	}
}

Test(cms, a_changed_bit_or_another_key_does_not_open)
{
	struct party p, q;
	uint8_t sealed_room[CMS_BLOB], room[CMS_DATA];
	struct buf sealed = buf_make(sealed_room, sizeof sealed_room);

	party_make(&p, "EC", 256);
	party_make(&q, "EC", 256);
	cr_assert(not(err_is(
	    cms_seal(&sealed, buf_span(&p.cert), span_str("secret"), now))));
	for (size_t i = 0; i < sealed.n; i++) {
		struct buf plain = buf_make(room, sizeof room);

		sealed.p[i] ^= 0x10;
		/* what is not under the seal may change without harm */
		if (!err_is(cms_open(&plain, buf_span(&p.cert),
			buf_span(&p.key), buf_span(&sealed))))
			cr_expect(
			    span_eq(buf_span(&plain), span_str("secret")));
		else
			cr_expect(eq(sz, plain.n, 0));
		sealed.p[i] ^= 0x10;
	}
	struct buf plain = buf_make(room, sizeof room);
	cr_expect(err_is(cms_open(
	    &plain, buf_span(&q.cert), buf_span(&q.key), buf_span(&sealed))));
	/* its last bytes are the tag */
	sealed.p[sealed.n - 1] ^= 1;
	cr_expect(eq(int,
	    (int)cms_open(
		&plain, buf_span(&p.cert), buf_span(&p.key), buf_span(&sealed))
		.code,
	    E_MISMATCH));
}

Test(cms, a_certificate_that_will_not_do_is_told_beforehand)
{
	struct party p;
	static const struct {
		const char *type;
		int bits;
		enum err_code code;
	} rows[] = { { "EC", 256, E_NONE }, { "EC", 384, E_UNSUPPORTED },
		{ "RSA", 2048, E_NONE }, { "RSA", 1024, E_UNSUPPORTED } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		party_make(&p, rows[i].type, rows[i].bits);
		cr_expect(
		    eq(int, (int)cms_check_cert(buf_span(&p.cert), now).code,
			(int)rows[i].code),
		    "%s %d", rows[i].type, rows[i].bits);
	}
	party_make(&p, "EC", 256);
	cr_expect(
	    eq(int, (int)cms_check_cert(buf_span(&p.cert), 1).code, E_EXPIRED));
	cr_expect(eq(int,
	    (int)cms_check_cert(buf_span(&p.cert), INT64_C(1) << 40).code,
	    E_EXPIRED));
	for (size_t n = 0; n < p.cert.n; n += 7)
		cr_expect(eq(int,
		    (int)cms_check_cert(span_make(p.cert.p, n), now).code,
		    E_FORMAT));
}

Test(cms, too_much_or_too_little_room_is_an_error)
{
	static uint8_t big[CMS_DATA + 1], room[CMS_BLOB];
	struct party p;
	struct buf b = buf_make(room, sizeof room);

	party_make(&p, "RSA", 3072);
	cr_expect(eq(int,
	    (int)cms_seal(
		&b, buf_span(&p.cert), span_make(big, sizeof big), now)
		.code,
	    E_LIMIT));
	cr_expect(not(err_is(
	    cms_seal(&b, buf_span(&p.cert), span_make(big, CMS_DATA), now))));
	b = buf_make(room, 100);
	cr_expect(eq(int,
	    (int)cms_seal(&b, buf_span(&p.cert), span_str("x"), now).code,
	    E_LIMIT));
	cr_expect(eq(sz, b.n, 0));
}

Test(cms, openssl_opens_it_too)
{
	char folder[] = "/tmp/dasi-cms-XXXXXX", path[3][64], command[512];
	static const char *const names[] = { "cert", "key", "blob" };
	char got[64] = { 0 };

	cr_assert_not_null(mkdtemp(folder));
	for (size_t i = 0; i < 2; i++) {
		struct party p;
		uint8_t room[CMS_BLOB];
		struct buf b = buf_make(room, sizeof room);

		party_make(&p, kinds[i].type, kinds[i].bits);
		cr_assert(not(err_is(cms_seal(
		    &b, buf_span(&p.cert), span_str("for openssl"), now))));
		struct span data[] = { buf_span(&p.cert), buf_span(&p.key),
			buf_span(&b) };
		for (size_t k = 0; k < 3; k++) {
			snprintf(
			    path[k], sizeof path[k], "%s/%s", folder, names[k]);
			cr_assert(
			    not(err_is(file_write(path[k], data[k], 0600))));
		}
		snprintf(command, sizeof command,
		    "openssl cms -decrypt -inform DER -in %s"
		    " -inkey %s -keyform DER -recip %s 2>&1",
		    path[2], path[1], path[0]);
		FILE *run = popen(command, "r");
		cr_assert_not_null(run);
		cr_assert_not_null(fgets(got, sizeof got, run));
		cr_expect(eq(int, pclose(run), 0));
		cr_expect_str_eq(got, "for openssl");
	}
	for (size_t k = 0; k < 3; k++)
		unlink(path[k]);
	rmdir(folder);
}
