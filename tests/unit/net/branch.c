/*
 * branch.c - a scripted HTTP peer, and the agent's end of dasi-net.
 */
#define _GNU_SOURCE
#include "branch.h"

#include <arpa/inet.h>
#include <assert.h>
#include <fcntl.h>
#include <libgen.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rpc/rpc.h"

enum { PATIENCE_MS = 60000 };

/* True when there is something to read; false when the peer shall stop. */
static bool
readable(const struct peer *p, int fd)
{
	struct pollfd f[2] = { { fd, POLLIN, 0 }, { p->stop[0], POLLIN, 0 } };

	return poll(f, 2, PATIENCE_MS) > 0 && f[1].revents == 0;
}

static ssize_t
take(struct peer *p, int fd, void *room, size_t n)
{
	return p->ssl != NULL ? SSL_read(p->ssl, room, (int)n)
			      : read(fd, room, n);
}

static ssize_t
give(struct peer *p, int fd, const void *data, size_t n)
{
	return p->ssl != NULL ? SSL_write(p->ssl, data, (int)n)
			      : send(fd, data, n, MSG_NOSIGNAL);
}

/* Headers, and as many bytes as Content-Length says. */
static bool
read_request(struct peer *p, int fd)
{
	p->request_n = 0;
	for (;;) {
		size_t room = sizeof p->request - 1 - p->request_n;
		ssize_t n;
		char *end, *length;

		if (!readable(p, fd) ||
		    (n = take(p, fd, p->request + p->request_n, room)) <= 0)
			return false;
		p->request_n += (size_t)n;
		p->request[p->request_n] = '\0';
		end = memmem(p->request, p->request_n, "\r\n\r\n", 4);
		if (end == NULL)
			continue;
		length = strcasestr(p->request, "content-length:");
		if (length == NULL || length > end ||
		    p->request_n - (size_t)(end + 4 - p->request) >=
			(size_t)atol(length + 15))
			return true;
	}
}

static void
pour(struct peer *p, int fd, const char *head, size_t step)
{
	static const char more[4096] = { 'x' };

	(void)!send(fd, head, strlen(head), MSG_NOSIGNAL);
	while (send(fd, more, step, MSG_NOSIGNAL) > 0) {
		struct pollfd stop = { p->stop[0], POLLIN, 0 };

		if (poll(&stop, 1, step == 1 ? 20 : 0) > 0)
			return;
	}
}

static void
serve(struct peer *p, int fd)
{
	char byte;

	if (!read_request(p, fd))
		return;
	p->count++;
	if (p->make != NULL)
		p->make(p, p->request, p->request_n);
	switch (p->manner) {
	case ANSWER:
		(void)!give(p, fd, p->reply, p->reply_n);
		break;
	case SILENT:
		while (readable(p, fd) && read(fd, &byte, 1) > 0)
			;
		break;
	case HANG_UP:
		break;
	case ENDLESS:
		pour(p, fd,
		    "HTTP/1.1 200 OK\r\n"
		    "Content-Type: application/pkixcmp\r\n\r\n",
		    4096);
		break;
	case SLOW:
		pour(p, fd,
		    "HTTP/1.1 200 OK\r\n"
		    "Content-Type: application/pkixcmp\r\n\r\n",
		    1);
		break;
	}
}

static void *
peer_main(void *arg)
{
	struct peer *p = arg;

	while (readable(p, p->listener)) {
		int fd = accept4(p->listener, NULL, NULL, SOCK_CLOEXEC);

		if (fd < 0)
			continue;
		if (p->tls != NULL) {
			p->ssl = SSL_new(p->tls);
			SSL_set_fd(p->ssl, fd);
			if (SSL_accept(p->ssl) == 1)
				serve(p, fd);
			SSL_shutdown(p->ssl);
			SSL_free(p->ssl);
			p->ssl = NULL;
		} else {
			serve(p, fd);
		}
		shutdown(fd, SHUT_WR);
		close(fd);
	}
	return NULL;
}

void
peer_open(struct peer *p)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof a;

	memset(p, 0, sizeof *p);
	assert(pipe2(p->stop, O_CLOEXEC) == 0);
	p->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert(bind(p->listener, (struct sockaddr *)&a, sizeof a) == 0);
	assert(listen(p->listener, 32) == 0);
	assert(getsockname(p->listener, (struct sockaddr *)&a, &n) == 0);
	p->port = ntohs(a.sin_port);
	assert(pthread_create(&p->thread, NULL, peer_main, p) == 0);
}

