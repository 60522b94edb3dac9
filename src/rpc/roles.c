/*
 * rpc/roles.c - the role table and its reader.
 */
#include "rpc/roles.h"

#include <string.h>

#include "rpc/rpc.h"

#define K	(1u << ROLE_KIOSK)
#define C	(1u << ROLE_COUNTER)
#define V	(1u << ROLE_SUPERVISOR)
#define A	(1u << ROLE_AUDITOR)
#define N	(1u << ROLE_NET)
#define M	(1u << ROLE_MEDIA)
#define T	(1u << ROLE_TOOL)
#define S	(1u << ROLE_SHIP)
#define P	(1u << ROLE_PRINT)
#define H	(1u << ROLE_HANDOFF)
#define O	(1u << ROLE_TOKEN)
#define W	(1u << ROLE_KEY)
#define ANYBODY (1u << ROLE_NONE | K | C | V | A | N | M | T | S | P | H | O)
#define CLERKS	(C | V)
#define STAFF	(C | V | A)

/* clang-format off */
static const struct rpc_rule rules[METHOD_COUNT] = {
	[METHOD_HELLO]           = { "hello",           ANYBODY, STANDING_NONE,
	    RPC_FD_NO,   "role:s terminal:s? staff:s?" },
	[METHOD_VISIT_BEGIN]     = { "visit.begin",     K, STANDING_HELLO,
	    RPC_FD_NO,   "purpose:s lang:s consents:o" },
	[METHOD_VISIT_END]       = { "visit.end",       K, STANDING_HELLO,
	    RPC_FD_NO,   "" },
	[METHOD_IDENTITY_VERIFY] = { "identity.verify", K, STANDING_VISIT,
	    RPC_FD_NO,   "name:s number:s id_kind:s id_number:s issue_date:s" },
	[METHOD_FACTOR_START]    = { "factor.start",    K, STANDING_IDENTITY,
	    RPC_FD_NO,   "kind:s" },
	[METHOD_FACTOR_VERIFY]   = { "factor.verify",   K, STANDING_IDENTITY,
	    RPC_FD_NO,   "kind:s answer:s account:s" },
	[METHOD_CERT_LIST]       = { "cert.list",       K, STANDING_FACTOR,
	    RPC_FD_NO,   "" },
	[METHOD_CASE_OPEN]       = { "case.open",       K, STANDING_FACTOR,
	    RPC_FD_NO,   "index:i" },
	[METHOD_CASE_REPORT]     = { "case.report",     K, STANDING_FACTOR,
	    RPC_FD_NO,   "kind:s when:s place:s detail:s medium:s misuse:b" },
	[METHOD_CASE_APPLY]      = { "case.apply",      K, STANDING_FACTOR,
	    RPC_FD_NO,   "phone:s email:s p12:b" },
	[METHOD_CASE_ISSUE]      = { "case.issue",      K, STANDING_FACTOR,
	    RPC_FD_MUST, "p12:b? to:a? token:i?" },
	[METHOD_CASE_DELIVER]    = { "case.deliver",    K, STANDING_FACTOR,
	    RPC_FD_MAY,  "to:a? token:i?" },
	[METHOD_CASE_CANCEL]     = { "case.cancel",     K, STANDING_FACTOR,
	    RPC_FD_NO,   "" },
	[METHOD_CASE_STATUS]     = { "case.status",     K, STANDING_FACTOR,
	    RPC_FD_NO,   "case_no:s" },
	[METHOD_MEDIA_LIST]      = { "media.list",      K, STANDING_VISIT,
	    RPC_FD_NO,   "" },
	[METHOD_MEDIA_VERIFY]    = { "media.verify",    K, STANDING_VISIT,
	    RPC_FD_MUST, "index:i number:s?" },
	[METHOD_MEDIA_PASSWD]    = { "media.passwd",    K, STANDING_VISIT,
	    RPC_FD_MUST, "index:i" },
	[METHOD_KIOSK_SCREEN]    = { "kiosk.screen",    K, STANDING_HELLO,
	    RPC_FD_NO,   "screen:s" },
	[METHOD_STAFF_CALL]      = { "staff.call",      K, STANDING_HELLO,
	    RPC_FD_NO,   "screen:s" },
	[METHOD_PHONE_BEGIN]     = { "phone.begin",     K, STANDING_FACTOR,
	    RPC_FD_NO,   "" },
	[METHOD_PHONE_DIGITS]    = { "phone.digits",    K, STANDING_FACTOR,
	    RPC_FD_NO,   "digits:s" },
	[METHOD_PHONE_END]       = { "phone.end",       K, STANDING_FACTOR,
	    RPC_FD_NO,   "" },
	[METHOD_TOKEN_LIST]      = { "token.list",      K, STANDING_VISIT,
	    RPC_FD_NO,   "" },
	[METHOD_TOKEN_CHECK]     = { "token.check",     K, STANDING_VISIT,
	    RPC_FD_MUST, "token:i number:s?" },
	[METHOD_TOKEN_PIN]       = { "token.pin",       K, STANDING_VISIT,
	    RPC_FD_MUST, "token:i" },
	[METHOD_HANDOFF_CLAIM]   = { "handoff.claim",   H, STANDING_HELLO,
	    RPC_FD_NO,   "id:s key:s mac:s" },
	[METHOD_HANDOFF_ACK]     = { "handoff.ack",     H, STANDING_HELLO,
	    RPC_FD_NO,   "id:s mac:s" },
	[METHOD_PAY_BEGIN]       = { "pay.begin",       K, STANDING_FACTOR,
	    RPC_FD_NO,   "" },
	[METHOD_PAY_CANCEL]      = { "pay.cancel",      K, STANDING_FACTOR,
	    RPC_FD_NO,   "" },
	[METHOD_SLIP_PRINT]      = { "slip.print",      K, STANDING_FACTOR,
	    RPC_FD_NO,   "kind:s" },
	[METHOD_QUEUE_LIST]      = { "queue.list",      STAFF, STANDING_HELLO,
	    RPC_FD_NO,   "filter:s find:s? sort:s? from:i?" },
	[METHOD_CALL_ANSWER]     = { "call.answer",     CLERKS, STANDING_HELLO,
	    RPC_FD_NO,   "call:i" },
	[METHOD_DESK_TAKE]       = { "desk.take",       CLERKS, STANDING_HELLO,
	    RPC_FD_NO,   "case_no:s" },
	[METHOD_DESK_LEAVE]      = { "desk.leave",      CLERKS, STANDING_HELLO,
	    RPC_FD_NO,   "" },
	[METHOD_DESK_VIEW]       = { "desk.view",       STAFF, STANDING_HELLO,
	    RPC_FD_NO,   "case_no:s" },
	[METHOD_DESK_UNMASK]     = { "desk.unmask",     CLERKS, STANDING_HELLO,
	    RPC_FD_NO,   "case_no:s field:s reason:s" },
	[METHOD_DESK_DOCS]       = { "desk.docs",       CLERKS, STANDING_HELLO,
	    RPC_FD_NO,   "case_no:s version:i applicant:s docs:a" },
	[METHOD_DESK_ACT]        = { "desk.act",        CLERKS, STANDING_HELLO,
	    RPC_FD_NO,   "case_no:s version:i action:s reason:s? details:o?" },
	[METHOD_DESK_CONFIRM]    = { "desk.confirm",    CLERKS, STANDING_HELLO,
	    RPC_FD_NO,   "case_no:s version:i proposal:i agree:b reason:s?" },
	[METHOD_BRANCH_STATUS]   = { "branch.status",   STAFF, STANDING_HELLO,
	    RPC_FD_NO,   "" },
	[METHOD_DAY_REPORT]      = { "day.report",      STAFF, STANDING_HELLO,
	    RPC_FD_NO,   "date:s" },
	[METHOD_DAY_FILE]        = { "day.file",        STAFF, STANDING_HELLO,
	    RPC_FD_NO,   "date:s format:s" },
	[METHOD_AUDIT_LIST]      = { "audit.list",      A | V, STANDING_HELLO,
	    RPC_FD_NO,   "from:i count:i" },
	[METHOD_AUDIT_VERIFY]    = { "audit.verify",    A | V, STANDING_HELLO,
	    RPC_FD_NO,   "" },
	[METHOD_AUDIT_PROVE]     = { "audit.prove",     A | V, STANDING_HELLO,
	    RPC_FD_NO,   "seq:i" },
	[METHOD_SHIP_ROWS]       = { "ship.rows",       S, STANDING_HELLO,
	    RPC_FD_NO,   "from:i max:i" },
	[METHOD_SHIP_ACKED]      = { "ship.acked",      S, STANDING_HELLO,
	    RPC_FD_NO,   "size:i note:s" },
	[METHOD_SHIP_TROUBLE]    = { "ship.trouble",    S, STANDING_HELLO,
	    RPC_FD_NO,   "kind:s size:i" },
	[METHOD_STATUS_GET]      = { "status.get",      T, STANDING_HELLO,
	    RPC_FD_NO,   "" },
	[METHOD_CASE_LIST]       = { "case.list",       T, STANDING_HELLO,
	    RPC_FD_NO,   "state:s? open:b? since:i? before:i?" },
	[METHOD_CASE_TIMELINE]   = { "case.timeline",   T, STANDING_HELLO,
	    RPC_FD_NO,   "case_no:s after:i?" },
	[METHOD_CMP_TRANSFER]    = { "cmp.transfer",    W | O, STANDING_NONE,
	    RPC_FD_NO,   "kind:s der:s transaction_id:s "
	                 "sign_pri:s? spki_sha256:s?" },
	[METHOD_ISSUE_ISSUED]    = { "issue.issued",    W | O, STANDING_NONE,
	    RPC_FD_NO,   "certificate:s chain:a p12:s? phone:a?" },
};
/* clang-format on */

