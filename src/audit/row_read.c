/*
 * audit/row_read.c - reading a row.
 *
 * By hand, because a strict reader is shorter than telling libcbor's what not
 * to accept, and three times as fast; tests hold it against libcbor.
 */
#include <string.h>

#include "audit/row_keys.h"

/* Major types of RFC 8949 section 3.1; no other may be in a row. */
enum item_kind {
	ITEM_UINT = 0,
	ITEM_NEGATIVE = 1, /* -1 - value */
	ITEM_BYTES = 2,
	ITEM_TEXT = 3,
	ITEM_MAP = 5,
	ITEM_SIMPLE = 7 /* false, true */
};

enum { SIMPLE_FALSE = 20, SIMPLE_TRUE = 21 };

struct item {
	enum item_kind kind;
	uint64_t value; /* number, length, pairs, simple value */
	struct span data;
};

struct reader {
	struct span left;
	struct item item;
};

/* The argument behind a first byte that does not hold it; false unless in its
 * shortest form. */
static bool
take_argument(struct reader *r, unsigned int info, uint64_t *out)
{
	static const uint64_t least[] = { 24, UINT64_C(1) << 8,
		UINT64_C(1) << 16, UINT64_C(1) << 32 };
	size_t n;

	if (info > 27 || r->left.n < (n = (size_t)1 << (info - 24)))
		return false;
	*out = 0;
	for (size_t i = 0; i < n; i++)
		*out = *out << 8 | r->left.p[i];
	r->left = span_make(r->left.p + n, r->left.n - n);
	return *out >= least[info - 24];
}

/* Take one item; false when it is none a row may hold. */
static bool
next(struct reader *r)
{
	struct item *it = &r->item;
	uint8_t first;

	if (r->left.n == 0)
		return false;
	first = r->left.p[0];
	r->left = span_make(r->left.p + 1, r->left.n - 1);
	it->kind = (enum item_kind)(first >> 5);
	it->data = span_make(NULL, 0);
	it->value = first & 31;
	if (it->value > 23 && !take_argument(r, first & 31, &it->value))
		return false;
	switch (it->kind) {
	case ITEM_UINT:
	case ITEM_NEGATIVE:
	case ITEM_MAP:
		return true;
	case ITEM_SIMPLE:
		return first == (ITEM_SIMPLE << 5 | SIMPLE_FALSE) ||
		       first == (ITEM_SIMPLE << 5 | SIMPLE_TRUE);
	case ITEM_BYTES:
	case ITEM_TEXT:
		if (it->value > r->left.n)
			return false;
		it->data = span_make(r->left.p, (size_t)it->value);
		r->left = span_make(
		    r->left.p + it->value, r->left.n - (size_t)it->value);
		return true;
	}
	return false;
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
	case ITEM_SIMPLE:
		f->type = ROW_TYPE_BOOL;
		f->yes = r->item.value == SIMPLE_TRUE;
		return true;
	case ITEM_UINT:
	case ITEM_NEGATIVE:
		f->type = ROW_TYPE_INT;
		return item_int(&r->item, &f->whole);
	case ITEM_MAP:
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

/* All keys are below 24: one byte, itself. */
static bool
take_key(struct reader *r, unsigned int *out)
{
	if (r->left.n == 0)
		return false;
	*out = r->left.p[0];
	r->left = span_make(r->left.p + 1, r->left.n - 1);
	return *out < KEY_COUNT;
}

static bool
take_row(struct reader *r, struct audit_row *row)
{
	uint64_t pairs;
	unsigned int key, next_key = KEY_FORMAT;

	if (!next_is(r, ITEM_MAP))
		return false;
	for (pairs = r->item.value; pairs > 0; pairs--) {
		if (!take_key(r, &key))
			return false;
		if (key != next_key &&
		    (next_key == KEY_CASE || next_key == KEY_SEALED))
			next_key++;
		if (key != next_key ||
		    !take_entry(r, row, (enum row_map_key)key))
			return false;
		next_key++;
	}
	return next_key == KEY_COUNT && r->left.n == 0;
}

struct err
row_decode(struct audit_row *out, struct span bytes)
{
	struct reader r = { .left = bytes };

	out->case_no = span_make(NULL, 0);
	out->has_sealed = false;
	out->field_count = 0;
	if (bytes.n > ROW_BYTES || !take_row(&r, out))
		return err_make(E_FORMAT, 0, "audit row: decode");
	return err_none();
}
