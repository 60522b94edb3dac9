/*
 * token/check.c - a token's own certificate, looked at with its PIN; another
 * PIN.
 */
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <string.h>

#include "base/secret.h"
#include "enrol/params.h"
#include "npki/vid.h"
#include "prog/token/jobs.h"
#include "prog/token/objects.h"
#include "prog/token/rsa.h"
#include "rpc/rpc.h"

enum { TWO_PINS = 2 * 64 + 1 };

struct pins {
	size_t n;
	uint8_t text_secret[TWO_PINS];
};

static struct err
take_pins(struct pins *p, int fd)
{
	struct buf room = buf_make(p->text_secret, sizeof p->text_secret);
	struct err e = params_read_fd(&room, fd);

	p->n = room.n;
	if (!err_is(e) && p->n == 0)
		e = err_make(E_ARG, 0, "check: PIN");
	return e;
}

static struct err
finish(
    struct port *port, json_int_t id, const struct failure *f, json_t *result)
{
	ERR_clear_error();
	secret_wipe_stack();
	if (!failure_is(f))
		return port_answer(port, id, result);
	json_decref(result);
	return failure_send(f, port, id);
}

/* ---- does it work? ---- */

static json_t *
vid_of(const struct token *t, const uint8_t id[static OBJECTS_ID],
    const X509 *cert, const char *number)
{
	uint8_t r_secret[NPKI_R];
	struct err e = number[0] == '\0'
			   ? err_make(E_NOTFOUND, 0, "check: number")
			   : objects_get_r(t, id, r_secret);

	if (err_is(e))
		return json_null();
	e = vid_verify(cert, span_str(number), r_secret);
	secret_wipe(r_secret, sizeof r_secret);
	return e.code == E_NOTFOUND ? json_null() : json_boolean(!err_is(e));
}

static bool
signs(const struct token *t, const uint8_t id[static OBJECTS_ID], X509 *cert)
{
	CK_OBJECT_HANDLE key;
	struct err e = objects_key(t, id, &key);

	if (!err_is(e))
		e = rsa_prove(t, key, cert);
	return !err_is(e);
}

/* A token that opens but holds no certificate is an answer too. */
static struct err
look_at(const struct token *t, const char *number, json_t **result)
{
	uint8_t id[OBJECTS_ID];
	unsigned char *der = NULL;
	X509 *cert;
	struct err e = objects_own_cert(t, id, &cert);
	int n;

	if (e.code == E_NOTFOUND) {
		*result = json_pack("{s:b,s:b,s:b,s:n,s:n}", "opens", 1, "pair",
		    0, "signature", 0, "vid", "certificate");
		return err_none();
	}
	if (err_is(e))
		return e;
	n = i2d_X509(cert, &der);
	*result = json_pack("{s:b,s:b,s:b,s:o,s:o}", "opens", 1, "pair", 1,
	    "signature", signs(t, id, cert), "vid", vid_of(t, id, cert, number),
	    "certificate", rpc_bytes(span_make(der, n > 0 ? (size_t)n : 0)));
	OPENSSL_free(der);
	X509_free(cert);
	return err_none();
}

struct err
check_start(struct module *m, struct port *port, struct request *r)
{
	char number[NPKI_IDN_MAX + 1];
	struct token t = { 0 };
	struct pins pin = { 0 };
	struct failure f = { 0 };
	json_t *result = NULL;
	json_int_t id = r->id, index = rpc_int(r->params, "token", -1);
	struct err e = take_pins(&pin, r->fd);

	if (!err_is(e) &&
	    !str_copy(number, sizeof number, rpc_str(r->params, "number")))
		e = err_make(E_LIMIT, 0, "check: number");
	request_free(r);
	failure_from(&f, e);
	if (!err_is(e)) {
		e = token_open(
		    &t, m, index, false, span_make(pin.text_secret, pin.n));
		if (!err_is(e))
			e = look_at(&t, number, &result);
		jobs_failure(&f, e, &t);
		token_close(&t);
	}
	secret_wipe(&pin, sizeof pin);
	secret_wipe(number, sizeof number);
	return finish(port, id, &f, result);
}

/* ---- another PIN ---- */

/* The new one is used once before it is told to be the PIN. */
static struct err
change(struct token *t, struct module *m, json_int_t index,
    struct span old_secret, struct span new_secret)
{
	struct err e = token_open(t, m, index, true, old_secret);

	if (!err_is(e))
		e = token_new_pin(t, old_secret, new_secret);
	token_close(t);
	if (!err_is(e))
		e = token_open(t, m, index, false, new_secret);
	token_close(t);
	return e;
}

struct err
pin_start(struct module *m, struct port *port, struct request *r)
{
	struct token t = { 0 };
	struct pins pins = { 0 };
	struct failure f = { 0 };
	json_int_t id = r->id, index = rpc_int(r->params, "token", -1);
	struct err e = take_pins(&pins, r->fd);
	const uint8_t *line = memchr(pins.text_secret, '\n', pins.n);
	size_t old = line == NULL ? 0 : (size_t)(line - pins.text_secret);

	request_free(r);
	if (!err_is(e) && (old == 0 || old + 1 == pins.n))
		e = err_make(E_ARG, 0, "pin: two PINs");
	failure_from(&f, e);
	if (!err_is(e)) {
		e = change(&t, m, index, span_make(pins.text_secret, old),
		    span_make(line + 1, pins.n - old - 1));
		if (e.code == E_ARG)
			failure_set(&f, "password.rule", e.where);
		jobs_failure(&f, e, &t);
	}
	secret_wipe(&pins, sizeof pins);
	return finish(port, id, &f, json_object());
}
