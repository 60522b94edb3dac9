/*
 * dasi-media as the agent meets it, and its methods when the stick goes away.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "help.h"
#include "prog/media/jail.h"
#include "prog/media/server.h"
#include "rpc/rpc.h"

enum { PATIENCE_MS = 10000 };

static char home[256], sticks[300], address[300], conf_file[300];
static int listener, sock;
static pid_t program;
static json_t *last;

static void
write_conf(void)
{
	FILE *f = fopen(conf_file, "w");

	cr_assert(f != NULL);
	fprintf(f,
	    "practice = true\n"
	    "branch { bank = B bank_code = 004 name = B code = B-1 }\n"
	    "agent { state = s socket = \"%s\" device_key = k }\n"
	    "peers { cmp_url = \"http://127.0.0.1:1/\"\n"
	    "  ocsp_url = \"http://127.0.0.1:1/\"\n"
	    "  registry_url = \"http://127.0.0.1:1/\" }\n"
	    "media { directory = \"%s\" folders = true }\n"
	    "issuer yessign { name = K ours = true root = r ca = c\n"
	    "  ra_cert = r ra_key = r }\n",
	    address, sticks);
	fclose(f);
}

/* dasi-media stands beside this test program. */
static void
start(void)
{
	char path[1024];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 16);

	cr_assert(n > 0);
	path[n] = '\0';
	snprintf(strrchr(path, '/'), 16, "/dasi-media");
	if ((program = fork()) == 0) {
		int null = open("/dev/null", O_WRONLY);
		dup2(null, 2);
		/* the leak checker cannot look around inside the jail */
		setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
		execl(path, path, "--config", conf_file, (char *)NULL);
		_exit(127);
	}
}

static json_t *
next_frame(void)
{
	struct pollfd p = { sock, POLLIN, 0 };

	json_decref(last);
	last = NULL;
	cr_assert_gt(poll(&p, 1, PATIENCE_MS), 0, "nothing was said");
	cr_assert_eq(rpc_recv(sock, &last, NULL).code, E_NONE);
	return last;
}

static void
send_frame(json_t *body)
{
	cr_assert_eq(rpc_send(sock, body, -1).code, E_NONE);
	json_decref(body);
}

/* Accept the program; its hello. */
static json_t *
meet(void)
{
	struct pollfd p = { listener, POLLIN, 0 };

	cr_assert_gt(poll(&p, 1, PATIENCE_MS), 0, "nobody came");
	sock = accept(listener, NULL, NULL);
	return next_frame();
}

static void
greet(void)
{
	json_t *hello = meet();

	cr_expect_str_eq(rpc_str(hello, "method"), "hello");
	cr_expect_str_eq(
	    rpc_str(json_object_get(hello, "params"), "role"), "media");
	send_frame(rpc_result(rpc_int(hello, "id", 0), NULL));
}

static void
expect_state(const char *state)
{
	json_t *f = next_frame();

	cr_expect_str_eq(rpc_str(f, "event"), "media.changed");
	cr_expect_str_eq(rpc_str(json_object_get(f, "params"), "state"), state);
}

/* Ask and wait for the answer; events on the way are looked at and dropped. */
static json_t *
ask(const char *method, json_t *params)
{
	static int id = 100;
	json_t *f;

	send_frame(rpc_request(++id, method, params));
	while (json_object_get(f = next_frame(), "event") != NULL)
		;
	cr_expect_eq(rpc_int(f, "id", 0), id);
	return f;
}

static const char *
error_of(const json_t *answer)
{
	return rpc_str(json_object_get(answer, "error"), "code");
}

static json_t *
file_list(const struct write_file *files, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(
		    list, json_pack("{s:s,s:o}", "name", files[i].name, "data",
			      rpc_bytes(files[i].data)));
	return list;
}

static json_t *
job_params(const struct write_job *job)
{
	return json_pack("{s:s,s:s,s:o,s:o}", "organisation", job->organisation,
	    "leaf", job->leaf, "files", file_list(job->files, 2), "beside",
	    file_list(job->files + 2, job->file_count - 2));
}

static void
setup(void)
{
	snprintf(home, sizeof home, "%s", help_folder());
	snprintf(sticks, sizeof sticks, "%s/sticks", home);
	snprintf(address, sizeof address, "%s/agent", home);
	snprintf(conf_file, sizeof conf_file, "%s/dasi.conf", home);
	write_conf();
	cr_assert_eq(rpc_listen(&listener, address, 0600).code, E_NONE);
	start();
	greet();
	expect_state("none");
}

static void
teardown(void)
{
	int status = -1;

	kill(program, SIGTERM);
	waitpid(program, &status, 0);
	cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	json_decref(last);
	close(sock);
	close(listener);
	help_remove(home);
}

TestSuite(server, .init = setup, .fini = teardown, .timeout = 60);

