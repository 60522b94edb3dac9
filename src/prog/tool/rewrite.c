/*
 * prog/tool/rewrite.c - `dasi cert passwd` and `export`: the same key under
 * another password or in another file, with R.
 *
 * What is about to be written is opened again first, and what was written is
 * read back: a key that does not open is never left in place of one that did.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/secret.h"
#include "npki/name.h"
#include "npki/p12.h"
#include "npki/pair.h"
#include "identity/password.h"
#include "prog/tool/job.h"

static bool
same_key(const struct npki_key *a, const struct npki_key *b)
{
	return EVP_PKEY_eq(a->pkey, b->pkey) == 1 && a->has_r == b->has_r &&
	       secret_equal(a->r_secret, b->r_secret, NPKI_R) &&
	       a->attrs_n == b->attrs_n &&
	       memcmp(a->attrs, b->attrs, a->attrs_n) == 0;
}

/* Does this file hold our key (and, PKCS#12, certificate)? */
static struct err
opens(const struct cert_job *job, const struct npki_key *want,
    enum source_kind kind, struct span file, struct span password_secret)
{
	struct npki_p12 p12 = { 0 };
	struct err e = kind == SOURCE_P12
			   ? npki_p12_read(&p12, file, password_secret)
			   : npki_pri_read(&p12.key, file, password_secret);

	if (!err_is(e) &&
	    (!same_key(want, &p12.key) ||
		(p12.cert != NULL && X509_cmp(p12.cert, job->cert) != 0)))
		e = err_make(E_CORRUPT, 0, "rewrite: not the same key");
	npki_p12_free(&p12);
	if (e.code == E_PASSWORD || e.code == E_FORMAT)
		e = err_make(E_CORRUPT, 0, "rewrite: does not open");
	return e;
}

/* Write, then read back from the path and open once more. */
static struct err
write_proven(const struct cert_job *job, const struct npki_key *key,
    enum source_kind kind, const char *path, struct span file,
    struct span password_secret)
{
	static uint8_t bytes[NPKI_P12_MAX];
	struct buf back = buf_make(bytes, sizeof bytes);
	struct stat st;
	mode_t mode = stat(path, &st) == 0 ? st.st_mode & 0777 : 0600;
	struct err e = opens(job, key, kind, file, password_secret);

	if (!err_is(e))
		e = file_write(path, file, mode);
	if (!err_is(e))
		e = file_read(&back, path);
	if (!err_is(e))
		e = opens(job, key, kind, buf_span(&back), password_secret);
	return e;
}

static struct err
write_p12(struct cert_job *job, const char *path, STACK_OF(X509) * chain,
    struct span password_secret)
{
	static uint8_t bytes[NPKI_P12_MAX];
	struct buf b = buf_make(bytes, sizeof bytes);
	struct err e = npki_p12_write(
	    &b, &job->key, job->cert, chain, P12_KOREAN, password_secret);

	if (!err_is(e))
		e = write_proven(job, &job->key, SOURCE_P12, path, buf_span(&b),
		    password_secret);
	return e;
}

/* PBES2 stays PBES2; every other form becomes the classic one. */
static struct err
write_pri(struct cert_job *job, const struct npki_key *key, const char *path,
    struct span password_secret)
{
	uint8_t bytes[NPKI_PRI_MAX];
	struct buf b = buf_make(bytes, sizeof bytes);
	struct err e = npki_pri_write(&b, key,
	    key->form == PRI_FORM_PBES2 ? PRI_FORM_PBES2 : PRI_FORM_SEED_SHA1,
	    password_secret);

	if (!err_is(e))
		e = write_proven(
		    job, key, SOURCE_PAIR, path, buf_span(&b), password_secret);
	return e;
}

/* The encryption key beside the signing one, where a CA issues both. */
static struct err
open_km(struct npki_key *out, char path[static PATH_MAX],
    const struct cert_job *job)
{
	uint8_t bytes[NPKI_PRI_MAX];
	struct buf b = buf_make(bytes, sizeof bytes);
	struct err e = source_join(path, job->source.path, "kmPri.key");

	if (!err_is(e))
		e = file_read(&b, path);
	if (!err_is(e))
		e = npki_pri_read(
		    out, buf_span(&b), ask_span(&job->password_secret));
	return e.code == E_NOTFOUND ? err_none() : e;
}

static struct err
passwd_pair(struct cert_job *job, struct span password_secret)
{
	struct npki_key km = { 0 };
	char path[PATH_MAX], km_path[PATH_MAX];
	struct err e = open_km(&km, km_path, job);

	if (!err_is(e))
		e = source_join(path, job->source.path, "signPri.key");
	if (!err_is(e))
		e = write_pri(job, &job->key, path, password_secret);
	if (!err_is(e) && km.pkey != NULL)
		e = write_pri(job, &km, km_path, password_secret);
	npki_key_free(&km);
	return e;
}

