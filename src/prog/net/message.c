/*
 * net/message.c - text messages by HTTP, e-mail by SMTP.
 *
 * The key makes a message one: the text-message service sends each key once;
 * an e-mail carries it as its Message-ID.
 */
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "peer/mail.h"
#include "prog/net/job.h"
#include "rpc/rpc.h"

enum { SMS_MAX = 2000, SMS_TO_MAX = 20, KEY_MAX = 128 };

static const char none[] = "message.none";
static const char down[] = "peer.message_down";
static const char refused[] = "message.refused";

/* ---- text messages
 * --------------------------------------------------------- */

static bool
fits(const char *s, size_t max)
{
	size_t n = strlen(s);

	return n > 0 && n <= max && utf8_valid(s, n);
}

static void
take_reply(struct exchange *x)
{
	const struct http_answer *a = x->answer;
	json_t *o = json_loadb(
	    (const char *)a->body, a->n, JSON_REJECT_DUPLICATES, NULL);
	const char *result = rpc_str(o, "result");

	if (a->status != 200)
		exchange_fail(x, down, "sms: http status");
	else if (strcmp(result, "sent") == 0)
		x->result = json_object();
	else if (strcmp(result, "refused") == 0)
		exchange_fail(x, refused, "sms: refused");
	else
		exchange_fail(x, down, "sms: answer");
	json_decref(o);
}

void
sms_send(struct exchange *x)
{
	const char *to = rpc_str(x->params, "to");
	const char *text = rpc_str(x->params, "text");
	const char *key = rpc_str(x->params, "key");
	struct http_ask ask = { .url = x->conf->sms_url,
		.type = "application/json",
		.timeout_ms = x->conf->peer_timeout_ms,
		.peer_ca = x->conf->peer_ca };
	json_t *body;
	char *json;
	struct err e;

	if (!fits(to, SMS_TO_MAX) || !fits(text, SMS_MAX) ||
	    !fits(key, KEY_MAX)) {
		exchange_fail(x, "rpc.params", "sms: to, text, key");
		return;
	}
	if (ask.url[0] == '\0') {
		exchange_fail(x, none, "sms: no service");
		return;
	}
	body = json_pack("{s:s,s:s,s:s}", "to", to, "text", text, "key", key);
	json = body == NULL ? NULL : json_dumps(body, JSON_COMPACT);
	json_decref(body);
	ask.body = span_str(json);
	e = json == NULL ? err_make(E_NOMEM, 0, "sms: memory")
			 : http_perform(x->answer, &ask);
	if (err_is(e))
		exchange_fail(x, down, e.where);
	else
		take_reply(x);
	if (json != NULL)
		secret_wipe(json, strlen(json));
	free(json);
}

/* ---- e-mail
 * ---------------------------------------------------------------- */

/* What is left to hand over. */
static size_t
on_read(char *out, size_t size, size_t n, void *arg)
{
	struct span *left = arg;

	n *= size;
	if (n > left->n)
		n = left->n;
	memcpy(out, left->p, n);
	*left = span_make(left->p + n, left->n - n);
	return n;
}

static size_t
on_said(char *data, size_t size, size_t n, void *arg)
{
	return size * n; /* what the server says is of no use to us */
}

/* In clear text only within this machine. */
static bool
is_local(const char *url)
{
	static const char *const hosts[] = {
		"smtp://127.0.0.1:", "smtp://localhost:", "smtp://[::1]:"
	};

	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
		if (strncmp(url, hosts[i], strlen(hosts[i])) == 0)
			return true;
	return false;
}

/* smtp_url and, as what EHLO says, the domain of the sender. */
static bool
make_url(char out[static HTTP_URL], const struct conf *c)
{
	size_t n = strlen(c->smtp_url);

	while (n > 0 && c->smtp_url[n - 1] == '/')
		n--;
	if (n + 1 + strlen(c->mail_from) >= HTTP_URL)
		return false;
	memcpy(out, c->smtp_url, n);
	out[n] = '/';
	return str_copy(
	    out + n + 1, HTTP_URL - n - 1, strchr(c->mail_from, '@') + 1);
}

static bool
set_trust(CURL *h, const struct conf *c)
{
	return curl_easy_setopt(h, CURLOPT_USE_SSL,
		   is_local(c->smtp_url) ? (long)CURLUSESSL_NONE
					 : (long)CURLUSESSL_ALL) == CURLE_OK &&
	       (c->peer_ca[0] == '\0' ||
		   (curl_easy_setopt(h, CURLOPT_CAINFO, c->peer_ca) ==
			   CURLE_OK &&
		       curl_easy_setopt(h, CURLOPT_CAPATH, NULL) == CURLE_OK));
}

static bool
set_mail(CURL *h, const struct conf *c, const char *url, struct curl_slist *to,
    struct span *left)
{
	return curl_easy_setopt(h, CURLOPT_URL, url) == CURLE_OK &&
	       curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "smtp,smtps") ==
		   CURLE_OK &&
	       curl_easy_setopt(h, CURLOPT_PROXY, "") == CURLE_OK &&
	       curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	       curl_easy_setopt(h, CURLOPT_TIMEOUT_MS,
		   (long)c->peer_timeout_ms) == CURLE_OK &&
	       curl_easy_setopt(h, CURLOPT_MAIL_FROM, c->mail_from) ==
		   CURLE_OK &&
	       curl_easy_setopt(h, CURLOPT_MAIL_RCPT, to) == CURLE_OK &&
	       curl_easy_setopt(h, CURLOPT_UPLOAD, 1L) == CURLE_OK &&
	       curl_easy_setopt(h, CURLOPT_READFUNCTION, on_read) == CURLE_OK &&
	       curl_easy_setopt(h, CURLOPT_READDATA, left) == CURLE_OK &&
	       curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, on_said) ==
		   CURLE_OK &&
	       set_trust(h, c);
}

static void
hand_over(struct exchange *x, const char *to_address, struct span message)
{
	struct curl_slist *to = curl_slist_append(NULL, to_address);
	char url[HTTP_URL];
	CURL *h = curl_easy_init();
	CURLcode code = CURLE_FAILED_INIT;
	long said = 0;

	if (h != NULL && to != NULL && make_url(url, x->conf) &&
	    set_mail(h, x->conf, url, to, &message)) {
		code = curl_easy_perform(h);
		(void)curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &said);
	}
	if (code == CURLE_OK) {
		x->result = json_object();
	} else {
		log_line(LOG_NOTICE, "mail: libcurl %d, server %ld", (int)code,
		    said);
		exchange_fail(x, said >= 500 && said < 600 ? refused : down,
		    "mail: server");
	}
	curl_slist_free_all(to);
	curl_easy_cleanup(h);
}

void
mail_send(struct exchange *x)
{
	static uint8_t room[MAIL_MAX];
	struct buf b = buf_make(room, sizeof room);
	struct mail m = { .from = x->conf->mail_from,
		.to = rpc_str(x->params, "to"),
		.subject = rpc_str(x->params, "subject"),
		.text = rpc_str(x->params, "text"),
		.key = rpc_str(x->params, "key"),
		.at = (int64_t)time(NULL) };
	struct err e;

	if (x->conf->smtp_url[0] == '\0' || !mail_address(m.from)) {
		exchange_fail(x, none, "mail: no server or sender");
		return;
	}
	e = strlen(m.key) > KEY_MAX ? err_make(E_ARG, 0, "mail: key")
				    : mail_build(&b, &m);
	if (err_is(e))
		exchange_fail(x, "rpc.params", e.where);
	else
		hand_over(x, m.to, buf_span(&b));
	secret_wipe(room, sizeof room);
}
