/*
 * fixture.h - a folder with configuration files of a test, and what loading
 * one of them said.
 */
#ifndef CONF_FIXTURE_H
#define CONF_FIXTURE_H

#include "conf/conf.h"

/* Ten lines; a case adds its own from line 11 on. */
#define GOOD                                                                   \
	"branch { bank = \"Bank\" bank_code = 004 name = \"Branch\"\n"         \
	"  code = B-1 opens = \"09:00\" closes = \"16:00\" }\n"                \
	"agent { state = state socket = /run/s device_key = dev.key\n"         \
	"  key_worker = /x/dasi-key }\n"                                       \
	"peers { cmp_url = \"http://ca.example/cmp\"\n"                        \
	"  ocsp_url = \"http://ca.example/ocsp\"\n"                            \
	"  registry_url = \"https://ra.example/\" }\n"                         \
	"media { directory = /media/dasi } head_office { certificate = h }\n"  \
	"issuer yessign { name = \"KFTC\" ours = true root = root.der\n"       \
	"  ca = ca.der ra_cert = ra.der ra_key = ra.key }\n"

extern char dir[];
extern char message[CONF_MESSAGE];
extern struct conf c;

/* Init and fini of a suite: the folder. */
void conf_setup(void);
void conf_teardown(void);

/* Write `name`; load `name`; write GOOD and `added` to dasi.conf, load it. */
void put(const char *name, const char *text);
struct err load(const char *name);
struct err load_with(const char *added);

struct broken {
	const char *added; /* after GOOD, from line 11 */
	int line;
	const char *found, *expected;
};

#endif
