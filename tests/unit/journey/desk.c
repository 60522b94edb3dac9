/*
 * desk.c - branch.sh starts and stops the branch; libvterm is the terminal.
 */
#define _GNU_SOURCE
#include "desk.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct vt *desk_vt;

static char bin[PATH_MAX / 2], dir[64];
static pid_t branch_pid;
static int branch_in;

/* The programs stand beside this one. */
static void
find_programs(void)
{
	char self[PATH_MAX / 2] = "";

	cr_assert(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
	snprintf(bin, sizeof bin, "%s", dirname(self));
}

/*
 * The shell that is the parent of the branch's programs.  It ends them when
 * our end of its input closes: at desk_close(), or when this test dies.
 */
static void
shell(int in, int out)
{
	static const char script[] =
	    ". kiosk-config/practice/branch.sh;"
	    "branch_start \"$1\" && echo ready && read -r _;"
	    "branch_stop \"$1\"; rm -rf \"$1\"";

	setenv("BIN", bin, 1);
	if (dup2(in, 0) == 0 && dup2(out, 1) == 1)
		execlp("bash", "bash", "-c", script, "bash", dir, (char *)NULL);
	_exit(127);
}

void
desk_open(void)
{
	const char *tmp = getenv("TMPDIR");
	int in[2], out[2];
	char ready[8];

	find_programs();
	snprintf(dir, sizeof dir, "%.40s/dasi-desk.XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	cr_assert(mkdtemp(dir) != NULL);
	cr_assert(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
	branch_pid = fork();
	cr_assert(branch_pid >= 0);
	if (branch_pid == 0)
		shell(in[0], out[1]);
	close(in[0]);
	close(out[1]);
	branch_in = in[1];
	cr_assert(
	    read(out[0], ready, sizeof ready) == 6, "the branch did not start");
	close(out[0]);
}

void
desk_sit(int rows, int cols, const char *conf)
{
	static char program[PATH_MAX], path[96];
	static char option[] = "--config";
	char *argv[] = { program, option, path, NULL };
	/* curses keeps its memory to the end */
	const char *env[] = { "ASAN_OPTIONS=detect_leaks=0", NULL };
	FILE *f;

	snprintf(program, sizeof program, "%s/dasi-kiosk", bin);
	snprintf(path, sizeof path, "%s/dasi.conf", dir);
	if (conf != NULL) {
		f = fopen(path, "a");
		cr_assert(f != NULL);
		cr_assert(fputs(conf, f) >= 0 && fclose(f) == 0);
	}
	desk_vt = vt_start(rows, cols, argv, env);
	cr_assert(desk_vt != NULL);
	desk_see("", "잃어버리셨나요");
}

void
desk_close(void)
{
	vt_free(desk_vt);
	desk_vt = NULL;
	if (branch_pid <= 0)
		return;
	close(branch_in);
	(void)waitpid(branch_pid, NULL, 0);
	branch_pid = 0;
}

void
desk_see(const char *keys, const char *text)
{
	cr_assert(vt_keys(desk_vt, keys), "the kiosk does not read");
	cr_assert(vt_wait_text(desk_vt, text, DESK_LIMIT_MS),
	    "did not see: %s\n%s", text, vt_screen(desk_vt));
}

void
desk_see_no(const char *keys, const char *text)
{
	cr_assert(vt_keys(desk_vt, keys), "the kiosk does not read");
	cr_assert(vt_wait_no_text(desk_vt, text, DESK_LIMIT_MS),
	    "still there: %s\n%s", text, vt_screen(desk_vt));
}

void
desk_to_identity(void)
{
	desk_see("1", "이렇게 진행됩니다");
	desk_see(ENTER, "동의해 주십시오");
	desk_see("123", "3 [x]");
	desk_see(ENTER, "신분증에 적힌 내용을");
}

bool
desk_agent_said(const char *text)
{
	char path[96], line[512];
	bool said = false;
	FILE *f;

	snprintf(path, sizeof path, "%s/log/agent.log", dir);
	f = fopen(path, "r");
	cr_assert(f != NULL);
	while (!said && fgets(line, sizeof line, f) != NULL)
		said = strstr(line, text) != NULL;
	fclose(f);
	return said;
}