static X509 *
self_signed(EVP_PKEY *key, const char *name)
{
	char san[128];
	X509 *c = X509_new();
	X509_NAME *subject = X509_get_subject_name(c);
	X509_EXTENSION *x;

	snprintf(san, sizeof san, "%s", name);
	X509_set_version(c, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(c), 1);
	X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
	    (const unsigned char *)"registry", -1, -1, 0);
	X509_set_issuer_name(c, subject);
	X509_gmtime_adj(X509_getm_notBefore(c), -60);
	X509_gmtime_adj(X509_getm_notAfter(c), 3600);
	X509_set_pubkey(c, key);
	x = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, san);
	assert(x != NULL && X509_add_ext(c, x, -1) == 1);
	X509_EXTENSION_free(x);
	assert(X509_sign(c, key, EVP_sha256()) > 0);
	return c;
}

void
peer_secure(struct peer *p, const char *name, const char *path)
{
	EVP_PKEY *key = EVP_RSA_gen(2048);
	X509 *cert = self_signed(key, name);
	FILE *f = fopen(path, "w");

	assert(f != NULL && PEM_write_X509(f, cert) == 1);
	fclose(f);
	signal(SIGPIPE, SIG_IGN);
	p->tls = SSL_CTX_new(TLS_server_method());
	assert(SSL_CTX_use_certificate(p->tls, cert) == 1);
	assert(SSL_CTX_use_PrivateKey(p->tls, key) == 1);
	X509_free(cert);
	EVP_PKEY_free(key);
}

void
peer_close(struct peer *p)
{
	close(p->stop[1]);
	pthread_join(p->thread, NULL);
	close(p->stop[0]);
	close(p->listener);
	SSL_CTX_free(p->tls);
}

void
peer_say(struct peer *p, const char *status, const char *type, const void *body,
    size_t n)
{
	int head = snprintf(p->reply, sizeof p->reply,
	    "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
	    "Connection: close\r\n\r\n",
	    status, type, n);

	assert(head > 0 && (size_t)head + n <= sizeof p->reply);
	memcpy(p->reply + head, body, n);
	p->reply_n = (size_t)head + n;
}

static void
write_conf(const struct branch *b, int timeout_ms)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof path, "%s/dasi.conf", b->dir);
	assert((f = fopen(path, "w")) != NULL);
	fprintf(f,
	    "branch { bank = Bank bank_code = 004 name = Branch code = B-1\n"
	    "  opens = \"09:00\" closes = \"16:00\" }\n"
	    "agent { state = state socket = agent.sock device_key = dev.key\n"
	    "  key_worker = /x/dasi-key }\n"
	    "peers { cmp_url = \"http://127.0.0.1:%d/cmp\"\n"
	    "  ocsp_url = \"http://127.0.0.1:%d/ocsp\"\n"
	    "  crl_url = \"http://127.0.0.1:%d/crl\"\n"
	    "  registry_url = \"%s://127.0.0.1:%d/dasi/\"\n"
	    "  peer_ca = \"%s\" timeout_ms = %d }\n"
	    "media { directory = media }\n"
	    "head_office { certificate = h }\n"
	    "issuer yessign { name = KFTC ours = true root = r ca = c\n"
	    "  ra_cert = x ra_key = k }\n",
	    b->ca->port, b->ca->port, b->ca->port,
	    b->peer_ca != NULL ? "https" : "http", b->registry->port,
	    b->peer_ca != NULL ? b->peer_ca : "", timeout_ms);
	fclose(f);
}

static void
run_net(const struct branch *b)
{
	char self[512] = "", path[600], conf[64];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	assert(n > 0);
	snprintf(path, sizeof path, "%s/dasi-net", dirname(self));
	snprintf(conf, sizeof conf, "%s/dasi.conf", b->dir);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* a process that is not dumpable cannot look for its own leaks */
	setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
	execl(path, "dasi-net", "--config", conf, (char *)NULL);
	_exit(127);
}

void
branch_accept(struct branch *b)
{
	struct pollfd p = { b->listener, POLLIN, 0 };
	json_t *hello, *frame;
	struct err e;

	assert(poll(&p, 1, PATIENCE_MS) > 0);
	b->sock = accept4(b->listener, NULL, NULL, SOCK_CLOEXEC);
	assert(b->sock >= 0);
	hello = branch_next(b);
	assert(strcmp(rpc_str(hello, "method"), "hello") == 0);
	assert(strcmp(rpc_str(json_object_get(hello, "params"), "role"),
		   "net") == 0);
	frame = rpc_result(rpc_int(hello, "id", 0), NULL);
	e = rpc_send(b->sock, frame, -1);
	assert(!err_is(e));
	json_decref(frame);
	json_decref(hello);
}

