/*
 * The walls: what the jail kills, and what is left in memory at each stage.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <fcntl.h>
#include <openssl/rsa.h>
#include <openssl/core_names.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "npki/pri.h"
#include "prog/key/jail.h"
#include "rpc/rpc.h"

/* --- forbidden calls --------------------------------------------------------
 */

static void
try_open(void)
{
	(void)open("/dev/null", O_RDONLY);
}

static void
try_socket(void)
{
	(void)socket(AF_INET, SOCK_STREAM, 0);
}

static void
try_fork(void)
{
	(void)fork();
}

static void
try_exec(void)
{
	execl("/bin/true", "true", (char *)NULL);
}

static void
try_kill(void)
{
	(void)kill(getppid(), 0);
}

#ifndef __SANITIZE_ADDRESS__ /* the sanitizer's own end needs more */
static void
try_nothing(void)
{
	(void)!write(STDERR_FILENO, "", 0);
}
#endif

static int
status_in_jail(void (*f)(void))
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		if (err_is(jail_enter()))
			_exit(9);
		f();
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

Test(jail, a_forbidden_call_kills_the_process)
{
	/* clang-format off */
	static const struct { const char *name; void (*f)(void); } rows[] = {
		{ "open", try_open }, { "socket", try_socket },
		{ "fork", try_fork }, { "exec", try_exec },
		{ "kill", try_kill },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_eq(status_in_jail(rows[i].f), 128 + SIGSYS, "%s",
		    rows[i].name);
#ifndef __SANITIZE_ADDRESS__
	cr_expect_eq(status_in_jail(try_nothing), 0);
#endif
}

/* Without any memory to lock there is no job. */
Test(jail, no_lockable_memory_is_refused)
{
	struct rlimit none = { 0, 0 };
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		size_t size = 1;

		if (setrlimit(RLIMIT_MEMLOCK, &none) != 0 || setuid(65534) != 0)
			_exit(77);
		_exit(jail_secure_heap(&size).code == E_LIMIT && size == 0 ? 0
									   : 1);
	}
	waitpid(pid, &status, 0);
	if (WEXITSTATUS(status) == 77)
		cr_skip_test("needs root to give up its privileges");
	cr_expect_eq(WEXITSTATUS(status), 0);
}

Test(jail, a_small_limit_gives_a_smaller_heap)
{
	struct rlimit some = { 160 * 1024, 160 * 1024 };
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		size_t size = 0;
		struct err e;

		if (setrlimit(RLIMIT_MEMLOCK, &some) != 0 || setuid(65534) != 0)
			_exit(77);
		e = jail_secure_heap(&size);
		_exit(!err_is(e) && size == 128 * 1024 ? 0 : 1);
	}
	waitpid(pid, &status, 0);
	if (WEXITSTATUS(status) == 77)
		cr_skip_test("needs root to give up its privileges");
	cr_expect_eq(WEXITSTATUS(status), 0);
}

#ifndef __SANITIZE_ADDRESS__

/* --- the real process
 * ---------------------------------------------------------- */

static struct bench b;

Test(jail, the_worker_is_in_it_before_its_first_answer)
{
	char path[64], line[256];
	bool filtered = false, no_new = false;
	FILE *f;

	bench_open(&b);
	bench_send(
	    &b, 1, "issue.prepare", json_pack("{s:i}", "bits", 2048), -1);
	json_decref(bench_wait(&b, 1));
	snprintf(path, sizeof path, "/proc/%d/status", b.pid);
	cr_assert((f = fopen(path, "r")) != NULL);
	while (fgets(line, sizeof line, f) != NULL) {
		filtered |= strcmp(line, "Seccomp:\t2\n") == 0;
		no_new |= strcmp(line, "NoNewPrivs:\t1\n") == 0;
	}
	fclose(f);
	cr_expect(filtered);
	cr_expect(no_new);
	cr_expect_eq(bench_close(&b), 0);
}

/* --- what is in memory, and when -------------------------------------------
 */

enum { PATTERN = 24, PATTERNS = 16 };

struct pattern {
	const char *name;
	uint8_t b[64];
	size_t n;
};

static struct pattern patterns[PATTERNS];
static size_t pattern_count;
static bool unreadable;

static void
add_pattern(const char *name, const void *p, size_t n)
{
	struct pattern *x = &patterns[pattern_count++];

	cr_assert(pattern_count <= PATTERNS && n <= sizeof x->b);
	x->name = name;
	memcpy(x->b, p, n);
	x->n = n;
}

