/*
 * sandbox/enroll.c - reference numbers and authorisation codes.
 */
#include <stdio.h>
#include <string.h>

#include <openssl/rand.h>

#include "base/log.h"
#include "certs.h"
#include "registry.h"

enum { ENROLL_LIFE_S = 7 * 86400, WRONG_MACS_MAX = 5, TRIES = 64 };

static const char default_policy[] = "1.2.410.200005.1.1.4";

const char *
enroll_state(const struct sandbox *sb, const json_t *rec)
{
	const char *s = rec_text(rec, "state");

	if (strcmp(s, "open") == 0 &&
	    rec_int(rec, "expires_at_s") < sandbox_now(sb))
		return "expired";
	return s;
}

/* Letters that cannot be taken for another, and digits. */
static bool
random_text(char *out, size_t n, const char *alphabet)
{
	size_t k = strlen(alphabet);

	for (size_t i = 0; i + 1 < n; i++) {
		unsigned char r;

		do {
			if (RAND_bytes(&r, 1) != 1)
				return false;
		} while (r >= 256 - 256 % k);
		out[i] = alphabet[r % k];
	}
	out[n - 1] = '\0';
	return true;
}

static bool
new_refnum(const struct sandbox *sb, char out[static REFNUM_TEXT])
{
	for (int i = 0; i < TRIES; i++) {
		if (!random_text(out, REFNUM_TEXT, "0123456789"))
			return false;
		if (out[0] != '0' && records_get(&sb->enrollments, out) == NULL)
			return true;
	}
	return false;
}

/* The open one of this application and certificate. */
static json_t *
find_open(const struct sandbox *sb, const char *person, const char *serial,
    const char *application)
{
	const char *key;
	json_t *rec;

	json_object_foreach(sb->enrollments.all, key, rec)
		if (strcmp(enroll_state(sb, rec), "open") == 0 &&
		    strcmp(rec_text(rec, "person"), person) == 0 &&
		    strcmp(rec_text(rec, "serial"), serial) == 0 &&
		    (application == NULL ||
			strcmp(rec_text(rec, "application"), application) == 0))
			return rec;
	return NULL;
}

static struct err
void_others(struct sandbox *sb, const char *person, const char *serial)
{
	json_t *rec;
	struct err e = err_none();

	while (
	    !err_is(e) && (rec = find_open(sb, person, serial, NULL)) != NULL) {
		rec_set_text(rec, "state", "void");
		e = records_save(&sb->enrollments, rec_text(rec, "refnum"));
	}
	return e;
}

struct err
enroll_make(struct sandbox *sb, const struct enroll *want, json_t **out)
{
	const char *person = want->person->id;
	const char *serial = rec_text(want->old, "serial");
	int64_t end = sandbox_now(sb) + ENROLL_LIFE_S;
	char refnum[REFNUM_TEXT], code[AUTHCODE_TEXT], at[CLOCK_TEXT];
	json_t *rec = find_open(sb, person, serial, want->application);
	struct err e;

	*out = rec;
	if (rec != NULL)
		return err_none();
	e = void_others(sb, person, serial);
	if (err_is(e))
		return e;
	if (!new_refnum(sb, refnum) ||
	    !random_text(code, sizeof code,
		"0123456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"))
		return err_make(E_CRYPTO, 0, "enroll: random");
	civil_iso_text(at, end);
	rec = json_pack("{ss ss ss ss ss ss ss ss ss si si ss sI}", "refnum",
	    refnum, "authcode", code, "state", "open", "person", person,
	    "serial", serial, "application", want->application, "issuer",
	    want->old == NULL ? "yessign" : rec_text(want->old, "issuer"),
	    "bank", want->old == NULL ? "HANBIT" : rec_text(want->old, "bank"),
	    "policy",
	    want->old == NULL ? default_policy : rec_text(want->old, "policy"),
	    "wrong_macs", 0, "waiting", want->waiting, "expires_at", at,
	    "expires_at_s", (json_int_t)end);
	if (rec == NULL)
		return err_make(E_NOMEM, 0, "enroll: record");
	*out = rec;
	return records_put(&sb->enrollments, refnum, rec);
}

void
enroll_wrong_mac(struct sandbox *sb, json_t *rec)
{
	int64_t n = rec_int(rec, "wrong_macs") + 1;
	struct err e;

	if (strcmp(rec_text(rec, "state"), "open") != 0)
		return;
	rec_set_int(rec, "wrong_macs", n);
	if (n >= WRONG_MACS_MAX)
		rec_set_text(rec, "state", "locked");
	e = records_save(&sb->enrollments, rec_text(rec, "refnum"));
	if (err_is(e))
		log_err(LOG_ERROR, "wrong MAC not counted", e);
}
