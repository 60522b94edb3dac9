/*
 * tests/support/scan_memory.c - is a secret anywhere in a process's memory?
 *
 * scan-memory PATTERNS PID...: PATTERNS is a file of hexadecimal lines.  Reads
 * every readable mapping of each process, prints "PID mapping pattern-number"
 * for each hit; exit 1 when something was found, 3 when a process could not be
 * read.  Never holds the patterns of itself against itself: only other PIDs.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATTERNS = 32, PATTERN = 256, CHUNK = 1 << 20 };

struct pattern {
	uint8_t bytes[PATTERN];
	size_t n;
};

static struct pattern patterns[PATTERNS];
static int pattern_count;

static bool
load(const char *path)
{
	char line[2 * PATTERN + 2];
	FILE *f = fopen(path, "r");

	if (f == NULL)
		return false;
	while (
	    pattern_count < PATTERNS && fgets(line, sizeof line, f) != NULL) {
		struct pattern *p = &patterns[pattern_count];
		size_t n = strcspn(line, "\n");
		for (size_t i = 0; i + 1 < n; i += 2) {
			char two[3] = { line[i], line[i + 1], 0 };
			p->bytes[p->n++] = (uint8_t)strtoul(two, NULL, 16);
		}
		if (p->n >= 8)
			pattern_count++;
		else
			p->n = 0;
	}
	fclose(f);
	return pattern_count > 0;
}

static int
scan_bytes(const char *pid, const char *where, const uint8_t *p, size_t n)
{
	int hits = 0;

	for (int i = 0; i < pattern_count; i++) {
		const uint8_t *at = p, *end = p + n;
		while ((at = memmem(at, (size_t)(end - at), patterns[i].bytes,
			    patterns[i].n)) != NULL) {
			printf("%s %s pattern %d\n", pid, where, i + 1);
			hits++;
			at++;
		}
	}
	return hits;
}

/* Chunks overlap by a pattern's length, so that none hides on a border. */
static int
scan_mapping(
    int mem, const char *pid, const char *where, uint64_t from, uint64_t to)
{
	static uint8_t chunk[CHUNK + PATTERN];
	int hits = 0;

	for (uint64_t at = from; at < to; at += CHUNK) {
		size_t want = to - at < sizeof chunk ? to - at : sizeof chunk;
		ssize_t n = pread(mem, chunk, want, (off_t)at);
		if (n > 0)
			hits += scan_bytes(pid, where, chunk, (size_t)n);
	}
	return hits;
}

static int
scan_process(const char *pid)
{
	char path[64], line[512], where[256];
	uint64_t from, to;
	char perms[8];
	int hits = 0, mem, mappings = 0;
	FILE *maps;

	snprintf(path, sizeof path, "/proc/%s/mem", pid);
	mem = open(path, O_RDONLY);
	snprintf(path, sizeof path, "/proc/%s/maps", pid);
	maps = fopen(path, "r");
	if (mem < 0 || maps == NULL)
		return -1;
	while (fgets(line, sizeof line, maps) != NULL) {
		where[0] = '\0';
		if (sscanf(line, "%lx-%lx %7s %*s %*s %*s %255s", &from, &to,
			perms, where) < 3 ||
		    perms[0] != 'r' || strncmp(where, "[v", 2) == 0)
			continue;
		mappings++;
		hits += scan_mapping(
		    mem, pid, where[0] ? where : "[anon]", from, to);
	}
	fclose(maps);
	close(mem);
	return mappings > 0 ? hits : -1;
}

int
main(int argc, char **argv)
{
	int found = 0;

	if (argc < 3 || !load(argv[1]))
		return 2;
	for (int i = 2; i < argc; i++) {
		int hits = scan_process(argv[i]);
		if (hits < 0) {
			fprintf(stderr, "cannot read process %s\n", argv[i]);
			return 3;
		}
		found += hits;
	}
	return found > 0;
}
