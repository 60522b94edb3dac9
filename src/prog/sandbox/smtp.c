/*
 * sandbox/smtp.c - the dialogue of SMTP.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "smtp.h"

static void
say(struct smtp *s, const char *text)
{
	snprintf(s->reply, sizeof s->reply, "%s\r\n", text);
}

static void
forget(struct smtp *s)
{
	s->from[0] = s->to[0] = '\0';
	s->has_from = s->in_data = s->too_large = false;
	s->message = buf_make(s->room, sizeof s->room);
}

void
smtp_begin(struct smtp *s)
{
	s->greeted = false;
	forget(s);
	say(s, "220 sandbox.example ESMTP, for practice and tests only");
}

/* The part after a verb, or NULL when the line is another's. */
static const char *
after(const char *line, const char *verb)
{
	size_t n = strlen(verb);

	if (strncasecmp(line, verb, n) != 0 ||
	    (verb[n - 1] != ':' && line[n] != '\0' && line[n] != ' '))
		return NULL;
	line += n;
	return line + strspn(line, " ");
}

/* "<a@b> SIZE=1" to "a@b"; `empty`: "<>" will do. */
static bool
address(char out[static SMTP_ADDRESS], const char *arg, bool empty)
{
	size_t n;

	if (*arg != '<')
		return false;
	n = strcspn(++arg, "> ");
	if (arg[n] != '>' || n >= SMTP_ADDRESS || (n == 0 && !empty))
		return false;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)arg[i] < '!' || arg[i] == '<')
			return false;
	memcpy(out, arg, n);
	out[n] = '\0';
	return n == 0 || strchr(out, '@') != NULL;
}

static void
on_mail(struct smtp *s, const char *arg)
{
	if (!s->greeted || s->has_from)
		say(s, "503 not now");
	else if (!address(s->from, arg, true))
		say(s, "501 MAIL FROM:<address>");
	else
		say(s, "250 from whom is known");
	s->has_from = s->reply[0] == '2' || s->has_from;
}

static void
on_rcpt(struct smtp *s, const char *arg)
{
	char to[SMTP_ADDRESS];

	if (!s->has_from)
		say(s, "503 not now");
	else if (s->to[0] != '\0')
		say(s, "452 one recipient for each message");
	else if (!address(to, arg, false))
		say(s, "501 RCPT TO:<address>");
	else if (str_copy(s->to, sizeof s->to, to))
		say(s, "250 to whom is known");
}

static void
on_data(struct smtp *s)
{
	if (s->to[0] == '\0') {
		say(s, "503 not now");
		return;
	}
	s->in_data = true;
	say(s, "354 end with a dot alone");
}

/* A line of the message; a dot alone ends it (RFC 5321 4.5.2). */
static enum smtp_next
on_text(struct smtp *s, struct span line)
{
	s->reply[0] = '\0';
	if (line.n == 1 && line.p[0] == '.') {
		s->in_data = false;
		if (!s->too_large)
			return SMTP_DELIVER;
		forget(s);
		say(s, "552 too large");
		return SMTP_GO_ON;
	}
	if (line.n > 0 && line.p[0] == '.')
		line = span_make(line.p + 1, line.n - 1);
	buf_add(&s->message, line.p, line.n);
	buf_add(&s->message, "\r\n", 2);
	s->too_large = s->message.full;
	return SMTP_GO_ON;
}

static void
on_command(struct smtp *s, const char *line)
{
	const char *arg;

	if (after(line, "EHLO") != NULL || after(line, "HELO") != NULL) {
		forget(s);
		s->greeted = true;
		if (after(line, "EHLO") != NULL)
			say(s, "250-sandbox.example\r\n250-8BITMIME\r\n"
			       "250-SMTPUTF8\r\n250 SIZE 262144");
		else
			say(s, "250 sandbox.example");
	} else if ((arg = after(line, "MAIL FROM:")) != NULL) {
		on_mail(s, arg);
	} else if ((arg = after(line, "RCPT TO:")) != NULL) {
		on_rcpt(s, arg);
	} else if (after(line, "DATA") != NULL) {
		on_data(s);
	} else if (after(line, "RSET") != NULL) {
		forget(s);
		say(s, "250 forgotten");
	} else if (after(line, "NOOP") != NULL) {
		say(s, "250 well");
	} else if (after(line, "VRFY") != NULL) {
		say(s, "252 nobody is looked up");
	} else {
		say(s, "500 not understood");
	}
}

enum smtp_next
smtp_line(struct smtp *s, struct span line)
{
	char text[SMTP_LINE + 1];

	if (s->in_data)
		return on_text(s, line);
	if (line.n > SMTP_LINE || memchr(line.p, '\0', line.n) != NULL) {
		say(s, "500 not understood");
		return SMTP_GO_ON;
	}
	memcpy(text, line.p, line.n);
	text[line.n] = '\0';
	if (after(text, "QUIT") != NULL) {
		say(s, "221 goodbye");
		return SMTP_QUIT;
	}
	on_command(s, text);
	return SMTP_GO_ON;
}

void
smtp_delivered(struct smtp *s, bool kept)
{
	forget(s);
	say(s, kept ? "250 kept" : "451 not kept, try again");
}
