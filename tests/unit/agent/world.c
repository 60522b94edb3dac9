/*
 * The world around the agent: set-up, time, terminals.  The fake peers are in
 * peers.c.
 */
#define _GNU_SOURCE
#include "world.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "npki/npki.h"
#include "peers.h"
#include "people.h"
#include "rpc/rpc.h"

struct world w;
static const uint8_t device_key[SEAL_KEY] = { 1, 2, 3 };
static json_t *last_answer;

static int64_t
wall(void *ctx)
{
	return w.wall_ms;
}

static int64_t
mono(void *ctx)
{
	return w.mono_ms;
}

/* Input is looked for on every link in run(): nothing to watch. */
static struct err
watch(void *ctx, struct link *l)
{
	return err_none();
}

static void
unwatch(void *ctx, struct link *l)
{
}

int
connect_as(const char *role, const char *terminal, unsigned allowed)
{
	int ends[2];

	cr_assert_eq(
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC,
		0, ends),
	    0);
	cr_assert_not(err_is(agent_accept(w.agent, ends[0], allowed)));
	if (role != NULL) {
		json_t *hello = rpc_request(1, "hello",
		    json_pack("{s:s,s:s}", "role", role, "terminal", terminal));
		cr_assert_not(err_is(rpc_send(ends[1], hello, -1)));
		json_decref(hello);
	}
	return ends[1];
}

void
world_start(void)
{
	struct ports ports = { { wall, mono, NULL }, watch, unwatch,
		peers_spawn, NULL };
	struct err e = agent_new(&w.agent, &w.conf, device_key, &ports);

	cr_assert_not(err_is(e), "%s at %s", err_name(e.code), e.where);
	w.net = connect_as("net", "", 1u << ROLE_NET);
	w.media = connect_as("media", "", 1u << ROLE_MEDIA);
	for (int i = 0; i < KIOSKS; i++)
		w.kiosk[i] = connect_as("kiosk", "K-01", 1u << ROLE_KIOSK);
	run();
}

void
world_stop(void)
{
	agent_free(w.agent);
	w.agent = NULL;
	for (int i = 0; i < KIOSKS; i++) {
		close(w.kiosk[i]);
		w.kiosk[i] = -1;
	}
	close(w.net);
	close(w.media);
	w.net = w.media = -1;
	peers_close_keys();
}

void
world_restart(void)
{
	world_stop();
	world_start();
}

static void
make_conf(struct conf *c)
{
	strcpy(c->bank, "한빛은행");
	strcpy(c->bank_code, "HANBIT");
	strcpy(c->branch, "역삼지점");
	strcpy(c->branch_code, "0417");
	strcpy(c->opens, "09:00");
	strcpy(c->closes, "16:00");
	snprintf(c->state, sizeof c->state, "%s/state", w.folder);
	c->peer_timeout_ms = 5000;
	c->issue_timeout_s = 300;
	c->case_days = 1826;
	c->audit_days = c->sealed_days = 2192;
	c->issuer_count = 1;
	people_issuer(w.folder, &c->issuers[0]);
	c->fee_count = 1;
	c->fees[0] = (struct conf_fee){ "*", "*", "*", "*", 0,
		"fee.reason.reissue" };
}

void
world_open(void)
{
	log_open("test", getenv("AGENT_LOG") ? LOG_DEBUG : LOG_ERROR);
	memset(&w, 0, sizeof w);
	strcpy(w.folder, "/tmp/dasi-agent-XXXXXX");
	cr_assert_not_null(mkdtemp(w.folder));
	cr_assert_not(err_is(npki_init()));
	w.wall_ms = 1795330800000; /* 2026-11-22 16:20 in Korea, a Sunday */
	w.mono_ms = 1000000;
	w.age = 36;
	w.phone_days = 900;
	strcpy(w.cert_status, "valid");
	for (int i = 0; i < KEYS; i++)
		w.keys[i].sock = -1;
	make_conf(&w.conf);
	world_start();
}

static void
remove_folder(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *e;
	char name[512];

	while (d != NULL && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(name, sizeof name, "%s/%s", path, e->d_name);
		if (unlink(name) != 0)
			remove_folder(name);
	}
	if (d != NULL)
		closedir(d);
	rmdir(path);
}

void
world_close(void)
{
	if (w.agent != NULL)
		world_stop();
	for (int i = 0; i < w.event_count; i++)
		json_decref(w.events[i]);
	json_decref(w.enroll);
	json_decref(w.rr);
	json_decref(w.write);
	json_decref(w.message);
	json_decref(w.prove);
	json_decref(last_answer);
	last_answer = NULL;
	people_free();
	npki_free();
	remove_folder(w.folder);
}

/* ---- turning ---- */

/* Kiosks' mail: answers are kept, kiosk 0's events are filed. */
static bool
read_kiosk(int i)
{
	json_t *body;
	bool any = false;

	while (w.kiosk[i] >= 0 && !err_is(rpc_recv(w.kiosk[i], &body, NULL))) {
		any = true;
		if (json_object_get(body, "event") == NULL) {
			json_decref(last_answer);
			last_answer = body;
		} else if (i == 0 && w.event_count < EVENTS) {
			w.events[w.event_count++] = body;
		} else {
			json_decref(body);
		}
	}
	return any;
}

void
run(void)
{
	bool any = true;

	for (int turn = 0; any; turn++) {
		cr_assert_lt(turn, 500, "the agent never rests");
		any = false;
		for (int i = 0; i < LINKS_MAX + WORKERS_MAX; i++) {
			if (w.agent->links[i].fd >= 0)
				agent_readable(w.agent, &w.agent->links[i]);
		}
		if (agent_deadline(w.agent) <= w.mono_ms)
			agent_tick(w.agent);
		any |= peers_turn();
		if (w.guest != NULL)
			any |= w.guest();
		for (int i = 0; i < KIOSKS; i++)
			any |= read_kiosk(i);
		any |= agent_deadline(w.agent) <= w.mono_ms;
	}
}

