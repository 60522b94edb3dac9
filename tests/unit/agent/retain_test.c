/*
 * What is left of a person when the case has ended: sealed for head office or
 * nothing, and not for ever.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/cms.h"
#include "base/file.h"
#include "people.h"
#include "store/audit_rows.h"
#include "world.h"

TestSuite(retain, .init = world_open, .fini = world_close);

static const int64_t day_ms = 86400000;
static uint8_t cert_room[2048], key_room[2048];
static struct buf cert, key;

/* Head office's certificate, valid from an hour ago for so long. */
static void
head_office(int64_t valid_s)
{
	EVP_PKEY *pkey = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	PKCS8_PRIV_KEY_INFO *p8 = EVP_PKEY2PKCS8(pkey);
	unsigned char *p = cert_room;

	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 7);
	ASN1_TIME_set(
	    X509_getm_notBefore(x), (time_t)(w.wall_ms / 1000 - 3600));
	ASN1_TIME_set(
	    X509_getm_notAfter(x), (time_t)(w.wall_ms / 1000 + valid_s));
	X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
	    (const unsigned char *)"Head Office", -1, -1, 0);
	X509_set_issuer_name(x, X509_get_subject_name(x));
	X509_set_pubkey(x, pkey);
	cr_assert_gt(X509_sign(x, pkey, EVP_sha256()), 0);
	cert = buf_make(cert_room, sizeof cert_room);
	cert.n = (size_t)i2d_X509(x, &p);
	p = key_room;
	key = buf_make(key_room, sizeof key_room);
	key.n = (size_t)i2d_PKCS8_PRIV_KEY_INFO(p8, &p);
	PKCS8_PRIV_KEY_INFO_free(p8);
	X509_free(x);
	EVP_PKEY_free(pkey);
	snprintf(w.conf.head_office, sizeof w.conf.head_office, "%s/office.der",
	    w.folder);
	cr_assert_not(
	    err_is(file_write(w.conf.head_office, buf_span(&cert), 0600)));
	world_restart();
}

/* ---- the audit log ---- */

struct found {
	const char *kind;
	int count;
	uint8_t sealed[HASH_SIZE];
	char fields[256]; /* of the last one: "key=value " */
};

static struct err
look(void *arg, const struct audit_stored *stored)
{
	struct found *f = arg;
	struct audit_row r;
	size_t n = 0;

	cr_assert_not(err_is(row_decode(&r, stored->row)));
	if (!span_eq(r.kind, span_str(f->kind)))
		return err_none();
	f->count++;
	memcpy(f->sealed, r.sealed_hash, HASH_SIZE);
	cr_expect_eq(r.has_sealed, strcmp(f->kind, "case.sealed") == 0);
	for (size_t i = 0; i < r.field_count; i++) {
		const struct row_field *x = &r.fields[i];
		n += (size_t)snprintf(f->fields + n, sizeof f->fields - n,
		    "%.*s=", (int)x->key.n, (const char *)x->key.p);
		n += (size_t)(x->type == ROW_TYPE_TEXT
				  ? snprintf(f->fields + n,
					sizeof f->fields - n, "%.*s ",
					(int)x->data.n, (const char *)x->data.p)
				  : snprintf(f->fields + n,
					sizeof f->fields - n, "%lld ",
					(long long)x->whole));
	}
	return err_none();
}

static struct found
rows(const char *kind)
{
	struct audit_port port = store_audit_port(w.agent->store);
	struct found f = { .kind = kind };

	cr_assert_not(err_is(port.rows(port.ctx, 0, INT32_MAX, look, &f)));
	return f;
}

/* What head office reads, or NULL when it is gone. */
static json_t *
opened(const struct found *f)
{
	struct audit_port port = store_audit_port(w.agent->store);
	uint8_t sealed_room[CMS_BLOB], room[CMS_DATA];
	struct buf sealed = buf_make(sealed_room, sizeof sealed_room);
	struct buf plain = buf_make(room, sizeof room);
	struct err e = port.get_blob(port.ctx, f->sealed, &sealed);

	if (e.code == E_NOTFOUND)
		return NULL;
	cr_assert_not(err_is(e));
	cr_assert_not(err_is(cms_open(
	    &plain, buf_span(&cert), buf_span(&key), buf_span(&sealed))));
	return json_loadb((const char *)room, plain.n, 0, NULL);
}

