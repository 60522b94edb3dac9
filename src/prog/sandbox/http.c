/*
 * sandbox/http.c - libmicrohttpd: limits, bodies, broken answers.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <microhttpd.h>

#include "http.h"
#include "route.h"

enum { BACKLOG = 64, CONNECTIONS_MAX = 128, TIMEOUT_S = 30, BLOCK = 16384 };

struct http {
	struct sandbox *sb;
	struct MHD_Daemon *plain, *secure;
	pthread_mutex_t lock;
	pthread_cond_t stop;
	bool stopping;
};

/* A request whose body is arriving. */
struct incoming {
	struct buf body;
	uint8_t room[SANDBOX_BODY_MAX];
};

struct err
http_listen(int *fd, uint16_t *port)
{
	struct sockaddr_in a = { 0 };
	socklen_t n = sizeof a;
	int one = 1, s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (s < 0)
		return err_sys("http: socket");
	a.sin_family = AF_INET;
	a.sin_port = htons(*port);
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
	    bind(s, (struct sockaddr *)&a, sizeof a) != 0 ||
	    listen(s, BACKLOG) != 0 ||
	    getsockname(s, (struct sockaddr *)&a, &n) != 0) {
		struct err e = errno == EADDRINUSE ? err_make(E_EXISTS, errno,
							 "http: port is taken")
						   : err_sys("http: listen");

		(void)close(s);
		return e;
	}
	*fd = s;
	*port = ntohs(a.sin_port);
	return err_none();
}

