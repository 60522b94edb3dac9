/*
 * audit/row_read.c - reading a row with libcbor's streaming decoder.
 *
 * The decoder tells how many bytes it took: when that is more than the
 * shortest head and the content, the encoding is not the deterministic one.
 */
#include <cbor.h>
#include <string.h>

#include "audit/row_keys.h"

enum item_kind {
	ITEM_OTHER, /* anything a row may not hold */
	ITEM_UINT,
	ITEM_NEGATIVE, /* -1 - value */
	ITEM_TEXT,
	ITEM_BYTES,
	ITEM_MAP,
	ITEM_BOOL
};

struct item {
	enum item_kind kind;
	uint64_t value; /* number, length, pairs, 0 or 1 */
	struct span data;
};

struct reader {
	const struct cbor_callbacks *calls;
	struct span left;
	struct item item;
};

static void
keep(void *ctx, enum item_kind kind, uint64_t value)
{
	struct item *it = ctx;

	it->kind = kind;
	it->value = value;
}

static void
on_uint8(void *ctx, uint8_t v)
{
	keep(ctx, ITEM_UINT, v);
}

static void
on_uint16(void *ctx, uint16_t v)
{
	keep(ctx, ITEM_UINT, v);
}

static void
on_uint32(void *ctx, uint32_t v)
{
	keep(ctx, ITEM_UINT, v);
}

static void
on_uint64(void *ctx, uint64_t v)
{
	keep(ctx, ITEM_UINT, v);
}

static void
on_neg8(void *ctx, uint8_t v)
{
	keep(ctx, ITEM_NEGATIVE, v);
}

static void
on_neg16(void *ctx, uint16_t v)
{
	keep(ctx, ITEM_NEGATIVE, v);
}

static void
on_neg32(void *ctx, uint32_t v)
{
	keep(ctx, ITEM_NEGATIVE, v);
}

static void
on_neg64(void *ctx, uint64_t v)
{
	keep(ctx, ITEM_NEGATIVE, v);
}

static void
on_text(void *ctx, cbor_data p, size_t n)
{
	keep(ctx, ITEM_TEXT, n);
	((struct item *)ctx)->data = span_make(p, n);
}

static void
on_bytes(void *ctx, cbor_data p, size_t n)
{
	keep(ctx, ITEM_BYTES, n);
	((struct item *)ctx)->data = span_make(p, n);
}

static void
on_map(void *ctx, size_t pairs)
{
	keep(ctx, ITEM_MAP, pairs);
}

static void
on_bool(void *ctx, bool yes)
{
	keep(ctx, ITEM_BOOL, yes);
}

/* Whatever is not set here leaves ITEM_OTHER. */
static struct cbor_callbacks
callbacks_make(void)
{
	struct cbor_callbacks c = cbor_empty_callbacks;

	c.uint8 = on_uint8;
	c.uint16 = on_uint16;
	c.uint32 = on_uint32;
	c.uint64 = on_uint64;
	c.negint8 = on_neg8;
	c.negint16 = on_neg16;
	c.negint32 = on_neg32;
	c.negint64 = on_neg64;
	c.string = on_text;
	c.byte_string = on_bytes;
	c.map_start = on_map;
	c.boolean = on_bool;
	return c;
}

static size_t
shortest_head(uint64_t v)
{
	return v < 24		 ? 1
	       : v <= UINT8_MAX	 ? 2
	       : v <= UINT16_MAX ? 3
	       : v <= UINT32_MAX ? 5
				 : 9;
}

/* Take one item; false when it is none a row may hold, or not shortest. */
static bool
next(struct reader *r)
{
	struct cbor_decoder_result got;
	size_t want;

	r->item = (struct item){ .kind = ITEM_OTHER };
	got = cbor_stream_decode(r->left.p, r->left.n, r->calls, &r->item);
	if (got.status != CBOR_DECODER_FINISHED || r->item.kind == ITEM_OTHER)
		return false;
	want = r->item.kind == ITEM_BOOL ? 1 : shortest_head(r->item.value);
	if (got.read != want + r->item.data.n)
		return false;
	r->left = span_make(r->left.p + got.read, r->left.n - got.read);
	return true;
}

static bool
next_is(struct reader *r, enum item_kind kind)
{
	return next(r) && r->item.kind == kind;
}

static bool
take_uint(struct reader *r, uint64_t *out)
{
	if (!next_is(r, ITEM_UINT) || r->item.value > INT64_MAX)
		return false;
	*out = r->item.value;
	return true;
}

