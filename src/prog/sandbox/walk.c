/*
 * sandbox/walk.c - the walk over a PKIMessage.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "npki/der.h"
#include "npki/npki.h"
#include "walk.h"

enum { DER_ENUMERATED = 0x0a, DER_TIME = 0x18, TAG_NUMBER = 0x1f };

static struct err
bad(const char *where)
{
	return err_make(E_FORMAT, 0, where);
}

/* Take an explicitly tagged field if it is next; *inner is what it holds. */
static bool
take_tagged(struct span *inner, struct span *in, uint8_t number, struct err *e)
{
	if (err_is(*e) || !der_peek(*in, (uint8_t)(DER_CONTEXT + number)))
		return false;
	*e = der_take(inner, in, (uint8_t)(DER_CONTEXT + number));
	return !err_is(*e);
}

/* Take [number] EXPLICIT OCTET STRING if it is next. */
static void
take_octets(struct span *out, struct span *in, uint8_t number, struct err *e)
{
	struct span inner;

	if (!take_tagged(&inner, in, number, e))
		return;
	*e = der_only(out, inner, DER_OCTET_STRING);
	if (!err_is(*e) && out->n > WALK_ID_MAX)
		*e = err_make(E_LIMIT, 0, "walk: identifier");
}

/* A sequence of InfoTypeAndValue or AttributeTypeAndValue: EncryptedVID? */
static struct err
look_for_evid(struct walk *w, struct span list)
{
	struct span want = npki_oid_der(NPKI_OID_ENCRYPTED_VID);

	while (list.n > 0) {
		struct span item;
		struct der type, value;
		struct err e = der_take(&item, &list, DER_SEQUENCE);

		if (!err_is(e))
			e = der_next(&type, &item);
		if (err_is(e))
			return e;
		if (!span_eq(type.whole, want))
			continue;
		e = der_next(&value, &item);
		if (err_is(e))
			return e;
		w->evid = value.whole;
	}
	return err_none();
}

static struct err
walk_protection_alg(struct walk *w, struct span inner)
{
	struct span alg;
	struct err e = der_only(&alg, inner, DER_SEQUENCE);

	return err_is(e) ? e : der_take(&w->prot_oid, &alg, DER_OID);
}

/* Free text and general information, the last two fields of a header. */
static struct err
walk_header_end(struct walk *w, struct span h)
{
	struct err e = err_none();
	struct span inner, list;

	(void)take_tagged(&inner, &h, 7, &e);
	if (take_tagged(&inner, &h, 8, &e)) {
		e = der_only(&list, inner, DER_SEQUENCE);
		if (!err_is(e))
			e = look_for_evid(w, list);
	}
	if (!err_is(e) && h.n != 0)
		e = bad("walk: header end");
	return e;
}

static struct err
walk_header(struct walk *w, struct span h)
{
	struct span inner;
	struct der name, recipient;
	struct err e = der_take(&inner, &h, DER_INTEGER);

	if (!err_is(e))
		e = der_uint(&w->pvno, inner);
	if (!err_is(e))
		e = der_next(&name, &h);
	if (!err_is(e))
		e = der_next(&recipient, &h);
	if (err_is(e))
		return e;
	if (name.tag == DER_CONTEXT + 4)
		w->sender = name.value;
	if (take_tagged(&inner, &h, 0, &e))
		e = der_only(&w->time, inner, DER_TIME);
	if (take_tagged(&inner, &h, 1, &e))
		e = walk_protection_alg(w, inner);
	take_octets(&w->kid, &h, 2, &e);
	take_octets(&inner, &h, 3, &e);
	take_octets(&w->tid, &h, 4, &e);
	take_octets(&w->nonce, &h, 5, &e);
	take_octets(&w->recip_nonce, &h, 6, &e);
	return err_is(e) ? e : walk_header_end(w, h);
}

/* The template's subject and public key; both are IMPLICIT or EXPLICIT there.
 */
static struct err
walk_template(struct walk *w, struct span t)
{
	while (t.n > 0) {
		struct der field;
		struct buf spki = buf_make(w->spki, sizeof w->spki);
		struct err e = der_next(&field, &t);

		if (err_is(e))
			return e;
		if (field.tag == DER_CONTEXT + 5)
			w->subject = field.value;
		if (field.tag != DER_CONTEXT + 6)
			continue;
		der_put(&spki, DER_SEQUENCE, field.value);
		if (spki.full)
			return err_make(E_LIMIT, 0, "walk: public key");
		w->spki_n = spki.n;
	}
	return err_none();
}

