/*
 * prog/tool/checks_here.c - what is wrong on this machine: settings, files,
 * agent, database, disk, clock, terminal.
 */
#include <string.h>

#include "base/clock.h"
#include "prog/tool/checks.h"
#include "rpc/rpc.h"

enum {
	DISK_LITTLE_MB = 512,
	DISK_LOW_MB = 64,
	DEVICE_KEY = 32,
	CLOCK_SLACK_S = 600,
	YEAR_FIRST = 2026,
	YEAR_LAST = 2099
};

/* ---- settings, files ---- */

void
check_config(struct finding *f, const struct look *l)
{
	const json_t *c = check_part(l, "config");
	const char *fault = rpc_str(c, "fault");

	if (fault[0] != '\0')
		check_say(
		    f, VERDICT_FAIL, W_CONFIG_BAD, fault, NULL, NULL, NULL);
	else
		check_say(f, VERDICT_OK, W_CONFIG_GOOD, rpc_str(c, "path"),
		    NULL, NULL, NULL);
}

/* The octal digits of group (1) or others (2) hold one of `bits`. */
static bool
mode_has(const json_t *file, int bits)
{
	const char *mode = rpc_str(file, "mode");
	size_t n = strlen(mode);

	return n >= 2 &&
	       (((mode[n - 1] - '0') | (mode[n - 2] - '0')) & bits) != 0;
}

void
check_files(struct finding *f, const struct look *l)
{
	const json_t *files = check_part(l, "files"), *file;
	char n[NUMBER];
	int seen = 0;

	for (size_t i = 0; i < json_array_size(files); i++) {
		file = json_array_get(files, i);
		enum word bad = WORD_COUNT;
		if (json_is_null(json_object_get(file, "there")))
			continue;
		seen++;
		if (!rpc_bool(file, "there"))
			bad = W_FILE_ABSENT;
		else if (rpc_bool(file, "secret") && mode_has(file, 07))
			bad = W_FILE_SECRET;
		else if (mode_has(file, 02))
			bad = W_FILE_OPEN;
		if (bad == WORD_COUNT)
			continue;
		check_say(f, VERDICT_FAIL, bad, rpc_str(file, "path"),
		    rpc_str(file, "mode"), rpc_str(file, "owner"), NULL);
		return;
	}
	if (seen == 0)
		check_unknown(
		    f, l, "the settings name none", "설정에서 알 수 없음");
	else
		check_say(f, VERDICT_OK, W_FILES_GOOD, check_number(n, seen),
		    NULL, NULL, NULL);
}

void
check_device_key(struct finding *f, const struct look *l)
{
	const json_t *k = check_part(l, "device_key");
	const char *path = rpc_str(k, "path"), *mode = rpc_str(k, "mode");
	char n[NUMBER];

	if (k == NULL || json_is_null(json_object_get(k, "there")))
		check_unknown(f, l, "this user may not look",
		    "이 사용자는 볼 수 없습니다");
	else if (!rpc_bool(k, "there"))
		check_say(
		    f, VERDICT_FAIL, W_KEY_ABSENT, path, NULL, NULL, NULL);
	else if (mode_has(k, 07))
		check_say(f, VERDICT_FAIL, W_KEY_MODE, path, mode, NULL, NULL);
	else if (!rpc_bool(k, "mine"))
		check_say(f, VERDICT_FAIL, W_KEY_OWNER, path, mode,
		    rpc_str(k, "owner"), NULL);
	else if (rpc_int(k, "size", 0) != DEVICE_KEY)
		check_say(f, VERDICT_FAIL, W_KEY_SIZE, path,
		    check_number(n, rpc_int(k, "size", 0)), NULL, NULL);
	else
		check_say(f, VERDICT_OK, W_KEY_GOOD, path, mode,
		    rpc_str(k, "owner"), NULL);
}

/* ---- the agent ---- */

void
check_agent(struct finding *f, const struct look *l)
{
	const json_t *a = check_part(l, "agent"),
		     *fault = check_part(l, "agent_fault");
	const char *kind = rpc_str(fault, "kind");
	const char *version = rpc_str(a, "version");
	const char *mine = rpc_str(l->facts, "version");
	char n[NUMBER];

	if (a != NULL)
		check_say(f,
		    strcmp(version, mine) == 0 ? VERDICT_OK : VERDICT_WARN,
		    strcmp(version, mine) == 0 ? W_AGENT_GOOD : W_AGENT_OTHER,
		    version, check_age(n, l, rpc_int(a, "uptime_s", 0)), mine,
		    NULL);
	else if (fault == NULL)
		check_unknown(f, l, "the settings could not be read",
		    "설정을 읽지 못했습니다");
	else
		check_say(f, VERDICT_FAIL,
		    strcmp(kind, "down") == 0	   ? W_AGENT_DOWN
		    : strcmp(kind, "refuses") == 0 ? W_AGENT_REFUSES
						   : W_AGENT_SILENT,
		    rpc_str(fault, "detail"), NULL, NULL, NULL);
}

