/*
 * rpc/client.c - a terminal's connection to the agent.
 */
#include "rpc/client.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/log.h"
#include "rpc/rpc.h"

void
client_init(struct rpc_client *c)
{
	*c = (struct rpc_client){ .sock = -1 };
}

void
client_drop(struct rpc_client *c, int64_t now_ms)
{
	if (c->sock >= 0)
		close(c->sock);
	c->sock = -1;
	c->retry_ms = now_ms + CLIENT_RETRY_MS;
}

bool
client_connect(struct rpc_client *c, const char *path, int64_t now_ms)
{
	if (c->sock >= 0 || now_ms < c->retry_ms)
		return false;
	c->retry_ms = now_ms + CLIENT_RETRY_MS;
	if (err_is(rpc_connect(&c->sock, path))) {
		c->sock = -1;
		return false;
	}
	if (fcntl(c->sock, F_SETFL, O_NONBLOCK) != 0)
		log_err(LOG_WARNING, "socket", err_sys("client: non-blocking"));
	return true;
}

json_int_t
client_send(struct rpc_client *c, const char *method, json_t *params, int fd)
{
	json_int_t id = ++c->last_id;
	json_t *body = rpc_request(id, method, params);
	struct err e = c->sock < 0 ? err_make(E_GONE, 0, "client: no agent")
				   : rpc_send(c->sock, body, fd);

	json_decref(body);
	if (!err_is(e))
		return id;
	log_err(LOG_WARNING, method, e);
	return 0;
}

enum client_got
client_read(struct rpc_client *c, json_t **body, int *fd, int64_t now_ms)
{
	struct err e = rpc_recv(c->sock, body, fd);

	if (!err_is(e))
		return CLIENT_FRAME;
	if (e.code == E_TIMEOUT)
		return CLIENT_NOTHING;
	if (e.code == E_LIMIT || e.code == E_FORMAT) {
		log_err(LOG_WARNING, "frame", e);
		return CLIENT_NOTHING;
	}
	client_drop(c, now_ms);
	return CLIENT_LOST;
}
