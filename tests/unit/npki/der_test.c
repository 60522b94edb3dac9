/*
 * The DER reader is strict and bounded, the writer minimal.
 */
#include "support.h"

#include <string.h>

#include "npki/der.h"

static const struct {
	const char *hex, *why;
} refused[] = {
	{ "", "nothing" },
	{ "30", "no length" },
	{ "3001", "no content" },
	{ "308000", "indefinite" },
	{ "30810130", "one byte in the long form" },
	{ "30820080", "two length bytes for 128" },
	{ "3084000000", "four length bytes" },
	{ "1f0100", "a tag of several bytes" },
	{ "3082ffff00", "longer than there is" },
};

Test(der, malformed_elements_are_refused_and_nothing_is_taken)
{
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		struct bytes b = bytes_hex(refused[i].hex);
		struct span in = bytes_span(&b);
		struct der d;

		cr_expect(eq(int, der_next(&d, &in).code, E_FORMAT), "%s",
		    refused[i].why);
		cr_expect(eq(sz, in.n, b.n), "%s", refused[i].why);
	}
}

Test(der, what_is_put_is_taken_again_at_every_length)
{
	static const size_t sizes[] = { 0, 1, 127, 128, 129, 255, 256, 257,
		4000, 65535, 65536, 70000 };
	static uint8_t content[70000], whole[70016], moved[70016];

	memset(content, 0x5a, sizeof content);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct buf b = buf_make(whole, sizeof whole);
		struct buf w = buf_make(moved, sizeof moved);
		struct span in, value;

		der_put(&b, DER_OCTET_STRING, span_make(content, sizes[i]));
		buf_add(&w, content, sizes[i]);
		der_wrap(&w, 0, DER_OCTET_STRING);
		cr_expect(span_eq(buf_span(&b), buf_span(&w)));
		in = buf_span(&b);
		cr_expect(eq(
		    int, der_take(&value, &in, DER_OCTET_STRING).code, E_NONE));
		cr_expect(eq(sz, value.n, sizes[i]));
		cr_expect(eq(sz, in.n, 0));
	}
}

Test(der, a_put_that_does_not_fit_marks_the_buffer_full)
{
	uint8_t room[10];
	struct buf b = buf_make(room, sizeof room);

	der_put(&b, DER_OCTET_STRING, span_make("123456789", 9));
	cr_expect(b.full);
	cr_expect(eq(sz, b.n, 0));
	b = buf_make(room, sizeof room);
	buf_add(&b, "123456789", 9);
	der_wrap(&b, 0, DER_SEQUENCE);
	cr_expect(b.full);
}

Test(der, integers_are_small_positive_and_minimal)
{
	static const struct {
		const char *hex;
		int code;
		uint32_t value;
	} rows[] = { { "00", E_NONE, 0 }, { "7f", E_NONE, 127 },
		{ "0080", E_NONE, 128 }, { "0800", E_NONE, 2048 },
		{ "00ffffffff", E_NONE, UINT32_MAX }, { "", E_FORMAT, 0 },
		{ "80", E_FORMAT, 0 }, { "0001", E_FORMAT, 0 },
		{ "0100000000", E_FORMAT, 0 } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct bytes b = bytes_hex(rows[i].hex);
		uint32_t v = 0;

		cr_expect(
		    eq(int, der_uint(&v, bytes_span(&b)).code, rows[i].code),
		    "%s", rows[i].hex);
		cr_expect(eq(u32, v, rows[i].value), "%s", rows[i].hex);
	}
}

Test(der, object_identifiers_read_as_the_table_says)
{
	char text[64];

	for (int i = 0; i < NPKI_OID_COUNT; i++) {
		struct span in = npki_oid_der((enum npki_oid)i), value;

		cr_assert(eq(int, der_only(&value, in, DER_OID).code, E_NONE));
		cr_assert(eq(
		    int, der_oid_text(text, sizeof text, value).code, E_NONE));
		expect_text(text, npki_oid_text(i));
	}
	cr_expect(eq(int,
	    der_oid_text(text, sizeof text, span_make("\x2a\x83", 2)).code,
	    E_FORMAT));
	cr_expect(eq(int,
	    der_oid_text(text, 4, span_make("\x2a\x03\x04\x05", 4)).code,
	    E_LIMIT));
}

Test(npki, starting_twice_and_stopping_twice_is_harmless)
{
	npki_setup();
	npki_setup();
	cr_expect(ne(int, npki_oid_nid(NPKI_OID_RANDOM_NUM), 0));
	npki_free();
	npki_free();
	npki_setup();
	npki_free();
}
