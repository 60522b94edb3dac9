/*
 * Broken files each get one message with file, line and what was expected;
 * good ones merge as documented.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture.h"

TestSuite(conf, .init = conf_setup, .fini = conf_teardown);

Test(conf, a_complete_file_loads_with_defaults_where_it_is_silent)
{
	struct err e = load_with("");
	const struct conf_issuer *ours;
	char want[256];

	cr_assert_eq(e.code, E_NONE, "%s", message);
	cr_expect_str_eq(message, "");
	cr_expect_str_eq(c.bank_code, "004");
	cr_expect_str_eq(c.branch, "Branch");
	cr_expect_eq(c.peer_timeout_ms, 10000);
	cr_expect_eq(c.idle_s, 60);
	cr_expect_not(c.practice);
	ours = conf_our_issuer(&c);
	cr_assert(ours != NULL);
	cr_expect_str_eq(ours->o, "yessign");
	cr_expect_eq(ours->key_bits, 2048);
	cr_expect(ours->encrypted_vid);
	cr_expect_not(ours->any_profile);
	/* a relative path is seen from the file that names it */
	snprintf(want, sizeof want, "%s/root.der", dir);
	cr_expect_str_eq(ours->root, want);
	cr_expect_str_eq(c.socket, "/run/s");
	cr_expect_str_eq(c.ship_conninfo, "");
	cr_expect_str_eq(c.ship_cosign_key, "");
	snprintf(want, sizeof want, "%s/h", dir);
	cr_expect_str_eq(c.head_office, want);
	cr_expect_eq(c.case_days, 1826);
	cr_expect_eq(c.audit_days, 2192);
	cr_expect_eq(c.sealed_days, 2192);
}

Test(conf, how_long_what_is_kept_is_set_by_class)
{
	struct err e = load_with("retention { case_days = 365\n"
				 "  audit_days = 730 sealed_days = 730 }\n");

	cr_assert_eq(e.code, E_NONE, "%s", message);
	cr_expect_eq(c.case_days, 365);
	cr_expect_eq(c.audit_days, 730);
	cr_expect_eq(c.sealed_days, 730);
}

Test(conf, practice_keeps_nothing_for_head_office)
{
	struct err e = load_with(
	    "practice = true\nhead_office { certificate = \"\" }\n");

	cr_assert_eq(e.code, E_NONE, "%s", message);
	cr_expect_str_eq(c.head_office, "");
}

Test(conf, a_ca_outside_the_korean_scheme_is_told_in_two_settings)
{
	struct err e = load_with("issuer yessign { any_profile = true\n"
				 "  encrypted_vid = false }\n");

	cr_assert_eq(e.code, E_NONE, "%s", message);
	cr_expect(conf_our_issuer(&c)->any_profile);
	cr_expect_not(conf_our_issuer(&c)->encrypted_vid);
}

Test(conf, lists_roles_fees_and_holidays_arrive_in_order)
{
	struct err e = load_with(
	    "role kiosk { users = {\"dasi-kiosk\", demo} groups = {staff} }\n"
	    "fee { issuer = yessign product = \"1.2.410.200005.1.1.4\"\n"
	    "  channel = kiosk reason = lost won = 0 waiver = fee.reissue }\n"
	    "fee { won = 4400 }\n"
	    "holidays = {\"2026-12-25\", \"2027-01-01\"}\n");

	cr_assert_eq(e.code, E_NONE, "%s", message);
	cr_assert_eq(c.role_count, 1);
	cr_expect_eq(c.roles[0].user_count, 2);
	cr_expect_str_eq(c.roles[0].users[1], "demo");
	cr_expect_str_eq(c.roles[0].groups[0], "staff");
	cr_assert_eq(c.fee_count, 2);
	cr_expect_str_eq(c.fees[0].waiver, "fee.reissue");
	cr_expect_eq(c.fees[1].won, 4400);
	cr_expect_str_eq(c.fees[1].issuer, "*");
	cr_assert_eq(c.holiday_count, 2);
	cr_expect_str_eq(c.holidays[1], "2027-01-01");
}