/* CertReqMessages with one CertReqMsg. */
static struct err
walk_request(struct walk *w, struct span body)
{
	struct span list, msg, request, id, template;
	struct der rest;
	struct err e = der_only(&list, body, DER_SEQUENCE);

	if (!err_is(e))
		e = der_take(&msg, &list, DER_SEQUENCE);
	if (!err_is(e))
		e = der_take(&request, &msg, DER_SEQUENCE);
	if (!err_is(e))
		e = der_take(&id, &request, DER_INTEGER);
	if (!err_is(e))
		e = der_take(&template, &request, DER_SEQUENCE);
	if (!err_is(e))
		e = walk_template(w, template);
	/* popo is tagged; regInfo, where some clients put the EncryptedVID, is
	 * the sequence after it */
	while (!err_is(e) && msg.n > 0) {
		e = der_next(&rest, &msg);
		if (!err_is(e) && rest.tag == DER_SEQUENCE)
			e = look_for_evid(w, rest.value);
	}
	return e;
}

static struct err
walk_reason(struct walk *w, struct span extensions)
{
	static const uint8_t reason_code[] = { 0x55, 0x1d, 0x15 };

	while (extensions.n > 0) {
		struct span item, oid, value, code;
		struct err e = der_take(&item, &extensions, DER_SEQUENCE);

		if (!err_is(e))
			e = der_take(&oid, &item, DER_OID);
		if (err_is(e))
			return e;
		if (!span_eq(oid, span_make(reason_code, sizeof reason_code)))
			continue;
		if (der_peek(item, 0x01)) /* critical BOOLEAN */
			e = der_take(&value, &item, 0x01);
		if (!err_is(e))
			e = der_take(&value, &item, DER_OCTET_STRING);
		if (!err_is(e))
			e = der_only(&code, value, DER_ENUMERATED);
		if (!err_is(e))
			e = der_uint(&w->reason, code);
		if (err_is(e))
			return e;
	}
	return err_none();
}

static struct err
walk_revocation(struct walk *w, struct span body)
{
	struct span list, details, template, extensions;
	struct err e = der_only(&list, body, DER_SEQUENCE);

	if (!err_is(e))
		e = der_take(&details, &list, DER_SEQUENCE);
	if (!err_is(e))
		e = der_take(&template, &details, DER_SEQUENCE);
	if (!err_is(e))
		e = walk_template(w, template);
	if (err_is(e) || details.n == 0)
		return e;
	e = der_take(&extensions, &details, DER_SEQUENCE);
	return err_is(e) ? e : walk_reason(w, extensions);
}

/* CertConfirmContent: the status of its first certificate. */
static struct err
walk_confirmation(struct walk *w, struct span body)
{
	struct span list, status, hash, id, info, value;
	struct err e = der_only(&list, body, DER_SEQUENCE);

	if (err_is(e) || list.n == 0)
		return e;
	w->conf_status = 0;
	e = der_take(&status, &list, DER_SEQUENCE);
	if (!err_is(e))
		e = der_take(&hash, &status, DER_OCTET_STRING);
	if (!err_is(e))
		e = der_take(&id, &status, DER_INTEGER);
	if (err_is(e) || status.n == 0)
		return e;
	e = der_take(&info, &status, DER_SEQUENCE);
	if (!err_is(e))
		e = der_take(&value, &info, DER_INTEGER);
	return err_is(e) ? e : der_uint(&w->conf_status, value);
}

struct err
walk_message(struct walk *out, struct span der)
{
	struct span message, header;
	struct der body;
	struct err e;

	memset(out, 0, sizeof *out);
	out->body = -1;
	out->reason = WALK_NO_REASON;
	out->conf_status = WALK_REJECTION;
	e = der_only(&message, der, DER_SEQUENCE);
	if (!err_is(e))
		e = der_take(&header, &message, DER_SEQUENCE);
	if (!err_is(e))
		e = walk_header(out, header);
	if (!err_is(e))
		e = der_next(&body, &message);
	if (err_is(e))
		return e;
	if ((body.tag & ~TAG_NUMBER) != DER_CONTEXT)
		return bad("walk: body");
	out->body = body.tag & TAG_NUMBER;
	if (out->body == BODY_IR || out->body == BODY_CR ||
	    out->body == BODY_KUR)
		return walk_request(out, body.value);
	if (out->body == BODY_RR)
		return walk_revocation(out, body.value);
	if (out->body == BODY_CERTCONF)
		return walk_confirmation(out, body.value);
	return err_none();
}

bool
walk_is_pbm(const struct walk *w)
{
	/* 1.2.840.113533.7.66.13 */
	static const uint8_t pbm[] = { 0x2a, 0x86, 0x48, 0x86, 0xf6, 0x7d, 0x07,
		0x42, 0x0d };

	return span_eq(w->prot_oid, span_make(pbm, sizeof pbm));
}

int64_t
walk_time(const struct walk *w)
{
	const char *p = (const char *)w->time.p;
	char text[CLOCK_TEXT];
	int64_t unix_s;

	if (w->time.n != 15 || w->time.p[14] != 'Z')
		return -1;
	/* as if it were Korean, to be read as such */
	snprintf(text, sizeof text, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s+09:00", p,
	    p + 4, p + 6, p + 8, p + 10, p + 12);
	return civil_iso_read(&unix_s, text) ? unix_s + KST_OFFSET_S : -1;
}
