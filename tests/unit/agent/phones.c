/*
 * dasi-handoff and the phones, played.
 */
#define _GNU_SOURCE
#include "phones.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "rpc/rpc.h"
#include "store/report.h"

struct server server;
static json_int_t last_id;

static void
keep(json_t **place, json_t *value)
{
	json_decref(*place);
	*place = json_incref(value);
}

static void
say(json_t *body)
{
	cr_assert_not(err_is(rpc_send(server.sock, body, -1)));
	json_decref(body);
}

static void
serve(json_t *body)
{
	const char *method = rpc_str(body, "method");
	json_t *params = json_object_get(body, "params");
	json_int_t id = rpc_int(body, "id", 0);

	if (strcmp(method, "handoff.open") == 0) {
		keep(&server.open, params);
		server.opens++;
	} else if (strcmp(method, "handoff.deliver") == 0) {
		keep(&server.deliver, params);
		server.delivers++;
	} else if (strcmp(method, "handoff.close") == 0) {
		keep(&server.close, params);
		server.closes++;
	} else {
		cr_assert_fail("the agent asked for %s", method);
	}
	if (server.mute)
		return;
	if (strcmp(server.refuses, method) == 0)
		say(rpc_error(id, server.refusal));
	else
		say(rpc_result(id, json_object()));
}

static bool
turn(void)
{
	bool any = false;
	json_t *body;

	while (
	    server.sock >= 0 && !err_is(rpc_recv(server.sock, &body, NULL))) {
		char *text = json_dumps(body, JSON_COMPACT);
		json_array_append_new(server.everything, json_string(text));
		free(text);
		any = true;
		if (json_is_string(json_object_get(body, "method")))
			serve(body);
		else
			keep(&server.answer, body);
		json_decref(body);
	}
	return any;
}

void
server_plug(void)
{
	server.sock = connect_as("handoff", "", 1u << ROLE_HANDOFF);
	run();
	say(rpc_event("handoff.ready",
	    json_pack("{s:s,s:s}", "base", "https://h.hanbit.test", "placement",
		"local")));
	run();
}

void
server_unplug(void)
{
	close(server.sock);
	server.sock = -1;
	run();
}

void
phones_open(void)
{
	server = (struct server){ .sock = -1, .everything = json_array() };
	world_open();
	w.guest = turn;
	server_plug();
}

void
phones_close(void)
{
	if (server.sock >= 0)
		close(server.sock);
	json_decref(server.open);
	json_decref(server.deliver);
	json_decref(server.close);
	json_decref(server.answer);
	json_decref(server.everything);
	server = (struct server){ .sock = -1 };
	world_close();
}

void
server_tells(const char *id, const char *state)
{
	say(rpc_event("handoff.changed",
	    json_pack("{s:s,s:s}", "id", id, "state", state)));
	run();
}

void
issue_to(const char *to)
{
	int ends[2];

	cr_assert_eq(pipe(ends), 0);
	cr_assert_eq(write(ends[1], "New!2026pw", 10), 10);
	close(ends[1]);
	char *text;
	cr_assert_gt(asprintf(&text, "{\"to\":[%s]}", to), 0);
	for (char *c = text; *c != '\0'; c++)
		*c = *c == '\'' ? '"' : *c;
	cr_assert_str_eq(code(ask_with_fd(0, "case.issue",
			     json_loads(text, 0, NULL), ends[0])),
	    "");
	free(text);
	close(ends[0]);
	run();
}

/* ---- the phone ---- */

static void
read_url(struct phone *p, const char *url)
{
	const char *id = strstr(url, "/d/"), *s = strchr(url, '#');
	char padded[BASE64_TEXT(HANDOFF_SECRET)] = "";
	uint8_t room[HANDOFF_SECRET + 3];
	struct buf b = buf_make(room, sizeof room);

	cr_assert(id != NULL && s != NULL && strlen(url) <= HANDOFF_URL_MAX);
	cr_assert_eq(s - id - 3, HANDOFF_ID_TEXT - 1);
	memcpy(p->id, id + 3, HANDOFF_ID_TEXT - 1);
	snprintf(padded, sizeof padded, "%s=", s + 1);
	for (char *c = padded; *c != '\0'; c++)
		*c = *c == '-' ? '+' : *c == '_' ? '/' : *c;
	cr_assert_not(err_is(base64_decode(&b, padded, strlen(padded))));
	cr_assert_eq(b.n, HANDOFF_SECRET);
	memcpy(p->secret, room, HANDOFF_SECRET);
}

