/*
 * paper/document.h - what may stand in a document, and what may not.
 *
 * A document is checked whole before a letter of it is laid out: unknown
 * members, wrong types and anything that looks like an unmasked person are
 * refused.  README.md lists the members of each kind.
 */
#ifndef PAPER_DOCUMENT_H
#define PAPER_DOCUMENT_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"
#include "paper/words.h"

enum paper_kind {
	PAPER_RECEIPT,	   /* 접수증 */
	PAPER_LOSS,	   /* 분실신고 접수증 */
	PAPER_FEE,	   /* 영수증 */
	PAPER_CHECKLIST,   /* 다시 등록할 곳 */
	PAPER_GUIDE,	   /* 등록 안내 */
	PAPER_TICKET,	   /* 이어하기 표 */
	PAPER_REFUND,	   /* 환불 확인증 */
	PAPER_APPLICATION, /* 재발급 신청서, A4 from here on */
	PAPER_LOSS_REPORT, /* 분실신고서 */
	PAPER_DAY,	   /* 마감 보고서 */
	PAPER_KIND_COUNT
};

enum {
	PAPER_LINE = 256,  /* longest text member in bytes */
	PAPER_FREE = 2048, /* longest text of a customer's own */
	PAPER_LIST = 64	   /* most elements of a list */
};

/* "receipt" ...; never NULL. */
const char *paper_kind_name(enum paper_kind kind);
bool paper_is_form(enum paper_kind kind);

/*
 * E_ARG for whatever does not belong: `where` says what kind of fault it is,
 * never what stood there.
 */
MUST_USE struct err paper_check(
    enum paper_kind *kind, enum paper_lang *lang, const json_t *document);

#endif
