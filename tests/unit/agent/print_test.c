/*
 * unit/agent/print_test.c - the agent and a printer played by the test.
 */
#define _GNU_SOURCE
#include "prog/agent/print.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "paper/document.h"
#include "people.h"
#include "store/audit_rows.h"
#include "world.h"

static int printer;

static void
open_all(void)
{
	world_open();
	printer = connect_as("print", "", 1u << ROLE_PRINT);
	run();
}

static void
close_all(void)
{
	close(printer);
	world_close();
}

TestSuite(agent_print, .init = open_all, .fini = close_all);

/* ---- the fake dasi-print ---- */

static void
tell(const char *state)
{
	json_t *e = rpc_event(
	    "print.state", json_pack("{s:s}", "state", state));

	cr_assert_not(err_is(rpc_send(printer, e, -1)));
	json_decref(e);
	run();
}

/* The next request to the printer; the caller's.  NULL when none waits. */
static json_t *
asked(void)
{
	json_t *body = NULL;

	run();
	while (!err_is(rpc_recv(printer, &body, NULL))) {
		if (json_object_get(body, "method") != NULL)
			return body;
		json_decref(body);
	}
	return NULL;
}

static void
reply(const json_t *request, json_t *result, const char *code, int fd)
{
	json_int_t id = rpc_int(request, "id", 0);
	json_t *a = code == NULL ? rpc_result(id, result) : rpc_error(id, code);

	cr_assert_not(err_is(rpc_send(printer, a, fd)));
	json_decref(a);
	run();
}

/* ---- a continuation that keeps what it hears ---- */

static struct {
	int calls, fd;
	char error[64], sha256[80];
} heard;

static void
hear(struct agent *a, const struct context *ctx, const struct reply *r)
{
	heard.calls++;
	heard.fd = -1;
	str_copy(
	    heard.error, sizeof heard.error, r->error == NULL ? "" : r->error);
	str_copy(
	    heard.sha256, sizeof heard.sha256, rpc_str(r->result, "sha256"));
	if (r->error == NULL && r->fd != NULL) {
		heard.fd = *r->fd;
		*r->fd = -1;
	}
}

/* Rows of this kind in the audit log. */
static struct err
count_kind(void *arg, const struct audit_stored *stored)
{
	struct audit_row row;
	int *n = arg;
	struct err e = row_decode(&row, stored->row);

	if (!err_is(e))
		*n += span_eq(row.kind, span_str("form.printed"));
	return e;
}

static int
forms_recorded(void)
{
	struct audit_port port = store_audit_port(w.agent->store);
	struct audit_bounds b;
	int n = 0;

	cr_assert_not(err_is(port.bounds(port.ctx, &b)));
	cr_assert_not(
	    err_is(port.rows(port.ctx, b.first, b.end, count_kind, &n)));
	return n;
}

/* ---- slips ---- */

/* The kiosk asks; what it hears once the printer has answered `code`. */
static const char *
print_at_kiosk(const char *kind, const char *answer_code, json_t **document)
{
	static char got[64];
	json_t *request = rpc_request(
		   77, "slip.print", json_pack("{s:s}", "kind", kind)),
	       *job, *body = NULL;
	int kiosk = w.kiosk[1];

	/* the world reads what its kiosks hear: this one is ours now */
	w.kiosk[1] = -1;
	cr_assert_not(err_is(rpc_send(kiosk, request, -1)));
	json_decref(request);
	job = asked();
	cr_assert_not_null(job);
	cr_expect_str_eq(rpc_str(job, "method"), "print.slip");
	*document = json_deep_copy(json_object_get(job, "params"));
	reply(job, NULL, answer_code, -1);
	json_decref(job);
	while (!err_is(rpc_recv(kiosk, &body, NULL))) {
		if (rpc_int(body, "id", 0) == 77)
			break;
		json_decref(body);
	}
	str_copy(
	    got, sizeof got, rpc_str(json_object_get(body, "error"), "code"));
	json_decref(body);
	w.kiosk[1] = kiosk;
	return got;
}

