/*
 * net/exchange.c - the table of methods.
 */
#include "prog/net/exchange.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "base/secret.h"
#include "npki/npki.h"
#include "peer/cmp.h"
#include "peer/ocsp.h"
#include "peer/registry.h"
#include "prog/net/http.h"
#include "prog/net/job.h"
#include "rpc/rpc.h"

static struct http_answer answer; /* one child, one exchange */

void
exchange_fail(struct exchange *x, const char *code, const char *where)
{
	x->code = code;
	x->more = json_pack("{s:s}", "where", where);
}

/* No usable HTTP answer from the CA's side. */
static void
fail_ca(struct exchange *x, struct err e)
{
	log_err(LOG_NOTICE, "ca", e);
	if (e.code == E_TIMEOUT)
		exchange_fail(x, "peer.ca_timeout", e.where);
	else if (e.code == E_LIMIT || e.code == E_PROTOCOL)
		exchange_fail(x, "peer.ca_answer", e.where);
	else
		exchange_fail(x, "peer.ca_down", e.where);
}

bool
exchange_ask_ca(
    struct exchange *x, const struct http_ask *ask, const char *answer_type)
{
	struct err e = http_perform(&answer, ask);

	if (err_is(e)) {
		fail_ca(x, e);
		return false;
	}
	if (answer.status != 200) {
		log_line(LOG_NOTICE, "ca: http status %ld", answer.status);
		x->code = "peer.ca_http";
		x->more = json_pack(
		    "{s:I}", "status", (json_int_t)answer.status);
		return false;
	}
	if (answer_type != NULL && strcmp(answer.type, answer_type) != 0) {
		log_line(LOG_NOTICE, "ca: another content type");
		exchange_fail(x, "peer.ca_answer", "http: content type");
		return false;
	}
	return true;
}

static bool
post_ca(struct exchange *x, const char *url, const char *type,
    const char *answer_type, struct span body)
{
	struct http_ask ask = { .url = url,
		.type = type,
		.body = body,
		.timeout_ms = x->conf->peer_timeout_ms,
		.peer_ca = x->conf->peer_ca };

	return exchange_ask_ca(x, &ask, answer_type);
}

static void
cmp_send(struct exchange *x)
{
	static uint8_t room[CMP_DER_MAX];
	struct buf der = buf_make(room, sizeof room);
	struct err e = rpc_get_bytes(&der, x->params, "der");

	if (err_is(e)) {
		exchange_fail(x, "rpc.params", e.where);
		return;
	}
	if (!post_ca(x, x->conf->cmp_url, "application/pkixcmp",
		"application/pkixcmp", buf_span(&der)))
		return;
	if (answer.n == 0 || answer.n > CMP_DER_MAX) {
		exchange_fail(x, "peer.ca_answer", "cmp: size");
		return;
	}
	x->result = json_pack(
	    "{s:o}", "der", rpc_bytes(span_make(answer.body, answer.n)));
}

static json_t *
ocsp_result(const struct ocsp_answer *a)
{
	return json_pack("{s:s,s:o,s:I}", "status", ocsp_status_name(a->status),
	    "reason",
	    a->reason == OCSP_NO_REASON ? json_null() : json_integer(a->reason),
	    "at", (json_int_t)a->at);
}

static void
ocsp_query(struct exchange *x)
{
	static uint8_t cert_room[NPKI_CERT_MAX], issuer_room[NPKI_CERT_MAX];
	uint8_t room[OCSP_REQUEST_MAX];
	struct buf cert = buf_make(cert_room, sizeof cert_room);
	struct buf issuer = buf_make(issuer_room, sizeof issuer_room);
	struct buf request = buf_make(room, sizeof room);
	struct ocsp_answer a;
	struct err e = rpc_get_bytes(&cert, x->params, "certificate");

	if (!err_is(e))
		e = rpc_get_bytes(&issuer, x->params, "issuer");
	if (!err_is(e))
		e = ocsp_request(&request, buf_span(&cert), buf_span(&issuer));
	if (err_is(e)) {
		exchange_fail(x,
		    e.code == E_MISMATCH ? "cert.not_issued" : "rpc.params",
		    e.where);
		return;
	}
	if (!post_ca(x, x->conf->ocsp_url, "application/ocsp-request",
		"application/ocsp-response", buf_span(&request)))
		return;
	e = ocsp_response(&a, span_make(answer.body, answer.n),
	    buf_span(&request), buf_span(&issuer), time(NULL));
	if (err_is(e)) {
		log_err(LOG_NOTICE, "ocsp", e);
		exchange_fail(x, "peer.ca_answer", e.where);
		return;
	}
	x->result = ocsp_result(&a);
}

