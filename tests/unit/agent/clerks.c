/*
 * Clerks, supervisors and an auditor at counters of the agent's tests.
 */
#define _GNU_SOURCE
#include "clerks.h"

#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "rpc/rpc.h"
#include "store/audit_rows.h"

static struct {
	int sock;
	json_t *events; /* array */
	json_t *answer;
	int fd; /* that came with the answer, or -1 */
} clerks[CLERKS];

static struct {
	int sock;
	const char *error;
	json_t *document;
} printer;

void
clerks_open(void)
{
	world_open();
	w.conf.practice = true;
	strcpy(w.conf.sms_url, "https://sms.test/");
	w.conf.guide_days = 7;
	for (int i = 0; i < CLERKS; i++)
		clerks[i].sock = -1;
	printer.sock = -1;
}

void
stand_up(int who)
{
	if (clerks[who].sock >= 0)
		close(clerks[who].sock);
	clerks[who].sock = -1;
	json_decref(clerks[who].events);
	json_decref(clerks[who].answer);
	clerks[who].events = clerks[who].answer = NULL;
	if (w.agent != NULL)
		run();
}

void
clerks_close(void)
{
	for (int i = 0; i < CLERKS; i++)
		stand_up(i);
	if (printer.sock >= 0)
		close(printer.sock);
	json_decref(printer.document);
	printer.document = NULL;
	world_close();
}

/* ---- turning ---- */

static bool
read_clerk(int i)
{
	bool any = false;
	json_t *body;
	int fd;

	while (clerks[i].sock >= 0 &&
	       !err_is(rpc_recv(clerks[i].sock, &body, &fd))) {
		any = true;
		if (fd >= 0)
			clerks[i].fd = fd;
		if (json_object_get(body, "event") != NULL) {
			json_array_append_new(clerks[i].events, body);
		} else {
			json_decref(clerks[i].answer);
			clerks[i].answer = body;
		}
	}
	return any;
}

#define SHA256                                                                 \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void
print_answer(json_int_t id, const char *method)
{
	bool form = strcmp(method, "print.form") == 0;
	int fd = form ? memfd_create("form", MFD_CLOEXEC) : -1;
	json_t *back = printer.error != NULL
			   ? rpc_error(id, printer.error)
			   : rpc_result(id, json_pack("{s:s,s:s}", "sha256",
						SHA256, "content", SHA256));

	if (form) { /* the whole call, for what is asked besides */
		json_t *d = json_incref(
		    json_object_get(printer.document, "document"));
		json_decref(printer.document);
		printer.document = d;
		cr_assert_eq(write(fd, "%PDF", 4), 4);
		lseek(fd, 0, SEEK_SET);
	}
	cr_assert_not(err_is(rpc_send(printer.sock, back, fd)));
	json_decref(back);
	if (fd >= 0)
		close(fd);
}

static bool
read_printer(void)
{
	bool any = false;
	json_t *body;

	while (
	    printer.sock >= 0 && !err_is(rpc_recv(printer.sock, &body, NULL))) {
		json_int_t id = rpc_int(body, "id", 0);
		any = true;
		if (rpc_str(body, "method")[0] != '\0') {
			json_decref(printer.document);
			printer.document = json_incref(
			    json_object_get(body, "params"));
			print_answer(id, rpc_str(body, "method"));
		}
		json_decref(body);
	}
	return any;
}

static void
turn(void)
{
	bool any = true;

	while (any) {
		run();
		any = read_printer();
		for (int i = 0; i < CLERKS; i++)
			any |= read_clerk(i);
	}
}

static json_t *
part(json_t *body)
{
	json_t *result = json_object_get(body, "result");

	return result != NULL ? result : json_object_get(body, "error");
}

static json_t *
exchange(int who, const char *method, json_t *params)
{
	static json_int_t id = 5000;
	json_t *q = rpc_request(++id, method, params);

	json_decref(clerks[who].answer);
	clerks[who].answer = NULL;
	cr_assert_not(err_is(rpc_send(clerks[who].sock, q, -1)));
	json_decref(q);
	turn();
	for (int i = 0; clerks[who].answer == NULL && i < 200; i++) {
		pass_ms(1000);
		turn();
	}
	cr_assert_not_null(clerks[who].answer, "%s was never answered", method);
	cr_assert_eq(rpc_int(clerks[who].answer, "id", 0), id);
	return part(clerks[who].answer);
}

/* ---- people ---- */

static int
free_place(void)
{
	int i = 0;

	while (i < CLERKS && clerks[i].sock >= 0)
		i++;
	cr_assert_lt(i, CLERKS);
	clerks[i].events = json_array();
	return i;
}

json_t *
sit_answer(const char *role, const char *staff, unsigned allowed)
{
	int i = free_place();

	clerks[i].sock = connect_as(NULL, "", allowed);
	return exchange(i, "hello",
	    json_pack("{s:s,s:s,s:s}", "role", role, "terminal", "C-01",
		"staff", staff));
}

int
sit(const char *role, const char *staff)
{
	int i = free_place();
	unsigned bit = 1u << rpc_role_named(role);
	json_t *hello;

	json_decref(clerks[i].events);
	hello = sit_answer(role, staff, bit);
	cr_assert_str_eq(code(hello), "");
	return i;
}

json_t *
say(int who, const char *method, const char *params, ...)
{
	char room[4096];
	va_list ap;
	json_t *p;

	va_start(ap, params);
	vsnprintf(room, sizeof room, params, ap);
	va_end(ap);
	for (char *c = room; *c != '\0'; c++)
		*c = *c == '\'' ? '"' : *c;
	p = json_loads(room, 0, NULL);
	cr_assert_not_null(p, "%s", room);
	return exchange(who, method, p);
}

