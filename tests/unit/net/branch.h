/*
 * branch.h - dasi-net under test, between an agent and peers played here.
 */
#ifndef BRANCH_H
#define BRANCH_H

#include <jansson.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* How a peer behaves. */
enum manner {
	ANSWER,	 /* sends `reply` */
	SILENT,	 /* reads the request and says nothing */
	HANG_UP, /* closes after the request */
	ENDLESS, /* a body without end */
	SLOW	 /* one byte at a time, for ever */
};

struct peer {
	int port, listener, stop[2];
	pthread_t thread;
	enum manner manner;
	/* builds the reply from the request; may be NULL */
	void (*make)(struct peer *, const char *request, size_t n);
	char reply[400000];
	size_t reply_n;
	char request[70000]; /* the last one, NUL-terminated */
	size_t request_n;
	_Atomic int count;
	SSL_CTX *tls; /* NULL: plain; set it before the first request */
	SSL *ssl;     /* of the connection being served */
};

void peer_open(struct peer *p);
/* Speak TLS under a self-signed certificate for `name`, kept as PEM in `path`.
 */
void peer_secure(struct peer *p, const char *name, const char *path);
void peer_close(struct peer *p);
/* Status line, Content-Type and body of the next answers. */
void peer_say(struct peer *p, const char *status, const char *type,
    const void *body, size_t n);

struct branch {
	char dir[32];
	pid_t pid;
	int listener, sock;
	struct peer *ca, *registry;
	const char *peer_ca; /* for https to the registry, or NULL: http */
};

/* Start dasi-net with this timeout; the agent has said hello back. */
void branch_open(
    struct branch *b, struct peer *ca, struct peer *registry, int timeout_ms);
/* The same with https to the registry, trusting `peer_ca`. */
void branch_open_secure(struct branch *b, struct peer *ca,
    struct peer *registry, const char *peer_ca);
/* Start dasi-net on the dasi.conf that lies in b->dir already. */
void branch_launch(struct branch *b);
/* Copies of these bytes in the memory of dasi-net; -1 when it is closed to
 * us. */
int branch_scan(const struct branch *b, const char *text);
/* SIGTERM; the exit status, or 128 + signal. */
int branch_close(struct branch *b);
/* Accept dasi-net's next connection and answer its hello. */
void branch_accept(struct branch *b);

void branch_send(struct branch *b, int id, const char *method, json_t *params);
/* The next frame; NULL after a minute.  The caller's. */
json_t *branch_next(struct branch *b);
/* Send and wait for the answer. */
json_t *branch_ask(struct branch *b, const char *method, json_t *params);

/* The error's code, or "ok". */
const char *code_of(const json_t *answer);

#endif
