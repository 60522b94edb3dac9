/*
 * wire-customer: one customer at one kiosk, without the kiosk.
 *
 *   wire-customer SOCKET SANDBOX MEMO SECONDS <PERSON
 *
 * PERSON is one entry of the sandbox's people file, MEMO the file that keeps
 * the receipt number over a restart.  Whatever is lost on the way is taken up
 * again, as a patient customer would, until the case is over.  Status 0: done,
 * 1: gave up in time, 2: usage, 4: handed over to the counter, 6: something
 * was told that the CA's records do not bear out (I7), said on stdout.
 */
#define _GNU_SOURCE
#include <jansson.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "rpc/rpc.h"

enum { TURN_MS = 400, SOON_MS = 20, ANSWER_MS = 30000, WORD = 64, PATH = 512 };

enum outcome { AGAIN, FINISHED, GAVE_UP, COUNTER = 4, LIED = 6 };

struct customer {
	const char *socket, *sandbox, *memo;
	json_t *person; /* of the people file */
	int64_t until_ms;
	int sock;
	json_int_t id;
	char case_no[WORD], state[WORD], problem[WORD], error[WORD];
	bool lost; /* the connection is gone */
	bool lied;
	bool asked;	  /* case.issue or case.deliver is under way */
	int64_t asked_ms; /* the last time one was sent */
};

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static const char *
of(const struct customer *c, const char *key)
{
	return rpc_str(c->person, key);
}

/* ---- what was told, against the CA's own record ---- */

static void
must_be(struct customer *c, const char *told, const char *serial,
    const char *one, const char *other)
{
	char path[PATH];
	json_t *rec;
	const char *state;

	snprintf(path, sizeof path, "%s/certificates/%s.json", c->sandbox,
	    serial + strspn(serial, "0"));
	rec = json_load_file(path, 0, NULL);
	state = rpc_str(rec, "state");
	if (strcmp(state, one) != 0 && strcmp(state, other) != 0) {
		printf("I7: told %s, but %s is %s\n", told, serial,
		    rec == NULL ? "not known" : state);
		c->lied = true;
	}
	json_decref(rec);
}

static void
remember(struct customer *c, const char *case_no)
{
	FILE *f;

	if (case_no[0] == '\0' || strcmp(c->case_no, case_no) == 0)
		return;
	snprintf(c->case_no, sizeof c->case_no, "%s", case_no);
	if ((f = fopen(c->memo, "w")) != NULL) {
		fputs(case_no, f);
		fclose(f);
	}
}

static void
take_case(struct customer *c, const json_t *o)
{
	const json_t *old = json_object_get(o, "old");
	const json_t *new = json_object_get(o, "new");

	if (rpc_str(o, "state")[0] == '\0')
		return;
	remember(c, rpc_str(o, "case_no"));
	snprintf(c->state, sizeof c->state, "%s", rpc_str(o, "state"));
	snprintf(c->problem, sizeof c->problem, "%s", rpc_str(o, "problem"));
	if (c->problem[0] != '\0')
		c->asked = false;
	if (strcmp(rpc_str(o, "hold"), "confirmed") == 0)
		must_be(c, "stopped", rpc_str(old, "serial"), "suspended",
		    "revoked");
	if (strcmp(c->state, "CONFIRMED") == 0 || strcmp(c->state, "DONE") == 0)
		must_be(
		    c, "confirmed", rpc_str(new, "serial"), "valid", "valid");
	if (strcmp(c->state, "DONE") == 0)
		must_be(
		    c, "revoked", rpc_str(old, "serial"), "revoked", "revoked");
}

/* ---- asking ---- */

/* One frame within `ms`; false when none came or the connection is gone. */
static bool
receive(struct customer *c, json_t **body, int64_t ms)
{
	struct pollfd p = { c->sock, POLLIN, 0 };
	struct err e;

	*body = NULL;
	if (ms < 0 || poll(&p, 1, (int)ms) <= 0)
		return false;
	e = rpc_recv(c->sock, body, NULL);
	c->lost |= err_is(e);
	if (!err_is(e) && strcmp(rpc_str(*body, "event"), "case.changed") == 0)
		take_case(c, json_object_get(*body, "params"));
	return !err_is(e);
}

