/*
 * sandbox/cmp_issue.c - ir, cr, p10cr, kur; certConf; polling.
 */
#include <stdio.h>
#include <string.h>

#include <openssl/cmperr.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include "base/log.h"
#include "base/secret.h"
#include "cmp.h"
#include "issue.h"
#include "npki/vid.h"

enum {
	KEY_BITS_MIN = 2048,
	POLL_AFTER_S = 1,
	POLLS_OF_FAULT = 2,
	WRONG_EXPIRY_DAYS = 30
};

/* What is going to be issued, while it is being decided. */
struct plan {
	struct issue i;
	EVP_PKEY *key;
	X509_NAME *subject;
	uint8_t r_secret[NPKI_R];
	char spki[SPKI_TEXT];
	json_t *again; /* the same was issued before, unconfirmed */
};

static struct cmp_call *
call_of(OSSL_CMP_SRV_CTX *srv)
{
	struct cmp_live *live = OSSL_CMP_SRV_CTX_get0_custom_ctx(srv);

	return live->call;
}

static OSSL_CMP_PKISI *
rejection(const struct cmp_call *c)
{
	log_line(LOG_INFO, "cmp: rejected: %s", c->fail_text);
	return OSSL_CMP_STATUSINFO_new(
	    OSSL_CMP_PKISTATUS_rejection, 1 << c->fail, c->fail_text);
}

/* The key asked for, and that nobody else has asked for it. */
static bool
plan_key(struct cmp_call *c, struct plan *p, const X509_REQ *p10cr)
{
	const unsigned char *der = c->w.spki;
	X509_PUBKEY *in_request = p10cr == NULL
				      ? NULL
				      : X509_REQ_get_X509_PUBKEY(
					    (X509_REQ *)((uintptr_t)p10cr));
	json_t *rec;

	p->key = in_request != NULL ? X509_PUBKEY_get(in_request)
				    : d2i_PUBKEY(NULL, &der, (long)c->w.spki_n);
	ERR_clear_error();
	if (p->key == NULL || EVP_PKEY_get_base_id(p->key) != EVP_PKEY_RSA ||
	    EVP_PKEY_get_bits(p->key) < KEY_BITS_MIN)
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_badCertTemplate,
		    "the key must be RSA of 2048 bits or more");
	if (err_is(spki_text(p->spki, p->key)))
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_systemFailure,
		    "key cannot be encoded");
	rec = certs_by_spki(c->sb, p->spki);
	if (rec == NULL)
		return true;
	if (c->signer == SIGNER_REF && cert_state_of(rec) == CERT_UNCONFIRMED &&
	    strcmp(rec_text(rec, "refnum"), p->i.refnum) == 0) {
		p->again = rec;
		return true;
	}
	return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_duplicateCertReq,
	    "this key was certified before");
}

/* Subject, expiry and policy of the certificate that is replaced. */
static bool
plan_from_old(struct cmp_call *c, struct plan *p, const json_t *old)
{
	X509 *cert = certs_x509(old);

	if (cert != NULL)
		p->subject = X509_NAME_dup(X509_get_subject_name(cert));
	X509_free(cert);
	if (p->subject == NULL)
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_systemFailure,
		    "old certificate cannot be read");
	p->i.subject = p->subject;
	p->i.not_after = rec_int(old, "not_after_s");
	p->i.bank = rec_text(old, "bank");
	p->i.policy = rec_text(old, "policy");
	p->i.replaces = rec_text(old, "serial");
	return true;
}

/* ir, cr, p10cr: for whom the reference number was given. */
static bool
plan_reissue(struct cmp_call *c, struct plan *p)
{
	const json_t *enr = c->enrollment;
	const json_t *old = certs_find(c->sb, rec_text(enr, "serial"));
	struct err e;

	p->i.refnum = rec_text(enr, "refnum");
	p->i.application = rec_text(enr, "application");
	p->i.person = people_find(&c->sb->people, rec_text(enr, "person"));
	if (p->i.person == NULL)
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_badRequest,
		    "holder is not known any more");
	if (old != NULL) {
		if (certs_expired(c->sb, old))
			return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_badRequest,
			    "old certificate has expired");
		if (cert_state_of(old) == CERT_VALID)
			return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_badRequest,
			    "old certificate is still valid");
		return plan_from_old(c, p, old);
	}
	p->i.bank = rec_text(enr, "bank");
	p->i.policy = rec_text(enr, "policy");
	p->i.not_after = issue_midnight(c->sb, 365) - 1;
	e = issue_subject(c->sb, &p->subject, p->i.person, AUTHORITY_YESSIGN,
	    p->i.bank, p->i.policy);
	p->i.subject = p->subject;
	return !err_is(e) || cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_systemFailure,
				 "subject cannot be made");
}

