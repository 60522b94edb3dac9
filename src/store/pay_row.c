/*
 * store/pay_row.c - struct store_pay to and from the columns of `pay`, and
 * the statements that find rows.
 *
 * columns[] is the order of PAY_COLUMNS in pay_sql.h.
 */
#include <string.h>

#include "store/internal.h"
#include "store/pay_row.h"

enum column_kind { COLUMN_TEXT, COLUMN_INT64, COLUMN_INT };

struct column {
	enum column_kind kind;
	size_t at, size;
};

#define FIELD(k, f)                                                            \
	{                                                                      \
		k, offsetof(struct store_pay, f),                              \
		    sizeof((struct store_pay *)0)->f                           \
	}
#define TEXT(f) FIELD(COLUMN_TEXT, f)
#define LONG(f) FIELD(COLUMN_INT64, f)
#define INT(f)	FIELD(COLUMN_INT, f)

/* clang-format off */
static const struct column columns[] = {
	LONG(version), LONG(case_id), INT(method), INT(p.state),
	INT(p.remedy), INT(p.tries), INT(p.not_found), TEXT(driver),
	TEXT(service_id), TEXT(ask_id), LONG(won), LONG(charged), LONG(at_ms),
	LONG(timeout_ms), TEXT(terminal), TEXT(condition), TEXT(poi_txn),
	TEXT(poi_at), TEXT(approval), TEXT(brand), TEXT(pan),
	TEXT(receipt_no), TEXT(back_no), TEXT(reason), TEXT(note), LONG(begun_at),
	LONG(changed_at), LONG(paid_at), LONG(back_at),
};
/* clang-format on */

_Static_assert(sizeof columns / sizeof *columns == PAY_ROW_COLUMNS,
    "columns[] and PAY_PLACES in pay_sql.h");
_Static_assert(sizeof(enum pay_state) == sizeof(int) &&
		   sizeof(enum pay_method) == sizeof(int) &&
		   sizeof(enum pay_remedy) == sizeof(int),
    "enums are read and written as int");

enum { SERVICE_ID_COLUMN = 9 };

static int
bind(sqlite3_stmt *q, int at, const struct column *col, const char *from)
{
	int64_t whole;
	int word;

	if (col->kind == COLUMN_TEXT)
		return sqlite3_bind_text(q, at, from, -1, SQLITE_TRANSIENT);
	if (col->kind == COLUMN_INT64) {
		memcpy(&whole, from, sizeof whole);
		return sqlite3_bind_int64(q, at, whole);
	}
	memcpy(&word, from, sizeof word);
	return sqlite3_bind_int(q, at, word);
}

struct err
pay_row_bind(sqlite3_stmt *q, const struct store_pay *p)
{
	int n = sqlite3_bind_parameter_count(q);

	for (int i = 0; i < PAY_ROW_COLUMNS; i++) {
		const char *from = (const char *)p + columns[i].at;
		if (bind(q, i + 1, &columns[i], from) != SQLITE_OK)
			return err_make(E_NOMEM, 0, "pay: bind");
	}
	if (p->service_id[0] == '\0')
		sqlite3_bind_null(q, SERVICE_ID_COLUMN);
	if (n > PAY_ROW_COLUMNS)
		sqlite3_bind_int64(q, PAY_ROW_COLUMNS + 1, p->id);
	return err_none();
}

static bool
read_column(sqlite3_stmt *q, int i, char *to)
{
	const struct column *col = &columns[i];
	const void *text;
	int64_t whole;
	int word;

	if (col->kind == COLUMN_TEXT) {
		text = sqlite3_column_text(q, i);
		return text != NULL && str_copy(to, col->size, text);
	}
	if (col->kind == COLUMN_INT64) {
		whole = sqlite3_column_int64(q, i);
		memcpy(to, &whole, sizeof whole);
		return true;
	}
	word = sqlite3_column_int(q, i);
	memcpy(to, &word, sizeof word);
	return true;
}