struct phone
scan(int kiosk)
{
	struct phone p = { .key = EVP_EC_gen("P-256") };
	json_t *a = ask_at(kiosk, "phone.begin", "{}");
	unsigned char *raw = NULL;

	cr_assert_str_eq(code(a), "");
	cr_expect_leq(rpc_int(a, "ttl_s", 0), HANDOFF_TTL_S);
	p.last = rpc_bool(a, "last");
	read_url(&p, text(a, "url"));
	cr_assert_eq(
	    EVP_PKEY_get1_encoded_public_key(p.key, &raw), HANDOFF_POINT);
	memcpy(p.point, raw, HANDOFF_POINT);
	OPENSSL_free(raw);
	return p;
}

/* What the agent answers to a request of the server. */
static const char *
server_asks(const char *method, json_t *params)
{
	const json_t *error;

	json_decref(server.answer);
	server.answer = NULL;
	say(rpc_request(++last_id, method, params));
	run();
	cr_assert_not_null(server.answer, "%s was not answered", method);
	error = json_object_get(server.answer, "error");
	return error == NULL ? "" : rpc_str(error, "code");
}

const char *
claim_with(struct phone *p, const uint8_t mac[static SEAL_DIGEST])
{
	uint8_t room[HANDOFF_NONCE + 3];
	struct buf b = buf_make(room, sizeof room);
	const char *c = server_asks("handoff.claim",
	    json_pack("{s:s,s:o,s:o}", "id", p->id, "key",
		rpc_bytes(span_make(p->point, HANDOFF_POINT)), "mac",
		rpc_bytes(span_make(mac, SEAL_DIGEST))));

	if (c[0] != '\0')
		return c;
	cr_assert_not(err_is(rpc_get_bytes(
	    &b, json_object_get(server.answer, "result"), "nonce")));
	cr_assert_eq(b.n, HANDOFF_NONCE);
	memcpy(p->nonce, room, HANDOFF_NONCE);
	return c;
}

const char *
claim(struct phone *p)
{
	uint8_t mac[SEAL_DIGEST];

	cr_assert_not(
	    err_is(handoff_claim_mac(mac, p->secret, p->id, p->point)));
	return claim_with(p, mac);
}

const char *
type_digits(int kiosk, const struct phone *p)
{
	char digits[HANDOFF_DIGITS_TEXT];

	cr_assert_not(err_is(
	    handoff_digits(digits, p->secret, p->id, p->point, p->nonce)));
	const char *c = code(
	    ask_at(kiosk, "phone.digits", "{'digits':'%s'}", digits));
	run();
	return c;
}

const char *
type_wrong(int kiosk, const struct phone *p)
{
	char digits[HANDOFF_DIGITS_TEXT];

	cr_assert_not(err_is(
	    handoff_digits(digits, p->secret, p->id, p->point, p->nonce)));
	digits[5] = digits[5] == '9' ? '0' : (char)(digits[5] + 1);
	return code(ask_at(kiosk, "phone.digits", "{'digits':'%s'}", digits));
}

static void
phone_key(uint8_t key[static SEAL_KEY], const struct phone *p,
    const uint8_t ours[static HANDOFF_POINT])
{
	EVP_PKEY *agent = EVP_PKEY_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(p->key, NULL);
	uint8_t room[256], wrap[SEAL_KEY];
	struct buf b = buf_make(room, sizeof room);
	size_t n = 32;

	EVP_PKEY_copy_parameters(agent, p->key);
	cr_assert_eq(
	    EVP_PKEY_set1_encoded_public_key(agent, ours, HANDOFF_POINT), 1);
	cr_assert(EVP_PKEY_derive_init(ctx) == 1 &&
		  EVP_PKEY_derive_set_peer(ctx, agent) == 1 &&
		  EVP_PKEY_derive(ctx, room, &n) == 1);
	b.n = n;
	buf_add_str(&b, p->id);
	buf_add(&b, p->point, HANDOFF_POINT);
	buf_add(&b, ours, HANDOFF_POINT);
	cr_assert_not(err_is(handoff_key(wrap, p->secret, HANDOFF_WRAP)));
	cr_assert_not(err_is(seal_tag(key, wrap, buf_span(&b))));
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(agent);
}

