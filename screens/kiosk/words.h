/*
 * screens/kiosk/words.h - numbers with their context: dates with weekday,
 * days left, won with thousands separators, certificates by name.
 *
 * Every result lives in the page's arena; nothing is NULL.
 */
#ifndef SCREENS_KIOSK_WORDS_H
#define SCREENS_KIOSK_WORDS_H

#include <stdint.h>

#include "ui/page.h"

/* "4,400원" */
const char *words_won(struct page *p, int won);
/* "2026-11-23(월)" in Korean time; "" for 0. */
const char *words_date(struct page *p, int64_t unix_s);
/* "2026-11-23", for tables that say the days left beside it. */
const char *words_plain_date(struct page *p, int64_t unix_s);
/* The same with weekday of a date "2026-11-23"; other text unchanged. */
const char *words_day(struct page *p, const char *date);
/* "2026-11-22(일) 14:05:09"; "" for 0. */
const char *words_moment(struct page *p, int64_t unix_s);
/* "112일 남음", "오늘 만료", "만료됨" */
const char *words_days_left(struct page *p, int days);
/* "2027-03-14(일)  112일 남음" */
const char *words_expiry(struct page *p, int64_t unix_s, int days);
/* "월": 0 is Sunday. */
const char *words_weekday(int n);
/* "2:41" */
const char *words_time_left(struct page *p, int64_t ms);
/* What is heard of a time that runs out: it changes at 60, 30 and 10 seconds
 * only. */
const char *words_time_spoken(struct page *p, int64_t left_ms);
/* Product name by key ("product.bank_personal"), the key's own words else. */
const char *words_product(const char *product_key);
/* "14 GB", "512 MB" of kilobytes, rounded down. */
const char *words_size(struct page *p, int64_t kb);
/* Columns a status takes in a table. */
int words_status_cols(void);
/* "유효", "정지", ...; "" for "". */
const char *words_status(struct page *p, const char *status);

#endif
