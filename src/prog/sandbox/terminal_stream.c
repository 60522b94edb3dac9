/*
 * sandbox/terminal_stream.c - what the one who asked for a payment gets: each
 * text as it is shown, then the response; or the fault in its place.
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "terminal_inside.h"

enum { GARBAGE = 200, ENDLESS_MS = 500 };

struct stream {
	struct sandbox *sb;
	char key[RECORD_KEY];
	enum fault_action fault;
	size_t shown; /* texts already sent */
	char *text;   /* being sent */
	size_t at, n;
	bool last; /* after this text, end */
	bool cut;  /* ... by closing the connection */
};

static void
say(struct stream *s, json_t *o)
{
	free(s->text);
	s->text = o == NULL ? NULL : json_dumps(o, JSON_COMPACT);
	json_decref(o);
	s->at = 0;
	s->n = s->text == NULL ? 0 : strlen(s->text);
	/* objects stand apart by white space: the NUL becomes it */
	if (s->text != NULL)
		s->text[s->n++] = '\n';
}

/* The newest finished payment but this one; this one when there is none. */
static const json_t *
another(const struct sandbox *sb, const json_t *than)
{
	const json_t *found = than;
	const char *key;
	json_t *rec;

	json_object_foreach(sb->payments.all, key, rec)
		if (rec != than && strcmp(rec_text(rec, "state"), "done") == 0)
			found = rec;
	return found;
}

static json_t *
stale(const struct stream *s, const json_t *rec)
{
	const json_t *other = another(s->sb, rec);
	json_t *o = say_whole(other);

	if (other == rec)
		rec_set_text(
		    json_object_get(json_object_get(o, "SaleToPOIResponse"),
			"MessageHeader"),
		    "ServiceID", "0000000000");
	return o;
}

/* The response, or what the fault makes of it. */
static void
say_last(struct stream *s, const json_t *rec)
{
	s->last = true;
	say(s, s->fault == FAULT_OTHER_ORDER ? stale(s, rec) : say_whole(rec));
	if (s->fault == FAULT_DROP_AFTER)
		s->n = 0;
	if (s->fault == FAULT_HALF_CLOSE || s->fault == FAULT_TRUNCATE)
		s->n /= 2;
	s->cut = s->fault == FAULT_DROP_AFTER || s->fault == FAULT_HALF_CLOSE;
	if (s->fault == FAULT_GARBAGE && s->text != NULL && s->n > GARBAGE &&
	    RAND_bytes((unsigned char *)s->text, GARBAGE) == 1)
		s->n = GARBAGE;
}

static void
pause_ms(struct sandbox *sb, int64_t ms)
{
	int64_t until_ms = card_clock() + ms;
	struct timespec until = { until_ms / 1000,
		(long)(until_ms % 1000) * 1000000 };

	while (!sb->terminal->stop && card_clock() < until_ms)
		(void)pthread_cond_timedwait(
		    &sb->terminal->changed, &sb->lock, &until);
}

/* Wait for something to say.  False: the terminal is gone. */
static bool
next(struct stream *s)
{
	struct terminal *t = s->sb->terminal;

	for (;;) {
		const json_t *rec = records_get(&s->sb->payments, s->key);
		const json_t *list = json_object_get(rec, "displays");

		if (t->stop || t->unplugged || rec == NULL)
			return false;
		if (s->shown < json_array_size(list)) {
			say(s, say_display(
				   rec, json_string_value(
					    json_array_get(list, s->shown++))));
			return true;
		}
		if (strcmp(rec_text(rec, "state"), "done") == 0) {
			if (s->fault != FAULT_ENDLESS) {
				say_last(s, rec);
				return true;
			}
			pause_ms(s->sb, ENDLESS_MS);
			s->shown--;
			continue;
		}
		pthread_cond_wait(&t->changed, &s->sb->lock);
	}
}

static ssize_t
more(void *ctx, char *out, size_t max)
{
	struct stream *s = ctx;
	size_t n;

	while (s->at == s->n) {
		bool there;

		if (s->last)
			return s->cut ? REPLY_CUT : REPLY_END;
		pthread_mutex_lock(&s->sb->lock);
		there = next(s);
		pthread_mutex_unlock(&s->sb->lock);
		if (!there)
			return REPLY_CUT;
	}
	n = s->n - s->at < max ? s->n - s->at : max;
	memcpy(out, s->text + s->at, n);
	s->at += n;
	return (ssize_t)n;
}

static void
stream_free(void *ctx)
{
	struct stream *s = ctx;

	free(s->text);
	free(s);
}

void
stream_begin(
    struct sandbox *sb, const char *key, struct fault fault, struct reply *out)
{
	struct stream *s = calloc(1, sizeof *s);

	if (s == NULL) {
		out->drop = true;
		return;
	}
	s->sb = sb;
	s->fault = fault.action;
	str_copy(s->key, sizeof s->key, key);
	reply_free(out);
	out->status = 200;
	out->type = "application/json";
	out->more = more;
	out->more_free = stream_free;
	out->more_ctx = s;
}
