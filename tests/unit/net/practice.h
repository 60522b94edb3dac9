/*
 * practice.h - dasi-net between an agent of the test and a real sandbox.
 */
#ifndef UNIT_NET_PRACTICE_H
#define UNIT_NET_PRACTICE_H

#include "branch.h"

struct practice {
	struct branch b;
	pid_t sandbox;
	char dir[64];	  /* the sandbox's */
	char control[64]; /* "127.0.0.1:PORT" */
	int pay_timeout_s;
};

/* Start both; `option` is one more for dasi-sandbox, or NULL. */
void practice_open(struct practice *p, const char *option);
void practice_close(struct practice *p);
/* End the sandbox, and start it again on the same folder and ports. */
void practice_sandbox_stop(struct practice *p);
void practice_sandbox_start(struct practice *p, const char *option);

/* POST `text` (GET when NULL) to /control and give the answer. */
json_t *practice_tell(struct practice *p, const char *path, const char *text);
/* A fault, once. */
void practice_fault(struct practice *p, const char *at, const char *action);

#endif
