/*
 * screens/counter/desk_words.c - the agent's words in short.
 */
#include "screens/counter/desk_words.h"

#include <string.h>

#include "base/clock.h"
#include "screens/kiosk/words.h"
#include "ui/text.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400, DATE_TEXT = 10, YEAR_PART = 5 };

const char *
desk_word(struct page *p, const char *prefix, const char *word)
{
	const char *key;

	if (word[0] == '\0')
		return "";
	key = page_fmt(p, "%s.%s", prefix, word);
	if (text_has(key))
		return T(key);
	return text_has(word) ? T(word) : page_copy(p, word);
}

/* Lower case, for text keys. */
static const char *
lower(struct page *p, const char *word)
{
	char out[WORD_TEXT];
	size_t n = 0;

	for (; word[n] != '\0' && n < sizeof out - 1; n++)
		out[n] = word[n] >= 'A' && word[n] <= 'Z'
			     ? (char)(word[n] - 'A' + 'a')
			     : word[n];
	out[n] = '\0';
	return page_copy(p, out);
}

const char *
desk_state(struct page *p, const char *state)
{
	return desk_word(p, "desk.state", lower(p, state));
}

const char *
desk_age(struct page *p, int64_t since, int64_t now)
{
	int64_t s = now > since ? now - since : 0;

	if (since == 0)
		return "";
	if (s >= DAY)
		return page_fill(
		    p, T("desk.days"), page_fmt(p, "%d", (int)(s / DAY)));
	return page_fmt(
	    p, "%02d:%02d", (int)(s / HOUR), (int)(s % HOUR / MINUTE));
}

static int
number(const char *digits, int n)
{
	int v = 0;

	for (int i = 0; i < n; i++) {
		if (digits[i] < '0' || digits[i] > '9')
			return -1;
		v = 10 * v + (digits[i] - '0');
	}
	return v;
}

const char *
desk_day(struct page *p, const char *date)
{
	struct civil c = { 0 };
	int64_t unix_s;

	if (strlen(date) != DATE_TEXT)
		return page_copy(p, date);
	c.year = number(date, 4);
	c.month = number(date + YEAR_PART, 2);
	c.day = number(date + YEAR_PART + 3, 2);
	if (!civil_date_valid(c.year, c.month, c.day))
		return page_copy(p, date);
	unix_s = civil_to_unix(&c);
	return page_fill(p, T("desk.day_short"), date + YEAR_PART,
	    words_weekday(civil_from_unix(unix_s).weekday));
}

const char *
desk_time(struct page *p, int64_t at, int64_t now)
{
	struct civil c = civil_from_unix(at);

	if (at == 0)
		return "";
	if (civil_days_between(at, now) == 0)
		return page_fmt(
		    p, "%02d:%02d:%02d", c.hour, c.minute, c.second);
	return page_fmt(
	    p, "%02d-%02d %02d:%02d", c.month, c.day, c.hour, c.minute);
}

const char *
desk_did(struct page *p, const char *key)
{
	const char *event = page_fmt(p, "desk.history.%s", key);

	return text_has(event) ? T(event) : desk_word(p, "desk.act", key);
}

const char *
desk_detail(struct page *p, const char *word)
{
	static const char *const prefixes[] = { "applicant", "desk.field",
		"desk.act", "desk.channel", "desk.paper" };

	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
		const char *key = page_fmt(p, "%s.%s", prefixes[i], word);

		if (word[0] != '\0' && text_has(key))
			return T(key);
	}
	return word;
}

const char *
desk_doc(struct page *p, const struct desk_doc *d)
{
	const char *name = desk_word(p, "doc", d->doc);

	if (d->max_age_days == 0)
		return name;
	return page_fmt(p, "%s %s", name,
	    page_fill(
		p, T("desk.doc.within"), page_fmt(p, "%d", d->max_age_days)));
}

const char *
desk_call(struct page *p, const struct staff_call *c, int64_t now_unix)
{
	int64_t s = now_unix > c->at ? now_unix - c->at : 0;

	return page_fmt(p, "%s  %s  %d:%02d", c->terminal,
	    desk_word(p, "desk.at", c->screen), (int)(s / MINUTE),
	    (int)(s % MINUTE));
}