Test(conf, a_section_given_twice_is_merged_and_the_later_value_wins)
{
	struct err e;

	put("peers.conf",
	    "peers { cmp_url = \"http://127.0.0.1:829/cmp\" }\n"
	    "issuer yessign { root = \"new/root.der\" ra_key = /k }\n"
	    "issuer KICA { phone = 1577 }\n");
	e = load_with("issuer KICA { name = \"KICA\" }\n"
		      "include(\"peers.conf\")\n"
		      "issuer yessign { phone = \"1577-5500\" }\n");
	cr_assert_eq(e.code, E_NONE, "%s", message);
	cr_assert_eq(c.issuer_count, 2);
	cr_expect_str_eq(c.issuers[0].name, "KFTC");
	cr_expect_str_eq(c.issuers[0].phone, "1577-5500");
	cr_expect(strstr(c.issuers[0].root, "/new/root.der") != NULL);
	cr_expect_str_eq(c.issuers[0].ra_key, "/k");
	cr_expect(strstr(c.issuers[0].ca, "/ca.der") != NULL);
	cr_expect(c.issuers[0].ours);
	cr_expect_str_eq(c.issuers[1].name, "KICA");
	cr_expect_str_eq(c.issuers[1].phone, "1577");
	cr_expect_str_eq(c.cmp_url, "http://127.0.0.1:829/cmp");
	cr_expect_str_eq(c.ocsp_url, "http://ca.example/ocsp");
}

/* clang-format off */
static const struct broken broken[] = {
	{ "nonsense = 1\n", 11, "nonsense", "expected one of practice" },
	{ "\n\nkiosk { idle = 3 }\n", 13, "'idle'", "idle_s, idle_warn_s" },
	{ "kiosk { idle_s = soon }\n", 11, "idle_s = \"soon\"", "5 to 3600" },
	{ "kiosk { idle_s = 4 }\n", 11, "\"4\"", "5 to 3600 seconds" },
	{ "kiosk { idle_s = 99999999999999999999 }\n", 11, "idle_s", "5 to" },
	{ "kiosk { idle_s = }\n", 11, "", "expected name = value" },
	{ "kiosk { idle_s 60 }\n", 11, "idle_s", "expected name = value" },
	{ "kiosk { terminal = \"K 03\" }\n", 11, "K 03", "letters, digits" },
	{ "kiosk {\n", 13, "ends inside kiosk", "expected }" },
	{ "kiosk { idle_s = 30\n", 13, "ends inside kiosk", "expected }" },
	{ "kiosk { idle_s = 30 } }\n", 11, "", "expected" },
	{ "/* kiosk { idle_s = 30 }\n", 14, "comment", "expected" },
	{ "kiosk { terminal = \"K-1 }\n", 14, "", "expected" },
	{ "practice = maybe\n", 11, "maybe", "true or false" },
	{ "branch { name = \"\" }\n", 11, "name = \"\"", "1 to 127 bytes" },
	{ "branch { name = \"a\\x1bb\" }\n", 11, "name", "control" },
	{ "branch { name = \"\\xff\\xfe\" }\n", 11, "name", "1 to 127" },
	{ "branch { opens = \"9:00\" }\n", 11, "9:00", "a time such as" },
	{ "branch { opens = \"24:00\" }\n", 11, "24:00", "a time such as" },
	{ "branch {\n opens = \"17:00\" }\n", 12, "17:00", "before closing" },
	{ "peers { cmp_url = \"ftp://x/\" }\n", 11, "ftp://x/", "an address" },
	{ "peers { cmp_url = \"http:///x\" }\n", 11, "http:///x", "an address" },
	{ "peers { registry_url = \"http://ra.example/\" }\n", 11,
	    "registry_url", "https://" },
	{ "peers { registry_url = \"http://127.0.0.1.example/\" }\n", 11,
	    "registry_url", "https://" },
	{ "peers { timeout_ms = 0 }\n", 11, "timeout_ms", "milliseconds" },
	{ "role cashier { }\n", 11, "role \"cashier\"", "kiosk, counter" },
	{ "role kiosk { users = {\"a b\"} }\n", 11, "a b", "Unix users" },
	{ "role kiosk { users = {a,b,c,d,e,f,g,h,i} }\n", 11, "9 values",
	    "at most 8" },
	{ "role kiosk { users = {\"@self\"} }\n", 11, "@self", "practice" },
	{ "media { folders = true }\n", 11, "folders", "practice = true" },
	{ "head_office { certificate = \"\" }\n", 11, "no certificate",
	    "practice = true" },
	{ "head_office { key = k }\n", 11, "'key'", "one of certificate" },
	{ "retention { case_days = 364 }\n", 11, "364", "365 to 3653" },
	{ "retention { audit_days = 729 }\n", 11, "729", "730 to 3653" },
	{ "retention { audit_days = 3654 }\n", 11, "3654", "730 to 3653" },
	{ "retention { sealed_days = ever }\n", 11, "ever", "365 to 3653" },
	{ "\nretention { audit_days = 2191 }\n", 12, "audit_days = 2191",
	    "stay as long" },
	{ "pay { driver = nexo }\n", 11, "driver = nexo", "sale_id and poi_id" },
	{ "pay { driver = van url = \"https://x/y\" sale_id = a poi_id = b }\n",
	    11, "no ca", "one authority" },
	{ "ship { cosign_key = abc }\n", 11, "abc", "a key such as" },
	{ "ship { conninfo = \"host=a\\nb\" }\n", 11, "host", "PostgreSQL" },
	{ "issuer \"a/b\" { name = x }\n", 11, "a/b", "NPKI folder name" },
	{ "issuer yessign { any_profile = kr }\n", 11, "any_profile",
	    "true or false" },
	{ "issuer KICA { phone = 1 }\n", 11, "no name", "a name of" },
	{ "issuer KICA { name = x ours = true }\n", 11, "yessign and KICA",
	    "expected one" },
	{ "issuer yessign { ours = false }\n", 11, "no issuer", "one issuer" },
	{ "issuer yessign { ca = \"\" }\n", 11, "no ca", "path of a file" },
	{ "issuer yessign { key_bits = 2050 }\n", 11, "2050", "3072" },
	{ "issuer yessign { key_bits = 1024 }\n", 11, "1024", "3072" },
	{ "issuer { name = x }\n", 11, "", "expected name = value" },
	{ "fee { won = -1 }\n", 11, "\"-1\"", "0 to 1000000" },
	{ "\nfee { issuer = yessign }\n", 12, "no won", "0 to 1000000" },
	{ "fee { won = 0 product = bank }\n", 11, "bank", "policy OID" },
	{ "fee { won = 0 channel = phone }\n", 11, "phone", "counter" },
	{ "fee { won = 0 reason = tired }\n", 11, "tired", "stolen" },
	{ "fee { won = 0 waiver = \"Free!\" }\n", 11, "Free!", "text key" },
	{ "holidays = {\"2026-02-30\"}\n", 11, "2026-02-30", "days such as" },
	{ "holidays = {\"2026-12-25\",\n \"Xmas\"}\n", 12, "Xmas", "days" },
	{ "include(\"absent.conf\")\n", 11, "No such file", "readable file" },
	{ "include(\".\")\n", 11, "directory", "readable file" },
	{ "include(\"dasi.conf\")\n", 11, "nested", "expected" },
	{ "include()\n", 11, "include", "include(\"file\")" },
	{ "include(a, b)\n", 11, "2 values", "include(\"file\")" },
};
/* clang-format on */

