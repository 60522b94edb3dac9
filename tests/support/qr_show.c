/*
 * qr_show.c - a QR code on a real terminal, drawn as the kiosk draws it:
 * qr-show TEXT [M|Q].  Ends with the first key; says on stderr how it was
 * drawn ("half", "whole", "none") and how wide a half block is.
 */
#include <stdio.h>
#include <string.h>

#include "term/term.h"
#include "ui/page.h"

static struct page page;
static struct frame frame;
static struct qr qr;

static const char *
draw(struct term *term)
{
	static const struct page_head head = { .title = "휴대폰에 저장",
		.keys = "도움 F1  직원 호출 F2" };
	int rows, cols;
	struct err e;

	term_size(term, &rows, &cols);
	page_begin(&page, &head, rows, cols);
	page_blocks(&page, term_blocks_narrow(term));
	page_head(&page, &head);
	page_prompt(&page, "휴대폰 카메라로 QR을 비추어 주십시오.");
	page_foot(&page, "Esc 이전", NULL, NULL);
	e = page_qr(&page, &qr);
	page_end(&page, &frame);
	if (err_is(term_show(term, &frame, theme_get(THEME_NORMAL))))
		return "gone";
	return err_is(e) ? "none" : page.whole_cells ? "whole" : "half";
}

int
main(int argc, char **argv)
{
	struct term *term;
	struct event ev;

	if (argc < 2 ||
	    err_is(qr_make(&qr, argv[1],
		argc > 2 && argv[2][0] == 'Q' ? QR_QUARTILE : QR_MEDIUM)) ||
	    err_is(term_open(&term, 0, 1)))
		return 3;
	fprintf(stderr, "%s %s\n", draw(term),
	    term_blocks_narrow(term) ? "narrow" : "wide");
	do {
		ev = term_wait(term, NULL, 0, -1);
		if (ev.kind == EV_RESIZE)
			(void)draw(term);
	} while (ev.kind != EV_KEY && ev.kind != EV_HANGUP);
	term_close(term);
	return 0;
}
