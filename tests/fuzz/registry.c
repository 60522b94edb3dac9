/*
 * Fuzz target: answers of the RA system, and requests to it.
 *
 * The first byte picks the call and the direction.
 */
#include <string.h>

#include "base/utf8.h"
#include "fuzz.h"
#include "npki/npki.h"
#include "peer/registry.h"

enum { TEXT_ROOM = 1024 };

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	if (err_is(npki_init()))
		abort();
	return 0;
}

static void
check_text(const char *s, size_t n)
{
	static char room[TEXT_ROOM];
	struct buf nfc = buf_make(room, sizeof room);
	uint32_t cp = 0;

	must(n <= 512, "text is short");
	must(!err_is(utf8_nfc(&nfc, s, n)) && nfc.n == n &&
		 memcmp(room, s, n) == 0,
	    "text is in NFC");
	for (size_t i = 0, used; i < n; i += used) {
		must((used = utf8_decode(&cp, s + i, n - i)) > 0,
		    "text is UTF-8");
		must(!utf8_is_control(cp), "text has no control characters");
	}
}

/* Nothing but short clean texts, small numbers and lists of these. */
static void
check_value(const char *name, const json_t *v, int depth)
{
	const char *key;
	json_t *member;
	size_t i;

	must(depth <= 3, "what is believed is shallow");
	if (json_is_object(v)) {
		must(json_object_size(v) <= 6, "and has few members");
		json_object_foreach((json_t *)(uintptr_t)v, key, member)
			check_value(key, member, depth + 1);
	} else if (json_is_array(v)) {
		must(json_array_size(v) <= REGISTRY_CERTS, "lists are short");
		json_array_foreach(v, i, member)
			check_value(name, member, depth + 1);
	} else if (json_is_string(v) && strcmp(name, "certificate") != 0) {
		check_text(json_string_value(v), json_string_length(v));
	} else {
		must(json_is_string(v) ||
			 (json_is_integer(v) && json_integer_value(v) >= 0),
		    "the rest are numbers, none below 0");
	}
}

static void
check_reply(enum registry_call call, struct span body)
{
	struct registry_reply r;
	struct err e = registry_reply_read(&r, call, body);

	if (err_is(e)) {
		must(e.code == E_PROTOCOL || e.code == E_NOMEM,
		    "a bad answer is told by kind");
		must(r.result == NULL && r.code == NULL && r.more == NULL,
		    "and nothing of it is kept");
		return;
	}
	must((r.result == NULL) != (r.code == NULL),
	    "an answer is a result or a code");
	if (r.result != NULL)
		check_value("", r.result, 0);
	if (r.more != NULL)
		check_value("", r.more, 0);
	registry_reply_free(&r);
	must(r.result == NULL && r.more == NULL, "freed is empty");
}

static void
check_request(enum registry_call call, struct span text)
{
	json_t *body = NULL, *again = NULL;
	json_t *params = json_loadb(
	    (const char *)text.p, text.n, JSON_REJECT_DUPLICATES, NULL);
	struct err e = registry_request(&body, call, params);

	must(err_is(e) == (body == NULL), "a body or an error");
	if (!err_is(e)) {
		check_value("", body, 0);
		must(!err_is(registry_request(&again, call, body)) &&
			 json_equal(body, again),
		    "what was cleaned is clean");
	}
	json_decref(params);
	json_decref(body);
	json_decref(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct choices in = { data, n };
	uint8_t how = choose(&in);
	enum registry_call call = (enum registry_call)(
	    how % REGISTRY_CALL_COUNT);

	if (how & 0x80)
		check_request(call, span_make(in.p, in.n));
	else
		check_reply(call, span_make(in.p, in.n));
	return 0;
}
