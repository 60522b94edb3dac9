/*
 * unit/print/job_test.c - the agent's requests and what comes back.
 */
#define _GNU_SOURCE
#include "prog/print/job.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "rig.h"
#include "rpc/rpc.h"

TestSuite(job, .init = rig_open, .fini = rig_close, .timeout = 120);

enum { SHA256 = 32, PDF_MAX = 1024 * 1024 };

static json_t *
ask(const char *to, const char *method, json_t *params, int *fd)
{
	struct printer p = { .conf = &rig.conf };
	json_t *request = rpc_request(7, method, params), *a;

	cr_assert_not(err_is(target_open(&p.target, to)));
	a = job_answer(&p, request, fd);
	cr_assert_eq(rpc_int(a, "id", 0), 7);
	json_decref(request);
	return a;
}

/* The error code of a slip's answer, "" for a result. */
static const char *
slip(const char *to, json_t *document)
{
	static char code[64];
	int fd = -1;
	json_t *a = ask(to, "print.slip", document, &fd);

	snprintf(code, sizeof code, "%s",
	    rpc_str(json_object_get(a, "error"), "code"));
	cr_expect_eq(fd, -1);
	json_decref(a);
	return code;
}

Test(job, what_the_printer_says_is_the_answer)
{
	static const char *const rows[][2] = { { "ok", "" }, { "low", "" },
		{ "out", "print.paper" }, { "offline", "print.offline" },
		{ "cut", "print.io" } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		rig_mood(rows[i][0]);
		cr_expect_str_eq(
		    slip(rig.to, rig_document("loss")), rows[i][1]);
	}
	cr_expect_str_eq(slip("", rig_document("loss")), "print.none");
}

Test(job, a_document_with_a_persons_number_is_never_printed)
{
	json_t *d = rig_document("receipt");
	char folder[80];

	json_object_set_new(d, "officer", json_string("900101-1970015"));
	cr_expect_str_eq(slip(rig.to, d), "rpc.params");
	cr_expect_str_eq(slip(rig.to, json_object()), "rpc.params");
	snprintf(folder, sizeof folder, "%s/machine", rig.folder);
	cr_expect_eq(rig_files(folder, ".txt"), 0);
}

/* The form's bytes, and their hash as the answer has it. */
static size_t
form(const char *to, const char *name, bool paper, uint8_t *room, char *content)
{
	int fd = -1;
	json_t *a = ask(to, "print.form",
	    json_pack(
		"{s:o,s:b}", "document", rig_document(name), "paper", paper),
	    &fd);
	const json_t *r = json_object_get(a, "result");
	uint8_t digest[SHA256];
	char hex[HEX_TEXT(SHA256)];
	ssize_t n;

	cr_assert_geq(fd, 0);
	n = read(fd, room, PDF_MAX);
	cr_assert_gt(n, 1000);
	cr_expect_eq(write(fd, "x", 1), -1, "it is sealed");
	close(fd);
	EVP_Digest(room, (size_t)n, digest, NULL, EVP_sha256(), NULL);
	hex_encode(hex, sizeof hex, span_make(digest, sizeof digest));
	cr_expect_str_eq(rpc_str(r, "sha256"), hex);
	cr_expect_eq(strlen(rpc_str(r, "content")), 2 * SHA256);
	snprintf(content, sizeof hex, "%s", rpc_str(r, "content"));
	json_decref(a);
	return (size_t)n;
}

Test(job, a_form_comes_with_its_hash_and_is_the_same_again)
{
	static uint8_t one[PDF_MAX], two[PDF_MAX];
	char first[80], second[80];
	size_t n = form(rig.to, "application", false, one, first);

	cr_expect_eq(form(rig.to, "application", false, two, second), n);
	cr_expect_eq(memcmp(one, two, n), 0);
	cr_expect_str_eq(first, second);
	form(rig.to, "loss_report", false, two, second);
	cr_expect_str_neq(first, second);
}

/* lp(1) stands in a folder of PATH: it keeps what it is given. */
static void
put_lp(const char *body)
{
	char path[96], script[512];

	snprintf(path, sizeof path, "%s/bin", rig.folder);
	(void)mkdir(path, 0700);
	setenv("PATH", path, 1);
	snprintf(path, sizeof path, "%s/bin/lp", rig.folder);
	snprintf(script, sizeof script, "#!/bin/sh\n%s\n", body);
	cr_assert_not(err_is(file_write(path, span_str(script), 0755)));
	cr_assert_eq(chmod(path, 0755), 0);
}

Test(job, paper_is_what_lp_gets)
{
	static uint8_t one[PDF_MAX], two[PDF_MAX];
	char body[256], path[96], content[80];
	struct buf b = buf_make(two, sizeof two);
	size_t n;

	snprintf(rig.conf.print_queue, sizeof rig.conf.print_queue, "forms");
	snprintf(body, sizeof body,
	    "[ \"$*\" = '-d forms -t application -s' ] && /bin/cat >%s/got",
	    rig.folder);
	put_lp(body);
	n = form(rig.to, "application", true, one, content);
	snprintf(path, sizeof path, "%s/got", rig.folder);
	cr_assert_not(err_is(file_read(&b, path)));
	cr_expect_eq(b.n, n);
	cr_expect_eq(memcmp(one, two, n), 0);
}

static const char *
paper_error(void)
{
	static char code[64];
	int fd = -1;
	json_t *a = ask("", "print.form",
	    json_pack(
		"{s:o,s:b}", "document", rig_document("day"), "paper", true),
	    &fd);

	snprintf(code, sizeof code, "%s",
	    rpc_str(json_object_get(a, "error"), "code"));
	cr_expect_eq(fd, -1);
	json_decref(a);
	return code;
}

Test(job, without_an_a4_printer_or_when_it_refuses_there_is_an_error)
{
	cr_expect_str_eq(paper_error(), "print.none");
	snprintf(rig.conf.print_queue, sizeof rig.conf.print_queue, "forms");
	put_lp("exit 1");
	cr_expect_str_eq(paper_error(), "print.offline");
	setenv("PATH", "/nonexistent", 1);
	cr_expect_str_eq(paper_error(), "print.io");
}

Test(job, another_method_or_form_is_refused)
{
	int fd = -1;
	json_t *a = ask("", "print.money", json_object(), &fd);

	cr_expect_str_eq(
	    rpc_str(json_object_get(a, "error"), "code"), "rpc.method");
	json_decref(a);
	a = ask("", "print.form",
	    json_pack("{s:o}", "document", rig_document("fee")), &fd);
	cr_expect_str_eq(
	    rpc_str(json_object_get(a, "error"), "code"), "rpc.params");
	json_decref(a);
}
