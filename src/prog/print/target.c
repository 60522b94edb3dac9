/*
 * print/target.c - where a job goes and what became of it.
 */
#include "prog/print/target.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "prog/print/folder.h"
#include "prog/print/stream.h"

enum {
	CONNECT_MS = 1000,
	STATUS_MS = 400,
	STALL_MS = 10000, /* a full buffer that does not empty */
	END_MS = 20000	  /* the longest slip, printed slowly */
};

/* ---- what dasi.conf says ---- */

/* The last colon: the rest may be an IPv6 address in brackets. */
static struct err
parse_tcp(struct target *t, const char *to)
{
	const char *colon = strrchr(to, ':');
	size_t n = colon == NULL ? 0 : (size_t)(colon - to);

	if (n == 0 || !str_copy(t->port, sizeof t->port, colon + 1) ||
	    t->port[0] == '\0')
		return err_make(E_CONFIG, 0, "print: tcp:HOST:PORT");
	if (to[0] == '[' && to[n - 1] == ']') {
		to++;
		n -= 2;
	}
	if (n >= sizeof t->path)
		return err_make(E_CONFIG, 0, "print: host");
	memcpy(t->path, to, n);
	t->path[n] = '\0';
	return err_none();
}

static bool
is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

struct err
target_open(struct target *t, const char *to)
{
	*t = (struct target){ .kind = TARGET_NONE, .clock = clock_system() };
	if (to[0] == '\0')
		return err_none();
	if (strncmp(to, "tcp:", 4) == 0) {
		t->kind = TARGET_TCP;
		return parse_tcp(t, to + 4);
	}
	if (strncmp(to, "device:", 7) == 0) {
		t->kind = TARGET_DEVICE;
		to += 7;
	} else if (strncmp(to, "file:", 5) == 0) {
		to += 5;
		t->kind = is_folder(to) ? TARGET_FOLDER : TARGET_FILE;
	} else {
		return err_make(E_CONFIG, 0, "print: to");
	}
	return str_copy(t->path, sizeof t->path, to)
		   ? err_none()
		   : err_make(E_CONFIG, 0, "print: path");
}

/* ---- printers ---- */

static struct err
open_stream(const struct target *t, struct stream *s)
{
	*s = (struct stream){ .fd = -1, .clock = t->clock };
	return t->kind == TARGET_TCP
		   ? stream_connect(s, t->path, t->port, CONNECT_MS)
		   : stream_device(s, t->path);
}

/* The folder a file is in, or the file itself, must take a write. */
static bool
is_writable(const struct target *t)
{
	char folder[CONF_PATH];
	char *slash;

	if (access(t->path, W_OK) == 0)
		return true;
	if (t->kind == TARGET_FOLDER || access(t->path, F_OK) == 0)
		return false;
	str_copy(folder, sizeof folder, t->path);
	slash = strrchr(folder, '/');
	if (slash == NULL)
		return access(".", W_OK) == 0;
	slash[slash == folder ? 1 : 0] = '\0';
	return access(folder, W_OK) == 0;
}

enum escpos_state
target_state(const struct target *t)
{
	struct stream s;
	enum escpos_state state;

	if (t->kind == TARGET_FILE || t->kind == TARGET_FOLDER)
		return is_writable(t) ? ESCPOS_OK : ESCPOS_OFFLINE;
	if (t->kind == TARGET_NONE || err_is(open_stream(t, &s)))
		return ESCPOS_OFFLINE;
	state = stream_ask(&s, STATUS_MS);
	stream_close(&s);
	return state == ESCPOS_SILENT ? ESCPOS_OK : state;
}

/* A job on an open stream whose printer answered `before`. */
static enum target_result
send_job(struct stream *s, enum escpos_state before, struct span bytes)
{
	struct err e;
	enum escpos_state end;

	if (before == ESCPOS_OUT)
		return TARGET_NO_PAPER;
	if (before == ESCPOS_OFFLINE)
		return TARGET_OFFLINE;
	e = stream_write(s, bytes, STALL_MS);
	if (err_is(e)) {
		log_err(LOG_WARNING, "job", e);
		return e.code == E_TIMEOUT &&
			       stream_ask(s, STATUS_MS) == ESCPOS_OUT
			   ? TARGET_NO_PAPER
			   : TARGET_CUT;
	}
	/* one that does not answer has at least taken every byte */
	if (before == ESCPOS_SILENT)
		return TARGET_PRINTED;
	end = stream_end(s, END_MS);
	if (end == ESCPOS_SILENT && stream_ask(s, STATUS_MS) == ESCPOS_OUT)
		end = ESCPOS_OUT;
	if (end == ESCPOS_OUT)
		return TARGET_NO_PAPER;
	return end == ESCPOS_OK || end == ESCPOS_LOW ? TARGET_PRINTED
						     : TARGET_CUT;
}

static enum target_result
print_stream(const struct target *t, struct span bytes)
{
	struct stream s;
	enum target_result r;
	struct err e = open_stream(t, &s);

	if (err_is(e)) {
		log_err(LOG_WARNING, "printer", e);
		return TARGET_OFFLINE;
	}
	r = send_job(&s, stream_ask(&s, STATUS_MS), bytes);
	stream_close(&s);
	return r;
}

/* ---- files ---- */

static struct err
keep_slip(const struct target *t, const char *kind, struct span bytes,
    struct span text)
{
	char stem[CONF_PATH];
	struct err e;

	if (t->kind == TARGET_FILE) {
		e = file_append(t->path, text);
		return err_is(e) ? e : file_append(t->path, span_str("\f"));
	}
	e = folder_next(stem, t->path, kind);
	if (!err_is(e))
		e = folder_write(stem, ".escpos", bytes);
	return err_is(e) ? e : folder_write(stem, ".txt", text);
}

enum target_result
target_print(const struct target *t, const char *kind, struct span bytes,
    struct span text)
{
	struct err e;

	if (t->kind == TARGET_NONE)
		return TARGET_NO_PRINTER;
	if (t->kind == TARGET_TCP || t->kind == TARGET_DEVICE)
		return print_stream(t, bytes);
	e = keep_slip(t, kind, bytes, text);
	if (!err_is(e))
		return TARGET_PRINTED;
	log_err(LOG_WARNING, "job", e);
	return e.code == E_FULL ? TARGET_NO_PAPER : TARGET_CUT;
}

struct err
target_keep_form(const struct target *t, const char *kind, int fd)
{
	char stem[CONF_PATH];
	struct err e;

	if (t->kind != TARGET_FOLDER)
		return err_make(E_STATE, 0, "print: no A4 printer");
	e = folder_next(stem, t->path, kind);
	return err_is(e) ? e : folder_copy(stem, ".pdf", fd);
}
