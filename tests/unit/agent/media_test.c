/*
 * What the customer's stick holds: listed, tried, given another password.
 */
#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "rpc/rpc.h"
#include "world.h"

TestSuite(media, .init = world_open, .fini = world_close);

Test(media, a_stick_is_read_checked_and_given_a_new_password)
{
	begin(0, "check");
	json_t *r = ask("media.list", "{}");
	cr_assert_eq(json_array_size(json_object_get(r, "certificates")), 1);
	r = ask_fd(0, "visit.end", "x");
	cr_expect_str_eq(code(r), "rpc.params", "no descriptor asked for");
}

static json_t *
ask_params(const char *method, const char *secret, json_t *params)
{
	json_t *q = rpc_request(5, method, params), *body = NULL;
	int ends[2];

	cr_assert_eq(pipe(ends), 0);
	cr_assert_eq(
	    write(ends[1], secret, strlen(secret)), (ssize_t)strlen(secret));
	close(ends[1]);
	cr_assert_not(err_is(rpc_send(w.kiosk[1], q, ends[0])));
	json_decref(q);
	close(ends[0]);
	int fd = w.kiosk[1];
	w.kiosk[1] = -1; /* the answer is read here */
	run();
	w.kiosk[1] = fd;
	while (!err_is(rpc_recv(fd, &body, NULL)) &&
	       json_object_get(body, "id") == NULL)
		json_decref(body);
	return body;
}

static json_t *
ask_media(const char *method, const char *secret)
{
	return ask_params(method, secret, json_pack("{s:i}", "index", 0));
}

static json_t *
ask_number(const char *number)
{
	return ask_params("media.verify", "pw",
	    json_pack("{s:i,s:s}", "index", 0, "number", number));
}

Test(media, the_working_check_and_the_password_change_go_through_a_worker)
{
	json_t *r;

	begin(1, "check");
	r = ask_media("media.verify", "pw");
	cr_expect_str_eq(code(json_object_get(r, "error")), "rpc.params",
	    "nothing listed yet");
	json_decref(r);
	ask_at(1, "media.list", "{}");
	r = ask_media("media.verify", "pw");
	cr_expect(rpc_bool(json_object_get(r, "result"), "opens"));
	cr_expect(rpc_bool(json_object_get(r, "result"), "vid"));
	cr_expect_str_eq(text(json_object_get(r, "result"), "status"), "valid");
	json_decref(r);
	r = ask_media("media.passwd", "wrong");
	cr_expect_str_eq(code(json_object_get(r, "error")), "password.wrong");
	json_decref(r);
	r = ask_media("media.passwd", "old\nnew");
	cr_expect_not_null(json_object_get(r, "result"));
	json_decref(r);
	for (int i = 0; i < KEYS; i++)
		cr_expect_lt(w.keys[i].sock, 0, "no worker is left");
}

/* ---- where the status comes from ---- */

static void
expect_status(const char *number, const char *status, const char *by)
{
	json_t *r, *o;

	ask_at(1, "media.list", "{}");
	r = ask_media("media.verify", "pw");
	o = json_object_get(r, "result");
	cr_expect_str_eq(text(o, "status"), status, "%s", number);
	cr_expect_str_eq(text(o, "by"), by, "%s", number);
	cr_expect_eq(rpc_int(o, "as_of", -1) != 0, by[0] != '\0');
	cr_expect_gt(rpc_int(o, "not_after", 0), 0);
	json_decref(r);
}

Test(media, a_silent_responder_is_replaced_by_the_list)
{
	begin(1, "check");
	expect_status("asked", "valid", "ocsp");
	net_fails("ocsp.query", "peer.ca_down", -1);
	expect_status("no list", "unknown", "");
	strcpy(w.crl_status, "good");
	expect_status("not listed", "valid", "crl");
	strcpy(w.crl_status, "revoked");
	expect_status("on hold", "suspended", "crl");
}

Test(media, a_certificate_our_ca_did_not_sign_is_not_asked_about_again)
{
	begin(1, "check");
	net_fails("ocsp.query", "cert.not_issued", -1);
	strcpy(w.crl_status, "good");
	expect_status("a stranger's", "not_issued", "");
}

Test(media, a_number_is_thirteen_digits_or_refused)
{
	static const struct {
		const char *number, *error;
	} rows[] = {
		{ "9001011970015", NULL },
		{ "900101197001", "rpc.params" },
		{ "900101197001x", "rpc.params" },
		{ "90010119700155", "rpc.params" },
	};

	begin(1, "check");
	ask_at(1, "media.list", "{}");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		json_t *r = ask_number(rows[i].number);
		if (rows[i].error == NULL)
			cr_expect_not_null(json_object_get(r, "result"));
		else
			cr_expect_str_eq(code(json_object_get(r, "error")),
			    rows[i].error, "%s", rows[i].number);
		json_decref(r);
	}
}
