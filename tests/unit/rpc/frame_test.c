/*
 * Framing over a real socketpair.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rpc/rpc.h"

static int ends[2];

static void
open_pair(void)
{
	cr_assert_eq(
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, ends), 0);
}

static void
close_pair(void)
{
	close(ends[0]);
	close(ends[1]);
}

TestSuite(frame, .init = open_pair, .fini = close_pair);

Test(frame, a_body_and_its_descriptor_arrive)
{
	int pipe_ends[2], got = -1;
	json_t *out = rpc_event("x", json_pack("{s:s}", "name", "홍길동")), *in;
	char c;

	cr_assert_eq(pipe(pipe_ends), 0);
	cr_assert_not(err_is(rpc_send(ends[0], out, pipe_ends[0])));
	cr_assert_not(err_is(rpc_recv(ends[1], &in, &got)));
	cr_expect(json_equal(in, out));
	cr_assert_geq(got, 0);
	cr_expect(fcntl(got, F_GETFD) & FD_CLOEXEC);
	cr_assert_eq(write(pipe_ends[1], "k", 1), 1);
	cr_expect_eq(read(got, &c, 1), 1);
	json_decref(in);
	json_decref(out);
	close(got);
	close(pipe_ends[0]);
	close(pipe_ends[1]);
}

Test(frame, a_descriptor_nobody_asked_for_is_closed)
{
	int pipe_ends[2];
	json_t *out = json_object(), *in;

	cr_assert_eq(pipe(pipe_ends), 0);
	cr_assert_not(err_is(rpc_send(ends[0], out, pipe_ends[1])));
	close(pipe_ends[1]);
	cr_assert_not(err_is(rpc_recv(ends[1], &in, NULL)));
	cr_expect_eq(
	    read(pipe_ends[0], &(char){ 0 }, 1), 0, "the last writer is gone");
	json_decref(in);
	json_decref(out);
	close(pipe_ends[0]);
}

/* json_object_set_new takes no value for an answer, and nobody asks it. */
Test(frame, what_memory_ran_out_under_is_not_sent)
{
	json_t *whole = json_pack("{s:i}", "a", 1), *in, *gap;

	gap = json_pack("{s:i}", "a", 1);
	json_object_set_new(
	    gap, "b", json_stringn_nocheck("b", PTRDIFF_MAX - 1));
	cr_assert_eq(json_object_size(gap), 1);
	cr_expect_eq(rpc_send(ends[0], gap, -1).code, E_NOMEM);
	cr_expect_neq(rpc_recv(ends[1], &in, NULL).code, E_NONE);
	cr_expect_not(err_is(rpc_send(ends[0], whole, -1)));
	cr_assert_not(err_is(rpc_recv(ends[1], &in, NULL)));
	cr_expect(json_equal(in, whole));
	json_decref(in);
	json_decref(gap);
	json_decref(whole);
}

static const char *const garbage[] = { "[]", "7", "{", "{\"a\":1,\"a\":2}",
	"\xff", "{} x" };

Test(frame, garbage_is_consumed_and_named)
{
	for (size_t i = 0; i < sizeof garbage / sizeof *garbage; i++) {
		json_t *in;
		cr_assert_gt(
		    send(ends[0], garbage[i], strlen(garbage[i]), 0), 0);
		struct err e = rpc_recv(ends[1], &in, NULL);
		cr_expect_eq(e.code, E_FORMAT, "%s", garbage[i]);
		cr_expect_null(in);
		e = rpc_recv(ends[1], &in, NULL);
		cr_expect_eq(e.code, E_TIMEOUT, "nothing is left");
	}
}

Test(frame, too_large_a_frame_is_refused_both_ways)
{
	int room = 4 * RPC_MAX;
	char *big = calloc(1, RPC_MAX + 1);
	json_t *in, *out;

	memset(big, 'a', RPC_MAX);
	out = json_pack("{s:s}", "x", big);
	struct err e = rpc_send(ends[0], out, -1);
	cr_expect_eq(e.code, E_LIMIT);
	cr_assert_eq(
	    setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &room, sizeof room), 0);
	cr_assert_eq(send(ends[0], big, RPC_MAX + 1, 0), RPC_MAX + 1);
	e = rpc_recv(ends[1], &in, NULL);
	cr_expect_eq(e.code, E_LIMIT);
	json_decref(out);
	free(big);
}

Test(frame, the_end_of_the_peer_is_gone)
{
	json_t *in, *out = json_object();

	shutdown(ends[0], SHUT_RDWR);
	struct err e = rpc_recv(ends[1], &in, NULL);
	cr_expect_eq(e.code, E_GONE);
	e = rpc_send(ends[1], out, -1);
	cr_expect_eq(e.code, E_GONE);
	json_decref(out);
}

Test(frame, a_second_listener_is_refused_and_a_stale_socket_replaced)
{
	char dir[] = "/tmp/dasi-rpc-XXXXXX", path[64];
	int first, second, c;

	cr_assert_not_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/s", dir);
	struct err e = rpc_connect(&c, path);
	cr_expect_eq(e.code, E_UNREACHABLE);
	cr_assert_not(err_is(rpc_listen(&first, path, 0660)));
	e = rpc_listen(&second, path, 0660);
	cr_expect_eq(e.code, E_EXISTS);
	close(first);
	cr_assert_not(err_is(rpc_listen(&second, path, 0660)));
	close(second);
	unlink(path);
	rmdir(dir);
}

Test(frame, bytes_travel_as_base64)
{
	uint8_t data[] = { 0, 1, 0xfe, 0xff }, room[8];
	struct buf b = buf_make(room, sizeof room);
	json_t *o = json_object();

	json_object_set_new(o, "der", rpc_bytes(span_make(data, 4)));
	cr_expect_str_eq(rpc_str(o, "der"), "AAH+/w==");
	cr_assert_not(err_is(rpc_get_bytes(&b, o, "der")));
	cr_expect_eq(b.n, 4);
	cr_expect_eq(memcmp(room, data, 4), 0);
	struct err e = rpc_get_bytes(&b, o, "absent");
	cr_expect_eq(e.code, E_ARG);
	json_decref(o);
}
