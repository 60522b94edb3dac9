/*
 * Which JSON is sent to the registry, and which of its answers are believed.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "npki/npki.h"
#include "peer/registry.h"

#define PERSON                                                                 \
	"\"result\":\"match\",\"person\":\"p\",\"name\":\"홍길동\","        \
	"\"phone_changed_days\":3"
#define FACTOR "{\"kind\":\"phone\",\"hint\":\"010\"}"

/* clang-format off */
static const struct row {
	enum registry_call call;
	const char *body;
	const char *code;	/* "" a result, NULL not believed */
} rows[] = {
	{ REGISTRY_VERIFY, "{" PERSON ",\"age\":30,\"factors\":[" FACTOR "]}", "" },
	{ REGISTRY_VERIFY, "{" PERSON ",\"age\":0,\"factors\":[]}", "" },
	{ REGISTRY_VERIFY, "{\"result\":\"mismatch\"}", "identity.mismatch" },
	{ REGISTRY_VERIFY, "{" PERSON ",\"age\":-1,\"factors\":[]}", NULL },
	{ REGISTRY_VERIFY, "{" PERSON ",\"age\":\"30\",\"factors\":[]}", NULL },
	{ REGISTRY_VERIFY, "{" PERSON ",\"age\":1e400,\"factors\":[]}", NULL },
	{ REGISTRY_VERIFY, "{" PERSON ",\"age\":30}", NULL },
	{ REGISTRY_VERIFY, "{" PERSON ",\"age\":30,\"factors\":{}}", NULL },
	{ REGISTRY_VERIFY, "{" PERSON ",\"age\":30,\"factors\":[{}]}", NULL },
	{ REGISTRY_VERIFY, "{" PERSON ",\"age\":30,\"factors\":[" FACTOR "," FACTOR
	  "," FACTOR "," FACTOR "," FACTOR "," FACTOR "," FACTOR "," FACTOR ","
	  FACTOR "]}", NULL },
	{ REGISTRY_VERIFY, "{\"result\":\"match\",\"person\":\"p\",\"name\":"
	  "\"a\\u001b[2J\",\"phone_changed_days\":3,\"age\":3,\"factors\":[]}", NULL },
	{ REGISTRY_VERIFY, "{\"result\":\"match\",\"person\":\"p\",\"name\":"
	  "\"\\u202eabc\",\"phone_changed_days\":3,\"age\":3,\"factors\":[]}", NULL },
	{ REGISTRY_VERIFY, "{\"result\":\"match\",\"person\":\"p\",\"name\":"
	  "\"\",\"phone_changed_days\":3,\"age\":3,\"factors\":[]}", NULL },
	{ REGISTRY_VERIFY, "{\"result\":\"match\",\"result\":\"mismatch\"}", NULL },
	{ REGISTRY_VERIFY, "{\"result\":7}", NULL },
	{ REGISTRY_VERIFY, "{\"result\":\"ok\"}", NULL },
	{ REGISTRY_VERIFY, "[]", NULL },
	{ REGISTRY_VERIFY, "", NULL },
	{ REGISTRY_VERIFY, "{\"result\":\"match\"", NULL },
	{ REGISTRY_VERIFY, "\"match\"", NULL },

	{ REGISTRY_FACTOR_START, "{\"result\":\"sent\",\"hint\":\"x\",\"ttl_s\":180}", "" },
	{ REGISTRY_FACTOR_START, "{\"result\":\"sent\",\"hint\":\"x\"}", NULL },
	{ REGISTRY_FACTOR_START, "{\"result\":\"locked\"}", "factor.locked" },
	{ REGISTRY_FACTOR_START, "{\"result\":\"ok\"}", NULL },

	{ REGISTRY_FACTOR_VERIFY, "{\"result\":\"ok\"}", "" },
	{ REGISTRY_FACTOR_VERIFY, "{\"result\":\"wrong\",\"left\":4}", "factor.wrong" },
	{ REGISTRY_FACTOR_VERIFY, "{\"result\":\"wrong\"}", NULL },
	{ REGISTRY_FACTOR_VERIFY, "{\"result\":\"wrong\",\"left\":-4}", NULL },
	{ REGISTRY_FACTOR_VERIFY, "{\"result\":\"expired\"}", "factor.expired" },
	{ REGISTRY_FACTOR_VERIFY, "{\"result\":\"locked\"}", "factor.locked" },
	{ REGISTRY_FACTOR_VERIFY, "{\"result\":\"match\"}", NULL },

	{ REGISTRY_CERTIFICATES, "{\"certificates\":[]}", "" },
	{ REGISTRY_CERTIFICATES, "{\"certificates\":[{}]}", NULL },
	{ REGISTRY_CERTIFICATES, "{\"certificates\":null}", NULL },
	{ REGISTRY_CERTIFICATES, "{\"certificates\":[{\"certificate\":\"AAAA\","
	  "\"status\":\"valid\",\"bank\":\"\",\"bank_name\":\"\",\"issuer_o\":\"y\"}]}", NULL },

	{ REGISTRY_ENROLL, "{\"result\":\"ok\",\"refnum\":\"1\",\"authcode\":\"a\","
	  "\"expires_at\":1800000000}", "" },
	{ REGISTRY_ENROLL, "{\"result\":\"ok\",\"refnum\":\"1\",\"authcode\":\"a\","
	  "\"expires_at\":\"2026-11-29T10:00:00+09:00\"}", "" },
	{ REGISTRY_ENROLL, "{\"result\":\"ok\",\"refnum\":\"1\",\"authcode\":\"a\","
	  "\"expires_at\":\"2026-02-30T10:00:00+09:00\"}", NULL },
	{ REGISTRY_ENROLL, "{\"result\":\"ok\",\"refnum\":\"1\",\"authcode\":\"a\","
	  "\"expires_at\":\"tomorrow\"}", NULL },
	{ REGISTRY_ENROLL, "{\"result\":\"ok\",\"refnum\":\"\",\"authcode\":\"a\","
	  "\"expires_at\":1}", NULL },
	{ REGISTRY_ENROLL, "{\"result\":\"refused\",\"reason\":\"other_bank\"}",
	  "peer.ca_refused" },

	{ REGISTRY_HEALTH, "{\"ok\":true}", "" },
	{ REGISTRY_HEALTH, "{\"ok\":1}", NULL },
};
/* clang-format on */

