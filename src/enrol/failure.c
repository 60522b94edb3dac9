/*
 * enrol/failure.c - from error values and CMP states to the contract's codes.
 */
#include "enrol/failure.h"

#include <openssl/err.h>

#include "base/log.h"
#include "base/span.h"
#include "rpc/rpc.h"

void
failure_set(struct failure *f, const char *code, const char *where)
{
	if (failure_is(f))
		return;
	(void)str_copy(f->code, sizeof f->code, code);
	f->where = where;
}

static const char *
code_of(enum err_code code)
{
	switch (code) {
	case E_PASSWORD:
		return "password.wrong";
	case E_TIMEOUT:
		return "key.timeout";
	case E_ARG:
	case E_LIMIT:
	case E_FORMAT:
	case E_UNSUPPORTED:
		return "rpc.params";
	case E_STATE:
		return "rpc.state";
	case E_MISMATCH:
		return "mismatch";
	case E_NONE:
	case E_SYS:
	case E_NOMEM:
	case E_CRYPTO:
	case E_NOTFOUND:
	case E_EXISTS:
	case E_ROLE:
	case E_UNREACHABLE:
	case E_REFUSED:
	case E_PROTOCOL:
	case E_EXPIRED:
	case E_FULL:
	case E_READONLY:
	case E_GONE:
	case E_CONFIG:
	case E_CORRUPT:
	case E_CANCELLED:
	case E_COUNT:
		break;
	}
	return "key.internal";
}

void
failure_from(struct failure *f, struct err e)
{
	if (err_is(e))
		failure_set(f, code_of(e.code), e.where);
}

void
failure_from_cmp(struct failure *f, const OSSL_CMP_CTX *ctx)
{
	int status = OSSL_CMP_CTX_get_status(ctx);
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());

	if (!failure_is(f) && status == OSSL_CMP_PKISTATUS_rejection) {
		failure_set(f, "peer.ca_refused", NULL);
		f->refused = true;
		f->status = status;
		f->fail_info = OSSL_CMP_CTX_get_failInfoCode(ctx);
		if (f->fail_info < 0)
			f->fail_info = 0; /* none was given */
		cmp_status_text(f->text, ctx);
	}
	failure_set(f, "peer.ca_answer",
	    reason != NULL ? reason : "cmp: no certificate");
	ERR_clear_error();
}

static void
add_refusal(json_t *more, const struct failure *f)
{
	json_object_set_new(more, "status", json_integer(f->status));
	json_object_set_new(more, "fail_info", json_integer(f->fail_info));
	json_object_set_new(more, "text", json_string(f->text));
}

struct err
failure_send(const struct failure *f, struct port *port, json_int_t id)
{
	json_t *more = json_object();

	if (f->where != NULL)
		json_object_set_new(more, "where", json_string(f->where));
	if (f->left != NULL)
		json_object_set_new(more, "left", json_string(f->left));
	if (f->refused)
		add_refusal(more, f);
	if (f->unconfirmed)
		json_object_set_new(more, "status", json_string("unconfirmed"));
	log_line(LOG_NOTICE, "job failed: %s%s%s%s", f->code,
	    f->where != NULL ? " at " : "", f->where != NULL ? f->where : "",
	    f->unconfirmed ? " (unconfirmed)" : "");
	if (f->refused)
		log_line(LOG_NOTICE,
		    "the CA refused: status %d, failInfo %#x, %s", f->status,
		    (unsigned)f->fail_info, f->text);
	return port_refuse(port, id, f->code, more);
}
