/*
 * conf/load.c - libconfuse reads the syntax, the tables say what is right.
 *
 * Every value is taken as text and checked by its row, so that all messages
 * have one form.  A section is copied into the struct when its closing brace
 * is read and then removed from libconfuse's tree: a later section with the
 * same title adds to the first, where libconfuse alone would replace it.
 */
#define _GNU_SOURCE
#include "conf/conf.h"

#include <confuse.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/span.h"
#include "conf/check.h"
#include "conf/comment.h"
#include "conf/rules.h"
#include "conf/table.h"

/* libconfuse hands its callbacks no context, so one load at a time has it. */
static struct conf_loading *now;

/*
 * libconfuse takes the end of the file for a closing brace.  This call, added
 * behind the text, is an unknown name inside a section left open, and never
 * made inside a comment or string left open.
 */
#define LAST "__end"
enum { FILE_MAX = 256 * 1024, INCLUDE_MAX = 10 };

struct settings {
	cfg_opt_t o[CONF_SETTINGS + SECTION_COUNT + 2];
};

/* The first message counts; what follows is a consequence. */
static void
say(cfg_t *cfg, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	conf_say(now, cfg->filename, cfg->line, fmt, ap);
	va_end(ap);
}

/* libconfuse's own complaints: syntax and unknown names. */
static void
on_error(cfg_t *cfg, const char *fmt, va_list ap)
{
	char found[CONF_MESSAGE / 2], names[CONF_MESSAGE / 2] = "";

	vsnprintf(found, sizeof found, fmt, ap);
	if (strstr(found, "'" LAST "'") != NULL) {
		say(cfg, "the file ends inside %s; expected } (닫는 괄호)",
		    cfg->name);
		return;
	}
	if (strncmp(fmt, "no such option", 14) != 0) {
		say(cfg, "%s; expected name = value or section { ... } (문법)",
		    found);
		return;
	}
	for (const cfg_opt_t *o = cfg->opts; o != NULL && o->name != NULL; o++)
		if (strncmp(o->name, "__", 2) != 0) {
			size_t n = strlen(names);
			snprintf(names + n, sizeof names - n, "%s%s",
			    n > 0 ? ", " : "", o->name);
		}
	say(cfg, "%s; expected one of %s", found, names);
}

static const struct conf_section *
section_of(const cfg_t *cfg)
{
	for (int i = 1; i < SECTION_COUNT; i++)
		if (strcmp(conf_sections[i].name, cfg->name) == 0)
			return &conf_sections[i];
	return &conf_sections[SECTION_TOP];
}

static const struct conf_setting *
setting_of(const cfg_t *cfg, const cfg_opt_t *opt)
{
	const struct conf_setting *s = section_of(cfg)->settings;

	while (s->name != NULL && strcmp(s->name, opt->name) != 0)
		s++;
	return s;
}

/* Called for each value as soon as it is read, so the line is right. */
static int
on_value(cfg_t *cfg, cfg_opt_t *opt)
{
	const struct conf_setting *s = setting_of(cfg, opt);
	unsigned int n = cfg_opt_size(opt);

	if (s->kind == KIND_LIST || s->kind == KIND_PATHS) {
		if (n > (unsigned int)s->max) {
			say(cfg, "%s has %u values; expected %s", opt->name, n,
			    s->expected);
			return -1;
		}
	}
	for (unsigned int i = 0; i < n; i++) {
		const char *text = cfg_opt_getnstr(opt, i);
		if (!conf_value_ok(s, text)) {
			say(cfg, "%s = \"%.64s\"; expected %s", opt->name, text,
			    s->expected);
			return -1;
		}
	}
	return 0;
}

/* Copy one checked setting to its place in `base`. */
static struct err
store(
    void *base, const struct conf_setting *s, cfg_opt_t *opt, const char *file)
{
	struct err e = err_none();
	unsigned int n = cfg_opt_size(opt);
	char *at = (char *)base + s->at;

	if (s->kind != KIND_LIST && s->kind != KIND_PATHS)
		return n == 0 ? e
			      : conf_store(
				    at, s, cfg_opt_getnstr(opt, n - 1), file);
	if (n == 0)
		return e;
	for (unsigned int i = 0; !err_is(e) && i < n; i++)
		e = conf_store(
		    at + i * s->size, s, cfg_opt_getnstr(opt, i), file);
	*(size_t *)(void *)((char *)base + s->count_at) = n;
	return e;
}

