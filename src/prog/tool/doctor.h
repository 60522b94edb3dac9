/*
 * prog/tool/doctor.h - dasi doctor: facts, and what they mean.
 *
 * Facts are one JSON object, gathered from the agent or, when none answers,
 * from the files; judging them is pure.
 *
 * Members: those of status.get (src/rpc/README.md; null or absent when not
 * known), and of the tool's own: now, practice, version, from ("agent"
 * "files" "none"), config {path, fault}, agent_fault {kind: "down" "refuses"
 * "silent", detail}, store.fault, files [report_file + secret], ntp (bool or
 * null), terminal {locale, codeset} or null.
 */
#ifndef TOOL_DOCTOR_H
#define TOOL_DOCTOR_H

#include "conf/conf.h"
#include "prog/tool/tool.h"
#include "prog/tool/words.h"

enum verdict {
	VERDICT_OK,
	VERDICT_WARN,
	VERDICT_FAIL,
	VERDICT_SKIP,
	VERDICT_COUNT
};

struct finding {
	const char *name; /* "disk" */
	enum verdict verdict;
	enum word word;
	char args[WORD_ARGS][WORD_TEXT / 2];
};

enum { DOCTOR_CHECKS = 23 };

/* checks.c: judge all facts; pure. */
void doctor_judge(
    struct finding out[static DOCTOR_CHECKS], const json_t *facts, bool korean);

/*
 * facts.c: look at the branch of the settings at `path`.  E_NOTFOUND: no
 * settings to be read, E_NOMEM.  Blocks, 5 seconds for an agent that is
 * silent.  *out is the caller's.
 */
MUST_USE struct err doctor_facts(json_t **out, const char *path);

/*
 * facts_phone.c: certificate, key and relay of section handoff; JSON null when
 * nothing goes to phones.  Blocks for three seconds where a relay is silent,
 * and for its name.  The caller's.
 */
json_t *doctor_phone(const struct conf *c, int64_t now);

/* docket.c: open the database at rest (or a copy of it); see there. */
struct store;

#endif
