/*
 * agent/desk_docs.c - which papers the applicant brings, and which of them a
 * clerk has seen (rules: src/case/docs.h).
 */
#include <string.h>

#include "base/log.h"
#include "case/docs.h"
#include "case/due.h"
#include "prog/agent/desk.h"

static const char *const forms[DOC_FORM_COUNT] = {
	[DOC_ORIGINAL] = "original",
	[DOC_COPY] = "copy",
	[DOC_SHOWN] = "shown",
};

/* Words go without the prefix of their text keys. */
static const char *
bare(const char *key)
{
	const char *dot = strchr(key, '.');

	return dot == NULL ? key : dot + 1;
}

static int
find_applicant(const char *word)
{
	for (int i = 0; i < APPLICANT_COUNT; i++)
		if (strcmp(bare(docs_applicant_key((enum applicant)i)),
			bare(word)) == 0)
			return i;
	return APPLICANT_COUNT;
}

static int
find_doc(const char *word)
{
	for (int i = 0; i < DOC_COUNT; i++)
		if (strcmp(bare(docs_key((enum doc)i)), bare(word)) == 0)
			return i;
	return DOC_COUNT;
}

void
desk_applicant(
    struct agent *a, const struct store_case *c, char out[static DESK_WORD])
{
	static struct desk_entry last;
	bool minor = strcmp(c->review, "review.minor") == 0;

	(void)str_copy(out, DESK_WORD, minor ? "minor" : "self");
	if (!err_is(desk_last(a->store, &last, c, "docs")) &&
	    find_applicant(last.detail) < APPLICANT_COUNT)
		(void)str_copy(out, DESK_WORD, last.detail);
}

bool
desk_proxy(const char *applicant)
{
	int who = find_applicant(applicant);

	return who == APPLICANT_BUSINESS_PROXY || who == APPLICANT_PERSON_PROXY;
}

bool
desk_refused(const char *applicant)
{
	int who = find_applicant(applicant);

	return who == APPLICANT_COUNT || docs_refused((enum applicant)who);
}

static const struct desk_doc *
seen_doc(const struct desk_doc *docs, size_t n, enum doc doc)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(docs[i].doc, bare(docs_key(doc))) == 0)
			return &docs[i];
	return NULL;
}

static json_t *
view_row(const struct doc_row *r, const struct desk_doc *seen)
{
	return json_pack("{s:s,s:i,s:s,s:i,s:b,s:b,s:s}", "doc",
	    bare(docs_key(r->doc)), "group", r->group, "form", forms[r->form],
	    "max_age_days", r->max_age_days, "needed", !r->if_needed, "seen",
	    seen != NULL, "issued", seen == NULL ? "" : seen->issued);
}

json_t *
desk_docs_view(struct agent *a, const struct store_case *c,
    const char *applicant, int *missing)
{
	struct desk_doc docs[DESK_DOCS];
	int found = find_applicant(applicant);
	enum applicant who = found == APPLICANT_COUNT ? APPLICANT_SELF
						      : (enum applicant)found;
	json_t *list = json_array();
	const struct doc_row *rows;
	uint32_t have = 0;
	size_t n = 0, count;

	if (err_is(desk_docs_get(a->store, docs, DESK_DOCS, &n, c)))
		n = 0;
	rows = docs_of(&count, who);
	for (size_t i = 0; i < count; i++) {
		const struct desk_doc *seen = seen_doc(docs, n, rows[i].doc);
		if (seen != NULL)
			have |= UINT32_C(1) << rows[i].doc;
		json_array_append_new(list, view_row(&rows[i], seen));
	}
	*missing = (int)docs_missing(NULL, 0, who, have, 0);
	return list;
}

/* ---- desk.docs ---- */

struct seen_docs {
	struct desk_doc docs[DESK_DOCS];
	size_t n;
	const char *applicant;
	struct deed deed;
};

static int64_t
day_of(const char *issued)
{
	struct civil c = { 0 };
	int day;

	if (err_is(due_parse_day(&day, issued)))
		return -1;
	c.year = day / 10000;
	c.month = day / 100 % 100;
	c.day = day % 100;
	return civil_to_unix(&c);
}

static const struct doc_row *
row_of(enum applicant who, enum doc doc)
{
	size_t n;
	const struct doc_row *rows = docs_of(&n, who);

	for (size_t i = 0; i < n; i++)
		if (rows[i].doc == doc)
			return &rows[i];
	return NULL;
}

/* NULL, or an error code with the paper it is about. */
static const char *
take_doc(struct agent *a, struct seen_docs *s, enum applicant who,
    const json_t *one, json_t **extra)
{
	int doc = find_doc(rpc_str(one, "doc"));
	const char *issued = rpc_str(one, "issued");
	const struct doc_row *row = doc == DOC_COUNT
					? NULL
					: row_of(who, (enum doc)doc);
	struct desk_doc *to = &s->docs[s->n];

	if (row == NULL || s->n == DESK_DOCS ||
	    (issued[0] != '\0' && day_of(issued) < 0))
		return "rpc.params";
	/* a date that must be young enough cannot be left out */
	if ((row->max_age_days > 0 || issued[0] != '\0') &&
	    (issued[0] == '\0' ||
		!docs_fresh(row, day_of(issued), wall_s(a)))) {
		*extra = json_pack("{s:s}", "doc", bare(docs_key(row->doc)));
		return "docs.too_old";
	}
	if (seen_doc(s->docs, s->n, row->doc) != NULL)
		return "rpc.params";
	str_copy(to->doc, sizeof to->doc, bare(docs_key(row->doc)));
	str_copy(to->issued, sizeof to->issued, issued);
	s->n++;
	return NULL;
}

static const char *
take_docs(
    struct agent *a, struct seen_docs *s, const json_t *params, json_t **extra)
{
	const json_t *list = json_object_get(params, "docs"), *one;
	int who = find_applicant(rpc_str(params, "applicant"));
	const char *refused = NULL;
	size_t i;

	if (who == APPLICANT_COUNT)
		return "rpc.params";
	s->applicant = bare(docs_applicant_key((enum applicant)who));
	json_array_foreach(list, i, one) {
		refused = take_doc(a, s, (enum applicant)who, one, extra);
		if (refused != NULL)
			return refused;
	}
	return NULL;
}

static struct err
keep_docs(struct store *s, const struct store_case *c, void *arg)
{
	const struct seen_docs *seen = arg;
	struct err e = desk_docs_put(s, c, seen->docs, seen->n);

	return err_is(e) ? e
			 : desk_note_deed(s, c, &seen->deed, "", false, false);
}

const char *
ask_desk_docs(struct agent *a, struct ask *q)
{
	struct ref asker = link_ref(a, q->link);
	struct seen_docs seen = {
		.deed = { .action = "docs", .reason = "", .by = q->link }
	};
	struct store_change ch = { .also = keep_docs, .also_arg = &seen };
	json_t *extra = NULL;
	struct live *l, shown;
	const char *refused = desk_open(a, q, &l, &shown);

	if (refused == DEED_LATER)
		return NULL;
	if (refused != NULL)
		return refused;
	if (case_is_over(l->c.state))
		refused = "case.state";
	else
		refused = take_docs(a, &seen, q->params, &extra);
	if (refused == NULL) {
		seen.deed.detail = seen.applicant;
		l->clerk = asker;
		if (err_is(live_change(a, l, &ch)))
			refused = "agent.internal";
		l->clerk = NO_REF;
	}
	if (refused != NULL)
		desk_refuse(a, q, refused, extra);
	else
		answer(a, asker, q->id, desk_view(a, l, q->link));
	desk_unload(a, l);
	return NULL;
}
