/*
 * store/row.c - struct store_case to and from the columns of `cases`.
 *
 * columns[] is the order of COLUMNS in sql.c.
 */
#include <assert.h>
#include <string.h>

#include "store/internal.h"

enum column_kind { COLUMN_TEXT, COLUMN_INT64, COLUMN_ENUM, COLUMN_TAG };

struct column {
	enum column_kind kind;
	size_t at, size;
};

#define FIELD(k, f)                                                            \
	{                                                                      \
		k, offsetof(struct store_case, f),                             \
		    sizeof((struct store_case *)0)->f                          \
	}
#define TEXT(f) FIELD(COLUMN_TEXT, f)
#define INT(f)	FIELD(COLUMN_INT64, f)

/* clang-format off */
static const struct column columns[] = {
	INT(version), TEXT(case_no), FIELD(COLUMN_ENUM, state),
	FIELD(COLUMN_TAG, person_tag), TEXT(purpose), TEXT(route),
	TEXT(serial), TEXT(issuer), TEXT(issuer_o), TEXT(policy),
	INT(not_after), TEXT(old_status), FIELD(COLUMN_ENUM, hold),
	TEXT(loss_no), TEXT(loss_kind), INT(reported_at), INT(held_at),
	INT(fee_won), INT(fee_vat), TEXT(waiver), TEXT(promise),
	TEXT(review), TEXT(problem), INT(p12), INT(attempt),
	TEXT(transaction_id), TEXT(spki_sha256), TEXT(new_serial),
	INT(new_not_after), TEXT(new_status), TEXT(terminal),
	INT(opened_at), INT(changed_at), INT(ended_at),
};
/* clang-format on */

_Static_assert(sizeof columns / sizeof *columns == STORE_COLUMNS,
    "columns[] and PLACES in sql.c");
_Static_assert(sizeof(enum case_state) == sizeof(int) &&
		   sizeof(enum store_hold) == sizeof(int),
    "enums are read and written as int");

struct err
row_bind(sqlite3_stmt *q, const struct store_case *c)
{
	for (int i = 0; i < STORE_COLUMNS; i++) {
		const char *at = (const char *)c + columns[i].at;
		int rc = SQLITE_ERROR;
		int64_t whole;
		int word;

		switch (columns[i].kind) {
		case COLUMN_TEXT:
			rc = sqlite3_bind_text(
			    q, i + 1, at, -1, SQLITE_TRANSIENT);
			break;
		case COLUMN_TAG:
			rc = sqlite3_bind_blob(q, i + 1, at,
			    (int)columns[i].size, SQLITE_TRANSIENT);
			break;
		case COLUMN_INT64:
			memcpy(&whole, at, sizeof whole);
			rc = sqlite3_bind_int64(q, i + 1, whole);
			break;
		case COLUMN_ENUM:
			memcpy(&word, at, sizeof word);
			rc = sqlite3_bind_int(q, i + 1, word);
			break;
		}
		if (rc != SQLITE_OK)
			return err_make(E_NOMEM, 0, "store: bind");
	}
	return err_none();
}

static bool
read_column(sqlite3_stmt *q, int i, char *at)
{
	const struct column *col = &columns[i];
	const void *p;
	int64_t whole;
	int word;

	switch (col->kind) {
	case COLUMN_TEXT:
		p = sqlite3_column_text(q, i);
		return p != NULL && str_copy(at, col->size, p);
	case COLUMN_TAG:
		p = sqlite3_column_blob(q, i);
		if (p == NULL || sqlite3_column_bytes(q, i) != (int)col->size)
			return false;
		memcpy(at, p, col->size);
		return true;
	case COLUMN_INT64:
		whole = sqlite3_column_int64(q, i);
		memcpy(at, &whole, sizeof whole);
		return true;
	case COLUMN_ENUM:
		word = sqlite3_column_int(q, i);
		memcpy(at, &word, sizeof word);
		return true;
	}
	return false;
}

struct err
row_read(sqlite3_stmt *q, struct store_case *c)
{
	memset(c, 0, sizeof *c);
	for (int i = 0; i < STORE_COLUMNS; i++) {
		if (!read_column(q, i, (char *)c + columns[i].at))
			return err_make(E_CORRUPT, 0, "store: case row");
	}
	c->id = sqlite3_column_int64(q, STORE_COLUMNS);
	if ((int)c->state < 0 || c->state >= CASE_STATE_COUNT ||
	    (int)c->hold < 0 || c->hold >= HOLD_COUNT)
		return err_make(E_CORRUPT, 0, "store: case row");
	return err_none();
}
