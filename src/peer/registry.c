/*
 * peer/registry.c - tables of members, and what each result word means.
 */
#include "peer/registry.h"

#include <openssl/rand.h>
#include <string.h>

#include "base/clock.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/utf8.h"
#include "npki/cert.h"

enum { TEXT_MAX = 512, INTEGER_MAX = 1000000 };

enum kind {
	END,
	TEXT,	 /* min..max bytes of NFC text */
	INTEGER, /* min..max */
	TIME,	 /* Unix seconds, or ISO 8601 with +09:00 */
	CERT	 /* base64 of a certificate */
};

struct field {
	const char *name; /* in what is read */
	enum kind kind;
	int min, max;
	const char *as; /* in what is made; NULL: the same */
};

/* clang-format off */
static const struct field identity_in[] = {
	{ "name",	TEXT, 1, 256, NULL },
	{ "number",	TEXT, 1, 20, NULL },
	{ "id_kind",	TEXT, 1, 16, NULL },
	{ "id_number",	TEXT, 0, 32, NULL },
	{ "issue_date",	TEXT, 0, 10, NULL },
	{ NULL,		END, 0, 0, NULL },
};
static const struct field start_in[] = {
	{ "person",	TEXT, 1, 128, NULL },
	{ "kind",	TEXT, 1, 16, NULL },
	{ NULL,		END, 0, 0, NULL },
};
static const struct field factor_in[] = {
	{ "person",	TEXT, 1, 128, NULL },
	{ "kind",	TEXT, 1, 16, NULL },
	{ "answer",	TEXT, 1, 256, NULL },
	{ "account",	TEXT, 0, 32, NULL },
	{ NULL,		END, 0, 0, NULL },
};
static const struct field person_in[] = {
	{ "person",	TEXT, 1, 128, NULL },
	{ NULL,		END, 0, 0, NULL },
};
static const struct field enroll_in[] = {
	{ "person",	TEXT, 1, 128, NULL },
	{ "serial",	TEXT, 1, 64, NULL },
	{ "application", TEXT, 1, 64, NULL },
	{ NULL,		END, 0, 0, NULL },
};

static const struct field identity_out[] = {
	{ "person",	TEXT, 1, 128, NULL },
	{ "name",	TEXT, 1, 256, "holder_name" },
	{ "age",	INTEGER, 0, 150, NULL },
	{ "phone_changed_days", INTEGER, 0, INTEGER_MAX, NULL },
	{ NULL,		END, 0, 0, NULL },
};
static const struct field hint_out[] = {
	{ "kind",	TEXT, 1, 16, NULL },
	{ "hint",	TEXT, 0, 256, NULL },
	{ NULL,		END, 0, 0, NULL },
};
static const struct field start_out[] = {
	{ "hint",	TEXT, 0, 256, NULL },
	{ "ttl_s",	INTEGER, 0, 86400, NULL },
	{ NULL,		END, 0, 0, NULL },
};
static const struct field wrong_out[] = {
	{ "left",	INTEGER, 0, 100, NULL },
	{ NULL,		END, 0, 0, NULL },
};
static const struct field cert_out[] = {
	{ "certificate", CERT, 0, 0, NULL },
	{ "status",	TEXT, 1, 16, NULL },
	{ "bank",	TEXT, 0, 64, NULL },
	{ "bank_name",	TEXT, 0, 128, NULL },
	{ "issuer_o",	TEXT, 1, 64, NULL },
	{ NULL,		END, 0, 0, NULL },
};
static const struct field enroll_out[] = {
	{ "refnum",	TEXT, 1, 120, NULL },
	{ "authcode",	TEXT, 1, 120, NULL },
	{ "expires_at",	TIME, 0, 0, NULL },
	{ NULL,		END, 0, 0, NULL },
};
static const struct field refused_out[] = {
	{ "reason",	TEXT, 0, 64, "text" },
	{ NULL,		END, 0, 0, NULL },
};
static const struct field nothing[] = { { NULL, END, 0, 0, NULL } };

