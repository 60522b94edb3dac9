/*
 * print/target.h - where slips go: a device, a printer on the network, a file
 * or a folder.
 */
#ifndef PRINT_TARGET_H
#define PRINT_TARGET_H

#include "base/clock.h"
#include "base/err.h"
#include "base/span.h"
#include "conf/conf.h"
#include "paper/escpos.h"

enum target_kind {
	TARGET_NONE,
	TARGET_DEVICE,
	TARGET_TCP,
	TARGET_FILE,  /* plain text is appended, a form feed after each slip */
	TARGET_FOLDER /* NNNN-kind.txt and .escpos for each job */
};

struct target {
	enum target_kind kind;
	struct clock clock;
	char path[CONF_PATH]; /* or host */
	char port[8];
};

/* What became of a job; the words of `print.slip`. */
enum target_result {
	TARGET_PRINTED,
	TARGET_NO_PRINTER,
	TARGET_NO_PAPER, /* nothing was printed, or it ran out on the way */
	TARGET_OFFLINE,	 /* nothing was printed */
	TARGET_CUT,	 /* how much came out is not known */
	TARGET_RESULT_COUNT
};

/* "device:PATH", "tcp:HOST:PORT", "file:PATH" or "".  E_CONFIG. */
MUST_USE struct err target_open(struct target *t, const char *to);

/*
 * How the printer is, ESCPOS_SILENT never: one that takes bytes and does not
 * answer is ESCPOS_OK, one that cannot be reached ESCPOS_OFFLINE.  Blocks up
 * to two seconds.
 */
enum escpos_state target_state(const struct target *t);

/*
 * Give the whole job to the printer and wait until it has it: `bytes` of
 * escpos_slip(), or `text` where a file is asked for; `kind` names the file.
 * A printer that answers is asked before and at the end.  Blocks up to a
 * minute.
 */
enum target_result target_print(const struct target *t, const char *kind,
    struct span bytes, struct span text);

/* A form for the folder.  E_STATE when the target is none. */
MUST_USE struct err target_keep_form(
    const struct target *t, const char *kind, int fd);

#endif
