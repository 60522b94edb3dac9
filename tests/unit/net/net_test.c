/*
 * dasi-net between an agent and peers that behave well, badly, or not at all.
 */
#include <criterion/criterion.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "branch.h"
#include "rpc/rpc.h"

static struct peer ca, registry;
static struct branch b;

static void
open_all(int timeout_ms)
{
	peer_open(&ca);
	peer_open(&registry);
	branch_open(&b, &ca, &registry, timeout_ms);
}

static void
close_all(void)
{
	cr_expect_eq(branch_close(&b), 0);
	peer_close(&ca);
	peer_close(&registry);
}

static void
say_json(struct peer *p, const char *text)
{
	peer_say(p, "200 OK", "application/json", text, strlen(text));
}

/* Ask; takes `params`.  The answer is `code`, "ok" for none. */
static void
expect_code(const char *method, json_t *params, const char *code)
{
	json_t *a = branch_ask(&b, method, params);

	cr_expect_str_eq(code_of(a), code, "%s", method);
	json_decref(a);
}

static json_t *
some_der(void)
{
	return json_pack("{s:o}", "der", rpc_bytes(span_str("request bytes")));
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- cmp.send ---- */

Test(net, bytes_are_carried_both_ways_unchanged)
{
	uint8_t room[64];
	struct buf der = buf_make(room, sizeof room);
	json_t *a;

	open_all(5000);
	peer_say(&ca, "200 OK", "application/pkixcmp", "\0answer\xff", 8);
	a = branch_ask(&b, "cmp.send", some_der());
	cr_expect_str_eq(code_of(a), "ok");
	cr_assert_not(
	    err_is(rpc_get_bytes(&der, json_object_get(a, "result"), "der")));
	cr_expect_eq(der.n, 8);
	cr_expect_arr_eq(room, "\0answer\xff", 8);
	cr_expect(strstr(ca.request, "POST /cmp HTTP/1.1\r\n") == ca.request);
	cr_expect(strstr(ca.request, "Content-Type: application/pkixcmp\r\n"));
	cr_expect(strstr(ca.request, "\r\n\r\nrequest bytes"));
	json_decref(a);
	close_all();
}

Test(net, every_kind_of_bad_answer_has_its_code)
{
	/* clang-format off */
	static const struct {
		const char *status, *type, *body, *code;
	} rows[] = {
		{ "500 Oops",	"application/pkixcmp", "x", "peer.ca_http" },
		{ "404 No",	"text/html", "<html>",	    "peer.ca_http" },
		{ "302 Found\r\nLocation: http://127.0.0.1:1/",
				"application/pkixcmp", "",  "peer.ca_http" },
		{ "200 OK",	"text/html", "<html>busy",  "peer.ca_answer" },
		{ "200 OK",	"application/pkixcmp", "",  "peer.ca_answer" },
	};
	/* clang-format on */

	open_all(5000);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		json_t *a;

		peer_say(&ca, rows[i].status, rows[i].type, rows[i].body,
		    strlen(rows[i].body));
		a = branch_ask(&b, "cmp.send", some_der());
		cr_expect_str_eq(code_of(a), rows[i].code, "row %zu", i);
		json_decref(a);
	}
	cr_expect_eq(ca.count, 5);
	close_all();
}

Test(net, no_http_at_all_is_no_answer)
{
	open_all(5000);
	strcpy(ca.reply, "220 smtp ready\r\n");
	ca.reply_n = strlen(ca.reply);
	expect_code("cmp.send", some_der(), "peer.ca_answer");
	close_all();
}

Test(net, a_closed_connection_and_a_refused_one_say_down)
{
	open_all(5000);
	ca.manner = HANG_UP;
	expect_code("cmp.send", some_der(), "peer.ca_down");
	shutdown(ca.listener, SHUT_RDWR);
	expect_code("cmp.send", some_der(), "peer.ca_down");
	close_all();
}