static const char *const role_names[ROLE_COUNT] = {
	[ROLE_NONE] = "none",
	[ROLE_KIOSK] = "kiosk",
	[ROLE_COUNTER] = "counter",
	[ROLE_SUPERVISOR] = "supervisor",
	[ROLE_AUDITOR] = "auditor",
	[ROLE_NET] = "net",
	[ROLE_MEDIA] = "media",
	[ROLE_TOOL] = "tool",
	[ROLE_SHIP] = "ship",
	[ROLE_PRINT] = "print",
	[ROLE_HANDOFF] = "handoff",
	[ROLE_TOKEN] = "token",
	[ROLE_KEY] = "key",
};

const struct rpc_rule *
rpc_rule(enum rpc_method m)
{
	return &rules[m];
}

enum rpc_method
rpc_method_named(const char *name)
{
	int m = 0;

	while (m < METHOD_COUNT && strcmp(rules[m].name, name) != 0)
		m++;
	return (enum rpc_method)m;
}

enum rpc_role
rpc_role_named(const char *word)
{
	for (int r = ROLE_KIOSK; r < ROLE_KEY; r++) {
		if (strcmp(role_names[r], word) == 0)
			return (enum rpc_role)r;
	}
	return ROLE_NONE;
}

const char *
rpc_role_name(enum rpc_role role)
{
	return role_names[role];
}

