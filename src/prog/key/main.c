/*
 * key/main.c - dasi-key: one job with a private key, in a jail.
 *
 * Started by dasi-agent with one end of a socketpair as descriptor 3; no
 * arguments, no configuration, no file.  Ends with its job: 0, or 3 when the
 * jail could not be closed, or 1 when the wire broke.
 */
#include <openssl/crypto.h>

#include "base/log.h"
#include "base/secret.h"
#include "npki/npki.h"
#include "prog/key/jail.h"
#include "prog/key/worker.h"

enum { AGENT_FD = 3, EXIT_ENVIRONMENT = 3 };

/* Everything before the first byte from outside. */
static struct err
close_the_doors(void)
{
	size_t heap = 0;
	bool locked = false;
	struct err e = secret_harden(&locked);

	if (!err_is(e))
		e = jail_secure_heap(&heap);
	if (err_is(e))
		return e;
	if (heap < JAIL_HEAP)
		log_line(LOG_WARNING,
		    "secure heap of %zu KiB only: "
		    "RLIMIT_MEMLOCK is small",
		    heap / 1024);
	if (OPENSSL_init_crypto(
		OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_LOAD_CRYPTO_STRINGS |
		    OPENSSL_INIT_ADD_ALL_CIPHERS | OPENSSL_INIT_ADD_ALL_DIGESTS,
		NULL) != 1)
		return err_make(E_CRYPTO, 0, "key: OpenSSL");
	e = npki_init();
	if (!err_is(e))
		e = worker_warm_up();
	if (!err_is(e))
		e = jail_enter();
	return e;
}

int
main(void)
{
	struct err e;

	log_open("dasi-key", LOG_NOTICE);
	e = close_the_doors();
	if (err_is(e)) {
		log_err(LOG_ERROR, "no jail, no job", e);
		worker_give_up(AGENT_FD, "key.jail");
		return EXIT_ENVIRONMENT;
	}
	e = worker_run(AGENT_FD);
	if (err_is(e))
		log_err(LOG_ERROR, "job", e);
	return err_is(e) ? 1 : 0;
}
