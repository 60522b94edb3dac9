/*
 * row: one encoding per row, and no other is read.
 */
#include <cbor.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "audit/row.h"
#include "base/text.h"

static struct audit_row
sample(void)
{
	struct audit_row r = { .branch = span_str("004-0123"),
		.boot_id = { 1, 2, 3 },
		.seq = 70000,
		.mono_ms = 1234,
		.wall_ms = 1795330800000,
		.actor = span_str("kiosk-2"),
		.role = span_str("kiosk"),
		.case_no = span_str("R-20261122-0001"),
		.kind = span_str("case.hold"),
		.field_count = 4,
		.has_sealed = true };

	r.fields[0] = row_text("reason", "\xeb\xb6\x84\xec\x8b\xa4");
	r.fields[1] = row_int("try", -3);
	r.fields[2] = row_bool("ok", true);
	r.fields[3] = row_bytes("id", span_make("\x00\xff", 2));
	memset(r.sealed_hash, 0x5a, HASH_SIZE);
	memset(r.prev, 0xa5, HASH_SIZE);
	return r;
}

static struct span
encode(uint8_t room[static ROW_BYTES], const struct audit_row *r)
{
	struct buf b = buf_make(room, ROW_BYTES);

	cr_assert(not(err_is(row_encode(&b, r))));
	return buf_span(&b);
}

static enum err_code
decode(struct span s)
{
	struct audit_row r;

	return row_decode(&r, s).code;
}

/* Written out by hand from RFC 8949; README.md shows the same bytes. */
Test(audit_row, is_this_to_the_byte)
{
	struct audit_row r = { .branch = span_str("004-0123"),
		.seq = 24,
		.mono_ms = 500,
		.wall_ms = -1,
		.actor = span_str("a"),
		.role = span_str("system"),
		.kind = span_str("start"),
		.field_count = 2 };
	uint8_t room[ROW_BYTES];
	char hex[2 * 256 + 1];

	r.fields[0] = row_int("bb", 65536);
	r.fields[1] = row_bool("z", false);
	struct span s = encode(room, &r);
	hex_encode(hex, sizeof hex, s);
	cr_expect_str_eq(hex,
	    "ab"				   /* map of 11 */
	    "0001"				   /* format 1 */
	    "01683030342d30313233"		   /* branch */
	    "025000000000000000000000000000000000" /* boot id */
	    "031818"				   /* seq 24 */
	    "041901f4"				   /* mono 500 */
	    "0520"				   /* wall -1 */
	    "066161"				   /* actor */
	    "076673797374656d"			   /* role */
	    "09657374617274"			   /* kind */
	    "0aa2617af46262621a00010000"	   /* z before bb */
	    "0c5820"				   /* previous hash */
	    "0000000000000000000000000000000000000000000000000000000000000000");
}

Test(audit_row, comes_back_as_it_went_in)
{
	uint8_t room[ROW_BYTES], again[ROW_BYTES];
	struct audit_row r = sample(), got;
	struct span s = encode(room, &r);

	cr_assert(not(err_is(row_decode(&got, s))));
	cr_expect(span_eq(got.branch, r.branch));
	cr_expect(span_eq(got.case_no, r.case_no));
	cr_expect(eq(u64, got.seq, 70000));
	cr_expect(got.has_sealed);
	cr_expect(eq(sz, got.field_count, 4));
	cr_expect(span_eq(got.fields[0].key, span_str("id")));
	cr_expect(span_eq(got.fields[1].key, span_str("ok")));
	cr_expect(got.fields[1].yes);
	cr_expect(eq(i64, got.fields[2].whole, -3));
	cr_expect(span_eq(encode(again, &got), s));
}

Test(audit_row, the_order_fields_are_given_in_leaves_no_trace)
{
	uint8_t one[ROW_BYTES], two[ROW_BYTES];
	struct audit_row a = sample(), b = sample();

	b.fields[0] = a.fields[3];
	b.fields[3] = a.fields[0];
	cr_expect(span_eq(encode(one, &a), encode(two, &b)));
}

