/*
 * counter_catalogue_test.c - every key the clerk's screens use, and every word
 * of the agent's they spell, is in both catalogues.
 */
#include <criterion/criterion.h>
#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow/counter.h"
#include "flow/counter_request.h"
#include "flow/flow.h"
#include "support.h"
#include "ui/text.h"

static char *catalogue;

static void
begin(void)
{
	FILE *f = fopen("assets/locale/ko.po", "r");
	size_t cap = 1 << 20, n;

	support_open();
	cr_assert_not_null(f);
	catalogue = calloc(1, cap);
	cr_assert_not_null(catalogue);
	n = fread(catalogue, 1, cap - 1, f);
	cr_assert(n > 1000 && n < cap - 1);
	fclose(f);
}

static void
end(void)
{
	free(catalogue);
}

TestSuite(counter_catalogue, .init = begin, .fini = end);

static void
expect(const char *fmt, const char *word)
{
	char key[128];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(key, sizeof key, fmt, word);
#pragma GCC diagnostic pop
	support_language("ko");
	cr_expect(text_has(key), "no Korean for %s", key);
	support_language("en");
	cr_expect(text_has(key), "no English for %s", key);
}

/* A key, or the beginning of a family of them. */
static void
expect_known(const char *key, const char *path)
{
	char line[160];

	snprintf(line, sizeof line, "msgid \"%s\"", key);
	if (strstr(catalogue, line) != NULL)
		return;
	snprintf(line, sizeof line, "msgid \"%s.", key);
	cr_expect_not_null(strstr(catalogue, line), "%s: %s", path, key);
}

static int
scan(const char *path)
{
	FILE *f = fopen(path, "r");
	char line[512], key[64];
	int found = 0;

	cr_assert_not_null(f);
	while (fgets(line, sizeof line, f) != NULL) {
		for (char *at = strstr(line, "\"desk."); at != NULL;
		     at = strstr(at + 1, "\"desk.")) {
			size_t n = strspn(
			    at + 1, "abcdefghijklmnopqrstuvwxyz_.0123456789");

			if (at[1 + n] != '"' || n >= sizeof key)
				continue; /* a format: the words below */
			if (strncmp(at, "\"desk.changed", 13) == 0 ||
			    strncmp(at, "\"desk.lost\"", 12) == 0)
				continue; /* events */
			snprintf(key, sizeof key, "%.*s", (int)n, at + 1);
			expect_known(key, path);
			found++;
		}
	}
	fclose(f);
	return found;
}

Test(counter_catalogue, has_every_key_written_in_the_screens)
{
	glob_t files;
	int found = 0;

	cr_assert_eq(glob("screens/counter/*.c", 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++)
		found += scan(files.gl_pathv[i]);
	globfree(&files);
	found += scan("src/flow/counter_answer.c");
	cr_expect_gt(found, 150, "the scan sees too little: %d", found);
}

Test(counter_catalogue, has_every_word_of_the_terminal)
{
	for (int i = 0; i < CS_COUNT; i++)
		expect("desk.title.%s",
		    counter_screen_name((enum counter_screen)i));
	for (int i = 0; i < CS_COUNT; i++)
		if (i != CS_CLOSED && i != CS_LOCK)
			expect("desk.keys.%s",
			    counter_screen_name((enum counter_screen)i));
	for (int i = 0; i < QF_COUNT; i++)
		expect("desk.filter.%s", word_filter(i));
	for (int i = 0; i < QS_COUNT; i++)
		expect("desk.sort.%s", word_sort(i));
	for (int i = 0; i < AK_COUNT; i++)
		expect("applicant.%s", word_applicant(i));
	for (int i = 0; i < UF_COUNT; i++)
		expect("desk.field.%s", word_unmask(i));
	for (int i = 0; i < RK_COUNT; i++)
		expect("desk.paper.%s", word_reprint(i));
	for (int i = 0; i < WV_COUNT; i++)
		expect("desk.waiver.%s", word_waiver(i));
	for (int i = 0; i < GC_COUNT; i++)
		expect("desk.channel.%s", word_channel(i));
	for (int i = 0; i < CR_COUNT; i++)
		expect("desk.role.%s", counter_role_word((enum counter_role)i));
}

/* A clerk sees where a customer stands, whichever screen it is. */
Test(counter_catalogue, has_a_word_for_every_screen_of_a_kiosk)
{
	for (int i = 0; i < SCR_COUNT; i++)
		expect("desk.at.%s", flow_screen_name((enum screen_id)i));
}

#define FAMILY(fmt, list)                                                      \
	for (size_t i = 0; i < sizeof(list) / sizeof *(list); i++)             \
	expect(fmt, (list)[i])

Test(counter_catalogue, has_every_word_the_agent_sends)
{
	static const char *const acts[] = { "approve", "return", "resubmit",
		"reject", "release", "revoke_only", "cash", "waive", "refund",
		"seen", "ticket", "reprint", "note", "guide", "cancel" };
	static const char *const states[] = { "open", "reported", "held",
		"applied", "review", "returned", "approved", "paid", "prepared",
		"issued", "withdrawing", "delivered", "confirmed", "releasing",
		"revoking", "revoked", "done", "cancelled", "rejected",
		"expired", "found" };
	static const char *const pays[] = { "card", "cash", "waived", "intent",
		"sent", "aborting", "unknown", "netcancel", "approved",
		"declined", "cancelled", "not_found", "failed", "netcancelled",
		"reversing", "reversed", "refund_due", "refunded" };
	static const char *const errors[] = { "case.stale", "case.taken",
		"case.none", "case.state", "staff.same", "staff.level",
		"docs.too_old", "docs.missing", "docs.refused", "reason.needed",
		"call.none", "pay.amount", "pay.open", "pay.none", "rpc.role",
		"audit.none", "audit.open", "guide.spent", "print.none",
		"print.paper", "print.offline", "print.io", "message.none",
		"message.refused", "changed", "sure", "not_held", "no_screen",
		"from_case", "no_case", "unsaved", "other" };

	FAMILY("desk.act.%s", acts);
	FAMILY("desk.act_does.%s", acts);
	FAMILY("desk.state.%s", states);
	FAMILY("desk.pay.%s", pays);
	FAMILY("desk.err.%s.what", errors);
	FAMILY("desk.err.%s.do", errors);
	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
		cr_expect_not_null(counter_act_named(acts[i]), "%s", acts[i]);
}