json_t *
say_json(int who, const char *method, json_t *params)
{
	return exchange(who, method, params);
}

json_t *
say_fd(int who, int *fd, const char *method, const char *params)
{
	json_t *r;

	clerks[who].fd = -1;
	r = say(who, method, "%s", params);
	*fd = clerks[who].fd;
	return r;
}

json_t *
act(int who, const char *action, const char *reason, const char *details)
{
	return say(who, "desk.act",
	    "{'case_no':'R-20261122-0001','version':%lld,'action':'%s',"
	    "'reason':'%s','details':%s}",
	    (long long)row().version, action, reason, details);
}

json_t *
agree(int who, const json_t *proposed, bool yes)
{
	json_int_t id = rpc_int(proposed, "proposal", 0);

	return say(who, "desk.confirm",
	    "{'case_no':'R-20261122-0001','version':%lld,'proposal':%lld,"
	    "'agree':%s,'reason':''}",
	    (long long)row().version, (long long)id, yes ? "true" : "false");
}

int
heard(int who, const char *event)
{
	size_t i;
	json_t *one;
	int n = 0;

	turn();
	json_array_foreach(clerks[who].events, i, one)
		n += strcmp(text(one, "event"), event) == 0;
	return n;
}

const json_t *
last_heard(int who, const char *event)
{
	const json_t *last = NULL;
	size_t i;
	json_t *one;

	turn();
	json_array_foreach(clerks[who].events, i, one)
		if (strcmp(text(one, "event"), event) == 0)
			last = json_object_get(one, "params");
	return last;
}

bool
has_word(const json_t *list, const char *word)
{
	size_t i;
	json_t *one;

	json_array_foreach(list, i, one)
		if (strcmp(json_string_value(one), word) == 0)
			return true;
	return false;
}

/* ---- paper and messages ---- */

void
plug_printer(const char *error)
{
	if (printer.sock < 0)
		printer.sock = connect_as("print", "", 1u << ROLE_PRINT);
	printer.error = error;
	turn();
}

const json_t *
printed(void)
{
	return printer.document;
}

/* ---- a case ---- */

void
until_review(const char *why)
{
	if (strcmp(why, "review.minor") == 0)
		w.age = 15;
	if (strcmp(why, "review.phone_changed") == 0)
		w.phone_days = 3;
	begin(0, "reissue");
	identify(0);
	cr_assert_str_eq(code(open_case(0)), "");
	cr_assert_str_eq(code(report(0, "lost")), "");
	turn();
	if (strcmp(why, "review.name") == 0) /* the registry's other name */
		for (int i = 0; i < LINKS_MAX; i++)
			if (w.agent->links[i].visit.name_secret[0] != '\0')
				strcpy(w.agent->links[i].visit.name_secret,
				    "홍길순");
	cr_assert_str_eq(code(apply(0)), "");
	cr_assert_eq((int)row().state, CASE_REVIEW);
	cr_assert_str_eq(row().review, why);
}

json_t *
papers(int who, const char *applicant)
{
	json_t *docs, *one, *seen = json_array(), *p;
	size_t i;

	/* asked for with nothing seen: the list comes back */
	docs = json_incref(json_object_get(
	    say(who, "desk.docs",
		"{'case_no':'R-20261122-0001','version':%lld,'applicant':'%s',"
		"'docs':[]}",
		(long long)row().version, applicant),
	    "docs"));
	json_array_foreach(docs, i, one)
		json_array_append_new(
		    seen, json_pack("{s:s,s:s}", "doc", text(one, "doc"),
			      "issued", "2026-11-22"));
	json_decref(docs);
	p = json_pack("{s:s,s:I,s:s,s:o}", "case_no", "R-20261122-0001",
	    "version", (json_int_t)row().version, "applicant", applicant,
	    "docs", seen);
	return exchange(who, "desk.docs", p);
}

/* ---- the log ---- */

struct looking {
	const char *kind, *key;
	int n;
	char value[ROW_VALUE + 1];
};

static bool
same(struct span s, const char *t)
{
	return s.n == strlen(t) && memcmp(s.p, t, s.n) == 0;
}

static struct err
look(void *arg, const struct audit_stored *stored)
{
	struct looking *l = arg;
	struct audit_row r;
	struct err e = row_decode(&r, stored->row);

	if (err_is(e) || !same(r.kind, l->kind))
		return e;
	l->n++;
	l->value[0] = '\0';
	for (size_t i = 0; l->key != NULL && i < r.field_count; i++) {
		if (!same(r.fields[i].key, l->key))
			continue;
		memcpy(l->value, r.fields[i].data.p, r.fields[i].data.n);
		l->value[r.fields[i].data.n] = '\0';
	}
	return e;
}

static struct looking
look_for(const char *kind, const char *key)
{
	struct audit_port port = store_audit_port(w.agent->store);
	struct looking l = { .kind = kind, .key = key };
	struct audit_bounds b;

	cr_assert_not(err_is(port.bounds(port.ctx, &b)));
	cr_assert_not(err_is(port.rows(port.ctx, b.first, b.end, look, &l)));
	return l;
}

int
audit_rows_of(const char *kind)
{
	return look_for(kind, NULL).n;
}

const char *
audit_field(const char *kind, const char *key)
{
	static struct looking l;

	l = look_for(kind, key);
	return l.value;
}