/* The result, the caller's; NULL with c->error set.  `params` is stolen. */
static json_t *
ask(struct customer *c, const char *method, json_t *params, int fd)
{
	int64_t until = now_ms() + ANSWER_MS;
	json_t *frame = rpc_request(++c->id, method, params), *body, *r = NULL;

	c->error[0] = '\0';
	c->lost |= err_is(rpc_send(c->sock, frame, fd));
	json_decref(frame);
	while (!c->lost && receive(c, &body, until - now_ms())) {
		if (rpc_int(body, "id", -1) != c->id) {
			json_decref(body);
			continue;
		}
		r = json_incref(json_object_get(body, "result"));
		snprintf(c->error, sizeof c->error, "%s",
		    rpc_str(json_object_get(body, "error"), "code"));
		json_decref(body);
		return r;
	}
	c->lost = true;
	return NULL;
}

static bool
did(struct customer *c, const char *method, json_t *params)
{
	json_t *r = ask(c, method, params, -1);
	bool ok = r != NULL;

	json_decref(r);
	return ok;
}

/* A request about the case: its answer is the case. */
static bool
step(struct customer *c, const char *method, json_t *params, int fd)
{
	json_t *r = ask(c, method, params, fd);
	bool ok = r != NULL;

	if (ok)
		take_case(c, r);
	json_decref(r);
	return ok;
}

static bool
with_password(struct customer *c, const char *method)
{
	const char *secret = of(c, "certificate_password");
	json_t *to = NULL;
	int ends[2];
	bool ok;

	if (pipe(ends) != 0)
		return false;
	if (rpc_bool(c->person, "token")) {
		did(c, "token.list", NULL);
		to = json_pack("{s:i}", "token", 0);
		if (strcmp(method, "case.issue") == 0)
			json_object_set_new(
			    to, "to", json_pack("[s]", "token"));
	}
	ok = write(ends[1], secret, strlen(secret)) == (ssize_t)strlen(secret);
	close(ends[1]);
	c->asked = true;
	c->asked_ms = now_ms();
	ok = ok && step(c, method, to, ends[0]);
	close(ends[0]);
	c->asked &= ok;
	return ok;
}

/* ---- a visit ---- */

static bool
introduce(struct customer *c)
{
	const json_t *account = json_object_get(c->person, "account");
	const json_t *card = json_array_get(
	    json_object_get(c->person, "documents"), 0);

	return did(c, "hello",
		   json_pack(
		       "{s:s,s:s}", "role", "kiosk", "terminal", "K-01")) &&
	       did(c, "visit.begin",
		   json_pack("{s:s,s:s,s:{s:[s,s],s:[]}}", "purpose", "reissue",
		       "lang", "ko", "consents", "required", "consent.a",
		       "consent.b", "optional")) &&
	       did(c, "identity.verify",
		   json_pack("{s:s,s:s,s:s,s:s,s:s}", "name", of(c, "name"),
		       "number", of(c, "resident_number"), "id_kind",
		       "resident", "id_number", "", "issue_date",
		       rpc_str(card, "issue_date"))) &&
	       did(c, "factor.start", json_pack("{s:s}", "kind", "account")) &&
	       did(c, "factor.verify",
		   json_pack("{s:s,s:s,s:s}", "kind", "account", "answer",
		       rpc_str(account, "pin"), "account",
		       rpc_str(account, "number")));
}

/* The certificate our case is about, else the first that can be stopped. */
static json_int_t
choose(const struct customer *c, const json_t *list)
{
	const json_t *one;
	json_int_t index = -1;
	size_t i;

	json_array_foreach(list, i, one) {
		const char *no = rpc_str(one, "case_no");
		const char *status = rpc_str(one, "status");

		if (no[0] != '\0' &&
		    (c->case_no[0] == '\0' || strcmp(no, c->case_no) == 0))
			return rpc_int(one, "index", -1);
		if (c->case_no[0] == '\0' && index < 0 &&
		    (strcmp(status, "valid") == 0 ||
			strcmp(status, "suspended") == 0))
			index = rpc_int(one, "index", -1);
	}
	return index;
}

static bool
find_case(struct customer *c)
{
	json_t *r = ask(c, "cert.list", NULL, -1);
	json_int_t index = choose(c, json_object_get(r, "certificates"));

	if (r == NULL)
		return false;
	json_decref(r);
	if (index >= 0)
		return step(
		    c, "case.open", json_pack("{s:I}", "index", index), -1);
	return c->case_no[0] != '\0' &&
	       step(c, "case.status", json_pack("{s:s}", "case_no", c->case_no),
		   -1);
}