static struct err
read_row(sqlite3_stmt *q, struct store_pay *p)
{
	const void *no = sqlite3_column_text(q, PAY_ROW_COLUMNS + 1);

	memset(p, 0, sizeof *p);
	for (int i = 0; i < PAY_ROW_COLUMNS; i++) {
		if (!read_column(q, i, (char *)p + columns[i].at))
			return err_make(E_CORRUPT, 0, "pay: row");
	}
	p->id = sqlite3_column_int64(q, PAY_ROW_COLUMNS);
	if ((unsigned)p->p.state >= PAY_STATE_COUNT ||
	    (unsigned)p->method >= PAY_METHOD_COUNT ||
	    (unsigned)p->p.remedy >= PAY_REMEDY_COUNT || no == NULL ||
	    !str_copy(p->case_no, sizeof p->case_no, no))
		return err_make(E_CORRUPT, 0, "pay: row");
	return err_none();
}

/* Up to `cap` rows of a statement whose ?1 to ?3 are these. */
static struct err
find(struct store *s, enum query which, int64_t one, int64_t after,
    struct store_pay *out, size_t cap, size_t *n)
{
	sqlite3_stmt *q = s->q[which];
	struct err e = err_none();
	int rc = SQLITE_DONE;

	*n = 0;
	sqlite3_bind_int64(q, 1, one);
	sqlite3_bind_int64(q, 2, after);
	sqlite3_bind_int64(q, 3, (int64_t)cap);
	while (!err_is(e) && *n < cap && (rc = sqlite3_step(q)) == SQLITE_ROW)
		e = read_row(q, &out[(*n)++]);
	if (!err_is(e) && rc != SQLITE_ROW && rc != SQLITE_DONE)
		e = store_err(s, rc, "pay: read");
	sqlite3_reset(q);
	sqlite3_clear_bindings(q);
	return e;
}

struct err
store_pay_live(struct store *s, struct store_pay *out, int64_t case_id)
{
	size_t n;
	struct err e = find(s, Q_PAY_LIVE, case_id, 0, out, 1, &n);

	return err_is(e) || n == 1 ? e : err_make(E_NOTFOUND, 0, "pay: live");
}

struct err
store_pays_of_case(struct store *s, struct store_pay *out, size_t cap,
    size_t *n, int64_t case_id)
{
	return find(s, Q_PAY_OF_CASE, case_id, 0, out, cap, n);
}

struct err
store_pays_wanting(struct store *s, struct store_pay *out, size_t cap,
    size_t *n, enum store_pay_want want, int64_t after)
{
	enum query which = want == STORE_PAY_OPEN   ? Q_PAY_OPEN
			   : want == STORE_PAY_OWED ? Q_PAY_OWED
						    : Q_PAY_STAFF;

	return find(s, which, CASE_DONE, after, out, cap, n);
}

static struct store_pay_sum *
sum_of(struct store_pay_totals *t, int word)
{
	if (word >= 0 && word < PAY_METHOD_COUNT)
		return &t->fees[word];
	return word == 100 + PAY_STATE_REVERSED ? &t->reversals : &t->refunds;
}

struct err
store_pay_day(
    struct store *s, struct store_pay_totals *out, int64_t from, int64_t to)
{
	sqlite3_stmt *q = s->q[Q_PAY_DAY];
	int rc;

	memset(out, 0, sizeof *out);
	sqlite3_bind_int64(q, 1, from);
	sqlite3_bind_int64(q, 2, to);
	while ((rc = sqlite3_step(q)) == SQLITE_ROW) {
		struct store_pay_sum *sum = sum_of(
		    out, sqlite3_column_int(q, 0));
		sum->count += sqlite3_column_int64(q, 1);
		sum->won += sqlite3_column_int64(q, 2);
	}
	sqlite3_reset(q);
	return rc == SQLITE_DONE ? err_none() : store_err(s, rc, "pay: day");
}
