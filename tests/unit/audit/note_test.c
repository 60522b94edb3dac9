/*
 * note: C2SP's and Go's published notes, and every way to spoil one.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "audit/note.h"
#include "base/text.h"

#define DASH "\xe2\x80\x94 "

/* golang.org/x/mod/sumdb/note's test key, text and signature: the format's
 * reference.  Ed25519 has one signature per key and text. */
static const char go_key[] =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
static const char go_secret[] = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
#define GO_TEXT                                                                \
	"If you think cryptography is the answer to your problem,\n"           \
	"then you don't know what your problem is.\n"
#define GO_LINE                                                                \
	DASH "PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuG"   \
	     "UgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
static const char go_note[] = GO_TEXT "\n" GO_LINE;

/* c2sp.org/tlog-checkpoint and c2sp.org/signed-note. */
#define SOFA "example.com/behind-the-sofa"
static const char sofa_text[] = SOFA
    "\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
static const char sofa_line[] =
    "\n" DASH SOFA
    " Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku"
    "9nTo+zyWE+xeMcTOAYQ8=\n";
static const char poem[] =
    "Ognuno sta solo sul cuor della terra\n"
    "trafitto da un raggio di sole:\n\ned \xc3\xa8 subito sera.\n\n" DASH
    "quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC"
    "+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";

static struct note_key
key_of(const char *text)
{
	struct note_key key;

	cr_assert(not(err_is(note_key_parse(&key, span_str(text)))));
	return key;
}

static struct note_signer
signer_of(const char *name, uint8_t fill)
{
	struct note_signer s;
	uint8_t seed[NOTE_SEED];

	memset(seed, fill, sizeof seed);
	cr_assert(not(err_is(note_signer_make(&s, span_str(name), seed))));
	return s;
}

static enum err_code
open_code(const char *note, const struct note_key *key)
{
	struct span text;

	return note_open(&text, span_str(note), key).code;
}

Test(note, the_reference_note_opens)
{
	struct note_key key = key_of(go_key);
	struct span text;

	cr_assert(not(err_is(note_open(&text, span_str(go_note), &key))));
	cr_expect(span_eq(text, span_str(GO_TEXT)));
}

Test(note, signing_writes_the_reference_note_to_the_byte)
{
	struct note_signer s;
	uint8_t seed[1 + NOTE_SEED], room[512];
	struct buf b = buf_make(seed, sizeof seed);
	struct buf out = buf_make(room, sizeof room);
	char text[NOTE_KEY_TEXT];

	cr_assert(not(err_is(base64_decode(&b, go_secret, strlen(go_secret)))));
	cr_assert(not(
	    err_is(note_signer_make(&s, span_str("PeterNeumann"), seed + 1))));
	cr_assert(not(err_is(note_sign(&out, span_str(GO_TEXT), &s))));
	cr_expect(span_eq(buf_span(&out), span_str(go_note)));
	note_key_text(text, &s.key);
	cr_expect_str_eq(text, go_key);
}

Test(note, a_key_text_with_any_byte_changed_or_cut_is_refused)
{
	char text[sizeof go_key];
	struct note_key key;
	size_t n = strlen(go_key);

	for (size_t i = 0; i < n; i++) {
		memcpy(text, go_key, sizeof text);
		text[i]++;
		cr_expect(err_is(note_key_parse(&key, span_str(text))));
		for (size_t j = i; j <= n; j++) {
			if (i > 0 || j < n)
				cr_expect(err_is(note_key_parse(
				    &key, span_make(go_key + i, j - i))));
		}
	}
	/* another length of key, another algorithm, ids to match */
	cr_expect(err_is(note_key_parse(&key,
	    span_str("PeterNeumann+cc469956+"
		     "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=="))));
	cr_expect(err_is(note_key_parse(
	    &key, span_str("PeterNeumann+173116ae+"
			   "ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"))));
}

/* The examples come without their public keys: a key of the same name and id
 * makes the parser look at the signature, and find it wrong. */
