/*
 * prog/tool/show.c - one result, shown as JSON or as plain lines.
 */
#include "prog/tool/tool.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

enum { INDENT = 2 };

/* Text from a file may hold control bytes: never to a terminal. */
void
tool_print_text(const char *s)
{
	size_t left = strlen(s), n;
	uint32_t cp;

	for (; left > 0; s += n, left -= n) {
		n = utf8_decode(&cp, s, left);
		if (n == 0 || utf8_is_control(cp)) {
			n = n == 0 ? 1 : n;
			fputc('?', stdout);
		} else {
			fwrite(s, 1, n, stdout);
		}
	}
}

static void
print_scalar(const json_t *v)
{
	if (json_is_string(v))
		tool_print_text(json_string_value(v));
	else if (json_is_integer(v))
		printf("%lld", (long long)json_integer_value(v));
	else
		fputs(json_is_true(v)	 ? "yes"
		      : json_is_false(v) ? "no"
					 : "-",
		    stdout);
	fputc('\n', stdout);
}

/* A row of plain values: "- pair  good". */
static bool
print_row(json_t *row, int depth)
{
	const char *key;
	json_t *item;

	json_object_foreach(row, key, item)
		if (!json_is_string(item))
			return false;
	printf("%*s-", depth * INDENT, "");
	json_object_foreach(row, key, item) {
		fputs("  ", stdout);
		tool_print_text(json_string_value(item));
	}
	fputc('\n', stdout);
	return true;
}

static void
print_value(const char *key, json_t *v, int depth)
{
	const char *name;
	json_t *item;
	size_t i;

	printf("%*s%s:", depth * INDENT, "", key);
	if (json_is_object(v)) {
		fputc('\n', stdout);
		json_object_foreach(v, name, item)
			print_value(name, item, depth + 1);
	} else if (json_is_array(v)) {
		fputc('\n', stdout);
		json_array_foreach(v, i, item)
			if (!json_is_object(item) ||
			    !print_row(item, depth + 1))
				print_value("-", item, depth + 1);
	} else {
		fputc(' ', stdout);
		print_scalar(v);
	}
}

struct err
tool_show(json_t *out, bool json)
{
	const char *key;
	json_t *item;

	if (json) {
		if (json_dumpf(out, stdout, JSON_COMPACT) != 0)
			return err_sys("show: write");
		fputc('\n', stdout);
	} else {
		json_object_foreach(out, key, item)
			print_value(key, item, 0);
	}
	return fflush(stdout) == 0 && !ferror(stdout) ? err_none()
						      : err_sys("show: write");
}

void
tool_add_error(json_t *out, struct err e)
{
	json_object_set_new(out, "error",
	    json_pack("{s:s, s:s, s:s}", "code", err_name(e.code), "where",
		e.where, "system", e.sys == 0 ? "" : strerror(e.sys)));
}

enum tool_exit
tool_exit_of(struct err e)
{
	switch (e.code) {
	case E_NONE:
		return TOOL_GOOD;
	case E_LIMIT:
	case E_FORMAT:
	case E_UNSUPPORTED:
	case E_PASSWORD:
	case E_MISMATCH:
	case E_EXPIRED:
	case E_CORRUPT:
		return TOOL_FINDING;
	case E_ARG:
		return TOOL_USAGE;
	case E_SYS:
	case E_NOMEM:
	case E_CRYPTO:
	case E_NOTFOUND:
	case E_EXISTS:
	case E_STATE:
	case E_ROLE:
	case E_TIMEOUT:
	case E_UNREACHABLE:
	case E_REFUSED:
	case E_PROTOCOL:
	case E_FULL:
	case E_READONLY:
	case E_GONE:
	case E_CONFIG:
	case E_CANCELLED:
	case E_COUNT:
		break;
	}
	return TOOL_ENVIRONMENT;
}
