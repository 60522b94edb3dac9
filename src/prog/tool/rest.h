/*
 * prog/tool/rest.h - a branch's database while no agent answers for it.
 */
#ifndef TOOL_REST_H
#define TOOL_REST_H

#include "store/audit_rows.h"

/* Zeroed before use. */
struct tool_rest {
	struct store_snapshot snapshot;
	struct store *store; /* reads only */
};

/*
 * Open dasi.db at `path` for reading, a private copy of it when something
 * may be writing; errors of store_snapshot_take and store_open_audit.  Close
 * in any case.
 */
MUST_USE struct err tool_rest_open(struct tool_rest *r, const char *path);
void tool_rest_close(struct tool_rest *r);

#endif
