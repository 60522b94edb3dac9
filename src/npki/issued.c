/*
 * npki/issued.c - is the certificate just issued the one asked for?
 */
#include "npki/profile.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "npki/cert.h"

/* The certificates of one check, parsed. */
struct parsed {
	X509 *cert, *issuer, *root;
	struct npki_cert_info info;
};

static struct err
mismatch(const char *where)
{
	return err_make(E_MISMATCH, 0, where);
}

static struct err
parse_all(struct parsed *p, struct span cert_der, const struct npki_expect *x)
{
	struct err e;

	memset(p, 0, sizeof *p);
	if (x->spki.n == 0 || x->issuer.n == 0 || x->root.n == 0 ||
	    x->now == 0 || (x->idn_secret.n != 0) != (x->r_secret != NULL) ||
	    sk_X509_num(x->chain) > NPKI_CHAIN_MAX)
		return err_make(E_ARG, 0, "issued: expectation");
	e = npki_cert_parse(&p->cert, cert_der);
	if (!err_is(e))
		e = npki_cert_info(&p->info, p->cert);
	if (err_is(e))
		return e;
	if (err_is(npki_cert_parse(&p->issuer, x->issuer)) ||
	    err_is(npki_cert_parse(&p->root, x->root)))
		return err_make(E_ARG, 0, "issued: issuer or root");
	return err_none();
}

static bool
key_is(const X509 *cert, struct span spki)
{
	uint8_t bytes[NPKI_CERT_MAX];
	struct buf b = buf_make(bytes, sizeof bytes);

	return !err_is(npki_cert_spki(&b, cert)) && span_eq(buf_span(&b), spki);
}

static bool
subject_is(const X509 *cert, struct span subject)
{
	const uint8_t *der;
	size_t n;

	return X509_NAME_get0_der(X509_get_subject_name(cert), &der, &n) == 1 &&
	       span_eq(span_make(der, n), subject);
}

/* What was asked for, compared as data. */
static struct err
check_content(const struct parsed *p, const struct npki_expect *x)
{
	const struct npki_cert_info *info = &p->info;

	if (!key_is(p->cert, x->spki))
		return mismatch("issued: key");
	if (x->subject.n != 0 && !subject_is(p->cert, x->subject))
		return mismatch("issued: subject");
	if (x->not_after != 0 && info->not_after != x->not_after)
		return mismatch("issued: expiry");
	if (x->policy_oid != NULL &&
	    strcmp(info->policy_oid, x->policy_oid) != 0)
		return mismatch("issued: policy");
	if (X509_NAME_cmp(X509_get_issuer_name(p->cert),
		X509_get_subject_name(p->issuer)) != 0)
		return mismatch("issued: issuer");
	if (x->now < info->not_before || x->now > info->not_after)
		return err_make(E_EXPIRED, 0, "issued: validity");
	return err_none();
}

static struct err
check_chain(const struct parsed *p, const struct npki_expect *x)
{
	STACK_OF(X509) *cas = x->chain == NULL ? sk_X509_new_null()
					       : sk_X509_dup(x->chain);
	EVP_PKEY *ca_key = X509_get0_pubkey(p->issuer);
	struct err e;

	if (cas == NULL || sk_X509_push(cas, p->issuer) <= 0) {
		sk_X509_free(cas);
		return err_make(E_NOMEM, 0, "issued: chain");
	}
	/* by this issuer's key, not by another CA of the same name */
	if (ca_key == NULL || X509_verify(p->cert, ca_key) != 1)
		e = mismatch("issued: chain");
	else
		e = npki_chain_check(p->cert, cas, p->root, x->now);
	sk_X509_free(cas);
	if (e.code == E_MISMATCH || e.code == E_EXPIRED)
		e.where = "issued: chain";
	return e;
}

/*
 * Signing and non-repudiation.  Under another profile keyUsage may be absent
 * (RFC 5280 4.2.1.3: then nothing is forbidden) or say less; but no profile
 * makes a CA of a customer, or gives out a key that may not sign.
 */
static bool
usage_good(const struct parsed *p, bool other_profile)
{
	const struct npki_cert_info *info = &p->info;
	const uint32_t need = other_profile
				  ? KU_DIGITAL_SIGNATURE
				  : KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION;

	if ((X509_get_extension_flags(p->cert) & EXFLAG_CA) != 0)
		return false;
	if (!info->has_key_usage)
		return other_profile;
	return (info->key_usage & need) == need &&
	       (info->key_usage & (KU_KEY_CERT_SIGN | KU_CRL_SIGN)) == 0;
}

static struct err
check_vid(const struct parsed *p, const struct npki_expect *x)
{
	struct err e;

	if (x->r_secret == NULL)
		return err_none();
	e = vid_verify(p->cert, x->idn_secret, x->r_secret);
	if (e.code == E_NOTFOUND && x->vid_optional)
		return err_none();
	if (e.code == E_MISMATCH || e.code == E_NOTFOUND)
		return mismatch("issued: vid");
	return e;
}

struct err
npki_issued_check(struct span cert_der, const struct npki_expect *expect)
{
	struct parsed p;
	uint32_t findings = 0;
	struct err e;

	ERR_set_mark();
	e = parse_all(&p, cert_der, expect);
	if (!err_is(e))
		e = check_content(&p, expect);
	if (!err_is(e))
		e = check_chain(&p, expect);
	if (!err_is(e) &&
	    !usage_good(&p, (expect->ignore & 1u << FIND_KEY_USAGE) != 0))
		e = mismatch("issued: key usage");
	if (!err_is(e)) {
		npki_profile_check(&findings, p.cert);
		if ((findings & ~expect->ignore) != 0)
			e = mismatch("issued: profile");
	}
	if (!err_is(e))
		e = check_vid(&p, expect);
	X509_free(p.cert);
	X509_free(p.issuer);
	X509_free(p.root);
	ERR_pop_to_mark();
	return e;
}
