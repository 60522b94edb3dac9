/*
 * dasi-handoff and the phones behind it, for the agent's tests.  The phone
 * calculates with OpenSSL what the page does with WebCrypto.
 */
#ifndef TESTS_AGENT_PHONES_H
#define TESTS_AGENT_PHONES_H

#include <openssl/ec.h>
#include <openssl/evp.h>

#include "handoff/session.h"
#include "world.h"

struct phone {
	EVP_PKEY *key;
	uint8_t point[HANDOFF_POINT];
	char id[HANDOFF_ID_TEXT]; /* from the QR */
	uint8_t secret[HANDOFF_SECRET];
	uint8_t nonce[HANDOFF_NONCE];
	bool last; /* the kiosk was told so */
};

/* The server as the agent sees it. */
struct server {
	int sock;
	json_t *open, *deliver, *close; /* last params */
	int opens, delivers, closes;
	char refuses[32];   /* this method ... */
	char refusal[32];   /* ... with this */
	bool mute;	    /* requests are not answered */
	json_t *answer;	    /* to our last request: the whole body */
	json_t *everything; /* each frame that came, as text */
};

extern struct server server;

/* TestSuite init and fini: world_open with a server that is ready. */
void phones_open(void);
void phones_close(void);
void server_plug(void);
void server_unplug(void);
/* An event of it. */
void server_tells(const char *id, const char *state);

/* case.issue with these ways ("'phone'"), up to what happens by itself. */
void issue_to(const char *to);
/* phone.begin and a phone that scanned its QR. */
struct phone scan(int kiosk);
/* The claim of the phone; "" and its nonce, or the refusal. */
const char *claim(struct phone *p);
/* As a liar would: with another's mac. */
const char *claim_with(struct phone *p, const uint8_t mac[static SEAL_DIGEST]);
/* What it shows, typed at the kiosk; the refusal or "". */
const char *type_digits(int kiosk, const struct phone *p);
const char *type_wrong(int kiosk, const struct phone *p);
/* Open what the server was given last; true when it is the two files. */
bool opens(const struct phone *p, uint8_t digest[static SEAL_DIGEST]);
/* The receipt over `digest`; the refusal or "". */
const char *ack(
    const struct phone *p, const uint8_t digest[static SEAL_DIGEST]);
/* claim, digits, open, ack: everything goes well. */
void receive(int kiosk, struct phone *p);

/* A visit up to a phone that scanned; and up to the files having left. */
struct phone until_scanned(void);
struct phone until_sent(void);
/* The case is ISSUED still, and the CA was told nothing. */
void still_issued(void);
/* Whatever happened, the customer can begin again and get it. */
void again_goes_well(void);

/* State of the newest phone.changed at kiosk 0, "" for none. */
const char *phone_state(void);
/* State of a way in the case as kiosk 0 saw it last, "" when not chosen. */
const char *way_state(const char *way);
/* Rows of the case's journal of this effect and kind. */
int rows_of(const char *effect, const char *kind);

#endif
