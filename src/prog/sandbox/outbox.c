/*
 * sandbox/outbox.c - the files of the outbox and what is known of them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include <openssl/sha.h>

#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "outbox.h"

enum { PHONE_MAX = 15, PHONE_MIN = 8, TEXT_MAX = 2000, FILES_MAX = 1000000 };
enum { HASH_TEXT = HEX_TEXT(SHA256_DIGEST_LENGTH), ID_MAX = 256 };

/* Digits only; hyphens and spaces between them are dropped. */
static bool
phone_of(char out[static PHONE_MAX + 1], const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++) {
		if (*text == '-' || *text == ' ')
			continue;
		if (*text < '0' || *text > '9' || n == PHONE_MAX)
			return false;
		out[n++] = *text;
	}
	out[n] = '\0';
	return n >= PHONE_MIN;
}

/* DIR/FOLDER/N.EXTENSION that is not there yet. */
static struct err
next_file(char path[static SANDBOX_PATH + 160], const char *folder,
    const char *extension)
{
	struct stat st;
	struct err e = file_make_dirs(folder);

	for (int n = 1; !err_is(e) && n < FILES_MAX; n++) {
		snprintf(
		    path, SANDBOX_PATH + 160, "%s/%d.%s", folder, n, extension);
		if (stat(path, &st) != 0)
			return err_none();
	}
	return err_is(e) ? e : err_make(E_FULL, 0, "outbox: folder");
}

struct err
outbox_text(struct sandbox *sb, const char *phone, const char *text)
{
	char number[PHONE_MAX + 1], folder[SANDBOX_PATH + 128];
	char path[SANDBOX_PATH + 160];
	struct err e;

	if (!phone_of(number, phone))
		return err_make(E_ARG, 0, "outbox: telephone");
	snprintf(folder, sizeof folder, "%s/sms/%s", sb->dir, number);
	e = next_file(path, folder, "txt");
	return err_is(e) ? e : file_write(path, span_str(text), 0600);
}

static void
hash_text(char out[static HASH_TEXT], const char *text)
{
	uint8_t hash[SHA256_DIGEST_LENGTH];

	SHA256((const unsigned char *)text, strlen(text), hash);
	hex_encode(out, HASH_TEXT, span_make(hash, sizeof hash));
}

static json_t *
result(const char *word)
{
	return json_pack("{ss}", "result", word);
}

static struct err
send_text(struct sandbox *sb, const json_t *in, const char *key)
{
	struct err e = outbox_text(
	    sb, rec_text(in, "to"), rec_text(in, "text"));

	if (err_is(e))
		return e;
	return records_put(&sb->messages, key, json_deep_copy(in));
}

void
outbox_answer(
    struct sandbox *sb, const json_t *in, struct fault fault, struct reply *out)
{
	char key[HASH_TEXT], number[PHONE_MAX + 1];
	size_t n = strlen(rec_text(in, "text"));

	hash_text(key, rec_text(in, "key"));
	if (fault.action == FAULT_REFUSE || n == 0 || n > TEXT_MAX ||
	    rec_text(in, "key")[0] == '\0' ||
	    !phone_of(number, rec_text(in, "to")))
		reply_json(out, 200, result("refused"));
	else if (records_get(&sb->messages, key) == NULL &&
		 err_is(send_text(sb, in, key)))
		reply_json(out, 500, result("failed"));
	else
		reply_json(out, 200, result("sent"));
}

/* The Message-ID of the header, or "". */
static void
message_id(char out[static ID_MAX], struct span m)
{
	static const char name[] = "\r\nmessage-id:";
	const char *p = (const char *)m.p, *end = p + m.n;

	out[0] = '\0';
	for (; end - p > (ptrdiff_t)sizeof name; p++) {
		if (memcmp(p, "\r\n\r\n", 4) == 0)
			return;
		if (strncasecmp(p, name, sizeof name - 1) != 0)
			continue;
		p += sizeof name - 1;
		p += strspn(p, " ");
		snprintf(out, ID_MAX, "%.*s",
		    (int)strcspn(p, "\r") < ID_MAX - 1 ? (int)strcspn(p, "\r")
						       : ID_MAX - 1,
		    p);
		return;
	}
}

static struct err
keep_mail(struct sandbox *sb, const char *key, json_t *rec, struct span message)
{
	char folder[SANDBOX_PATH + 16], path[SANDBOX_PATH + 160];
	struct err e;

	snprintf(folder, sizeof folder, "%s/mail", sb->dir);
	e = next_file(path, folder, "eml");
	if (!err_is(e))
		e = file_write(path, message, 0600);
	if (err_is(e)) {
		json_decref(rec);
		return e;
	}
	rec_set_text(rec, "file", path + strlen(sb->dir) + 1);
	return records_put(&sb->mails, key, rec);
}

struct err
outbox_mail(
    struct sandbox *sb, const char *from, const char *to, struct span message)
{
	char id[ID_MAX], what[2 * ID_MAX + 64], key[HASH_TEXT];
	json_t *rec;

	message_id(id, message);
	/* without an id every message is one of its own */
	snprintf(what, sizeof what, "%s %s %zu", id, to,
	    id[0] == '\0' ? json_object_size(sb->mails.all) : 0);
	hash_text(key, what);
	rec = records_get(&sb->mails, key);
	if (rec != NULL) {
		rec_set_int(rec, "times", rec_int(rec, "times") + 1);
		return records_save(&sb->mails, key);
	}
	rec = json_pack(
	    "{ss ss ss si}", "id", id, "from", from, "to", to, "times", 1);
	return rec == NULL ? err_make(E_NOMEM, 0, "outbox: mail")
			   : keep_mail(sb, key, rec, message);
}

static json_t *
all_of(const struct records *r)
{
	json_t *list = json_array(), *rec;
	const char *key;

	json_object_foreach(r->all, key, rec)
		json_array_append_new(list, json_deep_copy(rec));
	return list;
}

json_t *
outbox_texts(const struct sandbox *sb)
{
	return json_pack("{so}", "messages", all_of(&sb->messages));
}

json_t *
outbox_mails(const struct sandbox *sb)
{
	return json_pack("{so}", "mails", all_of(&sb->mails));
}
