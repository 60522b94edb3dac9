/*
 * net/http.c - libcurl's easy interface with everything optional off.
 */
#include "prog/net/http.h"

#include <curl/curl.h>
#include <string.h>

#include "base/clock.h"

enum { CONNECT_MS_MAX = 5000 };

struct err
http_init(void)
{
	return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK
		   ? err_none()
		   : err_make(E_SYS, 0, "http: libcurl");
}

/* One exchange under way. */
struct transfer {
	CURL *h;
	const struct http_ask *ask;
	struct http_answer *out;
	int64_t heard_ms; /* the last byte from the peer, or the start */
};

static int64_t
now_ms(void)
{
	struct clock c = clock_system();

	return c.mono_ms(c.ctx);
}

static size_t
on_piece(struct transfer *t, struct span data)
{
	(void)curl_easy_getinfo(t->h, CURLINFO_RESPONSE_CODE, &t->out->status);
	if (t->out->status != 200)
		return data.n;
	return t->ask->piece(t->ask->ctx, data) ? data.n : 0;
}

static size_t
on_body(char *data, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;
	struct http_answer *a = t->out;

	n *= size;
	t->heard_ms = now_ms();
	if (t->ask->piece != NULL)
		return on_piece(t, span_make(data, n));
	if (n > sizeof a->body - a->n)
		return 0; /* ends the exchange with CURLE_WRITE_ERROR */
	memcpy(a->body + a->n, data, n);
	a->n += n;
	return n;
}

/* About once a second; not 0 ends the exchange. */
static int
on_progress(
    void *arg, curl_off_t total, curl_off_t got, curl_off_t up, curl_off_t sent)
{
	const struct transfer *t = arg;

	return t->ask->silence_ms > 0 &&
	       now_ms() - t->heard_ms > t->ask->silence_ms;
}

static struct err
to_err(CURLcode code)
{
	if (code == CURLE_OK)
		return err_none();
	if (code == CURLE_OPERATION_TIMEDOUT ||
	    code == CURLE_ABORTED_BY_CALLBACK)
		return err_make(E_TIMEOUT, 0, "http: time");
	if (code == CURLE_WRITE_ERROR || code == CURLE_FILESIZE_EXCEEDED)
		return err_make(E_LIMIT, 0, "http: body");
	if (code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST)
		return err_make(E_UNREACHABLE, 0, "http: connect");
	if (code == CURLE_SSL_CONNECT_ERROR ||
	    code == CURLE_PEER_FAILED_VERIFICATION ||
	    code == CURLE_SSL_CACERT_BADFILE)
		return err_make(E_UNREACHABLE, 0, "http: tls");
	if (code == CURLE_GOT_NOTHING || code == CURLE_RECV_ERROR ||
	    code == CURLE_SEND_ERROR || code == CURLE_PARTIAL_FILE)
		return err_make(E_GONE, 0, "http: connection");
	return err_make(E_PROTOCOL, 0, "http: protocol");
}

static void
take_type(struct http_answer *out, CURL *h)
{
	const char *type = NULL;
	size_t n;

	if (curl_easy_getinfo(h, CURLINFO_CONTENT_TYPE, &type) != CURLE_OK ||
	    type == NULL)
		return;
	n = strcspn(type, "; ");
	if (n >= sizeof out->type)
		return;
	for (size_t i = 0; i < n; i++)
		out->type[i] = type[i] >= 'A' && type[i] <= 'Z'
				   ? (char)(type[i] - 'A' + 'a')
				   : type[i];
	out->type[n] = '\0';
}

static bool
set_long(CURL *h, CURLoption option, long value)
{
	return curl_easy_setopt(h, option, value) == CURLE_OK;
}

static bool
set_text(CURL *h, CURLoption option, const char *value)
{
	return curl_easy_setopt(h, option, value) == CURLE_OK;
}

/* The system's authorities lie in a folder, which is another option. */
static bool
trust_only(CURL *h, const char *ca)
{
	return set_text(h, CURLOPT_CAINFO, ca) &&
	       curl_easy_setopt(h, CURLOPT_CAPATH, NULL) == CURLE_OK;
}

