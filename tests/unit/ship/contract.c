/*
 * unit/ship/contract.c - asked over the wire, frame by frame.
 */
#include "contract.h"

#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "audit/row.h"
#include "prog/ship/batch.h"
#include "rpc/rpc.h"

static uint8_t room[BATCH_PACKED + 1];

/* The whole answer, the caller's; *fd as it came. */
static json_t *
ask(int sock, const char *method, json_t *params, int *fd)
{
	static json_int_t id;
	json_t *request = rpc_request(++id, method, params), *body = NULL;

	cr_assert_eq(rpc_send(sock, request, -1).code, E_NONE);
	json_decref(request);
	*fd = -1;
	do {
		json_decref(body);
		cr_assert_eq(rpc_recv(sock, &body, fd).code, E_NONE);
	} while (rpc_int(body, "id", -1) != id);
	return body;
}

/* ship.rows; the packed rows are in `room`. */
static json_int_t
rows(int sock, json_int_t from, json_int_t max, size_t *n, uint64_t *size,
    char *note, size_t cap)
{
	int fd;
	json_t *body = ask(sock, "ship.rows",
	    json_pack("{s:I,s:I}", "from", from, "max", max), &fd);
	json_t *result = json_object_get(body, "result");
	json_int_t count = rpc_int(result, "rows", -1);
	ssize_t got;

	*n = 0;
	*size = (uint64_t)rpc_int(result, "size", -1);
	cr_expect(str_copy(note, cap, rpc_str(result, "checkpoint")));
	cr_expect_eq(fd >= 0, count > 0, "a file when there are rows");
	while (fd >= 0 &&
	       (got = pread(fd, room + *n, sizeof room - *n, (off_t)*n)) > 0)
		*n += (size_t)got;
	if (fd >= 0)
		close(fd);
	json_decref(body);
	return count;
}

static void
refused(int sock, const char *method, json_t *params, const char *code)
{
	int fd;
	json_t *body = ask(sock, method, params, &fd);

	cr_expect_str_eq(rpc_str(json_object_get(body, "error"), "code"), code,
	    "%s", method);
	cr_expect_eq(fd, -1);
	json_decref(body);
}

static void
accepted(int sock, const char *method, json_t *params)
{
	int fd;
	json_t *body = ask(sock, method, params, &fd);

	cr_expect(
	    json_is_object(json_object_get(body, "result")), "%s", method);
	json_decref(body);
}

/* Three rows from the first: decodable, their own hashes, chained. */
static void
check_rows(int sock, const char *note)
{
	uint8_t prev[HASH_SIZE] = { 0 }, leaf[HASH_SIZE];
	char again[NOTE_BYTES + 1];
	struct hasher *h = NULL;
	size_t n, at = 0;
	uint64_t size;

	cr_assert_eq(rows(sock, 0, 3, &n, &size, again, sizeof again), 3);
	cr_expect_str_eq(again, note);
	cr_assert_eq(hasher_open(&h).code, E_NONE);
	for (uint64_t i = 0; i < 3; i++) {
		size_t length = (size_t)room[at + 2] << 8 | room[at + 3];
		struct span row = span_make(room + at + 4 + HASH_SIZE, length);
		struct audit_row r;

		cr_assert_leq(at + 4 + HASH_SIZE + length, n);
		cr_assert_eq(row_decode(&r, row).code, E_NONE);
		cr_expect_eq(r.seq, i);
		cr_expect_eq(memcmp(r.prev, prev, HASH_SIZE), 0);
		cr_assert_eq(hash_leaf(h, leaf, row).code, E_NONE);
		cr_expect_eq(memcmp(leaf, room + at + 4, HASH_SIZE), 0);
		memcpy(prev, leaf, HASH_SIZE);
		at += 4 + HASH_SIZE + length;
	}
	cr_expect_eq(at, n, "nothing behind the last row");
	hasher_close(h);
}

void
ship_contract(const char *socket, const struct note_key *log)
{
	static char note[NOTE_BYTES + 1], same[NOTE_BYTES + 1];
	struct note_checkpoint c;
	struct span text;
	uint64_t size, now;
	size_t n;
	int sock;

	cr_assert_eq(rpc_connect(&sock, socket).code, E_NONE);
	accepted(sock, "hello",
	    json_pack("{s:s,s:s}", "role", "ship", "terminal", "ship"));
	cr_expect_eq(rows(sock, 0, 0, &n, &size, note, sizeof note), 0,
	    "max 0 asks for the head alone");
	cr_assert_geq(size, 3);
	cr_assert_eq(note_open(&text, span_str(note), log).code, E_NONE);
	cr_assert_eq(note_checkpoint_parse(&c, text).code, E_NONE);
	cr_expect_leq(c.size, size);
	check_rows(sock, note);
	cr_expect_eq(
	    rows(sock, (json_int_t)size, 500, &n, &now, same, sizeof same),
	    (json_int_t)(now - size), "none at the end");
	cr_expect_geq(rows(sock, 0, 500, &n, &now, same, sizeof same), 1);
	refused(sock, "ship.rows", json_pack("{s:i,s:i}", "from", -1, "max", 1),
	    "rpc.params");
	refused(sock, "ship.rows",
	    json_pack("{s:i,s:i}", "from", 0, "max", 501), "rpc.params");
	refused(sock, "ship.rows", json_pack("{s:i}", "from", 0), "rpc.params");
	accepted(
	    sock, "ship.acked", json_pack("{s:i,s:s}", "size", 2, "note", ""));
	refused(sock, "ship.acked",
	    json_pack(
		"{s:I,s:s}", "size", (json_int_t)size + 100000, "note", ""),
	    "rpc.params");
	refused(
	    sock, "ship.acked", json_pack("{s:i}", "size", 2), "rpc.params");
	accepted(sock, "ship.trouble",
	    json_pack("{s:s,s:i}", "kind", "fork", "size", 2));
	refused(
	    sock, "ship.trouble", json_pack("{s:i}", "size", 2), "rpc.params");
	refused(sock, "ship.none", NULL, "rpc.method");
	close(sock);
}