/* `base` and `path` with one slash between them. */
static bool
join_url(char out[static HTTP_URL], const char *base, const char *path)
{
	size_t n = strlen(base);

	while (n > 0 && base[n - 1] == '/')
		n--;
	if (n + strlen(path) >= HTTP_URL)
		return false;
	memcpy(out, base, n);
	memcpy(out + n, path, strlen(path) + 1);
	return true;
}

static void
fail_registry(struct exchange *x, const char *where)
{
	log_line(LOG_NOTICE, "registry: no use: %s", where);
	exchange_fail(x, "peer.registry_down", where);
}

/* The JSON of a request; personal data, so wiped by the caller. */
static char *
body_text(struct exchange *x, enum registry_call call, char *nonce)
{
	json_t *body = NULL;
	char *text = NULL;
	struct err e = registry_request(&body, call, x->params);

	if (err_is(e))
		exchange_fail(x, "rpc.params", e.where);
	else if (err_is(e = registry_add_nonce(body, nonce)))
		fail_registry(x, e.where);
	else if ((text = json_dumps(body, JSON_COMPACT)) == NULL)
		fail_registry(x, "registry: memory");
	json_decref(body);
	return text;
}

static void
take_reply(struct exchange *x, enum registry_call call, const char *nonce)
{
	struct registry_reply reply;
	struct err e;

	if (answer.status != 200) {
		fail_registry(x, "registry: http status");
		return;
	}
	if (!registry_answers(span_make(answer.body, answer.n), nonce)) {
		fail_registry(x, "registry: another's answer");
		return;
	}
	e = registry_reply_read(&reply, call, span_make(answer.body, answer.n));
	if (err_is(e)) {
		fail_registry(x, e.where);
		return;
	}
	x->result = reply.result;
	x->code = reply.code;
	x->more = reply.more;
}

static void
registry(struct exchange *x, enum registry_call call)
{
	char url[HTTP_URL], nonce[REGISTRY_NONCE];
	char *text = body_text(x, call, nonce);
	struct err e;

	if (text == NULL)
		return;
	if (!join_url(url, x->conf->registry_url, registry_path(call))) {
		fail_registry(x, "registry: address");
	} else {
		struct http_ask ask = { .url = url,
			.type = "application/json",
			.body = span_str(text),
			.timeout_ms = x->conf->peer_timeout_ms,
			.peer_ca = x->conf->peer_ca };

		e = http_perform(&answer, &ask);
		if (err_is(e))
			fail_registry(x, e.where);
		else
			take_reply(x, call, nonce);
	}
	secret_wipe(text, strlen(text));
	free(text);
}

static void
registry_verify(struct exchange *x)
{
	registry(x, REGISTRY_VERIFY);
}

static void
registry_factor_start(struct exchange *x)
{
	registry(x, REGISTRY_FACTOR_START);
}

static void
registry_factor_verify(struct exchange *x)
{
	registry(x, REGISTRY_FACTOR_VERIFY);
}

static void
registry_certificates(struct exchange *x)
{
	registry(x, REGISTRY_CERTIFICATES);
}

static void
registry_enroll(struct exchange *x)
{
	registry(x, REGISTRY_ENROLL);
}

static struct err
get(const struct exchange *x, const char *url)
{
	struct http_ask ask = { .url = url,
		.timeout_ms = EXCHANGE_PROBE_MS,
		.peer_ca = x->conf->peer_ca };

	return http_perform(&answer, &ask);
}

/* Up: the CA's server speaks HTTP at all; the registry says it is well. */
static void
health_probe(struct exchange *x)
{
	char url[HTTP_URL];
	struct registry_reply reply;
	struct err e = get(x, x->conf->cmp_url);
	bool ca = !err_is(e), well = false;

	if (join_url(
		url, x->conf->registry_url, registry_path(REGISTRY_HEALTH)) &&
	    !err_is(get(x, url)) && answer.status == 200 &&
	    !err_is(registry_reply_read(
		&reply, REGISTRY_HEALTH, span_make(answer.body, answer.n)))) {
		well = true;
		registry_reply_free(&reply);
	}
	x->result = json_pack("{s:b,s:b}", "ca", ca, "registry", well);
}

