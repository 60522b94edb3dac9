/*
 * paper/cp949.c - iconv, and what it may give.
 */
#include "paper/cp949.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

enum { ROOM = 2048, KS_FIRST = 0xa1 };

/*
 * Both bytes of a KS X 1001 letter are from 0xa1 on; the rest of CP949 is
 * Microsoft's extension, which printers do not draw.
 */
static bool
is_drawn(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] < 0x80) {
			if (p[i] < ' ' || p[i] == '\\' || p[i] == '~' ||
			    p[i] == 0x7f)
				return false;
		} else if (p[i] < KS_FIRST || i + 1 == n ||
			   p[i + 1] < KS_FIRST) {
			return false;
		} else {
			i++;
		}
	}
	return true;
}

struct err
cp949_encode(struct buf *out, const char *text)
{
	char room[ROOM], *from = (char *)(uintptr_t)text, *to = room;
	size_t left = strlen(text), free_bytes = sizeof room, done;
	iconv_t cd = iconv_open("CP949", "UTF-8");

	if (cd == (iconv_t)-1)
		return err_sys("paper: cp949");
	done = iconv(cd, &from, &left, &to, &free_bytes);
	iconv_close(cd);
	if (done == (size_t)-1)
		return err_make(errno == E2BIG ? E_LIMIT : E_UNSUPPORTED, 0,
		    "paper: letter");
	if (!is_drawn((const uint8_t *)room, sizeof room - free_bytes))
		return err_make(E_UNSUPPORTED, 0, "paper: letter");
	buf_add(out, room, sizeof room - free_bytes);
	return out->full ? err_make(E_LIMIT, 0, "paper: cp949") : err_none();
}
