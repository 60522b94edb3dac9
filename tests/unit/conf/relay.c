/*
 * What a relay's file must have, and what a branch that hands certificates to
 * phones must say with its placement.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "fixture.h"

#define RELAY                                                                  \
	"relay { base = \"https://h.bank.test\" listen = \"0.0.0.0:443\"\n"    \
	"  cert = c.pem key = c.key branches = \"10.0.0.1:9443\"\n"            \
	"  branch_cert = b.pem branch_key = b.key ca = ca.pem }\n"
#define RELAY_CRL                                                              \
	"relay { base = \"https://h.bank.test\" listen = \"0.0.0.0:443\"\n"    \
	"  cert = c.pem key = c.key branches = \"10.0.0.1:9443\"\n"            \
	"  branch_cert = b.pem branch_key = b.key ca = ca.pem crl = ca.crl "   \
	"}\n"

TestSuite(relay, .init = conf_setup, .fini = conf_teardown);

static struct err
load_relay(const char *text)
{
	char path[256];

	put("dasi.conf", text);
	snprintf(path, sizeof path, "%s/dasi.conf", dir);
	return conf_load_relay(&c, path, message);
}

Test(relay, a_relay_needs_its_own_section_and_nothing_of_a_branch)
{
	char want[256];

	cr_assert_eq(load_relay(RELAY).code, E_NONE, "%s", message);
	cr_expect_str_eq(c.relay_listen, "0.0.0.0:443");
	cr_expect_str_eq(c.relay_branches, "10.0.0.1:9443");
	snprintf(want, sizeof want, "%s/ca.pem", dir);
	cr_expect_str_eq(c.relay_ca, want);
	cr_expect_str_eq(c.relay_crl, "", "no list is kept");
	cr_assert_eq(load_relay(RELAY_CRL).code, E_NONE, "%s", message);
	snprintf(want, sizeof want, "%s/ca.crl", dir);
	cr_expect_str_eq(c.relay_crl, want);
	put("more.conf", RELAY);
	cr_expect_eq(load("more.conf").code, E_CONFIG, "no branch in it");
}

Test(relay, each_setting_that_is_missing_is_named)
{
	static const char *const names[] = { "base", "listen", "cert", "key",
		"branches", "branch_cert", "branch_key", "ca" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char text[1024] = RELAY, name[32], want[64];
		char *at, *value;
		snprintf(name, sizeof name, " %s = ", names[i]);
		snprintf(want, sizeof want, "relay has no %s;", names[i]);
		at = strstr(text, name);
		cr_assert_not_null(at);
		value = at + strlen(name);
		memset(at, ' ', strlen(name) + strcspn(value, " \n}"));
		cr_expect_eq(load_relay(text).code, E_CONFIG);
		cr_expect(strstr(message, want) != NULL, "%s", message);
	}
	cr_expect_eq(load_relay("").code, E_CONFIG);
	cr_expect(strstr(message, "relay has no base") != NULL, "%s", message);
	cr_expect_eq(load_relay("relay { base = \"http://h.bank.test\" }").code,
	    E_CONFIG, "phones come by https");
}

Test(relay, a_placement_at_a_branch_is_said_whole)
{
	static const struct {
		const char *added;
		bool good;
	} rows[] = {
		{ "", true },
		{ "handoff { placement = none }\n", true },
		{ "handoff { placement = local }\n", false },
		{ "handoff { placement = local cert = a key = b }\n", false },
		{ "handoff { placement = local cert = a key = b listen = "
		  "\"0.0.0.0:1\" }\n",
		    true },
		{ "handoff { placement = relay cert = a key = b }\n", false },
		{ "handoff { placement = relay cert = a key = b relay = "
		  "\"r:1\" }\n",
		    false },
		{ "handoff { placement = relay cert = a key = b relay = "
		  "\"r:1\" ca = d }\n",
		    true },
		{ "handoff { placement = moon }\n", false },
		{ "peers { issue_timeout_s = 119 }\n", true },
		{ "peers { issue_timeout_s = 119 }\nhandoff { placement = "
		  "local cert = a key = b listen = \"0.0.0.0:1\" }\n",
		    false },
		{ "peers { issue_timeout_s = 120 }\nhandoff { placement = "
		  "local cert = a key = b listen = \"0.0.0.0:1\" }\n",
		    true },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		cr_expect_eq(load_with(rows[i].added).code,
		    rows[i].good ? E_NONE : E_CONFIG, "%s: %s", rows[i].added,
		    message);
}
