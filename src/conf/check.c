/*
 * conf/check.c - the shapes of single values.
 */
#include "conf/check.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"

#define DIGITS "0123456789"
#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* Between 1 and `most` bytes, all of `set`. */
static bool
made_of(const char *s, const char *set, size_t most)
{
	size_t n = strlen(s);

	return n >= 1 && n <= most && strspn(s, set) == n;
}

static bool
one_of(const char *s, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(s, *words) == 0)
			return true;
	return false;
}

bool
check_text(const char *s)
{
	return s[0] != '\0' && utf8_plain(s, strlen(s));
}

bool
check_code(const char *s)
{
	return made_of(s, DIGITS LOWER UPPER "-", 32);
}

bool
check_folder(const char *s)
{
	return made_of(s, DIGITS LOWER UPPER, 32);
}

bool
check_time(const char *s)
{
	int minute;

	return civil_minute_read(&minute, s);
}

bool
check_date(const char *s)
{
	return civil_date_read(NULL, s);
}

/* The part after "http://" or "https://", or NULL; *tls says which. */
static const char *
after_scheme(const char *s, bool *tls)
{
	*tls = strncmp(s, "https://", 8) == 0;
	if (*tls)
		return s + 8;
	return strncmp(s, "http://", 7) == 0 ? s + 7 : NULL;
}

bool
check_url(const char *s)
{
	bool tls;
	const char *host = after_scheme(s, &tls);

	if (host == NULL || strcspn(host, "/:") == 0)
		return false;
	for (; *s != '\0'; s++)
		if (*s <= ' ' || *s >= 0x7f)
			return false;
	return true;
}

bool
check_private_url(const char *s)
{
	static const char *const here[] = { "127.0.0.1", "localhost", "[::1]" };
	bool tls;
	const char *host = after_scheme(s, &tls);

	if (host == NULL || (host[0] != '[' && !check_url(s)))
		return false;
	for (size_t i = 0; !tls && i < sizeof here / sizeof here[0]; i++) {
		size_t n = strlen(here[i]);
		if (strncmp(host, here[i], n) == 0 &&
		    strchr("/:", host[n]) != NULL) /* or its NUL */
			return true;
	}
	return tls;
}

bool
check_member(const char *s)
{
	return strcmp(s, "@self") == 0 ||
	       (made_of(s, DIGITS LOWER UPPER "_-", 32) && s[0] != '-');
}

bool
check_role(const char *s)
{
	static const char *const roles[] = { "kiosk", "counter", "net", "media",
		"tool", "handoff", "ship", "print", "token", "supervisor",
		"auditor", NULL };

	return one_of(s, roles);
}

bool
check_issuer(const char *s)
{
	return strcmp(s, "*") == 0 || check_folder(s);
}

bool
check_product(const char *s)
{
	size_t n = strlen(s);

	if (strcmp(s, "*") == 0)
		return true;
	return made_of(s, DIGITS ".", 64) && strchr(s, '.') != NULL &&
	       strstr(s, "..") == NULL && s[0] != '.' && s[n - 1] != '.';
}

bool
check_channel(const char *s)
{
	static const char *const channels[] = { "*", "kiosk", "counter",
		"home_visit", NULL };

	return one_of(s, channels);
}

bool
check_reason(const char *s)
{
	static const char *const reasons[] = { "*", "lost", "stolen", "leaked",
		"broken", "forgotten", "new", "renew", NULL };

	return one_of(s, reasons);
}

bool
check_note_key(const char *s)
{
	size_t name = strcspn(s, "+ "), id, text;

	if (name == 0 || name > 127 || s[name] != '+')
		return false;
	s += name + 1;
	id = strspn(s, DIGITS "abcdef");
	if (id != 8 || s[id] != '+')
		return false;
	text = strspn(s + id + 1, DIGITS LOWER UPPER "+/");
	return text == 44 && s[id + 1 + text] == '\0';
}

bool
check_key(const char *s)
{
	return made_of(s, DIGITS LOWER "_.", 64);
}

bool
check_driver(const char *s)
{
	static const char *const drivers[] = { "none", "nexo", "van", NULL };

	return one_of(s, drivers);
}

bool
check_printer(const char *s)
{
	static const char *const to[] = { "file:", "device:", "tcp:", NULL };

	for (size_t i = 0; to[i] != NULL; i++)
		if (strncmp(s, to[i], strlen(to[i])) == 0)
			return s[strlen(to[i])] != '\0';
	return s[0] == '\0';
}

bool
check_profile(const char *s)
{
	static const char *const profiles[] = { "cp949", "raster", NULL };

	return one_of(s, profiles);
}

bool
check_placement(const char *s)
{
	static const char *const places[] = { "none", "local", "relay", NULL };

	return one_of(s, places);
}
