/*
 * term/decode.c - the states of a terminal's input.
 */
#include "term/decode.h"

#include <string.h>

#include "base/secret.h"

enum { PARAM_MAX = 9999, ESC = 0x1b };

void
decode_init(struct decoder *d)
{
	memset(d, 0, sizeof *d);
}

static bool
key(struct event *ev, enum key k)
{
	if (k == K_NONE)
		return false;
	ev->kind = EV_KEY;
	ev->key = k == K_F9 ? K_HANGUL : k;
	return true;
}

/*
 * A character, typed or pasted.  A flood without pause is a paste that the
 * terminal did not mark, so its newlines must not act either.
 */
static bool
character(struct decoder *d, struct event *ev, uint32_t ch)
{
	bool pasted = d->pasting || ++d->run > DECODE_BURST;

	if (pasted && d->taken >= DECODE_PASTE_MAX)
		return false;
	d->taken += pasted;
	ev->kind = EV_KEY;
	ev->key = K_CHAR;
	ev->ch = ch;
	ev->pasted = pasted;
	return true;
}

static bool
control(struct decoder *d, struct event *ev, uint8_t byte)
{
	bool flood = d->pasting || d->run > DECODE_BURST;

	switch (byte) {
	case '\r':
	case '\n':
		return flood ? character(d, ev, '\n') : key(ev, K_ENTER);
	case '\t':
		return flood ? character(d, ev, '\t') : key(ev, K_TAB);
	case 0x08:
	case 0x7f:
		return !flood && key(ev, K_BACKSPACE);
	case 0x00:
		return !flood && key(ev, K_HANGUL);
	case 0x15:
		return !flood && key(ev, K_CLEAR);
	case 0x0c:
		if (flood)
			return false;
		ev->kind = EV_RESIZE;
		return true;
	default:
		return false;
	}
}

/* C1, as a raw byte or as U+0080..9F: starts the same sequences as ESC x. */
static void
c1(struct decoder *d, uint32_t cp)
{
	d->param_n = 0;
	d->mark = 0;
	d->odd = false;
	memset(d->params, 0, sizeof d->params);
	if (cp == 0x9b)
		d->state = DECODE_CSI;
	else if (cp == 0x8f)
		d->state = DECODE_SS3;
	else if (cp == 0x90 || cp == 0x98 || (cp >= 0x9d && cp <= 0x9f))
		d->state = DECODE_STRING;
	else
		d->state = DECODE_GROUND;
}

static bool
ground(struct decoder *d, struct event *ev, uint8_t byte)
{
	d->state = DECODE_GROUND;
	if (byte == ESC) {
		d->state = DECODE_ESC;
		return false;
	}
	if (byte < 0x20 || byte == 0x7f)
		return control(d, ev, byte);
	if (byte < 0x7f)
		return character(d, ev, byte);
	if (byte >= 0xc2 && byte <= 0xf4) {
		d->utf8[0] = (char)byte;
		d->utf8_n = 1;
		d->utf8_need = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
		d->state = DECODE_UTF8;
	} else if (byte <= 0x9f) {
		c1(d, byte);
	}
	return false;
}

static bool
utf8(struct decoder *d, struct event *ev, uint8_t byte)
{
	uint32_t cp = 0;
	size_t used;

	if ((byte & 0xc0) != 0x80) {
		secret_wipe(d->utf8, sizeof d->utf8);
		return ground(d, ev, byte);
	}
	d->utf8[d->utf8_n++] = (char)byte;
	if (d->utf8_n < d->utf8_need)
		return false;
	d->state = DECODE_GROUND;
	used = utf8_decode(&cp, d->utf8, (size_t)d->utf8_n);
	secret_wipe(d->utf8, sizeof d->utf8);
	if (used != (size_t)d->utf8_n)
		return false;
	if (cp >= 0x80 && cp <= 0x9f) {
		c1(d, cp);
		return false;
	}
	return character(d, ev, cp);
}

