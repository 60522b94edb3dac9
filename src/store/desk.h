/*
 * store/desk.h - what the counter adds to a case: who did what and said what,
 * which papers were seen, proposals that wait for a second person, the issue
 * guide, messages to the customer.
 *
 * The writing functions join the open transaction (store_change.also, or
 * desk_together) and are durable with it.  What people typed is sealed under
 * the key of the case and goes with it; only what must be told after the end
 * (`kept`) is sealed under the device key.
 *
 * Everywhere: E_FULL, E_SYS, E_CORRUPT, E_CRYPTO.
 */
#ifndef STORE_DESK_H
#define STORE_DESK_H

#include "store/store.h"

enum {
	DESK_WORD = 48,
	DESK_TEXT = 1024, /* 300 Hangul and their NUL fit */
	DESK_DOCS = 24,
	DESK_PAGE = 48 /* entries, proposals and steps shown of a case */
};

/* One line of a case's history at the counter. */
struct desk_entry {
	int64_t id, at, version; /* at: Unix seconds */
	bool moves;		 /* stands beside the arrow of that version */
	char staff[STORE_TEXT];	 /* who */
	char key[DESK_WORD];	 /* "note" "return" "access" ... */
	char detail[DESK_WORD];	 /* a word; never personal */
	char text[DESK_TEXT];	 /* as typed; "" when none, or gone */
};

/* Run `also` in one transaction of its own. */
MUST_USE struct err desk_together(struct store *s, const struct store_case *c,
    struct err (*also)(struct store *s, const struct store_case *c, void *arg),
    void *arg);

/* Append; id, at and version are filled in.  E_NOTFOUND: its text cannot be
 * sealed, the case's key is gone. */
MUST_USE struct err desk_add(struct store *s, const struct store_case *c,
    const struct desk_entry *entry, bool kept);
/* Up to `cap`, newest first. */
MUST_USE struct err desk_entries(struct store *s, struct desk_entry *out,
    size_t cap, size_t *n, const struct store_case *c);
/* The newest of this key.  E_NOTFOUND. */
MUST_USE struct err desk_last(struct store *s, struct desk_entry *out,
    const struct store_case *c, const char *key);

/* An arrow of the case, from its journal. */
struct desk_step {
	int64_t seq, at, version;
	char event[DESK_WORD]; /* "opened", "hold_confirmed", "noted" */
};

/* Up to `cap`, newest first. */
MUST_USE struct err desk_steps(struct store *s, struct desk_step *out,
    size_t cap, size_t *n, const struct store_case *c);

/* A paper that was seen. */
struct desk_doc {
	char doc[DESK_WORD]; /* docs_key() */
	char issued[16];     /* "2026-11-10", or "" */
};

/* All papers seen, in place of those before. */
MUST_USE struct err desk_docs_put(struct store *s, const struct store_case *c,
    const struct desk_doc *docs, size_t n);
MUST_USE struct err desk_docs_get(struct store *s, struct desk_doc *out,
    size_t cap, size_t *n, const struct store_case *c);

/* What one person wants and another must agree to. */
struct desk_proposal {
	int64_t id, at;
	int64_t uid;		/* of who proposes; -1: not known */
	enum case_state state;	/* it was meant for */
	char staff[STORE_TEXT]; /* who proposes */
	char level[DESK_WORD];	/* whom it waits for: "counter" "supervisor" */
	char action[DESK_WORD];
	char text[DESK_TEXT]; /* JSON: reason, details */
};

/* Write it; id and at are filled in, also in *p.  An open one for the same
 * action is closed. */
MUST_USE struct err desk_propose(
    struct store *s, const struct store_case *c, struct desk_proposal *p);
/* Those open for the case as it stands, oldest first. */
MUST_USE struct err desk_proposals(struct store *s, struct desk_proposal *out,
    size_t cap, size_t *n, const struct store_case *c);
MUST_USE struct err desk_proposal_close(struct store *s, int64_t id);

/* The issue guide of a case: both halves sealed together. */
struct desk_guide {
	int64_t sent_at, expires_at; /* Unix seconds; sent_at 0: not yet */
	int64_t attempts_left;	     /* sendings */
	char channel[DESK_WORD];     /* "sms" "mail" */
	char refnum_secret[STORE_TEXT], authcode_secret[STORE_TEXT];
};

MUST_USE struct err desk_guide_put(
    struct store *s, const struct store_case *c, const struct desk_guide *g);
/* E_NOTFOUND: none.  With the key of the case gone the secrets are "". */
MUST_USE struct err desk_guide_get(
    struct store *s, struct desk_guide *out, const struct store_case *c);

/* A message to the customer, sent once for each key. */
struct desk_message {
	char key[STORE_TEXT]; /* "late:R-20261122-0001" */
	char kind[DESK_WORD]; /* "late" "returned" "guide" */
	int64_t case_id;
	char case_no[STORE_TEXT];
};

/* E_EXISTS, and nothing happens, when there is one of this key. */
MUST_USE struct err desk_message_put(struct store *s,
    const struct store_case *c, const char *key, const char *kind);
/* Up to `cap` not sent yet, of cases that have not ended, oldest first. */
MUST_USE struct err desk_messages(
    struct store *s, struct desk_message *out, size_t cap, size_t *n);
MUST_USE struct err desk_message_sent(struct store *s, const char *key);

#endif
