/*
 * media/methods.c - media.write, media.read, media.replace.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "prog/media/scan.h"
#include "prog/media/server.h"
#include "prog/media/write.h"
#include "rpc/rpc.h"

enum { ANSWER_ROOM = RPC_MAX - 4096 }; /* for pairs, of one frame */

static const char bad_params[] = "rpc.params";

/* The stick to work on, or the error code that says why there is none. */
static const char *
take_stick(struct server *s, int *root)
{
	static const char *const codes[STICK_COUNT] = {
		[STICK_NONE] = "media.none",
		[STICK_SEVERAL] = "media.several",
		[STICK_READONLY] = "media.readonly",
		[STICK_FULL] = "media.full",
		[STICK_WRONG_FS] = "media.wrong_fs"
	};
	struct err e;

	s->status = watch_look(s->watch);
	if (s->status.state != STICK_READY)
		return codes[s->status.state];
	e = stick_open(root, &s->status.stick);
	if (!err_is(e))
		return NULL;
	log_err(LOG_WARNING, "stick", e);
	return e.code == E_GONE ? "media.gone" : "media.io";
}

/* Any failure while the stick is away is its absence. */
static const char *
code_of(struct server *s, const struct stick *stick, struct err e)
{
	if (err_is(e))
		log_err(LOG_WARNING, "stick", e);
	if (e.code == E_GONE || !watch_present(s->watch, stick))
		return "media.gone";
	if (e.code == E_FULL)
		return "media.full";
	return e.code == E_READONLY ? "media.readonly" : "media.io";
}

static void
on_progress(void *ctx, int percent)
{
	struct server *s = ctx;

	service_beat(&s->agent);
	service_event(&s->agent, "media.progress",
	    json_pack("{s:i}", "percent", percent));
}

static void
say_busy(struct server *s)
{
	s->status.state = STICK_BUSY;
	service_event(&s->agent, "media.changed",
	    json_pack("{s:s,s:s,s:I}", "state", stick_word(STICK_BUSY), "label",
		s->status.label, "free_kb", (json_int_t)s->status.free_kb));
}

/* One {name, data} into `file`; its bytes go to `room`. */
static bool
take_file(struct write_file *file, const json_t *o,
    uint8_t room[static FILE_ROOM], bool (*name_ok)(const char *))
{
	struct buf b = buf_make(room, FILE_ROOM);

	file->name = rpc_str(o, "name");
	if (!name_ok(file->name) || err_is(rpc_get_bytes(&b, o, "data")) ||
	    b.n == 0)
		return false;
	file->data = buf_span(&b);
	return true;
}

static bool
has_file(const struct write_job *job, const char *name)
{
	for (size_t i = 0; i < job->file_count; i++)
		if (strcmp(job->files[i].name, name) == 0)
			return true;
	return false;
}

/* Take an array of {name, data} too; absent is empty, no name comes twice. */
static bool
take_files(struct write_job *job, const json_t *list,
    uint8_t (*room)[FILE_ROOM], bool (*name_ok)(const char *))
{
	if (list == NULL || json_is_null(list))
		return true;
	if (!json_is_array(list) ||
	    json_array_size(list) > WRITE_FILES - job->file_count)
		return false;
	for (size_t i = 0; i < json_array_size(list); i++) {
		struct write_file *file = &job->files[job->file_count];
		if (!take_file(file, json_array_get(list, i),
			room[job->file_count], name_ok) ||
		    has_file(job, file->name))
			return false;
		job->file_count++;
	}
	return true;
}

static bool
take_job(struct write_job *job, const json_t *p, uint8_t (*room)[FILE_ROOM])
{
	job->organisation = rpc_str(p, "organisation");
	job->leaf = rpc_str(p, "leaf");
	return name_is_organisation(job->organisation) &&
	       name_is_leaf(job->leaf) &&
	       take_files(
		   job, json_object_get(p, "files"), room, name_is_pair_file) &&
	       take_files(
		   job, json_object_get(p, "beside"), room, name_is_beside) &&
	       has_file(job, "signCert.der") && has_file(job, "signPri.key");
}

static json_t *
tell_written(const struct write_job *job)
{
	json_t *files = json_array(), *bytes = json_array();

	for (size_t i = 0; i < job->file_count; i++) {
		const struct write_file *f = &job->files[i];
		json_array_append_new(
		    files, json_pack("{s:s,s:I}", "name", f->name, "size",
			       (json_int_t)f->back_n));
		json_array_append_new(
		    bytes, json_pack("{s:s,s:o}", "name", f->name, "data",
			       rpc_bytes(span_make(f->back, f->back_n))));
	}
	return json_pack("{s:o,s:o,s:b}", "files", files, "readback", bytes,
	    "moved_aside", job->moved_aside);
}