void
branch_launch(struct branch *b)
{
	char path[64];
	struct err e;

	snprintf(path, sizeof path, "%s/agent.sock", b->dir);
	e = rpc_listen(&b->listener, path, 0600);
	assert(!err_is(e));
	b->pid = fork();
	assert(b->pid >= 0);
	if (b->pid == 0)
		run_net(b);
	branch_accept(b);
}

static void
start(struct branch *b, struct peer *ca, struct peer *registry,
    const char *peer_ca, int timeout_ms)
{
	memset(b, 0, sizeof *b);
	b->ca = ca;
	b->registry = registry;
	b->peer_ca = peer_ca;
	strcpy(b->dir, "/tmp/dasi-net-XXXXXX");
	assert(mkdtemp(b->dir) != NULL);
	write_conf(b, timeout_ms);
	branch_launch(b);
}

void
branch_open(
    struct branch *b, struct peer *ca, struct peer *registry, int timeout_ms)
{
	start(b, ca, registry, NULL, timeout_ms);
}

void
branch_open_secure(struct branch *b, struct peer *ca, struct peer *registry,
    const char *peer_ca)
{
	start(b, ca, registry, peer_ca, 5000);
}

static int
count_text(const char *room, size_t n, const char *text)
{
	const char *p = room;
	int found = 0;

	while ((p = memmem(p, n - (size_t)(p - room), text, strlen(text)))) {
		found++;
		p++;
	}
	return found;
}

int
branch_scan(const struct branch *b, const char *text)
{
	char path[64], line[512], mode[8];
	unsigned long from, to;
	int mem, found = 0;
	FILE *maps;

	snprintf(path, sizeof path, "/proc/%d/mem", b->pid);
	mem = open(path, O_RDONLY | O_CLOEXEC);
	snprintf(path, sizeof path, "/proc/%d/maps", b->pid);
	maps = fopen(path, "re");
	while (mem >= 0 && maps != NULL &&
	       fgets(line, sizeof line, maps) != NULL) {
		char *room;
		ssize_t n;

		if (sscanf(line, "%lx-%lx %7s", &from, &to, mode) != 3 ||
		    mode[0] != 'r' || (room = malloc(to - from)) == NULL)
			continue;
		n = pread(mem, room, to - from, (off_t)from);
		if (n > 0)
			found += count_text(room, (size_t)n, text);
		free(room);
	}
	found = mem < 0 || maps == NULL ? -1 : found;
	if (maps != NULL)
		fclose(maps);
	if (mem >= 0)
		close(mem);
	return found;
}

int
branch_close(struct branch *b)
{
	char command[64];
	int status = 0;

	kill(b->pid, SIGTERM);
	waitpid(b->pid, &status, 0);
	close(b->sock);
	close(b->listener);
	snprintf(command, sizeof command, "%s/dasi.conf", b->dir);
	unlink(command);
	snprintf(command, sizeof command, "%s/agent.sock", b->dir);
	unlink(command);
	rmdir(b->dir);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

void
branch_send(struct branch *b, int id, const char *method, json_t *params)
{
	json_t *frame = rpc_request(id, method, params);
	struct err e = rpc_send(b->sock, frame, -1);

	assert(!err_is(e));
	json_decref(frame);
}

json_t *
branch_next(struct branch *b)
{
	struct pollfd p = { b->sock, POLLIN, 0 };
	json_t *frame = NULL;

	if (poll(&p, 1, PATIENCE_MS) <= 0 ||
	    err_is(rpc_recv(b->sock, &frame, NULL)))
		return NULL;
	return frame;
}

json_t *
branch_ask(struct branch *b, const char *method, json_t *params)
{
	static int id = 100;

	branch_send(b, ++id, method, params);
	for (;;) {
		json_t *frame = branch_next(b);

		if (frame == NULL || rpc_int(frame, "id", -1) == id)
			return frame;
		json_decref(frame);
	}
}

const char *
code_of(const json_t *answer)
{
	const json_t *error = json_object_get(answer, "error");

	if (answer == NULL)
		return "none";
	return error != NULL ? rpc_str(error, "code") : "ok";
}
