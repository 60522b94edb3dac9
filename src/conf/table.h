/*
 * conf/table.h - every setting of dasi.conf as data: its name, where it goes,
 * what is accepted and how that is said.  load.c does the rest.
 */
#ifndef CONF_TABLE_H
#define CONF_TABLE_H

#include "conf/conf.h"

enum conf_kind {
	KIND_TEXT,   /* char[size] */
	KIND_PATH,   /* char[size]; relative to the file that names it */
	KIND_BOOL,   /* bool */
	KIND_NUMBER, /* int, min..max */
	KIND_LIST,   /* char[max][size] and a size_t count */
	KIND_PATHS,  /* a list of paths */
	KIND_COUNT
};

struct conf_setting {
	const char *name; /* NULL ends the table */
	enum conf_kind kind;
	size_t at;		  /* offset in the section's struct */
	size_t size;		  /* bytes of a text */
	size_t count_at;	  /* lists: offset of the count */
	int min, max;		  /* numbers: range; lists: max members */
	bool required;		  /* texts: may not stay empty */
	bool (*ok)(const char *); /* texts; NULL: check_text */
	const char *expected;	  /* completes "expected ..." */
};

enum conf_section_id {
	SECTION_TOP, /* settings outside any section */
	SECTION_BRANCH,
	SECTION_AGENT,
	SECTION_ROLE,
	SECTION_PEERS,
	SECTION_PAY,
	SECTION_PRINT,
	SECTION_MESSAGE,
	SECTION_HANDOFF,
	SECTION_RELAY,
	SECTION_TOKEN,
	SECTION_COUNTER,
	SECTION_MEDIA,
	SECTION_KIOSK,
	SECTION_SHIP,
	SECTION_HEAD_OFFICE,
	SECTION_RETENTION,
	SECTION_ISSUER,
	SECTION_FEE,
	SECTION_COUNT
};

enum { CONF_SETTINGS = 16 }; /* room for the settings of one section */

/*
 * The struct that receives a section: `struct conf` itself, or the entry named
 * `title` (a new one when there is none; always new for fees).  NULL when the
 * title is not acceptable or the array is full; *why then completes
 * "expected ...".
 */
struct conf_section {
	const char *name;
	bool titled;
	const struct conf_setting *settings;
	void *(*entry)(struct conf *, const char *title, const char **why);
};

extern const struct conf_section conf_sections[SECTION_COUNT];

/* What holds where the file is silent. */
void conf_defaults(struct conf *c);

#endif
