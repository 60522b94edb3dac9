/*
 * unit/print/machine.c - see machine.h.
 */
#include "machine.h"

#include <stddef.h>

#include "prog/sandbox/printer.h"

void *
machine_start(const char *folder, uint16_t *port)
{
	struct printer *p = NULL;

	return err_is(printer_start(&p, folder, port)) ? NULL : p;
}

void
machine_stop(void *machine)
{
	printer_stop(machine);
}

bool
machine_set(void *machine, const char *state)
{
	return printer_set(machine, state);
}
