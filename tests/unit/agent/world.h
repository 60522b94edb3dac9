/*
 * The agent's core with everything around it played by the test: a clock that
 * stands still, terminals, dasi-net, dasi-media and dasi-key over socketpairs,
 * a real database in a folder of its own.
 */
#ifndef TESTS_AGENT_WORLD_H
#define TESTS_AGENT_WORLD_H

#include <jansson.h>

#include "prog/agent/agent.h"

enum { KIOSKS = 3, KEYS = 8, EVENTS = 256 };

/* How a fake dasi-key behaves in an issue job. */
enum key_mode {
	KEY_GOOD,
	KEY_REFUSED,	  /* the CA refused the ir */
	KEY_BAD_CERT,	  /* sends the CA a rejection, answers peer.ca_answer */
	KEY_GARBAGE,	  /* nothing to reject: peer.ca_answer at once */
	KEY_MISMATCH,	  /* what was read back does not prove anything */
	KEY_DIES_EARLY,	  /* at issue.start */
	KEY_DIES_ISSUED,  /* after issue.issued */
	KEY_DIES_PROVING, /* at issue.prove */
	KEY_MUTE_PROVING, /* issue.prove is never answered */
	KEY_DIES_DELIVERED, /* at issue.confirm */
	KEY_PASSWORD,	    /* the password breaks the rule */
	KEY_TOKEN	    /* a token refuses with w.token_error */
};

struct fake_key {
	int sock;	  /* -1: free */
	json_int_t start; /* id of the open issue.start / rr.start */
	json_int_t asked; /* id of our open request */
	char doing[32];	  /* kind of that request */
	bool accept;
	char password[64];
	json_t *params; /* of issue.start / rr.start */
};

struct world {
	char folder[64];
	struct conf conf;
	int64_t wall_ms, mono_ms;
	struct agent *agent;
	int kiosk[KIOSKS], net, media;
	struct fake_key keys[KEYS];
	int spawned; /* workers so far */
	enum key_mode key_mode;
	const char *token_error; /* of KEY_TOKEN */
	bool key_missing;
	/* the fake net: a method answers with this error so often, -1 always */
	char net_method[64], net_error[64];
	int net_times;
	bool net_mute; /* cmp.send is never answered */
	/* another peer of the test's own: false when nothing waited */
	bool (*guest)(void);
	json_t *prove; /* last params of issue.prove */
	/* plays the card terminal: a whole answer, or NULL for silence */
	json_t *(*terminal)(
	    json_int_t id, const char *method, const json_t *params);
	bool revoked_unknown; /* OCSP knows nothing */
	bool old_revoked, new_revoked;
	int transfers;	/* messages the workers have made */
	int sent[4];	/* cmp.send by kind: rr ir certConf */
	json_t *enroll; /* last params of registry.enroll */
	json_t *rr;	/* last params of rr.start */
	int age, phone_days;
	char cert_status[32];
	char crl_status[16]; /* what the list says; "": there is none */
	bool made_elsewhere; /* the registry lists a new certificate too */
	char media_error[32];
	int media_times;
	bool media_mute;
	json_t *write;		/* last params of media.write */
	json_int_t write_id;	/* and its id */
	json_t *message;	/* last params of sms.send, mail.send */
	int messages;		/* of both */
	json_t *events[EVENTS]; /* to kiosk 0, oldest first */
	int event_count;
};

/* The files that a fake dasi-key makes for phones. */
#define PHONE_FILE	  "an invented PKCS#12 for every phone"
#define PHONE_FILE_STRONG "an invented PKCS#12 for newer phones"

extern struct world w;

/* TestSuite init and fini. */
void world_open(void);
void world_close(void);
/* Stop the agent as SIGTERM does and start it again on the same folder. */
void world_restart(void);
/* As a crash does: nothing is told, the store closes. */
void world_stop(void);
void world_start(void);

/* Let everything happen that happens without time passing. */
void run(void);
/* And with it. */
void pass_ms(int64_t ms);

/* Connect as a role; kiosk 0, net and media are connected by world_open. */
int connect_as(const char *role, const char *terminal, unsigned allowed);

/* A kiosk's request and its answer ("result" or "error" member); the test
 * fails when none comes.  Borrowed until the next call. */
json_t *ask_at(int kiosk, const char *method, const char *params, ...)
    __attribute__((format(printf, 3, 4)));
/* Likewise, with parameters ask_at has no room for; takes them over. */
json_t *ask_json(int kiosk, const char *method, json_t *params);
json_t *ask_fd(int kiosk, const char *method, const char *secret);
/* With both; takes `params`, borrows `fd`. */
json_t *ask_with_fd(int kiosk, const char *method, json_t *params, int fd);
#define ask(...) ask_at(0, __VA_ARGS__)
/* The error code of an answer, "" when it is a result. */
const char *code(const json_t *answer);
#define text(o, k) json_string_value(json_object_get(o, k))

/* Steps of the happy path, each asserting its own success. */
void begin(int kiosk, const char *purpose);
void identify(int kiosk);
json_t *open_case(int kiosk);
json_t *report(int kiosk, const char *kind);
json_t *apply(int kiosk);
/* begin to apply: PAID. */
void until_paid(void);

/* The next `times` answers of the fake net to `method`, or of the fake media,
 * are this error; -1 for all to come. */
void net_fails(const char *method, const char *error, int times);
void media_fails(const char *error, int times);
/* The answer of a mute media to its last media.write, now: NULL is success. */
void media_answers(const char *error);

/* The newest case.changed of kiosk 0, or NULL. */
const json_t *last_case(void);
/* The row of the only case. */
struct store_case row(void);
int journal_rows(void);

#endif
