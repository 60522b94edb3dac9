/*
 * The shipped systemd units stay tight, and their files verify.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* execvp takes its words as writable; they are not written. */
static void
become(const char *const argv[])
{
	char *words[12];
	size_t n = 0;

	while (argv[n] != NULL && n < sizeof words / sizeof words[0] - 1)
		n++;
	memcpy(words, argv, n * sizeof words[0]);
	words[n] = NULL;
	execvp(words[0], words);
	_exit(127);
}

/* The exit status of a program; its words go nowhere.  -1: it cannot run. */
static int
run(const char *const argv[])
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);
		dup2(null, 1);
		dup2(null, 2);
		become(argv);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) ||
	    WEXITSTATUS(status) == 127)
		return -1;
	return WEXITSTATUS(status);
}

Test(units, are_exposed_less_than_two_of_ten)
{
	static const char *const names[] = { "agent", "net", "media", "kiosk" };
	char path[128];
	const char *argv[] = { "systemd-analyze", "security", "--offline=true",
		"--no-pager", "--threshold=20", path, NULL };
	const char *version[] = { "systemd-analyze", "--version", NULL };

	if (run(version) != 0)
		cr_skip_test("skipped: no systemd-analyze here");
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		snprintf(path, sizeof path,
		    "kiosk-config/systemd/dasi-%s.service", names[i]);
		cr_expect_eq(run(argv), 0, "%s", path);
	}
}

Test(units, the_users_and_groups_of_the_roles_are_created)
{
	static const char *const names[] = { "u dasi-agent ", "u dasi-net ",
		"u dasi-media ", "u dasi-kiosk ", "g dasi-teller ",
		"g dasi-supervisor ", "g dasi-auditor " };
	char text[4096] = "";
	FILE *f = fopen("kiosk-config/sysusers.d/dasi.conf", "r");

	cr_assert(f != NULL);
	text[fread(text, 1, sizeof text - 1, f)] = '\0';
	fclose(f);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		cr_expect(strstr(text, names[i]) != NULL, "%s", names[i]);
}
