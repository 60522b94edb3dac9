/*
 * The mail server's dialogue, line by line.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "prog/sandbox/smtp.h"

static struct smtp s;

/* The code of the reply to a line. */
static int
say(const char *line)
{
	(void)smtp_line(&s, span_str(line));
	return atoi(s.reply);
}

static void
begin(void)
{
	smtp_begin(&s);
}

TestSuite(smtp, .init = begin);

Test(smtp, the_example_of_the_standard_is_taken)
{
	/* RFC 5321 appendix D.1, with one recipient */
	cr_expect_eq(atoi(s.reply), 220);
	cr_expect_eq(say("EHLO bar.com"), 250);
	cr_expect_eq(say("MAIL FROM:<Smith@bar.com>"), 250);
	cr_expect_eq(say("RCPT TO:<Jones@foo.com>"), 250);
	cr_expect_eq(say("DATA"), 354);
	cr_expect_eq(say("Blah blah blah..."), 0);
	cr_expect_eq(say("..etc. etc. etc."), 0);
	cr_expect_eq(say("..."), 0);
	cr_expect_eq(say(""), 0);
	cr_expect_eq(smtp_line(&s, span_str(".")), SMTP_DELIVER);
	cr_expect_str_eq(s.from, "Smith@bar.com");
	cr_expect_str_eq(s.to, "Jones@foo.com");
	cr_expect(span_eq(buf_span(&s.message),
	    span_str("Blah blah blah...\r\n.etc. etc. etc.\r\n..\r\n\r\n")));
	smtp_delivered(&s, true);
	cr_expect_eq(atoi(s.reply), 250);
	cr_expect_eq(smtp_line(&s, span_str("QUIT")), SMTP_QUIT);
	cr_expect_eq(atoi(s.reply), 221);
}

Test(smtp, what_is_out_of_turn_or_malformed_is_refused)
{
	/* clang-format off */
	static const struct { const char *line; int code; } rows[] = {
		{ "MAIL FROM:<a@b>", 503 },
		{ "RCPT TO:<a@b>", 503 },
		{ "DATA", 503 },
		{ "helo x", 250 },
		{ "MAIL FROM: <a@b>", 250 },
		{ "MAIL FROM:<a@b>", 503 },
		{ "RSET", 250 },
		{ "MAIL FROM:a@b", 501 },
		{ "MAIL FROM:<a@b", 501 },
		{ "MAIL FROM:<a b@c>", 501 },
		{ "MAIL FROM:<>", 250 },
		{ "RCPT TO:<>", 501 },
		{ "RCPT TO:<nobody>", 501 },
		{ "DATA", 503 },
		{ "RCPT TO:<c@d>", 250 },
		{ "RCPT TO:<e@f>", 452 },
		{ "DATAX", 500 },
		{ "STARTTLS", 500 },
		{ "", 500 },
		{ "NOOP", 250 },
		{ "VRFY a", 252 },
		{ "DATA", 354 },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_eq(
		    say(rows[i].line), rows[i].code, "row %zu: %s", i, s.reply);
}

Test(smtp, a_message_that_is_too_large_is_refused_and_the_next_one_taken)
{
	static char line[1000];

	memset(line, 'x', sizeof line - 1);
	(void)say("EHLO a");
	for (int round = 0; round < 2; round++) {
		int lines = round == 0 ? SMTP_MESSAGE_MAX / 1000 + 1 : 1;

		cr_expect_eq(say("MAIL FROM:<a@b>"), 250);
		cr_expect_eq(say("RCPT TO:<c@d>"), 250);
		cr_expect_eq(say("DATA"), 354);
		for (int i = 0; i < lines; i++)
			cr_expect_eq(say(line), 0);
		if (round == 0)
			cr_expect_eq(say("."), 552);
		else
			cr_expect_eq(
			    smtp_line(&s, span_str(".")), SMTP_DELIVER);
	}
	smtp_delivered(&s, false);
	cr_expect_eq(atoi(s.reply), 451);
}
