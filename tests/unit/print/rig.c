/*
 * unit/print/rig.c - set-up.
 */
#include "rig.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "machine.h"

struct rig rig;

void
rig_open(void)
{
	uint16_t port = 0;
	char folder[80];

	signal(SIGPIPE, SIG_IGN);
	snprintf(rig.folder, sizeof rig.folder, "/tmp/dasi-print.XXXXXX");
	cr_assert(mkdtemp(rig.folder) != NULL);
	snprintf(folder, sizeof folder, "%s/machine", rig.folder);
	rig.machine = machine_start(folder, &port);
	cr_assert(rig.machine != NULL);
	snprintf(rig.to, sizeof rig.to, "tcp:127.0.0.1:%u", port);
	rig.conf.print_columns = 42;
	snprintf(
	    rig.conf.print_profile, sizeof rig.conf.print_profile, "cp949");
}

void
rig_close(void)
{
	char command[96];

	machine_stop(rig.machine);
	snprintf(command, sizeof command, "%s", rig.folder);
	cr_expect_eq(rig_remove(command), 0);
}

void
rig_mood(const char *state)
{
	cr_assert(machine_set(rig.machine, state), "%s", state);
}

int
rig_remove(const char *folder)
{
	DIR *d = opendir(folder);
	const struct dirent *f;
	int failed = 0;

	while (d != NULL && (f = readdir(d)) != NULL) {
		char path[512];

		if (f->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, f->d_name);
		if (unlink(path) != 0)
			failed |= rig_remove(path);
	}
	if (d != NULL)
		closedir(d);
	return failed | rmdir(folder);
}

int
rig_files(const char *folder, const char *ending)
{
	DIR *d = opendir(folder);
	const struct dirent *f;
	int n = 0;

	while (d != NULL && (f = readdir(d)) != NULL) {
		const char *dot = strrchr(f->d_name, '.');

		n += dot != NULL && strcmp(dot, ending) == 0;
	}
	if (d != NULL)
		closedir(d);
	return n;
}

json_t *
rig_document(const char *name)
{
	char path[128];
	json_t *d;

	snprintf(path, sizeof path, "tests/golden/paper/%s.json", name);
	d = json_load_file(path, 0, NULL);
	cr_assert(d != NULL, "%s", path);
	return d;
}