static enum key
letter_key(uint8_t final)
{
	switch (final) {
	case 'A':
		return K_UP;
	case 'B':
		return K_DOWN;
	case 'C':
		return K_RIGHT;
	case 'D':
		return K_LEFT;
	case 'H':
		return K_HOME;
	case 'F':
		return K_END;
	case 'Z':
		return K_BACKTAB;
	case 'P':
		return K_F1;
	case 'Q':
		return K_F2;
	case 'R':
		return K_F3;
	case 'S':
		return K_F4;
	default:
		return K_NONE;
	}
}

static enum key
tilde_key(int number)
{
	/* clang-format off */
	static const uint8_t keys[] = {
		[1] = K_HOME,  [3] = K_DELETE, [4] = K_END,   [5] = K_PGUP,
		[6] = K_PGDN,  [7] = K_HOME,   [8] = K_END,
		[11] = K_F1,   [12] = K_F2,    [13] = K_F3,   [14] = K_F4,
		[15] = K_F5,   [17] = K_F6,    [18] = K_F7,   [19] = K_F8,
		[20] = K_F9,   [21] = K_F10,   [23] = K_F11,  [24] = K_F12,
	};
	/* clang-format on */

	if (number < 0 || number >= (int)(sizeof keys))
		return K_NONE;
	return (enum key)keys[number];
}

/* A tap is told on release, in the cell where the button went down. */
static bool
mouse(struct decoder *d, struct event *ev, bool release)
{
	int button = d->params[0], col = d->params[1] - 1;
	int row = d->params[2] - 1;

	if (d->param_n < 2 || (button & ~0x1c) != 0 || row < 0 || col < 0)
		return false;
	if (!release) {
		d->pressed = true;
		d->press_row = row;
		d->press_col = col;
		return false;
	}
	if (!d->pressed)
		return false;
	d->pressed = false;
	if (row != d->press_row || col < d->press_col - 1 ||
	    col > d->press_col + 1)
		return false;
	ev->kind = EV_MOUSE;
	ev->row = row;
	ev->col = col;
	return true;
}

static bool
csi_end(struct decoder *d, struct event *ev, uint8_t final)
{
	int first = d->params[0];

	d->state = DECODE_GROUND;
	if (d->odd)
		return false;
	if (d->mark == '<' && (final == 'M' || final == 'm'))
		return !d->pasting && mouse(d, ev, final == 'm');
	if (d->mark != 0)
		return false;
	if (final == 'M' && d->param_n == 0 && first == 0) {
		d->state = DECODE_X10;
		d->x10_left = 3;
		return false;
	}
	if (final == '~' && (first == 200 || first == 201)) {
		d->pasting = first == 200;
		d->taken = d->run = 0;
		return false;
	}
	if (d->pasting)
		return false;
	/* Shift- and Ctrl-Space in the two ways terminals spell them. */
	if ((final == 'u' && first == ' ' && d->params[1] >= 2) ||
	    (final == '~' && first == 27 && d->params[2] == ' '))
		return key(ev, K_HANGUL);
	return key(ev, final == '~' ? tilde_key(first) : letter_key(final));
}

static bool
csi(struct decoder *d, struct event *ev, uint8_t byte)
{
	if (byte == '[' && d->param_n == 0 && d->params[0] == 0 &&
	    d->mark == 0) {
		d->state = DECODE_CSI_LINUX;
	} else if (byte >= '0' && byte <= '9') {
		int *v = &d->params[d->param_n];

		*v = *v > PARAM_MAX ? PARAM_MAX : *v * 10 + (byte - '0');
	} else if (byte == ';' || byte == ':') {
		if (d->param_n < DECODE_PARAMS - 1)
			d->param_n++;
	} else if (byte >= '<' && byte <= '?') {
		d->mark = (char)byte;
	} else if (byte >= 0x20 && byte <= 0x2f) {
		d->odd = true;
	} else if (byte >= 0x40 && byte <= 0x7e) {
		return csi_end(d, ev, byte);
	} else if (byte == ESC) {
		d->state = DECODE_ESC;
	} else if (byte >= 0x80 || byte == 0x18 || byte == 0x1a) {
		d->state = DECODE_GROUND;
	}
	return false;
}

