/*
 * Fuzz target: the dialogue of the practice mail server, and the e-mail that
 * dasi-net makes, which must come out of it as it went in.
 *
 * First byte even: lines of a client.  Odd: subject and text of an e-mail.
 */
#define _GNU_SOURCE /* memmem */
#include <string.h>

#include "base/text.h"
#include "fuzz.h"
#include "peer/mail.h"
#include "prog/sandbox/smtp.h"

static struct smtp server;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

static void
check_reply(void)
{
	size_t n = strnlen(server.reply, sizeof server.reply);

	must(n < sizeof server.reply, "a reply ends in its room");
	if (server.in_data && n == 0)
		return;
	must(n > 5 && strspn(server.reply, "0123456789") == 3 &&
		 strcmp(server.reply + n - 2, "\r\n") == 0,
	    "a reply is a code of three digits and a line");
}

/* Hand over one line; true when it ended a message. */
static bool
say(struct span line)
{
	enum smtp_next next = smtp_line(&server, line);

	if (next != SMTP_DELIVER) {
		check_reply();
		return false;
	}
	must(server.has_from && server.to[0] != '\0' &&
		 strchr(server.to, '@') != NULL,
	    "a message has an envelope");
	must(strpbrk(server.to, "\r\n<>") == NULL, "with a clean address");
	must(server.message.n <= SMTP_MESSAGE_MAX && !server.message.full,
	    "and fits");
	return true;
}

static void
check_lines(const uint8_t *p, size_t n)
{
	smtp_begin(&server);
	check_reply();
	while (n > 0) {
		const uint8_t *end = memchr(p, '\n', n);
		size_t k = end == NULL ? n : (size_t)(end - p);

		if (say(span_make(p, k))) {
			smtp_delivered(&server, k % 2 == 0);
			check_reply();
			must(!server.has_from, "and is then forgotten");
		}
		p += end == NULL ? k : k + 1;
		n -= end == NULL ? k : k + 1;
	}
}

/* As a client sends it: a dot before every dot that begins a line. */
static void
send_message(const uint8_t *p, size_t n)
{
	static uint8_t line[MAIL_MAX + 1];

	smtp_begin(&server);
	(void)say(span_str("EHLO a"));
	(void)say(span_str("MAIL FROM:<a@b>"));
	(void)say(span_str("RCPT TO:<c@d>"));
	(void)say(span_str("DATA"));
	for (size_t i = 0, k; i < n; i += k + 2) {
		for (k = 0; i + k + 1 < n && memcmp(p + i + k, "\r\n", 2);)
			k++;
		must(k <= 76, "lines are short");
		line[0] = '.';
		memcpy(line + 1, p + i, k);
		must(!say(span_make(line + (k == 0 || p[i] != '.'),
			 k + (k > 0 && p[i] == '.'))),
		    "a line does not end it");
	}
	must(say(span_str(".")), "the dot ends it");
}

static void
check_mail(const uint8_t *p, size_t n)
{
	static char subject[MAIL_SUBJECT_MAX + 2], text[MAIL_TEXT_MAX + 2];
	static uint8_t room[MAIL_MAX];
	struct buf out = buf_make(room, sizeof room);
	const uint8_t *end = memchr(p, '\0', n);
	size_t k = end == NULL ? n : (size_t)(end - p);
	struct mail m = { "a@b", "c@d", subject, text, "key", 0 };

	k = k < sizeof subject ? k : sizeof subject - 1;
	memcpy(subject, p, k);
	subject[k] = '\0';
	p += k;
	n -= k;
	n = n < sizeof text ? n : sizeof text - 1;
	memcpy(text, p, n);
	text[n] = '\0';
	if (n > 0 && text[0] == '\0')
		m.text = text + 1;
	if (err_is(mail_build(&out, &m)))
		return;
	send_message(room, out.n);
	must(server.message.n == out.n && memcmp(server.room, room, out.n) == 0,
	    "what was sent is what was kept");
	must(memmem(room, out.n, "\r\n\r\n", 4) != NULL, "headers end");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	if (n == 0)
		return 0;
	if (data[0] % 2 == 0)
		check_lines(data + 1, n - 1);
	else
		check_mail(data + 1, n - 1);
	return 0;
}
