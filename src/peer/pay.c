/*
 * peer/pay.c - the drivers, the stream of objects, what drivers share.
 */
#include "peer/pay.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "peer/pay_inside.h"

enum { PATH_PART = 64, PAN_HEAD = 6, PAN_TAIL = 4, TEXT_MAX = 512 };

/* clang-format off */
static const struct pay_driver *const drivers[] = { &pay_nexo, &pay_van };

static const char *const outcome_names[PAY_OUTCOME_COUNT] = {
	[PAY_APPROVED] = "approved",
	[PAY_DECLINED] = "declined",
	[PAY_CANCELLED] = "cancelled",
	[PAY_BUSY] = "busy",
	[PAY_FAILED] = "failed",
};
/* clang-format on */

const struct pay_driver *
pay_driver_find(const char *name)
{
	for (size_t i = 0; i < sizeof drivers / sizeof drivers[0]; i++)
		if (strcmp(drivers[i]->name, name) == 0)
			return drivers[i];
	return NULL;
}

const char *
pay_outcome_name(enum pay_outcome outcome)
{
	return outcome < PAY_OUTCOME_COUNT ? outcome_names[outcome] : "";
}

const char *
pay_unknown_name(enum pay_unknown on_unknown)
{
	return on_unknown == PAY_NETCANCEL ? "netcancel" : "query";
}

const char *
pay_found_name(enum pay_found found)
{
	static const char *const names[] = { "no", "progress", "yes" };

	return names[found];
}

static bool
is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/*
 * Where the object at p ends, by its braces outside of texts; 0 when it does
 * not end within n.  Whether it is JSON at all is for the parser to say.
 */
static size_t
object_end(const uint8_t *p, size_t n)
{
	size_t depth = 0;
	bool text = false;

	for (size_t i = 0; i < n; i++) {
		if (text && p[i] == '\\')
			i++;
		else if (p[i] == '"')
			text = !text;
		else if (!text && p[i] == '{')
			depth++;
		else if (!text && p[i] == '}' && --depth == 0)
			return i + 1;
	}
	return 0;
}

struct err
pay_next(struct span *object, size_t *used, struct span stream)
{
	size_t skip = 0, n;

	*object = span_make(stream.p, 0);
	*used = 0;
	while (skip < stream.n && is_space(stream.p[skip]))
		skip++;
	*used = skip;
	if (skip == stream.n)
		return err_none();
	if (stream.p[skip] != '{')
		return err_make(E_PROTOCOL, 0, "pay: no object");
	n = object_end(stream.p + skip, stream.n - skip);
	if (n > PAY_OBJECT_MAX || (n == 0 && stream.n - skip > PAY_OBJECT_MAX))
		return err_make(E_LIMIT, 0, "pay: object");
	if (n == 0)
		return err_none();
	*object = span_make(stream.p + skip, n);
	*used = skip + n;
	return err_none();
}

json_t *
pay_parse(struct span text)
{
	json_t *o = json_loadb(
	    (const char *)text.p, text.n, JSON_REJECT_DUPLICATES, NULL);

	if (json_is_object(o))
		return o;
	json_decref(o);
	return NULL;
}

const json_t *
pay_at(const json_t *o, const char *path)
{
	char part[PATH_PART];

	while (o != NULL && *path != '\0') {
		size_t n = strcspn(path, ".");

		if (n >= sizeof part)
			return NULL;
		memcpy(part, path, n);
		part[n] = '\0';
		o = json_object_get(o, part);
		path += n + (path[n] == '.');
	}
	return o;
}

bool
pay_is(const json_t *o, const char *path, const char *text)
{
	const char *s = json_string_value(pay_at(o, path));

	return s != NULL && strcmp(s, text) == 0;
}

bool
pay_text(char *out, size_t cap, const json_t *o, const char *path)
{
	const json_t *v = pay_at(o, path);
	const char *s = json_string_value(v);
	char room[TEXT_MAX];
	struct buf b = buf_make(room, sizeof room);

	out[0] = '\0';
	if (s == NULL || !utf8_plain(s, json_string_length(v)) ||
	    err_is(utf8_nfc(&b, s, json_string_length(v))) || b.n == 0 ||
	    b.n >= cap)
		return false;
	memcpy(out, room, b.n);
	out[b.n] = '\0';
	return true;
}

int64_t
pay_won(const json_t *v)
{
	double d = json_real_value(v);

	if (json_is_integer(v))
		return json_integer_value(v) < 0 ? -1 : json_integer_value(v);
	if (!json_is_real(v) || !(d >= 0 && d <= PAY_WON_MAX) ||
	    (double)(int64_t)d != d)
		return -1;
	return (int64_t)d;
}

void
pay_mask(char *pan)
{
	size_t n = strlen(pan);

	for (size_t i = PAN_HEAD; i + PAN_TAIL < n; i++)
		if (pan[i] >= '0' && pan[i] <= '9')
			pan[i] = '*';
}

struct err
pay_dump(struct buf *out, json_t *o)
{
	char *text = o == NULL ? NULL : json_dumps(o, JSON_COMPACT);

	json_decref(o);
	if (text == NULL)
		return err_make(E_NOMEM, 0, "pay: request");
	buf_add_str(out, text);
	free(text);
	return out->full ? err_make(E_LIMIT, 0, "pay: request") : err_none();
}

bool
pay_word(const char *s, size_t cap)
{
	size_t n = 0;

	while (s[n] > ' ' && s[n] <= '~' && n < cap)
		n++;
	return n > 0 && n < cap && s[n] == '\0';
}