Test(net, a_silent_and_a_dripping_peer_run_into_the_time_limit)
{
	static const enum manner manners[] = { SILENT, SLOW };

	for (size_t i = 0; i < 2; i++) {
		double start;
		json_t *a;

		open_all(400);
		ca.manner = manners[i];
		start = now();
		a = branch_ask(&b, "cmp.send", some_der());
		cr_expect_str_eq(code_of(a), "peer.ca_timeout");
		cr_expect(now() - start >= 0.3);
		cr_expect(now() - start < 10);
		json_decref(a);
		close_all();
	}
}

Test(net, a_body_without_end_is_cut)
{
	open_all(20000);
	ca.manner = ENDLESS;
	expect_code("cmp.send", some_der(), "peer.ca_answer");
	close_all();
}

/* ---- the link ---- */

Test(net, exchanges_run_side_by_side)
{
	int seen = 0;

	open_all(3000);
	ca.manner = SILENT;
	say_json(&registry, "{\"certificates\":[]}");
	branch_send(&b, 1, "cmp.send", some_der());
	branch_send(
	    &b, 2, "registry.certificates", json_pack("{s:s}", "person", "p"));
	for (int i = 0; i < 2; i++) {
		json_t *a = branch_next(&b);

		/* the quick one first */
		cr_expect_eq(rpc_int(a, "id", 0), i == 0 ? 2 : 1);
		seen++;
		json_decref(a);
	}
	cr_expect_eq(seen, 2);
	close_all();
}

Test(net, more_requests_than_places_are_all_answered)
{
	bool seen[41] = { false };

	open_all(5000);
	say_json(&registry, "{\"certificates\":[]}");
	for (int i = 1; i <= 40; i++)
		branch_send(&b, i, "registry.certificates",
		    json_pack("{s:s}", "person", "p"));
	for (int i = 1; i <= 40; i++) {
		json_t *a = branch_next(&b);
		json_int_t id = rpc_int(a, "id", 0);

		cr_assert(id >= 1 && id <= 40 && !seen[id]);
		seen[id] = true;
		cr_expect_str_eq(code_of(a), "ok");
		json_decref(a);
	}
	close_all();
}

Test(net, it_finds_an_agent_that_was_restarted)
{
	open_all(5000);
	say_json(&registry, "{\"certificates\":[]}");
	close(b.sock);
	branch_accept(&b);
	expect_code(
	    "registry.certificates", json_pack("{s:s}", "person", "p"), "ok");
	close_all();
}

Test(net, unknown_methods_and_bad_params_are_refused_and_three_malformed_end_it)
{
	open_all(5000);
	expect_code("cmp.forge", NULL, "rpc.method");
	expect_code("cmp.send", NULL, "rpc.params");
	expect_code(
	    "registry.verify", json_pack("{s:i}", "name", 7), "rpc.params");
	for (int i = 0; i < 3; i++)
		cr_assert_eq(send(b.sock, "[not", 4, MSG_NOSIGNAL), 4);
	cr_expect_null(branch_next(&b));
	close(b.sock);
	branch_accept(&b);
	close_all();
}

Test(net, it_ends_at_once_while_a_peer_is_silent)
{
	double start;

	open_all(60000);
	ca.manner = SILENT;
	branch_send(&b, 1, "cmp.send", some_der());
	while (ca.count == 0)
		(void)poll(NULL, 0, 1);
	start = now();
	close_all();
	cr_expect(now() - start < 5);
}

/* ---- registry ---- */

static json_t *
person_params(void)
{
	/* the name is decomposed Hangul; it must leave composed */
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "name",
	    "\xe1\x84\x92\xe1\x85\xa9\xe1\x86\xbc", "number", "9001011234568",
	    "id_kind", "resident", "id_number", "", "issue_date", "2019-03-05",
	    "extra", "not sent");
}

