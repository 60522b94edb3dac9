/*
 * agent/main.c - dasi-agent [--config FILE]: the branch's truth.
 *
 * Exit status: 0 after a clean stop, 2 usage, 3 configuration or environment.
 */
#include "base/log.h"
#include "base/secret.h"
#include "conf/start.h"
#include "npki/npki.h"
#include "prog/agent/device.h"
#include "prog/agent/loop.h"

int
main(int argc, char **argv)
{
	static struct conf conf;
	uint8_t device_key_secret[SEAL_KEY];
	int status = conf_start(&conf, "dasi-agent", LOG_INFO, argc, argv);
	struct err e;

	if (status != EXIT_GOOD)
		return status;
	e = npki_init();
	if (!err_is(e))
		e = device_key_load(device_key_secret, &conf);
	if (!err_is(e))
		e = loop_run(&conf, device_key_secret);
	secret_wipe(device_key_secret, sizeof device_key_secret);
	npki_free();
	if (err_is(e)) {
		log_err(LOG_ERROR, "ended", e);
		return EXIT_ENVIRONMENT;
	}
	return EXIT_GOOD;
}
