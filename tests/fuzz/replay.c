/*
 * tests/fuzz/replay.c - run a fuzz target over files, without libFuzzer.
 *
 * Arguments are files or folders of files; exits 0 when all were run.
 */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "fuzz.h"

static int
replay_file(const char *path)
{
	static uint8_t bytes[1 << 20];
	FILE *f = fopen(path, "rb");
	uint8_t *exact;
	size_t n;

	if (f == NULL) {
		perror(path);
		return 0;
	}
	n = fread(bytes, 1, sizeof bytes, f);
	fclose(f);
	/* a block of exactly this size, so that a sanitizer sees the edge */
	exact = malloc(n == 0 ? 1 : n);
	if (exact == NULL)
		return 0;
	for (size_t i = 0; i < n; i++)
		exact[i] = bytes[i];
	LLVMFuzzerTestOneInput(exact, n);
	free(exact);
	return 1;
}

static int
replay(const char *path)
{
	struct dirent *entry;
	struct stat st;
	int done = 0;
	DIR *dir;

	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return replay_file(path);
	if ((dir = opendir(path)) == NULL)
		return 0;
	while ((entry = readdir(dir)) != NULL) {
		char name[PATH_MAX];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
		done += replay_file(name);
	}
	closedir(dir);
	return done;
}

int
main(int argc, char **argv)
{
	int done = 0;

	LLVMFuzzerInitialize(&argc, &argv);
	for (int i = 1; i < argc; i++) {
		int n = replay(argv[i]);

		if (n == 0)
			return 1;
		done += n;
	}
	printf("%s: %d inputs\n", argv[0], done);
	return done > 0 ? 0 : 1;
}
