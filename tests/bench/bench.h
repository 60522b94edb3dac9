/*
 * bench.h - measuring: medians of several runs, each beside a reference that
 * ran in the same minute on the same machine.
 *
 * One row per figure on stdout, tab-separated: name, value, unit, reference,
 * its value.  bench.sh makes the table.  Nothing is asserted: machines differ.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stdint.h>

enum { BENCH_RUNS = 15, BENCH_PAIRS = 25, BENCH_RUNS_MAX = 256 };

/* Microseconds of the monotonic clock. */
double bench_now_us(void);

/* The middle of the first n values (they are sorted); 0 when n is 0. */
double bench_median(double *values, int n);

/*
 * The median of `runs` calls, in microseconds; `work` says false when it went
 * wrong, and then the result is negative.
 */
double bench_time(int runs, bool (*work)(void *), void *ctx);

/* A row; one with a negative value is told on stderr instead. */
void bench_row(const char *name, double value, const char *unit,
    const char *reference, double reference_value);

/*
 * The groups.  `bin` is the folder of the programs, `conf` a running practice
 * branch's settings, `dir` a folder on the disk to be measured, with the
 * settings of an agent of its own in agent.conf (socket agent.sock).  False
 * when something could not be measured.
 */
bool bench_screen(const char *bin, const char *conf, const char *dir);
bool bench_crypto(void);
bool bench_store(const char *dir);
bool bench_audit(const char *dir);
/* A branch of years: settings in long.conf of `dir`. */
bool bench_long(const char *bin, const char *dir);
bool bench_start(const char *bin, const char *dir);

/* start.c: an agent up to its first answer. */
struct agent_bench {
	char program[4096], conf[4096], socket[108];
	double took_us;
	long rss_kib; /* when it has answered */
};

/* Names of the agent whose settings are NAME.conf, its socket NAME.sock. */
bool agent_bench_make(
    struct agent_bench *b, const char *bin, const char *dir, const char *name);
/* Start it, ask, stop it. */
bool agent_bench_run(struct agent_bench *b);

/* The median time of an RSA-2048 pair in this process, in microseconds. */
double bench_bare_pair_us(void);

#endif