Test(net, identity_goes_out_checked_and_comes_back_checked)
{
	const json_t *r;
	json_t *a;

	open_all(5000);
	say_json(&registry,
	    "{\"result\":\"match\",\"person\":\"p1\",\"name\":\"홍길동\","
	    "\"age\":36,\"phone_changed_days\":900,\"factors\":[{\"kind\":"
	    "\"phone\",\"hint\":\"010-****-0001\"}],\"surplus\":[1,2]}");
	a = branch_ask(&b, "registry.verify", person_params());
	r = json_object_get(a, "result");
	cr_expect_str_eq(code_of(a), "ok");
	cr_expect_str_eq(rpc_str(r, "holder_name"), "홍길동");
	cr_expect_eq(rpc_int(r, "age", 0), 36);
	cr_expect_eq(json_array_size(json_object_get(r, "factors")), 1);
	cr_expect_null(json_object_get(r, "surplus"));
	cr_expect(
	    strstr(registry.request,
		"POST /dasi/identity/verify HTTP/1.1\r\n") == registry.request);
	cr_expect(strstr(registry.request, "\"name\":\"\xed\x99\x8d\""));
	cr_expect_null(strstr(registry.request, "not sent"));
	json_decref(a);
	close_all();
}

Test(net, answers_of_the_registry_become_codes)
{
	/* clang-format off */
	static const struct { const char *method, *answer, *code; } rows[] = {
		{ "registry.verify", "{\"result\":\"mismatch\"}",
		  "identity.mismatch" },
		{ "registry.verify", "{\"result\":\"perhaps\"}",
		  "peer.registry_down" },
		{ "registry.verify", "nonsense", "peer.registry_down" },
		{ "registry.verify", "[]", "peer.registry_down" },
		{ "registry.factor_verify", "{\"result\":\"wrong\",\"left\":3}",
		  "factor.wrong" },
		{ "registry.factor_verify", "{\"result\":\"locked\"}",
		  "factor.locked" },
	};
	/* clang-format on */

	open_all(5000);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		json_t *p = person_params(), *a;

		json_object_set_new(p, "person", json_string("p1"));
		json_object_set_new(p, "kind", json_string("phone"));
		json_object_set_new(p, "answer", json_string("123456"));
		json_object_set_new(p, "account", json_string(""));
		say_json(&registry, rows[i].answer);
		a = branch_ask(&b, rows[i].method, p);
		cr_expect_str_eq(code_of(a), rows[i].code, "row %zu", i);
		json_decref(a);
	}
	close_all();
}

/* ---- ocsp, health ---- */

static json_t *
self_signed(void)
{
	EVP_PKEY *key = EVP_RSA_gen(2048);
	X509 *cert = X509_new();
	unsigned char *der = NULL;
	json_t *v;
	int n;

	X509_set_pubkey(cert, key);
	X509_gmtime_adj(X509_getm_notBefore(cert), 0);
	X509_gmtime_adj(X509_getm_notAfter(cert), 1000);
	X509_sign(cert, key, EVP_sha256());
	n = i2d_X509(cert, &der);
	v = rpc_bytes(span_make(der, (size_t)n));
	OPENSSL_free(der);
	X509_free(cert);
	EVP_PKEY_free(key);
	return v;
}

/* Is `cert` of `issuer`?  `code` is said of what the peer answers. */
static void
expect_proof(const char *method, json_t *cert, json_t *issuer, const char *code)
{
	expect_code(method,
	    json_pack("{s:O,s:O}", "certificate", cert, "issuer", issuer),
	    code);
}

static void
expect_disbelief(const char *method, const char *type, json_t *cert)
{
	static const char *const bodies[] = { "", "garbage",
		"0\x03\x0a\x01\x06" };

	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		peer_say(&ca, "200 OK", type, bodies[i], strlen(bodies[i]));
		expect_proof(method, cert, cert, "peer.ca_answer");
	}
	ca.manner = HANG_UP;
	expect_proof(method, cert, cert, "peer.ca_down");
}

Test(net, an_ocsp_answer_that_does_not_verify_is_never_good)
{
	json_t *cert = self_signed(), *none = json_string("AAAA");

	open_all(5000);
	expect_disbelief("ocsp.query", "application/ocsp-response", cert);
	expect_proof("ocsp.query", none, none, "rpc.params");
	json_decref(cert);
	json_decref(none);
	close_all();
}

