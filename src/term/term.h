/*
 * term/term.h - the terminal: bytes in, events out; frames in, bytes out.
 *
 * The only folder that knows curses.  Curses draws; the bytes that arrive are
 * decoded by term/decode.c, so that an unknown escape sequence is swallowed
 * whole and never becomes text in a field.  One terminal per process.
 */
#ifndef TERM_TERM_H
#define TERM_TERM_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "ui/event.h"
#include "ui/frame.h"
#include "ui/theme.h"

struct term;

/*
 * Take over the terminal on in_fd and out_fd (usually 0 and 1) of type
 * $TERM.  Blocks SIGHUP, SIGTERM, SIGINT, SIGPIPE, SIGQUIT, SIGTSTP and
 * SIGWINCH for the process and reads them itself; on SIGABRT, a failed
 * assert, the terminal is given back first.  Call before other threads
 * exist, once per process.  E_STATE: not a terminal; E_UNSUPPORTED: $TERM is
 * unknown or cannot address the cursor; E_NOMEM, E_SYS.
 */
MUST_USE struct err term_open(struct term **out, int in_fd, int out_fd);

/*
 * Give the terminal back as it was; nothing is written after a hang-up.  A
 * process that was told to end ignores SIGHUP from here on.
 */
void term_close(struct term *t);

/* Its size now; 0x0 never happens, the least is 1x1. */
void term_size(const struct term *t, int *rows, int *cols);
bool term_has_colour(const struct term *t);
/* A half block takes one column here, as asked at term_open(). */
bool term_blocks_narrow(const struct term *t);

/*
 * The next event.  Waits at most timeout_ms (-1: for ever) and fills in
 * ev->now_ms from CLOCK_MONOTONIC.
 *
 * EV_KEY, EV_MOUSE, EV_RESIZE, EV_HANGUP (again and again once it happened);
 * EV_TICK when the time is over; EV_NONE when one of `fds` is ready (look at
 * its revents) or the bytes meant nothing.  Several keys that arrive at once
 * come out one by one, with all revents 0.
 */
struct event term_wait(
    struct term *t, struct pollfd *fds, int count, int timeout_ms);

/* True while decoded keys wait: draw only when there are none. */
bool term_pending(const struct term *t);

/*
 * Show the frame: only what differs is written.  E_GONE after a hang-up (and
 * nothing is written), else errors of the terminal as E_SYS.
 */
MUST_USE struct err term_show(
    struct term *t, const struct frame *f, const struct theme *theme);

/* Draw everything anew with the next term_show. */
void term_redraw(struct term *t);

/* Ring the bell. */
void term_bell(struct term *t);

/*
 * End of a session: blank the screen and the scrollback, and overwrite what
 * curses and the decoder remember of it.
 */
void term_wipe(struct term *t);

#endif
