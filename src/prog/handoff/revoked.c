/*
 * handoff/revoked.c - the list, by GnuTLS.
 */
#include "prog/handoff/revoked.h"

#include <inttypes.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"

static gnutls_datum_t
datum(struct span pem)
{
	return (gnutls_datum_t){ (void *)(uintptr_t)pem.p,
		pem.n > 0 ? (unsigned)pem.n - 1 : 0 };
}

struct err
revoked_start(struct revoked *r, struct span ca)
{
	gnutls_datum_t d = datum(ca);

	*r = (struct revoked){ .wanted = true };
	if (gnutls_x509_crt_init(&r->ca) < 0)
		return err_make(E_NOMEM, 0, "revoked: ca");
	if (gnutls_x509_crt_import(r->ca, &d, GNUTLS_X509_FMT_PEM) < 0)
		return err_make(E_CONFIG, 0, "revoked: ca");
	return err_none();
}

void
revoked_stop(struct revoked *r)
{
	if (r->ca != NULL)
		gnutls_x509_crt_deinit(r->ca);
	if (r->list != NULL)
		gnutls_x509_crl_deinit(r->list);
	*r = (struct revoked){ .wanted = r->wanted };
}

/* Whether it is of our CA; its age is judged when it is asked. */
static bool
is_signed(const struct revoked *r, gnutls_x509_crl_t list)
{
	static const unsigned ages =
	    GNUTLS_CERT_REVOCATION_DATA_SUPERSEDED |
	    GNUTLS_CERT_REVOCATION_DATA_ISSUED_IN_FUTURE;
	unsigned status = 0;

	if (gnutls_x509_crl_verify(list, &r->ca, 1, 0, &status) < 0)
		return false;
	if ((status & ages) != 0)
		status &= ~(ages | GNUTLS_CERT_INVALID);
	return status == 0;
}

static struct err
judge(const struct revoked *r, gnutls_x509_crl_t list)
{
	if (gnutls_x509_crl_get_next_update(list) == (time_t)-1)
		return err_make(E_FORMAT, 0, "revoked: no next update");
	if (!is_signed(r, list))
		return err_make(E_MISMATCH, 0, "revoked: signature");
	if (r->list != NULL && gnutls_x509_crl_get_this_update(list) <
				   gnutls_x509_crl_get_this_update(r->list))
		return err_make(E_STATE, 0, "revoked: older");
	return err_none();
}

static void
tell(gnutls_x509_crl_t before, gnutls_x509_crl_t list)
{
	char until[CLOCK_TEXT];

	if (before != NULL && gnutls_x509_crl_get_this_update(before) ==
				  gnutls_x509_crl_get_this_update(list))
		return; /* the watcher's first look */
	civil_iso_text(until, gnutls_x509_crl_get_next_update(list));
	log_line(LOG_NOTICE, "revocation list of %d, good until %s",
	    gnutls_x509_crl_get_crt_count(list), until);
}

struct err
revoked_take(struct revoked *r, struct span pem)
{
	gnutls_datum_t d = datum(pem);
	gnutls_x509_crl_t list = NULL;
	struct err e;

	if (gnutls_x509_crl_init(&list) < 0)
		return err_make(E_NOMEM, 0, "revoked: list");
	e = gnutls_x509_crl_import(list, &d, GNUTLS_X509_FMT_PEM) < 0
		? err_make(E_FORMAT, 0, "revoked: list")
		: judge(r, list);
	if (err_is(e)) {
		gnutls_x509_crl_deinit(list);
		return e;
	}
	tell(r->list, list);
	if (r->list != NULL)
		gnutls_x509_crl_deinit(r->list);
	r->list = list;
	return e;
}

bool
revoked_lapsed(const struct revoked *r, int64_t now)
{
	return r->wanted &&
	       (r->list == NULL ||
		   (int64_t)gnutls_x509_crl_get_next_update(r->list) <= now);
}

enum revoked_word
revoked_ask(const struct revoked *r, const gnutls_datum_t *der, int64_t now)
{
	gnutls_x509_crt_t crt = NULL;
	int found = -1;

	if (!r->wanted)
		return REVOKED_NOT;
	if (revoked_lapsed(r, now))
		return REVOKED_LAPSED;
	if (gnutls_x509_crt_init(&crt) >= 0 &&
	    gnutls_x509_crt_import(crt, der, GNUTLS_X509_FMT_DER) >= 0)
		found = gnutls_x509_crt_check_revocation(crt, &r->list, 1);
	if (crt != NULL)
		gnutls_x509_crt_deinit(crt);
	return found == 0   ? REVOKED_NOT
	       : found == 1 ? REVOKED_LISTED
			    : REVOKED_UNREAD;
}
