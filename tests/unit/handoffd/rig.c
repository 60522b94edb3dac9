/*
 * rig.c - see the header.
 */
#include "rig.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rpc/rpc.h"

struct desk desk;
json_t *asked;
char asked_how[32];
json_int_t last_id;
void *resumed;
int told;
char key_a[96], key_b[96], tag[64], auth[64];

static json_int_t
port_ask(void *ctx, int owner, const char *method, json_t *params)
{
	json_decref(asked);
	asked = params;
	snprintf(asked_how, sizeof asked_how, "%s", method);
	return ++last_id;
}

static void
port_tell(void *ctx, int owner, const char *event, json_t *params)
{
	told++;
	json_decref(params);
}

static void
port_resume(void *ctx, void *asking)
{
	resumed = asking;
}

static void
url64(char *out, size_t cap, const void *p, size_t n)
{
	char text[160];

	base64_encode(text, sizeof text, span_make(p, n));
	text[strcspn(text, "=")] = '\0';
	for (char *c = text; *c != '\0'; c++)
		*c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
	snprintf(out, cap, "%s", text);
}

const char *
owner_says(const char *method, json_t *params, int64_t now)
{
	const char *refused = desk_request(&desk, OWNER, method, params, now);

	json_decref(params);
	return refused;
}

void
rig_begin(void)
{
	struct desk_port port = { port_ask, port_tell, port_resume, NULL };
	uint8_t word[SEAL_KEY] = { 1, 2, 3 }, hash[SEAL_DIGEST];
	uint8_t point[HANDOFF_POINT] = { 4, 9 };

	desk_init(&desk, &port);
	url64(auth, sizeof auth, word, sizeof word);
	url64(key_a, sizeof key_a, point, sizeof point);
	point[2] = 77;
	url64(key_b, sizeof key_b, point, sizeof point);
	url64(tag, sizeof tag, point, SEAL_DIGEST);
	cr_assert_not(err_is(seal_digest(hash, span_make(word, sizeof word))));
	cr_assert_null(owner_says("handoff.open",
	    json_pack("{s:s,s:o,s:i}", "id", ID, "auth_hash",
		rpc_bytes(span_make(hash, sizeof hash)), "ttl_s", 180),
	    START_MS));
}

void
rig_end(void)
{
	desk_end(&desk);
	json_decref(asked);
	asked = NULL;
}

unsigned
post(const char *id, const char *what, json_t *in, void *asking, int64_t now,
    char body[static 256])
{
	struct desk_answer a = desk_post(&desk, id, what, in, asking, now);

	json_decref(in);
	snprintf(body, 256, "%s", a.body == NULL ? "" : a.body);
	free(a.body);
	return a.status;
}

json_t *
claim_of(const char *key)
{
	return json_pack("{s:s,s:s,s:s}", "auth", auth, "key", key, "mac", tag);
}

void
owner_answers(json_t *body, int64_t now)
{
	desk_answered(&desk, OWNER, body, now);
	json_decref(body);
}

void
claim_goes_well(void)
{
	char body[256];
	int phone;

	cr_assert_eq(
	    post(ID, "claim", claim_of(key_a), &phone, 2000, body), 0u);
	owner_answers(rpc_result(last_id, json_pack("{s:s}", "nonce",
					      "AAECAwQFBgcICQoLDA0ODw==")),
	    2000);
	cr_assert_eq(resumed, (void *)&phone);
}

json_t *
parcel(void)
{
	return json_pack("{s:s,s:s,s:i,s:s,s:[{s:s,s:s,s:s}]}", "id", ID, "key",
	    "BAAB", "expiry", 1800000180, "holder", "홍*동", "files", "name",
	    "npki-20270314.p12", "profile", "compatible", "data", "AAAA");
}