/* Whether the words stand in the file of the store, or in its -wal file. */
static bool
in_the_clear(const char *words)
{
	static const char *const files[] = { "dasi.db", "dasi.db-wal" };
	static uint8_t room[8 * 1024 * 1024];
	char path[128];
	bool any = false;

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct buf b = buf_make(room, sizeof room);
		snprintf(path, sizeof path, "%s/state/%s", w.folder, files[i]);
		if (!err_is(file_read(&b, path)))
			any |= memmem(b.p, b.n, words, strlen(words)) != NULL;
	}
	return any;
}

static void
until_done(void)
{
	until_paid();
	ask_fd(0, "case.issue", "New!2026pw");
	run();
	cr_assert_eq((int)row().state, CASE_DONE);
}

/* Both clocks go on, without everything that would happen meanwhile. */
static void
days_pass(int days)
{
	w.mono_ms += days * day_ms;
	w.wall_ms += days * day_ms;
	run();
}

/* ---- sealed at the end ---- */

Test(retain, a_finished_case_is_sealed_for_head_office_and_for_nobody_else)
{
	struct store_case c;
	struct found f;
	json_t *r;

	head_office(365 * 86400);
	until_done();
	f = rows("case.sealed");
	cr_assert_eq(f.count, 1);
	cr_expect_str_eq(f.fields, "state=DONE ");
	r = opened(&f);
	cr_assert_not_null(r);
	cr_expect_str_eq(text(r, "name"), PERSON_NAME);
	cr_expect_str_eq(text(r, "phone"), "01000010001");
	cr_expect_str_eq(text(r, "email"), "hong@example.com");
	cr_expect_str_eq(text(json_object_get(r, "loss"), "kind"), "lost");
	cr_expect_eq(rpc_int(r, "identified_at", 0), w.wall_ms / 1000);
	cr_expect_eq(strncmp(text(r, "number"), PERSON_NUMBER, 6), 0);
	cr_expect_str_eq(text(r, "number") + 8, "******");
	c = row();
	cr_expect_str_eq(
	    text(json_object_get(r, "case"), "old_serial"), c.serial);
	cr_expect_str_eq(
	    text(json_object_get(r, "case"), "new_serial"), c.new_serial);
	cr_expect_null(json_object_get(r, "cut"));
	json_decref(r);
	cr_expect(in_the_clear(c.serial), "the search finds what is there");
	cr_expect_not(in_the_clear(PERSON_NUMBER));
	cr_expect_not(in_the_clear(PERSON_NAME));
	cr_expect_not(in_the_clear("01000010001"));
}

Test(retain, a_cancelled_case_is_sealed_as_far_as_it_came)
{
	struct found f;
	json_t *r;

	head_office(365 * 86400);
	until_paid();
	cr_assert_str_eq(code(ask("case.cancel", "{}")), "");
	f = rows("case.sealed");
	cr_assert_eq(f.count, 1);
	r = opened(&f);
	cr_expect_str_eq(text(r, "name"), PERSON_NAME);
	cr_expect_str_eq(text(json_object_get(r, "case"), "new_serial"), "");
	json_decref(r);
}

Test(retain, long_texts_are_left_out_rather_than_the_case_left_open)
{
	char story[601];
	struct found f;
	json_t *r;

	/* each byte is six in JSON */
	memset(story, 1, sizeof story - 1);
	story[sizeof story - 1] = '\0';
	head_office(365 * 86400);
	begin(0, "reissue");
	identify(0);
	open_case(0);
	json_t *p = json_pack("{s:s,s:s,s:s,s:s,s:s,s:b}", "kind", "lost",
	    "when", story, "place", story, "detail", story, "medium", "usb",
	    "misuse", 0);
	cr_assert_str_eq(code(ask_json(0, "case.report", p)), "");
	run();
	cr_assert_str_eq(code(ask("case.cancel", "{}")), "");
	f = rows("case.sealed");
	cr_assert_eq(f.count, 1);
	r = opened(&f);
	cr_expect_str_eq(text(r, "name"), PERSON_NAME);
	cr_expect(json_is_true(json_object_get(r, "cut")));
	json_decref(r);
}

Test(retain, without_a_head_office_nothing_is_kept)
{
	until_done();
	cr_expect_eq(rows("case.sealed").count, 0);
}

/* ---- the certificate ---- */

