/*
 * agent/print_document.c - a case as the paper shows it: members picked from
 * what the terminals see, which is masked already.
 */
#include <ctype.h>
#include <string.h>

#include "prog/agent/print.h"

enum { PICKS = 12 };

/* Which members of the case a kind has (paper/README.md). */
static const struct kind {
	const char *name;
	const char *picks[PICKS];
} kinds[] = {
	/* clang-format off */
	{ "receipt",   { "case_no", "holder", "product_key", "issuer_name",
	    "state", "hold", "held_at", "loss_no", "old", "new", "promise" } },
	{ "loss",      { "case_no", "holder", "product_key", "issuer_name",
	    "loss_no", "reported_at", "hold", "held_at", "old" } },
	{ "fee",       { "case_no", "holder", "product_key", "issuer_name" } },
	{ "refund",    { "case_no", "holder", "product_key", "issuer_name" } },
	{ "checklist", { "holder", "product_key", "issuer_name", "new" } },
	{ "guide",     { "case_no", "holder", "product_key", "issuer_name" } },
	{ "ticket",    { "case_no", "holder", "product_key", "issuer_name",
	    "state", "hold", "promise", "until" } },
	/* clang-format on */
};

static const struct kind *
kind_named(const char *name)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	}
	return NULL;
}

json_t *
print_blank(
    const struct agent *a, const char *kind, const char *lang, bool copy)
{
	const struct conf *c = a->conf;
	const struct {
		const char *name, *value;
	} who[] = { { "phone", c->phone }, { "address", c->address },
		{ "business_no", c->business_no },
		{ "representative", c->representative } };
	json_t *d = json_pack("{s:s,s:s,s:b,s:s,s:s,s:I,s:b}", "kind", kind,
	    "lang", lang, "copy", copy, "bank", c->bank, "branch", c->branch,
	    "printed_at", (json_int_t)wall_s(a), "practice", c->practice);

	for (size_t i = 0; i < sizeof who / sizeof *who; i++)
		if (who[i].value[0] != '\0')
			json_object_set_new(
			    d, who[i].name, json_string(who[i].value));
	return d;
}

/* Who pays and how, flat: won and vat of the fee, all of what was paid. */
static bool
add_payment(json_t *document, const json_t *view)
{
	static const char *const picks[] = { "method", "at", "approval",
		"brand", "pan", "receipt_no" };
	const json_t *fee = json_object_get(view, "fee");
	const json_t *paid = json_object_get(fee, "paid");

	if (!json_is_object(paid))
		return false;
	json_object_set(document, "won", json_object_get(fee, "won"));
	json_object_set(document, "vat", json_object_get(fee, "vat"));
	for (size_t i = 0; i < sizeof picks / sizeof *picks; i++) {
		json_t *v = json_object_get(paid, picks[i]);

		/* cash has no card, a card no receipt of the bank's */
		if (json_is_integer(v) || rpc_str(paid, picks[i])[0] != '\0')
			json_object_set(document, picks[i], v);
	}
	return true;
}

/* Words on paper are in small letters; the machine's states are not. */
static void
lower_state(json_t *document)
{
	char word[WORD];

	if (!json_is_string(json_object_get(document, "state")) ||
	    !str_copy(word, sizeof word, rpc_str(document, "state")))
		return;
	for (char *c = word; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	json_object_set_new(document, "state", json_string(word));
}

static bool
is_absent(const json_t *view, const char *key)
{
	const json_t *v = json_object_get(view, key);

	return v == NULL || json_is_null(v);
}

json_t *
print_document(const struct agent *a, const json_t *view, const char *kind,
    const char *lang, bool copy)
{
	const struct kind *k = kind_named(kind);
	json_t *d;
	bool ok = true;

	if (k == NULL)
		return NULL;
	d = print_blank(a, kind, lang, copy);
	for (size_t i = 0; i < PICKS && k->picks[i] != NULL; i++) {
		json_t *v = json_object_get(view, k->picks[i]);

		if (v != NULL && !json_is_null(v))
			json_object_set(d, k->picks[i], v);
	}
	lower_state(d);
	if (strcmp(kind, "fee") == 0 || strcmp(kind, "refund") == 0)
		ok = add_payment(d, view);
	else if (strcmp(kind, "loss") == 0)
		ok = !is_absent(view, "loss_no");
	else if (strcmp(kind, "checklist") == 0)
		ok = !is_absent(view, "new");
	if (!ok) {
		json_decref(d);
		return NULL;
	}
	return d;
}
