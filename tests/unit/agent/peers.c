/*
 * The fake dasi-net, dasi-media and dasi-key of the agent's tests.
 */
#define _GNU_SOURCE
#include "peers.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "people.h"
#include "rpc/rpc.h"
#include "world.h"

static void
say(int sock, json_t *body)
{
	cr_assert_not(err_is(rpc_send(sock, body, -1)));
	json_decref(body);
}

static void
keep(json_t **place, json_t *value)
{
	json_decref(*place);
	*place = json_incref(value);
}

/* ---- net ---- */

static json_t *
factors(void)
{
	return json_pack("[{s:s,s:s},{s:s,s:s}]", "kind", "phone", "hint",
	    "010-****-0001", "kind", "question", "hint", "?");
}

/* At the moment the bytes leave, the same bytes are an open intent. */
static void
check_intent(const char *kind, struct span der)
{
	uint8_t room[1024];
	struct buf b = buf_make(room, sizeof room);
	char effect[32], key[STORE_TEXT];
	struct store_case c = row();

	snprintf(effect, sizeof effect, "cmp.%s", kind);
	struct err e = store_open_intent(
	    w.agent->store, &b, key, sizeof key, &c, effect);
	cr_assert_not(err_is(e), "%s left without an intent", effect);
	cr_assert(span_eq(buf_span(&b), der), "%s: other bytes", effect);
}

static json_t *
cmp_send(json_int_t id, const json_t *params)
{
	static const char *const kinds[] = { "rr", "ir", "certConf" };
	uint8_t room[1024];
	struct buf b = buf_make(room, sizeof room);

	cr_assert_not(err_is(rpc_get_bytes(&b, params, "der")));
	for (int i = 0; i < 3; i++) {
		size_t n = strlen(kinds[i]);
		if (b.n > n && memcmp(room, kinds[i], n) == 0 &&
		    room[n] == '-') {
			check_intent(kinds[i], buf_span(&b));
			w.sent[i]++;
			if (i == 0 && rpc_int(w.rr, "reason", 6) != 6)
				w.old_revoked = true;
		}
	}
	return rpc_result(id, json_pack("{s:s}", "der", "YW5zd2Vy"));
}

static json_t *
ocsp(json_int_t id, const json_t *params)
{
	uint8_t room[4096];
	struct buf b = buf_make(room, sizeof room);
	static const uint8_t serial[] = { 0x0a, 0x1b, 0x2c };
	bool is_old;

	/* told apart by the serial inside */
	cr_assert_not(err_is(rpc_get_bytes(&b, params, "certificate")));
	is_old = memmem(room, b.n, serial, sizeof serial) != NULL;
	if (w.revoked_unknown)
		return rpc_result(id, json_pack("{s:s,s:n,s:i}", "status",
					  "unknown", "reason", "at", 1));
	if (is_old ? w.old_revoked : w.new_revoked)
		return rpc_result(id, json_pack("{s:s,s:i,s:i}", "status",
					  "revoked", "reason", 4, "at", 1));
	return rpc_result(id,
	    json_pack("{s:s,s:n,s:i}", "status", "good", "reason", "at", 1));
}

static json_t *
certificates(json_int_t id)
{
	const long serials[] = { OLD_SERIAL, NEW_SERIAL };
	json_t *list = json_array();

	for (int i = 0; i < 1 + w.made_elsewhere; i++)
		json_array_append_new(
		    list, json_pack("{s:o,s:s,s:s,s:s,s:s}", "certificate",
			      people_cert(serials[i], 1795330800 + 100 * 86400),
			      "status", i == 0 ? w.cert_status : "valid",
			      "bank", "HANBIT", "bank_name", "한빛은행",
			      "issuer_o", "yessign"));
	return rpc_result(id, json_pack("{s:o}", "certificates", list));
}

