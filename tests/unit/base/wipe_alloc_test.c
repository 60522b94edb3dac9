/*
 * The heap that forgets.  This program is linked with wipe_alloc.o, so the
 * calls below (and those inside libc) are the ones the programs make.
 *
 * Released memory is looked at through /proc/self/mem: reading it by pointer
 * is undefined.  The allocator keeps two words of its own at a block's start.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORDS = 16, SMALLEST = 24 };
static const char mark[] = "MARK-of-a-secret";

static void
need_the_heap(void)
{
#ifdef __SANITIZE_ADDRESS__
	cr_skip_test("ASan owns the heap");
#endif
}

TestSuite(wipe_alloc, .init = need_the_heap);

/*
 * Is nothing of filled() left in the n bytes there?  Not "all zero": Criterion
 * itself may have been given a part of them meanwhile.
 */
static bool
forgotten(uintptr_t at, size_t n)
{
	static uint8_t seen[1 << 17];
	int fd = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	ssize_t got;

	cr_assert_geq(fd, 0);
	cr_assert_leq(n, sizeof seen);
	got = pread(fd, seen, n, (off_t)at);
	close(fd);
	cr_assert_eq(got, (ssize_t)n);
	for (size_t i = WORDS + 1; i < n; i++)
		if (seen[i] == 0xa5 && seen[i - 1] == 0xa5)
			return false;
	return true;
}

/* Copies of the mark in the main heap. */
static int
copies_in_heap(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	uintptr_t from = 0, to = 0;
	char line[512];
	int n = 0;

	cr_assert_not_null(maps);
	while (fgets(line, sizeof line, maps) != NULL)
		if (strstr(line, "[heap]") != NULL)
			sscanf(line, "%zx-%zx", &from, &to);
	fclose(maps);
	cr_assert_gt(to, from);
	for (const char *p = (const char *)from;
	     (p = memmem(p, to - (uintptr_t)p, mark, sizeof mark - 1)) != NULL;
	     p++)
		n++;
	return n;
}

static char *
filled(size_t n)
{
	char *p = malloc(n);

	cr_assert_not_null(p);
	memset(p, 0xa5, malloc_usable_size(p));
	return p;
}

Test(wipe_alloc, a_freed_block_is_zero)
{
	/* a neighbour keeps the block from melting into the heap's top */
	for (size_t n = SMALLEST; n <= 100000; n += n / 3) {
		char *p = filled(n), *neighbour = malloc(SMALLEST);
		uintptr_t at = (uintptr_t)p;

		cr_assert_not(forgotten(at, n), "this test can see it");
		free(p);
		cr_expect(forgotten(at, n), "%zu bytes", n);
		free(neighbour);
	}
	free(NULL);
}

Test(wipe_alloc, growing_moves_and_wipes_the_old_block)
{
	for (size_t n = SMALLEST; n <= 40000; n += n / 2) {
		char *p = filled(n), *neighbour = malloc(SMALLEST), *q;
		uintptr_t at = (uintptr_t)p;
		size_t had = malloc_usable_size(p);

		q = realloc(p, had * 2);
		cr_assert_not_null(q);
		cr_expect_neq((uintptr_t)q, at);
		for (size_t i = 0; i < had; i++)
			cr_assert_eq((uint8_t)q[i], 0xa5);
		cr_expect(forgotten(at, n), "%zu bytes", n);
		free(q);
		free(neighbour);
	}
}

Test(wipe_alloc, a_shrunk_block_has_no_tail)
{
	for (size_t cut = 1; cut < 4000; cut += 97) {
		char *p = filled(4096), *neighbour = malloc(SMALLEST), *q;
		uintptr_t at = (uintptr_t)p;
		size_t n = 4096 - cut;

		q = realloc(p, n);
		cr_assert_not_null(q);
		for (size_t i = 0; i < n; i++)
			cr_assert_eq((uint8_t)q[i], 0xa5);
		if ((uintptr_t)q == at) /* stayed: what was cut off is zero */
			cr_expect(forgotten(at + n - WORDS, 4096 - n + WORDS));
		else
			cr_expect(forgotten(at, 4096));
		free(q);
		free(neighbour);
	}
}

Test(wipe_alloc, realloc_of_null_allocates_and_to_nothing_frees)
{
	char *p = realloc(NULL, 100), *neighbour;
	uintptr_t at;

	cr_assert_not_null(p);
	memset(p, 0xa5, 100);
	neighbour = malloc(SMALLEST);
	at = (uintptr_t)p;
	cr_expect_null(realloc(p, 0));
	cr_expect(forgotten(at, 100));
	free(neighbour);
}

Test(wipe_alloc, a_realloc_that_cannot_keeps_the_old_block)
{
	char *p = filled(64);
	volatile size_t huge = PTRDIFF_MAX - 64;
	char *q;

	errno = 0;
	q = realloc(p, huge);
	cr_expect_null(q);
	cr_expect_eq(errno, ENOMEM);
	if (q == NULL) {
		for (size_t i = 0; i < 64; i++)
			cr_expect_eq((uint8_t)p[i], 0xa5);
		free(p);
	}
}

Test(wipe_alloc, fresh_zeroed_and_aligned_blocks_are_as_ever)
{
	for (int i = 0; i < 200; i++) {
		unsigned char *p = calloc(33, 7);
		void *aligned = NULL;
		uintptr_t at;

		cr_assert_not_null(p);
		for (size_t k = 0; k < 33 * 7; k++)
			cr_assert_eq(p[k], 0);
		memset(p, 0xa5, 33 * 7);
		cr_assert_eq(posix_memalign(&aligned, 256, 300), 0);
		cr_expect_eq((uintptr_t)aligned % 256, 0);
		memset(aligned, 0xa5, 300);
		at = (uintptr_t)aligned;
		free(p);
		free(aligned);
		cr_expect(forgotten(at, 300));
	}
}

Test(wipe_alloc, contents_survive_any_sequence_of_sizes)
{
	unsigned char *p = NULL;
	size_t have = 0;

	srand(19);
	for (int i = 0; i < 20000; i++) {
		size_t want = 1 + (size_t)rand() % 3000;
		unsigned char *q = realloc(p, want);

		cr_assert_not_null(q);
		p = q;
		for (size_t k = 0; k < have && k < want; k++)
			cr_assert_eq(p[k], (unsigned char)(k * 31));
		for (size_t k = 0; k < want; k++)
			p[k] = (unsigned char)(k * 31);
		have = want;
	}
	free(p);
}

Test(wipe_alloc, libcs_own_copies_are_forgotten_too)
{
	char *text = NULL, *line = NULL;
	size_t n = 0, cap = 0;
	int before = copies_in_heap();
	FILE *f = open_memstream(&text, &n);

	cr_assert_not_null(f);
	for (int i = 0; i < 400; i++)
		fprintf(f, "%s", mark);
	fclose(f);
	cr_assert_geq(copies_in_heap(), before + 400);
	f = fmemopen(text, n, "r");
	cr_assert_not_null(f);
	cr_assert_gt(getline(&line, &cap, f), 0);
	fclose(f);
	free(line);
	free(text);
	cr_expect_eq(copies_in_heap(), before);
}