static bool
item_int(const struct item *it, int64_t *out)
{
	if (it->value > INT64_MAX ||
	    (it->kind != ITEM_UINT && it->kind != ITEM_NEGATIVE))
		return false;
	*out = it->kind == ITEM_UINT ? (int64_t)it->value
				     : -1 - (int64_t)it->value;
	return true;
}

static bool
take_text(struct reader *r, struct span *out)
{
	*out = span_make(NULL, 0);
	if (!next_is(r, ITEM_TEXT) || !row_text_fits(r->item.data, 1, ROW_NAME))
		return false;
	*out = r->item.data;
	return true;
}

static bool
take_bytes(struct reader *r, uint8_t *out, size_t n)
{
	if (!next_is(r, ITEM_BYTES) || r->item.data.n != n)
		return false;
	memcpy(out, r->item.data.p, n);
	return true;
}

static bool
take_value(struct reader *r, struct row_field *f)
{
	if (!next(r))
		return false;
	f->data = r->item.data;
	switch (r->item.kind) {
	case ITEM_TEXT:
		f->type = ROW_TYPE_TEXT;
		return row_text_fits(f->data, 0, ROW_VALUE);
	case ITEM_BYTES:
		f->type = ROW_TYPE_BYTES;
		return f->data.n <= ROW_VALUE;
	case ITEM_BOOL:
		f->type = ROW_TYPE_BOOL;
		f->yes = r->item.value != 0;
		return true;
	case ITEM_UINT:
	case ITEM_NEGATIVE:
		f->type = ROW_TYPE_INT;
		return item_int(&r->item, &f->whole);
	case ITEM_MAP:
	case ITEM_OTHER:
		break;
	}
	return false;
}

static bool
take_fields(struct reader *r, struct audit_row *row)
{
	if (!next_is(r, ITEM_MAP) || r->item.value > ROW_FIELDS)
		return false;
	row->field_count = (size_t)r->item.value;
	for (size_t i = 0; i < row->field_count; i++) {
		struct row_field *f = &row->fields[i];

		*f = (struct row_field){ 0 };
		if (!next_is(r, ITEM_TEXT) ||
		    !row_text_fits(r->item.data, 1, ROW_KEY))
			return false;
		f->key = r->item.data;
		if (i > 0 && row_key_order(f[-1].key, f->key) >= 0)
			return false;
		if (!take_value(r, f))
			return false;
	}
	return true;
}

static bool
take_entry(struct reader *r, struct audit_row *row, enum row_map_key key)
{
	uint64_t format;

	switch (key) {
	case KEY_FORMAT:
		return take_uint(r, &format) && format == ROW_FORMAT;
	case KEY_BRANCH:
		return take_text(r, &row->branch);
	case KEY_BOOT:
		return take_bytes(r, row->boot_id, ROW_BOOT);
	case KEY_SEQ:
		return take_uint(r, &row->seq);
	case KEY_MONO:
		return take_uint(r, &row->mono_ms);
	case KEY_WALL:
		return next(r) && item_int(&r->item, &row->wall_ms);
	case KEY_ACTOR:
		return take_text(r, &row->actor);
	case KEY_ROLE:
		return take_text(r, &row->role);
	case KEY_CASE:
		return take_text(r, &row->case_no);
	case KEY_KIND:
		return take_text(r, &row->kind);
	case KEY_FIELDS:
		return take_fields(r, row);
	case KEY_SEALED:
		row->has_sealed = true;
		return take_bytes(r, row->sealed_hash, HASH_SIZE);
	case KEY_PREV:
		return take_bytes(r, row->prev, HASH_SIZE);
	case KEY_COUNT:
		break;
	}
	return false;
}

static bool
take_row(struct reader *r, struct audit_row *row)
{
	uint64_t pairs, key;
	unsigned int next_key = KEY_FORMAT;

	if (!next_is(r, ITEM_MAP))
		return false;
	for (pairs = r->item.value; pairs > 0; pairs--) {
		if (!take_uint(r, &key))
			return false;
		if (key != next_key &&
		    (next_key == KEY_CASE || next_key == KEY_SEALED))
			next_key++;
		if (key != next_key || key >= KEY_COUNT ||
		    !take_entry(r, row, (enum row_map_key)key))
			return false;
		next_key++;
	}
	return next_key == KEY_COUNT && r->left.n == 0;
}

struct err
row_decode(struct audit_row *out, struct span bytes)
{
	const struct cbor_callbacks calls = callbacks_make();
	struct reader r = { .left = bytes, .calls = &calls };

	out->case_no = span_make(NULL, 0);
	out->has_sealed = false;
	out->field_count = 0;
	if (bytes.n > ROW_BYTES || !take_row(&r, out))
		return err_make(E_FORMAT, 0, "audit row: decode");
	return err_none();
}