Test(retain, an_expired_certificate_stops_new_cases_before_anything_is_typed)
{
	static const struct {
		const char *purpose, *answer;
	} asks[] = { { "reissue", "agent.no_head_office" },
		{ "report", "agent.no_head_office" }, { "status", "" },
		{ "check", "" } };

	head_office(600);
	begin(0, "reissue");
	days_pass(1);
	for (int start = 0; start < 2; start++) {
		for (size_t i = 0; i < sizeof asks / sizeof *asks; i++)
			cr_expect_str_eq(
			    code(ask("visit.begin",
				"{'purpose':'%s','lang':'ko','consents':{}}",
				asks[i].purpose)),
			    asks[i].answer);
		world_restart();
	}
	head_office(365 * 86400);
	begin(0, "reissue");
}

Test(retain, a_case_does_not_end_while_what_must_be_kept_cannot_be_sealed)
{
	uint8_t room[4096];
	struct buf b = buf_make(room, sizeof room);
	struct store_case c;

	head_office(600);
	until_paid();
	w.wall_ms += 601000;
	cr_expect_str_neq(code(ask("case.cancel", "{}")), "");
	c = row();
	cr_expect_eq((int)c.state, CASE_PAID);
	cr_expect_not(
	    err_is(store_blob_get(w.agent->store, &b, &c, BLOB_PERSON)));
	head_office(365 * 86400);
	begin(0, "reissue");
	identify(0);
	cr_assert_str_eq(code(open_case(0)), "");
	cr_expect_str_eq(code(ask("case.cancel", "{}")), "");
	cr_expect_eq(rows("case.sealed").count, 1);
}

Test(retain, a_certificate_that_is_none_keeps_the_agent_from_starting)
{
	struct ports ports = w.agent->ports;
	static const uint8_t device_key[SEAL_KEY] = { 1, 2, 3 };
	struct agent *a = NULL;

	head_office(600);
	world_stop();
	cr_assert_not(err_is(
	    file_write(w.conf.head_office, span_str("no certificate"), 0600)));
	cr_expect(err_is(agent_new(&a, &w.conf, device_key, &ports)));
	cr_expect_null(a);
	strcat(w.conf.head_office, ".absent");
	cr_expect(err_is(agent_new(&a, &w.conf, device_key, &ports)));
	cr_expect_null(a);
}

/* ---- the daily purge ---- */

Test(retain, each_class_goes_when_its_days_are_over_and_leaves_an_anchor)
{
	struct store_case c;
	struct found sealed, purged;
	char before[64];
	json_t *r;

	head_office(4000L * 86400);
	until_done();
	sealed = rows("case.sealed");
	days_pass(1);
	days_pass(1824);
	cr_expect_eq(rows("purged").count, 0);
	cr_expect_str_eq(row().case_no, "R-20261122-0001");
	days_pass(2);
	purged = rows("purged");
	cr_assert_eq(purged.count, 1);
	snprintf(before, sizeof before, "before=%lld ",
	    (long long)(w.wall_ms / 1000 - 1826LL * 86400));
	cr_expect_not_null(strstr(purged.fields, "class=case "));
	cr_expect_not_null(strstr(purged.fields, "count=1 "));
	cr_expect_not_null(strstr(purged.fields, before));
	cr_expect_eq(
	    store_case_by_no(w.agent->store, &c, "R-20261122-0001").code,
	    E_NOTFOUND);
	r = opened(&sealed);
	cr_expect_not_null(r, "what is sealed has longer");
	json_decref(r);
	days_pass(2192 - 1826);
	purged = rows("purged");
	cr_expect_eq(purged.count, 2);
	cr_expect_not_null(strstr(purged.fields, "class=sealed "));
	cr_expect_null(opened(&sealed));
	cr_expect_eq(rows("case.sealed").count, 1, "the row itself stays");
	days_pass(1);
	cr_expect_eq(rows("purged").count, 2, "nothing gone leaves nothing");
	world_restart(); /* and the log still holds together */
}

Test(retain, a_clock_that_was_set_purges_nothing)
{
	head_office(8000L * 86400);
	until_done();
	w.wall_ms += 3653 * day_ms;
	w.mono_ms += day_ms;
	run();
	days_pass(1);
	cr_expect_eq(rows("purged").count, 0);
	cr_expect_str_eq(row().case_no, "R-20261122-0001");
}

Test(retain, an_open_case_is_never_purged)
{
	head_office(8000L * 86400);
	until_paid();
	days_pass(3000);
	days_pass(1);
	cr_expect_eq(rows("purged").count, 0);
	cr_expect_eq((int)row().state, CASE_PAID);
}