static const int64_t edges[] = { 0, 1, 23, 24, 255, 256, 65535, 65536,
	4294967295, 4294967296, INT64_MAX, -1, -24, -25, -256, -257, -65536,
	-65537, INT64_MIN };

Test(audit_row, numbers_at_every_edge_come_back)
{
	uint8_t room[ROW_BYTES];
	struct audit_row r = sample(), got;

	for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
		r.fields[1] = row_int("try", edges[i]);
		r.wall_ms = edges[i];
		r.seq = edges[i] < 0 ? 0 : (uint64_t)edges[i];
		cr_assert(not(err_is(row_decode(&got, encode(room, &r)))));
		cr_expect(eq(i64, got.fields[2].whole, edges[i]));
		cr_expect(eq(i64, got.wall_ms, edges[i]));
		cr_expect(eq(u64, got.seq, r.seq));
	}
}

/* The bytes of is_this_to_the_byte with one thing said another way. */
#define A    "01683030342d30313233025000000000000000000000000000000000"
#define HEAD "ab0001" A
#define MID  "041901f40520066161076673797374656d09657374617274"
#define PREV                                                                   \
	"0c5820"                                                               \
	"0000000000000000000000000000000000000000000000000000000000000000"
static const struct {
	const char *what, *hex;
	enum err_code code;
} forms[] = {
	{ "the one form", HEAD "031818" MID "0aa0" PREV, E_NONE },
	{ "seq in two bytes", HEAD "03190018" MID "0aa0" PREV, E_FORMAT },
	{ "seq in eight bytes", HEAD "031b0000000000000018" MID "0aa0" PREV,
	    E_FORMAT },
	{ "small seq with a byte", HEAD "031805" MID "0aa0" PREV, E_FORMAT },
	{ "seq above 2^63", HEAD "031b8000000000000000" MID "0aa0" PREV,
	    E_FORMAT },
	{ "seq as float", HEAD "03f94e00" MID "0aa0" PREV, E_FORMAT },
	{ "seq tagged", HEAD "03c11818" MID "0aa0" PREV, E_FORMAT },
	{ "seq null", HEAD "03f6" MID "0aa0" PREV, E_FORMAT },
	{ "fields of indefinite length", HEAD "031818" MID "0abfff" PREV,
	    E_FORMAT },
	{ "row of indefinite length", "bf0001" A "031818" MID "0aa0" PREV "ff",
	    E_FORMAT },
	{ "text with a long head",
	    "ab00010178083030342d30313233"
	    "025000000000000000000000000000000000031818" MID "0aa0" PREV,
	    E_FORMAT },
	{ "fields out of order",
	    HEAD "031818" MID "0aa26262620161"
		 "7a01" PREV,
	    E_FORMAT },
	{ "fields in order", HEAD "031818" MID "0aa2617a0162626201" PREV,
	    E_NONE },
	{ "a field twice", HEAD "031818" MID "0aa2617a01617a01" PREV,
	    E_FORMAT },
	{ "a field key that is a number", HEAD "031818" MID "0aa10101" PREV,
	    E_FORMAT },
	{ "a field holding a map", HEAD "031818" MID "0aa1617aa0" PREV,
	    E_FORMAT },
	{ "a field holding a float", HEAD "031818" MID "0aa1617af90000" PREV,
	    E_FORMAT },
	{ "a field not UTF-8", HEAD "031818" MID "0aa1617a61ff" PREV,
	    E_FORMAT },
	{ "another format", "ab0002" A "031818" MID "0aa0" PREV, E_FORMAT },
	{ "no seq", "aa0001" A MID "0aa0" PREV, E_FORMAT },
	{ "keys out of order",
	    "ab0001" A MID "031818"
	    "0aa0" PREV,
	    E_FORMAT },
	{ "an unknown key", "ac0001" A "031818" MID "0aa0" PREV "0d00",
	    E_FORMAT },
	{ "a byte behind", HEAD "031818" MID "0aa0" PREV "00", E_FORMAT },
	{ "a count too large", "ac0001" A "031818" MID "0aa0" PREV, E_FORMAT },
	{ "nothing", "", E_FORMAT },
	{ "an array", "80", E_FORMAT },
};

