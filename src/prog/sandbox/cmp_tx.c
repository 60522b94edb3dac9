/*
 * sandbox/cmp_tx.c - transaction records: what was asked and answered.
 *
 * A client that lost an answer sends the same bytes again and gets the same
 * bytes back, also after a restart of the sandbox.
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/sha.h>

#include "base/text.h"
#include "cmp.h"

enum { HASH_TEXT = 65 };

static void
hash_text(char out[static HASH_TEXT], struct span in)
{
	uint8_t hash[SHA256_DIGEST_LENGTH];

	SHA256(in.p, in.n, hash);
	hex_encode(out, HASH_TEXT, span_make(hash, sizeof hash));
}

/* NULL without memory. */
static json_t *
base64_json(struct span in)
{
	char *text = malloc(BASE64_TEXT(in.n));
	json_t *v;

	if (text == NULL)
		return NULL;
	base64_encode(text, BASE64_TEXT(in.n), in);
	v = json_string(text);
	free(text);
	return v;
}

struct err
cmp_tx_begin(struct cmp_call *c)
{
	char at[CLOCK_TEXT];
	json_t *tx;

	civil_iso_text(at, sandbox_now(c->sb));
	tx = json_pack("{ss si ss ss ss ss si ss so s[]}", "tid", c->tid,
	    "kind", c->w.body, "who", c->who, "state", "open", "serial", "",
	    "at", at, "polls_left", 0, "nonce", "", "request",
	    base64_json(c->in), "exchanges");
	if (tx == NULL)
		return err_make(E_NOMEM, 0, "cmp: transaction");
	c->tx = tx;
	return records_put(&c->sb->transactions, c->tid, tx);
}

struct err
cmp_tx_answered(struct cmp_call *c, struct span response)
{
	char hash[HASH_TEXT], nonce[CMP_TID_TEXT];
	struct walk w;
	json_t *line;

	hash_text(hash, c->in);
	line = json_pack(
	    "{ss so}", "request", hash, "response", base64_json(response));
	if (line == NULL || json_array_append_new(
				json_object_get(c->tx, "exchanges"), line) != 0)
		return err_make(E_NOMEM, 0, "cmp: exchange");
	/* the client's next message must repeat our nonce; an error message
	 * has no next one */
	if (!err_is(walk_message(&w, response)) && w.body != BODY_ERROR) {
		hex_encode(nonce, sizeof nonce, w.nonce);
		rec_set_text(c->tx, "nonce", nonce);
	}
	return records_save(&c->sb->transactions, c->tid);
}

struct err
cmp_tx_first(struct cmp_call *c)
{
	const char *text = rec_text(c->tx, "request");
	struct buf b;

	free(c->stored);
	c->stored_n = 0;
	c->stored = malloc(strlen(text) + 1);
	if (c->stored == NULL)
		return err_make(E_NOMEM, 0, "cmp: first message");
	b = buf_make(c->stored, strlen(text) + 1);
	if (err_is(base64_decode(&b, text, strlen(text))))
		return err_make(E_CORRUPT, 0, "cmp: first message");
	c->stored_n = b.n;
	return err_none();
}

bool
cmp_tx_replay(struct cmp_call *c, struct reply *out)
{
	const json_t *list = json_object_get(c->tx, "exchanges");
	char hash[HASH_TEXT];

	hash_text(hash, c->in);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *line = json_array_get(list, i);
		const char *text = rec_text(line, "response");
		uint8_t *room;
		struct buf b;

		if (strcmp(rec_text(line, "request"), hash) != 0)
			continue;
		room = malloc(strlen(text) + 1);
		b = buf_make(room, room == NULL ? 0 : strlen(text) + 1);
		if (!err_is(base64_decode(&b, text, strlen(text))))
			reply_set(
			    out, 200, "application/pkixcmp", buf_span(&b));
		free(room);
		return true;
	}
	return false;
}