static void
expect_example(const char *note, const char *name, const char *id_hex)
{
	struct note_key key = { .public_key = { 1 } };
	struct buf id = buf_make(key.id, NOTE_ID);

	strcpy(key.name, name);
	cr_assert(not(err_is(hex_decode(&id, id_hex, strlen(id_hex)))));
	cr_expect(eq(int, (int)open_code(note, &key), E_MISMATCH));
	key.id[0] ^= 1;
	cr_expect(eq(int, (int)open_code(note, &key), E_NOTFOUND));
}

Test(note, the_published_examples_have_the_form)
{
	char note[512];

	strcpy(note, sofa_text);
	strcat(note, sofa_line);
	expect_example(note, SOFA, "033de0ae");
	expect_example(poem, "quasimodo.example/salvatore", "367ba04b");
}

Test(note, the_published_checkpoint_reads)
{
	struct note_checkpoint c;
	uint8_t room[256];
	struct buf again = buf_make(room, sizeof room);

	cr_assert(not(err_is(note_checkpoint_parse(&c, span_str(sofa_text)))));
	cr_expect(span_eq(c.origin, span_str(SOFA)));
	cr_expect(eq(u64, c.size, 20852163));
	cr_expect(eq(int, c.root[0], 0x0a));
	cr_assert(not(err_is(note_checkpoint_text(&again, &c))));
	cr_expect(span_eq(buf_span(&again), span_str(sofa_text)));
}

#define ROOT "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
static const char *const bad_checkpoints[] = {
	"",
	"o\n",
	"o\n1\n",
	"o\n1\n" ROOT,
	"o\n1\n" ROOT "\n\n",
	"o\n1\n" ROOT "\nextension\n",
	"\n1\n" ROOT "\n",
	"o\n\n" ROOT "\n",
	"o\n01\n" ROOT "\n",
	"o\n-1\n" ROOT "\n",
	"o\n+1\n" ROOT "\n",
	"o\n1 \n" ROOT "\n",
	"o\n0x1\n" ROOT "\n",
	"o\n9223372036854775808\n" ROOT "\n",
	"o\n99999999999999999999\n" ROOT "\n",
	"o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n",
	"o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n",
	"o\n1\nCsUYapGGPo4dkMgIAUqom_Xajj7h2fB2MPA3j2jxq2I=\n",
	"o\r\n1\n" ROOT "\n",
	"o p\n1\n" ROOT "\n",
};

Test(note, a_checkpoint_of_any_other_form_is_refused)
{
	struct note_checkpoint c;

	for (size_t i = 0; i < sizeof bad_checkpoints / sizeof *bad_checkpoints;
	     i++)
		cr_expect(err_is(note_checkpoint_parse(
			      &c, span_str(bad_checkpoints[i]))),
		    "row %zu", i);
}

static const struct {
	const char *what, *note;
	enum err_code code;
} bad_notes[] = {
	{ "nothing", "", E_FORMAT },
	{ "no signature", GO_TEXT "\n", E_FORMAT },
	{ "no empty line", GO_TEXT GO_LINE, E_FORMAT },
	{ "no newline at the end", GO_TEXT "\n" DASH "PeterNeumann x08g",
	    E_FORMAT },
	{ "a hyphen for the dash", GO_TEXT "\n- PeterNeumann x08goAAA\n",
	    E_FORMAT },
	{ "no name", GO_TEXT "\n" DASH " x08goAAA\n", E_FORMAT },
	{ "two spaces", GO_TEXT "\n" DASH "PeterNeumann  x08goAAA\n",
	    E_FORMAT },
	{ "no code", GO_TEXT "\n" DASH "PeterNeumann\n", E_FORMAT },
	{ "code of four bytes only",
	    GO_TEXT "\n" DASH "PeterNeumann x08gow==\n", E_FORMAT },
	{ "code not base64", GO_TEXT "\n" DASH "PeterNeumann !!!!\n",
	    E_FORMAT },
	{ "a control byte", "a\tb\n\n" GO_LINE, E_FORMAT },
	{ "a carriage return", "a\r\n\n" GO_LINE, E_FORMAT },
	{ "not UTF-8", "a\xff\n\n" GO_LINE, E_FORMAT },
	{ "a line that is none", GO_TEXT "\n" GO_LINE "x\n", E_FORMAT },
	{ "a name with a plus", GO_TEXT "\n" DASH "Peter+N x08goAAA\n",
	    E_FORMAT },
	{ "a wide space in the name",
	    GO_TEXT "\n" DASH "Peter\xe3\x80\x80N x08goAAA\n", E_FORMAT },
	{ "another text", "Another text.\n\n" GO_LINE, E_MISMATCH },
	{ "a short signature", GO_TEXT "\n" DASH "PeterNeumann x08gowAA\n",
	    E_MISMATCH },
	{ "a right and a wrong line",
	    GO_TEXT "\n" GO_LINE DASH "PeterNeumann x08gowAA\n", E_MISMATCH },
	{ "another name", GO_TEXT "\n" DASH "Peter x08goAAA\n", E_NOTFOUND },
	{ "another id", GO_TEXT "\n" DASH "PeterNeumann y08goAAA\n",
	    E_NOTFOUND },
};

