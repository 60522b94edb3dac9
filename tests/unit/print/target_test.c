/*
 * unit/print/target_test.c - where slips go and what is said about it.
 */
#define _GNU_SOURCE
#include "prog/print/target.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "rig.h"

TestSuite(target, .init = rig_open, .fini = rig_close, .timeout = 120);

static const struct {
	const char *to;
	enum err_code code;
	enum target_kind kind;
	const char *path, *port;
} rows[] = {
	{ "", E_NONE, TARGET_NONE, "", "" },
	{ "device:/dev/usb/lp0", E_NONE, TARGET_DEVICE, "/dev/usb/lp0", "" },
	{ "tcp:192.0.2.9:9100", E_NONE, TARGET_TCP, "192.0.2.9", "9100" },
	{ "tcp:[2001:db8::9]:9100", E_NONE, TARGET_TCP, "2001:db8::9", "9100" },
	{ "tcp:printer.bank.example:9100", E_NONE, TARGET_TCP,
	    "printer.bank.example", "9100" },
	{ "file:/no/such/slips.txt", E_NONE, TARGET_FILE, "/no/such/slips.txt",
	    "" },
	{ "file:/tmp", E_NONE, TARGET_FOLDER, "/tmp", "" },
	{ "tcp:nowhere", E_CONFIG, TARGET_TCP, "", "" },
	{ "tcp:host:", E_CONFIG, TARGET_TCP, "host", "" },
	{ "lpt1", E_CONFIG, TARGET_NONE, "", "" },
};

Test(target, the_setting_is_read_as_it_is_documented)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct target t;

		cr_expect_eq(target_open(&t, rows[i].to).code, rows[i].code,
		    "%s", rows[i].to);
		if (rows[i].code != E_NONE)
			continue;
		cr_expect_eq(t.kind, rows[i].kind, "%s", rows[i].to);
		cr_expect_str_eq(t.path, rows[i].path);
		cr_expect_str_eq(t.port, rows[i].port);
	}
}

/* A job as dasi-print makes it, long enough for several packets. */
static struct span
job(void)
{
	static uint8_t room[ESCPOS_MAX];
	static struct slip slip;
	struct buf b = buf_make(room, sizeof room);
	json_t *d = rig_document("receipt");

	cr_assert_not(err_is(slip_compose(&slip, d)));
	cr_assert_not(err_is(escpos_slip(&b, &slip, ESCPOS_CP949, 42)));
	json_decref(d);
	return buf_span(&b);
}

static const struct {
	const char *mood;
	enum escpos_state state;
	enum target_result result;
	int slips;
	enum escpos_state after;
} moods[] = {
	{ "ok", ESCPOS_OK, TARGET_PRINTED, 1, ESCPOS_OK },
	{ "low", ESCPOS_LOW, TARGET_PRINTED, 1, ESCPOS_LOW },
	{ "out", ESCPOS_OUT, TARGET_NO_PAPER, 0, ESCPOS_OUT },
	{ "offline", ESCPOS_OFFLINE, TARGET_OFFLINE, 0, ESCPOS_OFFLINE },
	/* one that never answers takes every job */
	{ "mute", ESCPOS_OK, TARGET_PRINTED, 1, ESCPOS_OK },
	{ "ends", ESCPOS_OK, TARGET_NO_PAPER, 1, ESCPOS_OUT },
	{ "cut", ESCPOS_OK, TARGET_CUT, 0, ESCPOS_OK },
	{ "gone", ESCPOS_OFFLINE, TARGET_OFFLINE, 0, ESCPOS_OFFLINE },
};

static int
slips_after(int before)
{
	char folder[80];
	int n = before;

	snprintf(folder, sizeof folder, "%s/machine", rig.folder);
	/* a mute one tells nobody when it is through */
	for (int i = 0; i < 200 && n == before; i++) {
		n = rig_files(folder, ".txt");
		usleep(5000);
	}
	return n - before;
}