static int
store_all(cfg_t *sec, void *base, const struct conf_section *kind)
{
	for (const struct conf_setting *s = kind->settings; s->name != NULL;
	     s++) {
		struct err e = store(
		    base, s, cfg_getopt(sec, s->name), sec->filename);
		if (err_is(e)) {
			say(sec,
			    "%s is too long; expected a path below %d "
			    "bytes",
			    s->name, CONF_PATH);
			return -1;
		}
	}
	return 0;
}

/* Called at each closing brace; see the head of this file. */
static int
on_section(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *sec = cfg_opt_getnsec(opt, 0);
	const struct conf_section *kind = section_of(sec);
	const char *title = kind->titled ? cfg_title(sec) : "", *why = "";
	void *base = kind->entry(now->conf, title, &why);
	int status;

	if (base == NULL) {
		say(sec, "%s \"%.64s\"; expected %s", kind->name, title, why);
		return -1;
	}
	status = store_all(sec, base, kind);
	conf_note(now, (enum conf_section_id)(kind - conf_sections), base,
	    sec->filename, sec->line);
	if (status == 0)
		cfg_opt_rmnsec(opt, 0);
	return status;
}

/* The scanner of libconfuse ends the process when reading fails (a folder). */
static bool
readable(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return false;
	if (!S_ISREG(st.st_mode)) {
		errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
		return false;
	}
	return access(path, R_OK) == 0;
}

/* The file without comments and with LAST behind it; NULL: see errno. */
static FILE *
open_text(const char *path)
{
	static const char last[] = "\n" LAST "()\n";
	static char text[FILE_MAX];
	FILE *f = readable(path) ? fopen(path, "re") : NULL;
	size_t n;

	if (f == NULL)
		return NULL;
	n = fread(text, 1, FILE_MAX - sizeof last, f);
	if (ferror(f) || n == FILE_MAX - sizeof last) {
		int sys = ferror(f) ? errno : EFBIG;
		fclose(f);
		errno = sys;
		return NULL;
	}
	fclose(f);
	conf_blank_comments(text, n);
	memcpy(text + n, last, sizeof last);
	n += sizeof last - 1;
	/* a stream with its own copy: the next include needs `text` */
	if ((f = fmemopen(NULL, n + 1, "w+")) == NULL)
		return NULL;
	fwrite(text, 1, n, f);
	rewind(f);
	return f;
}

/* Called where a file ends outside of everything. */
static int
on_last(cfg_t *cfg, cfg_opt_t *opt, int argc, const char **argv)
{
	now->open_files--;
	now->last_line = cfg->line;
	return 0;
}

/* Parse one file as `name` in messages, and close it. */
static bool
parse_file(cfg_t *cfg, FILE *text, const char *name)
{
	int open_files = now->open_files++;
	bool ok;

	cfg->filename = strdup(name);
	ok = cfg->filename != NULL && cfg_parse_fp(cfg, text) == CFG_SUCCESS &&
	     now->open_files == open_files;
	if (!ok)
		say(cfg, "not understood, or a comment never ends; expected "
			 "settings (문법)");
	fclose(text);
	return ok;
}

/*
 * Not by cfg_include, which would open the file itself, comments and all.
 * libconfuse stacks the texts it scans, so a callback may parse another one.
 */
static int
on_include(cfg_t *cfg, cfg_opt_t *opt, int argc, const char **argv)
{
	char path[CONF_PATH], *outer = cfg->filename;
	int line = cfg->line;
	FILE *f;
	bool ok;

	if (argc != 1) {
		say(cfg, "include with %d values; expected include(\"file\")",
		    argc);
		return -1;
	}
	if (err_is(conf_resolve(path, argv[0], outer))) {
		say(cfg, "include(\"%.64s\"); expected a path below %d bytes",
		    argv[0], CONF_PATH);
		return -1;
	}
	if (now->open_files > INCLUDE_MAX) {
		say(cfg,
		    "include(\"%.64s\") is nested too deeply; expected at "
		    "most %d includes inside each other (중첩)",
		    argv[0], INCLUDE_MAX);
		return -1;
	}
	if ((f = open_text(path)) == NULL) {
		say(cfg,
		    "include(\"%s\"): %s; expected a readable file "
		    "(파일)",
		    argv[0], strerror(errno));
		return -1;
	}
	ok = parse_file(cfg, f, path);
	free(cfg->filename);
	cfg->filename = outer;
	cfg->line = line;
	return ok ? 0 : -1;
}