static json_t *
net_answer(json_int_t id, const char *method, json_t *params)
{
	if (strcmp(method, "cmp.send") == 0)
		return cmp_send(id, params);
	if (strcmp(method, "ocsp.query") == 0)
		return ocsp(id, params);
	if (strcmp(method, "crl.get") == 0)
		return w.crl_status[0] == '\0'
			   ? rpc_error(id, "crl.none")
			   : rpc_result(
				 id, json_pack("{s:s,s:i,s:i,s:i}", "status",
					 w.crl_status, "reason", 6, "at", 7,
					 "made", 1795330000));
	if (strcmp(method, "registry.verify") == 0)
		return rpc_result(
		    id, json_pack("{s:s,s:s,s:i,s:i,s:o}", "person", "p-1",
			    "holder_name", PERSON_NAME, "age", w.age,
			    "phone_changed_days", w.phone_days, "factors",
			    factors()));
	if (strcmp(method, "registry.factor_start") == 0)
		return rpc_result(
		    id, json_pack("{s:s,s:i}", "hint", "h", "ttl_s", 180));
	if (strcmp(method, "registry.certificates") == 0)
		return certificates(id);
	if (strcmp(method, "registry.enroll") == 0) {
		keep(&w.enroll, params);
		return rpc_result(
		    id, json_pack("{s:s,s:s,s:i}", "refnum", "REF1", "authcode",
			    "AUTH1", "expires_at", 1));
	}
	if (strcmp(method, "sms.send") == 0 ||
	    strcmp(method, "mail.send") == 0) {
		keep(&w.message, params);
		w.messages++;
	}
	if (strcmp(method, "health.probe") == 0)
		return rpc_result(
		    id, json_pack("{s:b,s:b}", "ca", 1, "registry", 1));
	return rpc_result(id, json_object());
}

static void
on_net(json_t *body)
{
	const char *method = rpc_str(body, "method");
	json_int_t id = rpc_int(body, "id", 0);
	json_t *e;

	if (w.terminal != NULL && strncmp(method, "pay.", 4) == 0) {
		e = w.terminal(id, method, json_object_get(body, "params"));
		if (e != NULL)
			say(w.net, e);
		return;
	}
	if (w.net_times != 0 && strcmp(method, w.net_method) == 0) {
		w.net_times -= w.net_times > 0;
		e = rpc_error(id, w.net_error);
		json_object_set_new(
		    json_object_get(e, "error"), "left", json_integer(2));
		say(w.net, e);
	} else if (!w.net_mute || strcmp(method, "cmp.send") != 0) {
		if (method[0] != '\0')
			say(w.net, net_answer(id, method,
				       json_object_get(body, "params")));
	}
}

/* ---- media ---- */

static json_t *
read_back(const json_t *params)
{
	return json_pack("{s:[],s:O,s:b}", "files", "readback",
	    json_object_get(params, "files"), "moved_aside", 0);
}

static json_t *
media_pairs(void)
{
	return json_pack("{s:[{s:s,s:s,s:o,s:s}]}", "pairs", "organisation",
	    "yessign", "leaf", "cn=a", "sign_cert",
	    people_cert(NEW_SERIAL, 1795330800 + 100 * 86400), "sign_pri",
	    "cHJp");
}

static void
on_media(json_t *body)
{
	const char *method = rpc_str(body, "method");
	json_t *params = json_object_get(body, "params");
	json_int_t id = rpc_int(body, "id", 0);

	if (method[0] == '\0')
		return;
	if (strcmp(method, "media.write") == 0) {
		keep(&w.write, params);
		w.write_id = id;
	}
	if (w.media_mute)
		return;
	if (w.media_times != 0) {
		w.media_times -= w.media_times > 0;
		say(w.media, rpc_error(id, w.media_error));
	} else if (strcmp(method, "media.write") == 0) {
		say(w.media, rpc_event("media.progress",
				 json_pack("{s:i}", "percent", 50)));
		say(w.media, rpc_result(id, read_back(params)));
	} else if (strcmp(method, "media.read") == 0) {
		say(w.media, rpc_result(id, media_pairs()));
	} else {
		say(w.media, rpc_result(id, json_object()));
	}
}

void
media_answers(const char *error)
{
	say(w.media, error != NULL
			 ? rpc_error(w.write_id, error)
			 : rpc_result(w.write_id, read_back(w.write)));
	run();
}

/* ---- key ---- */

