/*
 * agent/certs.c - the certificates this person holds, and what can be done
 * about each.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "identity/mask.h"
#include "npki/cert.h"
#include "prog/agent/core.h"

enum { LIST_TIMEOUT_MS = 20000 };

static void
route_cert(const struct agent *a, struct visit_cert *c)
{
	struct router_facts f = { .status = c->status,
		.not_after = c->not_after,
		.now = wall_s(a),
		.same_issuer = strcmp(c->issuer_o, a->issuer.conf->o) == 0,
		.same_bank = strcmp(c->bank, a->conf->bank_code) == 0 ||
			     c->bank[0] == '\0',
		.loss = CASE_LOSS_LOST };

	c->advice = router_decide(&f);
}

static bool
fill(struct visit_cert *c, const struct npki_cert_info *i, const json_t *o)
{
	const char *org = rpc_str(o, "issuer_o");

	/* Expiry is read from the certificate, not believed from the list. */
	c->not_after = i->not_after;
	if (err_is(cert_status_from_name(&c->status, rpc_str(o, "status"))))
		return false;
	return str_copy(c->serial, sizeof c->serial, i->serial) &&
	       str_copy(c->issuer, sizeof c->issuer, i->issuer) &&
	       str_copy(c->policy, sizeof c->policy, i->policy_oid) &&
	       str_copy(c->issuer_o, sizeof c->issuer_o,
		   org[0] == '\0' ? i->org : org) &&
	       str_copy(c->bank, sizeof c->bank, rpc_str(o, "bank"));
}

static bool
take_cert(struct agent *a, struct visit_cert *c, const json_t *o)
{
	struct npki_cert_info *i = calloc(1, sizeof *i);
	struct buf der = buf_make(c->der, sizeof c->der);
	bool ok = i != NULL && !err_is(rpc_get_bytes(&der, o, "certificate")) &&
		  !err_is(npki_cert_info_der(i, buf_span(&der))) &&
		  fill(c, i, o);

	c->der_n = der.n;
	secret_wipe(i, i == NULL ? 0 : sizeof *i);
	free(i);
	if (ok && c->not_after <= wall_s(a) && c->status != CERT_REVOKED)
		c->status = CERT_EXPIRED;
	if (ok)
		route_cert(a, c);
	return ok;
}

/* A case still open for this certificate, if it is this person's. */
static json_t *
open_case_no(struct agent *a, const struct visit *v, const struct visit_cert *c)
{
	struct store_case row;

	if (err_is(store_case_live(a->store, &row, c->issuer, c->serial)) ||
	    memcmp(row.person_tag, v->tag, sizeof v->tag) != 0)
		return json_null();
	return json_string(row.case_no);
}

static const char *
issuer_name(const struct agent *a, const char *org)
{
	const char *name = npki_issuer_name_ko(org);

	for (size_t i = 0; i < a->conf->issuer_count; i++) {
		if (strcmp(a->conf->issuers[i].o, org) == 0)
			return a->conf->issuers[i].name;
	}
	return name == NULL ? org : name;
}

static json_t *
view_cert(
    struct agent *a, const struct visit *v, size_t index, const char *bank_name)
{
	const struct visit_cert *c = &v->certs[index];
	const struct npki_policy *p = npki_policy_find(c->policy);
	char masked[MASK_TEXT];
	json_t *o;

	mask_name(masked, v->name_secret);
	o = json_pack("{s:I,s:s,s:s,s:s,s:s,s:s}", "index", (json_int_t)index,
	    "holder", masked, "product_key",
	    p == NULL ? "product.unknown" : p->product, "issuer_o", c->issuer_o,
	    "issuer_name", issuer_name(a, c->issuer_o), "bank_name", bank_name);
	json_object_set_new(o, "not_after", json_integer(c->not_after));
	json_object_set_new(o, "days_left", json_integer(c->advice.days_left));
	json_object_set_new(
	    o, "status", json_string(cert_status_name(c->status)));
	json_object_set_new(
	    o, "route", json_string(route_name(c->advice.route)));
	json_object_set_new(o, "case_no", open_case_no(a, v, c));
	return o;
}

/*
 * Revoked, and its place taken by another of the same use: nothing to stop
 * and nothing to make again.
 */
static bool
replaced(const struct visit *v, size_t at)
{
	const struct visit_cert *c = &v->certs[at], *o = v->certs;

	if (c->status != CERT_REVOKED)
		return false;
	for (; o < v->certs + v->cert_count; o++)
		if ((o->status == CERT_VALID || o->status == CERT_SUSPENDED) &&
		    strcmp(o->issuer_o, c->issuer_o) == 0 &&
		    strcmp(o->policy, c->policy) == 0)
			return true;
	return false;
}

/* The registry's list into the visit; `at` tells where each one stood. */
static void
take_certs(struct agent *a, struct visit *v, size_t at[static VISIT_CERTS],
    const json_t *all)
{
	json_t *one;
	size_t i;

	v->cert_count = 0;
	json_array_foreach(all, i, one) {
		if (v->cert_count == VISIT_CERTS)
			break;
		if (take_cert(a, &v->certs[v->cert_count], one))
			at[v->cert_count++] = i;
		else
			log_line(LOG_WARNING, "unreadable certificate skipped");
	}
	/* no second one in the place of one that is taken */
	for (i = 0; i < v->cert_count; i++) {
		if (replaced(v, i))
			v->certs[i].advice.route = ROUTE_KEEP;
	}
}

static void
on_certificates(
    struct agent *a, const struct context *ctx, const struct reply *r)
{
	struct link *l = link_get(a, ctx->link);
	const json_t *all = json_object_get(r->result, "certificates");
	json_t *list;
	struct visit *v;
	size_t at[VISIT_CERTS] = { 0 };

	if (l == NULL || l->visit.turn != ctx->n)
		return;
	v = &l->visit;
	take_certs(a, v, at, all);
	list = json_array();
	for (size_t i = 0; i < v->cert_count; i++)
		if (!replaced(v, i))
			json_array_append_new(
			    list, view_cert(a, v, i,
				      rpc_str(json_array_get(all, at[i]),
					  "bank_name")));
	if (r->error != NULL) {
		json_decref(list);
		refuse(a, ctx->link, ctx->request, "peer.registry_down");
		return;
	}
	answer(a, ctx->link, ctx->request,
	    json_pack("{s:o}", "certificates", list));
}

const char *
ask_cert_list(struct agent *a, struct ask *q)
{
	struct context ctx = ask_context(a, q);

	ctx.n = q->link->visit.turn;
	call_peer(a, link_of_role(a, ROLE_NET), "registry.certificates",
	    json_pack("{s:s}", "person", q->link->visit.person), -1,
	    LIST_TIMEOUT_MS, on_certificates, &ctx);
	return NULL;
}
