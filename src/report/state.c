/*
 * report/state.c - counts, audit log, files: what dasi doctor judges.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "audit/cms.h"
#include "base/clock.h"
#include "npki/cert.h"
#include "report/report.h"
#include "store/audit_rows.h"

static json_t *
time_or_null(int64_t s)
{
	return s == 0 ? json_null() : json_integer(s);
}

/* Open cases by state, with those that have ended as one number. */
static json_t *
states(const struct store_summary *sum)
{
	json_t *open = json_object();
	int64_t ended = 0, live = 0;

	for (int i = 0; i < CASE_STATE_COUNT; i++) {
		if (case_is_over((enum case_state)i)) {
			ended += sum->states[i];
			continue;
		}
		live += sum->states[i];
		if (sum->states[i] > 0)
			json_object_set_new(open,
			    case_state_name((enum case_state)i),
			    json_integer(sum->states[i]));
	}
	return json_pack("{s:I,s:I,s:o}", "open", (json_int_t)live, "ended",
	    (json_int_t)ended, "states", open);
}

struct err
report_summary(json_t **out, struct store *s)
{
	struct store_summary sum;
	struct err e = store_report_summary(s, &sum);

	*out = NULL;
	if (err_is(e))
		return e;
	*out = json_pack(
	    "{s:o,s:{s:I,s:o,s:s,s:s},s:{s:I,s:o},s:{s:I,s:o,s:I}}", "cases",
	    states(&sum), "intents", "open", (json_int_t)sum.intents,
	    "oldest_at", time_or_null(sum.intent_ms / 1000), "effect",
	    sum.intent_effect, "case_no", sum.intent_case, "holds", "pending",
	    (json_int_t)sum.holds, "oldest_at", time_or_null(sum.hold_at),
	    "spool", "waiting", (json_int_t)sum.spool, "oldest_at",
	    time_or_null(sum.spool_at), "leftover", (json_int_t)sum.leftover);
	return *out != NULL ? e : err_make(E_NOMEM, 0, "report: summary");
}

struct err
report_store(json_t **out, struct store *s, bool check)
{
	char found[STORE_TEXT] = "";
	int version, newest;
	struct err e = store_report_schema(s, &version, &newest);

	*out = NULL;
	if (!err_is(e) && check)
		e = store_report_integrity(s, found, sizeof found);
	if (err_is(e))
		return e;
	*out = json_pack("{s:i,s:i,s:o}", "schema", version, "newest", newest,
	    "integrity", check ? json_string(found) : json_null());
	return *out != NULL ? e : err_make(E_NOMEM, 0, "report: store");
}

static struct err
take_time(void *arg, const struct audit_stored *stored)
{
	struct audit_row row;
	struct err e = row_decode(&row, stored->row);

	if (!err_is(e))
		*(int64_t *)arg = row.wall_ms / 1000;
	return e;
}

/* When the row before `end` was written; 0 when there is none. */
static int64_t
time_before(const struct audit_port *port, uint64_t end)
{
	int64_t at_s = 0;

	if (end == 0 ||
	    err_is(port->rows(port->ctx, end - 1, end, take_time, &at_s)))
		return 0;
	return at_s;
}

struct err
report_audit(json_t **out, struct store *s)
{
	struct audit_port port = store_audit_port(s);
	struct audit_checkpoint *c = calloc(1, sizeof *c);
	struct audit_bounds b = { 0 };
	uint64_t covered = 0, at;
	struct err e = c == NULL ? err_make(E_NOMEM, 0, "report: audit")
				 : port.bounds(port.ctx, &b);

	*out = NULL;
	for (at = b.checkpoints; !err_is(e) && at > 0 && covered == 0; at--) {
		e = port.checkpoint(port.ctx, at - 1, c);
		if (!err_is(e) && c->note_n > 0)
			covered = c->size;
	}
	free(c);
	if (err_is(e))
		return e;
	*out = json_pack("{s:I,s:I,s:I,s:o,s:o}", "rows", (json_int_t)b.end,
	    "first", (json_int_t)b.first, "signed", (json_int_t)covered,
	    "signed_at", time_or_null(time_before(&port, covered)), "newest_at",
	    time_or_null(time_before(&port, b.end)));
	return *out != NULL ? e : err_make(E_NOMEM, 0, "report: audit");
}

json_t *
report_file(const char *path)
{
	const struct passwd *pw;
	char mode[8], owner[32];
	struct stat st;

	if (stat(path, &st) != 0)
		return json_pack("{s:s,s:o}", "path", path, "there",
		    errno == ENOENT || errno == ENOTDIR ? json_false()
							: json_null());
	snprintf(mode, sizeof mode, "%04o", (unsigned)st.st_mode & 07777);
	snprintf(owner, sizeof owner, "%u", (unsigned)st.st_uid);
	pw = getpwuid(st.st_uid);
	return json_pack("{s:s,s:b,s:s,s:I,s:s,s:I,s:b}", "path", path, "there",
	    1, "mode", mode, "size", (json_int_t)st.st_size, "owner",
	    pw != NULL ? pw->pw_name : owner, "uid", (json_int_t)st.st_uid,
	    "mine", st.st_uid == geteuid());
}

json_t *
report_folder(const char *path)
{
	char ballast[STORE_PATH];
	struct statvfs fs;
	struct stat st;
	uint64_t mb;

	if (statvfs(path, &fs) != 0 ||
	    snprintf(ballast, sizeof ballast, "%s/dasi.ballast", path) >=
		(int)sizeof ballast)
		return json_pack(
		    "{s:s,s:n,s:n}", "path", path, "free_mb", "ballast");
	mb = (uint64_t)fs.f_bavail * fs.f_frsize >> 20;
	if (stat(ballast, &st) != 0 && errno != ENOENT)
		return json_pack("{s:s,s:I,s:n}", "path", path, "free_mb",
		    (json_int_t)mb, "ballast");
	return json_pack("{s:s,s:I,s:b}", "path", path, "free_mb",
	    (json_int_t)mb, "ballast",
	    stat(ballast, &st) == 0 && st.st_size >= STORE_BALLAST);
}

json_t *
report_certificate(const char *path, struct span der, int64_t now_s)
{
	struct npki_cert_info *info = calloc(1, sizeof *info);
	struct err e = cms_check_cert(der, now_s);
	json_t *v = NULL;

	if (info != NULL && !err_is(npki_cert_info_der(info, der)))
		v = json_pack("{s:s,s:I,s:i,s:s}", "path", path, "expires_at",
		    (json_int_t)info->not_after, "days_left",
		    civil_days_between(now_s, info->not_after), "fault",
		    err_is(e) ? err_name(e.code) : "");
	else if (info != NULL)
		v = json_pack("{s:s,s:n,s:n,s:s}", "path", path, "expires_at",
		    "days_left", "fault",
		    err_is(e) ? err_name(e.code) : err_name(E_FORMAT));
	free(info);
	return v;
}
