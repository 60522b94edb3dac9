/*
 * rpc/rpc.c - framing over SOCK_SEQPACKET, and small JSON readers.
 */
#define _GNU_SOURCE
#include "rpc/rpc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/secret.h"
#include "base/text.h"

/* ---- memory for JSON ---- */

static _Thread_local bool ran_out;

static void *
get_memory(size_t n)
{
	void *p = malloc(n);

	ran_out |= p == NULL;
	return p;
}

/* Before the first JSON of any program that speaks to another. */
__attribute__((constructor)) static void
watch_memory(void)
{
	json_set_alloc_funcs(get_memory, free);
}

bool
rpc_json_gap(void)
{
	bool gap = ran_out;

	ran_out = false;
	return gap;
}

/* ---- frames ---- */

union one_fd {
	char room[CMSG_SPACE(sizeof(int))];
	struct cmsghdr align;
};

static struct err
send_bytes(int sock, void *data, size_t n, int fd)
{
	union one_fd control;
	struct iovec iov = { data, n };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (fd >= 0) {
		memset(&control, 0, sizeof control);
		m.msg_control = control.room;
		m.msg_controllen = sizeof control.room;
		struct cmsghdr *c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof fd);
		memcpy(CMSG_DATA(c), &fd, sizeof fd);
	}
	while (sendmsg(sock, &m, MSG_NOSIGNAL) < 0) {
		if (errno == EINTR)
			continue;
		if (errno == EPIPE || errno == ECONNRESET || errno == ENOTCONN)
			return err_make(E_GONE, errno, "rpc: send");
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			return err_make(E_FULL, errno, "rpc: send");
		return err_sys("rpc: send");
	}
	return err_none();
}

struct err
rpc_send(int sock, const json_t *body, int fd)
{
	static char frame[RPC_MAX];
	size_t n = json_dumpb(
	    body, frame, sizeof frame, JSON_COMPACT | JSON_ENSURE_ASCII);
	bool gap = rpc_json_gap();
	struct err e;

	if (n == 0 || n > sizeof frame || gap) {
		secret_wipe(frame, sizeof frame);
		return err_make(
		    n > sizeof frame ? E_LIMIT : E_NOMEM, 0, "rpc: frame");
	}
	e = send_bytes(sock, frame, n, fd);
	secret_wipe(frame, n);
	return e;
}

/*
 * The first descriptor of the message; others, and unwanted ones, are closed.
 * Alignment leaves room for a second one in the same header.
 */
static int
take_fd(struct msghdr *m, bool wanted)
{
	int kept = -1, fd;
	size_t n;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c != NULL;
	     c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		n = (c->cmsg_len - CMSG_LEN(0)) / sizeof fd;
		for (size_t i = 0; i < n; i++) {
			memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
			if (wanted && kept < 0)
				kept = fd;
			else
				close(fd);
		}
	}
	return kept;
}

static struct err
recv_bytes(int sock, char *frame, size_t *n, int *fd)
{
	union one_fd control;
	struct iovec iov = { frame, RPC_MAX };
	struct msghdr m = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.room,
		.msg_controllen = sizeof control.room };
	ssize_t got;

	while ((got = recvmsg(sock, &m, MSG_CMSG_CLOEXEC)) < 0) {
		if (errno == EINTR)
			continue;
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			return err_make(E_TIMEOUT, errno, "rpc: receive");
		if (errno == ECONNRESET)
			return err_make(E_GONE, errno, "rpc: receive");
		return err_sys("rpc: receive");
	}
	*fd = take_fd(&m, true);
	*n = (size_t)got;
	if (got == 0)
		return err_make(E_GONE, 0, "rpc: closed");
	if (m.msg_flags & MSG_TRUNC)
		return err_make(E_LIMIT, 0, "rpc: frame");
	return err_none();
}

