/*
 * bench.h - a process that holds keys under test (dasi-key, dasi-token), and a
 * small agent that plays the other end of its socket.
 */
#ifndef BENCH_H
#define BENCH_H

#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/span.h"
#include "fake_ca.h"

#define GOOD_PASSWORD "Sea-gull#2026x"

struct bench {
	pid_t pid;
	int sock;
	struct fake_ca ca;

	/* what the agent does wrong, by number of the transfer (1 = ir) */
	int lose_answer_of;  /* the CA hears it, its answer is lost */
	int spoil_answer_of; /* the answer's last byte is changed */
	int garbage_for;     /* the answer is no CMP */
	bool reject;	     /* decide against the certificate */
	bool no_proof;	     /* try to confirm without a proof first */
	bool spoil_stick;    /* what is read back differs */
	bool refuse_issued;  /* the agent cannot keep the certificate */
	bool undecided;	     /* keep the certificate and say nothing */
	bool replay;	     /* answer the ir with the ip kept from before */
	bool p12;
	bool phone;   /* delivered as PKCS#12, not as the pair */
	bool token;   /* delivered by itself: nothing is sent to be proven */
	bool give_up; /* whatever the proof said, decide against it */

	/* how the issuer is configured */
	bool no_evid, any_profile, no_chain;

	/* called when certConf is about to be carried, and with the ir */
	void (*at_ir)(struct bench *), (*at_issued)(struct bench *),
	    (*at_confirm)(struct bench *);

	/* what the agent saw */
	int transfers, issued, proofs;
	char last_kind[16], proof_error[48], early_error[48];
	json_t *ir_params; /* of the first cmp.transfer */
	json_t *issued_params;
	uint8_t ip[32768];
	size_t ip_n;
	bool evid_in_ir, evid_in_conf; /* which messages carry R */
};

/* Of the test: become the process under test, with its socket.  Never
 * returns. */
void bench_become(int fd);

/* Start the process; the CA is made once and kept. */
void bench_open(struct bench *b);
/* Its process ends; 0 or its status (128 + signal). */
int bench_close(struct bench *b);
/* Another process with the same CA; the status of the one before. */
int bench_restart(struct bench *b);

/* A pipe's read end that holds these bytes and then ends. */
int bench_pipe(const char *text, size_t n);

/* Send a request; `params` is stolen; `fd` is closed here. */
void bench_send(
    struct bench *b, int id, const char *method, json_t *params, int fd);
/* Serve the process's own requests until the answer to `id`; NULL when the
 * process has gone.  The caller's. */
json_t *bench_wait(struct bench *b, int id);

/* The parameters of a correct issue.start. */
json_t *bench_issue_params(struct bench *b);
json_t *bench_issuer(struct bench *b);
/* prepare + start + wait, with GOOD_PASSWORD. */
json_t *bench_issue(struct bench *b);

/* "confirmed", "rejected", or the error's code. */
const char *outcome(const json_t *answer);

#endif