struct err
cert_passwd(struct cert_job *job)
{
	struct ask_secret new_secret;
	enum password_reason reason;
	struct err e = job_choose(job);

	if (!err_is(e))
		e = job_open_key(job);
	if (!err_is(e))
		e = npki_pair_check(job->cert, job->key.pkey);
	if (!err_is(e))
		e = ask_new_password(&new_secret, job->opt.new_password_fd);
	if (err_is(e))
		return e;
	reason = password_check(ask_span(&new_secret));
	json_object_set_new(
	    job->out, "password", json_string(password_reason_key(reason)));
	if (reason != PASSWORD_OK) {
		job->finding = true;
	} else {
		json_object_set_new(job->out, "strength",
		    json_string(password_strength_key(password_strength(
			NULL, ask_span(&new_secret), NULL, 0))));
		e = job->source.kind == SOURCE_P12
			? write_p12(job, job->source.path, job->chain,
			      ask_span(&new_secret))
			: passwd_pair(job, ask_span(&new_secret));
	}
	secret_wipe(&new_secret, sizeof new_secret);
	json_object_set_new(
	    job->out, "changed", json_boolean(!err_is(e) && !job->finding));
	return e;
}

/* DIR/NPKI/<O>/USER/<leaf>, which must not hold a pair yet. */
static struct err
make_folder(char out[static PATH_MAX], const struct cert_job *job)
{
	const X509_NAME *subject = X509_get_subject_name(job->cert);
	char org[NAME_VALUE], leaf[NAME_LEAF], path[PATH_MAX];
	struct stat st;
	struct err e = name_org(org, subject);
	int n;

	if (!err_is(e))
		e = name_leaf(leaf, subject);
	if (err_is(e))
		return e;
	n = snprintf(
	    out, PATH_MAX, "%s/NPKI/%s/USER/%s", job->opt.out, org, leaf);
	if (n < 0 || n >= PATH_MAX)
		return err_make(E_LIMIT, 0, "export: path");
	e = source_join(path, out, "signCert.der");
	if (!err_is(e) && lstat(path, &st) == 0)
		e = err_make(E_EXISTS, 0, "export: signCert.der");
	if (!err_is(e))
		e = source_join(path, out, "signPri.key");
	if (!err_is(e) && lstat(path, &st) == 0)
		e = err_make(E_EXISTS, 0, "export: signPri.key");
	return err_is(e) ? e : file_make_dirs(out);
}

static struct err
export_pair(struct cert_job *job)
{
	char dir[PATH_MAX], path[PATH_MAX];
	uint8_t *der = NULL;
	int n = i2d_X509(job->cert, &der);
	struct err e = n > 0 ? make_folder(dir, job)
			     : err_make(E_CRYPTO, 0, "export: encode");

	job->key.form = PRI_FORM_SEED_SHA1;
	if (!err_is(e))
		e = source_join(path, dir, "signPri.key");
	if (!err_is(e))
		e = write_pri(
		    job, &job->key, path, ask_span(&job->password_secret));
	if (!err_is(e))
		e = source_join(path, dir, "signCert.der");
	if (!err_is(e))
		e = file_write(path, span_make(der, (size_t)n), 0600);
	if (!err_is(e))
		json_object_set_new(job->out, "written", json_string(dir));
	OPENSSL_free(der);
	return e;
}

static struct err
export_p12(struct cert_job *job)
{
	STACK_OF(X509) *cas = NULL;
	struct stat st;
	struct err e;

	if (lstat(job->opt.out, &st) == 0)
		return err_make(E_EXISTS, 0, "export: --out");
	e = job_load_cas(&cas, job);
	if (!err_is(e))
		e = write_p12(
		    job, job->opt.out, cas, ask_span(&job->password_secret));
	if (!err_is(e))
		json_object_set_new(
		    job->out, "written", json_string(job->opt.out));
	sk_X509_pop_free(cas, X509_free);
	return e;
}

struct err
cert_export(struct cert_job *job)
{
	struct err e;

	if (job->opt.out == NULL)
		return err_make(E_ARG, 0, "export: --out is needed");
	e = job_choose(job);
	if (!err_is(e))
		e = job_open_key(job);
	if (!err_is(e))
		e = npki_pair_check(job->cert, job->key.pkey);
	if (err_is(e))
		return e;
	e = job->source.kind == SOURCE_P12 ? export_pair(job) : export_p12(job);
	json_object_set_new(job->out, "has_r", json_boolean(job->key.has_r));
	return e;
}
