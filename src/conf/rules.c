/*
 * conf/rules.c - values, paths, and what must hold of the whole file.
 */
#include "conf/rules.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "conf/check.h"

/* A phone's 60 s (HANDOFF_LEAST_S) after the request, before the CA is told. */
enum { PHONE_LEAST_S = 120 };

void
conf_say(struct conf_loading *l, const char *file, int line, const char *fmt,
    va_list ap)
{
	int n;

	if (l->message[0] != '\0')
		return;
	n = snprintf(l->message, CONF_MESSAGE,
	    "%.200s:%d: ", file != NULL ? file : l->path, line);
	vsnprintf(l->message + n, CONF_MESSAGE - (size_t)n, fmt, ap);
}

static struct err
complain(
    struct conf_loading *l, const struct conf_place *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (p->line > 0)
		conf_say(l, p->file, p->line, fmt, ap);
	else
		conf_say(l, l->path, l->last_line, fmt, ap);
	va_end(ap);
	return err_make(E_CONFIG, 0, "conf: rules");
}

void
conf_note(struct conf_loading *l, enum conf_section_id id, const void *base,
    const char *file, int line)
{
	struct conf_place p = { .line = line };

	str_copy(p.file, sizeof p.file, file != NULL ? file : l->path);
	l->sections[id] = p;
	if (id == SECTION_ISSUER)
		l->issuers[(const struct conf_issuer *)base -
			   l->conf->issuers] = p;
	else if (id == SECTION_FEE)
		l->fees[(const struct conf_fee *)base - l->conf->fees] = p;
}

static bool
parse_bool(bool *out, const char *s)
{
	static const char *const words[2][3] = { { "false", "no", "off" },
		{ "true", "yes", "on" } };

	for (int v = 0; v < 2; v++)
		for (int i = 0; i < 3; i++)
			if (strcmp(s, words[v][i]) == 0) {
				*out = v == 1;
				return true;
			}
	return false;
}

static bool
parse_number(int *out, const char *s, int min, int max)
{
	char *end;
	long v;

	errno = 0;
	v = strtol(s, &end, 10);
	if (errno != 0 || end == s || *end != '\0' || v < min || v > max)
		return false;
	*out = (int)v;
	return true;
}

bool
conf_value_ok(const struct conf_setting *s, const char *text)
{
	bool flag;
	int number;

	switch (s->kind) {
	case KIND_BOOL:
		return parse_bool(&flag, text);
	case KIND_NUMBER:
		return parse_number(&number, text, s->min, s->max);
	case KIND_TEXT:
	case KIND_PATH:
		if (*text == '\0')
			return !s->required;
		break;
	case KIND_LIST:
	case KIND_PATHS:
	case KIND_COUNT:
		break;
	}
	return strlen(text) < s->size && check_text(text) &&
	       (s->ok == NULL || s->ok(text));
}

struct err
conf_resolve(char out[static CONF_PATH], const char *path, const char *file)
{
	const char *slash = file != NULL ? strrchr(file, '/') : NULL;
	int n;

	if (*path == '/' || *path == '\0' || slash == NULL)
		n = snprintf(out, CONF_PATH, "%s", path);
	else
		n = snprintf(
		    out, CONF_PATH, "%.*s/%s", (int)(slash - file), file, path);
	if (n < 0 || n >= CONF_PATH)
		return err_make(E_LIMIT, 0, "conf: path");
	return err_none();
}

struct err
conf_store(
    void *at, const struct conf_setting *s, const char *text, const char *file)
{
	switch (s->kind) {
	case KIND_BOOL:
		parse_bool(at, text);
		break;
	case KIND_NUMBER:
		parse_number(at, text, s->min, s->max);
		break;
	case KIND_PATH:
	case KIND_PATHS:
		return conf_resolve(at, text, file);
	case KIND_TEXT:
	case KIND_LIST:
	case KIND_COUNT:
		str_copy(at, s->size, text);
		break;
	}
	return err_none();
}

static struct err
check_filled(struct conf_loading *l, enum conf_section_id id, const void *base,
    const struct conf_place *where)
{
	const struct conf_section *sec = &conf_sections[id];

	for (const struct conf_setting *s = sec->settings; s->name != NULL; s++)
		if (s->required && *((const char *)base + s->at) == '\0')
			return complain(l, where, "%s has no %s; expected %s",
			    sec->name, s->name, s->expected);
	return err_none();
}

static struct err
check_sections(struct conf_loading *l)
{
	static const enum conf_section_id once[] = { SECTION_BRANCH,
		SECTION_AGENT, SECTION_PEERS, SECTION_MEDIA, SECTION_KIOSK };
	struct err e = err_none();

	for (size_t i = 0; !err_is(e) && i < sizeof once / sizeof once[0]; i++)
		e = check_filled(l, once[i], l->conf, &l->sections[once[i]]);
	for (size_t i = 0; !err_is(e) && i < l->conf->issuer_count; i++)
		e = check_filled(
		    l, SECTION_ISSUER, &l->conf->issuers[i], &l->issuers[i]);
	for (size_t i = 0; !err_is(e) && i < l->conf->fee_count; i++)
		if (l->conf->fees[i].won < 0)
			e = complain(l, &l->fees[i],
			    "fee has no won; expected 0 to 1000000 won (원)");
	return e;
}