/* The middle of a number, as words lie in memory and as DER has it. */
static void
add_number(const char *name, EVP_PKEY *key, const char *param)
{
	BIGNUM *v = NULL;
	uint8_t big[512], little[512];
	int n;

	cr_assert_eq(EVP_PKEY_get_bn_param(key, param, &v), 1);
	n = BN_num_bytes(v);
	BN_bn2bin(v, big);
	BN_bn2lebinpad(v, little, n);
	add_pattern(name, big + 40, PATTERN);
	add_pattern(name, little + 40, PATTERN);
	BN_clear_free(v);
}

static size_t
count_in(const uint8_t *room, size_t n, const struct pattern *x)
{
	size_t found = 0;
	const uint8_t *p = room, *end = room + n;

	while ((p = memmem(p, (size_t)(end - p), x->b, x->n)) != NULL) {
		found++;
		p++;
	}
	return found;
}

/* Copies of each pattern in every readable mapping of the process. */
static void
scan(size_t found[PATTERNS])
{
	char path[64], line[512];
	FILE *maps;
	int mem;

	memset(found, 0, PATTERNS * sizeof *found);
	snprintf(path, sizeof path, "/proc/%d/mem", b.pid);
	mem = open(path, O_RDONLY);
	snprintf(path, sizeof path, "/proc/%d/maps", b.pid);
	maps = fopen(path, "r");
	unreadable = mem < 0 || maps == NULL;
	while (!unreadable && fgets(line, sizeof line, maps) != NULL) {
		unsigned long from, to;
		char mode[8];
		uint8_t *room;
		ssize_t n;

		if (sscanf(line, "%lx-%lx %7s", &from, &to, mode) != 3 ||
		    mode[0] != 'r')
			continue;
		room = malloc(to - from);
		n = pread(mem, room, to - from, (off_t)from);
		for (size_t i = 0; n > 0 && i < pattern_count; i++)
			found[i] += count_in(room, (size_t)n, &patterns[i]);
		free(room);
	}
	if (maps != NULL)
		fclose(maps);
	if (mem >= 0)
		close(mem);
}

static size_t at_ir[PATTERNS], at_issued[PATTERNS], at_confirm[PATTERNS];

/* The test knows the password, so it can look into the customer's file. */
static void
learn_secrets(struct bench *x)
{
	static uint8_t room[8192];
	struct buf pri = buf_make(room, sizeof room);
	struct npki_key key = { 0 };

	cr_assert_not(err_is(rpc_get_bytes(&pri, x->ir_params, "sign_pri")));
	cr_assert_not(err_is(
	    npki_pri_read(&key, buf_span(&pri), span_str(GOOD_PASSWORD))));
	add_number("d", key.pkey, OSSL_PKEY_PARAM_RSA_D);
	add_number("p", key.pkey, OSSL_PKEY_PARAM_RSA_FACTOR1);
	add_number("q", key.pkey, OSSL_PKEY_PARAM_RSA_FACTOR2);
	add_number("dp", key.pkey, OSSL_PKEY_PARAM_RSA_EXPONENT1);
	add_pattern("R", key.r_secret, NPKI_R);
	add_pattern("password", GOOD_PASSWORD, strlen(GOOD_PASSWORD));
	add_pattern("number", FAKE_NUMBER, strlen(FAKE_NUMBER));
	npki_key_free(&key);
	scan(at_ir);
}

static void
look_at_issued(struct bench *x)
{
	scan(at_issued);
}

static void
look_at_confirm(struct bench *x)
{
	scan(at_confirm);
}

/* d, p, q are the first six patterns; R, password and number the last three. */
Test(memory, each_secret_is_gone_when_its_work_is_done)
{
	json_t *a;
	size_t key_copies = 0;

	bench_open(&b);
	b.p12 = true;
	b.at_ir = learn_secrets;
	b.at_issued = look_at_issued;
	b.at_confirm = look_at_confirm;
	a = bench_issue(&b);
	cr_expect_str_eq(outcome(a), "confirmed");
	json_decref(a);
	cr_expect_eq(bench_close(&b), 0);
	if (unreadable)
		cr_skip_test("the kernel lets only root read the memory");

	/* a scan that finds nothing while they are needed would prove nothing
	 */
	for (size_t i = 0; i < pattern_count - 3; i++)
		key_copies += at_ir[i];
	cr_expect(key_copies > 0);
	for (size_t i = pattern_count - 3; i < pattern_count; i++)
		cr_expect(at_ir[i] > 0, "%s not seen", patterns[i].name);

	for (size_t i = 0; i < pattern_count; i++) {
		bool password = strcmp(patterns[i].name, "password") == 0;

		cr_expect_eq(at_issued[i] > 0, password,
		    "%s: %zu copies while the certificate waits",
		    patterns[i].name, at_issued[i]);
		cr_expect_eq(at_confirm[i], 0, "%s: %zu copies at the end",
		    patterns[i].name, at_confirm[i]);
	}
}

#endif
