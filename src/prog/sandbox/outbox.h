/*
 * sandbox/outbox.h - text messages and e-mails that were sent: files, for
 * people to read.
 */
#ifndef SANDBOX_OUTBOX_H
#define SANDBOX_OUTBOX_H

#include "sandbox.h"

/* Write DIR/sms/PHONE/N.txt, N counting from 1.  E_ARG for no number. */
MUST_USE struct err outbox_text(
    struct sandbox *sb, const char *phone, const char *text);

/* POST /sms {to, text, key}; the same key twice is one message. */
void outbox_answer(struct sandbox *sb, const json_t *in, struct fault fault,
    struct reply *out);

/*
 * Keep a message that came by SMTP as DIR/mail/N.eml; one whose Message-ID is
 * known is kept once.  E_NOMEM, E_SYS.
 */
MUST_USE struct err outbox_mail(
    struct sandbox *sb, const char *from, const char *to, struct span message);

/* GET /control/sms, /control/mail. */
json_t *outbox_texts(const struct sandbox *sb);
json_t *outbox_mails(const struct sandbox *sb);

#endif
