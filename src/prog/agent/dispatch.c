/*
 * agent/dispatch.c - a request, admitted by the role table, to its handler.
 */
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "prog/agent/core.h"
#include "prog/agent/deliver.h"
#include "prog/agent/pay.h"
#include "prog/agent/desk.h"
#include "prog/agent/rules.h"

/* clang-format off */
static ask_handler *const handlers[METHOD_COUNT] = {
	[METHOD_HELLO]           = ask_hello,
	[METHOD_VISIT_BEGIN]     = ask_visit_begin,
	[METHOD_VISIT_END]       = ask_visit_end,
	[METHOD_IDENTITY_VERIFY] = ask_identity_verify,
	[METHOD_FACTOR_START]    = ask_factor_start,
	[METHOD_FACTOR_VERIFY]   = ask_factor_verify,
	[METHOD_CERT_LIST]       = ask_cert_list,
	[METHOD_CASE_OPEN]       = ask_case_open,
	[METHOD_CASE_REPORT]     = ask_case_report,
	[METHOD_CASE_APPLY]      = ask_case_apply,
	[METHOD_CASE_ISSUE]      = ask_case_issue,
	[METHOD_CASE_DELIVER]    = ask_case_deliver,
	[METHOD_CASE_CANCEL]     = ask_case_cancel,
	[METHOD_CASE_STATUS]     = ask_case_status,
	[METHOD_MEDIA_LIST]      = ask_media_list,
	[METHOD_MEDIA_VERIFY]    = ask_media_verify,
	[METHOD_MEDIA_PASSWD]    = ask_media_passwd,
	[METHOD_KIOSK_SCREEN]    = ask_kiosk_screen,
	[METHOD_STAFF_CALL]      = ask_staff_call,
	[METHOD_QUEUE_LIST]      = ask_queue_list,
	[METHOD_CALL_ANSWER]     = ask_call_answer,
	[METHOD_DESK_TAKE]       = ask_desk_take,
	[METHOD_DESK_LEAVE]      = ask_desk_leave,
	[METHOD_DESK_VIEW]       = ask_desk_view,
	[METHOD_DESK_UNMASK]     = ask_desk_unmask,
	[METHOD_DESK_DOCS]       = ask_desk_docs,
	[METHOD_DESK_ACT]        = ask_desk_act,
	[METHOD_DESK_CONFIRM]    = ask_desk_confirm,
	[METHOD_BRANCH_STATUS]   = ask_branch_status,
	[METHOD_DAY_REPORT]      = ask_day_report,
	[METHOD_DAY_FILE]        = ask_day_file,
	[METHOD_AUDIT_LIST]      = ask_audit_list,
	[METHOD_AUDIT_VERIFY]    = ask_audit_verify,
	[METHOD_AUDIT_PROVE]     = ask_audit_prove,
	[METHOD_SLIP_PRINT]      = ask_slip_print,
	[METHOD_PAY_BEGIN]       = ask_pay_begin,
	[METHOD_PAY_CANCEL]      = ask_pay_cancel,
	[METHOD_SHIP_ROWS]       = ask_ship_rows,
	[METHOD_SHIP_ACKED]      = ask_ship_acked,
	[METHOD_SHIP_TROUBLE]    = ask_ship_trouble,
	[METHOD_STATUS_GET]      = ask_status_get,
	[METHOD_CASE_LIST]       = ask_case_list,
	[METHOD_CASE_TIMELINE]   = ask_case_timeline,
	[METHOD_CMP_TRANSFER]    = ask_cmp_transfer,
	[METHOD_ISSUE_ISSUED]    = ask_issue_issued,
	[METHOD_TOKEN_LIST]      = ask_token_list,
	[METHOD_TOKEN_CHECK]     = ask_token_check,
	[METHOD_TOKEN_PIN]       = ask_token_pin,
	[METHOD_PHONE_BEGIN]     = ask_phone_begin,
	[METHOD_PHONE_DIGITS]    = ask_phone_digits,
	[METHOD_PHONE_END]       = ask_phone_end,
	[METHOD_HANDOFF_CLAIM]   = ask_handoff_claim,
	[METHOD_HANDOFF_ACK]     = ask_handoff_ack,
};
/* clang-format on */

struct context
ask_context(struct agent *a, const struct ask *q)
{
	return (struct context){
		.link = link_ref(a, q->link), .request = q->id, .live = NO_REF
	};
}

static enum rpc_standing
standing_of(const struct link *l)
{
	if (l->role == ROLE_NONE)
		return STANDING_NONE;
	return l->visit.standing < STANDING_HELLO ? STANDING_HELLO
						  : l->visit.standing;
}