Test(server, tells_sticks_writes_a_pair_and_answers_with_what_it_read)
{
	struct write_job *job = help_job(1, true);
	json_t *r, *back;

	help_dirs(sticks, "USB1");
	expect_state("ready");
	r = json_object_get(ask("media.write", job_params(job)), "result");
	cr_assert(r != NULL, "%s", error_of(last));
	cr_expect_not(rpc_bool(r, "moved_aside"));
	back = json_object_get(r, "readback");
	cr_assert_eq(json_array_size(json_object_get(r, "files")), 3);
	cr_assert_eq(json_array_size(back), 3);
	for (size_t i = 0; i < 3; i++) {
		const struct write_file *f = &job->files[i];
		static uint8_t room[FILE_ROOM];
		struct buf b = buf_make(room, sizeof room);
		json_t *told = json_array_get(json_object_get(r, "files"), i);
		cr_expect_str_eq(rpc_str(told, "name"), f->name);
		cr_expect_eq(rpc_int(told, "size", 0), (long)f->data.n);
		cr_expect_eq(
		    rpc_get_bytes(&b, json_array_get(back, i), "data").code,
		    E_NONE);
		cr_expect(span_eq(buf_span(&b), f->data));
	}
	cr_expect(help_leaf_is_whole(help_path(sticks, "USB1"), job));
	r = json_object_get(ask("media.read", NULL), "result");
	cr_assert_eq(json_array_size(json_object_get(r, "pairs")), 1);
	cr_expect_str_eq(
	    rpc_str(json_array_get(json_object_get(r, "pairs"), 0), "leaf"),
	    LEAF);
	r = ask(
	    "media.replace", json_pack("{s:s,s:s,s:s,s:o}", "organisation",
				 "yessign", "leaf", LEAF, "name", "signPri.key",
				 "data", rpc_bytes(span_str("new"))));
	cr_expect_str_eq(
	    rpc_str(json_object_get(r, "result"), "readback"), "bmV3");
}

Test(server, says_why_there_is_no_stick_to_write_to)
{
	struct write_job *job = help_job(1, false);

	cr_expect_str_eq(
	    error_of(ask("media.write", job_params(job))), "media.none");
	help_dirs(sticks, "USB1");
	expect_state("ready");
	help_dirs(sticks, "USB2");
	expect_state("several");
	cr_expect_str_eq(
	    error_of(ask("media.write", job_params(job))), "media.several");
	cr_expect_str_eq(error_of(ask("media.read", NULL)), "media.several");
	rmdir(help_path(sticks, "USB2"));
	expect_state("ready");
	if (geteuid() == 0)
		return;
	chmod(help_path(sticks, "USB1"), 0500);
	expect_state("readonly");
	cr_expect_str_eq(
	    error_of(ask("media.write", job_params(job))), "media.readonly");
	chmod(help_path(sticks, "USB1"), 0700);
}

/* clang-format off */
static const char *const bad_params[] = {
	"{}",
	"[]",
	"{\"organisation\":\"yessign\",\"leaf\":\"../x\"}",
	"{\"organisation\":\"../..\",\"leaf\":\"cn=a\",\"files\":[]}",
	"{\"organisation\":\"yessign\",\"leaf\":\"cn=a\",\"files\":[]}",
	"{\"organisation\":\"yessign\",\"leaf\":\"cn=a\",\"files\":7}",
	"{\"organisation\":\"yessign\",\"leaf\":\"cn=a\",\"files\":["
	    "{\"name\":\"signCert.der\",\"data\":\"AAAA\"}]}",
	"{\"organisation\":\"yessign\",\"leaf\":\"cn=a\",\"files\":["
	    "{\"name\":\"signCert.der\",\"data\":\"AAAA\"},"
	    "{\"name\":\"signCert.der\",\"data\":\"AAAA\"}]}",
	"{\"organisation\":\"yessign\",\"leaf\":\"cn=a\",\"files\":["
	    "{\"name\":\"signCert.der\",\"data\":\"AAAA\"},"
	    "{\"name\":\"signPri.key\",\"data\":\"\"}]}",
	"{\"organisation\":\"yessign\",\"leaf\":\"cn=a\",\"files\":["
	    "{\"name\":\"signCert.der\",\"data\":\"AAAA\"},"
	    "{\"name\":\"signPri.key\",\"data\":\"not base64!\"}]}",
	"{\"organisation\":\"yessign\",\"leaf\":\"cn=a\",\"files\":["
	    "{\"name\":\"signCert.der\",\"data\":\"AAAA\"},"
	    "{\"name\":\"signPri.key\",\"data\":\"AAAA\"}],\"beside\":["
	    "{\"name\":\"../a.p12\",\"data\":\"AAAA\"}]}",
	"{\"organisation\":\"yessign\",\"leaf\":\"cn=a\",\"files\":["
	    "{\"name\":\"signCert.der\",\"data\":\"AAAA\"},"
	    "{\"name\":\"signPri.key\",\"data\":\"AAAA\"}],\"beside\":["
	    "{\"name\":\"kmPri.key\",\"data\":\"AAAA\"}]}",
	"{\"organisation\":\"yessign\",\"leaf\":\"cn=a\",\"files\":["
	    "{\"name\":\"signCert.der\",\"data\":\"AAAA\"},"
	    "{\"name\":\"signPri.key\",\"data\":\"AAAA\"}],\"beside\":["
	    "{\"name\":\"a.p12\",\"data\":\"AAAA\"},"
	    "{\"name\":\"a.p12\",\"data\":\"AAAA\"}]}",
};
/* clang-format on */

