/*
 * handoff/wire.c - two spellings of the same bytes.
 */
#include "prog/handoff/wire.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "handoff/keys.h"
#include "rpc/rpc.h"

enum { BYTES_MAX = 96, FILES_MAX = 4 };

bool
wire_bytes(uint8_t *out, size_t n, const char *text)
{
	char padded[BASE64_TEXT(BYTES_MAX)];
	uint8_t room[BYTES_MAX + 3];
	struct buf b = buf_make(room, sizeof room);
	size_t used = strlen(text);

	if (n > BYTES_MAX || used != (n * 8 + 5) / 6)
		return false;
	for (size_t i = 0; i < used; i++) {
		if (strchr("+/=", text[i]) != NULL)
			return false;
		padded[i] = text[i] == '-'   ? '+'
			    : text[i] == '_' ? '/'
					     : text[i];
	}
	while (used % 4 != 0)
		padded[used++] = '=';
	if (err_is(base64_decode(&b, padded, used)) || b.n != n)
		return false;
	memcpy(out, room, n);
	return true;
}

bool
wire_url64(char *out, size_t cap, const char *text)
{
	size_t n = strcspn(text, "=");

	if (n + 1 > cap)
		return false;
	for (size_t i = 0; i < n; i++)
		out[i] = text[i] == '+' ? '-' : text[i] == '/' ? '_' : text[i];
	out[n] = '\0';
	return true;
}

static json_t *
url64_of(const char *text)
{
	size_t cap = strlen(text) + 1;
	char *room = malloc(cap);
	json_t *s = NULL;

	if (room != NULL && wire_url64(room, cap, text))
		s = json_string(room);
	free(room);
	return s;
}

static bool
good_file(const json_t *f)
{
	const char *name = rpc_str(f, "name"), *profile = rpc_str(f, "profile");

	return name[0] != '\0' && strlen(name) < HANDOFF_NAME_MAX &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV"
			    "WXYZ0123456789-_.") == strlen(name) &&
	       (strcmp(profile, "compatible") == 0 ||
		   strcmp(profile, "strong") == 0) &&
	       rpc_str(f, "data")[0] != '\0';
}

json_t *
wire_parcel(const json_t *params)
{
	const json_t *files = json_object_get(params, "files"), *f;
	json_t *list = json_array();
	bool good = json_is_array(files) && json_array_size(files) > 0 &&
		    json_array_size(files) <= FILES_MAX &&
		    rpc_int(params, "expiry", 0) > 0 &&
		    rpc_str(params, "key")[0] != '\0';
	size_t i;

	json_array_foreach(files, i, f) {
		good = good && good_file(f);
		json_array_append_new(
		    list, json_pack("{s:s,s:s,s:o}", "name", rpc_str(f, "name"),
			      "profile", rpc_str(f, "profile"), "data",
			      url64_of(rpc_str(f, "data"))));
	}
	if (!good) {
		json_decref(list);
		return NULL;
	}
	return json_pack("{s:o,s:I,s:I,s:s,s:o}", "key",
	    url64_of(rpc_str(params, "key")), "expiry",
	    rpc_int(params, "expiry", 0), "not_after",
	    rpc_int(params, "not_after", 0), "holder",
	    rpc_str(params, "holder"), "files", list);
}
