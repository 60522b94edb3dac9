/*
 * agent/day.c - the end of a day: what became of cases, what money came and
 * went, and whether the card terminal says the same.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "case/due.h"
#include "prog/agent/desk.h"
#include "prog/agent/print.h"

enum { TOTALS_MS = 15000, CSV_ROOM = 8 * 1024 };

/* Midnight in Korea; false for no day. */
static bool
day_of(int64_t *out, const char *date)
{
	struct civil c = { 0 };
	int day;

	if (err_is(due_parse_day(&day, date)))
		return false;
	c.year = day / 10000;
	c.month = day / 100 % 100;
	c.day = day % 100;
	*out = civil_to_unix(&c);
	return true;
}

static json_t *
view_cases(struct agent *a, int64_t day)
{
	struct queue_day d = { 0 };

	if (err_is(store_queue_day(a->store, &d, day)))
		log_line(LOG_ERROR, "the day's cases cannot be counted");
	return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "opened",
	    (json_int_t)d.opened, "done", (json_int_t)d.ended[CASE_DONE],
	    "cancelled", (json_int_t)d.ended[CASE_CANCELLED], "rejected",
	    (json_int_t)d.ended[CASE_REJECTED], "expired",
	    (json_int_t)d.ended[CASE_EXPIRED], "found",
	    (json_int_t)d.ended[CASE_FOUND], "revoked",
	    (json_int_t)d.ended[CASE_REVOKED]);
}

/* ---- the report ---- */

/* Takes `terminal`. */
static json_t *
report(struct agent *a, const char *date, int64_t day, json_t *terminal)
{
	json_t *v = json_pack(
	    "{s:s,s:o}", "date", date, "cases", view_cases(a, day));

	day_money(a, v, day, terminal);
	json_object_set_new(
	    v, "terminal", terminal == NULL ? json_null() : terminal);
	return v;
}

/* ---- as a file ---- */

static void
csv_line(struct buf *b, const char *part, const char *what, json_int_t count,
    json_int_t won)
{
	char line[256];
	int n = snprintf(line, sizeof line, "%s,%s,%lld,%lld\r\n", part, what,
	    (long long)count, (long long)won);

	if (n > 0 && (size_t)n < sizeof line)
		buf_add(b, line, (size_t)n);
}

static void
csv_fees(struct buf *b, const json_t *report)
{
	const json_t *back = json_object_get(report, "refunds"), *one;
	size_t i;

	json_array_foreach(json_object_get(report, "fees"), i, one)
		csv_line(b, "fee", rpc_str(one, "method"),
		    rpc_int(one, "count", 0), rpc_int(one, "won", 0));
	csv_line(b, "fee", "refund", rpc_int(back, "count", 0),
	    rpc_int(back, "won", 0));
}

static void
csv_terminal(struct buf *b, const json_t *report)
{
	const json_t *terminal = json_object_get(report, "terminal"), *one;
	static const char *const sides[] = { "payments", "reversals" };
	size_t i;

	for (i = 0; json_is_object(terminal) && i < 2; i++) {
		one = json_object_get(terminal, sides[i]);
		csv_line(b, "terminal", sides[i], rpc_int(one, "count", 0),
		    rpc_int(one, "won", 0));
	}
	json_array_foreach(json_object_get(report, "differences"), i, one)
		csv_line(b, "difference", rpc_str(one, "what"),
		    rpc_int(one, "ours", 0), rpc_int(one, "theirs", 0));
}

/* With a byte order mark: spreadsheets here take it for EUC-KR otherwise. */
static struct err
csv_file(int *out, const json_t *report)
{
	static char room[CSV_ROOM];
	struct buf b = buf_make(room, sizeof room);
	const char *word;
	json_t *n;
	struct err e;
	int fd;

	buf_add_str(&b, "\xef\xbb\xbfpart,what,count,won\r\n");
	json_object_foreach(json_object_get(report, "cases"), word, n)
		csv_line(&b, "case", word, json_integer_value(n), 0);
	csv_fees(&b, report);
	csv_terminal(&b, report);
	if (b.full)
		return err_make(E_LIMIT, 0, "day: file");
	fd = memfd_create("day", MFD_CLOEXEC);
	if (fd < 0)
		return err_sys("day: memory file");
	e = file_write_all(fd, buf_span(&b));
	if (!err_is(e) && lseek(fd, 0, SEEK_SET) != 0)
		e = err_sys("day: rewind");
	if (err_is(e))
		close(fd);
	else
		*out = fd;
	return e;
}

