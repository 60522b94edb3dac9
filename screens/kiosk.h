/*
 * screens/kiosk.h - the customer's screens, by their id in the flow table.
 */
#ifndef SCREENS_KIOSK_H
#define SCREENS_KIOSK_H

#include "flow/flow.h"
#include "ui/screen.h"

/* Never NULL for id < SCR_COUNT; NULL for anything else. */
const struct screen *kiosk_screen(enum screen_id id);

#endif
