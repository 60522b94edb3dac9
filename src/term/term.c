/*
 * term/term.c - taking and giving back the terminal; drawing with curses.
 *
 * The bytes that come in are term/input.c's.
 */
#define _GNU_SOURCE
#define NCURSES_NOMACROS
#define NCURSES_WIDECHAR 1
#include "term/inside.h"

#include <curses.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "base/secret.h"
#include "base/utf8.h"

/* Keys past ours: mouse, bracketed paste; and everything off again. */
#define MOUSE_ON	 "\033[?1000h\033[?1006h"
#define MOUSE_OFF	 "\033[?1006l\033[?1000l"
#define PASTE_ON	 "\033[?2004h"
#define PASTE_OFF	 "\033[?2004l"
#define SCROLLBACK_CLEAR "\033[3J"
/* The Linux console's white is grey: too dark for a QR code. */
#define LINUX_WHITE   "\033]P7ffffff"
#define LINUX_PALETTE "\033]R"

static struct term the_term = { .in_fd = -1, .out_fd = -1, .signal_fd = -1 };

/* Best effort: a terminal that is gone is noticed when reading. */
static void
say(const struct term *t, const char *bytes)
{
	size_t n = strlen(bytes);

	while (n > 0 && !t->gone) {
		ssize_t done = write(t->out_fd, bytes, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return;
		bytes += done;
		n -= (size_t)done;
	}
}

/* A failed assert: with plain writes only, before the process dies of it. */
static void
give_back(int signal_number)
{
	static const char back[] = MOUSE_OFF PASTE_OFF
	    "\033[?1049l\033[m\033[?25h\033[2J\033[H";

	if (the_term.open && !the_term.gone &&
	    write(the_term.out_fd, back, sizeof back - 1) > 0)
		(void)tcsetattr(the_term.in_fd, TCSANOW, &the_term.saved);
	(void)raise(signal_number); /* which ends it: SA_RESETHAND */
}

static struct err
take_signals(struct term *t)
{
	static const int ours[] = { SIGHUP, SIGTERM, SIGINT, SIGQUIT, SIGPIPE,
		SIGTSTP, SIGWINCH };
	struct sigaction abort_action = { .sa_handler = give_back,
		.sa_flags = SA_RESETHAND };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		sigaddset(&set, ours[i]);
	if (sigprocmask(SIG_BLOCK, &set, &t->signals_before) != 0)
		return err_sys("term: sigprocmask");
	t->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (t->signal_fd < 0)
		return err_sys("term: signalfd");
	if (sigaction(SIGABRT, &abort_action, NULL) != 0)
		return err_sys("term: sigaction");
	return err_none();
}

void
term_measure(struct term *t)
{
	struct winsize ws = { 0 };

	t->rows = 24;
	t->cols = 80;
	if (ioctl(t->out_fd, TIOCGWINSZ, &ws) == 0 && ws.ws_row > 0 &&
	    ws.ws_col > 0) {
		t->rows = ws.ws_row;
		t->cols = ws.ws_col;
	}
}

void
term_fit(struct term *t)
{
	term_measure(t);
	(void)resizeterm(t->rows, t->cols);
	t->redraw = true;
}

static bool
capability_is(const char *name, const char *value)
{
	const char *s = tigetstr(name);

	return s != NULL && s != (const char *)-1 && strcmp(s, value) == 0;
}

static void
set_modes(struct term *t)
{
	const char *type = getenv("TERM");

	t->mouse = capability_is("kmous", "\033[<");
	t->linux_console = type != NULL && strncmp(type, "linux", 5) == 0;
	say(t, PASTE_ON);
	if (t->mouse)
		say(t, MOUSE_ON);
	if (t->linux_console)
		say(t, LINUX_WHITE);
}

static void
unset_modes(struct term *t)
{
	if (t->linux_console)
		say(t, LINUX_PALETTE);
	if (t->mouse)
		say(t, MOUSE_OFF);
	say(t, PASTE_OFF);
}

static struct err
start_curses(struct term *t)
{
	int in = fcntl(t->in_fd, F_DUPFD_CLOEXEC, 3);
	int out = fcntl(t->out_fd, F_DUPFD_CLOEXEC, 3);

	t->in = in >= 0 ? fdopen(in, "r") : NULL;
	t->out = out >= 0 ? fdopen(out, "w") : NULL;
	if (t->in == NULL || t->out == NULL) {
		if (in >= 0 && t->in == NULL)
			close(in);
		if (out >= 0 && t->out == NULL)
			close(out);
		return err_sys("term: streams");
	}
	/* Sizes come from the kernel before LINES and COLUMNS. */
	use_tioctl(TRUE);
	t->screen = newterm(NULL, t->out, t->in);
	if (t->screen == NULL)
		return err_make(E_UNSUPPORTED, 0, "term: $TERM");
	if (tigetstr("cup") == NULL)
		return err_make(E_UNSUPPORTED, 0, "term: no cup");
	raw();
	noecho();
	nonl();
	(void)intrflush(stdscr, FALSE);
	(void)keypad(stdscr, TRUE);
	(void)leaveok(stdscr, FALSE);
	(void)scrollok(stdscr, FALSE);
	t->colour = has_colors() && start_color() == OK && COLORS >= 8;
	return err_none();
}

struct err
term_open(struct term **out, int in_fd, int out_fd)
{
	struct term *t = &the_term;
	struct err e;

	*out = NULL;
	if (t->open)
		return err_make(E_STATE, 0, "term: open already");
	memset(t, 0, sizeof *t);
	t->in_fd = in_fd;
	t->out_fd = out_fd;
	t->signal_fd = -1;
	decode_init(&t->decoder);
	if (!isatty(in_fd) || !isatty(out_fd) ||
	    tcgetattr(in_fd, &t->saved) != 0)
		return err_make(E_STATE, 0, "term: not a terminal");
	/* Widths need a UTF-8 locale even when LANG is unset. */
	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return err_make(E_UNSUPPORTED, 0, "term: C.UTF-8");
	t->open = true;
	e = take_signals(t);
	if (!err_is(e))
		e = start_curses(t);
	if (err_is(e)) {
		term_close(t);
		return e;
	}
	set_modes(t);
	term_measure_block(t);
	term_fit(t);
	*out = t;
	return err_none();
}

void
term_close(struct term *t)
{
	if (t == NULL || !t->open)
		return;
	if (t->screen != NULL && !t->gone) {
		unset_modes(t);
		(void)endwin();
		/* For a terminal without an alternate screen. */
		say(t, SCROLLBACK_CLEAR);
	}
	if (t->screen != NULL)
		delscreen(t->screen);
	if (t->in != NULL)
		(void)fclose(t->in);
	if (t->out != NULL)
		(void)fclose(t->out);
	if (t->signal_fd >= 0) {
		close(t->signal_fd);
		/*
		 * A lost line is seen as an end of input, a signal or both:
		 * the one still pending must not kill a program on its way
		 * out.  Ignoring drops it.
		 */
		if (t->ended)
			(void)signal(SIGHUP, SIG_IGN);
		(void)sigprocmask(SIG_SETMASK, &t->signals_before, NULL);
	}
	secret_wipe(t, sizeof *t);
	t->in_fd = t->out_fd = t->signal_fd = -1;
}

void
term_size(const struct term *t, int *rows, int *cols)
{
	*rows = t->rows;
	*cols = t->cols;
}

bool
term_has_colour(const struct term *t)
{
	return t->colour;
}

bool
term_blocks_narrow(const struct term *t)
{
	return !t->wide_blocks;
}

/* ---- drawing ---------------------------------------------------------------
 */

/* The colour of a theme as this terminal numbers it. */
static short
colour_number(uint8_t colour)
{
	/* The cube's colours do not depend on the user's palette. */
	static const short cube[16] = { 16, 160, 40, 184, 21, 164, 44, 254, 244,
		196, 46, 226, 63, 201, 51, 231 };

	if (COLORS >= 256)
		return cube[colour & 15];
	return (short)(COLORS >= 16 ? colour & 15 : colour & 7);
}

static void
use_theme(struct term *t, const struct theme *theme)
{
	if (theme == t->theme)
		return;
	t->theme = theme;
	for (int role = 0; role < ROLE_COUNT; role++) {
		const struct style *s = &theme->styles[role];
		attr_t a = A_NORMAL;

		if (s->attrs & ATTR_BOLD)
			a |= A_BOLD;
		if (s->attrs & ATTR_REVERSE)
			a |= A_REVERSE;
		if (s->attrs & ATTR_UNDERLINE)
			a |= A_UNDERLINE;
		/* Eight colours have no bright ones: bold stands in, and
		 * reverse where there are none at all. */
		if (t->colour && COLORS < 16 && s->fg > 7)
			a |= A_BOLD;
		if (!t->colour && s->bg != 0)
			a |= A_REVERSE;
		t->attrs[role] = a;
		if (t->colour)
			(void)init_pair((short)(role + 1), colour_number(s->fg),
			    colour_number(s->bg));
	}
	t->redraw = true;
}

/*
 * Wide characters of a cell.  A cell whose width the C library sees otherwise
 * than the frame would shift the line: it becomes '?'.
 */
static void
cell_chars(wchar_t out[static CCHARW_MAX + 1], const struct cell *c)
{
	size_t n = strlen(c->text), at = 0;
	int width = 0, count = 0;

	while (at < n && count < CCHARW_MAX) {
		uint32_t cp;
		size_t used = utf8_decode(&cp, c->text + at, n - at);

		if (used == 0)
			break;
		out[count++] = (wchar_t)cp;
		width += wcwidth((wchar_t)cp);
		at += used;
	}
	if (count == 0)
		out[count++] = L' ';
	else if (width != c->width)
		out[0] = L'?', count = 1;
	out[count] = L'\0';
}

static void
draw_cell(const struct term *t, int row, int col, const struct cell *c)
{
	wchar_t text[CCHARW_MAX + 1];
	short pair = t->colour ? (short)(c->role + 1) : 0;
	cchar_t cc;

	cell_chars(text, c);
	if (setcchar(&cc, text, t->attrs[c->role], pair, NULL) != OK)
		return;
	(void)mvadd_wch(row, col, &cc);
	/* The second half of a '?' that stands for a wide one. */
	if (c->width == 2 && wcwidth(text[0]) == 1)
		(void)add_wch(&cc);
}

struct err
term_show(struct term *t, const struct frame *f, const struct theme *theme)
{
	int rows = f->rows < t->rows ? f->rows : t->rows;
	int cols = f->cols < t->cols ? f->cols : t->cols;
	bool cursor = f->cursor_row >= 0 && f->cursor_row < rows &&
		      f->cursor_col < cols;

	if (t->gone)
		return err_make(E_GONE, 0, "term: gone");
	use_theme(t, theme);
	if (t->redraw)
		(void)clearok(stdscr, TRUE);
	t->redraw = false;
	(void)werase(stdscr);
	for (int row = 0; row < rows; row++) {
		for (int col = 0; col < cols; col++) {
			const struct cell *c = &f->cells[row][col];

			if (c->width != 0 && col + c->width <= cols)
				draw_cell(t, row, col, c);
		}
	}
	(void)curs_set(cursor ? 1 : 0);
	(void)wmove(
	    stdscr, cursor ? f->cursor_row : 0, cursor ? f->cursor_col : 0);
	if (wrefresh(stdscr) != OK)
		return err_make(E_SYS, EIO, "term: refresh");
	return err_none();
}

void
term_redraw(struct term *t)
{
	t->redraw = true;
}

void
term_bell(struct term *t)
{
	if (!t->gone)
		(void)beep();
}

void
term_wipe(struct term *t)
{
	secret_wipe(t->bytes, sizeof t->bytes);
	t->byte_at = t->byte_n = 0;
	decode_init(&t->decoder);
	if (t->gone)
		return;
	/*
	 * Blanks that curses takes for different: they replace every cell it
	 * remembers, and writing them takes more bytes than its output buffer
	 * holds, so nothing of the session is left there either.
	 */
	for (int row = 0; row < t->rows; row++) {
		(void)wmove(stdscr, row, 0);
		for (int col = 0; col < t->cols; col++)
			(void)waddch(
			    stdscr, ' ' | (col & 1 ? A_BOLD : A_NORMAL));
	}
	(void)clearok(stdscr, TRUE);
	(void)wrefresh(stdscr);
	(void)werase(stdscr);
	(void)clearok(stdscr, TRUE);
	(void)wrefresh(stdscr);
	say(t, SCROLLBACK_CLEAR);
	t->redraw = true;
}
