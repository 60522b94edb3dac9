/*
 * screens/kiosk/screens.h - every screen there is, for the table.
 *
 * One file per screen; what a screen does is said at the top of its file.
 */
#ifndef SCREENS_KIOSK_SCREENS_H
#define SCREENS_KIOSK_SCREENS_H

#include "ui/screen.h"

extern const struct screen screen_welcome, screen_help, screen_scan,
    screen_guide, screen_consent, screen_identity, screen_factor_pick,
    screen_factor, screen_certs, screen_route, screen_loss, screen_holding,
    screen_held, screen_apply, screen_review, screen_fee, screen_paying,
    screen_parked, screen_password, screen_stick, screen_where, screen_token,
    screen_token_pin, screen_phone, screen_digits, screen_issuing,
    screen_problem, screen_done, screen_after, screen_receipt, screen_status,
    screen_status_view, screen_check, screen_check_password,
    screen_check_result, screen_change_password, screen_staff, screen_idle,
    screen_closed;

#endif
