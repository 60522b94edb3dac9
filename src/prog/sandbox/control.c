/*
 * sandbox/control.c - the control endpoint.
 */
#include <string.h>

#include "certs.h"
#include "control.h"
#include "outbox.h"
#include "printer.h"
#include "registry.h"
#include "terminal.h"

static const char our_bank[] = "HANBIT";

static json_t *
oops(const char *why)
{
	return json_pack("{ss}", "error", why);
}

static void
post_fault(struct sandbox *sb, const json_t *in, struct reply *out)
{
	struct err e = fault_add(&sb->faults, in);

	if (err_is(e))
		reply_json(out, 400, oops(e.where));
	else
		reply_json(out, 200, json_pack("{sb}", "ok", 1));
}

/* The certificate an enrollment is for: the person's at our bank, not yet
 * expired; the one whose replacement would not collide first. */
static json_t *
find_old(const struct sandbox *sb, const struct person *p, const json_t *in)
{
	const char *policy = rec_text(in, "policy"), *key;
	json_t *rec, *found = NULL;

	json_object_foreach(sb->certs.all, key, rec) {
		enum cert_state s = cert_state_of(rec);

		if (strcmp(rec_text(rec, "person"), p->id) != 0 ||
		    strcmp(rec_text(rec, "issuer"), "yessign") != 0 ||
		    strcmp(rec_text(rec, "bank"), our_bank) != 0 ||
		    (policy[0] != '\0' &&
			strcmp(rec_text(rec, "policy"), policy) != 0) ||
		    certs_expired(sb, rec))
			continue;
		if (s == CERT_VALID)
			return rec;
		if (s == CERT_SUSPENDED || s == CERT_REVOKED)
			found = rec;
	}
	return found;
}

static struct err
enroll_by_hand(struct sandbox *sb, const struct person *p, const json_t *in,
    json_t **rec, json_t **old)
{
	struct enroll want = { p, NULL, rec_text(in, "application"),
		(int)rec_int(in, "waiting") };

	if (want.application[0] == '\0')
		want.application = "control";
	*old = find_old(sb, p, in);
	want.old = *old;
	if (*old != NULL && cert_state_of(*old) == CERT_VALID &&
	    json_is_true(json_object_get(in, "force"))) {
		struct err e = certs_move(
		    sb, *old, CERT_SUSPENDED, REASON_HOLD, "control: force");

		if (err_is(e))
			return e;
	}
	return enroll_make(sb, &want, rec);
}

static void
post_enroll(struct sandbox *sb, const json_t *in, struct reply *out)
{
	const struct person *p = people_find(
	    &sb->people, rec_text(in, "person"));
	json_t *rec = NULL, *old = NULL;
	struct err e;

	if (p == NULL) {
		reply_json(out, 400, oops("no such person"));
		return;
	}
	e = enroll_by_hand(sb, p, in, &rec, &old);
	if (err_is(e)) {
		reply_json(out, 500, oops(e.where));
		return;
	}
	reply_json(out, 200,
	    json_pack("{ss ss ss ss ss ss}", "refnum", rec_text(rec, "refnum"),
		"authcode", rec_text(rec, "authcode"), "expires_at",
		rec_text(rec, "expires_at"), "old_serial",
		rec_text(old, "serial"), "old_state", rec_text(old, "state"),
		"subject", rec_text(old, "subject")));
}

static void
post_unlock(struct sandbox *sb, const json_t *in, struct reply *out)
{
	const struct person *p = people_find(
	    &sb->people, rec_text(in, "person"));

	if (p == NULL)
		reply_json(out, 400, oops("no such person"));
	else if (err_is(factor_unlock(sb, p)))
		reply_json(out, 500, oops("cannot be written"));
	else
		reply_json(out, 200, json_pack("{sb}", "ok", 1));
}

/* Copies of all records without the members named (NULL ends the list). */
static json_t *
copies(const struct records *r, const char *const *without)
{
	json_t *list = json_array(), *rec;
	const char *key;

	json_object_foreach(r->all, key, rec) {
		json_t *copy = json_copy(rec);

		for (size_t i = 0; without[i] != NULL; i++)
			json_object_del(copy, without[i]);
		json_array_append_new(list, copy);
	}
	return list;
}

static void
post_understood(bool ok, struct reply *out)
{
	if (ok)
		reply_json(out, 200, json_pack("{sb}", "ok", 1));
	else
		reply_json(out, 400, oops("not understood"));
}

static void
get_state(struct sandbox *sb, struct reply *out)
{
	static const char *const no_der[] = { "der", NULL };
	static const char *const no_secret[] = { "authcode", NULL };
	static const char *const no_bytes[] = { "request", "exchanges", "nonce",
		NULL };
	json_t *faults = json_array();
	char at[CLOCK_TEXT];

	civil_iso_text(at, sandbox_now(sb));
	for (size_t i = 0; i < sb->faults.count; i++)
		json_array_append_new(
		    faults, json_pack("{ss ss si}", "at",
				fault_at_name(sb->faults.list[i].at), "action",
				fault_action_name(sb->faults.list[i].action),
				"count", sb->faults.list[i].count));
	reply_json(out, 200,
	    json_pack("{ss si so so so so}", "at", at, "confirm_wait_s",
		sb->confirm_wait_s, "certificates", copies(&sb->certs, no_der),
		"enrollments", copies(&sb->enrollments, no_secret),
		"transactions", copies(&sb->transactions, no_bytes), "faults",
		faults));
}

void
control_answer(
    struct sandbox *sb, const char *path, const json_t *in, struct reply *out)
{
	if (in == NULL) {
		if (strcmp(path, "/state") == 0)
			get_state(sb, out);
		else if (strcmp(path, "/payments") == 0)
			reply_json(out, 200, terminal_records(sb));
		else if (strcmp(path, "/sms") == 0)
			reply_json(out, 200, outbox_texts(sb));
		else if (strcmp(path, "/mail") == 0)
			reply_json(out, 200, outbox_mails(sb));
		else
			reply_json(out, 404, oops("no such service"));
	} else if (strcmp(path, "/fault") == 0) {
		post_fault(sb, in, out);
	} else if (strcmp(path, "/reset_faults") == 0) {
		sb->faults.count = 0;
		reply_json(out, 200, json_pack("{sb}", "ok", 1));
	} else if (strcmp(path, "/enroll") == 0) {
		post_enroll(sb, in, out);
	} else if (strcmp(path, "/unlock") == 0) {
		post_unlock(sb, in, out);
	} else if (strcmp(path, "/cardholder") == 0) {
		post_understood(terminal_cardholder(sb, in), out);
	} else if (strcmp(path, "/printer") == 0) {
		post_understood(
		    sb->printer != NULL &&
			printer_set(sb->printer, rec_text(in, "state")),
		    out);
	} else if (strcmp(path, "/terminal") == 0) {
		post_understood(terminal_control(sb, in), out);
	} else {
		reply_json(out, 404, oops("no such service"));
	}
}