static bool
is(const struct customer *c, const char *state)
{
	return strcmp(c->state, state) == 0;
}

/* Take what comes for at most one turn. */
static void
listen_for(struct customer *c, int64_t ms)
{
	char before[WORD];
	json_t *body;
	int64_t until = now_ms() + ms;

	memcpy(before, c->state, sizeof before);
	while (strcmp(before, c->state) == 0 &&
	       receive(c, &body, until - now_ms()))
		json_decref(body);
}

static void
report(struct customer *c)
{
	step(c, "case.report",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:b}", "kind", "lost", "when",
		"yesterday", "place", "", "detail", "", "medium", "usb",
		"misuse", 0),
	    -1);
}

static void
apply(struct customer *c)
{
	step(c, "case.apply",
	    json_pack("{s:s,s:s,s:b}", "phone", "01000019999", "email", "",
		"p12", !rpc_bool(c->person, "token")),
	    -1);
}

/* Ask again for what is not under way: a fresh attempt, or the same stick. */
static void
push(struct customer *c)
{
	bool issued = is(c, "ISSUED");

	if (c->asked || now_ms() - c->asked_ms < TURN_MS)
		return;
	if (issued && with_password(c, "case.deliver"))
		return;
	if (!c->lost && (!issued || strcmp(c->error, "case.state") == 0))
		with_password(c, "case.issue");
}

/* What the customer does next; AGAIN while the case goes on. */
static enum outcome
go_on(struct customer *c)
{
	if (is(c, "DONE"))
		return FINISHED;
	if (is(c, "CANCELLED") || is(c, "REVIEW") ||
	    strcmp(c->problem, "problem.attempts") == 0)
		return COUNTER;
	if (is(c, "OPEN"))
		report(c);
	else if (is(c, "HELD") || /* or the branch could not go on from there */
		 ((is(c, "APPLIED") || is(c, "APPROVED")) &&
		     strcmp(c->problem, "agent.internal") == 0))
		apply(c);
	else if (is(c, "PAID") || is(c, "ISSUED") || is(c, "PREPARED") ||
		 is(c, "WITHDRAWING"))
		push(c);
	if (!c->lost && !is(c, "DONE"))
		listen_for(c, TURN_MS);
	return AGAIN;
}

static enum outcome
visit(struct customer *c)
{
	enum outcome out = AGAIN;

	c->lost = c->asked = false;
	c->asked_ms = 0;
	c->state[0] = c->problem[0] = '\0';
	if (!introduce(c) || !find_case(c))
		return AGAIN;
	while (out == AGAIN && !c->lost && now_ms() < c->until_ms)
		out = go_on(c);
	return out;
}

static enum outcome
patiently(struct customer *c)
{
	enum outcome out = AGAIN;

	while (out == AGAIN && now_ms() < c->until_ms) {
		if (!err_is(rpc_connect(&c->sock, c->socket))) {
			out = visit(c);
			close(c->sock);
		}
		if (out == AGAIN)
			usleep(SOON_MS * 1000);
	}
	return out;
}

int
main(int argc, char **argv)
{
	struct customer c = { .sock = -1 };
	enum outcome out;
	FILE *f;

	if (argc != 5 || (c.person = json_loadf(stdin, 0, NULL)) == NULL)
		return 2;
	c.socket = argv[1];
	c.sandbox = argv[2];
	c.memo = argv[3];
	c.until_ms = now_ms() + atoi(argv[4]) * 1000L;
	if ((f = fopen(c.memo, "r")) != NULL) {
		if (fgets(c.case_no, sizeof c.case_no, f) == NULL)
			c.case_no[0] = '\0';
		fclose(f);
	}
	out = patiently(&c);
	if (out != FINISHED)
		printf("%s in \"%s\", problem \"%s\", error \"%s\"\n",
		    out == COUNTER ? "for the counter" : "gave up", c.state,
		    c.problem, c.error);
	json_decref(c.person);
	if (c.lied)
		return LIED;
	return out == FINISHED ? 0 : out == COUNTER ? COUNTER : 1;
}
