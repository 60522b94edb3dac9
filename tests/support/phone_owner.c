/*
 * phone_owner.c - an agent's part of a handoff, for tests of dasi-handoff and
 * of the page: phone-owner SOCKET FILE...
 *
 * Listens at SOCKET for dasi-handoff, opens one handoff and says what happens
 * as lines of JSON on stdout.  Reads commands on stdin: "digits 012345",
 * "close STATE", "open" (another one).  FILEs go to the phone, the first as
 * compatible, the second as strong.  When dasi-handoff goes, what was open is
 * gone, and it waits for the next one, as the agent does.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "handoff/session.h"
#include "rpc/rpc.h"

enum { FILE_MAX = 16 * 1024, FILES = 2 };

static struct {
	int listener, sock; /* -1: nobody is there */
	json_int_t id;
	char base[256];
	struct handoff h;
	size_t count;
	struct {
		const char *path;
		uint8_t bytes[FILE_MAX];
		size_t n;
	} files[FILES];
} me;

static int64_t
now_ms(void)
{
	return clock_system().mono_ms(NULL);
}

static void
say(json_t *o)
{
	char *text = json_dumps(o, JSON_COMPACT);

	puts(text);
	fflush(stdout);
	free(text);
	json_decref(o);
}

static void
must(struct err e)
{
	if (!err_is(e))
		return;
	fprintf(stderr, "phone-owner: %s (%s)\n", err_name(e.code), e.where);
	exit(3);
}

static void
lost(void)
{
	close(me.sock);
	me.sock = -1;
	if (!handoff_is_over(&me.h))
		handoff_close(&me.h, HANDOFF_GONE);
	say(json_pack("{s:s}", "lost", handoff_state_name(me.h.state)));
}

static void
send_body(json_t *body)
{
	if (me.sock >= 0 && err_is(rpc_send(me.sock, body, -1)))
		lost();
	json_decref(body);
}

static void
begin(void)
{
	uint8_t hash[SEAL_DIGEST];
	char url[HANDOFF_URL_MAX + 1];
	struct err e;

	must(handoff_begin(&me.h, HANDOFF_TTL_S, now_ms(),
	    clock_system().wall_ms(NULL) / 1000));
	must(handoff_auth_hash(hash, &me.h));
	send_body(rpc_request(++me.id, "handoff.open",
	    json_pack("{s:s,s:o,s:i}", "id", me.h.id, "auth_hash",
		rpc_bytes(span_make(hash, sizeof hash)), "ttl_s",
		HANDOFF_TTL_S)));
	e = handoff_url(url, me.base, me.h.id, me.h.secret);
	must(e);
	say(json_pack("{s:s,s:s}", "url", url, "id", me.h.id));
}

static void
claim(const json_t *body)
{
	const json_t *p = json_object_get(body, "params");
	json_int_t id = rpc_int(body, "id", 0);
	uint8_t key[HANDOFF_POINT + 3], tag[SEAL_DIGEST + 3];
	struct buf k = buf_make(key, sizeof key), t = buf_make(tag, sizeof tag);
	struct err e = rpc_get_bytes(&k, p, "key");

	if (!err_is(e))
		e = rpc_get_bytes(&t, p, "mac");
	if (!err_is(e))
		e = handoff_claim(&me.h, key, tag, now_ms());
	say(json_pack(
	    "{s:s,s:s}", "claim", err_name(e.code), "where", e.where));
	send_body(err_is(e) ? rpc_error(id, "handoff.refused")
			    : rpc_result(id, json_pack("{s:o}", "nonce",
						 rpc_bytes(span_make(me.h.nonce,
						     HANDOFF_NONCE)))));
}

static void
acked(const json_t *body)
{
	json_int_t id = rpc_int(body, "id", 0);
	uint8_t tag[SEAL_DIGEST + 3];
	struct buf t = buf_make(tag, sizeof tag);
	struct err e = rpc_get_bytes(
	    &t, json_object_get(body, "params"), "mac");

	if (!err_is(e))
		e = handoff_acked(&me.h, tag, now_ms());
	say(json_pack("{s:s,s:s}", "ack", err_name(e.code), "state",
	    handoff_state_name(me.h.state)));
	send_body(err_is(e) ? rpc_error(id, "handoff.refused")
			    : rpc_result(id, NULL));
}

