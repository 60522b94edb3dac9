/*
 * ui/ime.c - the only file with libhangul.
 */
#include "ui/ime.h"

/* Its header has prototypes of the old kind. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wstrict-prototypes"
#include <hangul.h>
#pragma GCC diagnostic pop

#include "base/utf8.h"

struct err
ime_open(struct ime *ime)
{
	ime->on = true;
	ime->context = hangul_ic_new("2");
	if (ime->context == NULL)
		return err_make(E_NOMEM, 0, "ime: context");
	return err_none();
}

void
ime_close(struct ime *ime)
{
	if (ime->context != NULL) {
		ime_reset(ime);
		hangul_ic_delete(ime->context);
	}
	ime->context = NULL;
}

void
ime_reset(struct ime *ime)
{
	if (ime->context != NULL)
		hangul_ic_reset(ime->context);
}

/* libhangul's strings hold a few characters; more than `out` is not made. */
static void
to_utf8(char out[static IME_TEXT], const ucschar *s)
{
	size_t n = 0;

	for (; s != NULL && *s != 0 && n + UTF8_MAX < IME_TEXT; s++)
		n += utf8_encode(out + n, *s);
	out[n] = '\0';
}

bool
ime_feed(struct ime *ime, char commit[static IME_TEXT], uint32_t ch)
{
	bool used;

	commit[0] = '\0';
	if (ime->context == NULL || !ime->on)
		return false;
	/* Anything but ASCII ends composing; the caller inserts it. */
	if (ch < 0x21 || ch > 0x7e) {
		ime_flush(ime, commit);
		return false;
	}
	used = hangul_ic_process(ime->context, (int)ch);
	to_utf8(commit, hangul_ic_get_commit_string(ime->context));
	return used;
}

bool
ime_backspace(struct ime *ime)
{
	return ime->context != NULL && hangul_ic_backspace(ime->context);
}

void
ime_preedit(const struct ime *ime, char out[static IME_TEXT])
{
	out[0] = '\0';
	if (ime->context != NULL)
		to_utf8(out, hangul_ic_get_preedit_string(ime->context));
}

void
ime_flush(struct ime *ime, char commit[static IME_TEXT])
{
	commit[0] = '\0';
	if (ime->context != NULL)
		to_utf8(commit, hangul_ic_flush(ime->context));
}
