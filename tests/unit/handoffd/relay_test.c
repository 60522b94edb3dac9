/*
 * relay_test.c - frames between relay and branch, and what may pass there.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "prog/handoff/frame.h"
#include "prog/handoff/pass.h"
#include "prog/handoff/place.h"

static struct frame_in in;
static uint8_t out[3 * FRAME_ROOM];
static size_t out_n;

static void
put(json_t *body)
{
	cr_assert(frame_put(out, sizeof out, &out_n, body));
	json_decref(body);
}

static void
feed(const void *p, size_t n)
{
	size_t room;
	uint8_t *to = frame_space(&in, &room);

	cr_assert_leq(n, room);
	memcpy(to, p, n);
	in.n += n;
}

static void
fresh(void)
{
	memset(&in, 0, sizeof in);
	out_n = 0;
}

TestSuite(frame, .init = fresh);

Test(frame, objects_come_back_however_the_bytes_are_cut)
{
	for (size_t step = 1; step < 9; step++) {
		int got = 0;
		fresh();
		for (int i = 0; i < 5; i++)
			put(json_pack("{s:i}", "id", i));
		for (size_t at = 0; at < out_n; at += step) {
			json_t *body;
			feed(out + at, out_n - at < step ? out_n - at : step);
			while (frame_take(&in, &body) == FRAME_BODY) {
				cr_expect_eq(rpc_int(body, "id", -1), got++);
				json_decref(body);
			}
		}
		cr_expect_eq(got, 5);
		cr_expect_eq(in.n, 0u);
	}
}

Test(frame, what_was_taken_is_not_kept)
{
	json_t *body;

	put(json_pack("{s:s}", "word", "planted-planted"));
	feed(out, out_n);
	cr_assert_eq(frame_take(&in, &body), FRAME_BODY);
	json_decref(body);
	for (size_t i = 0; i < sizeof in.bytes; i++)
		cr_assert_eq(in.bytes[i], 0, "byte %zu", i);
}

Test(frame, hostile_lengths_and_bodies_are_bad)
{
	static const struct {
		const char *bytes;
		size_t n;
	} rows[] = {
		{ "\0\0\0\0", 4 },		      /* empty */
		{ "\0\1\0\1", 4 },		      /* 64 KiB and one */
		{ "\377\377\377\377", 4 },	      /* 4 GiB */
		{ "\0\0\0\2[]", 6 },		      /* no object */
		{ "\0\0\0\4null", 8 },		      /* nothing */
		{ "\0\0\0\2{x", 6 },		      /* no JSON */
		{ "\0\0\0\15{\"a\":1,\"a\":2}", 17 }, /* twice */
		{ "\0\0\0\3{}\0", 7 },		      /* and something */
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		json_t *body;
		fresh();
		feed(rows[i].bytes, rows[i].n);
		cr_expect_eq(frame_take(&in, &body), FRAME_BAD, "row %zu", i);
		cr_expect_null(body);
	}
}

Test(frame, the_largest_fits_and_one_more_does_not)
{
	size_t n = FRAME_MAX - strlen("{\"a\":\"\"}");
	char *text = calloc(1, n + 2);
	json_t *body, *big;

	memset(text, 'x', n);
	put(json_pack("{s:s}", "a", text));
	cr_expect_eq(out_n, (size_t)FRAME_ROOM);
	feed(out, out_n);
	cr_assert_eq(frame_take(&in, &body), FRAME_BODY);
	json_decref(body);
	text[n] = 'x';
	big = json_pack("{s:s}", "a", text);
	cr_expect_not(frame_put(out, sizeof out, &out_n, big));
	json_decref(big);
	free(text);
}

Test(pass, only_messages_of_a_handoff_pass)
{
	static const struct {
		const char *body;
		bool up, down;
	} rows[] = {
		{ "{\"id\":1,\"method\":\"handoff.open\"}", true, false },
		{ "{\"id\":1,\"method\":\"handoff.deliver\"}", true, false },
		{ "{\"id\":1,\"method\":\"handoff.close\"}", true, false },
		{ "{\"id\":1,\"method\":\"handoff.claim\"}", false, true },
		{ "{\"id\":1,\"method\":\"handoff.ack\"}", false, true },
		{ "{\"event\":\"handoff.changed\"}", false, true },
		{ "{\"id\":1,\"result\":{}}", true, true },
		{ "{\"id\":1,\"error\":{\"code\":\"x\"}}", true, true },
		{ "{\"event\":\"handoff.ready\"}", false, false },
		{ "{\"event\":\"health.changed\"}", false, false },
		{ "{\"id\":1,\"method\":\"case.open\"}", false, false },
		{ "{\"id\":1,\"method\":\"hello\"}", false, false },
		{ "{\"id\":1,\"method\":\"hello\",\"result\":{}}", false,
		    false },
		{ "{\"id\":0,\"result\":{}}", false, false },
		{ "{\"id\":1,\"result\":7}", false, false },
		{ "{\"method\":\"handoff.open\"}", false, false },
		{ "{\"method\":7,\"event\":\"handoff.changed\"}", false,
		    false },
		{ "{}", false, false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		json_t *body = json_loads(rows[i].body, 0, NULL);
		cr_assert_not_null(body);
		cr_expect_eq(pass_up(body), rows[i].up, "up: %s", rows[i].body);
		cr_expect_eq(
		    pass_down(body), rows[i].down, "down: %s", rows[i].body);
		json_decref(body);
	}
}

Test(place, hosts_and_ports_are_told_apart)
{
	static const struct {
		const char *place, *host;
	} rows[] = { { "127.0.0.1:80", "127.0.0.1" }, { "[::1]:80", "::1" },
		{ "::1:80", "::1" } };
	static const char *const bad[] = { "", ":80", "127.0.0.1", "host:80",
		"127.0.0.1:http" };
	char host[PLACE_HOST];
	struct addrinfo *at;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		cr_assert_eq(
		    place_resolve(&at, host, rows[i].place, false).code, E_NONE,
		    "%s", rows[i].place);
		cr_expect_str_eq(host, rows[i].host);
		freeaddrinfo(at);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		cr_expect_eq(place_resolve(&at, host, bad[i], false).code,
		    E_CONFIG, "%s", bad[i]);
		cr_expect_null(at);
	}
}
