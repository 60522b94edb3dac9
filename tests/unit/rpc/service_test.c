/*
 * What a program that serves the agent is told, against a listening socket of
 * the test and a clock of its own.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rpc/rpc.h"
#include "rpc/service.h"

static char dir[64], path[96];
static int listening = -1, sock = -1;
static int64_t mono = 1000;
static struct service service;
static json_t *request;

static int64_t
test_ms(void *ctx)
{
	return mono;
}

static void
begin(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(dir, sizeof dir, "%.40s/dasi-service.XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	cr_assert_not_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/agent.sock", dir);
	cr_assert_not(err_is(service_open(&service, "print", path)));
	service.clock = (struct clock){ test_ms, test_ms, NULL };
	service.retry_ms = mono;
}

static void
end(void)
{
	service_close(&service);
	json_decref(request);
	if (sock >= 0)
		close(sock);
	if (listening >= 0)
		close(listening);
	unlink(path);
	rmdir(dir);
}

TestSuite(service, .init = begin, .fini = end, .timeout = 20);

/* One wait that cannot last: its time is over. */
static enum service_got
turn(const int *fds)
{
	enum service_got got = SERVICE_NOTHING;

	json_decref(request);
	cr_assert_not(
	    err_is(service_wait(&service, fds, mono, &got, &request)));
	cr_expect_eq(request != NULL, got == SERVICE_REQUEST);
	return got;
}

static void
say(json_t *body)
{
	cr_assert_not(err_is(rpc_send(sock, body, -1)));
	json_decref(body);
}

/* The next frame of the service's; the caller's. */
static json_t *
hear(int *fd)
{
	json_t *body = NULL;

	cr_assert_not(err_is(rpc_recv(sock, &body, fd)));
	return body;
}

/* Listen and take the service's connection; the number of its hello. */
static json_int_t
meet(void)
{
	json_t *hello;
	json_int_t id;

	if (listening < 0)
		cr_assert_not(err_is(rpc_listen(&listening, path, 0600)));
	cr_expect_eq(turn(NULL), SERVICE_NOTHING);
	sock = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
	cr_assert_geq(sock, 0);
	hello = hear(NULL);
	cr_expect_str_eq(rpc_str(hello, "method"), "hello");
	cr_expect_str_eq(
	    rpc_str(json_object_get(hello, "params"), "role"), "print");
	id = rpc_int(hello, "id", 0);
	json_decref(hello);
	return id;
}

static void
greet(void)
{
	say(rpc_result(meet(), NULL));
	cr_assert_eq(turn(NULL), SERVICE_READY);
}

Test(service, is_ready_once_the_agent_answered_its_hello)
{
	greet();
	cr_expect(service.greeted);
	say(rpc_request(7, "print.slip", NULL));
	cr_assert_eq(turn(NULL), SERVICE_REQUEST);
	cr_expect_eq(rpc_int(request, "id", 0), 7);
	cr_expect_eq(turn(NULL), SERVICE_NOTHING);
}

Test(service, does_nothing_for_an_agent_that_has_not_greeted)
{
	json_int_t id = meet();
	json_t *body;

	say(rpc_request(7, "print.slip", NULL));
	cr_expect_eq(turn(NULL), SERVICE_NOTHING);
	body = hear(NULL);
	cr_expect_str_eq(
	    rpc_str(json_object_get(body, "error"), "code"), "rpc.state");
	json_decref(body);
	say(rpc_result(id, NULL));
	cr_expect_eq(turn(NULL), SERVICE_READY, "later it may still greet");
}

Test(service, hangs_up_when_its_hello_is_refused)
{
	say(rpc_error(meet(), "rpc.role"));
	cr_expect_eq(turn(NULL), SERVICE_NOTHING);
	cr_expect_eq(service.sock, -1);
	cr_expect_not(service.greeted);
}

Test(service, seeks_an_agent_less_and_less_often_up_to_five_seconds)
{
	static const int after_ms[] = { 200, 400, 800, 1600, 3200, 5000, 5000 };

	for (size_t i = 0; i < sizeof after_ms / sizeof *after_ms; i++) {
		turn(NULL);
		cr_expect_eq(service.retry_ms - mono, after_ms[i]);
		mono = service.retry_ms;
	}
	greet();
	close(sock);
	sock = -1;
	cr_expect_eq(turn(NULL), SERVICE_NOTHING);
	cr_expect_not(service.greeted);
	cr_expect_eq(service.retry_ms - mono, 200, "as at first");
	mono = service.retry_ms;
	greet();
}

Test(service, tells_events_only_to_who_greeted)
{
	json_int_t id = meet();
	json_t *body;

	service_event(&service, "print.state", json_object());
	say(rpc_result(id, NULL));
	cr_assert_eq(turn(NULL), SERVICE_READY);
	service_event(&service, "print.state", json_pack("{s:i}", "n", 2));
	body = hear(NULL);
	cr_expect_eq(rpc_int(json_object_get(body, "params"), "n", 0), 2);
	json_decref(body);
}

Test(service, gives_a_descriptor_away)
{
	int ends[2], got = -1;

	greet();
	cr_assert_eq(pipe(ends), 0);
	service_send(&service, rpc_result(1, NULL), ends[0]);
	cr_expect_lt(fcntl(ends[0], F_GETFD), 0, "closed here");
	json_decref(hear(&got));
	cr_expect_geq(got, 0);
	close(got);
	close(ends[1]);
}

Test(service, wakes_when_one_of_the_descriptors_can_be_read)
{
	enum service_got got;
	json_t *none;
	int ends[2];

	greet();
	cr_assert_eq(pipe(ends), 0);
	cr_assert_eq(write(ends[1], "x", 1), 1);
	cr_assert_not(err_is(service_wait(
	    &service, (const int[]){ -1, ends[0] }, 0, &got, &none)));
	cr_expect_eq(got, SERVICE_NOTHING);
	close(ends[0]);
	close(ends[1]);
}

Test(service, ends_at_a_signal_and_reads_nothing_more)
{
	greet();
	say(rpc_request(7, "print.slip", NULL));
	cr_assert_eq(kill(getpid(), SIGTERM), 0);
	cr_expect_eq(turn(NULL), SERVICE_NOTHING);
	cr_expect(service.ending);
}