struct err
peers_spawn(void *ctx, int *sock, pid_t *pid)
{
	int ends[2];

	if (w.key_missing)
		return err_make(E_SYS, 2, "test: no dasi-key");
	for (int i = 0; i < KEYS; i++) {
		if (w.keys[i].sock >= 0)
			continue;
		cr_assert_eq(
		    socketpair(AF_UNIX,
			SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends),
		    0);
		w.keys[i] = (struct fake_key){ .sock = ends[1] };
		w.spawned++;
		*sock = ends[0];
		*pid = 1;
		return err_none();
	}
	return err_make(E_LIMIT, 0, "test: keys");
}

static void
close_key(struct fake_key *k)
{
	close(k->sock);
	json_decref(k->params);
	*k = (struct fake_key){ .sock = -1 };
}

void
peers_close_keys(void)
{
	for (int i = 0; i < KEYS; i++) {
		if (w.keys[i].sock >= 0)
			close_key(&w.keys[i]);
	}
}

static void
transfer(struct fake_key *k, const char *kind)
{
	char der[32];
	json_t *p;
	int n = snprintf(der, sizeof der, "%s-%d", kind, ++w.transfers);

	p = json_pack("{s:s,s:o,s:s}", "kind", kind, "der",
	    rpc_bytes(span_make(der, (size_t)n)), "transaction_id", "aabb");
	if (strcmp(kind, "ir") == 0) {
		/* of a key on a token there is no file */
		bool token = json_object_get(k->params, "token") != NULL;

		json_object_set_new(
		    p, "sign_pri", json_string(token ? "" : "cHJp"));
		json_object_set_new(p, "spki_sha256", json_string("cc"));
	}
	snprintf(k->doing, sizeof k->doing, "%s", kind);
	k->asked = 7000 + w.transfers;
	say(k->sock, rpc_request(k->asked, "cmp.transfer", p));
}

/* Bytes to find again: what a phone would be sent. */
static json_t *
phone_files(const struct fake_key *k)
{
	if (!rpc_bool(k->params, "phone"))
		return json_array();
	return json_pack("[{s:s,s:o},{s:s,s:o}]", "profile", "compatible",
	    "data", rpc_bytes(span_str(PHONE_FILE)), "profile", "strong",
	    "data", rpc_bytes(span_str(PHONE_FILE_STRONG)));
}

static void
issued(struct fake_key *k)
{
	strcpy(k->doing, "issued");
	k->asked++;
	say(k->sock, rpc_request(k->asked, "issue.issued",
			 json_pack("{s:o,s:[],s:s,s:o}", "certificate",
			     people_cert(NEW_SERIAL, 1795330800 + 100 * 86400),
			     "chain", "p12", "cDEy", "phone", phone_files(k))));
}

/* The answer to what we asked. */
static void
on_key_answer(struct fake_key *k, json_t *body)
{
	const json_t *error = json_object_get(body, "error");

	cr_assert_eq(rpc_int(body, "id", 0), k->asked);
	if (error != NULL) {
		say(k->sock, rpc_error(k->start, rpc_str(error, "code")));
	} else if (strcmp(k->doing, "rr") == 0) {
		say(k->sock, rpc_result(k->start,
				 json_pack("{s:s}", "status", "accepted")));
	} else if (strcmp(k->doing, "certConf") == 0) {
		if (w.key_mode == KEY_BAD_CERT)
			say(k->sock, rpc_error(k->start, "peer.ca_answer"));
		else
			say(k->sock,
			    rpc_result(k->start,
				json_pack("{s:s}", "status",
				    k->accept ? "confirmed" : "rejected")));
	} else if (strcmp(k->doing, "ir") == 0) {
		if (w.key_mode == KEY_REFUSED)
			say(k->sock, rpc_error(k->start, "peer.ca_refused"));
		else if (w.key_mode == KEY_GARBAGE)
			say(k->sock, rpc_error(k->start, "peer.ca_answer"));
		else if (w.key_mode == KEY_BAD_CERT)
			transfer(k, "certConf");
		else
			issued(k);
	} else if (w.key_mode == KEY_DIES_ISSUED) {
		close_key(k);
	}
}

static void
read_password(struct fake_key *k, int fd)
{
	ssize_t n = read(fd, k->password, sizeof k->password - 1);

	cr_assert_gt(n, 0);
	k->password[n] = '\0';
}

