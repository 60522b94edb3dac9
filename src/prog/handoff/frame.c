/*
 * handoff/frame.c - lengths and objects.
 */
#include "prog/handoff/frame.h"

#include <stdlib.h>
#include <string.h>

#include "base/secret.h"

static size_t
length_of(const struct frame_in *f)
{
	return (size_t)f->bytes[0] << 24 | (size_t)f->bytes[1] << 16 |
	       (size_t)f->bytes[2] << 8 | f->bytes[3];
}

bool
frame_put(uint8_t *out, size_t cap, size_t *n, const json_t *body)
{
	char *text = json_dumps(body, JSON_COMPACT);
	size_t len = text == NULL ? 0 : strlen(text);
	bool fits = len > 0 && len <= FRAME_MAX && *n <= cap &&
		    cap - *n >= FRAME_HEAD + len;

	if (fits) {
		const uint8_t head[FRAME_HEAD] = { (uint8_t)(len >> 24),
			(uint8_t)(len >> 16), (uint8_t)(len >> 8),
			(uint8_t)len };
		memcpy(out + *n, head, FRAME_HEAD);
		memcpy(out + *n + FRAME_HEAD, text, len);
		*n += FRAME_HEAD + len;
	}
	secret_wipe(text, len);
	free(text);
	return fits;
}

uint8_t *
frame_space(struct frame_in *f, size_t *room)
{
	*room = sizeof f->bytes - f->n;
	return f->bytes + f->n;
}

bool
frame_waits(const struct frame_in *f)
{
	size_t len = f->n < FRAME_HEAD ? 0 : length_of(f);

	return f->n >= FRAME_HEAD &&
	       (len == 0 || len > FRAME_MAX || f->n - FRAME_HEAD >= len);
}

enum frame_got
frame_take(struct frame_in *f, json_t **body)
{
	size_t len, used;

	*body = NULL;
	if (!frame_waits(f))
		return FRAME_NONE;
	len = length_of(f);
	if (len == 0 || len > FRAME_MAX)
		return FRAME_BAD;
	*body = json_loadb((const char *)f->bytes + FRAME_HEAD, len,
	    JSON_REJECT_DUPLICATES, NULL);
	used = FRAME_HEAD + len;
	memmove(f->bytes, f->bytes + used, f->n - used);
	secret_wipe(f->bytes + f->n - used, used);
	f->n -= used;
	if (json_is_object(*body))
		return FRAME_BODY;
	json_decref(*body);
	*body = NULL;
	return FRAME_BAD;
}
