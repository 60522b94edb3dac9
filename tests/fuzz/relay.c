/*
 * Fuzz target: the stream between relay and branch.
 *
 * The first byte says in what pieces the rest arrives.
 */
#include <string.h>

#include "fuzz.h"
#include "prog/handoff/frame.h"
#include "prog/handoff/pass.h"

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

/* What was read can be sent and is the same. */
static void
check_sent(const json_t *body)
{
	static uint8_t out[FRAME_ROOM];
	static struct frame_in back;
	json_t *again;
	size_t n = 0;

	if (!frame_put(out, sizeof out, &n, body))
		return; /* longer in our spelling */
	memset(&back, 0, sizeof back);
	memcpy(back.bytes, out, n);
	back.n = n;
	must(frame_take(&back, &again) == FRAME_BODY, "a sent frame is read");
	must(json_equal(body, again) == 1, "and is what was sent");
	must(back.n == 0, "with nothing behind it");
	json_decref(again);
}

static void
check_passing(const json_t *body)
{
	bool up = pass_up(body), down = pass_down(body);

	must(up + down < 2 || pass_answer(body), "only answers go both ways");
	must(!pass_answer(body) || (up && down), "answers go both ways");
	must(!up && !down ? true
			  : json_object_get(body, "id") != NULL ||
				json_object_get(body, "event") != NULL,
	    "what passes is asked, answered or told");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct frame_in in;
	size_t step;

	memset(&in, 0, sizeof in);
	if (n == 0)
		return 0;
	step = (size_t)data[0] + 1;
	data++;
	n--;
	while (n > 0) {
		size_t room, part = n < step ? n : step;
		uint8_t *to = frame_space(&in, &room);
		enum frame_got got;
		json_t *body;

		must(room > 0, "there is room after every whole frame");
		part = part < room ? part : room;
		memcpy(to, data, part);
		in.n += part;
		data += part;
		n -= part;
		while ((got = frame_take(&in, &body)) == FRAME_BODY) {
			check_sent(body);
			check_passing(body);
			json_decref(body);
		}
		must(in.n <= sizeof in.bytes, "nothing is behind the end");
		must(got == FRAME_BAD || !frame_waits(&in),
		    "no whole frame is left lying");
		if (got == FRAME_BAD)
			return 0;
	}
	return 0;
}
