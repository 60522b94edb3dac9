/*
 * print/job.c - the two methods.
 */
#define _GNU_SOURCE
#include "prog/print/job.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "paper/document.h"
#include "paper/form.h"
#include "prog/print/lp.h"
#include "rpc/rpc.h"

enum { SHA256 = 32, SHA256_HEX = HEX_TEXT(SHA256), TEXT_MAX = 64 * 1024 };

/* ---- slips ---- */

static const char *const words[TARGET_RESULT_COUNT] = {
	[TARGET_PRINTED] = "",
	[TARGET_NO_PRINTER] = "print.none",
	[TARGET_NO_PAPER] = "print.paper",
	[TARGET_OFFLINE] = "print.offline",
	[TARGET_CUT] = "print.io",
};

static struct err
lay_out(struct buf *bytes, struct buf *text, const struct conf *conf,
    const json_t *document)
{
	static struct slip slip;
	enum escpos_profile profile = strcmp(conf->print_profile, "cp949") == 0
					  ? ESCPOS_CP949
					  : ESCPOS_RASTER;
	struct err e = slip_compose(&slip, document);

	if (!err_is(e))
		e = escpos_slip(bytes, &slip, profile, conf->print_columns);
	if (!err_is(e))
		e = slip_text(text, &slip, conf->print_columns);
	secret_wipe(&slip, sizeof slip);
	return e;
}

static json_t *
print_slip(const struct printer *p, json_int_t id, const json_t *document)
{
	static uint8_t bytes_room[ESCPOS_MAX], text_room[TEXT_MAX];
	struct buf bytes = buf_make(bytes_room, sizeof bytes_room);
	struct buf text = buf_make(text_room, sizeof text_room);
	enum target_result r;
	struct err e = lay_out(&bytes, &text, p->conf, document);

	if (err_is(e)) {
		log_err(LOG_ERROR, "slip refused", e);
		r = TARGET_RESULT_COUNT;
	} else {
		r = target_print(&p->target, rpc_str(document, "kind"),
		    buf_span(&bytes), buf_span(&text));
		log_line(r == TARGET_PRINTED ? LOG_INFO : LOG_WARNING,
		    "slip %s: %s", rpc_str(document, "kind"),
		    r == TARGET_PRINTED ? "printed" : words[r]);
	}
	secret_wipe(bytes_room, bytes.n);
	secret_wipe(text_room, text.n);
	if (r == TARGET_PRINTED)
		return rpc_result(id, NULL);
	return rpc_error(
	    id, r == TARGET_RESULT_COUNT ? "rpc.params" : words[r]);
}

/* ---- forms ---- */

struct drain {
	int fd;
	EVP_MD_CTX *hash;
};

static struct err
take(void *ctx, struct span bytes)
{
	struct drain *d = ctx;

	if (EVP_DigestUpdate(d->hash, bytes.p, bytes.n) != 1)
		return err_make(E_CRYPTO, 0, "print: hash");
	return file_write_all(d->fd, bytes);
}

static struct err
content_hash(char out[static SHA256_HEX], const json_t *document)
{
	char *text = json_dumps(document, JSON_COMPACT | JSON_SORT_KEYS);
	uint8_t digest[SHA256];
	bool ok = text != NULL && EVP_Digest(text, strlen(text), digest, NULL,
				      EVP_sha256(), NULL) == 1;

	free(text);
	if (!ok)
		return err_make(E_CRYPTO, 0, "print: content");
	hex_encode(out, SHA256_HEX, span_make(digest, sizeof digest));
	return err_none();
}

/* The PDF in a memory file nobody can change any more. */
static struct err
make_pdf(int fd, char sha256[static SHA256_HEX],
    char content[static SHA256_HEX], const json_t *document)
{
	struct drain d = { .fd = fd, .hash = EVP_MD_CTX_new() };
	uint8_t digest[SHA256];
	struct err e = content_hash(content, document);

	if (!err_is(e) &&
	    (d.hash == NULL || EVP_DigestInit(d.hash, EVP_sha256()) != 1))
		e = err_make(E_CRYPTO, 0, "print: hash");
	if (!err_is(e))
		e = form_pdf(document, content, take, &d);
	if (!err_is(e) && EVP_DigestFinal(d.hash, digest, NULL) != 1)
		e = err_make(E_CRYPTO, 0, "print: hash");
	EVP_MD_CTX_free(d.hash);
	if (err_is(e))
		return e;
	hex_encode(sha256, SHA256_HEX, span_make(digest, sizeof digest));
	if (fcntl(fd, F_ADD_SEALS,
		F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK) != 0 ||
	    lseek(fd, 0, SEEK_SET) != 0)
		return err_sys("print: form");
	return err_none();
}

/* To the A4 printer, or to the folder that stands in for paper. */
static const char *
to_paper(const struct printer *p, const char *kind, int fd)
{
	const char *queue = p->conf->print_queue;
	struct err e = queue[0] != '\0'
			   ? lp_print(queue, kind, fd)
			   : target_keep_form(&p->target, kind, fd);

	if (!err_is(e) && lseek(fd, 0, SEEK_SET) != 0)
		e = err_sys("print: form");
	if (!err_is(e))
		return "";
	log_err(LOG_WARNING, "form to paper", e);
	if (e.code == E_STATE)
		return "print.none";
	return e.code == E_REFUSED ? "print.offline" : "print.io";
}

static json_t *
print_form(
    const struct printer *p, json_int_t id, const json_t *params, int *fd)
{
	const json_t *document = json_object_get(params, "document");
	char sha256[SHA256_HEX], content[SHA256_HEX];
	int file = memfd_create("form", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	const char *refused = "";
	struct err e = file < 0 ? err_sys("print: form")
				: make_pdf(file, sha256, content, document);

	if (err_is(e)) {
		log_err(LOG_ERROR, "form refused", e);
		refused = e.code == E_ARG ? "rpc.params" : "print.io";
	} else if (rpc_bool(params, "paper")) {
		refused = to_paper(p, rpc_str(document, "kind"), file);
	}
	if (refused[0] != '\0') {
		if (file >= 0)
			close(file);
		return rpc_error(id, refused);
	}
	log_line(LOG_INFO, "form %s made", rpc_str(document, "kind"));
	*fd = file;
	return rpc_result(
	    id, json_pack("{s:s,s:s}", "sha256", sha256, "content", content));
}

json_t *
job_answer(const struct printer *p, const json_t *request, int *fd)
{
	const char *method = rpc_str(request, "method");
	const json_t *params = json_object_get(request, "params");
	json_int_t id = rpc_int(request, "id", 0);

	*fd = -1;
	if (strcmp(method, "print.slip") == 0)
		return print_slip(p, id, params);
	if (strcmp(method, "print.form") == 0)
		return print_form(p, id, params, fd);
	log_line(LOG_WARNING, "unknown method");
	return rpc_error(id, "rpc.method");
}
