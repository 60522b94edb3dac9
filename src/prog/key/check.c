/*
 * key/check.c - a stick's own certificate, looked at with its password.
 */
#include "prog/key/check.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <string.h>

#include "base/secret.h"
#include "npki/cert.h"
#include "npki/pair.h"
#include "identity/password.h"
#include "npki/pri.h"
#include "npki/vid.h"
#include "enrol/failure.h"
#include "enrol/params.h"
#include "rpc/rpc.h"

enum { TWO_PASSWORDS = NPKI_PASSWORD_READ + 1 + 64 };

/* What both jobs read; in the secure heap. */
struct pair_secret {
	X509 *cert;
	struct span pri; /* encrypted, in static storage */
	size_t password_n;
	uint8_t password[TWO_PASSWORDS];
	size_t number_n;
	uint8_t number[NPKI_IDN_MAX];
	struct npki_key key;
};

static struct pair_secret *
pair_new(void)
{
	return OPENSSL_secure_zalloc(sizeof(struct pair_secret));
}

static void
pair_free(struct pair_secret *s)
{
	if (s == NULL)
		return;
	X509_free(s->cert);
	npki_key_free(&s->key);
	OPENSSL_secure_clear_free(s, sizeof *s);
	secret_wipe_stack();
}

static struct err
take_pair(struct pair_secret *s, const json_t *params, int fd)
{
	static uint8_t room[NPKI_PRI_MAX];
	const char *number = rpc_str(params, "number");
	struct buf pri = buf_make(room, sizeof room);
	struct buf password = buf_make(s->password, sizeof s->password);
	struct err e;

	s->number_n = strlen(number);
	if (s->number_n > sizeof s->number)
		return err_make(E_LIMIT, 0, "check: number");
	memcpy(s->number, number, s->number_n);
	e = params_cert(&s->cert, params, "sign_cert");
	if (!err_is(e))
		e = rpc_get_bytes(&pri, params, "sign_pri");
	s->pri = buf_span(&pri);
	if (!err_is(e))
		e = params_read_fd(&password, fd);
	s->password_n = password.n;
	return e;
}

static json_t *
vid_result(const struct pair_secret *s)
{
	struct err e;

	if (s->number_n == 0 || !s->key.has_r)
		return json_null();
	e = vid_verify(
	    s->cert, span_make(s->number, s->number_n), s->key.r_secret);
	if (e.code == E_NOTFOUND)
		return json_null();
	return json_boolean(!err_is(e));
}

static json_t *
check_result(struct pair_secret *s)
{
	struct err e = npki_pri_read(
	    &s->key, s->pri, span_make(s->password, s->password_n));
	bool opens = !err_is(e), pair, signature;
	json_t *result;

	pair = opens && !err_is(npki_pair_check(s->cert, s->key.pkey));
	signature = pair && !err_is(npki_test_sign(s->cert, s->key.pkey));
	result = json_pack("{s:b,s:b,s:b,s:o}", "opens", opens, "pair", pair,
	    "signature", signature, "vid", opens ? vid_result(s) : json_null());
	if (err_is(e) && e.code != E_PASSWORD)
		json_object_set_new(result, "where", json_string(e.where));
	ERR_clear_error();
	return result;
}

static struct err
finish(struct port *port, json_int_t id, struct err e, json_t *result)
{
	struct failure f = { 0 };

	if (!err_is(e))
		return port_answer(port, id, result);
	failure_from(&f, e);
	return failure_send(&f, port, id);
}

struct err
check_start(struct port *port, struct request *r)
{
	struct pair_secret *s = pair_new();
	json_int_t id = r->id;
	json_t *result = NULL;
	struct err e;

	e = s == NULL ? err_make(E_NOMEM, 0, "check: memory")
		      : take_pair(s, r->params, r->fd);
	request_free(r);
	if (!err_is(e))
		result = check_result(s);
	pair_free(s);
	return finish(port, id, e, result);
}

/* Under the password after the line feed; proven to open before it counts. */
static struct err
change(struct pair_secret *s, struct buf *out)
{
	const uint8_t *line = memchr(s->password, '\n', s->password_n);
	struct npki_key again = { 0 };
	struct span old_secret, new_secret;
	enum pri_form form;
	struct err e;

	if (line == NULL)
		return err_make(E_ARG, 0, "passwd: two passwords");
	old_secret = span_make(s->password, (size_t)(line - s->password));
	new_secret = span_make(line + 1, s->password_n - old_secret.n - 1);
	e = npki_pri_read(&s->key, s->pri, old_secret);
	if (err_is(e))
		return e;
	if (password_check(new_secret) != PASSWORD_OK)
		return err_make(E_REFUSED, 0, "passwd: rule");
	form = s->key.form == PRI_FORM_PBES2 ? PRI_FORM_PBES2
					     : PRI_FORM_SEED_SHA1;
	e = npki_pri_write(out, &s->key, form, new_secret);
	if (!err_is(e))
		e = npki_pri_read(&again, buf_span(out), new_secret);
	if (!err_is(e))
		e = npki_pair_check(s->cert, again.pkey);
	npki_key_free(&again);
	return e;
}

struct err
passwd_start(struct port *port, struct request *r)
{
	static uint8_t room[NPKI_PRI_MAX];
	struct buf out = buf_make(room, sizeof room);
	struct pair_secret *s = pair_new();
	json_int_t id = r->id;
	json_t *result = NULL;
	struct err e;

	e = s == NULL ? err_make(E_NOMEM, 0, "passwd: memory")
		      : take_pair(s, r->params, r->fd);
	request_free(r);
	if (!err_is(e))
		e = change(s, &out);
	pair_free(s);
	ERR_clear_error();
	if (e.code == E_REFUSED)
		return port_refuse(port, id, "password.rule", NULL);
	if (!err_is(e))
		result = json_pack(
		    "{s:o}", "sign_pri", rpc_bytes(buf_span(&out)));
	return finish(port, id, e, result);
}
