/*
 * agent/issuer.c - the CA's certificates, read once into what the workers get.
 */
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "npki/cert.h"
#include "prog/agent/core.h"

enum { FILE_MAX = 64 * 1024 };

struct err
cert_load(uint8_t *der, size_t cap, size_t *n, const char *path)
{
	static uint8_t room[FILE_MAX];
	struct buf file = buf_make(room, sizeof room);
	unsigned char *out = NULL;
	X509 *cert = NULL;
	struct err e = file_read(&file, path);
	int len;

	*n = 0;
	if (!err_is(e))
		e = npki_cert_parse_any(&cert, buf_span(&file));
	if (!err_is(e)) {
		len = i2d_X509(cert, &out);
		if (len <= 0 || (size_t)len > cap) {
			e = err_make(E_LIMIT, 0, "agent: certificate");
		} else {
			memcpy(der, out, (size_t)len);
			*n = (size_t)len;
		}
	}
	if (err_is(e))
		log_line(LOG_ERROR, "certificate %s cannot be read", path);
	OPENSSL_free(out);
	X509_free(cert);
	return e;
}

static struct err
add_cert(json_t **out, const char *path)
{
	uint8_t der[NPKI_CERT_MAX];
	size_t n;
	struct err e = cert_load(der, sizeof der, &n, path);

	*out = err_is(e) ? NULL : rpc_bytes(span_make(der, n));
	return e;
}

static struct err
add_chain(json_t *chain, const struct conf_issuer *c)
{
	struct err e = err_none();

	for (size_t i = 0; i < c->chain_count && !err_is(e); i++) {
		json_t *one;
		e = add_cert(&one, c->chain[i]);
		if (!err_is(e))
			json_array_append_new(chain, one);
	}
	return e;
}

struct err
issuer_load(struct issuer *i, const struct conf *conf)
{
	const struct conf_issuer *c = conf_our_issuer(conf);
	struct npki_cert_info *info = NULL;
	json_t *root = NULL, *chain = json_array();
	struct err e;

	i->conf = c;
	e = cert_load(i->ca, sizeof i->ca, &i->ca_n, c->ca);
	if (!err_is(e))
		e = add_cert(&root, c->root);
	if (!err_is(e))
		e = add_chain(chain, c);
	if (!err_is(e))
		e = add_cert(&i->ra_cert, c->ra_cert);
	if (!err_is(e) && (info = calloc(1, sizeof *info)) == NULL)
		e = err_make(E_NOMEM, 0, "agent: certificate");
	if (!err_is(e))
		e = npki_cert_info_der(info, span_make(i->ca, i->ca_n));
	if (!err_is(e)) {
		str_copy(i->ca_subject, sizeof i->ca_subject, info->subject);
		i->params = json_pack("{s:o,s:O,s:O,s:b,s:b}", "ca",
		    rpc_bytes(span_make(i->ca, i->ca_n)), "root", root, "chain",
		    chain, "encrypted_vid", c->encrypted_vid, "any_profile",
		    c->any_profile);
		if (c->recipient[0] != '\0')
			json_object_set_new(
			    i->params, "recipient", json_string(c->recipient));
	}
	free(info);
	json_decref(root);
	json_decref(chain);
	return e;
}

void
issuer_free(struct issuer *i)
{
	json_decref(i->params);
	json_decref(i->ra_cert);
	memset(i, 0, sizeof *i);
}
