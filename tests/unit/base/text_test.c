/*
 * Hexadecimal and base64: the vectors of RFC 4648, then strictness.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { ROOM = 512 };

/* RFC 4648 section 10 */
/* clang-format off */
static const struct {
	const char *plain, *base64, *hex;
} vectors[] = {
	{ "",       "",         ""             },
	{ "f",      "Zg==",     "66"           },
	{ "fo",     "Zm8=",     "666f"         },
	{ "foo",    "Zm9v",     "666f6f"       },
	{ "foob",   "Zm9vYg==", "666f6f62"     },
	{ "fooba",  "Zm9vYmE=", "666f6f6261"   },
	{ "foobar", "Zm9vYmFy", "666f6f626172" },
};
/* clang-format on */
enum { VECTORS = sizeof vectors / sizeof vectors[0] };

typedef struct err decode_fn(struct buf *, const char *, size_t);

static bool
decodes_to(decode_fn *decode, const char *text, const char *want)
{
	uint8_t room[ROOM];
	struct buf b = buf_make(room, sizeof room);
	struct err e = decode(&b, text, strlen(text));

	return !err_is(e) && span_eq(buf_span(&b), span_str(want));
}

static enum err_code
refusal(decode_fn *decode, const char *text, size_t n)
{
	uint8_t room[ROOM];
	struct buf b = buf_make(room, sizeof room);

	return decode(&b, text, n).code;
}

Test(text, encodes_the_vectors_of_the_rfc)
{
	char out[ROOM];

	for (size_t i = 0; i < VECTORS; i++) {
		struct span in = span_str(vectors[i].plain);
		base64_encode(out, BASE64_TEXT(in.n), in);
		cr_expect_str_eq(out, vectors[i].base64);
		cr_expect_eq(strlen(out) + 1, BASE64_TEXT(in.n));
		hex_encode(out, HEX_TEXT(in.n), in);
		cr_expect_str_eq(out, vectors[i].hex);
		cr_expect_eq(strlen(out) + 1, HEX_TEXT(in.n));
	}
}

Test(text, decodes_the_vectors_of_the_rfc)
{
	for (size_t i = 0; i < VECTORS; i++) {
		cr_expect(decodes_to(
		    base64_decode, vectors[i].base64, vectors[i].plain));
		cr_expect(
		    decodes_to(hex_decode, vectors[i].hex, vectors[i].plain));
	}
	cr_expect(decodes_to(hex_decode, "666F6f62", "foob"), "either case");
	cr_expect(decodes_to(base64_decode, "+/+/", "\xfb\xff\xbf"));
}

Test(text, any_bytes_come_back)
{
	uint8_t in[300], back[300];
	char out[ROOM * 2];

	srand(7);
	for (int round = 0; round < 2000; round++) {
		size_t n = (size_t)rand() % sizeof in;
		struct buf b = buf_make(back, sizeof back);
		for (size_t i = 0; i < n; i++)
			in[i] = (uint8_t)rand();
		base64_encode(out, sizeof out, span_make(in, n));
		cr_assert(!err_is(base64_decode(&b, out, strlen(out))));
		cr_assert(span_eq(buf_span(&b), span_make(in, n)));
		b = buf_make(back, sizeof back);
		hex_encode(out, sizeof out, span_make(in, n));
		cr_assert(!err_is(hex_decode(&b, out, strlen(out))));
		cr_assert(span_eq(buf_span(&b), span_make(in, n)));
	}
}

Test(text, base64_has_one_spelling_only)
{
	/* each differs from a good text in one way */
	static const char *const bad[] = { "Zg", "Zg=", "Zg===", "Z===", "====",
		"=Zg=", "Z=g=", "Zg==Zg==", "Zm9v\n",
		"Zm 9v===", " Zg==", "Zm9vYg==\n", "Zm9-", "Zm9_", "Zm9.",
		"Zm9\x80" };
	/* bits that no byte is made of (RFC 4648 section 3.5) */
	static const char *const stray[] = {
		"Zh==", "Zv==", "Zm9=", "Zm+=", "Zm9vYh==", "//==", "///="
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		cr_expect_eq(refusal(base64_decode, bad[i], strlen(bad[i])),
		    E_FORMAT, "\"%s\"", bad[i]);
	for (size_t i = 0; i < sizeof stray / sizeof stray[0]; i++)
		cr_expect_eq(refusal(base64_decode, stray[i], strlen(stray[i])),
		    E_FORMAT, "\"%s\"", stray[i]);
	cr_expect_eq(refusal(base64_decode, "Zm\0v", 4), E_FORMAT);
}

Test(text, whatever_base64_is_accepted_encodes_to_itself)
{
	static const char letters[] = "AZaz09+/=gv8";
	uint8_t room[16];
	char text[8], again[16];
	int accepted = 0;

	srand(11);
	for (int round = 0; round < 50000; round++) {
		struct buf b = buf_make(room, sizeof room);
		for (size_t i = 0; i < sizeof text; i++)
			text[i] = letters[rand() % (sizeof letters - 1)];
		if (err_is(base64_decode(&b, text, sizeof text)))
			continue;
		accepted++;
		base64_encode(again, sizeof again, buf_span(&b));
		cr_assert_eq(memcmp(again, text, sizeof text), 0);
	}
	cr_expect_gt(accepted, 1000);
}

Test(text, hex_takes_pairs_of_digits_only)
{
	static const char *const bad[] = { "6", "666", "6g", "g6", "6 ", " 6",
		"0x66", "66\n6", "6\xc3", "-1", "6/", "6:", "6@", "6G", "6`" };

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		cr_expect_eq(refusal(hex_decode, bad[i], strlen(bad[i])),
		    E_FORMAT, "\"%s\"", bad[i]);
	cr_expect_eq(refusal(hex_decode, "6\0", 2), E_FORMAT);
}

Test(text, too_little_room_is_said)
{
	uint8_t room[6];
	struct buf b = buf_make(room, 5);

	cr_expect_eq(base64_decode(&b, "Zm9vYmFy", 8).code, E_LIMIT);
	b = buf_make(room, 5);
	cr_expect_eq(hex_decode(&b, "666f6f626172", 12).code, E_LIMIT);
	b = buf_make(room, 6);
	cr_expect(!err_is(base64_decode(&b, "Zm9vYmFy", 8)));
	cr_expect_eq(b.n, 6);
}

Test(text, decoding_appends)
{
	uint8_t room[8];
	struct buf b = buf_make(room, sizeof room);

	buf_add_str(&b, ">");
	cr_expect(!err_is(base64_decode(&b, "Zm9v", 4)));
	cr_expect(!err_is(hex_decode(&b, "3c", 2)));
	cr_expect(span_eq(buf_span(&b), span_str(">foo<")));
}
