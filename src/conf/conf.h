/*
 * conf/conf.h - dasi.conf, read once at start-up by libconfuse.
 *
 * Everything is checked while reading: unknown names, ranges, missing values.
 * A bad file yields one message with file, line and what was expected; the
 * program prints it and ends with status 3.  kiosk-config/dasi.conf documents
 * every setting.
 */
#ifndef CONF_CONF_H
#define CONF_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

enum {
	CONF_TEXT = 128, /* names, addresses of people's kind */
	CONF_PATH = 512, /* paths and URLs */
	CONF_ISSUERS = 16,
	CONF_FEES = 64,
	CONF_HOLIDAYS = 64,
	CONF_ROLES = 16,
	CONF_MEMBERS = 8,
	CONF_CHAIN = 4,
	CONF_MESSAGE = 512
};

/* Which Unix users and groups may say hello with this role. */
struct conf_role {
	char name[CONF_TEXT]; /* "kiosk" "counter" "net" "media" ... */
	char users[CONF_MEMBERS][CONF_TEXT];
	size_t user_count;
	char groups[CONF_MEMBERS][CONF_TEXT];
	size_t group_count;
};

/* An issuing CA: all are listed for customers, `ours` is the one we serve. */
struct conf_issuer {
	char o[CONF_TEXT];    /* NPKI folder name, "yessign" */
	char name[CONF_TEXT]; /* 금융결제원 */
	char phone[CONF_TEXT];
	char site[CONF_TEXT];
	bool ours;
	/* below only when ours; DER or PEM files */
	char root[CONF_PATH];
	char ca[CONF_PATH];
	char chain[CONF_CHAIN][CONF_PATH];
	size_t chain_count;
	char ra_cert[CONF_PATH];
	char ra_key[CONF_PATH];
	char recipient[CONF_PATH]; /* CMP recipient DN, "" = the CA's subject */
	bool encrypted_vid;	   /* send R as EncryptedVID generalInfo */
	bool any_profile;	   /* a CA outside the Korean profile */
	int key_bits;		   /* 2048 or 3072 */
};

/* One row of the fee table; "*" matches everything (src/case/fee.h). */
struct conf_fee {
	char issuer[CONF_TEXT];
	char product[CONF_TEXT]; /* policy OID */
	char channel[CONF_TEXT]; /* "kiosk" "counter" */
	char reason[CONF_TEXT];	 /* "lost" ... */
	int won;		 /* including VAT */
	char waiver[CONF_TEXT];	 /* text key when free, or "" */
};

