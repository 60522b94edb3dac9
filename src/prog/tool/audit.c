/*
 * prog/tool/audit.c - `dasi audit`: options, the verbs, one result.
 */
#include "prog/tool/audit.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

static const struct {
	const char *name;
	struct err (*run)(struct audit_job *job);
	int least, most; /* words behind the verb */
	const char *help;
} verbs[] = {
	{ "verify", audit_job_verify, 0, 1,
	    "[DB]: every row, checkpoint and signature" },
	{ "prove", audit_job_prove, 0, 2,
	    "SEQ [DB]: that a row is in the log; or --since, --check" },
	{ "checkpoint", audit_job_checkpoint, 0, 1,
	    "[DB]: the newest signed checkpoint" },
};

static const struct option long_options[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "compact", no_argument, NULL, 'c' },
	{ "from", no_argument, NULL, 'f' },
	{ "checkpoint", required_argument, NULL, 'p' },
	{ "key", required_argument, NULL, 'k' },
	{ "mac-key", required_argument, NULL, 'm' },
	{ "office", required_argument, NULL, 'o' },
	{ "check", required_argument, NULL, 't' },
	{ "since", required_argument, NULL, 's' },
	{ NULL, 0, NULL, 0 },
};

static int
usage(void)
{
	fputs("usage: dasi audit VERB ... [options]\n", stderr);
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		fprintf(stderr, "  %-10s %s\n", verbs[i].name, verbs[i].help);
	fputs("DB: a branch's dasi.db, default the one of dasi.conf; it is\n"
	      "    only read, and copied first while an agent has it open\n"
	      "options:\n"
	      "  --json             one line of JSON\n"
	      "  --key FILE         the branch's key: name+id+base64\n"
	      "  --checkpoint FILE  verify: a signed checkpoint kept\n"
	      "                     elsewhere; repeatable\n"
	      "  --from             verify: begin behind the first of them\n"
	      "  --mac-key FILE     verify: the first epoch key, 32 bytes or\n"
	      "                     64 hexadecimal digits\n"
	      "  --office FILE      verify: head office's key, for rows that\n"
	      "                     were pruned (default: of dasi.conf)\n"
	      "  --compact          prove: only the text for a QR code\n"
	      "  --since FILE       prove: that a signed checkpoint kept\n"
	      "                     elsewhere is the beginning of this log\n"
	      "  --check FILE       prove: check such a text, with --key\n"
	      "exit: 0 good, 1 a finding, 2 usage, 3 environment\n",
	    stderr);
	return TOOL_USAGE;
}

static bool
take_option(struct audit_options *o, int c, const char *value)
{
	switch (c) {
	case 'j':
		return o->json = true;
	case 'c':
		return o->compact = true;
	case 'f':
		return o->from = true;
	case 'k':
		return (o->key = value) != NULL;
	case 'm':
		return (o->mac_key = value) != NULL;
	case 'o':
		return (o->office = value) != NULL;
	case 't':
		return (o->check = value) != NULL;
	case 's':
		return (o->since = value) != NULL;
	case 'p':
		if (o->checkpoint_n == AUDIT_TRUSTED)
			return false;
		o->checkpoint[o->checkpoint_n++] = value;
		return true;
	default:
		return false;
	}
}

static bool
take_seq(uint64_t *out, const char *text)
{
	char *end;

	*out = strtoull(text, &end, 10);
	return *text >= '0' && *text <= '9' && *end == '\0' &&
	       *out <= INT64_MAX;
}

/* What fits no verb together is a mistake, not to be passed over. */
static bool
options_fit(
    const struct audit_options *o, struct err (*run)(struct audit_job *))
{
	if (run == audit_job_verify)
		return !o->compact && o->check == NULL && o->since == NULL &&
		       (!o->from || o->checkpoint_n > 0);
	if (o->checkpoint_n > 0 || o->mac_key != NULL || o->from ||
	    o->office != NULL)
		return false;
	if (run == audit_job_checkpoint)
		return !o->compact && o->check == NULL && o->since == NULL;
	if (o->since != NULL)
		return o->check == NULL && !o->compact;
	return o->check == NULL || (o->key != NULL && !o->compact);
}

static bool
take_options(struct audit_options *o, size_t verb, int argc, char **argv)
{
	int c;

	*o = (struct audit_options){ 0 };
	while ((c = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		if (!take_option(o, c, optarg))
			return false;
	if (argc - optind < verbs[verb].least ||
	    argc - optind > verbs[verb].most ||
	    !options_fit(o, verbs[verb].run))
		return false;
	if (verbs[verb].run == audit_job_prove && o->check == NULL &&
	    o->since == NULL &&
	    (optind == argc || !take_seq(&o->seq, argv[optind++])))
		return false;
	if (optind < argc && o->check == NULL)
		o->database = argv[optind++];
	return optind == argc;
}

static void
end(struct audit_job *job)
{
	for (size_t i = 0; i < job->door_n; i++)
		store_close(job->door[i]);
	job->door_n = 0;
	store_snapshot_drop(&job->snapshot);
	hasher_close(job->h);
	json_decref(job->out);
	job->h = NULL;
	job->out = NULL;
}

/* An agent was started on the file we had taken to be at rest. */
static bool
came_alive(const struct audit_job *job)
{
	char wal[STORE_PATH + 8];

	snprintf(wal, sizeof wal, "%s-wal", job->path);
	return job->door_n > 0 && job->snapshot.folder[0] == '\0' &&
	       access(wal, F_OK) == 0;
}

static struct err
attempt(struct audit_job *job, struct err (*verb)(struct audit_job *))
{
	struct err e = hasher_open(&job->h);

	job->out = json_object();
	if (!err_is(e) && job->out == NULL)
		e = err_make(E_NOMEM, 0, "audit: result");
	return err_is(e) ? e : verb(job);
}

/* Run, show, and turn what happened into an exit code. */
static int
run(struct audit_job *job, struct err (*verb)(struct audit_job *))
{
	struct err e = attempt(job, verb), shown = err_none();
	int code;

	if ((err_is(e) || job->finding) && came_alive(job)) {
		end(job);
		job->finding = false;
		e = attempt(job, verb);
	}
	if (err_is(e)) {
		tool_add_error(job->out, e);
		if (!job->opt.json)
			log_err(LOG_ERROR, "audit", e);
	}
	code = err_is(e)      ? (int)tool_exit_of(e)
	       : job->finding ? TOOL_FINDING
			      : TOOL_GOOD;
	if (!job->quiet)
		shown = tool_show(job->out, job->opt.json);
	if (err_is(shown) && code == TOOL_GOOD)
		code = TOOL_ENVIRONMENT;
	end(job);
	return code;
}

int
tool_audit(int argc, char **argv)
{
	static struct audit_job job;

	if (argc < 2)
		return usage();
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
		if (strcmp(argv[1], verbs[i].name) != 0)
			continue;
		if (!take_options(&job.opt, i, argc - 1, argv + 1))
			return usage();
		return run(&job, verbs[i].run);
	}
	return usage();
}
