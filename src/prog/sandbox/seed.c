/*
 * sandbox/seed.c - a first start: everybody holds what the people file says.
 */
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "base/log.h"
#include "base/secret.h"
#include "issue.h"

enum { LOST_BITS = 2048, YEAR_DAYS = 365 };

/*
 * A public key whose private half nobody has: the modulus is a random number.
 * Making real pairs and throwing them away would say the same, but a branch of
 * twenty people would take five seconds to open.
 */
struct err
issue_lost_key(EVP_PKEY **out)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	BIGNUM *n = BN_new();
	bool ok;

	*out = NULL;
	ok = ctx != NULL && b != NULL && n != NULL &&
	     BN_rand(n, LOST_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD) == 1 &&
	     OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
	     OSSL_PARAM_BLD_push_ulong(b, OSSL_PKEY_PARAM_RSA_E, RSA_F4) == 1 &&
	     (params = OSSL_PARAM_BLD_to_param(b)) != NULL &&
	     EVP_PKEY_fromdata_init(ctx) == 1 &&
	     EVP_PKEY_fromdata(ctx, out, EVP_PKEY_PUBLIC_KEY, params) == 1;
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(b);
	BN_free(n);
	EVP_PKEY_CTX_free(ctx);
	return ok ? err_none() : err_make(E_CRYPTO, 0, "seed: key");
}

static enum cert_state
state_of(const char *word)
{
	for (int s = 0; s < CERT_STATE_COUNT; s++)
		if (strcmp(cert_state_name((enum cert_state)s), word) == 0)
			return (enum cert_state)s;
	return CERT_VALID;
}

static struct err
seed_one(struct sandbox *sb, const struct person *p,
    const struct held_certificate *c)
{
	uint8_t r_secret[NPKI_R];
	int age = c->days_left > YEAR_DAYS ? 0 : YEAR_DAYS - c->days_left;
	X509_NAME *subject = NULL;
	EVP_PKEY *key = NULL;
	json_t *rec;
	struct issue i = { authority_find(c->issuer), p, c->bank, c->policy, "",
		"", "", NULL, NULL, issue_midnight(sb, -age),
		issue_midnight(sb, c->days_left + 1) - 1, r_secret, VID_SHA256,
		state_of(c->status), 0, "people file" };
	struct err e = issue_lost_key(&key);

	i.reason = i.state == CERT_SUSPENDED ? REASON_HOLD
		   : i.state == CERT_REVOKED ? REASON_CESSATION
					     : REASON_UNSPECIFIED;
	if (!err_is(e))
		e = npki_make_r(r_secret);
	if (!err_is(e))
		e = issue_subject(
		    sb, &subject, p, i.authority, c->bank, c->policy);
	i.subject = subject;
	i.key = key;
	if (!err_is(e))
		e = issue_certificate(sb, &i, &rec);
	if (!err_is(e) && i.state != CERT_VALID) {
		rec_set_int(rec, "changed_at_s", sandbox_now(sb));
		e = records_save(&sb->certs, rec_text(rec, "serial"));
	}
	secret_wipe(r_secret, sizeof r_secret);
	X509_NAME_free(subject);
	EVP_PKEY_free(key);
	return e;
}

struct err
seed_certificates(struct sandbox *sb)
{
	for (size_t i = 0; i < sb->people.count; i++) {
		const struct person *p = &sb->people.list[i];

		for (size_t k = 0; k < p->certificate_count; k++) {
			struct err e = seed_one(sb, p, &p->certificates[k]);

			if (err_is(e)) {
				log_line(
				    LOG_ERROR, "no certificate for %s", p->id);
				return e;
			}
		}
	}
	return err_none();
}
