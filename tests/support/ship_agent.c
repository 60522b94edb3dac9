/*
 * support/ship_agent.c - an agent that serves an invented audit log to
 * dasi-ship, for tests.
 *
 *	ship-agent SOCKET --rows N [--fork K] [--first K] [--notes DIR]
 *	    [--branch NAME] [--origin NAME]
 *	ship-agent --key [--origin NAME]     the key that signs its checkpoints
 *
 * The log is the same in every run; with --fork its rows differ from K on.
 * --first: rows before K are pruned.  --notes: the last `ship.acked` and the
 * last `ship.trouble` are kept as files there.  SIGUSR1: 1000 more rows.
 * One connection at a time; the first line of stdout says it listens.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "audit/note.h"
#include "audit/row.h"
#include "audit/tree.h"
#include "base/file.h"
#include "rpc/rpc.h"

enum { MORE = 1000, ROOM = 1100, MOST = 500 };

struct kept {
	uint8_t bytes[ROOM];
	size_t n;
	uint8_t hash[HASH_SIZE];
};

struct log {
	struct kept *rows;
	size_t n, cap, fork, first;
	const char *branch, *origin, *notes;
	struct note_signer signer;
	struct hasher *hasher;
	struct tree tree;
	uint8_t note[NOTE_BYTES];
	size_t note_n;
};

static volatile sig_atomic_t more;

static void
on_more(int sig)
{
	more = 1;
}

static void
die(const char *what)
{
	fprintf(stderr, "ship-agent: %s\n", what);
	exit(3);
}

static void
must(struct err e)
{
	if (err_is(e))
		die(e.where);
}

/*
 * One row in eight is of a payment, five make a round: a card is charged and
 * gets it back, somebody else pays cash and gets it back.  In some rounds a
 * step is missing, so that something does not add up.
 */
static void
be_payment(struct audit_row *r, size_t i, char *service, size_t cap)
{
	static const char *const kinds[] = { "pay.started", "pay.approved",
		"pay.cash", "pay.reversed", "pay.refunded" };
	size_t round = i / 5, step = i % 5, odd = round % 100;
	bool missing = (step == 3 && (odd == 7 || odd == 11)) ||
		       (step == 1 && (odd == 9 || odd == 11));
	bool cash = step == 2 || step == 4 || missing;

	snprintf(service, cap, "%s%04zu", cash ? "C-" : "K-", round);
	r->kind = span_str(missing ? "pay.waived" : kinds[step]);
	r->case_no = span_str(service);
	r->fields[1] = row_int("won", 4400);
	r->fields[2] = row_text("method", missing ? "waived"
					  : cash  ? "cash"
						  : "card");
	if (!cash)
		r->fields[3] = row_text("service_id", service);
	r->field_count = cash ? 3 : 4;
}

static void
add_row(struct log *l)
{
	static const char *const kinds[] = { "case.open", "case.hold",
		"case.applied", "case.issued", "case.delivered",
		"case.confirmed", "", "unmask" };
	size_t seq = l->n;
	char detail[200], case_no[32], service[32];
	struct kept *k;
	struct buf b;
	struct audit_row r = { .branch = span_str(l->branch),
		.seq = seq,
		.mono_ms = 1000 * seq,
		.wall_ms = 1795305600000 + 20000 * (int64_t)seq,
		.actor = span_str("kiosk-1"),
		.role = span_str("kiosk"),
		.kind = span_str(kinds[seq % 8]),
		.field_count = 2 };

	if (seq == l->cap) {
		l->cap = l->cap == 0 ? 1024 : 2 * l->cap;
		l->rows = realloc(l->rows, l->cap * sizeof *l->rows);
		if (l->rows == NULL)
			die("memory");
	}
	k = &l->rows[seq];
	b = buf_make(k->bytes, sizeof k->bytes);
	snprintf(case_no, sizeof case_no, "R-20261122-%04zu", seq / 8 % 10000);
	r.case_no = span_str(case_no);
	memset(detail, 'a' + (int)(seq % 26), sizeof detail - 1);
	detail[seq % 150 + 40] = '\0';
	if (seq >= l->fork)
		detail[0] = '!';
	r.fields[0] = row_text("detail", detail);
	r.fields[1] = row_int("count", 4400);
	if (seq % 8 == 6)
		be_payment(&r, seq / 8, service, sizeof service);
	if (seq > 0)
		memcpy(r.prev, l->rows[seq - 1].hash, HASH_SIZE);
	must(row_encode(&b, &r));
	k->n = b.n;
	must(hash_leaf(l->hasher, k->hash, buf_span(&b)));
	must(tree_append(&l->tree, l->hasher, k->hash));
	l->n++;
}

static void
grow(struct log *l, size_t n)
{
	char text[1024];
	struct buf t = buf_make(text, sizeof text);
	struct buf note = buf_make(l->note, sizeof l->note);
	struct note_checkpoint c = { .origin = span_str(l->origin) };

	while (n-- > 0)
		add_row(l);
	l->note_n = 0;
	if (l->n == 0)
		return;
	c.size = l->n;
	must(tree_root(&l->tree, l->hasher, c.root));
	must(note_checkpoint_text(&t, &c));
	must(note_sign(&note, buf_span(&t), &l->signer));
	l->note_n = note.n;
}

static void
pack(struct buf *b, const struct kept *k)
{
	const uint8_t n[4] = { 0, 0, (uint8_t)(k->n >> 8), (uint8_t)k->n };

	buf_add(b, n, sizeof n);
	buf_add(b, k->hash, HASH_SIZE);
	buf_add(b, k->bytes, k->n);
}

