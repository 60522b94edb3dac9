/*
 * prog/tool/case.c - `dasi case`: the cases of a branch and what became of
 * one, from the agent, or from the database when no agent runs or a path is
 * given.  Holders are masked by the agent and unknown without it.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "conf/check.h"
#include "conf/conf.h"
#include "prog/tool/agent.h"
#include "prog/tool/rest.h"
#include "prog/tool/tool.h"
#include "report/report.h"
#include "rpc/rpc.h"

enum { CASES_MAX = 2000 }; /* listed at once; narrow the filter beyond */

struct case_options {
	bool json, open;
	int state;	  /* -1: any */
	int64_t since;	  /* 0: any */
	const char *conf; /* NULL: the usual place */
	const char *database;
	const char *number; /* of show */
};

/* Where the answers come from: an agent, or a database at rest. */
struct docket {
	struct tool_agent agent;
	struct tool_rest rest;
	bool asks;
};

static int
usage(void)
{
	fputs(
	    "usage: dasi case list [DB] [options]\n"
	    "       dasi case show NUMBER [DB] [options]\n"
	    "DB: a branch's dasi.db; default: ask the agent of dasi.conf, or\n"
	    "    read its database when none runs (a copy while one does)\n"
	    "options:\n"
	    "  --json         one line of JSON\n"
	    "  --config FILE  instead of /etc/dasi/dasi.conf\n"
	    "  --open         list: only cases that have not ended\n"
	    "  --state STATE  list: only those in it, e.g. HELD\n"
	    "  --since DATE   list: opened on 2026-11-22 or later\n"
	    "exit: 0 good, 1 no such case, 2 usage, 3 environment\n",
	    stderr);
	return TOOL_USAGE;
}

/* ---- where from ---- */

static struct err
docket_open(struct docket *d, const struct case_options *o)
{
	static struct conf conf;
	char message[CONF_MESSAGE], path[STORE_PATH + 16];
	struct err e;

	*d = (struct docket){ .agent = { .fd = -1 } };
	if (o->database != NULL)
		return tool_rest_open(&d->rest, o->database);
	e = conf_load(&conf, conf_path(o->conf), message);
	if (err_is(e)) {
		log_line(LOG_ERROR, "%s", message);
		return err_make(E_CONFIG, 0, "case: dasi.conf");
	}
	e = tool_agent_open(&d->agent, conf.socket);
	d->asks = !err_is(e);
	if (e.code != E_UNREACHABLE)
		return e;
	snprintf(path, sizeof path, "%s/dasi.db", conf.state);
	return tool_rest_open(&d->rest, path);
}

static void
docket_close(struct docket *d)
{
	tool_agent_close(&d->agent);
	tool_rest_close(&d->rest);
}

static struct err
page_of_cases(struct docket *d, const struct case_options *o, int64_t before,
    json_t **out)
{
	struct store_filter filter = { .state = o->state,
		.open = o->open,
		.since = o->since,
		.before = before };
	json_t *params;

	if (!d->asks)
		return report_cases(out, d->rest.store, &filter, NULL, NULL);
	params = json_pack("{s:b,s:I,s:I}", "open", o->open, "since",
	    (json_int_t)o->since, "before", (json_int_t)before);
	if (o->state >= 0)
		json_object_set_new(params, "state",
		    json_string(case_state_name((enum case_state)o->state)));
	return tool_agent_ask(&d->agent, "case.list", params, out);
}

static struct err
page_of_rows(
    struct docket *d, const struct case_options *o, int64_t after, json_t **out)
{
	struct err e;

	if (!d->asks)
		return report_timeline(
		    out, d->rest.store, o->number, after, NULL, NULL);
	e = tool_agent_ask(&d->agent, "case.timeline",
	    json_pack(
		"{s:s,s:I}", "case_no", o->number, "after", (json_int_t)after),
	    out);
	if (e.code == E_REFUSED && strcmp(d->agent.refusal, "case.none") == 0)
		return err_make(E_NOTFOUND, 0, "case: number");
	return e;
}

/* ---- list and show ---- */

static const char *
moment(char out[static CLOCK_TEXT], const json_t *o, const char *key)
{
	if (rpc_int(o, key, 0) == 0)
		return "-";
	civil_time_text(out, rpc_int(o, key, 0));
	return out;
}

static void
print_padded(const char *text, int width)
{
	int n = (int)strlen(text);

	tool_print_text(text);
	printf("%*s", n < width ? width - n : 1, "");
}

/* The holder stands last: its width depends on the script. */
static void
print_case(const json_t *c)
{
	char at[CLOCK_TEXT];

	print_padded(rpc_str(c, "case_no"), 18);
	print_padded(rpc_str(c, "state"), 12);
	print_padded(moment(at, c, "since"), 21);
	print_padded(rpc_str(c, "hold"), 11);
	print_padded(rpc_str(c, "issuer"), 13);
	print_padded(rpc_str(c, "terminal"), 8);
	tool_print_text(
	    rpc_str(c, "holder")[0] != '\0' ? rpc_str(c, "holder") : "-");
	putchar('\n');
}

