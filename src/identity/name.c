/*
 * identity/name.c - names of people.
 */
#include "identity/name.h"

#include <string.h>

#include "base/secret.h"
#include "base/span.h"
#include "base/utf8.h"

enum { TYPED_MAX = 512 };

enum letter { L_HANGUL, L_LATIN, L_SPACE, L_MARK, L_JAMO, L_OTHER };

static enum letter
letter_of(uint32_t cp)
{
	if (cp >= 0xac00 && cp <= 0xd7a3)
		return L_HANGUL;
	if ((cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z') ||
	    (cp >= 0xc0 && cp <= 0x24f && cp != 0xd7 && cp != 0xf7))
		return L_LATIN;
	if (cp == ' ' || cp == 0x3000)
		return L_SPACE;
	if (cp == '-' || cp == '\'' || cp == '.' || cp == ',')
		return L_MARK;
	if ((cp >= 0x1100 && cp <= 0x11ff) || (cp >= 0x3131 && cp <= 0x318e))
		return L_JAMO;
	return L_OTHER;
}

struct tally {
	int hangul, latin, mark;
	enum letter last; /* but for spaces */
	bool space;	  /* one is due before the next letter */
};

/* Follows one more character; what may stand in no name is refused. */
static enum id_reason
tally_add(struct tally *t, enum letter l, uint32_t cp)
{
	if (l == L_JAMO || utf8_is_control(cp))
		return ID_R_FORM;
	if (l == L_OTHER)
		return ID_R_SCRIPT;
	if (l == L_MARK && (t->last != L_LATIN || t->space))
		return ID_R_FORM;
	t->hangul += l == L_HANGUL;
	t->latin += l == L_LATIN;
	t->mark += l == L_MARK;
	return t->hangul > 0 && t->latin > 0 ? ID_R_SCRIPT : ID_R_NONE;
}

static enum id_reason
read_name(struct buf *out, struct span in)
{
	struct tally t = { .last = L_SPACE };
	uint32_t cp = 0;
	size_t used;

	for (; in.n > 0; in.p += used, in.n -= used) {
		enum id_reason r;
		enum letter l;

		used = utf8_decode(&cp, (const char *)in.p, in.n);
		if (used == 0)
			return ID_R_FORM;
		l = letter_of(cp);
		if (l == L_SPACE) {
			t.space = true;
			continue;
		}
		if ((r = tally_add(&t, l, cp)) != ID_R_NONE)
			return r;
		if (t.space && t.latin > 0 && out->n > 0)
			buf_add_byte(out, ' ');
		t.space = false;
		t.last = l;
		buf_add(out, in.p, used);
	}
	if (t.hangul + t.latin == 0)
		return t.mark > 0 ? ID_R_FORM : ID_R_EMPTY;
	/* "Jr." may end a name; nothing else of the marks may. */
	if (t.last == L_MARK && cp != '.')
		return ID_R_FORM;
	if (t.hangul + t.latin < 2 || t.hangul > NAME_HANGUL_MAX ||
	    t.latin + t.mark > NAME_LATIN_MAX || out->full)
		return ID_R_LENGTH;
	return ID_R_NONE;
}

static enum id_reason
take(char out[static NAME_TEXT], const char *text)
{
	char nfc_secret[TYPED_MAX];
	struct buf nfc = buf_make(nfc_secret, sizeof nfc_secret);
	struct buf name = buf_make(out, NAME_TEXT - 1);
	struct err e = utf8_nfc(&nfc, text, strlen(text));
	enum id_reason r;

	if (err_is(e))
		r = e.code == E_FORMAT ? ID_R_FORM : ID_R_LENGTH;
	else
		r = read_name(&name, buf_span(&nfc));
	out[name.n] = '\0';
	secret_wipe(nfc_secret, sizeof nfc_secret);
	return r;
}

struct id_check
name_check(char out[static NAME_TEXT], const char *text)
{
	enum id_reason r = take(out, text);

	if (r == ID_R_NONE)
		return id_ok(ID_NAME);
	secret_wipe(out, NAME_TEXT);
	return id_reject(ID_NAME, r, 0);
}