/* clang-format off */
static const struct {
	const char *method;
	void	  (*run)(struct exchange *);
	const char *lost;	/* code when the child did not answer */
	const char *late;	/* code when it was too slow */
} methods[] = {
	{ "cmp.send",		    cmp_send,
	    "peer.ca_answer", "peer.ca_timeout" },
	{ "ocsp.query",		    ocsp_query,
	    "peer.ca_answer", "peer.ca_timeout" },
	{ "crl.get",		    crl_get,
	    "peer.ca_answer", "peer.ca_timeout" },
	{ "registry.verify",	    registry_verify,
	    "peer.registry_down", "peer.registry_down" },
	{ "registry.factor_start",  registry_factor_start,
	    "peer.registry_down", "peer.registry_down" },
	{ "registry.factor_verify", registry_factor_verify,
	    "peer.registry_down", "peer.registry_down" },
	{ "registry.certificates",  registry_certificates,
	    "peer.registry_down", "peer.registry_down" },
	{ "registry.enroll",	    registry_enroll,
	    "peer.registry_down", "peer.registry_down" },
	{ "health.probe",	    health_probe,
	    "peer.ca_down", "peer.ca_down" },
	{ "pay.start",		    pay_start,
	    "peer.pay_answer", "peer.pay_timeout" },
	{ "pay.status",		    pay_status,
	    "peer.pay_answer", "peer.pay_timeout" },
	{ "pay.abort",		    pay_abort,
	    "peer.pay_answer", "peer.pay_timeout" },
	{ "pay.reverse",	    pay_reverse,
	    "peer.pay_answer", "peer.pay_timeout" },
	{ "pay.netcancel",	    pay_netcancel,
	    "peer.pay_answer", "peer.pay_timeout" },
	{ "pay.probe",		    pay_probe,
	    "peer.pay_answer", "peer.pay_timeout" },
	{ "pay.totals",		    pay_totals,
	    "peer.pay_answer", "peer.pay_timeout" },
	{ "sms.send",		    sms_send,
	    "peer.message_down", "peer.message_down" },
	{ "mail.send",		    mail_send,
	    "peer.message_down", "peer.message_down" },
};
/* clang-format on */

enum { METHODS = sizeof methods / sizeof *methods };

static size_t
find(const char *method)
{
	size_t i = 0;

	while (i < METHODS && strcmp(methods[i].method, method) != 0)
		i++;
	return i;
}

bool
exchange_known(const char *method)
{
	return find(method) < METHODS;
}

static json_t *
error_frame(json_int_t id, const char *code, json_t *more)
{
	json_t *frame = rpc_error(id, code);

	if (more != NULL)
		json_object_update_missing(
		    json_object_get(frame, "error"), more);
	json_decref(more);
	return frame;
}

json_t *
exchange_run(const struct conf *conf, int sock, const json_t *request)
{
	struct exchange x = { .conf = conf,
		.params = json_object_get(request, "params"),
		.sock = sock,
		.answer = &answer };
	json_int_t id = rpc_int(request, "id", 0);
	const char *method = rpc_str(request, "method");
	size_t i = find(method);

	if (i == METHODS)
		return rpc_error(id, "rpc.method");
	methods[i].run(&x);
	if (x.code != NULL)
		return error_frame(id, x.code, x.more);
	if (x.result == NULL)
		return rpc_error(id, methods[i].lost);
	return rpc_result(id, x.result);
}

int
exchange_limit_ms(const struct conf *conf, const json_t *request)
{
	const char *method = rpc_str(request, "method");
	int ms = conf->peer_timeout_ms + 2 * EXCHANGE_PROBE_MS;

	if (strncmp(method, "pay.", 4) == 0) /* a login may come between */
		ms += 3 * conf->pay_timeout_s * 1000;
	if (strcmp(method, "pay.start") == 0)
		ms += pay_limit_ms(json_object_get(request, "params"));
	return ms;
}

json_t *
exchange_lost(json_int_t id, const char *method, bool late)
{
	size_t i = find(method);

	if (i == METHODS)
		return rpc_error(id, "rpc.method");
	return rpc_error(id, late ? methods[i].late : methods[i].lost);
}
