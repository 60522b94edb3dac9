/*
 * A terminal's connection, against a listening socket of the test.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rpc/client.h"
#include "rpc/rpc.h"

static char dir[64], path[96];
static int listening = -1;
static struct rpc_client client;

static void
begin(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(dir, sizeof dir, "%.40s/dasi-client.XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	cr_assert_not_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/agent.sock", dir);
	client_init(&client);
}

static void
end(void)
{
	client_drop(&client, 0);
	if (listening >= 0)
		close(listening);
	unlink(path);
	rmdir(dir);
}

TestSuite(client, .init = begin, .fini = end);

static int
agent(void)
{
	int sock;

	if (listening < 0)
		cr_assert_not(err_is(rpc_listen(&listening, path, 0600)));
	cr_assert(client_connect(&client, path, client.retry_ms));
	sock = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
	cr_assert_geq(sock, 0);
	return sock;
}

Test(client, tries_again_no_sooner_than_after_a_second)
{
	cr_expect_not(client_connect(&client, path, 5000), "nobody listens");
	cr_assert_not(err_is(rpc_listen(&listening, path, 0600)));
	cr_expect_not(client_connect(&client, path, 5999), "too soon");
	cr_expect(client_connect(&client, path, 6000));
	cr_expect_not(client_connect(&client, path, 9000), "it is there");
}

Test(client, asks_with_numbers_never_used_before)
{
	int sock = agent();
	json_int_t first = client_send(&client, "queue.list", NULL, -1);
	json_t *body = NULL;

	cr_expect_gt(first, 0);
	cr_assert_not(err_is(rpc_recv(sock, &body, NULL)));
	cr_expect_eq(rpc_int(body, "id", 0), first);
	cr_expect_str_eq(rpc_str(body, "method"), "queue.list");
	json_decref(body);
	close(sock);
	cr_expect_eq(client_read(&client, &body, NULL, 1000), CLIENT_LOST);
	sock = agent();
	cr_expect_gt(client_send(&client, "queue.list", NULL, -1), first);
	close(sock);
}

Test(client, what_is_sent_to_nobody_has_no_number)
{
	cr_expect_eq(client_send(&client, "queue.list", NULL, -1), 0);
}

Test(client, reads_frames_and_waits_for_none)
{
	int sock = agent();
	json_t *out = rpc_event("queue.changed", NULL), *body = NULL;

	cr_expect_eq(client_read(&client, &body, NULL, 0), CLIENT_NOTHING);
	cr_assert_not(err_is(rpc_send(sock, out, -1)));
	cr_assert_eq(client_read(&client, &body, NULL, 0), CLIENT_FRAME);
	cr_expect(json_equal(body, out));
	json_decref(body);
	/* no object: read away, the connection lives on */
	cr_assert_eq(send(sock, "x", 1, 0), 1);
	cr_expect_eq(client_read(&client, &body, NULL, 0), CLIENT_NOTHING);
	cr_assert_not(err_is(rpc_send(sock, out, -1)));
	cr_assert_eq(client_read(&client, &body, NULL, 0), CLIENT_FRAME);
	json_decref(body);
	json_decref(out);
	close(sock);
}

Test(client, takes_a_descriptor_when_it_wants_one)
{
	int sock = agent(), got = -1, ends[2];
	json_t *out = rpc_event("x", NULL), *body = NULL;

	cr_assert_eq(pipe(ends), 0);
	cr_assert_not(err_is(rpc_send(sock, out, ends[0])));
	cr_assert_eq(client_read(&client, &body, &got, 0), CLIENT_FRAME);
	cr_expect_geq(got, 0);
	close(got);
	json_decref(body);
	json_decref(out);
	close(ends[0]);
	close(ends[1]);
	close(sock);
}

Test(client, a_lost_agent_is_tried_again_after_a_second)
{
	json_t *body = NULL;

	close(agent());
	cr_expect_eq(client_read(&client, &body, NULL, 7000), CLIENT_LOST);
	cr_expect_eq(client.sock, -1);
	cr_expect_not(client_connect(&client, path, 7999));
	cr_expect(client_connect(&client, path, 8000));
}
