/*
 * ui/qr.c - the only file with libqrencode.
 */
#include "ui/qr.h"

#include <errno.h>
#include <qrencode.h>
#include <string.h>

#include "base/secret.h"

static const QRecLevel levels[] = {
	[QR_LOW] = QR_ECLEVEL_L,
	[QR_MEDIUM] = QR_ECLEVEL_M,
	[QR_QUARTILE] = QR_ECLEVEL_Q,
	[QR_HIGH] = QR_ECLEVEL_H,
};

struct err
qr_make(struct qr *qr, const char *text, enum qr_level level)
{
	QRcode *code;
	size_t n;

	memset(qr, 0, sizeof *qr);
	if (text[0] == '\0')
		return err_make(E_ARG, 0, "qr: empty");
	code = QRcode_encodeString(text, 0, levels[level], QR_MODE_8, 1);
	if (code == NULL && errno == ENOMEM)
		return err_make(E_NOMEM, 0, "qr: encode");
	if (code == NULL)
		return err_make(E_LIMIT, 0, "qr: too long");
	n = (size_t)code->width;
	if (n > QR_MAX) {
		QRcode_free(code);
		return err_make(E_LIMIT, 0, "qr: version");
	}
	qr->size = code->width;
	for (size_t y = 0; y < n; y++) {
		for (size_t x = 0; x < n; x++)
			qr->dark[y][x] = code->data[y * n + x] & 1;
	}
	secret_wipe(code->data, n * n);
	QRcode_free(code);
	return err_none();
}

bool
qr_dark(const struct qr *qr, int row, int col)
{
	return row >= 0 && col >= 0 && row < qr->size && col < qr->size &&
	       qr->dark[row][col] != 0;
}
