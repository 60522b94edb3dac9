/*
 * What the agent's fake world uses of Criterion, for a program that is not a
 * Criterion test: a failed assertion ends the child, and its judge is told.
 */
#ifndef FAULT_PLAIN_CRITERION_H
#define FAULT_PLAIN_CRITERION_H

#include <stdint.h>
#include <string.h>

_Noreturn void plain_fails(const char *file, int line, const char *what);

#define plain_check(ok, what)                                                  \
	do {                                                                   \
		if (!(ok))                                                     \
			plain_fails(__FILE__, __LINE__, what);                 \
	} while (0)

#define cr_assert(ok, ...)	    plain_check(ok, #ok)
#define cr_assert_not(ok, ...)	    plain_check(!(ok), #ok)
#define cr_assert_eq(a, b, ...)	    plain_check((a) == (b), #a " == " #b)
#define cr_assert_gt(a, b, ...)	    plain_check((a) > (b), #a " > " #b)
#define cr_assert_geq(a, b, ...)    plain_check((a) >= (b), #a " >= " #b)
#define cr_assert_lt(a, b, ...)	    plain_check((a) < (b), #a " < " #b)
#define cr_assert_not_null(p, ...)  plain_check((p) != NULL, #p)
#define cr_assert_str_eq(a, b, ...) plain_check(strcmp(a, b) == 0, #a " " #b)

#endif
