/*
 * sandbox/records.c - the folder of JSON objects.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "records.h"

static struct err
read_one(struct records *r, const char *file, struct buf *room)
{
	char path[RECORDS_PATH + 300];
	char key[RECORD_KEY] = "";
	size_t n = strlen(file) - strlen(".json");
	json_t *v = NULL;
	struct err e;

	snprintf(path, sizeof path, "%s/%s", r->dir, file);
	room->n = 0;
	room->full = false;
	e = file_read(room, path);
	if (err_is(e))
		return e;
	if (n < sizeof key) {
		memcpy(key, file, n);
		v = json_loadb((const char *)room->p, room->n, 0, NULL);
	}
	if (!json_is_object(v)) {
		json_decref(v);
		log_line(LOG_ERROR, "record %s is damaged", path);
		return err_make(E_FORMAT, 0, "records: file");
	}
	json_object_set_new(r->all, key, v);
	return err_none();
}

static bool
is_record(const char *name)
{
	const char *dot = strrchr(name, '.');

	return name[0] != '.' && dot != NULL && strcmp(dot, ".json") == 0;
}

struct err
records_open(struct records *r, const char *dir, const char *name)
{
	struct buf room = buf_make(malloc(RECORD_FILE_MAX), RECORD_FILE_MAX);
	struct dirent **list = NULL;
	struct err e;
	int n = 0;

	r->all = json_object();
	if (room.p == NULL || r->all == NULL)
		e = err_make(E_NOMEM, 0, "records: open");
	else if (snprintf(r->dir, sizeof r->dir, "%s/%s", dir, name) >=
		 (int)sizeof r->dir)
		e = err_make(E_LIMIT, 0, "records: path");
	else
		e = file_make_dirs(r->dir);
	if (!err_is(e) && (n = scandir(r->dir, &list, NULL, alphasort)) < 0)
		e = err_sys("records: folder");
	for (int i = 0; i < n; i++) {
		if (!err_is(e) && is_record(list[i]->d_name))
			e = read_one(r, list[i]->d_name, &room);
		free(list[i]);
	}
	free(list);
	free(room.p);
	return e;
}

void
records_close(struct records *r)
{
	json_decref(r->all);
	r->all = NULL;
}

struct err
records_save(struct records *r, const char *key)
{
	char path[RECORDS_PATH + RECORD_KEY + 8];
	char *text = json_dumps(records_get(r, key), JSON_INDENT(1));
	struct err e;

	if (text == NULL)
		return err_make(E_NOMEM, 0, "records: save");
	snprintf(path, sizeof path, "%s/%s.json", r->dir, key);
	e = file_write(path, span_str(text), 0600);
	free(text);
	if (err_is(e))
		log_err(LOG_ERROR, "record not written", e);
	return e;
}

struct err
records_put(struct records *r, const char *key, json_t *value)
{
	if (strlen(key) >= RECORD_KEY || key[0] == '\0' ||
	    key[strspn(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx"
			    "yz0123456789_-")] != '\0') {
		json_decref(value);
		return err_make(E_ARG, 0, "records: key");
	}
	if (json_object_set_new(r->all, key, value) != 0)
		return err_make(E_NOMEM, 0, "records: put");
	return records_save(r, key);
}

json_t *
records_get(const struct records *r, const char *key)
{
	return json_object_get(r->all, key);
}

const char *
rec_text(const json_t *rec, const char *key)
{
	const char *s = json_string_value(json_object_get(rec, key));

	return s == NULL ? "" : s;
}

int64_t
rec_int(const json_t *rec, const char *key)
{
	return json_integer_value(json_object_get(rec, key));
}

void
rec_set_text(json_t *rec, const char *key, const char *value)
{
	json_object_set_new(rec, key, json_string(value));
}

void
rec_set_int(json_t *rec, const char *key, int64_t value)
{
	json_object_set_new(rec, key, json_integer(value));
}
