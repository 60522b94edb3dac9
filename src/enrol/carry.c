/*
 * enrol/carry.c - one exchange: DER out, DER back, with limits both ways.
 */
#include "enrol/carry.h"

#include <openssl/err.h>

#include "base/text.h"
#include "rpc/rpc.h"

static json_t *
make_params(const struct carry *c, const struct cmp_head *head, struct span der)
{
	char id[HEX_TEXT(CMP_ID_MAX)];
	json_t *p = json_object();

	hex_encode(
	    id, sizeof id, span_make(head->transaction.b, head->transaction.n));
	json_object_set_new(p, "kind", json_string(cmp_kind_name(head->kind)));
	json_object_set_new(p, "der", rpc_bytes(der));
	json_object_set_new(p, "transaction_id", json_string(id));
	if (head->kind != CMP_IR || c->spki_hex == NULL)
		return p;
	json_object_set_new(p, "sign_pri", rpc_bytes(c->sign_pri));
	json_object_set_new(p, "spki_sha256", json_string(c->spki_hex));
	return p;
}

/* Whatever the agent refuses with is the reason the job will give. */
static struct err
ask_agent(struct carry *c, const struct cmp_head *head, struct span der,
    struct buf *answer)
{
	char code[PORT_CODE];
	json_t *result = NULL;
	struct err e;

	e = port_ask(c->port, "cmp.transfer", make_params(c, head, der),
	    c->deadline_ms, &result, code);
	if (e.code == E_REFUSED)
		failure_set(c->failure, code[0] != '\0' ? code : "peer.ca_down",
		    "cmp.transfer");
	else if (err_is(e)) {
		failure_from(c->failure, e);
		c->stop = true;
	}
	if (!err_is(e)) {
		e = rpc_get_bytes(answer, result, "der");
		if (err_is(e))
			failure_set(c->failure, "peer.ca_answer", "cmp: size");
	}
	json_decref(result);
	return e;
}

static OSSL_CMP_MSG *
parse(struct carry *c, struct span der)
{
	struct cmp_head head;
	const unsigned char *p = der.p;
	OSSL_CMP_MSG *msg;
	struct err e = cmp_head_read(&head, der);

	if (err_is(e)) {
		failure_set(c->failure, "peer.ca_answer", e.where);
		return NULL;
	}
	c->received = (enum cmp_kind)head.kind;
	msg = d2i_OSSL_CMP_MSG(NULL, &p, (long)der.n);
	if (msg == NULL || p != der.p + der.n) {
		OSSL_CMP_MSG_free(msg);
		failure_set(c->failure, "peer.ca_answer", "cmp: message");
		return NULL;
	}
	return msg;
}

static bool
expect_nonce(OSSL_CMP_CTX *ctx, const struct cmp_id *nonce)
{
	ASN1_OCTET_STRING *s = ASN1_OCTET_STRING_new();
	bool ok;

	ok = s != NULL && ASN1_OCTET_STRING_set(s, nonce->b, (int)nonce->n) &&
	     OSSL_CMP_CTX_set1_senderNonce(ctx, s);
	ASN1_OCTET_STRING_free(s);
	return ok;
}

/*
 * The first exchange of a transaction taken up again: the request just made is
 * thrown away, the journalled ir is sent byte for byte, or its journalled
 * answer is used.  That answer may belong to a later pollReq, so the nonce it
 * returns is taken from itself; its MAC and transactionID are still checked.
 */
static OSSL_CMP_MSG *
resume(struct carry *c, OSSL_CMP_CTX *ctx)
{
	static uint8_t room[CMP_DER_MAX];
	struct buf answer = buf_make(room, sizeof room);
	struct cmp_head head;
	struct span stored = c->ir;
	struct err e;

	c->ir = span_make(NULL, 0);
	e = cmp_head_read(&head, c->ip.n > 0 ? c->ip : stored);
	if (err_is(e) || !expect_nonce(ctx, c->ip.n > 0 ? &head.recip_nonce
							: &head.sender_nonce)) {
		failure_set(c->failure, "rpc.params", "resume");
		return NULL;
	}
	if (c->ip.n > 0)
		return parse(c, c->ip);
	c->sent = CMP_IR;
	e = ask_agent(c, &head, stored, &answer);
	return err_is(e) ? NULL : parse(c, buf_span(&answer));
}

OSSL_CMP_MSG *
carry_message(OSSL_CMP_CTX *ctx, const OSSL_CMP_MSG *request)
{
	static uint8_t room[CMP_DER_MAX];
	struct carry *c = OSSL_CMP_CTX_get_transfer_cb_arg(ctx);
	struct buf answer = buf_make(room, sizeof room);
	struct cmp_head head;
	unsigned char *der = NULL;
	OSSL_CMP_MSG *msg = NULL;
	struct err e;
	int n;

	if (c->stop)
		return NULL;
	if (c->ir.n > 0)
		return resume(c, ctx);
	if ((n = i2d_OSSL_CMP_MSG(request, &der)) <= 0)
		return NULL;
	e = cmp_head_read(&head, span_make(der, (size_t)n));
	if (!err_is(e)) {
		c->sent = (enum cmp_kind)head.kind;
		c->received = CMP_NONE;
		e = ask_agent(c, &head, span_make(der, (size_t)n), &answer);
	}
	if (!err_is(e))
		msg = parse(c, buf_span(&answer));
	OPENSSL_free(der);
	return msg;
}