/* The rows travel as a file in memory; *fd is the caller's. */
static json_t *
ship_rows(const struct log *l, json_int_t id, const json_t *params, int *fd)
{
	static uint8_t room[MOST * (4 + HASH_SIZE + ROOM)];
	struct buf b = buf_make(room, sizeof room);
	json_int_t from = rpc_int(params, "from", -1);
	json_int_t max = rpc_int(params, "max", -1), n = 0;

	if (from < 0 || max < 0 || max > MOST)
		return rpc_error(id, "rpc.params");
	if (max > 0 && (size_t)from < l->first)
		return rpc_error(id, "ship.pruned");
	for (; n < max && (size_t)(from + n) < l->n; n++)
		pack(&b, &l->rows[from + n]);
	if (n > 0) {
		*fd = memfd_create("rows", MFD_CLOEXEC);
		if (*fd < 0)
			die("memfd");
		must(file_write_all(*fd, buf_span(&b)));
	}
	return rpc_result(
	    id, json_pack("{s:I,s:s%,s:I}", "rows", n, "checkpoint",
		    l->note_n > 0 ? (const char *)l->note : "", l->note_n,
		    "size", (json_int_t)l->n));
}

static void
keep(const struct log *l, const char *name, const json_t *params)
{
	char path[512];
	char *text = json_dumps(params, JSON_COMPACT | JSON_SORT_KEYS);

	snprintf(path, sizeof path, "%s/%s", l->notes ? l->notes : "", name);
	if (l->notes != NULL && text != NULL)
		must(file_write(path, span_str(text), 0600));
	free(text);
}

static json_t *
serve(const struct log *l, const json_t *request, int *fd)
{
	json_int_t id = rpc_int(request, "id", 0);
	const char *method = rpc_str(request, "method");
	const json_t *p = json_object_get(request, "params");

	if (strcmp(method, "hello") == 0)
		return rpc_result(id, NULL);
	if (strcmp(method, "ship.rows") == 0)
		return ship_rows(l, id, p, fd);
	if (strcmp(method, "ship.acked") == 0) {
		json_int_t size = rpc_int(p, "size", -1);

		if (size < 0 || (size_t)size > l->n ||
		    !json_is_string(json_object_get(p, "note")))
			return rpc_error(id, "rpc.params");
		keep(l, "acked", p);
		return rpc_result(id, NULL);
	}
	if (strcmp(method, "ship.trouble") == 0) {
		if (rpc_str(p, "kind")[0] == '\0' || rpc_int(p, "size", -1) < 0)
			return rpc_error(id, "rpc.params");
		keep(l, "trouble", p);
		return rpc_result(id, NULL);
	}
	return rpc_error(id, "rpc.method");
}

/* Wait through signals; true when `fd` is ready. */
static int
ready(struct log *l, int fd)
{
	struct pollfd p = { fd, POLLIN, 0 };
	sigset_t none;

	sigemptyset(&none);
	if (ppoll(&p, 1, NULL, &none) < 0 && errno != EINTR)
		die("poll");
	if (more) {
		more = 0;
		grow(l, MORE);
	}
	return p.revents != 0;
}

static void
connection(struct log *l, int sock)
{
	struct err e = err_none();

	while (!err_is(e)) {
		json_t *request = NULL, *answer;
		int fd = -1;

		if (!ready(l, sock))
			continue;
		e = rpc_recv(sock, &request, NULL);
		if (!err_is(e)) {
			answer = serve(l, request, &fd);
			e = rpc_send(sock, answer, fd);
			if (fd >= 0)
				close(fd);
			json_decref(answer);
		}
		json_decref(request);
	}
	close(sock);
}

static void
open_log(struct log *l)
{
	uint8_t seed[NOTE_SEED];

	memset(seed, 0x42, sizeof seed);
	must(hasher_open(&l->hasher));
	must(note_signer_make(&l->signer, span_str(l->origin), seed));
}

static void
listen_forever(struct log *l, const char *path)
{
	struct sigaction act = { .sa_handler = on_more };
	sigset_t mask;
	int listener, sock;

	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR1);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	sigaction(SIGUSR1, &act, NULL);
	must(rpc_listen(&listener, path, 0600));
	puts("listening");
	fflush(stdout);
	for (;;)
		if (ready(l, listener) &&
		    (sock = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) >= 0)
			connection(l, sock);
}

int
main(int argc, char **argv)
{
	struct log l = { .fork = SIZE_MAX,
		.branch = "004-0417",
		.origin = "audit.dasi/004/0417" };
	char text[NOTE_KEY_TEXT];
	size_t rows = 0;
	const char *path = NULL;

	for (int i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : "";

		if (strcmp(argv[i], "--key") == 0) {
			open_log(&l);
			note_key_text(text, &l.signer.key);
			puts(text);
			return 0;
		}
		if (argv[i][0] != '-') {
			path = argv[i];
			continue;
		}
		i++;
		if (strcmp(argv[i - 1], "--rows") == 0)
			rows = strtoul(value, NULL, 10);
		else if (strcmp(argv[i - 1], "--fork") == 0)
			l.fork = strtoul(value, NULL, 10);
		else if (strcmp(argv[i - 1], "--first") == 0)
			l.first = strtoul(value, NULL, 10);
		else if (strcmp(argv[i - 1], "--notes") == 0)
			l.notes = value;
		else if (strcmp(argv[i - 1], "--branch") == 0)
			l.branch = value;
		else if (strcmp(argv[i - 1], "--origin") == 0)
			l.origin = value;
		else
			die("unknown option");
	}
	if (path == NULL)
		die("no socket");
	open_log(&l);
	grow(&l, rows);
	listen_forever(&l, path);
}