Test(net, a_list_that_does_not_verify_says_nothing)
{
	json_t *cert = self_signed();

	open_all(5000);
	expect_disbelief("crl.get", "application/pkix-crl", cert);
	json_decref(cert);
	close_all();
}

Test(net, a_certificate_of_another_issuer_is_asked_of_nobody)
{
	json_t *cert = self_signed(), *other = self_signed();

	open_all(5000);
	peer_say(&ca, "200 OK", "application/ocsp-response", "x", 1);
	expect_proof("ocsp.query", cert, other, "cert.not_issued");
	json_decref(cert);
	json_decref(other);
	close_all();
}

Test(net, health_says_who_is_there)
{
	const json_t *r;
	json_t *a;

	open_all(5000);
	peer_say(&ca, "405 No", "text/plain", "", 0);
	say_json(&registry, "{\"ok\":true}");
	a = branch_ask(&b, "health.probe", NULL);
	r = json_object_get(a, "result");
	cr_expect(rpc_bool(r, "ca"));
	cr_expect(rpc_bool(r, "registry"));
	json_decref(a);
	ca.manner = HANG_UP;
	say_json(&registry, "{\"ok\":false}");
	a = branch_ask(&b, "health.probe", NULL);
	r = json_object_get(a, "result");
	cr_expect(json_is_false(json_object_get(r, "ca")));
	cr_expect(json_is_false(json_object_get(r, "registry")));
	json_decref(a);
	close_all();
}

/* ---- TLS ---- */

static void
ask_over_tls(const char *name, bool trusted, const char *code)
{
	char right[] = "/tmp/dasi-tls-XXXXXX", other[] = "/tmp/dasi-tls-XXXXXX";
	struct peer unused;
	json_t *a;

	close(mkstemp(right));
	close(mkstemp(other));
	peer_open(&ca);
	peer_open(&registry);
	peer_open(&unused);
	peer_secure(&registry, name, right);
	peer_secure(&unused, name, other);
	branch_open_secure(&b, &ca, &registry, trusted ? right : other);
	say_json(&registry, "{\"certificates\":[]}");
	a = branch_ask(
	    &b, "registry.certificates", json_pack("{s:s}", "person", "p"));
	cr_expect_str_eq(code_of(a), code, "%s", name);
	cr_expect_eq(registry.count, strcmp(code, "ok") == 0 ? 1 : 0);
	json_decref(a);
	close_all();
	peer_close(&unused);
	unlink(right);
	unlink(other);
}

Test(net, only_the_configured_authority_and_the_right_name_are_trusted)
{
	ask_over_tls("IP:127.0.0.1", true, "ok");
	ask_over_tls("IP:127.0.0.1", false, "peer.registry_down");
	ask_over_tls("DNS:registry.example", true, "peer.registry_down");
}

/* ---- what is left ---- */

#ifndef __SANITIZE_ADDRESS__
Test(net, nothing_of_a_person_stays_in_the_process)
{
	char conf[64];
	json_t *a;

	open_all(5000);
	say_json(&registry,
	    "{\"result\":\"match\",\"person\":\"word-of-p1\",\"name\":"
	    "\"Hong\",\"age\":36,\"phone_changed_days\":9,\"factors\":[]}");
	expect_code("registry.verify", person_params(), "ok");
	/* a frame more, so that the one before is surely done with */
	a = branch_ask(&b, "cmp.forge", NULL);
	json_decref(a);
	snprintf(conf, sizeof conf, "127.0.0.1:%d/dasi/", registry.port);
	if (branch_scan(&b, conf) < 0)
		cr_skip_test("the kernel lets only root read the memory");
	cr_expect(branch_scan(&b, conf) > 0, "the scan finds what is there");
	cr_expect_eq(branch_scan(&b, "9001011234568"), 0);
	cr_expect_eq(branch_scan(&b, "word-of-p1"), 0);
	close_all();
}
#endif
