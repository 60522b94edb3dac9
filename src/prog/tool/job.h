/*
 * prog/tool/job.h - one `dasi cert` call: its options, its source, what it
 * found.
 */
#ifndef TOOL_JOB_H
#define TOOL_JOB_H

#include "base/clock.h"
#include "npki/cert.h"
#include "npki/pri.h"
#include "prog/tool/ask.h"
#include "prog/tool/source.h"
#include "prog/tool/tool.h"

enum { JOB_CA_MAX = 8 };

struct cert_options {
	bool json;
	int password_fd, new_password_fd, idn_fd; /* ASK_TERMINAL: prompt */
	const char *out;
	const char *root;
	const char *ca[JOB_CA_MAX];
	size_t ca_n;
	const char *path;
};

struct cert_job {
	struct cert_options opt;
	struct source source;
	json_t *out;  /* shown at the end */
	bool finding; /* something is wrong: exit 1 */

	/* by job_open_cert and job_open_key; freed by the caller of the verb */
	X509 *cert;
	struct npki_key key;	/* pkey is NULL until opened */
	STACK_OF(X509) * chain; /* of a PKCS#12; may be NULL */
	struct ask_secret password_secret;
};

/* The verbs: fill job->out.  An error ends the job. */
struct err cert_inspect(struct cert_job *job);
struct err cert_verify(struct cert_job *job);
struct err cert_passwd(struct cert_job *job);
struct err cert_export(struct cert_job *job);
struct err cert_vid(struct cert_job *job);

/*
 * Let PATH be a tree with exactly one pair.  E_NOTFOUND without any; E_ARG
 * with several: they are then listed in job->out.
 */
MUST_USE struct err job_choose(struct cert_job *job);

/*
 * The certificate of the source; a PKCS#12 asks for its password and opens
 * the key too.
 */
MUST_USE struct err job_open_cert(struct cert_job *job);

/* Certificate and private key.  E_NOTFOUND when the source has no key. */
MUST_USE struct err job_open_key(struct cert_job *job);

/* Facts of a certificate as JSON.  E_FORMAT, E_LIMIT. */
MUST_USE struct err job_describe(json_t **out, const X509 *cert);

/* The certificate files of --ca as a stack (never NULL on success), --root. */
MUST_USE struct err job_load_cas(
    STACK_OF(X509) * *out, const struct cert_job *job);
MUST_USE struct err job_load_root(X509 **out, const struct cert_job *job);

/* The number typed or by --idn-fd, hyphens and blanks taken out. */
MUST_USE struct err job_ask_idn(struct ask_secret *out_secret,
    const struct cert_job *job, const char *prompt);

#endif
