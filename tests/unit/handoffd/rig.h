/*
 * rig.h - a table of handoffs with one handoff in it, its owner and a phone.
 */
#ifndef TESTS_HANDOFFD_RIG_H
#define TESTS_HANDOFFD_RIG_H

#include "prog/handoff/desk.h"

#define ID "ABCDEFGHIJKLMNOP"
enum { OWNER = 7, START_MS = 1000 };

extern struct desk desk;
extern json_t *asked; /* the last question to the owner */
extern char asked_how[32];
extern json_int_t last_id;
extern void *resumed; /* the connection that was let go on */
extern int told;      /* events to the owner */
/* The keys of two phones, a mac and the word that opens the handoff. */
extern char key_a[96], key_b[96], tag[64], auth[64];

/* Init and fini of a suite: ID is open for 180 s from START_MS. */
void rig_begin(void);
void rig_end(void);

/* A request of the owner; takes `params`.  The refusal, or NULL. */
const char *owner_says(const char *method, json_t *params, int64_t now);
/* Its answer to what it was asked; takes `body`. */
void owner_answers(json_t *body, int64_t now);

/* The answer to a POST; `asking` stands for the phone's connection. */
unsigned post(const char *id, const char *what, json_t *in, void *asking,
    int64_t now, char body[static 256]);
json_t *claim_of(const char *key);
void claim_goes_well(void);
/* What the owner delivers. */
json_t *parcel(void);

#endif
