/*
 * peer/mail.h - one e-mail as bytes (RFC 5322, MIME): plain text in UTF-8,
 * carried as base64 so that any server takes it; the subject as RFC 2047
 * encoded words.  Pure; prog/net hands it to a server.
 */
#ifndef PEER_MAIL_H
#define PEER_MAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

enum {
	MAIL_ADDRESS_MAX = 254,
	MAIL_SUBJECT_MAX = 200, /* bytes of UTF-8 */
	MAIL_TEXT_MAX = 16 * 1024,
	MAIL_MAX = 32 * 1024
};

struct mail {
	const char *from, *to; /* addr-spec, ASCII */
	const char *subject;   /* UTF-8, one line */
	const char *text;      /* UTF-8, lines end with \n */
	const char *key;       /* what makes it this message */
	int64_t at;	       /* Unix time of writing */
};

/* Whether `s` can stand in a header and an SMTP command as it is. */
bool mail_address(const char *s);

/*
 * Append the message, lines ending with CRLF.  The same key and sender give
 * the same Message-ID.  E_ARG for an address, subject or text that cannot be
 * sent (a control character, no UTF-8, empty), E_LIMIT.
 */
MUST_USE struct err mail_build(struct buf *out, const struct mail *m);

#endif
