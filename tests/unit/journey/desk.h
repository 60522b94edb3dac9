/*
 * desk.h - a practice branch of its own and a real dasi-kiosk in a terminal.
 *
 * desk_open() in a suite's init, desk_close() in its fini: all that was
 * started is ended again, also after a failed test.
 */
#ifndef JOURNEY_DESK_H
#define JOURNEY_DESK_H

#include <stdbool.h>

#include "vt.h"

enum { DESK_LIMIT_MS = 15000, DESK_SECONDS = 90 };

/* The terminal of the kiosk; NULL while there is none. */
extern struct vt *desk_vt;

/* A branch without a kiosk. */
void desk_open(void);
/* The kiosk at its first screen; `conf` is added to its dasi.conf or NULL. */
void desk_sit(int rows, int cols, const char *conf);
void desk_close(void);

/* Type, and wait until `text` is on the screen; fails the test. */
void desk_see(const char *keys, const char *text);
/* Type, and wait until `text` is not; fails the test. */
void desk_see_no(const char *keys, const char *text);
/* From the first screen to the fields of the ID. */
void desk_to_identity(void);
/* Whether a line of the agent's log holds `text`. */
bool desk_agent_said(const char *text);

/* clang-format off */
#define F1	"\033OP"
#define F2	"\033OQ"
#define F3	"\033OR"
#define F9	"\033[20~"
#define F10	"\033[21~"
#define ESC	"\033"
#define ENTER	"\r"
#define TAB	"\t"
#define BACK	"\177"
#define PASTE	"\033[200~"
#define PASTED	"\033[201~"
/* clang-format on */

#endif