static void
on_key_start(struct fake_key *k, json_int_t id, json_t *params, int fd)
{
	bool resumed = json_is_object(json_object_get(params, "resume"));

	k->start = id;
	keep(&k->params, params);
	if (!resumed || fd >= 0)
		read_password(k, fd);
	if (resumed && w.key_mode == KEY_PASSWORD)
		say(k->sock, rpc_error(id, "password.wrong"));
	else if (resumed)
		issued(k);
	else if (w.key_mode == KEY_DIES_EARLY)
		close_key(k);
	else if (w.key_mode == KEY_PASSWORD)
		say(k->sock, rpc_error(id, "password.rule"));
	else if (w.key_mode == KEY_TOKEN)
		say(k->sock, rpc_error(id, w.token_error));
	else
		transfer(k, "ir");
}

static void
on_key_confirm(struct fake_key *k, json_int_t id, const json_t *params)
{
	if (w.key_mode == KEY_DIES_DELIVERED) {
		close_key(k);
		return;
	}
	k->accept = rpc_bool(params, "accept");
	cr_assert_eq(row().state, k->accept ? CASE_DELIVERED : CASE_WITHDRAWING,
	    "the decision is durable before it is told");
	say(k->sock, rpc_result(id, json_object()));
	transfer(k, "certConf");
}

static void
on_key(struct fake_key *k, json_t *body, int fd)
{
	const char *method = rpc_str(body, "method");
	json_t *params = json_object_get(body, "params");
	json_int_t id = rpc_int(body, "id", 0);

	if (method[0] == '\0') {
		on_key_answer(k, body);
	} else if (strcmp(method, "issue.prepare") == 0) {
		say(k->sock,
		    rpc_result(id, json_pack("{s:s}", "spki_sha256", "cc")));
	} else if (strcmp(method, "issue.start") == 0 ||
		   strcmp(method, "token.start") == 0) {
		on_key_start(k, id, params, fd);
	} else if (strcmp(method, "rr.start") == 0) {
		k->start = id;
		keep(&w.rr, params);
		cr_assert_geq(fd, 0, "the RA key comes along");
		transfer(k, "rr");
	} else if (strcmp(method, "issue.prove") == 0) {
		keep(&w.prove, params);
		if (w.key_mode == KEY_MUTE_PROVING)
			return;
		if (w.key_mode == KEY_DIES_PROVING) {
			close_key(k);
			return;
		}
		say(k->sock, w.key_mode == KEY_MISMATCH
				 ? rpc_error(id, "mismatch")
				 : rpc_result(id, json_object()));
	} else if (strcmp(method, "issue.confirm") == 0) {
		on_key_confirm(k, id, params);
	} else if (strcmp(method, "check.start") == 0) {
		read_password(k, fd);
		keep(&k->params, params);
		say(k->sock,
		    rpc_result(id, json_pack("{s:b,s:b,s:b,s:b}", "opens", 1,
				       "pair", 1, "signature", 1, "vid", 1)));
	} else if (strcmp(method, "passwd.start") == 0) {
		read_password(k, fd);
		say(k->sock,
		    strcmp(k->password, "old\nnew") == 0
			? rpc_result(id, json_pack("{s:s}", "sign_pri", "bmV3"))
			: rpc_error(id, "password.wrong"));
	}
}

bool
peers_turn(void)
{
	bool any = false;
	json_t *body;
	int fd;

	while (w.net >= 0 && !err_is(rpc_recv(w.net, &body, NULL))) {
		on_net(body);
		json_decref(body);
		any = true;
	}
	while (w.media >= 0 && !err_is(rpc_recv(w.media, &body, NULL))) {
		on_media(body);
		json_decref(body);
		any = true;
	}
	for (int i = 0; i < KEYS; i++) {
		struct fake_key *k = &w.keys[i];
		struct err e = err_none();
		while (k->sock >= 0 &&
		       !err_is(e = rpc_recv(k->sock, &body, &fd))) {
			on_key(k, body, fd);
			json_decref(body);
			if (fd >= 0)
				close(fd);
			any = true;
		}
		if (k->sock >= 0 && e.code == E_GONE)
			close_key(k);
	}
	return any;
}
