/*
 * sandbox/start.c - options, people, port, the line of endpoints.
 */
#define _XOPEN_SOURCE 700 /* realpath */

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/secret.h"
#include "certs.h"
#include "npki/npki.h"
#include "printer.h"
#include "start.h"
#include "terminal.h"

static bool
number(const char *text, long min, long max, long *out)
{
	char *end;

	errno = 0;
	*out = strtol(text, &end, 10);
	return errno == 0 && *end == '\0' && end != text && *out >= min &&
	       *out <= max;
}

bool
options_parse(
    struct options *o, int argc, char **argv, char why[static START_USAGE])
{
	static const struct option longs[] = {
		{ "dir", required_argument, NULL, 'd' },
		{ "people", required_argument, NULL, 'p' },
		{ "port", required_argument, NULL, 'b' },
		{ "confirm-wait", required_argument, NULL, 'w' },
		{ "van", no_argument, NULL, 'v' },
		{ NULL, 0, NULL, 0 },
	};
	long v = 0;
	bool ok = true;
	int c;

	*o = (struct options){ .confirm_wait_s = SANDBOX_CONFIRM_WAIT_S };
	while (ok && (c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (c == 'd')
			o->dir = optarg;
		else if (c == 'p')
			o->people = optarg;
		else if (c == 'b' && number(optarg, 0, 65535, &v))
			o->port = (uint16_t)v;
		else if (c == 'w' && number(optarg, 1, 86400, &v))
			o->confirm_wait_s = (int)v;
		else if (c == 'v')
			o->van = true;
		else
			ok = false;
	}
	if (ok && o->dir != NULL && optind == argc)
		return true;
	snprintf(why, START_USAGE,
	    "usage: dasi-sandbox --dir DIR [--people FILE] [--port BASE]"
	    " [--confirm-wait SECONDS] [--van]");
	return false;
}

static bool
exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

/* The shipped people: beside the repository, or where they were installed. */
static struct err
shipped_people(char out[static SANDBOX_PATH])
{
	const char *assets = getenv("DASI_ASSETS");
	const char *places[] = { assets, "assets", "/usr/share/dasi" };

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		if (places[i] == NULL)
			continue;
		snprintf(
		    out, SANDBOX_PATH, "%s/sandbox/people.json", places[i]);
		if (exists(out))
			return err_none();
	}
	return err_make(E_NOTFOUND, 0, "people.json: set DASI_ASSETS");
}

/*
 * A first start copies the people into the folder; later ones keep to them,
 * because certificates were issued for them.
 */
static struct err
open_people(struct sandbox *sb, const char *given)
{
	char kept[SANDBOX_PATH + 16], path[SANDBOX_PATH];
	char why[PEOPLE_MESSAGE];
	struct buf b = buf_make(malloc(PEOPLE_FILE_MAX), PEOPLE_FILE_MAX);
	struct err e = b.p == NULL ? err_make(E_NOMEM, 0, "people: file")
				   : err_none();

	snprintf(kept, sizeof kept, "%s/people.json", sb->dir);
	if (!err_is(e) && !exists(kept)) {
		if (given == NULL)
			e = shipped_people(path);
		else if (!str_copy(path, sizeof path, given))
			e = err_make(E_LIMIT, 0, "people: path");
		if (!err_is(e))
			e = people_load(&sb->people, path, why);
		if (err_is(e))
			log_line(LOG_ERROR, "people: %s", why);
		people_free(&sb->people);
		if (!err_is(e))
			e = file_read(&b, path);
		if (!err_is(e))
			e = file_write(kept, buf_span(&b), 0600);
	} else if (!err_is(e) && given != NULL) {
		log_line(LOG_NOTICE, "this folder has its people already; "
				     "--people is not read again");
	}
	free(b.p);
	return err_is(e) ? e : people_load(&sb->people, kept, why);
}

/*
 * The port asked for; else the last one, kept in DIR/FILE: it stands in the
 * certificates and in what the branch has read.
 */
static struct err
open_port(struct sandbox *sb, const char *file, uint16_t asked, int *fd,
    const char *scheme, char url[static SANDBOX_URL])
{
	char path[SANDBOX_PATH + 16], room[16] = "";
	struct buf b = buf_make(room, sizeof room - 1);
	uint16_t port = asked;
	long last = 0;
	struct err e;

	snprintf(path, sizeof path, "%s/%s", sb->dir, file);
	if (asked == 0 && !err_is(file_read(&b, path)) &&
	    number(room, 1, 65535, &last))
		port = (uint16_t)last;
	e = http_listen(fd, &port);
	if (e.code == E_EXISTS && asked == 0) {
		port = 0;
		e = http_listen(fd, &port);
	}
	if (err_is(e))
		return e;
	snprintf(url, SANDBOX_URL, "%s://127.0.0.1:%u", scheme, port);
	snprintf(room, sizeof room, "%u", port);
	return file_write(path, span_str(room), 0600);
}

