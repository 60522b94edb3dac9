/*
 * media/main.c - dasi-media: the customer's stick, and nothing else.
 *
 * The only program that touches files of a stranger.  It holds no key and no
 * database, and opens nothing outside the media folder.
 */
#include "base/log.h"
#include "conf/start.h"
#include "prog/media/jail.h"
#include "prog/media/server.h"

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
	struct watch *watch = NULL;
	bool landlocked = false;
	int status = conf_start(&conf, "dasi-media", LOG_INFO, argc, argv);
	struct err e;

	if (status != EXIT_GOOD)
		return status;
	e = watch_open(&watch, conf.media, conf.media_folders);
	if (err_is(e))
		return failed("media folder", e);
	e = jail_enter(watch_folder(watch), &landlocked);
	if (!err_is(e)) {
		if (!landlocked)
			log_line(LOG_NOTICE, "no landlock in this kernel");
		e = server_run(&conf, watch);
	}
	watch_close(watch);
	return err_is(e) ? failed("ended", e) : EXIT_GOOD;
}
