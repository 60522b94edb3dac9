/*
 * The happy path, seen from the kiosk, from the journal and from the peers.
 */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <string.h>

#include "people.h"
#include "rpc/rpc.h"
#include "world.h"

TestSuite(flow, .init = world_open, .fini = world_close);

Test(flow, from_the_loss_to_a_verified_certificate)
{
	until_paid();
	cr_expect_str_eq(
	    text(ask_fd(0, "case.issue", "New!2026pw"), "state"), "PAID");
	run();
	struct store_case c = row();
	cr_expect_eq((int)c.state, CASE_DONE);
	cr_expect_eq((int)c.hold, HOLD_CONFIRMED);
	cr_expect_str_eq(c.problem, "");
	cr_expect_str_eq(c.old_status, "revoked");
	cr_expect_str_eq(c.new_status, "valid");
	cr_expect_str_eq(c.new_serial, "0d4e5f");
	cr_expect_eq(w.sent[0], 2, "hold and revocation");
	cr_expect_eq(w.sent[1], 1, "one ir");
	cr_expect_eq(w.sent[2], 1, "one certConf");
	const json_t *last = last_case();
	cr_expect_str_eq(text(last, "state"), "DONE");
	cr_expect_str_eq(text(json_object_get(last, "new"), "status"), "valid");
}

Test(flow, the_hold_is_durable_and_at_the_ca_before_anything_else)
{
	begin(0, "reissue");
	identify(0);
	open_case(0);
	json_t *c = report(0, "lost");
	cr_expect_str_eq(text(c, "hold"), "pending");
	cr_expect_str_eq(text(c, "loss_no"), "L-20261122-0001");
	run();
	cr_expect_str_eq(text(last_case(), "hold"), "confirmed");
	cr_expect_eq(rpc_int(w.rr, "reason", -1), 6, "certificateHold");
	cr_expect_eq((int)row().state, CASE_HELD);
}

static const struct {
	const char *kind;
	int reason;
} reasons[] = { { "lost", 1 }, { "stolen", 1 }, { "leaked", 1 },
	{ "broken", 4 }, { "forgotten", 4 } };

Test(flow, the_old_certificate_is_revoked_for_the_reason_of_its_loss)
{
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
		if (i > 0) {
			world_close();
			world_open();
		}
		begin(0, "reissue");
		identify(0);
		open_case(0);
		report(0, reasons[i].kind);
		run();
		apply(0);
		ask_fd(0, "case.issue", "New!2026pw");
		run();
		cr_expect_eq((int)row().state, CASE_DONE);
		cr_expect_eq(rpc_int(w.rr, "reason", -1), reasons[i].reason,
		    "%s", reasons[i].kind);
	}
}

Test(flow, the_key_pair_is_ready_before_the_form_is_filled_in)
{
	begin(0, "reissue");
	identify(0);
	open_case(0);
	report(0, "lost");
	run();
	cr_expect_eq(w.spawned, 2, "one for the hold, one warming up");
	apply(0);
	ask_fd(0, "case.issue", "New!2026pw");
	cr_expect_geq(w.spawned, 2);
	cr_expect_str_eq(text(w.enroll, "person"), "p-1");
	cr_expect_str_eq(text(w.enroll, "serial"), "0a1b2c");
}

Test(flow, what_the_worker_gets_is_what_was_agreed)
{
	until_paid();
	w.media_mute = true;
	ask_fd(0, "case.issue", "New!2026pw");
	struct fake_key *k = NULL;
	for (int i = 0; i < KEYS; i++)
		k = w.keys[i].sock >= 0 ? &w.keys[i] : k;
	cr_assert_not_null(k);
	cr_expect_str_eq(k->password, "New!2026pw");
	cr_expect_str_eq(text(k->params, "number"), PERSON_NUMBER);
	cr_expect_str_eq(text(k->params, "refnum"), "REF1");
	const json_t *expect = json_object_get(k->params, "expect");
	cr_expect_eq(rpc_int(expect, "not_after", 0), row().not_after);
	cr_expect_str_eq(text(expect, "policy"), "1.2.410.200005.1.1.4");
	cr_expect_gt(strlen(rpc_str(expect, "subject_der")), 10);
	cr_expect(rpc_bool(k->params, "p12"));
	cr_expect_str_eq(text(w.write, "organisation"), "yessign");
	cr_expect_eq(json_array_size(json_object_get(w.write, "files")), 2);
	cr_expect_eq(json_array_size(json_object_get(w.write, "beside")), 1);
	cr_expect_eq((int)row().state, CASE_ISSUED);
	cr_expect_eq(w.sent[2], 0, "nothing confirmed before it is delivered");
}

