/*
 * sandbox/main.c - dasi-sandbox: the outside world on loopback, for practice
 * and tests only.  It plays the authorities, so it knows what they know.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#include "base/log.h"
#include "certs.h"
#include "cmp.h"
#include "start.h"

/* Until SIGTERM or SIGINT; once a second, look for what has grown too old. */
static void
wait_for_end(struct sandbox *sb, const sigset_t *signals)
{
	const struct timespec second = { 1, 0 };

	while (sigtimedwait(signals, NULL, &second) < 0) {
		pthread_mutex_lock(&sb->lock);
		certs_sweep(sb);
		cmp_sweep(sb);
		pthread_mutex_unlock(&sb->lock);
	}
}

int
main(int argc, char **argv)
{
	static struct sandbox sb;
	struct servers servers = { 0 };
	struct options options;
	char why[START_USAGE];
	sigset_t signals;
	struct err e;

	if (!options_parse(&options, argc, argv, why)) {
		fprintf(stderr, "%s\n", why);
		return 2;
	}
	log_open("dasi-sandbox", LOG_INFO);
	log_line(LOG_NOTICE,
	    "for practice and tests only: invented people, test certificates");
	umask(077);
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	e = start(&sb, &servers, &options);
	if (err_is(e))
		log_err(LOG_ERROR, "cannot start", e);
	else
		wait_for_end(&sb, &signals);
	stop(&sb, &servers);
	return err_is(e) ? 3 : 0;
}
