/*
 * witness/main.c - dasi-witness: head office's signature under the branches'
 * checkpoints, for only that lets a branch prune.
 *
 *	dasi-witness --name NAME --key FILE --public
 *	dasi-witness --name NAME --key FILE --state DIR --conninfo TEXT [--once]
 *
 * FILE holds the 32 secret bytes of an Ed25519 key; --public prints what
 * dasi.conf calls cosign_key.  Ends with 0 on SIGTERM, 2 on bad usage, 3 when
 * its surroundings are unfit.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/log.h"
#include "base/secret.h"
#include "prog/witness/witness.h"

enum { EXIT_GOOD, EXIT_USAGE = 2, EXIT_ENVIRONMENT = 3 };
enum { ROUND_MS = 30000, RETRY_S = 5 };

struct options {
	const char *name, *key, *state, *conninfo;
	bool once, public;
};

static volatile sig_atomic_t ended;
static sigset_t unblocked; /* while waiting; signals come in only there */

static void
on_end(int sig)
{
	ended = 1;
}

static bool
parse(struct options *o, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char **text = strcmp(argv[i], "--name") == 0  ? &o->name
				    : strcmp(argv[i], "--key") == 0 ? &o->key
				    : strcmp(argv[i], "--state") == 0
					? &o->state
				    : strcmp(argv[i], "--conninfo") == 0
					? &o->conninfo
					: NULL;
		if (text != NULL && i + 1 < argc)
			*text = argv[++i];
		else if (strcmp(argv[i], "--once") == 0)
			o->once = true;
		else if (strcmp(argv[i], "--public") == 0)
			o->public = true;
		else
			return false;
	}
	return o->name != NULL && o->key != NULL &&
	       (o->public || (o->state != NULL && o->conninfo != NULL));
}

static struct err
read_key(struct note_signer *out, const struct options *o)
{
	uint8_t seed_secret[NOTE_SEED + 1];
	struct buf b = buf_make(seed_secret, sizeof seed_secret);
	struct err e = file_read(&b, o->key);

	if (!err_is(e) && b.n != NOTE_SEED)
		e = err_make(E_FORMAT, 0, "witness: key");
	if (!err_is(e))
		e = note_signer_make(out, span_str(o->name), seed_secret);
	secret_wipe(seed_secret, sizeof seed_secret);
	return e;
}

static struct err
serve(struct witness *w, const char *conninfo, bool once)
{
	struct err e = office_open(&w->office, conninfo);

	while (!err_is(e) && !ended) {
		e = witness_round(w);
		if (once || err_is(e) || ended)
			break;
		e = office_wait(w->office, ROUND_MS, &unblocked);
	}
	office_close(w->office);
	w->office = NULL;
	return e;
}

static int
run(struct witness *w, const struct options *o)
{
	const struct timespec retry = { RETRY_S, 0 };

	for (;;) {
		struct err e = serve(w, o->conninfo, o->once);

		if (err_is(e) && !ended)
			log_err(LOG_ERROR, "witness", e);
		if (o->once)
			return err_is(e) ? EXIT_ENVIRONMENT : EXIT_GOOD;
		if (!ended)
			(void)ppoll(NULL, 0, &retry, &unblocked);
		if (ended)
			return EXIT_GOOD;
	}
}

static struct err
catch_signals(void)
{
	struct sigaction end = { .sa_handler = on_end };
	sigset_t blocked;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGINT);
	if (sigaction(SIGTERM, &end, NULL) != 0 ||
	    sigaction(SIGINT, &end, NULL) != 0 ||
	    signal(SIGPIPE, SIG_IGN) == SIG_ERR ||
	    sigprocmask(SIG_BLOCK, &blocked, &unblocked) != 0)
		return err_sys("witness: signals");
	return err_none();
}

int
main(int argc, char **argv)
{
	struct options o = { .once = false };
	struct witness w = { .hasher = NULL };
	char text[NOTE_KEY_TEXT];
	int status = EXIT_ENVIRONMENT;
	struct err e = secret_harden(NULL);

	log_open("dasi-witness", LOG_NOTICE);
	if (!parse(&o, argc, argv)) {
		fprintf(stderr, "usage: dasi-witness --name NAME --key FILE "
				"(--public | --state DIR --conninfo TEXT "
				"[--once])\n");
		return EXIT_USAGE;
	}
	w.folder = o.state;
	if (!err_is(e))
		e = read_key(&w.signer, &o);
	if (!err_is(e) && o.public) {
		note_key_text(text, &w.signer.key);
		status = puts(text) < 0 ? EXIT_ENVIRONMENT : EXIT_GOOD;
	} else {
		if (!err_is(e))
			e = hasher_open(&w.hasher);
		if (!err_is(e))
			e = file_make_dirs(o.state);
		if (!err_is(e))
			e = catch_signals();
		if (!err_is(e))
			status = run(&w, &o);
	}
	if (err_is(e))
		log_err(LOG_ERROR, "witness", e);
	secret_wipe(&w.signer, sizeof w.signer);
	hasher_close(w.hasher);
	return status;
}