Test(agent_print, the_loss_report_is_printed_masked_and_in_the_customers_words)
{
	json_t *d = NULL;
	char *all;

	tell("ok");
	begin(1, "reissue");
	identify(1);
	open_case(1);
	report(1, "lost");
	run();
	cr_expect_str_eq(print_at_kiosk("loss", NULL, &d), "");
	cr_expect_str_eq(text(d, "kind"), "loss");
	cr_expect_str_eq(text(d, "lang"), "ko");
	cr_expect_str_eq(text(d, "holder"), "홍*동");
	cr_expect_eq(strncmp(text(d, "loss_no"), "L-", 2), 0);
	all = json_dumps(d, 0);
	cr_expect_null(strstr(all, PERSON_NUMBER));
	cr_expect_null(strstr(all, PERSON_NAME));
	free(all);
	json_decref(d);
	cr_expect_str_eq(print_at_kiosk("receipt", "print.paper", &d),
	    "print.paper", "a failure is told, and may be tried again");
	json_decref(d);
	cr_expect_str_eq(print_at_kiosk("receipt", NULL, &d), "");
	json_decref(d);
}

Test(agent_print, what_there_is_nothing_of_is_not_printed)
{
	begin(0, "reissue");
	identify(0);
	open_case(0);
	cr_expect_str_eq(code(ask("slip.print", "{\"kind\":\"receipt\"}")),
	    "print.none", "no printer has said that it is there");
	tell("ok");
	cr_expect_str_eq(
	    code(ask("slip.print", "{\"kind\":\"loss\"}")), "case.state");
	cr_expect_str_eq(
	    code(ask("slip.print", "{\"kind\":\"fee\"}")), "case.state");
	cr_expect_str_eq(code(ask("slip.print", "{\"kind\":\"day\"}")),
	    "rpc.params", "a form is the clerk's");
	cr_expect_null(asked());
}

Test(agent_print, the_printers_state_is_health)
{
	cr_expect_str_eq(print_health(w.agent), "none");
	tell("low");
	cr_expect_str_eq(print_health(w.agent), "low");
	tell("out");
	cr_expect_str_eq(print_health(w.agent), "out");
	tell("on fire");
	cr_expect_str_eq(print_health(w.agent), "out");
	tell("offline");
	cr_expect_str_eq(print_health(w.agent), "down");
	tell("ok");
	close(printer);
	run();
	cr_expect_str_eq(print_health(w.agent), "down");
	printer = connect_as("print", "", 1u << ROLE_PRINT);
	run();
	tell("ok");
	cr_expect_str_eq(print_health(w.agent), "ok");
}

/* Every kind, from a case as the terminals see it: dasi-print takes it. */
Test(agent_print, all_documents_of_a_case_are_such_as_paper_takes)
{
	static const char *const kinds[] = { "receipt", "loss", "fee",
		"checklist", "ticket", "refund" };
	json_t *view, *fee;

	begin(0, "reissue");
	identify(0);
	open_case(0);
	report(0, "lost");
	run();
	view = json_deep_copy(last_case());
	/* a card has no receipt of the bank's: "", as view_paid() says it */
	fee = json_pack("{s:i,s:i,s:{s:s,s:i,s:s,s:s,s:s,s:s}}", "won", 4400,
	    "vat", 400, "paid", "method", "card", "at", 1795323909, "approval",
	    "30012345", "brand", "한빛카드", "pan", "4518-12**-****-1234",
	    "receipt_no", "");
	json_object_set_new(view, "fee", fee);
	json_object_set_new(view, "new",
	    json_pack("{s:s,s:i,s:s}", "serial", "5e6f", "not_after",
		1805036399, "status", "valid"));
	json_object_set_new(view, "promise", json_string("2026-11-25"));
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		json_t *d = print_document(w.agent, view, kinds[i], "en", true);
		enum paper_kind kind;
		enum paper_lang lang;

		cr_assert_not_null(d, "%s", kinds[i]);
		cr_expect_not(
		    err_is(paper_check(&kind, &lang, d)), "%s", kinds[i]);
		cr_expect_str_eq(paper_kind_name(kind), kinds[i]);
		json_decref(d);
	}
	cr_expect_null(print_document(w.agent, view, "day", "ko", false));
	json_decref(view);
}

