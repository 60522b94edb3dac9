/*
 * print/lp.h - a PDF to a CUPS queue, by lp(1) of cups-client.
 */
#ifndef PRINT_LP_H
#define PRINT_LP_H

#include "base/err.h"

/*
 * Run `lp -d queue -t title` with `fd`, from its start, as standard input; no
 * shell.  `queue` and `title` are words of ours.  E_REFUSED when lp says no,
 * E_TIMEOUT, E_SYS.  Blocks up to 20 seconds.
 */
MUST_USE struct err lp_print(const char *queue, const char *title, int fd);

#endif
