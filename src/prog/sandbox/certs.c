/*
 * sandbox/certs.c - certificate records and their states.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/rand.h>
#include <openssl/sha.h>

#include "base/log.h"
#include "base/text.h"
#include "certs.h"
#include "npki/cert.h"

enum { TRIES = 64 };

static const char *const state_names[CERT_STATE_COUNT] = {
	[CERT_UNCONFIRMED] = "unconfirmed",
	[CERT_VALID] = "valid",
	[CERT_SUSPENDED] = "suspended",
	[CERT_REVOKED] = "revoked",
	[CERT_REJECTED] = "rejected",
	[CERT_WITHDRAWN] = "withdrawn",
};

const char *
cert_state_name(enum cert_state s)
{
	return state_names[s];
}

enum cert_state
cert_state_of(const json_t *rec)
{
	const char *s = rec_text(rec, "state");

	for (int i = 0; i < CERT_STATE_COUNT; i++)
		if (strcmp(state_names[i], s) == 0)
			return (enum cert_state)i;
	return CERT_STATE_COUNT;
}

void
serial_text(char out[static SERIAL_TEXT], const ASN1_INTEGER *serial)
{
	BIGNUM *bn = ASN1_INTEGER_to_BN(serial, NULL);
	char *hex = bn == NULL ? NULL : BN_bn2hex(bn);

	out[0] = '\0';
	if (hex == NULL || !str_copy(out, SERIAL_TEXT, hex))
		out[0] = '\0';
	for (char *p = out; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'F')
			*p = (char)(*p - 'A' + 'a');
	OPENSSL_free(hex);
	BN_free(bn);
}

struct err
spki_text(char out[static SPKI_TEXT], EVP_PKEY *key)
{
	unsigned char *der = NULL;
	uint8_t hash[SHA256_DIGEST_LENGTH];
	int n = i2d_PUBKEY(key, &der);

	if (n <= 0)
		return err_make(E_CRYPTO, 0, "sandbox: public key");
	SHA256(der, (size_t)n, hash);
	OPENSSL_free(der);
	hex_encode(out, SPKI_TEXT, span_make(hash, sizeof hash));
	return err_none();
}

static void
serial_of_number(char out[static SERIAL_TEXT], uint32_t v)
{
	snprintf(out, SERIAL_TEXT, "%08x", v);
}

struct err
certs_new_serial(const struct sandbox *sb, uint32_t *out)
{
	char text[SERIAL_TEXT];
	uint32_t v;

	for (int i = 0; i < TRIES; i++) {
		if (RAND_bytes((unsigned char *)&v, sizeof v) != 1)
			break;
		v = (v & 0x7fffffffu) | 0x10000000u;
		serial_of_number(text, v);
		if (records_get(&sb->certs, text) == NULL) {
			*out = v;
			return err_none();
		}
	}
	return err_make(E_CRYPTO, 0, "sandbox: serial");
}

json_t *
certs_find(const struct sandbox *sb, const char *serial)
{
	char text[SERIAL_TEXT];
	size_t i = 0;

	serial += strspn(serial, "0");
	for (; serial[i] != '\0' && i + 1 < sizeof text; i++)
		text[i] = serial[i] >= 'A' && serial[i] <= 'F'
			      ? (char)(serial[i] + 'a' - 'A')
			      : serial[i];
	text[i] = '\0';
	return records_get(&sb->certs, text);
}

json_t *
certs_by_spki(const struct sandbox *sb, const char *spki_hex)
{
	const char *key;
	json_t *rec;

	json_object_foreach(sb->certs.all, key, rec)
		if (strcmp(rec_text(rec, "spki"), spki_hex) == 0)
			return rec;
	return NULL;
}

bool
certs_expired(const struct sandbox *sb, const json_t *rec)
{
	return rec_int(rec, "not_after_s") < sandbox_now(sb);
}

json_t *
certs_other(const struct sandbox *sb, const json_t *like, enum cert_state state,
    const char *except)
{
	static const char *const same[] = { "person", "issuer", "policy" };
	const char *key;
	json_t *rec;

	if (rec_text(like, "person")[0] == '\0')
		return NULL;
	json_object_foreach(sb->certs.all, key, rec) {
		bool alike = cert_state_of(rec) == state &&
			     strcmp(rec_text(rec, "serial"), except) != 0 &&
			     !certs_expired(sb, rec);

		for (size_t i = 0; alike && i < sizeof same / sizeof *same; i++)
			alike = strcmp(rec_text(rec, same[i]),
				    rec_text(like, same[i])) == 0;
		if (alike)
			return rec;
	}
	return NULL;
}

X509 *
certs_x509(const json_t *rec)
{
	const char *text = rec_text(rec, "der");
	uint8_t room[NPKI_CERT_MAX];
	struct buf b = buf_make(room, sizeof room);
	X509 *cert = NULL;

	if (err_is(base64_decode(&b, text, strlen(text))) ||
	    err_is(npki_cert_parse(&cert, buf_span(&b))))
		return NULL;
	return cert;
}

/* Which of all changes it is: seconds do not tell the order. */
static int64_t
changes_so_far(const struct sandbox *sb)
{
	const char *key;
	json_t *rec;
	int64_t n = 0;

	json_object_foreach(sb->certs.all, key, rec) {
		n += (int64_t)json_array_size(json_object_get(rec, "history"));
	}
	return n;
}

