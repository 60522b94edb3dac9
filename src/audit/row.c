/*
 * audit/row.c - writing a row with libcbor's encoder.
 */
#include "audit/row.h"

#include <cbor.h>
#include <string.h>

#include "audit/row_keys.h"
#include "base/utf8.h"

struct row_field
row_text(const char *key, const char *value)
{
	return (struct row_field){ .key = span_str(key),
		.type = ROW_TYPE_TEXT,
		.data = span_str(value) };
}

struct row_field
row_int(const char *key, int64_t value)
{
	return (struct row_field){
		.key = span_str(key), .type = ROW_TYPE_INT, .whole = value
	};
}

struct row_field
row_bool(const char *key, bool value)
{
	return (struct row_field){
		.key = span_str(key), .type = ROW_TYPE_BOOL, .yes = value
	};
}

struct row_field
row_bytes(const char *key, struct span value)
{
	return (struct row_field){
		.key = span_str(key), .type = ROW_TYPE_BYTES, .data = value
	};
}

/* Count what libcbor wrote; it writes nothing when there is no room. */
static void
wrote(struct buf *b, size_t n)
{
	if (n == 0)
		b->full = true;
	b->n += n;
}

static void
put_uint(struct buf *b, uint64_t v)
{
	wrote(b, cbor_encode_uint(v, b->p + b->n, b->cap - b->n));
}

static void
put_int(struct buf *b, int64_t v)
{
	if (v >= 0)
		put_uint(b, (uint64_t)v);
	else
		wrote(b, cbor_encode_negint(
			     (uint64_t)(-1 - v), b->p + b->n, b->cap - b->n));
}

static void
put_text(struct buf *b, struct span s)
{
	wrote(b, cbor_encode_string_start(s.n, b->p + b->n, b->cap - b->n));
	buf_add(b, s.p, s.n);
}

static void
put_bytes(struct buf *b, const uint8_t *p, size_t n)
{
	wrote(b, cbor_encode_bytestring_start(n, b->p + b->n, b->cap - b->n));
	buf_add(b, p, n);
}

static void
put_map(struct buf *b, size_t pairs)
{
	wrote(b, cbor_encode_map_start(pairs, b->p + b->n, b->cap - b->n));
}

int
row_key_order(struct span a, struct span b)
{
	if (a.n != b.n)
		return a.n < b.n ? -1 : 1;
	return memcmp(a.p, b.p, a.n);
}

/* Most texts are; looking at the others costs ten times as much. */
static bool
is_ascii(struct span s)
{
	const uint64_t high = UINT64_C(0x8080808080808080);
	uint64_t all = 0, word;
	size_t i = 0;

	for (; s.n - i >= sizeof word; i += sizeof word) {
		memcpy(&word, s.p + i, sizeof word);
		all |= word;
	}
	for (; i < s.n; i++)
		all |= s.p[i];
	return (all & high) == 0;
}

bool
row_text_fits(struct span s, size_t least, size_t most)
{
	return s.n >= least && s.n <= most &&
	       (is_ascii(s) || utf8_valid((const char *)s.p, s.n));
}

static bool
field_fits(const struct row_field *f)
{
	if (!row_text_fits(f->key, 1, ROW_KEY))
		return false;
	switch (f->type) {
	case ROW_TYPE_TEXT:
		return row_text_fits(f->data, 0, ROW_VALUE);
	case ROW_TYPE_BYTES:
		return f->data.n <= ROW_VALUE;
	case ROW_TYPE_INT:
	case ROW_TYPE_BOOL:
		return true;
	case ROW_TYPE_COUNT:
		break;
	}
	return false;
}

static void
put_field(struct buf *b, const struct row_field *f)
{
	put_text(b, f->key);
	switch (f->type) {
	case ROW_TYPE_TEXT:
		put_text(b, f->data);
		break;
	case ROW_TYPE_BYTES:
		put_bytes(b, f->data.p, f->data.n);
		break;
	case ROW_TYPE_INT:
		put_int(b, f->whole);
		break;
	case ROW_TYPE_BOOL:
		wrote(b, cbor_encode_bool(f->yes, b->p + b->n, b->cap - b->n));
		break;
	case ROW_TYPE_COUNT:
		break;
	}
}

/* False when two fields have one key. */
static bool
sort_fields(
    const struct row_field *out[static ROW_FIELDS], const struct audit_row *row)
{
	for (size_t i = 0; i < row->field_count; i++) {
		const struct row_field *f = &row->fields[i];
		size_t at = i;
		int order = 0;

		while (at > 0 &&
		       (order = row_key_order(f->key, out[at - 1]->key)) < 0) {
			out[at] = out[at - 1];
			at--;
		}
		if (at > 0 && order == 0)
			return false;
		out[at] = f;
	}
	return true;
}

static bool
row_fits(const struct audit_row *row)
{
	bool fits = row_text_fits(row->branch, 1, ROW_NAME) &&
		    row_text_fits(row->actor, 1, ROW_NAME) &&
		    row_text_fits(row->role, 1, ROW_NAME) &&
		    row_text_fits(row->case_no, 0, ROW_NAME) &&
		    row_text_fits(row->kind, 1, ROW_NAME) &&
		    row->field_count <= ROW_FIELDS && row->seq <= INT64_MAX &&
		    row->mono_ms <= INT64_MAX;

	for (size_t i = 0; fits && i < row->field_count; i++)
		fits = field_fits(&row->fields[i]);
	return fits;
}

struct err
row_encode(struct buf *out, const struct audit_row *row)
{
	const struct row_field *sorted[ROW_FIELDS];
	size_t from = out->n;

	if (!row_fits(row) || !sort_fields(sorted, row))
		return err_make(E_ARG, 0, "audit row: encode");
	put_map(out, 11u + (row->case_no.n > 0) + row->has_sealed);
	put_uint(out, KEY_FORMAT);
	put_uint(out, ROW_FORMAT);
	put_uint(out, KEY_BRANCH);
	put_text(out, row->branch);
	put_uint(out, KEY_BOOT);
	put_bytes(out, row->boot_id, ROW_BOOT);
	put_uint(out, KEY_SEQ);
	put_uint(out, row->seq);
	put_uint(out, KEY_MONO);
	put_uint(out, row->mono_ms);
	put_uint(out, KEY_WALL);
	put_int(out, row->wall_ms);
	put_uint(out, KEY_ACTOR);
	put_text(out, row->actor);
	put_uint(out, KEY_ROLE);
	put_text(out, row->role);
	if (row->case_no.n > 0) {
		put_uint(out, KEY_CASE);
		put_text(out, row->case_no);
	}
	put_uint(out, KEY_KIND);
	put_text(out, row->kind);
	put_uint(out, KEY_FIELDS);
	put_map(out, row->field_count);
	for (size_t i = 0; i < row->field_count; i++)
		put_field(out, sorted[i]);
	if (row->has_sealed) {
		put_uint(out, KEY_SEALED);
		put_bytes(out, row->sealed_hash, HASH_SIZE);
	}
	put_uint(out, KEY_PREV);
	put_bytes(out, row->prev, HASH_SIZE);
	return out->full || out->n - from > ROW_BYTES
		   ? err_make(E_LIMIT, 0, "audit row: room")
		   : err_none();
}