enum { COARSE_MS = 30 * 60 * 1000 };

void
pass_ms(int64_t ms)
{
	int64_t end = w.mono_ms + ms;

	run();
	while (w.mono_ms < end) {
		int64_t next = agent_deadline(w.agent);
		int64_t step = next < end ? next - w.mono_ms : end - w.mono_ms;
		step = step < 1 ? 1 : step;
		/* weeks: every probe of every ten seconds would take long */
		if (end - w.mono_ms > 2 * COARSE_MS)
			step = COARSE_MS;
		w.mono_ms += step;
		w.wall_ms += step;
		run();
	}
}

/* ---- asking ---- */

static json_t *
exchange(int kiosk, const char *method, json_t *params, int fd)
{
	static json_int_t id = 100;
	json_t *q = rpc_request(++id, method, params), *part;

	json_decref(last_answer);
	last_answer = NULL;
	cr_assert_not(err_is(rpc_send(w.kiosk[kiosk], q, fd)));
	json_decref(q);
	run();
	for (int i = 0; last_answer == NULL && i < 200; i++)
		pass_ms(1000);
	cr_assert_not_null(last_answer, "%s was never answered", method);
	cr_assert_eq(rpc_int(last_answer, "id", 0), id);
	part = json_object_get(last_answer, "result");
	return part != NULL ? part : json_object_get(last_answer, "error");
}

json_t *
ask_at(int kiosk, const char *method, const char *params, ...)
{
	char room[2048];
	va_list ap;
	json_t *p;

	va_start(ap, params);
	vsnprintf(room, sizeof room, params, ap);
	va_end(ap);
	for (char *c = room; *c != '\0'; c++)
		*c = *c == '\'' ? '"' : *c;
	p = json_loads(room, 0, NULL);
	cr_assert_not_null(p, "%s", room);
	return exchange(kiosk, method, p, -1);
}

json_t *
ask_json(int kiosk, const char *method, json_t *params)
{
	return exchange(kiosk, method, params, -1);
}

json_t *
ask_with_fd(int kiosk, const char *method, json_t *params, int fd)
{
	return exchange(kiosk, method, params, fd);
}

json_t *
ask_fd(int kiosk, const char *method, const char *secret)
{
	int ends[2];
	json_t *r;

	cr_assert_eq(pipe2(ends, O_CLOEXEC), 0);
	cr_assert_eq(
	    write(ends[1], secret, strlen(secret)), (ssize_t)strlen(secret));
	close(ends[1]);
	r = exchange(kiosk, method, json_object(), ends[0]);
	close(ends[0]);
	return r;
}

const char *
code(const json_t *answer)
{
	const char *c = text(answer, "code");

	return c == NULL ? "" : c;
}

void
begin(int kiosk, const char *purpose)
{
	cr_assert_str_eq(code(ask_at(kiosk, "visit.begin",
			     "{'purpose':'%s','lang':'ko','consents':"
			     "{'required':['a'],'optional':[]}}",
			     purpose)),
	    "");
}

void
identify(int kiosk)
{
	cr_assert_str_eq(code(ask_at(kiosk, "identity.verify",
			     "{'name':'%s','number':'%s','id_kind':"
			     "'resident','id_number':'','issue_date':"
			     "'2019-03-05'}",
			     PERSON_NAME, PERSON_NUMBER)),
	    "");
	cr_assert_str_eq(
	    code(ask_at(kiosk, "factor.start", "{'kind':'phone'}")), "");
	cr_assert_str_eq(code(ask_at(kiosk, "factor.verify",
			     "{'kind':'phone','answer':'123456',"
			     "'account':''}")),
	    "");
}

json_t *
open_case(int kiosk)
{
	cr_assert_str_eq(code(ask_at(kiosk, "cert.list", "{}")), "");
	return ask_at(kiosk, "case.open", "{'index':0}");
}

json_t *
report(int kiosk, const char *kind)
{
	return ask_at(kiosk, "case.report",
	    "{'kind':'%s','when':'a','place':'b','detail':'c',"
	    "'medium':'usb','misuse':false}",
	    kind);
}

json_t *
apply(int kiosk)
{
	return ask_at(kiosk, "case.apply",
	    "{'phone':'010-0001-0001','email':'hong@example.com','p12':true}");
}

void
until_paid(void)
{
	begin(0, "reissue");
	identify(0);
	cr_assert_str_eq(code(open_case(0)), "");
	cr_assert_str_eq(code(report(0, "lost")), "");
	run();
	cr_assert_str_eq(code(apply(0)), "");
	cr_assert_eq((int)row().state, CASE_PAID);
}

const json_t *
last_case(void)
{
	for (int i = w.event_count - 1; i >= 0; i--) {
		if (strcmp(text(w.events[i], "event"), "case.changed") == 0)
			return json_object_get(w.events[i], "params");
	}
	return NULL;
}

struct store_case
row(void)
{
	struct store_case c;

	cr_assert_not(
	    err_is(store_case_by_no(w.agent->store, &c, "R-20261122-0001")));
	return c;
}

int
journal_rows(void)
{
	struct store_case c = row();
	int64_t n;

	cr_assert_not(err_is(store_journal_count(w.agent->store, &n, &c)));
	return (int)n;
}

void
net_fails(const char *method, const char *error, int times)
{
	strcpy(w.net_method, method);
	strcpy(w.net_error, error);
	w.net_times = times;
}

void
media_fails(const char *error, int times)
{
	strcpy(w.media_error, error);
	w.media_times = times;
}
