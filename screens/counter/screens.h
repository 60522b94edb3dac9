/*
 * screens/counter/screens.h - every screen of the clerk, for the table.
 *
 * One file per screen; what a screen does is said at the top of its file.
 */
#ifndef SCREENS_COUNTER_SCREENS_H
#define SCREENS_COUNTER_SCREENS_H

#include "screens/counter.h"

extern const struct counter_view counter_closed, counter_queue, counter_case,
    counter_docs, counter_act_form, counter_confirm, counter_unmask,
    counter_cash, counter_fee, counter_guide, counter_reprint, counter_branch,
    counter_day, counter_audit, counter_verify, counter_prove, counter_lock,
    counter_help;

#endif
