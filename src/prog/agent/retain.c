/*
 * agent/retain.c - what the law has the branch keep of a case, for whom, and
 * for how long (facts/domain.md 2.6 and 4).
 *
 * The person goes with the case's key when the case ends; what must be kept is
 * sealed to head office's certificate in the same transaction.  Once a day
 * what is older than its class may be goes, for good.
 */
#include <stdlib.h>
#include <string.h>

#include "audit/cms.h"
#include "base/log.h"
#include "base/secret.h"
#include "identity/mask.h"
#include "npki/cert.h"
#include "prog/agent/core.h"
#include "store/audit_rows.h"

enum {
	FIRST_MS = 5 * 60 * 1000, /* a busy start comes first */
	DAY_S = 24 * 3600,
	DRIFT_S = 3600,	     /* more between two clocks is a jump */
	WARN_S = 30 * DAY_S, /* before the certificate expires */
	PERSON_ROOM = 16 * 1024
};

static struct span
certificate(const struct agent *a)
{
	return span_make(a->retain.cert, a->retain.cert_n);
}

/* "2026-11-22", or "an unknown day". */
static void
expiry(char out[static CLOCK_TEXT], int64_t *at_s, const struct agent *a)
{
	struct npki_cert_info *info = calloc(1, sizeof *info);

	*at_s = 0;
	str_copy(out, CLOCK_TEXT, "an unknown day");
	if (info != NULL && !err_is(npki_cert_info_der(info, certificate(a)))) {
		*at_s = info->not_after;
		civil_date_text(out, info->not_after);
	}
	free(info);
}

static void
tell(const struct agent *a, struct err e)
{
	char day[CLOCK_TEXT];
	int64_t at_s;

	expiry(day, &at_s, a);
	if (err_is(e))
		log_line(LOG_ERROR,
		    "head_office certificate %s cannot be sealed to (%s, "
		    "expires %s): no new case until it is replaced and the "
		    "agent started again",
		    a->conf->head_office, err_name(e.code), day);
	else if (at_s != 0 && at_s - wall_s(a) < WARN_S)
		log_line(LOG_WARNING,
		    "head_office certificate %s expires %s; replace it before",
		    a->conf->head_office, day);
}

struct err
retain_open(struct agent *a)
{
	struct retain *r = &a->retain;
	struct err e = err_none();

	r->next_ms = mono_ms(a) + FIRST_MS;
	r->mono_s = mono_ms(a) / 1000;
	r->wall_s = wall_s(a);
	if (a->conf->head_office[0] == '\0')
		return e;
	e = cert_load(
	    r->cert, sizeof r->cert, &r->cert_n, a->conf->head_office);
	if (err_is(e))
		return e;
	e = cms_check_cert(certificate(a), wall_s(a));
	tell(a, e);
	/* Who is here already is served to the end: holds must not wait. */
	return e.code == E_EXPIRED ? err_none() : e;
}

bool
retain_is_ready(const struct agent *a)
{
	struct err e;

	if (a->retain.cert_n == 0)
		return true;
	e = cms_check_cert(certificate(a), wall_s(a));
	if (err_is(e))
		tell(a, e);
	return !err_is(e);
}

void
retain_identity(const struct agent *a, json_t *person, const struct visit *v)
{
	char masked_secret[MASK_TEXT];

	mask_rrn(masked_secret, v->number_secret);
	json_object_set_new(person, "number", json_string(masked_secret));
	json_object_set_new(person, "identified_at", json_integer(wall_s(a)));
	secret_wipe(masked_secret, sizeof masked_secret);
}

/* ---- at the end of a case ---- */

static void
add_facts(json_t *person, const struct store_case *c)
{
	json_object_set_new(person, "case",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:I}", "no", c->case_no,
		"purpose", c->purpose, "issuer", c->issuer, "old_serial",
		c->serial, "new_serial", c->new_serial, "loss_no", c->loss_no,
		"opened_at", (json_int_t)c->opened_at));
}

