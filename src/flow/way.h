/*
 * flow/way.h - where the new certificate goes, and a handoff to a phone, as
 * the kiosk knows them.  Types only; flow/phone.h fills them.
 */
#ifndef FLOW_WAY_H
#define FLOW_WAY_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/qr.h"

/* As `to` of case.issue names them. */
enum target { TO_STICK, TO_PHONE, TO_TOKEN, TO_COUNT };

enum { WAY_STATE = 8, PHONE_STATE = 12 };

/* The QR of an address twice: the larger one where there is room. */
enum { CODE_SMALL, CODE_LARGE, CODE_COUNT };

enum { TOKEN_TEXT = 40, TOKEN_LIST = 8 };

/* A security token that is plugged in, as token.list tells it. */
struct token_view {
	int index;
	char label[TOKEN_TEXT], model[TOKEN_TEXT];
	char pin[8]; /* ok few last locked */
	bool keys, writable, full;
};

/* Wiped with the session: the codes hold the secret of the handoff. */
struct handoff_view {
	char state[PHONE_STATE]; /* phone.changed; "": nobody scanned it yet */
	bool elsewhere;		 /* a second phone asked */
	bool has_wifi;		 /* to be joined first */
	bool joined;		 /* the customer has gone on from there */
	bool last;		 /* no time for another after this one */
	int64_t until_ms;	 /* 0: there is no code to scan */
	struct qr codes[CODE_COUNT]; /* size 0: cannot be drawn */
	struct qr wifi;
};

#endif
