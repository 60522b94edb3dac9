/*
 * tokens.c - SoftHSM in a temporary folder.
 */
#define _GNU_SOURCE
#include "tokens.h"

#include <assert.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "npki/npki.h"
#include "prog/token/jobs.h"
#include "rpc/rpc.h"

static char folder[64], shim[600], spoken[128];

int
tokens_run(const char *command)
{
	int status = system(command);

	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static void
put(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");

	assert(f != NULL && fputs(text, f) >= 0);
	fclose(f);
}

void
tokens_say(const char *words)
{
	put(spoken, words);
}

void
tokens_gone(struct bench *b)
{
	tokens_say("gone");
}

void
tokens_add(const char *label)
{
	char command[512];

	snprintf(command, sizeof command,
	    "softhsm2-util --init-token --free --label %s --so-pin " SO_PIN
	    " --pin " PIN " >/dev/null",
	    label);
	assert(tokens_run(command) == 0);
}

/* The shim lies where this program does. */
static void
find_shim(void)
{
	char self[512] = "";
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	assert(n > 0);
	snprintf(shim, sizeof shim, "%s/token-shim.so", dirname(self));
}

static void
make_folder(void)
{
	char conf[128], store[128], text[256];

	strcpy(folder, "/tmp/dasi-token.XXXXXX");
	assert(mkdtemp(folder) != NULL);
	snprintf(store, sizeof store, "%s/tokens", folder);
	snprintf(conf, sizeof conf, "%s/softhsm2.conf", folder);
	snprintf(spoken, sizeof spoken, "%s/shim", folder);
	snprintf(text, sizeof text,
	    "directories.tokendir = %s\nobjectstore.backend = file\n"
	    "log.level = ERROR\n",
	    store);
	assert(mkdir(store, 0700) == 0);
	put(conf, text);
	tokens_say("");
	setenv("SOFTHSM2_CONF", conf, 1);
	setenv("TOKEN_SHIM", spoken, 1);
}

void
tokens_open(struct bench *b)
{
	find_shim();
	make_folder();
	tokens_add("first");
	bench_open(b);
	b->token = true;
}

int
tokens_close(struct bench *b)
{
	char command[128];
	int status = bench_close(b);

	snprintf(command, sizeof command, "rm -rf %s", folder);
	assert(tokens_run(command) == 0);
	return status;
}

void
bench_become(int fd)
{
	struct port port = { .sock = fd };
	struct module m;
	struct err e = npki_init();

	if (!err_is(e))
		e = module_open(&m, shim);
	assert(!err_is(e));
	while (!err_is(e)) {
		struct request r;

		e = port_next(&port, &r, PORT_NO_LIMIT);
		if (!err_is(e))
			e = jobs_run(&m, &port, &r);
	}
	module_close(&m);
	_exit(e.code == E_GONE ? 0 : 1);
}

const json_t *
tokens_list(struct bench *b)
{
	static json_t *last;

	json_decref(last);
	bench_send(b, 10, "token.list", NULL, -1);
	last = bench_wait(b, 10);
	return json_object_get(json_object_get(last, "result"), "tokens");
}

json_t *
tokens_issue(struct bench *b, int index, const char *pin)
{
	json_t *p = bench_issue_params(b);

	(void)tokens_list(b);
	json_object_set_new(p, "token", json_integer(index));
	bench_send(b, 11, "token.start", p, bench_pipe(pin, strlen(pin)));
	return bench_wait(b, 11);
}

json_t *
tokens_ask(struct bench *b, const char *method, int index, const char *secret,
    const char *number)
{
	json_t *p = json_pack("{s:i,s:s?}", "token", index, "number", number);

	bench_send(b, 12, method, p, bench_pipe(secret, strlen(secret)));
	return bench_wait(b, 12);
}

int
tokens_count(const char *what)
{
	char command[512], line[256];
	FILE *f;
	int n = 0;

	snprintf(command, sizeof command,
	    "pkcs11-tool --module /usr/lib/softhsm/libsofthsm2.so "
	    "--token-label first --login --pin " PIN " --list-objects "
	    "2>/dev/null");
	f = popen(command, "re");
	assert(f != NULL);
	while (fgets(line, sizeof line, f) != NULL)
		n += strncmp(line, what, strlen(what)) == 0;
	pclose(f);
	return n;
}
