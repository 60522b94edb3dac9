/*
 * enrol/params.c - typed members and pipes.
 */
#include "enrol/params.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "base/secret.h"
#include "npki/cert.h"
#include "enrol/port.h"
#include "rpc/rpc.h"

struct err
params_cert(X509 **out, const json_t *o, const char *key)
{
	uint8_t room[NPKI_CERT_MAX];
	struct buf der = buf_make(room, sizeof room);
	struct err e = rpc_get_bytes(&der, o, key);

	*out = NULL;
	return err_is(e) ? e : npki_cert_parse(out, buf_span(&der));
}

struct err
params_maybe_bytes(struct buf *out, const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	out->n = 0;
	if (v == NULL || json_is_null(v))
		return err_none();
	return rpc_get_bytes(out, o, key);
}

static struct err
read_chain(
    struct span spans[static NPKI_CHAIN_MAX], size_t *n, const json_t *list)
{
	static uint8_t room[NPKI_CHAIN_MAX][NPKI_CERT_MAX];

	*n = 0;
	if (list == NULL || json_is_null(list))
		return err_none();
	if (!json_is_array(list))
		return err_make(E_ARG, 0, "params: chain");
	if (json_array_size(list) > NPKI_CHAIN_MAX)
		return err_make(E_LIMIT, 0, "params: chain");
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *holder = json_pack(
		    "{s:O}", "der", json_array_get(list, i));
		struct buf der = buf_make(room[i], sizeof room[i]);
		struct err e = rpc_get_bytes(&der, holder, "der");

		json_decref(holder);
		if (err_is(e))
			return e;
		spans[i] = buf_span(&der);
		*n = i + 1;
	}
	return err_none();
}

struct err
params_peer(struct cmp_peer *out, const json_t *params)
{
	static uint8_t ca_room[NPKI_CERT_MAX], root_room[NPKI_CERT_MAX];
	const json_t *issuer = json_object_get(params, "issuer");
	struct buf ca = buf_make(ca_room, sizeof ca_room);
	struct buf root = buf_make(root_room, sizeof root_room);
	struct span chain[NPKI_CHAIN_MAX];
	json_int_t timeout = rpc_int(params, "timeout_s", 0);
	size_t n = 0;
	struct err e;

	*out = (struct cmp_peer){ 0 };
	if (timeout < 1 || timeout > 86400)
		return err_make(E_ARG, 0, "params: timeout_s");
	e = rpc_get_bytes(&ca, issuer, "ca");
	if (!err_is(e))
		e = rpc_get_bytes(&root, issuer, "root");
	if (!err_is(e))
		e = read_chain(chain, &n, json_object_get(issuer, "chain"));
	if (!err_is(e))
		e = cmp_peer_load(out, buf_span(&ca), buf_span(&root), chain, n,
		    rpc_str(issuer, "recipient"), (int)timeout);
	return e;
}

/* Wait for bytes or the end, until the deadline. */
static struct err
wait_fd(int fd, int64_t deadline_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int64_t left;
	int n;

	do {
		left = deadline_ms - port_now_ms();
		n = poll(&p, 1, left > 0 ? (int)left : 0);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_sys("params: pipe");
	return n > 0 ? err_none() : err_make(E_TIMEOUT, 0, "params: pipe");
}

struct err
params_read_fd(struct buf *out_secret, int fd)
{
	int64_t deadline_ms = port_now_ms() + PARAMS_FD_WAIT_MS;
	struct err e = err_none();
	ssize_t got = 1;

	if (fd < 0)
		return err_make(E_ARG, 0, "params: no descriptor");
	while (got != 0 && !err_is(e)) {
		uint8_t more;
		size_t left = out_secret->cap - out_secret->n;

		if (err_is(e = wait_fd(fd, deadline_ms)))
			break;
		/* with no room left, one more byte tells "too long" from end */
		got = left > 0 ? read(fd, out_secret->p + out_secret->n, left)
			       : read(fd, &more, 1);
		if (got > 0 && left == 0)
			e = err_make(E_LIMIT, 0, "params: secret");
		else if (got > 0)
			out_secret->n += (size_t)got;
		else if (got < 0 && errno != EINTR)
			e = err_sys("params: pipe");
		secret_wipe(&more, sizeof more);
	}
	if (err_is(e)) {
		secret_wipe(out_secret->p, out_secret->cap);
		out_secret->n = 0;
	}
	return e;
}
