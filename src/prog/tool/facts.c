/*
 * prog/tool/facts.c - looking at a branch: the agent's word where it answers,
 * the files where it does not.
 */
#define _GNU_SOURCE
#include <glob.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/timex.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "npki/cert.h"
#include "prog/tool/agent.h"
#include "prog/tool/doctor.h"
#include "prog/tool/rest.h"
#include "report/report.h"
#include "rpc/rpc.h"

static void
add_file(json_t *list, const char *path, bool secret)
{
	json_t *file;

	if (path[0] == '\0')
		return;
	file = report_file(path);
	json_object_set_new(file, "secret", json_boolean(secret));
	json_array_append_new(list, file);
}

/* The settings and those beside them, and every file they name. */
static json_t *
config_files(const struct conf *c, const char *path)
{
	const struct conf_issuer *ours = conf_our_issuer(c);
	const char *slash = strrchr(path, '/');
	json_t *list = json_array();
	char pattern[CONF_PATH + 8];
	glob_t beside = { 0 };

	snprintf(pattern, sizeof pattern, "%.*s*.conf",
	    slash == NULL ? 0 : (int)(slash - path) + 1, path);
	if (glob(pattern, GLOB_NOSORT, NULL, &beside) == 0)
		for (size_t i = 0; i < beside.gl_pathc; i++)
			add_file(list, beside.gl_pathv[i], false);
	globfree(&beside);
	add_file(list, c->state, true);
	add_file(list, c->head_office, false);
	add_file(list, c->peer_ca, false);
	add_file(list, ours->root, false);
	add_file(list, ours->ca, false);
	for (size_t i = 0; i < ours->chain_count; i++)
		add_file(list, ours->chain[i], false);
	add_file(list, ours->ra_cert, false);
	add_file(list, ours->ra_key, true);
	add_file(list, c->handoff_key, true);
	return list;
}

/* ---- the agent ---- */

static json_t *
agent_fault(struct err e, const struct tool_agent *a, const char *socket)
{
	if (e.code == E_UNREACHABLE)
		return json_pack("{s:s,s:s}", "kind", "down", "detail", socket);
	if (e.code == E_ROLE || e.code == E_REFUSED)
		return json_pack("{s:s,s:s}", "kind", "refuses", "detail",
		    a->refusal[0] != '\0' ? a->refusal : err_name(e.code));
	return json_pack(
	    "{s:s,s:s}", "kind", "silent", "detail", err_name(e.code));
}

/* True when it answered: its facts are in. */
static bool
ask_agent(json_t *facts, const struct conf *c)
{
	struct tool_agent a;
	json_t *status = NULL;
	struct err e = tool_agent_open(&a, c->socket);

	if (!err_is(e))
		e = tool_agent_ask(&a, "status.get", NULL, &status);
	if (err_is(e))
		json_object_set_new(
		    facts, "agent_fault", agent_fault(e, &a, c->socket));
	else
		(void)json_object_update(facts, status);
	tool_agent_close(&a);
	json_decref(status);
	return !err_is(e);
}

/* ---- the files ---- */

static void
read_store(json_t *facts, struct store *s)
{
	json_t *part = NULL;

	if (!err_is(report_store(&part, s, true)))
		json_object_set(facts, "store", part);
	json_decref(part);
	part = NULL;
	if (!err_is(report_audit(&part, s)))
		json_object_set(facts, "audit", part);
	json_decref(part);
	part = NULL;
	if (!err_is(report_summary(&part, s)))
		(void)json_object_update(facts, part);
	json_decref(part);
}

static void
read_database(json_t *facts, const struct conf *c)
{
	struct tool_rest rest = { 0 };
	char path[STORE_PATH + 16];
	struct err e;

	snprintf(path, sizeof path, "%s/dasi.db", c->state);
	e = tool_rest_open(&rest, path);
	if (!err_is(e))
		read_store(facts, rest.store);
	else
		json_object_set_new(facts, "store",
		    json_pack(
			"{s:s,s:s}", "path", path, "fault", err_name(e.code)));
	tool_rest_close(&rest);
}

