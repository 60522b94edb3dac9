/*
 * unit/print/machine.h - the sandbox's printer by other names: its struct has
 * the name of ours.
 */
#ifndef TESTS_PRINT_MACHINE_H
#define TESTS_PRINT_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

void *machine_start(const char *folder, uint16_t *port); /* NULL: failed */
void machine_stop(void *machine);
bool machine_set(void *machine, const char *state);

#endif
