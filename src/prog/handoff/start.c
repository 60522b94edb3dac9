/*
 * handoff/start.c - files and signals.
 */
#define _GNU_SOURCE
#include "prog/handoff/start.h"

#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/secret.h"

static struct err
read_pem(struct span *out, char room[static START_PEM_MAX], const char *path)
{
	struct buf b = buf_make(room, START_PEM_MAX - 1);
	struct err e = file_read(&b, path);

	room[b.n] = '\0';
	*out = span_make(room, b.n + 1);
	return e;
}

struct err
start_pem_read(
    struct start_pem *p, const char *cert, const char *key, const char *ca)
{
	struct err e = read_pem(&p->cert, p->cert_room, cert);

	if (!err_is(e))
		e = read_pem(&p->key, p->key_room, key);
	if (!err_is(e) && ca != NULL)
		e = read_pem(&p->ca, p->ca_room, ca);
	return e;
}

void
start_pem_wipe(struct start_pem *p)
{
	secret_wipe(p, sizeof *p);
}

struct err
start_signals(int *fd)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0 ||
	    (*fd = signalfd(-1, &set, SFD_CLOEXEC)) < 0)
		return err_sys("handoff: signals");
	signal(SIGPIPE, SIG_IGN);
	return err_none();
}

int64_t
start_now_ms(void)
{
	return clock_system().mono_ms(NULL);
}
