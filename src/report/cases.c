/*
 * report/cases.c - cases and their journals as JSON.
 */
#include "report/report.h"

#include <stdlib.h>

#include "base/text.h"

static const char *const hold_words[HOLD_COUNT] = {
	[HOLD_NONE] = "none",
	[HOLD_PENDING] = "pending",
	[HOLD_CONFIRMED] = "confirmed",
};

static const char *const kind_words[ROW_COUNT] = {
	[ROW_INTENT] = "intent",
	[ROW_RESULT] = "result",
	[ROW_EVENT] = "event",
};

static json_t *
text_or_null(const char *s)
{
	return s[0] == '\0' ? json_null() : json_string(s);
}

static json_t *
time_or_null(int64_t s)
{
	return s == 0 ? json_null() : json_integer(s);
}

json_t *
report_case(const struct store_case *c, const char *holder)
{
	json_t *v = json_pack("{s:s,s:s,s:s,s:o,s:I,s:I,s:o,s:s,s:s,s:s}",
	    "case_no", c->case_no, "state", case_state_name(c->state),
	    "purpose", c->purpose, "holder", text_or_null(holder), "opened_at",
	    (json_int_t)c->opened_at, "since", (json_int_t)c->changed_at,
	    "ended_at", time_or_null(c->ended_at), "hold", hold_words[c->hold],
	    "issuer", c->issuer_o, "terminal", c->terminal);

	if (v == NULL)
		return NULL;
	json_object_set_new(v, "reported_at", time_or_null(c->reported_at));
	json_object_set_new(v, "held_at", time_or_null(c->held_at));
	json_object_set_new(v, "loss_no", text_or_null(c->loss_no));
	json_object_set_new(v, "old_serial", text_or_null(c->serial));
	json_object_set_new(v, "new_serial", text_or_null(c->new_serial));
	json_object_set_new(v, "attempts", json_integer(c->attempt));
	json_object_set_new(v, "review", text_or_null(c->review));
	json_object_set_new(v, "problem", text_or_null(c->problem));
	json_object_set_new(v, "promise", text_or_null(c->promise));
	return v;
}

static json_t *
one_case(const struct store_case *c, report_holder *holder, void *ctx)
{
	char masked[MASK_TEXT] = "";

	if (holder != NULL)
		holder(masked, ctx, c);
	return report_case(c, masked);
}

struct err
report_cases(json_t **out, struct store *s, const struct store_filter *filter,
    report_holder *holder, void *ctx)
{
	struct store_case *page = calloc(REPORT_PAGE, sizeof *page);
	json_t *list = json_array();
	struct err e = err_none();
	size_t n = 0;

	*out = NULL;
	if (page == NULL || list == NULL)
		e = err_make(E_NOMEM, 0, "report: cases");
	if (!err_is(e))
		e = store_report_cases(s, page, REPORT_PAGE, &n, filter);
	for (size_t i = 0; i < n && !err_is(e); i++)
		if (json_array_append_new(
			list, one_case(&page[i], holder, ctx)) != 0)
			e = err_make(E_NOMEM, 0, "report: cases");
	if (!err_is(e))
		*out = json_pack("{s:O,s:o}", "cases", list, "before",
		    n < REPORT_PAGE ? json_null()
				    : json_integer(page[n - 1].id));
	json_decref(list);
	free(page);
	return err_is(e) || *out != NULL
		   ? e
		   : err_make(E_NOMEM, 0, "report: cases");
}

static json_t *
one_entry(const struct store_entry *r)
{
	char digest[HEX_TEXT(SEAL_DIGEST)] = "";

	if (r->has_bytes)
		hex_encode(digest, sizeof digest,
		    span_make(r->digest, sizeof r->digest));
	return json_pack("{s:I,s:I,s:s,s:s,s:o,s:s,s:I,s:o}", "seq",
	    (json_int_t)r->seq, "at_ms", (json_int_t)r->wall_ms, "kind",
	    kind_words[r->kind], "effect", r->effect, "outcome",
	    text_or_null(r->outcome), "state", case_state_name(r->state),
	    "version", (json_int_t)r->version, "digest", text_or_null(digest));
}

struct err
report_timeline(json_t **out, struct store *s, const char *case_no,
    int64_t after, report_holder *holder, void *ctx)
{
	struct store_entry *page = calloc(REPORT_PAGE, sizeof *page);
	struct store_case *c = calloc(1, sizeof *c);
	json_t *list = json_array();
	struct err e = err_none();
	size_t n = 0;

	*out = NULL;
	if (page == NULL || c == NULL || list == NULL)
		e = err_make(E_NOMEM, 0, "report: timeline");
	if (!err_is(e))
		e = store_report_case(s, c, case_no);
	if (!err_is(e))
		e = store_report_journal(s, page, REPORT_PAGE, &n, c, after);
	for (size_t i = 0; i < n && !err_is(e); i++)
		if (json_array_append_new(list, one_entry(&page[i])) != 0)
			e = err_make(E_NOMEM, 0, "report: timeline");
	if (!err_is(e))
		*out = json_pack("{s:o,s:O,s:o}", "case",
		    one_case(c, holder, ctx), "rows", list, "after",
		    n < REPORT_PAGE ? json_null()
				    : json_integer(page[n - 1].seq));
	json_decref(list);
	free(c);
	free(page);
	return err_is(e) || *out != NULL
		   ? e
		   : err_make(E_NOMEM, 0, "report: timeline");
}
