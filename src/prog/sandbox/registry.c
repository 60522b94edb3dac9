/*
 * sandbox/registry.c - identity check, certificates held, enrollment.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/sha.h>

#include "base/log.h"
#include "base/text.h"
#include "certs.h"
#include "identity/rrn.h"
#include "issue.h"
#include "registry.h"

static const char our_bank[] = "HANBIT";

/* Hashed with the root's certificate, so that it differs between sandboxes. */
void
person_token(const struct sandbox *sb, char out[static TOKEN_TEXT],
    const struct person *p)
{
	uint8_t hash[SHA256_DIGEST_LENGTH], salt[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	char text[2 * EVP_MAX_MD_SIZE + PERSON_WORD + 1];

	if (X509_digest(sb->ca.root.cert, EVP_sha256(), salt, &n) != 1)
		n = 0;
	hex_encode(text, sizeof text, span_make(salt, n));
	snprintf(text + 2 * n, sizeof text - 2 * n, "%s", p->id);
	SHA256((const unsigned char *)text, strlen(text), hash);
	hex_encode(out, TOKEN_TEXT, span_make(hash, (TOKEN_TEXT - 1) / 2));
}

const struct person *
person_of_token(const struct sandbox *sb, const char *token)
{
	char word[TOKEN_TEXT];

	for (size_t i = 0; i < sb->people.count; i++) {
		person_token(sb, word, &sb->people.list[i]);
		if (strcmp(word, token) == 0)
			return &sb->people.list[i];
	}
	return NULL;
}

static json_t *
result(const char *word)
{
	return json_pack("{ss}", "result", word);
}

static json_t *
refused(const char *reason)
{
	return json_pack("{ss ss}", "result", "refused", "reason", reason);
}

/* Same letters and digits, whatever hyphens and spaces stand between. */
static bool
same_number(const char *a, const char *b)
{
	for (;; a++, b++) {
		a += strspn(a, "- ");
		b += strspn(b, "- ");
		if (*a != *b)
			return false;
		if (*a == '\0')
			return true;
	}
}

/* The first member that is not this person's; NULL when all are. */
static const char *
difference(const struct person *p, const json_t *in)
{
	const struct document *d = person_document(p, rec_text(in, "id_kind"));

	if (!same_number(p->number, rec_text(in, "number")))
		return "number";
	if (!same_text(p->name, rec_text(in, "name")))
		return "name";
	if (d == NULL)
		return "id_kind";
	if (d->number[0] != '\0' &&
	    !same_number(d->number, rec_text(in, "id_number")))
		return "id_number";
	if (strcmp(d->issue_date, rec_text(in, "issue_date")) != 0)
		return "issue_date";
	return NULL;
}

static json_t *
match(const struct sandbox *sb, const struct person *p)
{
	struct civil born, today = civil_from_unix(sandbox_now(sb));
	char token[TOKEN_TEXT];
	int age = rrn_birth(&born, p->number) ? age_on(&born, &today) : 0;

	person_token(sb, token, p);
	return json_pack("{ss ss ss si si so}", "result", "match", "person",
	    token, "name", p->name, "age", age, "phone_changed_days",
	    p->phone_changed_days, "factors", factor_list(p));
}

static json_t *
identity_verify(struct sandbox *sb, const json_t *in, struct fault fault)
{
	for (size_t i = 0; i < sb->people.count; i++) {
		const struct person *p = &sb->people.list[i];
		const char *what = difference(p, in);

		if (what == NULL && fault.action != FAULT_REFUSE)
			return match(sb, p);
		/* for whoever trains here: the registry itself tells nobody */
		if (what != NULL && strcmp(what, "number") != 0)
			log_line(LOG_INFO, "identity: %s differs in %s", p->id,
			    what);
	}
	return result("mismatch");
}

/* What others may know of a state: unconfirmed ones do not exist yet. */
static const char *
public_status(const json_t *rec)
{
	switch (cert_state_of(rec)) {
	case CERT_VALID:
		return "valid";
	case CERT_SUSPENDED:
		return "suspended";
	case CERT_REVOKED:
		return "revoked";
	case CERT_UNCONFIRMED:
	case CERT_REJECTED:
	case CERT_WITHDRAWN:
	case CERT_STATE_COUNT:
		break;
	}
	return NULL;
}

static json_t *
certificates(struct sandbox *sb, const struct person *p, struct fault fault)
{
	json_t *list = json_array(), *rec;
	const char *key;

	json_object_foreach(sb->certs.all, key, rec) {
		const char *status = public_status(rec);
		const char *bank = rec_text(rec, "bank");

		if (status == NULL || fault.action == FAULT_REFUSE ||
		    strcmp(rec_text(rec, "person"), p->id) != 0)
			continue;
		json_array_append_new(
		    list, json_pack("{ss ss ss ss ss}", "certificate",
			      rec_text(rec, "der"), "status", status, "bank",
			      bank, "bank_name", bank_name(bank), "issuer_o",
			      rec_text(rec, "issuer")));
	}
	return json_pack("{so}", "certificates", list);
}

static json_t *
enrollment(struct sandbox *sb, const struct person *p, const json_t *in,
    struct fault fault)
{
	const json_t *old = certs_find(sb, rec_text(in, "serial"));
	struct enroll want = { p, old, rec_text(in, "application"),
		fault.action == FAULT_WAITING ? 2 : 0 };
	json_t *rec;

	if (fault.action == FAULT_REFUSE)
		return refused("service_refuses");
	if (old == NULL || strcmp(rec_text(old, "person"), p->id) != 0 ||
	    public_status(old) == NULL)
		return refused("unknown_certificate");
	if (strcmp(rec_text(old, "issuer"), "yessign") != 0)
		return refused("other_issuer");
	if (strcmp(rec_text(old, "bank"), our_bank) != 0)
		return refused("other_bank");
	if (certs_expired(sb, old))
		return refused("expired");
	if (want.application[0] == '\0')
		return refused("no_application");
	if (certs_other(sb, old, CERT_VALID, rec_text(old, "serial")) != NULL)
		return refused("already_reissued");
	if (err_is(enroll_make(sb, &want, &rec)))
		return NULL;
	return json_pack("{ss ss ss ss}", "result", "ok", "refnum",
	    rec_text(rec, "refnum"), "authcode", rec_text(rec, "authcode"),
	    "expires_at", rec_text(rec, "expires_at"));
}

/* Requests about a person the registry named before. */
static json_t *
about_person(struct sandbox *sb, const char *path, const json_t *in,
    struct fault fault, bool *known)
{
	const struct person *p = person_of_token(sb, rec_text(in, "person"));

	*known = true;
	if (strcmp(path, "/factor/start") == 0)
		return p == NULL || fault.action == FAULT_REFUSE
			   ? result("unavailable")
			   : factor_start(sb, p, in);
	if (strcmp(path, "/factor/verify") == 0)
		return p == NULL || fault.action == FAULT_REFUSE
			   ? result("locked")
			   : factor_verify(sb, p, in);
	if (strcmp(path, "/certificates") == 0)
		return p == NULL ? json_pack("{s[]}", "certificates")
				 : certificates(sb, p, fault);
	if (strcmp(path, "/enrollment") == 0)
		return p == NULL ? refused("unknown_person")
				 : enrollment(sb, p, in, fault);
	*known = false;
	return NULL;
}

void
registry_answer(struct sandbox *sb, const char *path, const json_t *in,
    struct fault fault, struct reply *out)
{
	bool known = true;
	json_t *v;

	if (strcmp(path, "/identity/verify") == 0)
		v = identity_verify(sb, in, fault);
	else
		v = about_person(sb, path, in, fault, &known);
	if (v != NULL && json_is_string(json_object_get(in, "nonce")))
		json_object_set(v, "nonce", json_object_get(in, "nonce"));
	if (!known)
		reply_json(
		    out, 404, json_pack("{ss}", "error", "no such service"));
	else
		reply_json(out, v == NULL ? 500 : 200, v);
}