static void
read_office(json_t *facts, const struct conf *c, int64_t now)
{
	static uint8_t data[2 * NPKI_CERT_MAX];
	struct buf b = buf_make(data, sizeof data);
	uint8_t der[NPKI_CERT_MAX];
	X509 *cert = NULL;
	json_t *v = json_null();
	struct err e;
	int n = -1;

	if (c->head_office[0] != '\0') {
		uint8_t *p = der;
		e = file_read(&b, c->head_office);
		if (!err_is(e))
			e = npki_cert_parse_any(&cert, buf_span(&b));
		if (!err_is(e) && i2d_X509(cert, NULL) <= (int)sizeof der)
			n = i2d_X509(cert, &p);
		v = n > 0
			? report_certificate(
			      c->head_office, span_make(der, (size_t)n), now)
			: json_pack("{s:s,s:n,s:n,s:s}", "path", c->head_office,
			      "expires_at", "days_left", "fault",
			      err_name(err_is(e) ? e.code : E_LIMIT));
	}
	X509_free(cert);
	json_object_set_new(facts, "office", v);
}

/* Whose the key must be is known from the folder that only the agent has. */
static void
read_device_key(json_t *facts, const struct conf *c)
{
	json_t *key = report_file(c->device_key);
	json_t *folder = report_file(c->state);

	json_object_set_new(key, "mine",
	    json_boolean(
		rpc_int(key, "uid", -1) == rpc_int(folder, "uid", -2)));
	json_object_set_new(facts, "device_key", key);
	json_decref(folder);
}

/* ---- this machine ---- */

static json_t *
clock_synced(void)
{
	struct timex t = { .modes = 0 };
	int state = adjtimex(&t);

	if (state < 0)
		return json_null();
	return json_boolean(state != TIME_ERROR && !(t.status & STA_UNSYNC));
}

static json_t *
this_terminal(void)
{
	const char *name = setlocale(LC_CTYPE, "");
	json_t *v = json_null();

	if (isatty(STDOUT_FILENO))
		v = json_pack("{s:s,s:s}", "locale", name == NULL ? "C" : name,
		    "codeset", nl_langinfo(CODESET));
	return v;
}

struct err
doctor_facts(json_t **out, const char *path)
{
	static struct conf c;
	struct clock clock = clock_system();
	int64_t now = clock.wall_ms(clock.ctx) / 1000;
	char message[CONF_MESSAGE] = "";
	struct err e = conf_load(&c, path, message);
	json_t *facts;

	*out = NULL;
	if (e.code == E_NOTFOUND || e.code == E_NOMEM)
		return e;
	facts = json_pack("{s:I,s:s,s:s,s:{s:s,s:s},s:o,s:o}", "now",
	    (json_int_t)now, "version", REPORT_VERSION, "from", "none",
	    "config", "path", path, "fault", err_is(e) ? message : "", "ntp",
	    clock_synced(), "terminal", this_terminal());
	if (facts == NULL)
		return err_make(E_NOMEM, 0, "doctor: facts");
	*out = facts;
	if (err_is(e))
		return err_none();
	json_object_set_new(facts, "practice", json_boolean(c.practice));
	json_object_set_new(facts, "files", config_files(&c, path));
	json_object_set_new(facts, "handoff", doctor_phone(&c, now));
	if (ask_agent(facts, &c)) {
		json_object_set_new(facts, "from", json_string("agent"));
		return err_none();
	}
	json_object_set_new(facts, "from", json_string("files"));
	json_object_set_new(facts, "folder", report_folder(c.state));
	read_device_key(facts, &c);
	read_office(facts, &c, now);
	read_database(facts, &c);
	return err_none();
}
