/*
 * prog/tool/rest.c - see the header.
 */
#include "prog/tool/rest.h"

struct err
tool_rest_open(struct tool_rest *r, const char *path)
{
	struct err e = store_snapshot_take(&r->snapshot, path);

	return err_is(e) ? e : store_open_audit(&r->store, r->snapshot.path);
}

void
tool_rest_close(struct tool_rest *r)
{
	store_close(r->store);
	store_snapshot_drop(&r->snapshot);
	r->store = NULL;
}
