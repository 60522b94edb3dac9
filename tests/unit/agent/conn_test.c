/*
 * Connections: roles, malformed frames, hostile values, peers that go away.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "prog/agent/creds.h"
#include "prog/agent/device.h"
#include "rpc/rpc.h"
#include "world.h"

TestSuite(conn, .init = world_open, .fini = world_close);

/* The slot of a kiosk in the agent's table. */
static struct link *
slot(int nth)
{
	for (int i = 0; i < LINKS_MAX; i++) {
		struct link *l = &w.agent->links[i];
		if (l->fd >= 0 && l->role == ROLE_KIOSK && nth-- == 0)
			return l;
	}
	return NULL;
}

Test(conn, three_malformed_frames_end_a_connection_and_one_does_not)
{
	json_t *body;

	for (int i = 0; i < MALFORMED_MAX; i++) {
		cr_assert_not_null(slot(0), "still there after %d", i);
		cr_assert_eq(send(w.kiosk[0], "{]", 2, 0), 2);
		agent_readable(w.agent, slot(0));
	}
	for (int i = 0; i < MALFORMED_MAX; i++) {
		cr_assert_not(err_is(rpc_recv(w.kiosk[0], &body, NULL)));
		cr_expect_str_eq(
		    code(json_object_get(body, "error")), "rpc.params");
		json_decref(body);
	}
	cr_expect_eq(rpc_recv(w.kiosk[0], &body, NULL).code, E_GONE);
}

Test(conn, unknown_methods_and_wrong_roles_leave_the_connection_alive)
{
	for (int i = 0; i < 5; i++) {
		cr_expect_str_eq(code(ask("case.shred", "{}")), "rpc.method");
		cr_expect_str_eq(code(ask("issue.issued", "{}")), "rpc.role");
	}
	begin(0, "reissue");
}

/* Good shapes, hostile values. */
static void
send_hostile(enum rpc_method m, const char *long_text)
{
	char spec[256], *at = spec, *word;
	json_t *p = json_object(), *q;

	strcpy(spec, rpc_rule(m)->params);
	while ((word = strtok_r(at, " ", &at)) != NULL) {
		char type = strchr(word, ':')[1];
		*strchr(word, ':') = '\0';
		json_object_set_new(p, word,
		    type == 's'	  ? json_string(long_text)
		    : type == 'i' ? json_integer(INT64_MIN)
		    : type == 'b' ? json_true()
				  : json_object());
	}
	q = rpc_request(1, rpc_rule(m)->name, p);
	cr_assert_not(err_is(rpc_send(w.kiosk[0], q, -1)));
	json_decref(q);
	run();
}

Test(conn, hostile_values_in_good_shapes_do_no_harm)
{
	char text_5000[5001];

	memset(text_5000, 'a', 5000);
	text_5000[5000] = '\0';
	for (int m = METHOD_VISIT_END; m < METHOD_CMP_TRANSFER; m++) {
		if (rpc_rule(m)->fd == RPC_FD_MUST)
			continue;
		begin(0, "reissue");
		identify(0);
		open_case(0);
		send_hostile(m, text_5000);
		send_hostile(m, "\xed\x95\x9c\n\x1b[2J\"'%s%n");
		send_hostile(m, "");
	}
	cr_expect_str_eq(code(ask("hello", "{'role':'kiosk'}")), "");
	cr_expect_eq(w.agent->links[2].malformed, 0);
}

Test(conn, a_role_the_kernel_does_not_vouch_for_is_refused)
{
	json_t *body;
	int s = connect_as("net", "", 1u << ROLE_KIOSK);

	run();
	cr_assert_not(err_is(rpc_recv(s, &body, NULL)));
	cr_expect_str_eq(code(json_object_get(body, "error")), "rpc.role");
	json_decref(body);
	close(s);
}

Test(conn, the_table_of_connections_is_finite)
{
	int s[LINKS_MAX], n = 0, ends[2];
	struct err e = err_none();

	while (!err_is(e) && n < LINKS_MAX) {
		cr_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
		s[n++] = ends[1];
		e = agent_accept(w.agent, ends[0], 1u << ROLE_KIOSK);
	}
	cr_expect_eq(e.code, E_FULL);
	cr_expect_eq(n, LINKS_MAX - KIOSKS - 2 + 1);
	while (n > 0)
		close(s[--n]);
	run();
	close(connect_as("kiosk", "K", 1u << ROLE_KIOSK));
}