static const struct {
	const char	   *path;
	const struct field *in;
} calls[REGISTRY_CALL_COUNT] = {
	[REGISTRY_VERIFY]	 = { "/identity/verify", identity_in },
	[REGISTRY_FACTOR_START]	 = { "/factor/start",	 start_in },
	[REGISTRY_FACTOR_VERIFY] = { "/factor/verify",	 factor_in },
	[REGISTRY_CERTIFICATES]	 = { "/certificates",	 person_in },
	[REGISTRY_ENROLL]	 = { "/enrollment",	 enroll_in },
	[REGISTRY_HEALTH]	 = { "/health",		 nothing },
};

/* What a result word means; code NULL: the call worked. */
static const struct word {
	enum registry_call  call;
	const char	   *result;
	const char	   *code;
	const struct field *out;
} words[] = {
	{ REGISTRY_VERIFY,	  "match",    NULL,		   identity_out },
	{ REGISTRY_VERIFY,	  "mismatch", "identity.mismatch", nothing },
	{ REGISTRY_FACTOR_START,  "sent",     NULL,		   start_out },
	{ REGISTRY_FACTOR_START,  "locked",   "factor.locked",	   nothing },
	{ REGISTRY_FACTOR_VERIFY, "ok",	      NULL,		   nothing },
	{ REGISTRY_FACTOR_VERIFY, "wrong",    "factor.wrong",	   wrong_out },
	{ REGISTRY_FACTOR_VERIFY, "expired",  "factor.expired",	   nothing },
	{ REGISTRY_FACTOR_VERIFY, "unavailable", "factor.expired", nothing },
	{ REGISTRY_FACTOR_VERIFY, "locked",   "factor.locked",	   nothing },
	{ REGISTRY_ENROLL,	  "ok",	      NULL,		   enroll_out },
	{ REGISTRY_ENROLL,	  "refused",  "peer.ca_refused",   refused_out },
};
/* clang-format on */

const char *
registry_path(enum registry_call call)
{
	return call < REGISTRY_CALL_COUNT ? calls[call].path : "";
}

/* A copy in NFC, or NULL. */
static json_t *
copy_text(const json_t *v, const struct field *f)
{
	char room[TEXT_MAX];
	struct buf b = buf_make(room, sizeof room);
	size_t n = json_string_length(v);
	json_t *out = NULL;

	if (!json_is_string(v) || !utf8_plain(json_string_value(v), n) ||
	    err_is(utf8_nfc(&b, json_string_value(v), n)))
		return NULL;
	if (b.n >= (size_t)f->min && b.n <= (size_t)f->max)
		out = json_stringn(room, b.n);
	secret_wipe(room, sizeof room);
	return out;
}

static json_t *
copy_integer(const json_t *v, const struct field *f)
{
	json_int_t i = json_integer_value(v);

	return json_is_integer(v) && i >= f->min && i <= f->max
		   ? json_integer(i)
		   : NULL;
}

static json_t *
copy_time(const json_t *v)
{
	int64_t unix_s = json_integer_value(v);

	if (json_is_string(v) && !civil_iso_read(&unix_s, json_string_value(v)))
		return NULL;
	return unix_s > 0 ? json_integer(unix_s) : NULL;
}

static json_t *
copy_cert(const json_t *v)
{
	static uint8_t room[NPKI_CERT_MAX];
	struct buf der = buf_make(room, sizeof room);
	X509 *cert = NULL;

	if (!json_is_string(v) ||
	    err_is(base64_decode(
		&der, json_string_value(v), json_string_length(v))) ||
	    err_is(npki_cert_parse(&cert, buf_span(&der))))
		return NULL;
	X509_free(cert);
	return json_stringn(json_string_value(v), json_string_length(v));
}

static json_t *
copy_value(const json_t *v, const struct field *f)
{
	switch (f->kind) {
	case TEXT:
		return copy_text(v, f);
	case INTEGER:
		return copy_integer(v, f);
	case TIME:
		return copy_time(v);
	case CERT:
		return copy_cert(v);
	case END:
		break;
	}
	return NULL;
}

/* A new object with exactly these members, or NULL. */
static json_t *
copy_fields(const json_t *from, const struct field *f)
{
	json_t *out = json_object();

	for (; f->kind != END; f++) {
		json_t *v = copy_value(json_object_get(from, f->name), f);

		if (v == NULL || json_object_set_new(out,
				     f->as != NULL ? f->as : f->name, v) != 0) {
			json_decref(out);
			return NULL;
		}
	}
	return out;
}

