/*
 * prog/tool/words.h - the sentences of dasi doctor, in Korean and English.
 *
 * They are here and not in the catalogues of the screens: a doctor must be
 * able to speak when settings or files are what is wrong.
 */
#ifndef TOOL_WORDS_H
#define TOOL_WORDS_H

#include <stdbool.h>
#include <stddef.h>

enum word {
	W_CONFIG_GOOD,
	W_CONFIG_BAD,
	W_FILES_GOOD,
	W_FILE_ABSENT,
	W_FILE_OPEN,
	W_FILE_SECRET,
	W_AGENT_GOOD,
	W_AGENT_OTHER,
	W_AGENT_DOWN,
	W_AGENT_REFUSES,
	W_AGENT_SILENT,
	W_WATCHDOG_GOOD,
	W_WATCHDOG_NONE,
	W_DATABASE_GOOD,
	W_DATABASE_NONE,
	W_DATABASE_BAD,
	W_DATABASE_NEWER,
	W_DATABASE_BROKEN,
	W_DISK_GOOD,
	W_DISK_LITTLE,
	W_DISK_LOW,
	W_KEY_GOOD,
	W_KEY_ABSENT,
	W_KEY_MODE,
	W_KEY_OWNER,
	W_KEY_SIZE,
	W_AUDIT_GOOD,
	W_AUDIT_YOUNG,
	W_AUDIT_UNSIGNED,
	W_AUDIT_BAD,
	W_AUDIT_NONE,
	W_SHIP_GOOD,
	W_SHIP_OFF,
	W_SHIP_NEVER,
	W_SHIP_LATE,
	W_SHIP_TROUBLE,
	W_OFFICE_GOOD,
	W_OFFICE_SOON,
	W_OFFICE_EXPIRED,
	W_OFFICE_BAD,
	W_OFFICE_NONE,
	W_CA_GOOD,
	W_CA_DOWN,
	W_REGISTRY_GOOD,
	W_REGISTRY_DOWN,
	W_NET_GONE,
	W_MEDIA_GOOD,
	W_MEDIA_GONE,
	W_PRINTER_GOOD,
	W_PRINTER_NONE,
	W_PRINTER_LOW,
	W_PRINTER_OUT,
	W_PRINTER_DOWN,
	W_CARD_GOOD,
	W_CARD_NONE,
	W_CARD_DOWN,
	W_PHONE_GOOD,
	W_PHONE_NONE,
	W_PHONE_SOON,
	W_PHONE_EXPIRED,
	W_PHONE_UNREAD,
	W_PHONE_KEY_BAD,
	W_PHONE_KEY_OTHER,
	W_RELAY_GOOD,
	W_RELAY_NONE,
	W_RELAY_DOWN,
	W_CLOCK_GOOD,
	W_CLOCK_YEAR,
	W_CLOCK_BACK,
	W_CLOCK_FREE,
	W_CASES_GOOD,
	W_INTENTS_GOOD,
	W_INTENTS_OLD,
	W_HOLDS_GOOD,
	W_HOLDS_OLD,
	W_SPOOL_GOOD,
	W_SPOOL_OLD,
	W_SPOOL_LEFT,
	W_TERMINAL_GOOD,
	W_TERMINAL_BYTES,
	W_PRACTICE,
	W_UNKNOWN,
	/* around the list */
	W_SUM,
	W_IS_OK,
	W_IS_WARN,
	W_IS_FAIL,
	W_IS_SKIP,
	WORD_COUNT
};

enum { WORD_ARGS = 4, WORD_TEXT = 512 };

/* Whether the user's locale is Korean. */
bool words_korean(void);

/*
 * What is so, and what to do about it ("" for nothing), with {1}..{4}
 * replaced.  Always NUL-terminated.
 */
void words_what(char out[static WORD_TEXT], enum word w, bool korean,
    const char *const args[static WORD_ARGS]);
void words_do(char out[static WORD_TEXT], enum word w, bool korean,
    const char *const args[static WORD_ARGS]);

/* A stable name, "disk.low". */
const char *words_key(enum word w);

#endif