Test(audit_row, no_other_encoding_is_read)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		uint8_t room[512];
		struct buf b = buf_make(room, sizeof room);

		cr_assert(not(err_is(
		    hex_decode(&b, forms[i].hex, strlen(forms[i].hex)))));
		cr_expect(
		    eq(int, (int)decode(buf_span(&b)), (int)forms[i].code),
		    "%s", forms[i].what);
	}
}

/* Another reader of CBOR sees one map in it and nothing behind. */
Test(audit_row, libcbor_reads_it_too)
{
	uint8_t room[ROW_BYTES];
	struct audit_row r = sample();

	for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
		struct cbor_load_result got;
		r.fields[1] = row_int("try", edges[i]);
		struct span s = encode(room, &r);
		cbor_item_t *item = cbor_load(s.p, s.n, &got);
		cr_assert(item != NULL);
		cr_expect(eq(sz, got.read, s.n));
		cr_expect(cbor_isa_map(item));
		cr_expect(eq(sz, cbor_map_size(item), 13));
		cr_expect(eq(
		    u64, cbor_get_int(cbor_map_handle(item)[3].value), r.seq));
		cbor_decref(&item);
	}
}

/* Whatever is read is what would be written: no bit can be changed freely. */
Test(audit_row, a_changed_byte_is_refused_or_is_another_row)
{
	uint8_t room[ROW_BYTES], again[ROW_BYTES];
	struct audit_row r = sample(), got;
	struct span s = encode(room, &r);

	for (size_t i = 0; i < s.n; i++) {
		for (int v = 0; v < 256; v++) {
			uint8_t was = room[i];

			room[i] = (uint8_t)v;
			if (!err_is(row_decode(&got, s)))
				cr_assert(span_eq(encode(again, &got), s));
			room[i] = was;
		}
	}
	for (size_t n = 0; n < s.n; n++)
		cr_assert(eq(int, (int)decode(span_make(s.p, n)), E_FORMAT));
}

static char long_text[ROW_VALUE + 2];

static void
spoil(struct audit_row *r, int how)
{
	memset(long_text, 'x', sizeof long_text - 1);
	switch (how) {
	case 0:
		r->branch = span_str("");
		break;
	case 1:
		r->kind = span_make(long_text, ROW_NAME + 1);
		break;
	case 2:
		r->actor = span_str("\xff");
		break;
	case 3:
		r->fields[1].key = r->fields[0].key;
		break;
	case 4:
		r->field_count = ROW_FIELDS + 1;
		break;
	case 5:
		r->fields[0].data = span_make(long_text, ROW_VALUE + 1);
		break;
	case 6:
		r->fields[0].key = span_make(long_text, ROW_KEY + 1);
		break;
	case 7:
		r->seq = (uint64_t)INT64_MAX + 1;
		break;
	case 8:
		r->fields[0].key = span_str("");
		break;
	}
}

Test(audit_row, what_a_row_may_not_hold_is_not_written)
{
	uint8_t room[ROW_BYTES];

	for (int how = 0; how <= 8; how++) {
		struct audit_row r = sample();
		struct buf b = buf_make(room, sizeof room);

		spoil(&r, how);
		cr_expect(eq(int, (int)row_encode(&b, &r).code, E_ARG),
		    "case %d", how);
	}
}

Test(audit_row, too_little_room_is_an_error)
{
	uint8_t room[ROW_BYTES];
	struct audit_row r = sample();
	size_t full = encode(room, &r).n;

	for (size_t n = 0; n < full; n++) {
		struct buf b = buf_make(room, n);
		cr_assert(eq(int, (int)row_encode(&b, &r).code, E_LIMIT));
	}
}
