/*
 * prog/tool/facts_phone.c - what phones need of this branch: the certificate
 * of section handoff, its key, and the relay where there is one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/secret.h"
#include "prog/tool/doctor.h"
#include "rpc/rpc.h"

enum { PEM_MAX = 64 * 1024, RELAY_MS = 3000 };

/* The first certificate of a PEM chain. */
static struct err
read_certificate(X509 **out, const char *path)
{
	static char room[PEM_MAX];
	struct buf b = buf_make(room, sizeof room);
	struct err e = file_read(&b, path);
	BIO *bio = NULL;

	*out = NULL;
	if (!err_is(e) && (bio = BIO_new_mem_buf(room, (int)b.n)) == NULL)
		e = err_make(E_NOMEM, 0, "doctor: certificate");
	if (!err_is(e) &&
	    (*out = PEM_read_bio_X509(bio, NULL, NULL, NULL)) == NULL)
		e = err_make(E_FORMAT, 0, "doctor: certificate");
	BIO_free(bio);
	return e;
}

/* "match" "other" "bad", "unseen" by who may not read it. */
static const char *
look_at_key(X509 *cert, const char *path)
{
	static char room_secret[PEM_MAX];
	struct buf b = buf_make(room_secret, sizeof room_secret);
	struct err e = file_read(&b, path);
	EVP_PKEY *key = NULL;
	BIO *bio = NULL;
	const char *word = "bad";

	if (e.sys == EACCES || e.sys == EPERM)
		return "unseen";
	if (!err_is(e))
		bio = BIO_new_mem_buf(room_secret, (int)b.n);
	if (bio != NULL)
		key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
	if (key != NULL)
		word = X509_check_private_key(cert, key) == 1 ? "match"
							      : "other";
	EVP_PKEY_free(key);
	BIO_free(bio);
	secret_wipe(room_secret, sizeof room_secret);
	return word;
}

static void
add_certificate(json_t *v, const struct conf *c, int64_t now)
{
	X509 *cert = NULL;
	struct err e = read_certificate(&cert, c->handoff_cert);
	struct tm end;

	if (!err_is(e) && ASN1_TIME_to_tm(X509_get0_notAfter(cert), &end) != 1)
		e = err_make(E_FORMAT, 0, "doctor: certificate");
	if (!err_is(e)) {
		int64_t until = timegm(&end);
		json_object_set_new(v, "expires_at", json_integer(until));
		json_object_set_new(v, "days_left",
		    json_integer(civil_days_between(now, until)));
		json_object_set_new(
		    v, "key", json_string(look_at_key(cert, c->handoff_key)));
	}
	json_object_set_new(
	    v, "fault", json_string(err_is(e) ? err_name(e.code) : ""));
	X509_free(cert);
}

/* ---- the relay ---- */

static const char *
await(int fd)
{
	struct pollfd p = { fd, POLLOUT, 0 };
	int sys = 0;
	socklen_t n = sizeof sys;

	if (poll(&p, 1, RELAY_MS) <= 0)
		return "timeout";
	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &sys, &n) == 0 && sys == 0
		   ? ""
		   : "refused";
}

/* "" when something listens there, else why not.  Blocks for RELAY_MS. */
static const char *
call_relay(const char *at)
{
	struct addrinfo want = { .ai_socktype = SOCK_STREAM }, *list = NULL;
	const char *colon = strrchr(at, ':'), *why = "refused";
	char host[CONF_TEXT];
	int fd = -1;

	if (colon == NULL || (size_t)(colon - at) >= sizeof host)
		return "name";
	memcpy(host, at, (size_t)(colon - at));
	host[colon - at] = '\0';
	if (getaddrinfo(host, colon + 1, &want, &list) != 0)
		return "name";
	fd = socket(
	    list->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd >= 0 && (connect(fd, list->ai_addr, list->ai_addrlen) == 0 ||
			   errno == EINPROGRESS))
		why = await(fd);
	if (fd >= 0)
		close(fd);
	freeaddrinfo(list);
	return why;
}

json_t *
doctor_phone(const struct conf *c, int64_t now)
{
	json_t *v;

	if (strcmp(c->handoff, "none") == 0)
		return json_null();
	v = json_pack("{s:s,s:s,s:s}", "placement", c->handoff, "path",
	    c->handoff_cert, "relay", c->handoff_relay);
	add_certificate(v, c, now);
	if (strcmp(c->handoff, "relay") == 0)
		json_object_set_new(v, "relay_fault",
		    json_string(call_relay(c->handoff_relay)));
	return v;
}