/* kur: the holder's own certificate, one year longer. */
static bool
plan_renewal(struct cmp_call *c, struct plan *p, const OSSL_CRMF_MSG *crm)
{
	const OSSL_CRMF_CERTID *id = OSSL_CRMF_MSG_get0_regCtrl_oldCertID(crm);
	char serial[SERIAL_TEXT];
	struct civil end;

	if (id != NULL) {
		serial_text(serial, OSSL_CRMF_CERTID_get0_serialNumber(id));
		if (certs_find(c->sb, serial) != c->holder)
			return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_badCertId,
			    "oldCertID is not the signer's certificate");
	}
	p->i.refnum = p->i.application = "";
	p->i.person = people_find(
	    &c->sb->people, rec_text(c->holder, "person"));
	if (p->i.person == NULL)
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_badRequest,
		    "holder is not known any more");
	if (!plan_from_old(c, p, c->holder))
		return false;
	end = civil_from_unix(p->i.not_after);
	end.year++;
	if (!civil_date_valid(end.year, end.month, end.day))
		end.day = 28;
	p->i.not_after = civil_to_unix(&end);
	return true;
}

/* R from the request; its VID must be that of the number we know. */
static bool
plan_vid(struct cmp_call *c, struct plan *p)
{
	const struct identity *ca = &c->sb->ca.ca[AUTHORITY_YESSIGN];
	uint8_t vid[VID_MAX];
	struct evid v;
	struct err e;
	bool same;

	if (c->w.evid.n == 0)
		return true; /* a plain RFC 4210 client */
	e = vid_decrypt(&v, c->w.evid, ca->key);
	if (e.code == E_MISMATCH)
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_wrongAuthority,
		    "EncryptedVID is not encrypted to this CA");
	if (err_is(e))
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_badDataFormat,
		    "EncryptedVID does not parse");
	e = vid_compute(vid, span_str(p->i.person->number), v.r_secret, v.hash);
	same = !err_is(e) && v.vid_n == vid_size(v.hash) &&
	       secret_equal(vid, v.vid, v.vid_n);
	memcpy(p->r_secret, v.r_secret, sizeof p->r_secret);
	p->i.r_secret = p->r_secret;
	p->i.hash = v.hash;
	secret_wipe(&v, sizeof v);
	return same || cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_badRequest,
			   "VID is not that of the registered number");
}

/* Make the certificate wrong in the way a fault asks for. */
static bool
plan_fault(struct cmp_call *c, struct plan *p)
{
	X509_NAME *name = NULL;
	EVP_PKEY *key = NULL;

	if (c->fault.action == FAULT_WRONG_KEY &&
	    !err_is(issue_lost_key(&key))) {
		EVP_PKEY_free(p->key);
		p->key = key;
	}
	if (c->fault.action == FAULT_WRONG_SUBJECT &&
	    !err_is(issue_subject(c->sb, &name, p->i.person, AUTHORITY_YESSIGN,
		"SAEBYEOK", p->i.policy))) {
		X509_NAME_free(p->subject);
		p->i.subject = p->subject = name;
	}
	if (c->fault.action == FAULT_WRONG_EXPIRY)
		p->i.not_after += (int64_t)WRONG_EXPIRY_DAYS * 86400;
	if (c->fault.action == FAULT_WRONG_VID)
		p->r_secret[0] ^= 1;
	p->i.key = p->key;
	return true;
}

static bool
make_plan(struct cmp_call *c, struct plan *p, const OSSL_CRMF_MSG *crm,
    const X509_REQ *p10cr)
{
	json_t *like, *rival;

	p->i.authority = AUTHORITY_YESSIGN;
	p->i.replaces = "";
	p->i.not_before = issue_midnight(c->sb, 0);
	p->i.state = CERT_UNCONFIRMED;
	p->i.by = c->who;
	if (!(c->signer == SIGNER_HOLDER ? plan_renewal(c, p, crm)
					 : plan_reissue(c, p)) ||
	    !plan_key(c, p, p10cr) || !plan_vid(c, p))
		return false;
	like = json_pack("{ss ss ss}", "person", p->i.person->id, "issuer",
	    authority_org(p->i.authority), "policy", p->i.policy);
	rival = certs_other(c->sb, like, CERT_VALID, p->i.replaces);
	json_decref(like);
	if (rival != NULL)
		return cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_badRequest,
		    "another certificate for this use is valid");
	return plan_fault(c, p);
}

