/*
 * rpc/roles.h - who may ask the agent for what: one fixed table.
 *
 * A row names a method, the roles that may send it, what must hold before
 * (a visit begun, the identity verified, the second factor passed) and the
 * shape of its parameters.  What is in no row is refused.
 */
#ifndef RPC_ROLES_H
#define RPC_ROLES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum rpc_role {
	ROLE_NONE, /* has not said hello yet */
	ROLE_KIOSK,
	ROLE_COUNTER, /* a teller */
	ROLE_SUPERVISOR,
	ROLE_AUDITOR,
	ROLE_NET,
	ROLE_MEDIA,
	ROLE_TOOL,
	ROLE_SHIP,
	ROLE_PRINT,
	ROLE_HANDOFF,
	ROLE_TOKEN,
	ROLE_KEY, /* a child of the agent; nobody can say hello as one */
	ROLE_COUNT
};

enum rpc_method {
	METHOD_HELLO,
	METHOD_VISIT_BEGIN,
	METHOD_VISIT_END,
	METHOD_IDENTITY_VERIFY,
	METHOD_FACTOR_START,
	METHOD_FACTOR_VERIFY,
	METHOD_CERT_LIST,
	METHOD_CASE_OPEN,
	METHOD_CASE_REPORT,
	METHOD_CASE_APPLY,
	METHOD_CASE_ISSUE,
	METHOD_CASE_DELIVER,
	METHOD_CASE_CANCEL,
	METHOD_CASE_STATUS,
	METHOD_MEDIA_LIST,
	METHOD_MEDIA_VERIFY,
	METHOD_MEDIA_PASSWD,
	METHOD_KIOSK_SCREEN,
	METHOD_STAFF_CALL,
	METHOD_PHONE_BEGIN,
	METHOD_PHONE_DIGITS,
	METHOD_PHONE_END,
	METHOD_TOKEN_LIST,
	METHOD_TOKEN_CHECK,
	METHOD_TOKEN_PIN,
	METHOD_HANDOFF_CLAIM,
	METHOD_HANDOFF_ACK,
	METHOD_PAY_BEGIN,
	METHOD_PAY_CANCEL,
	METHOD_SLIP_PRINT,
	METHOD_QUEUE_LIST,
	METHOD_CALL_ANSWER,
	METHOD_DESK_TAKE,
	METHOD_DESK_LEAVE,
	METHOD_DESK_VIEW,
	METHOD_DESK_UNMASK,
	METHOD_DESK_DOCS,
	METHOD_DESK_ACT,
	METHOD_DESK_CONFIRM,
	METHOD_BRANCH_STATUS,
	METHOD_DAY_REPORT,
	METHOD_DAY_FILE,
	METHOD_AUDIT_LIST,
	METHOD_AUDIT_VERIFY,
	METHOD_AUDIT_PROVE,
	METHOD_SHIP_ROWS,
	METHOD_SHIP_ACKED,
	METHOD_SHIP_TROUBLE,
	METHOD_STATUS_GET,
	METHOD_CASE_LIST,
	METHOD_CASE_TIMELINE,
	METHOD_CMP_TRANSFER,
	METHOD_ISSUE_ISSUED,
	METHOD_COUNT
};

/* What a connection has reached; each includes those before it. */
enum rpc_standing {
	STANDING_NONE,
	STANDING_HELLO,
	STANDING_VISIT,	   /* visit.begin */
	STANDING_IDENTITY, /* identity.verify */
	STANDING_FACTOR,   /* factor.verify */
	STANDING_COUNT
};

enum rpc_fd { RPC_FD_NO, RPC_FD_MAY, RPC_FD_MUST };

struct rpc_rule {
	const char *name; /* "case.open" */
	unsigned roles;	  /* bits 1 << enum rpc_role */
	enum rpc_standing needs;
	enum rpc_fd fd;
	/* Required members and their types, "name:s index:i p12:b consents:o";
	 * a trailing '?' makes one optional. */
	const char *params;
};

/* The row of a method; never NULL. */
const struct rpc_rule *rpc_rule(enum rpc_method m);

/* METHOD_COUNT when there is none of this name. */
enum rpc_method rpc_method_named(const char *name);

/* "kiosk" and so on.  ROLE_NONE for an unknown word and for "key". */
enum rpc_role rpc_role_named(const char *word);
const char *rpc_role_name(enum rpc_role role); /* never NULL */

/*
 * Whether the request may be served.  *method is set unless the answer is
 * E_NOTFOUND.  E_FORMAT: no request at all (no integer id or no method name),
 * a malformed frame; E_NOTFOUND: unknown method; E_ROLE; E_STATE: the
 * connection has not got that far; E_ARG: parameters of the wrong shape, or a
 * descriptor missing or not wanted.
 */
MUST_USE struct err rpc_admit(enum rpc_method *method, const json_t *request,
    enum rpc_role role, enum rpc_standing standing, bool has_fd);

/* The wire word of an error of rpc_admit(), e.g. "rpc.role"; never NULL. */
const char *rpc_refusal(struct err e);

#endif
