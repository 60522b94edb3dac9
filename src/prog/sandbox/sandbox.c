/*
 * sandbox/sandbox.c - opening and closing the state folder; answers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/log.h"
#include "cmp.h"
#include "sandbox.h"
#include "certs.h"
#include "terminal.h"

enum { PEERS_CONF = 16384 };

static bool
is_seeded(const struct sandbox *sb, char path[static SANDBOX_PATH + 16])
{
	struct stat st;

	snprintf(path, SANDBOX_PATH + 16, "%s/seeded", sb->dir);
	return stat(path, &st) == 0;
}

static struct err
open_records(struct sandbox *sb)
{
	struct err e = records_open(&sb->certs, sb->dir, "certificates");

	if (!err_is(e))
		e = records_open(&sb->enrollments, sb->dir, "enrollments");
	if (!err_is(e))
		e = records_open(&sb->transactions, sb->dir, "transactions");
	if (!err_is(e))
		e = records_open(&sb->registry, sb->dir, "registry");
	if (!err_is(e))
		e = records_open(&sb->approvals, sb->dir, "approvals");
	if (!err_is(e))
		e = records_open(&sb->messages, sb->dir, "messages");
	if (!err_is(e))
		e = records_open(&sb->mails, sb->dir, "mails");
	return err_is(e) ? e : terminal_open(sb);
}

struct err
sandbox_open(struct sandbox *sb)
{
	char ca[SANDBOX_PATH + 16], seeded[SANDBOX_PATH + 16];
	struct err e;

	snprintf(ca, sizeof ca, "%s/ca", sb->dir);
	e = authorities_open(&sb->ca, ca, sandbox_now(sb));
	if (!err_is(e))
		e = open_records(sb);
	if (!err_is(e) && !is_seeded(sb, seeded)) {
		e = seed_certificates(sb);
		if (!err_is(e))
			e = file_write(seeded, span_str("\n"), 0600);
	}
	for (int i = 0; !err_is(e) && i < AUTHORITY_COUNT; i++)
		e = crl_write(sb, i);
	if (!err_is(e))
		certs_sweep(sb);
	return e;
}

void
sandbox_close(struct sandbox *sb)
{
	cmp_close(sb);
	records_close(&sb->certs);
	records_close(&sb->enrollments);
	records_close(&sb->transactions);
	records_close(&sb->registry);
	records_close(&sb->approvals);
	records_close(&sb->messages);
	records_close(&sb->mails);
	terminal_close(sb);
	authorities_close(&sb->ca);
	people_free(&sb->people);
}

struct err
sandbox_write_conf(const struct sandbox *sb)
{
	char path[SANDBOX_PATH + 16], text[PEERS_CONF];
	const char *driver = sb->van ? "van" : "nexo";
	int n;

	snprintf(path, sizeof path, "%s/peers.conf", sb->dir);
	n = snprintf(text, sizeof text,
	    "# written by dasi-sandbox at each start: practice and tests only\n"
	    "peers {\n"
	    "\tcmp_url = \"%s/cmp\"\n"
	    "\tocsp_url = \"%s/ocsp\"\n"
	    "\tcrl_url = \"%s/crl.der\"\n"
	    "\tregistry_url = \"%s/registry\"\n"
	    "}\n"
	    "issuer yessign {\n"
	    "\troot = \"%s/ca/root.der\"\n"
	    "\tca = \"%s/ca/ca.der\"\n"
	    "\tra_cert = \"%s/ca/ra.crt\"\n"
	    "\tra_key = \"%s/ca/ra.key\"\n"
	    "}\n"
	    "pay {\n"
	    "\tdriver = \"%s\"\n"
	    "\turl = \"%s/%s\"\n"
	    "\tca = \"%s/pay/ca.crt\"\n"
	    "\tsale_id = \"" TERMINAL_SALE_ID "\"\n"
	    "\tpoi_id = \"" TERMINAL_POI_ID "\"\n"
	    "}\n"
	    "message {\n"
	    "\tsms_url = \"%s/sms\"\n"
	    "\tsmtp_url = \"%s\"\n"
	    "\tfrom = \"noreply@hanbit.example\"\n"
	    "}\n"
	    "print {\n"
	    "\tto = \"%s\"\n"
	    "\tprofile = \"cp949\"\n"
	    "}\n",
	    sb->url, sb->url, sb->url, sb->url, sb->dir, sb->dir, sb->dir,
	    sb->dir, driver, sb->tls_url, driver, sb->dir, sb->url,
	    sb->smtp_url, sb->print_to);
	if (n < 0 || n >= (int)sizeof text)
		return err_make(E_LIMIT, 0, "sandbox: peers.conf");
	return file_write(path, span_make(text, (size_t)n), 0600);
}

void
reply_set(struct reply *r, int status, const char *type, struct span body)
{
	reply_free(r);
	r->status = status;
	r->type = type;
	r->body = malloc(body.n + 1);
	if (r->body == NULL) {
		r->status = 500;
		return;
	}
	memcpy(r->body, body.p, body.n);
	r->n = body.n;
}

void
reply_json(struct reply *r, int status, json_t *v)
{
	char *text = v == NULL ? NULL : json_dumps(v, JSON_COMPACT);

	json_decref(v);
	if (text == NULL)
		reply_set(r, 500, "text/plain", span_str("no memory\n"));
	else
		reply_set(r, status, "application/json", span_str(text));
	free(text);
}

void
reply_free(struct reply *r)
{
	if (r->more_free != NULL)
		r->more_free(r->more_ctx);
	r->more = NULL;
	r->more_free = NULL;
	r->more_ctx = NULL;
	free(r->body);
	r->body = NULL;
	r->n = 0;
}
