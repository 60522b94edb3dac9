/*
 * golden.c - golden files.
 */
#include "golden.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { GOLDEN_MAX = 1 << 20 };

/* Makes the folders on the way to `path`. */
static void
make_dirs(const char *path)
{
	char dir[512];

	snprintf(dir, sizeof dir, "%s", path);
	for (char *p = dir + 1; *p != '\0'; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(dir, 0755) != 0 && errno != EEXIST)
			fprintf(
			    stderr, "golden: %s: %s\n", dir, strerror(errno));
		*p = '/';
	}
}

static bool
save(const char *path, const char *text)
{
	FILE *f;
	bool done;

	make_dirs(path);
	f = fopen(path, "w");
	if (f == NULL) {
		fprintf(stderr, "golden: %s: %s\n", path, strerror(errno));
		return false;
	}
	done = fputs(text, f) >= 0;
	return fclose(f) == 0 && done;
}

static char *
load(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text;
	size_t n;

	if (f == NULL)
		return NULL;
	text = malloc(GOLDEN_MAX + 1);
	n = text == NULL ? 0 : fread(text, 1, GOLDEN_MAX, f);
	fclose(f);
	if (text != NULL)
		text[n] = '\0';
	return text;
}

static void
tell_difference(const char *name, const char *want, const char *got)
{
	int line = 1;

	while (*want != '\0' && *want == *got) {
		line += *want == '\n';
		want++;
		got++;
	}
	fprintf(stderr,
	    "golden: %s differs in line %d (now in "
	    "build/golden/%s.txt; GOLDEN_UPDATE=1 accepts)\n",
	    name, line, name);
}

bool
golden_matches(const char *name, const char *text)
{
	const char *update = getenv("GOLDEN_UPDATE");
	char path[512], now[512];
	char *want;
	bool same;

	snprintf(path, sizeof path, "tests/golden/%s.txt", name);
	snprintf(now, sizeof now, "build/golden/%s.txt", name);
	if (update != NULL && strcmp(update, "1") == 0)
		return save(path, text);
	want = load(path);
	if (want == NULL) {
		fprintf(
		    stderr, "golden: no %s (GOLDEN_UPDATE=1 makes it)\n", path);
		return false;
	}
	same = strcmp(want, text) == 0;
	if (!same) {
		tell_difference(name, want, text);
		(void)save(now, text);
	}
	free(want);
	return same;
}
