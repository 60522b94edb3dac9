/*
 * vt.c - a terminal for tests.
 */
#define _GNU_SOURCE
#include "vt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

enum { ROW_BYTES = 4096, TYPE_LIMIT_MS = 10000 };

struct vt {
	int fd; /* -1 after a hang-up */
	pid_t pid;
	bool ended;
	int status;
	VTerm *term;
	VTermScreen *screen;
	char *out; /* all output */
	size_t out_n, out_cap;
	char row[ROW_BYTES];
	char *text;
};

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* What the terminal itself answers, for example to a position report. */
static void
answer(const char *s, size_t n, void *ctx)
{
	struct vt *vt = ctx;

	if (vt->fd >= 0 && write(vt->fd, s, n) < 0)
		return;
}

static void
set_env(const char *const *env)
{
	static const char *const bare[] = { "TERM=xterm-256color",
		"LC_ALL=C.UTF-8", NULL };
	const char *path = getenv("PATH");
	const char *asan = getenv("ASAN_OPTIONS");

	clearenv();
	setenv("PATH", path != NULL ? path : "/usr/bin:/bin", 1);
	setenv("HOME", "/", 1);
	if (asan != NULL)
		setenv("ASAN_OPTIONS", asan, 1);
	for (int pass = 0; pass < 2; pass++) {
		const char *const *list = pass == 0 ? bare : env;

		for (; list != NULL && *list != NULL; list++) {
			char *copy = strdup(*list);

			if (copy != NULL)
				putenv(copy); /* without '=': removes */
		}
	}
}

static bool
make_terminal(struct vt *vt, int rows, int cols)
{
	vt->term = vterm_new(rows, cols);
	if (vt->term == NULL)
		return false;
	vterm_set_utf8(vt->term, 1);
	vterm_output_set_callback(vt->term, answer, vt);
	vt->screen = vterm_obtain_screen(vt->term);
	vterm_screen_enable_altscreen(vt->screen, 1);
	vterm_screen_reset(vt->screen, 1);
	return true;
}

struct vt *
vt_start(int rows, int cols, char *const argv[], const char *const *env)
{
	struct winsize ws = { .ws_row = (unsigned short)rows,
		.ws_col = (unsigned short)cols };
	struct vt *vt = calloc(1, sizeof *vt);

	if (vt == NULL)
		return NULL;
	if (!make_terminal(vt, rows, cols)) {
		free(vt);
		return NULL;
	}
	vt->pid = forkpty(&vt->fd, NULL, NULL, &ws);
	if (vt->pid == 0) {
		sigset_t none;

		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		set_env(env);
		execvp(argv[0], argv);
		_exit(127);
	}
	if (vt->pid < 0) {
		vterm_free(vt->term);
		free(vt);
		return NULL;
	}
	fcntl(vt->fd, F_SETFL, fcntl(vt->fd, F_GETFL) | O_NONBLOCK);
	fcntl(vt->fd, F_SETFD, FD_CLOEXEC);
	return vt;
}

static void
keep(struct vt *vt, const char *bytes, size_t n)
{
	if (vt->out_n + n + 1 > vt->out_cap) {
		size_t cap = (vt->out_cap + n + 4096) * 2;
		char *more = realloc(vt->out, cap);

		if (more == NULL)
			return;
		vt->out = more;
		vt->out_cap = cap;
	}
	memcpy(vt->out + vt->out_n, bytes, n);
	vt->out_n += n;
	vt->out[vt->out_n] = '\0';
}

/* Waits up to wait_ms for output and takes it in; bytes taken. */
static size_t
pump(struct vt *vt, int wait_ms)
{
	struct pollfd p = { vt->fd, POLLIN, 0 };
	char bytes[8192];
	ssize_t n;

	if (wait_ms < 0)
		wait_ms = 0;
	if (vt->fd < 0) {
		(void)poll(NULL, 0, wait_ms < 5 ? wait_ms : 5);
		return 0;
	}
	if (poll(&p, 1, wait_ms) <= 0)
		return 0;
	n = read(vt->fd, bytes, sizeof bytes);
	if (n <= 0) {
		/* The other side is closed: wait for the exit, not for it. */
		(void)poll(NULL, 0, wait_ms < 5 ? wait_ms : 5);
		return 0;
	}
	keep(vt, bytes, (size_t)n);
	vterm_input_write(vt->term, bytes, (size_t)n);
	vterm_screen_flush_damage(vt->screen);
	return (size_t)n;
}

bool
vt_type(struct vt *vt, const char *bytes, size_t n)
{
	int64_t due = now_ms() + TYPE_LIMIT_MS;

	while (n > 0 && now_ms() < due && vt->fd >= 0) {
		struct pollfd p = { vt->fd, POLLIN | POLLOUT, 0 };
		ssize_t done;

		if (poll(&p, 1, (int)(due - now_ms())) <= 0)
			break;
		if (p.revents & POLLIN)
			(void)pump(vt, 0);
		if (!(p.revents & POLLOUT))
			continue;
		done = write(vt->fd, bytes, n);
		if (done < 0 && errno != EAGAIN && errno != EINTR)
			break;
		if (done > 0) {
			bytes += done;
			n -= (size_t)done;
		}
	}
	return n == 0;
}

bool
vt_keys(struct vt *vt, const char *text)
{
	return vt_type(vt, text, strlen(text));
}