/* Exactly one issuer is ours, and it has what issuing needs. */
static struct err
check_ours(struct conf_loading *l)
{
	const struct conf_issuer *ours = NULL;
	const struct conf_place *where = &l->sections[SECTION_ISSUER];

	for (size_t i = 0; i < l->conf->issuer_count; i++) {
		const struct conf_issuer *x = &l->conf->issuers[i];
		if (!x->ours)
			continue;
		where = &l->issuers[i];
		if (ours != NULL)
			return complain(l, where,
			    "issuers %s and %s both have "
			    "ours = true; expected one (발급기관)",
			    ours->o, x->o);
		ours = x;
	}
	if (ours == NULL)
		return complain(l, where,
		    "no issuer has ours = true; expected "
		    "one issuer that this branch serves (발급기관)");
	if (ours->key_bits != 2048 && ours->key_bits != 3072)
		return complain(l, where,
		    "key_bits = %d; expected 2048 or "
		    "3072",
		    ours->key_bits);
	const struct {
		const char *name, *value;
	} need[] = { { "root", ours->root }, { "ca", ours->ca },
		{ "ra_cert", ours->ra_cert }, { "ra_key", ours->ra_key } };
	for (size_t i = 0; i < sizeof need / sizeof need[0]; i++)
		if (*need[i].value == '\0')
			return complain(l, where,
			    "issuer %s has no %s; "
			    "expected the path of a file (ours = true)",
			    ours->o, need[i].name);
	return err_none();
}

/* "@self" would give any user the role; a real branch names its users. */
static struct err
check_self(struct conf_loading *l)
{
	const struct conf *c = l->conf;

	for (size_t r = 0; !c->practice && r < c->role_count; r++)
		for (size_t u = 0; u < c->roles[r].user_count; u++)
			if (strcmp(c->roles[r].users[u], "@self") == 0)
				return complain(l, &l->sections[SECTION_ROLE],
				    "role %s has the user \"@self\"; expected "
				    "a Unix user (only practice = true allows "
				    "it)",
				    c->roles[r].name);
	return err_none();
}

/* What the law keeps of a case needs somebody it is kept for; and a record
 * needs the row that proves it as long as it is there. */
static struct err
check_kept(struct conf_loading *l)
{
	const struct conf *c = l->conf;

	if (c->head_office[0] == '\0' && !c->practice)
		return complain(l, &l->sections[SECTION_HEAD_OFFICE],
		    "head_office has no certificate; expected the path of a "
		    "file (only practice = true keeps nothing)");
	if (c->audit_days < c->sealed_days)
		return complain(l, &l->sections[SECTION_RETENTION],
		    "audit_days = %d and sealed_days = %d; expected the audit "
		    "log to stay as long as what is sealed (보존 기간)",
		    c->audit_days, c->sealed_days);
	return err_none();
}

/* A terminal that takes cards is named whole, and trusted by its own CA. */
static struct err
check_pay(struct conf_loading *l)
{
	const struct conf *c = l->conf;
	const struct conf_place *where = &l->sections[SECTION_PAY];

	if (strcmp(c->pay_driver, "none") == 0)
		return err_none();
	if (c->pay_url[0] == '\0' || c->pay_sale_id[0] == '\0' ||
	    c->pay_poi_id[0] == '\0')
		return complain(l, where,
		    "pay has driver = %s; expected url, sale_id and poi_id "
		    "with it (단말)",
		    c->pay_driver);
	if (strncmp(c->pay_url, "https:", 6) == 0 && c->pay_ca[0] == '\0')
		return complain(l, where,
		    "pay has no ca; expected the path of the one authority "
		    "trusted for %s",
		    c->pay_url);
	return err_none();
}

/* What phones and branches are sent to cannot be guessed. */
struct err
conf_check_relay(struct conf_loading *l)
{
	return check_filled(
	    l, SECTION_RELAY, l->conf, &l->sections[SECTION_RELAY]);
}

/* A phone gets nothing from a server that is named by halves. */
static struct err
check_handoff(struct conf_loading *l)
{
	const struct conf *c = l->conf;
	const struct conf_place *where = &l->sections[SECTION_HANDOFF];

	if (strcmp(c->handoff, "none") == 0)
		return err_none();
	if (c->handoff_cert[0] == '\0' || c->handoff_key[0] == '\0')
		return complain(l, where,
		    "handoff has placement = %s; expected cert and key with "
		    "it (인증서)",
		    c->handoff);
	if (strcmp(c->handoff, "local") == 0 && c->handoff_listen[0] == '\0')
		return complain(l, where,
		    "handoff has no listen; expected an address and port "
		    "such as \"0.0.0.0:8443\" (주소)");
	if (strcmp(c->handoff, "relay") == 0 &&
	    (c->handoff_relay[0] == '\0' || c->handoff_ca[0] == '\0'))
		return complain(l, where,
		    "handoff has placement = relay; expected relay and ca "
		    "with it (중계)");
	if (c->issue_timeout_s < PHONE_LEAST_S)
		return complain(l, where,
		    "peers has issue_timeout_s = %d; expected at least %d "
		    "where phones are served (발급 시간)",
		    c->issue_timeout_s, PHONE_LEAST_S);
	return err_none();
}

struct err
conf_check_whole(struct conf_loading *l)
{
	const struct conf *c = l->conf;
	struct err e = check_sections(l);

	if (!err_is(e))
		e = check_ours(l);
	if (!err_is(e))
		e = check_self(l);
	if (!err_is(e))
		e = check_kept(l);
	if (!err_is(e))
		e = check_pay(l);
	if (!err_is(e))
		e = check_handoff(l);
	if (!err_is(e) && strcmp(c->opens, c->closes) >= 0)
		e = complain(l, &l->sections[SECTION_BRANCH],
		    "opens = \"%s\" and closes = \"%s\"; expected to open "
		    "before closing (영업 시간)",
		    c->opens, c->closes);
	if (!err_is(e) && c->media_folders && !c->practice)
		e = complain(l, &l->sections[SECTION_MEDIA],
		    "folders = true; expected practice = true with it");
	return e;
}
