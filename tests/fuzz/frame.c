/*
 * Fuzz target: a datagram of a peer on the socket, maybe with descriptors.
 *
 * The first byte says how many descriptors come along (two are too many) and
 * whether the receiver wants one.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "rpc/rpc.h"

static int ends[2];

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, ends) != 0)
		abort();
	return 0;
}

/* Which of the first descriptors are open, as bits. */
static uint32_t
open_now(void)
{
	uint32_t bits = 0;

	for (int fd = 0; fd < 32; fd++)
		bits |= (uint32_t)(fcntl(fd, F_GETFD) >= 0) << fd;
	return bits;
}

static void
put(const uint8_t *data, size_t n, int fds)
{
	union {
		char room[CMSG_SPACE(2 * sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	struct iovec iov = { (void *)(uintptr_t)data, n };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	int two[2] = { STDERR_FILENO, STDERR_FILENO };

	if (fds > 0) {
		size_t bytes = (size_t)fds * sizeof(int);
		struct cmsghdr *c;

		m.msg_control = control.room;
		m.msg_controllen = CMSG_SPACE(bytes);
		c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(bytes);
		memcpy(CMSG_DATA(c), two, bytes);
	}
	must(sendmsg(ends[0], &m, MSG_NOSIGNAL) == (ssize_t)n, "it is sent");
}

/* The forgiving readers, on whatever the object holds. */
static void
read_members(const json_t *body)
{
	uint8_t room[32];
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)(uintptr_t)body, key, v) {
		struct buf out = buf_make(room, sizeof room);
		struct err e = rpc_get_bytes(&out, body, key);
		const char *s = rpc_str(body, key);

		must(s != NULL && (json_is_string(v) || *s == '\0'),
		    "no text reads as \"\"");
		must(json_is_integer(v) || rpc_int(body, key, -7) == -7,
		    "no integer reads as absent");
		must(json_is_true(v) || !rpc_bool(body, key),
		    "no boolean reads as false");
		must(
		    json_is_string(v) || e.code == E_ARG, "bytes are a string");
		must(out.n <= sizeof room, "bytes stay in their room");
	}
}

/* What was read can be sent, and arrives the same. */
static void
send_back(const json_t *body)
{
	json_t *same = NULL;
	struct err e = rpc_send(ends[0], body, -1);

	if (e.code == E_LIMIT)
		return;
	must(!err_is(e), "what was read can be sent");
	must(!err_is(rpc_recv(ends[1], &same, NULL)), "and read again");
	must(json_equal(body, same), "and is the same");
	json_decref(same);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct choices in = { data, n };
	uint8_t how = choose(&in);
	bool wants = (how & 4) != 0;
	int fds = how & 3, fd = -2;
	uint32_t before = open_now();
	json_t *body = NULL;
	struct err e;

	fds = fds > 2 ? 2 : fds;
	if (in.n > 2 * RPC_MAX)
		return 0;
	put(in.p, in.n, fds);
	e = rpc_recv(ends[1], &body, wants ? &fd : NULL);
	must(err_is(e) == (body == NULL), "a frame or an error");
	if (err_is(e)) {
		must(
		    e.code == E_FORMAT || e.code == E_GONE || e.code == E_LIMIT,
		    "a bad frame is told by kind");
		must(!wants || fd == -1, "no descriptor comes with an error");
	} else {
		must(json_is_object(body), "a frame is an object");
		must(!wants || (fd >= 0) == (fds == 1) || fds == 2,
		    "a wanted descriptor arrives");
		read_members(body);
		send_back(body);
	}
	if (wants && fd >= 0)
		close(fd);
	json_decref(body);
	must(open_now() == before, "no descriptor leaks");
	must(rpc_recv(ends[1], &body, NULL).code == E_TIMEOUT,
	    "the frame was consumed");
	return 0;
}