static bool
wait_has(struct vt *vt, const char *text, bool wanted, int limit_ms)
{
	int64_t due = now_ms() + limit_ms;

	while (vt_has(vt, text) != wanted) {
		int64_t left = due - now_ms();

		if (left <= 0)
			return false;
		(void)pump(vt, (int)left);
	}
	return true;
}

bool
vt_wait_text(struct vt *vt, const char *text, int limit_ms)
{
	return wait_has(vt, text, true, limit_ms);
}

bool
vt_wait_no_text(struct vt *vt, const char *text, int limit_ms)
{
	return wait_has(vt, text, false, limit_ms);
}

bool
vt_wait_quiet(struct vt *vt, int quiet_ms, int limit_ms)
{
	int64_t due = now_ms() + limit_ms, quiet = now_ms() + quiet_ms;

	for (;;) {
		int64_t now = now_ms();

		if (now >= quiet)
			return true;
		if (now >= due)
			return false;
		if (pump(vt, (int)(quiet - now)) > 0)
			quiet = now_ms() + quiet_ms;
	}
}

bool
vt_wait_exit(struct vt *vt, int *status, int limit_ms)
{
	int64_t due = now_ms() + limit_ms;

	while (!vt->ended) {
		if (waitpid(vt->pid, &vt->status, WNOHANG) == vt->pid) {
			vt->ended = true;
			break;
		}
		if (now_ms() >= due)
			return false;
		(void)pump(vt, 5);
	}
	while (pump(vt, 0) > 0)
		;
	*status = vt->status;
	return true;
}

void
vt_free(struct vt *vt)
{
	if (vt == NULL)
		return;
	if (!vt->ended) {
		kill(vt->pid, SIGKILL);
		waitpid(vt->pid, &vt->status, 0);
	}
	if (vt->fd >= 0)
		close(vt->fd);
	vterm_free(vt->term);
	free(vt->out);
	free(vt->text);
	free(vt);
}

static size_t
put_utf8(char *out, uint32_t cp)
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xe0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		out[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	out[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

const char *
vt_row(struct vt *vt, int row)
{
	int rows, cols;
	size_t n = 0;

	vterm_get_size(vt->term, &rows, &cols);
	for (int col = 0; col < cols && n + 32 < sizeof vt->row; col++) {
		VTermScreenCell cell;
		VTermPos at = { row, col };

		if (!vterm_screen_get_cell(vt->screen, at, &cell))
			break;
		if (cell.chars[0] == (uint32_t)-1)
			continue; /* right half of a wide one */
		if (cell.chars[0] == 0)
			vt->row[n++] = ' ';
		for (int i = 0;
		     i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] != 0; i++)
			n += put_utf8(vt->row + n, cell.chars[i]);
	}
	while (n > 0 && vt->row[n - 1] == ' ')
		n--;
	vt->row[n] = '\0';
	return vt->row;
}

const char *
vt_screen(struct vt *vt)
{
	int rows, cols;
	size_t n = 0;

	vterm_get_size(vt->term, &rows, &cols);
	free(vt->text);
	vt->text = malloc((size_t)rows * ROW_BYTES + 1);
	if (vt->text == NULL)
		return "";
	for (int row = 0; row < rows; row++) {
		const char *line = vt_row(vt, row);
		size_t len = strlen(line);

		memcpy(vt->text + n, line, len);
		n += len;
		vt->text[n++] = '\n';
	}
	vt->text[n] = '\0';
	return vt->text;
}

bool
vt_has(struct vt *vt, const char *text)
{
	return strstr(vt_screen(vt), text) != NULL;
}

int
vt_width(struct vt *vt, int row, int col)
{
	VTermScreenCell cell;
	VTermPos at = { row, col };

	if (!vterm_screen_get_cell(vt->screen, at, &cell) ||
	    cell.chars[0] == 0 || cell.chars[0] == (uint32_t)-1)
		return 0;
	return cell.width;
}

bool
vt_reversed(struct vt *vt, int row, int col)
{
	VTermScreenCell cell;
	VTermPos at = { row, col };

	if (!vterm_screen_get_cell(vt->screen, at, &cell))
		return false;
	if (cell.attrs.reverse)
		return true;
	vterm_screen_convert_color_to_rgb(vt->screen, &cell.fg);
	vterm_screen_convert_color_to_rgb(vt->screen, &cell.bg);
	return cell.bg.rgb.red + cell.bg.rgb.green + cell.bg.rgb.blue >
	       cell.fg.rgb.red + cell.fg.rgb.green + cell.fg.rgb.blue;
}

void
vt_cursor(struct vt *vt, int *row, int *col)
{
	VTermPos at;

	vterm_state_get_cursorpos(vterm_obtain_state(vt->term), &at);
	*row = at.row;
	*col = at.col;
}

void
vt_resize(struct vt *vt, int rows, int cols)
{
	struct winsize ws = { .ws_row = (unsigned short)rows,
		.ws_col = (unsigned short)cols };

	vterm_set_size(vt->term, rows, cols);
	if (vt->fd >= 0)
		(void)ioctl(vt->fd, TIOCSWINSZ, &ws);
}

void
vt_hangup(struct vt *vt)
{
	if (vt->fd >= 0)
		close(vt->fd);
	vt->fd = -1;
}

pid_t
vt_pid(const struct vt *vt)
{
	return vt->pid;
}

const char *
vt_output(const struct vt *vt, size_t *n)
{
	*n = vt->out_n;
	return vt->out != NULL ? vt->out : "";
}
