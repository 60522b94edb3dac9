/*
 * prog/kiosk/main.c - dasi-kiosk [--config FILE]
 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "prog/kiosk/kiosk.h"
#include "ui/text.h"

enum { EXIT_GOOD = 0, EXIT_USAGE = 2, EXIT_ENVIRONMENT = 3 };

static struct conf conf;
static struct kiosk kiosk;

static struct err
start(void)
{
	struct err e = text_open(conf.locale, "ko");

	if (!err_is(e))
		e = ime_open(&kiosk.ime);
	if (!err_is(e))
		e = term_open(&kiosk.term, 0, 1);
	return e;
}

int
main(int argc, char **argv)
{
	char message[CONF_MESSAGE];
	const char *path = NULL;
	struct err e;

	log_open("dasi-kiosk", LOG_INFO);
	if (argc == 3 && strcmp(argv[1], "--config") == 0)
		path = argv[2];
	else if (argc != 1) {
		fputs("usage: dasi-kiosk [--config FILE]\n", stderr);
		return EXIT_USAGE;
	}
	e = secret_harden(NULL);
	if (!err_is(e) &&
	    err_is(e = conf_load(&conf, conf_path(path), message)))
		fprintf(stderr, "dasi-kiosk: %s\n", message);
	if (!err_is(e))
		e = start();
	if (err_is(e)) {
		log_err(LOG_ERROR, "start", e);
		return EXIT_ENVIRONMENT;
	}
	kiosk.conf = &conf;
	client_init(&kiosk.client);
	kiosk.theme = theme_get(
	    term_has_colour(kiosk.term) ? THEME_NORMAL : THEME_MONO);
	session_init(&kiosk.session, &kiosk.branch, &kiosk.ime);
	kiosk.session.idle_left_ms = conf.idle_warn_s * 1000;
	kiosk.session.scanner = conf.scanner;
	kiosk_run(&kiosk);
	term_close(kiosk.term);
	ime_close(&kiosk.ime);
	return EXIT_GOOD;
}
