/*
 * prog/counter/main.c - dasi-counter [--config FILE] [--role ROLE]
 *   [--staff NAME]
 *
 * --role asks for another of the roles this user has; --staff is believed by
 * a practice branch only.
 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "prog/counter/counter.h"
#include "ui/text.h"

enum { EXIT_GOOD = 0, EXIT_USAGE = 2, EXIT_ENVIRONMENT = 3 };

static struct conf conf;
static struct counter counter;

struct options {
	const char *config, *staff;
	enum counter_role role; /* CR_COUNT: by the user's groups */
};

static bool
read_options(struct options *o, int argc, char **argv)
{
	*o = (struct options){ .role = CR_COUNT };
	for (int i = 1; i < argc; i += 2) {
		if (i + 1 == argc)
			return false;
		if (strcmp(argv[i], "--config") == 0)
			o->config = argv[i + 1];
		else if (strcmp(argv[i], "--staff") == 0)
			o->staff = argv[i + 1];
		else if (strcmp(argv[i], "--role") == 0)
			o->role = counter_role_named(argv[i + 1]);
		else
			return false;
		if (strcmp(argv[i], "--role") == 0 && o->role == CR_COUNT)
			return false;
	}
	return true;
}

static struct err
start(void)
{
	struct err e = text_open(conf.locale, "ko");

	if (!err_is(e))
		e = ime_open(&counter.ime);
	if (!err_is(e))
		e = term_open(&counter.term, 0, 1);
	return e;
}

int
main(int argc, char **argv)
{
	char message[CONF_MESSAGE];
	struct options options;
	struct err e;

	log_open("dasi-counter", LOG_WARNING);
	if (!read_options(&options, argc, argv)) {
		fputs("usage: dasi-counter [--config FILE]"
		      " [--role counter|supervisor|auditor] [--staff NAME]\n",
		    stderr);
		return EXIT_USAGE;
	}
	e = secret_harden(NULL);
	if (!err_is(e) &&
	    err_is(e = conf_load(&conf, conf_path(options.config), message)))
		fprintf(stderr, "dasi-counter: %s\n", message);
	if (!err_is(e))
		e = start();
	if (err_is(e)) {
		log_err(LOG_ERROR, "start", e);
		return EXIT_ENVIRONMENT;
	}
	counter.conf = &conf;
	counter.staff = options.staff;
	client_init(&counter.client);
	counter.theme = theme_get(
	    term_has_colour(counter.term) ? THEME_NORMAL : THEME_MONO);
	counter_init(&counter.session, &counter.branch, &counter.ime);
	counter.session.lock_s = conf.lock_s;
	counter.session.role = options.role != CR_COUNT ? options.role
							: role_of_user(&conf);
	counter_run(&counter);
	term_close(counter.term);
	ime_close(&counter.ime);
	return EXIT_GOOD;
}