struct err
rpc_recv(int sock, json_t **body, int *fd)
{
	static char frame[RPC_MAX];
	size_t n = 0;
	int got = -1;
	struct err e;

	*body = NULL;
	e = recv_bytes(sock, frame, &n, &got);
	if (!err_is(e)) {
		*body = json_loadb(frame, n, JSON_REJECT_DUPLICATES, NULL);
		if (!json_is_object(*body)) {
			json_decref(*body);
			*body = NULL;
			e = err_make(E_FORMAT, 0, "rpc: not an object");
		}
	}
	secret_wipe(frame, n);
	if (got >= 0 && (fd == NULL || err_is(e))) {
		close(got);
		got = -1;
	}
	if (fd != NULL)
		*fd = got;
	return e;
}

static struct err
make_address(struct sockaddr_un *a, const char *path)
{
	memset(a, 0, sizeof *a);
	a->sun_family = AF_UNIX;
	if (!str_copy(a->sun_path, sizeof a->sun_path, path))
		return err_make(E_LIMIT, 0, "rpc: socket path");
	return err_none();
}

struct err
rpc_connect(int *sock, const char *path)
{
	struct sockaddr_un a;
	struct err e = make_address(&a, path);
	int fd;

	*sock = -1;
	if (err_is(e))
		return e;
	if ((fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0)) < 0)
		return err_sys("rpc: socket");
	if (connect(fd, (struct sockaddr *)&a, sizeof a) != 0) {
		e = errno == ENOENT || errno == ECONNREFUSED
			? err_make(E_UNREACHABLE, errno, "rpc: connect")
			: err_sys("rpc: connect");
		close(fd);
		return e;
	}
	*sock = fd;
	return err_none();
}

struct err
rpc_listen(int *sock, const char *path, mode_t mode)
{
	struct sockaddr_un a;
	struct err e = make_address(&a, path);
	int fd;

	*sock = -1;
	if (err_is(e))
		return e;
	e = rpc_connect(&fd, path);
	if (!err_is(e)) {
		close(fd);
		return err_make(E_EXISTS, 0, "rpc: somebody listens");
	}
	if (e.code == E_UNREACHABLE)
		unlink(path);
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return err_sys("rpc: socket");
	if (bind(fd, (struct sockaddr *)&a, sizeof a) != 0 ||
	    chmod(path, mode) != 0 || listen(fd, 16) != 0) {
		e = err_sys("rpc: listen");
		close(fd);
		return e;
	}
	*sock = fd;
	return err_none();
}

static json_t *
or_empty(json_t *o)
{
	return o != NULL ? o : json_object();
}

json_t *
rpc_request(json_int_t id, const char *method, json_t *params)
{
	return json_pack("{s:I,s:s,s:o}", "id", id, "method", method, "params",
	    or_empty(params));
}

json_t *
rpc_result(json_int_t id, json_t *result)
{
	return json_pack("{s:I,s:o}", "id", id, "result", or_empty(result));
}

json_t *
rpc_error(json_int_t id, const char *code)
{
	return json_pack("{s:I,s:{s:s}}", "id", id, "error", "code", code);
}

json_t *
rpc_event(const char *event, json_t *params)
{
	return json_pack(
	    "{s:s,s:o}", "event", event, "params", or_empty(params));
}

const char *
rpc_str(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s != NULL ? s : "";
}

json_int_t
rpc_int(const json_t *o, const char *key, json_int_t otherwise)
{
	const json_t *v = json_object_get(o, key);

	return json_is_integer(v) ? json_integer_value(v) : otherwise;
}

bool
rpc_bool(const json_t *o, const char *key)
{
	return json_is_true(json_object_get(o, key));
}

json_t *
rpc_bytes(struct span data)
{
	size_t cap = BASE64_TEXT(data.n);
	char *text = malloc(cap);
	json_t *v;

	if (text == NULL)
		return NULL;
	base64_encode(text, cap, data);
	v = json_string(text);
	secret_wipe(text, cap);
	free(text);
	return v;
}

struct err
rpc_get_bytes(struct buf *out, const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	if (!json_is_string(v))
		return err_make(E_ARG, 0, "rpc: bytes");
	return base64_decode(out, json_string_value(v), json_string_length(v));
}