/* Wait, but not longer than the server lives. */
static void
delay(struct http *h, int ms)
{
	struct timespec until;

	if (ms == 0 || clock_gettime(CLOCK_REALTIME, &until) != 0)
		return;
	until.tv_sec += ms / 1000;
	until.tv_nsec += (long)(ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_mutex_lock(&h->lock);
	while (!h->stopping &&
	       pthread_cond_timedwait(&h->stop, &h->lock, &until) == 0)
		continue;
	pthread_mutex_unlock(&h->lock);
}

/* The body of a reply that ends in the middle. */
static ssize_t
half_body(void *ctx, uint64_t at, char *out, size_t max)
{
	const struct reply *r = ctx;
	size_t half = r->n / 2, n;

	if (at >= half)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	n = half - (size_t)at < max ? half - (size_t)at : max;
	memcpy(out, r->body + at, n);
	return (ssize_t)n;
}

static void
half_free(void *ctx)
{
	struct reply *r = ctx;

	reply_free(r);
	free(r);
}

/* The next piece of a body that comes piece by piece. */
static ssize_t
more_body(void *ctx, uint64_t at, char *out, size_t max)
{
	const struct reply *r = ctx;
	ssize_t n = r->more(r->more_ctx, out, max);

	if (n == REPLY_END)
		return MHD_CONTENT_READER_END_OF_STREAM;
	return n == REPLY_CUT ? MHD_CONTENT_READER_END_WITH_ERROR : n;
}

static struct MHD_Response *
response_of(struct reply *r)
{
	struct reply *kept;
	struct MHD_Response *m;

	if (!r->half && r->more == NULL) {
		m = MHD_create_response_from_buffer(
		    r->n, r->body, MHD_RESPMEM_MUST_COPY);
		reply_free(r);
		return m;
	}
	kept = malloc(sizeof *kept);
	if (kept == NULL) {
		reply_free(r);
		return NULL;
	}
	*kept = *r;
	*r = (struct reply){ 0 };
	m = kept->more != NULL
		? MHD_create_response_from_callback(
		      MHD_SIZE_UNKNOWN, BLOCK, more_body, kept, half_free)
		: MHD_create_response_from_callback(
		      kept->n, BLOCK, half_body, kept, half_free);
	if (m == NULL)
		half_free(kept);
	return m;
}

static enum MHD_Result
answer(struct http *h, struct MHD_Connection *c, const struct request *r)
{
	struct MHD_Response *m;
	struct reply reply;
	const char *type;
	enum MHD_Result ok;
	int status;

	route(h->sb, r, &reply);
	delay(h, reply.delay_ms);
	if (reply.drop) {
		reply_free(&reply);
		return MHD_NO;
	}
	status = reply.status;
	type = reply.type;
	if (reply.more != NULL) /* it may be quiet for long */
		(void)MHD_set_connection_option(
		    c, MHD_CONNECTION_OPTION_TIMEOUT, 0u);
	m = response_of(&reply);
	if (m == NULL)
		return MHD_NO;
	(void)MHD_add_response_header(m, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	(void)MHD_add_response_header(m, "Cache-Control", "no-store");
	ok = MHD_queue_response(c, (unsigned)status, m);
	MHD_destroy_response(m);
	return ok;
}

static enum MHD_Result
too_large(struct MHD_Connection *c)
{
	struct MHD_Response *m = MHD_create_response_from_buffer(
	    0, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT);
	enum MHD_Result ok;

	if (m == NULL)
		return MHD_NO;
	(void)MHD_add_response_header(m, "Connection", "close");
	ok = MHD_queue_response(c, MHD_HTTP_CONTENT_TOO_LARGE, m);
	MHD_destroy_response(m);
	return ok;
}

/* Called once for the headers, then for each piece of body, then to answer. */
static enum MHD_Result
on_request(void *ctx, struct MHD_Connection *c, const char *url,
    const char *method, const char *version, const char *data, size_t *n,
    void **state)
{
	struct incoming *in = *state;
	struct request r = { method, url, NULL, { NULL, 0 } };

	if (in == NULL) {
		in = malloc(sizeof *in);
		if (in == NULL)
			return MHD_NO;
		in->body = buf_make(in->room, sizeof in->room);
		*state = in;
		return MHD_YES;
	}
	if (*n > 0) {
		buf_add(&in->body, data, *n);
		*n = 0;
		return MHD_YES;
	}
	if (in->body.full)
		return too_large(c);
	r.type = MHD_lookup_connection_value(
	    c, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_TYPE);
	if (r.type == NULL)
		r.type = "";
	r.body = buf_span(&in->body);
	return answer(ctx, c, &r);
}

static void
on_done(void *ctx, struct MHD_Connection *c, void **state,
    enum MHD_RequestTerminationCode why)
{
	free(*state);
	*state = NULL;
}

/* One listener of the two; `tls` NULL: without. */
static struct MHD_Daemon *
start_one(struct http *h, int fd, const struct tls *tls)
{
	enum {
		FLAGS = MHD_USE_INTERNAL_POLLING_THREAD |
			MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL
	};
	struct MHD_OptionItem items[] = {
		{ MHD_OPTION_HTTPS_MEM_KEY, 0,
		    tls == NULL ? NULL : (void *)(uintptr_t)tls->key_secret },
		{ MHD_OPTION_HTTPS_MEM_CERT, 0,
		    tls == NULL ? NULL : (void *)(uintptr_t)tls->cert },
		{ MHD_OPTION_END, 0, NULL },
	};

	return MHD_start_daemon(FLAGS | (tls == NULL ? 0 : MHD_USE_TLS), 0,
	    NULL, NULL, on_request, h, MHD_OPTION_LISTEN_SOCKET, fd,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)TIMEOUT_S,
	    MHD_OPTION_NOTIFY_COMPLETED, on_done, NULL, MHD_OPTION_ARRAY,
	    tls == NULL ? items + 2 : items, MHD_OPTION_END);
}

struct err
http_start(struct http **out, struct sandbox *sb, int fd, int tls_fd,
    const struct tls *tls)
{
	struct http *h = calloc(1, sizeof *h);

	if (h == NULL)
		return err_make(E_NOMEM, 0, "http: start");
	h->sb = sb;
	pthread_mutex_init(&h->lock, NULL);
	pthread_cond_init(&h->stop, NULL);
	h->plain = start_one(h, fd, NULL);
	h->secure = h->plain == NULL ? NULL : start_one(h, tls_fd, tls);
	if (h->secure == NULL) {
		struct err e = err_sys("http: start");

		/* the caller keeps its socket */
		if (h->plain != NULL)
			(void)MHD_quiesce_daemon(h->plain);
		http_stop(h);
		return e;
	}
	*out = h;
	return err_none();
}

void
http_stop(struct http *h)
{
	if (h == NULL)
		return;
	pthread_mutex_lock(&h->lock);
	h->stopping = true;
	pthread_cond_broadcast(&h->stop);
	pthread_mutex_unlock(&h->lock);
	if (h->secure != NULL)
		MHD_stop_daemon(h->secure);
	if (h->plain != NULL)
		MHD_stop_daemon(h->plain);
	pthread_cond_destroy(&h->stop);
	pthread_mutex_destroy(&h->lock);
	free(h);
}
