/*
 * media/jail.h - what dasi-media gives up before it looks at a stick.
 */
#ifndef MEDIA_JAIL_H
#define MEDIA_JAIL_H

#include <stdbool.h>

#include "base/err.h"

/*
 * No new privileges, and by Landlock no file opened or changed outside
 * `folder` (mounts that appear below it later are inside) and no TCP.  What is
 * open stays usable; connecting to a UNIX socket stays possible.  *landlocked
 * is false on kernels without a usable Landlock (before 5.19), which is no
 * error: the systemd unit says the same from outside.  E_SYS.
 */
MUST_USE struct err jail_enter(const char *folder, bool *landlocked);

#endif
