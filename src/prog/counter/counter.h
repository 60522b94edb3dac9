/*
 * prog/counter/counter.h - the clerk's terminal: wiring of term, screens, flow
 * and the agent's socket, as prog/kiosk/kiosk.h is for the customer.
 */
#ifndef COUNTER_COUNTER_H
#define COUNTER_COUNTER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "conf/conf.h"
#include "flow/counter_session.h"
#include "rpc/client.h"
#include "term/term.h"
#include "ui/page.h"

enum { SAVED_PATH = 512 };

struct counter {
	const struct conf *conf;
	const char *staff; /* practice: who one wants to be, or NULL */
	struct term *term;
	struct rpc_client client;
	json_int_t hello_id;	    /* 0: not waited for */
	json_int_t asked[CQ_COUNT]; /* 0: not waited for */
	bool again[CQ_COUNT];	    /* wanted once more after the answer */
	struct branch branch;
	struct counter_session session;
	struct ime ime;
	struct page page;
	struct frame frame;
	const struct theme *theme;
	bool ended;
};

/* ---- link.c ---- */

/* Connect and say hello when it is time to; never blocks for long. */
void counter_keep_link(struct counter *c);
/* Ask; a question of the same kind that is under way is asked once more when
 * its answer has come.  A dead agent closes the link. */
void counter_ask(struct counter *c, enum counter_ask ask);
/* One frame from the agent, as an intent; CI_LOST when the agent is gone. */
enum counter_intent counter_read(struct counter *c);

/* ---- loop.c ---- */

/* Follow the flow table; asks what it says. */
void counter_advance(struct counter *c, enum counter_intent intent);
/* Run until hang-up, SIGTERM, or the clerk leaves.  Everything personal is
 * wiped before return. */
void counter_run(struct counter *c);

/* ---- role.c ---- */

/*
 * The role dasi.conf gives this process: supervisor before teller before
 * auditor.  CR_TELLER when it gives none: the agent is to refuse and to note
 * it.  Reads the user and group databases.
 */
enum counter_role role_of_user(const struct conf *conf);

/* ---- save.c ---- */

/*
 * Write what can be read from `fd` (a memory file), or `text`, as file `name`
 * with mode 0600 into $DASI_EXPORT or, without that, the clerk's home.  A file
 * of that name is replaced.  *path is for people: home is "~".  E_ARG for a
 * name with other than letters, digits, '.', '_' and '-', or a leading '.';
 * E_STATE without a home; errors of file_write.
 */
MUST_USE struct err save_fd(
    char path[static SAVED_PATH], const char *name, int fd);
MUST_USE struct err save_text(
    char path[static SAVED_PATH], const char *name, const char *text);

#endif
