/*
 * store/pay_row.h - for the files of payments: a row bound to a statement.
 */
#ifndef STORE_PAY_ROW_H
#define STORE_PAY_ROW_H

#include <sqlite3.h>

#include "store/pay.h"

enum { PAY_ROW_COLUMNS = 29 };

/* ?1 to ?29, and the id as ?30 where the statement has one.  E_NOMEM. */
MUST_USE struct err pay_row_bind(sqlite3_stmt *q, const struct store_pay *p);

#endif
