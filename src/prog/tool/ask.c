/*
 * prog/tool/ask.c - passwords and numbers, typed unseen or from a descriptor.
 */
#include "prog/tool/ask.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <openssl/ui.h>

#include "base/secret.h"

struct span
ask_span(const struct ask_secret *s)
{
	return span_make(s->p, s->n);
}

static struct err
read_line(struct ask_secret *out_secret, int fd)
{
	for (;;) {
		uint8_t c = 0;
		ssize_t n = read(fd, &c, 1);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EBADF
				   ? err_make(E_ARG, EBADF, "ask: descriptor")
				   : err_sys("ask: read");
		if (n == 0 || c == '\n')
			break;
		if (out_secret->n == ASK_MAX)
			return err_make(E_LIMIT, 0, "ask: too long");
		out_secret->p[out_secret->n++] = c;
	}
	if (out_secret->n > 0 && out_secret->p[out_secret->n - 1] == '\r')
		out_secret->n--;
	return err_none();
}

/*
 * OpenSSL's console: it puts the echo back when a signal ends us.  It would
 * fall back to stdin without a terminal, so that is looked at first.
 * `again` may be NULL; otherwise the same must be typed twice.
 */
static struct err
read_terminal(
    struct ask_secret *out_secret, const char *prompt, const char *again)
{
	char typed_secret[ASK_MAX + 1] = "", second_secret[ASK_MAX + 1] = "";
	struct err e = err_make(E_CANCELLED, 0, "ask: nothing entered");
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	UI *ui = NULL;

	if (fd < 0)
		return err_make(E_GONE, errno, "ask: no terminal");
	close(fd);
	if ((ui = UI_new()) == NULL ||
	    UI_add_input_string(ui, prompt, 0, typed_secret, 0, ASK_MAX) < 0 ||
	    (again != NULL && UI_add_input_string(ui, again, 0, second_secret,
				  0, ASK_MAX) < 0) ||
	    UI_process(ui) != 0)
		goto out;
	if (again != NULL && strcmp(typed_secret, second_secret) != 0) {
		e = err_make(E_MISMATCH, 0, "ask: the two entries differ");
		goto out;
	}
	out_secret->n = strlen(typed_secret);
	memcpy(out_secret->p, typed_secret, out_secret->n);
	e = err_none();
out:
	secret_wipe(typed_secret, sizeof typed_secret);
	secret_wipe(second_secret, sizeof second_secret);
	UI_free(ui);
	return e;
}

struct err
ask_secret(struct ask_secret *out_secret, int fd, const char *prompt)
{
	struct err e;

	out_secret->n = 0;
	e = fd == ASK_TERMINAL ? read_terminal(out_secret, prompt, NULL)
			       : read_line(out_secret, fd);
	if (err_is(e))
		secret_wipe(out_secret, sizeof *out_secret);
	return e;
}

struct err
ask_new_password(struct ask_secret *out_secret, int fd)
{
	struct err e;

	out_secret->n = 0;
	e = fd == ASK_TERMINAL ? read_terminal(out_secret,
				     "New password: ", "New password again: ")
			       : read_line(out_secret, fd);
	if (err_is(e))
		secret_wipe(out_secret, sizeof *out_secret);
	return e;
}