Test(server, refuses_what_it_does_not_understand_and_lives_on)
{
	help_dirs(sticks, "USB1");
	expect_state("ready");
	cr_expect_str_eq(error_of(ask("media.format", NULL)), "rpc.method");
	for (size_t i = 0; i < sizeof bad_params / sizeof bad_params[0]; i++)
		cr_expect_str_eq(error_of(ask("media.write",
				     json_loads(bad_params[i], 0, NULL))),
		    "rpc.params", "%s", bad_params[i]);
	cr_expect_eq(help_count(sticks, "USB1"), 0);
	cr_expect(json_object_get(ask("media.read", NULL), "result") != NULL);
}

Test(server, comes_back_when_the_agent_does)
{
	help_dirs(sticks, "USB1");
	expect_state("ready");
	close(sock);
	greet();
	expect_state("ready");
	/* a refused hello is no reason to give up either */
	close(sock);
	send_frame(rpc_error(rpc_int(meet(), "id", 0), "rpc.role"));
	close(sock);
	greet();
	expect_state("ready");
}

/* A clock that pulls the stick when it is read for the n-th time. */
static int reads_left;

static int64_t
pulling_clock(void *ctx)
{
	if (reads_left-- == 0)
		cr_assert_eq(rename(help_path(sticks, "USB1"),
				 help_path(home, "pulled")),
		    0);
	return 1;
}

static int64_t
still_clock(void *ctx)
{
	return 1795323909000;
}

/* The error code of a write whose stick goes at the n-th step. */
static const char *
write_and_pull(struct watch *w, int n)
{
	static char code[64];
	struct server s = { .watch = w,
		.agent = { .sock = -1,
		    .greeted = true,
		    .beat_every_ms = 1,
		    .clock = { still_clock, pulling_clock, NULL } } };
	json_t *request, *answer;

	reads_left = n;
	request = rpc_request(7, "media.write", job_params(help_job(1, true)));
	answer = method_answer(&s, request);
	snprintf(code, sizeof code, "%s", error_of(answer));
	json_decref(request);
	json_decref(answer);
	return code;
}

Test(methods, a_stick_pulled_at_any_step_is_gone_and_holds_no_half)
{
	struct watch *w;

	snprintf(home, sizeof home, "%s", help_folder());
	snprintf(sticks, sizeof sticks, "%s/sticks", home);
	cr_assert_eq(watch_open(&w, sticks, true).code, E_NONE);
	for (int n = 0; n < 6; n++) {
		help_dirs(sticks, "USB1");
		cr_expect_str_eq(write_and_pull(w, n), "media.gone", "%d", n);
		cr_expect(help_leaf_is_whole(
		    help_path(home, "pulled"), help_job(1, true)));
		help_remove(help_path(home, "pulled"));
	}
	help_dirs(sticks, "USB1");
	cr_expect_str_eq(write_and_pull(w, 1000), "");
	watch_close(w);
	help_remove(home);
}

Test(jail, opens_nothing_outside_the_folder_and_still_moves_inside)
{
	const char *folder = help_folder();
	bool landlocked;
	pid_t pid;
	int status;

	help_dirs(folder, "a/b");
	help_dirs(folder, "c");
	if ((pid = fork()) == 0) {
		if (err_is(jail_enter(folder, &landlocked)))
			_exit(1);
		if (!landlocked)
			_exit(77);
		if (open("/etc/passwd", O_RDONLY) >= 0 ||
		    open("/proc/self/maps", O_RDONLY) >= 0 ||
		    mkdir("/tmp/dasi-media-outside", 0700) == 0)
			_exit(2);
		if (rename(help_path(folder, "a/b"),
			help_path(folder, "c/b")) != 0 ||
		    err_is(help_write(folder, help_job(1, true))))
			_exit(3);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	help_remove(folder);
	cr_assert(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		cr_skip_test("skipped: no landlock in this kernel");
	cr_expect_eq(WEXITSTATUS(status), 0);
}
