/*
 * sandbox/smtp.h - a mail server of the least that RFC 5321 asks for: EHLO,
 * HELO, MAIL, RCPT, DATA, RSET, NOOP, VRFY, QUIT.
 *
 * The dialogue is a pure state machine, line by line; a thread carries it on
 * loopback, one client after the other.
 */
#ifndef SANDBOX_SMTP_H
#define SANDBOX_SMTP_H

#include "sandbox.h"

enum {
	SMTP_LINE = 1002, /* RFC 5321 4.5.3.1.6, with its CRLF */
	SMTP_ADDRESS = 256,
	SMTP_MESSAGE_MAX = 256 * 1024,
	SMTP_REPLY = 512
};

enum smtp_next {
	SMTP_GO_ON,
	SMTP_DELIVER, /* a whole message: smtp_delivered comes next */
	SMTP_QUIT
};

struct smtp {
	bool greeted, in_data, too_large;
	char from[SMTP_ADDRESS], to[SMTP_ADDRESS];
	bool has_from;
	struct buf message;	/* dots unstuffed, lines end with CRLF */
	char reply[SMTP_REPLY]; /* "" inside DATA */
	uint8_t room[SMTP_MESSAGE_MAX];
};

/* A new client; `reply` greets it. */
void smtp_begin(struct smtp *s);

/* One line without its CRLF. */
enum smtp_next smtp_line(struct smtp *s, struct span line);

/* What became of the message. */
void smtp_delivered(struct smtp *s, bool kept);

/* Serve on `fd`, which is taken over on success, until smtp_stop. */
struct smtp_server;
MUST_USE struct err smtp_start(
    struct smtp_server **out, struct sandbox *sb, int fd);
void smtp_stop(struct smtp_server *server);

#endif
