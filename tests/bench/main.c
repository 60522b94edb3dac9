/*
 * bench/main.c - bench BIN CONF DIR: run by bench.sh.
 */
#define _GNU_SOURCE
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

double
bench_now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

double
bench_median(double *values, int n)
{
	if (n == 0)
		return 0;
	qsort(values, (size_t)n, sizeof *values, compare);
	return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

double
bench_time(int runs, bool (*work)(void *), void *ctx)
{
	double took[BENCH_RUNS_MAX];

	for (int i = 0; i < runs; i++) {
		double from = bench_now_us();
		if (!work(ctx))
			return -1;
		took[i] = bench_now_us() - from;
	}
	return bench_median(took, runs);
}

void
bench_row(const char *name, double value, const char *unit,
    const char *reference, double reference_value)
{
	if (value < 0 || reference_value <= 0) {
		fprintf(stderr, "bench: could not measure: %s\n", name);
		return;
	}
	printf("%s\t%.6g\t%s\t%s\t%.6g\n", name, value, unit, reference,
	    reference_value);
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	bool good;

	if (argc != 4) {
		fprintf(stderr, "usage: bench BIN CONF DIR\n");
		return 2;
	}
	good = bench_screen(argv[1], argv[2], argv[3]);
	good = bench_crypto() && good;
	good = bench_store(argv[3]) && good;
	good = bench_audit(argv[3]) && good;
	good = bench_start(argv[1], argv[3]) && good;
	good = bench_long(argv[1], argv[3]) && good;
	return good ? 0 : 1;
}
