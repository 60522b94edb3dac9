/*
 * screens/kiosk/table.c - screen id to screen.
 */
#include "screens/kiosk.h"

#include <stddef.h>

#include "screens/kiosk/screens.h"

/* clang-format off */
static const struct screen *const screens[SCR_COUNT] = {
	[SCR_WELCOME]		= &screen_welcome,
	[SCR_HELP]		= &screen_help,
	[SCR_SCAN]		= &screen_scan,
	[SCR_GUIDE]		= &screen_guide,
	[SCR_CONSENT]		= &screen_consent,
	[SCR_IDENTITY]		= &screen_identity,
	[SCR_FACTOR_PICK]	= &screen_factor_pick,
	[SCR_FACTOR]		= &screen_factor,
	[SCR_CERTS]		= &screen_certs,
	[SCR_ROUTE]		= &screen_route,
	[SCR_LOSS]		= &screen_loss,
	[SCR_HOLDING]		= &screen_holding,
	[SCR_HELD]		= &screen_held,
	[SCR_APPLY]		= &screen_apply,
	[SCR_REVIEW]		= &screen_review,
	[SCR_FEE]		= &screen_fee,
	[SCR_PAYING]		= &screen_paying,
	[SCR_PARKED]		= &screen_parked,
	[SCR_PASSWORD]		= &screen_password,
	[SCR_WHERE]		= &screen_where,
	[SCR_TOKEN]		= &screen_token,
	[SCR_TOKEN_PIN]		= &screen_token_pin,
	[SCR_PHONE]		= &screen_phone,
	[SCR_DIGITS]		= &screen_digits,
	[SCR_STICK]		= &screen_stick,
	[SCR_ISSUING]		= &screen_issuing,
	[SCR_PROBLEM]		= &screen_problem,
	[SCR_DONE]		= &screen_done,
	[SCR_AFTER]		= &screen_after,
	[SCR_RECEIPT]		= &screen_receipt,
	[SCR_STATUS]		= &screen_status,
	[SCR_STATUS_VIEW]	= &screen_status_view,
	[SCR_CHECK]		= &screen_check,
	[SCR_CHECK_PASSWORD]	= &screen_check_password,
	[SCR_CHECK_RESULT]	= &screen_check_result,
	[SCR_CHANGE_PASSWORD]	= &screen_change_password,
	[SCR_STAFF]		= &screen_staff,
	[SCR_IDLE]		= &screen_idle,
	[SCR_CLOSED]		= &screen_closed,
};
/* clang-format on */

const struct screen *
kiosk_screen(enum screen_id id)
{
	return (unsigned)id < SCR_COUNT ? screens[id] : NULL;
}