void
dispatch(struct agent *a, struct link *l, json_t *body, int fd)
{
	struct ref r = link_ref(a, l);
	struct ask q = { .link = l,
		.fd = fd,
		.id = rpc_int(body, "id", 0),
		.params = json_object_get(body, "params") };
	enum rpc_method method;
	const char *refused;
	struct err e = rpc_admit(
	    &method, body, l->role, standing_of(l), fd >= 0);

	if (err_is(e)) {
		refused = rpc_refusal(e);
		log_line(LOG_WARNING, "%s: %s refused: %s",
		    rpc_role_name(l->role),
		    method < METHOD_COUNT ? rpc_rule(method)->name : "request",
		    refused);
		if (e.code == E_FORMAT && ++l->malformed >= MALFORMED_MAX) {
			refuse(a, r, q.id, refused);
			if ((l = link_get(a, r)) != NULL)
				link_drop(a, l);
			refused = NULL;
		}
	} else if (handlers[method] == NULL) {
		refused = "rpc.method";
	} else {
		refused = handlers[method](a, &q);
	}
	if (q.fd >= 0)
		close(q.fd);
	if (refused != NULL)
		refuse(a, r, q.id, refused);
}

static json_t *
view_issuer(const struct conf_issuer *i)
{
	return json_pack("{s:s,s:s,s:s,s:s}", "o", i->o, "name", i->name,
	    "phone", i->phone, "site", i->site);
}

static json_t *
view_welcome(struct agent *a, const struct link *l)
{
	const struct conf *c = a->conf;
	json_t *issuers = json_array(), *fee = json_null();
	struct fee f;
	json_t *v;

	for (size_t i = 0; i < c->issuer_count; i++)
		json_array_append_new(issuers, view_issuer(&c->issuers[i]));
	if (!err_is(rules_fee_common(a, &f))) {
		json_decref(fee);
		fee = json_pack("{s:i}", "won", f.won);
	}
	v = json_pack("{s:{s:s,s:s,s:s},s:b,s:o,s:{s:s,s:s,s:b},s:I,s:o,"
		      "s:o,s:o}",
	    "branch", "bank", c->bank, "name", c->branch, "code",
	    c->branch_code, "practice", c->practice, "issuer",
	    view_issuer(conf_our_issuer(c)), "hours", "open", c->opens, "close",
	    c->closes, "now_open", rules_open(a), "waiting",
	    (json_int_t)queue_waiting(a), "fee", fee, "health", view_health(a),
	    "issuers", issuers);
	if (l->staff[0] != '\0')
		json_object_set_new(v, "staff", json_string(l->staff));
	return v;
}

/* A peer program that came back takes the place of its hung forebear. */
static void
make_room(struct agent *a, enum rpc_role role)
{
	struct link *old;

	if (role != ROLE_NET && role != ROLE_MEDIA && role != ROLE_PRINT &&
	    role != ROLE_HANDOFF && role != ROLE_TOKEN)
		return;
	while ((old = link_of_role(a, role)) != NULL)
		link_drop(a, old);
}

const char *
ask_hello(struct agent *a, struct ask *q)
{
	enum rpc_role role = rpc_role_named(rpc_str(q->params, "role"));
	struct link *l = q->link;
	struct ref r = link_ref(a, l);

	if (role == ROLE_NONE || (l->allowed & 1u << role) == 0) {
		log_line(LOG_WARNING, "hello as %s refused",
		    role == ROLE_NONE ? "nobody known" : rpc_role_name(role));
		if (staff_is(role))
			staff_refused(a, l, rpc_role_name(role));
		return "rpc.role";
	}
	if (l->role != ROLE_NONE && l->role != role)
		return "rpc.state";
	if (l->role == ROLE_NONE) {
		make_room(a, role);
		if (!str_copy(l->terminal, sizeof l->terminal,
			rpc_str(q->params, "terminal")))
			return "rpc.params";
		l->role = role;
		if (staff_is(role))
			staff_hello(a, l, q->params);
		log_line(LOG_INFO, "%s connected", rpc_role_name(role));
		record_row(a, l, "connected", "role", rpc_role_name(role));
	}
	if (role == ROLE_NET) {
		a->probe_ms = mono_ms(a);
		pay_net_changed(a);
	}
	if (role == ROLE_TOKEN)
		token_tell(a);
	if (role == ROLE_MEDIA)
		health_set(a,
		    (struct health){ a->health.ca, a->health.registry, true });
	answer(a, r, q->id, view_welcome(a, l));
	if (role == ROLE_KIOSK && (l = link_get(a, r)) != NULL &&
	    a->media_state != NULL)
		link_event(a, l, "media.changed", json_incref(a->media_state));
	return NULL;
}
