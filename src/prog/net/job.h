/*
 * net/job.h - one exchange as its child carries it out.
 */
#ifndef PROG_NET_JOB_H
#define PROG_NET_JOB_H

#include <jansson.h>
#include <stdbool.h>

#include "conf/conf.h"
#include "prog/net/http.h"

struct exchange {
	const struct conf *conf;
	const json_t *params;
	int sock;		    /* to the agent, for events */
	json_t *result;		    /* when it worked */
	const char *code;	    /* else */
	json_t *more;		    /* members of the error, or NULL */
	struct http_answer *answer; /* room for what comes back */
};

/* An error {code, where}; `where` is a literal. */
void exchange_fail(struct exchange *x, const char *code, const char *where);

/*
 * One exchange with the CA's side: true when x->answer is a 200 of this type
 * (NULL: any), else an error is in `x`.
 */
bool exchange_ask_ca(
    struct exchange *x, const struct http_ask *ask, const char *answer_type);

/* ---- crl.c */
void crl_get(struct exchange *x);

/* ---- pay.c: the card terminal */
void pay_start(struct exchange *x);
void pay_status(struct exchange *x);
void pay_abort(struct exchange *x);
void pay_reverse(struct exchange *x);
void pay_netcancel(struct exchange *x);
void pay_probe(struct exchange *x);
void pay_totals(struct exchange *x);
/* What pay.start may take, milliseconds. */
int pay_limit_ms(const json_t *params);

/* ---- message.c: text messages and e-mail */
void sms_send(struct exchange *x);
void mail_send(struct exchange *x);

#endif