void
check_watchdog(struct finding *f, const struct look *l)
{
	const json_t *a = check_part(l, "agent");
	int64_t s = rpc_int(a, "watchdog_s", 0);
	char n[NUMBER];

	if (a == NULL)
		check_not_told(f, l);
	else if (s > 0)
		check_say(f, VERDICT_OK, W_WATCHDOG_GOOD, check_number(n, s),
		    NULL, NULL, NULL);
	else if (l->practice)
		check_say(f, VERDICT_SKIP, W_PRACTICE, NULL, NULL, NULL, NULL);
	else
		check_say(
		    f, VERDICT_WARN, W_WATCHDOG_NONE, NULL, NULL, NULL, NULL);
}

/* ---- the database and its disk ---- */

void
check_database(struct finding *f, const struct look *l)
{
	const json_t *s = check_part(l, "store");
	const char *found = rpc_str(s, "integrity");
	const char *fault = rpc_str(s, "fault");
	bool said = fault[0] == '\0' || strcmp(fault, "corrupt") == 0 ||
		    strcmp(fault, "not_found") == 0;
	char schema[NUMBER], newest[NUMBER];

	check_number(schema, rpc_int(s, "schema", 0));
	check_number(newest, rpc_int(s, "newest", 0));
	if (s == NULL || !said)
		check_not_read(f, l);
	else if (strcmp(fault, "corrupt") == 0)
		check_say(
		    f, VERDICT_FAIL, W_DATABASE_BAD, fault, NULL, NULL, NULL);
	else if (strcmp(fault, "not_found") == 0)
		check_say(f, VERDICT_FAIL, W_DATABASE_NONE, rpc_str(s, "path"),
		    fault, NULL, NULL);
	else if (rpc_int(s, "schema", 0) > rpc_int(s, "newest", 0))
		check_say(f, VERDICT_FAIL, W_DATABASE_NEWER, schema, newest,
		    NULL, NULL);
	else if (rpc_bool(s, "broken"))
		check_say(
		    f, VERDICT_FAIL, W_DATABASE_BROKEN, NULL, NULL, NULL, NULL);
	else if (strcmp(found, "ok") != 0)
		check_say(
		    f, VERDICT_FAIL, W_DATABASE_BAD, found, NULL, NULL, NULL);
	else
		check_say(
		    f, VERDICT_OK, W_DATABASE_GOOD, schema, NULL, NULL, NULL);
}

void
check_disk(struct finding *f, const struct look *l)
{
	const json_t *o = check_part(l, "folder"), *s = check_part(l, "store");
	int64_t mb = rpc_int(o, "free_mb", -1);
	const json_t *ballast = json_object_get(o, "ballast");
	bool low = rpc_bool(s, "low") || mb < DISK_LOW_MB ||
		   json_is_false(ballast);
	char n[NUMBER], limit[NUMBER];

	check_number(n, mb);
	check_number(limit, DISK_LOW_MB);
	if (mb < 0)
		check_unknown(f, l, "this user may not look",
		    "이 사용자는 볼 수 없습니다");
	else if (low)
		check_say(f, VERDICT_FAIL, W_DISK_LOW, n, rpc_str(o, "path"),
		    json_is_false(ballast) ? (l->korean ? "없음" : "spent")
					   : (l->korean ? "있음" : "laid"),
		    NULL);
	else if (mb < DISK_LITTLE_MB)
		check_say(f, VERDICT_WARN, W_DISK_LITTLE, n, rpc_str(o, "path"),
		    limit, NULL);
	else
		check_say(f, VERDICT_OK, W_DISK_GOOD, n, NULL, NULL, NULL);
}

/* ---- this machine ---- */

void
check_clock(struct finding *f, const struct look *l)
{
	const json_t *ntp = check_part(l, "ntp");
	int64_t newest = rpc_int(check_part(l, "audit"), "newest_at", 0);
	int year = civil_from_unix(l->now).year;
	char now[CLOCK_TEXT], then[CLOCK_TEXT];
	const char *synced = l->korean ? "시각 동기화됨" : "synchronised";

	civil_time_text(now, l->now);
	civil_time_text(then, newest);
	if (ntp == NULL || json_is_false(ntp))
		synced = l->korean ? "시각 동기화는 알 수 없음"
				   : "synchronised or not: unknown";
	if (year < YEAR_FIRST || year > YEAR_LAST)
		check_say(f, VERDICT_FAIL, W_CLOCK_YEAR, now, NULL, NULL, NULL);
	else if (newest > l->now + CLOCK_SLACK_S)
		check_say(f, VERDICT_FAIL, W_CLOCK_BACK, now, then, NULL, NULL);
	else if (json_is_false(ntp) && !l->practice)
		check_say(f, VERDICT_WARN, W_CLOCK_FREE, now, NULL, NULL, NULL);
	else
		check_say(f, VERDICT_OK, W_CLOCK_GOOD, now, synced, NULL, NULL);
}

void
check_terminal(struct finding *f, const struct look *l)
{
	const json_t *t = check_part(l, "terminal");
	const char *codeset = rpc_str(t, "codeset");
	bool good = strcmp(codeset, "UTF-8") == 0;

	if (t == NULL)
		check_unknown(f, l, "no terminal here", "터미널이 아닙니다");
	else
		check_say(f, good ? VERDICT_OK : VERDICT_WARN,
		    good ? W_TERMINAL_GOOD : W_TERMINAL_BYTES,
		    rpc_str(t, "locale"), codeset, NULL, NULL);
}
