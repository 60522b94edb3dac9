/*
 * unit/paper/samples.c - reading them.
 */
#include "samples.h"

#include <criterion/criterion.h>
#include <stdio.h>

const char *const sample_slips[] = { "receipt", "receipt_done", "loss",
	"loss_pending", "fee", "fee_cash", "refund", "checklist", "guide",
	"ticket", NULL };
const char *const sample_forms[] = { "application", "loss_report", "day",
	NULL };

json_t *
sample(const char *name, const char *lang)
{
	char path[128];
	json_error_t why;
	json_t *d;

	snprintf(path, sizeof path, "tests/golden/paper/%s.json", name);
	d = json_load_file(path, 0, &why);
	cr_assert(d != NULL, "%s: %s", path, why.text);
	json_object_set_new(d, "lang", json_string(lang));
	return d;
}
