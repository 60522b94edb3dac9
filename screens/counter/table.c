/*
 * screens/counter/table.c - screen id to screen.
 */
#include "screens/counter.h"

#include <stddef.h>

#include "screens/counter/screens.h"

/* clang-format off */
static const struct counter_view *const views[CS_COUNT] = {
	[CS_CLOSED]	= &counter_closed,
	[CS_QUEUE]	= &counter_queue,
	[CS_CASE]	= &counter_case,
	[CS_DOCS]	= &counter_docs,
	[CS_ACT]	= &counter_act_form,
	[CS_CONFIRM]	= &counter_confirm,
	[CS_UNMASK]	= &counter_unmask,
	[CS_CASH]	= &counter_cash,
	[CS_FEE]	= &counter_fee,
	[CS_GUIDE]	= &counter_guide,
	[CS_REPRINT]	= &counter_reprint,
	[CS_BRANCH]	= &counter_branch,
	[CS_DAY]	= &counter_day,
	[CS_AUDIT]	= &counter_audit,
	[CS_VERIFY]	= &counter_verify,
	[CS_PROVE]	= &counter_prove,
	[CS_LOCK]	= &counter_lock,
	[CS_HELP]	= &counter_help,
};
/* clang-format on */

const struct counter_view *
counter_view(enum counter_screen id)
{
	return (unsigned)id < CS_COUNT ? views[id] : NULL;
}
