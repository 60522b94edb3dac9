/*
 * media/main.c - dasi-media: the customer's stick, and nothing else.
 *
 * The only program that touches files of a stranger.  It holds no key and no
 * database, and opens nothing outside the media folder.
 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "conf/conf.h"
#include "prog/media/jail.h"
#include "prog/media/server.h"

enum { EXIT_USAGE = 2, EXIT_ENVIRONMENT = 3 };

static int
failed(const char *what, struct err e)
{
	log_err(LOG_ERROR, what, e);
	return EXIT_ENVIRONMENT;
}

static int
serve(const struct conf *conf)
{
	struct watch *watch = NULL;
	bool landlocked = false;
	struct err e = watch_open(&watch, conf->media, conf->media_folders);

	if (err_is(e))
		return failed("media folder", e);
	e = jail_enter(watch_folder(watch), &landlocked);
	if (!err_is(e)) {
		if (!landlocked)
			log_line(LOG_NOTICE, "no landlock in this kernel");
		e = server_run(conf, watch);
	}
	watch_close(watch);
	return err_is(e) ? failed("ended", e) : 0;
}

int
main(int argc, char **argv)
{
	static struct conf conf;
	char message[CONF_MESSAGE];
	struct err e = secret_harden(NULL);

	log_open("dasi-media", LOG_INFO);
	if (err_is(e))
		return failed("hardening", e);
	if (argc != 1 && (argc != 3 || strcmp(argv[1], "--config") != 0)) {
		fprintf(stderr, "usage: dasi-media [--config FILE]\n");
		return EXIT_USAGE;
	}
	e = conf_load(&conf, conf_path(argc == 3 ? argv[2] : NULL), message);
	if (err_is(e)) {
		fprintf(stderr, "dasi-media: %s\n", message);
		return EXIT_ENVIRONMENT;
	}
	return serve(&conf);
}
