/*
 * enrol/await.c - between ip and certConf: the agent keeps the certificate, has
 * it delivered, has the delivery proven here, and decides.
 */
#include <openssl/crypto.h>
#include <string.h>

#include "enrol/enrol.h"
#include "rpc/rpc.h"

static json_t *
cert_bytes(const X509 *cert)
{
	unsigned char *der = NULL;
	int n = i2d_X509(cert, &der);
	json_t *v = n > 0 ? rpc_bytes(span_make(der, (size_t)n)) : json_null();

	OPENSSL_free(der);
	return v;
}

/* The pinned path from the issuing CA up, without the root. */
static json_t *
chain_bytes(const struct enrol *job)
{
	json_t *list = json_array();

	json_array_append_new(list, cert_bytes(job->peer.ca));
	for (int i = 0; i < sk_X509_num(job->peer.chain); i++)
		json_array_append_new(
		    list, cert_bytes(sk_X509_value(job->peer.chain, i)));
	return list;
}

static struct err
announce(struct enrol *job)
{
	json_t *params = json_object(), *result = NULL;
	char code[PORT_CODE];
	struct err e;

	json_object_set_new(params, "certificate", cert_bytes(job->cert));
	json_object_set_new(params, "chain", chain_bytes(job));
	if (job->keeper->describe != NULL)
		job->keeper->describe(job, params);
	e = port_ask(
	    job->port, "issue.issued", params, job->deadline_ms, &result, code);
	if (e.code == E_REFUSED)
		failure_set(&job->failure, code, "issue.issued");
	job->announced = !err_is(e);
	json_decref(result);
	return e;
}

/*
 * "Accepted" needs a proof, made here, of what was read back.  Only a job
 * taken up again without the password (delivered and proven before the branch
 * lost power) may be confirmed on the agent's journal alone.
 */
static struct err
decide(struct enrol *job, const json_t *params)
{
	const json_t *accept = json_object_get(params, "accept");
	bool blind = job->resumed && job->secret->password_n == 0;

	if (!json_is_boolean(accept))
		return err_make(E_ARG, 0, "decide: accept");
	if (json_is_true(accept) && !job->proven && !blind)
		return err_make(E_STATE, 0, "decide: not proven");
	OPENSSL_cleanse(job->secret->password, sizeof job->secret->password);
	job->secret->password_n = 0;
	job->accepted = json_is_true(accept);
	job->rejected = !job->accepted;
	return err_none();
}

/* One request while the certificate waits. */
static struct err
handle(struct enrol *job, struct request *r)
{
	struct failure f = { 0 };
	json_int_t id = r->id;
	struct err e;

	if (strcmp(r->method, "issue.prove") == 0) {
		e = job->keeper->prove(job, r->params, &f);
		failure_from(&f, e);
		/* a way that failed takes nothing from one that is proven */
		job->proven = job->proven || !failure_is(&f);
	} else if (strcmp(r->method, "issue.confirm") == 0) {
		e = decide(job, r->params);
	} else {
		e = err_make(E_STATE, 0, "await: method");
	}
	request_free(r);
	failure_from(&f, e);
	if (!failure_is(&f))
		return port_answer(job->port, id, NULL);
	return failure_send(&f, job->port, id);
}

struct err
enrol_await(struct enrol *job)
{
	struct err e;

	if (job->cert == NULL)
		return err_make(E_NOMEM, 0, "await: certificate");
	e = announce(job);
	while (!err_is(e) && !job->accepted && !job->rejected) {
		struct request r;

		e = port_next(job->port, &r, job->deadline_ms);
		if (!err_is(e))
			e = handle(job, &r);
	}
	return e;
}
