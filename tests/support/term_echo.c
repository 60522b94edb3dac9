/*
 * term_echo.c - the smallest program over src/term, for its tests.
 *
 * Shows a title, a text field, a digits field and a secret; what happens is
 * told in words at the bottom of the screen.  Esc wipes, F5 writes into a pipe
 * that is waited for, F12 ends.  An argument is the timeout in ms.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "term/term.h"
#include "ui/form.h"
#include "ui/page.h"

static struct page page;
static struct frame frame;
static struct form form;
static struct ime ime;
static struct field name, pin;
static char secret[FIELD_SECRET_CAP];
static char last[64] = "ready";
static int hung;
static int pipe_fds[2];

static void
draw(struct term *term)
{
	static const struct page_head head = { .title = "시험 화면",
		.keys = "도움 F1",
		.too_small = "작은 화면" };
	int rows, cols;

	term_size(term, &rows, &cols);
	page_begin(&page, &head, rows, cols);
	page_head(&page, &head);
	page_field(&page, "이름", &name, NULL, NULL);
	page_field(&page, "암호", &pin, NULL, NULL);
	page_focus(&page, form.at);
	page_notice(
	    &page, page_fmt(&page, "last=%s size=%dx%d pin=%d name=%d", last,
		       cols, rows, field_chars(&pin), field_chars(&name)));
	page_foot(&page, "Esc 이전", "Enter 다음", NULL);
	page_end(&page, &frame);
	if (term_show(term, &frame, theme_get(THEME_NORMAL)).code != E_NONE)
		hung++;
}

static void
wipe(struct term *term)
{
	field_wipe(&name);
	field_wipe(&pin);
	ime_reset(&ime);
	page_wipe(&page);
	frame_wipe(&frame);
	term_wipe(term);
}

/* False when the program is to end. */
static bool
handle(struct term *term, struct event *ev)
{
	enum form_result result;

	(void)page_tap(&page, ev);
	if (ev->kind == EV_HANGUP || (ev->kind == EV_KEY && ev->key == K_F12))
		return false;
	if (ev->kind == EV_NONE)
		return true;
	if (ev->kind == EV_TICK)
		snprintf(last, sizeof last, "tick");
	else if (ev->kind == EV_MOUSE)
		snprintf(last, sizeof last, "tap%d", ev->item);
	else if (ev->kind == EV_RESIZE)
		snprintf(last, sizeof last, "resize");
	else if (ev->key == K_CHAR)
		snprintf(last, sizeof last, ev->pasted ? "paste" : "char");
	else
		snprintf(last, sizeof last, "key%d", (int)ev->key);
	if (ev->kind == EV_KEY && ev->key == K_ESC)
		wipe(term);
	if (ev->kind == EV_KEY && ev->key == K_F5 &&
	    write(pipe_fds[1], "x", 1) != 1)
		return false;
	result = form_feed(&form, &ime, ev);
	if (result == FORM_SUBMIT)
		snprintf(last, sizeof last, "submit");
	return true;
}

/* The other thing the program waits for. */
static void
read_pipe(const struct pollfd *fd)
{
	char byte;

	if (fd->revents != 0 && read(fd->fd, &byte, 1) == 1)
		snprintf(last, sizeof last, "pipe");
}

int
main(int argc, char **argv)
{
	int timeout_ms = argc > 1 ? atoi(argv[1]) : 60000;
	struct pollfd fd = { .events = POLLIN };
	struct term *term = NULL;
	struct event ev;
	struct err e;

	field_init(&name, (struct field_spec){ .max_chars = 20 });
	field_init_secret(&pin, (struct field_spec){ .max_chars = 20 }, secret);
	form_init(&form);
	form_add_field(&form, &name);
	form_add_field(&form, &pin);
	if (ime_open(&ime).code != E_NONE)
		return 3;
	e = term_open(&term, 0, 1);
	if (err_is(e)) {
		fprintf(stderr, "term_open: %s\n", e.where);
		return 2;
	}
	if (pipe(pipe_fds) != 0)
		return 4;
	fd.fd = pipe_fds[0];
	do {
		if (!term_pending(term))
			draw(term);
		ev = term_wait(term, &fd, 1, timeout_ms);
		read_pipe(&fd);
	} while (handle(term, &ev));
	/* Nothing may be written any more after a hang-up, and the signal may
	 * come later than the end of input told of it. */
	if (ev.kind == EV_HANGUP) {
		draw(term);
		(void)raise(SIGHUP);
	}
	term_close(term);
	ime_close(&ime);
	return ev.kind == EV_HANGUP ? 10 + hung : 0;
}
