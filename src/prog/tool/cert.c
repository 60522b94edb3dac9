/*
 * prog/tool/cert.c - `dasi cert`: options, the verbs, one result.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/secret.h"
#include "prog/tool/job.h"

static const struct {
	const char *name;
	struct err (*run)(struct cert_job *job);
	const char *help;
} verbs[] = {
	{ "inspect", cert_inspect, "what the certificate says" },
	{ "verify", cert_verify,
	    "pair, validity, profile, chain, R, VID, test signature" },
	{ "passwd", cert_passwd, "a new password; R and the form stay" },
	{ "export", cert_export, "pair to PKCS#12, or PKCS#12 to a pair" },
	{ "vid", cert_vid, "compute the VID of a number and compare" },
};

static const struct option long_options[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "password-fd", required_argument, NULL, 'p' },
	{ "new-password-fd", required_argument, NULL, 'n' },
	{ "idn-fd", required_argument, NULL, 'i' },
	{ "ca", required_argument, NULL, 'c' },
	{ "root", required_argument, NULL, 'r' },
	{ "out", required_argument, NULL, 'o' },
	{ NULL, 0, NULL, 0 },
};

static int
usage(void)
{
	fputs("usage: dasi cert VERB PATH [options]\n"
	      "PATH: a folder with signCert.der and signPri.key, a tree that\n"
	      "      holds one (NPKI), a certificate, or a .p12/.pfx file\n",
	    stderr);
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		fprintf(stderr, "  %-8s %s\n", verbs[i].name, verbs[i].help);
	fputs("options:\n"
	      "  --json               one line of JSON\n"
	      "  --password-fd N      password from descriptor N, not typed\n"
	      "  --new-password-fd N  passwd: the new one\n"
	      "  --idn-fd N           verify, vid: the identity number\n"
	      "  --ca FILE            an intermediate certificate; repeatable\n"
	      "  --root FILE          verify: the only root to trust\n"
	      "  --out PATH           export: the .p12 file, or the folder\n"
	      "                       that gets NPKI/...\n"
	      "exit: 0 good, 1 a finding, 2 usage, 3 environment\n",
	    stderr);
	return TOOL_USAGE;
}

static bool
take_fd(int *out, const char *text)
{
	char *end;
	long v = strtol(text, &end, 10);

	*out = (int)v;
	return *text != '\0' && *end == '\0' && v >= 0 && v < 1 << 20;
}

static bool
take_option(struct cert_options *o, int c, const char *value)
{
	switch (c) {
	case 'j':
		o->json = true;
		return true;
	case 'p':
		return take_fd(&o->password_fd, value);
	case 'n':
		return take_fd(&o->new_password_fd, value);
	case 'i':
		return take_fd(&o->idn_fd, value);
	case 'c':
		if (o->ca_n == JOB_CA_MAX)
			return false;
		o->ca[o->ca_n++] = value;
		return true;
	case 'r':
		o->root = value;
		return true;
	case 'o':
		o->out = value;
		return true;
	default:
		return false;
	}
}

static bool
take_options(struct cert_options *o, int argc, char **argv)
{
	int c;

	*o = (struct cert_options){ .password_fd = ASK_TERMINAL,
		.new_password_fd = ASK_TERMINAL,
		.idn_fd = ASK_TERMINAL };
	while ((c = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		if (!take_option(o, c, optarg))
			return false;
	if (optind != argc - 1)
		return false;
	o->path = argv[optind];
	return true;
}

/* Run, show, and turn what happened into an exit code. */
static int
run(struct cert_job *job, struct err (*verb)(struct cert_job *))
{
	struct err e = npki_init(), shown;
	int code;

	job->out = json_object();
	if (!err_is(e) && job->out == NULL)
		e = err_make(E_NOMEM, 0, "cert: result");
	if (!err_is(e))
		e = verb(job);
	if (err_is(e)) {
		tool_add_error(job->out, e);
		if (!job->opt.json)
			log_err(LOG_ERROR, "cert", e);
	}
	code = err_is(e)      ? (int)tool_exit_of(e)
	       : job->finding ? TOOL_FINDING
			      : TOOL_GOOD;
	shown = tool_show(job->out, job->opt.json);
	if (err_is(shown) && code == TOOL_GOOD)
		code = TOOL_ENVIRONMENT;
	json_decref(job->out);
	X509_free(job->cert);
	npki_key_free(&job->key);
	sk_X509_pop_free(job->chain, X509_free);
	secret_wipe(job, sizeof *job);
	npki_free();
	return code;
}

int
tool_cert(int argc, char **argv)
{
	static struct cert_job job;

	if (argc < 2)
		return usage();
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
		if (strcmp(argv[1], verbs[i].name) != 0)
			continue;
		if (!take_options(&job.opt, argc - 1, argv + 1))
			return usage();
		return run(&job, verbs[i].run);
	}
	return usage();
}
