/*
 * net/crl.c - the CA's revocation list, for when its OCSP responder is silent.
 */
#include <time.h>

#include "base/log.h"
#include "npki/npki.h"
#include "peer/crl.h"
#include "prog/net/job.h"
#include "rpc/rpc.h"

static json_t *
result_of(const struct crl_answer *a)
{
	return json_pack("{s:s,s:o,s:I,s:I}", "status",
	    a->revoked ? "revoked" : "good", "reason",
	    a->reason == CRL_NO_REASON ? json_null() : json_integer(a->reason),
	    "at", (json_int_t)a->at, "made", (json_int_t)a->made);
}

void
crl_get(struct exchange *x)
{
	static uint8_t cert_room[NPKI_CERT_MAX], issuer_room[NPKI_CERT_MAX];
	struct buf cert = buf_make(cert_room, sizeof cert_room);
	struct buf issuer = buf_make(issuer_room, sizeof issuer_room);
	struct http_ask ask = { .url = x->conf->crl_url,
		.timeout_ms = x->conf->peer_timeout_ms,
		.peer_ca = x->conf->peer_ca };
	struct crl_answer a;
	struct err e = rpc_get_bytes(&cert, x->params, "certificate");

	if (!err_is(e))
		e = rpc_get_bytes(&issuer, x->params, "issuer");
	if (err_is(e)) {
		exchange_fail(x, "rpc.params", e.where);
		return;
	}
	if (ask.url[0] == '\0') {
		exchange_fail(x, "crl.none", "crl: not configured");
		return;
	}
	/* servers name its type as they like: the signature tells what it is */
	if (!exchange_ask_ca(x, &ask, NULL))
		return;
	e = crl_status(&a, span_make(x->answer->body, x->answer->n),
	    buf_span(&cert), buf_span(&issuer), time(NULL));
	if (err_is(e)) {
		log_err(LOG_NOTICE, "crl", e);
		exchange_fail(x, "peer.ca_answer", e.where);
		return;
	}
	x->result = result_of(&a);
}