Test(target, a_printer_in_any_mood_is_told_of_truly)
{
	struct span bytes = job();
	struct target t;
	int all = 0;

	cr_assert_not(err_is(target_open(&t, rig.to)));
	for (size_t i = 0; i < sizeof moods / sizeof *moods; i++) {
		rig_mood(moods[i].mood);
		cr_expect_eq(
		    target_state(&t), moods[i].state, "%s", moods[i].mood);
		cr_expect_eq(target_print(&t, "receipt", bytes, span_str("")),
		    moods[i].result, "%s", moods[i].mood);
		if (moods[i].slips > 0)
			cr_expect_eq(slips_after(all), moods[i].slips, "%s",
			    moods[i].mood);
		all += moods[i].slips;
		cr_expect_eq(target_state(&t), moods[i].after, "after %s",
		    moods[i].mood);
	}
	rig_mood("ok");
	cr_expect_eq(target_print(&t, "receipt", bytes, span_str("")),
	    TARGET_PRINTED, "a reprint after all that");
	cr_expect_eq(slips_after(all), 1);
}

Test(target, a_printer_that_is_not_there_is_offline_soon)
{
	struct target t;

	/* the port of a socket that nobody listens at any more */
	cr_assert_not(err_is(target_open(&t, "tcp:127.0.0.1:1")));
	cr_expect_eq(target_state(&t), ESCPOS_OFFLINE);
	cr_expect_eq(target_print(&t, "fee", span_str("x"), span_str("x")),
	    TARGET_OFFLINE);
	cr_assert_not(err_is(target_open(&t, "device:/no/such/lp0")));
	cr_expect_eq(target_state(&t), ESCPOS_OFFLINE);
	cr_assert_not(err_is(target_open(&t, "")));
	cr_expect_eq(target_print(&t, "fee", span_str("x"), span_str("x")),
	    TARGET_NO_PRINTER);
}

Test(target, a_file_gets_text_and_a_form_feed_after_each_slip)
{
	char to[96], room[64];
	struct buf b = buf_make(room, sizeof room);
	struct target t;

	snprintf(to, sizeof to, "file:%s/slips.txt", rig.folder);
	cr_assert_not(err_is(target_open(&t, to)));
	cr_expect_eq(target_state(&t), ESCPOS_OK);
	for (int i = 0; i < 2; i++)
		cr_expect_eq(target_print(&t, "fee", span_str("\x1b@"),
				 span_str("영수증\n")),
		    TARGET_PRINTED);
	cr_assert_not(err_is(file_read(&b, to + 5)));
	cr_expect(span_eq(buf_span(&b), span_str("영수증\n\f영수증\n\f")));
}

Test(target, a_folder_gets_numbered_files_and_never_loses_one)
{
	char to[96], folder[80];
	struct target t;

	snprintf(folder, sizeof folder, "%s/printed", rig.folder);
	cr_assert_eq(mkdir(folder, 0700), 0);
	snprintf(to, sizeof to, "file:%s", folder);
	cr_assert_not(err_is(target_open(&t, to)));
	for (int i = 0; i < 3; i++)
		cr_expect_eq(
		    target_print(&t, "loss", span_str("a"), span_str("b")),
		    TARGET_PRINTED);
	cr_expect_eq(rig_files(folder, ".txt"), 3);
	cr_expect_eq(rig_files(folder, ".escpos"), 3);
	cr_assert_eq(rig_remove(folder), 0);
	cr_expect_eq(target_state(&t), ESCPOS_OFFLINE);
	cr_expect_eq(target_print(&t, "loss", span_str("a"), span_str("b")),
	    TARGET_CUT, "an error, not silence");
}

/* A serial line: what is written comes out at the other end unchanged. */
Test(target, a_device_gets_the_bytes_as_they_are)
{
	static const uint8_t bytes[] = { 0x1b, '@', '\n', 0x0d, 0xb0, 0xa1,
		0x03, 0x11, 0x13, 0x7f };
	uint8_t got[64];
	char to[96];
	struct target t;
	int line = posix_openpt(O_RDWR | O_NOCTTY);
	size_t have = 0;
	ssize_t n;

	cr_assert(line >= 0 && grantpt(line) == 0 && unlockpt(line) == 0);
	snprintf(to, sizeof to, "device:%s", ptsname(line));
	cr_assert_not(err_is(target_open(&t, to)));
	cr_expect_eq(target_print(&t, "fee", span_make(bytes, sizeof bytes),
			 span_str("")),
	    TARGET_PRINTED);
	while (have < sizeof escpos_ask + sizeof bytes &&
	       (n = read(line, got + have, sizeof got - have)) > 0)
		have += (size_t)n;
	cr_assert_eq(have, sizeof escpos_ask + sizeof bytes);
	cr_expect_eq(memcmp(got, escpos_ask, sizeof escpos_ask), 0);
	cr_expect_eq(memcmp(got + sizeof escpos_ask, bytes, sizeof bytes), 0);
	close(line);
}
