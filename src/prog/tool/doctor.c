/*
 * prog/tool/doctor.c - `dasi doctor`: is this branch well, and if not, what
 * is to be done?
 */
#include "prog/tool/doctor.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "rpc/rpc.h"

static const enum word verdict_words[VERDICT_COUNT] = { W_IS_OK, W_IS_WARN,
	W_IS_FAIL, W_IS_SKIP };
static const char *const verdict_names[VERDICT_COUNT] = { "ok", "warn", "fail",
	"skip" };
static const char *const no_args[WORD_ARGS];

static int
usage(void)
{
	fputs("usage: dasi doctor [--json] [--config FILE]\n"
	      "  asks the agent of this branch, or reads its files when none\n"
	      "  runs; in Korean when the locale is, else in English\n"
	      "exit: 0 good, 1 a finding, 2 usage, 3 environment\n",
	    stderr);
	return TOOL_USAGE;
}

static void
sentences(char what[static WORD_TEXT], char todo[static WORD_TEXT],
    const struct finding *f, bool korean)
{
	const char *args[WORD_ARGS];

	for (int i = 0; i < WORD_ARGS; i++)
		args[i] = f->args[i];
	words_what(what, f->word, korean, args);
	words_do(todo, f->word, korean, args);
}

static void
print_finding(const struct finding *f, bool korean)
{
	char word[WORD_TEXT], what[WORD_TEXT], todo[WORD_TEXT];

	sentences(what, todo, f, korean);
	words_what(word, verdict_words[f->verdict], korean, no_args);
	printf("%s  %-12s", word, f->name);
	tool_print_text(what);
	if (todo[0] != '\0' && f->verdict != VERDICT_OK) {
		printf("\n%18s-> ", "");
		tool_print_text(todo);
	}
	putchar('\n');
}

static void
print_all(const struct finding *all, const int *counts, bool korean)
{
	char text[WORD_ARGS][16], sum[WORD_TEXT];
	const char *args[WORD_ARGS];

	for (int i = 0; i < DOCTOR_CHECKS; i++)
		print_finding(&all[i], korean);
	for (int i = 0; i < VERDICT_COUNT; i++) {
		snprintf(text[i], sizeof text[i], "%d", counts[i]);
		args[i] = text[i];
	}
	words_what(sum, W_SUM, korean, args);
	printf("%s\n", sum);
}

static json_t *
as_json(const struct finding *all, json_t *facts, bool good, bool korean)
{
	json_t *list = json_array();
	char at[CLOCK_TEXT];

	civil_iso_text(at, rpc_int(facts, "now", 0));
	for (int i = 0; i < DOCTOR_CHECKS; i++) {
		const struct finding *f = &all[i];
		char what[WORD_TEXT], todo[WORD_TEXT];
		sentences(what, todo, f, korean);
		json_array_append_new(
		    list, json_pack("{s:s,s:s,s:s,s:s,s:s}", "name", f->name,
			      "status", verdict_names[f->verdict], "key",
			      words_key(f->word), "what", what, "do", todo));
	}
	return json_pack("{s:b,s:s,s:o,s:O}", "good", good, "at", at, "checks",
	    list, "facts", facts);
}

static int
run(const char *path, bool json)
{
	static struct finding all[DOCTOR_CHECKS];
	int counts[VERDICT_COUNT] = { 0 };
	bool korean = words_korean(), good;
	json_t *facts = NULL, *out = NULL;
	struct err e = doctor_facts(&facts, path);

	if (err_is(e)) {
		log_err(LOG_ERROR, path, e);
		return TOOL_ENVIRONMENT;
	}
	doctor_judge(all, facts, korean);
	for (int i = 0; i < DOCTOR_CHECKS; i++)
		counts[all[i].verdict]++;
	good = counts[VERDICT_WARN] == 0 && counts[VERDICT_FAIL] == 0;
	if (json) {
		out = as_json(all, facts, good, korean);
		e = tool_show(out, true);
	} else {
		print_all(all, counts, korean);
	}
	json_decref(out);
	json_decref(facts);
	if (err_is(e) || fflush(stdout) != 0 || ferror(stdout))
		return TOOL_ENVIRONMENT;
	return good ? TOOL_GOOD : TOOL_FINDING;
}

int
tool_doctor(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "config", required_argument, NULL, 'c' },
		{ NULL, 0, NULL, 0 },
	};
	const char *path = NULL;
	bool json = false;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'j')
			json = true;
		else if (c == 'c')
			path = optarg;
		else
			return usage();
	}
	return optind == argc ? run(conf_path(path), json) : usage();
}
