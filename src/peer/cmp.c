/*
 * peer/cmp.c - contexts for the two kinds of CMP client this branch has.
 */
#include "peer/cmp.h"

#include <openssl/err.h>
#include <openssl/obj_mac.h>
#include <string.h>

#include "base/utf8.h"
#include "npki/cert.h"

enum { TIMEOUT_MAX_S = 86400, TIMEOUT_SPARE_S = 30, CREDENTIAL_MAX = 256 };

/* One "TYPE=value" of the text, which moves on to the next '/'. */
static struct err
add_part(X509_NAME *name, const char **text)
{
	const char *type = *text + 1, *equals = strchr(type, '='), *end;
	char key[32];

	if (equals == NULL || equals == type ||
	    (size_t)(equals - type) >= sizeof key)
		return err_make(E_FORMAT, 0, "cmp: name type");
	memcpy(key, type, (size_t)(equals - type));
	key[equals - type] = '\0';
	end = strchr(equals, '/');
	if (end == NULL)
		end = equals + strlen(equals);
	if (X509_NAME_add_entry_by_txt(name, key, MBSTRING_UTF8,
		(const unsigned char *)equals + 1, (int)(end - equals - 1), -1,
		0) != 1)
		return err_make(E_FORMAT, 0, "cmp: name value");
	*text = end;
	return err_none();
}

struct err
cmp_name_parse(X509_NAME **out, const char *text)
{
	X509_NAME *name;
	struct err e = err_none();

	*out = NULL;
	if (strlen(text) > CMP_NAME_MAX)
		return err_make(E_LIMIT, 0, "cmp: name");
	if (text[0] != '/' || !utf8_valid(text, strlen(text)))
		return err_make(E_FORMAT, 0, "cmp: name");
	if ((name = X509_NAME_new()) == NULL)
		return err_make(E_NOMEM, 0, "cmp: name");
	while (*text == '/' && !err_is(e))
		e = add_part(name, &text);
	if (err_is(e)) {
		X509_NAME_free(name);
		ERR_clear_error();
		return e;
	}
	*out = name;
	return err_none();
}

static struct err
load_chain(struct cmp_peer *peer, const struct span *chain, size_t n)
{
	if ((peer->chain = sk_X509_new_null()) == NULL)
		return err_make(E_NOMEM, 0, "cmp: chain");
	if (n > NPKI_CHAIN_MAX)
		return err_make(E_LIMIT, 0, "cmp: chain");
	for (size_t i = 0; i < n; i++) {
		X509 *cert = NULL;
		struct err e = npki_cert_parse(&cert, chain[i]);

		if (err_is(e))
			return e;
		if (sk_X509_push(peer->chain, cert) <= 0) {
			X509_free(cert);
			return err_make(E_NOMEM, 0, "cmp: chain");
		}
	}
	return err_none();
}

struct err
cmp_peer_load(struct cmp_peer *out, struct span ca, struct span root,
    const struct span *chain, size_t chain_n, const char *recipient,
    int timeout_s)
{
	struct cmp_peer peer = { .timeout_s = timeout_s };
	struct err e;

	memset(out, 0, sizeof *out);
	if (timeout_s < 1 || timeout_s > TIMEOUT_MAX_S)
		return err_make(E_ARG, 0, "cmp: timeout");
	e = npki_cert_parse(&peer.ca, ca);
	if (!err_is(e))
		e = npki_cert_parse(&peer.root, root);
	if (!err_is(e))
		e = load_chain(&peer, chain, chain_n);
	if (!err_is(e) && recipient[0] != '\0')
		e = cmp_name_parse(&peer.recipient, recipient);
	if (err_is(e))
		cmp_peer_free(&peer);
	else
		*out = peer;
	return e;
}

void
cmp_peer_free(struct cmp_peer *peer)
{
	if (peer == NULL)
		return;
	X509_free(peer->ca);
	X509_free(peer->root);
	sk_X509_pop_free(peer->chain, X509_free);
	X509_NAME_free(peer->recipient);
	memset(peer, 0, sizeof *peer);
}

static const X509_NAME *
recipient_of(const struct cmp_peer *peer)
{
	return peer->recipient != NULL ? peer->recipient
				       : X509_get_subject_name(peer->ca);
}

struct err
cmp_ctx_new(OSSL_CMP_CTX **out, const struct cmp_peer *peer,
    OSSL_CMP_transfer_cb_t carry, void *arg)
{
	OSSL_CMP_CTX *ctx = OSSL_CMP_CTX_new(NULL, NULL);

	*out = NULL;
	if (ctx == NULL)
		return err_make(E_NOMEM, 0, "cmp: context");
	/* Both default to "for ever" in OpenSSL.  The caller keeps the limit of
	 * the whole; OpenSSL's own comes later, so that a rejection decided at
	 * the last moment still goes out. */
	if (!OSSL_CMP_CTX_set_transfer_cb(ctx, carry) ||
	    !OSSL_CMP_CTX_set_transfer_cb_arg(ctx, arg) ||
	    !OSSL_CMP_CTX_set1_recipient(ctx, recipient_of(peer)) ||
	    !OSSL_CMP_CTX_set_option(
		ctx, OSSL_CMP_OPT_MSG_TIMEOUT, peer->timeout_s) ||
	    !OSSL_CMP_CTX_set_option(ctx, OSSL_CMP_OPT_TOTAL_TIMEOUT,
		peer->timeout_s + TIMEOUT_SPARE_S) ||
	    !OSSL_CMP_CTX_set_option(ctx, OSSL_CMP_OPT_IMPLICIT_CONFIRM, 0) ||
	    !OSSL_CMP_CTX_set_option(
		ctx, OSSL_CMP_OPT_DIGEST_ALGNID, NID_sha256)) {
		OSSL_CMP_CTX_free(ctx);
		return err_make(E_CRYPTO, 0, "cmp: options");
	}
	*out = ctx;
	return err_none();
}