/* Numeric pads in application mode send letters for what they print. */
static bool
ss3(struct decoder *d, struct event *ev, uint8_t byte)
{
	d->state = DECODE_GROUND;
	if (byte == ESC) {
		d->state = DECODE_ESC;
		return false;
	}
	if (d->pasting)
		return false;
	if (byte == 'M')
		return key(ev, K_ENTER);
	if (byte >= 'j' && byte <= 'y')
		return character(d, ev, (uint32_t)(byte - 'j' + '*'));
	return key(ev, letter_key(byte));
}

static bool
escape(struct decoder *d, struct event *ev, uint8_t byte)
{
	if (byte == ESC)
		return !d->pasting && key(ev, K_ESC);
	if (byte == '[') {
		c1(d, 0x9b);
	} else if (byte == 'O') {
		c1(d, 0x8f);
	} else if (byte == ']' || byte == 'P' || byte == 'X' || byte == '^' ||
		   byte == '_') {
		c1(d, 0x90);
	} else if (byte >= 0x20 && byte <= 0x2f) {
		d->state = DECODE_ESC_MORE;
	} else {
		/* Alt and a key: none of ours, but Alt may be held while
		 * a Hangul syllable comes. */
		d->state = DECODE_GROUND;
		if (byte >= 0xc2)
			return ground(d, ev, byte);
	}
	return false;
}

static bool
step(struct decoder *d, struct event *ev, uint8_t byte)
{
	switch (d->state) {
	case DECODE_LATE:
		if (byte == '[' || byte == 'O')
			return escape(d, ev, byte);
		return ground(d, ev, byte);
	case DECODE_GROUND:
		return ground(d, ev, byte);
	case DECODE_ESC:
		return escape(d, ev, byte);
	case DECODE_ESC_MORE:
		if (byte < 0x20 || byte > 0x2f)
			d->state = DECODE_GROUND;
		return false;
	case DECODE_CSI:
		return csi(d, ev, byte);
	case DECODE_CSI_LINUX:
		d->state = DECODE_GROUND;
		return !d->pasting && byte >= 'A' && byte <= 'E' &&
		       key(ev, (enum key)(K_F1 + byte - 'A'));
	case DECODE_SS3:
		return ss3(d, ev, byte);
	case DECODE_STRING:
		if (byte == 0x07 || byte == 0x18 || byte == 0x1a)
			d->state = DECODE_GROUND;
		else if (byte == ESC)
			d->state = DECODE_STRING_ESC;
		return false;
	case DECODE_STRING_ESC:
		if (byte != '\\')
			return escape(d, ev, byte);
		d->state = DECODE_GROUND;
		return false;
	case DECODE_X10:
		if (--d->x10_left <= 0)
			d->state = DECODE_GROUND;
		return false;
	case DECODE_UTF8:
		return utf8(d, ev, byte);
	}
	return false;
}

bool
decode_byte(struct decoder *d, struct event *ev, uint8_t byte, int64_t now_ms)
{
	*ev = (struct event){ .kind = EV_NONE, .item = -1, .now_ms = now_ms };
	if (d->state == DECODE_LATE && now_ms - d->last_ms > DECODE_LATE_MS)
		d->state = DECODE_GROUND;
	d->last_ms = now_ms;
	return step(d, ev, byte);
}

void
decode_idle(struct decoder *d)
{
	if (!d->pasting)
		d->run = d->taken = 0;
}

int
decode_wait_ms(const struct decoder *d, int64_t now_ms)
{
	int64_t due = d->last_ms;

	if (d->state == DECODE_ESC)
		due += DECODE_ESC_MS;
	else if ((d->state != DECODE_GROUND && d->state != DECODE_LATE) ||
		 d->pasting)
		due += DECODE_GIVE_UP_MS;
	else
		return -1;
	return due > now_ms ? (int)(due - now_ms) : 0;
}

bool
decode_timeout(struct decoder *d, struct event *ev, int64_t now_ms)
{
	*ev = (struct event){ .kind = EV_NONE, .item = -1, .now_ms = now_ms };
	if (decode_wait_ms(d, now_ms) != 0)
		return false;
	if (d->state == DECODE_ESC) {
		d->state = DECODE_LATE;
		return !d->pasting && key(ev, K_ESC);
	}
	secret_wipe(d->utf8, sizeof d->utf8);
	d->state = DECODE_GROUND;
	d->pasting = false;
	d->run = d->taken = 0;
	return false;
}