Test(conf, each_broken_file_is_told_with_file_line_and_expectation)
{
	for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
		const struct broken *b = &broken[i];
		char place[64];
		struct err e = load_with(b->added);

		snprintf(place, sizeof place, "/dasi.conf:%d: ", b->line);
		cr_expect_eq(e.code, E_CONFIG, "%s", b->added);
		cr_expect(strstr(message, place) != NULL, "%s -> %s", b->added,
		    message);
		cr_expect(strstr(message, b->found) != NULL, "%s -> %s",
		    b->added, message);
		cr_expect(strstr(message, "expected") != NULL &&
			      strstr(message, b->expected) != NULL,
		    "%s -> %s", b->added, message);
	}
	/* nothing of the failures is left behind */
	cr_expect_eq(load_with("").code, E_NONE, "%s", message);
}

Test(conf, an_error_in_an_included_file_names_that_file)
{
	struct err e;

	put("more.conf", "\n\nkiosk { idle_s = never }\n");
	e = load_with("include(\"more.conf\")\n");
	cr_expect_eq(e.code, E_CONFIG);
	cr_expect(strstr(message, "/more.conf:3: ") != NULL, "%s", message);
	put("more.conf", "kiosk { idle_s = 30 }\n");
	cr_expect_eq(load("dasi.conf").code, E_NONE, "%s", message);
	cr_expect_eq(c.idle_s, 30);
}