enum { ROWS = sizeof rows / sizeof *rows };

Test(registry, each_answer_is_a_result_a_code_or_not_believed)
{
	struct err e = npki_init();

	cr_assert_not(err_is(e));
	for (size_t i = 0; i < ROWS; i++) {
		struct registry_reply r;

		e = registry_reply_read(&r, rows[i].call,
		    span_make(rows[i].body, strlen(rows[i].body)));
		if (rows[i].code == NULL) {
			cr_expect_eq(e.code, E_PROTOCOL, "row %zu", i);
			cr_expect(r.result == NULL && r.code == NULL &&
				  r.more == NULL);
			continue;
		}
		cr_expect_not(err_is(e), "row %zu: %s", i, rows[i].body);
		cr_expect_str_eq(
		    r.code == NULL ? "" : r.code, rows[i].code, "row %zu", i);
		cr_expect_eq(r.result != NULL, rows[i].code[0] == '\0');
		registry_reply_free(&r);
	}
}

/* Cutting a good answer anywhere never yields something believed. */
Test(registry, no_prefix_of_an_answer_is_an_answer)
{
	struct err e = npki_init();

	cr_assert_not(err_is(e));
	for (size_t i = 0; i < ROWS; i++)
		for (size_t n = 0; n < strlen(rows[i].body); n++) {
			struct registry_reply r;

			e = registry_reply_read(
			    &r, rows[i].call, span_make(rows[i].body, n));
			cr_expect_eq(
			    e.code, E_PROTOCOL, "row %zu at %zu", i, n);
		}
}

