/*
 * sandbox/route.c - which peer a request is for; faults around the answer.
 */
#include <stdio.h>
#include <string.h>

#include <openssl/rand.h>

#include "base/file.h"
#include "base/log.h"
#include "certs.h"
#include "cmp.h"
#include "control.h"
#include "outbox.h"
#include "registry.h"
#include "route.h"
#include "terminal.h"
#include "van.h"

enum { GARBAGE = 200, FILE_MAX = 1024 * 1024 };

static const char text_plain[] = "text/plain; charset=utf-8";

static bool
starts(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

static bool
is_post(const struct request *r)
{
	return strcmp(r->method, "POST") == 0;
}

static bool
is_get(const struct request *r)
{
	return strcmp(r->method, "GET") == 0;
}

static enum fault_at
kind_of(const struct request *r)
{
	/* clang-format off */
	static const struct { const char *path; enum fault_at at; } kinds[] = {
		{ "/ocsp", AT_OCSP },
		{ "/registry/identity/", AT_IDENTITY },
		{ "/registry/factor/", AT_FACTOR },
		{ "/registry/certificates", AT_CERTIFICATES },
		{ "/registry/enrollment", AT_ENROLLMENT },
		{ "/van/approve", AT_VAN_APPROVE },
		{ "/van/cancel", AT_VAN_CANCEL },
		{ "/van/netcancel", AT_VAN_NETCANCEL },
		{ "/sms", AT_SMS },
	};
	/* clang-format on */

	if (!is_post(r))
		return AT_NOTHING;
	if (starts(r->path, "/cmp"))
		return cmp_kind(r->body);
	if (strcmp(r->path, "/nexo") == 0)
		return terminal_kind(r->body);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (starts(r->path, kinds[i].path))
			return kinds[i].at;
	return AT_NOTHING;
}

static void
plain(struct reply *out, int status, const char *text)
{
	reply_set(out, status, text_plain, span_str(text));
}

/* Every peer of this service speaks JSON objects. */
static void
route_json(struct sandbox *sb, const struct request *r, struct fault fault,
    struct reply *out)
{
	json_t *in = NULL;

	if (is_post(r)) {
		in = json_loadb((const char *)r->body.p, r->body.n,
		    JSON_REJECT_DUPLICATES, NULL);
		if (!json_is_object(in)) {
			json_decref(in);
			reply_json(out, 400,
			    json_pack("{ss}", "error", "not a JSON object"));
			return;
		}
	}
	if (starts(r->path, "/control"))
		control_answer(sb, r->path + strlen("/control"), in, out);
	else if (in != NULL && strcmp(r->path, "/nexo") == 0)
		terminal_answer(sb, in, fault, out);
	else if (in != NULL && starts(r->path, "/van/"))
		van_answer(sb, r->path + strlen("/van"), r->body, fault, out);
	else if (in != NULL && strcmp(r->path, "/sms") == 0)
		outbox_answer(sb, in, fault, out);
	else if (in != NULL && starts(r->path, "/registry/"))
		registry_answer(
		    sb, r->path + strlen("/registry"), in, fault, out);
	else if (strcmp(r->path, "/registry/health") == 0)
		reply_json(out, 200, json_pack("{sb}", "ok", 1));
	else
		plain(out, 404, "no such service\n");
	json_decref(in);
}

/* Certificates and CRLs by GET, from DIR/ca. */
static bool
route_file(struct sandbox *sb, const struct request *r, struct reply *out)
{
	/* clang-format off */
	static const struct { const char *path, *type; } files[] = {
		{ "/crl.der", "application/pkix-crl" },
		{ "/kica-crl.der", "application/pkix-crl" },
		{ "/root.der", "application/pkix-cert" },
		{ "/ca.der", "application/pkix-cert" },
		{ "/kica.der", "application/pkix-cert" },
	};
	/* clang-format on */
	static uint8_t room[FILE_MAX]; /* under the lock */
	char path[SANDBOX_PATH + 64];

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct buf b = buf_make(room, sizeof room);

		if (strcmp(r->path, files[i].path) != 0)
			continue;
		/* a CRL is made anew before it grows old */
		if (i < AUTHORITY_COUNT && err_is(crl_write(sb, (int)i)))
			log_line(LOG_ERROR, "CRL not written");
		snprintf(path, sizeof path, "%s/ca%s", sb->dir, r->path);
		if (err_is(file_read(&b, path)))
			plain(out, 500, "cannot be read\n");
		else
			reply_set(out, 200, files[i].type, buf_span(&b));
		return true;
	}
	return false;
}

