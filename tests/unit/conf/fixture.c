/*
 * fixture.c - see fixture.h.
 */
#include "fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char dir[] = "/tmp/dasi-conf-XXXXXX";
char message[CONF_MESSAGE];
struct conf c;

void
put(const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, "w");
	cr_assert(f != NULL);
	fputs(text, f);
	fclose(f);
}

struct err
load(const char *name)
{
	char path[256];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	return conf_load(&c, path, message);
}

struct err
load_with(const char *added)
{
	char text[16384];

	snprintf(text, sizeof text, "%s%s", GOOD, added);
	put("dasi.conf", text);
	return load("dasi.conf");
}

void
conf_setup(void)
{
	strcpy(dir + sizeof dir - 7, "XXXXXX");
	cr_assert(mkdtemp(dir) != NULL);
}

void
conf_teardown(void)
{
	static const char *const names[] = { "dasi.conf", "more.conf",
		"peers.conf", "closed.conf" };
	char path[256];

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		snprintf(path, sizeof path, "%s/%s", dir, names[i]);
		unlink(path);
	}
	rmdir(dir);
}
