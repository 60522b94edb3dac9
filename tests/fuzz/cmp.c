/*
 * Fuzz target: a CMP message from the line, read by our walk and by OpenSSL;
 * and a configured name.
 */
#include <openssl/err.h>
#include <string.h>

#include "fuzz.h"
#include "npki/der.h"
#include "npki/npki.h"
#include "peer/cmp.h"

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	if (err_is(npki_init()))
		abort();
	return 0;
}

static bool
same(const struct cmp_id *id, const ASN1_OCTET_STRING *s)
{
	return id->n == (size_t)(s == NULL ? 0 : ASN1_STRING_length(s)) &&
	       (id->n == 0 ||
		   memcmp(id->b, ASN1_STRING_get0_data(s), id->n) == 0);
}

/* Where both understand a message, they understand the same. */
static void
compare(const struct cmp_head *head, struct span der)
{
	const unsigned char *p = der.p;
	OSSL_CMP_MSG *m = d2i_OSSL_CMP_MSG(NULL, &p, (long)der.n);
	OSSL_CMP_PKIHEADER *h;

	if (m != NULL && p == der.p + der.n) {
		h = OSSL_CMP_MSG_get0_header(m);
		must(same(&head->transaction,
			 OSSL_CMP_HDR_get0_transactionID(h)),
		    "the transaction is OpenSSL's");
		must(same(&head->recip_nonce, OSSL_CMP_HDR_get0_recipNonce(h)),
		    "the nonce is OpenSSL's");
	}
	OSSL_CMP_MSG_free(m);
	ERR_clear_error();
}

static void
check_head(struct span der)
{
	struct cmp_head head;
	struct err e = cmp_head_read(&head, der);

	if (err_is(e)) {
		must(e.code == E_FORMAT || e.code == E_LIMIT,
		    "a bad head is told by kind");
		must(head.kind == CMP_NONE && head.transaction.n == 0 &&
			 head.sender_nonce.n == 0 && head.recip_nonce.n == 0,
		    "and nothing of it is kept");
		must(strcmp(cmp_kind_name(head.kind), "other") == 0,
		    "none has no name");
		return;
	}
	must(head.kind >= 0 && head.kind <= CMP_POLLREP, "a kind is known");
	must(head.transaction.n <= CMP_ID_MAX &&
		 head.sender_nonce.n <= CMP_ID_MAX &&
		 head.recip_nonce.n <= CMP_ID_MAX,
	    "ids stay in their room");
	compare(&head, der);
}

static void
check_parts(struct span der)
{
	static uint8_t room[1024];
	struct buf spki = buf_make(room, sizeof room);
	struct span value, content;
	struct der element;
	struct err e = cmp_request_spki(&spki, der);

	must(spki.n <= sizeof room, "a key stays in its room");
	if (!err_is(e))
		must(!err_is(der_only(&content, buf_span(&spki), DER_SEQUENCE)),
		    "a key is one sequence");
	e = cmp_general_info(&value, der, npki_oid_der(NPKI_OID_ENCRYPTED_VID));
	if (err_is(e))
		return;
	must(value.p >= der.p && value.p + value.n <= der.p + der.n,
	    "a value is in the message");
	must(!err_is(der_next(&element, &value)) && value.n == 0,
	    "a value is one element");
}

static void
check_name(const uint8_t *data, size_t n)
{
	static char text[CMP_NAME_MAX + 16];
	X509_NAME *name = NULL;
	struct err e;

	if (n >= sizeof text)
		n = sizeof text - 1;
	memcpy(text, data, n);
	text[n] = '\0';
	e = cmp_name_parse(&name, text);
	must(err_is(e) == (name == NULL), "a name or an error");
	if (!err_is(e))
		must(X509_NAME_entry_count(name) > 0, "a name has parts");
	X509_NAME_free(name);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	check_head(span_make(data, n));
	check_parts(span_make(data, n));
	if (n > 0 && data[0] == '/')
		check_name(data, n);
	return 0;
}