/* libcurl sends again what an old connection or HTTP/2 may not have taken. */
static bool
set_once(CURL *h)
{
	return set_long(h, CURLOPT_FRESH_CONNECT, 1) &&
	       set_long(h, CURLOPT_FORBID_REUSE, 1) &&
	       set_long(h, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
}

static bool
set_callbacks(CURL *h, struct transfer *t)
{
	return curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, on_body) ==
		   CURLE_OK &&
	       curl_easy_setopt(h, CURLOPT_WRITEDATA, t) == CURLE_OK &&
	       curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, on_progress) ==
		   CURLE_OK &&
	       curl_easy_setopt(h, CURLOPT_XFERINFODATA, t) == CURLE_OK &&
	       set_long(h, CURLOPT_NOPROGRESS, 0);
}

/* Whether the request may have begun to go out. */
static bool
was_sent(CURL *h)
{
	curl_off_t begun = 0;
	long bytes = 0;

	return curl_easy_getinfo(h, CURLINFO_PRETRANSFER_TIME_T, &begun) !=
		   CURLE_OK ||
	       begun != 0 ||
	       curl_easy_getinfo(h, CURLINFO_REQUEST_SIZE, &bytes) !=
		   CURLE_OK ||
	       bytes != 0;
}

/* Where to, for how long, and what must never happen. */
static bool
set_limits(CURL *h, const struct http_ask *ask)
{
	long ms = ask->timeout_ms;
	long connect_ms = ms < CONNECT_MS_MAX ? ms : CONNECT_MS_MAX;

	return set_text(h, CURLOPT_URL, ask->url) &&
	       set_text(h, CURLOPT_PROTOCOLS_STR, "http,https") &&
	       set_text(h, CURLOPT_PROXY, "") &&
	       set_long(h, CURLOPT_FOLLOWLOCATION, 0) &&
	       set_long(h, CURLOPT_NOSIGNAL, 1) &&
	       set_long(h, CURLOPT_TIMEOUT_MS, ms) &&
	       set_long(h, CURLOPT_CONNECTTIMEOUT_MS, connect_ms) &&
	       set_long(h, CURLOPT_MAXFILESIZE, HTTP_BODY_MAX) &&
	       set_long(h, CURLOPT_SSL_VERIFYPEER, 1) &&
	       set_long(h, CURLOPT_SSL_VERIFYHOST, 2) &&
	       (ask->peer_ca[0] == '\0' || trust_only(h, ask->peer_ca)) &&
	       (!ask->strict || set_once(h));
}

static bool
set_body(CURL *h, const struct http_ask *ask, struct curl_slist *headers)
{
	if (ask->type == NULL)
		return set_long(h, CURLOPT_HTTPGET, 1);
	return curl_easy_setopt(h, CURLOPT_HTTPHEADER, headers) == CURLE_OK &&
	       set_long(h, CURLOPT_POST, 1) &&
	       set_long(h, CURLOPT_POSTFIELDSIZE, (long)ask->body.n) &&
	       curl_easy_setopt(h, CURLOPT_POSTFIELDS, ask->body.p) == CURLE_OK;
}

static struct curl_slist *
make_headers(const struct http_ask *ask)
{
	char line[HTTP_TYPE + 32] = "Content-Type: ";
	struct curl_slist *list = NULL, *more;

	if (ask->type == NULL)
		return NULL;
	(void)str_copy(
	    line + strlen(line), sizeof line - strlen(line), ask->type);
	list = curl_slist_append(NULL, line);
	/* no "100 Continue" round trip */
	more = curl_slist_append(list, "Expect:");
	return more != NULL ? more : list;
}

struct err
http_perform(struct http_answer *out, const struct http_ask *ask)
{
	struct curl_slist *headers = make_headers(ask);
	struct transfer t = { curl_easy_init(), ask, out, now_ms() };
	struct err e = err_make(E_SYS, 0, "http: set up");

	out->status = 0;
	out->sent = false;
	out->n = 0;
	out->type[0] = '\0';
	if (ask->strict && strncmp(ask->url, "https:", 6) == 0 &&
	    ask->peer_ca[0] == '\0') {
		e = err_make(E_CONFIG, 0, "http: no authority to trust");
	} else if (t.h != NULL && set_limits(t.h, ask) &&
		   set_body(t.h, ask, headers) && set_callbacks(t.h, &t)) {
		e = to_err(curl_easy_perform(t.h));
		(void)curl_easy_getinfo(
		    t.h, CURLINFO_RESPONSE_CODE, &out->status);
		out->sent = was_sent(t.h);
		take_type(out, t.h);
	}
	curl_slist_free_all(headers);
	curl_easy_cleanup(t.h);
	return e;
}
