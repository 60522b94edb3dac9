/*
 * vt.h - a program in a terminal of its own, for tests (libvterm, forkpty).
 *
 * Nothing here sleeps: every wait is a poll with a deadline.  Failures are
 * values, so that the test can say what was on the screen.
 */
#ifndef VT_H
#define VT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct vt;

/*
 * Start argv[0] in a pty of rows x cols.  `env` is a NULL-terminated list of
 * NAME=value added to a bare environment (PATH, HOME, TERM=xterm-256color);
 * NULL for none.  "NAME" without '=' removes one.  NULL when it cannot.
 */
struct vt *vt_start(
    int rows, int cols, char *const argv[], const char *const *env);

/* Kill the program if it still runs, and free all. */
void vt_free(struct vt *vt);

/*
 * Type.  Reads the program's output meanwhile, so that neither side stalls;
 * false when not all was taken within ten seconds.
 */
bool vt_type(struct vt *vt, const char *bytes, size_t n);
bool vt_keys(struct vt *vt, const char *text);

/* Until the screen contains `text`; false when it does not in limit_ms. */
bool vt_wait_text(struct vt *vt, const char *text, int limit_ms);
/* Until it does not contain it any more. */
bool vt_wait_no_text(struct vt *vt, const char *text, int limit_ms);
/* Until nothing was written for quiet_ms; false after limit_ms. */
bool vt_wait_quiet(struct vt *vt, int quiet_ms, int limit_ms);
/* Until it ended; *status as of waitpid. */
bool vt_wait_exit(struct vt *vt, int *status, int limit_ms);

/* One row of the screen as UTF-8, trailing blanks cut; valid until the next. */
const char *vt_row(struct vt *vt, int row);
/* All rows, each ended by a newline; valid until the next call. */
const char *vt_screen(struct vt *vt);
bool vt_has(struct vt *vt, const char *text);
/* Columns of the character that starts there: 1 or 2 (0: none). */
int vt_width(struct vt *vt, int row, int col);
/* Reversed, or darker ink than ground, at that cell? */
bool vt_reversed(struct vt *vt, int row, int col);
void vt_cursor(struct vt *vt, int *row, int *col);

void vt_resize(struct vt *vt, int rows, int cols);
/* Close our side: the program sees a hang-up. */
void vt_hangup(struct vt *vt);
pid_t vt_pid(const struct vt *vt);

/* Every byte the program ever wrote. */
const char *vt_output(const struct vt *vt, size_t *n);

#endif
