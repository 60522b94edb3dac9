/*
 * practice.c - starting the sandbox, talking to its control endpoint.
 */
#define _GNU_SOURCE
#include "practice.h"

#include <arpa/inet.h>
#include <assert.h>
#include <criterion/criterion.h>
#include <criterion/hooks.h>
#include <fcntl.h>
#include <libgen.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rpc/rpc.h"

enum { PATIENCE_MS = 60000, LINE = 4096, ROOM = 1 << 20 };

static void
run_sandbox(const char *dir, const char *people, const char *option, int out)
{
	char self[512] = "", path[600];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	assert(n > 0);
	snprintf(path, sizeof path, "%s/dasi-sandbox", dirname(self));
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(out, STDOUT_FILENO);
	setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
	execl(path, "dasi-sandbox", "--dir", dir, "--people", people, option,
	    (char *)NULL);
	_exit(127);
}

/* Its first line names the control endpoint. */
static void
read_endpoints(struct practice *p, int fd)
{
	char line[LINE] = "";
	size_t n = 0;
	json_t *v;

	while (strchr(line, '\n') == NULL) {
		struct pollfd f = { fd, POLLIN, 0 };
		ssize_t got = poll(&f, 1, PATIENCE_MS) > 0
				  ? read(fd, line + n, sizeof line - 1 - n)
				  : 0;

		assert(got > 0);
		n += (size_t)got;
		line[n] = '\0';
	}
	v = json_loads(line, 0, NULL);
	assert(sscanf(rpc_str(v, "control"), "http://%63[0-9.:]", p->control) ==
	       1);
	json_decref(v);
}

void
practice_sandbox_start(struct practice *p, const char *option)
{
	char people[96];
	int out[2];

	snprintf(people, sizeof people, "%s/people.json", p->b.dir);
	assert(pipe2(out, O_CLOEXEC) == 0);
	p->sandbox = fork();
	assert(p->sandbox >= 0);
	if (p->sandbox == 0)
		run_sandbox(p->dir, people, option, out[1]);
	close(out[1]);
	read_endpoints(p, out[0]);
	close(out[0]);
}

void
practice_sandbox_stop(struct practice *p)
{
	int status;

	kill(p->sandbox, SIGTERM);
	waitpid(p->sandbox, &status, 0);
	assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void
write_text(const char *dir, const char *name, const char *text)
{
	char path[96];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	assert((f = fopen(path, "w")) != NULL);
	fputs(text, f);
	fclose(f);
}

/* Names a folder with its authorities made, which is copied for each test:
 * five RSA keys take longer than most tests.  Tests are processes of their
 * own, so it goes by the environment. */
static const char model[] = "DASI_TEST_MODEL";

static void
write_people(const char *dir)
{
	write_text(dir, "people.json",
	    "{\"people\":[{\"id\":\"somebody\",\"story\":\"\",\"name\":"
	    "\"아무개\",\"name_latin\":\"\",\"resident_number\":"
	    "\"9001011970015\",\"documents\":[{\"kind\":\"resident\","
	    "\"issue_date\":\"2020-01-01\"}],\"phone\":\"\","
	    "\"phone_changed_days\":0,\"question\":null,\"account\":null,"
	    "\"certificates\":[],\"certificate_password\":\"x\"}]}");
}

/* Run a command that is about a folder of ours. */
static void
shell(const char *dir, const char *command)
{
	assert(strncmp(dir, "/tmp/dasi-net-", 14) == 0);
	assert(system(command) == 0);
}

static void
remove_folder(const char *dir)
{
	char command[96];

	snprintf(command, sizeof command, "rm -r %s", dir);
	shell(dir, command);
}

static void
copy_model(const char *to)
{
	char command[256];

	snprintf(command, sizeof command, "cp -r %s/sandbox %s && rm %s/port*",
	    getenv(model), to, to);
	shell(to, command);
}

ReportHook(PRE_ALL)(struct criterion_test_set *tests)
{
	struct practice p = { 0 };

	strcpy(p.b.dir, "/tmp/dasi-net-XXXXXX");
	assert(mkdtemp(p.b.dir) != NULL);
	assert(setenv(model, p.b.dir, 1) == 0);
	snprintf(p.dir, sizeof p.dir, "%s/sandbox", p.b.dir);
	write_people(p.b.dir);
	practice_sandbox_start(&p, NULL);
	practice_sandbox_stop(&p);
}

ReportHook(POST_ALL)(struct criterion_global_stats *stats)
{
	remove_folder(getenv(model));
}

static void
write_conf(struct practice *p)
{
	char text[1024];

	snprintf(text, sizeof text,
	    "branch { bank = Bank bank_code = 004 name = Branch code = B-1\n"
	    "  opens = \"09:00\" closes = \"16:00\" }\n"
	    "agent { state = state socket = agent.sock device_key = dev.key\n"
	    "  key_worker = /x/dasi-key }\n"
	    "media { directory = media }\n"
	    "head_office { certificate = h }\n"
	    "issuer yessign { name = KFTC ours = true }\n"
	    "include(\"sandbox/peers.conf\")\n"
	    "peers { timeout_ms = 5000 }\n"
	    "pay { timeout_s = %d }\n",
	    p->pay_timeout_s == 0 ? 20 : p->pay_timeout_s);
	write_text(p->b.dir, "dasi.conf", text);
}

void
practice_open(struct practice *p, const char *option)
{
	strcpy(p->b.dir, "/tmp/dasi-net-XXXXXX");
	assert(mkdtemp(p->b.dir) != NULL);
	snprintf(p->dir, sizeof p->dir, "%s/sandbox", p->b.dir);
	write_people(p->b.dir);
	copy_model(p->dir);
	practice_sandbox_start(p, option);
	write_conf(p);
	branch_launch(&p->b);
}

void
practice_close(struct practice *p)
{
	int status;

	kill(p->b.pid, SIGTERM);
	waitpid(p->b.pid, &status, 0);
	close(p->b.sock);
	close(p->b.listener);
	if (kill(p->sandbox, SIGTERM) == 0)
		waitpid(p->sandbox, &status, 0);
	remove_folder(p->b.dir);
}

static int
dial(const struct practice *p)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_port = htons((uint16_t)atoi(strchr(p->control, ':') + 1));
	assert(connect(fd, (struct sockaddr *)&a, sizeof a) == 0);
	return fd;
}

json_t *
practice_tell(struct practice *p, const char *path, const char *text)
{
	static char room[ROOM];
	size_t n = 0;
	ssize_t got;
	json_t *v;
	int fd = dial(p);

	dprintf(fd,
	    "%s /control%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
	    "Content-Length: %zu\r\n\r\n%s",
	    text == NULL ? "GET" : "POST", path,
	    text == NULL ? 0 : strlen(text), text == NULL ? "" : text);
	while ((got = read(fd, room + n, sizeof room - 1 - n)) > 0)
		n += (size_t)got;
	close(fd);
	room[n] = '\0';
	assert(strstr(room, "\r\n\r\n") != NULL);
	v = json_loads(strstr(room, "\r\n\r\n") + 4, 0, NULL);
	assert(v != NULL);
	return v;
}

void
practice_fault(struct practice *p, const char *at, const char *action)
{
	char text[128];
	json_t *v;

	snprintf(
	    text, sizeof text, "{\"at\":\"%s\",\"action\":\"%s\"}", at, action);
	v = practice_tell(p, "/fault", text);
	assert(rpc_bool(v, "ok"));
	json_decref(v);
}
