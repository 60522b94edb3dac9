/*
 * prog/tool/job.c - opening what a `dasi cert` call works on.
 */
#include "prog/tool/job.h"

#include <sys/stat.h>

#include "base/file.h"
#include "base/secret.h"
#include "npki/p12.h"

static struct err
ask_password(struct cert_job *job)
{
	return ask_secret(&job->password_secret, job->opt.password_fd,
	    "Certificate password: ");
}

static struct err
open_p12(struct cert_job *job)
{
	struct npki_p12 p12;
	struct err e = ask_password(job);

	if (!err_is(e))
		e = npki_p12_read(&p12,
		    span_make(job->source.file, job->source.file_n),
		    ask_span(&job->password_secret));
	if (err_is(e))
		return e;
	job->cert = p12.cert;
	job->key = p12.key;
	job->chain = p12.chain;
	secret_wipe(&p12, sizeof p12);
	return err_none();
}

struct err
job_open_cert(struct cert_job *job)
{
	struct err e;

	if (job->cert != NULL)
		return err_none();
	e = source_read(&job->source, job->opt.path);
	if (err_is(e))
		return e;
	if (job->source.kind == SOURCE_P12)
		return open_p12(job);
	return npki_cert_parse_any(
	    &job->cert, span_make(job->source.file, job->source.file_n));
}

struct err
job_open_key(struct cert_job *job)
{
	char name[PRI_ALGORITHM_TEXT];
	struct err e = job_open_cert(job);
	struct span file = span_make(job->source.key, job->source.key_n);

	if (err_is(e) || job->key.pkey != NULL)
		return e;
	if (!job->source.has_key)
		return err_make(E_NOTFOUND, 0, "source: no signPri.key");
	e = ask_password(job);
	if (!err_is(e))
		e = npki_pri_read(
		    &job->key, file, ask_span(&job->password_secret));
	if (e.code == E_UNSUPPORTED && !err_is(npki_pri_algorithm(name, file)))
		json_object_set_new(job->out, "unsupported", json_string(name));
	return e;
}

struct err
job_choose(struct cert_job *job)
{
	static struct source_list list;
	json_t *paths;
	struct stat st;
	struct err e;

	if (stat(job->opt.path, &st) != 0 || !S_ISDIR(st.st_mode))
		return err_none();
	e = source_find(&list, job->opt.path);
	if (err_is(e))
		return e;
	if (list.n == 1) {
		job->opt.path = list.path[0];
		return err_none();
	}
	paths = json_array();
	for (size_t i = 0; i < list.n; i++)
		json_array_append_new(paths, json_string(list.path[i]));
	json_object_set_new(job->out, "choose_one", paths);
	return err_make(E_ARG, 0, "source: several pairs");
}

static struct err
load_cert(X509 **out, const char *path)
{
	static uint8_t bytes[2 * NPKI_CERT_MAX];
	struct buf b = buf_make(bytes, sizeof bytes);
	struct err e = file_read(&b, path);

	*out = NULL;
	if (!err_is(e))
		e = npki_cert_parse_any(out, buf_span(&b));
	return e;
}

struct err
job_load_cas(STACK_OF(X509) * *out, const struct cert_job *job)
{
	STACK_OF(X509) *cas = sk_X509_new_null();
	struct err e = err_none();

	*out = NULL;
	if (cas == NULL)
		return err_make(E_NOMEM, 0, "job: certificates");
	for (size_t i = 0; i < job->opt.ca_n && !err_is(e); i++) {
		X509 *cert;

		e = load_cert(&cert, job->opt.ca[i]);
		if (!err_is(e) && sk_X509_push(cas, cert) == 0) {
			X509_free(cert);
			e = err_make(E_NOMEM, 0, "job: certificates");
		}
	}
	for (int i = 0; i < sk_X509_num(job->chain) && !err_is(e); i++) {
		X509 *cert = sk_X509_value(job->chain, i);

		if (X509_up_ref(cert) != 1 || sk_X509_push(cas, cert) == 0)
			e = err_make(E_NOMEM, 0, "job: certificates");
	}
	if (err_is(e))
		sk_X509_pop_free(cas, X509_free);
	else
		*out = cas;
	return e;
}

struct err
job_load_root(X509 **out, const struct cert_job *job)
{
	return load_cert(out, job->opt.root);
}

struct err
job_ask_idn(struct ask_secret *out_secret, const struct cert_job *job,
    const char *prompt)
{
	struct err e = ask_secret(out_secret, job->opt.idn_fd, prompt);
	size_t kept = 0;

	if (err_is(e))
		return e;
	for (size_t i = 0; i < out_secret->n; i++)
		if (out_secret->p[i] != '-' && out_secret->p[i] != ' ')
			out_secret->p[kept++] = out_secret->p[i];
	out_secret->n = kept;
	return err_none();
}