Test(conn, changes_of_the_stick_and_of_health_reach_every_kiosk)
{
	json_t *e = rpc_event(
	    "media.changed", json_pack("{s:s,s:s,s:i}", "state", "ready",
				 "label", "S", "free_kb", 7));
	json_t *body;
	bool stick = false, health = false;

	cr_assert_not(err_is(rpc_send(w.media, e, -1)));
	json_decref(e);
	close(w.net);
	w.net = -1;
	pass_ms(16000);
	for (int i = 0; i < w.event_count; i++) {
		const char *name = text(w.events[i], "event");
		stick |= strcmp(name, "media.changed") == 0;
		health |= strcmp(name, "health.changed") == 0;
	}
	cr_expect(stick);
	int s = connect_as("kiosk", "K-05", 1u << ROLE_KIOSK);
	run();
	cr_assert_not(err_is(rpc_recv(s, &body, NULL)));
	json_decref(body);
	cr_assert_not(err_is(rpc_recv(s, &body, NULL)));
	cr_expect_str_eq(
	    text(body, "event"), "media.changed", "also one that came later");
	json_decref(body);
	close(s);
	cr_expect(health);
}

Test(conn, a_connection_that_says_no_hello_is_closed)
{
	json_t *body;
	int s = connect_as(NULL, "", 1u << ROLE_KIOSK);

	pass_ms(9000);
	cr_expect_eq(rpc_recv(s, &body, NULL).code, E_TIMEOUT);
	pass_ms(2000);
	cr_expect_eq(rpc_recv(s, &body, NULL).code, E_GONE);
	close(s);
	cr_expect_str_eq(code(ask("hello", "{'role':'kiosk'}")), "",
	    "those who did are not");
}

static const json_t *
last_event(const char *name)
{
	for (int i = w.event_count - 1; i >= 0; i--) {
		if (strcmp(text(w.events[i], "event"), name) == 0)
			return json_object_get(w.events[i], "params");
	}
	return NULL;
}

Test(conn, a_peer_that_goes_away_is_told_to_the_kiosks_at_once)
{
	close(w.media);
	w.media = -1;
	run();
	cr_expect_str_eq(text(last_event("media.changed"), "state"), "none");
	cr_expect_not(rpc_bool(last_event("health.changed"), "media"));
	cr_expect(rpc_bool(last_event("health.changed"), "ca"));
	close(w.net);
	w.net = -1;
	run();
	cr_expect_not(rpc_bool(last_event("health.changed"), "ca"));
	w.net = connect_as("net", "", 1u << ROLE_NET);
	run();
	cr_expect(rpc_bool(last_event("health.changed"), "ca"));
}

Test(conn, roles_follow_users_and_groups_of_the_configuration)
{
	struct conf c = { .role_count = 3 };

	strcpy(c.roles[0].name, "kiosk");
	strcpy(c.roles[0].users[0], "@self");
	c.roles[0].user_count = 1;
	strcpy(c.roles[1].name, "net");
	strcpy(c.roles[1].users[0], "root");
	c.roles[1].user_count = 1;
	strcpy(c.roles[2].name, "counter");
	strcpy(c.roles[2].groups[0], "daemon");
	c.roles[2].group_count = 1;
	cr_expect(creds_roles(&c, getuid(), getgid()) & 1u << ROLE_KIOSK);
	cr_expect(creds_roles(&c, 0, 0) & 1u << ROLE_NET);
	cr_expect_not(creds_roles(&c, 0, 0) & 1u << ROLE_COUNTER);
	cr_expect_eq(creds_roles(&c, 1, 1), 1u << ROLE_COUNTER,
	    "daemon is in the group daemon");
	cr_expect_eq(creds_roles(&c, 4000000, 4000000), 0);
}

Test(conn, a_device_key_is_made_once_and_guarded)
{
	uint8_t key[SEAL_KEY], again[SEAL_KEY];
	struct stat st;

	snprintf(w.conf.device_key, sizeof w.conf.device_key, "%s/device.key",
	    w.folder);
	cr_expect_eq(device_key_load(key, &w.conf).code, E_CONFIG,
	    "lost although there is a database");
	world_stop();
	snprintf(w.conf.state, sizeof w.conf.state, "%s/fresh", w.folder);
	cr_assert_not(err_is(device_key_load(key, &w.conf)));
	cr_assert_not(err_is(device_key_load(again, &w.conf)));
	cr_expect_eq(memcmp(key, again, sizeof key), 0);
	cr_assert_eq(stat(w.conf.device_key, &st), 0);
	cr_expect_eq(st.st_mode & 0777, 0600);
	cr_assert_eq(chmod(w.conf.device_key, 0644), 0);
	cr_expect_eq(device_key_load(again, &w.conf).code, E_CONFIG);
	cr_assert_eq(chmod(w.conf.device_key, 0600), 0);
	cr_assert_eq(truncate(w.conf.device_key, 31), 0);
	cr_expect_eq(device_key_load(again, &w.conf).code, E_CONFIG);
}