static void
route_cmp(struct sandbox *sb, const struct request *r, struct fault fault,
    struct reply *out)
{
	if (!starts(r->type, "application/pkixcmp"))
		plain(out, 415, "application/pkixcmp is expected\n");
	else
		cmp_answer(sb, r->body, fault, out);
}

static bool
is_json(const char *path)
{
	return starts(path, "/registry/") || starts(path, "/control/") ||
	       starts(path, "/van/") || strcmp(path, "/nexo") == 0 ||
	       strcmp(path, "/sms") == 0;
}

static void
serve(struct sandbox *sb, const struct request *r, struct fault fault,
    struct reply *out)
{
	bool cmp = strcmp(r->path, "/cmp") == 0 || starts(r->path, "/cmp/");
	bool ocsp = strcmp(r->path, "/ocsp") == 0;

	if (!is_post(r) && !is_get(r))
		plain(out, 405, "GET or POST\n");
	else if (is_json(r->path))
		route_json(sb, r, fault, out);
	else if (cmp && is_post(r))
		route_cmp(sb, r, fault, out);
	else if (ocsp && is_post(r))
		ocsp_answer(sb, r->body, fault, out);
	else if (cmp || ocsp)
		plain(out, 405, "POST\n");
	else if (!is_get(r) || !route_file(sb, r, out))
		plain(out, 404, "no such service\n");
}

static bool
before(struct fault fault, struct reply *out)
{
	switch (fault.action) {
	case FAULT_DROP_BEFORE:
		out->drop = true;
		return true;
	case FAULT_HTTP500:
		plain(out, 500, "practice fault\n");
		return true;
	case FAULT_NOT_FOUND:
		plain(out, 404, "practice fault\n");
		return true;
	case FAULT_NONE:
	case FAULT_DROP_AFTER:
	case FAULT_DELAY:
	case FAULT_GARBAGE:
	case FAULT_DUPLICATE:
	case FAULT_REFUSE:
	case FAULT_WAITING:
	case FAULT_WRONG_KEY:
	case FAULT_WRONG_SUBJECT:
	case FAULT_WRONG_EXPIRY:
	case FAULT_WRONG_VID:
	case FAULT_OTHER_TRANSACTION:
	case FAULT_HALF_CLOSE:
	case FAULT_TRUNCATE:
	case FAULT_WRONG_AMOUNT:
	case FAULT_OTHER_ORDER:
	case FAULT_NO_RECORD:
	case FAULT_ENDLESS:
	case FAULT_COUNT:
		break;
	}
	return false;
}

static void
after(struct fault fault, struct reply *out)
{
	uint8_t garbage[GARBAGE];

	if (fault.action == FAULT_DELAY)
		out->delay_ms = fault.delay_ms;
	if (out->more != NULL) /* it has its faults inside */
		return;
	out->drop |= fault.action == FAULT_DROP_AFTER;
	out->half = fault.action == FAULT_HALF_CLOSE;
	if (fault.action == FAULT_TRUNCATE)
		out->n /= 2;
	if (fault.action == FAULT_GARBAGE &&
	    RAND_bytes(garbage, sizeof garbage) == 1)
		reply_set(
		    out, 200, out->type, span_make(garbage, sizeof garbage));
}

void
route(struct sandbox *sb, const struct request *r, struct reply *out)
{
	struct fault fault;

	*out = (struct reply){ 0 };
	pthread_mutex_lock(&sb->lock);
	certs_sweep(sb);
	fault = fault_take(&sb->faults, kind_of(r));
	if (fault.action != FAULT_NONE)
		log_line(LOG_NOTICE, "fault: %s %s", fault_at_name(fault.at),
		    fault_action_name(fault.action));
	if (!before(fault, out)) {
		if (fault.action == FAULT_DUPLICATE) {
			serve(sb, r, fault, out);
			reply_free(out);
		}
		serve(sb, r, fault, out);
		after(fault, out);
	}
	pthread_mutex_unlock(&sb->lock);
}