Test(flow, progress_runs_through_its_steps_in_order)
{
	static const char *const steps[] = { "key", "request", "check", "write",
		"prove", "confirm", "revoke" };
	size_t at = 0;

	until_paid();
	ask_fd(0, "case.issue", "New!2026pw");
	run();
	for (int i = 0; i < w.event_count; i++) {
		const json_t *p = json_object_get(w.events[i], "params");
		if (strcmp(text(w.events[i], "event"), "case.progress") != 0 ||
		    strcmp(text(p, "status"), "done") != 0)
			continue;
		cr_assert_lt(at, sizeof steps / sizeof *steps);
		cr_expect_str_eq(text(p, "step"), steps[at++]);
	}
	cr_expect_eq(at, sizeof steps / sizeof *steps);
}

Test(flow, at_the_end_nothing_sealed_is_left)
{
	uint8_t room[1024];
	struct buf b = buf_make(room, sizeof room);

	until_paid();
	struct store_case c = row();
	cr_assert_not(
	    err_is(store_blob_get(w.agent->store, &b, &c, BLOB_PERSON)));
	ask_fd(0, "case.issue", "New!2026pw");
	run();
	for (int kind = 0; kind < BLOB_COUNT; kind++) {
		b.n = 0;
		struct err e = store_blob_get(w.agent->store, &b, &c, kind);
		cr_expect_eq(e.code, E_NOTFOUND);
	}
}

Test(flow, only_reporting_ends_with_the_hold)
{
	begin(0, "report");
	identify(0);
	open_case(0);
	report(0, "stolen");
	run();
	cr_expect_eq((int)row().state, CASE_HELD);
	cr_expect_eq(w.spawned, 1, "no key pair for a mere report");
	ask("visit.end", "{}");
	for (int i = 0; i < LIVES_MAX; i++)
		cr_expect_not(w.agent->lives[i].used);
}

Test(flow, a_reported_case_is_applied_for_on_another_day_at_another_kiosk)
{
	begin(0, "report");
	identify(0);
	open_case(0);
	report(0, "lost");
	run();
	ask("visit.end", "{}");
	w.wall_ms += 86400000;
	begin(1, "reissue");
	identify(1);
	json_t *c = open_case(1);
	cr_expect_str_eq(text(c, "case_no"), "R-20261122-0001");
	cr_expect_str_eq(text(c, "state"), "HELD");
	c = apply(1);
	cr_expect_str_eq(text(c, "state"), "PAID");
	ask_fd(1, "case.issue", "New!2026pw");
	run();
	cr_expect_eq((int)row().state, CASE_DONE);
}

Test(flow, no_key_worker_or_visit_outlives_a_finished_case)
{
	until_paid();
	ask_fd(0, "case.issue", "New!2026pw");
	run();
	ask("visit.end", "{}");
	run();
	for (int i = 0; i < KEYS; i++)
		cr_expect_lt(w.keys[i].sock, 0);
	for (int i = 0; i < LIVES_MAX; i++)
		cr_expect_not(w.agent->lives[i].used);
	for (int i = 0; i < CALLS_MAX; i++)
		cr_expect_eq(w.agent->calls[i].id, 0);
}

Test(flow, a_case_of_the_past_can_be_looked_at_by_its_owner)
{
	until_paid();
	ask_fd(0, "case.issue", "New!2026pw");
	run();
	begin(1, "status");
	identify(1);
	json_t *c = ask_at(1, "case.status", "{'case_no':'r 20261122 0001'}");
	cr_expect_str_eq(text(c, "state"), "DONE");
	cr_expect_str_eq(
	    code(ask_at(1, "case.status", "{'case_no':'R-20261122-0002'}")),
	    "case.none");
	cr_expect_str_eq(
	    code(ask_at(1, "case.status", "{'case_no':'nonsense'}")),
	    "case.none");
}

static int
open_descriptors(void)
{
	int n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

Test(flow, no_descriptor_is_left_open)
{
	int before = open_descriptors();

	until_paid();
	ask_fd(0, "case.issue", "New!2026pw");
	run();
	ask("visit.end", "{}");
	run();
	cr_expect_eq(open_descriptors(), before);
}

Test(flow, every_effect_has_its_intent_and_its_result)
{
	static const char *const effects[] = { "hold", "enroll", "cmp.rr",
		"cmp.ir", "media.write", "cmp.certConf", "revoke" };
	uint8_t room[1024];
	struct buf b = buf_make(room, sizeof room);
	char key[STORE_TEXT];

	until_paid();
	ask_fd(0, "case.issue", "New!2026pw");
	run();
	struct store_case c = row();
	for (size_t i = 0; i < sizeof effects / sizeof *effects; i++) {
		struct err e = store_open_intent(
		    w.agent->store, &b, key, sizeof key, &c, effects[i]);
		cr_expect_eq(e.code, E_NOTFOUND, "%s is open", effects[i]);
	}
	cr_expect_geq(journal_rows(), 2 * 8 + 10, "and none is missing");
}