Test(note, a_note_of_any_other_form_is_refused)
{
	struct note_key key = key_of(go_key);

	for (size_t i = 0; i < sizeof bad_notes / sizeof *bad_notes; i++)
		cr_expect(eq(int, (int)open_code(bad_notes[i].note, &key),
			      (int)bad_notes[i].code),
		    "%s", bad_notes[i].what);
}

Test(note, a_note_with_any_bit_changed_does_not_open)
{
	struct note_key key = key_of(go_key);
	char note[sizeof go_note];

	for (size_t i = 0; i < sizeof note - 1; i++) {
		memcpy(note, go_note, sizeof note);
		note[i] = (char)(note[i] ^ 1);
		cr_expect(
		    ne(int, (int)open_code(note, &key), E_NONE), "byte %zu", i);
	}
}

Test(note, head_office_cosigns_and_each_key_opens_it)
{
	struct note_signer branch = signer_of("audit.dasi/004/0123", 1);
	struct note_signer office = signer_of("audit.dasi/004", 2);
	struct note_signer other = signer_of("audit.dasi/004", 3);
	uint8_t room[1024];
	struct buf b = buf_make(room, sizeof room);
	struct span text;

	cr_assert(not(err_is(note_sign(&b, span_str(sofa_text), &branch))));
	cr_assert(not(err_is(note_cosign(&b, &office))));
	cr_expect(not(err_is(note_open(&text, buf_span(&b), &branch.key))));
	cr_expect(not(err_is(note_open(&text, buf_span(&b), &office.key))));
	cr_expect(span_eq(text, span_str(sofa_text)));
	cr_expect(eq(int, (int)note_open(&text, buf_span(&b), &other.key).code,
	    E_NOTFOUND));
	cr_expect(eq(sz, text.n, 0));
}

Test(note, sixteen_signatures_are_read_and_too_many_are_not)
{
	uint8_t room[NOTE_BYTES];
	struct buf b = buf_make(room, sizeof room);
	struct note_signer first = signer_of("k0", 1);
	struct span text;

	cr_assert(not(err_is(note_sign(&b, span_str("text\n"), &first))));
	for (int i = 1; i <= NOTE_SIGNATURES; i++) {
		if (i == 16)
			cr_expect(not(err_is(
			    note_open(&text, buf_span(&b), &first.key))));
		struct note_signer s = signer_of("kn", (uint8_t)(i + 1));
		cr_assert(not(err_is(note_cosign(&b, &s))));
	}
	cr_expect(eq(int, (int)note_open(&text, buf_span(&b), &first.key).code,
	    E_FORMAT));
}

Test(note, what_could_be_taken_for_another_text_is_not_signed)
{
	struct note_signer s = signer_of("k", 1);
	static const char *const texts[] = { "", "no newline", "tab\t\n",
		"\xff\n" };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		uint8_t room[512];
		struct buf b = buf_make(room, sizeof room);

		cr_expect(eq(int,
		    (int)note_sign(&b, span_str(texts[i]), &s).code, E_FORMAT));
	}
}
