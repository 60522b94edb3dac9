/*
 * agent/main.c - dasi-agent [--config FILE]: the branch's truth.
 *
 * Exit status: 0 after a clean stop, 2 usage, 3 configuration or environment.
 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "npki/npki.h"
#include "prog/agent/device.h"
#include "prog/agent/loop.h"

enum { EXIT_USAGE = 2, EXIT_ENVIRONMENT = 3 };

static struct err
run(const char *path)
{
	static struct conf conf;
	char message[CONF_MESSAGE];
	uint8_t device_key_secret[SEAL_KEY];
	struct err e = conf_load(&conf, path, message);

	if (err_is(e)) {
		log_line(LOG_ERROR, "%s", message);
		return e;
	}
	e = npki_init();
	if (!err_is(e))
		e = device_key_load(device_key_secret, &conf);
	if (!err_is(e))
		e = loop_run(&conf, device_key_secret);
	secret_wipe(device_key_secret, sizeof device_key_secret);
	npki_free();
	return e;
}

int
main(int argc, char **argv)
{
	const char *path = NULL;
	struct err e;

	log_open("dasi-agent", LOG_INFO);
	if (argc == 3 && strcmp(argv[1], "--config") == 0)
		path = argv[2];
	else if (argc != 1) {
		fprintf(stderr, "usage: dasi-agent [--config FILE]\n");
		return EXIT_USAGE;
	}
	e = secret_harden(NULL);
	if (!err_is(e))
		e = run(conf_path(path));
	if (err_is(e))
		log_err(LOG_ERROR, "ended", e);
	return err_is(e) ? EXIT_ENVIRONMENT : 0;
}