/* Tell the client until when it must confirm (RFC 9810 5.1.1.2). */
static bool
say_confirm_by(OSSL_CMP_SRV_CTX *srv, const json_t *rec)
{
	OSSL_CMP_CTX *ctx = OSSL_CMP_SRV_CTX_get0_cmp_ctx(srv);
	ASN1_GENERALIZEDTIME *at = ASN1_GENERALIZEDTIME_set(
	    NULL, rec_int(rec, "confirm_by"));
	OSSL_CMP_ITAV *itav;

	if (at == NULL)
		return false;
	/* for this type the ITAV's union holds the time itself, so a pointer
	 * to it goes in under the general type */
	itav = OSSL_CMP_ITAV_create(
	    OBJ_nid2obj(NID_id_it_confirmWaitTime), (ASN1_TYPE *)(void *)at);
	if (itav == NULL) {
		ASN1_GENERALIZEDTIME_free(at);
		return false;
	}
	if (OSSL_CMP_CTX_reset_geninfo_ITAVs(ctx) == 1 &&
	    OSSL_CMP_CTX_push0_geninfo_ITAV(ctx, itav) == 1)
		return true;
	OSSL_CMP_ITAV_free(itav);
	return false;
}

/* The certificate of a record, its chain, and "accepted". */
static OSSL_CMP_PKISI *
hand_out(OSSL_CMP_SRV_CTX *srv, struct cmp_call *c, const json_t *rec,
    X509 **cert, STACK_OF(X509) * *chain)
{
	X509 *ca = c->sb->ca.ca[AUTHORITY_YESSIGN].cert;

	*cert = certs_x509(rec);
	*chain = sk_X509_new_null();
	if (*cert == NULL || *chain == NULL || !say_confirm_by(srv, rec) ||
	    X509_up_ref(ca) != 1)
		return NULL;
	if (sk_X509_push(*chain, ca) <= 0) {
		X509_free(ca);
		return NULL;
	}
	return OSSL_CMP_STATUSINFO_new(OSSL_CMP_PKISTATUS_accepted, 0, NULL);
}

/* An older one that was never confirmed gives way to the newer. */
static void
withdraw_rivals(struct sandbox *sb, const json_t *rec)
{
	json_t *other;

	while ((other = certs_other(sb, rec, CERT_UNCONFIRMED,
		    rec_text(rec, "serial"))) != NULL)
		if (err_is(certs_move(sb, other, CERT_WITHDRAWN,
			REASON_SUPERSEDED, "newer request")))
			return;
}

static OSSL_CMP_PKISI *
issue_now(OSSL_CMP_SRV_CTX *srv, struct cmp_call *c, struct plan *p,
    X509 **cert, STACK_OF(X509) * *chain)
{
	json_t *rec = p->again;
	struct err e = err_none();

	if (rec == NULL)
		e = issue_certificate(c->sb, &p->i, &rec);
	if (err_is(e)) {
		log_err(LOG_ERROR, "issue", e);
		cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_systemFailure,
		    "certificate cannot be made");
		return rejection(c);
	}
	withdraw_rivals(c->sb, rec);
	rec_set_text(c->tx, "serial", rec_text(rec, "serial"));
	rec_set_text(c->tx, "state", "issued");
	return hand_out(srv, c, rec, cert, chain);
}

/* How often the client must poll before it is answered. */
static int64_t
polls_wanted(const struct cmp_call *c)
{
	if (c->fault.action == FAULT_WAITING)
		return POLLS_OF_FAULT;
	return rec_int(c->enrollment, "waiting");
}

OSSL_CMP_PKISI *
cmp_on_cert_request(OSSL_CMP_SRV_CTX *srv, const OSSL_CMP_MSG *req, int id,
    const OSSL_CRMF_MSG *crm, const X509_REQ *p10cr, X509 **cert,
    STACK_OF(X509) * *chain, STACK_OF(X509) * *ca_pubs)
{
	struct cmp_call *c = call_of(srv);
	const json_t *known = certs_find(c->sb, rec_text(c->tx, "serial"));
	struct plan p = { 0 };
	OSSL_CMP_PKISI *si;
	int64_t polls;

	*cert = NULL;
	*chain = NULL;
	*ca_pubs = NULL;
	if (c->rebuilding && known != NULL)
		return hand_out(srv, c, known, cert, chain);
	if (c->rebuilding)
		return OSSL_CMP_STATUSINFO_new(
		    OSSL_CMP_PKISTATUS_waiting, 0, NULL);
	if (!make_plan(c, &p, crm, p10cr)) {
		rec_set_text(c->tx, "state", "refused");
		si = rejection(c);
	} else if (c->w.body != BODY_POLLREQ && (polls = polls_wanted(c)) > 0) {
		rec_set_text(c->tx, "state", "waiting");
		rec_set_int(c->tx, "polls_left", polls);
		si = OSSL_CMP_STATUSINFO_new(
		    OSSL_CMP_PKISTATUS_waiting, 0, "a person looks at it");
	} else {
		si = issue_now(srv, c, &p, cert, chain);
	}
	X509_NAME_free(p.subject);
	EVP_PKEY_free(p.key);
	secret_wipe(&p, sizeof p);
	return si;
}