static json_t *
sealed(int i, const uint8_t key[static SEAL_KEY])
{
	static uint8_t out[FILE_MAX + SEAL_OVERHEAD];
	const char *name = strrchr(me.files[i].path, '/');
	char about[256];
	struct buf b = buf_make(about, sizeof about);
	size_t n;

	name = name == NULL ? me.files[i].path : name + 1;
	must(handoff_about(&b, me.h.id, me.h.expiry, name));
	must(seal(out, sizeof out, &n, key, buf_span(&b),
	    span_make(me.files[i].bytes, me.files[i].n)));
	return json_pack("{s:s,s:s,s:o}", "name", name, "profile",
	    i == 0 ? "compatible" : "strong", "data",
	    rpc_bytes(span_make(out, n)));
}

static void
deliver(void)
{
	static uint8_t all[FILES * FILE_MAX];
	struct buf b = buf_make(all, sizeof all);
	uint8_t key[SEAL_KEY], ours[HANDOFF_POINT];
	json_t *list = json_array();

	must(handoff_wrap(key, ours, me.h.secret, me.h.id, me.h.phone));
	for (size_t i = 0; i < me.count; i++) {
		buf_add(&b, me.files[i].bytes, me.files[i].n);
		json_array_append_new(list, sealed((int)i, key));
	}
	must(seal_digest(me.h.files, buf_span(&b)));
	send_body(rpc_request(++me.id, "handoff.deliver",
	    json_pack("{s:s,s:o,s:I,s:I,s:s,s:o}", "id", me.h.id, "key",
		rpc_bytes(span_make(ours, sizeof ours)), "expiry",
		(json_int_t)me.h.expiry, "not_after", (json_int_t)1805000000,
		"holder", "홍*동", "files", list)));
}

static void
close_it(const char *state)
{
	send_body(rpc_request(++me.id, "handoff.close",
	    json_pack("{s:s,s:s}", "id", me.h.id, "state", state)));
}

static void
command(char *line)
{
	int left = 0;

	line[strcspn(line, "\n")] = '\0';
	if (strcmp(line, "open") == 0)
		begin();
	if (strncmp(line, "close ", 6) == 0)
		close_it(line + 6);
	if (strncmp(line, "digits ", 7) == 0) {
		struct err e = handoff_typed(&me.h, &left, line + 7, now_ms());
		say(json_pack(
		    "{s:s,s:i}", "digits", err_name(e.code), "left", left));
		if (!err_is(e))
			deliver();
		else if (me.h.state == HANDOFF_WRONG)
			close_it("wrong");
	}
}

static void
serve(const json_t *body)
{
	const char *method = rpc_str(body, "method");
	const char *event = rpc_str(body, "event");
	json_int_t id = rpc_int(body, "id", 0);

	if (strcmp(method, "hello") == 0)
		send_body(rpc_result(id, NULL));
	else if (strcmp(method, "handoff.claim") == 0)
		claim(body);
	else if (strcmp(method, "handoff.ack") == 0)
		acked(body);
	else if (strcmp(event, "handoff.ready") == 0) {
		snprintf(me.base, sizeof me.base, "%s",
		    rpc_str(json_object_get(body, "params"), "base"));
		begin();
	} else if (event[0] != '\0')
		say(json_pack("{s:s,s:O}", "event", event, "params",
		    json_object_get(body, "params")));
	else if (json_object_get(body, "error") != NULL)
		say(json_deep_copy(body));
}

static void
hear(void)
{
	json_t *body = NULL;

	if (me.sock < 0) {
		me.sock = accept(me.listener, NULL, NULL);
		return;
	}
	if (err_is(rpc_recv(me.sock, &body, NULL)))
		lost();
	else
		serve(body);
	json_decref(body);
}

static void
loop(void)
{
	char line[128];

	for (;;) {
		struct pollfd fds[2] = { { me.sock < 0 ? me.listener : me.sock,
					     POLLIN, 0 },
			{ STDIN_FILENO, POLLIN, 0 } };
		if (poll(fds, 2, -1) < 0)
			return;
		if (fds[0].revents != 0)
			hear();
		if (fds[1].revents != 0) {
			if (fgets(line, sizeof line, stdin) == NULL)
				return;
			command(line);
		}
	}
}

int
main(int argc, char **argv)
{
	if (argc < 3 || argc > 2 + FILES)
		return 2;
	setvbuf(stdin, NULL, _IONBF, 0);
	for (int i = 2; i < argc; i++) {
		struct buf b = buf_make(me.files[i - 2].bytes, FILE_MAX);
		me.files[i - 2].path = argv[i];
		must(file_read(&b, argv[i]));
		me.files[i - 2].n = b.n;
		me.count++;
	}
	must(rpc_listen(&me.listener, argv[1], 0600));
	me.sock = -1;
	loop();
	return 0;
}
