/*
 * net/main.c - dasi-net: carries bytes between the agent and the outside.
 *
 * It holds no key and no database; its answers are made by children that live
 * for one exchange.  Ends with 0 on SIGTERM, 2 on bad usage, 3 when its
 * surroundings are unfit.
 */
#include <openssl/crypto.h>
#include <systemd/sd-daemon.h>

#include "base/log.h"
#include "conf/start.h"
#include "npki/npki.h"
#include "prog/net/http.h"
#include "prog/net/link.h"

static struct err
prepare(void)
{
	struct err e = err_none();

	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1)
		e = err_make(E_CRYPTO, 0, "net: OpenSSL");
	if (!err_is(e))
		e = npki_init();
	if (!err_is(e))
		e = http_init();
	return e;
}

int
main(int argc, char **argv)
{
	static struct conf conf;
	int status = conf_start(&conf, "dasi-net", LOG_NOTICE, argc, argv);
	struct err e;

	if (status != EXIT_GOOD)
		return status;
	e = prepare();
	if (!err_is(e)) {
		(void)sd_notify(0, "READY=1");
		e = link_serve(&conf);
	}
	if (err_is(e)) {
		log_err(LOG_ERROR, "net", e);
		return EXIT_ENVIRONMENT;
	}
	return EXIT_GOOD;
}
