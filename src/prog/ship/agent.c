/*
 * ship/agent.c - one question at a time.  Events are passed over; anything
 * else that is no answer to the question ends the connection.
 */
#include "prog/ship/agent.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "rpc/rpc.h"

void
agent_close(struct agent *a)
{
	if (a->sock >= 0)
		close(a->sock);
	a->sock = -1;
}

/* The error an error answer stands for. */
static struct err
refused(const json_t *error)
{
	const char *code = rpc_str(error, "code");

	log_line(LOG_NOTICE, "the agent: %.64s", code);
	return strcmp(code, "ship.pruned") == 0
		   ? err_make(E_NOTFOUND, 0, "ship: pruned at the branch")
		   : err_make(E_REFUSED, 0, "ship: refused by the agent");
}

/* Wait for the answer to `id`; *result and *fd are the caller's. */
static struct err
receive(struct agent *a, json_int_t id, json_t **result, int *fd)
{
	int64_t until = waiter_after(a->wait, AGENT_ANSWER_MS);
	struct err e = err_none();

	while (!err_is(e) && *result == NULL) {
		json_t *body = NULL;

		if (fd != NULL && *fd >= 0) /* came with an event */
			close(*fd);
		e = waiter_wait(a->wait, a->sock, POLLIN, until);
		if (!err_is(e))
			e = rpc_recv(a->sock, &body, fd);
		if (!err_is(e) && rpc_int(body, "id", 0) == id) {
			*result = json_incref(json_object_get(body, "result"));
			if (!json_is_object(*result))
				e = refused(json_object_get(body, "error"));
		} else if (!err_is(e) && rpc_str(body, "event")[0] == '\0') {
			e = err_make(E_PROTOCOL, 0, "ship: no answer of ours");
		}
		json_decref(body);
	}
	return e;
}

/*
 * `params` is stolen.  *result is the caller's, NULL after an error; so is
 * *fd, -1 when none came.  fd NULL: none may.
 */
static struct err
ask(struct agent *a, const char *method, json_t *params, json_t **result,
    int *fd)
{
	json_int_t id = ++a->id;
	json_t *request = rpc_request(id, method, params);
	struct err e = request == NULL ? err_make(E_NOMEM, 0, "ship: request")
				       : rpc_send(a->sock, request, -1);

	*result = NULL;
	json_decref(request);
	if (!err_is(e))
		e = receive(a, id, result, fd);
	if (err_is(e)) {
		json_decref(*result);
		*result = NULL;
		/* a refusal is an answer; after anything else, start anew */
		if (e.code != E_REFUSED && e.code != E_NOTFOUND)
			agent_close(a);
	}
	return e;
}

static struct err
connected(struct agent *a)
{
	json_t *result = NULL;
	struct err e;

	if (a->sock >= 0)
		return err_none();
	e = rpc_connect(&a->sock, a->path);
	if (err_is(e))
		return e;
	e = ask(a, "hello",
	    json_pack("{s:s,s:s}", "role", "ship", "terminal", "ship"), &result,
	    NULL);
	json_decref(result);
	if (err_is(e))
		agent_close(a);
	return e;
}

static struct err
take_head(struct ship_head *head, const json_t *result)
{
	json_int_t size = rpc_int(result, "size", -1);
	const json_t *note = json_object_get(result, "checkpoint");

	if (size < 0 || !json_is_string(note) ||
	    !str_copy(head->note, sizeof head->note, json_string_value(note)))
		return err_make(E_PROTOCOL, 0, "ship: head");
	head->size = (uint64_t)size;
	return err_none();
}

/* The rows of an answer, out of the memory file that came with it. */
static struct err
take_rows(struct batch *b, const json_t *result, int fd)
{
	static uint8_t room[BATCH_PACKED + 1];
	json_int_t n = rpc_int(result, "rows", -1);
	size_t have = 0;
	ssize_t got = 1;

	if (n < 0 || n > BATCH_ROWS || (n > 0) != (fd >= 0))
		return err_make(E_PROTOCOL, 0, "ship: rows");
	while (n > 0 && got > 0 && have < sizeof room) {
		got = pread(fd, room + have, sizeof room - have, (off_t)have);
		if (got < 0)
			return err_sys("ship: rows");
		have += (size_t)got;
	}
	return batch_add(b, span_make(room, have), (size_t)n);
}

static struct err
source_read(void *ctx, struct ship_head *head, struct batch *b)
{
	struct agent *a = ctx;
	json_t *result = NULL;
	int fd = -1;
	struct err e = connected(a);

	if (!err_is(e))
		e = ask(a, "ship.rows",
		    json_pack("{s:I,s:i}", "from",
			b == NULL ? 0 : (json_int_t)b->from, "max",
			b == NULL ? 0 : BATCH_ROWS),
		    &result, &fd);
	if (!err_is(e))
		e = take_head(head, result);
	if (!err_is(e) && b != NULL)
		e = take_rows(b, result, fd);
	/* never beyond the size; none only at its end */
	if (!err_is(e) && b != NULL &&
	    (b->from + b->n > head->size ||
		(b->n == 0 && b->from != head->size)))
		e = err_make(E_PROTOCOL, 0, "ship: rows and size");
	if (!err_is(e) && b != NULL)
		batch_end(b);
	if (fd >= 0)
		close(fd);
	json_decref(result);
	if (e.code == E_PROTOCOL)
		agent_close(a);
	return e;
}

static struct err
source_acked(void *ctx, uint64_t size, const char *note)
{
	struct agent *a = ctx;
	json_t *result = NULL;
	struct err e = connected(a);

	if (!err_is(e))
		e = ask(a, "ship.acked",
		    json_pack(
			"{s:I,s:s}", "size", (json_int_t)size, "note", note),
		    &result, NULL);
	json_decref(result);
	return e;
}

static struct err
source_trouble(void *ctx, const char *kind, uint64_t seq)
{
	struct agent *a = ctx;
	json_t *result = NULL;
	struct err e = connected(a);

	if (!err_is(e))
		e = ask(a, "ship.trouble",
		    json_pack(
			"{s:s,s:I}", "kind", kind, "size", (json_int_t)seq),
		    &result, NULL);
	json_decref(result);
	return e;
}

struct ship_source
agent_source(struct agent *a, struct waiter *wait, const char *path)
{
	*a = (struct agent){ .wait = wait, .path = path, .sock = -1 };
	return (
	    struct ship_source){ source_read, source_acked, source_trouble, a };
}
