/*
 * token/main.c - dasi-token: security tokens, the only program that loads a
 * PKCS#11 module.
 *
 * A module is somebody else's code in our process: so this one has no
 * database, no network and no key but those on tokens.
 */
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "conf/conf.h"
#include "npki/npki.h"
#include "prog/token/server.h"

enum {
	EXIT_USAGE = 2,
	EXIT_ENVIRONMENT = 3,
	HEAP = 64 * 1024,
	HEAP_BLOCK = 16
};

static int
failed(const char *what, struct err e)
{
	log_err(LOG_ERROR, what, e);
	return EXIT_ENVIRONMENT;
}

int
main(int argc, char **argv)
{
	static struct conf conf;
	char message[CONF_MESSAGE];
	struct err e = secret_harden(NULL);

	log_open("dasi-token", LOG_INFO);
	if (err_is(e))
		return failed("hardening", e);
	if (argc != 1 && (argc != 3 || strcmp(argv[1], "--config") != 0)) {
		fprintf(stderr, "usage: dasi-token [--config FILE]\n");
		return EXIT_USAGE;
	}
	e = conf_load(&conf, conf_path(argc == 3 ? argv[2] : NULL), message);
	if (err_is(e)) {
		fprintf(stderr, "dasi-token: %s\n", message);
		return EXIT_ENVIRONMENT;
	}
	if (conf.token_module[0] == '\0') {
		log_line(LOG_NOTICE, "no module is configured: nothing to do");
		return 0;
	}
	if (CRYPTO_secure_malloc_init(HEAP, HEAP_BLOCK) != 1)
		log_line(LOG_WARNING, "secrets are not locked into memory: "
				      "RLIMIT_MEMLOCK is small");
	e = npki_init();
	if (!err_is(e))
		e = server_run(&conf);
	return err_is(e) ? failed("ended", e) : 0;
}