Test(conf, a_value_missing_after_all_files_is_told)
{
	static const char *const names[] = { "bank", "bank_code", "name",
		"code", "state", "socket", "device_key", "cmp_url", "ocsp_url",
		"registry_url", "directory" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char text[] = GOOD, key[32], want[64];
		char *at = text;

		/* the name as a whole word, then commented away */
		snprintf(key, sizeof key, " %s = ", names[i]);
		at = strstr(text, key);
		cr_assert(at != NULL, "%s", names[i]);
		at += 1;
		for (char *p = at; *p != ' ' && *p != '\n'; p++)
			*p = ' ';
		at = strchr(at, '=');
		*at = ' ';
		while (*at == ' ')
			at++;
		if (*at == '"')
			do
				*at++ = ' ';
			while (*at != '"');
		while (*at != ' ' && *at != '\n')
			*at++ = ' ';
		put("dasi.conf", text);
		cr_expect_eq(load("dasi.conf").code, E_CONFIG, "%s", names[i]);
		snprintf(want, sizeof want, " has no %s; expected ", names[i]);
		cr_expect(strstr(message, want) != NULL, "%s", message);
		cr_expect(strstr(message, "/dasi.conf:") != NULL);
	}
}

Test(conf, a_file_that_cannot_be_read_is_told)
{
	char path[256];

	cr_expect_eq(load("nowhere.conf").code, E_NOTFOUND);
	cr_expect(strstr(message, "/nowhere.conf:1: ") != NULL, "%s", message);
	cr_expect(strstr(message, "expected a readable file") != NULL);
	cr_expect_eq(conf_load(&c, dir, message).code, E_CONFIG);
	cr_expect(strstr(message, "directory") != NULL, "%s", message);
	put("closed.conf", GOOD);
	snprintf(path, sizeof path, "%s/closed.conf", dir);
	chmod(path, 0);
	if (geteuid() == 0)
		cr_log_info("as root every file is readable");
	else
		cr_expect_eq(load("closed.conf").code, E_CONFIG);
	put("dasi.conf", "");
	cr_expect_eq(load("dasi.conf").code, E_CONFIG);
	cr_expect(strstr(message, "branch has no bank") != NULL, "%s", message);
}

Test(conf, too_many_or_too_long_is_refused_not_cut)
{
	static char text[32768];
	size_t n;

	text[0] = '\0';
	for (int i = 0; i <= CONF_FEES; i++)
		strcat(text, "fee { won = 1 }\n");
	cr_expect_eq(load_with(text).code, E_CONFIG);
	cr_expect(strstr(message, "at most 64 fees") != NULL, "%s", message);
	n = (size_t)sprintf(text, "branch { name = \"");
	memset(text + n, 'a', CONF_TEXT);
	strcpy(text + n + CONF_TEXT, "\" }\n");
	cr_expect_eq(load_with(text).code, E_CONFIG);
	text[n + CONF_TEXT - 1] = '\0';
	strcat(text, "\" }\n");
	cr_expect_eq(load_with(text).code, E_NONE, "%s", message);
	cr_expect_eq(strlen(c.branch), CONF_TEXT - 1);
	n = (size_t)sprintf(text, "agent { state = \"");
	memset(text + n, 'a', CONF_PATH - 5);
	strcpy(text + n + CONF_PATH - 5, "\" }\n");
	cr_expect_eq(load_with(text).code, E_CONFIG);
	cr_expect(strstr(message, "too long") != NULL, "%s", message);
}

Test(conf, the_shipped_file_loads)
{
	struct err e = conf_load(&c, "kiosk-config/dasi.conf", message);

	cr_assert_eq(e.code, E_NONE, "%s", message);
	cr_expect_not(c.practice);
	cr_expect_eq(c.issuer_count, 5);
	cr_expect_geq(c.role_count, 4);
	cr_expect_geq(c.fee_count, 3);
	cr_expect_geq(c.holiday_count, 20);
	cr_expect_str_eq(conf_our_issuer(&c)->o, "yessign");
}

Test(conf, the_path_comes_from_the_argument_then_the_environment)
{
	setenv("DASI_CONF", "/e", 1);
	cr_expect_str_eq(conf_path("/a"), "/a");
	cr_expect_str_eq(conf_path(NULL), "/e");
	unsetenv("DASI_CONF");
	cr_expect_str_eq(conf_path(NULL), "/etc/dasi/dasi.conf");
}
