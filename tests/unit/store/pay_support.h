/*
 * pay_support.h - cases that wait for their fee, and payments brought on.
 */
#ifndef TESTS_STORE_PAY_SUPPORT_H
#define TESTS_STORE_PAY_SUPPORT_H

#include "rig.h"
#include "store/pay.h"

/* A step that goes well. */
void move(struct store_case *c, enum case_event event);
struct store_case approved_case(const char *serial);

/* A payment of 4,400 won begun; one event of it; several that go well. */
struct err begin(
    struct store_pay *p, const struct store_case *c, enum pay_method method);
struct err step(struct store_pay *p, enum pay_event event);
void steps(struct store_pay *p, const enum pay_event *events, size_t n);
#define STEPS(p, ...)                                                          \
	steps(p, (const enum pay_event[]){ __VA_ARGS__ },                      \
	    sizeof((const enum pay_event[]){ __VA_ARGS__ }) /                  \
		sizeof(enum pay_event))

/* On the closed file: how the statement ends, and its first number. */
int sql(const char *text, int64_t *n);
int64_t number(const char *text);

uint64_t audit_rows(void);
/* The kind of the newest audit row but `back`. */
bool audit_says(int back, const char *kind);

#endif