static void
note(struct sandbox *sb, json_t *rec, const char *by)
{
	json_t *history = json_object_get(rec, "history");
	json_t *line = json_object();
	char at[CLOCK_TEXT];

	civil_iso_text(at, sandbox_now(sb));
	rec_set_text(line, "at", at);
	rec_set_text(line, "state", rec_text(rec, "state"));
	rec_set_int(line, "reason", rec_int(rec, "reason"));
	rec_set_text(line, "by", by);
	rec_set_int(line, "order", changes_so_far(sb));
	json_array_append_new(history, line);
}

static struct err
describe(json_t *rec, X509 *cert)
{
	struct npki_cert_info info;
	char serial[SERIAL_TEXT], spki[SPKI_TEXT], at[CLOCK_TEXT];
	unsigned char *der = NULL;
	char text[BASE64_TEXT(NPKI_CERT_MAX)];
	int n = i2d_X509(cert, &der);
	struct err e = npki_cert_info(&info, cert);

	if (n <= 0 || n > NPKI_CERT_MAX)
		e = err_make(E_LIMIT, 0, "sandbox: certificate");
	if (!err_is(e))
		base64_encode(text, sizeof text, span_make(der, (size_t)n));
	OPENSSL_free(der);
	if (err_is(e))
		return e;
	serial_text(serial, X509_get0_serialNumber(cert));
	hex_encode(spki, sizeof spki,
	    span_make(info.spki_sha256, sizeof info.spki_sha256));
	civil_iso_text(at, info.not_after);
	rec_set_text(rec, "serial", serial);
	rec_set_text(rec, "subject", info.subject);
	rec_set_text(rec, "not_after", at);
	rec_set_int(rec, "not_after_s", info.not_after);
	rec_set_text(rec, "spki", spki);
	rec_set_text(rec, "der", text);
	return err_none();
}

struct err
certs_add(struct sandbox *sb, const struct cert_new *n, json_t **out)
{
	json_t *rec = json_pack("{ss ss ss ss ss ss ss ss si s[]}", "issuer",
	    authority_org(n->authority), "person", n->person, "bank", n->bank,
	    "policy", n->policy, "refnum", n->refnum, "application",
	    n->application, "replaces", n->replaces, "state",
	    cert_state_name(n->state), "reason", n->reason, "history");
	struct err e;

	if (rec == NULL)
		return err_make(E_NOMEM, 0, "sandbox: record");
	e = describe(rec, n->cert);
	if (err_is(e)) {
		json_decref(rec);
		return e;
	}
	if (n->state == CERT_UNCONFIRMED)
		rec_set_int(
		    rec, "confirm_by", sandbox_now(sb) + sb->confirm_wait_s);
	note(sb, rec, n->by);
	*out = rec;
	return records_put(&sb->certs, rec_text(rec, "serial"), rec);
}

struct err
certs_move(struct sandbox *sb, json_t *rec, enum cert_state to, int reason,
    const char *by)
{
	char at[CLOCK_TEXT];
	struct err e;

	civil_iso_text(at, sandbox_now(sb));
	rec_set_text(rec, "state", cert_state_name(to));
	rec_set_int(rec, "reason", reason);
	rec_set_text(rec, "changed_at", at);
	rec_set_int(rec, "changed_at_s", sandbox_now(sb));
	note(sb, rec, by);
	e = records_save(&sb->certs, rec_text(rec, "serial"));
	log_line(LOG_INFO, "certificate %s: %s", rec_text(rec, "serial"),
	    cert_state_name(to));
	return err_is(e)
		   ? e
		   : crl_write(sb, authority_find(rec_text(rec, "issuer")));
}

void
certs_sweep(struct sandbox *sb)
{
	const char *key;
	json_t *rec;
	struct err e;

	json_object_foreach(sb->certs.all, key, rec) {
		if (cert_state_of(rec) != CERT_UNCONFIRMED ||
		    rec_int(rec, "confirm_by") > sandbox_now(sb))
			continue;
		e = certs_move(sb, rec, CERT_WITHDRAWN, REASON_CESSATION,
		    "confirmWaitTime passed");
		if (err_is(e))
			log_err(LOG_ERROR, "withdraw", e);
	}
}
