/*
 * bench/screen.c - what a customer waits for at the screen.
 *
 * The references are `cat` in the same terminal: of the same bytes for the
 * first screen, and typing into it for a key.
 */
#define _GNU_SOURCE
#include "bench.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vt.h"

enum { ROWS = 24, COLS = 80, LIMIT_MS = 10000, KEYS = 12, QUIET_MS = 30 };

static const char first_text[] = "공동인증서를 잃어버리셨나요";

/* Start a program until its text is on the screen; NULL when it does not. */
static struct vt *
start_until(char *const argv[], const char *text, double *took)
{
	double from = bench_now_us();
	struct vt *vt = vt_start(ROWS, COLS, argv, NULL);

	if (vt != NULL && !vt_wait_text(vt, text, LIMIT_MS)) {
		vt_free(vt);
		return NULL;
	}
	*took = bench_now_us() - from;
	return vt;
}

static double
first_screen(char *const argv[])
{
	double took[BENCH_RUNS];

	for (int i = 0; i < BENCH_RUNS; i++) {
		struct vt *vt = start_until(argv, first_text, &took[i]);
		if (vt == NULL)
			return -1;
		vt_free(vt);
	}
	return bench_median(took, BENCH_RUNS);
}

/* Everything the kiosk sends for its first screen, into a file for cat. */
static bool
keep_first_screen(char *const argv[], const char *path, size_t *n)
{
	double took;
	struct vt *vt = start_until(argv, first_text, &took);
	const char *bytes;
	FILE *f;

	if (vt == NULL)
		return false;
	vt_wait_quiet(vt, QUIET_MS, LIMIT_MS);
	bytes = vt_output(vt, n);
	f = fopen(path, "we");
	if (f != NULL) {
		fwrite(bytes, 1, *n, f);
		fclose(f);
	}
	vt_free(vt);
	return f != NULL;
}

/*
 * Type digits one by one; the median time until each is on the screen and the
 * median number of bytes the program sent for it.
 */
static bool
type_digits(struct vt *vt, double *us, double *bytes)
{
	double took[KEYS], sent[KEYS];
	char text[KEYS + 1] = "";

	for (int i = 0; i < KEYS; i++) {
		size_t before, after;
		double from;

		text[i] = (char)('0' + (i + 7) % 10);
		vt_wait_quiet(vt, QUIET_MS, LIMIT_MS);
		vt_output(vt, &before);
		from = bench_now_us();
		if (!vt_type(vt, &text[i], 1) ||
		    !vt_wait_text(vt, text, LIMIT_MS))
			return false;
		took[i] = bench_now_us() - from;
		vt_wait_quiet(vt, QUIET_MS, LIMIT_MS);
		vt_output(vt, &after);
		sent[i] = (double)(after - before);
	}
	*us = bench_median(took, KEYS);
	*bytes = bench_median(sent, KEYS);
	return true;
}

/* From the first screen to the field of the name. */
static bool
go_to_name(struct vt *vt)
{
	return vt_keys(vt, "1") &&
	       vt_wait_text(vt, "이렇게 진행됩니다", LIMIT_MS) &&
	       vt_keys(vt, "\r") &&
	       vt_wait_text(vt, "개인정보 처리에 동의해", LIMIT_MS) &&
	       vt_keys(vt, "123\r") &&
	       vt_wait_text(vt, "신분증에 적힌 내용을", LIMIT_MS) &&
	       vt_keys(vt, "1\t");
}

static bool
keys(char *const kiosk[])
{
	static char shell[] = "sh", command[] = "-c",
		    script[] = "stty raw -echo; echo ready; exec cat";
	char *const cat[] = { shell, command, script, NULL };
	double took, us = -1, bytes = -1, cat_us = -1, cat_bytes = -1;
	struct vt *vt = start_until(kiosk, first_text, &took);
	bool good = vt != NULL && go_to_name(vt) &&
		    type_digits(vt, &us, &bytes);

	vt_free(vt);
	vt = start_until(cat, "ready", &took);
	good = vt != NULL && type_digits(vt, &cat_us, &cat_bytes) && good;
	vt_free(vt);
	bench_row(
	    "key to screen", us, "us", "cat in the same terminal", cat_us);
	bench_row("bytes a key", bytes, "bytes", "cat in the same terminal",
	    cat_bytes);
	return good;
}

bool
bench_screen(const char *bin, const char *conf, const char *dir)
{
	char program[4096], settings[4096], kept[4096];
	static char option[] = "--config", other[] = "cat";
	char *const kiosk[] = { program, option, settings, NULL };
	char *const cat[] = { other, kept, NULL };
	double ours, theirs;
	size_t n;

	snprintf(program, sizeof program, "%s/dasi-kiosk", bin);
	snprintf(settings, sizeof settings, "%s", conf);
	snprintf(kept, sizeof kept, "%s/first-screen", dir);
	if (!keep_first_screen(kiosk, kept, &n))
		return false;
	ours = first_screen(kiosk);
	theirs = first_screen(cat);
	bench_row("first screen", ours / 1e3, "ms", "cat of the same bytes",
	    theirs / 1e3);
	bench_row("bytes of it", (double)n, "bytes", "cells of the screen",
	    ROWS * COLS);
	return keys(kiosk) && ours > 0 && theirs > 0;
}