/* At most CMS_DATA bytes; without the long texts when they do not fit. */
static struct err
dump(struct buf *out, json_t *person)
{
	static const char *const texts[] = { "when", "place", "detail" };
	json_t *loss = json_object_get(person, "loss");
	size_t n = json_dumpb(person, (char *)out->p, out->cap, JSON_COMPACT);

	if (n > out->cap) {
		for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
			json_object_del(loss, texts[i]);
		json_object_del(person, "consents");
		json_object_set_new(person, "cut", json_true());
		n = json_dumpb(person, (char *)out->p, out->cap, JSON_COMPACT);
	}
	if (rpc_json_gap())
		return err_make(E_NOMEM, 0, "retain: record");
	if (n == 0 || n > out->cap)
		return err_make(E_LIMIT, 0, "retain: record");
	out->n = n;
	return err_none();
}

struct err
retain_person(struct agent *a, struct buf *out, const struct store_case *c)
{
	static uint8_t room[PERSON_ROOM];
	struct buf b = buf_make(room, sizeof room);
	json_t *person = NULL;
	struct err e;

	if (a->retain.cert_n == 0)
		return err_none();
	e = store_blob_get(a->store, &b, c, BLOB_PERSON);
	if (e.code == E_NOTFOUND)
		return err_none();
	if (!err_is(e) &&
	    (person = json_loadb((const char *)room, b.n, 0, NULL)) == NULL)
		e = err_make(E_CORRUPT, 0, "retain: record");
	secret_wipe(room, sizeof room);
	if (!err_is(e)) {
		add_facts(person, c);
		e = dump(out, person);
	}
	json_decref(person);
	if (err_is(e))
		log_err(LOG_ERROR, "what must be kept", e);
	return e;
}

/* ---- once a day ---- */

static void
purge(struct agent *a, const char *class, int days,
    struct err (*removes)(struct store *s, int64_t *n, int64_t before))
{
	int64_t n = 0;
	struct err e;

	if (days <= 0) /* not from a file: nothing is that old */
		return;
	e = removes(a->store, &n, wall_s(a) - (int64_t)days * DAY_S);
	if (err_is(e))
		log_err(LOG_ERROR, "purge", e);
	else if (n > 0)
		log_line(LOG_NOTICE, "purged: %s %lld", class, (long long)n);
}

/* Audit rows that head office has signed for: it has them, and for longer. */
static void
prune(struct agent *a)
{
	int64_t n = 0, age = (int64_t)a->conf->audit_days * DAY_S;
	struct note_key office;
	struct err e;

	if (age <= 0 || a->conf->ship_cosign_key[0] == '\0' ||
	    a->office.trouble != NULL || a->history.state == HISTORY_BAD)
		return;
	history_close(a);
	e = note_key_parse(&office, span_str(a->conf->ship_cosign_key));
	if (!err_is(e))
		e = store_audit_prune(a->store, &n, wall_s(a) - age, &office);
	if (err_is(e))
		log_err(LOG_ERROR, "purge of audit rows", e);
	else if (n > 0)
		log_line(LOG_NOTICE, "purged: audit %lld", (long long)n);
}

bool
retain_clock_agrees(const struct agent *a)
{
	const struct retain *r = &a->retain;
	int64_t drift = (wall_s(a) - r->wall_s) -
			(mono_ms(a) / 1000 - r->mono_s);

	return drift > -DRIFT_S && drift < DRIFT_S;
}

void
retain_tick(struct agent *a)
{
	if (a->retain.next_ms > mono_ms(a))
		return;
	a->retain.next_ms = mono_ms(a) + (int64_t)DAY_S * 1000;
	if (!retain_clock_agrees(a)) {
		log_line(LOG_WARNING, "the clock was set: nothing is purged "
				      "until the agent is started again");
		return;
	}
	purge(a, "case", a->conf->case_days, store_purge);
	purge(a, "sealed", a->conf->sealed_days, store_purge_sealed);
	prune(a);
	(void)retain_is_ready(a);
}
