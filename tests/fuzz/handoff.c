/*
 * Fuzz target: the table of handoffs, between phones and owners.
 *
 * Lines: `o` `d` `c` {params} is a request of the owner (open, deliver, close;
 * `O` `D` `C` of another), `a` {body} its answer, `p` `f` `k` {body} a phone's
 * claim, fetch and ack, `r` `s` a phone whose claim or ack goes on, `g` a GET,
 * `h` a phone that hangs up, `l` the owner gone, `t` ten seconds, `T` ten
 * minutes.  The id and word of the seeds are ours.
 */
#include <string.h>

#include "base/log.h"
#include "fuzz.h"
#include "prog/handoff/desk.h"
#include "rpc/rpc.h"

static const char ID[] = "ABCDEFGHIJKLMNOP";
static struct desk desk;
static int64_t now;
static json_int_t last;
static int phone, delivered;

static json_int_t
port_ask(void *ctx, int owner, const char *method, json_t *params)
{
	(void)ctx;
	(void)method;
	must(owner == 1 || owner == 2, "an owner that there is");
	must(strcmp(rpc_str(params, "id"), "") != 0, "about a handoff");
	json_decref(params);
	return ++last;
}

static void
port_tell(void *ctx, int owner, const char *event, json_t *params)
{
	(void)ctx;
	(void)owner;
	(void)event;
	json_decref(params);
}

static void
port_resume(void *ctx, void *asking)
{
	(void)ctx;
	must(asking == &phone, "who waits is woken");
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	log_open("fuzz", LOG_ERROR);
	return 0;
}

static void
check_answer(struct desk_answer a)
{
	json_t *body;

	if (a.status == 0) {
		must(a.body == NULL, "who waits has no answer yet");
		return;
	}
	must(a.status == 200 || a.status == 202 || a.status == 400 ||
		 a.status == 404 || a.status == 409 || a.status == 410 ||
		 a.status == 429 || a.status == 503,
	    "a status we know");
	must(a.body != NULL, "with a body");
	body = json_loads(a.body, 0, NULL);
	must(json_is_object(body), "that is an object");
	if (json_object_get(body, "files") != NULL)
		must(a.status == 200 && delivered > 0,
		    "files only after the owner delivered");
	if (a.status == 404)
		must(strcmp(a.body, "{\"state\":\"unknown\"}") == 0,
		    "every 404 is the same");
	if (a.status == 410)
		must(json_object_size(body) == 1, "410 has a word only");
	json_decref(body);
	free(a.body);
}

static void
owner_asks(char what, const json_t *in)
{
	static const char *const methods[] = { "handoff.open",
		"handoff.deliver", "handoff.close" };
	static const char kinds[] = "odc";
	int owner = what >= 'a' ? 1 : 2;
	const char *how = methods[strchr(kinds, what | 0x20) - kinds];
	const char *refused = desk_request(&desk, owner, how, in, now);

	if (refused == NULL && (what | 0x20) == 'd')
		delivered++;
}

static void
act(char what, const json_t *in)
{
	switch (what) {
	case 'o':
	case 'd':
	case 'c':
	case 'O':
	case 'D':
	case 'C':
		owner_asks(what, in);
		break;
	case 'a':
		desk_answered(&desk, 1, in, now);
		break;
	case 'p':
	case 'f':
	case 'k':
		check_answer(desk_post(&desk, ID,
		    what == 'p'	  ? "claim"
		    : what == 'f' ? "fetch"
				  : "ack",
		    in, &phone, now));
		break;
	case 'r':
	case 's':
		check_answer(desk_resumed(
		    &desk, ID, what == 'r' ? "claim" : "ack", now));
		break;
	case 'g':
		desk_opened(&desk, ID);
		break;
	case 'h':
		desk_forget(&desk, &phone);
		break;
	case 'l':
		desk_owner_lost(&desk, 1, now);
		break;
	case 't':
	case 'T':
		now += what == 't' ? 10000 : 600000;
		desk_tick(&desk, now);
		break;
	default:
		break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct desk_port port = { port_ask, port_tell, port_resume, NULL };

	desk_init(&desk, &port);
	now = last = delivered = 0;
	while (n > 0) {
		const uint8_t *end = memchr(data, '\n', n);
		size_t line = end == NULL ? n : (size_t)(end - data);

		if (line > 0) {
			json_t *in = json_loadb((const char *)data + 1,
			    line - 1, JSON_REJECT_DUPLICATES, NULL);
			act((char)data[0], in);
			json_decref(in);
		}
		line += end != NULL;
		data += line;
		n -= line;
	}
	for (int i = 0; i < 3; i++)
		act('T', NULL);
	for (int i = 0; i < DESK_ROWS; i++)
		must(desk.rows[i].id[0] == '\0', "in the end nothing is kept");
	for (int i = 0; i < 2 * DESK_ROWS; i++)
		must(desk.asks[i].id == 0, "and nothing is waited for");
	desk_end(&desk);
	return 0;
}