static const char *
do_write(struct server *s, const json_t *params, json_t **result)
{
	static uint8_t room[WRITE_FILES][FILE_ROOM];
	static struct write_job job;
	const struct clock *clock = &s->agent.clock;
	const char *code = NULL;
	struct err e;
	int root = -1;

	memset(&job, 0, sizeof job);
	job.progress = on_progress;
	job.ctx = s;
	job.now_s = clock->wall_ms(clock->ctx) / 1000;
	if (!take_job(&job, params, room))
		code = bad_params;
	else if ((code = take_stick(s, &root)) == NULL) {
		const struct stick stick = s->status.stick;
		say_busy(s);
		e = write_pair(root, &job);
		/* An unmounted stick lets writes succeed until it is let go. */
		if (err_is(e) || !watch_present(s->watch, &stick))
			code = code_of(s, &stick, e);
	}
	if (code == NULL) {
		*result = tell_written(&job);
		log_line(LOG_NOTICE, "written, read back %s",
		    job.direct ? "direct" : "after dropping the cache");
	}
	secret_wipe(&job, sizeof job);
	secret_wipe(room, sizeof room);
	if (root >= 0) {
		close(root);
		server_look(s, true);
	}
	return code;
}

struct listing {
	json_t *pairs;
	size_t room;
};

static bool
list_pair(void *ctx, const struct scan_pair *p)
{
	struct listing *l = ctx;
	/* base64, and \uXXXX for each Hangul syllable of three bytes */
	size_t need = BASE64_TEXT(p->cert.n) + BASE64_TEXT(p->pri.n) +
		      2 * strlen(p->leaf) + 256;

	if (need > l->room)
		return false;
	l->room -= need;
	json_array_append_new(
	    l->pairs, json_pack("{s:s,s:s,s:o,s:o}", "organisation",
			  p->organisation, "leaf", p->leaf, "sign_cert",
			  rpc_bytes(p->cert), "sign_pri", rpc_bytes(p->pri)));
	return true;
}

static const char *
do_read(struct server *s, const json_t *params, json_t **result)
{
	struct listing l = { json_array(), ANSWER_ROOM };
	struct stick stick;
	const char *code;
	struct err e;
	int root = -1;

	s->status = watch_look(s->watch);
	stick = s->status.stick;
	/* Reading asks less than writing does. */
	if (s->status.state == STICK_READONLY || s->status.state == STICK_FULL)
		s->status.state = STICK_READY;
	code = s->status.state == STICK_READY
		   ? (err_is(stick_open(&root, &stick)) ? "media.gone" : NULL)
		   : take_stick(s, &root);
	if (code == NULL) {
		e = scan_pairs(root, list_pair, &l);
		if (err_is(e) || !watch_present(s->watch, &stick))
			code = code_of(s, &stick, e);
	}
	if (root >= 0)
		close(root);
	if (code == NULL)
		*result = json_pack("{s:O}", "pairs", l.pairs);
	json_decref(l.pairs);
	return code;
}

static const char *
do_replace(struct server *s, const json_t *params, json_t **result)
{
	static uint8_t room[FILE_ROOM];
	static struct write_file file;
	const char *organisation = rpc_str(params, "organisation");
	const char *leaf = rpc_str(params, "leaf");
	const char *code = NULL;
	struct err e;
	int root = -1;

	memset(&file, 0, sizeof file);
	if (!name_is_organisation(organisation) || !name_is_leaf(leaf) ||
	    !take_file(&file, params, room, name_is_pair_file))
		code = bad_params;
	else if ((code = take_stick(s, &root)) == NULL) {
		const struct stick stick = s->status.stick;
		say_busy(s);
		e = write_replace(root, organisation, leaf, &file);
		/* Not the stick that was listed: the listed one went away. */
		if (e.code == E_NOTFOUND)
			e.code = E_GONE;
		if (err_is(e) || !watch_present(s->watch, &stick))
			code = code_of(s, &stick, e);
	}
	if (code == NULL)
		*result = json_pack("{s:o}", "readback",
		    rpc_bytes(span_make(file.back, file.back_n)));
	secret_wipe(&file, sizeof file);
	secret_wipe(room, sizeof room);
	if (root >= 0) {
		close(root);
		server_look(s, true);
	}
	return code;
}

/* clang-format off */
static const struct method {
	const char	*name;
	/* NULL and *result, or an error code */
	const char	*(*act)(struct server *, const json_t *params,
			    json_t **result);
} methods[] = {
	{ "media.write",	do_write },
	{ "media.read",		do_read },
	{ "media.replace",	do_replace },
};
/* clang-format on */

json_t *
method_answer(struct server *s, const json_t *request)
{
	json_int_t id = rpc_int(request, "id", 0);
	const char *name = rpc_str(request, "method"), *code = "rpc.method";
	json_t *result = NULL;

	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
		if (strcmp(methods[i].name, name) == 0)
			code = methods[i].act(
			    s, json_object_get(request, "params"), &result);
	if (code == NULL && result == NULL)
		code = "media.io";
	if (code == NULL)
		return rpc_result(id, result);
	log_line(LOG_NOTICE, "refused: %s", code);
	return rpc_error(id, code);
}
