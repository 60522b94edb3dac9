/*
 * conf/start.h - how a program starts that has no option but --config.
 */
#ifndef CONF_START_H
#define CONF_START_H

#include "base/log.h"
#include "conf/conf.h"

/* What it ends with. */
enum { EXIT_GOOD, EXIT_USAGE = 2, EXIT_ENVIRONMENT = 3 };

/*
 * Open the log as `program` (a literal), harden the process, and read into *c
 * the file of `[--config FILE]`, else that of conf_path().  EXIT_GOOD to go
 * on; another status to end with, and then stderr says why.
 */
MUST_USE int conf_start(struct conf *c, const char *program,
    enum log_level level, int argc, char **argv);

#endif