struct conf {
	/* branch */
	char bank[CONF_TEXT], bank_code[CONF_TEXT];
	char branch[CONF_TEXT], branch_code[CONF_TEXT];
	char opens[6], closes[6]; /* "09:00" */
	/* on receipts; each may be "" */
	char phone[CONF_TEXT], address[CONF_TEXT];
	char business_no[CONF_TEXT], representative[CONF_TEXT];
	bool practice; /* says so on screen, allows folder sticks */
	/* agent */
	char state[CONF_PATH]; /* folder of dasi.db */
	char socket[CONF_PATH];
	char device_key[CONF_PATH]; /* 32 bytes, 0600 */
	char key_worker[CONF_PATH]; /* path of dasi-key */
	struct conf_role roles[CONF_ROLES];
	size_t role_count;
	/* peers */
	char cmp_url[CONF_PATH], ocsp_url[CONF_PATH];
	char crl_url[CONF_PATH]; /* "": no second source */
	char registry_url[CONF_PATH];
	char peer_ca[CONF_PATH]; /* TLS trust for https peers, or "" */
	int peer_timeout_ms;	 /* one exchange */
	int issue_timeout_s; /* the whole CMP transaction, <= confirmWaitTime */
	/* pay: the card terminal; driver "none" takes no cards */
	char pay_driver[CONF_TEXT]; /* "none" "nexo" "van" */
	char pay_url[CONF_PATH];
	char pay_ca[CONF_PATH];	     /* the one CA trusted for it */
	char pay_sale_id[CONF_TEXT]; /* nexo SaleID, VAN merchant number */
	char pay_poi_id[CONF_TEXT];  /* nexo POIID, VAN terminal number */
	int pay_timeout_s;	     /* silence that makes it unknown */
	/* print */
	char print_to[CONF_PATH];      /* "file:" "device:" "tcp:", "": none */
	char print_profile[CONF_TEXT]; /* "cp949" "raster" */
	int print_columns;	       /* of Latin letters, 32 to 48 */
	char print_queue[CONF_TEXT];   /* CUPS queue for A4, "": none */
	/* messages */
	char sms_url[CONF_PATH];  /* "" sends none */
	char smtp_url[CONF_PATH]; /* "smtp://127.0.0.1:25", "" sends none */
	char mail_from[CONF_PATH];
	int guide_days; /* life of an issue guide */
	/* handoff: certificates to phones; placement "none" does not */
	char handoff[CONF_TEXT];	/* "none" "local" "relay" */
	char handoff_base[CONF_PATH];	/* "https://h.hanbit.test" */
	char handoff_listen[CONF_TEXT]; /* local: "0.0.0.0:8443" */
	char handoff_relay[CONF_TEXT];	/* relay: "relay.bank.example:9443" */
	char handoff_cert[CONF_PATH];	/* PEM: server's, or of the branch */
	char handoff_key[CONF_PATH];
	char handoff_ca[CONF_PATH];	  /* relay: the one CA trusted */
	char handoff_wifi[CONF_TEXT];	  /* name of the branch's Wi-Fi, "" */
	char handoff_wifi_key[CONF_TEXT]; /* its password, shown as a QR */
	/* relay: of conf_load_relay(), at head office */
	char relay_base[CONF_PATH];   /* what phones open */
	char relay_listen[CONF_TEXT]; /* for phones */
	char relay_cert[CONF_PATH];   /* PEM chain that phones trust */
	char relay_key[CONF_PATH];
	char relay_branches[CONF_TEXT];	   /* for branches */
	char relay_branch_cert[CONF_PATH]; /* PEM, what branches trust */
	char relay_branch_key[CONF_PATH];
	char relay_ca[CONF_PATH];  /* the one CA of branches' certificates */
	char relay_crl[CONF_PATH]; /* its revocation list, "" for none */
	/* token: a PKCS#11 module, "" for none */
	char token_module[CONF_PATH];
	/* counter */
	int lock_s; /* quiet time before the clerk's screen locks */
	/* media */
	char media[CONF_PATH]; /* folder under which sticks are mounted */
	bool media_folders;    /* practice: a plain folder is a stick */
	/* kiosk */
	char terminal[CONF_TEXT]; /* "K-03" */
	char locale[CONF_PATH];
	int idle_s, idle_warn_s; /* quiet time before the warning; count-down */
	bool scanner;		 /* a barcode scanner types forms */
	/* ship; both "" when the branch ships nothing */
	char ship_conninfo[CONF_PATH];	 /* libpq, to head office */
	char ship_cosign_key[CONF_PATH]; /* note key of its witness */
	/* head_office: whom personal data is sealed for; "" in practice only */
	char head_office[CONF_PATH];
	/* retention, days; records are sealed when their case ends */
	int case_days, audit_days, sealed_days;
	struct conf_issuer issuers[CONF_ISSUERS];
	size_t issuer_count;
	struct conf_fee fees[CONF_FEES];
	size_t fee_count;
	char holidays[CONF_HOLIDAYS][11]; /* "2026-12-25" */
	size_t holiday_count;
};

/*
 * Read `path` into *c.  On E_CONFIG (or E_NOTFOUND) `message` holds a sentence
 * "file:line: what was found; what is expected".  Blocks.
 */
MUST_USE struct err conf_load(
    struct conf *c, const char *path, char message[static CONF_MESSAGE]);

/* The same of a relay's file: of everything, only section relay must be there.
 */
MUST_USE struct err conf_load_relay(
    struct conf *c, const char *path, char message[static CONF_MESSAGE]);

/* The path: `argument` if not NULL, else $DASI_CONF, else /etc/dasi/dasi.conf.
 */
const char *conf_path(const char *argument);

/* The issuer we serve; conf_load guarantees exactly one. */
const struct conf_issuer *conf_our_issuer(const struct conf *c);

#endif