/* ---- forms ---- */

static const char hash[] =
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
static const char other[] =
    "0000d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

static json_t *
made(const char *sha256)
{
	return json_pack("{s:s,s:s}", "sha256", sha256, "content", hash);
}

static void
begin_form(bool paper)
{
	struct context ctx = { .link = NO_REF, .live = NO_REF };

	memset(&heard, 0, sizeof heard);
	print_form(w.agent, print_blank(w.agent, "application", "ko", false),
	    paper, NULL, "R-20261122-0001", hear, &ctx);
	cr_expect_eq(heard.calls, 0, "never before it returns");
}

Test(agent_print, a_form_is_in_the_log_before_anybody_has_it)
{
	int fd = memfd_create("form", 0), before = forms_recorded();
	json_t *job;

	begin_form(false);
	job = asked();
	cr_assert_not_null(job);
	cr_expect_not(rpc_bool(json_object_get(job, "params"), "paper"));
	cr_expect_eq(forms_recorded(), before);
	reply(job, made(hash), NULL, fd);
	cr_expect_eq(heard.calls, 1);
	cr_expect_str_eq(heard.sha256, hash);
	cr_expect_geq(heard.fd, 0);
	cr_expect_eq(forms_recorded(), before + 1);
	close(heard.fd);
	close(fd);
	json_decref(job);
}

Test(agent_print, paper_is_asked_for_only_after_the_row)
{
	int fd = memfd_create("form", 0);
	json_t *job;

	begin_form(true);
	job = asked();
	cr_expect_not(rpc_bool(json_object_get(job, "params"), "paper"));
	reply(job, made(hash), NULL, fd);
	json_decref(job);
	cr_expect_eq(heard.calls, 0);
	cr_expect_eq(forms_recorded(), 1);
	job = asked();
	cr_assert_not_null(job);
	cr_expect(rpc_bool(json_object_get(job, "params"), "paper"));
	reply(job, made(hash), NULL, fd);
	json_decref(job);
	cr_expect_eq(heard.calls, 1);
	cr_expect_str_eq(heard.error, "");
	cr_expect_eq(forms_recorded(), 1);
	close(heard.fd);
	close(fd);
}

Test(agent_print, another_file_than_the_recorded_one_is_not_handed_on)
{
	int fd = memfd_create("form", 0);
	json_t *job;

	begin_form(true);
	job = asked();
	reply(job, made(hash), NULL, fd);
	json_decref(job);
	job = asked();
	reply(job, made(other), NULL, fd);
	json_decref(job);
	cr_expect_str_eq(heard.error, "print.io");
	cr_expect_eq(heard.fd, -1);
	close(fd);
}

Test(agent_print, a_form_without_its_file_or_its_printer_is_an_error)
{
	json_t *job;

	begin_form(false);
	job = asked();
	reply(job, made(hash), NULL, -1);
	json_decref(job);
	cr_expect_str_eq(heard.error, "print.io");
	cr_expect_eq(forms_recorded(), 0);
	begin_form(false);
	close(printer);
	pass_ms(1000);
	cr_expect_str_eq(heard.error, "print.offline");
	printer = connect_as("print", "", 1u << ROLE_PRINT);
	run();
	for (int i = 0; i < PRINT_JOBS; i++)
		begin_form(false);
	begin_form(false);
	pass_ms(1000);
	cr_expect_eq(heard.calls, 1, "one too many fails by itself");
}
