/*
 * peer/cmp_der.c - a walk over a PKIMessage for what OpenSSL 3.0 has no
 * getter for.  Structures: RFC 9810 appendix F, RFC 4211 appendix B.
 */
#include <string.h>

#include "npki/der.h"
#include "peer/cmp.h"

enum {
	HEAD_TRANSACTION = DER_CONTEXT + 4,
	HEAD_SENDER_NONCE = DER_CONTEXT + 5,
	HEAD_RECIP_NONCE = DER_CONTEXT + 6,
	HEAD_GENERAL_INFO = DER_CONTEXT + 8,
	TEMPLATE_PUBLIC_KEY = DER_CONTEXT + 6,
	KIND_LAST = 26
};

/* Header content and the body element of one message. */
static struct err
split(struct span *head, struct der *body, struct span der)
{
	struct span in;
	struct err e;

	if (der.n > CMP_DER_MAX)
		return err_make(E_LIMIT, 0, "cmp: message");
	e = der_only(&in, der, DER_SEQUENCE);
	if (!err_is(e))
		e = der_take(head, &in, DER_SEQUENCE);
	if (!err_is(e))
		e = der_next(body, &in);
	if (!err_is(e) &&
	    (body->tag < DER_CONTEXT || body->tag > DER_CONTEXT + KIND_LAST))
		e = err_make(E_FORMAT, 0, "cmp: body");
	return e;
}

/* pvno, sender and recipient come first and have no use here. */
static struct err
skip_names(struct span *head)
{
	struct span pvno;
	struct der name;
	struct err e = der_take(&pvno, head, DER_INTEGER);

	if (!err_is(e))
		e = der_next(&name, head);
	if (!err_is(e))
		e = der_next(&name, head);
	return e;
}

static struct err
take_id(struct cmp_id *out, struct span wrapped)
{
	struct span value;
	struct err e = der_only(&value, wrapped, DER_OCTET_STRING);

	if (err_is(e))
		return e;
	if (value.n > sizeof out->b)
		return err_make(E_LIMIT, 0, "cmp: id");
	memcpy(out->b, value.p, value.n);
	out->n = value.n;
	return err_none();
}

struct err
cmp_head_read(struct cmp_head *out, struct span der)
{
	struct span head = { 0 };
	struct der body = { 0 }, field;
	struct err e;

	memset(out, 0, sizeof *out);
	out->kind = CMP_NONE;
	e = split(&head, &body, der);
	if (!err_is(e))
		e = skip_names(&head);
	while (!err_is(e) && head.n > 0) {
		e = der_next(&field, &head);
		if (err_is(e))
			break;
		if (field.tag == HEAD_TRANSACTION)
			e = take_id(&out->transaction, field.value);
		else if (field.tag == HEAD_SENDER_NONCE)
			e = take_id(&out->sender_nonce, field.value);
		else if (field.tag == HEAD_RECIP_NONCE)
			e = take_id(&out->recip_nonce, field.value);
	}
	if (err_is(e)) {
		memset(out, 0, sizeof *out);
		out->kind = CMP_NONE;
		return e;
	}
	out->kind = body.tag - DER_CONTEXT;
	return err_none();
}

const char *
cmp_kind_name(int kind)
{
	switch (kind) {
	case CMP_IR:
		return "ir";
	case CMP_IP:
		return "ip";
	case CMP_RR:
		return "rr";
	case CMP_RP:
		return "rp";
	case CMP_PKICONF:
		return "pkiConf";
	case CMP_ERROR:
		return "error";
	case CMP_CERTCONF:
		return "certConf";
	case CMP_POLLREQ:
		return "pollReq";
	case CMP_POLLREP:
		return "pollRep";
	default:
		return "other";
	}
}

/* The fields of the first CertTemplate of CertReqMessages. */
static struct err
first_template(struct span *out, struct span messages)
{
	struct span all, message, request, id;
	struct err e = der_only(&all, messages, DER_SEQUENCE);

	if (!err_is(e))
		e = der_take(&message, &all, DER_SEQUENCE);
	if (!err_is(e))
		e = der_take(&request, &message, DER_SEQUENCE);
	if (!err_is(e))
		e = der_take(&id, &request, DER_INTEGER);
	if (!err_is(e))
		e = der_take(out, &request, DER_SEQUENCE);
	return e;
}

struct err
cmp_request_spki(struct buf *out, struct span der)
{
	struct span head, fields = { 0 };
	struct der body = { 0 }, field;
	struct err e = split(&head, &body, der);

	if (!err_is(e) && body.tag != DER_CONTEXT + CMP_IR)
		e = err_make(E_FORMAT, 0, "cmp: not an ir");
	if (!err_is(e))
		e = first_template(&fields, body.value);
	while (!err_is(e) && fields.n > 0) {
		e = der_next(&field, &fields);
		if (err_is(e) || field.tag != TEMPLATE_PUBLIC_KEY)
			continue;
		/* [6] IMPLICIT: the same content under another tag */
		der_put(out, DER_SEQUENCE, field.value);
		return out->full ? err_make(E_LIMIT, 0, "cmp: key")
				 : err_none();
	}
	return err_is(e) ? e : err_make(E_FORMAT, 0, "cmp: no key");
}

/* One InfoTypeAndValue after the other. */
static struct err
find_info(struct span *value, struct span items, struct span oid_der)
{
	struct span list, item;
	struct der type, content;
	struct err e = der_only(&list, items, DER_SEQUENCE);

	while (!err_is(e) && list.n > 0) {
		e = der_take(&item, &list, DER_SEQUENCE);
		if (!err_is(e))
			e = der_next(&type, &item);
		if (err_is(e) || !span_eq(type.whole, oid_der))
			continue;
		e = der_next(&content, &item);
		if (!err_is(e))
			*value = content.whole;
		return e;
	}
	return err_is(e) ? e : err_make(E_NOTFOUND, 0, "cmp: general info");
}

struct err
cmp_general_info(struct span *value, struct span der, struct span oid_der)
{
	struct span head = { 0 };
	struct der body, field;
	struct err e = split(&head, &body, der);

	*value = span_make(NULL, 0);
	if (!err_is(e))
		e = skip_names(&head);
	while (!err_is(e) && head.n > 0) {
		e = der_next(&field, &head);
		if (!err_is(e) && field.tag == HEAD_GENERAL_INFO)
			return find_info(value, field.value, oid_der);
	}
	return err_is(e) ? e : err_make(E_NOTFOUND, 0, "cmp: general info");
}