/* A list of such objects, at most `max`, or NULL. */
static json_t *
copy_list(const json_t *list, const struct field *f, size_t max)
{
	json_t *out = json_array();

	for (size_t i = 0; out != NULL && i < json_array_size(list); i++) {
		json_t *one = copy_fields(json_array_get(list, i), f);

		if (one == NULL || json_array_append_new(out, one) != 0) {
			json_decref(out);
			return NULL;
		}
	}
	if (!json_is_array(list) || json_array_size(list) > max) {
		json_decref(out);
		return NULL;
	}
	return out;
}

struct err
registry_request(json_t **body, enum registry_call call, const json_t *params)
{
	*body = NULL;
	if (call >= REGISTRY_CALL_COUNT)
		return err_make(E_ARG, 0, "registry: call");
	*body = copy_fields(params, calls[call].in);
	return *body != NULL ? err_none()
			     : err_make(E_ARG, 0, "registry: params");
}

struct err
registry_add_nonce(json_t *body, char nonce[static REGISTRY_NONCE])
{
	uint8_t raw[REGISTRY_NONCE / 2];

	if (RAND_bytes(raw, sizeof raw) != 1)
		return err_make(E_CRYPTO, 0, "registry: nonce");
	hex_encode(nonce, REGISTRY_NONCE, span_make(raw, sizeof raw));
	return json_object_set_new(body, "nonce", json_string(nonce)) == 0
		   ? err_none()
		   : err_make(E_NOMEM, 0, "registry: nonce");
}

bool
registry_answers(struct span body, const char *nonce)
{
	json_t *o = json_loadb((const char *)body.p, body.n, 0, NULL);
	const json_t *v = json_object_get(o, "nonce");
	bool same = v == NULL || (json_is_string(v) &&
				     strcmp(json_string_value(v), nonce) == 0);

	json_decref(o);
	return same;
}

/* Replace `list` of `result` by its checked copy. */
static bool
add_list(json_t *result, const json_t *from, const char *name,
    const struct field *f, size_t max)
{
	json_t *list = copy_list(json_object_get(from, name), f, max);

	return list != NULL && json_object_set_new(result, name, list) == 0;
}

static bool
known_status(const json_t *list)
{
	size_t i;
	json_t *c;

	json_array_foreach(list, i, c) {
		const char *s = json_string_value(json_object_get(c, "status"));

		if (strcmp(s, "valid") != 0 && strcmp(s, "suspended") != 0 &&
		    strcmp(s, "revoked") != 0)
			return false;
	}
	return true;
}

static bool
read_certificates(struct registry_reply *out, const json_t *body)
{
	out->result = json_object();
	return add_list(out->result, body, "certificates", cert_out,
		   REGISTRY_CERTS) &&
	       known_status(json_object_get(out->result, "certificates"));
}

static bool
read_word(
    struct registry_reply *out, enum registry_call call, const json_t *body)
{
	const char *result = json_string_value(json_object_get(body, "result"));
	json_t *copy;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		const struct word *w = &words[i];

		if (w->call != call || result == NULL ||
		    strcmp(w->result, result) != 0)
			continue;
		if ((copy = copy_fields(body, w->out)) == NULL)
			return false;
		if ((out->code = w->code) != NULL)
			out->more = copy;
		else
			out->result = copy;
		return call != REGISTRY_VERIFY || w->code != NULL ||
		       add_list(
			   copy, body, "factors", hint_out, REGISTRY_FACTORS);
	}
	return false;
}

struct err
registry_reply_read(
    struct registry_reply *out, enum registry_call call, struct span body)
{
	json_t *o;
	bool ok = false;

	*out = (struct registry_reply){ 0 };
	o = json_loadb(
	    (const char *)body.p, body.n, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(o)) {
		if (call == REGISTRY_CERTIFICATES) {
			ok = read_certificates(out, o);
		} else if (call == REGISTRY_HEALTH) {
			ok = json_is_true(json_object_get(o, "ok"));
			out->result = json_object();
		} else {
			ok = read_word(out, call, o);
		}
	}
	json_decref(o);
	if (ok)
		return err_none();
	registry_reply_free(out);
	return err_make(E_PROTOCOL, 0, "registry: answer");
}

void
registry_reply_free(struct registry_reply *r)
{
	json_decref(r->result);
	json_decref(r->more);
	*r = (struct registry_reply){ 0 };
}
