/*
 * prog/tool/checks_phone.c - what is wrong with the way to customers' phones.
 */
#include <string.h>

#include "base/clock.h"
#include "prog/tool/checks.h"
#include "rpc/rpc.h"

enum { PHONE_SOON_DAYS = 30 };

/* True when there is nothing to look at, and that is said. */
static bool
is_off(struct finding *f, const struct look *l)
{
	bool unread = json_object_get(l->facts, "handoff") == NULL;

	if (unread)
		check_unknown(f, l, "the settings could not be read",
		    "설정을 읽지 못했습니다");
	else if (check_part(l, "handoff") == NULL)
		check_say(
		    f, VERDICT_SKIP, W_PHONE_NONE, NULL, NULL, NULL, NULL);
	return unread || check_part(l, "handoff") == NULL;
}

void
check_phone_cert(struct finding *f, const struct look *l)
{
	const json_t *h = check_part(l, "handoff");
	const char *path = rpc_str(h, "path"), *key = rpc_str(h, "key");
	const char *fault = rpc_str(h, "fault");
	int64_t until = rpc_int(h, "expires_at", 0);
	char day[CLOCK_TEXT], n[NUMBER];

	if (is_off(f, l))
		return;
	civil_date_text(day, until);
	check_number(n, rpc_int(h, "days_left", 0));
	if (fault[0] != '\0')
		check_say(
		    f, VERDICT_FAIL, W_PHONE_UNREAD, fault, path, NULL, NULL);
	else if (strcmp(key, "bad") == 0)
		check_say(
		    f, VERDICT_FAIL, W_PHONE_KEY_BAD, path, NULL, NULL, NULL);
	else if (strcmp(key, "other") == 0)
		check_say(
		    f, VERDICT_FAIL, W_PHONE_KEY_OTHER, path, NULL, NULL, NULL);
	else if (until <= l->now)
		check_say(
		    f, VERDICT_FAIL, W_PHONE_EXPIRED, day, path, NULL, NULL);
	else if (rpc_int(h, "days_left", 0) < PHONE_SOON_DAYS)
		check_say(f, VERDICT_WARN, W_PHONE_SOON, day, n, path, NULL);
	else
		check_say(f, VERDICT_OK, W_PHONE_GOOD, day, NULL, NULL, NULL);
}

void
check_relay(struct finding *f, const struct look *l)
{
	const json_t *h = check_part(l, "handoff");
	const char *fault = rpc_str(h, "relay_fault");

	if (is_off(f, l))
		return;
	if (strcmp(rpc_str(h, "placement"), "relay") != 0)
		check_say(
		    f, VERDICT_SKIP, W_RELAY_NONE, NULL, NULL, NULL, NULL);
	else if (fault[0] != '\0')
		check_say(f, VERDICT_FAIL, W_RELAY_DOWN, rpc_str(h, "relay"),
		    fault, NULL, NULL);
	else
		check_say(f, VERDICT_OK, W_RELAY_GOOD, rpc_str(h, "relay"),
		    NULL, NULL, NULL);
}
