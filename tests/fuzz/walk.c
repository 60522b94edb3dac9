/*
 * Fuzz target: the practice CA's walk over a CMP message.
 */
#include <string.h>

#include "fuzz.h"
#include "npki/der.h"
#include "npki/npki.h"
#include "peer/cmp.h"
#include "prog/sandbox/walk.h"

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	if (err_is(npki_init()))
		abort();
	return 0;
}

static void
check_inside(struct span part, struct span whole)
{
	must(part.n == 0 ||
		 (part.p >= whole.p && part.p + part.n <= whole.p + whole.n),
	    "a part is in the message");
}

static void
check_parts(const struct walk *w, struct span der)
{
	const struct span ids[] = { w->kid, w->tid, w->nonce, w->recip_nonce };
	const struct span others[] = { w->sender, w->prot_oid, w->time, w->evid,
		w->subject };

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		check_inside(others[i], der);
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
		check_inside(ids[i], der);
	must(w->spki_n <= WALK_SPKI_MAX, "a key stays in its room");
	must(w->body >= -1 && w->body <= 0x1f, "a body has a number");
	must(walk_time(w) >= -1 || w->time.n == 15, "a time has a form");
	(void)walk_is_pbm(w);
}

/* The client's walk is another hand: what both read is the same. */
static void
compare(const struct walk *w, struct span der)
{
	struct cmp_head head;

	if (err_is(cmp_head_read(&head, der)))
		return;
	must(head.kind == w->body, "both see the same body");
	must(span_eq(
		 w->tid, span_make(head.transaction.b, head.transaction.n)) &&
		 span_eq(w->nonce,
		     span_make(head.sender_nonce.b, head.sender_nonce.n)),
	    "both see the same transaction");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct walk w, shorter;
	struct span der = span_make(data, n), content;
	struct err e = walk_message(&w, der);

	must(!err_is(e) || e.code == E_FORMAT || e.code == E_LIMIT,
	    "a bad message is told by kind");
	check_parts(&w, der);
	if (err_is(e))
		return 0;
	must(w.kid.n <= WALK_ID_MAX && w.tid.n <= WALK_ID_MAX &&
		 w.nonce.n <= WALK_ID_MAX && w.recip_nonce.n <= WALK_ID_MAX,
	    "ids are short");
	must(w.spki_n == 0 || !err_is(der_only(&content,
				  span_make(w.spki, w.spki_n), DER_SEQUENCE)),
	    "a key is one sequence");
	must(err_is(walk_message(&shorter, span_make(data, n - 1))),
	    "a cut message is none");
	compare(&w, der);
	return 0;
}
