/*
 * print/job.h - from a request of the agent to paper and an answer.
 */
#ifndef PRINT_JOB_H
#define PRINT_JOB_H

#include <jansson.h>

#include "conf/conf.h"
#include "prog/print/target.h"

struct printer {
	const struct conf *conf;
	struct target target;
};

/*
 * Carry out `print.slip` or `print.form` and build the whole answer frame; the
 * caller's, NULL when memory is short.  *fd is a PDF that goes with it, or -1;
 * the caller closes it.  Blocks as long as the printer does.
 */
json_t *job_answer(const struct printer *p, const json_t *request, int *fd);

#endif