int
cmp_on_poll(OSSL_CMP_SRV_CTX *srv, const OSSL_CMP_MSG *req, int id,
    OSSL_CMP_MSG **first, int64_t *check_after)
{
	struct cmp_call *c = call_of(srv);
	int64_t left = rec_int(c->tx, "polls_left") - 1;
	int body = c->w.body;
	BIO *bio;

	*first = NULL;
	*check_after = POLL_AFTER_S;
	rec_set_int(c->tx, "polls_left", left);
	if (left > 0)
		return 1;
	if (err_is(cmp_tx_first(c)) ||
	    err_is(walk_message(&c->w, span_make(c->stored, c->stored_n))))
		return 0;
	/* the template is the first message's; that it was polled, ours */
	c->w.body = body;
	bio = BIO_new_mem_buf(c->stored, (int)c->stored_n);
	*first = d2i_OSSL_CMP_MSG_bio(bio, NULL);
	BIO_free(bio);
	return *first != NULL;
}

/* ---- confirmation ---- */

void
cmp_give_up(struct cmp_call *c, const char *by)
{
	json_t *rec = certs_find(c->sb, rec_text(c->tx, "serial"));
	struct err e = err_none();

	if (rec != NULL && cert_state_of(rec) == CERT_UNCONFIRMED)
		e = certs_move(c->sb, rec, CERT_REJECTED, REASON_CESSATION, by);
	if (err_is(e))
		log_err(LOG_ERROR, "rejection", e);
	if (c->tx != NULL)
		rec_set_text(c->tx, "state", "rejected");
}

/* certHash uses the hash of the certificate's own signature. */
static bool
is_hash_of(const json_t *rec, const ASN1_OCTET_STRING *hash)
{
	X509 *cert = certs_x509(rec);
	uint8_t md[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	bool same = cert != NULL && hash != NULL &&
		    X509_digest(cert, EVP_sha256(), md, &n) == 1 &&
		    span_eq(span_make(md, n),
			span_make(hash->data, (size_t)hash->length));

	X509_free(cert);
	return same;
}

static struct err
accept_certificate(struct cmp_call *c, json_t *rec)
{
	json_t *old = certs_find(c->sb, rec_text(rec, "replaces"));
	struct err e = err_none();

	/* never two valid at once: a renewal's old one goes first */
	if (c->signer == SIGNER_HOLDER && old != NULL &&
	    cert_state_of(old) == CERT_VALID)
		e = certs_move(
		    c->sb, old, CERT_REVOKED, REASON_SUPERSEDED, "renewal");
	if (!err_is(e))
		e = certs_move(
		    c->sb, rec, CERT_VALID, REASON_UNSPECIFIED, "certConf");
	if (err_is(e) || c->enrollment == NULL)
		return e;
	rec_set_text(c->enrollment, "state", "used");
	return records_save(
	    &c->sb->enrollments, rec_text(c->enrollment, "refnum"));
}

int
cmp_on_cert_conf(OSSL_CMP_SRV_CTX *srv, const OSSL_CMP_MSG *req, int id,
    const ASN1_OCTET_STRING *hash, const OSSL_CMP_PKISI *si)
{
	struct cmp_call *c = call_of(srv);
	json_t *rec = certs_find(c->sb, rec_text(c->tx, "serial"));
	const char *except = c->signer == SIGNER_HOLDER
				 ? rec_text(rec, "replaces")
				 : "";

	(void)OSSL_CMP_CTX_reset_geninfo_ITAVs(
	    OSSL_CMP_SRV_CTX_get0_cmp_ctx(srv));
	if (rec == NULL || !is_hash_of(rec, hash)) {
		cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_badCertId,
		    "certHash is of no certificate here");
		ERR_raise(ERR_LIB_CMP, CMP_R_CERTHASH_UNMATCHED);
		return 0;
	}
	if (c->w.conf_status > OSSL_CMP_PKISTATUS_grantedWithMods) {
		cmp_give_up(c, "certConf: rejection");
		return 1;
	}
	if (certs_other(c->sb, rec, CERT_VALID, except) != NULL) {
		cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_badRequest,
		    "another certificate for this use is valid");
		return 0;
	}
	if (err_is(accept_certificate(c, rec))) {
		cmp_deny(c, OSSL_CMP_PKIFAILUREINFO_systemFailure,
		    "state cannot be written");
		return 0;
	}
	rec_set_text(c->tx, "state", "confirmed");
	return 1;
}
