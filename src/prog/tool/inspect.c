/*
 * prog/tool/inspect.c - `dasi cert inspect`: what a certificate says.
 */
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/text.h"
#include "prog/tool/job.h"

static void
set_text(json_t *o, const char *key, const char *value)
{
	json_object_set_new(o, key, json_string(value));
}

static void
set_hex(json_t *o, const char *key, struct span bytes)
{
	char text[HEX_TEXT(VID_MAX)];

	hex_encode(text, sizeof text, bytes);
	set_text(o, key, text);
}

static void
set_time(json_t *o, const char *key, int64_t unix_s)
{
	char text[CLOCK_TEXT];

	civil_iso_text(text, unix_s);
	set_text(o, key, text);
}

static json_t *
usages(const struct npki_cert_info *info)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} names[] = {
		{ KU_DIGITAL_SIGNATURE, "digitalSignature" },
		{ KU_NON_REPUDIATION, "nonRepudiation" },
		{ KU_KEY_ENCIPHERMENT, "keyEncipherment" },
		{ KU_DATA_ENCIPHERMENT, "dataEncipherment" },
		{ KU_KEY_AGREEMENT, "keyAgreement" },
		{ KU_KEY_CERT_SIGN, "keyCertSign" },
		{ KU_CRL_SIGN, "cRLSign" },
	};
	json_t *out = json_array();

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if ((info->key_usage & names[i].bit) != 0)
			json_array_append_new(out, json_string(names[i].name));
	return out;
}

static json_t *
identity(const struct identify_data *id)
{
	json_t *out = json_object();

	set_text(out, "name", id->name);
	if (id->has_vid) {
		set_text(out, "hash", vid_hash_name(id->hash));
		set_hex(out, "vid", span_make(id->vid, id->vid_n));
	}
	return out;
}

struct err
job_describe(json_t **out, const X509 *cert)
{
	static struct npki_cert_info info;
	struct err e = npki_cert_info(&info, cert);
	const char *issuer_ko;
	json_t *o;

	*out = NULL;
	if (err_is(e))
		return e;
	if ((o = json_object()) == NULL)
		return err_make(E_NOMEM, 0, "inspect");
	issuer_ko = npki_issuer_name_ko(info.org);
	set_text(o, "subject", info.subject);
	set_text(o, "folder", info.leaf);
	set_text(o, "person", info.person);
	set_text(o, "org", info.org);
	set_text(o, "issuer_name", issuer_ko == NULL ? "" : issuer_ko);
	set_text(o, "issuer", info.issuer);
	set_text(o, "serial", info.serial);
	set_time(o, "not_before", info.not_before);
	set_time(o, "not_after", info.not_after);
	set_text(o, "policy", info.policy_oid);
	set_text(o, "product", info.policy == NULL ? "" : info.policy->product);
	set_text(
	    o, "product_name", info.policy == NULL ? "" : info.policy->name_ko);
	set_text(o, "key_type", info.key_type);
	json_object_set_new(o, "key_bits", json_integer(info.key_bits));
	json_object_set_new(o, "key_usage", usages(&info));
	set_text(o, "ocsp_url", info.ocsp_url);
	set_text(o, "crl_url", info.crl_url);
	set_hex(o, "spki_sha256", span_make(info.spki_sha256, 32));
	set_hex(o, "sha256", span_make(info.sha256, 32));
	if (info.has_identify)
		json_object_set_new(o, "identity", identity(&info.identify));
	*out = o;
	return err_none();
}

/* The private key's file: its encryption is visible without a password. */
static void
describe_key(json_t *o, const struct cert_job *job)
{
	char name[PRI_ALGORITHM_TEXT];
	json_t *key = json_object();

	if (job->source.has_key) {
		struct err e = npki_pri_algorithm(
		    name, span_make(job->source.key, job->source.key_n));

		set_text(key, "algorithm", err_is(e) ? "unreadable" : name);
	}
	if (job->key.pkey != NULL)
		json_object_set_new(key, "has_r", json_boolean(job->key.has_r));
	json_object_set_new(o, "key", key);
}

static struct err
inspect_one(json_t **out, struct cert_job *job)
{
	static const char *const kinds[] = { [SOURCE_PAIR] = "pair",
		[SOURCE_CERTIFICATE] = "certificate",
		[SOURCE_P12] = "pkcs12" };
	json_t *cert;
	struct err e = job_open_cert(job);

	*out = NULL;
	if (!err_is(e))
		e = job_describe(&cert, job->cert);
	if (err_is(e))
		return e;
	*out = json_object();
	set_text(*out, "path", job->source.path);
	set_text(*out, "kind", kinds[job->source.kind]);
	json_object_set_new(*out, "certificate", cert);
	if (job->source.has_key || job->key.pkey != NULL)
		describe_key(*out, job);
	return err_none();
}

/* Each of several: one that does not open is shown with its error. */
static void
inspect_listed(struct cert_job *job, const struct source_list *list)
{
	json_t *all = json_array();

	for (size_t i = 0; i < list->n; i++) {
		json_t *one;
		struct err e;

		job->opt.path = list->path[i];
		e = inspect_one(&one, job);
		if (err_is(e)) {
			one = json_object();
			set_text(one, "path", list->path[i]);
			tool_add_error(one, e);
			job->finding = true;
		}
		json_array_append_new(all, one);
		X509_free(job->cert);
		job->cert = NULL;
	}
	json_object_set_new(job->out, "certificates", all);
}

struct err
cert_inspect(struct cert_job *job)
{
	static struct source_list list;
	struct stat st;
	json_t *one;
	struct err e;

	if (stat(job->opt.path, &st) == 0 && S_ISDIR(st.st_mode)) {
		e = source_find(&list, job->opt.path);
		if (err_is(e))
			return e;
		if (list.n > 1) {
			inspect_listed(job, &list);
			return err_none();
		}
		job->opt.path = list.path[0];
	}
	e = inspect_one(&one, job);
	if (err_is(e))
		return e;
	json_object_update(job->out, one);
	json_decref(one);
	return err_none();
}