Test(registry, deep_and_wide_json_is_survived)
{
	enum { DEPTH = 200000 };
	char *text = malloc(DEPTH + 1);
	struct registry_reply r;
	struct err e;

	memset(text, '[', DEPTH);
	e = registry_reply_read(&r, REGISTRY_VERIFY, span_make(text, DEPTH));
	cr_expect_eq(e.code, E_PROTOCOL);
	free(text);
}

Test(registry, times_become_unix_seconds)
{
	static const char body[] =
	    "{\"result\":\"ok\",\"refnum\":\"1\","
	    "\"authcode\":\"a\",\"expires_at\":\"2026-11-22T09:00:00+09:00\"}";
	struct registry_reply r;
	struct err e = registry_reply_read(
	    &r, REGISTRY_ENROLL, span_make(body, strlen(body)));

	cr_assert_not(err_is(e));
	cr_expect_eq(
	    json_integer_value(json_object_get(r.result, "expires_at")),
	    1795305600);
	registry_reply_free(&r);
}

Test(registry, only_known_members_are_sent_and_all_of_them)
{
	static const char *const missing[] = { "person", "serial",
		"application" };
	json_t *params = json_pack("{s:s,s:s,s:s,s:s}", "person", "p", "serial",
	    "4711", "application", "R-1", "secret", "kept here");
	json_t *body;
	struct err e = registry_request(&body, REGISTRY_ENROLL, params);

	cr_assert_not(err_is(e));
	cr_expect_eq(json_object_size(body), 3);
	cr_expect_null(json_object_get(body, "secret"));
	json_decref(body);
	for (size_t i = 0; i < 3; i++) {
		json_t *less = json_deep_copy(params);

		json_object_del(less, missing[i]);
		e = registry_request(&body, REGISTRY_ENROLL, less);
		cr_expect_eq(e.code, E_ARG);
		cr_expect_null(body);
		json_decref(less);
	}
	json_decref(params);
}

Test(registry, text_over_its_length_is_refused)
{
	char name[300];
	json_t *params, *body;
	struct err e;

	for (size_t n = 255; n <= 258; n++) {
		memset(name, 'a', n);
		name[n] = '\0';
		params = json_pack("{s:s,s:s,s:s,s:s,s:s}", "name", name,
		    "number", "1", "id_kind", "resident", "id_number", "",
		    "issue_date", "");
		e = registry_request(&body, REGISTRY_VERIFY, params);
		cr_expect_eq(err_is(e), n > 256, "%zu", n);
		json_decref(body);
		json_decref(params);
	}
}

static bool
believed(const char *nonce, const char *answered)
{
	json_t *o = json_pack("{s:s,s:s*}", "result", "ok", "nonce", answered);
	char *text = json_dumps(o, JSON_COMPACT);
	bool yes = registry_answers(span_str(text), nonce);

	free(text);
	json_decref(o);
	return yes;
}

Test(registry, an_answer_with_the_nonce_of_another_request_is_not_believed)
{
	char nonce[REGISTRY_NONCE], other[REGISTRY_NONCE];
	json_t *body = json_object();

	cr_assert(!err_is(registry_add_nonce(body, other)));
	cr_assert(!err_is(registry_add_nonce(body, nonce)));
	cr_expect_str_eq(
	    json_string_value(json_object_get(body, "nonce")), nonce);
	cr_expect(believed(nonce, nonce));
	cr_expect(believed(nonce, NULL)); /* a registry that knows of none */
	cr_expect_not(believed(nonce, other));
	cr_expect_not(believed(nonce, ""));
	cr_expect_not(registry_answers(span_str("{\"nonce\":null}"), nonce));
	json_decref(body);
}