bool
opens(const struct phone *p, uint8_t digest[static SEAL_DIGEST])
{
	static const char *const files[] = { PHONE_FILE, PHONE_FILE_STRONG };
	const json_t *list = json_object_get(server.deliver, "files"), *f;
	uint8_t key[SEAL_KEY], ours[HANDOFF_POINT + 3], sealed[512], about[128],
	    all[512];
	struct buf point = buf_make(ours, sizeof ours),
		   sum = buf_make(all, sizeof all);
	size_t i, n;

	cr_assert_not(err_is(rpc_get_bytes(&point, server.deliver, "key")));
	phone_key(key, p, ours);
	json_array_foreach(list, i, f) {
		struct buf s = buf_make(sealed, sizeof sealed),
			   b = buf_make(about, sizeof about);
		cr_assert_not(err_is(rpc_get_bytes(&s, f, "data")));
		cr_assert_not(err_is(handoff_about(&b, p->id,
		    rpc_int(server.deliver, "expiry", 0), rpc_str(f, "name"))));
		if (err_is(seal_open(all + sum.n, sizeof all - sum.n, &n, key,
			buf_span(&b), buf_span(&s))))
			return false;
		cr_assert_lt(i, 2);
		cr_expect(
		    span_eq(span_make(all + sum.n, n), span_str(files[i])));
		sum.n += n;
	}
	cr_assert_not(err_is(seal_digest(digest, buf_span(&sum))));
	return i == 2;
}

const char *
ack(const struct phone *p, const uint8_t digest[static SEAL_DIGEST])
{
	uint8_t mac[SEAL_DIGEST];

	cr_assert_not(err_is(handoff_ack_mac(mac, p->secret, p->id, digest)));
	return server_asks(
	    "handoff.ack", json_pack("{s:s,s:o}", "id", p->id, "mac",
			       rpc_bytes(span_make(mac, sizeof mac))));
}

void
receive(int kiosk, struct phone *p)
{
	uint8_t digest[SEAL_DIGEST];

	cr_assert_str_eq(claim(p), "");
	cr_assert_str_eq(type_digits(kiosk, p), "");
	cr_assert(opens(p, digest));
	cr_assert_str_eq(ack(p, digest), "");
}

/* ---- what can be seen ---- */

const char *
phone_state(void)
{
	for (int i = w.event_count - 1; i >= 0; i--) {
		if (strcmp(text(w.events[i], "event"), "phone.changed") == 0)
			return text(
			    json_object_get(w.events[i], "params"), "state");
	}
	return "";
}

const char *
way_state(const char *way)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(last_case(), "to"), i, one) {
		if (strcmp(rpc_str(one, "way"), way) == 0)
			return rpc_str(one, "state");
	}
	return "";
}

int
rows_of(const char *effect, const char *kind)
{
	static struct store_entry rows[256];
	static const char *const kinds[] = { "intent", "result", "event" };
	struct store_case c = row();
	int found = 0;
	size_t n;

	cr_assert_not(err_is(store_report_journal(
	    w.agent->store, rows, sizeof rows / sizeof *rows, &n, &c, 0)));
	for (size_t i = 0; i < n; i++)
		found += strcmp(rows[i].effect, effect) == 0 &&
			 strcmp(kinds[rows[i].kind], kind) == 0;
	return found;
}

struct phone
until_scanned(void)
{
	until_paid();
	issue_to("'phone'");
	cr_assert_eq(
	    (int)row().state, CASE_ISSUED, "%s", case_state_name(row().state));
	return scan(0);
}

struct phone
until_sent(void)
{
	struct phone p = until_scanned();

	cr_assert_str_eq(claim(&p), "");
	cr_assert_str_eq(type_digits(0, &p), "");
	cr_assert_eq(server.delivers, 1);
	return p;
}

void
still_issued(void)
{
	cr_expect_eq(
	    (int)row().state, CASE_ISSUED, "%s", case_state_name(row().state));
	cr_expect_eq(w.sent[2], 0, "no certConf");
}

void
again_goes_well(void)
{
	struct phone p = scan(0);

	still_issued();
	receive(0, &p);
	run();
	cr_expect_eq((int)row().state, CASE_DONE, "%s, problem %s",
	    case_state_name(row().state), row().problem);
	EVP_PKEY_free(p.key);
}
