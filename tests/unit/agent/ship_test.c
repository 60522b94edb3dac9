/*
 * unit/agent/ship_test.c - what the agent knows of its log's way to head
 * office.
 */
#include "prog/agent/ship.h"

#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "audit/log.h"
#include "rpc/roles.h"
#include "rpc/rpc.h"
#include "store/audit_rows.h"
#include "store/internal.h"
#include "world.h"

TestSuite(agent_ship, .init = world_open, .fini = world_close);

static struct ship_status
status(void)
{
	struct ship_status s;

	agent_ship_status(w.agent, &s);
	return s;
}

/* One word of dasi-ship. */
static void
say(int sock, const char *method, json_t *params)
{
	json_t *request = rpc_request(2, method, params);

	cr_assert_not(err_is(rpc_send(sock, request, -1)));
	json_decref(request);
	run();
}

Test(agent_ship, the_figures_follow_what_dasi_ship_says)
{
	int sock = connect_as("ship", "ship", 1u << ROLE_SHIP);
	struct ship_status s;

	run();
	s = status();
	cr_expect_not(s.configured);
	cr_expect_gt(s.rows, 1);
	cr_expect_eq(s.queued, s.rows, "nothing has been heard yet");
	cr_expect_eq(s.ack_at, 0);
	cr_expect_str_eq(s.trouble, "");
	say(sock, "ship.acked", json_pack("{s:i,s:s}", "size", 1, "note", ""));
	s = status();
	cr_expect_eq(s.acked, 1);
	cr_expect_eq(s.queued, s.rows - 1);
	cr_expect_eq(s.ack_at, w.wall_ms / 1000);
	say(sock, "ship.acked",
	    json_pack("{s:I,s:s}", "size", (json_int_t)s.rows, "note", ""));
	cr_expect_eq(status().queued, 0);
	cr_expect_eq(status().oldest_s, 0);
	say(sock, "ship.trouble",
	    json_pack("{s:s,s:i}", "kind", "fork", "size", 1));
	cr_expect_str_eq(status().trouble, "fork");
	close(sock);
}

Test(agent_ship, the_oldest_row_that_waits_grows_old)
{
	int64_t before = status().oldest_s;

	pass_ms(90 * 1000);
	cr_expect_geq(status().oldest_s, before + 90);
	w.wall_ms -= (int64_t)1000 * 1000 * 1000;
	cr_expect_eq(status().oldest_s, 0, "a clock set back ages nothing");
}

/* ---- pruning ---- */

enum { OLD = 600 };

static struct note_signer office;

/* A branch with rows of days ago that knows head office's key. */
static void
old_branch(void)
{
	const uint8_t seed[NOTE_SEED] = { 3 };
	struct audit_event event = {
		.actor = "kiosk-1", .role = "kiosk", .kind = "test"
	};

	cr_assert_not(err_is(
	    note_signer_make(&office, span_str("headoffice.dasi"), seed)));
	note_key_text(w.conf.ship_cosign_key, &office.key);
	w.conf.audit_days = 2;
	world_restart();
	cr_assert_not(err_is(store_begin(w.agent->store)));
	for (int i = 0; i < OLD; i++)
		cr_assert_not(
		    err_is(store_audit_append(w.agent->store, NULL, &event)));
	cr_assert_not(err_is(store_end(w.agent->store, err_none())));
	run();
}

/* Days pass, one by one, with a purge in each. */
static uint64_t
first_row_after(int days)
{
	struct audit_port p = store_audit_port(w.agent->store);
	struct audit_bounds b;

	for (int i = 0; i < days; i++)
		pass_ms((int64_t)24 * 3600 * 1000);
	cr_assert_not(err_is(p.bounds(p.ctx, &b)));
	return b.first;
}

/* What dasi-ship brings: our newest checkpoint with one more line. */
static void
bring(int sock, const struct note_signer *by, uint64_t size)
{
	static char text[NOTE_BYTES + 1];
	struct buf b = buf_make(text, NOTE_BYTES);

	cr_assert_not(
	    err_is(audit_log_newest(store_audit_log(w.agent->store), &b)));
	cr_assert_not(err_is(note_cosign(&b, by)));
	text[b.n] = '\0';
	say(sock, "ship.acked",
	    json_pack("{s:I,s:s}", "size", (json_int_t)size, "note", text));
}

static json_int_t
rows_from(int sock, int from, char *refusal, size_t cap)
{
	json_t *request = rpc_request(
	    9, "ship.rows", json_pack("{s:i,s:i}", "from", from, "max", 1));
	json_t *body = NULL;
	json_int_t n = -1;
	int fd = -1;

	cr_assert_not(err_is(rpc_send(sock, request, -1)));
	json_decref(request);
	run();
	while (n < 0 && !err_is(rpc_recv(sock, &body, &fd))) {
		if (rpc_int(body, "id", 0) == 9) {
			n = rpc_int(json_object_get(body, "result"), "rows", 0);
			str_copy(refusal, cap,
			    rpc_str(json_object_get(body, "error"), "code"));
		}
		if (fd >= 0)
			close(fd);
		json_decref(body);
	}
	return n;
}

Test(agent_ship, what_head_office_signed_for_goes_when_it_is_old)
{
	int sock;
	uint64_t first;
	char refusal[64];

	old_branch();
	cr_expect_eq(first_row_after(5), 0, "nothing was signed for");
	sock = connect_as("ship", "ship", 1u << ROLE_SHIP);
	run();
	bring(sock, &office, status().rows);
	cr_expect_geq(status().cosigned, 512);
	first = first_row_after(1);
	cr_expect_geq(first, 512);
	cr_expect_eq(rows_from(sock, 0, refusal, sizeof refusal), 0);
	cr_expect_str_eq(refusal, "ship.pruned");
	cr_expect_eq(rows_from(sock, (int)first, refusal, sizeof refusal), 1);
	close(sock);
	world_restart();
	cr_expect_geq(status().acked, 512, "remembered");
	for (int i = 0; i < 200; i++)
		pass_ms(10);
	cr_expect_str_eq(status().history, "good");
}

Test(agent_ship, a_sink_that_lies_prunes_nothing)
{
	const uint8_t seed[NOTE_SEED] = { 4 };
	struct note_signer liar;
	int sock;

	old_branch();
	sock = connect_as("ship", "ship", 1u << ROLE_SHIP);
	cr_assert_not(
	    err_is(note_signer_make(&liar, span_str("headoffice.dasi"), seed)));
	run();
	bring(sock, &liar, status().rows);
	bring(sock, &office, status().rows + 1000); /* more than there is */
	say(sock, "ship.acked",
	    json_pack(
		"{s:i,s:s}", "size", 1, "note", "garbage\n\n\u2014 x y\n"));
	cr_expect_eq(status().cosigned, 0);
	cr_expect_eq(first_row_after(5), 0);
	/* signed, but it holds another history as well: nothing goes */
	bring(sock, &office, status().rows);
	say(sock, "ship.trouble",
	    json_pack("{s:s,s:i}", "kind", "fork", "size", 1));
	cr_expect_eq(first_row_after(2), 0);
	close(sock);
}