struct err
cmp_ctx_set_pbm(
    OSSL_CMP_CTX *ctx, struct span refnum, struct span authcode_secret)
{
	if (refnum.n == 0 || refnum.n > CREDENTIAL_MAX ||
	    authcode_secret.n == 0 || authcode_secret.n > CREDENTIAL_MAX)
		return err_make(E_ARG, 0, "cmp: credentials");
	if (!OSSL_CMP_CTX_set1_referenceValue(ctx, refnum.p, (int)refnum.n) ||
	    !OSSL_CMP_CTX_set1_secretValue(
		ctx, authcode_secret.p, (int)authcode_secret.n) ||
	    !OSSL_CMP_CTX_set_option(
		ctx, OSSL_CMP_OPT_OWF_ALGNID, NID_sha256) ||
	    !OSSL_CMP_CTX_set_option(
		ctx, OSSL_CMP_OPT_MAC_ALGNID, NID_hmacWithSHA256))
		return err_make(E_CRYPTO, 0, "cmp: credentials");
	return err_none();
}

/* A store with the pinned root alone. */
static X509_STORE *
root_store(X509 *root)
{
	X509_STORE *store = X509_STORE_new();

	if (store != NULL && X509_STORE_add_cert(store, root) != 1) {
		X509_STORE_free(store);
		return NULL;
	}
	return store;
}

/* Who may sign the answers.  caPubs do not matter here: rp has none. */
static bool
pin_answers(OSSL_CMP_CTX *ctx, const struct cmp_peer *peer)
{
	X509_STORE *store;

	/* OpenSSL asks a signer's keyUsage for digitalSignature, which many
	 * CA certificates lack.  The check tells a CA's helpers apart; here it
	 * would refuse the one key that is pinned, and a hold would be tried
	 * for ever. */
	if (peer->recipient == NULL)
		return OSSL_CMP_CTX_set1_srvCert(ctx, peer->ca) == 1 &&
		       OSSL_CMP_CTX_set_option(
			   ctx, OSSL_CMP_OPT_IGNORE_KEYUSAGE, 1) == 1;
	store = root_store(peer->root);
	if (store == NULL || !OSSL_CMP_CTX_set0_trustedStore(ctx, store)) {
		X509_STORE_free(store);
		return false;
	}
	return OSSL_CMP_CTX_set1_expected_sender(ctx, peer->recipient) == 1;
}

/* Certificates that help to build paths; none of them is trusted. */
static bool
set_untrusted(OSSL_CMP_CTX *ctx, const struct cmp_peer *peer)
{
	STACK_OF(X509) *all = sk_X509_dup(peer->chain);
	bool ok;

	ok = all != NULL && sk_X509_push(all, peer->ca) > 0 &&
	     OSSL_CMP_CTX_set1_untrusted(ctx, all) == 1;
	sk_X509_free(all);
	return ok;
}

struct err
cmp_ctx_set_signer(
    OSSL_CMP_CTX *ctx, const struct cmp_peer *peer, X509 *cert, EVP_PKEY *key)
{
	if (X509_check_private_key(cert, key) != 1) {
		ERR_clear_error();
		return err_make(E_MISMATCH, 0, "cmp: signer's key");
	}
	if (!set_untrusted(ctx, peer) || !pin_answers(ctx, peer) ||
	    !OSSL_CMP_CTX_set1_cert(ctx, cert) ||
	    !OSSL_CMP_CTX_set1_pkey(ctx, key))
		return err_make(E_CRYPTO, 0, "cmp: signer");
	return err_none();
}

bool
cmp_refused_with(const OSSL_CMP_CTX *ctx, int bit)
{
	int bits = OSSL_CMP_CTX_get_failInfoCode(ctx);

	return OSSL_CMP_CTX_get_status(ctx) == OSSL_CMP_PKISTATUS_rejection &&
	       bits > 0 && (bits & bit) != 0;
}

/* As much of `s` as fits, with a '?' for what must not reach a terminal. */
static void
add_clean(char *out, size_t *at, const char *s, size_t n)
{
	while (n > 0) {
		uint32_t cp = 0;
		size_t k = utf8_decode(&cp, s, n);
		bool bad = k == 0 || utf8_is_control(cp);

		if (*at + (bad ? 1 : k) >= CMP_TEXT)
			return;
		if (bad)
			out[(*at)++] = '?';
		else
			for (size_t i = 0; i < k; i++)
				out[(*at)++] = s[i];
		k = k == 0 ? 1 : k;
		s += k;
		n -= k;
	}
}

void
cmp_status_text(char out[static CMP_TEXT], const OSSL_CMP_CTX *ctx)
{
	STACK_OF(ASN1_UTF8STRING) *lines = OSSL_CMP_CTX_get0_statusString(ctx);
	size_t at = 0;

	for (int i = 0; i < sk_ASN1_UTF8STRING_num(lines); i++) {
		const ASN1_UTF8STRING *s = sk_ASN1_UTF8STRING_value(lines, i);

		if (i > 0)
			add_clean(out, &at, "; ", 2);
		add_clean(out, &at, (const char *)ASN1_STRING_get0_data(s),
		    (size_t)ASN1_STRING_length(s));
	}
	out[at] = '\0';
}