static json_t *
name_of(const struct agent *a, const char *date, const char *format)
{
	char name[WORD * 3];

	snprintf(name, sizeof name, "day-%.40s-%.40s-%.10s.%.3s",
	    a->conf->bank_code, a->conf->branch_code, date, format);
	return json_pack("{s:s}", "name", name);
}

static void
send_file(
    struct agent *a, const struct context *ctx, const char *format, int fd)
{
	struct link *l = link_get(a, ctx->link);
	const char *date = strchr(ctx->word, ' ');

	if (l != NULL && date != NULL)
		(void)link_send(a, l,
		    rpc_result(ctx->request, name_of(a, date + 1, format)), fd);
}

static void
send_csv(struct agent *a, const struct context *ctx, const json_t *report)
{
	int fd = -1;
	struct err e = csv_file(&fd, report);

	if (err_is(e)) {
		log_err(LOG_ERROR, "day.file", e);
		refuse(a, ctx->link, ctx->request, "agent.internal");
		return;
	}
	send_file(a, ctx, "csv", fd);
	close(fd);
}

static void
on_form(struct agent *a, const struct context *ctx, const struct reply *r)
{
	if (r->error != NULL || r->fd == NULL || *r->fd < 0)
		refuse(a, ctx->link, ctx->request,
		    r->error != NULL ? r->error : "print.io");
	else
		send_file(a, ctx, "pdf", *r->fd);
}

static void
send_pdf(struct agent *a, const struct context *ctx, json_t *report)
{
	json_t *document = print_blank(a, "day", "ko", false);

	(void)json_object_update(document, report);
	print_form(
	    a, document, false, link_get(a, ctx->link), "", on_form, ctx);
}

/* ---- asking ---- */

/* What is wanted stands in the context: "report 2026-11-22". */
static void
on_totals(struct agent *a, const struct context *ctx, const struct reply *r)
{
	const char *date = strchr(ctx->word, ' ');
	json_t *terminal = NULL, *v;
	int64_t day;

	if (date == NULL || !day_of(&day, date + 1))
		return;
	if (r->error == NULL)
		terminal = json_deep_copy(r->result);
	v = report(a, date + 1, day, terminal);
	if (strncmp(ctx->word, "csv", 3) == 0)
		send_csv(a, ctx, v);
	else if (strncmp(ctx->word, "pdf", 3) == 0)
		send_pdf(a, ctx, v);
	else
		answer(a, ctx->link, ctx->request, json_incref(v));
	json_decref(v);
}

/* The terminal knows its own day only: another one is ours alone. */
static void
ask_terminal(struct agent *a, const struct context *ctx, const char *date)
{
	struct reply none = { .error = "pay.none" };
	char today[CLOCK_TEXT];

	civil_date_text(today, wall_s(a));
	if (strcmp(today, date) != 0 ||
	    !day_totals(a, TOTALS_MS, on_totals, ctx))
		on_totals(a, ctx, &none);
}

static const char *
ask(struct agent *a, struct ask *q, const char *what)
{
	const char *date = rpc_str(q->params, "date");
	struct context ctx = ask_context(a, q);
	int64_t day;

	if (!day_of(&day, date))
		return "rpc.params";
	snprintf(ctx.word, sizeof ctx.word, "%s %.10s", what, date);
	ask_terminal(a, &ctx, date);
	return NULL;
}

const char *
ask_day_report(struct agent *a, struct ask *q)
{
	return ask(a, q, "report");
}

const char *
ask_day_file(struct agent *a, struct ask *q)
{
	const char *format = rpc_str(q->params, "format");

	if (strcmp(format, "csv") != 0 && strcmp(format, "pdf") != 0)
		return "rpc.params";
	return ask(a, q, format);
}