static struct err
print_endpoints(const struct sandbox *sb)
{
	const char *u = sb->url, *d = sb->dir;
	json_t *v = json_pack(
	    "{si ss ss+ ss+ ss+ ss+ ss+ ss+ ss+ ss+ ss+ ss+ ss+ ss+"
	    " ss+ ss+ ss+ ss ss+ ss ss+}",
	    "pid", (int)getpid(), "dir", d, "cmp", u, "/cmp", "ocsp", u,
	    "/ocsp", "crl", u, "/crl.der", "registry", u, "/registry",
	    "control", u, "/control", "root", d, "/ca/root.der", "ca", d,
	    "/ca/ca.der", "ra_cert", d, "/ca/ra.crt", "ra_key", d, "/ca/ra.key",
	    "sms", d, "/sms", "people", d, "/people.json", "conf", d,
	    "/peers.conf", "pay", sb->tls_url, "/nexo", "van", sb->tls_url,
	    "/van", "pay_ca", d, "/pay/ca.crt", "smtp", sb->smtp_url, "mail", d,
	    "/mail", "printer", sb->print_to, "printed", d, "/printer");
	char *text = json_dumps(v, JSON_COMPACT);
	bool ok = text != NULL && puts(text) >= 0 && fflush(stdout) == 0;

	free(text);
	json_decref(v);
	return ok ? err_none() : err_sys("endpoints");
}

static struct err
open_dir(struct sandbox *sb, const char *dir)
{
	char sms[SANDBOX_PATH + 16], *real;
	struct err e = file_make_dirs(dir);

	if (err_is(e))
		return e;
	real = realpath(dir, NULL);
	if (real == NULL)
		return err_sys("sandbox: folder");
	if (!str_copy(sb->dir, sizeof sb->dir, real))
		e = err_make(E_LIMIT, 0, "sandbox: folder");
	free(real);
	snprintf(sms, sizeof sms, "%s/sms", sb->dir);
	return err_is(e) ? e : file_make_dirs(sms);
}

enum { PORT_HTTP, PORT_TLS, PORT_SMTP, PORTS };

static struct err
open_ports(struct sandbox *sb, uint16_t base, int fd[static PORTS])
{
	uint16_t next = base == 0 ? 0 : 1;
	struct err e = open_port(
	    sb, "port", base, &fd[PORT_HTTP], "http", sb->url);

	if (!err_is(e))
		e = open_port(sb, "port-tls", (uint16_t)(base + next),
		    &fd[PORT_TLS], "https", sb->tls_url);
	if (!err_is(e))
		e = open_port(sb, "port-smtp", (uint16_t)(base + 2 * next),
		    &fd[PORT_SMTP], "smtp", sb->smtp_url);
	return e;
}

/* From the open folder to threads that serve; takes over `fd` one by one. */
static struct err
serve(struct sandbox *sb, struct servers *s, int fd[static PORTS])
{
	struct tls tls;
	char pay[SANDBOX_PATH + 16];
	struct err e;

	snprintf(pay, sizeof pay, "%s/pay", sb->dir);
	e = tls_open(&tls, pay, sandbox_now(sb));
	if (!err_is(e))
		e = terminal_start(sb);
	if (!err_is(e))
		e = http_start(&s->http, sb, fd[PORT_HTTP], fd[PORT_TLS], &tls);
	secret_wipe(&tls, sizeof tls);
	if (err_is(e))
		return e;
	fd[PORT_HTTP] = fd[PORT_TLS] = -1;
	e = smtp_start(&s->smtp, sb, fd[PORT_SMTP]);
	if (!err_is(e))
		fd[PORT_SMTP] = -1;
	return e;
}

static struct err
open_printer(struct sandbox *sb)
{
	char folder[SANDBOX_PATH + 16];
	uint16_t port = 0;
	struct err e;

	snprintf(folder, sizeof folder, "%s/printer", sb->dir);
	e = printer_start(&sb->printer, folder, &port);
	snprintf(sb->print_to, sizeof sb->print_to, "tcp:127.0.0.1:%u", port);
	return e;
}

struct err
start(struct sandbox *sb, struct servers *s, const struct options *o)
{
	int fd[PORTS] = { -1, -1, -1 };
	struct err e = npki_init();

	sb->confirm_wait_s = o->confirm_wait_s;
	sb->van = o->van;
	sb->clock = clock_system();
	pthread_mutex_init(&sb->lock, NULL);
	if (!err_is(e))
		e = open_dir(sb, o->dir);
	if (!err_is(e))
		e = open_people(sb, o->people);
	if (!err_is(e))
		e = open_ports(sb, o->port, fd);
	if (!err_is(e))
		e = sandbox_open(sb);
	if (!err_is(e))
		e = open_printer(sb);
	if (!err_is(e))
		e = sandbox_write_conf(sb);
	if (!err_is(e))
		e = serve(sb, s, fd);
	for (int i = 0; err_is(e) && i < PORTS; i++)
		if (fd[i] >= 0)
			(void)close(fd[i]);
	return err_is(e) ? e : print_endpoints(sb);
}

void
stop(struct sandbox *sb, struct servers *s)
{
	printer_stop(sb->printer);
	smtp_stop(s->smtp);
	terminal_stop(sb);
	http_stop(s->http);
	sandbox_close(sb);
	pthread_mutex_destroy(&sb->lock);
	npki_free();
}