/* libconfuse's form of a table; `to` is zeroed. */
static size_t
make_settings(struct settings *to, const struct conf_setting *from)
{
	size_t n = 0;

	for (; from->name != NULL; from++, n++) {
		bool list = from->kind == KIND_LIST || from->kind == KIND_PATHS;
		to->o[n] = (cfg_opt_t){ .name = from->name,
			.type = CFGT_STR,
			.flags = CFGF_NODEFAULT | (list ? CFGF_LIST : 0),
			.validcb = on_value };
	}
	to->o[n] = (cfg_opt_t)CFG_END();
	return n;
}

static cfg_t *
make_parser(void)
{
	static struct settings s[SECTION_COUNT];
	cfg_opt_t *root = s[SECTION_TOP].o;
	size_t n = make_settings(
	    &s[SECTION_TOP], conf_sections[SECTION_TOP].settings);
	cfg_t *cfg;

	for (int i = 1; i < SECTION_COUNT; i++) {
		make_settings(&s[i], conf_sections[i].settings);
		root[n++] = (cfg_opt_t){ .name = conf_sections[i].name,
			.type = CFGT_SEC,
			.subopts = s[i].o,
			.flags = CFGF_MULTI |
				 (conf_sections[i].titled ? CFGF_TITLE : 0),
			.validcb = on_section };
	}
	root[n++] = (cfg_opt_t)CFG_FUNC("include", on_include);
	root[n++] = (cfg_opt_t)CFG_FUNC(LAST, on_last);
	root[n] = (cfg_opt_t)CFG_END();
	if ((cfg = cfg_init(root, CFGF_NONE)) != NULL)
		cfg_set_error_function(cfg, on_error);
	return cfg;
}

static struct err
parse(struct conf_loading *l, FILE *text)
{
	cfg_t *cfg = make_parser();
	struct err e = err_none();

	if (cfg == NULL) {
		fclose(text);
		return err_make(E_NOMEM, 0, "conf: parser");
	}
	now = l;
	if (!parse_file(cfg, text, l->path) ||
	    store_all(cfg, l->conf, &conf_sections[SECTION_TOP]) != 0)
		e = err_make(E_CONFIG, 0, "conf: parse");
	now = NULL;
	cfg_free(cfg);
	return e;
}

static struct err
load(struct conf *c, const char *path, char message[static CONF_MESSAGE],
    struct err (*check)(struct conf_loading *))
{
	struct conf_loading l = { .conf = c, .message = message, .path = path };
	struct err e;
	FILE *f = open_text(path);
	int sys = errno;

	message[0] = '\0';
	conf_defaults(c);
	if (f == NULL) {
		snprintf(message, CONF_MESSAGE,
		    "%s:1: %s; expected a readable "
		    "file (설정 파일)",
		    path, strerror(sys));
		return err_make(
		    sys == ENOENT ? E_NOTFOUND : E_CONFIG, sys, "conf: open");
	}
	e = parse(&l, f);
	return err_is(e) ? e : check(&l);
}

struct err
conf_load(struct conf *c, const char *path, char message[static CONF_MESSAGE])
{
	return load(c, path, message, conf_check_whole);
}

struct err
conf_load_relay(
    struct conf *c, const char *path, char message[static CONF_MESSAGE])
{
	return load(c, path, message, conf_check_relay);
}

const char *
conf_path(const char *argument)
{
	const char *named = argument != NULL ? argument : getenv("DASI_CONF");

	return named != NULL && *named != '\0' ? named : "/etc/dasi/dasi.conf";
}

const struct conf_issuer *
conf_our_issuer(const struct conf *c)
{
	for (size_t i = 0; i < c->issuer_count; i++)
		if (c->issuers[i].ours)
			return &c->issuers[i];
	return NULL;
}
