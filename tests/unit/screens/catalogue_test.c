/*
 * catalogue_test.c - every key the screens use is in both catalogues.
 *
 * The sources are scanned for what looks like a key; the composed keys are
 * listed by their families.
 */
#include <criterion/criterion.h>
#include <ctype.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "identity/check.h"
#include "support.h"
#include "ui/text.h"

TestSuite(catalogue, .init = support_open);

static void
expect_key(const char *key, const char *where)
{
	support_language("ko");
	cr_expect(text_has(key), "%s: no Korean for %s", where, key);
	support_language("en");
	cr_expect(text_has(key), "%s: no English for %s", where, key);
}

/* "a.b", "a.b.c", ...: lower-case words joined by dots, not a file name. */
static bool
is_key(const char *text, size_t n)
{
	size_t dots = 0;

	if (n < 3 || !islower((unsigned char)text[0]) || text[n - 1] == '.')
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = text[i];
		if (c == '.')
			dots++;
		else if (!islower((unsigned char)c) && c != '_' &&
			 !isdigit((unsigned char)c))
			return false;
	}
	return dots > 0 && (n < 2 || text[n - 2] != '.');
}

/* Error codes, compared or set in the screens, have keys of their own. */
static bool
is_code(const char *key)
{
	static const char *const tokens[] = { "token.locked", "token.full",
		"token.readonly", "token.mechanism" };

	for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++)
		if (strcmp(key, tokens[i]) == 0)
			return true;
	return strncmp(key, "kiosk.", 6) == 0 ||
	       strncmp(key, "peer.", 5) == 0 ||
	       strcmp(key, "problem.attempts") == 0 ||
	       strcmp(key, "problem.hold_refused") == 0;
}

static int
scan_line(const char *line, const char *path)
{
	char key[128];
	int found = 0;

	if (strncmp(line, "#include", 8) == 0)
		return 0;
	for (const char *at = strchr(line, '"'); at != NULL;
	     at = strchr(at + 1, '"')) {
		const char *end = strchr(at + 1, '"');
		size_t n = end != NULL ? (size_t)(end - at - 1) : 0;
		if (end == NULL)
			break;
		if (n < sizeof key && is_key(at + 1, n)) {
			snprintf(key, sizeof key, "%.*s", (int)n, at + 1);
			if (!is_code(key))
				expect_key(key, path);
			found++;
		}
		at = end;
	}
	return found;
}

Test(catalogue, has_every_key_written_in_the_screens)
{
	glob_t files;
	int found = 0;

	cr_assert_eq(glob("screens/kiosk/*.c", 0, NULL, &files), 0);
	cr_assert_gt(files.gl_pathc, 30);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		FILE *f = fopen(files.gl_pathv[i], "r");
		char line[512];
		cr_assert_not_null(f);
		while (fgets(line, sizeof line, f) != NULL)
			found += scan_line(line, files.gl_pathv[i]);
		fclose(f);
	}
	globfree(&files);
	cr_expect_gt(found, 250, "the scan sees too little: %d", found);
}

static void
expect_family(const char *fmt, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char key[128];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(key, sizeof key, fmt, words[i]);
#pragma GCC diagnostic pop
		expect_key(key, fmt);
	}
}
#define FAMILY(fmt, list)                                                      \
	expect_family(fmt, list, sizeof(list) / sizeof *(list))

Test(catalogue, has_every_error_with_what_and_what_to_do)
{
	static const char *const codes[] = { "identity.mismatch",
		"identity.locked", "factor.wrong", "factor.expired",
		"factor.locked", "peer.ca_down", "peer.ca_timeout",
		"peer.ca_http", "peer.ca_refused", "peer.ca_answer",
		"peer.registry_down", "media.none", "media.several",
		"media.readonly", "media.full", "media.wrong_fs", "media.gone",
		"media.io", "token.none", "token.gone", "token.pin",
		"token.locked", "token.full", "token.readonly",
		"token.mechanism", "token.io", "token.rule", "token.unsure",
		"password.wrong", "password.rule", "case.none", "case.busy",
		"case.state", "agent.internal", "agent.disk_full",
		"agent.office", "agent.history", "agent.no_head_office",
		"kiosk.consent", "kiosk.no_case", "kiosk.unchecked",
		"kiosk.scan_stale", "kiosk.scan_damaged", "kiosk.scan_pause",
		"kiosk.scan_long", "kiosk.scan_strange", "other" };

	FAMILY("err.%s.what", codes);
	FAMILY("err.%s.do", codes);
}

Test(catalogue, has_every_word_the_agent_sends)
{
	static const char *const routes[] = { "reissue", "reissue_then_renew",
		"renew", "new", "restore", "keep", "other_issuer", "other_bank",
		"too_late" };
	static const char *const status[] = { "valid", "suspended", "revoked",
		"expired", "not_issued", "not_registered", "unknown" };
	static const char *const staff[] = { "minor", "phone_changed" };
	static const char *const review[] = { "minor", "phone_changed",
		"name" };
	static const char *const problems[] = { "fee_unknown", "fee_counter",
		"key_lost", "withdrawn", "confirm_open", "confirm_expired",
		"left", "attempts", "other", "hold_refused" };
	static const char *const products[] = { "universal_personal",
		"universal_business", "bank_personal", "bank_business",
		"banking_business", "securities_personal", "card_personal",
		"tax", "unknown" };
	static const char *const states[] = { "open", "reported", "held",
		"applied", "review", "returned", "approved", "paid", "prepared",
		"issued", "withdrawing", "delivered", "confirmed", "releasing",
		"done", "cancelled", "rejected", "expired", "found",
		"unknown" };

	FAMILY("route.%s", routes);
	FAMILY("route.%s.do", routes);
	FAMILY("cert.status.%s", status);
	FAMILY("staff_only.%s", staff);
	FAMILY("staff_only.%s.bring", staff);
	FAMILY("review.%s", review);
	FAMILY("review.%s.bring", review);
	FAMILY("problem.%s.what", problems);
	FAMILY("problem.%s.do", problems);
	FAMILY("product.%s", products);
	FAMILY("case.state.%s", states);
	FAMILY("case.state.%s.do", states);
}

Test(catalogue, has_every_answer_of_the_number_checks)
{
	for (int k = 0; k < ID_KIND_COUNT; k++) {
		for (int r = 0; r < ID_R_COUNT; r++) {
			struct id_check c = { ID_REJECT, r, k, 0 };
			if (id_reason_used(k, r))
				expect_key(id_check_key(c), "identity");
		}
	}
}

/* Old programs write the polite ending wrongly; ours does not. */
Test(catalogue, spells_the_polite_ending_right)
{
	FILE *f = fopen("assets/locale/ko.po", "r");
	char line[1024];
	int right = 0;

	cr_assert_not_null(f);
	while (fgets(line, sizeof line, f) != NULL) {
		cr_expect_null(strstr(line, "십시요"), "%s", line);
		cr_expect_null(strstr(line, "하세요"), "%s", line);
		right += strstr(line, "십시오") != NULL;
	}
	fclose(f);
	cr_expect_gt(right, 100);
}
