/*
 * prog/tool/audit_open.c - the database, its branch, the key to believe.
 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "conf/conf.h"
#include "prog/tool/audit.h"

json_t *
audit_hex(const uint8_t *p, size_t n)
{
	char hex[HEX_TEXT(64)];

	hex_encode(hex, sizeof hex, span_make(p, n));
	return json_string(hex);
}

struct err
audit_read_key(struct note_key *out, const char *path)
{
	char room[NOTE_KEY_TEXT];
	struct buf b = buf_make(room, sizeof room);
	struct err e = file_read(&b, path);

	if (err_is(e))
		return e;
	if (b.n > 0 && room[b.n - 1] == '\n')
		b.n--;
	return note_key_parse(out, buf_span(&b));
}

static struct err
find_database(struct audit_job *job)
{
	static struct conf conf;
	char message[CONF_MESSAGE];
	struct err e;
	int n;

	if (job->opt.database != NULL)
		return str_copy(job->path, sizeof job->path, job->opt.database)
			   ? err_none()
			   : err_make(E_LIMIT, 0, "audit: path");
	e = conf_load(&conf, conf_path(NULL), message);
	if (err_is(e)) {
		log_line(LOG_ERROR, "%s", message);
		return err_make(E_CONFIG, 0, "audit: dasi.conf");
	}
	if (conf.ship_cosign_key[0] != '\0' && job->opt.office == NULL) {
		e = note_key_parse(
		    &job->office, span_str(conf.ship_cosign_key));
		job->has_office = !err_is(e);
	}
	n = snprintf(job->path, sizeof job->path, "%s/dasi.db", conf.state);
	return n > 0 && (size_t)n < sizeof job->path
		   ? err_none()
		   : err_make(E_LIMIT, 0, "audit: path");
}

static struct err
read_meta(struct audit_job *job, const char *key, struct buf *out)
{
	struct err e = job->port[0].get_meta(job->port[0].ctx, key, out);

	return e.code == E_NOTFOUND || e.code == E_LIMIT
		   ? err_make(E_CORRUPT, 0, "audit: no audit log")
		   : e;
}

static struct err
read_identity(struct audit_job *job)
{
	char key[NOTE_KEY_TEXT];
	struct buf branch = buf_make(job->branch, sizeof job->branch - 1);
	struct buf text = buf_make(key, sizeof key);
	struct err e = read_meta(job, "audit.branch", &branch);

	if (err_is(e))
		return e;
	job->branch[branch.n] = '\0';
	job->own_key = job->opt.key == NULL;
	if (!job->own_key)
		return audit_read_key(&job->key, job->opt.key);
	e = read_meta(job, "audit.key", &text);
	return err_is(e) ? e : note_key_parse(&job->key, buf_span(&text));
}

struct err
audit_job_open(struct audit_job *job, size_t doors)
{
	struct err e = find_database(job);

	if (!err_is(e))
		e = store_snapshot_take(&job->snapshot, job->path);
	while (!err_is(e) && job->door_n < doors) {
		e = store_open_audit(
		    &job->door[job->door_n], job->snapshot.path);
		if (err_is(e))
			break;
		job->port[job->door_n] = store_audit_port(
		    job->door[job->door_n]);
		job->door_n++;
	}
	if (!err_is(e))
		e = read_identity(job);
	if (!err_is(e) && job->opt.office != NULL) {
		e = audit_read_key(&job->office, job->opt.office);
		job->has_office = true;
	}
	if (err_is(e))
		return e;
	json_object_set_new(job->out, "database", json_string(job->path));
	json_object_set_new(job->out, "branch", json_string(job->branch));
	json_object_set_new(job->out, "origin", json_string(job->key.name));
	json_object_set_new(job->out, "key",
	    json_string(job->own_key ? "of the database itself" : "given"));
	return err_none();
}