static struct err
run_list(struct docket *d, const struct case_options *o, json_t *out)
{
	json_t *all = json_array(), *c;
	int64_t before = 0;
	struct err e;
	size_t i;

	do {
		json_t *page = NULL;
		e = page_of_cases(d, o, before, &page);
		(void)json_array_extend(all, json_object_get(page, "cases"));
		before = rpc_int(page, "before", 0);
		json_decref(page);
	} while (!err_is(e) && before != 0 && json_array_size(all) < CASES_MAX);
	if (!err_is(e) && !o->json) {
		if (json_array_size(all) > 0)
			printf("%-18s%-12s%-21s%-11s%-13s%-8s%s\n", "case",
			    "state", "since", "hold", "issuer", "where",
			    "holder");
		json_array_foreach(all, i, c)
			print_case(c);
	}
	json_object_set_new(out, "cases", all);
	json_object_set_new(out, "more", json_boolean(before != 0));
	if (before != 0 && !o->json)
		log_line(LOG_NOTICE, "there are more: narrow the filter");
	return e;
}

static void
print_row(const json_t *r)
{
	char at[CLOCK_TEXT];

	civil_time_text(at, rpc_int(r, "at_ms", 0) / 1000);
	print_padded(at, 21);
	print_padded(rpc_str(r, "kind"), 8);
	print_padded(rpc_str(r, "effect"), 18);
	print_padded(
	    rpc_str(r, "outcome")[0] != '\0' ? rpc_str(r, "outcome") : "-", 22);
	tool_print_text(rpc_str(r, "state"));
	putchar('\n');
}

static void
print_timeline(json_t *c, const json_t *rows)
{
	char at[CLOCK_TEXT];
	const char *key;
	json_t *v;
	size_t i;

	json_object_foreach(c, key, v) {
		size_t n = strlen(key);
		if (json_is_null(v))
			continue;
		printf("%-13s", key);
		if (strcmp(key, "since") == 0 ||
		    (n > 3 && strcmp(key + n - 3, "_at") == 0))
			fputs(moment(at, c, key), stdout);
		else if (json_is_integer(v))
			printf("%lld", (long long)json_integer_value(v));
		else
			tool_print_text(json_string_value(v));
		putchar('\n');
	}
	putchar('\n');
	json_array_foreach(rows, i, v)
		print_row(v);
}

static struct err
run_show(struct docket *d, const struct case_options *o, json_t *out)
{
	json_t *all = json_array(), *c = NULL;
	int64_t after = 0;
	struct err e;

	do {
		json_t *page = NULL;
		e = page_of_rows(d, o, after, &page);
		(void)json_array_extend(all, json_object_get(page, "rows"));
		if (c == NULL)
			c = json_incref(json_object_get(page, "case"));
		after = rpc_int(page, "after", 0);
		json_decref(page);
	} while (!err_is(e) && after != 0);
	if (!err_is(e) && !o->json)
		print_timeline(c, all);
	json_object_set_new(out, "case", c != NULL ? c : json_null());
	json_object_set_new(out, "rows", all);
	return e;
}

/* ---- options ---- */

static bool
take_state(int *out, const char *word)
{
	for (int i = 0; i < CASE_STATE_COUNT; i++) {
		*out = i;
		if (strcmp(case_state_name((enum case_state)i), word) == 0)
			return true;
	}
	return false;
}

static bool
take_day(int64_t *out, const char *text)
{
	struct civil day = { 0 };

	if (!check_date(text))
		return false;
	day.year = (int)strtol(text, NULL, 10);
	day.month = (int)strtol(text + 5, NULL, 10);
	day.day = (int)strtol(text + 8, NULL, 10);
	*out = civil_to_unix(&day);
	return true;
}

/* `list` has options of its own. */
static bool
take_option(struct case_options *o, int c, bool list)
{
	switch (c) {
	case 'j':
		o->json = true;
		return true;
	case 'c':
		o->conf = optarg;
		return true;
	case 'o':
		o->open = true;
		return list;
	case 's':
		return list && take_state(&o->state, optarg);
	case 'd':
		return list && take_day(&o->since, optarg);
	default:
		return false;
	}
}

static bool
take_options(struct case_options *o, int argc, char **argv, bool list)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "config", required_argument, NULL, 'c' },
		{ "open", no_argument, NULL, 'o' },
		{ "state", required_argument, NULL, 's' },
		{ "since", required_argument, NULL, 'd' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	*o = (struct case_options){ .state = -1 };
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (!take_option(o, c, list))
			return false;
	if (!list && optind < argc)
		o->number = argv[optind++];
	if (optind < argc)
		o->database = argv[optind++];
	return optind == argc && (list || o->number != NULL);
}

int
tool_case(int argc, char **argv)
{
	struct case_options o;
	struct docket d;
	json_t *out = json_object();
	struct err e;
	bool list = argc > 1 && strcmp(argv[1], "list") == 0;
	int code;

	if (out == NULL || argc < 2 ||
	    (!list && strcmp(argv[1], "show") != 0) ||
	    !take_options(&o, argc - 1, argv + 1, list)) {
		json_decref(out);
		return usage();
	}
	e = docket_open(&d, &o);
	if (!err_is(e))
		e = list ? run_list(&d, &o, out) : run_show(&d, &o, out);
	code = e.code == E_NOTFOUND && d.rest.store != NULL ? TOOL_FINDING
	       : e.code == E_NOTFOUND && d.asks		    ? TOOL_FINDING
						: (int)tool_exit_of(e);
	if (err_is(e)) {
		tool_add_error(out, e);
		if (!o.json)
			log_err(LOG_ERROR,
			    d.agent.refusal[0] != '\0' ? d.agent.refusal
						       : "case",
			    e);
	}
	docket_close(&d);
	if (o.json && err_is(tool_show(out, true)))
		code = TOOL_ENVIRONMENT;
	json_decref(out);
	return code;
}
