/*
 * dasi-ship's end of the socket: the contract on the test agent, and an agent
 * that answers nonsense.
 */
#include <criterion/criterion.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "contract.h"
#include "prog/ship/agent.h"
#include "rpc/rpc.h"

static char dir[] = "/tmp/dasi-ship-XXXXXX", path[64];
static pid_t child;
static struct waiter wait_;
static struct agent agent;
static struct batch batch;

static void
setup(void)
{
	cr_assert(mkdtemp(dir) != NULL);
	snprintf(path, sizeof path, "%s/s", dir);
	cr_assert_not(err_is(waiter_open(&wait_)));
}

static void
teardown(void)
{
	agent_close(&agent);
	waiter_close(&wait_);
	if (child > 0) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	unlink(path);
	rmdir(dir);
}

TestSuite(agent, .init = setup, .fini = teardown);

/* tests/e2e/ship_agent.sh starts a branch and says where it is. */
Test(agent, the_real_agent_keeps_the_contract)
{
	const char *socket = getenv("DASI_AGENT_SOCKET");
	const char *text = getenv("DASI_LOG_KEY");
	struct note_key key;

	if (socket == NULL || text == NULL)
		cr_skip_test("skipped: run by tests/e2e/ship_agent.sh");
	cr_assert_not(err_is(note_key_parse(&key, span_str(text))));
	ship_contract(socket, &key);
}

Test(agent, the_test_agent_keeps_the_contract)
{
	struct note_signer s;
	uint8_t seed[NOTE_SEED];
	char line[32];
	int out[2];

	memset(seed, 0x42, sizeof seed);
	cr_assert_not(err_is(
	    note_signer_make(&s, span_str("audit.dasi/004/0417"), seed)));
	cr_assert_eq(pipe(out), 0);
	child = fork();
	if (child == 0) {
		char program[256];
		ssize_t n = readlink("/proc/self/exe", program, 200);

		/* beside this program */
		while (n > 0 && program[n - 1] != '/')
			n--;
		strcpy(program + (n > 0 ? n : 0), "ship-agent");
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(out[1], STDOUT_FILENO);
		execl(program, program, path, "--rows", "700", NULL);
		_exit(127);
	}
	close(out[1]);
	cr_assert_gt(read(out[0], line, sizeof line), 0);
	close(out[0]);
	ship_contract(path, &s.key);
}

/* An agent that answers hello, and then each question with `answer`. */
static void
answer_all(int listener, const char *answer, size_t file)
{
	struct pollfd p = { listener, POLLIN, 0 };
	int sock = poll(&p, 1, -1) == 1 ? accept(listener, NULL, NULL) : -1;
	json_t *body = NULL;

	while (!err_is(rpc_recv(sock, &body, NULL))) {
		json_int_t id = rpc_int(body, "id", 0);
		int fd = -1;
		json_t *a = strcmp(rpc_str(body, "method"), "hello") == 0
				? rpc_result(id, NULL)
				: json_loads(answer, 0, NULL);

		if (json_is_integer(json_object_get(a, "id")) &&
		    rpc_int(a, "id", 0) == 0)
			json_object_set_new(a, "id", json_integer(id));
		if (file > 0 && strcmp(rpc_str(body, "method"), "hello") != 0) {
			FILE *f = tmpfile();

			while (file-- > 0)
				fputc(0, f);
			fflush(f);
			fd = dup(fileno(f));
		}
		if (err_is(rpc_send(sock, a, fd)))
			break;
		json_decref(a);
		json_decref(body);
	}
	_exit(0);
}

static const struct nonsense {
	const char *answer;
	size_t file; /* bytes of zeros sent along */
	enum err_code code;
} nonsense[] = {
	{ "{\"id\":0,\"result\":{\"rows\":0,\"checkpoint\":\"\",\"size\":0}}",
	    0, E_NONE },
	{ "{\"id\":0,\"result\":{\"rows\":0,\"checkpoint\":\"\",\"size\":5}}",
	    0, E_PROTOCOL },
	{ "{\"id\":0,\"result\":{\"rows\":1,\"checkpoint\":\"\",\"size\":5}}",
	    0, E_PROTOCOL },
	{ "{\"id\":0,\"result\":{\"rows\":1,\"checkpoint\":\"\",\"size\":5}}",
	    9, E_PROTOCOL },
	{ "{\"id\":0,\"result\":{\"rows\":0,\"checkpoint\":\"\",\"size\":0}}",
	    9, E_PROTOCOL },
	{ "{\"id\":0,\"result\":{\"rows\":501,\"checkpoint\":\"\",\"size\":5}}",
	    9, E_PROTOCOL },
	{ "{\"id\":0,\"result\":{\"rows\":-1,\"checkpoint\":\"\",\"size\":5}}",
	    0, E_PROTOCOL },
	{ "{\"id\":0,\"result\":{\"rows\":0,\"checkpoint\":\"\",\"size\":-5}}",
	    0, E_PROTOCOL },
	{ "{\"id\":0,\"result\":{\"rows\":0,\"size\":0}}", 0, E_PROTOCOL },
	{ "{\"id\":0,\"result\":{}}", 0, E_PROTOCOL },
	{ "{\"id\":0,\"result\":7}", 0, E_REFUSED },
	{ "{\"id\":99,\"result\":{}}", 0, E_PROTOCOL },
	{ "{\"id\":0,\"error\":{\"code\":\"ship.pruned\"}}", 0, E_NOTFOUND },
	{ "{\"id\":0,\"error\":{\"code\":\"rpc.role\"}}", 0, E_REFUSED },
	{ "{\"id\":0,\"error\":5}", 0, E_REFUSED },
};

Test(agent, nonsense_is_an_error_and_the_connection_is_made_anew)
{
	static struct ship_head head;

	for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++) {
		struct ship_source s;
		struct err e;
		int listener;

		cr_assert_not(err_is(rpc_listen(&listener, path, 0600)));
		child = fork();
		if (child == 0)
			answer_all(
			    listener, nonsense[i].answer, nonsense[i].file);
		close(listener);
		s = agent_source(&agent, &wait_, path);
		batch_begin(&batch, 0);
		e = s.read(s.ctx, &head, &batch);
		cr_expect_eq(e.code, nonsense[i].code, "%zu: %s at %s", i,
		    err_name(e.code), e.where);
		if (nonsense[i].code == E_PROTOCOL)
			cr_expect_eq(agent.sock, -1, "%zu", i);
		agent_close(&agent);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		child = 0;
		unlink(path);
	}
}

Test(agent, without_an_agent_it_is_unreachable)
{
	static struct ship_head head;
	struct ship_source s = agent_source(&agent, &wait_, path);

	cr_expect_eq(s.read(s.ctx, &head, NULL).code, E_UNREACHABLE);
}
