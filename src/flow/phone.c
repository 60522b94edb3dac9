/*
 * flow/phone.c - the ways of delivery and a handoff.
 */
#include "flow/phone.h"

#include <string.h>

#include "base/secret.h"
#include "base/span.h"
#include "flow/request.h"
#include "rpc/rpc.h"

enum { WIFI_TEXT = 300, TTL_MAX_S = 600 };

void
phone_take_ways(struct case_view *c, const json_t *to)
{
	const json_t *one;
	size_t i;

	json_array_foreach(to, i, one) {
		for (int w = 0; w < TO_COUNT; w++)
			if (strcmp(word_way((enum target)w),
				rpc_str(one, "way")) == 0)
				(void)str_copy(c->ways[w], sizeof c->ways[w],
				    rpc_str(one, "state"));
	}
}

bool
phone_is_chosen(const struct case_view *c, enum target way)
{
	return c->ways[way][0] != '\0';
}

bool
phone_is_done(const struct case_view *c, enum target way)
{
	return strcmp(c->ways[way], "done") == 0;
}

bool
phone_is_next(const struct case_view *c)
{
	return strcmp(c->state, "ISSUED") == 0 && c->problem_key[0] == '\0' &&
	       phone_is_chosen(c, TO_PHONE) && !phone_is_done(c, TO_PHONE) &&
	       (!phone_is_chosen(c, TO_STICK) || phone_is_done(c, TO_STICK));
}

/* \ ; , " : are written with a backslash before them. */
static void
add_escaped(struct buf *b, const char *s)
{
	for (; *s != '\0'; s++) {
		if (strchr("\\;,\":", *s) != NULL)
			buf_add_byte(b, '\\');
		buf_add_byte(b, (uint8_t)*s);
	}
}

static void
make_wifi(struct handoff_view *h, const json_t *wifi)
{
	char text_secret[WIFI_TEXT];
	struct buf b = buf_make(text_secret, sizeof text_secret - 1);
	const char *key = rpc_str(wifi, "key");

	buf_add_str(&b, key[0] == '\0' ? "WIFI:T:nopass;S:" : "WIFI:T:WPA;S:");
	add_escaped(&b, rpc_str(wifi, "name"));
	if (key[0] != '\0') {
		buf_add_str(&b, ";P:");
		add_escaped(&b, key);
	}
	buf_add_str(&b, ";;");
	text_secret[b.n] = '\0';
	h->has_wifi = json_is_object(wifi) && !b.full &&
		      !err_is(qr_make(&h->wifi, text_secret, QR_MEDIUM));
	secret_wipe(text_secret, sizeof text_secret);
}

void
phone_take_codes(struct session *s, const json_t *result)
{
	struct handoff_view *h = &s->handoff;
	const char *url = rpc_str(result, "url");
	json_int_t ttl_s = rpc_int(result, "ttl_s", 0);
	bool joined = h->joined; /* one Wi-Fi for all codes of a visit */

	secret_wipe(h, sizeof *h);
	if (ttl_s < 1 || ttl_s > TTL_MAX_S)
		return;
	h->joined = joined;
	h->last = rpc_bool(result, "last");
	h->until_ms = s->now_ms + ttl_s * 1000;
	if (err_is(qr_make(&h->codes[CODE_SMALL], url, QR_MEDIUM)))
		h->codes[CODE_SMALL].size = 0;
	if (err_is(qr_make(&h->codes[CODE_LARGE], url, QR_QUARTILE)))
		h->codes[CODE_LARGE].size = 0;
	make_wifi(h, json_object_get(result, "wifi"));
}

static bool
is_over(const char *state)
{
	return strcmp(state, "expired") == 0 || strcmp(state, "wrong") == 0 ||
	       strcmp(state, "gone") == 0 || strcmp(state, "used") == 0;
}

bool
phone_is_over(const struct session *s)
{
	return s->handoff.until_ms == 0;
}

/* What remains is its word. */
static void
forget_codes(struct handoff_view *h)
{
	struct handoff_view kept = { .joined = h->joined };

	memcpy(kept.state, h->state, sizeof kept.state);
	secret_wipe(h, sizeof *h);
	*h = kept;
}

void
phone_forget(struct session *s)
{
	forget_codes(&s->handoff);
	s->handoff.state[0] = '\0';
	field_wipe(&s->digits);
}

enum intent
phone_take_event(struct session *s, const json_t *params)
{
	struct handoff_view *h = &s->handoff;
	const char *state = rpc_str(params, "state");
	json_int_t left_s = rpc_int(params, "left_s", 0);

	if (strcmp(s->kase.case_no, rpc_str(params, "case_no")) != 0 ||
	    s->pending == REQ_PHONE || phone_is_over(s))
		return INTENT_STAY; /* another visit's, or of the code before */
	if (strcmp(state, "elsewhere") == 0) {
		h->elsewhere = true;
		return INTENT_STAY;
	}
	(void)str_copy(h->state, sizeof h->state, state);
	if (is_over(state) || strcmp(state, "done") == 0) {
		forget_codes(h);
		return is_over(state) ? INTENT_PHONE_OVER : INTENT_STAY;
	}
	if (left_s >= 0 && left_s <= TTL_MAX_S)
		h->until_ms = s->now_ms + left_s * 1000 + 1;
	return strcmp(state, "claimed") == 0 ? INTENT_CLAIMED : INTENT_STAY;
}

json_t *
phone_chosen(const struct session *s)
{
	json_t *list;

	if (s->to == 0)
		return NULL;
	list = json_array();
	for (int w = 0; w < TO_COUNT; w++) {
		if ((s->to & 1u << w) != 0)
			json_array_append_new(
			    list, json_string(word_way((enum target)w)));
	}
	return list;
}
