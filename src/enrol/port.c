/*
 * enrol/port.c - requests and answers over rpc frames.
 */
#include "enrol/port.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/secret.h"
#include "rpc/rpc.h"

enum { MALFORMED_MAX = 3 };

int64_t
port_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static struct err
wait_readable(int sock, int64_t deadline_ms)
{
	for (;;) {
		struct pollfd p = { .fd = sock, .events = POLLIN };
		int64_t left = deadline_ms - port_now_ms();
		int n;

		if (deadline_ms == PORT_NO_LIMIT)
			left = -1;
		else if (left < 0)
			left = 0;
		n = poll(&p, 1, left > INT_MAX ? INT_MAX : (int)left);
		if (n > 0)
			return err_none();
		if (n == 0)
			return err_make(E_TIMEOUT, 0, "port: wait");
		if (errno != EINTR)
			return err_sys("port: wait");
	}
}

/* The next well-formed frame. */
static struct err
next_frame(struct port *port, json_t **body, int *fd, int64_t deadline_ms)
{
	for (;;) {
		struct err e = wait_readable(port->sock, deadline_ms);

		if (err_is(e))
			return e;
		e = rpc_recv(port->sock, body, fd);
		if (!err_is(e) || (e.code != E_FORMAT && e.code != E_LIMIT))
			return e;
		if (++port->malformed >= MALFORMED_MAX)
			return err_make(E_GONE, 0, "port: malformed frames");
	}
}

static bool
as_request(struct request *out, json_t *body, int fd)
{
	const json_t *method = json_object_get(body, "method");
	const json_t *id = json_object_get(body, "id");

	if (!json_is_string(method) || !json_is_integer(id))
		return false;
	*out = (struct request){ .body = body,
		.id = json_integer_value(id),
		.method = json_string_value(method),
		.params = json_object_get(body, "params"),
		.fd = fd };
	return true;
}

struct err
port_next(struct port *port, struct request *out, int64_t deadline_ms)
{
	memset(out, 0, sizeof *out);
	out->fd = -1;
	for (;;) {
		json_t *body = NULL;
		int fd = -1;
		struct err e = next_frame(port, &body, &fd, deadline_ms);

		if (err_is(e))
			return e;
		if (as_request(out, body, fd))
			return err_none();
		/* an event, or an answer that nobody waits for any more */
		if (fd >= 0)
			close(fd);
		json_decref(body);
	}
}

void
request_free(struct request *r)
{
	json_decref(r->body);
	if (r->fd >= 0)
		close(r->fd);
	*r = (struct request){ .fd = -1 };
	secret_wipe_stack();
}

static struct err
send_and_drop(struct port *port, json_t *frame)
{
	struct err e;

	if (frame == NULL)
		return err_make(E_NOMEM, 0, "port: frame");
	e = rpc_send(port->sock, frame, -1);
	json_decref(frame);
	return e;
}

struct err
port_answer(struct port *port, json_int_t id, json_t *result)
{
	return send_and_drop(port, rpc_result(id, result));
}

struct err
port_refuse(struct port *port, json_int_t id, const char *code, json_t *more)
{
	json_t *frame = rpc_error(id, code);

	if (more != NULL)
		json_object_update_missing(
		    json_object_get(frame, "error"), more);
	json_decref(more);
	return send_and_drop(port, frame);
}

/* True when `body` answers our request `id`. */
static bool
is_answer(const json_t *body, json_int_t id)
{
	return json_object_get(body, "method") == NULL &&
	       rpc_int(body, "id", -1) == id;
}

/* What an answer says; `body` is not consumed. */
static struct err
open_answer(const json_t *body, json_t **result, char code[static PORT_CODE])
{
	const json_t *error = json_object_get(body, "error");

	if (error != NULL) {
		(void)str_copy(code, PORT_CODE, rpc_str(error, "code"));
		return err_make(E_REFUSED, 0, "port: refused");
	}
	*result = json_incref(json_object_get(body, "result"));
	if (!json_is_object(*result)) {
		json_decref(*result);
		*result = NULL;
		return err_make(E_PROTOCOL, 0, "port: answer");
	}
	return err_none();
}

static struct err
refuse_meanwhile(struct port *port, json_t *body, int fd)
{
	struct request r;
	struct err e = err_none();

	if (as_request(&r, body, fd))
		e = port_refuse(port, r.id, "rpc.state", NULL);
	return e;
}

struct err
port_ask(struct port *port, const char *method, json_t *params,
    int64_t deadline_ms, json_t **result, char code[static PORT_CODE])
{
	json_int_t id = ++port->last_id;
	struct err e;

	*result = NULL;
	code[0] = '\0';
	e = send_and_drop(port, rpc_request(id, method, params));
	while (!err_is(e)) {
		json_t *body = NULL;
		int fd = -1;
		bool mine;

		e = next_frame(port, &body, &fd, deadline_ms);
		if (err_is(e))
			break;
		mine = is_answer(body, id);
		e = mine ? open_answer(body, result, code)
			 : refuse_meanwhile(port, body, fd);
		if (fd >= 0)
			close(fd);
		json_decref(body);
		if (mine)
			break;
	}
	return e;
}
