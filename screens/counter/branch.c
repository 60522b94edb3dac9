/*
 * screens/counter/branch.c - [2201] how the branch is: who waits, which peers
 * answer, paper, disk, the audit log and its way to head office.
 */
#include <string.h>

#include "screens/counter/common.h"
#include "screens/counter/desk_words.h"
#include "screens/counter/screens.h"
#include "screens/kiosk/words.h"
#include "ui/text.h"

enum { AGAIN_MS = 5000 };

static int
on_event(struct counter_session *s, const struct event *ev)
{
	enum form_result did;

	if (ev->kind == EV_TICK && s->now_ms - s->status.at_ms >= AGAIN_MS) {
		s->status.at_ms = s->now_ms; /* asked once, not each tick */
		return CI_REFRESH;
	}
	if (event_is_key(ev, K_F5))
		return CI_REFRESH;
	return clerk_event(s, ev, &did);
}

static void
enter(struct counter_session *s)
{
	clerk_form(s);
}

/* "[x] 발급 기관   정상": what does not work looks different. */
static void
draw_health(struct page *p, const char *name, bool up)
{
	page_task(p, up ? TASK_DONE : TASK_FAILED, T(name),
	    T(up ? "desk.up" : "desk.down"));
}

/* The branch's own programs; head office's is there only when it is set up. */
static void
draw_programs(const struct status_view *v, struct page *p)
{
	if (v->peer_count == 0)
		draw_health(p, "desk.branch.media", v->media_ok);
	for (int i = 0; i < v->peer_count; i++) {
		const char *name = v->peers[i].name;

		if (strcmp(name, "ship") == 0 && !v->ship_on)
			continue;
		page_task(p, v->peers[i].up ? TASK_DONE : TASK_FAILED,
		    desk_word(p, "desk.peer", name),
		    T(v->peers[i].up ? "desk.up" : "desk.down"));
	}
}

/* A device in a word: none, ok, low, out, down. */
static void
draw_device(struct page *p, const char *name, const char *word)
{
	bool good = strcmp(word, "ok") == 0;

	if (word[0] == '\0')
		return;
	page_task(p,
	    good			? TASK_DONE
	    : strcmp(word, "none") == 0 ? TASK_TODO
					: TASK_FAILED,
	    T(name), desk_word(p, "desk.device", word));
}

static void
draw_log(const struct counter_session *s, struct page *p)
{
	const struct status_view *v = &s->status;

	page_row(p, T("desk.branch.audit"),
	    page_fill(p, T("desk.branch.rows"),
		page_fmt(p, "%lld", (long long)v->audit_rows),
		desk_word(p, "desk.history_is", v->audit_history)),
	    page_fill(p, T("desk.branch.checkpoint"),
		v->audit_checkpoint_at > 0
		    ? desk_time(p, v->audit_checkpoint_at, s->now_unix)
		    : "-"));
	if (v->ship_on)
		page_row(p, T("desk.branch.ship"),
		    page_fill(p, T("desk.branch.queue"),
			page_fmt(p, "%d", v->ship_queue),
			desk_age(
			    p, s->now_unix - v->ship_oldest_s, s->now_unix)),
		    page_fill(p, T("desk.branch.ack"),
			v->ship_ack_at > 0
			    ? desk_time(p, v->ship_ack_at, s->now_unix)
			    : "-"));
	else
		page_row(
		    p, T("desk.branch.ship"), T("desk.branch.no_ship"), NULL);
	if (v->ship_trouble[0] != '\0')
		page_say(p, ROLE_ERROR,
		    desk_word(p, "desk.trouble", v->ship_trouble));
}

static void
draw_people(const struct counter_session *s, struct page *p)
{
	const struct status_view *v = &s->status;

	page_row(p, T("desk.branch.hours"),
	    page_fmt(p, "%s-%s", v->opens, v->closes),
	    T(v->open_now ? "desk.open_now" : "desk.shut_now"));
	page_row(
	    p, T("desk.branch.waiting"), page_fmt(p, "%d", v->waiting), NULL);
	for (int i = 0; i < v->kiosk_count; i++)
		page_row(p, i == 0 ? T("desk.branch.kiosks") : "",
		    page_fmt(p, "%s  %s", v->kiosks[i].terminal,
			desk_word(p, "desk.at", v->kiosks[i].screen)),
		    NULL);
}

static void
draw(const struct counter_session *s, struct page *p)
{
	const struct status_view *v = &s->status;

	clerk_head(s, p);
	if (!v->known) {
		page_text(p, T("desk.asking"));
	} else {
		draw_people(s, p);
		page_gap(p);
		draw_health(p, "desk.branch.ca", v->ca_ok);
		draw_health(p, "desk.branch.registry", v->registry_ok);
		draw_programs(v, p);
		draw_device(p, "desk.branch.pay", v->pay);
		draw_device(p, "desk.branch.print",
		    v->paper[0] != '\0' ? v->paper : v->print);
		page_gap(p);
		if (v->disk_free_mb >= 0)
			page_row(p, T("desk.branch.disk"),
			    words_size(p, v->disk_free_mb * 1024),
			    v->disk_low ? T("desk.disk_low") : NULL);
		draw_log(s, p);
	}
	clerk_foot(s, p, "desk.back", NULL);
}

const struct counter_view counter_branch = { enter, on_event, draw };
