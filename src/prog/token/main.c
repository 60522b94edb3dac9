/*
 * token/main.c - dasi-token: security tokens, the only program that loads a
 * PKCS#11 module.
 *
 * A module is somebody else's code in our process: so this one has no
 * database, no network and no key but those on tokens.
 */
#include <openssl/crypto.h>

#include "base/log.h"
#include "conf/start.h"
#include "npki/npki.h"
#include "prog/token/server.h"

enum { HEAP = 64 * 1024, HEAP_BLOCK = 16 };

int
main(int argc, char **argv)
{
	static struct conf conf;
	int status = conf_start(&conf, "dasi-token", LOG_INFO, argc, argv);
	struct err e;

	if (status != EXIT_GOOD)
		return status;
	if (conf.token_module[0] == '\0') {
		log_line(LOG_NOTICE, "no module is configured: nothing to do");
		return EXIT_GOOD;
	}
	if (CRYPTO_secure_malloc_init(HEAP, HEAP_BLOCK) != 1)
		log_line(LOG_WARNING, "secrets are not locked into memory: "
				      "RLIMIT_MEMLOCK is small");
	e = npki_init();
	if (!err_is(e))
		e = server_run(&conf);
	if (err_is(e)) {
		log_err(LOG_ERROR, "ended", e);
		return EXIT_ENVIRONMENT;
	}
	return EXIT_GOOD;
}
