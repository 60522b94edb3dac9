/*
 * print/stream.h - one open way to a receipt printer: a device or a socket.
 */
#ifndef PRINT_STREAM_H
#define PRINT_STREAM_H

#include "base/clock.h"
#include "base/err.h"
#include "base/span.h"
#include "paper/escpos.h"

struct stream {
	int fd;
	bool is_socket; /* can hang up; a device may just be mute */
	struct clock clock;
};

/* E_UNREACHABLE, E_TIMEOUT, E_SYS.  Blocks at most `ms`. */
MUST_USE struct err stream_connect(
    struct stream *s, const char *host, const char *port, int ms);
/* A character device, also a serial line (left as stty set it, but raw). */
MUST_USE struct err stream_device(struct stream *s, const char *path);
void stream_close(struct stream *s);

/* Ask for the status now; ESCPOS_SILENT after `ms` without an answer, and
 * ESCPOS_OFFLINE when it hung up. */
enum escpos_state stream_ask(struct stream *s, int ms);

/* Write all.  E_TIMEOUT when the printer takes nothing for `ms`, E_GONE. */
MUST_USE struct err stream_write(struct stream *s, struct span bytes, int ms);

/* Wait for the answer at the end of a job; ESCPOS_SILENT after `ms`. */
enum escpos_state stream_end(struct stream *s, int ms);

#endif