static bool
has_type(const json_t *v, char type)
{
	switch (type) {
	case 's':
		return json_is_string(v);
	case 'i':
		return json_is_integer(v);
	case 'b':
		return json_is_boolean(v);
	case 'o':
		return json_is_object(v);
	case 'a':
		return json_is_array(v);
	default:
		return false;
	}
}

/* One "name:t" or "name:t?" of `spec` against `params`. */
static bool
member_fits(const char *spec, size_t n, const json_t *params)
{
	bool optional = spec[n - 1] == '?';
	size_t name = n - (optional ? 3 : 2);
	const json_t *v = json_object_getn(params, spec, name);

	if (v == NULL || json_is_null(v))
		return optional;
	return has_type(v, spec[name + 1]);
}

static bool
params_fit(const char *spec, const json_t *params)
{
	if (params != NULL && !json_is_object(params))
		return false;
	while (*spec != '\0') {
		size_t n = strcspn(spec, " ");
		if (!member_fits(spec, n, params))
			return false;
		spec += n + strspn(spec + n, " ");
	}
	return true;
}

struct err
rpc_admit(enum rpc_method *method, const json_t *request, enum rpc_role role,
    enum rpc_standing standing, bool has_fd)
{
	const json_t *name = json_object_get(request, "method");
	const struct rpc_rule *rule;

	*method = METHOD_COUNT;
	if (!json_is_integer(json_object_get(request, "id")) ||
	    !json_is_string(name))
		return err_make(E_FORMAT, 0, "rpc: no request");
	*method = rpc_method_named(json_string_value(name));
	if (*method == METHOD_COUNT)
		return err_make(E_NOTFOUND, 0, "rpc: method");
	rule = &rules[*method];
	if ((rule->roles & 1u << role) == 0)
		return err_make(E_ROLE, 0, "rpc: role");
	if (!params_fit(rule->params, json_object_get(request, "params")) ||
	    (has_fd && rule->fd == RPC_FD_NO) ||
	    (!has_fd && rule->fd == RPC_FD_MUST))
		return err_make(E_ARG, 0, "rpc: params");
	if (standing < rule->needs)
		return err_make(E_STATE, 0, "rpc: standing");
	return err_none();
}

const char *
rpc_refusal(struct err e)
{
	if (e.code == E_NOTFOUND)
		return "rpc.method";
	if (e.code == E_ROLE)
		return "rpc.role";
	if (e.code == E_STATE)
		return "rpc.state";
	if (e.code == E_LIMIT)
		return "rpc.size";
	return "rpc.params";
}
